"""What the command line and the order form do: the same gate, the same questions and the same way out as for keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.core.model.command import AmendOrder, CancelAll, DeskCommand, SubmitBracket, SubmitOrder
from termdesk.core.model.errors import Refused, TermdeskError
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.wire.queries import PreviewQuery, PreviewResult
from termdesk.ui.lines.idiom import Row
from termdesk.ui.news import News
from termdesk.ui.orders.exits import exit_prices
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.orders.ticket import StagedOrder
from termdesk.ui.orders.ticket_rows import preview_row

if TYPE_CHECKING:
    from termdesk.ui.orders.command_line import History, Reading
    from termdesk.ui.screens.trade import TradeScreen

COLOURS = {"danger": "$danger", "warning": "$warning"}


class LineEntry:
    """The hand on the command line and the form; the language is loaded with the first of them."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._history: History | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {"desk.line": self.open, "order.form": self.open_form}

    def open(self) -> None:
        """Ask for a line."""
        from termdesk.core.language import Context
        from termdesk.ui.orders import line_history
        from termdesk.ui.orders.command_line import History
        from termdesk.ui.screens.line import LineScreen

        screen, store = self.screen, self.screen.store
        self._history = self._history or History(line_history.read())
        self._history.leave()
        context = Context(
            instruments=store.instruments,
            account=screen.account,
            command_id="typed",
            origin="line",
            orders={name: line.instrument for name, line in store.orders.items()},
            accounts=store.welcome.accounts if store.welcome else (),
        )
        sending = screen.entry.sending
        line = LineScreen(context, self._history, screen.said, self.look, self.told, sending.barred)
        screen.app.push_screen(line, self._typed)

    def open_form(self) -> None:
        """Fill in the order form, beginning with what is staged or the cursor."""
        from termdesk.ui.screens.ticket import TicketForm

        screen, instrument = self.screen, self.screen.instrument
        entry = screen.entry
        if instrument is None or not screen.account:
            screen.say(News(screen.said.tr("news.no_instrument"), "warning"))
            return
        where = f"{screen.said.tr('dialog.account')} {screen.account} · {entry.confirming.mode()}"
        fields = self._fields(instrument)

        def filled(command: SubmitOrder | SubmitBracket | None) -> None:
            if command is not None:
                from termdesk.core.language import render

                try:
                    words = render(command, screen.store.instruments)
                except Refused:
                    words = screen.said.tr("ui.form_order")
                self.submit(command, "ticket", words)

        form = TicketForm(
            instrument, screen.account, where, fields, screen.said, self.look, self.told, entry.sending.barred
        )
        screen.app.push_screen(form, filled)

    def _fields(self, instrument: Instrument) -> dict[str, str]:
        """Give what the order form begins with: what is staged, else quantity in force and cursor."""
        entry, cursor = self.screen.entry, self.screen.navigation.cursor
        staged = entry.ticket.staged
        if staged is not None and not staged.is_sealed:
            entry.ticket.drop()
            entry.changed()
            price = instrument.price_text(staged.price) if staged.price is not None else ""
            trigger = instrument.price_text(staged.trigger_price) if staged.trigger_price is not None else ""
            kind, side = staged.ord_type.value, staged.side.value
            qty = plain(instrument.qty_decimal(staged.qty))
            fields = {"side": side, "ord_type": kind, "qty": qty, "price": price, "trigger_price": trigger}
            return fields | self._exits(staged, instrument)
        price = instrument.price_text(cursor) if cursor else ""
        return {"qty": entry.quantity_text(instrument), "price": price}

    def _exits(self, staged: StagedOrder, instrument: Instrument) -> dict[str, str]:
        around = staged.around
        if staged.exits is None or not around:
            return {}
        stop, target = exit_prices(staged.exits, staged.side.sign, around)
        given, written = staged.exits, instrument.price_text
        ends = {"stop": written(stop) if stop else "", "target": written(target) if target else ""}
        return ends | {"release": given.release.value, "contingency": given.contingency.value}

    async def look(self, order: SubmitOrder) -> PreviewResult | None:
        """Ask the desk what an order would do; None where it does not answer."""
        try:
            return await self.screen.link.asking.ask(PreviewQuery(order))
        except TermdeskError:
            return None  # a line is checked again when it is sent, and says then what is wrong

    def told(self, order: SubmitOrder, preview: PreviewResult) -> tuple[str, str]:
        """Say what an order would do, in words and their colour."""
        instrument = self.screen.store.instruments.get(order.instrument)
        if instrument is None:
            return "", ""
        row: Row = preview_row(order, preview, instrument, self.screen.said)
        ink = next((COLOURS[style] for _, style in row if style in COLOURS), "")
        return "".join(words for words, _ in row).strip(), ink

    def _typed(self, answer: tuple[str, Reading] | None) -> None:
        if answer is None:
            return
        text, reading = answer
        self._keep(text)
        if reading.why:
            self.screen.entry.explaining.explain(reading.why)
        elif reading.act:
            self.screen.action_act(reading.act, "")
        elif reading.command is not None:
            self.submit(reading.command, "line", text)

    def _keep(self, text: str) -> None:
        """Keep a line, also for the next start; another screen may have kept some meanwhile."""
        from termdesk.ui.orders import line_history
        from termdesk.ui.orders.command_line import History

        if self._history is None:
            return
        self._history.add(text)
        kept = History(line_history.read())
        kept.add(text)
        line_history.write(kept.lines)

    def submit(self, command: DeskCommand, action: str, words: str) -> None:
        """Send what was typed, once, past the same gate as a key; it asks first where the settings say so.

        Args:
            command: What was typed; gets an id of its own here.
            action: A name of ``ConfirmSettings``.
            words: The command as it was typed.
        """
        from msgspec.structs import replace

        screen = self.screen
        entry = screen.entry
        command = replace(command, command_id=new_command_id())
        held_back = self._held_back(command)
        if held_back:
            screen.say(News(held_back, "danger"))
            return
        order = command.entry if isinstance(command, SubmitBracket) else command
        instrument = screen.store.instruments.get(order.instrument) if isinstance(order, SubmitOrder) else None

        def send() -> None:
            entry.sending.command(command)

        def why() -> str:
            return self._held_back(command)

        if isinstance(order, SubmitOrder) and instrument is not None:
            asked, taken = (instrument, order.side, order.qty), entry.sending.taken_beside(order)
            entry.confirming.order(action, words, order.account, asked, send, why, taken)
            return
        line = screen.store.orders.get(command.order_id) if isinstance(command, AmendOrder) else None
        if line is not None:
            entry.confirming.amend(words, line, line.leaves_qty, send, why)
        elif isinstance(command, CancelAll) and command.price is None:
            name = _cancels(command)
            entry.confirming.action(name, f"{words}?", command.account or "", send)
        else:
            send()

    def _held_back(self, command: DeskCommand) -> str:
        """Why an order, or a change of one, may not be sent now."""
        sending = self.screen.entry.sending
        order = command.entry if isinstance(command, SubmitBracket) else command
        if isinstance(order, SubmitOrder):
            return sending.order_held_back(order)
        if isinstance(command, AmendOrder):
            line = self.screen.store.orders.get(command.order_id)
            if line is not None:
                return sending.amend_held_back(line, max(line.leaves_qty, command.qty or 0))
        return ""


def _cancels(command: CancelAll) -> str:
    """Name the setting that says whether so many cancels ask."""
    if command.account is None:
        return "cancel_everything"
    return "cancel_all" if command.side is None else "cancel_side"
