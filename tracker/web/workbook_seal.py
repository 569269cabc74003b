"""Signs what a spreadsheet was made from, and reads the signature when it comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from tracker.services.workbook_content import Seal

_SALT = "workbook"
_SHAPE = 1
"""Of what is signed: files of an older shape are told apart."""


def sign(seal: Seal) -> str:
    """As it stands in the file."""
    return str(
        _serializer().dumps(
            {
                "shape": _SHAPE,
                "party": seal.party,
                "user": seal.user_id,
                "language": seal.language,
                "made": seal.made_at.isoformat(),
                "reports": [[report_id, version, sha] for report_id, (version, sha) in seal.reports.items()],
                "base": seal.base_digest,
                "sheets": list(seal.sheets),
            }
        )
    )


def read(text: str) -> Seal | None:
    """What was signed; None where it was not signed here, or changed since."""
    try:
        told: dict[str, Any] = _serializer().loads(text)
    except BadData:
        return None
    if told.get("shape") != _SHAPE:
        return None
    return Seal(
        party=told["party"],
        user_id=told["user"],
        language=told["language"],
        made_at=datetime.fromisoformat(told["made"]),
        reports={report_id: (version, sha) for report_id, version, sha in told["reports"]},
        base_digest=told["base"],
        sheets=tuple(told["sheets"]),
    )


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=_SALT)
