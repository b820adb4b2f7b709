"""The ticket: a quantity being typed and at most one staged order. Pure state of one screen.

An order is sent at most once: sending seals it, and a sealed order is sent
no more, moved no more and gone once it was answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Contingency, OrdType, Side, TimeInForce
from termdesk.ui.orders.exits import Exits, bracket
from termdesk.ui.orders.prices import Pricing

LONGEST = 16
"""Digits of a typed quantity."""
MOST_RECENT = 10
"""Quantities remembered for each instrument."""


class StagedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is typed but not sent, or sealed: sent and not yet answered."""

    instrument: str
    account: str
    side: Side
    ord_type: OrdType
    price: int | None
    qty: int
    trigger_price: int | None = None
    pricing: Pricing = Pricing.CURSOR
    time_in_force: TimeInForce = TimeInForce.GTC
    reduce_only: bool = False
    group: str = ""
    """Orders that it takes off, or is taken off by."""
    contingency: Contingency | None = None
    exits: Exits | None = None
    expected: int = 0
    """Where a market order is expected to trade, for its exits; 0 while nothing is known."""
    is_sealed: bool = False

    @property
    def level(self) -> int:
        """Where it stands on the axis: its price, or its trigger; 0 for a market order."""
        return self.price or self.trigger_price or 0

    @property
    def around(self) -> int:
        """Where it would trade, and its exits stand around: its level, or the market; 0 while that is not known."""
        return self.level or self.expected

    def order(self, command_id: str) -> SubmitOrder:
        """Give the order by itself, without exits."""
        return SubmitOrder(
            command_id=command_id,
            account=self.account,
            instrument=self.instrument,
            side=self.side,
            ord_type=self.ord_type,
            qty=self.qty,
            price=self.price,
            trigger_price=self.trigger_price,
            time_in_force=self.time_in_force,
            reduce_only=self.reduce_only,
            group=self.group,
            contingency=self.contingency,
            origin="ladder",
        )

    def command(self, command_id: str) -> SubmitOrder | SubmitBracket:
        """Give the command that this order is, exits included."""
        entry = self.order(command_id)
        return entry if self.exits is None else bracket(entry, self.exits, self.around)

    def at(self, price: int, ord_type: OrdType) -> StagedOrder:
        """Give the order at another price, as a limit or a stop order."""
        limit, trigger = (None, price) if ord_type is OrdType.STOP else (price, None)
        return msgspec.structs.replace(self, ord_type=ord_type, price=limit, trigger_price=trigger)

    def is_still(self, now: StagedOrder | None) -> bool:
        """Whether this is what is staged now; where it follows the market, that may have moved it since."""
        if now is not None and now.pricing.follows:
            return now.at(0, now.ord_type) == self.at(0, self.ord_type)
        return now is not None and msgspec.structs.replace(now, expected=self.expected) == self


class Ticket:
    """What the ladder's keys write and the ticket line shows.

    Attributes:
        digits: The quantity as typed so far, empty if none.
        staged: The staged order, None if there is none.
        counts: What typed digits count: units, or the instrument's lots.
        after_send: Whether the next order begins with the last quantity or with the smallest.
    """

    def __init__(self) -> None:
        self.digits = ""
        self.staged: StagedOrder | None = None
        self.counts: Literal["units", "lots"] = "units"
        self.after_send: Literal["keep", "reset"] = "keep"
        self._last_qty: dict[str, int] = {}
        self._recent: dict[str, list[int]] = {}

    def quantity(self, instrument: Instrument, day: str) -> int:
        """Give the quantity in force: typed, else last used, else the smallest order.

        Raises:
            NumberRefused: What was typed has more decimals than the instrument stores.
        """
        rule = instrument.rule(day)
        if self.digits and self.counts == "lots" and "." not in self.digits:
            return int(self.digits) * rule.lot
        if self.digits:
            return instrument.qty(self.digits)
        return self._last_qty.get(instrument.id) or max(rule.min_qty, rule.lot)

    def recent(self, instrument: str) -> Sequence[int]:
        """Give the different quantities of the orders sent last, the newest first."""
        return self._recent.get(instrument, [])

    def type(self, character: str) -> None:
        """Add a digit or the decimal point to the typed quantity; a second point is left out."""
        if len(self.digits) < LONGEST and not (character == "." and "." in self.digits):
            self.digits += character

    def erase(self) -> None:
        """Take back the last character."""
        self.digits = self.digits[:-1]

    def choose(self, instrument: str, qty: int) -> None:
        """Take a quantity in place of what was typed, for this order and the next ones."""
        self.digits = ""
        self._last_qty[instrument] = qty
        self.resize(qty)

    def stage(self, order: StagedOrder) -> bool:
        """Put an order in place of the one that was staged; a sealed one stays until it is answered."""
        if self.staged is not None and self.staged.is_sealed:
            return False
        self.staged = order
        return True

    def replace(self, order: StagedOrder) -> bool:
        """Put a changed order in place of the staged one; gives whether there was one that may change."""
        if self.staged is None or self.staged.is_sealed or order == self.staged:
            return False
        self.staged = order
        return True

    def resize(self, qty: int) -> None:
        """Give the staged order another quantity."""
        if self.staged is not None and not self.staged.is_sealed:
            self.staged = msgspec.structs.replace(self.staged, qty=qty)

    def seal(self, command_id: str) -> SubmitOrder | SubmitBracket | None:
        """Give the command to send and seal the order; None if there is nothing that may be sent."""
        staged = self.staged
        if staged is None or staged.is_sealed:
            return None
        self.staged = msgspec.structs.replace(staged, is_sealed=True)
        self.digits = ""
        others = [qty for qty in self.recent(staged.instrument) if qty != staged.qty]
        self._recent[staged.instrument] = [staged.qty, *others][:MOST_RECENT]
        if self.after_send == "keep":
            self._last_qty[staged.instrument] = staged.qty
        else:
            self._last_qty.pop(staged.instrument, None)
        return staged.command(command_id)

    def drop(self) -> bool:
        """Forget the staged order and the typed quantity; a sealed order stays. Gives whether there was one."""
        self.digits = ""
        if self.staged is None or self.staged.is_sealed:
            return False
        self.staged = None
        return True

    def answered(self) -> None:
        """Let go of the sealed order: the engine has said what became of it."""
        self.staged = None
