"""In whose words an incident's parties go, and how each voice speaks of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marsad.loading.speakers import partisan_of
from marsad.loading.theatre import theatre_codes

Row = Mapping[str, Any]


def in_words_of_most(party: Row, role: str, claims: Sequence[Row]) -> dict[str, Any]:
    """Return a party of an incident in the words of most of its claims, with those of each."""
    said = {
        claim["id"]: p["text"] for claim in claims if claim["id"] in party["claims"]
        for p in claim[role] if party["id"] and p["id"] == party["id"]
    }  # fmt: skip
    most = Counter(said.values()).most_common(1)
    return {**party, "text": most[0][0] if most else party["text"], "texts": said}


def manner_of(name: str, theatre: str | None, day: date | None, parties: set[str]) -> str:
    """Return how a voice speaks of it: "party" where it is one of those who did or suffered it, else "told"."""
    side = partisan_of(name, theatre if theatre in theatre_codes() else None, day)
    return "party" if side and side in parties else "told"


def manners_in(incident: Row, day: date | None) -> dict[str, str]:
    """Return for each voice of an incident, by name, how it speaks of it."""
    theatre = next((place["country"].lower() for place in incident["places"] if place["country"]), None)
    parties = {party["id"] for party in (*incident["actors"], *incident["targets"]) if party["id"]}
    return {voice["name"]: manner_of(voice["name"], theatre, day, parties) for voice in incident["voices"]}
