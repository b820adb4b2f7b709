from __future__ import annotations

from termdesk.cli.listing import fees_text
from termdesk.cli.shapes import FeeShape


def test_several_fees_are_listed_by_name_and_one_by_its_amount() -> None:
    commission, duty = (FeeShape(kind=kind, asset="CNY", amount="5.00") for kind in ("commission", "stamp_duty"))
    assert fees_text([commission]) == "5.00 CNY"
    assert fees_text([commission, duty]) == "commission 5.00 CNY, stamp duty 5.00 CNY"
    assert fees_text([]) == ""
