"""The status line: which kind of desk this is, always first and always in words, then how everything is."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.limits import TradingStop
from termdesk.core.model.terms import Link, Mode
from termdesk.core.wire.topics import ReplayHealth
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.surface import Surface

_LINK_STYLES = {Link.UP: "text", Link.CONNECTING: "warning", Link.DOWN: "danger", Link.ENDED: "muted"}


class StatusModel(msgspec.Struct, frozen=True):
    """What the status line says. Text fields are shown as they are; an empty one is left out."""

    mode: Mode
    replay: ReplayHealth | None = None
    desk_ns: int = 0
    """Desk time, shown on a replay; 0 hides it."""
    engine: Link = Link.CONNECTING
    halted: str = ""
    """Why trading is halted, in the reader's words."""
    stops: tuple[TradingStop, ...] = ()
    """Where trading is halted or only reduces, by a person or a limit."""
    account: str = ""
    is_armed: bool = False
    """Whether this screen sends orders that add risk."""
    feed: str = ""
    feed_link: Link = Link.CONNECTING
    feed_age_ns: int | None = None
    is_feed_stale: bool = False
    delay: str = ""
    """That the source's prices are late by design, or that it does not tell."""
    pnl: tuple[tuple[str, Decimal | None], ...] | None = None
    """Profit and loss of the account per currency, never added up; None before it is known."""
    symbol: str = ""
    notice: str = ""
    """A word on the screen's own state, such as a lowered frame rate."""


def badge(model: StatusModel, idiom: Idiom) -> str:
    """Name the mode in words, with the speed of a replay."""
    words = idiom.tr(f"status.mode.{model.mode.value}")
    replay = model.replay
    if model.mode is not Mode.REPLAY or replay is None:
        return words
    if replay.ended:
        return f"{words} {idiom.tr('status.replay.ended')}"
    pace = f"{replay.speed:g}×" if replay.speed else idiom.tr("status.replay.max")
    return f"{words} {pace}" + (f" {idiom.tr('status.replay.paused')}" if replay.paused else "")


def parts(model: StatusModel, idiom: Idiom) -> list[Cell]:
    """Give what there is to say, the most important first: of a replay its time, of any other desk its source."""
    tr = idiom.tr
    said: list[Cell] = [(f" {badge(model, idiom)} ", "strong@badge")]
    if model.engine is not Link.UP:
        said.append((tr(f"status.engine.{model.engine.value}"), "danger@header"))
    if model.halted:
        said.append((f"{tr('status.halted')}: {model.halted}", "danger@header"))
    said += [(_stop(stop, idiom), "danger@header") for stop in model.stops]
    if model.account:
        said.append((f"{tr('status.account')} {model.account}", "strong@header"))
        said.append(
            (tr("status.armed"), "warning@header") if model.is_armed else (tr("status.disarmed"), "muted@header")
        )
    if model.notice:
        said.append((model.notice, "warning@header"))
    feed = [_feed(model, idiom)] if model.feed else []
    if feed and model.delay:
        feed.append((model.delay, "warning@header"))
    if model.desk_ns:
        said.append((text.clock(model.desk_ns, idiom.offset_s, "%Y-%m-%d %H:%M:%S"), "text@header"))
    else:
        said += feed
    if model.pnl is not None:
        said += [_pnl(currency, amount, idiom) for currency, amount in model.pnl or (("", Decimal(0)),)]
    if model.desk_ns:
        said += feed
    if model.engine is Link.UP:
        said.append((tr("status.engine.up"), "muted@header"))
    if model.symbol:
        said.append((model.symbol, "muted@header"))
    return said


def _stop(stop: TradingStop, idiom: Idiom) -> str:
    """The state in words, and where it holds; the whole desk needs no name."""
    where = " ".join(name for name in (stop.account, stop.instrument) if name)
    word = idiom.tr(f"status.trading.{'killed' if stop.killed else stop.state.value}")
    return f"{word} {where}".rstrip()


def _feed(model: StatusModel, idiom: Idiom) -> Cell:
    word = idiom.tr("status.feed.stale" if model.is_feed_stale else f"status.feed.{model.feed_link.value}")
    style = "danger" if model.is_feed_stale else _LINK_STYLES[model.feed_link]
    age = "" if model.feed_link is Link.ENDED else f" {text.age(model.feed_age_ns)}"
    return (f"{idiom.tr('status.source')} {model.feed} {word}{age}", f"{style}@header")


def _pnl(currency: str, amount: Decimal | None, idiom: Idiom) -> Cell:
    sign = 0 if not amount else 1 if amount > 0 else -1
    ink = ("flat", "up", "down")[sign]
    mark = idiom.glyphs.direction(sign) if sign else ""
    words = f"{idiom.tr('status.pnl')} {mark}{text.money(amount, with_sign=True)} {currency}"
    return (words.rstrip(), f"{ink}@header")


def paint_status(model: StatusModel, idiom: Idiom, width: int) -> Row:
    """Paint one line; what does not fit is left out whole, from the right; the badge always stays."""
    first, *others = parts(model, idiom)
    row: list[Cell] = [(text.left(first[0], min(width, text.width_of(first[0]))), first[1])]
    used = text.width_of(row[0][0])
    separator = f" {idiom.glyphs.separator} "
    for index, (words, style) in enumerate(others):
        lead = separator if index else " "
        words = text.clean(words)
        cells = text.width_of(lead) + text.width_of(words)
        if used + cells > width:
            break
        row += [(lead, "muted@header"), (words, style)]
        used += cells
    return [*row, (" " * (width - used), "text@header")]


class StatusSurface(Surface):
    """The status line as a widget of one row."""

    DEFAULT_CSS = """
    StatusSurface { height: 1; }
    """

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.idiom = idiom
        self.model: StatusModel | None = None

    def show(self, model: StatusModel | None) -> int:
        """Show another state; returns how many rows changed."""
        self.model = model
        return self.flush()

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint the line; nothing is known before the first model."""
        return [] if self.model is None else [paint_status(self.model, self.idiom, width)]
