"""Policies that the desk and its simulated exchange declare."""

from __future__ import annotations

from termdesk.testing.scenario.fidelity import BARS, NUMBERS
from termdesk.testing.scenario.file import Scenario

DECLARED: dict[str, tuple[str, ...]] = {
    "consumption": ("off", "tracked"),
    "l1_residual": ("slip_one_tick",),
    "queue": ("off", "trade_only", "risk_averse", "prob_power", "l3_fifo"),
    "cross_fill": ("displayed", "all", "all_when_through"),
    "trade_execution": ("on", "off"),
    "stop_in_market": ("reject",),
    "post_only_on_trigger": ("reject",),
    "gtd_boundary": ("inclusive",),
    "reduce_only_exceeds": ("cap", "deny"),
    "exit_link": ("ouo",),
    "oto": ("full", "partial"),
    "oco_partial": ("cancel", "reduce"),
    "oco_on_expire": ("cancel_group",),
    "overfill": ("refuse", "allow"),
    "identical_window": ("lifetime",),
    "stp": ("expire_taker", "expire_maker"),
    "own_orders_match": ("on",),
    "last_as_book": ("on",),
    **BARS,
}


def undeclared(scenario: Scenario) -> str:
    """The first policy of a scenario that is not declared, as a reason; empty where all are.

    A universal scenario must hold under the desk's own policies: its policy only selects the kind of data.
    """
    if scenario.tier == "universal":
        return ""
    for key, value in scenario.policy.items():
        if key not in NUMBERS and value not in DECLARED.get(key, ()):
            return f"policy {key}={value} is not declared"
    return ""
