"""Keywords of the order language: each terminal with its words, the English one that ``render`` writes first."""

from __future__ import annotations

import re
from typing import Final

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "BUY": ("buy", "买入", "买"),
    "SELL": ("sell", "卖出", "卖"),
    "CANCEL": ("cancel", "撤单", "撤"),
    "ALL": ("all", "全部", "所有"),
    "AMEND": ("amend", "改单", "改"),
    "AMOUNT": ("qty", "数量"),
    "MARKET": ("market", "市价"),
    "MTL": ("mtl", "市转限"),
    "STOP": ("stop", "止损"),
    "TOUCH": ("touch", "触价"),
    "TRAIL": ("trail", "跟踪"),
    "FROM": ("from", "自"),
    "LIMIT": ("limit", "限价距"),
    "BY": ("by", "按"),
    "LAST2": ("last2", "连续两笔"),
    "LAST": ("last", "最新价"),
    "BIDASK": ("bidask", "盘口"),
    "MID": ("mid", "中间价"),
    "GTC": ("gtc", "长期有效"),
    "DAY": ("day", "当日有效"),
    "IOC": ("ioc", "即成剩撤"),
    "FOK": ("fok", "全成或撤"),
    "GTD": ("gtd", "有效至"),
    "ATOPEN": ("at-open", "开盘竞价"),
    "ATCLOSE": ("at-close", "收盘竞价"),
    "POST": ("post", "只挂单"),
    "REDUCE": ("reduce", "只减仓"),
    "OPEN": ("open", "开仓"),
    "CLOSE": ("close", "平仓"),
    "SHOW": ("show", "显示"),
    "SL": ("sl", "止损价"),
    "TP": ("tp", "止盈价"),
    "OTO": ("oto", "放出"),
    "FULL": ("full", "全部成交后"),
    "PARTIAL": ("partial", "随成交"),
    "OCO": ("oco", "二选一"),
    "OUO": ("ouo", "互减"),
    "TRIGGER": ("trigger", "触发价"),
    "ACCOUNT": ("account", "账户"),
    "ALERT": ("alert", "预警"),
    "DISARM": ("disarm", "撤预警"),
    "ABOVE": (">=", "≥", "不低于"),
    "BELOW": ("<=", "≤", "不高于"),
}

PLACEHOLDERS: Final[dict[str, str]] = {
    "QTY": "QTY",
    "PRICE": "PRICE",
    "DISTANCE": "DISTANCE",
    "MOMENT": "DATE",
    "SYMBOL": "SYMBOL",
    "ID": "ID",
    "NAME": "NAME",
    "ANY": "*",
    "AT": "@",
    "$END": "⏎",
}
"""How terminals that are no keywords are called in errors; the ones left out are never named."""


_CHINESE: Final[dict[str, str]] = {
    "QTY": "数量",
    "PRICE": "价格",
    "DISTANCE": "距离",
    "DATE": "日期",
    "SYMBOL": "代码",
    "ID": "编号",
    "NAME": "名称",
}
"""Placeholders that are words, in Chinese."""


def in_language(word: str, language: str) -> str:
    """Give a word of ``expected_words`` as a reader of a language types it; ``en`` as it is, ``zh`` in Chinese."""
    if language != "zh":
        return word
    meant = next((words for words in WORDS.values() if words[0] == word), (word,))
    return _CHINESE.get(word) or (meant[1] if word.isascii() and word[0].isalpha() and len(meant) > 1 else word)


def expected_words(terminals: set[str]) -> tuple[str, ...]:
    """What people read for a set of terminals, keywords first, in a fixed order."""
    keywords = [words[0] for name, words in WORDS.items() if name in terminals]
    others = [word for name, word in PLACEHOLDERS.items() if name in terminals]
    return tuple(keywords + others)


def keyword_terminals() -> str:
    """Grammar lines that define the keywords.

    A Latin word ends where no further word character follows, so that the
    symbol ``BUYX`` stays a symbol; a Chinese one needs no space after it.
    """
    return "\n".join(f"{name}.2: /{_pattern(words)}/i" for name, words in WORDS.items())


def _pattern(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) + (_WORD_END if word[0].isalpha() and word.isascii() else "") for word in words)


_WORD_END = r"(?![\w.:\-])"
