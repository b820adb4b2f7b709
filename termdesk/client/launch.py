"""Starting an engine that outlives whoever started it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence

import msgspec

from termdesk.client.discovery import DeskAddress, answers
from termdesk.config.paths import DeskPaths
from termdesk.core.model.errors import EngineUnreachable

POLL_S = 0.02
LAST_LINES = 15


class StartedEngine(msgspec.Struct, frozen=True):
    """An engine on its way. Keep it while waiting; letting it go does not stop the engine."""

    address: DeskAddress
    process: subprocess.Popen[bytes]
    log_began: int
    """Size of the desk's log when it was started."""
    paths: DeskPaths


def spawn_engine(arguments: Sequence[str], paths: DeskPaths) -> StartedEngine:
    """Start ``termdesk engine`` in a session of its own; its output goes to the desk's log.

    Returns at once; ``wait_for_engine`` waits until it answers.

    Args:
        arguments: After ``termdesk engine``, without the word itself.
        paths: Files of the desk that the arguments name.

    Raises:
        ConfigError: The desk's folder can't be made.
    """
    paths.make()
    with paths.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "termdesk", "engine", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return StartedEngine(DeskAddress(paths.desk, paths.socket), process, log.tell(), paths)


async def wait_for_engine(started: StartedEngine, within_s: float = 20.0) -> DeskAddress:
    """Wait until the engine's socket answers.

    An engine that ends because another one holds the desk is no failure: that
    one answers, or will once it has started.

    Raises:
        EngineUnreachable: The process ended or the time was over; the text
            ends with the last lines of the log.
    """
    try:
        async with asyncio.timeout(within_s):
            while not answers(started.address.socket):
                code = started.process.poll()
                if code is not None and not _is_held(started.paths) and not answers(started.address.socket):
                    raise EngineUnreachable(f"the engine ended with code {code}{_said(started)}")
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise EngineUnreachable(f"the engine did not answer within {within_s:g} s{_said(started)}") from None
    return started.address


async def start_engine(arguments: Sequence[str], paths: DeskPaths, within_s: float = 20.0) -> StartedEngine:
    """Start an engine and wait until it answers; see ``spawn_engine`` and ``wait_for_engine``."""
    started = spawn_engine(arguments, paths)
    await wait_for_engine(started, within_s)
    return started


def _is_held(paths: DeskPaths) -> bool:
    """Whether the process that the desk's lock names lives. Only looks: to try the lock could hinder an engine."""
    try:
        os.kill(int(paths.lock.read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def _said(started: StartedEngine) -> str:
    with started.paths.log.open("rb") as log:
        log.seek(started.log_began)
        lines = log.read().decode(errors="replace").splitlines()[-LAST_LINES:]
    return ":\n" + "\n".join(lines) if lines else f"; its log {started.paths.log} says nothing"
