"""The desk's decisions: an input and the state give facts and what to tell brokers. Changes nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.command import (
    AddNote,
    AmendOrder,
    ApplyCorporateAction,
    ArmCondition,
    CancelAll,
    CancelOrder,
    CloseDay,
    DeskCommand,
    DisarmCondition,
    KillSwitch,
    MoveCash,
    MoveUnits,
    ResolveOrder,
    SetInterest,
    SetLimits,
    SetTradingState,
    SubmitBracket,
    SubmitOrder,
)
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import ExecutionReport, OrderCancelReject
from termdesk.core.model.facts import CommandRefused
from termdesk.core.model.reason import Reason
from termdesk.core.model.venue import BrokerLink, OrderStatusReport, TransportError, VenueSnapshot
from termdesk.core.trading import commands, holdings, starts
from termdesk.core.trading.control import controlling
from termdesk.core.trading.day import closing
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.inputs import (
    ConditionMet,
    DepositCash,
    DeskInput,
    OpenAccount,
    OpenDesk,
    OrderAbsent,
    OrderWord,
    PositionWord,
    ResumeDesk,
    StopDesk,
    WordTaken,
)
from termdesk.core.trading.orders import brackets, fitting, noting, releasing
from termdesk.core.trading.orders.follow_inputs import (
    AnswerHere,
    DayOver,
    DeadlineMet,
    DealSlice,
    EndOrder,
    FitOrder,
    TriggerMet,
)
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue import reconcile, reports, resolve, unknown
from termdesk.core.trading.view import View

_COMMANDS: dict[type, Callable[[DeskState, View, Any], Decision]] = {
    SubmitOrder: commands.submit_order,
    SubmitBracket: brackets.submit_bracket,
    CancelOrder: commands.cancel_order,
    CancelAll: commands.cancel_all,
    AmendOrder: commands.amend_order,
    ResolveOrder: resolve.resolve_order,
    ArmCondition: commands.arm_condition,
    DisarmCondition: commands.disarm_condition,
    SetLimits: controlling.set_limits,
    SetTradingState: controlling.set_trading_state,
    KillSwitch: controlling.kill,
    MoveCash: holdings.move_cash,
    MoveUnits: holdings.move_units,
    ApplyCorporateAction: holdings.apply_corporate_action,
    CloseDay: closing.close_day,
    SetInterest: closing.set_interest,
    AddNote: noting.add_note,
}

_OTHERS: dict[type, Callable[[DeskState, View, Any], Decision]] = {
    ExecutionReport: reports.execution_report,
    OrderCancelReject: reports.cancel_reject,
    BrokerLink: unknown.broker_link,
    TransportError: unknown.transport_error,
    OrderStatusReport: unknown.order_status,
    VenueSnapshot: reconcile.venue_snapshot,
    OrderWord: reconcile.order_word,
    OrderAbsent: reconcile.order_absent,
    PositionWord: reconcile.position_word,
    WordTaken: reconcile.word_taken,
    OpenDesk: starts.open_desk,
    OpenAccount: starts.open_account,
    DepositCash: starts.deposit_cash,
    ResumeDesk: starts.resume_desk,
    StopDesk: starts.stop_desk,
    ConditionMet: starts.condition_met,
    FitOrder: fitting.fit_order,
    EndOrder: fitting.end_order,
    AnswerHere: fitting.answer_here,
    DealSlice: releasing.deal_slice,
    TriggerMet: releasing.trigger_met,
    DeadlineMet: releasing.deadline_met,
    DayOver: closing.day_ended,
}


def decide(state: DeskState, view: View, given: DeskInput) -> Decision:
    """Decide about one input.

    A command id that was answered before gets the first answer and no facts.
    A refused command becomes the fact ``CommandRefused``; nothing is raised.
    """
    decide_command = _COMMANDS.get(type(given))
    if decide_command is None:
        return _OTHERS[type(given)](state, view, given)
    command: DeskCommand = given  # type: ignore[assignment]
    known = state.answers.get(command.command_id)
    if known is not None:
        return Decision(answer=known)
    try:
        return decide_command(state, view, command)
    except Refused as refused:
        return Decision(facts=(_refusal(command, Reason(refused.code, refused.params)),))


def _refusal(command: DeskCommand, reason: Reason) -> CommandRefused:
    named = command.entry if isinstance(command, SubmitBracket) else command
    terms = named if isinstance(named, SubmitOrder | AmendOrder) else None
    return CommandRefused(
        command_id=command.command_id,
        reason=reason,
        account=getattr(named, "account", "") or "",
        instrument=getattr(named, "instrument", "") or "",
        order_id=getattr(named, "order_id", ""),
        side=named.side if isinstance(named, SubmitOrder) else None,
        qty=terms.qty if terms is not None else None,
        price=terms.price if terms is not None else None,
    )
