"""Records of a demo desk to put into a journal."""

from __future__ import annotations

from termdesk.core.model.facts import AccountOpened, DeskOpened, Fact, Recorded
from termdesk.core.model.terms import AccountKind, Mode

OPENED = DeskOpened(desk="demo", mode=Mode.DEMO, seed=7, base_currency="CNY")


def make_record(seq: int, fact: Fact | None = None) -> Recorded:
    if fact is None:
        fact = OPENED if seq == 1 else AccountOpened(account=f"a{seq}", kind=AccountKind.CASH, broker="paper")
    return Recorded(
        seq=seq, at_ns=seq * 10, wall_ns=seq * 11, trading_day="2026-11-20", cause="start", actor="engine", fact=fact
    )


def make_records(first: int, last: int) -> list[Recorded]:
    return [make_record(seq) for seq in range(first, last + 1)]
