"""Lists of a desk: orders, fills, positions, accounts, and why an order is as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from termdesk.cli.desk import Instruments
    from termdesk.cli.money_shapes import AccountShape, TotalShape
    from termdesk.cli.shapes import ConditionShape, FeeShape, FillShape, OrderShape, WhyShape
    from termdesk.client import EngineClient


@console
def orders(
    working: Annotated[bool, typer.Option("--working", help="Only orders that may still trade.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Those that ended on closed trading days too.")] = False,
    account: o.Account = "",
    desk: o.Desk = "",
    json: o.Json = False,
) -> int:
    """List orders, newest last."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.money_shown import for_people
    from termdesk.cli.order_text import link_text, time_text, trigger_text
    from termdesk.cli.output import clock_text, print_json, print_table
    from termdesk.cli.shown import show_order
    from termdesk.core.model.number import trimmed
    from termdesk.core.wire.queries import OrdersQuery

    async def asked(client: EngineClient) -> tuple[Instruments, list[OrderShape]]:
        instruments = await fetch_instruments(client)
        result = await client.ask(OrdersQuery(account=account, working_only=working, archived=every))
        return instruments, [show_order(line, instruments) for line in result.orders]

    instruments, found = talk(desk, asked)
    if json:
        print_json(found)
        return DONE
    print_table(
        "order account side >qty instrument >price >trigger time status >filled >average updated linked why",
        [
            (
                line.order_id,
                line.account,
                line.side.value,
                trimmed(line.qty),
                line.instrument,
                line.price or line.ord_type.value,
                trigger_text(line),
                time_text(line),
                line.status.value,
                trimmed(line.cum_qty),
                for_people(line, instruments).average,
                clock_text(line.updated_ns),
                link_text(line),
                line.reason.text if line.reason else "",
            )
            for line in found
        ],
        empty="no orders",
    )
    return DONE


@console
def conditions(desk: o.Desk = "", json: o.Json = False) -> int:
    """List armed conditions in the order of arming; a line of the order language arms and disarms them."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.output import clock_text, print_json, print_table
    from termdesk.cli.shown import show_condition
    from termdesk.core.wire.queries import ConditionsQuery

    async def asked(client: EngineClient) -> list[ConditionShape]:
        instruments = await fetch_instruments(client)
        result = await client.ask(ConditionsQuery())
        return [show_condition(line, instruments) for line in result.conditions]

    found = talk(desk, asked)
    if json:
        print_json(found)
        return DONE
    print_table(
        "condition instrument predicate >price action armed origin",
        [
            (
                line.condition_id,
                line.instrument,
                line.predicate,
                line.price,
                line.action,
                clock_text(line.armed_ns),
                line.origin,
            )
            for line in found
        ],
        empty="no armed conditions",
    )
    return DONE


@console
def fills(
    account: o.Account = "",
    order_id: Annotated[str, typer.Option("--order", metavar="ORDER", help="Only fills of this order.")] = "",
    desk: o.Desk = "",
    json: o.Json = False,
) -> int:
    """List fills, newest last, each with its reason."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.output import clock_text, print_json, print_table
    from termdesk.cli.shown import show_fill
    from termdesk.core.model.number import trimmed
    from termdesk.core.wire.queries import FillsQuery

    async def asked(client: EngineClient) -> list[FillShape]:
        instruments = await fetch_instruments(client)
        result = await client.ask(FillsQuery(account=account, order_id=order_id))
        return [show_fill(line, instruments) for line in result.fills]

    found = talk(desk, asked)
    if json:
        print_json(found)
        return DONE
    print_table(
        "time order account side >qty instrument >price >amount >fees why",
        [
            (
                clock_text(line.at_ns),
                line.order_id,
                line.account,
                line.side.value,
                trimmed(line.qty),
                line.instrument,
                line.price,
                line.amount,
                fees_text(line.fees),
                line.reason.text if line.reason else "",
            )
            for line in found
        ],
        empty="no fills",
    )
    return DONE


def fees_text(fees: Sequence[FeeShape]) -> str:
    """Write fees for a column: one by its amount, several each by name."""
    if len(fees) == 1:
        return f"{fees[0].amount} {fees[0].asset}"
    return ", ".join(f"{fee.kind.replace('_', ' ')} {fee.amount} {fee.asset}" for fee in fees)


