from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from termdesk.client import EngineClient, find, new_command_id, running, spawn_engine, start_engine, wait_for_engine
from termdesk.client.discovery import DeskAddress, answers
from termdesk.config.paths import DeskPaths
from termdesk.core.model.command import StopEngine
from termdesk.core.model.errors import EngineUnreachable


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))


def test_only_a_socket_that_someone_listens_on_is_a_running_desk() -> None:
    live, stale, gone = (DeskPaths.of(name) for name in ("live", "stale", "gone"))
    for paths in (live, stale, gone):
        paths.make()
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as dead:
        listener.bind(str(live.socket))
        listener.listen()
        dead.bind(str(stale.socket))
        dead.close()
        assert running() == [DeskAddress("live", live.socket)]
        assert find("live").socket == live.socket
        with pytest.raises(EngineUnreachable, match=r"stale does not run \(running: live\)"):
            find("stale")


async def test_an_engine_started_here_answers_lives_on_and_stops_when_told() -> None:
    paths = DeskPaths.of("demo")
    started = await start_engine(["--desk", "demo"], paths)
    assert running() == [started.address]
    client = await EngineClient.connect(started.address.socket, client="test")
    assert client.welcome.desk == "demo"
    assert (await client.do(StopEngine(command_id=new_command_id()))).accepted
    await client.wait_lost()
    await client.close()
    assert started.process.wait(10) == 0
    assert not answers(paths.socket)


async def test_a_second_engine_on_a_desk_is_no_failure_when_the_first_answers(demo_engine: DeskPaths) -> None:
    started = await start_engine(["--desk", "demo"], demo_engine)
    assert started.process.wait(10) != 0
    assert "demo" in demo_engine.log.read_text()


async def test_screens_that_start_at_the_same_moment_all_find_the_one_engine_that_came_first() -> None:
    paths = DeskPaths.of("demo")
    started = [spawn_engine(["--desk", "demo"], paths) for _ in range(3)]
    try:
        await asyncio.gather(*map(wait_for_engine, started))
        client = await EngineClient.connect(paths.socket, client="test")
        assert (await client.do(StopEngine(command_id=new_command_id()))).accepted
        await client.close()
        codes = [await asyncio.to_thread(one.process.wait, 20) for one in started]
        assert sorted(codes) == [0, 1, 1]
    finally:
        for one in started:
            one.process.kill()
            one.process.wait(20)


async def test_an_engine_that_can_not_start_says_why_with_the_last_lines_of_its_log() -> None:
    paths = DeskPaths.of("demo")
    with pytest.raises(EngineUnreachable, match=r"(?s)ended with code \d.*nothing"):
        await start_engine(["--desk", "demo", "--feed", "nothing"], paths)


async def test_an_engine_that_does_not_answer_in_time_is_told() -> None:
    started = spawn_engine(["--help"], DeskPaths.of("demo"))
    with pytest.raises(EngineUnreachable, match=r"within 0.01 s"):
        await wait_for_engine(started, within_s=0.01)
    started.process.wait(20)
