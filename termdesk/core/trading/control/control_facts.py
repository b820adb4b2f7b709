"""Facts about what may trade, into the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.facts import FlattenRefused, LimitsChanged, Recorded, SurveillanceNoticed, TradingStateChanged
from termdesk.core.trading.risk.controls import flattened, set_limits, take_notice, take_state
from termdesk.core.trading.settle import accepted
from termdesk.core.trading.state import DeskState


def _limits_changed(state: DeskState, record: Recorded, fact: LimitsChanged) -> None:
    del record
    set_limits(state.controls, fact.account, fact.instrument, fact.limits)
    accepted(state, fact.command_id)


def _trading_state_changed(state: DeskState, record: Recorded, fact: TradingStateChanged) -> None:
    take_state(state.controls, record, fact)
    if fact.command_id:
        accepted(state, fact.command_id, *fact.order_ids)


def _flatten_refused(state: DeskState, record: Recorded, fact: FlattenRefused) -> None:
    del record
    flattened(state.controls, fact.account, fact.instrument)


def _surveillance_noticed(state: DeskState, record: Recorded, fact: SurveillanceNoticed) -> None:
    take_notice(state.controls, record, fact)


CONTROL_FACTS: dict[type, Callable[[DeskState, Recorded, Any], None]] = {
    LimitsChanged: _limits_changed,
    TradingStateChanged: _trading_state_changed,
    FlattenRefused: _flatten_refused,
    SurveillanceNoticed: _surveillance_noticed,
}
