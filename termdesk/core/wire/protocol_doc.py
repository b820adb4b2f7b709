"""``docs/protocol.md``, made of the message types themselves."""

from __future__ import annotations

import inspect as source
import re
from typing import Any, get_args

from msgspec import inspect

from termdesk.core.model.command import Command
from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.facts import Fact, Recorded
from termdesk.core.model.instrument import Detail
from termdesk.core.wire import topics
from termdesk.core.wire.example_session import example_session
from termdesk.core.wire.field_docs import field_docs, struct_text
from termdesk.core.wire.frames import MAX_FRAME, PROTOCOL, ClientFrame, EngineFrame
from termdesk.core.wire.queries import Query, Result
from termdesk.core.wire.shared import Change, Node
from termdesk.core.wire.topics import TopicBody

_UNITS = {
    "Price": "price",
    "Qty": "quantity",
    "Ns": "time",
    "Decimal": "decimal",
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "Level": "[price, quantity]",
    "Axis": '"row" or "column"',
}

_SEVERAL: dict[str, Any] = {
    "Command": Command,
    "Query": Query,
    "Result": Result,
    "TopicBody": TopicBody,
    "Fact": Fact,
    "Predicate": Predicate,
    "Action": Action,
    "Detail": Detail,
    "Change": Change,
    "Node": Node,
}

INTRODUCTION = """\
# The protocol between an engine and its clients

Made from the message types by `scripts/generate_docs.py`; do not edit.

Version {protocol}. Within a version messages and fields are only added, so a client ignores what it does not know.

## Connecting

An engine listens on a unix socket, mode 0600, and speaks WebSocket on it (any path and host, no compression).
`termdesk status --json` tells the socket: `{{"desk": "demo", "socket": "/run/user/1000/termdesk/demo.sock", ...}}`.
In Python, with the `websockets` package and nothing of termdesk:

```python
import asyncio, json
from websockets.asyncio.client import unix_connect

async def main():
    async with unix_connect("/run/user/1000/termdesk/demo.sock", "ws://localhost/") as engine:
        await engine.send(json.dumps({{"type": "hello", "protocol": {protocol}, "client": "mine 1.0"}}))
        print(json.loads(await engine.recv()))

asyncio.run(main())
```

The first frame decides the encoding of the connection:

* **Text frames are JSON.** Prices, quantities and money are decimal numbers in quotes, in the instrument's decimals
  (`"61000.00"`); times are ISO 8601 in UTC with nanoseconds (`"2026-01-31T09:30:00.000000000Z"`), null for never.
  Every struct is an object with field names. Unknown fields in a frame of a client are refused, because a slip in a
  field's name must not change an order.
* **Binary frames are msgpack.** Prices and quantities are whole numbers in units of `10^-decimals` of the instrument
  (`price_decimals`, `qty_decimals`), times nanoseconds since 1970 UTC, 0 for never. Types marked *row* below are
  arrays: their tag, if they have one, then their fields in the order listed.

No frame is longer than {max_frame:,} bytes. A frame has a field `type`; so has every struct that is one of several.

## Four kinds of traffic

* **Topics**: state of which only the latest counts. `subscribe` with a rate; a client that is slow misses frames,
  never the newest state.
* **Log**: what happened, in order, none left out. `follow_log` after a cursor; keep the last `seq` and go on from it
  after a reconnection.
* **Queries**: `ask` with a `request_id` of your own; `reply` comes in pages, the last one has `more` false.
* **Commands**: `do`; each is answered once, with `answered`. You make the `command_id`. If the link is lost before the
  answer, the outcome is unknown: send the same command with the same id again and you get its first answer; it is never
  carried out twice.

Besides these, what screens share with each other, link groups and workspaces, is changed by `put` and told as the
topics `view/links` and `view/workspaces`; and `presence` says how a screen is attached, for others to see. Both came
after the first version: an engine that takes them names them in `capabilities` of its welcome.

Who you are is stamped by the engine from the connection. A frame that is refused gets `answered` or `refusal` with a
reason; one that is no frame at all gets `goodbye` and the link ends. Reasons are codes with parameters.

## A session in JSON

`>` is the client, `<` the engine.

```
{session}
```
"""


