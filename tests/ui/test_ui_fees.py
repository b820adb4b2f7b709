"""Fees by item on the ticket, in words for every fee that a rule book names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.venues.charges import CHARGES, COMMISSION
from termdesk.core.venues.rulebook import rule_books
from termdesk.core.wire.queries import PreviewResult
from termdesk.ui.locale import LANGUAGES, Catalogue, catalogue
from termdesk.ui.orders.ticket import StagedOrder
from termdesk.ui.orders.ticket_rows import TicketModel, ticket_rows

SHARE = Instrument(
    id="600519.SSE",
    name="",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(),
)
STAGED = StagedOrder(instrument=SHARE.id, account="cash", side=Side.SELL, ord_type=OrdType.LIMIT, price=1000, qty=1000)


def painted(
    said: Catalogue, *, unknown: tuple[str, ...] = (), width: int = 200, held: tuple[str, str] = ("1000", SHARE.id)
) -> str:
    items = (("commission", "5.00"), ("stamp_duty", "5.00"), ("transfer_fee", "0.10"))
    preview = PreviewResult(
        refusal=None,
        reserve_asset=held[1],
        reserve=Decimal(1000),
        fee=Decimal("10.10"),
        fee_asset="CNY",
        position_after=0,
        available=Decimal(held[0]),
        instrument=SHARE.id,
        fees=tuple(FeeItem(kind, "CNY", Decimal(amount)) for kind, amount in items),
        fees_unknown=unknown,
    )
    model = TicketModel(mode=None, account="cash", instrument=SHARE, staged=STAGED, preview=preview)
    return "".join(words for words, _ in ticket_rows(model, said, width)[1])


def test_the_ticket_lists_every_fee() -> None:
    text = painted(catalogue("en"))
    assert "fee 10.10 CNY" in text
    assert text.rstrip().endswith("commission 5.00  stamp duty 5.00  transfer fee 0.10")
    assert "印花税 5.00" in painted(catalogue("zh"))


@pytest.mark.parametrize(("asset", "shown"), [("CNY", "708,024.07 "), ("USDT", "708024.07666666 ")])
def test_money_on_the_ticket_has_the_digits_of_its_currency(asset: str, shown: str) -> None:
    text = painted(catalogue("en"), held=("708024.076666666667", asset))
    assert f"available {shown}" in text


def test_the_ticket_says_which_fees_are_not_known() -> None:
    assert "not known and not charged exchange fee" in painted(catalogue("en"), unknown=("exchange_fee",))


def test_items_give_way_on_a_narrow_ticket() -> None:
    text = painted(catalogue("en"), width=70)
    assert "fee 10.10 CNY" in text
    assert "stamp duty" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fee_of_a_rule_book_has_a_word(language: str) -> None:
    kinds = {row.item for book in rule_books().values() for row in book.charges} | {COMMISSION, CHARGES}
    assert {kind for kind in kinds if f"fee.{kind}" not in catalogue(language).texts} == set()
