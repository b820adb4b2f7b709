"""Frames: one message each on the engine's socket.

A connection begins with ``Hello`` and ``Welcome``. A client that sends text
frames is answered in JSON, one that sends binary frames in msgpack. Four
kinds of traffic then share the connection: topics, log, queries, commands.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import Answer, Command
from termdesk.core.model.facts import Recorded
from termdesk.core.model.number import Ns
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Mode
from termdesk.core.wire.queries import Query, Result
from termdesk.core.wire.shared import Change
from termdesk.core.wire.topics import TopicBody

PROTOCOL = 1
"""Version of the protocol; changes within it are additive."""

MAX_FRAME = 262_144
"""Largest frame in bytes that either side sends; longer results are paged."""


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """First frame of a client. ``token`` is needed where the socket is not a unix socket."""

    protocol: int
    client: str
    screen: str = ""
    """What a screen calls itself where others are told of it, such as its terminal; need not be unique."""
    token: str = ""
    capabilities: tuple[str, ...] = ()


class Subscribe(msgspec.Struct, frozen=True, kw_only=True, tag="subscribe"):
    """Send me a topic, at most ``rate`` times a second.

    Asked again at another rate it goes on from where it was; at the same rate it begins anew.
    """

    topic: str
    rate: float = 30.0


class Unsubscribe(msgspec.Struct, frozen=True, kw_only=True, tag="unsubscribe"):
    """Stop sending a topic."""

    topic: str


class FollowLog(msgspec.Struct, frozen=True, kw_only=True, tag="follow_log"):
    """Send every durable record after ``cursor``, then each new one."""

    cursor: int


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """Ask a query; ``request_id`` is the client's own."""

    request_id: int
    query: Query


class CancelAsk(msgspec.Struct, frozen=True, kw_only=True, tag="cancel_ask"):
    """I no longer need the answer."""

    request_id: int


class Do(msgspec.Struct, frozen=True, kw_only=True, tag="do"):
    """Carry out a command."""

    command: Command


class Put(msgspec.Struct, frozen=True, kw_only=True, tag="put"):
    """Change what all screens share. The last writer wins; it is no fact and not answered, a refusal names the topic.

    Only for an engine whose welcome names the capability ``put``.
    """

    change: Change


class Presence(msgspec.Struct, frozen=True, kw_only=True, tag="presence"):
    """How I am attached, for others to see in ``engine/health``. It allows and forbids nothing.

    Only for an engine whose welcome names the capability ``presence``.
    """

    armed: bool
    """I send orders that add risk."""
    looks_on: bool = False
    """I send no command at all."""


ClientFrame = Hello | Subscribe | Unsubscribe | FollowLog | Ask | CancelAsk | Do | Put | Presence


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome"):
    """First frame of the engine."""

    protocol: int
    engine_version: str
    desk: str
    mode: Mode
    base_currency: str
    actor: str
    """Who the engine takes this connection for."""
    session: str
    cursor: int
    """Newest durable record."""
    desk_ns: Ns
    accounts: tuple[str, ...]
    capabilities: tuple[str, ...] = ()
    """Frames beyond those of the first version that the engine takes."""


class Update(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """News of one topic."""

    topic: str
    body: TopicBody


class Topics(msgspec.Struct, frozen=True, kw_only=True, tag="topics"):
    """News of this client's topics, conflated."""

    desk_ns: Ns
    updates: tuple[Update, ...]


class Log(msgspec.Struct, frozen=True, kw_only=True, tag="log"):
    """Durable records, in order, none left out."""

    records: tuple[Recorded, ...]


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag="reply"):
    """One page of a query's answer; ``more`` says that another follows."""

    request_id: int
    page: int
    more: bool
    result: Result


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag="refusal"):
    """A query or subscription was refused; ``request_id`` is 0 where it was no query."""

    request_id: int
    topic: str
    reason: Reason


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag="answered"):
    """The one answer to a command."""

    answer: Answer


class Goodbye(msgspec.Struct, frozen=True, kw_only=True, tag="goodbye"):
    """The engine closes the connection, and why."""

    reason: Reason


EngineFrame = Welcome | Topics | Log | Reply | Refusal | Answered | Goodbye
