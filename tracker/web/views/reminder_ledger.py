"""Who was reminded of a commitment and when, and why somebody was not."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Permission
from tracker.services import reminder_ledger
from tracker.web import access, paging

blueprint = Blueprint("reminder_ledger", __name__)


@blueprint.get("/commitments/<id:commitment_id>/reminders")
@access.requires(Permission.COMMITMENT_VIEW)
def show(commitment_id: int) -> ResponseReturnValue:
    """The ledger of this commitment, newest first, as far as this person may read."""
    commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_VIEW)
    number = paging.asked()
    ledger = reminder_ledger.of_commitment(db.session, commitment, access.actor(), number=number)
    return render_template(
        "pages/commitments/reminders.html",
        commitment=commitment,
        provision=commitment.provision,
        party=commitment.party,
        ledger=ledger,
        page=paging.page(number, ledger.total, reminder_ledger.PAGE),
    )
