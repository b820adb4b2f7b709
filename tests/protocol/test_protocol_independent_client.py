from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from termdesk.config.paths import DeskPaths

CLIENT = Path(__file__).with_name("independent_client.py")


def test_the_independent_client_is_short_and_imports_nothing_of_termdesk() -> None:
    text = CLIENT.read_text(encoding="utf-8")
    assert text.count("\n") <= 60
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported == {"asyncio", "json", "sys", "websockets.asyncio.client"}


def test_a_program_that_knows_only_the_protocol_trades_through_the_socket(demo_engine: DeskPaths) -> None:
    status = subprocess.run(
        [sys.executable, "-m", "termdesk", "status", "--json"], capture_output=True, text=True, check=True
    )
    socket = json.loads(status.stdout)["socket"]
    assert socket == str(demo_engine.socket)
    done = subprocess.run(
        [sys.executable, str(CLIENT), socket], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["mode"] == "demo"
    assert told["resting"]["accepted"]
    assert told["again"] == told["resting"]
    assert told["canceled"]["order_id"] == told["resting"]["order_ids"][0]
    assert 0 < float(told["filled"]["qty"]) <= 0.01
    assert told["filled"]["reason"]["code"].startswith("fill.")
    assert (told["wrong"]["accepted"], told["wrong"]["code"]) == (False, "number.decimals")
    (position,) = told["positions"]
    assert (position["instrument"], position["qty"]) == ("BTCUSDT.DEMO", "0.01000")
