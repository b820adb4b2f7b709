"""What somebody asked of the desk's orders, and when the venue answered: the journal's part of the session log. Pure.

A request is one order of one command: its submit, cancel or amend, or the
refusal of a command. What the desk asks by itself is none. Times are desk
time; what a screen measured of a request is not in the journal.
"""

from __future__ import annotations

from typing import Any

import msgspec

from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.model.trigger import Trail

SUBMIT, CANCEL, AMEND, REFUSED = "submit", "cancel", "amend", "refused"
_COMMAND = "command:"


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """One request."""

    seq: int
    """Number of the fact that it is recorded by."""
    command_id: str
    what: str
    """``submit``, ``cancel``, ``amend`` or ``refused``."""
    actor: str
    origin: str = ""
    """Where a submit came from: ladder, ticket, line, blotter, api…; empty for the others."""
    account: str = ""
    instrument: str = ""
    version: int = 0
    order_id: str = ""
    side: Side | None = None
    qty: Qty | None = None
    price: Price | None = None
    """Limit asked for; null for a market order or a cancel."""
    ord_type: OrdType | None = None
    """Null for a refusal, and where the order's submit is no longer known."""
    trigger_price: Price | None = None
    trail: Trail | None = None
    asked_ns: Ns
    """When the desk decided it; durable on disk a moment later."""
    sent_ns: Ns = 0
    """Where the time to the venue's word counts from: ``asked_ns``, or the moment when a held order was let go."""
    venue: str = ""
    """What answered it, as the fact is called (``order_accepted``…); empty while nothing did."""
    venue_ns: Ns = 0
    """When the desk heard that."""
    venue_seq: int = 0
    """Number of that fact."""
    reason: Reason | None = None

    @property
    def round_trip_ns(self) -> int | None:
        """From the desk's decision to the venue's word, the disk included; None where one of them is not there."""
        return self.venue_ns - self.sent_ns if self.venue_ns and self.sent_ns else None


class Requests:
    """The newest requests of a log, folded record by record.

    Attributes:
        lines: By number of their fact, oldest first.
        changes: Grows with every change of them.
    """

    def __init__(self, most: int = 0) -> None:
        """Begin empty; ``most`` requests are kept, 0 keeps all."""
        self.lines: dict[int, RequestLine] = {}
        self.changes = 0
        self._most = most
        self._orders: dict[str, RequestLine] = {}
        self._open: dict[str, list[int]] = {}
        self._clients: dict[int, str] = {}

    def submit_of(self, order_id: str) -> RequestLine | None:
        """Give the request that an order was submitted by, where it is still known."""
        first = self._orders.get(order_id)
        return self.lines.get(first.seq) if first is not None else None

    def fold(self, record: Recorded) -> tuple[RequestLine, ...]:
        """Take one record; gives the requests that it made or changed."""
        fact = record.fact
        made = _MADE.get(type(fact))
        if made is not None and record.cause.startswith(_COMMAND):
            return (self._begin(self._about(made(record, fact)), getattr(fact, "cl_ord_id", "")),)
        order_id = getattr(fact, "order_id", "")
        if isinstance(fact, facts.OrderReleased | facts.OrderTriggered):
            return tuple(self._change(seq, sent_ns=record.at_ns) for seq in self._waiting(order_id, (SUBMIT,)))
        answers = _ANSWERS.get(type(fact))
        if answers is None or order_id not in self._open:
            return ()
        client = getattr(fact, "cl_ord_id", "")
        word = str(fact.__struct_config__.tag).rpartition(".")[0]
        reason = getattr(fact, "reason", None)
        changed = []
        for seq in self._waiting(order_id, answers):
            if client and self._clients.get(seq, client) != client:
                continue
            changed.append(self._change(seq, venue=word, venue_ns=record.at_ns, venue_seq=record.seq, reason=reason))
            if not isinstance(fact, facts.OutcomeUnknown):
                self._close(order_id, seq)
        return tuple(changed)

    def _waiting(self, order_id: str, kinds: tuple[str, ...]) -> list[int]:
        return [seq for seq in self._open.get(order_id, ()) if self.lines[seq].what in kinds]

    def _about(self, line: RequestLine) -> RequestLine:
        """Fill in what only the order's submit tells."""
        order = self._orders.get(line.order_id)
        if order is None or line.what == SUBMIT:
            return line
        names = ("account", "instrument", "version", "side", "ord_type", "trail")
        return msgspec.structs.replace(line, **{name: getattr(order, name) for name in names})

    def _begin(self, line: RequestLine, client: str) -> RequestLine:
        self.lines[line.seq] = line
        self.changes += 1
        if line.what == SUBMIT:
            self._orders[line.order_id] = line
        if line.what != REFUSED:
            self._open.setdefault(line.order_id, []).append(line.seq)
            self._clients[line.seq] = client
        if self._most and len(self.lines) > self._most:
            self._drop(next(iter(self.lines)))
        return line

    def _change(self, seq: int, **fields: Any) -> RequestLine:  # noqa: ANN401  # fields of the line
        line = self.lines[seq] = msgspec.structs.replace(self.lines[seq], **fields)
        self.changes += 1
        return line

    def _close(self, order_id: str, seq: int) -> None:
        self._open[order_id].remove(seq)
        self._clients.pop(seq, None)
        if not self._open[order_id]:
            del self._open[order_id]

    def _drop(self, seq: int) -> None:
        line = self.lines.pop(seq)
        if seq in self._open.get(line.order_id, ()):
            self._close(line.order_id, seq)
        if line.what == SUBMIT:
            del self._orders[line.order_id]


