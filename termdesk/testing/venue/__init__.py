"""A venue of its own: the simulated exchange with an order store behind a real socket, and faults to switch on.

``python -m termdesk.testing.venue`` runs one with a generated market; the broker ``simvenue`` reaches it.
"""

from termdesk.testing.venue.faults import Fault, Faults
from termdesk.testing.venue.server import VenueServer
from termdesk.testing.venue.store import Venue

__all__ = ["Fault", "Faults", "Venue", "VenueServer"]
