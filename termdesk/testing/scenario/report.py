"""What a run of many scenarios came to."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from termdesk.core.model.errors import Refused
from termdesk.testing.scenario.expectations import differences
from termdesk.testing.scenario.file import Scenario
from termdesk.testing.scenario.ops import take_step
from termdesk.testing.scenario.policies import undeclared
from termdesk.testing.scenario.risk import set_policies
from termdesk.testing.scenario.run import Outcome, Run, Unsupported

TIERS = ("universal", "policy", "reference")


class Tally(msgspec.Struct, kw_only=True):
    """How many scenarios came to what."""

    passed: int = 0
    failed: int = 0
    unsupported: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one."""
        if outcome.unsupported:
            self.unsupported += 1
        elif outcome.differences:
            self.failed += 1
        else:
            self.passed += 1


class ScenarioFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario that did not come out as expected."""

    id: str
    differences: tuple[str, ...]


class ScenarioGap(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario that needs what the desk does not have."""

    id: str
    reason: str


class ScenarioReport(msgspec.Struct, kw_only=True):
    """What a run came to, by tier and by group."""

    tiers: dict[str, Tally]
    groups: dict[str, dict[str, Tally]]
    failures: list[ScenarioFailure] = []
    unsupported: list[ScenarioGap] = []

    @property
    def is_good(self) -> bool:
        """Whether nothing that must hold failed: universal and policy scenarios, universal ones supported too."""
        universal, policy = self.tiers["universal"], self.tiers["policy"]
        return not (universal.failed or policy.failed or universal.unsupported)


def run_scenario(scenario: Scenario) -> Outcome:
    """Run one scenario on a desk of its own."""
    missing = undeclared(scenario)
    if missing:
        return Outcome(unsupported=missing)
    found: list[str] = []
    try:
        run = Run(scenario)
        set_policies(run)
        for number, step in enumerate(scenario.steps, 1):
            if step["op"] == "check":
                found += [f"step {number}: {line}" for line in differences(run, step["expect"])]
            else:
                take_step(run, step)
        found += differences(run, scenario.expect)
    except Unsupported as gap:
        return Outcome(unsupported=str(gap))
    except (Refused, KeyError, ValueError) as error:
        # A scenario of someone else's may be wrong itself; that is told like any other difference.
        found.append(f"the scenario can't be carried out: {error!r}")
    except Exception as error:  # noqa: BLE001  # a desk that breaks fails this scenario, and not the run of all others
        found.append(f"the desk broke: {error!r}")
    return Outcome(differences=tuple(found))


def report_on(scenarios: Iterable[Scenario]) -> ScenarioReport:
    """Run scenarios one after the other."""
    report = ScenarioReport(tiers={tier: Tally() for tier in TIERS}, groups={})
    for scenario in scenarios:
        outcome = run_scenario(scenario)
        report.tiers[scenario.tier].add(outcome)
        report.groups.setdefault(scenario.group, {}).setdefault(scenario.tier, Tally()).add(outcome)
        if outcome.unsupported:
            report.unsupported.append(ScenarioGap(id=scenario.id, reason=outcome.unsupported))
        elif outcome.differences:
            report.failures.append(ScenarioFailure(id=scenario.id, differences=outcome.differences))
    return report
