"""Scenarios of the project's own: every op, expectation and policy of the schema, as a scenario file tells them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from termdesk.testing.scenario import read_scenarios
from termdesk.testing.scenario.expectations import CHECKS
from termdesk.testing.scenario.fidelity import NUMBERS
from termdesk.testing.scenario.ops import OPS
from termdesk.testing.scenario.policies import DECLARED
from termdesk.testing.scenario.report import run_scenario

FILE = Path(__file__).with_name("own.json")
SCENARIOS = {one.id: one for one in read_scenarios(FILE)}


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_comes_out_as_the_rules_say(name):
    outcome = run_scenario(SCENARIOS[name])
    assert (outcome.unsupported, outcome.differences) == ("", ())


def test_every_step_that_the_runner_knows_is_used():
    used = {step["op"] for one in SCENARIOS.values() for step in one.steps}
    assert set(OPS) <= used


def test_every_expectation_that_the_runner_knows_is_used():
    told = [one.expect for one in SCENARIOS.values()]
    told += [step["expect"] for one in SCENARIOS.values() for step in one.steps if step["op"] == "check"]
    assert set(CHECKS) <= {key for expect in told for key in expect}


def test_every_declared_policy_is_used():
    used = {(key, value) for one in SCENARIOS.values() for key, value in one.policy.items()}
    assert {(key, value) for key, values in DECLARED.items() for value in values} <= used


def test_the_page_of_fill_rules_lists_what_is_declared():
    page = (Path(__file__).parents[2] / "docs" / "fills.md").read_text(encoding="utf-8")
    numbers, table = page.split("## What scenario files may ask for")[1].split("\n\n", 2)[:2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert {key: tuple(values.split(", ")) for key, values in rows} == DECLARED
    assert set(re.findall(r"`(\w+)`", numbers)) == NUMBERS


def test_no_two_have_one_name():
    ids = re.findall(r'^ "id": "([^"]+)"', FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(json.loads(FILE.read_bytes())["scenarios"])
