"""``termdesk log``: what was asked of a desk's orders, from its journal, with or without an engine."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from canned import SEEN

from termdesk.cli.journal_shapes import RequestShape
from termdesk.config.paths import DeskPaths
from termdesk.core.model import facts as f
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Mode, OrdType, PositionEffect, Side, TimeInForce
from termdesk.journal import Batch, open_journal

MS = 1_000_000
RULE = TradingRule(first_day="", tick=1, lot=100, min_qty=100)
LISTED = Instrument(
    id="X.DEMO", name="x", currency="CNY", price_decimals=2, qty_decimals=0, rules=(RULE,), detail=Share()
)
SUBMITTED = f.OrderSubmitted(
    command_id="c1",
    order_id="O1",
    cl_ord_id="O1.1",
    venue_cl_ord_id="O1.1",
    account="cash",
    instrument="X.DEMO",
    instrument_version=1,
    side=Side.BUY,
    ord_type=OrdType.LIMIT,
    qty=200,
    price=1050,
    time_in_force=TimeInForce.DAY,
    position_effect=PositionEffect.AUTO,
    origin="ladder",
    reserve_asset="CNY",
    reserve=Decimal(2100),
    fee_rate=Decimal(0),
    seen=SEEN,
)
HOSTILE = Reason("symbol.unknown", {"symbol": "=1+1", "nearest": ""})


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskPaths:
    """A desk on which an order was accepted after 3 ms and cancelled, and a command refused for a hostile reason."""
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    paths = DeskPaths.of("demo")
    journal = open_journal(paths.folder, desk="demo", mode=Mode.DEMO)
    told = [
        ("start", f.DeskOpened(desk="demo", mode=Mode.DEMO, seed=1, base_currency="CNY")),
        ("start", f.InstrumentListed(instrument=LISTED)),
        ("command:c1", SUBMITTED),
        ("report:e1", f.OrderAccepted(order_id="O1", cl_ord_id="O1.1", exec_id="e1", venue_order_id="V1")),
        ("command:c2", f.CancelRequested(command_id="c2", order_id="O1", cl_ord_id="O1.2")),
        ("report:e2", f.OrderCanceled(order_id="O1", exec_id="e2")),
        ("command:c3", f.CommandRefused(command_id="c3", reason=HOSTILE)),
    ]  # fmt: skip
    recorded = [
        f.Recorded(
            seq=seq, at_ns=seq * 3 * MS, wall_ns=0, trading_day="2026-11-25", cause=cause, actor="ada", fact=fact
        )
        for seq, (cause, fact) in enumerate(told, 1)
    ]
    journal.append(Batch(recorded))
    journal.close()
    return paths


def test_every_request_is_listed_with_its_answer_and_time(run, desk: DeskPaths) -> None:
    done = run("log", "--json")
    assert done.code == 0, done.err
    submit, cancel, refused = msgspec.json.decode(done.out, type=list[RequestShape])
    assert (submit.what, submit.actor, submit.origin, submit.qty, submit.price) == (
        "submit", "ada", "ladder", "200", "10.50",
    )  # fmt: skip
    assert (submit.venue, submit.round_trip_ns, submit.venue_seq) == ("order_accepted", 3 * MS, 4)
    assert (cancel.what, cancel.instrument, cancel.venue) == ("cancel", "X.DEMO", "order_canceled")
    assert (refused.what, refused.venue, refused.round_trip_ns) == ("refused", "", None)
    assert refused.reason is not None


def test_the_table_ends_with_how_much_who_took_back(run, desk: DeskPaths) -> None:
    lines = run("log").out.splitlines()
    assert [line.split()[-1] for line in lines if line.startswith("ada") and "cash" in line] == ["100%"]
    assert run("log", "--order", "O7").out.strip() == "nothing was asked"


def test_csv_has_a_row_a_request_and_no_formulas(run, desk: DeskPaths) -> None:
    rows = list(csv.DictReader(io.StringIO(run("log", "--csv").out)))
    assert [row["what"] for row in rows] == ["submit", "cancel", "refused"]
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())


def test_a_stop_is_asked_for_with_its_trigger(run, desk: DeskPaths) -> None:
    stop = msgspec.structs.replace(
        SUBMITTED, command_id="c4", order_id="O2", side=Side.SELL, ord_type=OrdType.STOP, price=None, trigger_price=990
    )
    amend = f.ReplaceRequested(
        command_id="c5", order_id="O2", cl_ord_id="O2.2", qty=200, price=None, trigger_price=995,
        reserve=Decimal(2100), seen=SEEN,
    )  # fmt: skip
    journal = open_journal(desk.folder, desk="demo", mode=Mode.DEMO)
    journal.append(
        Batch(
            [
                f.Recorded(seq=seq, at_ns=seq * MS, wall_ns=0, trading_day="", cause=cause, actor="ada", fact=fact)
                for seq, (cause, fact) in enumerate((("command:c4", stop), ("command:c5", amend)), 8)
            ]
        )
    )
    journal.close()
    rows = list(csv.DictReader(io.StringIO(run("log", "--order", "O2", "--csv").out)))
    assert [(row["ord_type"], row["price"], row["trigger_price"]) for row in rows] == [
        ("stop", "", "9.90"), ("stop", "", "9.95"),
    ]  # fmt: skip
    assert "9.95" in run("log", "--order", "O2").out


def test_csv_and_json_at_once_are_refused(run, desk: DeskPaths) -> None:
    assert run("log", "--csv", "--json").code == 2
