"""``termdesk web``: the screen of a running desk in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, BadUsage, console
from termdesk.cli.running import Language, Theme


@console
def web(
    desk: o.Desk = "",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8000,
    trade: Annotated[
        bool, typer.Option("--trade", help="Let pages send orders; without it they only look on.")
    ] = False,
    public_url: Annotated[
        str, typer.Option("--public-url", metavar="URL", help="Address under which a proxy with logins shows it.")
    ] = "",
    theme: Theme = "",
    language: Language = "",
) -> int:
    """Show a running desk in browsers of this machine, until it is ended.

    Whoever reaches the port sees the desk: it listens on 127.0.0.1 only and has no logins of its own.
    """
    from termdesk.cli.desk import choose_desk

    try:
        from termdesk.ui.web import WebScreens
    except ModuleNotFoundError as missing:
        raise BadUsage(f"the browser screen needs {missing.name}: pip install 'termdesk[web]'") from None
    words = ["attach", "--desk", choose_desk(desk).desk]
    words += [] if trade else ["--read-only"]
    words += ["--theme", theme] if theme else []
    words += ["--language", language] if language else []
    WebScreens(words, port, public_url).serve()
    return DONE
