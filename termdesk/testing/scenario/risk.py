"""The step that sets limits, halts or kills, as commands of the desk."""

from __future__ import annotations

from termdesk.core.model.command import KillSwitch, SetLimits, SetTradingState
from termdesk.core.model.limits import TradingState
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.run import Run, Unsupported

_NOTE = "scenario"
_PLAIN = frozenset({"max_qty", "max_notional", "max_active_orders", "max_identical"})
_OTHERS = frozenset({"op", "t", "max_submit_rate", "trading_state", "kill"})


def set_risk(run: Run, step: Step) -> None:
    """Set what the step names.

    Raises:
        Unsupported: It names something else.
    """
    unknown = sorted(set(step) - _PLAIN - _OTHERS)
    if unknown:
        raise Unsupported(f"risk {', '.join(unknown)}")
    changes = {name: str(step[name]) for name in _PLAIN if name in step}
    if "max_identical" in step:
        changes["identical_window_ms"] = "0"
    if "max_submit_rate" in step:
        rate = step["max_submit_rate"]
        changes |= {"max_submits": str(rate["count"]), "submit_window_ms": str(rate["per_ms"])}
    if changes:
        _give(run, SetLimits(command_id=run.command_id(), changes=changes))
    if "trading_state" in step:
        state = TradingState[step["trading_state"]]
        if state is not TradingState.ACTIVE or run.bench.state.controls.stops:
            _give(run, SetTradingState(command_id=run.command_id(), state=state, note=_NOTE))
    if step.get("kill"):
        _give(run, KillSwitch(command_id=run.command_id(), note=_NOTE))


def set_policies(run: Run) -> None:
    """Set what the desk itself decides by a scenario's policies.

    What own orders do to each other is the venue's to say; a scenario names it in its policy.
    """
    changes = {"self_trade": "allow"}
    if "reduce_only_exceeds" in run.policy:
        changes["reduce_only_exceeds"] = run.policy["reduce_only_exceeds"]
    _give(run, SetLimits(command_id=run.command_id(), changes=changes))


def _give(run: Run, command: SetLimits | SetTradingState | KillSwitch) -> None:
    answer = run.bench.give(command).answers[0]
    if not answer.accepted:
        raise Unsupported(f"risk: {answer.code} {answer.params}")
