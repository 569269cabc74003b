"""Identity, tax and passport numbers of persons, and the numbers of criminal files.

**Certain**, and blocking: a number that stands right after a word for an identity document or passport; a number in
the written form of a country's identity number whose check digits are right (CPF, RUN, CUIL, Dominican and Uruguayan
cédula with their punctuation, CURP). **Doubtful**: the written form without check digits, or with wrong ones; bare
digits that happen to pass. Numbers of companies and institutions (CNPJ, RUT from 50 million on, CUIT 30 to 34) are no
data about persons. **A docket number is always doubtful**: judgments are published in some States.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tracker.domain.privacy import digits
from tracker.domain.privacy.kinds import Span, Suspicion

_LETTERS_NO = r"no\b\.?|nr\b\.?|nro\b\.?|n\.? ?[o°]\.?|№|num\b\.?|number|numero|numbered|numerad[oa]|#|:"
_NUMBER_WORD = rf"(?:{_LETTERS_NO}|is|es|e|era|was|est|the|el|o|le|sob|under|\()"
_HOLDER = (
    r"(?:de identidad(?: personal)?|de ciudadania|de extranjeria|de identidade|d'identite(?: nationale)?|nationale?"
    r"|identity|identification|card|document|electoral|de residencia|residence|unico|de identificacion|personal|civil"
    r"|brasileir[oa]|venezolan[oa]|colombian[oa]|peruan[oa]|dominican[oa]|haitien(?:ne)?|venezuelan|colombian|haitian"
    r"|guatemaltec[oa]|hondurena?|salvadoren[oa]|ecuatorian[oa]|bolivian[oa]|paraguay[oa]|cuban[oa]?)"
)
_DOCUMENT = (
    r"(?:dni|cpf|curp|rut|cedula|ssn|passport|pasaporte|passaporte|passeport|id card|identity card|identity document"
    r"|identification card|national id|id number|id no\.?|documento(?: nacional| unico)? de identidade?"
    r"|documento nacional"
    r"|documento(?= n)|carteira de identidade|registro geral|carte d'identite|piece d'identite|carnet de identidad"
    r"|carne de identidad|carnet de extranjeria|carne de extranjeria|social security number|social insurance number"
    r"|numero de identidad|numero de identificacion|titulo de eleitor|clave de elector|credencial de elector"
    r"|tarjeta de identidad|certidao de nascimento|certificado de nacimiento|birth certificate"
    r"|partida de nacimiento|acte de naissance"
    r"|driver'?s licen[cs]e|taxpayer registration number|ficha de identidad|permis de conduire)"
)
_NUMBER = r"(?P<number>[a-z]{0,4}[ -]?\d[\da-z.\-/ ]{3,22})"
_NAMED = re.compile(
    rf"\b{_DOCUMENT}(?: {_HOLDER}){{0,2}}\s?[,.]?\s?(?:{_NUMBER_WORD}\s?\.?\s?){{0,4}}{_NUMBER}",
)
# "The passport of the eldest (No. …)": with words in between it may be the number of a law: doubtful.
_FURTHER = re.compile(
    rf"\b{_DOCUMENT}\b(?P<between>[^\d\n;]{{1,40}}?)(?:no\b\.?|n\.? ?[o°]\.?|№|number|numero|#) ?{_NUMBER}"
)
_LAW = re.compile(
    r"\b(?:ley|lei|loi|law|act|decret|decree|resolu|ordenanza|portaria|oficio|articul|artigo|section|sistema)"
)
# Short words mean something else in small letters ("run", "si", "id").
_SHORT = re.compile(
    r"\b(?:RUN|RUT|RG|CI|C\.I\.|CC|C\.C\.|CE|TI|SIN|SSN|DUI|DPI|CUI|CUIL|NIN|NIE|NIF|CIN|TRN|RNM|RNE|INE|ID"
    r"|NIS|PIS)(?![A-Za-z])"
    r"\s?(?:[Nn][o°][.:]?|№|#|:|[Nn]um\.?|[Nn]umber|[Nn]ro\.?)?\s?(?P<number>[A-Z]{0,3}-?\d[\dA-Za-z.\-/ ]{3,22})"
)
_TAIL = re.compile(r"^[a-z]{0,4}[ -]?\d(?:[.\-/ ]?(?:\d+[a-z]{0,2}\d*|[a-z]\d+|[a-z]\b|[a-z]{5}\w\d))*")
_YEAR_FORM = re.compile(r"^(?:19|20)\d\d(?: ?[-/. ] ?(?:19|20)?\d\d){0,2}$|^\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d$")
FEWEST = 5
"""Digits of a number after a word for a document: fewer are a version, an article or a count."""

_COUNTED = re.compile(
    r"^ ?(?:personas|persons|people|pessoas|personnes|women|mujeres|mulheres|femmes|children|ninos|migrants?|migrantes"
    r"|victims?|victimas?|vitimas|victimes|ciudadanos|citizens|beneficiari|documentos|documents|emitid|entregad|issued)"
)


def numbers_after_words(low: str, bare: str) -> Iterator[Span]:
    """A number that follows a word for a document at once, or after "number", "n.º", ":" and the like."""
    for match in [*_NAMED.finditer(low), *_SHORT.finditer(bare), *_FURTHER.finditer(low)]:
        start = match.start("number")
        tail = _TAIL.match(low[start : match.end("number")])
        if tail is None:
            continue
        found = tail[0]
        count = sum(char.isdigit() for char in found)
        if count < FEWEST or _YEAR_FORM.match(found.strip()) or _COUNTED.match(low[start + len(found) :][:20]):
            continue
        if match.re is _SHORT and match[0].startswith("RUT") and digits.rut_of_entity(found):
            continue
        if low.startswith("rut", match.start()) and digits.rut_of_entity(found):
            continue
        certain = match.re is not _FURTHER
        if certain or not _LAW.search(match["between"]):
            yield Span(Suspicion.IDENTITY_NUMBER, match.start(), start + len(found.rstrip(" .-/")), certain)


def _chile_or_uruguay(found: str) -> bool:
    return digits.is_rut(found) or digits.is_uruguayan(found)


_CHECKED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\d-])"), digits.is_cpf),
    (re.compile(r"(?<![\d.-])\d{1,2}\.\d{3}\.\d{3}-[\dk](?![\w-])"), _chile_or_uruguay),
    (re.compile(r"(?<![\w.-])(?:20|23|24|27)-\d{8}-\d(?![\w-])"), digits.is_cuil),
    (re.compile(r"(?<![\w.-])\d{3}-\d{7}-\d(?![\w-])"), digits.is_dominican),
    (re.compile(r"(?<!\w)[a-z]{4}\d{6}[hmx][a-z]{5}[a-z\d]\d(?!\w)"), digits.is_curp),
)
"""Written forms with check digits. A form that fails them is doubtful: a slip of the pen is still a number."""

_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], bool] | None], ...] = (
    (re.compile(r"(?<![\w.,/-])\d{11}(?![\w.,/-]\d|\w)"), lambda f: digits.is_cpf(f) or digits.is_cuil(f)),
    (re.compile(r"(?<![\w.,/-])\d{13}(?![\w.,/-]\d|\w)"), digits.is_cui),
    (re.compile(r"(?<![\w.,/-])\d{7,8}-[\dk](?![\w.,/-])"), lambda f: digits.is_rut(f) or digits.is_dui(f)),
    (re.compile(r"(?<![\w.,/-])\d{4} \d{5} \d{4}(?![\w-])"), None),
    (re.compile(r"(?<![\w.,/-])\d{4}-\d{4}-\d{5}(?![\w-])"), None),
    (re.compile(r"(?<![\w.,/-])\d{3}-\d{6}-\d{4}[a-z](?![\w-])"), None),
    (re.compile(r"(?<![\w.,/-])\d{3}-\d{2}-\d{4}(?![\w-])"), None),
    (re.compile(r"(?<![\w.,/-])\d{1}-\d{4}-\d{4}(?![\w-])"), None),
    (re.compile(r"(?<![\w.,/-])\d{2}-\d{2}-\d{2}-\d{4}-\d{2}-\d{5}(?![\w-])"), None),
    (
        re.compile(r"(?<![\w.,/-])\d{2}\.\d{3}\.\d{3}-[\dx](?![\w-])"),
        lambda f: not (digits.rut_of_entity(f) and digits.is_rut(f)),
    ),
    (re.compile(r"(?<!\w)[a-z]{4}\d{6}[a-z\d]{3}(?!\w)"), None),
)
"""Doubtful: the forms of Guatemala, Honduras, Nicaragua, the United States, Costa Rica, Haiti, RG, Mexican RFC."""


_OF_AN_ENTITY = re.compile(r"\b(?:ruc|nit|cuit|cnpj|ein|rnc|rtn)\b")
"""Tax numbers of companies and institutions, which have the form of persons' numbers in other countries."""
_LONG = re.compile(r"\d[\d.\- ]{6,20}[\dk]|[a-z]{4}\d{6}")
"""What every written form holds: without it none is looked for."""


