"""What ``termdesk limits --json`` prints. Fields are only added."""

from __future__ import annotations

from termdesk.cli.shapes import ReasonShape, Shape, StopShape


class ScopeShape(Shape, frozen=True, kw_only=True):
    """Limits of a scope; every limit holds whose scope covers an order."""

    account: str
    instrument: str
    limits: dict[str, str]


class NoticeShape(Shape, frozen=True, kw_only=True):
    """What surveillance noticed of an account."""

    account: str
    instrument: str
    trading_day: str
    reason: ReasonShape


class LimitsShape(Shape, frozen=True, kw_only=True):
    """Limits in force, stops and notices."""

    limits: tuple[ScopeShape, ...]
    stops: tuple[StopShape, ...]
    notices: tuple[NoticeShape, ...]
