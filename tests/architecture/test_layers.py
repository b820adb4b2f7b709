"""The rooms stay apart: as a graph, and in a fresh interpreter."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import termdesk

ROOT = Path(termdesk.__file__).parent
ROOMS = ("core", "config", "journal", "client", "adapters", "engine", "testing", "ui", "cli")

HEAVY = {"pandas", "numpy", "ta", "httpx"}
SCREEN = {"textual", "rich"}
IO = {"asyncio", "socket", "sqlite3", "threading", "logging", "subprocess", "websockets", "httpx"}

FORBIDDEN_AT_IMPORT = {
    "termdesk.core": HEAVY | SCREEN | {"sqlite3", "websockets", "typer", "platformdirs"},
    "termdesk.config": HEAVY | SCREEN | {"websockets", "typer"},
    "termdesk.journal": HEAVY | SCREEN | {"websockets", "typer"},
    "termdesk.client": HEAVY | SCREEN | {"typer", "sqlite3", "lark"},
    "termdesk.adapters": HEAVY | SCREEN | {"typer", "sqlite3"},
    "termdesk.engine": HEAVY | SCREEN | {"typer"},
    "termdesk.testing": HEAVY | SCREEN | {"typer"},
    "termdesk.ui": HEAVY | {"typer", "sqlite3", "websockets", "lark"},
    "termdesk.cli": HEAVY | SCREEN | {"typer", "websockets", "sqlite3", "lark"},
}


def modules_of(package: str) -> list[str]:
    folder = ROOT.joinpath(*package.split(".")[1:])
    names = [package]
    names += [info.name for info in pkgutil.walk_packages([str(folder)], prefix=package + ".")]
    return [name for name in names if not name.endswith("__main__")]


def loaded_after_importing(names: list[str]) -> set[str]:
    code = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\nprint('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_of_the_design_exists_and_no_other() -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(ROOMS)
    core = {path.name for path in (ROOT / "core").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert core == {"language", "trading", "conditions", "matching", "studies", "market", "venues", "wire", "model"}


@pytest.mark.parametrize("package", FORBIDDEN_AT_IMPORT)
def test_importing_a_whole_room_loads_nothing_it_must_not(package: str) -> None:
    names = modules_of(package)
    if package == "termdesk.cli":
        names = ["termdesk.cli", "termdesk.__main__"]
    roots = {name.partition(".")[0] for name in loaded_after_importing(names)}
    assert not roots & FORBIDDEN_AT_IMPORT[package]


def test_screen_and_client_load_no_engine_rooms() -> None:
    loaded = loaded_after_importing(modules_of("termdesk.ui") + modules_of("termdesk.client"))
    for room in ("testing", "engine", "adapters", "journal", "core.trading", "core.matching", "core.conditions"):
        assert not [name for name in loaded if name.startswith(f"termdesk.{room}")], room


def calls_of(tree: ast.AST) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


IMPURE_CALLS = {"open", "print", "input", "time.time", "time.monotonic", "datetime.now", "datetime.today", "date.today"}


@pytest.mark.parametrize("path", sorted((ROOT / "core").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_core_imports_no_io_and_reads_no_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            imported.add(node.module.partition(".")[0])
    assert not imported & (IO | HEAVY | SCREEN | {"random", "time", "uuid", "secrets", "os"})
    assert not set(calls_of(tree)) & IMPURE_CALLS


def test_only_the_engine_clock_reads_the_system_clock_in_the_engine() -> None:
    readers = set()
    for path in (ROOT / "engine").rglob("*.py"):
        calls = calls_of(ast.parse(path.read_text(encoding="utf-8")))
        if any(call in {"time.time_ns", "time.time", "time_ns"} for call in calls):
            readers.add(path.name)
    assert readers <= {"clock.py"}
