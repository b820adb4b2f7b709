"""Facts as JSON lines, for other programs and for reading."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from termdesk.journal.port import Journal

_PAGE = 1000


def export_facts(journal: Journal, out: BinaryIO, after: int = 0) -> int:
    """Write every fact above ``after`` as one JSON object a line, and give their number.

    Prices and quantities stay scaled ints; the decimals that they count in
    stand in the ``instrument_listed`` facts of the same journal. Money is
    decimal text.
    """
    encoder = msgspec.json.Encoder()
    written = 0
    while page := journal.read(after, _PAGE):
        out.write(encoder.encode_lines(page))
        after = page[-1].seq
        written += len(page)
    return written
