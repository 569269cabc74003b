"""What all tables share: naming of constraints, aware moments, closed lists, texts in four languages."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column

Translations = dict[str, str]
"""A text by language code: ``{"en": …, "es": …, "pt": …, "fr": …}``."""

NAME = 200
LINE = 500
ADDRESS = 254
URL = 2000
TEXT = 20_000
"""Longest texts, in characters; forms and columns use the same numbers."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment, aware and in UTC, also where the database knows no time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """On SQLite one step instead of three, and kept: pages read thousands of moments, most of them again."""
        return _of_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=4096)
def _of_sqlite(raw: str | None) -> datetime | None:
    """A moment in UTC from the text that SQLite keeps."""
    return None if raw is None else datetime.fromisoformat(raw).replace(tzinfo=UTC)


def closed_list(kind: type[StrEnum], name: str) -> sa.Enum:
    """A column that holds one of ``kind``, checked by the database on every engine."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [m.value for m in members],
        validate_strings=True,
    )


Id = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        Translations: sa.JSON(),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
        list[Any]: sa.JSON(),
    }
