"""Scenario files run against the real desk and the simulated exchange.

A scenario is a list of steps with what must come of them. The file says its
own schema (``ops``, ``expect_keys``, ``policies``). What the desk can't do is
told as unsupported with a reason; nothing is passed by being left out.
"""

from termdesk.testing.scenario.file import choose_scenarios, read_scenarios
from termdesk.testing.scenario.report import ScenarioReport, report_on

__all__ = ["ScenarioReport", "choose_scenarios", "read_scenarios", "report_on"]
