"""Persons named as victims, witnesses or suspects; ages beside initials or a given name; dates of birth.

All of it is doubtful: a pattern cannot tell an invented name in a play from a person. Words that institutions are
called by ("Victim Assistance Unit") and places are no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.domain.privacy.flat import Flat
from tracker.domain.privacy.kinds import Span, Suspicion
from tracker.domain.privacy.words import ABBREVIATIONS, DOTTED, NO_NAME

_PARTICLE = r"(?:de la|de los|de las|del|de|da|do|das|dos|di|du|des|e|y|van|von|la|le|Mc|St\.|O)"
_CAP = r"[A-Z][a-z'-]{1,20}(?:[A-Z][a-z]{1,15})?"
_NAME = rf"{_CAP}(?: {_PARTICLE})?(?: (?:[A-Z]\.|{_CAP}))(?: {_PARTICLE})?(?: {_CAP}){{0,2}}"
_LOUD = r"[A-Z][A-Z'-]{2,20} [A-Z][A-Z'-]{2,20}"
_INITIALS = r"(?:[A-Z]\. ?){2,4}(?![A-Za-z])|(?<![A-Za-z])(?:[A-Z]\.){1,3}[A-Z](?![A-Za-z.])"
_QUOTED = rf'"{_CAP}(?: {_CAP})?"'
_ROLE = (
    r"(?:[Vv]ictim|[Ss]urvivor|[Ww]itness|[Ss]uspect|[Cc]omplainant|[Dd]efendant|[Pp]erpetrator|[Tt]rafficker"
    r"|[Ss]obreviviente|[Tt]estigo|[Ss]ospechos[oa]|[Ii]mputad[oa]|[Aa]cusad[oa]|[Dd]enunciante|[Tt]ratante"
    r"|[Dd]etenid[oa]|[Ss]indicad[oa]|[Pp]rocesad[oa]|[Cc]ondenad[oa]|[Vv]ictimes|[Vv]ictime|[Vv]ictima|[Vv]itima"
    r"|[Ss]obrevivente|[Tt]estemunha|[Ss]uspeit[oa]|[Rr]eu|[Rr]e|[Ii]nvestigad[oa]|[Aa]liciador[a]?"
    r"|[Ss]urvivante?|[Rr]escape?e|[Tt]emoin|[Ss]uspecte?|[Pp]revenue?|[Aa]ccusee?|[Pp]laignante?|[Tt]rafiquante?"
    r"|[Gg]irl|[Bb]oy|[Tt]eenager|[Mm]inor|[Aa]dolescente?|[Nn]ina|[Nn]ino|[Mm]enor|[Jj]oven|[Mm]enin[oa]"
    r"|[Jj]ovem|[Ff]illette|[Mm]ineure?|[Jj]eune fille|[Ff]ille|[Mm]igrante?|[Tt]rabajador[a]?|[Tt]rabalhador[a]?)s?"
)
_TITLE = (
    r"(?:Ms\.?|Mrs\.?|Mr\.?|Miss|Sra\.?|Sr\.?|Srta\.?|Dona|Dna\.?|Mme\.?|Mlle\.?|M\.|[Dd]on|[Dd]ona|senora?|senhora?"
    r"|madame|monsieur|mademoiselle|la senora|el senor|a senhora|o senhor)"
)
_CALLED = (
    r"(?:named|called|known as|identified as|named as|name is|whose name is|by the name of|llamad[oa]|de nombre"
    r"|identificad[oa] como|conocid[oa] como|responde al nombre de|chamad[oa]|de nome|identificad[oa] como"
    r"|conhecid[oa] como|de prenome|nommee?|appelee?|prenommee?|dite?|identifiee? comme|connue? sous le nom de"
    r"|qui s'appelle|alias|initials|iniciales|de iniciales|iniciais|de iniciais|initiales|cujo nome e|cuyo nombre es)"
)
_AFTER_ROLE = re.compile(
    rf"\b{_ROLE}(?:,? \(?|, )(?:(?:[a-z'-]{{2,14}} ){{0,2}}{_CALLED} |{_TITLE} )?"
    rf"(?P<name>{_NAME}|{_LOUD}|{_INITIALS}|{_QUOTED})"
)
_ONE_NAME = re.compile(
    rf"\b(?:{_ROLE}|[Ww]oman|[Mm]an|[Mm]ujer|[Hh]ombre|[Mm]ulher|[Hh]omem|[Ff]emme|[Hh]omme|[Cc]hild"
    rf"|[Ee]nfant|[Gg]arcon),? (?:[a-z'-]{{2,14}} ){{0,3}}{_CALLED},? (?:{_TITLE} )?(?P<name>\"?{_CAP})"
)
_MARKS_A_PERSON = (
    r"(?:victim|survivor|witness|suspect|complainant|trafficker|victima|sobreviviente|testigo|sospechos[oa]|imputad[oa]"
    r"|tratante|vitima|sobrevivente|testemunha|suspeit[oa]|aliciador[a]?|victime|survivante?|temoin|suspecte?"
    r"|plaignante?|trafiquante?)"
)
_BEFORE_ROLE = re.compile(
    rf"(?P<name>{_NAME}),? \(?(?:(?:an?|the|one of the|una?|la|el|uma?|a|o|une?|le) )?(?:[a-z-]{{3,14}} )?"
    rf"{_MARKS_A_PERSON}(?![a-z-])"
)
_WAS_VICTIM = re.compile(
    rf"(?P<name>{_NAME}) (?:was|fue|foi|a ete|is|era|etait|had been|habia sido|havia sido|avait ete) "
    r"(?:(?:trafficked|exploited|recruited|rescued|captada|captado|rescatada|rescatado|explotada|explotado|tratada"
    r"|vendida|aliciada|aliciado|resgatada|resgatado|explorada|explorado|traficada|traficado|exploitee?|recrutee?"
    r"|secourue?|sauvee?|vendue?|sold|forced)\b|(?:a |una |uma |une )?(?:victim|victima|vitima|victime)\b)"
)
_PERSON_TITLE = re.compile(
    rf"\b(?:statement|testimony|interview|declaracion|testimonio|entrevista|depoimento|testemunho|entretien|temoignage"
    rf"|deposition|declaration|mother|father|parents|madre|padre|mae|pai|mere|pere) "
    rf"(?:of|by|with|de la senora|del senor|de|da|do|a|com|con|avec|d')? ?(?:{_TITLE} )?(?P<name>{_NAME})"
)


def named(flat: Flat) -> Iterator[Span]:
    for pattern in (_AFTER_ROLE, _ONE_NAME, _BEFORE_ROLE, _WAS_VICTIM, _PERSON_TITLE):
        for match in pattern.finditer(flat.bare):
            length = _name_length(match["name"], 1 if pattern is _ONE_NAME else 2)
            if length:
                yield Span(Suspicion.NAMED_PERSON, match.start(), match.start("name") + length)


def _name_length(found: str, fewest: int) -> int:
    """How much of what was found is a name: up to the first word that is none; 0 where too little is left.

    Initials and a name in quotes are one word and enough.
    """
    names = length = 0
    for word in re.finditer(r"[^ ]+", found):
        plain = word[0].strip("\"'().,-")
        if plain.lower() in NO_NAME and plain[:1].isupper():
            break
        if plain[:1].isupper():
            names += 1
            length = word.end()
    enough = 1 if "." in found or found.startswith('"') else fewest
    return length if names >= enough else 0


_UNIT = (
    r"(?:anos de edad|anos de idade|anos cumplidos|anos completos|anos|ans|years? old|years? of age|year-old|yrs? old"
    r"|y\.o\.|yo\b|years|meses de edad|months old|mois)"
)
_NO_AGE = (
    r"(?! ?(?:de |of |d'|later|after|ago|before|in |despues|antes|depois|atras|apres|avant|plus tard|mas tarde|for ))"
)
_AGE = rf"(?P<age>\d{{1,2}})(?: |-)?(?:{_UNIT}\b{_NO_AGE})"
_INITIALS_AGE = re.compile(
    rf"(?<![\w.])(?P<who>(?:[A-Z]\. ?){{2,4}}|[A-Z]\.[A-Z](?:\.[A-Z])?"
    rf"|[A-Z]{{2,3}}),? ?[(,]? ?(?:[a-z]{{1,8}} ){{0,3}}{_AGE}"
)
_INITIALS_BARE_AGE = re.compile(r"(?<![\w.])(?P<who>(?:[A-Z]\. ?){2,4}),? ?\((?P<age>\d{1,2})\)")
_AGE_INITIALS = re.compile(
    rf"\b(?P<age>\d{{1,2}})(?: |-)?{_UNIT}\b,?(?: [a-z]{{3,14}}){{0,4}},? \(?(?:{_CALLED} "
    rf"|as initials )?(?P<who>(?:[A-Z]\. ?){{2,4}}(?![A-Za-z])|[A-Z]\.[A-Z](?![A-Za-z]))"
)
_AGED_INITIALS = re.compile(
    r"(?<![\w.])(?P<who>(?:[A-Z]\. ?){2,4}),? \(?(?:aged|agee? de|age|edad|idade):? (?P<age>\d{1,2})\b"
)
_GIVEN_AGE = re.compile(
    rf"(?<![\w.-])(?P<who>{_CAP}(?: {_CAP}){{0,2}})(?:,| \() ?(?:aged |de |con |com |agee? de )?{_AGE}"
)
_GIVEN_BARE_AGE = re.compile(rf"(?<![\w.-])(?P<who>{_CAP}), (?P<age>\d{{1,2}}), (?=[a-z])")
_GIVEN_SHORT_AGE = re.compile(
    rf"(?<![\w.-])(?P<who>{_CAP}) \((?P<age>\d{{1,2}})\)(?=[ ,]? ?(?:was|fue|foi|a ete|is|and|y|e|et|told"
    rf"|dijo|disse|said))"
)
_AGE_GIVEN = re.compile(
    rf"\b(?P<age>\d{{1,2}})(?: |-)(?:year-old|years old|anos|ans) (?:girl|boy|woman|man|named"
    rf"|[a-z]{{4,12}},? )? ?(?:{_CALLED} )?(?P<who>{_CAP}(?: {_CAP})?)\b"
)
OLDEST = 95
_STREET = re.compile(
    r"\b(?:calle|avenida|av\.|rua|rue|avenue|street|jiron|carrera|alameda|travessa|plaza|praca)\b", re.I
)


def ages(flat: Flat) -> Iterator[Span]:
    for pattern in (_INITIALS_AGE, _INITIALS_BARE_AGE, _AGE_INITIALS, _AGED_INITIALS):
        for match in pattern.finditer(flat.bare):
            letters = re.sub(r"[^A-Z]", "", match["who"])
            known = DOTTED if "." in match["who"] else ABBREVIATIONS
            if letters not in known and 0 < int(match["age"]) <= OLDEST:
                yield Span(Suspicion.AGE_WITH_INITIALS, match.start(), match.end())
    for pattern in (_GIVEN_AGE, _GIVEN_BARE_AGE, _GIVEN_SHORT_AGE, _AGE_GIVEN):
        for match in pattern.finditer(flat.bare):
            street = pattern is _GIVEN_BARE_AGE and _STREET.search(
                flat.bare[max(0, match.start() - 25) : match.start()]
            )
            if not street and _name_length(match["who"], 1) == len(match["who"]) and 0 < int(match["age"]) <= OLDEST:
                yield Span(Suspicion.NAMED_PERSON, match.start(), match.end())


_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|fev|mai|set|out|dez|janv|fevr|avr|juin|juil"
    r"|aout)[a-z]{0,8}\.?"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:\.?(?:st|nd|rd|th|er|o|°))? ?(?:de |of |d')?{_MONTH},? ?(?:de |del |of )?\d{{4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?(?:\d{4}|\d{2})|\d{4}[-/]\d{2}[-/]\d{2})"
)
_BORN = re.compile(
    r"(?:\b(?:born|date of birth|birth ?date|birthday|dob|d\.o\.b\.?|nacid[oa]s?|nacio|fecha de nacimiento"
    r"|f\. ?de nac\.?|nascid[oa]s?|nasceu|data de nascimento|data nasc\.?|dn:|f\. ?nac\.?|nee?s?"
    r"|date de naissance|naissance"
    r"|cumpleanos|(?:seu|son|her|his) (?:anivers|anniv)\w{1,8}|aniversario del[ea]|nasc\.)\b|\bb\.|\bnasc\.)"
    rf"[^\n\d;]{{0,28}}?(?P<date>{_DATE})(?!\d)"
)
_NOT_BORN = re.compile(
    r"\b(?:after|before|since|between|despues|antes|desde|entre|depois|apres|avant|depuis|a partir)\b"
)


def births(flat: Flat) -> Iterator[Span]:
    for match in _BORN.finditer(flat.low):
        if not _NOT_BORN.search(match[0]):
            yield Span(Suspicion.BIRTH_DATE, match.start(), match.end())
