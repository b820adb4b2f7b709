"""The runner of scenario files, and what the published scenarios come to."""

from __future__ import annotations

import json
import subprocess
import sys

import msgspec
import pytest

from termdesk.testing.scenario import ScenarioReport, choose_scenarios, read_scenarios, report_on
from termdesk.testing.scenario.report import run_scenario

FAILING: set[str] = set()

UNSUPPORTED_GROUPS = {"conditional", "contingent"}
UNSUPPORTED: dict[str, str] = {}

INSTRUMENT = {
    "id": "X",
    "tick": "0.01",
    "lot": "1",
    "multiplier": "1",
    "maker_fee_rate": "0",
    "taker_fee_rate": "0",
}
BUY = {"op": "submit", "order": {"id": "A", "side": "BUY", "type": "LIMIT", "qty": "10", "px": "10.00"}, "t": 1}
QUOTE = {"op": "quote", "bid": "9.99", "bid_qty": "5", "ask": "10.00", "ask_qty": "5", "t": 0}
HALF = {"fills": [{"order": "A", "px": "10.00", "qty": "5"}], "orders": {"A": {"status": "PARTIALLY_FILLED"}}}


@pytest.fixture
def write(tmp_path):
    """Writes a scenario file; each scenario is given by what differs from one that passes."""

    def written(*changes: dict):
        plain = {"title": "", "group": "g", "tier": "universal", "instrument": INSTRUMENT, "steps": [QUOTE, BUY]}
        scenarios = [{"id": f"S-{n}", "expect": HALF, **plain, **change} for n, change in enumerate(changes, 1)]
        file = tmp_path / "scenarios.json"
        file.write_text(json.dumps({"schema_version": 1, "scenarios": scenarios, "title": "more"}), encoding="utf-8")
        return file

    return written


def shell(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "termdesk", "scenario", "run", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_published_scenario_passes_but_the_listed_ones(shared_scenarios) -> None:
    scenarios = read_scenarios(shared_scenarios)
    groups = {one.id: one.group for one in scenarios}
    report = report_on(scenarios)
    assert {failure.id for failure in report.failures} == FAILING
    gaps = {gap.id: gap.reason for gap in report.unsupported}
    assert {name: why for name, why in gaps.items() if groups[name] not in UNSUPPORTED_GROUPS} == UNSUPPORTED


def test_a_difference_says_what_was_expected_and_what_came(write) -> None:
    (scenario,) = read_scenarios(write({"expect": {"orders": {"A": {"filled": "10"}}, "open_orders": []}}))
    assert run_scenario(scenario).differences == (
        "A filled: expected 10, got 5",
        "open_orders: expected [], got ['A']",
    )


def test_a_check_in_between_is_named_by_its_step(write) -> None:
    check = {"op": "check", "expect": {"open_orders": ["A"]}}
    (scenario,) = read_scenarios(write({"steps": [QUOTE, check, BUY]}))
    assert run_scenario(scenario).differences == ("step 2: open_orders: expected ['A'], got []",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"steps": [{"op": "teleport"}]}, "step teleport"),
        ({"expect": {"mood": "good"}}, "expectation mood"),
        ({"tier": "policy", "policy": {"queue": "none"}}, "policy queue=none is not declared"),
        ({"steps": [QUOTE, {"op": "submit", "order": {**BUY["order"], "type": "PEG"}}]}, "order type PEG"),
    ],
)
def test_what_the_desk_lacks_is_unsupported_with_a_reason(write, change, reason) -> None:
    (scenario,) = read_scenarios(write(change))
    assert run_scenario(scenario).unsupported == reason


def test_a_scenario_that_is_wrong_itself_fails_and_stops_nothing(write) -> None:
    broken = {"steps": [{"op": "level", "side": "bid"}]}
    report = report_on(read_scenarios(write(broken, {})))
    assert [failure.id for failure in report.failures] == ["S-1"]
    assert report.tiers["universal"].passed == 1


def test_globs_choose_by_group_and_id(write) -> None:
    scenarios = read_scenarios(write({}, {}, {"group": "other"}))
    names = [one.id for one in choose_scenarios(scenarios, ["g/*"], ["*/S-2"])]
    assert names == ["S-1"]


def test_a_crash_keeps_resting_orders(write) -> None:
    crash = {"op": "restart", "mode": "crash"}
    cancel = {"op": "cancel", "id": "A", "t": 2}
    expect = {"orders": {"A": {"status": "CANCELED", "filled": "5"}}, "cancels_sent": {"A": 1}}
    (scenario,) = read_scenarios(write({"steps": [QUOTE, BUY, crash, cancel], "expect": expect}))
    assert run_scenario(scenario).differences == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([{}], 0),
        ([{}, {"tier": "reference", "expect": {"open_orders": []}}], 0),
        ([{}, {"tier": "policy", "policy": {"queue": "none"}}], 0),
        ([{"tier": "policy", "expect": {"open_orders": []}}], 1),
        ([{"expect": {"open_orders": []}}], 1),
        ([{"steps": [{"op": "teleport"}]}], 1),
    ],
)
def test_the_command_ends_by_what_must_hold(write, changes, code) -> None:
    done = shell(write(*changes), "--json")
    assert done.returncode == code, done.stderr
    report = msgspec.json.decode(done.stdout, type=ScenarioReport)
    assert sum(t.passed + t.failed + t.unsupported for t in report.tiers.values()) == len(changes)


def test_the_command_tells_people_what_differs(write) -> None:
    done = shell(write({"expect": {"open_orders": []}}, {"steps": [{"op": "teleport"}]}, {}), "--skip", "*/S-3")
    assert "failed S-1: open_orders: expected [], got ['A']" in done.stdout
    assert "unsupported S-2: step teleport" in done.stdout
    assert [line.split() for line in done.stdout.splitlines() if line.startswith("g")][1] == [
        "g", "universal", "0", "1", "1",
    ]  # fmt: skip


def test_a_file_of_another_kind_is_bad_usage(tmp_path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}", encoding="utf-8")
    done = shell(file)
    assert done.returncode == 2
    assert "no scenario file" in done.stderr
