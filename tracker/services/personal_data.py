"""The personal-data check on what is written beside a report: comments, reasons, proposals. Reports have their own."""

from __future__ import annotations

from tracker.domain.errors import Unmet
from tracker.domain.privacy import examine


def require_clean(explanation: str, **texts: str) -> dict[str, str]:
    """Refuse texts that look like data about a person, unless it is explained why they are none.

    ``texts`` by field name. Returns what the step's history and audit entries keep of it: the explanation, where one
    was needed, else nothing. Raises Unmet(<field>="personal_data").
    """
    found = examine(list(texts.items()))
    if not found:
        return {}
    if not explanation:
        raise Unmet(**{one.field: "personal_data" for one in found})
    return {"personal_data_explanation": explanation}
