"""Closing a part of a position: exits that hold more than the rest are cut to it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.queries import PreviewQuery
from termdesk.core.wire.topics import PositionLine
from termdesk.ui.news import News
from termdesk.ui.orders.clearing import cleared
from termdesk.ui.orders.cutting import Cut, cuts, freed
from termdesk.ui.orders.sending import new_command_id

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

_CUT_HELPS = frozenset({"risk.reduce_only", "risk.holding"})
"""What is against an order only while its exits are as large as they are."""


def cuts_before(screen: TradeScreen, account: str, line: PositionLine, qty: int) -> list[Cut]:
    """Give what has to be cut before so much is closed; nothing where that would not set it free."""
    side = Side.SELL if line.qty > 0 else Side.BUY
    lines = (one for one in screen.store.working(account, line.instrument) if one.side is side)
    found = cuts(lines, max(0, abs(line.qty) - qty))
    is_free = side is Side.BUY or qty <= line.sellable + freed(found)
    return found if is_free else []


async def close_part(screen: TradeScreen, asked: SubmitOrder) -> None:
    """Close a part, its exits cut first; says so where they were cut in vain."""
    sending = screen.entry.sending
    body = screen.store.accounts.get(asked.account)
    held = next((one for one in body.positions if one.instrument == asked.instrument), None) if body else None
    found = cuts_before(screen, asked.account, held, asked.qty) if held is not None else []
    if found and await _is_wanted(screen, asked):
        for cut in found:
            answer = await sending.do(cut.command(new_command_id()))
            if answer is None or not answer.accepted:
                return
        if not await cleared(screen, lambda: all(_is_cut(screen, cut) for cut in found)):
            return
    else:
        found = []
    answer = await sending.do(asked)
    if found and (answer is None or not answer.accepted):
        orders = ", ".join(cut.line.order_id for cut in found)
        screen.say(News(screen.said.tr("news.cut_in_vain", orders=orders), "danger"))


async def _is_wanted(screen: TradeScreen, asked: SubmitOrder) -> bool:
    """Whether nothing but the exits in its way is against an order."""
    try:
        told = await screen.link.asking.ask(PreviewQuery(asked))
    except TermdeskError:
        return False
    return {one.code for one in told.refusals} <= _CUT_HELPS


def _is_cut(screen: TradeScreen, cut: Cut) -> bool:
    now = screen.store.orders.get(cut.line.order_id, cut.line)
    return not now.status.is_open or (now.status is OrdStatus.NEW and now.leaves_qty <= cut.leaves)
