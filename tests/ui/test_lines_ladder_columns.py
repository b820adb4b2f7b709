"""Columns, marks and position of a ladder."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_cases import IDIOM, MOUTAI, assert_fills, book, quote, said, style_of, styles
from msgspec.structs import replace

from termdesk.config.settings import LadderSettings
from termdesk.core.model.terms import Mode, OrdStatus, OrdType, Side
from termdesk.ui.lines.glyphs import ASCII, UNICODE
from termdesk.ui.lines.ladder import LadderModel, OwnOrder
from termdesk.ui.lines.ladder_columns import EXTRAS, ORDER, Column, widths
from termdesk.ui.lines.ladder_model import LastTrade, Notice, Strip, Volume
from termdesk.ui.lines.ladder_rows import paint_ladder
from termdesk.ui.lines.ladder_sizes import traded_rows, volume_rows
from termdesk.ui.lines.ladder_view import LadderView, regrouped

VIEW = LadderView(step=1, rows=20, centre=1000, cursor=1000)
HELD = Strip(mode=Mode.PAPER, account="cash", qty=300, average=Decimal("9.97"), currency="CNY")
CORE = {Column.OWN_BUYS, Column.BID, Column.PRICE, Column.ASK, Column.OWN_SELLS}
WANTED = st.permutations(ORDER).flatmap(lambda order: st.integers(0, len(order)).map(lambda n: tuple(order[:n])))


def model(**changes: object) -> LadderModel:
    return replace(LadderModel(MOUTAI, book(), quote(), VIEW), **changes)


def painted(subject: LadderModel, width: int = 110, idiom: object = IDIOM) -> dict[int, list[tuple[str, str]]]:
    height = subject.view.rows + 1 + (2 if subject.strip is not None else 0)
    rows = paint_ladder(subject, idiom, width, height)  # type: ignore[arg-type]
    return {subject.view.price_at(y): list(row) for y, row in enumerate(rows[1 : 1 + subject.view.rows])}


@given(st.integers(18, 200), st.integers(4, 11), WANTED)
def test_columns_fill_their_width_in_the_order_asked_for(width: int, price: int, wanted: tuple[Column, ...]) -> None:
    found = widths(width, price, wanted)
    assert sum(found.values()) == max(width, price + 4)
    assert list(found) == [column for column in (*wanted, Column.PRICE) if column in found][: len(found)]
    assert set(found) <= {*wanted, Column.PRICE}


@given(st.integers(18, 200))
def test_a_narrower_ladder_drops_columns_in_the_stated_order(width: int) -> None:
    extras = [extra.column for extra in EXTRAS if extra.column in widths(width, 7)]
    assert extras == [extra.column for extra in EXTRAS][: len(extras)]
    assert not extras or widths(width, 7).keys() >= CORE
    assert set(widths(width, 7)) <= set(widths(width + 1, 7))


def test_the_configuration_names_every_column_in_the_usual_order() -> None:
    assert tuple(Column(name) for name in LadderSettings().columns) == ORDER


@pytest.mark.parametrize("width", [40, 56, 80, 110, 160])
@pytest.mark.parametrize("columns", [ORDER, ORDER[::-1], (Column.PRICE, Column.PNL)], ids=["usual", "reversed", "few"])
def test_rows_fill_their_width_whatever_is_shown(width: int, columns: tuple[Column, ...]) -> None:
    volumes = {price: Volume(10**7 + price, 5, 6) for price in range(990, 1010)}
    subject = model(
        columns=columns,
        strip=HELD,
        volumes=volumes,
        traded={1000: (10**8, 3)},
        flow={1000: -(10**9), 999: 5},
        last=LastTrade(0, 10**6),
        alerts=(1003,),
    )
    for idiom in (IDIOM, replace(IDIOM, glyphs=ASCII, units=((10**4, "万"),), tr=lambda key: "量价")):
        assert_fills(paint_ladder(subject, idiom, width, 23), width, 23)


def test_reordered_columns_stand_where_they_were_put() -> None:
    subject = model(columns=(Column.PRICE, Column.ASK, Column.BID))
    row = said(painted(subject)[1001])
    assert row.index("10.01") < row.index("500")
    assert said(painted(subject)[999]).index("9.99") < said(painted(subject)[999]).index("300")


def test_a_hidden_column_is_gone() -> None:
    row = painted(model(columns=(Column.BID, Column.PRICE)))[1001]
    assert "500" not in said(row)


VOLUMES = st.dictionaries(
    st.integers(500, 2000),
    st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 50)).map(
        lambda v: Volume(v[0] + v[1] + v[2], v[0], v[1])
    ),
    max_size=30,
)


@given(VOLUMES, st.integers(1, 50))
def test_grouped_rows_hold_all_the_volume_and_all_the_trades(volumes: dict[int, Volume], step: int) -> None:
    subject = model(volumes=volumes, view=regrouped(VIEW, step))
    rows = volume_rows(subject)
    assert sum(rows.values()) == sum(volume.qty for volume in volumes.values())
    traded = {price: (volume.sold, volume.bought) for price, volume in volumes.items()}
    grouped = traded_rows(traded, step)
    for part in (0, 1):
        assert sum(pair[part] for pair in grouped.values()) == sum(pair[part] for pair in traded.values())
    assert all(price % step == 0 for price in (*rows, *grouped))


def test_own_orders_of_a_grouped_row_are_added_up() -> None:
    own = tuple(OwnOrder(Side.BUY, price, 200, OrdStatus.NEW) for price in (990, 993, 999))
    view = regrouped(VIEW, 10)
    assert "●3x600" in said(painted(model(own=own, view=view))[990])


def test_volume_recent_trades_and_changes_stand_at_their_price() -> None:
    volumes = {1000: Volume(4200, 0, 0), 999: Volume(77, 0, 0)}
    rows = painted(model(volumes=volumes, traded={1000: (310, 520)}, flow={999: -800, 1001: 60}))
    assert "4200" in said(rows[1000])
    assert "310·520" in said(rows[1000])
    assert "77" in said(rows[999])
    assert "-800" in said(rows[999])
    assert "+60" in said(rows[1001])


def test_the_row_with_most_volume_has_the_longest_bar() -> None:
    volumes = {1000: Volume(100, 0, 0), 1003: Volume(400, 0, 0)}
    rows = painted(model(volumes=volumes))

    def bar(price: int) -> int:
        return sum(len(text) for text, style in rows[price] if style.endswith("@volume_bar"))

    assert bar(1003) > bar(1002) == 0
    rows = painted(model(volumes=volumes, view=replace(VIEW, cursor=990)))
    assert bar(1003) > bar(1000) > 0


def test_profit_if_exited_is_signed_and_the_same_for_a_short_position_turned_round() -> None:
    rows = painted(model(strip=HELD))
    assert "+9" in said(rows[1000])
    assert "-6" in said(rows[995])
    short = painted(model(strip=replace(HELD, qty=-300)))
    assert "-9" in said(short[1000])
    assert "+6" in said(short[995])
    flat = painted(model(strip=replace(HELD, qty=0)))
    assert "+" not in said(flat[1000])


def test_limits_average_price_traded_average_and_alerts_are_marked() -> None:
    day = quote(high_limit=1008, low_limit=993, volume=1000, turnover=Decimal(10_030))
    rows = painted(model(quote=day, strip=HELD, alerts=(1004,)))
    marked = {1008: "high_limit", 993: "low_limit", 1003: "vwap", 997: "average", 1004: "alert"}
    for price, kind in marked.items():
        assert kind[:2] in said(rows[price]), kind
    assert style_of(rows[1008], "hi") == "danger"


def test_prices_beyond_the_limits_are_fainter_than_those_within() -> None:
    rows = painted(model(quote=quote(high_limit=1005, low_limit=995)))
    assert "faint" in style_of(rows[1006], "10.06")
    assert "faint" not in style_of(rows[1005], "10.05")
    assert "faint" in style_of(rows[994], "9.94")


def test_marks_that_meet_show_the_most_important() -> None:
    rows = painted(model(strip=replace(HELD, average=Decimal("10.05")), alerts=(1005,)))
    assert "av" in said(rows[1005])


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_new_last_trade_differs_from_an_old_one_by_colour_and_by_glyph(glyphs: object) -> None:
    idiom = replace(IDIOM, glyphs=glyphs)
    rows = [
        painted(model(last=LastTrade(age, 200), view=replace(VIEW, cursor=990)), idiom=idiom)[1000]
        for age in (0, 10**9, 10**11)
    ]
    assert [style_of(row, "10.00") for row in rows] == ["last@flash", "last@last", "last@last"]
    assert said(rows[0]) == said(rows[1]) != said(rows[2])


def test_the_last_trade_shows_what_traded_at_its_price_in_a_row() -> None:
    assert "200Σ1800" in said(painted(model(last=LastTrade(0, 1800)))[1000])
    assert "Σ" not in said(painted(model(last=LastTrade(0, 200)))[1000])


@pytest.mark.parametrize(
    ("kind", "letter"), [(OrdType.STOP, "S"), (OrdType.STOP_LIMIT, "SL"), (OrdType.TRAILING_STOP, "T")]
)
def test_an_order_that_waits_for_a_trigger_shows_its_type(kind: OrdType, letter: str) -> None:
    own = (OwnOrder(Side.SELL, 995, 100, OrdStatus.NEW, ord_type=kind),)
    assert f"●{letter}100" in said(painted(model(own=own))[995])


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_state_of_an_own_order_looks_different(glyphs: object) -> None:
    states = [
        {"status": status}
        for status in (
            OrdStatus.NEW,
            OrdStatus.HELD,
            OrdStatus.PENDING_NEW,
            OrdStatus.PENDING_REPLACE,
            OrdStatus.PENDING_CANCEL,
            OrdStatus.UNKNOWN,
        )
    ]
    states += [{"status": OrdStatus.NEW, "is_partial": True}, {"status": OrdStatus.NEW, "is_emulated": True}]
    idiom = replace(IDIOM, glyphs=glyphs)
    looks = {said(painted(model(own=(OwnOrder(Side.BUY, 995, 100, **state),)), idiom=idiom)[995]) for state in states}  # type: ignore[arg-type]
    assert len(looks) == len(states)


def test_a_held_order_never_looks_like_working() -> None:
    row = painted(model(own=(OwnOrder(Side.BUY, 995, 100, OrdStatus.HELD),)))[995]
    assert "own_pending" in styles(row)


def test_a_partly_filled_order_shows_what_remains_of_what_and_a_leg_its_link() -> None:
    own = (OwnOrder(Side.BUY, 995, 100, OrdStatus.NEW, is_partial=True, qty=300, ahead=50, is_linked=True),)
    assert "◕100&/300~50" in said(painted(model(own=own), 140)[995]).replace(" ~", "~")


@pytest.mark.parametrize("notice", [notice for notice in Notice if notice is not Notice.NONE])
def test_what_the_axis_has_to_say_stands_in_the_header(notice: Notice) -> None:
    header = paint_ladder(model(notice=notice), IDIOM, 60, 21)[0]
    assert notice.value in said(header)
    assert "warning@header" in styles(header)


def test_a_compressed_ladder_says_so_and_shows_where_prices_are_left_out() -> None:
    view = replace(VIEW, is_compressed=True, prices=(1005, 1001, 1000, 999, 990), cursor=990)
    subject = model(view=view)
    assert ("compressed ", "accent@header") in paint_ladder(subject, IDIOM, 60, 21)[0]
    rows = painted(subject)
    assert ["⋮" in said(rows[price]) for price in (1005, 1001, 1000, 999)] == [False, True, False, False]
    assert said(rows[0]).strip() == ""


def strip_text(strip: Strip, height: int = 24, width: int = 60) -> str:
    rows = paint_ladder(model(strip=strip), IDIOM, width, height)
    return "\n".join(said(row) for row in rows[-2 if height >= 20 else -1 :])


def test_the_strip_tells_position_profit_orders_account_and_mode() -> None:
    held = replace(
        HELD, ticks=Decimal(3), unrealised=Decimal(9), today=Decimal("-12.5"), buys=(2, 500), fidelity="queue"
    )
    text = strip_text(held)
    for part in ("paper cash", "+300@9.97", "▲+9.00 CNY", "+3.0", "▼-12.50 CNY", "own_buys 2/500", "own_sells 0"):
        assert part in text
    assert "queue" in strip_text(held, width=90)
    assert " 0.0" in strip_text(replace(held, ticks=Decimal("-0.04"))), "no profit has no sign"
    assert "locked" in strip_text(replace(held, is_locked=True))
    assert "flat" in strip_text(replace(held, qty=0))


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("height", [10, 24])
def test_account_and_mode_are_on_every_ladder_and_live_is_unlike_all_others(mode: Mode, height: int) -> None:
    row = paint_ladder(model(strip=replace(HELD, mode=mode)), IDIOM, 40, height)[-2 if height >= 20 else -1]
    badge = style_of(row, mode.value)
    assert f"{mode.value} cash" in said(row)
    assert badge == ("strong@danger" if mode is Mode.LIVE else "strong@badge")


def test_a_narrow_strip_leaves_parts_out_whole_and_never_the_account() -> None:
    for width in range(18, 60):
        text = strip_text(replace(HELD, unrealised=Decimal("123456.78")), width=width)
        assert "paper cash" in text
        assert "CNY" not in text or "▲+123,456.78 CNY" in text
