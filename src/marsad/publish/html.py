"""A page, or a fragment for a notebook: the text with its evidence marked, and a card for every claim.

Everything that comes from a report is escaped. No script: numbers link words and cards both ways, and
hovering over one lights the other through style rules made for each claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from marsad.model import Claim, Party, PlaceRef, Report
from marsad.publish import labels
from marsad.publish.cells import RIGHT_RUN
from marsad.publish.marks import Piece, pieces_of

# A type's hue in degrees. Kin stand near each other: fire and fighting red to orange, harm to people purple,
# ground that changes hands blue, words green, people who move teal; each type also bears its name.
_HUES = {
    "clash": 0, "attack": 8, "shelling": 18, "airstrike": 28, "bombing": 38, "killing": 340, "abduction": 322,
    "arrest": 308, "abuse": 296, "destruction": 48, "takeover": 220, "control": 232, "advance": 210,
    "withdrawal": 200, "handover": 244, "deployment": 256, "siege": 268, "surrender": 190, "defection": 182,
    "release": 174, "exchange": 166, "displacement": 60, "evacuation": 70, "negotiation": 128, "agreement": 142,
    "demand": 110, "protest": 92, "aid": 80,
}  # fmt: skip
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
Coded = tuple[Report, Sequence[Claim]]


@cache
def _style() -> str:
    return files("marsad.publish").joinpath("page.css").read_text("utf-8")


def page_of(coded: Iterable[Coded]) -> Iterator[str]:
    """Yield the parts of a self-contained page, one section a report in the order given."""
    yield (
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>مرصد · Marsad</title>\n'
        f"<style>\n{_style()}</style>\n</head>\n"
        '<body class="marsad-page">\n<header class="marsad-head"><b>مرصد</b> <span lang="en" dir="ltr">Marsad: '
        "what the reports say, tied to the words that say it</span></header>\n"
    )
    for report, claims in coded:
        yield _section(report, claims)
    yield "</body>\n</html>\n"


def fragment_of(report: Report, claims: Sequence[Claim]) -> str:
    """Return the same view of one report without a page around it, its style kept to itself."""
    return f"<style>\n{_style()}</style>\n{_section(report, claims)}"


def _section(report: Report, claims: Sequence[Claim]) -> str:
    # Two reports of one page may say the same; the prefix keeps their anchors apart.
    prefix = "r" + sha256(report.id.encode("utf-8", "replace")).hexdigest()[:8]
    cards = "".join(_card(claim, i, prefix, claims) for i, claim in enumerate(claims))
    return (
        f'<section class="marsad" lang="ar" dir="rtl" id="{prefix}">\n{_links_style(prefix, len(claims))}'
        f"{_report_head(report, claims)}"
        f'<div class="m-body">\n<div class="m-text">{_marked_text(report.text, claims, prefix)}</div>\n'
        f'<div class="m-cards">{cards or _no_claims()}</div>\n</div>\n{_foot(claims)}</section>\n'
    )


def _links_style(prefix: str, count: int) -> str:
    """Return the rules by which hovering over a card lights its words, and the other way round."""
    rules = "".join(
        f"#{prefix}:has(#{prefix}c{n}:is(:hover,:target)) .k{n},"
        f"#{prefix}:has(.k{n}:hover) #{prefix}c{n}{{outline:2px solid var(--m-lit)}}\n"
        for n in range(1, count + 1)
    )
    return f"<style>\n{rules}</style>\n" if rules else ""


def _report_head(report: Report, claims: Sequence[Claim]) -> str:
    outlet = f"<bdi>{_e(report.outlet)}</bdi>" if report.outlet else ""
    parts = [outlet, _day(report.published.isoformat() if report.published else None), _address(report.url)]
    about = " · ".join(part for part in parts if part)
    title = f"<h2>{_e(report.title)}</h2>" if report.title else ""
    count = _both((f"الأقوال: {_number(len(claims))}", f"claims: {len(claims)}"))
    return f'<div class="m-head">{title}<p>{about}</p><p class="m-count">{count}</p></div>\n'


def _address(url: str | None) -> str:
    if not url:
        return ""
    shown = f'<bdi dir="ltr">{_e(url)}</bdi>'
    safe = url.lower().startswith(("http://", "https://"))
    return f'<a href="{_e(url)}" rel="noreferrer">{shown}</a>' if safe else shown


def _marked_text(text: str, claims: Sequence[Claim], prefix: str) -> str:
    return "".join(_marked(piece, text, claims, prefix) for piece in pieces_of(len(text), claims))


def _marked(piece: Piece, text: str, claims: Sequence[Claim], prefix: str) -> str:
    words = _e(text[piece.start : piece.end])
    if not piece.claims:
        return words
    tags = "<wbr>".join(_tag(claims[i], i + 1, prefix) for i in piece.opens)
    inner = f"<strong>{words}</strong>" if piece.trigger else words
    names = "، ".join(f"{_number(i + 1)} {labels.of_type(claims[i].type)[0]}" for i in piece.claims)
    keys = " ".join(f"k{i + 1}" for i in piece.claims)
    more = " m-more" if len(piece.claims) > 1 else ""
    hue = _hue(claims[piece.claims[0]].type)
    return f'{tags}<mark class="{keys}{more}" style="--h:{hue}" title="{_e(names)}">{inner}</mark>'


def _tag(claim: Claim, n: int, prefix: str) -> str:
    """Return the number and name before the evidence, a link to the card."""
    name = labels.of_type(claim.type)[0]
    return (
        f'<a class="m-tag k{n}" id="{prefix}t{n}" href="#{prefix}c{n}" style="--h:{_hue(claim.type)}">'
        f"{_number(n)} {_e(name)}</a>"
    )


def _card(claim: Claim, i: int, prefix: str, claims: Sequence[Claim]) -> str:
    n = i + 1
    status = labels.STATUS.get(claim.status, (claim.status, claim.status))
    rows = "".join(_row(name, value) for name, value in _values(claim, prefix, claims) if value)
    quoted = f' <span class="m-chip">{_both(("بين مزدوجين", "quoted"))}</span>' if claim.quoted else ""
    return (
        f'<article class="m-card" id="{prefix}c{n}" style="--h:{_hue(claim.type)}" data-claim="{_e(claim.id)}">'
        f'<h3><a href="#{prefix}t{n}">{_number(n)}</a> {_both(labels.of_type(claim.type))} '
        f'<span class="m-chip m-{_e(claim.status)}">{_both(status)}</span>{quoted}</h3>'
        f'<blockquote class="k{n}">{_e(claim.evidence)}</blockquote>'
        f"<dl>{rows}</dl>{_why(claim)}</article>\n"
    )


def _values(claim: Claim, prefix: str, claims: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Yield every field that a claim can have, as HTML; empty where it has none."""
    yield "actors", _listed(_party(p) for p in claim.actors)
    yield "targets", _listed(_party(p) for p in claim.targets)
    yield "places", _listed(_place(words) for words in _by_place(claim.places))
    yield "sites", _listed(f"{_e(s.text)} {_en(s.kind)}" for s in claim.sites)
    yield "date", _day(claim.date)
    yield "numbers", _listed(_count(key, value) for key, value in claim.numbers.items())
    yield "sources", " ← ".join(_e(s) for s in claim.sources)
    yield "trigger", _e(claim.trigger)
    yield "certainty", _certainty(claim.certainty)
    yield "links", _listed(_link(kind, id, prefix, claims) for kind, id in claim.links)


