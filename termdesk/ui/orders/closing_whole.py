"""Closing a whole position, or turning it round: the orders in its way are cancelled first, what is held looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from termdesk.core.model.command import CancelAll, SubmitOrder
from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.queries import AccountsQuery, PreviewQuery
from termdesk.ui.news import News
from termdesk.ui.orders.clearing import cleared
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.orders.sizes import written

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

_IN_THE_WAY = frozenset({"risk.reduce_only", "risk.self_trade"})
_HELD_BY_EXITS = frozenset({"risk.holding", "risk.sellable"})
"""What is against an order only while others work there."""


async def close_whole(screen: TradeScreen, asked: SubmitOrder, held: int) -> None:
    """Close what is held, or turn it round; ``held`` is what it was when it was asked for."""
    if blocked := await _blocked(screen, asked):
        screen.say(News(blocked, "danger"))
        screen.entry.rejects.show(blocked)
    elif await _make_way(screen, asked.account, asked.instrument):
        fitting = await _fitting(screen, asked, held)
        if fitting is None:
            return
        if not asked.reduce_only and (why := screen.entry.sending.order_held_back(fitting)):
            words = screen.said.tr("news.not_turned", why=why)
            screen.say(News(words, "danger"))
            screen.entry.rejects.show(words)
        else:
            await screen.entry.sending.do(fitting)


async def _blocked(screen: TradeScreen, asked: SubmitOrder) -> str:
    """Say why an order would be refused also without the orders in its way; these then stay, exits above all."""
    working = screen.store.working(asked.account, asked.instrument)
    if not working:
        return ""  # nothing is lost, and the desk says itself what it refuses
    try:
        told = await screen.link.asking.ask(PreviewQuery(asked))
    except TermdeskError:
        return ""
    in_the_way = set(_IN_THE_WAY)
    if asked.reduce_only and any(one.side is asked.side and one.status is not OrdStatus.HELD for one in working):
        in_the_way |= _HELD_BY_EXITS
    if told.available is not None and told.reserve <= 2 * told.available:
        in_the_way.add("risk.cash")  # what closes costs nothing once the exits are gone
    why = next((one for one in told.refusals if one.code not in in_the_way), None)
    if why is None:
        return ""
    return screen.said.tr("news.stays_as_it_is", why=screen.said.sentence(why.code, why.params))


async def _fitting(screen: TradeScreen, asked: SubmitOrder, held: int) -> SubmitOrder | None:
    """Fit a closing to what is held now; None where it no longer is what was asked for, and says so.

    Orders may have filled since the question, or while they were cancelled. What turns round must know what it
    turns; what only closes needs no more than the side, and closes what may be sold today where that is less.
    """
    said, instrument = screen.said, screen.store.instruments[asked.instrument]
    try:
        told = await screen.link.asking.ask(AccountsQuery(asked.account))
    except TermdeskError as error:
        if asked.reduce_only:
            return asked
        screen.say(News(said.tr("news.not_sent", why=error), "danger"))
        return None
    lines = (line for body in told.accounts for line in body.positions)
    line = next((line for line in lines if line.instrument == asked.instrument), None)
    now = line.qty if line is not None else 0
    if asked.reduce_only and line is not None and 0 < line.sellable < now:
        amounts = {"part": written(instrument, line.sellable), "held": written(instrument, now)}
        words = said.tr("news.part_sellable", symbol=instrument.code, **amounts)
        screen.say(News(words, "warning"))
        screen.entry.rejects.show(words)
        return replace(asked, side=Side.SELL, qty=line.sellable)
    if now == held:
        return asked
    if asked.reduce_only and now:
        return replace(asked, side=Side.SELL if now > 0 else Side.BUY, qty=abs(now))
    words = said.tr(
        "news.not_as_asked", symbol=instrument.code, now=written(instrument, now), before=written(instrument, held)
    )
    screen.say(News(words, "warning" if asked.reduce_only else "danger"))
    return None


async def _make_way(screen: TradeScreen, account: str, instrument: str) -> bool:
    """Cancel what works there and wait for its end; says so where orders stay."""
    if not screen.store.working(account, instrument):
        return True
    cancel = CancelAll(command_id=new_command_id(), account=account, instrument=instrument, origin="ladder")
    if await screen.entry.sending.do(cancel) is None:
        return False
    return await cleared(screen, lambda: not screen.store.working(account, instrument))
