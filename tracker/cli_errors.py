"""What a command says when a rule refuses: one sentence on standard error, exit status 1, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
import sqlalchemy as sa

from config import SettingsError
from tracker.domain.addresses import BadAddress
from tracker.domain.errors import DomainError, NotVisible, Unmet

P = ParamSpec("P")
R = TypeVar("R")

SENTENCES: dict[type[Exception], str] = {
    NotVisible: "There is no such record.",
    BadAddress: "That is no e-mail address.",
}


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what can go wrong by rule into one sentence."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (BadAddress, DomainError, SettingsError) as error:
            raise click.ClickException(sentence(error)) from None
        except sa.exc.OperationalError as error:
            raise click.ClickException(
                f"The database cannot be used ({str(error.orig).strip().splitlines()[0]}): check TRACKER_DATABASE_URL,"
                " and run `db upgrade` on a new one."
            ) from None
        except sa.exc.ProgrammingError:
            raise click.ClickException("The database is not up to date: run `db upgrade` first.") from None

    return guarded


def sentence(error: Exception) -> str:
    """What to say of an error."""
    for kind, text in SENTENCES.items():
        if isinstance(error, kind):
            return text
    if isinstance(error, Unmet):
        return "Not done: " + "; ".join(
            f"{field.replace('_', ' ')}: {code.replace('_', ' ')}" for field, code in error.problems.items()
        )
    return str(error) or f"Refused: {type(error).__name__}."
