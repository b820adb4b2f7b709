"""The status line: which kind of desk this is, always first and always in words, then how everything is."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.facts import TradingStateChanged
from termdesk.core.model.limits import TradingStop
from termdesk.core.model.terms import Link, Mode
from termdesk.core.wire.topics import ReplayHealth
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.surface import Surface

_LINK_STYLES = {Link.UP: "text", Link.CONNECTING: "warning", Link.DOWN: "danger", Link.ENDED: "muted"}


NAME_CELLS = 16
"""Of another screen's name; what it says of itself may be long."""

REASON_CELLS = 60
"""Of why trading is halted; the messages hold the whole of it."""


class Other(msgspec.Struct, frozen=True):
    """Another client of the engine, as it says itself; None is what it did not tell."""

    name: str
    actor: str = ""
    """Empty where it is the same as this screen's."""
    armed: bool | None = None
    looks_on: bool | None = None


class StatusModel(msgspec.Struct, frozen=True):
    """What the status line says. Text fields are shown as they are; an empty one is left out."""

    mode: Mode
    replay: ReplayHealth | None = None
    desk_ns: int = 0
    """Desk time, shown on a replay; 0 hides it."""
    engine: Link = Link.CONNECTING
    silent_ns: int = 0
    """How long an engine has said nothing that is still attached; 0 where it speaks."""
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
    others: tuple[Other, ...] = ()
    """Who else is attached, armed ones first."""


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


def parts(model: StatusModel, idiom: Idiom, *, is_short: bool = False) -> list[Cell]:
    """Give what there is to say, the most important first: of a replay its time, of any other desk its source.

    In short account and source go by their names alone.
    """
    tr = idiom.tr
    said: list[Cell] = [(f" {badge(model, idiom)} ", "strong@badge")]
    if model.engine is not Link.UP:
        said.append((tr(f"status.engine.{model.engine.value}"), "danger@header"))
    elif model.silent_ns:
        said.append((f"{tr('status.engine.silent')} {text.age(model.silent_ns)}", "danger@header"))
    if model.halted:
        said.append((tr("status.halted"), "danger@header"))
    said += [(_stop(stop, idiom), "danger@header") for stop in model.stops]
    if model.account:
        named = model.account if is_short else f"{tr('status.account')} {model.account}"
        said.append((named, "strong@header"))
        said.append(
            (tr("status.armed"), "warning@header") if model.is_armed else (tr("status.disarmed"), "muted@header")
        )
    if any(one.armed for one in model.others):
        said.append(armed_elsewhere(model, idiom))
    if model.halted:
        # Apart from the word: a long path in it would push out what must be seen with it.
        said.append(
            (text.cut(reason := text.clean(model.halted), min(REASON_CELLS, text.width_of(reason))), "danger@header")
        )
    if model.notice:
        said.append((model.notice, "warning@header"))
    feed = [_feed(model, idiom, is_short=is_short)] if model.feed else []
    if feed and model.delay:
        feed.append((model.delay, "warning@header"))
    if model.desk_ns:
        said.append((text.clock(model.desk_ns, idiom.offset_s, "%Y-%m-%d %H:%M:%S"), "text@header"))
    else:
        said += feed
    said += [_other(one, idiom) for one in model.others if not one.armed]
    if model.pnl is not None:
        said += [_pnl(*each, idiom) for each in model.pnl or (("", Decimal(0)),)]
    if model.desk_ns:
        said += feed
    if model.engine is Link.UP and not model.silent_ns:
        said.append((tr("status.engine.up"), "muted@header"))
    if model.symbol:
        said.append((model.symbol, "muted@header"))
    return said


def armed_elsewhere(model: StatusModel, idiom: Idiom) -> Cell:
    """Name the first of the other screens that are armed, and say how many more are."""
    first, *more = [_name(one) for one in model.others if one.armed]
    words = f"{idiom.tr('status.also')} {first} {idiom.tr('status.armed')}"
    return (f"{words} +{len(more)}" if more else words, "warning@header")


def _other(other: Other, idiom: Idiom) -> Cell:
    state = "status.arming_unknown" if other.armed is None else "status.disarmed"
    state = "status.looks_on" if other.looks_on else state
    return (f"{idiom.tr('status.also')} {_name(other)} {idiom.tr(state)}", "muted@header")


def _name(other: Other) -> str:
    name = text.clean(f"{other.actor}@{other.name}" if other.actor else other.name)
    return text.cut(name, min(NAME_CELLS, text.width_of(name)))


def trading_key(stop: TradingStop | TradingStateChanged) -> str:
    """Give the catalogue key of what may be traded."""
    return f"status.trading.{'killed' if stop.killed else stop.state.value}"


def _stop(stop: TradingStop, idiom: Idiom) -> str:
    """The state in words, and where it holds; the whole desk needs no name."""
    where = " ".join(name for name in (stop.account, stop.instrument) if name)
    word = idiom.tr(trading_key(stop))
    return f"{word} {where}".rstrip()


def _feed(model: StatusModel, idiom: Idiom, *, is_short: bool) -> Cell:
    word = idiom.tr("status.feed.stale" if model.is_feed_stale else f"status.feed.{model.feed_link.value}")
    style = "danger" if model.is_feed_stale else _LINK_STYLES[model.feed_link]
    age = "" if model.feed_link is Link.ENDED else f" {text.age(model.feed_age_ns)}"
    source = model.feed if is_short else f"{idiom.tr('status.source')} {model.feed}"
    return (f"{source} {word}{age}", f"{style}@header")


def _pnl(currency: str, amount: Decimal | None, idiom: Idiom) -> Cell:
    sign = 0 if not amount else 1 if amount > 0 else -1
    ink = ("flat", "up", "down")[sign]
    mark = idiom.glyphs.direction(sign) if sign else ""
    words = f"{idiom.tr('status.pnl')} {mark}{text.money(amount, with_sign=True)} {currency}"
    return (words.rstrip(), f"{ink}@header")


def paint_status(model: StatusModel, idiom: Idiom, width: int) -> Row:
    """Paint one line; what does not fit is left out whole, from the right; badge and who else is armed always stay.

    Before the account's profit is left out, account and source lose their words.
    """
    profit = [_pnl(*each, idiom) for each in model.pnl or ()]
    row = _laid(parts(model, idiom), model, idiom, width)
    if all(cell in row for cell in profit):
        return row
    short = _laid(parts(model, idiom, is_short=True), model, idiom, width)
    return max(row, short, key=lambda laid: sum(cell in laid for cell in profit))


def _laid(said: list[Cell], model: StatusModel, idiom: Idiom, width: int) -> Row:
    first, *others = said
    row: list[Cell] = [(text.left(first[0], min(width, text.width_of(first[0]))), first[1])]
    used = text.width_of(row[0][0])
    separator = f" {idiom.glyphs.separator} "
    kept = armed_elsewhere(model, idiom) if any(one.armed for one in model.others) else None
    reserved = text.width_of(separator) + text.width_of(kept[0]) if kept else 0
    is_full = False
    for cell in others:
        words, style = text.clean(cell[0]), cell[1]
        lead = separator if len(row) > 1 else " "
        cells = text.width_of(lead) + text.width_of(words)
        reserved = 0 if cell == kept else reserved
        is_full = is_full or used + cells + reserved > width
        if cell != kept and is_full:
            continue
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
