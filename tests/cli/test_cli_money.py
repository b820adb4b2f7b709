"""Money of statements and totals: in the digits of its currency for people, whole for programs."""

from __future__ import annotations

from decimal import Decimal

import canned
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from termdesk.cli.listing import _total
from termdesk.cli.money_shapes import AccountStatementShape, CashStatementShape, MoveShape, StatementShape, TotalShape
from termdesk.cli.money_shown import show_statement, statement_for_people
from termdesk.cli.statement_page import as_csv, as_html
from termdesk.core.model.money import money_unit
from termdesk.core.model.terms import AccountKind
from termdesk.ui.locale import catalogue

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=14)
LISTED = {one.id: one for one in canned.INSTRUMENTS}


@given(AMOUNTS, st.lists(AMOUNTS, max_size=6), st.sampled_from(["CNY", "JPY", "USDT"]))
def test_cash_of_a_statement_adds_up_as_it_is_shown_and_is_never_more_than_there_is(
    opening: Decimal, moved: list[Decimal], currency: str
) -> None:
    closing = sum(moved, opening)
    moves = tuple(MoveShape(what="fill", amount=str(one)) for one in moved)
    line = CashStatementShape(asset=currency, opening=str(opening), moves=moves, closing=str(closing))
    account = AccountStatementShape(
        account="cash", kind=AccountKind.CASH, cash=(line,), fills=(), fees=(), positions=()
    )
    made = StatementShape(day="2026-01-31", accounts=(account,), still_open=())
    (shown,) = statement_for_people(made, {}).accounts[0].cash
    amounts = [Decimal(one.amount) for one in shown.moves]
    unit = money_unit(currency)
    assert Decimal(shown.opening) + sum(amounts) == Decimal(shown.closing)
    assert 0 <= opening - Decimal(shown.opening) < unit
    assert 0 <= closing - Decimal(shown.closing) < unit
    assert all(abs(one - exact) < unit for one, exact in zip(amounts, moved, strict=True))


def test_a_statement_for_people_has_the_digits_of_its_currency_and_that_for_programs_all() -> None:
    (told,) = canned.STATEMENT.accounts
    (position,) = told.positions
    position = replace(
        position, currency="USDT", unrealised=Decimal("1.123456789012"), realised=Decimal("-2.000000001")
    )
    result = replace(canned.STATEMENT, accounts=(replace(told, positions=(position,)),))
    made = show_statement(result, (), LISTED)
    page = as_html(statement_for_people(made, LISTED), catalogue("en"))
    assert "1.12345678<" in page
    assert "-2.00000001<" in page
    for exact in ("1.123456789012", "-2.000000001"):
        assert exact not in page
        assert exact in as_csv(made, catalogue("en")), "a table for programs"


def test_what_an_account_is_worth_is_told_in_the_digits_of_its_currency() -> None:
    total = TotalShape(currency="CNY", value="708024.076666666667", missing=(), rates=())
    assert _total("cash", total) == "cash: total 708024.07 CNY"
