"""Reads what a terminal sends, and stamps every key with when it came."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Callable
from select import select

from textual._xterm_parser import XTermParser
from textual.message import Message

PIECE = 4096
"""Bytes read at once."""
LOOK_S = 0.1
"""How often is looked whether an escape was a key of its own, and whether the screen has ended."""


class KeyReader:
    """Reads one terminal until its screen ends.

    What is read at once, or waits already when what came before it has been
    handed on, has come at once, with the stamp of the first of it: a machine
    too busy to read must not make a hand's own strokes of pasted text. Textual
    stamps a key when it is made of its bytes.

    Bytes that are no UTF-8 (another charset, a line that drops bits) mean no
    key, nor does what was read together with them.

    Args:
        fileno: The terminal.
        clock_s: Gives the time of Textual's messages, in seconds.
    """

    def __init__(self, fileno: int, clock_s: Callable[[], float]) -> None:
        self._fileno = fileno
        self._clock_s = clock_s

    def run(self, is_over: Callable[[], bool], post: Callable[[Message], object]) -> None:
        """Hand on every key, mouse event and report.

        Returns when the screen has ended.

        Raises:
            OSError: The terminal has gone.
        """
        came_s, has_read = self._clock_s(), False
        parser, decode = XTermParser(), getincrementaldecoder("utf-8")().decode
        while not is_over():
            found: list[Message] = []
            waits_already = has_read and self._has_bytes(0)
            has_read = waits_already or self._has_bytes(LOOK_S)
            if has_read:
                if not waits_already:
                    came_s = self._clock_s()
                data = os.read(self._fileno, PIECE)
                if not data:
                    raise OSError("the terminal has hung up")
                try:
                    if text := decode(data):
                        found.extend(parser.feed(text))
                except UnicodeDecodeError:
                    parser, decode = XTermParser(), getincrementaldecoder("utf-8")().decode
            found.extend(parser.tick())
            for message in found:
                message.time = came_s
                post(message)

    def _has_bytes(self, within_s: float) -> bool:
        return bool(select([self._fileno], [], [], within_s)[0])
