from __future__ import annotations

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import canned
import msgspec
import pytest
from canned import BTC, EXACT, CannedEngine

from termdesk.cli.reference import PRINTS, shape_of_output
from termdesk.cli.voice import language as spoken
from termdesk.core.model.command import (
    AmendOrder,
    Answer,
    CancelAll,
    CancelOrder,
    KillSwitch,
    ResolveOrder,
    SetLimits,
    StopEngine,
    SubmitOrder,
)
from termdesk.core.model.terms import OrdType, Outcome, TrailUnit
from termdesk.core.model.trigger import Trail

Run = Callable[..., Any]

CALLS = {
    "order": ("buy 0.01 BTCUSDT @ 61000",),
    "cancel": ("o-1",),
    "amend": ("o-1", "--qty", "0.02"),
    "resolve": ("o-1", "--as", "filled", "--reason", "phoned", "--qty", "0.01", "--price", "61000"),
    "orders": (),
    "conditions": (),
    "fills": (),
    "positions": (),
    "account": (),
    "why": ("o-1",),
    "book": ("BTCUSDT",),
    "quote": ("btcusdt.demo",),
    "status": (),
    "stop": (),
    "kill": ("--reason", "fat finger", "--flatten"),
    "halt": ("--reason", "why", "--account", "cash"),
    "reduce": ("--reason", "why", "--instrument", "BTCUSDT"),
    "resume": ("--reason", "why", "--instrument", "DEMO"),
    "limits": (),
    "keys": (),
    "simulate": ("--events", "200"),
    "cash deposit": ("100", "USDT"),
    "cash withdraw": ("100", "USDT"),
    "cash post": ("interest", "1.5", "USDT", "--out"),
    "cash interest": ("USDT", "--idle", "0.004"),
    "day status": (),
    "day close": ("BINANCE",),
    "day statement": ("2026-01-31",),
    "position open": ("0.5", "BTCUSDT", "--price", "60000", "--sellable", "0.2"),
    "position transfer": ("0.5", "BTCUSDT", "--out"),
    "position allocate": ("0.5", "BTCUSDT", "--to", "margin"),
    "position expire": ("0.5", "BTCUSDT", "--price", "61000"),
    "position action": ("BTCUSDT", "--units", "1", "--cash", "0.2", "--tax", "0.1"),
}


@pytest.mark.parametrize(
    "command",
    sorted(set(PRINTS) - {"replay", "journal verify", "journal quarantine", "scenario run", "profiles", "log"}),
)
def test_json_output_has_the_documented_shape(command: str, run: Run, engine: CannedEngine) -> None:
    done = run(*command.split(), *CALLS[command], "--json")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n") == 1
    shape = msgspec.json.decode(done.out, type=shape_of_output(command), strict=True)
    assert msgspec.json.encode(shape).decode() + "\n" == done.out


@pytest.mark.parametrize("command", sorted(CALLS))
def test_tables_say_the_same_and_nothing_reaches_the_terminal_raw(command: str, run: Run, engine: CannedEngine) -> None:
    done = run(*command.split(), *CALLS[command])
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()
    assert "\x1b" not in done.out


def test_numbers_are_decimal_text_in_the_instruments_decimals(run: Run, engine: CannedEngine) -> None:
    (order,) = json.loads(run("orders", "--json").out)
    assert (order["price"], order["qty"], order["leaves_qty"]) == ("61000.00", "0.01000", "0.00500")
    quote = json.loads(run("quote", "BTCUSDT", "--json").out)
    assert (quote["ask"], quote["turnover"]) == (None, "1000")


