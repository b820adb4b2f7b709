"""A source that is late by design is labelled wherever its prices are read."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import app_of, health, topics
from lines_cases import IDIOM, MOUTAI, quote, said, style_of
from msgspec.structs import replace
from pilot_desk import filled

from termdesk.ui.delay import delay_words, length
from termdesk.ui.lines.watchlist import WatchItem, paint_item
from termdesk.ui.lines.watchlist_columns import CHOICES
from termdesk.ui.locale import catalogue

SECOND = 10**9
MINUTE = 60 * SECOND


def late(delay_ns: int | None) -> Any:
    """Give the health of a desk whose one source declares a delay."""
    body = health()
    return replace(body, feeds=(replace(body.feeds[0], delay_ns=delay_ns),))


@pytest.mark.parametrize(
    ("delay_ns", "words"),
    [(15 * MINUTE, "15m"), (90 * SECOND, "90s"), (500_000_000, "500ms"), (86_400 * SECOND, "1d"), (3_600_000, "3ms")],
)
def test_a_delay_is_written_exactly(delay_ns: int, words: str) -> None:
    assert length(delay_ns) == words


def test_real_time_says_nothing_and_a_delay_that_is_not_told_a_dash() -> None:
    said = catalogue("en")
    assert delay_words(None, said) == delay_words(late(0).feeds[0], said) == ""
    assert delay_words(late(None).feeds[0], said) == "delay –"
    assert delay_words(late(15 * MINUTE).feeds[0], catalogue("zh")) == "延迟行情 15m"


@pytest.mark.usefixtures("still_link")
@pytest.mark.parametrize(("delay_ns", "words"), [(15 * MINUTE, "DELAYED 15m"), (None, "delay –")])
async def test_titles_and_status_line_say_that_prices_are_late(delay_ns: int | None, words: str) -> None:
    async with app_of().run_test(size=(168, 40)) as pilot:
        screen = await filled(pilot)
        titles = {pane.id: str(box.border_title) for pane, box in screen.boxes.items()}
        assert not any(words in title for title in titles.values())
        screen.store.take_topics(topics(late(delay_ns)), 0)
        screen.flush(everything=True)
        titles = {pane.id: str(box.border_title) for pane, box in screen.boxes.items()}
        titles["ladder"] = str(screen.ladders.all[0].border_title)
        assert [name for name, title in titles.items() if words in title] == ["watchlist", "chart", "tape", "ladder"]
        status = "".join(cell[0] for cell in screen.status_bar.paint(168, 1)[0])
        assert words in status
        screen.store.take_topics(topics(late(0)), 0)
        screen.flush(everything=True)
        assert words not in str(screen.ladders.all[0].border_title)


def test_the_age_of_a_delayed_price_counts_from_the_venue_and_is_marked() -> None:
    idiom = replace(IDIOM, tr=lambda key: "D" if key == "watch.late" else key)
    row = paint_item(WatchItem(MOUTAI, quote(), 3 * SECOND, delay_ns=15 * MINUTE), idiom, 80)
    assert "D15m" in said(row)
    assert style_of(row, "D15m") == "warning"
    unsure = paint_item(WatchItem(MOUTAI, quote(), 3 * SECOND, delay_ns=None), idiom, 80)
    assert "3s?" in said(unsure)
    assert CHOICES["age"].value(WatchItem(MOUTAI, quote(), 3 * SECOND, delay_ns=15 * MINUTE)) == 903
