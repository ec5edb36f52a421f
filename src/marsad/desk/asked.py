"""What is asked for in an address: the filters of every list, which can be cited and sent to a colleague."""

from __future__ import annotations

from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from marsad.questions import filters_of
from marsad.record.view import Filters

_DAY = r"^(\d{4}-\d{2}-\d{2})?$"
_INSTANT = r"^(\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?)?$"
# The fields that a person fills in, in the order of the form.
ASKED = ("type", "status", "first", "last", "place", "under", "actor", "source", "certainty", "known_by")


class Asked(BaseModel):
    """The filters of a list; empty leaves a field open. Days are ISO."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field("", max_length=40)
    status: str = Field("", max_length=20)
    first: str = Field("", pattern=_DAY)
    last: str = Field("", pattern=_DAY)
    place: str = Field("", max_length=120)
    under: str = Field("", max_length=120)
    actor: str = Field("", max_length=120)
    source: str = Field("", max_length=200)
    report: str = Field("", max_length=400)
    incident: str = Field("", max_length=40)
    certainty: float | None = Field(None, ge=0, le=1)
    reviewed: bool = False
    rejected: bool = False
    contradicted: bool = False
    independent: int | None = Field(None, ge=1, le=1_000)
    known_by: str = Field("", pattern=_INSTANT)

    def filters(self, limit: int) -> Filters:
        """Return the filters; raise UsageError for an area, a type or a status that there is not."""
        listed = {name: [value] for name in ("type", "status") if (value := getattr(self, name))}
        return filters_of(
            {
                **self.model_dump(exclude={"known_by", "limit", "cursor", "q"}),
                "type": (),
                "status": (),
                **listed,
                "limit": limit,
            }
        )


class Listed(Asked):
    """The filters of a list that is shown in pages: words that must be met, and how many rows come before."""

    q: str = Field("", max_length=200)
    cursor: int = Field(0, ge=0, le=1_000_000)

    def address(self, cursor: int) -> str:
        """Return the query of the page that begins there, with every filter as it is."""
        asked = {name: value for name, value in self.model_dump().items() if value not in ("", None, False)}
        asked = {name: "true" if value is True else value for name, value in asked.items()}
        return "?" + urlencode({**asked, "cursor": cursor})
