"""What a terminal receives, taken apart: the sequences that are ours, and everything else."""

from __future__ import annotations

import re
import unicodedata

import msgspec

SEQUENCE = re.compile(
    r"\x1b\[(?P<params>[<-?]?[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<string>[^\x07\x1b]*)\x07"
    r"|(?P<other>\x1b.?|[\x80-\x9f])",
    re.DOTALL,
)
MODES = {
    "?1049": "the other screen",
    "?1000": "mouse",
    "?1003": "mouse",
    "?1015": "mouse",
    "?1006": "mouse",
    "?1016": "mouse",
    "?25": "cursor",
    "?1004": "focus",
    "?2004": "bracketed paste",
    "?7": "line wrap",
    "?2026": "synchronized output",
    "?2048": "size reports",
}
"""Private modes that Textual's driver switches."""
QUERIES = {"\x1b[?2026$p", "\x1b[?2048$p"}
"""What it asks a terminal: each is answered by a report that is no key."""
KEYBOARD = re.compile(r"\x1b\[(>\d+|<)u")
POINTER = re.compile(r"22;[a-z-]+")
CLIPBOARD = re.compile(r"52;c;[A-Za-z0-9+/=]*")
COLOUR_16 = {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108), 39, 49}


class Received(msgspec.Struct):
    """What came, by kind."""

    text: str = ""
    """Everything between the sequences."""
    switched: set[str] = set()
    """Private modes that were switched, as ``?25h``."""
    styles: set[str] = set()
    """Parameters of SGR."""
    copied: list[str] = []
    """What went to the clipboard, in base64."""
    foreign: list[str] = []
    """Sequences that are none of ours, with what stood around them."""

    def controls(self) -> set[str]:
        """Give control, format and private characters that came as text; lines may break."""
        return {c for c in self.text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} and c not in "\r\n\a"}

    def ambiguous(self) -> set[str]:
        """Give characters of one or two cells, as the terminal likes."""
        return {c for c in self.text if unicodedata.east_asian_width(c) == "A"}

    def colours(self) -> set[str]:
        """Give the parameters that say colours, each set with those of its extended form."""
        return {colour for style in self.styles for colour in _colours(style)}


def taken_apart(data: bytes) -> Received:
    """Part what a terminal received; text that is no UTF-8 is foreign too."""
    received = Received()
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        received.foreign.append(str(error))
        whole = data.decode(errors="replace")
    text, at = [], 0
    for found in SEQUENCE.finditer(whole):
        text.append(whole[at : found.start()])
        at = found.end()
        if not _known(found, received):
            received.foreign.append(whole[max(0, found.start() - 20) : found.end() + 20])
    received.text = "".join([*text, whole[at:]])
    return received


def _known(found: re.Match[str], received: Received) -> bool:
    sequence, params, final = found[0], found["params"], found["final"]
    if found["string"] is not None:
        if CLIPBOARD.fullmatch(found["string"]):
            received.copied.append(found["string"].removeprefix("52;c;"))
            return True
        return POINTER.fullmatch(found["string"]) is not None
    if params is None:
        return False
    if final == "m" and re.fullmatch(r"[0-9;]*", params):
        received.styles.add(params)
        return True
    if final in "hl" and params in MODES:
        received.switched.add(params + final)
        return True
    is_move = re.fullmatch({"H": r"\d+;\d+", "G": r"\d+"}.get(final, "x"), params) is not None
    return bool(is_move) or sequence in QUERIES or KEYBOARD.fullmatch(sequence) is not None


def _colours(style: str) -> list[str]:
    numbers = [int(number or 0) for number in style.split(";")]
    found = []
    while numbers:
        number = numbers.pop(0)
        if number in (38, 48):
            length = {2: 4, 5: 2}[numbers[0]]
            found.append(";".join(map(str, [number, *numbers[:length]])))
            numbers = numbers[length:]
        elif number in COLOUR_16:
            found.append(str(number))
    return found
