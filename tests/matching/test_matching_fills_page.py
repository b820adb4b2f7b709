"""The page of fill rules says what the exchange does."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import pytest
from matching_venue import Venue

from termdesk.core.matching.fidelity import PROFILES, CrossFill, Queue, SelfTrade, StopInMarket
from termdesk.core.model.terms import Side

PAGE = (Path(__file__).parents[2] / "docs" / "fills.md").read_text(encoding="utf-8")
LATENCY = {"entry latency": "entry_latency_ns", "response latency": "response_latency_ns"}


def rows() -> list[list[str]]:
    table = PAGE.split("## Profiles")[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]


def shown(policy: str, profile: str) -> str:
    fidelity = PROFILES[profile]
    if policy in LATENCY:
        return f"{getattr(fidelity, LATENCY[policy]) // 1_000_000} ms"
    owner, name = (fidelity.bars, policy[6:]) if policy.startswith("bars: ") else (fidelity, policy)
    value = getattr(owner, name)
    if name == "consumption":
        return "tracked" if value else "off"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value.value if isinstance(value, Enum) else value)


def test_the_table_of_profiles_is_what_the_profiles_are() -> None:
    (_, *names), _, *body = rows()
    assert names == list(PROFILES)
    for policy, *cells in body:
        assert cells == [shown(policy, name) for name in names], policy


def test_every_policy_in_which_profiles_differ_is_in_the_table() -> None:
    told = {LATENCY.get(row[0], row[0]) for row in rows()}
    for name in next(iter(PROFILES.values())).__struct_fields__:
        values = {getattr(one, name) for one in PROFILES.values()}
        if len(values) > 1 and name not in ("name", "bars"):
            assert name in told
    for name in next(iter(PROFILES.values())).bars.__struct_fields__:
        if len({getattr(one.bars, name) for one in PROFILES.values()}) > 1:
            assert f"bars: {name}" in told


@pytest.mark.parametrize("words", [Queue, CrossFill, StopInMarket, SelfTrade])
def test_every_choice_is_on_the_page(words) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in PAGE] == []


def test_the_worked_example_of_the_queue() -> None:
    v = Venue()
    v.book(((100, 100),), ((101, 100),))
    v.send(Side.BUY, 50, 100)
    for qty in (80, 30, 50):
        v.trade(100, qty, Side.SELL)
    assert [fill[2] for fill in v.fills()] == [10, 40]


def test_the_worked_example_of_taking() -> None:
    v = Venue()
    v.book((), ((102, 10), (103, 20)))
    v.send(Side.BUY, 15)
    v.send(Side.BUY, 20)
    assert [fill[1:3] for fill in v.fills()] == [(102, 10), (103, 5), (103, 15)]
