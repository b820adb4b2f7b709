"""Names of keys, as Textual calls them. Pure."""

from __future__ import annotations

from textual.keys import Keys, _character_to_key

_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
_NAMED = frozenset(key.value for key in Keys if key.value.isalnum())
_PRINTED = frozenset(_character_to_key(chr(code)) for code in range(33, 127))


def is_key(name: str) -> bool:
    """Whether a terminal could deliver a key of this name: ``ctrl+x``, ``f9``, ``slash``, ``A``.

    Whether this terminal does, the key check tells.
    """
    *modifiers, key = name.split("+")
    return _MODIFIERS.issuperset(modifiers) and (key in _NAMED or key in _PRINTED)
