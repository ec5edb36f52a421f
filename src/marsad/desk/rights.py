"""Who may do what: one row a route, for every route that there is; what is not in this table is refused.

`role` is the least role; "" is anybody, signed in or not. `scope` is what a token must be given for it, None where a
token may not. The tests walk every route as everybody and compare with this table.
"""

from __future__ import annotations

from dataclasses import dataclass

from marsad.record.accounts import ROLES

EXPORT = "export"
SCOPES = ("read", EXPORT, "review", "intake", "publish", "admin")
# What the record shows to a role of the desk (record/sight.py).
SEES = {"reader": "analyst", "coder": "analyst", "reviewer": "reviewer", "editor": "reviewer", "admin": "admin"}


@dataclass(frozen=True, slots=True)
class Right:
    """What it takes to use a route; `writes` is whether the route changes anything."""

    role: str
    scope: str | None = None
    writes: bool = False

    def allows(self, role: str) -> bool:
        """Tell whether a person of this role may."""
        return not self.role or (role in ROLES and ROLES.index(role) >= ROLES.index(self.role))


RIGHTS: dict[str, Right] = {
    # Signing in and out.
    "static": Right(""),
    "health": Right(""),
    "sign_in": Right(""),
    "sign_in_now": Right("", writes=True),
    "second_factor": Right(""),
    "second_factor_now": Right("", writes=True),
    "speak": Right("", writes=True),
    "sign_out": Right("reader", writes=True),
    "me": Right("reader"),
    "set_password": Right("reader", writes=True),
    "enrol": Right("reader", writes=True),
    "confirm_enrolment": Right("reader", writes=True),
    # Looking.
    "front": Right("reader"),
    "claims": Right("reader"),
    "claim": Right("reader"),
    "incidents": Right("reader"),
    "incident": Right("reader"),
    "reports": Right("reader"),
    "report": Right("reader"),
    "search": Right("reader"),
    "map": Right("reader"),
    "digest": Right("reader"),
    # Deciding.
    "review": Right("coder"),
    "decide": Right("coder", writes=True),
    "correct": Right("coder", writes=True),
    "undo": Right("coder", writes=True),
    "add_claim": Right("coder", writes=True),
    "link": Right("reviewer", writes=True),
    "unlink": Right("reviewer", writes=True),
    "new_claim": Right("coder"),
    "places_called": Right("coder"),
    # Intake.
    "intake": Right("coder"),
    "take_in": Right("coder", writes=True),
    "retry_job": Right("coder", writes=True),
    "cancel_job": Right("coder", writes=True),
    "sources": Right("coder"),
    "add_source": Right("editor", writes=True),
    "change_source": Right("editor", writes=True),
    # What is new.
    "events": Right("reader", "read"),
    "arrived": Right("reader"),
    # Who holds what, in dispute.
    "control": Right("reader"),
    "place": Right("reader"),
    "settle": Right("reviewer", writes=True),
    # The digest as it goes out.
    "draft": Right("editor"),
    "publish": Right("editor", writes=True),
    "issues": Right("reader"),
    "issue": Right("reader"),
    "print_issue": Right("reader", "read"),
    # How good the reader is.
    "quality": Right("reviewer"),
    "gold": Right("reviewer", "export"),
    # Administration.
    "hooks": Right("admin"),
    "add_hook": Right("admin", writes=True),
    "remove_hook": Right("admin", writes=True),
    "people": Right("admin"),
    "add_person": Right("admin", writes=True),
    "change_person": Right("admin", writes=True),
    "audit": Right("admin"),
    # The interface for programs.
    "openapi": Right("reader", "read"),
    "api_claims": Right("reader", "read"),
    "api_claim": Right("reader", "read"),
    "api_incidents": Right("reader", "read"),
    "api_incident": Right("reader", "read"),
    "api_reports": Right("reader", "read"),
    "api_control": Right("reader", "read"),
    "api_changes": Right("reader", "read"),
    "api_search": Right("reader", "read"),
    "api_decide": Right("coder", "review", writes=True),
    "tokens": Right("reader"),
    "new_token": Right("reader", writes=True),
    "revoke_token": Right("reader", writes=True),
}
