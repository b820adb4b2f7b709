"""Moving working orders: one, all at a price, or a whole bracket. Staged first, sent by Enter, dropped by Escape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from termdesk.core.model.command import AmendOrder
from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import OrdStatus, OrdType
from termdesk.core.wire.queries import OrderLine, PreviewAmendQuery, PreviewResult
from termdesk.ui.lines.order_price import level, terms_of, waits
from termdesk.ui.news import News, order_words
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.orders.soon import Soon
from termdesk.ui.orders.ticket import StagedOrder

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Move(msgspec.Struct, frozen=True):
    """A working order, and how far it would move."""

    line: OrderLine
    by: int

    @property
    def to(self) -> int:
        """Where it would stand."""
        return level(self.line) + self.by


class Moving(msgspec.Struct, frozen=True):
    """Changes that are staged but not sent, or sealed: sent and not yet answered."""

    moves: tuple[Move, ...]
    is_sealed: bool = False

    @property
    def requeues(self) -> bool:
        """Whether one of them loses its place in a queue."""
        return any(move.by and rests(move.line) for move in self.moves)

    def shifted(self, by: int) -> Moving:
        """Move all of it further."""
        return Moving(tuple(Move(move.line, move.by + by) for move in self.moves))

    def shown(self) -> StagedOrder:
        """Give the first of it as the ladder shows a staged order."""
        line, to = self.moves[0].line, self.moves[0].to
        order = StagedOrder(
            instrument=line.instrument,
            account=line.account,
            side=line.side,
            ord_type=line.ord_type,
            price=to,
            qty=sum(move.line.leaves_qty for move in self.moves if move.to == to and move.line.side is line.side),
            is_sealed=self.is_sealed,
        )
        return order if level(line) == line.price else order.at(to, OrdType.STOP)


def rests(line: OrderLine) -> bool:
    """Whether an order stands in the queue of its price; what waits for a trigger or is held does not yet."""
    return line.price is not None and not waits(line) and line.status is not OrdStatus.HELD


def amendment(move: Move, command_id: str) -> AmendOrder:
    """Give the command that moves an order: its trigger while it waits for it, and the limit behind that."""
    line = move.line
    waits = line.trigger_price is not None and not line.triggered
    return AmendOrder(
        command_id=command_id,
        order_id=line.order_id,
        price=line.price + move.by if line.price is not None and line.ord_type.has_limit else None,
        trigger_price=line.trigger_price + move.by if waits and line.trigger_price is not None else None,
        origin="ladder",
    )


class Amending:
    """The hand that moves orders.

    Attributes:
        selected: Order that was chosen, empty if none.
        moving: Staged changes, None if there are none.
        picked: Orders that were picked up, to be put down elsewhere.
        cut: Orders that were cancelled last at a price, to be staged again elsewhere.
        previews: What the desk says of each staged change, empty before it has.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.selected = ""
        self.moving: Moving | None = None
        self.picked: tuple[OrderLine, ...] = ()
        self.cut: tuple[OrderLine, ...] = ()
        self.previews: tuple[PreviewResult, ...] = ()
        self._soon = Soon(screen, self._look)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "order.select": lambda: self.select(1),
            "order.select_next": lambda: self.select(1),
            "order.deselect": self.forget,
            "order.move_up": lambda: self.step(1),
            "order.move_down": lambda: self.step(-1),
            "order.bracket_up": lambda: self.step(1, whole=True),
            "order.bracket_down": lambda: self.step(-1, whole=True),
            "order.pick_up": self.pick_up,
            "order.put_down": self.put_down,
        }

    @property
    def is_holding(self) -> bool:
        """Whether something was picked up or cut."""
        return bool(self.picked or self.cut)

    def select(self, by: int) -> None:
        """Choose the next of this account's orders on the ladder, from the highest price down."""
        if self._is_sealed():
            return
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None:
            return
        lines = [line for line in screen.store.working(screen.account, instrument.id) if level(line)]
        lines.sort(key=level, reverse=True)
        if not lines:
            screen.say(News(screen.said.tr("news.nothing_works", symbol=instrument.code), "warning"))
            return
        ids = [line.order_id for line in lines]
        at = ids.index(self.selected) + by if self.selected in ids else 0
        self.moving = None
        line = lines[at % len(lines)]
        self.selected = line.order_id
        screen.say(News(screen.said.tr("news.selected", order=self._words(line, instrument)), "strong"))
        screen.show_ticket()

    def forget(self) -> bool:
        """Let go of everything that is chosen, picked up or staged here; gives whether changes were staged.

        What is sealed waits for its answer.
        """
        self.selected, self.picked, self.cut = "", (), ()
        return self.drop()

    def drop(self) -> bool:
        """Drop staged changes; sealed ones stay. Gives whether there were any."""
        if self.moving is None or self.moving.is_sealed:
            return False
        self.moving = None
        return True

    def step(self, steps: int, *, whole: bool = False) -> None:
        """Stage a move of the chosen order, or of all in the cursor's row; ``whole`` takes their brackets along."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None or self._is_sealed() or not self._may_begin():
            return
        by = steps * (screen.navigation.step or instrument.rule(screen.day).tick)
        if self.moving is None:
            lines = self._chosen(instrument)
            if not lines:
                return
            lines = self._brackets(lines) if whole else lines
            self.moving = Moving(tuple(Move(line, 0) for line in lines))
        self._take(self.moving.shifted(by))

    def shift(self, by: int) -> None:
        """Let staged changes follow the cursor."""
        if self.moving is not None and not self.moving.is_sealed:
            self._take(self.moving.shifted(by))

    def pick_up(self) -> None:
        """Pick up the chosen order, or all in the cursor's row; they go on working where they are."""
        screen, instrument = self.screen, self.screen.instrument
        lines = self._chosen(instrument) if instrument is not None else []
        if not lines:
            return
        self.picked, self.cut = tuple(lines), ()
        screen.say(News(screen.said.tr("news.picked_up", count=len(lines)), "strong"))

    def put_down(self) -> None:
        """Stage what was picked up at the cursor: as a move, or as a new order if it was cancelled meanwhile."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None or self._is_sealed() or not self._may_begin():
            return
        if not screen.entry.sees_cursor(instrument):
            return
        price = screen.navigation.cursor
        works = {line.order_id for line in screen.store.working(screen.account, instrument.id)}
        moves = tuple(Move(line, price - level(line)) for line in self.picked if line.order_id in works)
        if moves:
            self._take(Moving(moves))
        elif self.cut and all(line.instrument == instrument.id for line in self.cut):
            self._put_anew()
        else:
            screen.say(News(screen.said.tr("news.nothing_held"), "warning"))

    def _put_anew(self) -> None:
        """Stage as one new order what ``x`` cancelled, once its end is known: what was filled before is not sent again.

        One that still works must not stand in the market twice.
        """
        screen, said = self.screen, self.screen.said
        now = [screen.store.orders.get(line.order_id, line) for line in self.cut]
        waits = [line.order_id for line in now if line.status.is_open]
        if waits:
            screen.say(News(said.tr("news.cut_waits", orders=", ".join(waits)), "warning"))
            return
        side = now[0].side
        left = [line for line in now if line.side is side and line.status is OrdStatus.CANCELED]
        qty = sum(line.qty - line.cum_qty for line in left)
        if not qty:
            self.cut = ()
            screen.say(News(said.tr("news.cut_filled"), "warning"))
        elif screen.entry.stage_again(left, qty):
            self.cut = ()
            staged, ids = screen.entry.ticket.staged, {line.order_id for line in left}
            had_exits = any(one.parent_id in ids and one.release is not None for one in screen.store.orders.values())
            is_bare = had_exits and staged is not None and staged.exits is None
            if is_bare:
                words = said.tr("news.cut_without_exits")
            elif staged is not None and staged.trigger_price is not None:
                words = said.tr("news.cut_waiting")
            else:
                words = said.tr("news.cut_again")
            screen.say(News(words, "warning"))

    def send(self) -> None:
        """Send the staged changes, each once."""
        screen, moving = self.screen, self.moving
        if moving is None or moving.is_sealed or not screen.entry.sending.by_hand():
            return
        first = moving.moves[0].line
        held_back = self._held_back(moving.moves)
        if held_back:
            screen.say(News(held_back, "danger"))
            return
        instrument = screen.store.instruments.get(first.instrument)
        if instrument is None:
            return

        def act() -> None:
            self.moving = Moving(moving.moves, is_sealed=True)
            commands = [amendment(move, new_command_id()) for move in moving.moves if move.by]
            screen.run_worker(self._send(commands), group="commands")
            screen.show_ticket()

        def why() -> str:
            return self._held_back(moving.moves) if self.moving is moving else screen.said.tr("news.dropped")

        screen.entry.confirming.amend(self.words(instrument), first, first.leaves_qty, act, why)

    def words(self, instrument: Instrument) -> str:
        """Say the staged changes: from where to where."""
        parts = []
        for move in self.moving.moves if self.moving else ():
            to = instrument.price_text(move.to)
            parts.append(self.screen.said.tr("ticket.moves", order=self._words(move.line, instrument), to=to))
        return ", ".join(parts)

    async def _send(self, commands: Iterable[AmendOrder]) -> None:
        for command in commands:
            await self.screen.entry.sending.do(command)
        self.selected, self.moving, self.picked = "", None, ()
        self.screen.show_ticket()

    def _held_back(self, moves: Iterable[Move]) -> str:
        """Why the first of the changes may not be sent now: an order that opens is not moved on a disarmed screen."""
        for move in moves:
            if why := self.screen.entry.sending.amend_held_back(move.line, move.line.leaves_qty):
                return why
        return ""

    def _take(self, moving: Moving) -> None:
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None or any(move.to <= 0 for move in moving.moves):
            return
        self.moving, self.previews = moving, ()
        self._soon.call()
        screen.show_ticket()

    def look(self) -> None:
        """Ask in a moment what the staged changes would do, if there are any."""
        if self.moving is not None and not self.moving.is_sealed:
            self._soon.call()

    async def _look(self) -> None:
        moving, asking = self.moving, self.screen.link.asking
        if moving is None or moving.is_sealed:
            return
        try:
            told = [await asking.ask(PreviewAmendQuery(amendment(one, "preview"))) for one in moving.moves if one.by]
        except TermdeskError as error:
            self.screen.say(News(self.screen.said.tr("news.no_preview", why=error), "warning"))
            return
        if self.moving is moving:
            self.previews = tuple(told)
            self.screen.show_ticket()
        else:
            self._soon.call()

    def _chosen(self, instrument: Instrument) -> list[OrderLine]:
        """Give the chosen order, or those in the cursor's row where none is; says so if there is none to give.

        A key meant for a chosen order that has ended does nothing to another.
        """
        screen, chosen = self.screen, self.selected
        line = screen.store.orders.get(chosen)
        if line is not None and line.status.is_open:
            return [line]
        self.selected = ""
        lines = [] if chosen else screen.entry.cancelling.at_cursor()
        if chosen:
            screen.say(News(screen.said.tr("news.chosen_ended", order=chosen), "warning"))
        elif not lines:
            at = instrument.price_text(screen.navigation.cursor)
            screen.say(News(screen.said.tr("news.nothing_here", price=at), "warning"))
        return lines

    def _brackets(self, lines: Iterable[OrderLine]) -> list[OrderLine]:
        roots = {line.parent_id or line.order_id for line in lines}
        groups = {line.group for line in lines if line.group}
        screen = self.screen
        return [
            line
            for line in screen.store.working(screen.account, screen.instrument_id)
            if line.order_id in roots or line.parent_id in roots or (line.group and line.group in groups)
            if level(line)
        ]

    def _may_begin(self) -> bool:
        """Changes and a new order are never staged together."""
        ticket = self.screen.entry.ticket
        if ticket.staged is not None and ticket.staged.is_sealed:
            return False
        ticket.drop()
        return True

    def _is_sealed(self) -> bool:
        return self.moving is not None and self.moving.is_sealed

    def _words(self, line: OrderLine, instrument: Instrument) -> str:
        words = order_words(line.leaves_qty, terms_of(line), line.instrument, instrument, self.screen.said)
        return f"{words} · {line.order_id}"