def _submit(record: Recorded, fact: facts.OrderSubmitted) -> RequestLine:
    is_held = fact.release is not None or (fact.emulated and (fact.trigger_price is not None or fact.trail is not None))
    is_sliced = fact.emulated and fact.display_qty is not None
    return RequestLine(
        seq=record.seq,
        command_id=fact.command_id,
        what=SUBMIT,
        actor=record.actor,
        origin=fact.origin,
        account=fact.account,
        instrument=fact.instrument,
        version=fact.instrument_version,
        order_id=fact.order_id,
        side=fact.side,
        qty=fact.qty,
        price=fact.price,
        ord_type=fact.ord_type,
        trigger_price=fact.trigger_price,
        trail=fact.trail,
        asked_ns=record.at_ns,
        sent_ns=0 if is_held or is_sliced else record.at_ns,
        reason=fact.reason,
    )


def _change(record: Recorded, fact: facts.CancelRequested | facts.ReplaceRequested) -> RequestLine:
    is_amend = isinstance(fact, facts.ReplaceRequested)
    return RequestLine(
        seq=record.seq,
        command_id=fact.command_id,
        what=AMEND if is_amend else CANCEL,
        actor=record.actor,
        order_id=fact.order_id,
        qty=fact.qty if isinstance(fact, facts.ReplaceRequested) else None,
        price=fact.price if isinstance(fact, facts.ReplaceRequested) else None,
        trigger_price=fact.trigger_price if isinstance(fact, facts.ReplaceRequested) else None,
        asked_ns=record.at_ns,
        sent_ns=record.at_ns,
        reason=fact.reason,
    )


def _refused(record: Recorded, fact: facts.CommandRefused) -> RequestLine:
    return RequestLine(
        seq=record.seq,
        command_id=fact.command_id,
        what=REFUSED,
        actor=record.actor,
        account=fact.account,
        instrument=fact.instrument,
        order_id=fact.order_id,
        side=fact.side,
        qty=fact.qty,
        price=fact.price,
        asked_ns=record.at_ns,
        reason=fact.reason,
    )


_MADE: dict[type, Any] = {
    facts.OrderSubmitted: _submit,
    facts.CancelRequested: _change,
    facts.ReplaceRequested: _change,
    facts.CommandRefused: _refused,
}
_ALL = (SUBMIT, CANCEL, AMEND)
_ANSWERS: dict[type, tuple[str, ...]] = {
    facts.OrderAccepted: (SUBMIT,),
    facts.OrderRejected: (SUBMIT,),
    facts.OrderFilled: (SUBMIT,),
    facts.OrderReplaced: (AMEND,),
    facts.CancelRejected: (CANCEL, AMEND),
    facts.OrderCanceled: _ALL,
    facts.OrderExpired: _ALL,
    facts.OrderNotSent: _ALL,
    facts.OutcomeUnknown: _ALL,
}
"""Which requests a fact answers; those of another ``cl_ord_id`` stay open. An unknown outcome leaves them open too."""
