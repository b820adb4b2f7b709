from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_messages import frames

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.errors import ProtocolError
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.wire import codec
from termdesk.core.wire.frames import ClientFrame, Do, EngineFrame, Topics
from termdesk.core.wire.topics import BookBody


@given(frames(ClientFrame))
def test_client_frames_survive_msgpack(frame: ClientFrame) -> None:
    assert codec.decode_client_frame(codec.encode_client_frame(frame)) == frame


@given(frames(EngineFrame))
def test_engine_frames_survive_msgpack(frame: EngineFrame) -> None:
    assert codec.decode_engine_frame(codec.encode_engine_frame(frame)) == frame


@given(frames(Topics))
def test_bodies_encoded_apart_make_the_same_frame(frame: Topics) -> None:
    parts = [(update.topic, codec.encode_body(update.body)) for update in frame.updates]
    assert codec.encode_topics(frame.desk_ns, parts) == codec.encode_engine_frame(frame)


def test_one_encoded_body_serves_many_frames() -> None:
    body = codec.encode_body(BookBody("A.B", 1, ((1, 2),), (), 3, valid=True, recv_ns=4))
    first, second = (codec.decode_engine_frame(codec.encode_topics(n, [("book/A.B?depth=1", body)])) for n in (1, 2))
    assert isinstance(first, Topics)
    assert isinstance(second, Topics)
    assert first.updates == second.updates


def test_a_number_that_the_wire_can_t_carry_breaks_the_protocol_and_nothing_else() -> None:
    order = SubmitOrder(
        command_id="c", account="a", instrument="A.B", side=Side.BUY, qty=2**64, ord_type=OrdType.MARKET
    )
    with pytest.raises(ProtocolError, match="too large"):
        codec.encode_client_frame(Do(command=order))


@given(st.binary(max_size=60))
def test_any_bytes_decode_or_break_the_protocol(data: bytes) -> None:
    for decode in (codec.decode_client_frame, codec.decode_engine_frame):
        try:
            decode(data)
        except ProtocolError:
            continue


def test_a_wrong_field_is_named() -> None:
    with pytest.raises(ProtocolError, match=r"\$\.rate"):
        codec.decode_client_frame(codec._ENCODER.encode({"type": "subscribe", "topic": "x", "rate": "fast"}))