def test_an_order_that_waits_says_for_what_and_with_which_limit(
    run: Run, engine: CannedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = Trail(TrailUnit.PERCENT, Decimal("5.0"), activation_price=6_200_000, limit_offset=150)
    lines = {
        "stop_limit": ({"trigger_price": 6_090_000, "price": 6_089_000}, "60900.00", "60890.00"),
        "trailing_stop_limit": (
            {"trigger_price": None, "trail": trail, "price": None},
            "from 62000.00 ~5% ±1.50",
            "trailing_stop_limit",
        ),
    }
    for kind, (terms, trigger, price) in lines.items():
        waiting = msgspec.structs.replace(canned.ORDER, ord_type=OrdType(kind), **terms)
        monkeypatch.setattr(canned, "ORDER", waiting)
        monkeypatch.setattr(canned, "WHY", msgspec.structs.replace(canned.WHY, order=waiting))
        assert f" {price}  {trigger} " in run("orders").out
        assert f"{price}, {trigger}, gtc" in run("why", "o-1").out
    (order,) = json.loads(run("orders", "--json").out)
    assert (order["trail"], order["activation_price"], order["limit_offset"]) == ("5%", "62000.00", "1.50")


def test_a_table_is_aligned_and_tells_the_reason_as_a_sentence(run: Run, engine: CannedEngine) -> None:
    lines = run("fills").out.splitlines()
    assert lines[0].split() == [
        "time",
        "order",
        "account",
        "side",
        "qty",
        "instrument",
        "price",
        "amount",
        "fees",
        "why",
    ]
    assert "queue ahead 1.2 → traded 1.35" in lines[1]
    assert "{" not in lines[1]
    why = run("why", "o-1").out
    assert "order_submitted" in why
    assert "buy 0.01 BTCUSDT" in why
    assert "filled 0.005" in why
    assert "0.0100" not in why
    assert json.loads(run("why", "o-1", "--json").out)["steps"][1]["reason"]["params"]["ahead"] == "1.20"
    assert "1.2" in why.splitlines()[-1]


def test_an_order_is_parsed_with_the_desks_instruments_and_sent_once(run: Run, engine: CannedEngine) -> None:
    done = run("order", "buy 0.01 BTCUSDT @ 61000", "--account", "margin", "--command-id", "c-9")
    assert done.out == "accepted o-2\n"
    (command,) = engine.commands
    assert isinstance(command, SubmitOrder)
    assert (command.command_id, command.account, command.instrument) == ("c-9", "margin", BTC)
    assert (command.qty, command.price, command.origin) == (1_000, 6_100_000, "shell")


def test_an_order_may_be_typed_without_quotes(run: Run, engine: CannedEngine) -> None:
    run("order", "buy", "0.01", "BTCUSDT", "@", "61000", "--account", "margin")
    (command,) = engine.commands
    assert (command.qty, command.price, command.account) == (1_000, 6_100_000, "margin")


def test_the_help_shows_what_may_be_left_out(run: Run) -> None:
    shown = " ".join(run("order", "--help").out.split())
    assert "HOW [TIME] [post] [reduce]" in shown


def test_cancel_and_amend_reach_the_engine_as_typed(run: Run, engine: CannedEngine) -> None:
    run("cancel", "o-1")
    run("cancel", "--all", "--symbol", "BTCUSDT", "--account", "cash")
    run("amend", "o-1", "--price", "60999.5")
    one, every, amended = engine.commands
    assert isinstance(one, CancelOrder)
    assert one.order_id == "o-1"
    assert isinstance(every, CancelAll)
    assert (every.account, every.instrument) == ("cash", BTC)
    assert isinstance(amended, AmendOrder)
    assert (amended.qty, amended.price) == (None, 6_099_950)


def test_a_persons_word_on_an_order_reaches_the_engine_with_its_reason(run: Run, engine: CannedEngine) -> None:
    run("resolve", "o-1", "--as", "canceled", "--reason", "phoned the desk", "--venue-id", "V7")
    (command,) = engine.commands
    assert isinstance(command, ResolveOrder)
    assert (command.outcome, command.note, command.qty) == (Outcome.CANCELED, "phoned the desk", None)
    assert (command.venue_order_id, command.origin) == ("V7", "shell")
    assert "working, filled, canceled" in run("resolve", "o-1", "--as", "gone", "--reason", "x").err


def test_a_refusal_is_a_sentence_and_exit_1(run: Run, engine: CannedEngine) -> None:
    engine.answer = lambda command: Answer(
        command_id=command.command_id, accepted=False, code="risk.lot", params={"qty": "0.015", "lot": "0.01"}
    )
    done = run("order", "buy 0.015 BTCUSDT @ 61000")
    assert done.code == 1
    assert done.out == ""
    assert "0.015" in done.err
    assert "0.01" in done.err
    shown = json.loads(run("order", "buy 0.015 BTCUSDT @ 61000", "--json").out)
    assert (shown["accepted"], shown["reason"]["code"]) == (False, "risk.lot")
    assert shown["reason"]["text"] in done.err


def test_an_unknown_outcome_says_how_to_learn_it(run: Run, engine: CannedEngine) -> None:
    engine.answer = lambda command: None
    done = run("order", "buy 0.01 BTCUSDT @ 61000", "--command-id", "c-9")
    assert done.code == 1
    assert "--command-id c-9" in done.err
    assert len(engine.commands) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("order", "buy 0.01 NOPE @ 1"), 1, "NOPE"),
        (("order", "buy 0.01 ETHUSDT @ 1"), 1, "ETHUSDT.DEMO, ETHUSDT.OTHER"),
        (("order", "purchase everything"), 1, "purchase"),
        (("quote", "ETHUSDT"), 1, "ETHUSDT.OTHER"),
        (("why", "o-9"), 1, "o-9"),
        (("positions", "--account", "ghost"), 1, "ghost"),
        (("amend", "o-1", "--price", "1.001"), 1, "1.001"),
        (("amend", "o-1"), 2, "--qty, --price or --trigger"),
        (("cancel",), 2, "--all"),
        (("cancel", "o-1", "--all"), 2, "--all"),
        (("cancel", "o-1", "--symbol", "X"), 2, "--all"),
        (("book", "BTCUSDT", "--depth", "0"), 2, "depth"),
        (("orders", "--desk", "other"), 1, "running: demo"),
        (("orders", "--desk", "A/B"), 2, "A/B"),
        (("nonsense",), 2, "nonsense"),
        (("engine", "--speed", "fast"), 2, "fast"),
        (("engine", "--until", "noon"), 2, "noon"),
    ],
)
def test_what_goes_wrong_is_said_with_the_value_and_no_traceback(
    words: tuple[str, ...], code: int, said: str, run: Run, engine: CannedEngine
) -> None:
    done = run(*words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert engine.commands == []


def test_without_an_engine_it_says_how_to_start_one(run: Run) -> None:
    done = run("orders")
    assert done.code == 1
    assert "termdesk engine" in done.err


def test_several_desks_are_listed_and_none_is_guessed(run: Run, engine: CannedEngine) -> None:
    with CannedEngine("paper"):
        done = run("orders")
        assert done.code == 2
        assert "demo, paper" in done.err
        assert run("orders", "--desk", "paper").code == 0


def test_a_stale_socket_is_no_engine(run: Run, engine: CannedEngine) -> None:
    run("stop")
    engine.paths.socket.touch()
    assert "no engine runs" in run("orders").err


def test_stop_waits_until_the_engine_has_gone(run: Run, engine: CannedEngine) -> None:
    done = run("stop")
    assert done.out == "desk demo has stopped\n"
    assert isinstance(engine.commands[-1], StopEngine)
    assert run("status").code == 1


def test_sentences_follow_the_language_of_the_environment(
    run: Run, engine: CannedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert any("\u4e00" <= char <= "\u9fff" for char in run("why", "o-9").err)


def test_stops_and_limits_are_shown_in_words(run: Run, engine: CannedEngine) -> None:
    shown = run("limits").out
    assert "cash" in shown
    assert "max_qty=5 restricted=True" in shown
    assert "KILLED: account all, instrument all" in shown
    assert "noticed 2026-11-22 account cash: 50 messages within a second" in shown
    assert "\x1b" not in shown


def test_limits_are_changed_by_name_in_their_scope(run: Run, engine: CannedEngine) -> None:
    assert run("limits", "max-qty=500", "max_submits=10", "--account", "cash").code == 0
    (command,) = engine.commands
    assert isinstance(command, SetLimits)
    assert (command.account, command.changes) == ("cash", {"max_qty": "500", "max_submits": "10"})
    assert run("limits", "max_qty").code == 2
    assert run("limits", "--account", "cash").code == 2


def test_the_kill_switch_needs_a_reason_and_says_what_it_means(run: Run, engine: CannedEngine) -> None:
    assert run("kill").code == 2
    assert run("kill", "--reason", "fat finger", "--instrument", "btcusdt.demo").code == 0
    (command,) = engine.commands
    assert isinstance(command, KillSwitch)
    assert (command.account, command.instrument, command.note, command.flatten) == ("", BTC, "fat finger", False)


@pytest.mark.parametrize(("language", "title"), [("en_US", "Statement of 2026-01-31"), ("zh_CN", "2026-01-31 日结单")])
def test_a_statement_prints_as_csv_and_as_a_page(run: Run, engine: CannedEngine, monkeypatch, language, title) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    spoken.cache_clear()
    page = run("day", "statement", "2026-01-31", "--format", "html")
    table = run("day", "statement", "2026-01-31", "--format", "csv")
    spoken.cache_clear()
    assert (page.code, table.code) == (0, 0)
    assert f"<h1>{title}</h1>" in page.out
    assert "61000" in page.out
    rows = list(csv.reader(table.out.splitlines()))
    assert {len(row) for row in rows if row[0] == "cash"} == {5, 10, 12}
    assert any(row[-1] == "'＝cmd|' /C calc'!A0" for row in rows), "a cell must not become a formula"
    assert [row[4] for row in rows if row[0] == "cash" and len(row) == 5][1:3] == ["-305", "-0.305"]


@pytest.mark.parametrize("words", [("orders",), ("positions",), ("day", "statement", "2026-01-31")])
def test_averages_are_rounded_for_people_and_exact_for_programs(run: Run, engine: CannedEngine, words) -> None:
    shown = run(*words).out
    assert "61000.1235" in shown
    assert "61000.12345" not in shown
    assert str(EXACT) in run(*words, "--json").out


@pytest.mark.parametrize("words", [("statement", "yesterday"), ("statement", "2026-01-31", "--format", "pdf")])
def test_a_statement_says_what_it_expects(run: Run, engine: CannedEngine, words) -> None:
    done = run("day", *words)
    assert done.code == 2
    assert "expected one" in done.err
