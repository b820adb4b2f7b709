"""The ticket: a quantity being typed and at most one staged order. Pure state of one screen.

An order is sent at most once: sending seals it, and a sealed order is sent
no more, moved no more and gone once it was answered.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import OrdType, Side

LONGEST = 16
"""Digits of a typed quantity."""


class StagedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is typed but not sent, or sealed: sent and not yet answered."""

    instrument: str
    account: str
    side: Side
    ord_type: OrdType
    price: int | None
    qty: int
    is_sealed: bool = False

    def command(self, command_id: str) -> SubmitOrder:
        """Give the command that this order is."""
        return SubmitOrder(
            command_id=command_id,
            account=self.account,
            instrument=self.instrument,
            side=self.side,
            ord_type=self.ord_type,
            qty=self.qty,
            price=self.price,
            origin="ladder",
        )


class Ticket:
    """What the ladder's keys write and the ticket line shows.

    Attributes:
        digits: The quantity as typed so far, empty if none.
        staged: The staged order, None if there is none.
    """

    def __init__(self) -> None:
        self.digits = ""
        self.staged: StagedOrder | None = None
        self._last_qty: dict[str, int] = {}

    def quantity(self, instrument: Instrument, day: str) -> int:
        """Give the quantity in force: typed, else last used, else the smallest order.

        Raises:
            NumberRefused: What was typed has more decimals than the instrument stores.
        """
        if self.digits:
            return instrument.qty(self.digits)
        rule = instrument.rule(day)
        return self._last_qty.get(instrument.id) or max(rule.min_qty, rule.lot)

    def type(self, character: str) -> None:
        """Add a digit or the decimal point to the typed quantity; a second point is left out."""
        if len(self.digits) < LONGEST and not (character == "." and "." in self.digits):
            self.digits += character

    def erase(self) -> None:
        """Take back the last character."""
        self.digits = self.digits[:-1]

    def stage(self, order: StagedOrder) -> bool:
        """Put an order in place of the one that was staged; a sealed one stays until it is answered."""
        if self.staged is not None and self.staged.is_sealed:
            return False
        self.staged = order
        return True

    def move(self, price: int) -> None:
        """Give a staged limit order another price."""
        staged = self.staged
        if staged is not None and staged.price is not None and not staged.is_sealed:
            self.staged = msgspec.structs.replace(staged, price=price)

    def resize(self, qty: int) -> None:
        """Give the staged order another quantity."""
        if self.staged is not None and not self.staged.is_sealed:
            self.staged = msgspec.structs.replace(self.staged, qty=qty)

    def seal(self, command_id: str) -> SubmitOrder | None:
        """Give the command to send and seal the order; None if there is nothing that may be sent."""
        staged = self.staged
        if staged is None or staged.is_sealed:
            return None
        self.staged = msgspec.structs.replace(staged, is_sealed=True)
        self.digits = ""
        self._last_qty[staged.instrument] = staged.qty
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