def numbers_by_form(low: str) -> Iterator[Span]:
    if not _LONG.search(low):
        return
    for pattern, check in _CHECKED:
        for match in pattern.finditer(low):
            if check is not _chile_or_uruguay or not digits.rut_of_entity(match[0]):
                yield Span(Suspicion.IDENTITY_NUMBER, match.start(), match.end(), check(match[0]))
    for pattern, passes in _FORMS:
        for match in pattern.finditer(low):
            if _OF_AN_ENTITY.search(low[max(0, match.start() - 12) : match.start()]):
                continue
            if passes is None or passes(match[0]):
                yield Span(Suspicion.IDENTITY_NUMBER, match.start(), match.end())


_MARK = rf"(?:{_LETTERS_NO})"
_FILE = re.compile(
    r"\b(?:expedientes?|causas?|carpeta(?: de investigacion| fiscal| judicial)?|case(?: file)?|file|docket"
    r"|indictment|criminal complaint|police report|incident report|complaint"
    r"|processos?|inqueritos?(?: policial)?|boletim de ocorrencia|b\.?o\.?|acao(?: penal)?|autos|dossier|affaire"
    r"|proces-verbal|procedure|parquet|rit|ruc(?= ?(?:n[o°.]* ?)?\d{10}-)|rol|sumario"
    r"|querella|denuncia|noticia criminal|nunc|cui penal"
    r"|investigacion(?: previa| penal)?|averiguacion previa|proceso|juicio|habeas corpus|recurso|apelacao|sentencia"
    r"|enquete|plainte|recours|notitia criminis)"
    r"(?:\s(?:penal|judicial|criminal|fiscal|policial|investigativa|sob|bajo|el|o|sous|le|under|with"
    r"|registrad[ao]|numero de"
    r"|of the (?:court|prosecutor)|du parquet|criminelle?|correctionnelle?|penale|judiciaire)){0,3}"
    rf",?\s?\(?(?P<mark>(?:{_MARK}\s?){{0,2}})\s?(?P<number>[a-z]{{0,5}}[-/ ]?\d[\w./-]{{0,25}})",
)
_NOT_CRIMINAL = re.compile(
    r"(?:licitaca|licitacion|compra|contratacion|appel d'offres|seletivo|legislativ|administrativ|presupuest)"
)
_CNJ = re.compile(r"(?<![\d.-])\d{7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}(?![\d])")
_DOCKET_FORM = re.compile(
    r"(?<![\w./-])(?:\d{1,2}[:-](?:cr|cv|mj)[-:]\d{2,6}(?:-\d{2,5})?|\d{2,4}-(?:cr|cv|mj)-\d{2,6}"
    r"|(?:mp|fed|fct|tip|srpa|spoa|nuc|ci)[-/](?:[a-z]{2,5}[-/])?\d{2,5}[-/]\d{2,7}(?:[-/]\d{1,7})?)(?![\w])"
)


def dockets(low: str) -> Iterator[Span]:
    for match in _FILE.finditer(low):
        found = match["number"].rstrip("./-")
        count = sum(char.isdigit() for char in found)
        like_file = (count >= 3 and ("/" in found or "-" in found)) or count >= 9
        if not (match["mark"].strip() and count >= 1) and not like_file:
            continue
        if not match["mark"].strip() and _YEAR_FORM.match(found):
            continue
        if match["mark"].strip() == ":" and not like_file:
            continue
        if match["mark"].strip() == "" and count < 4:
            continue
        if _NOT_CRIMINAL.search(low[max(0, match.start() - 25) : match.end()]):
            continue
        yield Span(Suspicion.DOCKET, match.start(), match.start("number") + len(found))
    for pattern in (_CNJ, _DOCKET_FORM):
        for match in pattern.finditer(low):
            yield Span(Suspicion.DOCKET, match.start(), match.end())
