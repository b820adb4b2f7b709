"""The page that ``termdesk status`` prints for people."""

from __future__ import annotations

from termdesk.cli.control_shapes import LimitsShape
from termdesk.cli.output import clock_text, print_line, print_table
from termdesk.cli.shapes import ReplayShape, ScreenShape, StatusShape, StopShape


def print_status(status: StatusShape) -> None:
    """Print how an engine is."""
    print_line(f"desk {status.desk} ({status.mode.value}), process {status.pid}, version {status.engine_version}")
    print_line(f"socket {status.socket}")
    print_line(f"started {clock_text(status.started_ns)}, desk time {clock_text(status.desk_ns)}")
    print_line(
        f"{status.instruments} instruments, {status.working_orders} working orders, "
        f"accounts {', '.join(status.accounts)}, journal at {status.durable_seq}"
    )
    shares = ", ".join(f"{part} {share:.1%}" for part, share in status.shares.items())
    print_line(f"load: {shares or 'none'} of a core; loop lag {status.loop_lag_ms:.1f} ms")
    if status.halted:
        print_line(f"TRADING HALTED: {status.halted}")
    _print_stops(status.stops)
    if status.replay is not None:
        print_line(_replay(status.replay))
    print_table(
        "feed link heard >delay >events >skipped >gaps detail",
        [
            (
                one.feed,
                one.link.value,
                clock_text(one.heard_ns),
                None if one.delay_ns is None else f"{one.delay_ns / 1e9:g}s",
                one.events,
                one.skipped,
                one.gaps,
                one.detail,
            )
            for one in status.feeds
        ],
        empty="no feeds",
    )
    if status.brokers:
        print_table(
            "broker link orders in_doubt",
            [
                (one.broker, one.link.value, "leave" if one.reconciled else "wait", " ".join(one.in_doubt))
                for one in status.brokers
            ],
        )
    for alert in status.alerts:
        about = " ".join(name for name in (alert.order_id, alert.account, alert.instrument, alert.broker) if name)
        print_line(f"{alert.severity.value.upper()} {clock_text(alert.at_ns)} {about}: {alert.reason.text}")
    print_table(
        "session actor client screen state",
        [(one.session, one.actor, one.client, one.screen, _presence(one)) for one in status.screens],
        empty="no clients",
    )


def print_limits(shown: LimitsShape) -> None:
    """Print limits in force, what is stopped, and what was noticed."""
    print_table(
        "account instrument limits",
        [
            (one.account or "all", one.instrument or "all", " ".join(f"{name}={v}" for name, v in one.limits.items()))
            for one in shown.limits
        ],
        empty="no limits",
    )
    _print_stops(shown.stops)
    for notice in shown.notices:
        print_line(f"noticed {notice.trading_day} account {notice.account}: {notice.reason.text}")


def _print_stops(stops: tuple[StopShape, ...]) -> None:
    for stop in stops:
        scope = f"account {stop.account or 'all'}, instrument {stop.instrument or 'all'}"
        word = "KILLED" if stop.killed else stop.state.value.upper()
        print_line(f"{word}: {scope}, since {clock_text(stop.at_ns)} by {stop.actor}: {stop.note}")


def _presence(screen: ScreenShape) -> str:
    if screen.looks_on:
        return "looks on"
    return {True: "armed", False: "disarmed", None: "unknown"}[screen.armed]


def _replay(replay: ReplayShape) -> str:
    state = "ended" if replay.ended else "paused" if replay.paused else "playing"
    speed = f"{replay.speed:g}x" if replay.speed else "max"
    return f"replay {state} at {speed}, from {clock_text(replay.first_ns)} to {clock_text(replay.last_ns)}"
