"""What a party said in the revision that was rated, as a status report tells it: public, and in one language."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tracker import wording
from tracker.domain.ratios import side_by_side
from tracker.services.measured import Measured, shown
from tracker.services.purge_places import ERASED
from tracker.services.report_content import Attachment, ReportContent
from tracker.services.status_report_content import StatedAttachment, StatedElement, StatedFigure, Statement


class Statements:
    """What a party said in a rated revision, as the public may read it, in one language."""

    def __init__(
        self,
        labels: dict[str, str],
        indicators: dict[str, list[Measured]],
        language: str,
        restricted: Collection[str] = (),
    ) -> None:
        """``restricted``: public ids of the pieces of evidence that are restricted now."""
        self.labels, self.indicators, self.language, self.restricted = labels, indicators, language, restricted

    def of(self, provision: str, content: dict[str, Any]) -> Statement:
        """From the content of a revision."""
        indicators = self.indicators.get(provision, [])
        kept = ReportContent.from_json(content).without_public(self.restricted)
        said = kept.for_the_public({i.code for i in indicators if i.counts_persons})
        return Statement(
            elements=tuple(
                StatedElement(a.element, self.labels.get(a.element, ""), a.self_assessment, a.narrative)
                for a in said.answers
            ),
            summary=said.summary,
            evidence=tuple((e.title, e.url, e.speaks_of) for e in said.evidence),
            figures=tuple(self._figures(indicators, said)),
            budget=tuple(side_by_side(said.budget)),
            obstacles=said.obstacles,
            help_needed=said.help_needed,
            nothing_changed=said.nothing_changed,
            attachments=tuple(_attachment(a) for a in said.attachments),
        )

    def _figures(self, indicators: list[Measured], said: ReportContent) -> Iterator[StatedFigure]:
        for one in shown(indicators, said.indicators):
            indicator = one.indicator
            about: dict[str, Any] = {
                "code": indicator.code,
                "label": wording.pick(indicator.label, self.language),
                "data_type": indicator.data_type,
                "unit": wording.pick(indicator.unit, self.language),
            }
            for value in (one.whole, *one.rows):
                if value:
                    yield StatedFigure(
                        value=value.value,
                        said=wording.say_measure(
                            indicator.data_type,
                            value.value,
                            self.language,
                            currency=value.currency,
                            choices=indicator.choices,
                        ),
                        currency=value.currency,
                        category=value.category,
                        not_available=value.not_available,
                        period_start=value.period_start,
                        period_end=value.period_end,
                        note=value.note,
                        **about,
                    )
            for made in one.computed:
                words = wording.say_measure(indicator.data_type, made.value, self.language)
                yield StatedFigure(value=made.value, said=words, category=made.of, computed=True, **about)


def _attachment(named: Attachment) -> StatedAttachment:
    return StatedAttachment(
        evidence=named.evidence,
        title=named.title,
        speaks_of=named.speaks_of,
        language=named.language,
        url=named.url,
        version=named.version,
        file_name=named.file_name if named.file_name.strip(ERASED) else "",
        size=named.size,
        sha256=named.sha256,
    )
