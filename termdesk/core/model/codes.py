"""Every code that a refusal, a reason or a notice may carry, with the names of its parameters.

The sentences live in ``ui/locale``, one catalogue per language; a test holds
both catalogues and every use in the code against this table. Parameters are
text: numbers as plain decimals, ids as they are.
"""

from __future__ import annotations

CODES: dict[str, tuple[str, ...]] = {
    # numbers at the edge
    "number.invalid": ("value",),
    "number.decimals": ("value", "decimals"),
    "number.too_large": ("value",),
    # order language
    "text.unexpected": ("found", "expected"),
    "text.incomplete": ("expected",),
    "symbol.unknown": ("symbol", "nearest"),
    "symbol.ambiguous": ("symbol", "candidates"),
    # risk gate
    "risk.tick": ("price", "tick"),
    "risk.price_limit": ("price", "low", "high"),
    "risk.lot": ("qty", "lot"),
    "risk.min_qty": ("qty", "min_qty"),
    "risk.price_positive": ("price",),
    "risk.price_missing": (),
    "risk.cash": ("need", "available", "asset"),
    "risk.holding": ("need", "available", "instrument"),
    "risk.no_market": ("instrument",),
    "risk.stale_link": ("age", "limit"),
    "risk.phase": ("instrument", "phase"),
    "risk.replay_ended": (),
    "risk.reduce_only": ("qty", "closable"),
    "risk.post_only": ("ord_type", "time_in_force"),
    # commands
    "command.account_unknown": ("account", "accounts"),
    "command.instrument_unknown": ("instrument",),
    "command.order_unknown": ("order_id",),
    "command.order_ended": ("order_id", "status"),
    "command.condition_unknown": ("condition_id",),
    "command.nothing_to_amend": ("order_id",),
    "command.amend_below_filled": ("qty", "filled"),
    "command.amend_pending": ("order_id", "status"),
    "command.not_replay": ("mode",),
    "command.jump_backwards": ("to", "now"),
    "command.step_not_paused": (),
    "desk.halted": ("detail",),
    "desk.stopping": (),
    # reduce-only orders
    "reduce.capped": ("asked", "closable"),
    "reduce.position": ("position",),
    # simulated exchange: fills and non-fills
    "queue.back": ("ahead", "level"),
    "queue.behind_best": ("price", "best"),
    "queue.kept": ("ahead",),
    "fill.queue": ("ahead", "traded", "filled"),
    "fill.through": ("price", "traded_price", "traded", "filled"),
    "fill.crossed": ("price", "best", "displayed", "filled"),
    "fill.take": ("price", "displayed", "consumed", "filled"),
    "wait.queue": ("ahead", "price"),
    "wait.price": ("price", "best"),
    "wait.taken": ("price", "taken"),
    "wait.phase": ("phase",),
    "wait.no_book": (),
    "end.ioc": ("left",),
    "end.fok": ("qty", "available"),
    "end.no_liquidity": ("left",),
    "end.asked": (),
    "venue.order_unknown": ("venue_order_id",),
    "venue.refused": (),
    "venue.post_only": ("price", "best"),
    "venue.restarted": (),
    "venue.no_rules": ("segment", "known"),
    # connection of a client
    "topic.unknown": ("topic",),
    "topic.depth": ("depth", "max"),
    "wire.frame": ("detail",),
    "wire.protocol": ("engine", "client"),
    # market data
    "feed.stale": ("age",),
}
