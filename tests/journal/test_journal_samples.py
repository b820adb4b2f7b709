"""Journals that earlier builds wrote load for ever: facts, orders, fills, cash and conditions as those builds had them.

A sample is made by the build itself: check it out elsewhere and run there
``python .../scripts/make_journal_sample.py COMMIT`` of this checkout. Add one
with every release and before every change of a fact, of the journal's tables
or of the desk's state; never change or remove one.
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from termdesk.core.model.terms import Mode
from termdesk.core.trading.ledger import PositionKey
from termdesk.core.trading.state import DeskState
from termdesk.engine.starting import replayed
from termdesk.journal import SqliteJournal, open_journal

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
DESK = "replay-sample"


@pytest.fixture(params=SAMPLES, ids=lambda folder: folder.name)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Folder of a copy of a sample, as an engine would find it."""
    return Path(shutil.copytree(request.param, tmp_path / DESK))


def loaded(folder: Path, *, read_only: bool = False) -> tuple[SqliteJournal, DeskState]:
    journal = open_journal(folder, desk=DESK, mode=Mode.REPLAY, read_only=read_only)
    return journal, replayed(journal)[0]


def said(folder: Path) -> dict[str, Any]:
    """What the build said of the session that it had played."""
    return dict(json.loads((folder / "expected.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("read_only", [False, True])
def test_an_earlier_builds_orders_are_the_same(sample: Path, read_only: bool) -> None:
    journal, state = loaded(sample, read_only=read_only)
    expected = said(sample)["orders"]
    assert len(state.orders) == len(expected) >= 6
    for line in expected:
        order = state.orders[line["order_id"]]
        qty = state.instruments[order.instrument].qty_decimal
        assert (order.status.value, order.side.value) == (line["status"], line["side"])
        assert [qty(order.qty), qty(order.cum_qty)] == [Decimal(line["qty"]), Decimal(line["cum_qty"])]
        assert order.average == Decimal(line["average"] or 0)
        assert (order.note, order.submitted_ns) == (line["note"], line["submitted_ns"])
    journal.close()


def test_an_earlier_builds_money_and_holdings_are_the_same(sample: Path) -> None:
    journal, state = loaded(sample)
    for line in said(sample)["account"]:
        account = state.accounts[line["account"]]
        for cash in line["cash"]:
            currency = cash["currency"]
            assert account.cash(currency) == Decimal(cash["balance"])
            assert account.reserved.get(currency, Decimal(0)) == Decimal(cash["reserved"])
        for held in line["positions"]:
            position = account.positions[PositionKey(held["instrument"])]
            assert state.instruments[held["instrument"]].qty_decimal(position.qty) == Decimal(held["qty"])
            assert position.realised == Decimal(held["realised"])
    journal.close()


def test_an_earlier_builds_fills_and_conditions_are_the_same(sample: Path) -> None:
    journal, state = loaded(sample)
    expected = said(sample)
    assert [record.seq for record in state.fills] == [line["seq"] for line in expected["fills"]]
    assert list(state.conditions) == [line["condition_id"] for line in expected["conditions"]]
    journal.close()


def test_a_sample_goes_on(sample: Path) -> None:
    """A build that writes on behind an earlier one's facts reads both the next time."""
    from journal_records import make_record

    from termdesk.core.model.facts import DeskStopped
    from termdesk.journal import Batch

    journal, before = loaded(sample)
    journal.append(Batch([make_record(journal.head + 1, DeskStopped())]))
    journal.close()
    journal, after = loaded(sample)
    assert after.seq == before.seq + 1
    assert after.orders == before.orders
    journal.close()
