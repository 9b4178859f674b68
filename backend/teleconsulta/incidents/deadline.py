"""Until when the authority is to be told: three working days after the clinic knew (ANPD Resolution 15/2024, art. 6).

Only holidays of the whole country, set by law, are left out: a day off of one town or by custom (Carnival, Corpus
Christi) is counted, so that the time shown is never too long.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKING_DAYS = 3
FIXED = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)}


def due_at(known_at: datetime, zone: str) -> datetime:
    """The end of the last day, in UTC; the day of knowing itself does not count."""
    here = ZoneInfo(zone)
    day = known_at.astimezone(here).date()
    left = WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day + timedelta(days=1), time(), here).astimezone(UTC)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and day != good_friday(day.year)


def good_friday(year: int) -> date:
    """Two days before Easter (Gregorian computus, Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1) - timedelta(days=2)
