"""What still goes through while trading is halted because nothing can be made durable: what only reduces risk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from termdesk.core.model.command import CancelAll, CancelOrder, DeskCommand, KillSwitch, SetTradingState
from termdesk.core.model.execution import OrderCancelRequest
from termdesk.core.model.limits import TradingState


def _always(command: DeskCommand) -> bool:
    del command
    return True


def _tightens(command: SetTradingState) -> bool:
    return command.state is not TradingState.ACTIVE


_PASSES: dict[type, Callable[[Any], bool]] = {
    CancelOrder: _always,
    CancelAll: _always,
    KillSwitch: _always,
    SetTradingState: _tightens,
}
_GOES_OUT = frozenset({OrderCancelRequest})
"""Not an order of any kind, also not one that would close a position: its intent could not be made durable."""


def passes(command: DeskCommand) -> bool:
    """Whether a command is taken although trading is halted."""
    rule = _PASSES.get(type(command))
    return rule is not None and rule(command)


def asked_again(command: DeskCommand) -> DeskCommand:
    """Give what the next start asks again: no order leaves later by itself, so nothing is flattened then."""
    return replace(command, flatten=False) if isinstance(command, KillSwitch) else command


def goes_out(request: object) -> bool:
    """Whether a request reaches its broker although trading is halted."""
    return type(request) in _GOES_OUT
