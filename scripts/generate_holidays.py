"""Write ``termdesk/core/venues/data/holidays/sse.toml`` from the XSHG calendar of ``exchange_calendars``.

Run by hand when the exchange has announced another year:

    .venv/bin/python scripts/generate_holidays.py

Only weekdays without a session are listed; weekends never have one (make-up
working days of the offices are not trading days). Years are listed whole or
not at all, so that a day of an unannounced year stays unknown.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import exchange_calendars

FIRST_YEAR = 2019
TARGET = Path(__file__).parents[1] / "termdesk/core/venues/data/holidays/sse.toml"


def closed_weekdays(first: date, last: date) -> list[date]:
    """Weekdays from ``first`` to ``last`` without a session in Shanghai."""
    calendar = exchange_calendars.get_calendar("XSHG", start=first.isoformat(), end=last.isoformat())
    sessions = {stamp.date() for stamp in calendar.sessions}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in sessions]


def last_whole_year() -> int:
    """The last year that the calendar knows to its end."""
    bound = exchange_calendars.get_calendar("XSHG").bound_max().date()
    return bound.year if (bound.month, bound.day) == (12, 31) else bound.year - 1


def render(closed: list[date], last: int) -> str:
    """The data file's text."""
    lines = [
        "# Weekdays without a session in Shanghai. Made by scripts/generate_holidays.py.",
        f'source = "exchange_calendars {exchange_calendars.__version__}, XSHG"',
        f'first_day = "{FIRST_YEAR}-01-01"',
        f'last_day = "{last}-12-31"',
        "closed = [",
    ]
    for year in range(FIRST_YEAR, last + 1):
        lines.extend(f'    "{day}",' for day in closed if day.year == year)
    return "\n".join([*lines, "]", ""])


if __name__ == "__main__":
    final_year = last_whole_year()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(render(closed_weekdays(date(FIRST_YEAR, 1, 1), date(final_year, 12, 31)), final_year))
    print(f"{TARGET}: {FIRST_YEAR}-{final_year}")