def protocol_markdown() -> str:
    """Give the whole of ``docs/protocol.md``."""
    parts = [
        INTRODUCTION.format(protocol=PROTOCOL, max_frame=MAX_FRAME, session=example_session()),
        "## Topics\n",
        _topics_text(),
    ]
    told: set[type[Any]] = set()
    for title, union in (("Frames of a client", ClientFrame), ("Frames of the engine", EngineFrame)):
        members = get_args(union)
        parts.append(f"## {title}\n")
        parts += [_section(kind) for kind in members]
        told |= set(members)
    facts = set(get_args(Fact)) | {Recorded}
    inner = [kind for kind in _structs_in(ClientFrame, EngineFrame) if kind not in told]
    parts.append("## Records of the log\n")
    parts += [_section(kind) for kind in inner if kind in facts]
    parts.append("## Parts of frames\n")
    parts += [_section(kind) for kind in inner if kind not in facts]
    parts.append("## One of several\n")
    parts += [
        f"* **{name}**: {', '.join(kind.__name__ for kind in get_args(union) or (union,))}."
        for name, union in _SEVERAL.items()
    ]
    parts.append("\n## Words\n")
    parts += [_words(kind) for kind in _words_in(ClientFrame, EngineFrame)]
    return "\n".join(parts).rstrip() + "\n"


def _topics_text() -> str:
    lines = [line.rstrip() for line in source.cleandoc(topics.__doc__ or "").splitlines()]
    rules = [index for index, line in enumerate(lines) if line.startswith("====")]
    before, after = lines[: rules[0]], lines[rules[-1] + 1 :]
    starts = _columns(lines[rules[0]])
    rows = []
    for line in lines[rules[0] + 1 : rules[-1]]:
        if not line.startswith("===="):
            cells = [line[a:b].strip().replace("``", "`") for a, b in starts]
            rows.append(f"| {' | '.join(cells)} |")
    rows.insert(1, "|---|---|---|")
    text = "\n".join([*before, *rows, *after])
    return text.partition("\n\n")[2].replace("``", "`") + "\n"


def _columns(rule: str) -> list[tuple[int, int | None]]:
    starts = [index for index in range(len(rule)) if rule[index] == "=" and (index == 0 or rule[index - 1] == " ")]
    return list(zip(starts, [*starts[1:], None], strict=True))


def _section(kind: type[Any]) -> str:
    config = kind.__struct_config__
    marks = [f'`"{config.tag}"`'] if config.tag is not None else []
    marks += ["*row*"] if config.array_like else []
    head = f"### {kind.__name__}" + (f" ({', '.join(marks)})" if marks else "")
    lines = [head, "", struct_text(kind).replace("``", "`"), ""]
    fields = field_docs(kind)
    if fields:
        lines += ["| field | type | default | |", "|---|---|---|---|"]
        lines += [
            f"| `{field.name}` | {_kind_text(field.kind)} | {_default_text(field.default)} | {_cell(field.text)} |"
            for field in fields
        ]
        lines.append("")
    return "\n".join(lines)


def _kind_text(kind: str) -> str:
    """Say a type of the code in the words of this document."""
    text = re.sub(r"Union\[(\w+), (\w+)\]", r"\1 | \2", kind)
    text = text.replace(", ...]", "]").replace("tuple[", "list of [").replace(" | None", " or null")
    for word, unit in _UNITS.items():
        text = re.sub(rf"\b{word}\b", unit, text)
    return text.replace("|", "or").replace("dict[text, ", "object of [")


def _default_text(default: str) -> str:
    plain = default.replace("TimeInForce.", "").replace("PositionEffect.", "")
    return f"`{plain}`" if plain else "required"


def _cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def _words(kind: type[Any]) -> str:
    values = ", ".join(f"`{member.value}`" for member in kind)
    return f"* **{kind.__name__}**: {values}. {struct_text(kind).replace('``', '`').splitlines()[0]}"


def _types_in(*unions: object) -> list[inspect.Type]:
    """Every struct and enumeration that the unions reach, in the order of first mention."""
    found: dict[type[Any], inspect.Type] = {}
    waiting = list(reversed([inspect.type_info(union) for union in unions]))
    while waiting:
        info = waiting.pop()
        inner: tuple[inspect.Type, ...] = ()
        match info:
            case inspect.StructType(cls=kind, fields=fields) if kind not in found:
                found[kind] = info
                inner = tuple(field.type for field in fields)
            case inspect.EnumType(cls=kind):
                found.setdefault(kind, info)
            case inspect.UnionType(types=types):
                inner = types
            case inspect.VarTupleType(item_type=item):
                inner = (item,)
            case inspect.TupleType(item_types=items):
                inner = items
            case inspect.Metadata(type=item):
                inner = (item,)
            case _:
                continue
        waiting += reversed(inner)
    return list(found.values())


def _structs_in(*unions: object) -> list[type[Any]]:
    return [info.cls for info in _types_in(*unions) if isinstance(info, inspect.StructType)]


def _words_in(*unions: object) -> list[type[Any]]:
    found = [info.cls for info in _types_in(*unions) if isinstance(info, inspect.EnumType)]
    return sorted(found, key=lambda kind: kind.__name__)
