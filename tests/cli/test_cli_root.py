from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from termdesk.__main__ import is_console
from termdesk.cli.failure import BadUsage
from termdesk.cli.root import parse_root, speed_of
from termdesk.config.launch import LaunchOptions


@pytest.mark.parametrize(
    ("words", "console"),
    [
        ([], False),
        (["--desk", "demo"], False),
        (["--replay", "a.txt", "b.txt", "--speed", "10"], False),
        (["status"], True),
        (["nonsense"], True),
        (["--help"], True),
        (["--desk", "demo", "-h"], True),
        (["--version"], True),
    ],
)
def test_only_a_command_or_a_call_for_help_loads_the_console(words: list[str], console: bool) -> None:
    assert is_console(words) is console


def test_root_options_become_launch_options() -> None:
    words = "--desk d --feed binance --symbols BTCUSDT,ETHUSDT --config c.toml --replay a b --speed max"
    assert parse_root([*words.split(), "--theme", "light", "--language", "zh", "--no-mouse"]) == LaunchOptions(
        desk="d",
        feed="binance",
        symbols=("BTCUSDT", "ETHUSDT"),
        config=Path("c.toml"),
        replay=(Path("a"), Path("b")),
        speed=0.0,
        theme="light",
        language="zh",
        mouse=False,
    )
    assert parse_root([]) == LaunchOptions()


@pytest.mark.parametrize(
    "words", [["--bogus"], ["--desk"], ["--desk", "x", "status"], ["--speed", "-1"], ["--des", "x"]]
)
def test_a_wrong_root_option_is_bad_usage(words: list[str]) -> None:
    with pytest.raises(BadUsage):
        parse_root(words)


@pytest.mark.parametrize(("text", "speed"), [("1", 1.0), ("10x", 10.0), ("0.5", 0.5), ("max", 0.0)])
def test_a_speed_is_a_number_or_max(text: str, speed: float) -> None:
    assert speed_of(text) == speed


def test_launch_options_survive_the_command_line_of_the_engine() -> None:
    options = LaunchOptions(feed="binance", symbols=("A.B", "C.D"), replay=(Path("/r/a"),), speed=0.0)
    words = options.engine_arguments("d")
    assert words == [
        "--desk",
        "d",
        "--screen-started",
        "--feed",
        "binance",
        "--symbols",
        "A.B,C.D",
        "--replay",
        "/r/a",
        "--speed",
        "max",
    ]


def test_reading_the_root_options_loads_neither_typer_nor_websockets_nor_rich() -> None:
    code = (
        "import sys; from termdesk.__main__ import is_console; from termdesk.cli.root import parse_root;"
        "parse_root(['--desk', 'x']); print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"typer", "websockets", "rich", "textual", "asyncio", "lark", "sqlite3"} & set(loaded)


def test_bad_usage_of_the_bare_command_ends_with_2_and_one_line() -> None:
    done = subprocess.run([sys.executable, "-m", "termdesk", "--bogus"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("termdesk: ")
    assert done.stderr.count("\n") == 1


def test_interrupt_ends_quietly_with_130(tmp_path: Path) -> None:
    code = (
        "import sys, time; from termdesk.cli.failure import guarded\n"
        "def work():\n print('up', flush=True); time.sleep(30)\n"
        "sys.exit(guarded(work))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"")


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = (
        "import sys; from termdesk.cli.failure import guarded; from termdesk.cli.output import print_line\n"
        "def work():\n"
        " for n in range(100000): print_line('x' * 80)\n"
        " return 0\n"
        "sys.exit(guarded(work))"
    )
    done = subprocess.run(
        f'{sys.executable} -c "$CODE" | head -1',
        shell=True,
        env={"CODE": code, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
