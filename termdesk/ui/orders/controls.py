"""What holds for everybody: the limits in force, what is stopped, and letting it trade again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from termdesk.core.model.command import SetTradingState
from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.limits import TradingLimits, TradingState, TradingStop
from termdesk.core.model.number import plain
from termdesk.core.wire.queries import LimitsQuery, LimitsResult
from termdesk.ui.lines.format import clock
from termdesk.ui.lines.statusline import trading_key
from termdesk.ui.locale import Catalogue
from termdesk.ui.news import News, scope_words, why_words
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.screens.dialogs import EditedLine

if TYPE_CHECKING:
    from textual.worker import WorkType

    from termdesk.ui.screens.dialogs import Choice
    from termdesk.ui.screens.trade import TradeScreen

_BESIDE = {
    "collar": "collar_reference",
    "max_loss_day": "on_loss",
    "max_identical": "identical_window_ms",
    "max_submits": "submit_window_ms",
    "max_messages": "message_window_ms",
}
"""What says how a limit is meant, shown behind it."""


class Controls:
    """The hand on stops and limits of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {"desk.limits": self.show, "desk.resume": self.resume}

    # -- trading again --------------------------------------------------------

    def resume(self) -> None:
        """Let a stopped scope trade again: a person says which and why."""
        screen, said = self.screen, self.screen.said
        stops = screen.store.health.stops if screen.store.health else ()
        if not stops:
            screen.say(News(said.tr("news.nothing_stopped"), "warning"))
            return
        if len(stops) == 1:
            self._ask_why(stops[0])
            return
        choices: list[Choice] = [
            (str(number), stop_words(stop, said, screen.idiom.offset_s), str(number))
            for number, stop in enumerate(stops[:9], 1)
        ]
        choices.append(("q", said.tr("dialog.keep"), ""))

        def chosen(answer: str | None) -> None:
            if answer:
                self._ask_why(stops[int(answer) - 1])

        screen.ask(said.tr("dialog.resume_which"), choices, chosen)

    def _ask_why(self, stop: TradingStop) -> None:
        screen, said = self.screen, self.screen.said

        def answered(text: str | None) -> None:
            if not text:
                return
            command = SetTradingState(
                command_id=new_command_id(),
                state=TradingState.ACTIVE,
                account=stop.account,
                instrument=stop.instrument,
                note=text,
                origin="key",
            )
            screen.entry.sending.command(command)

        def wrong(_: str) -> str:
            now = screen.store.health.stops if screen.store.health else ()
            return screen.entry.sending.barred() or ("" if stop in now else said.tr("news.stopped_since"))

        words = stop_words(stop, said, screen.idiom.offset_s)
        question = f"{words}\n{said.tr('dialog.resume', mode=screen.entry.confirming.mode())}"
        screen.app.push_screen(EditedLine(question, "", wrong), answered)

    # -- limits ---------------------------------------------------------------

    def show(self) -> None:
        """Show every limit that is set, and what is stopped."""
        show: WorkType[None] = partial(self._show)  # no coroutine before it runs
        self.screen.run_worker(show, group="limits", exclusive=True)

    async def _show(self) -> None:
        from termdesk.ui.screens.why import Why  # loaded when it is asked for

        screen = self.screen
        try:
            result = await screen.link.asking.ask(LimitsQuery())
        except TermdeskError as error:
            screen.say(News(screen.said.tr("news.no_limits", why=error), "danger"))
            return
        screen.app.push_screen(Why("\n".join(limit_lines(result, screen.said, screen.idiom.offset_s))))


def stop_words(stop: TradingStop, said: Catalogue, offset_s: int) -> str:
    """Say what is stopped, since when, by whom and why."""
    word = said.texts[trading_key(stop)]
    where = scope_words(stop.account, stop.instrument, said)
    return (
        f"{word} · {where} · {clock(stop.at_ns, offset_s, '%m-%d %H:%M:%S')} · {why_words(stop.actor, stop.note, said)}"
    )


def limit_lines(result: LimitsResult, said: Catalogue, offset_s: int) -> Iterator[str]:
    """Give every limit that is set by scope, and every stop; none of either is said too."""
    none = TradingLimits()
    for scoped in result.limits:
        rows = list(_rows(scoped.limits, none, said))
        if rows:
            yield scope_words(scoped.account, scoped.instrument, said)
            yield from (f"    {row}" for row in rows)
    if not any(scoped.limits != none for scoped in result.limits):
        yield said.tr("ui.limits_none")
    yield ""
    yield from (stop_words(stop, said, offset_s) for stop in result.stops)
    if not result.stops:
        yield said.tr("ui.limits_active")
    yield ""
    yield said.tr("ui.limits_change")


def _rows(limits: TradingLimits, none: TradingLimits, said: Catalogue) -> Iterator[str]:
    for name in limits.__struct_fields__:
        value = getattr(limits, name)
        if value == getattr(none, name) or name in _BESIDE.values():
            continue
        words = f"{said.texts[f'limit.{name}']}: {_text(value)}"
        beside = _BESIDE.get(name)
        yield words + (f" ({said.texts[f'limit.{beside}']}: {_text(getattr(limits, beside))})" if beside else "")


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return str(value.value) if isinstance(value, Enum) else str(value)
