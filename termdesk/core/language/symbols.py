"""Symbols: from what a person typed to the instrument meant."""

from __future__ import annotations

from collections.abc import Mapping

from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument


def resolve_symbol(text: str, instruments: Mapping[str, Instrument]) -> Instrument:
    """Find the instrument of an id, or of a bare code that only one known instrument has.

    Upper and lower case are the same. Names are not symbols.

    Raises:
        Refused: ``symbol.ambiguous`` with the candidates, or ``symbol.unknown`` with the nearest ids.
    """
    wanted = text.casefold()
    named = [one for one in instruments.values() if one.id.casefold() == wanted]
    found = named or [one for one in instruments.values() if one.code.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused("symbol.ambiguous", {"symbol": text, "candidates": ", ".join(sorted(one.id for one in found))})
    raise Refused("symbol.unknown", {"symbol": text, "nearest": ", ".join(_nearest(wanted, instruments)) or "–"})


def matching_ids(prefix: str, instruments: Mapping[str, Instrument]) -> list[str]:
    """Ids that begin with a prefix, in any case, sorted."""
    wanted = prefix.casefold()
    return sorted(one.id for one in instruments.values() if one.id.casefold().startswith(wanted))


def _nearest(wanted: str, instruments: Mapping[str, Instrument]) -> list[str]:
    from difflib import get_close_matches

    keys: dict[str, str] = {}
    for one in instruments.values():
        keys.setdefault(one.code.casefold(), one.id)
        keys[one.id.casefold()] = one.id
    close = get_close_matches(wanted, keys, n=6, cutoff=0.5)
    return list(dict.fromkeys(keys[key] for key in close))[:3]
