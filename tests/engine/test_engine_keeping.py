"""The journal's keeper: beside a running writer it takes snapshots, seals months and lets go what retention lets go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from termdesk.config.paths import DeskPaths
from termdesk.core.model.facts import AccountOpened, DeskOpened, Recorded
from termdesk.core.model.terms import AccountKind, Mode
from termdesk.engine import keeping
from termdesk.engine.keeping import Keeper
from termdesk.journal import Batch, JournalWriter, SqliteJournal, open_journal, replayed

NOW = 1_795_341_600 * 10**9
"""2026-11-22."""
MONTHS = ("2020-10", "2021-12", "2026-10", "2026-11")
WITHIN_S = 20.0


def facts() -> list[Recorded]:
    found = []
    for seq in range(1, 1201):
        fact = AccountOpened(account=f"a{seq}", kind=AccountKind.CASH, broker="paper")
        found.append(
            Recorded(
                seq=seq,
                at_ns=seq,
                wall_ns=seq,
                trading_day=f"{MONTHS[(seq - 1) // 300]}-05",
                cause="start",
                actor="engine",
                fact=fact,
            )
        )
    opened = DeskOpened(desk="kept", mode=Mode.DEMO, seed=1, base_currency="CNY")
    return [replace(found[0], fact=opened), *found[1:]]


@pytest.fixture
def paths(home: Path) -> DeskPaths:
    paths = DeskPaths.of("kept")
    paths.make()
    return paths


@pytest.fixture
def journal(paths: DeskPaths) -> Iterator[SqliteJournal]:
    journal = open_journal(paths.folder, desk="kept", mode=Mode.DEMO)
    journal.append(Batch(facts()))
    yield journal
    journal.close()


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not what():  # noqa: ASYNC110  # another thread and another process change it
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("years", "left"), [(5, MONTHS[1:3]), (0, MONTHS[:3])])
async def test_closed_months_are_sealed_and_old_ones_go(
    paths: DeskPaths, journal: SqliteJournal, years: int, left: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PERIOD_S", 0.01)
    whole, _ = replayed(journal)
    writer = JournalWriter(journal, lambda error: None)
    keeper = Keeper(paths, journal, writer, lambda: NOW, years)
    running = asyncio.create_task(keeper.run())
    await until(lambda: tuple(each.month for each in journal.sealed) == left and journal.base.head.seq == 900)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    writer.close()
    journal.close()
    again = open_journal(paths.folder, desk="kept", mode=Mode.DEMO)
    assert again.removed == (300 if years else 0)
    assert replayed(again)[0].snapshot() == whole.snapshot()
    assert next(record.seq for record in again.read(0, 10_000)) == again.removed + 1
    again.close()


async def test_a_closed_day_leaves_a_snapshot(
    paths: DeskPaths, journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PERIOD_S", 0.01)
    writer = JournalWriter(journal, lambda error: None)
    keeper = Keeper(paths, journal, writer, lambda: NOW, 0)
    running = asyncio.create_task(keeper.run())
    await until(lambda: len(journal.sealed) == 3)
    first = list((paths.folder / "snapshots").glob("*.state"))
    writer.submit([replace(facts()[5], seq=1201)])
    await until(lambda: journal.head == 1201)
    journal.days_closed += 1
    await until(lambda: len(list((paths.folder / "snapshots").glob("*.state"))) > len(first))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    writer.close()


async def test_a_clean_stop_leaves_a_snapshot_of_all_facts(paths: DeskPaths, journal: SqliteJournal) -> None:
    writer = JournalWriter(journal, lambda error: None)
    state, at_ns = replayed(journal)
    Keeper(paths, journal, writer, lambda: NOW, 5).stopped(state, at_ns)
    writer.close()
    journal.close()
    again = open_journal(paths.folder, desk="kept", mode=Mode.DEMO)
    found = again.snapshot()
    assert found is not None
    assert found.seq == again.head == 1200
    again.close()


async def test_a_folder_that_refuses_costs_only_the_snapshot(
    paths: DeskPaths, journal: SqliteJournal, caplog: pytest.LogCaptureFixture
) -> None:
    (paths.folder / "snapshots").touch()
    writer = JournalWriter(journal, lambda error: None)
    state, at_ns = replayed(journal)
    Keeper(paths, journal, writer, lambda: NOW, 5).stopped(state, at_ns)
    assert "no snapshot at the stop" in caplog.text
    writer.close()
