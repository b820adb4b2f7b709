from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.model.errors import Refused
from termdesk.core.wire import topic_names as t
from termdesk.core.wire.stamps import stamp_ns, stamp_text

NAMES = st.from_regex(r"[A-Z0-9]{1,6}(\.[A-Z]{1,3})?\.[A-Z_]{1,12}", fullmatch=True)
TOPICS = st.one_of(
    st.builds(t.QuoteTopic, NAMES),
    st.builds(t.BookTopic, NAMES, st.integers(1, t.MAX_DEPTH)),
    st.builds(t.TapeTopic, NAMES),
    st.builds(t.VolumeTopic, NAMES),
    st.builds(t.BarsTopic, NAMES, st.sampled_from(sorted(t.INTERVALS))),
    st.builds(t.StudyTopic, NAMES, st.sampled_from(sorted(t.INTERVALS)), st.sampled_from(t.STUDIES)),
    st.builds(t.AccountTopic, NAMES),
    st.builds(t.QueueTopic, NAMES),
    st.just(t.HealthTopic()),
    st.just(t.LinksTopic()),
    st.just(t.WorkspacesTopic()),
)


@given(TOPICS)
def test_topics_survive_their_names(topic: t.Topic) -> None:
    assert t.parse_topic(str(topic)) == topic


def test_a_book_without_depth_has_ten_levels() -> None:
    assert t.parse_topic("book/BRK.B.NYSE") == t.BookTopic("BRK.B.NYSE", 10)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "quote",
        "quote/",
        "quote/A.B/1m",
        "quote/A.B?depth=3",
        "bars/A.B",
        "bars/A.B/7m",
        "study/A.B/1m/none",
        "engine/wealth",
        "view/nothing",
        "view/links/A",
        "engine/health?x",
        "book/A.B?levels=3",
    ],
)
def test_an_unknown_topic_is_refused_by_name(name: str) -> None:
    with pytest.raises(Refused) as refused:
        t.parse_topic(name)
    assert (refused.value.code, refused.value.params) == ("topic.unknown", {"topic": name})


@pytest.mark.parametrize("depth", ["0", "101", "-1", "ten", "", "1.5", "１"])
def test_a_depth_out_of_range_is_refused_with_the_range(depth: str) -> None:
    with pytest.raises(Refused) as refused:
        t.parse_topic(f"book/A.B?depth={depth}")
    assert (refused.value.code, refused.value.params) == ("topic.depth", {"depth": depth, "max": "100"})


@given(st.text(max_size=30))
def test_any_text_is_a_topic_or_refused(name: str) -> None:
    try:
        topic = t.parse_topic(name)
    except Refused:
        return
    assert t.parse_topic(str(topic)) == topic


@given(st.integers(-(2**63), 2**63 - 1))
def test_times_survive_their_text(ns: int) -> None:
    assert stamp_ns(stamp_text(ns)) == ns


@pytest.mark.parametrize("text", ["2026-01-31", "2026-01-31T09:30:00+08:00", "2026-13-31T09:30:00Z", "now", ""])
def test_another_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a time|month must be"):
        stamp_ns(text)


def test_a_time_may_have_fewer_decimals() -> None:
    assert stamp_ns("1970-01-01T00:00:01.5Z") == 1_500_000_000
