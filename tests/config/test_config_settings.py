"""Configuration files: what is right is merged, what is wrong is named."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.config.docs import field_docs
from termdesk.config.example import render_example
from termdesk.config.load import load_settings, settings_files
from termdesk.config.names import NAME_RULE
from termdesk.config.position import line_of
from termdesk.config.schema import json_schema
from termdesk.config.settings import AccountSettings, Section, Settings
from termdesk.core.model.errors import ConfigError
from termdesk.core.model.terms import AccountKind

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def written(tmp_path: Path, text: str, name: str = "config.toml") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings([written(tmp_path, text)])
    return str(caught.value).replace(f"{tmp_path}/", "")


def keys_of(table: dict[str, object], outer: str = "") -> set[str]:
    found = set()
    for key, value in table.items():
        found |= keys_of(value, f"{outer}{key}.") if isinstance(value, dict) and value else {f"{outer}{key}"}
    return found


def test_nothing_configured_gives_two_paper_accounts() -> None:
    accounts = load_settings().accounts
    money = {"CNY": Decimal(1_000_000), "USDT": Decimal(100_000)}
    assert accounts == {
        "cash": AccountSettings(kind=AccountKind.CASH, deposits=money),
        "margin": AccountSettings(kind=AccountKind.MARGIN, deposits=money),
    }


def test_later_files_win_key_by_key_and_options_win_over_files(tmp_path: Path) -> None:
    user = written(tmp_path, '[screen]\nfps = 20\nlanguage = "zh"\n[feed]\nname = "a"\n', "user.toml")
    named = written(tmp_path, "[screen]\nfps = 25\n", "named.toml")
    settings = load_settings([user, named], {"feed.name": "b", "feed.symbols": ["X.Y"]})
    assert (settings.screen.fps, settings.screen.language) == (25, "zh")
    assert (settings.feed.name, settings.feed.symbols) == ("b", ("X.Y",))


def test_naming_an_account_replaces_the_default_ones(tmp_path: Path) -> None:
    first = written(tmp_path, "[accounts.mine]\ndeposits.CNY = 10\n", "1.toml")
    second = written(tmp_path, '[accounts.mine]\ndeposits.USDT = 1.5\n[accounts.other]\nkind = "margin"\n', "2.toml")
    accounts = load_settings([first, second]).accounts
    assert list(accounts) == ["mine", "other"]
    assert accounts["mine"].deposits == {"CNY": Decimal(10), "USDT": Decimal("1.5")}


def test_action_ids_need_no_quotes(tmp_path: Path) -> None:
    file = written(tmp_path, '[keys.overrides]\norder.send = "f9"\n"order.drop" = "f10"\n')
    assert load_settings([file]).keys.overrides == {"order.send": "f9", "order.drop": "f10"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[scren]\n", "config.toml:1: scren: unknown key; did you mean screen?"),
        ('\n[screen]\nlangage = "en"\n', "config.toml:3: screen.langage: unknown key; did you mean language?"),
        (
            "[limits]\nx = 1\n",
            "config.toml:2: limits.x: unknown key; known keys here are stale_link_ms, orders, segments",
        ),
        ("feed = 1\n", "config.toml:1: feed: expected a table, was 1"),
        ("[screen]\nfps = true\n", "config.toml:2: screen.fps: expected a whole number from 1 to 120, was true"),
        ("[screen]\nfps = 121\n", "config.toml:2: screen.fps: expected a whole number from 1 to 120, was 121"),
        ("[limits]\nstale_link_ms = 0\n", "config.toml:2: limits.stale_link_ms: expected a whole number from 1, was 0"),
        ("screen.mouse = 'yes'\n", "config.toml:1: screen.mouse: expected true or false, was 'yes'"),
        ("[screen]\ntheme = {}\n", "config.toml:2: screen.theme: expected text in quotes, was a table"),
        ("[screen]\nlanguage = 'fr'\n", "config.toml:2: screen.language: expected one of auto, en, zh, was 'fr'"),
        ("[feed]\nsymbols = [1]\n", "config.toml:2: feed.symbols: expected a list of texts, was [1]"),
        (
            "[ladder]\ncolumns = ['buys', 'nope']\n",
            "config.toml:2: ladder.columns: expected a list, each one of buys, bid, price, last, ask, sells, volume, "
            "traded, flow, pnl, note, was ['buys', 'nope']",
        ),
        ("[accounts.A]\n", f"config.toml:1: accounts.A: expected a name of {NAME_RULE}, was 'A'"),
        ("[desk]\nname = '..'\n", f"config.toml:2: desk.name: expected a name of {NAME_RULE}, was '..'"),
        ("[accounts.a]\nkind = 'x'\n", "config.toml:2: accounts.a.kind: expected one of cash, margin, was 'x'"),
        (
            "[accounts.a]\ndeposits = { usd = 1 }\n",
            "config.toml:2: accounts.a.deposits.usd: expected a currency code such as CNY, was 'usd'",
        ),
        ("[accounts.a]\ndeposits.CNY = 'x'\n", "config.toml:2: accounts.a.deposits.CNY: expected a number, was 'x'"),
        (
            "[accounts.a]\ndeposits.CNY = 0\n",
            "config.toml:1: accounts.a: a deposit of CNY must be above 0 and at most 100000000000000, was 0",
        ),
        (
            "[accounts.a]\ndeposits.CNY = nan\n",
            "config.toml:1: accounts.a: a deposit of CNY must be above 0 and at most 100000000000000, was NaN",
        ),
        (
            "[keys.overrides]\norder.send = 3\n",
            "config.toml:2: keys.overrides.order.send: expected text in quotes, was 3",
        ),
        ("[desk\n", "config.toml: is not TOML: Expected ']' at the end of a table declaration (at line 1, column 6)"),
    ],
)
def test_a_mistake_names_file_line_key_and_what_was_expected(tmp_path: Path, text: str, error: str) -> None:
    assert refusal(tmp_path, text) == error


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[screen]\nfps = 0\nmouse = 1\n[nope]\n").count("\n") == 2


def test_the_file_at_fault_is_named_not_the_one_that_overrides_it(tmp_path: Path) -> None:
    wrong, right = written(tmp_path, "screen.fps = 0", "wrong.toml"), written(tmp_path, "screen.fps = 1", "right.toml")
    with pytest.raises(ConfigError, match=r"wrong\.toml:1"):
        load_settings([wrong, right])


def test_a_wrong_option_names_the_command_line() -> None:
    with pytest.raises(ConfigError, match=r"^command line: feed\.nam: unknown key; did you mean name\?$"):
        load_settings([], {"feed.nam": "x"})


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: can't be read: No such file"):
        load_settings([tmp_path / "gone.toml"])
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"a = '\xff'")
    with pytest.raises(ConfigError, match=r"is not UTF-8 text, byte 5 is 0xff"):
        load_settings([binary])


def test_the_users_file_comes_first_if_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    named = tmp_path / "named.toml"
    assert settings_files() == []
    assert settings_files(named) == [named]
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("")
    assert settings_files(named) == [tmp_path / "config" / "config.toml", named]


NAMES = st.sampled_from(["desk", "accounts", "screen", "keys", "overrides", "fps", "a", "deposits", "CNY", "name"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(NAMES, inner)
)


@given(VALUES)
def test_any_table_is_taken_or_refused_with_a_configuration_error(value: object) -> None:
    with contextlib.suppress(ConfigError):
        assert load_settings([], {"accounts": value, "keys": value, "screen": value}) is not None


def test_the_example_in_the_repository_is_the_rendering() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == render_example()


def test_the_example_lists_every_key_with_its_default() -> None:
    assert load_settings([EXAMPLE]) == Settings()
    defaults = msgspec.json.decode(msgspec.json.encode(Settings()))
    assert keys_of(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))) == keys_of(defaults)


def test_every_field_is_documented_and_described_in_the_schema() -> None:
    definitions = json_schema()["$defs"]
    for section in Section.__subclasses__():
        assert list(field_docs(section)) == list(section.__struct_fields__)
        described = definitions[section.__name__]["properties"]
        assert all(described[key]["description"] == text for key, text in field_docs(section).items())
        assert definitions[section.__name__]["additionalProperties"] is False


def test_the_line_of_a_key_is_found_through_tables_and_quotes() -> None:
    text = 'a = 1\n[b]\n# b.c = 2\n"c" = 2\nd.e = 3\n[b.f . g]\nh = { i = 1 }\n[[j]]\nk = 1\n'
    found = {key: line_of(text, key) for key in ("a", "b", "b.c", "b.d.e", "b.f.g", "b.f.g.h.i", "j.k", "z")}
    assert found == {"a": 1, "b": 2, "b.c": 4, "b.d.e": 5, "b.f.g": 6, "b.f.g.h.i": 7, "j.k": 9, "z": None}


def test_what_is_right_is_not_searched_for_mistakes(tmp_path: Path) -> None:
    file = written(tmp_path, "[screen]\nfps = 20\n")
    code = (
        "import sys; from pathlib import Path; from termdesk.config.load import load_settings; "
        f"assert load_settings([Path({str(file)!r})]).screen.fps == 20; "
        "assert 'termdesk.config.check' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("presets", ["[0]", "[-1]", "[1, 99999999999999999999]"])
def test_a_preset_that_is_no_quantity_is_refused(tmp_path: Path, presets: str) -> None:
    for line in (f"presets = {presets}", f'instrument_presets = {{ "600519.SSE" = {presets} }}'):
        file = tmp_path / "config.toml"
        file.write_text(f"[orders]\n{line}\n")
        with pytest.raises(ConfigError, match="a preset must be above 0"):
            load_settings([file])