def _row(name: str, value: str) -> str:
    return f"<dt>{_both(labels.FIELDS[name])}</dt><dd>{value}</dd>"


def _party(party: Party) -> str:
    return f"{_e(party.text)} {_en(labels.of_actor(party.id)[1], party.id)}" if party.id else _e(party.text)


def _by_place(places: Sequence[PlaceRef]) -> list[list[PlaceRef]]:
    """Return the places in their order, with those together that are one place under several words."""
    found: dict[tuple[str, str, str | None], list[PlaceRef]] = {}
    for place in places:
        found.setdefault((place.role, place.name, place.id), []).append(place)
    return list(found.values())


def _place(words: Sequence[PlaceRef]) -> str:
    """Return the words of one place, and under them what it is called, where it lies and how exact that is."""
    place = words[0]
    role = _both(labels.ROLES.get(place.role, (place.role, place.role)))
    texts = "، ".join(_e(text) for text in dict.fromkeys(p.text for p in words))
    area = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    at = "" if place.lat is None or place.lon is None else f" {place.lat:.3f}, {place.lon:.3f}"
    radius = "" if place.radius_km is None else f" ± {place.radius_km:g} km"
    geo = f' <span class="m-geo">·{at}{radius}</span>' if at or radius else ""
    return f'<span class="m-role">{role}</span> {texts} <small lang="en" dir="ltr">{_e(area)}{geo}</small>'


