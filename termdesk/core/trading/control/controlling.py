"""Decisions about what may trade: limits, halts, the kill switch, and what it closes afterwards."""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import KillSwitch, SetLimits, SetTradingState, SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.facts import FlattenRefused, LimitsChanged, TradingStateChanged
from termdesk.core.model.limits import TradingLimits, TradingState
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.trading.commands import new_order
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.requests import cancel_request
from termdesk.core.trading.proposals import account_of, flatten_proposal
from termdesk.core.trading.risk.controls import covers
from termdesk.core.trading.risk.gate import passes
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View

KILL = "kill"
"""Origin of orders that the kill switch sends."""
_WINDOWS = frozenset({"max_submits", "max_messages"})


def set_limits(state: DeskState, view: View, command: SetLimits) -> Decision:
    """Change limits of a scope."""
    _check_scope(state, view, command.account, command.instrument)
    before = state.controls.limits.get(command.account, {}).get(command.instrument, TradingLimits())
    limits = changed(before, command.changes)
    if "." in command.instrument and any(getattr(limits, name) for name in _WINDOWS):
        raise Refused("risk.limit_scope", {"limits": ", ".join(sorted(_WINDOWS)), "instrument": command.instrument})
    fact = LimitsChanged(
        command_id=command.command_id, account=command.account, instrument=command.instrument, limits=limits
    )
    return Decision(facts=(fact,))


def changed(before: TradingLimits, changes: dict[str, str]) -> TradingLimits:
    """Give limits with some of them changed.

    Raises:
        Refused: A name is not known, or a value is none for it.
    """
    known = TradingLimits.__struct_fields__
    for name, text in changes.items():
        if name not in known:
            raise Refused("risk.limit_unknown", {"name": name, "known": ", ".join(known)})
        try:
            msgspec.convert({name: text}, TradingLimits, strict=False)
        except msgspec.ValidationError:
            raise Refused("risk.limit_value", {"name": name, "value": text}) from None
    return msgspec.convert({**msgspec.to_builtins(before), **changes}, TradingLimits, strict=False)


def set_trading_state(state: DeskState, view: View, command: SetTradingState) -> Decision:
    """Halt, reduce or resume a scope."""
    _check_scope(state, view, command.account, command.instrument)
    _check_note(command.note)
    stop = state.controls.stops.get(command.account, {}).get(command.instrument)
    if command.state is TradingState.ACTIVE and stop is None:
        raise Refused("risk.not_stopped", {"account": command.account or "*", "instrument": command.instrument or "*"})
    fact = TradingStateChanged(
        command_id=command.command_id,
        account=command.account,
        instrument=command.instrument,
        state=command.state,
        note=command.note,
    )
    return Decision(facts=(fact,))


def kill(state: DeskState, view: View, command: KillSwitch) -> Decision:
    """Halt a scope and cancel everything that works there; positions to flatten follow once their orders are gone."""
    _check_scope(state, view, command.account, command.instrument)
    _check_note(command.note)
    pairs = [
        cancel_request(order, command.command_id)
        for order in map(state.orders.__getitem__, state.working)
        if _holds(command, order.account, order.instrument)
        and (order.status is not OrdStatus.PENDING_CANCEL or order.in_doubt)
    ]
    positions = [
        (account.name, position.instrument)
        for account in state.accounts.values()
        for position in account.positions.values()
        if position.qty and _holds(command, account.name, position.instrument)
    ]
    killed = TradingStateChanged(
        command_id=command.command_id,
        account=command.account,
        instrument=command.instrument,
        state=TradingState.HALTED,
        note=command.note,
        killed=True,
        flatten=tuple(dict.fromkeys(positions)) if command.flatten else (),
        order_ids=tuple(fact.order_id for fact, _ in pairs),
    )
    return Decision(facts=(*(fact for fact, _ in pairs), killed), effects=tuple(request for _, request in pairs))


def flatten_next(state: DeskState, view: View) -> Decision | None:
    """Close one position that the kill switch left, whose orders are gone; None where there is none."""
    for account, instruments in state.controls.flattening.items():
        for instrument in instruments:
            if not state.controls.counts(account, instrument).working:
                return _flatten(state, view, account, instrument)
    return None


def _flatten(state: DeskState, view: View, account: str, instrument: str) -> Decision:
    qty = state.accounts[account].qty(instrument)
    command = SubmitOrder(
        command_id=f"{KILL}:{state.seq}:{account}:{instrument}",
        account=account,
        instrument=instrument,
        side=Side.SELL if qty > 0 else Side.BUY,
        ord_type=OrdType.MARKET,
        qty=abs(qty),
        time_in_force=TimeInForce.GTC,
        reduce_only=True,
        origin=KILL,
    )
    try:
        proposal = flatten_proposal(state, view, command)
        passes(proposal)
    except Refused as refused:
        reason = Reason(refused.code, refused.params)
        return Decision(facts=(FlattenRefused(account=account, instrument=instrument, reason=reason),))
    return new_order(state, view, command, proposal)


def _holds(command: KillSwitch, account: str, instrument: str) -> bool:
    return command.account in ("", account) and covers(command.instrument, instrument)


def _check_scope(state: DeskState, view: View, account: str, scope: str) -> None:
    """Refuse a name that is not known: who mistypes it must not believe that anything stopped."""
    if account:
        account_of(state, account)
    if "." in scope and view.instrument(scope) is None:
        raise Refused("command.instrument_unknown", {"instrument": scope})


def _check_note(note: str) -> None:
    if not note.strip():
        raise Refused("risk.note_missing")
