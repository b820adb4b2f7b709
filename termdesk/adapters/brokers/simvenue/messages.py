"""What the simulated venue and its members say to each other: msgpack frames on a websocket.

The venue's own words: numbers are decimal text, symbols are instrument ids,
an order is named by the member's client id and by the venue's id. Nothing
here is scaled and nothing names an order of a desk.
"""

from __future__ import annotations

import msgspec


class Login(msgspec.Struct, frozen=True, tag="login"):
    """First frame of a member."""

    token: str
    accounts: tuple[str, ...]


class New(msgspec.Struct, frozen=True, kw_only=True, tag="new"):
    """Place an order. A client id that was used before is refused."""

    client_id: str
    account: str
    symbol: str
    side: str
    ord_type: str
    time_in_force: str
    qty: str
    price: str | None = None
    post_only: bool = False


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """Take an order off, named by its client id or the venue's id."""

    request_id: str
    account: str
    symbol: str
    client_id: str
    venue_id: str = ""


class Replace(msgspec.Struct, frozen=True, kw_only=True, tag="replace"):
    """Give an order new terms; it keeps its client id."""

    request_id: str
    account: str
    symbol: str
    client_id: str
    qty: str
    price: str | None
    venue_id: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True, tag="status"):
    """Ask about one order; ``reference`` comes back with the answer."""

    reference: str
    account: str
    client_id: str
    venue_id: str = ""


class All(msgspec.Struct, frozen=True, tag="all"):
    """Ask for everything of some accounts."""

    accounts: tuple[str, ...]


ToVenue = Login | New | Cancel | Replace | Status | All


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The member is in."""

    venue: str


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """The member is not let in."""

    text: str


class Fee(msgspec.Struct, frozen=True, array_like=True):
    """One fee of an execution."""

    kind: str
    asset: str
    amount: str


class Execution(msgspec.Struct, frozen=True, kw_only=True, tag="execution"):
    """What happened to an order. ``kind`` is FIX 150's word, or cancel_rejected and replace_rejected."""

    exec_id: str
    kind: str
    account: str
    symbol: str
    venue_id: str
    client_id: str
    request_id: str = ""
    side: str
    ord_type: str
    time_in_force: str
    qty: str
    price: str | None
    cum_qty: str
    last_qty: str = "0"
    last_price: str = "0"
    liquidity: str = ""
    fees: tuple[Fee, ...] = ()
    ref_id: str = ""
    at_ns: int = 0
    code: str = ""
    params: dict[str, str] = {}
    text: str = ""


class OrderInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it stands."""

    account: str
    symbol: str
    venue_id: str
    client_id: str
    side: str
    ord_type: str
    time_in_force: str
    qty: str
    price: str | None
    cum_qty: str
    average: str | None
    status: str
    """FIX 39's word."""


class FillInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An execution of the past."""

    account: str
    symbol: str
    exec_id: str
    venue_id: str
    client_id: str
    side: str
    qty: str
    price: str
    liquidity: str
    fees: tuple[Fee, ...]
    at_ns: int


class PositionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A position; flat ones that were ever held are told too."""

    account: str
    symbol: str
    qty: str
    average: str


class OrderAnswer(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """Answer to ``Status``; no order where there is none."""

    reference: str
    account: str
    order: OrderInfo | None
    fills: tuple[FillInfo, ...] = ()


class Everything(msgspec.Struct, frozen=True, kw_only=True, tag="everything"):
    """Answer to ``All``."""

    accounts: tuple[str, ...]
    orders: tuple[OrderInfo, ...] = ()
    fills: tuple[FillInfo, ...] = ()
    positions: tuple[PositionInfo, ...] = ()
    error: str = ""


FromVenue = Welcome | Refusal | Execution | OrderAnswer | Everything
