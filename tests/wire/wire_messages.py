"""Hypothesis strategies for every frame, and the instruments they name."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from termdesk.core.model.instrument import Instrument, Share, Spot, TradingRule
from termdesk.core.model.limits import TradingLimits

BTC = Instrument(
    id="BTCUSDT.BINANCE",
    name="BTC/USDT",
    currency="USDT",
    price_decimals=2,
    qty_decimals=5,
    rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),),
    detail=Spot(base="BTC"),
)
SHARE = Instrument(
    id="BRK.B.NYSE",
    name="Berkshire B",
    currency="USD",
    price_decimals=4,
    qty_decimals=0,
    rules=(TradingRule(first_day="", tick=100, lot=1, min_qty=1),),
    detail=Share(),
)
ORDERS = {"o1": BTC.id, "o2": SHARE.id}


class KnownScales:
    """The two instruments and orders above."""

    def instrument(self, instrument_id: str) -> Instrument | None:
        return {BTC.id: BTC, SHARE.id: SHARE}.get(instrument_id)

    def order_instrument(self, order_id: str) -> str | None:
        return ORDERS.get(order_id)


SCALES = KnownScales()

LARGEST = 2**63 - 1
INTS = st.integers(-LARGEST, LARGEST)
TIMES = st.integers(-(2**62), 2**63 - 1)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**15), max_value=10**15)
NAMED = {
    "instrument": st.sampled_from([BTC.id, SHARE.id]),
    "order_id": st.sampled_from(sorted(ORDERS)),
    "price_decimals": st.integers(0, 12),
    "qty_decimals": st.integers(0, 12),
}


STRUCTS: dict[type, st.SearchStrategy[object]] = {}


def build(info: inspect.Type) -> st.SearchStrategy[object]:
    """Values of a type; ids of instruments and orders are known ones."""
    match info:
        case inspect.Metadata(extra={"unit": "ns"}):
            return TIMES
        case inspect.Metadata(type=inner):
            return build(inner)
        case inspect.StructType(cls=cls):
            if cls not in STRUCTS:
                STRUCTS[cls] = structs(info)
            return STRUCTS[cls]
        case inspect.UnionType(types=types):
            # Time 0 is never, which JSON says as null.
            return st.one_of([build(item).filter(bool) if _is_time(item) else build(item) for item in types])
        case inspect.VarTupleType(item_type=item):
            return st.lists(build(item), max_size=2).map(tuple)
        case inspect.TupleType(item_types=items):
            return st.tuples(*[build(item) for item in items])
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(build(key), build(value), max_size=2)
        case inspect.EnumType(cls=cls):
            return st.sampled_from(list(cls))
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.StrType():
            return st.text(st.characters(codec="utf-8"), max_size=6)
        case inspect.IntType(ge=None, le=None):
            return INTS
        case inspect.IntType(ge=least, le=most):
            return st.integers(-LARGEST if least is None else least, LARGEST if most is None else most)
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.DecimalType():
            return DECIMALS
    raise AssertionError(f"no values for {info}")


def structs(info: inspect.StructType) -> st.SearchStrategy[object]:
    """Values of a struct. What a deferred strategy is made of is not spelt out in messages; it would fill pages."""

    def built() -> st.SearchStrategy[object]:
        fields = {f.name: field_values(f) for f in info.fields}
        if info.cls is TradingLimits:
            fields |= {f.name: DECIMALS.map(abs) for f in info.fields if isinstance(f.default, Decimal)}
        return st.builds(info.cls, **fields)

    return st.deferred(built)


def _is_time(info: inspect.Type) -> bool:
    return isinstance(info, inspect.Metadata) and info.extra == {"unit": "ns"}


def field_values(field: inspect.Field) -> st.SearchStrategy[object]:
    """Values of a field, known ids where the name says so and the type is text or a number."""
    types = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
    if field.name not in NAMED or any(isinstance(item, inspect.StructType) for item in types):
        return build(field.type)
    named = NAMED[field.name]
    return named | st.none() if any(isinstance(item, inspect.NoneType) for item in types) else named


def frames(kind: object) -> st.SearchStrategy[msgspec.Struct]:
    """Frames of a union, every type as likely as another."""
    return build(inspect.type_info(kind))  # type: ignore[return-value]
