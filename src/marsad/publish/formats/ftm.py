"""FollowTheMoney statements (followthemoney 4), a row for each value of a property of an entity, and a card of the set.

Incidents are Events, parties of the registry are those involved, places Addresses and reports Articles. The statements
of an entity stand together, and an entity that many incidents name is written where the first of them names it.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any

from marsad.loading.codebook import actors
from marsad.loading.ftm import FtmMapping, ftm_mapping
from marsad.publish.characters import writable_xml
from marsad.publish.flat import flat_rows
from marsad.publish.formats.addresses import web_address
from marsad.publish.formats.sentences import sentence_of, title_of
from marsad.publish.labels import of_actor
from marsad.publish.outgoing import Outgoing

Row = Mapping[str, Any]
# The columns that followthemoney.statement.serialize writes, in its order.
COLUMNS = (
    "canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "origin", "lang", "original_value",
    "external", "first_seen", "last_seen", "id",
)  # fmt: skip
ARABIC, ENGLISH = "ara", "eng"
_LANG = {ENGLISH: "en", ARABIC: "ar"}
# Types of property whose values are of no language, by followthemoney.statement.util.
_NO_LANG = frozenset({"entity", "date", "url", "country", "id"})


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a property, and its language where that is known."""

    prop: str
    value: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity and what is said of it; `first_seen` is the instant of its record, "" where none is kept."""

    schema: str
    id: str
    said: tuple[Said, ...]
    first_seen: str = ""


def write(out: Outgoing, path: Path) -> None:
    """Write the statements of the incidents that took place; and PATH-metadata.json, what the set is."""
    mapping, seen, left_out = ftm_mapping(), set[str](), Counter[str]()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, dialect="unix")
        rows.writerow(COLUMNS)
        for entity in _entities(out.rows("told"), mapping, left_out):
            if entity.id not in seen:
                _remember(entity, seen)
                rows.writerows(_statements(entity, mapping, _instant(out.about.as_known)))
    card = json.dumps(_card(out, mapping, left_out), ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}-metadata.json").write_text(writable_xml(card) + "\n", "utf-8")


def _remember(entity: Entity, seen: set[str]) -> None:
    """Remember an entity that others may name again; incidents and their links come once, and there are too many."""
    if entity.schema not in ("Event", "UnknownLink"):
        seen.add(entity.id)


def _entities(incidents: Iterable[Row], mapping: FtmMapping, left_out: Counter[str]) -> Iterator[Entity]:
    """Yield for each incident that took place the entities that it names, then itself and the links to it."""
    for row in incidents:
        if row["status"] not in mapping.statuses:
            left_out[row["status"]] += 1
            continue
        named = _Named(list(_parties(row, mapping)), list(map(_address, row["places"])), list(_articles(row)))
        yield from (*(party for _, party in named.parties), *named.addresses, *named.articles)
        event = _event(row, mapping, named)
        yield event
        yield from (_link(event, role, party) for role, party in named.parties)


@dataclass(frozen=True, slots=True)
class _Named:
    """What an incident names: parties with their role in it, addresses, articles."""

    parties: list[tuple[str, Entity]]
    addresses: list[Entity]
    articles: list[Entity]

    def said(self) -> Iterator[Said]:
        """Yield what the event says of them."""
        yield from (Said("involved", id) for id in dict.fromkeys(party.id for _, party in self.parties))
        yield from (Said("addressEntity", address.id) for address in self.addresses)
        yield from (Said("proof", article.id) for article in self.articles)


def _parties(row: Row, mapping: FtmMapping) -> Iterator[tuple[str, Entity]]:
    for role in ("actor", "target"):
        for party in row[f"{role}s"]:
            if party["id"]:
                yield role, _party(party["id"], mapping)


def _party(id: str, mapping: FtmMapping) -> Entity:
    """Return a party of the registry; one that it lacks is whoever acts, called by its id."""
    arabic, english = of_actor(id)
    known = actors().get(id)
    schema = mapping.schema_of[known.kind] if known else "LegalEntity"
    said = (Said("name", english, ENGLISH), Said("name", arabic, ARABIC), Said("notes", f"registry: {id}"))
    return Entity(schema, _id("party", id), said)


def _address(place: Row) -> Entity:
    """Return a place; one that is blurred for an incident is another than the same place where it is not."""
    told = [place[name] for name in ("id", "name", "admin1", "country", "lat", "lon", "radius_km")]
    exact = f"within {place['radius_km']:g} km of the point" if place["radius_km"] else ""
    said = (
        Said("full", _where(place)), Said("city", place["name"]), Said("state", place["admin1"] or ""),
        Said("country", (place["country"] or "").lower()), Said("latitude", _number(place["lat"])),
        Said("longitude", _number(place["lon"])), Said("remarks", exact),
        Said("notes", f"gazetteer: {place['id']}" if place["id"] else ""),
    )  # fmt: skip
    return Entity("Address", _id("place", json.dumps(told)), said)


def _articles(row: Row) -> Iterator[Entity]:
    """Yield the reports whose claims tell an incident, each once."""
    for claim in {claim["report"]: claim for claim in row["told"]}.values():
        outlet, day = claim["outlet"] or "", claim["published"] or ""
        said = (
            Said("title", ", ".join(part for part in (outlet, day) if part)), Said("publisher", outlet),
            Said("publishedAt", day), Said("sourceUrl", web_address(claim["url"]) or ""),
            Said("notes", f"report: {claim['report']}"),
        )  # fmt: skip
        yield Entity("Article", _id("report", claim["report"]), said)


def _event(row: Row, mapping: FtmMapping, named: _Named) -> Entity:
    flat = next(flat_rows("incidents", [row]))
    said = [
        *(Said("name", title_of(row, short), long) for long, short in _LANG.items()),
        *(Said("summary", sentence_of(row, short), long) for long, short in _LANG.items()),
        *(Said("location", _where(place)) for place in row["places"][:1]),
        *(said for column, prop in mapping.columns.items() for said in _of_column(column, prop, flat[column])),
        *(Said("notes", note) for note in _notes(row, flat, mapping)),
        *named.said(),
    ]
    return Entity("Event", _id("incident", row["id"]), tuple(said), _instant(row["recorded"]))


def _of_column(column: str, prop: str, value: Any) -> Iterator[Said]:
    lang = {"type_en": ENGLISH, "type_ar": ARABIC, "evidence": ARABIC}.get(column, "")
    for one in value if isinstance(value, list) else [value]:
        if one is not None:
            yield Said(prop, one.lower() if prop == "country" else _instant(one) if column == "recorded" else one, lang)


def _notes(row: Row, flat: Row, mapping: FtmMapping) -> Iterator[str]:
    """Yield what has no property, a line each; numbers with who tells which, and parties whom the registry lacks."""
    for column in mapping.notes:
        if column == "numbers":
            yield from (f"{name}: {_values(count)}" for name, count in row["numbers"].items())
        elif column == "places":
            yield from (f"place: {place['role']} {place['name']}" for place in row["places"])
        elif flat[column] not in (None, "", []):
            value = flat[column]
            yield f"{column}: {'; '.join(value) if isinstance(value, list) else value}"
    for role in ("actor", "target"):
        yield from (f"{role}: {party['text']}" for party in row[f"{role}s"] if not party["id"])


def _values(count: Row) -> str:
    return "; ".join(f"{told['value']} ({told['source']})" for told in count["by"])


def _link(event: Entity, role: str, party: Entity) -> Entity:
    said = (Said("subject", party.id), Said("object", event.id), Said("role", role, ENGLISH))
    return Entity("UnknownLink", _id("link", f"{party.id}/{role}/{event.id}"), said, event.first_seen)


def _where(place: Row) -> str:
    return ", ".join(part for part in (place["name"], place["admin1"]) if part)


def _number(value: float | None) -> str:
    return "" if value is None else str(value)


def _instant(written: str) -> str:
    """Return an instant in UTC to the second, as FollowTheMoney writes it."""
    return datetime.fromisoformat(written).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if written else ""


def _id(kind: str, key: str) -> str:
    return "marsad-" + sha1(f"{kind}/{writable_xml(key)}".encode()).hexdigest()


def _statements(entity: Entity, mapping: FtmMapping, last_seen: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of an entity: first that it is there, then its values, each once and none that is blank."""
    told = (Said(said.prop, writable_xml(said.value).strip(), said.lang) for said in entity.said)
    for said in (Said("id", entity.id), *dict.fromkeys(told)):
        if said.value:
            yield _row(entity, mapping, last_seen, said)


def _row(entity: Entity, mapping: FtmMapping, last_seen: str, said: Said) -> tuple[str, ...]:
    """Return a statement; its id is hashed as followthemoney.statement does: a second export meets the first."""
    type = mapping.type_of.get(said.prop, "id")
    lang = "" if type in _NO_LANG else said.lang
    key = f"{mapping.dataset}.{entity.id}.{said.prop}.{said.value}" + (f"@{lang}" if lang else "")
    id = sha1(key.encode()).hexdigest()
    return (
        entity.id, entity.id, said.prop, type, entity.schema, said.value, mapping.dataset, "", lang, "", "f",
        entity.first_seen, last_seen, id,
    )  # fmt: skip


def _card(out: Outgoing, mapping: FtmMapping, left_out: Mapping[str, int]) -> dict[str, Any]:
    """Return what the set is, as followthemoney.dataset reads it; what has no field there stands in the description."""
    about = out.about
    left = "; ".join(f"{status} {number}" for status, number in sorted(left_out.items())) or "none"
    return {
        "name": mapping.dataset, "title": about.title, "summary": about.method,
        "description": "\n".join((*about.lines(), f"incidents left out: {left}")),
        "updated_at": _instant(about.as_known),
    }  # fmt: skip