@console
def positions(account: o.Account = "", desk: o.Desk = "", json: o.Json = False) -> int:
    """List positions at their marks; with --json also what is settled and FIFO figures."""
    from termdesk.cli.money_shown import for_people, money_for_people
    from termdesk.cli.output import print_json, print_table

    instruments, accounts = _accounts(account, desk)
    found = [line for one in accounts for line in one.positions]
    if json:
        print_json(found)
        return DONE
    print_table(
        "account instrument >qty >sellable >average >mark by >unrealised >realised >fees currency",
        [
            (
                line.account,
                line.instrument,
                line.qty,
                line.sellable,
                for_people(line, instruments).average,
                line.mark,
                line.mark_source,
                money_for_people(line.unrealised, line.currency),
                money_for_people(line.realised, line.currency),
                money_for_people(line.fees, line.currency),
                line.currency,
            )
            for line in found
        ],
        empty="no positions",
    )
    return DONE


@console
def account(account: o.Account = "", desk: o.Desk = "", json: o.Json = False) -> int:
    """Show cash of the accounts, a row a currency; with --json their positions too."""
    from termdesk.cli.money_shown import money_for_people
    from termdesk.cli.output import print_json, print_line, print_table

    _, found = _accounts(account, desk)
    if json:
        print_json(found)
        return DONE
    print_table(
        "account kind fidelity currency >balance >reserved >available >withdrawable >unrealised >realised >fees",
        [
            (
                one.account,
                one.kind.value,
                one.fidelity,
                line.currency,
                money_for_people(line.balance, line.currency),
                money_for_people(line.reserved, line.currency),
                money_for_people(line.available, line.currency),
                money_for_people(line.withdrawable, line.currency),
                money_for_people(line.unrealised, line.currency),
                money_for_people(line.realised, line.currency),
                money_for_people(line.fees, line.currency),
            )
            for one in found
            for line in one.cash
        ],
        empty="no accounts",
    )
    for one in found:
        if one.total is not None:
            print_line(_total(one.account, one.total))
    return DONE


def _total(name: str, total: TotalShape) -> str:
    """What an account is worth, at which rates, or why that is not known."""
    from termdesk.cli.money_shown import money_for_people

    if total.value is None:
        return f"{name}: total in {total.currency} not known, nothing converts or marks {', '.join(total.missing)}"
    rates = "".join(f"; {rate.currency} at {rate.rate} ({rate.source})" for rate in total.rates)
    return f"{name}: total {money_for_people(total.value, total.currency)} {total.currency}{rates}"


@console
def why(order_id: o.OrderId, desk: o.Desk = "", json: o.Json = False) -> int:
    """Tell what happened to an order, step by step, and what it waits for."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.order_text import link_text, time_text, trigger_text
    from termdesk.cli.output import clock_text, print_json, print_line, print_table
    from termdesk.cli.shown import show_why
    from termdesk.core.model.number import trimmed
    from termdesk.core.wire.queries import WhyQuery

    async def asked(client: EngineClient) -> WhyShape:
        return show_why(await client.ask(WhyQuery(order_id)), await fetch_instruments(client))

    told = talk(desk, asked)
    if json:
        print_json(told)
        return DONE
    line = told.order
    terms = f"{line.side.value} {trimmed(line.qty)} {line.instrument} @ {line.price or line.ord_type.value}"
    more = "".join(f", {text}" for text in (trigger_text(line), time_text(line), link_text(line)) if text)
    print_line(f"{line.order_id} {line.account}: {terms}{more}, {line.status.value}, filled {trimmed(line.cum_qty)}")
    if line.emulated or line.expires_here:
        print_line("* the venue can't do this: the engine does it in its place")
    print_table(
        "time what >qty >price >bid >ask why",
        [
            (
                clock_text(step.at_ns),
                step.what,
                step.qty and trimmed(step.qty),
                step.price,
                step.seen.bid if step.seen else None,
                step.seen.ask if step.seen else None,
                step.reason.text if step.reason else "",
            )
            for step in told.steps
        ],
        empty="nothing is recorded",
    )
    print_line(f"market data since it came: {'recorded' if told.recorded else 'not recorded'}")
    if told.waits is not None:
        print_line(told.waits.text)
    return DONE


def _accounts(account: str, desk: str) -> tuple[Instruments, list[AccountShape]]:
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.money_shown import show_account
    from termdesk.core.wire.queries import AccountsQuery

    async def asked(client: EngineClient) -> tuple[Instruments, list[AccountShape]]:
        instruments = await fetch_instruments(client)
        result = await client.ask(AccountsQuery(account=account))
        return instruments, [show_account(body, instruments) for body in result.accounts]

    return talk(desk, asked)
