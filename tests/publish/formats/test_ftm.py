"""The statements are read back by followthemoney itself, put together to entities and checked against its model."""

from __future__ import annotations

import csv
import json
from collections import Counter
from itertools import groupby

import pytest

from marsad.loading.codebook import actors, types
from marsad.loading.ftm import ftm_mapping
from marsad.loading.published import published
from marsad.publish.characters import writable_xml
from marsad.publish.flat import flat_rows
from marsad.publish.formats import ftm
from marsad.publish.formats.sentences import sentence_of, title_of
from marsad.publish.labels import of_actor
from marsad.publish.outgoing import Outgoing

LIBRARY = "followthemoney needs PyICU, whose build needs the system's ICU (requirements/followthemoney.in)"
STANDING = ("happened", "ongoing")


@pytest.fixture(scope="module")
def library():
    return pytest.importorskip("followthemoney.statement", reason=LIBRARY)


@pytest.fixture(scope="module")
def loaded(library):
    """Give what reads the statements of tables as followthemoney does: entities by id, in the order of the file."""
    from followthemoney.dataset import Dataset

    def load(out, folder):
        path = folder / "statements.csv"
        ftm.write(out, path)
        dataset = Dataset.make(json.loads((folder / "statements.csv-metadata.json").read_text("utf-8")))
        statements = library.read_path_statements(path, "csv")
        found = {}
        for id, group in groupby(statements, key=lambda statement: statement.canonical_id):
            assert id not in found, "the statements of an entity stand together: aggregate-statements asks for it"
            found[id] = library.StatementEntity.from_statements(dataset, list(group))
        return found

    return load


def given(about, rows):
    return Outgoing(about, {"told": lambda: iter(rows)})


def standing(rows):
    return [row for row in rows if row["status"] in STANDING]


def of_schema(entities, *names):
    return [entity for entity in entities.values() if entity.schema.name in names]


@pytest.fixture(scope="module")
def sample(loaded, outgoing, tmp_path_factory):
    return loaded(outgoing, tmp_path_factory.mktemp("ftm"))


def check(entities):
    """Check every entity as its schema does, that nothing required is missing and that links lead where they may."""
    for entity in entities.values():
        entity.schema.validate(entity.to_dict())
        assert all(entity.get(name) for name in entity.schema.required), entity.id
        for prop, value in entity.itervalues():
            assert prop.type.validate(value) and len(value) <= prop.max_length, (prop.qname, value)
            if prop.type.name == "entity":
                assert entities[value].schema.is_a(prop.range), (prop.qname, value)


def test_every_entity_is_one_of_the_model_and_every_link_leads_to_one_of_the_file(sample):
    check(sample)
    for entity in sample.values():
        assert all(prop.type.clean(value) == value for prop, value in entity.itervalues())
    assert {"Event", "Address", "Article", "UnknownLink", "Organization"} <= {e.schema.name for e in sample.values()}


def test_odd_letters_make_no_entity_that_the_model_refuses(loaded, odd, tmp_path):
    out = odd()
    entities = loaded(out, tmp_path)
    check(entities)
    events = of_schema(entities, "Event")
    for event, row in zip(events, standing(list(out.rows("told"))), strict=True):
        evidence = writable_xml(row["evidence"]).strip()
        assert event.get("description") == ([evidence] if evidence else [])


def test_every_event_says_what_its_incident_says(sample, rows):
    told = standing(rows["told"])
    events = of_schema(sample, "Event")
    assert len(events) == len(told) > 100
    for event, row in zip(events, told, strict=True):
        flat = next(flat_rows("incidents", [row]))
        assert set(event.get("name")) == {title_of(row, "en"), title_of(row, "ar")}
        assert set(event.get("summary")) == {sentence_of(row, "en"), sentence_of(row, "ar")}
        assert set(event.get("keywords")) == {flat["type_en"], flat["type_ar"], flat["status"]}
        assert event.get("recordId") == [row["id"]] and event.get("description") == [row["evidence"]]
        assert event.get("startDate") == ([flat["date_start"]] if flat["date_start"] else [])
        assert event.get("endDate") == ([flat["date_end"]] if flat["date_end"] else [])
        assert event.get("country") == ([flat["country"].lower()] if flat["country"] else [])
        assert set(event.get("publisher")) == set(flat["sources"])
        assert event.get("modifiedAt") == [row["recorded"][:19]] and event.first_seen == row["recorded"][:19]


