"""Write the holiday files of ``termdesk/core/venues/data/holidays`` from ``exchange_calendars``.

Run by hand when the exchanges have announced another year:

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
FOLDER = Path(__file__).parents[1] / "termdesk/core/venues/data/holidays"
CALENDARS = {"sse": ("XSHG", "Shanghai", None), "us": ("XNYS", "New York", 2028)}
"""File, calendar, place, and the last year that the exchange has announced where the calendar goes beyond it."""


def closed_weekdays(calendar: str, first: date, last: date) -> list[date]:
    """Weekdays from ``first`` to ``last`` without a session."""
    known = exchange_calendars.get_calendar(calendar, start=first.isoformat(), end=last.isoformat())
    sessions = {stamp.date() for stamp in known.sessions}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in sessions]


def early_closes(calendar: str, first: date, last: date) -> list[date]:
    """Days that close early."""
    known = exchange_calendars.get_calendar(calendar, start=first.isoformat(), end=last.isoformat())
    return [stamp.date() for stamp in known.early_closes]


def last_whole_year(calendar: str) -> int:
    """The last year that the calendar knows to its end."""
    bound = exchange_calendars.get_calendar(calendar).bound_max().date()
    return bound.year if (bound.month, bound.day) == (12, 31) else bound.year - 1


def render(calendar: str, place: str, last: int) -> str:
    """The data file's text."""
    first_day, last_day = date(FIRST_YEAR, 1, 1), date(last, 12, 31)
    lines = [
        f"# Weekdays without a session in {place}. Made by scripts/generate_holidays.py.",
        f'source = "exchange_calendars {exchange_calendars.__version__}, {calendar}"',
        f'first_day = "{first_day}"',
        f'last_day = "{last_day}"',
    ]
    early = early_closes(calendar, first_day, last_day)
    for name, days in (("closed", closed_weekdays(calendar, first_day, last_day)), ("early", early)):
        if days:
            lines += [f"{name} = [", *(f'    "{day}",' for day in days), "]"]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, (calendar, place, announced) in CALENDARS.items():
        final_year = announced or last_whole_year(calendar)
        (FOLDER / f"{name}.toml").write_text(render(calendar, place, final_year))
        print(f"{name}: {FIRST_YEAR}-{final_year}")