def _count(key: str, value: object) -> str:
    return f"{_both(labels.NUMBERS.get(key, (key, key)))} <b><bdi>{_e(str(value))}</bdi></b>"


def _certainty(value: float) -> str:
    share = round(100 * max(0.0, min(1.0, value)))
    return f'<span class="m-bar" style="--v:{share}%"></span> <bdi dir="ltr">{share} %</bdi>'


def _link(kind: str, id: str, prefix: str, claims: Sequence[Claim]) -> str:
    n = next((i + 1 for i, c in enumerate(claims) if c.id == id), 0)
    if not n:
        return ""
    name = _both(labels.of_type(claims[n - 1].type))
    return f'{_both(labels.LINKS.get(kind, (kind, kind)))} <a href="#{prefix}c{n}">{_number(n)}</a> {name}'


def _why(claim: Claim) -> str:
    if not claim.why:
        return ""
    reasons = "".join(f"<li>{_isolated(reason)}</li>" for reason in claim.why)
    return f'<details><summary>{_both(labels.FIELDS["why"])}</summary><ul lang="en" dir="ltr">{reasons}</ul></details>'


def _isolated(reason: str) -> str:
    """Return a line of English, escaped, in which Arabic words do not move their neighbours."""
    parts, at = [], 0
    for run in RIGHT_RUN.finditer(reason):
        parts += [_e(reason[at : run.start()]), f'<bdi lang="ar">{_e(run.group())}</bdi>']
        at = run.end()
    return "".join(parts) + _e(reason[at:])


def _no_claims() -> str:
    return f'<p class="m-none">{_both(("لا أقوال في هذا التقرير", "nothing was read from this report"))}</p>'


def _foot(claims: Sequence[Claim]) -> str:
    readers = sorted({c.reader for c in claims if c.reader})
    return f'<p class="m-foot" lang="en" dir="ltr">{_e(", ".join(readers))}</p>\n' if readers else ""


def _listed(parts: Iterable[str]) -> str:
    return "<br>".join(part for part in parts if part)


def _day(date: str | None) -> str:
    return f'<time dir="ltr">{_e(date.replace("/", " … "))}</time>' if date else ""


def _both(words: tuple[str, str]) -> str:
    """Return the Arabic word with the English one small beside it."""
    return f"{_e(words[0])} {_en(words[1])}"


def _en(words: str, title: str = "") -> str:
    hint = f' title="{_e(title)}"' if title else ""
    return f'<small lang="en" dir="ltr"{hint}>{_e(words)}</small>'


def _number(n: int) -> str:
    return str(n).translate(_ARABIC_DIGITS)


def _hue(type: str) -> int:
    return _HUES.get(type, 0)


def _e(text: str | None) -> str:
    """Return the text escaped for element and attribute; without characters that no page may hold."""
    return escape("".join(c for c in text or "" if c >= " " or c in "\n\t"), quote=True)
