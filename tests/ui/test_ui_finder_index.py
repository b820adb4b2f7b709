"""Finding instruments by code, name and initials."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk_cases import BITCOIN, MOUTAI
from msgspec.structs import replace

from termdesk.core.model.errors import ConfigError
from termdesk.core.model.instrument import Instrument
from termdesk.ui.finder.index import Index
from termdesk.ui.finder.initials import Spelling, read_words


def listed(code: str, name: str) -> Instrument:
    return replace(MOUTAI, id=f"{code}.DEMO", name=name, name_zh=name)


PINGAN = listed("000001", "平安银行")
CHANGCHENG = listed("601633", "长城汽车")
CHONGQING = listed("600877", "重庆啤酒")
LESHI = listed("300104", "乐视网")
ALL = (MOUTAI, BITCOIN, PINGAN, CHANGCHENG, CHONGQING, LESHI)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(ALL, Spelling.read())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("payh", PINGAN), ("PAYH", PINGAN), ("pa", PINGAN), ("payx", PINGAN), ("ayh", PINGAN), ("平安", PINGAN),
        ("银行", PINGAN), ("000001", PINGAN), ("0000", PINGAN), ("gzmt", MOUTAI), ("moutai", MOUTAI), ("519", MOUTAI),
        ("ccqc", CHANGCHENG), ("zcqc", CHANGCHENG), ("cqpj", CHONGQING), ("lsw", LESHI), ("ysw", LESHI),
        ("btc", BITCOIN), ("btcusdt.demo", BITCOIN), ("bitcoin / te", BITCOIN),
    ],
)  # fmt: skip
def test_code_name_and_initials_of_all_readings_find_it(index: Index, query: str, found: Instrument) -> None:
    assert index.find(query)[0] is found


def test_nothing_typed_lists_everything_in_order(index: Index) -> None:
    assert tuple(index.find("")) == ALL
    assert index.find("zzzz") == []


def test_the_usual_reading_comes_before_a_rare_one() -> None:
    rare, usual = listed("000002", "平安行远"), listed("000003", "平安亚行")
    assert Spelling.read().spell("平安银行")[3][0] == "h"
    assert Spelling({}).spell("行")[0][0] == "x"
    index = Index((rare, usual), Spelling({"亚行": "yh"}))
    assert index.find("payh")[0] is usual


def test_own_words_win_over_the_shipped_ones(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    (folder / "heteronyms.toml").write_text('"长城" = "zc"\n', encoding="utf-8")
    assert [letters[0] for letters in Spelling.read().spell("长城汽车")] == list("zcqc")


def test_wrong_table_says_the_word_and_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "heteronyms.toml"
    path.write_text('"长城" = "c"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="长城: expected 2 lower-case letters"):
        read_words(path)


def test_a_key_is_answered_among_six_thousand_names_before_it_is_felt() -> None:
    index = Index([listed(f"{i:06d}", "平安银行重庆长城"[i % 5 :] + "股份") for i in range(6000)], Spelling.read())
    began = time.process_time()
    index.find("cqgf")
    assert time.process_time() - began < 0.15


def test_no_dictionary_is_imported() -> None:
    code = (
        "import sys; from termdesk.ui.finder.initials import Spelling; import termdesk.ui.app; "
        "assert Spelling.read().spell('平安银行'); assert 'pypinyin' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
