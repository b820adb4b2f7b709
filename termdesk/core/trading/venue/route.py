"""How the way to a venue stands."""

from __future__ import annotations

import msgspec

from termdesk.core.model.terms import Link
from termdesk.core.model.venue import BrokerRules


class BrokerState(msgspec.Struct):
    """A route to a venue outside the engine. A simulated exchange inside it is none."""

    link: Link
    rules: BrokerRules
    reconciled: bool = False
    """Whether the venue's word was taken in whole since the link came up."""
