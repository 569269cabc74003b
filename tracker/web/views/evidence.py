"""Evidence: the library, one piece with its versions, adding and replacing, giving a file out."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import NotVisible, Stale
from tracker.domain.policy import Permission, can
from tracker.domain.text import without_unusable
from tracker.files.kinds import KIND_OF, PICTURES
from tracker.models import Evidence, ProgressReport
from tracker.services import evidence, evidence_access, evidence_details, evidence_library
from tracker.web import access, errors, paging, uploads
from tracker.web.access import actor, large_body, public, requires
from tracker.web.forms.evidence import DetailsForm, FileForm, LinkForm, ReasonForm, VersionForm
from tracker.web.forms.fields import Form, problems_into
from tracker.web.languages import gettext as _

blueprint = Blueprint("evidence", __name__)
WORDS = 200


@blueprint.get("/evidence")
@requires(Permission.EVIDENCE_LIBRARY)
def index() -> ResponseReturnValue:
    """All pieces of one's own side (for administrators: what was submitted), and where each is used."""
    number, words = paging.asked(), _words()
    rows, total = evidence_library.library(db.session, actor(), words=words, number=number)
    return render_template(
        "pages/evidence/index.html",
        rows=rows,
        uses=evidence_library.uses(db.session, [row.id for row in rows], actor()),
        words=words,
        page=paging.page(number, total, evidence_library.PAGE),
        may_add=_may_add(),
    )


@blueprint.get("/evidence/new")
@requires(Permission.EVIDENCE_ADD)
def new() -> ResponseReturnValue:
    """A form for a file or, with ``?kind=link``, for a link; with ``?report=``, it will be attached to that report."""
    return _new_page(LinkForm() if _is_link() else FileForm())


@blueprint.post("/evidence/new")
@requires(Permission.EVIDENCE_ADD)
@large_body(uploads.LARGEST_UPLOAD)
def add() -> ResponseReturnValue:
    """The file is in the store before its row is written; whoever may not add it to this report sends it in vain."""
    report = _asked_report()
    form = LinkForm() if _is_link() else FileForm()
    if form.validate_on_submit():
        with problems_into(form):
            sent = None if isinstance(form, LinkForm) else uploads.receive(form.file.data)
            with transaction() as session:
                report = _asked_report()
                said = {"name": form.name.data or "", "report": report, "actor": actor(), "now": g.now}
                if sent is None:
                    piece = evidence.add_link(session, form.url.data or "", form.about(), **said)
                else:
                    piece = evidence.add_file(session, sent, form.about(), **said)
                public_id, report_id = piece.public_id, report.id if report else None
    if form.errors:
        return _new_page(form), 422
    flash(_("The link is kept.") if sent is None else _("The file is kept. It is being checked."), "success")
    if report_id:
        return uploads.onward(url_for("evidence_reports.show", report_id=report_id))
    return uploads.onward(url_for("evidence.show", public_id=public_id))


