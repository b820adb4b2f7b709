"""Dated rule books of the venues, as data: sessions, ticks, lots, price limits, fees, settlement."""

from termdesk.core.venues.boards import board_of_id
from termdesk.core.venues.cage import PriceCage, price_cage
from termdesk.core.venues.charges import Commission, fee_schedule
from termdesk.core.venues.dealing import (
    after_hours,
    auction_tie,
    contract,
    extended_hours,
    financing,
    order_types,
    settle_days,
    settlement,
)
from termdesk.core.venues.dealt import Dealt, dealt
from termdesk.core.venues.delivery import following_day, settles
from termdesk.core.venues.limits import PriceLimits, price_limits
from termdesk.core.venues.lots import LotRule, lot_rule
from termdesk.core.venues.schedule import FeeSchedule
from termdesk.core.venues.sessions import PhaseAt, phase, trading_day
from termdesk.core.venues.ticks import TickRule, tick_rule

__all__ = [
    "Commission",
    "Dealt",
    "FeeSchedule",
    "LotRule",
    "PhaseAt",
    "PriceCage",
    "PriceLimits",
    "TickRule",
    "after_hours",
    "auction_tie",
    "board_of_id",
    "contract",
    "dealt",
    "extended_hours",
    "fee_schedule",
    "financing",
    "following_day",
    "lot_rule",
    "order_types",
    "phase",
    "price_cage",
    "price_limits",
    "settle_days",
    "settlement",
    "settles",
    "tick_rule",
    "trading_day",
]