def test_the_notes_of_an_event_tell_what_has_no_property(sample, rows):
    counted = 0
    for event, row in zip(of_schema(sample, "Event"), standing(rows["told"]), strict=True):
        flat, notes = next(flat_rows("incidents", [row])), event.get("notes")
        assert f"certainty: {row['certainty']}" in notes
        assert f"independent_sources: {row['independent_sources']}" in notes
        assert {f"place: {place['role']} {place['name']}" for place in row["places"]} <= set(notes)
        assert (f"contradictions: {'; '.join(flat['contradictions'])}" in notes) == bool(flat["contradictions"])
        for name, count in row["numbers"].items():
            counted += 1
            (note,) = [note for note in notes if note.startswith(f"{name}: ")]
            assert note == f"{name}: " + "; ".join(f"{told['value']} ({told['source']})" for told in count["by"])
        for role in ("actor", "target"):
            nameless = {f"{role}: {party['text']}" for party in row[f"{role}s"] if not party["id"]}
            assert nameless == {note for note in notes if note.startswith(f"{role}: ")}
    assert counted > 20


def test_parties_are_involved_and_a_link_says_in_which_role(sample, rows):
    links = {}
    for link in of_schema(sample, "UnknownLink"):
        ((subject,), (event,), (role,)) = (link.get(name) for name in ("subject", "object", "role"))
        links.setdefault(event, set()).add((role, sample[subject].caption))
    for event, row in zip(of_schema(sample, "Event"), standing(rows["told"]), strict=True):
        named = {
            (role, of_actor(party["id"])[1])
            for role in ("actor", "target") for party in row[f"{role}s"] if party["id"]
        }  # fmt: skip
        assert links.get(event.id, set()) == named
        assert {sample[id].caption for id in event.get("involved")} == {name for _, name in named}


def test_a_party_that_many_incidents_name_is_there_once_under_both_names(sample, rows):
    named = {p["id"] for row in standing(rows["told"]) for p in (*row["actors"], *row["targets"]) if p["id"]}
    parties = of_schema(sample, "Organization", "PublicBody", "LegalEntity")
    assert Counter(frozenset(party.get("name")) for party in parties) == Counter(
        frozenset(of_actor(id)) for id in named
    )
    languages = {(s.value, s.lang) for party in parties for s in party.statements if s.prop == "name"}
    assert {(of_actor(id)[0], "ara") for id in named} | {(of_actor(id)[1], "eng") for id in named} == languages


def test_places_are_addresses_with_their_coordinates(sample, rows):
    for event, row in zip(of_schema(sample, "Event"), standing(rows["told"]), strict=True):
        addresses = [sample[id] for id in event.get("addressEntity")]
        told = {(a.first("city"), a.first("latitude"), a.first("longitude"), a.first("remarks")) for a in addresses}
        assert told == {
            (
                place["name"], None if place["lat"] is None else str(place["lat"]),
                None if place["lon"] is None else str(place["lon"]),
                f"within {place['radius_km']:g} km of the point" if place["radius_km"] else None,
            )
            for place in row["places"]
        }  # fmt: skip


def test_a_blurred_place_is_another_address_than_the_same_place_shown_exactly(loaded, about, rows, tmp_path):
    row = next(row for row in standing(rows["told"]) if row["places"][0]["lat"] is not None)
    blurred = {**row["places"][0], "lat": 33.0, "lon": 36.0, "radius_km": 40}
    entities = loaded(given(about, [row, {**row, "id": "i000000000001", "places": [blurred]}]), tmp_path)
    exact, hidden = of_schema(entities, "Event")
    (address,) = (entities[id] for id in hidden.get("addressEntity"))
    assert address.get("latitude") == ["33.0"] and address.id not in exact.get("addressEntity")


