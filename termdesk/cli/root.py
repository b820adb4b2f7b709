"""Root options: how the screen is asked to start. Read with argparse, which loads fast."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from termdesk.cli.failure import BadUsage, guarded
from termdesk.config.launch import LaunchOptions


class RootOption(msgspec.Struct, frozen=True):
    """One root option, for argparse and for the help of the console."""

    flag: str
    metavar: str
    help: str


ROOT_OPTIONS = {
    "desk": RootOption("--desk", "NAME", "Desk to open; its engine is started if it does not run."),
    "feed": RootOption("--feed", "NAME", "Where quotes come from: demo, or another installed feed."),
    "symbols": RootOption("--symbols", "A,B", "Instruments to follow, separated by commas."),
    "config": RootOption("--config", "FILE", "Configuration read after the user's own."),
    "replay": RootOption("--replay", "FILE...", "Play recordings on a desk of their own."),
    "speed": RootOption("--speed", "N|max", "Pace of the recording: 1, 10, 100 or max."),
    "theme": RootOption("--theme", "NAME|FILE", "auto, a shipped theme such as dark or light, or a theme file."),
    "language": RootOption("--language", "en|zh", "Language of the screen."),
    "profile": RootOption("--profile", "auto|full|low", "low spares the line to the terminal, as over SSH."),
    "no_mouse": RootOption("--no-mouse", "", "Leave the mouse to the terminal."),
}


def symbols_of(text: str) -> tuple[str, ...]:
    """Split a list of symbols at its commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def speed_of(text: str) -> float:
    """Read the pace of a replay: a number above 0, with or without ``x``, or ``max``, which is 0.

    Raises:
        BadUsage: It is neither.
    """
    if text == "max":
        return 0.0
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        speed = -1.0
    if not 0 < speed < 1e6:
        raise BadUsage(f"--speed: expected a number above 0 or max, was {text!r}")
    return speed


def parse_root(words: Sequence[str]) -> LaunchOptions:
    """Read the root options.

    Raises:
        BadUsage: An option is unknown or lacks its value, or a word is none.
    """
    parser = _Parser(prog="termdesk", add_help=False, allow_abbrev=False)
    for name, option in ROOT_OPTIONS.items():
        parser.add_argument(option.flag, dest=name, **_how(option))
    found = parser.parse_args(list(words))
    return LaunchOptions(
        desk=found.desk,
        feed=found.feed,
        symbols=symbols_of(found.symbols),
        config=Path(found.config) if found.config else None,
        replay=tuple(Path(file) for file in found.replay),
        speed=speed_of(found.speed) if found.speed else None,
        theme=found.theme,
        language=found.language,
        profile=found.profile,
        mouse=False if found.no_mouse else None,
    )


def open_screen(words: Sequence[str]) -> int:
    """Open the screen as the root options say; gives the exit code."""

    def opened() -> int:
        options = parse_root(words)
        from termdesk.ui.launch import run

        return run(options)

    return guarded(opened)


def _how(option: RootOption) -> dict[str, Any]:
    if not option.metavar:
        return {"action": "store_true"}
    if option.metavar.endswith("..."):
        return {"nargs": "+", "action": "extend", "default": []}
    return {"default": ""}


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are exceptions."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing and leaving."""
        raise BadUsage(f"{message}; commands come first: termdesk COMMAND [OPTIONS], see termdesk --help")
