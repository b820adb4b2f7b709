"""The JSON encoding of frames, for other people's programs.

The same messages as in msgpack, with decimal text for prices, quantities and
money, ISO 8601 text for times and field names everywhere. Slower, and meant
to be read and written by hand.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.errors import ProtocolError, Refused
from termdesk.core.model.reason import Reason
from termdesk.core.wire.frames import Answered, ClientFrame, EngineFrame, Refusal
from termdesk.core.wire.projection import Fault, Json, Kind, Value, shape_for
from termdesk.core.wire.scales import Scales, Surroundings


class FrameRefused(Refused):
    """A frame was JSON, but not one that can be carried out. The link goes on.

    Attributes:
        reply: What the client gets: the one answer where the frame was a
            command, else a refusal.
    """

    def __init__(self, code: str, params: dict[str, str], reply: Answered | Refusal) -> None:
        self.reply = reply
        super().__init__(code, params)


def encode_engine_json(frame: EngineFrame, scales: Scales) -> str:
    """Encode a frame of the engine as JSON text.

    Raises:
        ProtocolError: The frame holds a number of an instrument or order that ``scales`` does not know.
    """
    return _show(EngineFrame, frame, scales)


def encode_client_json(frame: ClientFrame, scales: Scales) -> str:
    """Encode a frame of a client as JSON text.

    Raises:
        ProtocolError: The frame holds a number of an instrument or order that ``scales`` does not know.
    """
    return _show(ClientFrame, frame, scales)


def decode_client_json(text: str | bytes, scales: Scales) -> ClientFrame:
    """Decode a text frame of a client.

    Raises:
        ProtocolError: The text is no JSON object.
        FrameRefused: It is one, but no frame of a client, or a number in it is
            none of its instrument; carries what to send back.
    """
    raw = _object(text)
    try:
        frame: ClientFrame = _read(ClientFrame, raw, scales)
    except Fault as fault:
        reason = _reason(fault)
        raise FrameRefused(reason.code, reason.params, _reply(raw, reason)) from None
    return frame


def decode_engine_json(text: str | bytes, scales: Scales) -> EngineFrame:
    """Decode a text frame of the engine.

    Raises:
        ProtocolError: The text is no frame of an engine; says the field.
    """
    try:
        frame: EngineFrame = _read(EngineFrame, _object(text), scales)
    except Fault as fault:
        raise ProtocolError(f"{fault.path}: {fault.error}") from None
    return frame


def _show(kind: Kind, frame: ClientFrame | EngineFrame, scales: Scales) -> str:
    try:
        shown = shape_for(kind).show(frame, Surroundings(scales))
    except Fault as fault:
        raise ProtocolError(f"{type(frame).__name__} can't be shown in JSON: {fault.path}: {fault.error}") from None
    return msgspec.json.encode(shown).decode()


def _object(text: str | bytes) -> dict[str, Json]:
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"expected a JSON object: {error}") from None
    if not isinstance(raw, dict):
        raise ProtocolError(f"expected a JSON object, was {type(raw).__name__}")
    return raw


def _read(kind: Kind, raw: dict[str, Json], scales: Scales) -> Value:
    try:
        return msgspec.convert(shape_for(kind).read(raw, Surroundings(scales)), kind)
    except msgspec.ValidationError as error:
        raise Fault(ProtocolError(str(error))) from None
    except RecursionError:
        raise Fault(ProtocolError("expected a frame less deep")) from None


def _reason(fault: Fault) -> Reason:
    if isinstance(fault.error, Refused):
        return Reason(fault.error.code, fault.error.params)
    where = "" if fault.path == "$" else f"{fault.path}: "
    return Reason("wire.frame", {"detail": f"{where}{fault.error}"[:300]})


def _reply(raw: dict[str, Json], reason: Reason) -> Answered | Refusal:
    command = raw.get("command")
    command_id = command.get("command_id") if isinstance(command, dict) else None
    if raw.get("type") == "do" and isinstance(command_id, str):
        return Answered(answer=Answer(command_id=command_id, accepted=False, code=reason.code, params=reason.params))
    request_id, topic = raw.get("request_id"), raw.get("topic")
    return Refusal(
        request_id=request_id if isinstance(request_id, int) else 0,
        topic=topic if isinstance(topic, str) else "",
        reason=reason,
    )
