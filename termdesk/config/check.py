"""Finding every mistake of a configuration table, with the key where it is."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

import msgspec

_WORDS: dict[object, str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text in quotes",
    Decimal: "a number",
    tuple: "a list of texts",
    dict: "a table",
}


class Mistake(msgspec.Struct, frozen=True):
    """One thing that is wrong."""

    key: str
    """Dotted, from the outermost table down."""
    text: str
    """What was expected, what came, and the nearest known key."""


def find_mistakes(value: object, kind: object, key: str = "") -> Iterator[Mistake]:
    """Hold a value against a type of ``config/settings.py`` and give all that is wrong.

    Args:
        value: As ``tomllib`` gave it.
        kind: A struct, a dict of structs or of values, or a plain type.
        key: Where the value stands, dotted; empty for the whole configuration.
    """
    bare = _bare(kind)
    struct = bare if isinstance(bare, type) and issubclass(bare, msgspec.Struct) else None
    if struct is None and get_origin(bare) is not dict:
        yield from _unfit(value, kind, key)
    elif not isinstance(value, Mapping):
        yield Mistake(key, f"expected a table, was {_shown(value)}")
    elif struct is None:
        yield from _in_dict(value, bare, key)
    else:
        yield from _in_struct(value, struct, key)


def _in_struct(table: Mapping[str, object], struct: type[msgspec.Struct], key: str) -> Iterator[Mistake]:
    kinds = get_type_hints(struct, include_extras=True)
    mistakes: list[Mistake] = []
    for name, value in table.items():
        if name in kinds:
            mistakes += find_mistakes(value, kinds[name], _below(key, name))
        else:
            mistakes.append(Mistake(_below(key, name), f"unknown key{_nearest(name, struct.__struct_fields__)}"))
    # Only a struct that is right field by field can say what its fields are worth together.
    yield from mistakes or _unfit(table, struct, key)


def _in_dict(table: Mapping[str, object], kind: object, key: str) -> Iterator[Mistake]:
    key_kind, value_kind = get_args(kind)
    for name, value in table.items():
        yield from _unfit(name, key_kind, _below(key, name))
        yield from find_mistakes(value, value_kind, _below(key, name))


def _unfit(value: object, kind: object, key: str) -> Iterator[Mistake]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as e:
        if isinstance(e.__cause__, ValueError):
            yield Mistake(key, str(e.__cause__))
        else:
            yield Mistake(key, f"expected {expected(kind)}, was {_shown(value)}")


def expected(kind: object) -> str:
    """Say in words what a type of ``config/settings.py`` takes."""
    bare = _bare(kind)
    if get_origin(bare) is Literal:
        return f"one of {', '.join(map(str, get_args(bare)))}"
    if isinstance(bare, type) and issubclass(bare, Enum):
        return f"one of {', '.join(str(member.value) for member in bare)}"
    if get_origin(bare) is tuple and get_args(bare)[0] is not str:
        return f"a list, each {expected(get_args(bare)[0])}"
    words = _WORDS[get_origin(bare) or bare]
    for meta in get_args(kind)[1:] if get_origin(kind) is Annotated else ():
        words = meta.description or words
        bounds = (("from", meta.ge), ("to", meta.le))
        words += "".join(f" {word} {bound}" for word, bound in bounds if bound is not None)
    return words


def _bare(kind: object) -> object:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _below(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; known keys here are {', '.join(known)}"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value!r:.60}"
