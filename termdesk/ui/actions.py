"""The one registry of what a person can do: bindings, footer hints and the key sheet are made from it.

Handlers are looked up by the action's id. Keys are Textual's names; a user's own keys come from ``[keys]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from itertools import combinations
from operator import itemgetter

import msgspec


class Context(Enum):
    """When an action is reachable."""

    LADDER = "ladder"
    STAGED = "staged"
    """While an order is staged and the ladder has the focus."""
    TYPING = "typing"
    """While a quantity is being typed in the ladder."""
    SELECTED = "selected"
    """While a working order is chosen on the ladder."""
    HOLDING = "holding"
    """While working orders are picked up from the ladder, or were just cancelled at a price."""
    DESK = "desk"
    """From every pane."""
    REPLAY = "replay"
    """On a replay desk, from every pane."""
    LOST = "lost"
    """While no engine answers, from every pane."""
    STOPPED = "stopped"
    """While trading is stopped somewhere, from every pane."""
    WATCHLIST = "watchlist"
    BLOTTER = "blotter"
    TAPE = "tape"


class Danger(Enum):
    """What an action can do to the account."""

    NONE = "none"
    CANCELS = "cancels"
    """Takes orders back."""
    TRADES = "trades"
    """Sends an order."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person can do.

    ``shadows`` names actions whose key this one takes over while its own
    context holds; any other shared key is a conflict.
    """

    id: str
    keys: tuple[str, ...]
    context: Context
    danger: Danger = Danger.NONE
    hint: bool = False
    """Whether the hint line shows it."""
    shadows: tuple[str, ...] = ()

    @property
    def label_key(self) -> str:
        """Catalogue key of its short name."""
        return f"action.{self.id}.label"

    @property
    def help_key(self) -> str:
        """Catalogue key of what it does."""
        return f"action.{self.id}.help"


_DIGITS = tuple("0123456789")
DESK, LADDER, WATCHLIST = Context.DESK, Context.LADDER, Context.WATCHLIST
BLOTTER, STAGED, TYPING = Context.BLOTTER, Context.STAGED, Context.TYPING
REPLAY, LOST, STOPPED, TAPE = Context.REPLAY, Context.LOST, Context.STOPPED, Context.TAPE
SELECTED, HOLDING = Context.SELECTED, Context.HOLDING
_DIGIT_KEYS = tuple(f"alt+{digit}" for digit in "123456789")
_IN_PLACE = ("order.forget_digits",)

ACTIONS: tuple[Action, ...] = (
    Action(id="ladder.up", keys=("up",), context=LADDER),
    Action(id="ladder.down", keys=("down",), context=LADDER),
    Action(id="ladder.page_up", keys=("pageup",), context=LADDER),
    Action(id="ladder.page_down", keys=("pagedown",), context=LADDER),
    Action(id="ladder.home", keys=("home",), context=LADDER),
    Action(id="ladder.recentre", keys=("space",), context=LADDER, hint=True),
    Action(id="ladder.recentre_all", keys=("R",), context=LADDER),
    Action(id="ladder.aim", keys=("C",), context=LADDER),
    Action(id="ladder.coarser", keys=("plus",), context=LADDER),
    Action(id="ladder.finer", keys=("minus",), context=LADDER),
    Action(id="ladder.mode", keys=("M",), context=LADDER),
    Action(id="ladder.hold", keys=("z",), context=LADDER),
    Action(id="ladder.compress", keys=("underscore",), context=LADDER),
    Action(id="ladder.columns", keys=("w",), context=LADDER),
    Action(id="ladder.exit_unit", keys=("P",), context=LADDER),
    Action(id="ladder.clear", keys=("e",), context=LADDER),
    Action(id="ladder.clear_above", keys=("apostrophe",), context=LADDER),
    Action(id="ladder.clear_below", keys=("comma",), context=LADDER),
    Action(id="ladder.lock", keys=("L",), context=LADDER),
    Action(id="ladder.add", keys=("ctrl+n",), context=DESK),
    Action(id="ladder.close", keys=("ctrl+w",), context=LADDER),
    Action(id="order.buy", keys=("b",), context=LADDER, hint=True),
    Action(id="order.sell", keys=("s",), context=LADDER, hint=True),
    Action(id="order.buy_market", keys=("B",), context=LADDER),
    Action(id="order.sell_market", keys=("S",), context=LADDER),
    Action(id="order.join_bid", keys=("n",), context=LADDER),
    Action(id="order.join_ask", keys=("N",), context=LADDER),
    Action(id="order.improve_bid", keys=("i",), context=LADDER),
    Action(id="order.improve_ask", keys=("I",), context=LADDER),
    Action(id="order.buy_mid", keys=("u",), context=LADDER),
    Action(id="order.sell_mid", keys=("U",), context=LADDER),
    Action(id="order.lift", keys=("t",), context=LADDER),
    Action(id="order.hit", keys=("T",), context=LADDER),
    Action(id="order.size", keys=("Z",), context=LADDER),
    Action(id="order.preset", keys=_DIGIT_KEYS, context=LADDER),
    Action(id="order.bracket", keys=("W",), context=LADDER),
    Action(id="order.digit", keys=_DIGITS, context=LADDER),
    Action(id="order.point", keys=("full_stop",), context=TYPING, shadows=("replay.step",)),
    Action(id="order.erase", keys=("backspace",), context=TYPING),
    Action(id="order.forget_digits", keys=("escape",), context=TYPING),
    Action(id="order.send", keys=("enter",), context=STAGED, danger=Danger.TRADES, hint=True),
    Action(id="order.drop", keys=("escape",), context=STAGED, hint=True, shadows=(*_IN_PLACE, "order.deselect")),
    Action(id="order.cancel_here", keys=("x",), context=LADDER, danger=Danger.CANCELS, hint=True),
    Action(id="order.cancel_buys", keys=("d",), context=LADDER, danger=Danger.CANCELS),
    Action(id="order.cancel_sells", keys=("D",), context=LADDER, danger=Danger.CANCELS),
    Action(id="order.select", keys=("o",), context=LADDER),
    Action(id="order.select_next", keys=("tab",), context=SELECTED, shadows=("pane.next",)),
    Action(id="order.deselect", keys=("escape",), context=SELECTED, shadows=_IN_PLACE),
    Action(id="order.move_up", keys=("shift+up", "right_parenthesis"), context=LADDER),
    Action(id="order.move_down", keys=("shift+down", "left_parenthesis"), context=LADDER),
    Action(id="order.bracket_up", keys=("alt+up", "right_curly_bracket"), context=LADDER),
    Action(id="order.bracket_down", keys=("alt+down", "left_curly_bracket"), context=LADDER),
    Action(id="order.pick_up", keys=("c",), context=LADDER),
    Action(id="order.put_down", keys=("p",), context=HOLDING, shadows=("replay.pause",)),
    Action(id="position.flatten", keys=("f",), context=DESK, danger=Danger.TRADES),
    Action(id="position.reverse", keys=("r",), context=DESK, danger=Danger.TRADES),
    Action(id="position.half", keys=("H",), context=DESK, danger=Danger.TRADES),
    Action(id="position.break_even", keys=("E",), context=DESK),
    Action(id="order.cancel_all", keys=("X",), context=DESK, danger=Danger.CANCELS),
    Action(id="order.cancel_everything", keys=("ctrl+x",), context=DESK, danger=Danger.CANCELS),
    Action(id="desk.panic", keys=("ctrl+g",), context=DESK, danger=Danger.TRADES),
    Action(id="order.form", keys=("f7", "ctrl+o"), context=DESK),
    Action(id="desk.line", keys=("colon",), context=DESK),
    Action(id="order.why", keys=("y",), context=DESK),
    Action(id="desk.arm", keys=("A",), context=DESK),
    Action(id="desk.kill", keys=("ctrl+k",), context=DESK, danger=Danger.CANCELS),
    Action(id="desk.resume", keys=("alt+k",), context=STOPPED, danger=Danger.TRADES, hint=True),
    Action(id="desk.limits", keys=("alt+l",), context=DESK),
    Action(id="account.next", keys=("a",), context=DESK, hint=True),
    Action(id="symbol.previous", keys=("left_square_bracket",), context=DESK),
    Action(id="symbol.next", keys=("right_square_bracket",), context=DESK),
    Action(id="watchlist.up", keys=("up",), context=WATCHLIST),
    Action(id="watchlist.down", keys=("down",), context=WATCHLIST),
    Action(id="watchlist.page_up", keys=("pageup",), context=WATCHLIST),
    Action(id="watchlist.page_down", keys=("pagedown",), context=WATCHLIST),
    Action(id="watchlist.first", keys=("home",), context=WATCHLIST),
    Action(id="watchlist.last", keys=("end",), context=WATCHLIST),
    Action(id="list.previous", keys=("left",), context=WATCHLIST),
    Action(id="list.next", keys=("right",), context=WATCHLIST),
    Action(id="list.take", keys=("enter",), context=WATCHLIST),
    Action(
        id="list.add",
        keys=(
            "plus",
            "insert",
        ),
        context=WATCHLIST,
    ),
    Action(id="list.remove", keys=("delete",), context=WATCHLIST),
    Action(id="list.raise", keys=("shift+up",), context=WATCHLIST),
    Action(id="list.lower", keys=("shift+down",), context=WATCHLIST),
    Action(id="list.sort", keys=("S",), context=WATCHLIST),
    Action(id="list.filter", keys=("F",), context=WATCHLIST),
    Action(id="list.rules", keys=("K",), context=WATCHLIST),
    Action(id="list.columns", keys=("C",), context=WATCHLIST),
    Action(id="list.new", keys=("N",), context=WATCHLIST),
    Action(id="list.rename", keys=("R",), context=WATCHLIST),
    Action(id="list.delete", keys=("D",), context=WATCHLIST),
    Action(id="finder.open", keys=("slash",), context=DESK, hint=True),
    Action(id="pane.link", keys=("G",), context=DESK),
    Action(id="blotter.previous_tab", keys=("left",), context=BLOTTER),
    Action(id="blotter.next_tab", keys=("right",), context=BLOTTER),
    Action(id="blotter.up", keys=("up",), context=BLOTTER),
    Action(id="blotter.down", keys=("down",), context=BLOTTER),
    Action(id="blotter.page_up", keys=("pageup",), context=BLOTTER),
    Action(id="blotter.page_down", keys=("pagedown",), context=BLOTTER),
    Action(id="row.show", keys=("enter",), context=BLOTTER),
    Action(id="row.cancel", keys=("x",), context=BLOTTER, danger=Danger.CANCELS, hint=True),
    Action(id="row.amend", keys=("m",), context=BLOTTER, hint=True),
    Action(id="row.flatten", keys=("f",), context=BLOTTER, danger=Danger.TRADES, shadows=("position.flatten",)),
    Action(id="row.mark", keys=("space",), context=BLOTTER),
    Action(id="row.sort", keys=("S",), context=BLOTTER),
    Action(id="row.filter", keys=("F",), context=BLOTTER),
    Action(id="row.note", keys=("n",), context=BLOTTER),
    Action(id="row.export", keys=("e",), context=BLOTTER),
    Action(id="tape.back", keys=("down",), context=TAPE),
    Action(id="tape.on", keys=("up",), context=TAPE),
    Action(id="tape.newest", keys=("home",), context=TAPE),
    Action(id="tape.side", keys=("s",), context=TAPE),
    Action(id="tape.join", keys=("j",), context=TAPE),
    Action(id="tape.least", keys=("F",), context=TAPE),
    Action(id="tape.large", keys=("L",), context=TAPE),
    Action(id="tape.depth", keys=("d",), context=TAPE),
    Action(id="pane.copy", keys=("Y",), context=DESK),
    Action(id="pane.next", keys=("tab",), context=DESK, hint=True),
    Action(id="pane.previous", keys=("shift+tab",), context=DESK),
    Action(id="pane.watchlist", keys=("f1",), context=DESK),
    Action(id="pane.ladder", keys=("f2",), context=DESK),
    Action(id="pane.chart", keys=("f3",), context=DESK),
    Action(id="pane.tape", keys=("f4",), context=DESK),
    Action(id="pane.blotter", keys=("f5",), context=DESK),
    Action(id="pane.jump", keys=("alt+j",), context=DESK),
    Action(id="pane.alone", keys=("alt+z",), context=DESK),
    Action(id="pane.wider", keys=("ctrl+right",), context=DESK),
    Action(id="pane.narrower", keys=("ctrl+left",), context=DESK),
    Action(id="pane.higher", keys=("ctrl+down",), context=DESK),
    Action(id="pane.lower", keys=("ctrl+up",), context=DESK),
    Action(id="pane.swap", keys=("alt+s",), context=DESK),
    Action(id="pane.split_right", keys=("alt+r",), context=DESK),
    Action(id="pane.split_below", keys=("alt+d",), context=DESK),
    Action(id="pane.close", keys=("alt+x",), context=DESK),
    Action(id="workspace.next", keys=("f6",), context=DESK),
    Action(id="workspace.trade", keys=("alt+t",), context=DESK),
    Action(id="workspace.watch", keys=("alt+w",), context=DESK),
    Action(id="workspace.research", keys=("alt+e",), context=DESK),
    Action(id="workspace.review", keys=("alt+v",), context=DESK),
    Action(id="workspace.reset", keys=("alt+0",), context=DESK),
    Action(id="view.side", keys=("v",), context=DESK),
    Action(id="view.theme", keys=("ctrl+t",), context=DESK),
    Action(id="view.up_down", keys=("alt+u",), context=DESK),
    Action(id="view.language", keys=("ctrl+l",), context=DESK),
    Action(id="replay.pause", keys=("p",), context=REPLAY, hint=True),
    Action(id="replay.step", keys=("full_stop",), context=REPLAY, hint=True),
    Action(id="replay.slower", keys=("less_than_sign",), context=REPLAY),
    Action(id="replay.faster", keys=("greater_than_sign",), context=REPLAY),
    Action(id="replay.jump", keys=("g",), context=REPLAY),
    Action(id="engine.start", keys=("ctrl+r",), context=LOST, hint=True),
    Action(id="desk.palette", keys=("ctrl+p",), context=DESK),
    Action(id="desk.guide", keys=("f9",), context=DESK),
    Action(id="view.mute", keys=("alt+m",), context=DESK),
    Action(id="view.bandwidth", keys=("alt+n",), context=DESK),
    Action(id="desk.help", keys=("question_mark",), context=DESK, hint=True),
    Action(id="desk.key_check", keys=("f8",), context=DESK),
    Action(id="view.redraw", keys=("alt+p",), context=DESK),
    Action(id="desk.suspend", keys=("ctrl+z",), context=DESK),
    Action(id="desk.quit", keys=("q", "ctrl+q"), context=DESK, hint=True),
)

_IN_LADDER = frozenset({LADDER, STAGED, TYPING, SELECTED, HOLDING})
_PANES = _IN_LADDER | {WATCHLIST, BLOTTER, TAPE}


class Conflict(msgspec.Struct, frozen=True):
    """Two actions that one key could mean at the same moment."""

    key: str
    first: str
    second: str


class Keymap(msgspec.Struct, frozen=True):
    """Keys of every action, and what is wrong with the user's own ones.

    Attributes:
        keys: Keys by action id.
        unknown: Overridden ids that do not exist, with the nearest that does (or empty).
        conflicts: Keys with two meanings; the first of the two wins.
        refused: Key and action where something dangerous was put on a key that moves or types; it stays off it.
    """

    keys: dict[str, tuple[str, ...]]
    unknown: dict[str, str]
    conflicts: tuple[Conflict, ...]
    refused: tuple[tuple[str, str], ...] = ()

    def has(self, key: str, context: Context) -> bool:
        """Whether a key means something in a context."""
        return any(key in self.keys[action.id] for action in ACTIONS if action.context is context)


def keymap(overrides: Mapping[str, str]) -> Keymap:
    """Join default keys with the user's own (``"ctrl+x,f9"`` by action id; empty takes the key away)."""
    keys = {action.id: action.keys for action in ACTIONS}
    unknown = {}
    for name, text in overrides.items():
        if name not in keys:
            unknown[name] = next(iter(get_close_matches(name, keys, n=1, cutoff=0.4)), "")
            continue
        keys[name] = tuple(part.strip() for part in text.split(",") if part.strip())
    refused = _disarmed(keys)
    return Keymap(keys, unknown, tuple(_conflicts(keys)), refused)


