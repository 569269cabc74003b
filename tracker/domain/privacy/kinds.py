"""What the personal-data check looks for, and the shape of what it finds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum


class Suspicion(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    DOCKET = "docket"
    BIRTH_DATE = "birth_date"
    NAMED_PERSON = "named_person"
    AGE_WITH_INITIALS = "age_with_initials"
    COORDINATES = "coordinates"
    SHELTER_ADDRESS = "shelter_address"


LONGEST_EXCERPT = 60
MASK = "▮"


@dataclass(frozen=True)
class Finding:
    """Something that looks like personal data in one field.

    ``text[start:end]`` is what was found in the text as given; ``excerpt`` its beginning. ``certain``: it is an
    identifier whatever the author means by it, and cannot be explained away. What was found does not stand in the
    ``repr``: it must not reach a log.
    """

    field: str
    suspicion: Suspicion
    excerpt: str = dataclasses.field(repr=False)
    start: int = 0
    end: int = 0
    certain: bool = False

    @property
    def masked(self) -> str:
        """The first two characters and the length in blocks: enough to find the place, not to learn the content."""
        return self.excerpt[:2] + MASK * min(max(len(self.excerpt) - 2, 1), 12)


@dataclass(frozen=True)
class Span:
    """A candidate in the flat text."""

    suspicion: Suspicion
    start: int
    end: int
    certain: bool = False
