"""Coordinates and the addresses of shelters.

**Coordinates are certain where they point at a house**: both numbers with four decimals or more (11 metres), degrees
with minutes and seconds, minutes with two decimals, or a plus code. Three decimals (110 metres: a block of houses) are
doubtful; less names a town and is left alone. Bare pairs count only where they can lie in the Americas (the second
from -180 to -30), so that two figures of a statistic are none; with a degree sign, a letter of the compass or the word
latitude they always count.

An address within the same passage as a word for a shelter is doubtful: it may be that of the office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.domain.privacy.flat import Flat
from tracker.domain.privacy.kinds import Span, Suspicion

_LETTER = r"(?: ?(?:n|s|e|w|o|l)(?:orth|outh|ast|est|orte|ur|ul|ord|ud|este|este)?\b\.?)"
_PAIR = re.compile(
    rf"(?<![\w.])(?P<lat>[-+]?\d{{1,2}}[.,](?P<latd>\d{{3,10}}))(?P<m1>°?{_LETTER}?)(?: ?[,;/|] ?| (?:and|y|e|et) | )"
    rf"(?:(?:long?|lng|longitude?"
    rf"|longitud)[.:=]? ?)?(?P<lon>[-+]?\d{{1,3}}[.,](?P<lond>\d{{3,10}}))(?P<m2>°?{_LETTER}?)"
)
_LABELLED = re.compile(
    r"\blat(?:itude?"
    r"|itud)?\b[.:=]?[^\n\d-]{0,12}(?P<lat>-?\d{1,2}[.,](?P<latd>\d{3,10}))(?:[^\n\d]{0,3}[nsw°])?[^\n\d-]{0,24}"
    r"\blo?ng?(?:itude?|itud)?\b[.:=]?[^\n\d-]{0,12}(?P<lon>-?\d{1,3}[.,](?P<lond>\d{3,10}))"
)
_DMS = re.compile(
    r"(?<!\w)\d{1,2} ?[°o] ?(?P<min>\d{1,2}(?:[.,](?P<mind>\d{1,5}))?) ?['′´]"
    r"(?: ?(?P<sec>\d{1,2}(?:[.,]\d{1,4})?) ?(?:\"|″|''|′′|´´)?)? ?(?:norte|north|nord|sur|sul|sud|south|[ns])\b\.?"
    r"[^\w]{0,3}(?:(?:and|y|e|et) )?\d{1,3} ?[°o] ?\d{1,2}(?:[.,]\d{1,5})? ?['′´]"
    r"(?: ?\d{1,2}(?:[.,]\d{1,4})? ?(?:\"|″|''|′′|´´)?)? ?(?:oeste|oest|ouest|west|este|east|est|leste|[weo])\b"
)
_PLUS_CODE = re.compile(r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?![\w+])")
HOUSE, BLOCK = 4, 3
"""Decimals of a degree that name a house (11 m) and a block of houses (110 m)."""


_PRECISE = re.compile(r"\d[.,]\d{3}|\d ?[°o] ?\d|[2-9c-x]\+[2-9c-x]")


def coordinates(flat: Flat) -> Iterator[Span]:
    if not _PRECISE.search(flat.low):
        return
    for match in _PAIR.finditer(flat.low):
        marked = bool(match["m1"].strip() or match["m2"].strip() or "lon" in match[0] or "lng" in match[0])
        labelled = re.search(
            r"(?:lat|coord|gps|ubicacion|localiza)", flat.low[max(0, match.start() - 40) : match.start()]
        )
        west = -180 <= _number(match["lon"]) <= -30
        if abs(_number(match["lat"])) <= 90 and abs(_number(match["lon"])) <= 180 and (marked or labelled or west):
            yield _decimal(match)
    for match in _LABELLED.finditer(flat.low):
        yield _decimal(match)
    for match in _DMS.finditer(flat.low):
        fine = match["sec"] or len(match["mind"] or "") >= 2
        if fine:
            yield Span(Suspicion.COORDINATES, match.start(), match.end(), True)
    for match in _PLUS_CODE.finditer(flat.bare):
        yield Span(Suspicion.COORDINATES, match.start(), match.end(), True)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _decimal(match: re.Match[str]) -> Span:
    fine = min(len(match["latd"]), len(match["lond"])) >= HOUSE
    return Span(Suspicion.COORDINATES, match.start(), match.end(), fine)


_SHELTER = re.compile(
    r"\b(?:shelters?|safe ?house|safe-house|halfway house|transit home|refuge|residential home|refugio|albergue"
    r"|casa de acogida|casa hogar|casa refugio|casa de proteccion|hogar (?:de )?(?:proteccion|acogida"
    r"|transitorio|refugio"
    r"|transito|temporal)|centro de acogida|residencia protegida|casa de medio camino|abrigo|casa-abrigo"
    r"|casa abrigo|casa de passagem"
    r"|casa de acolhimento|unidade de acolhimento|instituicao de acolhimento|republica de acolhimento|abrigamento"
    r"|foyer|maison d'accueil|centre d'hebergement|centre d'accueil|hebergement securise|abri|maison d'hebergement"
    r"|maison securisee|lieu d'hebergement)\b"
)
_WORDS = r"(?: (?:de|del|la|las|los|el|da|do|das|dos|du|des|d'|l'|of|the)| ?[A-Z][\w'.-]{0,20}| \d{1,2}o?(?= de ))"
_STREET_FIRST = re.compile(
    r"\b(?:[Cc]alle|[Aa]venida|[Aa]v\.|[Aa]vda\.?|[Pp]asaje|[Cc]arrera|[Cc]ra\.?|[Tt]ransversal|[Dd]iagonal"
    r"|[Jj]iron|[Jj]r\.|[Cc]amino"
    r"|[Cc]alzada|[Bb]oulevard|[Bb]ulevar|[Rr]ua|[Rr]\.|[Tt]ravessa|[Aa]lameda|[Ee]strada|[Rr]odovia|[Rr]ue|[Aa]venue"
    r"|[Aa]ve\.?|[Ii]mpasse|[Rr]uelle|[Cc]hemin|[Rr]oute|[Kk]m|[Ll]ote|[Mm]anzana|[Cc]olonia)"
    rf"{_WORDS}{{0,6}},? ?(?:[Nn][o°]\.? ?|[Nn]umero |[Nn]um\. ?|[Nn]ro\.? ?|#|[Ll]ote |[Cc]asa "
    rf"|s/n)?(?P<number>\d{{1,5}}\b(?![%.,]\d)|(?<=s/n))"
)
_NUMBER_LAST = re.compile(
    r"\b[A-Z][\w'-]{1,20} (?:[Ss]treet|[Aa]venue|[Rr]oad|[Ll]ane|[Dd]rive|[Bb]oulevard),? (?:[Nn]o\.? ?"
    r"|number )?\d{1,5}\b"
)
_NUMBER_FIRST = re.compile(
    r"(?<![\w.,])\d{1,5}(?:[-/]\d{1,4}|[a-zA-Z]| bis| ter)?,? (?:(?:[A-Z][\w'.-]{1,20} ){1,4}"
    r"(?:Street|St\.?|Avenue|Ave\.?|Road|Rd\.?|Lane|Ln\.?|Drive|Dr\.|Boulevard|Blvd\.?|Crescent|Terrace"
    r"|Close|Gap|Court|Place)\b"
    rf"|(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Rr]uelle|[Cc]hemin|[Rr]oute|[Pp]lace){_WORDS}{{1,6}})"
)
REACH = 140
"""Characters between the word for a shelter and the address."""


def shelters(flat: Flat, bare: str) -> Iterator[Span]:
    words = [(m.start(), m.end()) for m in _SHELTER.finditer(flat.low)]
    if not words:
        return
    found = [m for pattern in (_STREET_FIRST, _NUMBER_FIRST, _NUMBER_LAST) for m in pattern.finditer(bare)]
    found.sort(key=re.Match.start)
    first = 0
    for address in found:
        while first < len(words) and words[first][1] < address.start() - REACH:
            first += 1
        if first == len(words):
            return
        start, end = words[first]
        if start - address.end() > REACH:
            continue
        between = flat.bare[min(end, address.end()) : max(start, address.start())]
        if "\n\n" not in between and not re.search(r"[a-z)]{3}\. [A-Z][^.]*\. ", between):
            yield Span(Suspicion.SHELTER_ADDRESS, min(start, address.start()), max(end, address.end()))