_MOVES = ("up", "down", "page_up", "page_down", "home", "first", "last", "previous", "next", "previous_tab", "next_tab")
_HELD = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "space", "tab", "shift+tab", "backspace"}
    | {"enter", "escape", *_DIGITS}
)
"""Keys that hands hold down or press without looking."""


def _disarmed(keys: dict[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """Take dangerous actions off keys that move or type; one that has no key left gets its own back."""
    moving = _HELD.union(*(keys[action.id] for action in ACTIONS if action.id.partition(".")[2] in _MOVES))
    refused = []
    for action in ACTIONS:
        wrong = [key for key in keys[action.id] if key in moving and key not in action.keys]
        if action.danger is not Danger.NONE and wrong:
            refused += [(key, action.id) for key in wrong]
            keys[action.id] = tuple(key for key in keys[action.id] if key not in wrong) or action.keys
    return tuple(refused)


def together(first: Context, second: Context) -> bool:
    """Whether both contexts can hold at the same moment."""
    if first in _IN_LADDER and second in _IN_LADDER:
        return True
    return not (first in _PANES and second in _PANES) or first is second


def _conflicts(keys: Mapping[str, tuple[str, ...]]) -> Sequence[Conflict]:
    users: dict[str, list[tuple[int, Action]]] = {}
    for at, action in enumerate(ACTIONS):
        for key in dict.fromkeys(keys[action.id]):
            users.setdefault(key, []).append((at, action))
    found: list[tuple[int, int, Conflict]] = []
    for key, rivals in users.items():
        for (at, first), (after, second) in combinations(rivals, 2):
            shadowed = second.id in first.shadows or first.id in second.shadows
            if not shadowed and together(first.context, second.context):
                found.append((at, after, Conflict(key, first.id, second.id)))
    return [conflict for _, _, conflict in sorted(found, key=itemgetter(0, 1))]


_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "insert": "Ins",
    "delete": "Del",
    "escape": "Esc",
    "backspace": "⌫",
    "slash": "/",
    "full_stop": ".",
    "comma": ",",
    "apostrophe": "'",
    "plus": "+",
    "minus": "-",
    "underscore": "_",
    "colon": ":",
    "question_mark": "?",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def shown_keys(keys: tuple[str, ...]) -> str:
    """Write keys as people know them, ``Ctrl+T`` and ``Alt+↑``; digits as a range."""
    if keys == _DIGITS:
        return "0-9"
    if keys == _DIGIT_KEYS:
        return "Alt+1-9"
    return " ".join(map(_shown, keys))


def _shown(key: str) -> str:
    *modifiers, last = key.split("+")
    is_letter = len(last) == 1
    word = _SHOWN.get(last) or (last.upper() if is_letter and modifiers else last if is_letter else last.title())
    return "+".join([*(modifier.title() for modifier in modifiers), word])


_TRADING = ("order.", "position.")


def touches_account(name: str) -> bool:
    """Whether an action prepares, sends or takes back orders, or arms the screen for it."""
    action = next(one for one in ACTIONS if one.id == name)
    return action.danger is not Danger.NONE or name.startswith(_TRADING) or name == "desk.arm"
