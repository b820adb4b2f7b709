"""Every broker that ships passes the conformance suite; what a venue can't do is declared, not skipped in silence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.testing.broker import CASES, NotApplicable, PaperControl, SimVenueControl, run_case

INSTRUMENT = Instrument(
    id="X.TEST",
    name="X",
    currency="USD",
    price_decimals=2,
    qty_decimals=3,
    multiplier=Decimal(1),
    rules=(TradingRule("", 1, 1, 1),),
    detail=Share(),
)


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_the_remote_simulated_venue_conforms(case) -> None:
    await run_case(case, SimVenueControl(INSTRUMENT))


@pytest.mark.parametrize("case", [case for case in CASES if not case.remote], ids=str)
async def test_the_paper_broker_conforms(case) -> None:
    await run_case(case, PaperControl(INSTRUMENT))


@pytest.mark.parametrize("case", [case for case in CASES if case.remote], ids=str)
async def test_what_does_not_apply_says_why(case) -> None:
    with pytest.raises(NotApplicable, match=case.number):
        await run_case(case, PaperControl(INSTRUMENT))


def test_every_case_has_a_number_of_its_own_and_a_claim() -> None:
    assert len({case.number for case in CASES}) == len(CASES)
    assert all(case.claim.endswith(".") for case in CASES)
