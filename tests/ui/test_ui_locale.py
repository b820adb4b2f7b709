"""The catalogues are complete, equal in their placeholders, and cover every code and every key in use."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import termdesk.ui
from termdesk.core.model import facts, terms
from termdesk.core.model.codes import CODES, QUANTITIES, is_quantity
from termdesk.ui.lines.words import KEYS
from termdesk.ui.locale import LANGUAGES, catalogue, chosen_language, sentence

UI = Path(termdesk.ui.__file__).parent

LEFT_OUT: dict[str, set[str]] = {}
"""Parameters that a sentence knowingly does not show."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence_with_its_parameters(language: str, code: str) -> None:
    text = catalogue(language).texts[f"code.{code}"]
    assert placeholders(text) == set(CODES[code]) - LEFT_OUT.get(code, set())


def test_no_sentence_is_left_over() -> None:
    assert {key.removeprefix("code.") for key in catalogue("en").texts if key.startswith("code.")} == set(CODES)


def test_catalogues_have_the_same_keys_and_placeholders() -> None:
    english, chinese = catalogue("en").texts, catalogue("zh").texts
    assert english.keys() == chinese.keys()
    assert [k for k in english if placeholders(english[k]) != placeholders(chinese[k])] == []
    assert [k for k in english if not english[k].strip() or not chinese[k].strip()] == []


def test_every_fact_and_every_word_of_the_vocabulary_is_translated() -> None:
    texts = catalogue("en").texts
    for fact in facts.Fact.__args__:
        assert f"fact.{msgspec.inspect.type_info(fact).tag.partition('.')[0]}" in texts
    sections = {
        "status": terms.OrdStatus,
        "side": terms.Side,
        "ord_type": terms.OrdType,
        "phase": terms.Phase,
        "mode": terms.Mode,
        "link": terms.Link,
    }
    for section, enum in sections.items():
        assert [m.value for m in enum if f"{section}.{m.value}" not in texts] == []


def keys_in_use() -> set[str]:
    """Literal first arguments of every ``tr(...)`` in the screen."""
    keys = set()
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "tr" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    keys.add(first.value)
    return keys


def test_every_key_in_use_exists() -> None:
    assert keys_in_use() - catalogue("en").texts.keys() == set()


def test_no_text_of_the_screen_is_unused() -> None:
    named = {key for key in catalogue("en").texts if key.partition(".")[0] in {"ui", "ticket", "news", "dialog"}}
    assert named - keys_in_use() == set()


def test_painters_find_every_word() -> None:
    assert KEYS - catalogue("en").texts.keys() == set()
    painted = {key.partition(".")[0] for key in KEYS} - {"status"}
    assert {key for key in catalogue("en").texts if key.partition(".")[0] in painted} - KEYS == set()


def test_sentence_translates_words_inside() -> None:
    params = {"instrument": "600519.SSE", "phase": "break"}
    assert sentence("risk.phase", params, "zh") == "600519.SSE 处于午间休市阶段，暂不接受委托"


@pytest.mark.parametrize(
    ("code", "params", "said"),
    [
        ("wait.queue", {"ahead": "0.09167000", "price": "61000.10"}, "waits for 0.09167 ahead of it at 61000.10"),
        ("queue.back", {"ahead": "1.00", "level": "20.50"}, "queues behind 1 of 20.5 at this price"),
        (
            "fill.queue",
            {"ahead": "0.00", "traded": "1.50", "filled": "0.10"},
            "queue ahead 0 → traded 1.5 → filled 0.1",
        ),
        ("fill.own", {"order_id": "1.10", "price": "7.00", "filled": "100"}, "met own order 1.10 at 7.00 → filled 100"),
        ("number.invalid", {"value": "1.50"}, "1.50 is no number"),
        ("venue.said", {"text": "1.50"}, "the venue: 1.50"),
        ("recon.position", {"venue": "2.0", "known": "1.50"}, "the venue holds 2, 1.5 was booked: taken over as the"),
    ],
)
def test_quantities_lose_needless_zeros_and_prices_none(code: str, params: dict[str, str], said: str) -> None:
    assert sentence(code, params).startswith(said)


def test_every_quantity_is_a_parameter_of_some_code() -> None:
    named = {(code, name) for code, names in CODES.items() for name in names if is_quantity(code, name)}
    assert {name for _, name in named} - {"level"} == QUANTITIES
    assert [code for code, name in named if name == "level"] == ["queue.back"]


def test_unknown_code_and_missing_parameter_are_shown_not_raised() -> None:
    assert sentence("newer.code", {"a": "1"}) == "newer.code a=1"
    assert "?" in sentence("risk.lot", {"qty": "5"})


def test_braces_in_a_value_stay_text() -> None:
    assert "{lot}" in sentence("symbol.unknown", {"symbol": "{lot}", "nearest": ""})


def test_language_follows_the_locale_unless_set() -> None:
    assert chosen_language("auto", {"LANG": "zh_CN.UTF-8"}) == "zh"
    assert chosen_language("auto", {"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}) == "en"
    assert chosen_language("auto", {}) == "en"
    assert chosen_language("zh", {"LANG": "de_DE"}) == "zh"


def test_unknown_language_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="en, zh"):
        catalogue("fr")


def test_locale_does_not_load_the_screen() -> None:
    code = "import termdesk.ui.locale, sys; print([m for m in sys.modules if m.startswith(('textual', 'rich'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
