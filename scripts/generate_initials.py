"""Writes the first letters of the pinyin readings of every common Chinese character, from pypinyin.

Characters are grouped by their letters, the usual reading first, so that the
screen needs no dictionary of its own: it reads this file when the finder opens.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

FILE = Path(__file__).resolve().parents[1] / "termdesk" / "ui" / "finder" / "initials.txt"
FIRST, LAST = 0x4E00, 0x9FFF
"""The block of common characters (Unicode, CJK Unified Ideographs)."""


def initials() -> dict[str, str]:
    """Give the characters of every set of letters."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for code in range(FIRST, LAST + 1):
        character = chr(code)
        readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
        letters = "".join(dict.fromkeys(one for one in readings[0] if one.isascii())) if readings else ""
        if letters:
            groups[letters].append(character)
    return {letters: "".join(group) for letters, group in sorted(groups.items())}


def main() -> None:
    lines = [f"{letters} {group}" for letters, group in initials().items()]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {FILE.name}: {len(lines)} groups")


if __name__ == "__main__":
    main()
