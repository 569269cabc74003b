"""Three voices side by side: the State's, the Secretariat's, the observers'."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.policy import Permission, can
from tracker.services import commitment_record, records, voices
from tracker.web import access, paging

blueprint = Blueprint("voices", __name__)


@blueprint.get("/commitments/<id:commitment_id>/voices")
@access.requires(Permission.COMMITMENT_VIEW)
def show(commitment_id: int) -> ResponseReturnValue:
    """Per cycle, newest first, as far as this person may read."""
    commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_VIEW)
    actor = access.actor()
    number = paging.asked()
    cycles, total = voices.of_commitment(db.session, commitment, actor, number=number)
    _source, elements = commitment_record.asked(db.session, commitment)
    return render_template(
        "pages/voices/show.html",
        commitment=commitment,
        provision=commitment.provision,
        party=commitment.party,
        cycles=cycles,
        page=paging.page(number, total, voices.PAGE),
        elements={one.code: one for one in elements},
        may_file=can(actor, Permission.OBSERVATION_FILE, records.subject_of_commitment(commitment)),
    )