def test_reports_prove_their_events_and_are_there_once(sample, rows):
    for event, row in zip(of_schema(sample, "Event"), standing(rows["told"]), strict=True):
        told = {(f"report: {c['report']}", c["outlet"], c["published"]) for c in row["told"]}
        proof = [sample[id] for id in event.get("proof")]
        assert {(p.first("notes"), p.first("publisher"), p.first("publishedAt")) for p in proof} == told
    assert len(of_schema(sample, "Article")) == len({id for row in standing(rows["told"]) for id in row["reports"]})


def test_a_report_has_its_address_where_that_is_one_of_the_web(loaded, about, rows, tmp_path):
    row = standing(rows["told"])[0]
    urls = {"a": "https://a.example/1?x=1&y=2", "b": "javascript:alert(1)", "c": None, "d": "http://[", "e": "=1"}
    claims = [{**row["told"][0], "report": report, "url": url} for report, url in urls.items()]
    entities = loaded(given(about, [{**row, "told": claims}]), tmp_path)
    check(entities)
    assert [article.first("sourceUrl") for article in of_schema(entities, "Article")] == [urls["a"], *[None] * 4]


def test_what_did_not_take_place_is_no_event_and_is_counted(sample, rows, outgoing, tmp_path):
    ftm.write(outgoing, tmp_path / "a.csv")
    card = json.loads((tmp_path / "a.csv-metadata.json").read_text("utf-8"))
    left = Counter(row["status"] for row in rows["told"] if row["status"] not in STANDING)
    assert left and card["description"].splitlines()[-1] == "incidents left out: " + "; ".join(
        f"{status} {number}" for status, number in sorted(left.items())
    )
    assert {word for event in of_schema(sample, "Event") for word in event.get("keywords")}.isdisjoint(left)


def test_statements_are_numbered_and_typed_as_the_library_does(library, outgoing, tmp_path):
    path = tmp_path / "a.csv"
    ftm.write(outgoing, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, statement in zip(rows, library.read_path_statements(path, "csv"), strict=True):
        again = statement.to_csv_row()
        assert {**again, "id": statement.generate_key()} == {k: v or None for k, v in row.items()}


def test_the_columns_are_those_of_the_library_in_its_order():
    serialize = pytest.importorskip("followthemoney.statement.serialize", reason=LIBRARY)
    assert list(ftm.COLUMNS) == serialize.CSV_COLUMNS


@pytest.mark.parametrize("type", types())
def test_an_incident_of_every_type_is_an_event(loaded, about, rows, tmp_path, type):
    entities = loaded(given(about, [{**standing(rows["told"])[0], "type": type}]), tmp_path)
    check(entities)
    assert types()[type].en in of_schema(entities, "Event")[0].get("keywords")


def test_every_kind_of_party_and_every_column_of_an_incident_has_its_place():
    mapping = ftm_mapping()
    assert {actor.kind for actor in actors().values()} <= set(mapping.schema_of)
    assert set(mapping.columns) | set(mapping.notes) <= {column.name for column in published()["incidents"].columns}
    assert not set(mapping.columns) & set(mapping.notes)


def test_a_record_without_a_report_gives_the_heading_alone(empty, tmp_path):
    ftm.write(empty, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8").count("\n") == 1


def test_the_card_states_licence_method_version_and_question(outgoing, tmp_path):
    ftm.write(outgoing, tmp_path / "a.csv")
    card = json.loads((tmp_path / "a.csv-metadata.json").read_text("utf-8"))
    assert all(line in card["description"] for line in outgoing.about.lines())


def test_the_same_record_gives_the_same_bytes(outgoing, tmp_path):
    ftm.write(outgoing, tmp_path / "a.csv")
    ftm.write(outgoing, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
