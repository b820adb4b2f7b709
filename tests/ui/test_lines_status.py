"""The status line: who else is attached and armed is said before what can wait."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lines_cases import said
from msgspec.structs import replace

from termdesk.core.model.limits import TradingState, TradingStop
from termdesk.core.model.terms import Link, Mode
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.idiom import Idiom
from termdesk.ui.lines.statusline import Other, StatusModel, paint_status
from termdesk.ui.locale import catalogue


def spoken(language: str) -> Idiom:
    return Idiom(catalogue(language).texts.__getitem__)


ENGLISH = spoken("en")
LIMITED = tuple(
    TradingStop(account=account, instrument=instrument, state=TradingState.REDUCING, note="", at_ns=0, actor="ada")
    for account, instrument in (("cash", "600519.DEMO"), ("margin", "BTCUSDT.DEMO"), ("", ""))
)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("stops", [(), LIMITED], ids=["quiet", "stopped"])
def test_who_else_is_armed_is_seen_at_80_columns_whatever_else_is_to_be_said(
    language: str, stops: tuple[TradingStop, ...]
) -> None:
    idiom = spoken(language)
    armed = Other("a screen with a very long name", armed=True, looks_on=False)
    more = Other("tmux %2", armed=True, looks_on=False)
    model = StatusModel(
        Mode.DEMO,
        engine=Link.UP,
        account="margin",
        stops=stops,
        halted="disk full" if stops else "",
        others=(armed, more, Other("web", armed=False, looks_on=True)),
    )
    shown = said(paint_status(model, idiom, 80))
    assert f"a screen with a… {idiom.tr('status.armed')} +1" in shown
    assert shown.startswith(f" {idiom.tr('status.mode.demo')} ")
    assert width_of(shown) == 80


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("armed", [True, False])
def test_profit_and_loss_is_seen_at_80_columns_once_there_is_some(language: str, armed: bool) -> None:
    idiom = spoken(language)
    model = StatusModel(
        Mode.DEMO, engine=Link.UP, account="cash", is_armed=armed, feed="demo", feed_link=Link.UP, feed_age_ns=0,
        pnl=(("CNY", Decimal("-12345.67")),),
    )  # fmt: skip
    shown = said(paint_status(model, idiom, 80))
    assert f"{idiom.tr('status.pnl')} ▼-12,345.67 CNY" in shown
    assert "cash" in shown
    assert f"demo {idiom.tr('status.feed.up')} 0s" in shown
    quiet = said(paint_status(replace(model, pnl=()), idiom, 80))
    assert f"{idiom.tr('status.account')} cash" in quiet, "its word goes only where there is no room for it"


def test_others_are_left_out_whole_and_what_they_did_not_tell_is_unknown() -> None:
    web = Other("web", armed=False, looks_on=True)
    others = (Other("my script", "bob"), Other("pts/4", armed=False, looks_on=False), web)
    model = StatusModel(Mode.PAPER, engine=Link.UP, account="cash", others=others)
    full = said(paint_status(model, ENGLISH, 160)).rstrip()
    parts = ("also bob@my script armed?", "also pts/4 disarmed", "also web looks on")
    assert [part in full for part in parts] == [True] * 3
    for width in range(20, 120):
        shown = said(paint_status(model, ENGLISH, width)).rstrip()
        assert full.startswith(shown)


def test_name_of_another_screen_never_moves_the_cursor() -> None:
    model = StatusModel(Mode.PAPER, others=(Other("\x1b[2J[red]pts\u202e", armed=True),))
    shown = said(paint_status(model, ENGLISH, 80))
    assert shown.isprintable()
    assert "[red]" in shown
