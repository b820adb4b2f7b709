"""Conditions that are armed, as the log moves them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.model.condition import Predicate
from termdesk.core.model.facts import ConditionArmed, ConditionDisarmed, ConditionTriggered, Recorded
from termdesk.core.model.number import Price
from termdesk.core.wire.queries import ConditionLine


class Armed:
    """What is watched for, by condition."""

    def __init__(self) -> None:
        self._predicates: dict[str, Predicate] = {}

    def load(self, lines: Iterable[ConditionLine]) -> None:
        """Replace everything by a snapshot; records up to its cursor change nothing more."""
        self._predicates = {line.condition_id: line.predicate for line in lines}

    def fold(self, record: Recorded) -> None:
        """Fold in one record."""
        match record.fact:
            case ConditionArmed(condition_id=name, predicate=predicate):
                self._predicates[name] = predicate
            case ConditionTriggered(condition_id=name) | ConditionDisarmed(condition_id=name):
                self._predicates.pop(name, None)

    def prices(self, instrument: str) -> tuple[Price, ...]:
        """Give the prices of an instrument that are watched for."""
        return tuple(each.price for each in self._predicates.values() if each.instrument == instrument)
