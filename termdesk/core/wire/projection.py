"""The walker between structs and what JSON shows of them.

Built once per type from its type information. Prices and quantities
(``Price``, ``Qty``) become decimal text, times (``Ns``) ISO 8601 text or null
for 0 (never), decimals plain text, structs objects with field names whatever
their msgpack shape. ``scales`` says whose decimals count.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import msgspec
from msgspec import inspect

from termdesk.core.model.errors import ProtocolError, Refused
from termdesk.core.model.number import to_scaled, to_text
from termdesk.core.wire.scales import Surroundings
from termdesk.core.wire.stamps import stamp_ns, stamp_text

Json = Any
"""What ``msgspec.json`` reads and writes: dict, list, str, number, bool, None."""

Value = Any
"""A part of a message."""

Kind = Any
"""A struct type, or a union of them."""


class Fault(Exception):
    """Something in the tree is wrong; collects its path on the way out."""

    def __init__(self, error: ProtocolError | Refused) -> None:
        super().__init__(str(error))
        self.error = error
        self.steps: list[str] = []

    @property
    def path(self) -> str:
        """Where, from the root ``$``."""
        return "$" + "".join(reversed(self.steps))


class Shape:
    """A type that JSON shows as it is, and what the other shapes do by default."""

    scaled = False
    """Whether prices or quantities are in it."""

    def show(self, value: Value, around: Surroundings) -> Json:
        """Give what JSON shows of a value."""
        del around
        return value

    def read(self, value: Json, around: Surroundings) -> Json:
        """Give what ``msgspec.convert`` takes; complaints about plain types are left to it."""
        del around
        return value


class NumberShape(Shape):
    """A scaled price or quantity."""

    scaled = True

    def __init__(self, unit: str) -> None:
        self.index = ("price", "qty").index(unit)

    def show(self, value: Value, around: Surroundings) -> Json:
        """Scaled int to decimal text."""
        try:
            return to_text(value, around.decimals()[self.index])
        except (ProtocolError, Refused) as error:
            raise Fault(error) from None

    def read(self, value: Json, around: Surroundings) -> Json:
        """Decimal text to scaled int."""
        if not isinstance(value, str):
            raise _expected("a decimal number in quotes", value)
        try:
            return to_scaled(value, around.decimals()[self.index])
        except (ProtocolError, Refused) as error:
            raise Fault(error) from None


class TimeShape(Shape):
    """Nanoseconds since 1970; 0 is never."""

    def show(self, value: Value, around: Surroundings) -> Json:
        """Nanoseconds to text."""
        del around
        return stamp_text(value) if value else None

    def read(self, value: Json, around: Surroundings) -> Json:
        """Text to nanoseconds."""
        del around
        if value is None:
            return 0
        if not isinstance(value, str):
            raise _expected("a time in quotes", value)
        try:
            return stamp_ns(value)
        except ValueError as error:
            raise Fault(ProtocolError(str(error))) from None


class DecimalShape(Shape):
    """Money, or the price of an execution."""

    def show(self, value: Value, around: Surroundings) -> Json:
        """Decimal to plain text, never with an exponent."""
        del around
        assert isinstance(value, Decimal)
        return f"{value:f}"


class EnumShape(Shape):
    """A word of the vocabulary."""

    def show(self, value: Value, around: Surroundings) -> Json:
        """Member to its value."""
        del around
        return value.value


class OptionalShape(Shape):
    """Something, or null."""

    def __init__(self, inner: Shape) -> None:
        self.inner = inner
        self.scaled = inner.scaled

    def show(self, value: Value, around: Surroundings) -> Json:
        """None to null."""
        return None if value is None else self.inner.show(value, around)

    def read(self, value: Json, around: Surroundings) -> Json:
        """Null to None."""
        return None if value is None else self.inner.read(value, around)


class ListShape(Shape):
    """A list of one thing, or a fixed row of things such as a level."""

    def __init__(self, items: tuple[Shape, ...], *, fixed: bool) -> None:
        self.items = items
        self.fixed = fixed
        self.scaled = any(item.scaled for item in items)

    def show(self, value: Value, around: Surroundings) -> Json:
        """Each item shown."""
        return self._each("show", value, around)

    def read(self, value: Json, around: Surroundings) -> Json:
        """Each item read."""
        if not isinstance(value, list):
            raise _expected("a list", value)
        if self.fixed and len(value) != len(self.items):
            raise _expected(f"a list of {len(self.items)}", value)
        return self._each("read", value, around)

    def _each(self, direction: str, value: Value, around: Surroundings) -> list[Json]:
        walks = [getattr(item, direction) for item in self.items]
        done: list[Json] = []
        try:
            for item in value:
                done.append((walks[len(done)] if self.fixed else walks[0])(item, around))
        except Fault as fault:
            fault.steps.append(f"[{len(done)}]")
            raise
        return done


class StructShape(Shape):
    """A struct: an object with field names, and ``type`` where it is one of several."""

    def __init__(self, info: inspect.StructType) -> None:
        self.kind = info.cls
        self.tag = info.tag
        self.array_like = info.array_like
        self.required = {field.encode_name for field in info.fields if field.required or info.array_like}
        self.scaled = _is_scaled(info, frozenset())
        self._info = info

    @cached_property
    def fields(self) -> dict[str, Shape]:
        """Shapes by field, made when the first value comes: a struct may hold others of its kind."""
        return {field.encode_name: shape_of(field.type) for field in self._info.fields}

    def show(self, value: Value, around: Surroundings) -> Json:
        """Object with every field, ``type`` first."""
        if self.scaled:
            around = around.inside(lambda name: getattr(value, name, None))
        shown: dict[str, Json] = {} if self.tag is None else {"type": self.tag}
        name = ""
        try:
            for name, shape in self.fields.items():
                shown[name] = shape.show(getattr(value, name), around)
        except Fault as fault:
            fault.steps.append(f".{name}")
            raise
        return shown

    def read(self, value: Json, around: Surroundings) -> Json:
        """Object to what msgpack would have; unknown fields are errors, for a typing slip must not change an order."""
        self._check(value)
        if self.scaled:
            around = around.inside(value.get)
        found: dict[str, Json] = {}
        name = ""
        try:
            for name, shape in self.fields.items():
                if name in value:
                    found[name] = shape.read(value[name], around)
        except Fault as fault:
            fault.steps.append(f".{name}")
            raise
        if self.array_like:
            return [*([] if self.tag is None else [self.tag]), *found.values()]
        return found if self.tag is None else {"type": self.tag, **found}

    def _check(self, value: Json) -> None:
        if not isinstance(value, dict):
            raise _expected("an object", value)
        names = value.keys() - {"type"} if self.tag is not None else value.keys()
        for name in sorted(names - self.fields.keys()):
            raise Fault(ProtocolError(f"no field is named {name[:40]!r}, there are {', '.join(self.fields)}"))
        for name in sorted(self.required - names):
            raise Fault(ProtocolError(f"expected a field {name!r}, was none"))


class UnionShape(Shape):
    """One of several structs, told apart by ``type``."""

    def __init__(self, shapes: tuple[StructShape, ...]) -> None:
        self.by_kind = {shape.kind: shape for shape in shapes}
        self.by_tag = {shape.tag: shape for shape in shapes}
        self.scaled = any(shape.scaled for shape in shapes)

    def show(self, value: Value, around: Surroundings) -> Json:
        """Shown by the shape of its type."""
        return self.by_kind[type(value)].show(value, around)

    def read(self, value: Json, around: Surroundings) -> Json:
        """Read by the shape that ``type`` names."""
        if not isinstance(value, dict):
            raise _expected("an object", value)
        tag = value.get("type")
        if not isinstance(tag, str) or tag not in self.by_tag:
            fault = _expected(f"one of {', '.join(str(name) for name in self.by_tag)}", tag)
            fault.steps.append(".type")
            raise fault
        return self.by_tag[tag].read(value, around)


@cache
def shape_for(kind: Kind) -> Shape:
    """Give the shape of a type: a struct, or a union of structs."""
    return shape_of(inspect.type_info(kind))


def shape_of(info: inspect.Type) -> Shape:
    """Give the shape of a type from its type information."""
    match info:
        case inspect.Metadata(extra={"unit": "ns"}):
            return TimeShape()
        case inspect.Metadata(extra={"unit": "price" | "qty" as unit}):
            return NumberShape(str(unit))
        case inspect.StructType():
            return StructShape(info)
        case inspect.UnionType():
            return _union(info)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return ListShape((shape_of(item),), fixed=False)
        case inspect.TupleType(item_types=items):
            return ListShape(tuple(shape_of(item) for item in items), fixed=True)
        case inspect.EnumType():
            return EnumShape()
        case inspect.DecimalType():
            return DecimalShape()
        case _:
            return Shape()


def _union(info: inspect.UnionType) -> Shape:
    some = tuple(item for item in info.types if not isinstance(item, inspect.NoneType))
    structs = tuple(item for item in some if isinstance(item, inspect.StructType))
    if len(some) == 1:
        shape = shape_of(some[0])
    elif len(structs) == len(some):
        shape = UnionShape(tuple(StructShape(item) for item in structs))
    else:
        shape = Shape()
    return shape if len(some) == len(info.types) else OptionalShape(shape)


def _is_scaled(info: inspect.Type, above: frozenset[type]) -> bool:
    """Whether prices or quantities are somewhere in a type."""
    inner: tuple[inspect.Type, ...] = ()
    match info:
        case inspect.Metadata(extra={"unit": "price" | "qty"}):
            return True
        case inspect.StructType(cls=kind, fields=fields) if kind not in above:
            above, inner = above | {kind}, tuple(field.type for field in fields)
        case inspect.UnionType(types=types):
            inner = types
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            inner = (item,)
        case inspect.TupleType(item_types=items):
            inner = items
    return any(_is_scaled(each, above) for each in inner)


def _expected(what: str, value: Json) -> Fault:
    was = "none" if value is None else msgspec.json.encode(value).decode()
    return Fault(ProtocolError(f"expected {what}, was {was[:60]}"))
