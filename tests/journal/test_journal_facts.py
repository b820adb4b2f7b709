"""Every kind of fact survives the journal, under a tag that carries its version."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from termdesk.core.model.facts import Fact, Recorded
from termdesk.journal import Batch, SqliteJournal

KINDS = get_args(Fact)
PLAIN: dict[object, object] = {str: "名\x00", int: 2**62, bool: True, Decimal: Decimal("0.000000010")}


def filled(kind: Any) -> Any:
    """Make a value of a type with every field given, none left at its default."""
    origin = get_origin(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin is Annotated:
        plain, *more = get_args(kind)
        most = next((meta.le for meta in more if isinstance(meta, msgspec.Meta) and meta.le is not None), None)
        return filled(plain) if most is None else most
    if origin is Literal:
        return get_args(kind)[-1]
    if origin in (Union, UnionType):
        return filled(get_args(kind)[0])
    if origin is tuple:
        return tuple(filled(part) for part in get_args(kind) if part is not Ellipsis)
    if origin is dict:
        return {filled(part): filled(part) for part in set(get_args(kind))}
    if issubclass(kind, Enum):
        return list(kind)[-1]
    hints = get_type_hints(kind, include_extras=True)
    return kind(**{name: filled(hints[name]) for name in kind.__struct_fields__})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_fact_comes_back_as_it_went_in(
    kind: type[msgspec.Struct], journal: SqliteJournal, record: Callable[..., Recorded]
) -> None:
    put = [record(1), record(2, filled(kind))]
    journal.append(Batch(put))
    back = journal.read(0, 10)
    assert back == put
    assert repr(back) == repr(put)


def test_every_fact_has_a_tag_of_its_own_with_a_version() -> None:
    tags = [kind.__struct_config__.tag for kind in KINDS]
    assert len(set(tags)) == len(tags)
    for kind, tag in zip(KINDS, tags, strict=True):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
        assert re.fullmatch(rf"{words}\.[1-9][0-9]*", tag)
