"""The encoding that a client speaks: msgpack in binary frames, JSON in text frames. Its first frame decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from termdesk.core.model.errors import ProtocolError
from termdesk.core.wire.codec import decode_client_frame, encode_engine_frame, encode_topics
from termdesk.core.wire.frames import MAX_FRAME, ClientFrame, EngineFrame, Topics, Update
from termdesk.core.wire.json_frames import decode_client_json, encode_engine_json
from termdesk.core.wire.scales import Scales
from termdesk.engine.conflation import Body

_ROOM = MAX_FRAME - 16_384
"""Bytes of bodies in one frame; the rest is for names and the frame itself."""


class Encoding(Protocol):
    """Frames to messages and back."""

    def frame(self, frame: EngineFrame) -> str | bytes:
        """Encode a frame."""
        ...

    def topics(self, desk_ns: int, updates: Iterable[tuple[str, Body]]) -> list[str | bytes]:
        """Encode news of topics, in as many frames as the largest frame asks for."""
        ...

    def decode(self, message: str | bytes) -> ClientFrame:
        """Decode a client's frame.

        Raises:
            ProtocolError: It is none, or of the other encoding.
        """
        ...


class Binary:
    """msgpack; the body of a topic is encoded once for all clients."""

    def frame(self, frame: EngineFrame) -> bytes:
        """Encode a frame."""
        return encode_engine_frame(frame)

    def topics(self, desk_ns: int, updates: Iterable[tuple[str, Body]]) -> list[str | bytes]:
        """Encode news, cut where a frame is full."""
        frames: list[str | bytes] = []
        part: list[tuple[str, Body]] = []
        size = 0
        for name, body in updates:
            length = len(memoryview(body.raw)) + len(name) + 8
            if part and size + length > _ROOM:
                frames.append(encode_topics(desk_ns, [(each, one.raw) for each, one in part]))
                part, size = [], 0
            part.append((name, body))
            size += length
        if part:
            frames.append(encode_topics(desk_ns, [(each, one.raw) for each, one in part]))
        return frames

    def decode(self, message: str | bytes) -> ClientFrame:
        """Decode a binary frame."""
        if isinstance(message, str):
            raise ProtocolError("expected a binary frame as the first one was, was text")
        return decode_client_frame(message)


class Text:
    """JSON, for other people's programs; every body goes in a frame of its own."""

    def __init__(self, scales: Scales) -> None:
        self._scales = scales

    def frame(self, frame: EngineFrame) -> str:
        """Encode a frame."""
        return encode_engine_json(frame, self._scales)

    def topics(self, desk_ns: int, updates: Iterable[tuple[str, Body]]) -> list[str | bytes]:
        """Encode news, a frame a body."""
        return [self.frame(Topics(desk_ns=desk_ns, updates=(Update(name, body.body),))) for name, body in updates]

    def decode(self, message: str | bytes) -> ClientFrame:
        """Decode a text frame."""
        if isinstance(message, bytes):
            raise ProtocolError("expected a text frame as the first one was, was binary")
        return decode_client_json(message, self._scales)


def encoding_of(message: str | bytes, scales: Scales) -> Encoding:
    """Give the encoding of a client's first message."""
    return Text(scales) if isinstance(message, str) else Binary()