@blueprint.get("/evidence/<public_id>")
@requires(Permission.COMMITMENT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One piece: what is said of it, its versions with their state, where it is used."""
    return _piece_page(public_id)


@blueprint.post("/evidence/<public_id>/versions")
@requires(Permission.EVIDENCE_ADD)
@large_body(uploads.LARGEST_UPLOAD)
def add_version(public_id: str) -> ResponseReturnValue:
    """A newer file beside the older ones."""
    evidence_access.own_piece(db.session, public_id, actor())
    form = VersionForm()
    if form.validate_on_submit():
        with problems_into(form):
            sent = uploads.receive(form.file.data)
            with transaction() as session:
                evidence.add_version(
                    session,
                    evidence_access.own_piece(session, public_id, actor()),
                    sent,
                    seen_number=form.seen_number(),
                    explanation=form.explanation.data or "",
                    actor=actor(),
                    now=g.now,
                )
    if form.errors:
        return _piece_page(public_id, form), 422
    flash(_("The new version is kept. It is being checked."), "success")
    return uploads.onward(url_for("evidence.show", public_id=public_id))


@blueprint.post("/evidence/<public_id>/<id:number>/reason")
@requires(Permission.EVIDENCE_ADD)
def explain(public_id: str, number: int) -> ResponseReturnValue:
    """Why the doubtful passages of a file are no data about a person."""
    form = ReasonForm()
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            piece = evidence_access.own_piece(session, public_id, actor())
            evidence.explain(session, piece, number, explanation=form.explanation.data or "", actor=actor(), now=g.now)
    if form.errors:
        return _piece_page(public_id, form), 422
    flash(_("The reason is kept, and the file can be used."), "success")
    return redirect(url_for("evidence.show", public_id=public_id), 303)


@blueprint.get("/evidence/<public_id>/details")
@requires(Permission.EVIDENCE_ADD)
def details(public_id: str) -> ResponseReturnValue:
    """A form for what is said of a piece: title, date, language, who may read it."""
    piece = evidence_access.own_piece(db.session, public_id, actor())
    return _details_page(piece, DetailsForm.of(piece))


@blueprint.post("/evidence/<public_id>/details")
@requires(Permission.EVIDENCE_ADD)
def correct(public_id: str) -> ResponseReturnValue:
    """Submissions keep the words they were submitted with; restricting takes effect at once."""
    piece = evidence_access.own_piece(db.session, public_id, actor())
    form = DetailsForm()
    if form.validate_on_submit():
        seen: int = form.version.data
        with problems_into(form), transaction() as session:
            piece = evidence_access.own_piece(session, public_id, actor())
            evidence_details.correct(session, piece, form.about(), seen_version=seen, actor=actor(), now=g.now)
    if form.errors:
        return _details_page(evidence_access.own_piece(db.session, public_id, actor()), form), 422
    flash(_("The details are kept."), "success")
    return redirect(url_for("evidence.show", public_id=public_id), 303)


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
def _stale(_error: Exception) -> ResponseReturnValue:
    """Both: what is stored now and what was typed. The next save is over what was just seen."""
    db.session.rollback()
    if request.endpoint != "evidence.correct":
        return errors.page(409, action=None, state=None)
    piece = evidence_access.own_piece(db.session, request.view_args["public_id"], actor())  # type: ignore[index]
    form = DetailsForm()
    form.version.data = piece.version
    return _details_page(piece, form, stale=True), 409


@blueprint.get("/evidence/<public_id>/<id:number>/file")
@public
def download(public_id: str, number: int) -> ResponseReturnValue:
    """The file itself, to whoever may read this version of it; asked anew each time (SAFETY A6)."""
    person = access.maybe_actor()
    version = evidence_access.open_version(db.session, public_id, number, person)
    content = uploads.content_of(version)
    response = uploads.attachment(content, name=version.file_name, media_type=version.media_type, size=version.size)
    _note_restricted(public_id, number)
    return response


@blueprint.get("/evidence/<public_id>/<id:number>/view")
@requires(Permission.COMMITMENT_VIEW)
def view(public_id: str, number: int) -> ResponseReturnValue:
    """A PDF or a picture, shown as pictures: nothing of the file itself reaches the browser."""
    version = evidence_access.open_version(db.session, public_id, number, actor())
    is_picture = KIND_OF.get(version.media_type) in PICTURES
    page = render_template(
        "pages/evidence/view.html",
        piece=version.evidence,
        version=version,
        pages=1 if is_picture else uploads.store().pages(version.store_key),
    )
    _note_restricted(public_id, number)
    return page


@blueprint.get("/evidence/<public_id>/<id:number>/view/<id:page>")
@requires(Permission.COMMITMENT_VIEW)
def picture(public_id: str, number: int, page: int) -> ResponseReturnValue:
    """The picture of one page, drawn when the file was checked; of a picture, the picture."""
    version = evidence_access.open_version(db.session, public_id, number, actor())
    if KIND_OF.get(version.media_type) in PICTURES:
        return uploads.picture(uploads.content_of(version), version.media_type)
    if page > uploads.store().pages(version.store_key):
        raise NotVisible
    return uploads.picture(uploads.content_of(version, page=page), "image/jpeg")


def _note_restricted(public_id: str, number: int) -> None:
    """Reading restricted evidence leaves an audit entry; the public reads none that is restricted."""
    person = access.maybe_actor()
    if person is None:
        return
    with transaction() as session:
        version = evidence_access.open_version(session, public_id, number, person)
        if not version.evidence.is_public:
            evidence.note_reading(session, version, person, g.now)


def _piece_page(public_id: str, form: Form | None = None) -> str:
    person = actor()
    piece, within = evidence_access.visible_piece(db.session, public_id, person)
    own = within.whole and _may_add() and evidence_access.is_owner(db.session, piece, person)
    versions = evidence_library.versions(db.session, piece, within, own=within.whole)
    return render_template(
        "pages/evidence/show.html",
        piece=piece,
        versions=versions,
        uses=evidence_library.uses(db.session, [piece.id], person)[piece.id],
        own=own,
        form=form,
        version_form=form
        if isinstance(form, VersionForm)
        else VersionForm(formdata=None, seen=str(versions[0].number) if versions else ""),
        reason_form=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
    )


def _details_page(piece: Evidence, form: DetailsForm, *, stale: bool = False) -> str:
    return render_template("pages/evidence/details.html", piece=piece, form=form, stale=stale)


def _new_page(form: FileForm | LinkForm) -> str:
    return render_template(
        "pages/evidence/new.html", form=form, report=_asked_report(), is_link=isinstance(form, LinkForm)
    )


def _asked_report() -> ProgressReport | None:
    """The report that the address names, if this person may write it; None where it names none."""
    raw = request.args.get("report")
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 18):
        raise NotVisible
    return access.get_report(int(raw), Permission.REPORT_EDIT)


def _is_link() -> bool:
    return request.args.get("kind") == "link"


def _may_add() -> bool:
    """Whether there is a side of one's own to add to: administrators add to the reports they write only."""
    person = actor()
    has_side = person.party_id is not None or person.organisation_id is not None
    return has_side and can(person, Permission.EVIDENCE_ADD)


def _words() -> str:
    return without_unusable(request.args.get("q", ""), multiline=False)[:WORDS]
