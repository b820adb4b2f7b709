"""The page of what a desk trader expects: every test it names exists, and each row is shown on the running screen."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "expectations.md"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SHOWN = {int(number): NAMED.findall(shown) for number, _, shown in ROW.findall(PAGE.read_text(encoding="utf-8"))}


@lru_cache
def collected(path: str) -> dict[str, ast.AST]:
    """Give the tests of a module by name."""
    file = ROOT / path
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.exists() else []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {one.name: one for one in body if isinstance(one, kinds) and one.name.startswith("test_")}


def presses_keys(test: ast.AST) -> bool:
    """Whether a test awaits ``press`` or ``click`` of a pilot, which only a running app has."""
    calls = [one.value for one in ast.walk(test) if isinstance(one, ast.Await) and isinstance(one.value, ast.Call)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr in ("press", "click") for call in calls)


def test_every_expectation_has_a_row() -> None:
    assert list(SHOWN) == list(range(1, 26))


def test_every_test_named_outside_the_rows_exists() -> None:
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert [f"{path}::{name}" for path, name in named if name not in collected(path)] == []


@pytest.mark.parametrize("number", range(1, 26))
def test_every_named_test_exists_and_one_presses_keys(number: int) -> None:
    named = SHOWN.get(number, [])
    missing = [f"{path}::{name}" for path, name in named if name not in collected(path)]
    assert missing == []
    assert any(presses_keys(collected(path)[name]) for path, name in named), "no test that presses keys"
