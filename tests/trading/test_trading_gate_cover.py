"""What orders need beyond what they hold back is found without adding up every order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import BUY, SELL, World, share

from termdesk.core.model.command import AmendOrder, CancelOrder
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading.exposure import missing_in_full, uncovered

STEPS = st.one_of(
    st.tuples(st.just("order"), st.sampled_from([BUY, SELL]), st.integers(9990, 10010), st.integers(1, 30)),
    st.tuples(st.just("amend"), st.integers(1, 12), st.integers(9990, 10010), st.integers(1, 40)),
    st.tuples(st.just("cancel"), st.integers(1, 12)),
    st.tuples(st.just("quote"), st.integers(9990, 10010)),
)


@settings(max_examples=80)
@given(st.lists(STEPS, max_size=30))
def test_the_short_way_gives_what_the_long_way_gives(steps: list[tuple]) -> None:
    world = World(share(lot="1"))
    world.open(("m", AccountKind.MARGIN, "20000"))
    world.quote("100.00", "20", "100.02", "20")
    account = world.state.accounts["m"]
    text = world.x.price_text
    for number, (name, *terms) in enumerate(steps):
        if name == "order":
            world.submit(terms[0], str(terms[2]), text(terms[1]), account="m")
        elif name == "amend":
            world.give(AmendOrder(command_id=f"a{number}", order_id=f"O{terms[0]}", price=terms[1], qty=terms[2]))
        elif name == "cancel":
            world.give(CancelOrder(command_id=f"x{number}", order_id=f"O{terms[0]}"))
        else:
            world.quote(text(terms[0]), "20", text(terms[0] + 2), "20")
        for besides in ("", *account.working):
            assert uncovered(world.state, account, "CNY", besides) == missing_in_full(
                world.state, account, "CNY", besides
            )
