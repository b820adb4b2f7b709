"""What keys do to the rows of the blotter: cancel, amend, flatten, note, mark, sort, filter, copy, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from termdesk.core.model.command import AddNote, AmendOrder, CancelOrder, DeskCommand, DisarmCondition
from termdesk.core.model.errors import Refused
from termdesk.core.model.facts import Recorded
from termdesk.core.model.number import plain
from termdesk.core.wire.queries import ConditionLine, FillLine, OrderLine
from termdesk.core.wire.topics import PositionLine
from termdesk.ui.blotter.kept import Asked, Message, subject
from termdesk.ui.blotter.sums import fill_sums
from termdesk.ui.lines.blotter_tables import ALL_COLUMNS, Entry
from termdesk.ui.lines.column_names import sort_called, sort_fault, titles
from termdesk.ui.lines.format import clean, clock
from termdesk.ui.lines.order_price import waits
from termdesk.ui.news import News
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.screens.dialogs import EditedLine

if TYPE_CHECKING:
    from termdesk.ui.lines.idiom import Row
    from termdesk.ui.screens.trade import TradeScreen

PAGE = 10
_TERMS = ("price", "qty", "trigger_price")
"""What an amendment may change."""


class Acting:
    """The hand on the blotter of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        blotter = self.screen.blotter
        return {
            "blotter.previous_tab": lambda: blotter.turn(-1),
            "blotter.next_tab": lambda: blotter.turn(1),
            "blotter.up": lambda: blotter.step(-1),
            "blotter.down": lambda: blotter.step(1),
            "blotter.page_up": lambda: blotter.step(-PAGE),
            "blotter.page_down": lambda: blotter.step(PAGE),
            "row.show": self.show,
            "row.cancel": self.cancel,
            "row.amend": self.amend,
            "row.flatten": self.flatten,
            "row.mark": self.mark,
            "row.sort": self.sort,
            "row.filter": self.filter,
            "row.note": self.note,
            "row.export": self.export,
            "pane.copy": self.copy,
        }

    # -- the row --------------------------------------------------------------

    def show(self) -> None:
        """Show the row's instrument; say what a row of the log or of the events says, which may be cut there."""
        blotter, entry = self.screen.blotter, self.screen.blotter.selected_entry
        if name := _instrument(entry):
            self.screen.navigation.choose(name)
        if isinstance(entry, Message):
            self.screen.messages.say(News(entry.text, entry.ink))
        elif isinstance(entry, Asked):
            self.screen.messages.say(News(*blotter.model.asked(entry)))
        elif isinstance(entry, Recorded):
            self.screen.messages.say(News(*blotter.model.event(entry)))

    def cancel(self) -> None:
        """Take back the marked orders and conditions, or the selected one."""
        commands: list[DeskCommand] = []
        for entry in self.screen.blotter.marked:
            if isinstance(entry, OrderLine) and entry.status.is_open:
                commands.append(CancelOrder(command_id=new_command_id(), order_id=entry.order_id, origin="blotter"))
            elif isinstance(entry, ConditionLine):
                name = entry.condition_id
                commands.append(DisarmCondition(command_id=new_command_id(), condition_id=name, origin="blotter"))
        if not commands:
            self._tell_not_open()
        for command in commands:
            self.screen.entry.sending.command(command)
        self.screen.blotter.marks[self.screen.blotter.tab].clear()

    def amend(self) -> None:
        """Ask for another quantity or price of the selected order."""
        screen, entry = self.screen, self.screen.blotter.selected_entry
        instrument = screen.store.instruments.get(_instrument(entry))
        if not isinstance(entry, OrderLine) or not entry.status.is_open or instrument is None:
            self._tell_not_open()
            return
        qty = plain(instrument.qty_decimal(entry.qty))
        before = f"qty {qty}" + ("" if entry.price is None else f" @ {instrument.price_text(entry.price)}")
        if waits(entry) and entry.trail is None and entry.trigger_price is not None:
            before += f" trigger {instrument.price_text(entry.trigger_price)}"
        order_id = entry.order_id
        was = self._read(f"amend {order_id} {before}")

        def read(text: str | None) -> DeskCommand | str:
            """Read what was changed; what was left as it stood may be another by now, and is left alone."""
            now = self._read(f"amend {order_id} {text}")
            if not isinstance(now, AmendOrder) or not isinstance(was, AmendOrder):
                return now
            return replace(now, **{name: None for name in _TERMS if getattr(now, name) == getattr(was, name)})

        def is_change(text: str | None) -> bool:
            return bool(text) and text != before

        def wrong(text: str) -> str:
            if not is_change(text):
                return ""
            wanted = read(text)
            return wanted if isinstance(wanted, str) else screen.entry.sending.barred()

        def answered(text: str | None) -> None:
            if is_change(text) and not isinstance(wanted := read(text), str):
                screen.entry.line_entry.submit(wanted, "line", f"amend {order_id} {text}")

        words = screen.said.tr("dialog.amend_row", order=f"{instrument.code} {order_id}")
        screen.app.push_screen(EditedLine(words, before, wrong), answered)

    def _read(self, line: str) -> DeskCommand | str:
        """Read a line of the order language; gives why it is none instead, in words."""
        from termdesk.core.language import Context, parse

        screen, store = self.screen, self.screen.store
        orders = {name: one.instrument for name, one in store.orders.items()}
        context = Context(
            instruments=store.instruments, account=screen.account, command_id="typed", origin="blotter", orders=orders
        )
        try:
            return parse(line, context)
        except Refused as refusal:
            return screen.said.sentence(refusal.code, refusal.params)

    def flatten(self) -> None:
        """Close the row's position, after the question that every way out asks."""
        screen, name = self.screen, _instrument(self.screen.blotter.selected_entry)
        if name and name != screen.instrument_id:
            screen.navigation.choose(name)
        if not name or name == screen.instrument_id:
            screen.entry.closing.flatten()

    def note(self) -> None:
        """Ask for a note on the selected order, fill or position."""
        entry, screen = self.screen.blotter.selected_entry, self.screen
        about = _subject(entry, screen.account)
        if about is None:
            self._tell(screen.said.tr("news.note_which"))
            return

        def answered(text: str | None) -> None:
            if text and text.strip():
                screen.entry.sending.command(
                    AddNote(command_id=new_command_id(), text=text.strip(), origin="blotter", **about)
                )

        screen.app.push_screen(EditedLine(screen.said.tr("dialog.note"), ""), answered)

    # -- the table ------------------------------------------------------------

    def mark(self) -> None:
        """Mark the row; marked fills are summed up."""
        screen = self.screen
        screen.blotter.mark()
        if screen.blotter.tab != "fills":
            return
        fills = [entry for entry in screen.blotter.marked if isinstance(entry, FillLine)]
        if not screen.blotter.marks["fills"]:
            self._tell(screen.said.tr("news.fill_none"))
            return
        parts = []
        for one in fill_sums(fills, screen.store.instruments):
            instrument = screen.store.instruments[one.instrument]
            fees = " ".join(f"{plain(amount)} {asset}" for asset, amount in one.fees.items()) or "0"
            parts.append(
                screen.said.tr(
                    "news.fill_sum",
                    count=one.count,
                    side=screen.said.word("side", one.side),
                    qty=plain(one.qty),
                    symbol=instrument.code,
                    average=f"{one.average:.{instrument.price_decimals + 2}f}",
                    amount=f"{one.amount:,.2f} {instrument.currency}",
                    fees=fees,
                )
            )
        screen.say(News(" · ".join(parts)))

    def sort(self) -> None:
        """Ask for the column to sort by."""
        blotter, said = self.screen.blotter, self.screen.said
        keys = [column.key for column in ALL_COLUMNS[blotter.tab]]

        def answered(text: str | None) -> None:
            if text is not None and (by := sort_called(text, keys)) is not None:
                blotter.sort_out(by=by)

        words, before = (
            said.tr("dialog.watch_ask_sort", columns=titles(keys, said)),
            blotter.orders_by.get(blotter.tab, ""),
        )
        dialog = EditedLine(words, before, lambda text: sort_fault(text, keys, said))
        self.screen.app.push_screen(dialog, answered)

    def filter(self) -> None:
        """Ask for words that rows must have."""
        blotter = self.screen.blotter

        def answered(text: str | None) -> None:
            if text is not None:
                blotter.sort_out(words=text.strip())

        words = self.screen.said.tr("dialog.filter_rows")
        self.screen.app.push_screen(EditedLine(words, blotter.words.get(blotter.tab, "")), answered)

    def copy(self) -> None:
        """Copy what the pane with the focus shows: marked rows, a ladder, or a quote."""
        from termdesk.ui.blotter.clipboard import copy, lines_of  # loaded when it is asked for

        screen, focused = self.screen, self.screen.focused
        if focused is screen.blotter:
            lines = [screen.blotter.text_of(entry) for entry in screen.blotter.marked]
        elif focused is screen.ladder:
            lines = lines_of(screen.ladder.paint(*screen.ladder.size))
        elif focused is screen.tape:
            lines = lines_of(screen.tape.paint(*screen.tape.size))
        else:
            lines = lines_of(self._quote_rows())
        copy(screen, lines)

    def _quote_rows(self) -> list[Row]:
        watchlist = self.screen.watchlist
        row = watchlist.selected - watchlist.offset_rows + watchlist.headings
        painted = watchlist.paint(200, watchlist.size.height)
        return [painted[0], painted[row]] if watchlist.selected >= 0 and row < len(painted) else []

    def export(self) -> None:
        """Ask for the format and write the open tab as it is sorted and filtered."""
        tr = self.screen.said.tr
        choices = (("c", "CSV", "csv"), ("j", "JSON", "json"), ("n", tr("dialog.leave_it"), ""))
        self.screen.ask(tr("dialog.export", rows=len(self.screen.blotter.shown)), choices, self._export)

    def _export(self, kind: str | None) -> None:
        if not kind:
            return
        from termdesk.ui.blotter.export import Known, csv_text, json_text, records, write_export  # as above

        screen, blotter, store = self.screen, self.screen.blotter, self.screen.store
        shown: Sequence[Entry] = list(blotter.shown)
        rows = records(shown, [self._noted(entry) for entry in shown], Known(store.instruments, store.orders))
        desk = store.welcome.desk if store.welcome else "desk"
        at = clock(screen.desk_ns, screen.idiom.offset_s, "%Y%m%d-%H%M%S")
        name = f"{desk}-{blotter.tab}-{at}.{kind}"
        try:
            path = write_export(name, csv_text(rows) if kind == "csv" else json_text(rows))
        except OSError as error:
            screen.say(News(screen.said.tr("news.not_written", why=error.strerror or str(error)), "danger"))
            return
        screen.say(News(clean(screen.said.tr("news.exported", rows=len(rows), path=path))))

    def _noted(self, entry: Entry) -> str:
        about = _subject(entry, self.screen.account)
        return self.screen.store.kept.noted.get(_key(about), "") if about else ""

    def _tell_not_open(self) -> None:
        tr = self.screen.said.tr
        self._tell(tr("news.row_not_open") if self.screen.blotter.marked else tr("news.row_which"))

    def _tell(self, words: str) -> None:
        self.screen.say(News(words, "warning"))


def _instrument(entry: Entry | None) -> str:
    if isinstance(entry, FillLine):
        return entry.fill.instrument
    if isinstance(entry, Asked):
        return entry.journal.instrument
    return entry.instrument if isinstance(entry, OrderLine | PositionLine | ConditionLine) else ""


def _subject(entry: Entry | None, account: str) -> dict[str, str] | None:
    """Say what a note on a row is about; None where rows take none."""
    if isinstance(entry, OrderLine):
        return {"order_id": entry.order_id}
    if isinstance(entry, FillLine):
        return {"order_id": entry.fill.order_id, "exec_id": entry.fill.exec_id}
    if isinstance(entry, PositionLine):
        return {"account": account, "instrument": entry.instrument}
    if isinstance(entry, Asked):
        return {"order_id": entry.journal.order_id} if entry.journal.order_id else None
    if isinstance(entry, Recorded):
        order_id = getattr(entry.fact, "order_id", "")
        return {"order_id": order_id} if order_id else None
    return None


def _key(about: dict[str, str]) -> str:
    names = ("account", "instrument", "order_id", "exec_id")
    return subject(*(about.get(name, "") for name in names))
