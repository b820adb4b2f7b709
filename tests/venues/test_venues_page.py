"""The page about venues is what the books say."""

from __future__ import annotations

from pathlib import Path

from termdesk.core.venues.page import venues_markdown
from termdesk.core.venues.rulebook import rule_books

PAGE = Path(__file__).parents[2] / "docs/venues.md"


def test_the_page_in_the_repository_is_generated() -> None:
    assert PAGE.read_text(encoding="utf-8") == venues_markdown()


def test_every_row_of_every_book_is_on_the_page() -> None:
    text = venues_markdown()
    for segment, book in rule_books().items():
        assert segment in text
        for row in (*book.sessions, *book.limits, *book.charges, *book.commissions):
            assert row.source.replace("|", "/") in text


def test_what_is_not_known_is_said() -> None:
    text = venues_markdown()
    assert "- rate of exchange_fee from always: ag," in text
    assert "- daily limits: fund, share" in text
