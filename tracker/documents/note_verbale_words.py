"""The words of a note verbale in the four languages of the follow-up.

They are formulas of protocol, each in the form of its own language (who greets, in which person, with which words it
ends), not translations of one English sentence: so they stand here side by side and not in the catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.services.note_content import NoteContent, NoteItem
from tracker.wording import say_date

PLACE = "Washington, D.C."
VOWELS = "aeiouàâäéèêëîïôöùûüh"

_TITLE = {"en": "Note verbale", "es": "Nota verbal", "pt": "Nota verbal", "fr": "Note verbale"}
_SENDER = {
    "en": "General Secretariat of the Organization of American States",
    "es": "Secretaría General de la Organización de los Estados Americanos",
    "pt": "Secretaria-Geral da Organização dos Estados Americanos",
    "fr": "Secrétariat général de l’Organisation des États Américains",
}
_OPENING = {
    "en": (
        "The General Secretariat of the Organization of American States presents its compliments to the {mission} and"
        " has the honour to refer to the follow-up of the recommendations of civil society and of the mandates of the"
        " General Assembly against trafficking in persons, reporting cycle {cycle}."
    ),
    "es": (
        "La Secretaría General de la Organización de los Estados Americanos saluda muy atentamente a la {mission} y"
        " tiene el honor de referirse al seguimiento de las recomendaciones de la sociedad civil y de los mandatos de"
        " la Asamblea General contra la trata de personas, ciclo de informes {cycle}."
    ),
    "pt": (
        "A Secretaria-Geral da Organização dos Estados Americanos apresenta seus cumprimentos à {mission} e tem a honra"
        " de referir-se ao acompanhamento das recomendações da sociedade civil e dos mandatos da Assembleia Geral"
        " contra o tráfico de pessoas, ciclo de relatórios {cycle}."
    ),
    "fr": (
        "Le Secrétariat général de l’Organisation des États Américains présente ses compliments à {mission} et a"
        " l’honneur de se référer au suivi des recommandations de la société civile et des mandats de l’Assemblée"
        " générale contre la traite des personnes, cycle de rapports {cycle}."
    ),
}
_OWED = {
    "en": (
        "The General Secretariat permits itself to draw attention to the following progress report, which has not been"
        " received to this day:",
        "The General Secretariat permits itself to draw attention to the following {count} progress reports, which have"
        " not been received to this day:",
    ),
    "es": (
        "La Secretaría General se permite señalar el siguiente informe de avance, que no se ha recibido a la fecha:",
        "La Secretaría General se permite señalar los siguientes {count} informes de avance, que no se han recibido a"
        " la fecha:",
    ),
    "pt": (
        "A Secretaria-Geral permite-se assinalar o seguinte relatório de progresso, até esta data não recebido:",
        "A Secretaria-Geral permite-se assinalar os seguintes {count} relatórios de progresso, até esta data não"
        " recebidos:",
    ),
    "fr": (
        "Le Secrétariat général se permet de signaler le rapport d’avancement ci-après, non reçu à ce jour :",
        "Le Secrétariat général se permet de signaler les {count} rapports d’avancement ci-après, non reçus à ce"
        " jour :",
    ),
}
_REQUEST = {
    "en": (
        "The General Secretariat would be grateful if the {mission} would bring the foregoing to the attention of the"
        " competent authorities, so that what is outstanding may be submitted by {day}, the last day of the cycle."
    ),
    "es": (
        "La Secretaría General agradecería a la {mission} que tuviera a bien poner lo anterior en conocimiento de las"
        " autoridades competentes, a fin de que lo pendiente se presente a más tardar el {day}, último día del ciclo."
    ),
    "pt": (
        "A Secretaria-Geral agradeceria à {mission} a gentileza de levar o que precede ao conhecimento das autoridades"
        " competentes, a fim de que o que está pendente seja apresentado até {day}, último dia do ciclo."
    ),
    "fr": (
        "Le Secrétariat général saurait gré à {mission} de bien vouloir porter ce qui précède à la connaissance des"
        " autorités compétentes, afin que ce qui reste dû soit présenté au plus tard le {day}, dernier jour du cycle."
    ),
}
_NOBODY = {
    "en": (
        "As no focal point is registered at present, the General Secretariat would also be grateful to learn which"
        " authority has been designated for this purpose."
    ),
    "es": (
        "Dado que actualmente no hay un punto focal registrado, la Secretaría General agradecería asimismo que se le"
        " informara qué autoridad ha sido designada a tal efecto."
    ),
    "pt": (
        "Não havendo atualmente ponto focal registrado, a Secretaria-Geral agradeceria igualmente ser informada de qual"
        " autoridade foi designada para esse fim."
    ),
    "fr": (
        "Aucun point focal n’étant actuellement enregistré, le Secrétariat général saurait également gré de lui faire"
        " connaître l’autorité désignée à cet effet."
    ),
}
_CLOSING = {
    "en": (
        "The General Secretariat avails itself of this opportunity to renew to the {mission} the assurances of its"
        " highest consideration."
    ),
    "es": (
        "La Secretaría General aprovecha la oportunidad para reiterar a la {mission} las seguridades de su más alta y"
        " distinguida consideración."
    ),
    "pt": (
        "A Secretaria-Geral aproveita a oportunidade para renovar à {mission} os protestos de sua mais alta"
        " consideração."
    ),
    "fr": (
        "Le Secrétariat général saisit cette occasion pour renouveler à {mission} les assurances de sa très haute"
        " considération."
    ),
}
_HEADS = {
    "en": ("Code", "Progress report on", "Originally due", "Extended to", "Days overdue"),
    "es": ("Código", "Informe de avance sobre", "Plazo original", "Prorrogado hasta", "Días de atraso"),
    "pt": ("Código", "Relatório de progresso sobre", "Prazo original", "Prorrogado até", "Dias de atraso"),
    "fr": ("Code", "Rapport d’avancement sur", "Échéance initiale", "Reportée au", "Jours de retard"),
}
_CAPTION = {
    "en": "Overdue progress reports",
    "es": "Informes de avance vencidos",
    "pt": "Relatórios de progresso em atraso",
    "fr": "Rapports d’avancement en retard",
}
_INITIALS = {"en": "Initials", "es": "Rúbrica", "pt": "Rubrica", "fr": "Paraphe"}
_SEAL = {"en": "Seal", "es": "Sello", "pt": "Selo", "fr": "Sceau"}
_TO = {"en": "To the", "es": "A la", "pt": "À", "fr": "À"}


@dataclass(frozen=True)
class Words:
    """A note in words: what both documents and the preview show."""

    content: NoteContent

    def _say(self, texts: dict[str, str]) -> str:
        text = texts[self.content.language]
        day = say_date(self.content.closes_on, self.content.language)
        return text.format(mission=self.mission, cycle=self.content.cycle, day=day)

    @property
    def mission(self) -> str:
        """The title of the office as it stands in the sentence: in French with its article."""
        title = self.content.addressee
        if self.content.language != "fr":
            return title
        return f"l’{title}" if title[:1].lower() in VOWELS else f"la {title}"

    @property
    def title(self) -> str:
        return _TITLE[self.content.language]

    @property
    def document_title(self) -> str:
        return f"{self.title} {self.content.number} – {self.content.party}"

    @property
    def sender(self) -> str:
        return _SENDER[self.content.language]

    @property
    def opening(self) -> str:
        return self._say(_OPENING)

    @property
    def owed(self) -> str:
        count = len(self.content.items)
        one, many = _OWED[self.content.language]
        return one if count == 1 else many.format(count=count)

    @property
    def request(self) -> str:
        return self._say(_REQUEST)

    @property
    def after_table(self) -> list[str]:
        """The paragraphs between the table and the place."""
        named = [_NOBODY[self.content.language]] if self.content.nobody else []
        return [self.request, *named, self._say(_CLOSING)]

    @property
    def caption(self) -> str:
        return _CAPTION[self.content.language]

    @property
    def heads(self) -> tuple[str, ...]:
        return _HEADS[self.content.language]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """A row of the table for each report, in the order of ``heads``."""
        return [self._row(item) for item in self.content.items]

    def _row(self, item: NoteItem) -> tuple[str, ...]:
        language = self.content.language
        extended = say_date(item.extended_to, language) if item.extended_to else "–"
        return (item.code, item.title, say_date(item.due_on, language), extended, str(item.days))

    @property
    def place_and_date(self) -> str:
        return f"{PLACE}, {say_date(self.content.day, self.content.language)}"

    @property
    def initials(self) -> str:
        return _INITIALS[self.content.language]

    @property
    def seal(self) -> str:
        return _SEAL[self.content.language]

    @property
    def addressee(self) -> list[str]:
        """The lines at the foot: to whom, and where."""
        first = f"{_TO[self.content.language]} {self.mission}"
        return [first, *(line.strip() for line in self.content.address.split("\n") if line.strip())]
