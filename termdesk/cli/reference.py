"""``docs/cli.md``, made of the console's commands and the shapes of their output."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from typer.main import get_command

from termdesk.adapters.feeds.replay.summary import ReplaySummary
from termdesk.cli import journal_shapes as j
from termdesk.cli import money_shapes as m
from termdesk.cli import shapes as s
from termdesk.cli.app import build_app
from termdesk.cli.control_shapes import LimitsShape
from termdesk.engine.profiles import ProfileComparison
from termdesk.testing.scenario.report import ScenarioReport
from termdesk.testing.simulation.run import Simulation

PRINTS: dict[str, tuple[type[msgspec.Struct], bool]] = {
    "order": (s.AnswerShape, False),
    "cancel": (s.AnswerShape, False),
    "amend": (s.AnswerShape, False),
    "orders": (s.OrderShape, True),
    "conditions": (s.ConditionShape, True),
    "fills": (s.FillShape, True),
    "positions": (m.PositionShape, True),
    "account": (m.AccountShape, True),
    "why": (s.WhyShape, False),
    "log": (j.RequestShape, True),
    "book": (s.BookShape, False),
    "quote": (s.QuoteShape, False),
    "status": (s.StatusShape, False),
    "kill": (s.AnswerShape, False),
    "halt": (s.AnswerShape, False),
    "reduce": (s.AnswerShape, False),
    "resume": (s.AnswerShape, False),
    "limits": (LimitsShape, False),
    "stop": (s.StoppedShape, False),
    "keys": (s.KeyShape, True),
    "replay": (ReplaySummary, False),
    "profiles": (ProfileComparison, False),
    "journal verify": (j.JournalShape, False),
    "journal quarantine": (j.QuarantineShape, False),
    "cash deposit": (s.AnswerShape, False),
    "cash withdraw": (s.AnswerShape, False),
    "cash post": (s.AnswerShape, False),
    "cash interest": (s.AnswerShape, False),
    "day status": (m.DayShape, True),
    "day close": (s.AnswerShape, False),
    "day statement": (m.StatementShape, False),
    "position open": (s.AnswerShape, False),
    "position transfer": (s.AnswerShape, False),
    "position allocate": (s.AnswerShape, False),
    "position expire": (s.AnswerShape, False),
    "position action": (s.AnswerShape, False),
    "scenario run": (ScenarioReport, False),
    "simulate": (Simulation, True),
}
"""What each command prints with ``--json``: the shape, and whether a list of it."""

INTRODUCTION = """\
# Console commands

Made from the commands themselves by `scripts/generate_docs.py`; do not edit.

`termdesk` alone opens the screen; its options are below. Every command speaks to the engine of a desk: the one named
with `--desk`, else the only one that runs. With several running, a command lists them and ends with 2.

| exit code | |
|---|---|
| 0 | done |
| 1 | refused or failed; the reason is on standard error |
| 2 | bad usage or a wrong configuration |
| 130 | interrupted |

With `--json` a command prints one JSON object or list on one line. Names are snake_case, prices, quantities and money
decimal text, times nanoseconds since 1970 UTC in fields that end in `_ns` (0 is never), unknown is null. A refused
`order`, `cancel` or `amend` prints its answer too, with `"accepted": false`. Fields are only added.
"""


def console_markdown() -> str:
    """Give the whole of ``docs/cli.md``."""
    root: Any = get_command(build_app())
    parts = [INTRODUCTION, "## termdesk\n", _parameters(root)]
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            parts.append(_section(name, command))
        else:
            parts += [_section(f"{name} {each}", one) for each, one in inner.items()]
    parts += ["## JSON Schema of the output\n", "```json", _schema(), "```"]
    return "\n".join(parts) + "\n"


def shape_of_output(command: str) -> Any:  # noqa: ANN401 a type for msgspec
    """Give the type of what a command prints with ``--json``."""
    shape, is_list = PRINTS[command]
    return list[shape] if is_list else shape  # type: ignore[valid-type]


def _section(name: str, command: Any) -> str:  # noqa: ANN401 typer's commands have no public type
    lines = [f"## termdesk {name}", "", (command.help or "").replace(r"\[", "["), ""]
    printed = PRINTS.get(name)
    if printed is not None:
        shape, is_list = printed
        lines += [
            f"`--json` prints {'a list of' if is_list else 'one'} [{shape.__name__}](#json-schema-of-the-output).",
            "",
        ]
    return "\n".join(lines) + "\n" + _parameters(command)


def _parameters(command: Any) -> str:  # noqa: ANN401 typer's commands have no public type
    rows = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        is_option = parameter.param_type_name == "option"
        name = ", ".join(parameter.opts) if is_option else ""
        metavar = (
            "" if getattr(parameter, "is_flag", False) else parameter.metavar or ("" if is_option else parameter.name)
        )
        words = " ".join(word for word in (name, metavar) if word).replace("|", "\\|")
        rows.append(f"| `{words}` | {(parameter.help or '').replace('|', chr(92) + '|')} |")
    return "\n".join(["| | |", "|---|---|", *rows]) + "\n"


def _schema() -> str:
    kinds = list(dict.fromkeys(shape for shape, _ in PRINTS.values()))
    _, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    shapes = {name: _settled(shape) for name, shape in sorted(components.items())}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": shapes}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()


def _settled(part: Any) -> Any:  # noqa: ANN401 any part of a schema
    """Give a part of a schema in one form: releases of msgspec indent docstrings and order alternatives differently."""
    if isinstance(part, list):
        return [_settled(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _settled(value) for key, value in part.items()}
    if isinstance(made.get("description"), str):
        made["description"] = inspect.cleandoc(made["description"])
    if "anyOf" in made:
        made["anyOf"].sort(key=lambda one: msgspec.json.encode(one, order="sorted"))
    return made
