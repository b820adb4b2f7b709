"""The msgpack encoding of frames: scaled ints, structs as they are.

Both sides are pure functions of bytes. The engine encodes the body of a topic
once (``encode_body``) and puts it into the frames of many clients
(``encode_topics``) without touching it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec

from termdesk.core.model.errors import ProtocolError
from termdesk.core.wire.frames import ClientFrame, EngineFrame
from termdesk.core.wire.topics import TopicBody

_ENCODER = msgspec.msgpack.Encoder()


class _RawUpdate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``frames.Update`` whose body is encoded already."""

    topic: str
    body: msgspec.Raw


class _RawTopics(msgspec.Struct, frozen=True, kw_only=True, tag="topics"):
    """``frames.Topics`` whose bodies are encoded already."""

    desk_ns: int
    updates: tuple[_RawUpdate, ...]


def encode_client_frame(frame: ClientFrame) -> bytes:
    """Encode a frame of a client.

    Raises:
        ProtocolError: A number of it is larger than the wire carries.
    """
    try:
        return _ENCODER.encode(frame)
    except OverflowError:
        raise ProtocolError("a number is too large: expected less than 2^64 of the smallest unit") from None


def encode_engine_frame(frame: EngineFrame) -> bytes:
    """Encode a frame of the engine."""
    return _ENCODER.encode(frame)


def encode_body(body: TopicBody) -> msgspec.Raw:
    """Encode a topic's body once, for the frames of any number of clients."""
    return msgspec.Raw(_ENCODER.encode(body))


def encode_topics(desk_ns: int, updates: Iterable[tuple[str, msgspec.Raw]]) -> bytes:
    """Encode a ``Topics`` frame from bodies made by ``encode_body``.

    Args:
        desk_ns: Desk time of the frame.
        updates: Topic name and encoded body of each.
    """
    raw = tuple(_RawUpdate(topic, body) for topic, body in updates)
    return _ENCODER.encode(_RawTopics(desk_ns=desk_ns, updates=raw))


def decode_client_frame(data: bytes) -> ClientFrame:
    """Decode a binary frame of a client.

    Raises:
        ProtocolError: The bytes are no msgpack or no frame of a client; the text names the field.
    """
    try:
        return _client_decoder().decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"expected a frame of a client in msgpack: {error}") from None


def decode_engine_frame(data: bytes) -> EngineFrame:
    """Decode a binary frame of the engine.

    Raises:
        ProtocolError: The bytes are no msgpack or no frame of an engine; the text names the field.
    """
    try:
        return _engine_decoder().decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"expected a frame of the engine in msgpack: {error}") from None


@cache
def _client_decoder() -> msgspec.msgpack.Decoder[ClientFrame]:
    return msgspec.msgpack.Decoder(ClientFrame)


@cache
def _engine_decoder() -> msgspec.msgpack.Decoder[EngineFrame]:
    return msgspec.msgpack.Decoder(EngineFrame)
