"""Good practices of some States, made and decided through the real services: invented, and they say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.narratives import narratives
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import HIGH_RATINGS, PartyKind, Role
from tracker.models import (
    Assessment,
    Commitment,
    GoodPractice,
    HistoryEntry,
    ProgressReport,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services import good_practices, recipients, records
from tracker.services.good_practices import Content

STATES = 8
"""One each, of as many States with a high rating published in the newest cycle."""
REASONS = {
    "en": "The evaluation is not finished yet.",
    "es": "La evaluación aún no ha concluido.",
    "pt": "A avaliação ainda não terminou.",
    "fr": "L’évaluation n’est pas encore terminée.",
}
TOLD: dict[str, dict[str, tuple[str, str]]] = {
    "CS-04": {
        "en": (
            "One table for all institutions",
            "Ministries, prosecution, labour inspection and provinces meet every month with one agenda and one list of"
            " tasks. Each task names an institution and a date, and the list is published.",
        ),
        "es": (
            "Una mesa para todas las instituciones",
            "Ministerios, fiscalía, inspección del trabajo y provincias se reúnen cada mes con una sola agenda y una"
            " sola lista de tareas. Cada tarea indica una institución y una fecha, y la lista se publica.",
        ),
        "pt": (
            "Uma mesa para todas as instituições",
            "Ministérios, promotoria, inspeção do trabalho e estados reúnem-se todos os meses com uma só agenda e uma"
            " só lista de tarefas. Cada tarefa indica uma instituição e uma data, e a lista é publicada.",
        ),
        "fr": (
            "Une table pour toutes les institutions",
            "Ministères, parquet, inspection du travail et provinces se réunissent chaque mois avec un seul ordre du"
            " jour et une seule liste de tâches. Chaque tâche nomme une institution et une date. La liste est"
            " publique.",
        ),
    },
    "CS-07": {
        "en": (
            "A mobile team for remote places",
            "A team of social workers and interpreters travels to ports and border towns each quarter. What it learns"
            " goes back to the plan of the next quarter.",
        ),
        "es": (
            "Un equipo móvil para lugares apartados",
            "Un equipo de trabajo social e interpretación viaja cada trimestre a puertos y pueblos fronterizos. Lo que"
            " aprende vuelve al plan del trimestre siguiente.",
        ),
        "pt": (
            "Uma equipe móvel para lugares afastados",
            "Uma equipe de assistência social e interpretação viaja a cada trimestre a portos e cidades de fronteira."
            " O que aprende volta ao plano do trimestre seguinte.",
        ),
        "fr": (
            "Une équipe mobile pour les lieux éloignés",
            "Une équipe d’assistance sociale et d’interprétation se rend chaque trimestre dans les ports et les villes"
            " frontalières. Ce qu’elle apprend nourrit le plan du trimestre suivant.",
        ),
    },
    "CS-03": {
        "en": (
            "A budget line that can be followed",
            "Every institution marks what it spends on this commitment with the same code, so that a public table adds"
            " it up by itself and parliament sees it twice a year.",
        ),
        "es": (
            "Una línea presupuestaria que se puede seguir",
            "Cada institución marca con el mismo código lo que gasta en este compromiso, de modo que una tabla pública"
            " lo suma por sí sola y el parlamento lo ve dos veces al año.",
        ),
        "pt": (
            "Uma linha orçamentária que se pode seguir",
            "Cada instituição marca com o mesmo código o que gasta neste compromisso, de modo que uma tabela pública o"
            " soma por si só e o parlamento o vê duas vezes por ano.",
        ),
        "fr": (
            "Une ligne budgétaire que l’on peut suivre",
            "Chaque institution marque du même code ce qu’elle dépense pour cet engagement, de sorte qu’un tableau"
            " public l’additionne de lui-même et que le parlement le voit deux fois par an.",
        ),
    },
}
"""(title, text) by code of the provision and language of the State; for other provisions in turn."""
SHARED, WAITS, DECLINED, TAKEN_BACK = "shared", "waits", "declined", "taken back"
FATES = (SHARED, SHARED, WAITS, SHARED, DECLINED, SHARED, TAKEN_BACK, WAITS)


def write(session: Session, *, now: datetime) -> None:
    """Every second one is offered by its State, the others are proposed by a reviewer.

    All of it lately, after whatever else stands in the history: that is in the order of time.
    """
    reviewer = _actor(session, now, User.role == Role.REVIEWER)
    reports = _reports(session, now)
    moments = _moments(session, len(reports), now)
    for number, report in enumerate(reports):
        speaker = _actor(session, now, User.role == Role.FOCAL_POINT, User.party_id == report.party_id)
        fate = FATES[number % len(FATES)]
        by_state = number % 2 == 0
        maker, other = (speaker, reviewer) if by_state else (reviewer, speaker)
        commitment = records.commitment(session, report.commitment_id)
        assert commitment is not None  # noqa: S101
        verb = good_practices.offer if by_state else good_practices.propose
        record = verb(session, commitment, _content(report, number), actor=maker, now=next(moments))
        if fate in (SHARED, TAKEN_BACK):
            good_practices.agree(session, record.id, seen_version=record.version, actor=other, now=next(moments))
        if fate == DECLINED:
            _reasoned(session, good_practices.decline, record, other, next(moments))
        elif fate == TAKEN_BACK:
            _reasoned(session, good_practices.take_back, record, speaker, next(moments))


def _reasoned(session: Session, verb: Callable[..., Any], record: GoodPractice, actor: Actor, at: datetime) -> None:
    reason = f"{narratives(actor.language).mark} {REASONS[actor.language]}"
    verb(session, record.id, reason=reason, seen_version=record.version, actor=actor, now=at)


def _moments(session: Session, practices: int, now: datetime) -> Iterator[datetime]:
    """Between what stands last in the history and now, in their order; three at most for each."""
    newest = session.scalar(sa.select(sa.func.max(HistoryEntry.at))) or now - timedelta(hours=1)
    step = (now - newest) / (3 * practices + 1)
    yield from (newest + step * number for number in range(1, 3 * practices + 1))


def _content(report: Any, number: int) -> Content:
    told = TOLD.get(report.code) or list(TOLD.values())[number % len(TOLD)]
    title, text = told[report.language]
    return Content(title, f"{narratives(report.language).mark} {text}", report.language)


def _reports(session: Session, now: datetime) -> Sequence[Any]:
    """One report with a high rating for each of some States, over the whole alphabet."""
    newest = sa.select(ReportingCycle.id).order_by(ReportingCycle.opens_on.desc()).limit(1).scalar_subquery()
    rows = session.execute(
        sa.select(
            ProgressReport.commitment_id,
            ProgressReport.party_id,
            ReportingParty.code.label("party"),
            ReportingParty.language,
            Provision.code,
            Assessment.published_at,
        )
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.cycle_id == newest,
            ReportingParty.kind == PartyKind.MEMBER_STATE,
            Assessment.rating.in_(HIGH_RATINGS),
            Assessment.published_at < now,
        )
        .order_by(ReportingParty.code, sa.case((Provision.code.in_(TOLD), 0), else_=1), Provision.position)
    ).all()
    by_party: dict[str, Any] = {}
    for row in rows:
        by_party.setdefault(row.party, row)
    found = list(by_party.values())
    return found[:: max(1, len(found) // STATES)][:STATES]


def _actor(session: Session, now: datetime, *which: sa.ColumnElement[bool]) -> Actor:
    user = session.scalars(sa.select(User).where(User.active.is_(True), *which).order_by(User.id).limit(1)).one()
    return recipients.as_actor(session, user, now=now)
