"""A position: signed quantity at average cost, with FIFO lots and what is not settled yet beside it.

Fees are apart. The moves since the last close of a day are kept, so that a
bust or a correction gives exactly what the position would be without the
fill; one of an older fill is taken back at its own price.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import msgspec

from termdesk.core.model.money import EXACT
from termdesk.core.model.posting import Settles

ZERO = Decimal(0)
_COST_UNIT = Decimal("1e-12")
"""Cost taken out by a partial close is kept to this; a full close takes out all there is."""


class PositionKey(NamedTuple):
    """What tells positions of one account apart."""

    instrument: str
    book: str = "main"
    slot: str = "net"


class Lot(msgspec.Struct, array_like=True, gc=False):
    """What one trade opened and is still held; cost is signed as the position's."""

    qty: int
    """Unsigned."""
    cost: Decimal


class Due(msgspec.Struct, array_like=True, gc=False):
    """Signed quantity that is settled, and may be sold, from a day on."""

    settle_day: str
    sell_day: str
    qty: int


class Move(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One trade-like change. ``amount`` is the money for it, unsigned."""

    order_id: str
    exec_id: str
    signed: int
    amount: Decimal
    settles: Settles | None


class Start(msgspec.Struct, frozen=True, array_like=True):
    """A position as it was before its ``moves``."""

    qty: int = 0
    cost: Decimal = ZERO
    realised: Decimal = ZERO
    fifo_realised: Decimal = ZERO
    lots: tuple[Lot, ...] = ()
    due: tuple[Due, ...] = ()


class Position(msgspec.Struct):
    """Signed quantity with the money paid (positive) or received (negative) for it."""

    instrument: str
    currency: str
    qty: int = 0
    cost: Decimal = ZERO
    realised: Decimal = ZERO
    """At average cost."""
    fifo_realised: Decimal = ZERO
    """First in, first out."""
    realised_before: Decimal = ZERO
    """What of ``realised`` is of closed days."""
    settled: Decimal = ZERO
    """What of ``realised`` a margin account has moved into cash, rounded as money."""
    fees: Decimal = ZERO
    """In ``currency``."""
    lots: list[Lot] = []
    """Oldest first."""
    due: list[Due] = []
    start: Start = Start()
    moves: list[Move] = []

    def take(self, move: Move) -> None:
        """Take a trade: close against the position first, open with the rest."""
        self.moves.append(move)
        self._take(move)

    def take_back(self, order_id: str, exec_id: str, instead: Move | None = None) -> bool:
        """Make the position what it is without a trade, or with another one in its place; False for an older trade."""
        named = (order_id, exec_id)
        at = next((at for at, move in enumerate(self.moves) if (move.order_id, move.exec_id) == named), None)
        if at is None:
            return False
        moves = [*self.moves[:at], *([instead] if instead is not None else []), *self.moves[at + 1 :]]
        start = self.start
        self.qty, self.cost = start.qty, start.cost
        self.realised, self.fifo_realised = start.realised, start.fifo_realised
        self.lots = [Lot(lot.qty, lot.cost) for lot in start.lots]
        self.due = [Due(due.settle_day, due.sell_day, due.qty) for due in start.due]
        self.moves = moves
        for move in moves:
            self._take(move)
        return True

    def begin_anew(self, day: str = "") -> None:
        """Make the position as it is the start of later moves; what is settled by ``day`` is no longer due."""
        if day:
            self.realised_before = self.realised
            self.due = [due for due in self.due if due.settle_day > day or due.sell_day > day]
        self.start = Start(
            self.qty,
            self.cost,
            self.realised,
            self.fifo_realised,
            tuple(Lot(lot.qty, lot.cost) for lot in self.lots),
            tuple(Due(due.settle_day, due.sell_day, due.qty) for due in self.due),
        )
        self.moves = []

    def add(self, signed: int, cost: Decimal, due: Due | None = None) -> None:
        """Put units in with a given cost, signed; nothing is realised. What of them is not settled is ``due``."""
        self.qty += signed
        self.cost += cost
        self.lots.append(Lot(abs(signed), cost))
        if due is not None:
            self.due.append(due)
        self.begin_anew()

    def release(self, qty: int) -> Decimal:
        """Take units out at average cost, nothing realised; gives their cost."""
        released = share(self.cost, qty, abs(self.qty))
        self._use_lots(qty)
        self.cost -= released
        self.qty -= qty if self.qty > 0 else -qty
        self.begin_anew()
        return released

    def scale(self, qty: int) -> None:
        """Become ``qty`` of the same sign at the same cost, as after a split; the newest lot takes the rounding."""
        held, rest, cost = abs(self.qty), abs(qty), ZERO
        lots = []
        for at, lot in enumerate(self.lots):
            units = rest if at == len(self.lots) - 1 else lot.qty * abs(qty) // held
            rest -= units
            cost += lot.cost
            if units:
                lots.append(Lot(units, cost))
                cost = ZERO
        self.lots = lots
        self.due = [Due(due.settle_day, due.sell_day, due.qty * abs(qty) // held) for due in self.due]
        self.qty = qty
        self.begin_anew()

    def mark(self, value: Decimal) -> Decimal:
        """Take the signed value at a settlement price for the cost; gives the profit, which counts as realised."""
        profit = value - self.cost
        self.realised += profit
        self.fifo_realised += value - sum((lot.cost for lot in self.lots), ZERO)
        held, left = abs(self.qty), value
        for at, lot in enumerate(self.lots):
            lot.cost = left if at == len(self.lots) - 1 else share(value, lot.qty, held)
            left -= lot.cost
        self.cost = value
        self.begin_anew()
        return profit

    def sellable(self, day: str) -> int:
        """Units held that may be sold on an ISO day."""
        bought = sum(due.qty for due in self.due if due.qty > 0 and due.sell_day > day)
        return max(0, self.qty - bought)

    def settled_qty(self, day: str) -> int:
        """Signed quantity that is settled on an ISO day."""
        return self.qty - sum(due.qty for due in self.due if due.settle_day > day)

    def first_sell_day(self, day: str) -> str:
        """The next day on which more may be sold; empty where nothing waits."""
        return min((due.sell_day for due in self.due if due.qty > 0 and due.sell_day > day), default="")

    def _take(self, move: Move) -> None:
        signed, amount = move.signed, move.amount
        if move.settles is not None:
            self._owe(signed, move.settles)
        if self.qty * signed >= 0:
            self._open(signed, amount)
            return
        direction = 1 if signed > 0 else -1
        closed = min(signed * direction, abs(self.qty))
        closing = share(amount, closed, signed * direction)
        released = share(self.cost, closed, abs(self.qty))
        received = -direction * closing
        self.realised += received - released
        self.fifo_realised += received - self._use_lots(closed)
        self.cost -= released
        self.qty += direction * closed
        rest = signed - direction * closed
        if rest:
            self._open(rest, amount - closing)

    def _open(self, signed: int, amount: Decimal) -> None:
        cost = amount if signed > 0 else -amount
        self.qty += signed
        self.cost += cost
        self.lots.append(Lot(abs(signed), cost))

    def _use_lots(self, qty: int) -> Decimal:
        """Take the oldest units out; gives their cost."""
        released = ZERO
        lots = self.lots
        while qty:
            lot = lots[0]
            if lot.qty <= qty:
                qty -= lot.qty
                released += lot.cost
                del lots[0]
            else:
                part = share(lot.cost, qty, lot.qty)
                lot.qty -= qty
                lot.cost -= part
                released += part
                qty = 0
        return released

    def _owe(self, signed: int, settles: Settles) -> None:
        for due in self.due:
            if due.settle_day == settles.settle_day and due.sell_day == settles.sell_day and due.qty * signed > 0:
                due.qty += signed
                return
        self.due.append(Due(settles.settle_day, settles.sell_day, signed))


def share(total: Decimal, part: int, whole: int) -> Decimal:
    """A part of some money; all of it where the part is the whole."""
    if part == whole:
        return total
    return EXACT.divide(total * part, whole).quantize(_COST_UNIT, context=EXACT)
