"""A calendar as iCalendar (RFC 5545): whole days, no alarm, nobody invited. The library escapes what is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from tracker.domain.calendar import Event, Feed

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Commitments Tracker//Due dates//EN"
REFRESH = timedelta(hours=6)
"""How often a calendar program is asked to look."""
UNKNOWN = datetime(2000, 1, 1, tzinfo=UTC)


def make(feed: Feed) -> bytes:
    """The calendar as a file. The same feed gives the same bytes, so that they can be compared by their digest."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", feed.name, parameters={"language": feed.language})
    calendar.add("x-wr-calname", feed.name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for event in feed.events:
        calendar.add_component(_entry(event))
    return bytes(calendar.to_ical())


def _entry(event: Event) -> Entry:
    entry = Entry()
    changed_at = (event.changed_at or UNKNOWN).astimezone(UTC).replace(microsecond=0)
    entry.add("uid", event.uid)
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.day)
    entry.add("dtend", event.day + timedelta(days=1))
    entry.add("summary", event.title)
    entry.add("description", event.url)
    entry.add("url", event.url)
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    return entry
