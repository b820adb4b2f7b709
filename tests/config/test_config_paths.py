"""Places of desks: names, folders, sockets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.config import paths
from termdesk.config.names import check_name, is_name
from termdesk.config.paths import SOCKET_BYTES, DeskPaths, Places, list_desks, new_run, places
from termdesk.core.model.errors import ConfigError

NAMES = st.from_regex(r"[a-z0-9_-]{1,32}", fullmatch=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    return tmp_path


def test_home_variable_holds_every_place(home: Path) -> None:
    desk = DeskPaths.of("demo")
    assert places() == Places(home / "config", home / "state", home / "runtime")
    assert desk.folder == home / "state" / "desks" / "demo"
    assert {desk.journal.parent, desk.lock.parent, desk.log.parent} == {desk.folder}


def test_without_home_variable_the_platform_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERMDESK_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    roots = places()
    assert all(root.is_relative_to(tmp_path) for root in (roots.config, roots.state, roots.runtime))
    assert roots.config_file.name == "config.toml"


def test_asking_for_paths_makes_nothing(home: Path) -> None:
    DeskPaths.of("demo")
    list_desks()
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["", "Demo", "a b", "a/b", "..", "ä", "a" * 33, "demo\n", "买"])
def test_a_wrong_name_is_refused_with_the_rule(name: str) -> None:
    with pytest.raises(ConfigError, match=r"desk name .*: expected 1 to 32 characters out of a-z, 0-9, _ and -"):
        DeskPaths.of(name)


@given(NAMES)
def test_a_name_that_follows_the_rule_is_given_back(name: str) -> None:
    assert is_name(name)
    assert check_name(name, "desk") == name


@given(NAMES, st.integers(0, 200), st.integers(0, 60))
def test_a_socket_path_always_fits(name: str, root: int, tmp: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.gettempdir", lambda: "/" + "t" * tmp)
        roots = Places(Path("/c"), Path("/s"), Path("/" + "长" * root))
        assert len(os.fsencode(DeskPaths.of(name, roots).socket)) < SOCKET_BYTES


def test_long_roots_give_sockets_of_their_own() -> None:
    deep = [Places(Path("/c"), Path("/s"), Path("/" + letter * 120)) for letter in "ab"]
    sockets = {DeskPaths.of(desk, roots).socket for roots in deep for desk in ("demo", "paper")}
    assert len(sockets) == 4


def test_make_gives_folders_that_only_the_user_may_enter(home: Path) -> None:
    desk = DeskPaths.of("demo")
    desk.folder.mkdir(parents=True, mode=0o755)
    desk.make()
    desk.make()
    assert [stat.S_IMODE(f.stat().st_mode) for f in (desk.folder, desk.socket.parent)] == [0o700, 0o700]


def test_a_folder_that_is_a_link_elsewhere_is_refused(home: Path) -> None:
    desk = DeskPaths.of("demo")
    (home / "elsewhere").mkdir()
    (home / "runtime").symlink_to(home / "elsewhere")
    with pytest.raises(ConfigError, match="is not yours"):
        desk.make()


def test_a_folder_that_can_not_be_made_is_named(home: Path) -> None:
    (home / "state").write_text("")
    with pytest.raises(ConfigError, match="desks/demo can't be made"):
        DeskPaths.of("demo").make()


def test_desks_are_listed_before_runs_and_strange_folders_left_out(home: Path) -> None:
    for desk in ("paper", "demo"):
        DeskPaths.of(desk).make()
    run = new_run(1_700_000_000 * 10**9)
    (home / "state" / "desks" / "Not a desk").mkdir()
    (home / "state" / "desks" / "file").write_text("")
    assert [desk.desk for desk in list_desks()] == ["demo", "paper", run.desk]


def test_each_replay_gets_a_run_of_its_own(home: Path) -> None:
    first, second = new_run(1_700_000_000 * 10**9), new_run(1_700_000_000 * 10**9)
    assert (first.desk, second.desk) == ("replay-20231114-221320", "replay-20231114-221320-2")
    assert first.is_run
    assert first.folder == home / "state" / "runs" / first.desk
    assert DeskPaths.of(first.desk) == first
    assert not DeskPaths.of("replay").is_run


def test_too_many_runs_in_one_second_are_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "RUNS_PER_SECOND", 2)
    for _ in range(2):
        new_run(0)
    with pytest.raises(ConfigError, match="no free name"):
        new_run(0)
