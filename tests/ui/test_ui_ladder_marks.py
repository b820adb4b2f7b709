"""What stands on a running ladder beside sizes: marks of the day, the last trade, the position below."""

from __future__ import annotations

import msgspec
import pytest
from desk_cases import LAST, MOUTAI, NOW, order, quote
from pilot_desk import ladder, screen_of, show
from pilot_words import shown
from textual.pilot import Pilot

from termdesk.core.model.terms import Mode, OrdStatus, Side
from termdesk.core.wire.queries import OrdersResult
from termdesk.core.wire.topics import TapeBody, TapeTrade
from termdesk.ui.lines.ladder_rows import FADE_NS, FLASH_NS

pytestmark = pytest.mark.usefixtures("still_link")


def row_of(pilot: Pilot[int], price: str) -> str:
    """The line of a price, as far as the ladder goes."""
    surface = screen_of(pilot).ladders.active.surface
    left, right = surface.region.x, surface.region.right
    return next(line[left:right] for line in shown(pilot).splitlines() if f"{price}" in line[left:right])


def styles_of(pilot: Pilot[int], price: str) -> set[str]:
    rows = screen_of(pilot).ladders.active.surface._rows
    row = next(row for row in rows if price in "".join(text for text, _ in row))
    return {style for _, style in row}


async def test_the_marks_of_the_day_stand_on_the_axis_and_follow_the_grouping() -> None:
    day = {
        "open": LAST - 4, "high": LAST + 8, "low": LAST - 9, "prev_close": LAST - 6, "low_limit": LAST - 10,
        "high_limit": LAST + 9, "turnover": MOUTAI.price_decimal(LAST - 7) * 1_234_500,
    }  # fmt: skip
    async with ladder() as pilot:
        await show(pilot, quote(MOUTAI, LAST, **day))
        expected = {
            "1650.06": "O", "1650.18": "H", "1650.01": "L", "1650.04": "C", "1650.00": "DL", "1650.19": "UL",
            "1650.03": "vw", "1650.02": "av",
        }  # fmt: skip
        assert {price: row_of(pilot, price).partition(price)[2][:3].strip() for price in expected} == expected
        await pilot.press("plus", "plus")
        await pilot.pause()
        grouped = {price: row_of(pilot, price).partition(price)[2][:3].strip() for price in ("1650.05", "1650.15")}
        assert grouped == {"1650.05": "O", "1650.15": "UL"}


async def test_the_last_trade_lights_up_fades_and_reads_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ladder((200, 50)) as pilot:
        clock_ns = [10**12]
        monkeypatch.setattr(pilot.app, "clock_ns", lambda: clock_ns[0])
        await pilot.press("home")
        tape = [TapeTrade(LAST, 300, Side.BUY, NOW, 31), TapeTrade(LAST, 200, Side.BUY, NOW, 32)]
        await show(pilot, quote(MOUTAI, LAST, trades=12), TapeBody(MOUTAI.id, 1, tuple(tape), 0))
        await pilot.press("down")
        fresh = row_of(pilot, "1650.10")
        assert "▲1650.10" in fresh.replace(" ", "")
        assert "200" in fresh
        assert any("@flash" in style for style in styles_of(pilot, "1650.10"))
        clock_ns[0] += FLASH_NS + 1
        screen_of(pilot).flush(everything=True)
        assert any("@last" in style for style in styles_of(pilot, "1650.10"))
        clock_ns[0] += FADE_NS
        screen_of(pilot).flush(everything=True)
        await pilot.pause()
        assert "△1650.10" in row_of(pilot, "1650.10").replace(" ", "")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=["80x24", "120x40", "200x50"])
@pytest.mark.parametrize(("mode", "word"), [(Mode.PAPER, "PAPER"), (Mode.LIVE, "LIVE")])
async def test_the_strip_tells_account_mode_and_position_at_every_size(
    size: tuple[int, int], mode: Mode, word: str
) -> None:
    async with ladder(size, mode) as pilot:
        orders = (order("O1", Side.BUY, LAST - 3), order("O2", Side.BUY, LAST - 4), order("O3", Side.SELL, LAST + 5))
        screen_of(pilot).store.load_orders(OrdersResult(orders=orders, cursor=5))
        screen_of(pilot).flush(everything=True)
        await pilot.press("down")
        text = shown(pilot)
        assert f"{word} cash" in text
        assert "+100@1650.02" in text
        strip = screen_of(pilot).ladders.active.surface._rows[-2:]
        grounds = {style.partition("@")[2] for row in strip for said, style in row if word in said}
        assert grounds == {"danger" if mode is Mode.LIVE else "badge"}
        if size[1] > 24:
            assert "+8.0t" in text
            assert "buys 2/600" in text
            assert "sells 1/300" in text
        await pilot.press("a")
        await pilot.pause()
        assert f"{word} margin" in shown(pilot)


async def test_the_strip_counts_what_works_and_by_the_tick_of_the_day() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        exits = [order("O8", Side.SELL, LAST + 50), order("O9", Side.SELL, LAST + 60, status=OrdStatus.HELD)]
        screen.store.load_orders(OrdersResult(orders=tuple(exits), cursor=5))
        rows = MOUTAI.rules
        later = msgspec.structs.replace(rows[-1], first_day="2099-01-01", tick=rows[-1].tick * 10)
        screen.store.list_instruments((msgspec.structs.replace(MOUTAI, rules=(*rows, later)),))
        screen.flush(everything=True)
        await pilot.pause()
        assert "sells 1/300" in shown(pilot), "an exit that is held for its entry works not yet"
        assert "+8.0t" in shown(pilot)
