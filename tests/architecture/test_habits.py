"""Habits of the code base, held by checks rather than by memory."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import termdesk
from termdesk.core.model.codes import CODES

ROOT = Path(termdesk.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "base"}
SUBJECTS = (
    "number|text|symbol|risk|command|desk|queue|fill|wait|end|reduce|venue|feed|condition|topic|wire|broker|recon"
    "|bracket|entry|fit|group|held"
)
CODE = re.compile(rf"^({SUBJECTS})\.[a-z_]+$")


def strings_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_has_a_docstring_a_telling_name_and_one_subject(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no module docstring"
    assert path.stem not in BANNED_NAMES
    assert text.count("\n") <= 400, "a file past 400 lines usually holds two subjects"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_code_leaves_no_notes_to_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)


def test_every_code_in_use_is_registered_and_every_registered_code_is_used() -> None:
    used: set[str] = set()
    for path in MODULES:
        if path.name == "codes.py":
            continue
        used |= {value for value in strings_of(path) if CODE.match(value)}
    other_names = strings_of(ROOT / "ui" / "actions.py")
    for path in (ROOT / "config").rglob("*.py"):
        other_names |= strings_of(path)
    assert used - other_names - set(CODES) == set()
    assert set(CODES) - used == set()


def test_parameters_are_plain_names() -> None:
    for code, params in CODES.items():
        assert all(set(name) <= set(string.ascii_lowercase + "_") for name in params), code


def test_nothing_names_a_machine_or_a_registry() -> None:
    repo = ROOT.parent
    texts = [*MODULES, *repo.glob("*.md"), *repo.glob("*.toml"), *(repo / "docs").rglob("*.md")]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|work)/[a-z]", text), path
        assert "pypi.org" not in text, path
