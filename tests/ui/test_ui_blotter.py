"""The blotter's tabs and what keys do to their rows."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from desk_cases import MOUTAI, NOW, app_of, fill
from lines_cases import IDIOM
from msgspec.structs import replace
from pilot_desk import filled
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.command import AddNote, AmendOrder, Answer, CancelOrder, DisarmCondition
from termdesk.core.model.condition import LastAtOrAbove, Notify
from termdesk.core.model.facts import ConditionArmed, NoteAdded, Recorded
from termdesk.core.wire.frames import Log
from termdesk.core.wire.queries import ConditionLine, FillsResult
from termdesk.ui.blotter.export import csv_text, safe
from termdesk.ui.blotter.kept import Kept, Message
from termdesk.ui.blotter.sums import fill_sums
from termdesk.ui.lines.blotter import TABS, BlotterModel, BlotterSurface
from termdesk.ui.lines.blotter_tables import ALL_COLUMNS
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.watchlist_columns import CHOICES
from termdesk.ui.locale import LANGUAGES, catalogue
from termdesk.ui.news import News

pytestmark = pytest.mark.usefixtures("still_link")


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with app_of().run_test(size=(168, 44)) as pilot:
        screen = await filled(pilot)
        line = ConditionLine("C1", MOUTAI.id, 1, LastAtOrAbove(MOUTAI.id, 166_000), Notify("hot"), NOW, "line")
        screen.store.kept.load_conditions([line])
        screen.sent = []

        async def do(command: Any) -> Answer:
            screen.sent.append(command)
            return Answer(command_id=command.command_id, accepted=True)

        screen.link.do = do
        screen.flush(everything=True)
        await pilot.press("f5")
        yield pilot


def screen_of(pilot: Pilot[int]) -> Any:
    return pilot.app._screen  # type: ignore[attr-defined]


def rows(pilot: Pilot[int]) -> list[str]:
    blotter = screen_of(pilot).blotter
    return ["".join(cell[0] for cell in row).rstrip() for row in blotter.paint(*blotter.size)]


async def typed(pilot: Pilot[int], text: str) -> None:
    keys = {" ": "space", "-": "minus", "@": "at", "_": "underscore"}
    await pilot.press(*(keys.get(c, c) for c in text))


def recorded(seq: int, fact: Any) -> Recorded:
    return Recorded(
        seq=seq, at_ns=NOW, wall_ns=NOW, trading_day="2026-11-18", cause="command:n", actor="tester", fact=fact
    )


def noted(screen: Any, seq: int, text: str, **about: str) -> None:
    fact = NoteAdded(command_id=f"n{seq}", text=text, **{"account": "cash", "instrument": MOUTAI.id, **about})
    screen.hear(screen.store.take_log(Log(records=(recorded(seq, fact),))))
    screen.flush(everything=True)


async def test_every_tab_has_its_table(pilot: Pilot[int]) -> None:
    said = {}
    for tab in TABS:
        said[tab] = "\n".join(rows(pilot))
        await pilot.press("right")
    assert "C1" in said["conditions"]
    assert "last ≥ 1660.00" in said["conditions"]
    assert "tell hot" in said["conditions"]
    assert "834,956.75" in said["account"]
    assert "USDT" in said["account"]
    assert "[log" in said["log"]


async def test_what_the_message_bar_said_is_kept(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    noted(screen, 6, "first", order_id="O1")
    noted(screen, 7, "second", order_id="O1")
    screen.blotter.open("log")
    assert "note added" in "\n".join(rows(pilot))
    screen.blotter.open("events")
    assert [line.split()[1] for line in rows(pilot)[2:4]] == ["7", "6"]


async def test_row_is_sorted_and_filtered_by_what_it_says(pilot: Pilot[int]) -> None:
    blotter = screen_of(pilot).blotter
    await pilot.press("S")
    await typed(pilot, "-price")
    await pilot.press("enter")
    await pilot.pause()
    prices = [line.price for line in blotter.shown]
    assert prices[:-1] == sorted((p for p in prices if p is not None), reverse=True)
    assert prices[-1] is None
    await pilot.press("F")
    await typed(pilot, "rejected 100")
    await pilot.press("enter")
    await pilot.pause()
    assert [line.order_id for line in blotter.shown] == ["O4"]
    assert "⌕rejected 100 ↕-price" in rows(pilot)[0]
    await pilot.press("S")
    await typed(pilot, "x")
    await pilot.press("enter")
    await pilot.pause()
    assert "no column is called x" in shown(pilot)


async def test_rows_are_cancelled_amended_and_taken_back(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    order_ids = [line.order_id for line in screen.blotter.shown]
    await pilot.press(*["down"] * (order_ids.index("O1") + 1), "x")
    await until(pilot, lambda: screen.sent)
    assert isinstance(screen.sent[0], CancelOrder)
    assert screen.sent[0].order_id == "O1"
    screen.desk.arming.is_armed = True
    await pilot.press("m")
    for _ in range(20):
        await pilot.press("backspace")
    await typed(pilot, "qty 200 @ 1649.00")
    await asyncio.sleep(0.2)
    await pilot.press("enter")
    await until(pilot, lambda: len(screen.sent) > 1 or len(pilot.app.screen_stack) > 1)
    if len(pilot.app.screen_stack) > 1:
        await pilot.press("y")
        await until(pilot, lambda: len(screen.sent) > 1)
    amend = screen.sent[1]
    assert isinstance(amend, AmendOrder)
    assert (amend.order_id, amend.qty, amend.price) == ("O1", 200, 164_900)
    screen.blotter.open("conditions")
    await pilot.press("down", "x")
    await until(pilot, lambda: len(screen.sent) > 2)
    assert isinstance(screen.sent[2], DisarmCondition)


async def test_note_is_sent_shown_found_and_exported(pilot: Pilot[int], tmp_path: Path) -> None:
    screen = screen_of(pilot)
    screen.blotter.open("fills")
    await pilot.press("down", "n")
    await typed(pilot, "chased")
    await pilot.press("enter")
    await until(pilot, lambda: screen.sent)
    sent = screen.sent[0]
    assert isinstance(sent, AddNote)
    assert (sent.order_id, sent.exec_id, sent.text) == ("O3", "E1", "chased")
    noted(screen, 6, sent.text, order_id=sent.order_id, exec_id=sent.exec_id)
    assert "✎ chased ·" in rows(pilot)[2], "before what may be cut off"
    await pilot.press("F")
    await typed(pilot, "chased")
    await pilot.press("enter", "e", "c")
    await pilot.pause()
    (path,) = (tmp_path / "state" / "exports").glob("demo-fills-*.csv")
    (row,) = csv.DictReader(path.read_text().splitlines())
    assert (row["notes"], row["fill.qty"], row["fill.price"], row["fill.instrument"]) == (
        "chased", "100", "1650.02", MOUTAI.id,
    )  # fmt: skip
    await pilot.press("e", "j")
    await pilot.pause()
    (path,) = (tmp_path / "state" / "exports").glob("demo-fills-*.json")
    assert json.loads(path.read_text())[0]["notes"] == "chased"


async def test_marked_fills_are_summed_up(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    second = replace(fill(), seq=5, fill=replace(fill().fill, exec_id="E2", qty=300, price=Decimal("1651.02"),
                                                 amount=Decimal("495306.00")))  # fmt: skip
    screen.store.load_fills(FillsResult(fills=(fill(), second), cursor=5))
    screen.flush(everything=True)
    screen.blotter.open("fills")
    await pilot.press("down", "space", "space")
    assert "fills 2: buy 400 600519 at 1650.7700 on average · 660,308.00 CNY · fees 82.501 CNY" in shown(pilot)


async def test_a_marked_row_keeps_its_star_under_the_cursor_and_no_old_sum_stands(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.blotter.open("fills")
    await pilot.press("down", "space")
    assert rows(pilot)[2].startswith("*"), "the last row: the cursor stays on it"
    assert "fills 1: buy" in screen.messages.bar.said
    await pilot.press("space")
    assert rows(pilot)[2].startswith("›")
    assert "no fill is marked" in screen.messages.bar.said


async def test_a_click_opens_a_tab_and_chooses_a_row(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    at = rows(pilot)[0].index("positions")
    assert await pilot.click("#blotter", offset=(at, 0))
    assert screen.blotter.tab == "positions"
    assert await pilot.click("#blotter", offset=(1, 0))
    assert screen.blotter.tab == "orders"
    assert await pilot.click("#blotter", offset=(5, 3))
    assert screen.blotter.selected == 1
    await pilot.click("#blotter", offset=(5, 1))
    await pilot.click("#blotter", offset=(5, screen.blotter.size.height - 1))
    await pilot.click("#blotter", offset=(140, 0))
    assert (screen.blotter.tab, screen.blotter.selected) == ("orders", 1), "nothing is there to choose"


async def test_a_row_of_the_log_is_read_in_full_by_enter_and_leaves_no_row_behind(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.say(News("a word " * 40, "danger"))
    screen.say(News("another", "danger"))
    screen.blotter.open("log")
    screen.flush(everything=True)
    await pilot.press("down", "down")
    count = screen.blotter.count()
    await pilot.press("enter")
    assert screen.messages.bar.said.split() == ["a", "word"] * 40
    screen.flush(everything=True)
    assert screen.blotter.count() == count
    noted(screen, 6, "chased it", order_id="O1")
    screen.say(News("something else"))
    screen.blotter.open("events")
    await pilot.press("down", "enter")
    assert screen.messages.bar.said.endswith("O1 – chased it")


def test_messages_of_one_moment_are_rows_of_their_own() -> None:
    kept = Kept()
    for text in ("one", "two", "three"):
        kept.say(NOW, text, "text")
    assert [one.text for one in kept.session_log() if isinstance(one, Message)] == ["three", "two", "one"]
    blotter = BlotterSurface(IDIOM)
    blotter.open("log")
    model = BlotterModel(messages=kept.session_log())
    blotter.show(model)
    blotter.select(0)
    blotter.step(1)
    blotter.show(model)
    assert blotter.selected == 1, "the desk's time may stand still, as on a replay that is held"


def test_every_title_of_the_tables_has_room_over_its_column() -> None:
    for language in LANGUAGES:
        texts = catalogue(language).texts
        columns = [column for tab in ALL_COLUMNS.values() for column in tab]
        columns += [one.column for one in CHOICES.values()]
        assert [texts[one.key] for one in columns if width_of(texts[one.key]) > one.width] == []


def test_sums_keep_instruments_and_sides_apart() -> None:
    other = replace(fill(), fill=replace(fill().fill, instrument="X.DEMO"))
    (one,) = fill_sums([fill(), other], {MOUTAI.id: MOUTAI})
    assert (one.count, one.qty, one.average, one.fees) == (1, 100, Decimal("1650.02"), {"CNY": Decimal("41.2505")})


async def test_rows_ladder_and_quote_are_copied_as_safe_text(pilot: Pilot[int], tmp_path: Path) -> None:
    screen = screen_of(pilot)
    path = tmp_path / "state" / "exports" / "clipboard.txt"
    await pilot.press("down", "Y")
    assert "600519" in path.read_text()
    assert pilot.app.clipboard in path.read_text()
    await pilot.press("f1", "Y")
    assert path.read_text().splitlines()[0].split("\t")[0] == "symbol"
    screen.ladder.focus()
    await pilot.pause()
    await pilot.press("Y")
    assert "1650.10" in path.read_text()
    assert "\x1b" not in path.read_text()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-12.50", "-12.50"),
        ("+1.00%", "+1.00%"), ("-", "-"), ("\x1b]52;c;x\x07", "�]52;c;x�"), ("\t=1", "'=1"), ("贵州茅台", "贵州茅台"),
        ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠x", "'＠x"), ("\u3000＝1", "'＝1"), ("﹦1", "'﹦1"),
        ("−1", "'−1"), ("+1", "+1"), ("-1", "-1"), ("-1+1", "'-1+1"), ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_or_an_escape(cell: str, written: str) -> None:
    assert safe(cell) == written


def test_csv_has_the_columns_of_all_rows_and_blank_unknowns() -> None:
    assert csv_text([{"a": "1", "b": None}, {"a": "=x", "c": True}]) == "a,b,c\n1,,\n'=x,,true\n"


def test_conditions_follow_the_log_and_notes_are_not_counted_twice() -> None:
    kept = Kept()
    armed = ConditionArmed(command_id="c", condition_id="C2", predicate=LastAtOrAbove(MOUTAI.id, 1), action=Notify(),
                           origin="api", seen=fill().fill.seen)  # fmt: skip
    kept.fold(recorded(1, armed))
    assert list(kept.conditions) == ["C2"]
    note = recorded(2, NoteAdded(command_id="n", account="cash", instrument=MOUTAI.id, text="a"))
    kept.fold(note)
    kept.fold(note)
    assert [line.text for line in kept.notes] == ["a"]
    kept.forget()
    assert not kept.conditions
    assert not kept.notes
