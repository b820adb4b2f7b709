from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_messages import BTC, SCALES, frames

from termdesk.core.model import command as c
from termdesk.core.model.errors import ProtocolError
from termdesk.core.model.facts import OrderReplaced, Recorded
from termdesk.core.model.terms import OrdType, Side, TimeInForce
from termdesk.core.wire import json_frames as j
from termdesk.core.wire import queries as q
from termdesk.core.wire.frames import Answered, Ask, ClientFrame, Do, EngineFrame, Log, Refusal, Reply, Topics, Update
from termdesk.core.wire.scales import Scales
from termdesk.core.wire.topics import BookBody, QueueBody, QueueLine

ORDER = {
    "type": "submit_order",
    "command_id": "c1",
    "account": "cash",
    "instrument": BTC.id,
    "side": "buy",
    "ord_type": "limit",
    "qty": "0.01",
    "price": "61000.00",
}


def do(**changes: object) -> str:
    return json.dumps({"type": "do", "command": {**ORDER, **changes}})


def scaleless_cancel_all(frame: ClientFrame) -> bool:
    """A cancel-all with a price but no instrument means nothing."""
    command = frame.command if isinstance(frame, Do) else None
    return isinstance(command, c.CancelAll) and command.price is not None and command.instrument is None


@given(frames(ClientFrame).filter(lambda frame: not scaleless_cancel_all(frame)))
def test_client_frames_survive_json(frame: ClientFrame) -> None:
    assert j.decode_client_json(j.encode_client_json(frame, SCALES), SCALES) == frame


@given(frames(EngineFrame))
def test_engine_frames_survive_json(frame: EngineFrame) -> None:
    assert j.decode_engine_json(j.encode_engine_json(frame, SCALES), SCALES) == frame


def test_prices_and_quantities_are_scaled_by_the_instrument_named(scales: Scales) -> None:
    frame = j.decode_client_json(do(), scales)
    assert frame == Do(
        command=c.SubmitOrder(
            command_id="c1",
            account="cash",
            instrument=BTC.id,
            side=Side.BUY,
            ord_type=OrdType.LIMIT,
            qty=1000,
            price=6_100_000,
            time_in_force=TimeInForce.GTC,
        )
    )


def test_an_amend_is_scaled_by_its_order(scales: Scales) -> None:
    text = '{"type":"do","command":{"type":"amend_order","command_id":"c","order_id":"o2","price":"1.5"}}'
    assert j.decode_client_json(text, scales) == Do(command=c.AmendOrder(command_id="c", order_id="o2", price=15_000))


def test_rows_become_objects_with_field_names(scales: Scales) -> None:
    body = BookBody(BTC.id, 1, ((6_100_000, 120_000),), (), 5, valid=True, recv_ns=1_700_000_000_000_000_007)
    shown = json.loads(j.encode_engine_json(Topics(desk_ns=0, updates=(Update("book/x", body),)), scales))
    assert shown == {
        "type": "topics",
        "desk_ns": None,
        "updates": [
            {
                "topic": "book/x",
                "body": {
                    "type": "book",
                    "instrument": BTC.id,
                    "version": 1,
                    "bids": [["61000.00", "1.20000"]],
                    "asks": [],
                    "seq": 5,
                    "valid": True,
                    "recv_ns": "2023-11-14T22:13:20.000000007Z",
                },
            }
        ],
    }


def test_each_queue_line_is_scaled_by_its_order(scales: Scales) -> None:
    body = QueueBody("cash", {}, (QueueLine("o1", 5, 5, restarted=False), QueueLine("o2", 5, 5, restarted=False)))
    shown = json.loads(j.encode_engine_json(Topics(desk_ns=1, updates=(Update("queue/cash", body),)), scales))
    assert [line["ahead"] for line in shown["updates"][0]["body"]["lines"]] == ["0.00005", "5"]


def test_an_instrument_scales_its_own_ticks(scales: Scales) -> None:
    reply = Reply(request_id=1, page=0, more=False, result=q.InstrumentsResult((BTC,)))
    shown = json.loads(j.encode_engine_json(reply, scales))
    assert shown["result"]["instruments"][0]["rules"][0]["tick"] == "0.01"


def test_a_record_of_an_unknown_order_names_the_field(scales: Scales) -> None:
    fact = OrderReplaced(order_id="o9", cl_ord_id="", exec_id="", qty=1, price=1, reserve=0)  # type: ignore[arg-type]
    record = Recorded(seq=1, at_ns=1, wall_ns=1, trading_day="", cause="", actor="", fact=fact)
    with pytest.raises(ProtocolError, match=r"\$\.records\[0\]\.fact\.qty: .*o9"):
        j.encode_engine_json(Log(records=(record,)), scales)


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"price": "61000.001"}, "number.decimals", "61000.001"),
        ({"price": "NaN"}, "number.invalid", "NaN"),
        ({"qty": "1e30"}, "number.too_large", "1e30"),
        ({"instrument": "XXX.BINANCE"}, "command.instrument_unknown", "XXX.BINANCE"),
        ({"price": 61000}, "wire.frame", "$.command.price: expected a decimal number in quotes, was 61000"),
        ({"side": "byu"}, "wire.frame", "Invalid enum value 'byu' - at `$.command.side`"),
        ({"pirce": "1"}, "wire.frame", "no field is named 'pirce'"),
        ({"type": "submit"}, "wire.frame", "$.command.type: expected one of submit_order"),
        ({"qty": None}, "wire.frame", "$.command.qty: expected a decimal number in quotes, was none"),
    ],
)
def test_a_wrong_order_is_answered_with_the_field_and_the_value(
    scales: Scales, changes: dict[str, object], code: str, said: str
) -> None:
    with pytest.raises(j.FrameRefused) as refused:
        j.decode_client_json(do(**changes), scales)
    reply = refused.value.reply
    assert isinstance(reply, Answered)
    assert (reply.answer.command_id, reply.answer.accepted, reply.answer.code) == ("c1", False, code)
    assert any(said in value for value in reply.answer.params.values())


def test_a_wrong_query_is_refused_under_its_request(scales: Scales) -> None:
    with pytest.raises(j.FrameRefused) as refused:
        j.decode_client_json('{"type":"ask","request_id":7,"query":{"type":"weather"}}', scales)
    assert isinstance(refused.value.reply, Refusal)
    assert refused.value.reply.request_id == 7


def test_a_query_needs_no_numbers(scales: Scales) -> None:
    text = '{"type":"ask","request_id":7,"query":{"type":"quote","instrument":"nobody knows"}}'
    assert j.decode_client_json(text, scales) == Ask(request_id=7, query=q.QuoteQuery("nobody knows"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["type", "command", "query", "request_id", "x"]), inner, max_size=4)
        ),
    ).map(json.dumps)
    | st.text(max_size=20)
)
def test_any_text_is_a_frame_or_a_clear_error(text: str) -> None:
    try:
        j.decode_client_json(text, SCALES)
    except (ProtocolError, j.FrameRefused):
        return


def test_json_nested_too_deep_is_a_clear_error(scales: Scales) -> None:
    with pytest.raises(ProtocolError):
        j.decode_client_json("[" * 100_000, scales)
