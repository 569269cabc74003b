"""Logs: static event names with fields, one line of JSON each, never personal data."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(*, stream: object = None) -> None:
    """One line of JSON per event on standard error; line breaks inside values are escaped by the format."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=stream or sys.stderr),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )


log = structlog.get_logger()
