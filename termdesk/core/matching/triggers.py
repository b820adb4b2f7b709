"""Orders of many instruments that wait for a price; ``core/matching/watch.py`` has the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from termdesk.core.matching.watch import NOTHING_KNOWN, Fired, Prices, TriggerMark, Triggers
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import OrdType, Side, TriggerBy
from termdesk.core.model.trigger import Trail


class TriggerBook:
    """Waiting orders by instrument. One instance has one owner, who feeds it every price that it should follow."""

    def __init__(self) -> None:
        self._by_instrument: dict[str, Triggers] = {}
        self._instrument_of: dict[str, str] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._instrument_of)

    def __contains__(self, order_id: str) -> bool:
        return order_id in self._instrument_of

    def arm(
        self,
        order_id: str,
        instrument: Instrument,
        side: Side,
        ord_type: OrdType,
        trigger_price: int | None,
        trigger_by: TriggerBy,
        trail: Trail | None,
        tick: int,
        prices: Prices = NOTHING_KNOWN,
    ) -> Fired | None:
        """Watch an order; gives it back at once where ``prices`` have reached its trigger already.

        Args:
            order_id: Not watched yet.
            instrument: What is traded; its id names the prices to follow.
            side: Of the order.
            ord_type: One with a trigger.
            trigger_price: None lets a trailing order follow from the first price on.
            trigger_by: Which price it follows.
            trail: Of a trailing order, else None.
            tick: Trailing triggers stand on it.
            prices: The market now, as far as it is known.
        """
        triggers = self._by_instrument.setdefault(instrument.id, Triggers())
        self._count += 1
        terms = (order_id, self._count, side, ord_type, trigger_price, trigger_by, trail, tick)
        fired = triggers.arm(*terms, instrument.price_decimals, prices)
        if fired is None:
            self._instrument_of[order_id] = instrument.id
        elif not triggers:
            del self._by_instrument[instrument.id]
        return fired

    def disarm(self, order_id: str) -> None:
        """Stop watching; an id that is not watched is left alone."""
        instrument = self._instrument_of.pop(order_id, None)
        if instrument is not None:
            self._by_instrument[instrument].disarm(order_id)
            self._tidy(instrument)

    def amend(self, order_id: str, trigger_price: int) -> None:
        """Put a trigger elsewhere; a trailing one goes on from there. Fires with the next price at the earliest."""
        self._of(order_id).amend(order_id, trigger_price)

    def on_last(self, instrument: str, last: int) -> Sequence[Fired]:
        """Take a public trade's price; gives what fired in the order of arming."""
        triggers = self._by_instrument.get(instrument)
        if triggers is None:
            return ()
        return self._forget(instrument, triggers.on_last(last))

    def on_quote(self, instrument: str, bid: int, ask: int) -> Sequence[Fired]:
        """Take best bid and ask, 0 for an empty side; gives what fired in the order of arming."""
        triggers = self._by_instrument.get(instrument)
        if triggers is None:
            return ()
        return self._forget(instrument, triggers.on_quote(bid, ask))

    def trigger_of(self, order_id: str) -> int | None:
        """Where an order's trigger stands; None before a trailing order has one."""
        return self._of(order_id).trigger_of(order_id)

    def activated(self, order_id: str) -> bool:
        """Whether a trailing order follows the market; others always do."""
        return self._of(order_id).activated(order_id)

    def restored(self, order_id: str) -> bool:
        """Whether a trailing extreme is from before a restart and the market has not passed it since."""
        return self._of(order_id).restored(order_id)

    def marks(self) -> tuple[TriggerMark, ...]:
        """Watch state, to be kept over a restart."""
        return tuple(mark for triggers in self._by_instrument.values() for mark in triggers.marks())

    def restore(self, marks: Iterable[TriggerMark]) -> None:
        """Let armed orders go on from their watch state; marks of other orders are left out."""
        for mark in marks:
            if mark.order_id in self._instrument_of:
                self._of(mark.order_id).restore(mark)

    def _of(self, order_id: str) -> Triggers:
        return self._by_instrument[self._instrument_of[order_id]]

    def _forget(self, instrument: str, fired: Sequence[Fired]) -> Sequence[Fired]:
        for one in fired:
            del self._instrument_of[one.order_id]
        if fired:
            self._tidy(instrument)
        return fired

    def _tidy(self, instrument: str) -> None:
        if not self._by_instrument[instrument]:
            del self._by_instrument[instrument]
