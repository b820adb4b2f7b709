"""``termdesk web`` in a real browser: headless Chromium, driven over its DevTools socket."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

pytest.importorskip("textual_serve", reason="the extra web is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
TERMDESK = [sys.executable, "-m", "termdesk"]
QUIET: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {**os.environ, "TERMDESK_HOME": str(tmp_path_factory.mktemp("web")), "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def engine(home: dict[str, str]) -> Iterator[None]:
    """A demo desk that runs."""
    process = subprocess.Popen([*TERMDESK, "engine"], env=home, **QUIET)
    try:
        wait_for(lambda: subprocess.run([*TERMDESK, "status"], env=home, check=False, **QUIET).returncode == 0)
        yield
    finally:
        end(process)


@pytest.fixture(scope="module")
def page(home: dict[str, str], engine: None) -> Iterator[str]:
    """Address of the served desk."""
    with served(home, "en") as address:
        yield address


@pytest.fixture(scope="module")
def chinese_page(home: dict[str, str], engine: None) -> Iterator[str]:
    """Address of the desk in Chinese."""
    with served(home, "zh") as address:
        yield address


@contextmanager
def served(home: dict[str, str], language: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*TERMDESK, "web", "--port", str(port), "--language", language], env=home, **QUIET)
    try:
        wait_for(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        end(server)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(20)


def wait_for(holds: Callable[[], object], within_s: float = 30.0) -> None:
    asyncio.run(_wait_for(holds, within_s))


async def _wait_for(holds: Callable[[], object], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 files and processes have no event
            await asyncio.sleep(0.05)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Browser:
    """One tab, and the bytes that its page's socket received."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self._asked = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.received = ""
        self.hosts: set[str] = set()

    async def listen(self) -> None:
        async for text in self._link:
            message = json.loads(text)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            elif message["method"] == "Network.webSocketFrameReceived":
                frame = message["params"]["response"]
                data = frame["payloadData"]
                is_binary = frame["opcode"] == 2
                self.received += base64.b64decode(data).decode(errors="replace") if is_binary else data
            elif message["method"] == "Network.responseReceived":
                self.hosts.add(message["params"]["response"]["url"].split("/")[2])

    async def do(self, method: str, **params: object) -> dict[str, Any]:
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        await self._link.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        found: dict[str, Any] = await asyncio.wait_for(answer, 15)
        return found["result"]

    async def value(self, expression: str) -> Any:
        return (await self.do("Runtime.evaluate", expression=expression))["result"].get("value")

    async def open(self, address: str) -> None:
        """Open a page and wait until its terminal is there."""
        await self.do("Network.enable")
        await self.do("Page.enable")
        await self.do("Page.navigate", url=address)
        await _wait_for_value(self, "document.body && document.body.classList.contains('-first-byte')")

    async def size(self, width: int, height: int) -> None:
        """Give the window another size in pixels."""
        await self.do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    async def type(self, key: str) -> None:
        await self.do("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        await self.do("Input.dispatchKeyEvent", type="keyUp", key=key)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    assert CHROMIUM is not None
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--window-size=1400,900"]
    profile = f"--user-data-dir={tmp_path}"
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *words, profile, "about:blank", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        told = tmp_path / "DevToolsActivePort"
        await _wait_for(lambda: told.exists() and told.read_text().count("\n"), 30)
        port = told.read_text().split()[0]
        listed = await asyncio.to_thread(read, f"http://127.0.0.1:{port}/json")
        tab = next(one for one in json.loads(listed) if one["type"] == "page")
        async with connect(tab["webSocketDebuggerUrl"], max_size=None) as link:
            tab_driver = Browser(link)
            listening = asyncio.create_task(tab_driver.listen())
            yield tab_driver
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
    finally:
        process.terminate()
        await process.wait()


def read(address: str, host: str = "") -> str:
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


@BROWSER
async def test_browser_shows_the_desk_and_can_only_look_on(page: str, browser: Browser, home: dict[str, str]) -> None:
    await browser.open(page)
    await _wait_for(lambda: "600519" in browser.received and "LOOKING ON" in browser.received, 40)
    assert "DEMO" in browser.received
    await _wait_for_value(browser, "document.querySelector('.xterm canvas, .xterm-rows').clientWidth > 600")
    picture = base64.b64decode((await browser.do("Page.captureScreenshot"))["data"])
    assert picture[:4] == b"\x89PNG"
    assert len(picture) > 20_000, "an empty page is a small picture"
    await browser.do("Input.dispatchMouseEvent", type="mousePressed", x=600, y=300, button="left", clickCount=1)
    await browser.do("Input.dispatchMouseEvent", type="mouseReleased", x=600, y=300, button="left", clickCount=1)
    await browser.type("X")
    await _wait_for(lambda: "only looks on" in browser.received, 20)
    status = subprocess.run([*TERMDESK, "status"], env=home, capture_output=True, text=True, check=True)  # noqa: ASYNC221
    (line,) = [line for line in status.stdout.splitlines() if "termdesk screen" in line]
    assert line.split()[-3:] == ["web", "looks", "on"], "others are told how it is attached"
    assert browser.hosts == {page.partition("//")[2]}, "nothing comes from other hosts"


@BROWSER
async def test_browser_shows_chinese_takes_keys_and_follows_its_window(chinese_page: str, browser: Browser) -> None:
    await browser.open(chinese_page)
    await _wait_for(lambda: "已连接工作台" in browser.received and "贵州茅台" in browser.received, 40)
    for width, height, words in ((500, 300, "终端太小"), (1400, 900, "委托栏")):
        browser.received = ""
        await browser.size(width, height)
        await _wait_for(lambda words=words: words in browser.received, 20)
        await _wait_for_value(browser, f"Math.abs({width} - document.querySelector('.xterm').clientWidth) < 40")
    browser.received = ""
    await browser.do("Runtime.evaluate", expression="document.querySelector('.xterm-helper-textarea').focus()")
    await browser.type("?")
    await _wait_for(lambda: "── 按键" in browser.received, 20)


async def _wait_for_value(browser: Browser, expression: str) -> None:
    async with asyncio.timeout(20):
        while not await browser.value(expression):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_other_pages_may_not_open_a_screen(page: str) -> None:
    address = page.replace("http", "ws") + "/ws"
    for origin in ("http://evil.example", None):
        with pytest.raises(InvalidStatus, match="403"):
            async with connect(address, origin=origin):  # type: ignore[arg-type]
                pass


def test_names_of_strangers_are_not_answered(page: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        read(page, host="evil.example")
    assert "termdesk" in read(page)


def test_it_listens_on_this_machine_only(page: str) -> None:
    port = int(page.rpartition(":")[2])
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no table of sockets on this system")
    listening = [line.split()[1] for line in table.read_text().splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
