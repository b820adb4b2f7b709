"""Text from outside is only shown, whatever field it stands in: proved on the bytes that the terminal receives."""

from __future__ import annotations

import csv
import re
import shlex
import unicodedata
from base64 import b64decode
from itertools import product
from pathlib import Path

import pytest
from home import TERMDESK, Home
from hostile import PAYLOADS, HostileEngine
from tmux import Tmux, TmuxScreen

from termdesk.ui.locale import LANGUAGES, catalogue

ESCAPED = "".join(f"\\u{ord(c):04x}" for c in PAYLOADS[0])
"""A payload as TOML writes it."""
FORMULA = re.compile(r"[=+\-@](?![\d,.]+%?$)")
"""Begins a formula, unless a number follows."""
LANGUAGES_AND_TURNS = (("en", 0), ("zh", 3))
"""Every field once in each language; the long ones give every field every payload."""
CONFIG = f"""
[sounds]
mute = true
[orders]
armed_at_start = true
paste_gap_ms = 0
[keys.overrides]
"order.{ESCAPED}" = "x"
"""


def hostile_files(home: Home) -> None:
    home.config(CONFIG)
    lists = home.folder / "config" / "watchlists"
    lists.mkdir()
    words = f'title = "{ESCAPED}list"\ngroup = "{ESCAPED}group"\neverything = true\nfilter = ""\n'
    (lists / "good.toml").write_text(words)
    (lists / "bad\x1b[2J.toml").write_text(f'columns = ["{ESCAPED}"]\n')
    (home.folder / "state").mkdir()
    (home.folder / "state" / "workspaces.json").write_text('{"shown": "\\u001b[2J", "changed": {"\\u001b[2J": 1}}')


def walked(screen: TmuxScreen, language: str) -> None:
    """Show every field once."""
    said = catalogue(language)
    texts = said.texts
    screen.shows(texts["news.list_wrong"].partition("{")[0])
    screen.shows("\N{REPLACEMENT CHARACTER}")
    screen.press("F5")
    for tab in ("fills", "positions", "conditions", "account", "events", "log"):
        screen.press("Right")
        screen.shows(f"[{texts[f'blotter.tab.{tab}']} ")
    for tab in ("events", "account", "conditions", "positions", "fills", "orders"):
        screen.press("Left")
        screen.shows(f"[{texts[f'blotter.tab.{tab}']} ")
    screen.press("Down")
    for key, answer, text in (("e", "c", "orders"), ("e", "j", "orders")):
        screen.press(key)
        screen.shows(texts["dialog.export"].partition("{")[0].strip())
        screen.press(answer)
        screen.shows_no(texts["dialog.leave_it"])
        screen.shows(text)
    screen.press("Y")
    screen.shows("clipboard.txt")
    opens = (
        ("y", texts["ui.why_filled"].format(done=1, qty=1)),
        ("n", texts["dialog.note"]),
        ("F7", texts["ui.form_send"]),
        ("/", texts["finder.hint"].partition(" ·")[0]),
        ("C-k", texts["dialog.kill"].partition("?")[0][:12]),
        ("?", texts["ui.keys_marks"]),
    )
    for key, text in opens:
        screen.press(key)
        screen.shows(text)
        screen.press("Escape")
        screen.shows_no(text)
    screen.press("F2")
    screen.shows(f"━{texts['action.pane.ladder.label']}")
    screen.press("b")
    screen.shows(texts["ticket.staged"])
    screen.press("Enter")
    screen.shows(texts["news.refused"].partition("{")[0].strip())
    for workspace in ("watch", "research", "review", "trade"):
        screen.press({"watch": "M-w", "research": "M-e", "review": "M-v", "trade": "M-t"}[workspace])
        screen.shows(texts[f"workspace.{workspace}"])


@pytest.mark.parametrize(
    ("language", "turn"),
    [
        *LANGUAGES_AND_TURNS,
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in product(LANGUAGES, range(len(PAYLOADS)))
            if case not in LANGUAGES_AND_TURNS
        ),
    ],
)
def test_no_text_of_an_engine_or_of_a_file_is_obeyed(tmux: Tmux, home: Home, language: str, turn: int) -> None:
    hostile_files(home)
    with HostileEngine(home.folder / "runtime" / "demo.sock", turn):
        env = {**home.env, "COLORTERM": "truecolor"}
        screen = tmux.open([*TERMDESK, "--desk", "demo", "--language", language], env, 200, 50)
        walked(screen, language)
        screen.press("C-q")
        screen.shows(catalogue(language).texts["dialog.stay"])
        screen.press("l")
        assert screen.ends() == 0
    received = screen.received()
    assert received.foreign == []
    assert received.controls() == set()
    assert "\a" not in received.text
    assert "[/]" in received.text, "markup is text"
    for copied in received.copied:
        assert_harmless(b64decode(copied).decode())
    exports = sorted((home.folder / "state" / "exports").iterdir())
    assert {path.suffix for path in exports} == {".csv", ".json", ".txt"}
    for path in exports:
        assert_harmless(path.read_text(encoding="utf-8"))


def assert_harmless(text: str) -> None:
    odd = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"}
    assert odd == set()
    if not text.startswith("["):
        cells = [cell for row in csv.reader(text.splitlines()) for part in row for cell in part.split("\t")]
        assert [cell for cell in cells if FORMULA.match(cell)] == []


def test_no_word_of_the_command_line_is_obeyed_when_it_is_wrong(tmux: Tmux, home: Home) -> None:
    word = "\x1b]0;owned\x07\x9b2J\u202e[/]"
    file = home.folder / "own.toml"
    file.write_text(f'name = "x"\n[colours]\nprimary = "{ESCAPED}"\n"{ESCAPED}" = "x"\n')
    calls = (
        ["--config", word],
        ["--theme", word],
        ["--theme", str(file)],
        ["--desk", word],
        ["engine", "--replay", word],
    )
    line = "; ".join(shlex.join([*TERMDESK, *words]) for words in (*calls, ["order", word], [word]))
    screen = tmux.open(["sh", "-c", f"{line}; echo all said"], home.env, 120, 50)
    screen.ends(within_s=60)
    received = screen.received()
    assert "all said" in received.text
    assert received.text.count("termdesk: ") >= len(calls)
    assert received.foreign == []
    assert received.controls() == set()
    assert not Path(home.folder / "state" / "desks").exists()
