"""The organisation of the demonstration has observations in every state, public ones beside published ratings."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.clock import START
from tracker.demo.narratives import narratives
from tracker.domain.privacy import examine
from tracker.domain.vocabulary import ObservationState
from tracker.models import Accreditation, Assessment, Observation, ProgressReport
from tracker.services.observations import is_public


def test_in_every_state_and_public_with_the_rating(demo_app: Flask, session: Session) -> None:
    found = session.scalars(sa.select(Observation)).all()
    assert {one.state for one in found} == set(ObservationState)
    accredited = {a.party_id: a for a in session.scalars(sa.select(Accreditation))}
    for one in found:
        assert one.text.startswith(narratives(one.language).mark)
        assert not examine([("text", one.text)])
        assert (one.filed_at is None) == (one.state is ObservationState.DRAFT)
        assert max(m for m in (one.edited_at, one.filed_at, one.moderated_at) if m) < START
        granted = accredited[one.party_id].starts_on
        assert granted is not None
        assert one.created_at.date() >= granted
        assert len(one.attached) == 1
    public = session.scalar(
        sa.select(sa.func.count())
        .select_from(Observation)
        .join(ProgressReport, ProgressReport.id == Observation.report_id)
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .where(is_public())
    )
    assert public is not None
    assert public >= 10
