"""Who gives commands in a simulation: every kind of them, sensible and not, some of them twice."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from msgspec.structs import replace

from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder, DeskCommand, SubmitBracket, SubmitOrder
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Contingency, OrdType, ReleaseMode, Side, TimeInForce, TrailUnit, TriggerBy
from termdesk.core.model.trigger import Trail
from termdesk.core.trading.state import DeskState

_HOUR_NS = 3_600_000_000_000


class Trader:
    """Draws commands; knows the desk's state as a person at the screen does."""

    def __init__(self, rng: Random, instruments: tuple[Instrument, ...], accounts: tuple[str, ...]) -> None:
        self._rng = rng
        self._instruments = instruments
        self._accounts = accounts
        self._count = 0
        self._newest: DeskCommand | None = None

    def next(self, state: DeskState, now_ns: Ns) -> DeskCommand:
        """Draw the next command."""
        chance = self._rng.random()
        if chance < 0.03 and self._newest is not None:
            return self._newest
        working = list(state.working)
        if working and (chance < 0.3 or len(working) > 60):
            made = self._about(self._rng.choice(working), state)
        elif chance < 0.32:
            made = self._cancel_all(state)
        elif chance < 0.42:
            made = self._bracket(now_ns)
        else:
            made = self._order(now_ns)
        self._newest = made
        return made

    def _id(self) -> str:
        self._count += 1
        return f"c{self._count}"

    def _about(self, order_id: str, state: DeskState) -> DeskCommand:
        if self._rng.random() < 0.6:
            return CancelOrder(command_id=self._id(), order_id=order_id)
        order = state.orders[order_id]
        rule = state.instruments[order.instrument].rules[0]
        price = None if order.price is None else order.price + self._rng.randint(-6, 6) * rule.tick
        trigger = order.trigger_price
        return AmendOrder(
            command_id=self._id(),
            order_id=order_id,
            price=price,
            qty=order.qty + self._rng.randint(-2, 3) * rule.lot if self._rng.random() < 0.4 else None,
            trigger_price=trigger + rule.tick if trigger is not None and self._rng.random() < 0.5 else None,
        )

    def _cancel_all(self, state: DeskState) -> DeskCommand:
        del state
        rng = self._rng
        return CancelAll(
            command_id=self._id(),
            account=rng.choice((None, *self._accounts)),
            instrument=rng.choice(self._instruments).id,
            side=rng.choice((None, Side.BUY, Side.SELL)),
        )

    def _bracket(self, now_ns: Ns) -> DeskCommand:
        entry = self._order(now_ns, plain=True)
        rule = next(one for one in self._instruments if one.id == entry.instrument).rules[0]
        price, sign, far = entry.price or 1_000, entry.side.sign, self._rng.randint(2, 40) * rule.tick
        bare = replace(
            entry,
            command_id="",
            side=entry.side.opposite,
            reduce_only=True,
            post_only=False,
            price=None,
            time_in_force=TimeInForce.GTC,
        )
        stop = replace(
            bare, ord_type=OrdType.STOP, trigger_price=max(rule.tick, price - sign * far), trigger_by=self._source()
        )
        profit = replace(bare, price=max(rule.tick, price + sign * far))
        return SubmitBracket(
            command_id=self._id(),
            entry=entry,
            exits=self._rng.choice(((stop, profit), (stop,), (profit,))),
            release=self._rng.choice(tuple(ReleaseMode)),
            contingency=self._rng.choice(tuple(Contingency)),
        )

    def _order(self, now_ns: Ns, *, plain: bool = False) -> SubmitOrder:
        rng = self._rng
        instrument = rng.choice(self._instruments)
        rule = instrument.rules[0]
        ord_type = OrdType.LIMIT if plain or rng.random() < 0.5 else rng.choice(tuple(OrdType))
        in_force = rng.choice((TimeInForce.GTC, TimeInForce.GTC, *TimeInForce))
        if plain:
            in_force = TimeInForce.GTC
        near = (1_000 + rng.randint(-120, 120)) * rule.tick
        price = near + (1 if rng.random() < 0.01 else 0) if ord_type.has_limit else None
        lots = rng.randint(1, 30) * (1 if rule.lot > 1 else 100)
        group = f"g{rng.randint(1, 40)}" if not plain and rng.random() < 0.15 else ""
        return SubmitOrder(
            command_id=self._id(),
            account=rng.choice(self._accounts),
            instrument=instrument.id,
            side=rng.choice((Side.BUY, Side.BUY, Side.SELL)),
            ord_type=ord_type,
            qty=lots * rule.lot if rng.random() > 0.01 else 0,
            price=price,
            time_in_force=in_force,
            post_only=rng.random() < 0.1,
            reduce_only=rng.random() < 0.15,
            trigger_price=near + rng.randint(-20, 20) * rule.tick if ord_type.has_trigger else None,
            trigger_by=self._source(),
            trail=self._trail(ord_type, rule.tick),
            display_qty=rule.lot * rng.randint(1, lots) if ord_type is OrdType.LIMIT and rng.random() < 0.1 else None,
            expire_ns=now_ns + rng.randint(1, 30 * _HOUR_NS) if in_force is TimeInForce.GTD else None,
            contingency=rng.choice(tuple(Contingency)) if group else None,
            group=group,
        )

    def _trail(self, ord_type: OrdType, tick: int) -> Trail | None:
        if ord_type not in (OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT):
            return None
        rng = self._rng
        return Trail(
            unit=rng.choice((TrailUnit.TICKS, TrailUnit.BPS, TrailUnit.PERCENT)),
            value=Decimal(rng.choice((1, 2, 5))),
            limit_offset=rng.randint(0, 5) * tick if ord_type is OrdType.TRAILING_STOP_LIMIT else None,
        )

    def _source(self) -> TriggerBy:
        return self._rng.choice(tuple(TriggerBy))
