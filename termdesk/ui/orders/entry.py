"""Order entry: what the ladder's keys do to the ticket and send to the engine.

One Enter sends one order: the ticket seals it, and a sealed order is never
sent again. An Enter that may be a held key going on, or pasted text, sends
nothing. An unknown outcome is said to be unknown; nothing is resent here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from termdesk.core.model.command import Command
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import OrdType, Side, TimeInForce
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.actions import shown_keys
from termdesk.ui.news import News
from termdesk.ui.orders.amending import Amending
from termdesk.ui.orders.cancelling import Cancelling
from termdesk.ui.orders.closing import Closing
from termdesk.ui.orders.confirming import Confirming
from termdesk.ui.orders.controls import Controls
from termdesk.ui.orders.explaining import Explaining
from termdesk.ui.orders.line_entry import LineEntry
from termdesk.ui.orders.previewing import Previewing
from termdesk.ui.orders.prices import Pricing, best, cursor_type, priced
from termdesk.ui.orders.rejects import Rejects
from termdesk.ui.orders.sending import Sending, new_command_id
from termdesk.ui.orders.sizing import Sizing
from termdesk.ui.orders.ticket import StagedOrder, Ticket
from termdesk.ui.orders.ticket_rows import TicketModel, staged_words

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

__all__ = ["OrderEntry", "new_command_id"]


class OrderEntry:
    """The hand on the ticket of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.ticket = Ticket()
        self.sending = Sending(screen)
        self.confirming = Confirming(screen)
        self.cancelling = Cancelling(screen)
        self.closing = Closing(screen)
        self.amending = Amending(screen)
        self.sizing = Sizing(screen)
        self.explaining = Explaining(screen)
        self.rejects = Rejects(screen)
        self.line_entry = LineEntry(screen)
        self.controls = Controls(screen)
        self.previewing = Previewing(screen)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        stage = self.stage
        own: dict[str, Callable[[], object]] = {
            "order.buy": lambda: stage(Side.BUY, Pricing.CURSOR),
            "order.sell": lambda: stage(Side.SELL, Pricing.CURSOR),
            "order.buy_market": lambda: stage(Side.BUY, Pricing.MARKET),
            "order.sell_market": lambda: stage(Side.SELL, Pricing.MARKET),
            "order.join_bid": lambda: stage(Side.BUY, Pricing.JOIN),
            "order.join_ask": lambda: stage(Side.SELL, Pricing.JOIN),
            "order.improve_bid": lambda: stage(Side.BUY, Pricing.IMPROVE),
            "order.improve_ask": lambda: stage(Side.SELL, Pricing.IMPROVE),
            "order.buy_mid": lambda: stage(Side.BUY, Pricing.MID),
            "order.sell_mid": lambda: stage(Side.SELL, Pricing.MID),
            "order.lift": lambda: stage(Side.BUY, Pricing.TAKE),
            "order.hit": lambda: stage(Side.SELL, Pricing.TAKE),
            "order.point": lambda: self.type("."),
            "order.erase": self.erase,
            "order.forget_digits": self.drop,
            "order.send": self.send,
            "order.drop": self.drop,
            "desk.arm": self.sending.arm,
        }
        hands = (
            self.cancelling,
            self.closing,
            self.amending,
            self.sizing,
            self.explaining,
            self.line_entry,
            self.controls,
        )
        return own | {name: act for hand in hands for name, act in hand.handlers().items()}

    def settle(self) -> None:
        """Take what the settings say of quantities, once there is an app that has them."""
        orders = self.screen.desk.settings.orders
        self.ticket.counts, self.ticket.after_send = orders.digits, orders.after_send

    @property
    def shown(self) -> StagedOrder | None:
        """What the ladder shows as staged: an order, or the first of staged changes."""
        moving = self.amending.moving
        return moving.shown() if moving is not None else self.ticket.staged

    def way_out(self, key: str) -> bool:
        """Do what gets out of everything, if the key means that; gives whether it did."""
        screen = self.screen
        keys = screen.desk.keymap.keys
        for name in ("desk.kill", "desk.panic"):
            if key in keys[name] and screen.is_attached:
                if screen.desk.options.read_only:
                    screen.say(News(screen.said.tr("news.read_only"), "warning"))
                elif not screen.desk.strokes.is_held:
                    self.cancelling.handlers()[name]()
                return True
        if key in keys["desk.quit"] and key.startswith("ctrl+"):  # other keys are text in a field
            screen.desk.ask_quit()
            return True
        return False

    def stage(self, side: Side, pricing: Pricing) -> None:
        """Stage an order, or say why not."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None or not screen.account:
            return screen.say(News(screen.said.tr("news.no_instrument"), "warning"))
        qty = self._quantity(instrument)
        if qty is None or (pricing is Pricing.CURSOR and not self.sees_cursor(instrument)):
            return None
        return self._stage(instrument, side, pricing, qty)

    def stage_again(self, lines: Sequence[OrderLine], qty: int) -> bool:
        """Stage at the cursor what was cancelled elsewhere; gives whether it is staged.

        An exit stays one, and of the group that it was of; how long they work stays too.
        """
        instrument, first = self.screen.instrument, lines[0]
        if instrument is not None:
            reduce_only = all(line.reduce_only for line in lines)
            self._stage(instrument, first.side, Pricing.CURSOR, qty, reduce_only=reduce_only)
        staged = self.ticket.staged
        if staged is None or staged.is_sealed:
            return False
        if len({(line.group, line.contingency) for line in lines}) == 1 and first.group:
            staged = msgspec.structs.replace(staged, group=first.group, contingency=first.contingency)
        if all(line.time_in_force is TimeInForce.DAY for line in lines):
            staged = msgspec.structs.replace(staged, time_in_force=TimeInForce.DAY)
        if self.ticket.replace(staged):
            self.changed()
        return True

    def _stage(
        self, instrument: Instrument, side: Side, pricing: Pricing, qty: int, *, reduce_only: bool = False
    ) -> None:
        screen = self.screen
        blocked = self.sending.held_back(
            screen.account, instrument.id, side, qty, reduce_only=reduce_only, asks_armed=False
        )
        if blocked:
            return screen.say(News(blocked, "danger"))
        self.rejects.go_on()
        order = StagedOrder(
            instrument=instrument.id,
            account=screen.account,
            side=side,
            ord_type=OrdType.MARKET if pricing is Pricing.MARKET else OrdType.LIMIT,
            price=None,
            qty=qty,
            pricing=pricing,
            reduce_only=reduce_only,
            exits=None if reduce_only else self.sizing.exits(instrument, side, qty),
        )
        placed = self._placed(order, instrument)
        if placed is None:
            return screen.say(News(screen.said.tr("news.no_best", symbol=instrument.code), "warning"))
        if not (self.amending.moving and self.amending.moving.is_sealed) and self.ticket.stage(placed):
            self.amending.drop()
            self.changed()
        return None

    def _placed(self, order: StagedOrder, instrument: Instrument) -> StagedOrder | None:
        """Give an order where it belongs now; None where the market gives no price."""
        quote = self.screen.quote
        if order.pricing is Pricing.MARKET:
            return msgspec.structs.replace(order, expected=best(quote, order.side.opposite))
        if order.pricing is Pricing.CURSOR:
            price = self.screen.navigation.cursor
            return order.at(price, cursor_type(order.side, price, quote, instrument.orientation))
        price_now = priced(order.pricing, order.side, quote, instrument.rule(self.screen.day).tick)
        return None if price_now is None else order.at(price_now, OrdType.LIMIT)

    def follow(self) -> None:
        """Let the staged order follow the market, if it does; what is sealed, or another instrument's, stays."""
        staged, instrument = self.ticket.staged, self.screen.instrument
        if staged is None or staged.is_sealed or instrument is None or staged.instrument != instrument.id:
            return
        if staged.pricing.follows or staged.pricing is Pricing.MARKET:
            placed = self._placed(staged, instrument)
            if placed is not None and self.ticket.replace(placed):
                self.previewing.ask()
                self.screen.show_ticket()

    def type(self, character: str) -> None:
        """Take a digit or the point; a staged order takes the new quantity at once."""
        self.ticket.type(character)
        self._resize()

    def erase(self) -> None:
        """Take back the last digit."""
        self.ticket.erase()
        self._resize()

    def move(self, by: int) -> None:
        """Let what is staged move as far as the cursor just did; what followed the market stays where that leads."""
        price = self.screen.navigation.cursor
        staged, instrument = self.ticket.staged, self.screen.instrument
        if self.amending.moving is not None:
            self.amending.shift(by)
        if staged is None or instrument is None or staged.pricing is Pricing.MARKET:
            return
        to = price if staged.pricing is Pricing.CURSOR else staged.level + by
        if to > 0:
            moved = staged.at(to, cursor_type(staged.side, to, self.screen.quote, instrument.orientation))
            pricing = Pricing.CURSOR if staged.pricing is Pricing.CURSOR else Pricing.FIXED
            if self.ticket.replace(msgspec.structs.replace(moved, pricing=pricing)):
                self.changed()

    def bracketed(self) -> None:
        """Give the staged order the exits that are chosen now."""
        staged, instrument = self.ticket.staged, self.screen.instrument
        if staged is not None and instrument is not None:
            exits = None if staged.reduce_only else self.sizing.exits(instrument, staged.side, staged.qty)
            self.ticket.replace(msgspec.structs.replace(staged, exits=exits))
        self.changed()

    def drop(self) -> None:
        """Forget what is staged and what was typed."""
        self.amending.drop()
        self.ticket.drop()
        self.changed()

    def forget(self) -> bool:
        """Let go of everything that belongs to one instrument and account; gives whether something was staged."""
        had_moves = self.amending.forget()
        self.previewing.answer = None
        return self.ticket.drop() or had_moves

    def send(self) -> None:
        """Send what is staged, once."""
        if self.amending.moving is not None:
            return self.amending.send()
        staged, screen = self.ticket.staged, self.screen
        instrument = screen.instrument
        if staged is None or staged.is_sealed or instrument is None or not self.sending.by_hand():
            return None
        if self._quantity(instrument) is None:
            return None  # what was typed is no quantity, and what is staged is not what was typed
        blocked = self.blocked(staged)
        if blocked:
            return screen.say(News(blocked, "danger"))
        asked = msgspec.structs.replace(staged, pricing=Pricing.FIXED) if staged.pricing.follows else staged
        self.ticket.replace(asked)

        def act() -> None:
            command = self.ticket.seal(new_command_id())
            self.changed()
            if command is not None:
                screen.run_worker(self._send(command), group="commands")

        def why() -> str:
            return self.blocked(asked) if asked.is_still(self.ticket.staged) else screen.said.tr("news.dropped")

        action = "market" if staged.ord_type is OrdType.MARKET else "limit"
        words, order = staged_words(staged, instrument, screen.said), (instrument, staged.side, staged.qty)
        return self.confirming.order(action, words, staged.account, order, act, why, self.sending.taken_beside(asked))

    def barred(self, staged: StagedOrder) -> str:
        """Say in a few words, for the ticket, why a staged order may not be sent now; empty if it may."""
        why = self._lacks(staged) or self.sending.order_held_back(staged.order(""), asks_armed=False)
        if why or not self.blocked(staged):
            return why
        return self.screen.said.tr("ticket.disarmed", key=shown_keys(self.screen.desk.keymap.keys["desk.arm"]))

    def blocked(self, staged: StagedOrder) -> str:
        """Say why a staged order may not be sent now; empty if it may."""
        return self._lacks(staged) or self.sending.order_held_back(staged.order(""))

    def _lacks(self, staged: StagedOrder) -> str:
        """Say that its exits have no price to stand around; without them it would be another order."""
        code = staged.instrument.rpartition(".")[0]
        return self.screen.said.tr("news.no_exits", symbol=code) if staged.exits and not staged.around else ""

    def model(self) -> TicketModel:
        """Give what the ticket's rows show."""
        screen, staged = self.screen, self.ticket.staged
        instrument = screen.instrument
        moving = self.amending.moving
        is_open = staged is not None and not staged.is_sealed
        return TicketModel(
            mode=screen.store.mode,
            account=screen.account,
            instrument=instrument,
            quantity=self.quantity_text(instrument) if instrument else "",
            is_typing=bool(self.ticket.digits),
            staged=staged,
            preview=self.previewing.answer,
            blocked=self.barred(staged) if staged is not None and is_open else "",
            keys=screen.hints(),
            position=screen.store.position(screen.account, screen.instrument_id),
            taken=self.sending.taken_beside(staged) if staged is not None else 0,
            quote=screen.quote,
            tick=instrument.rule(screen.day).tick if instrument else 1,
            template=self.sizing.template,
            moving=self.amending.words(instrument) if instrument and moving else "",
            is_moving_sealed=moving is not None and moving.is_sealed,
            move_previews=self.amending.previews,
            move_requeues=moving is not None and moving.requeues,
        )

    async def _send(self, command: Command) -> None:
        await self.sending.do(command)
        self.ticket.answered()
        self.changed()

    def sees_cursor(self, instrument: Instrument) -> bool:
        """Whether there is a cursor in sight; says so if not, since nobody means a price that is not seen."""
        screen, navigation = self.screen, self.screen.navigation
        if not navigation.cursor:
            screen.say(News(screen.said.tr("news.no_price"), "warning"))
        elif not navigation.is_cursor_seen:
            at = instrument.price_text(navigation.cursor)
            home = shown_keys(screen.desk.keymap.keys["ladder.home"])
            screen.say(News(screen.said.tr("news.cursor_unseen", price=at, home=home), "warning"))
        return bool(navigation.cursor) and navigation.is_cursor_seen

    def _quantity(self, instrument: Instrument) -> int | None:
        try:
            return self.ticket.quantity(instrument, self.screen.day)
        except Refused as refusal:
            self.screen.say(News(self.screen.said.sentence(refusal.code, refusal.params), "danger"))
            return None

    def quantity_text(self, instrument: Instrument) -> str:
        """Write the quantity in force, or what is typed of it."""
        if self.ticket.digits:
            return self.ticket.digits
        return plain(instrument.qty_decimal(self.ticket.quantity(instrument, self.screen.day)))

    def _resize(self) -> None:
        instrument = self.screen.instrument
        if instrument is not None and self.ticket.staged is not None:
            qty = self._quantity(instrument)
            if qty is not None:
                self.ticket.resize(qty)
        self.bracketed()

    def changed(self) -> None:
        """Show the ticket as it is now, and ask anew what it would do."""
        self.previewing.answer = None
        self.previewing.ask()
        self.screen.show_ticket()
