"""The conformance suite for brokers: numbered cases that an adapter passes against a venue that its author controls.

See ``docs/adapters.md``. Needs no test framework: ``run_case`` raises where a case fails.
"""

from termdesk.testing.broker.case import CASES, Case, Conformance, NotApplicable, run_case
from termdesk.testing.broker.control import VenueControl
from termdesk.testing.broker.paper import PaperControl
from termdesk.testing.broker.simvenue import SimVenueControl

__all__ = [
    "CASES",
    "Case",
    "Conformance",
    "NotApplicable",
    "PaperControl",
    "SimVenueControl",
    "VenueControl",
    "run_case",
]
