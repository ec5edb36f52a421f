"""How a person proves who they are: a password, then a code of the moment, or one of the codes kept for a bad day.

A wrong name takes as long as a wrong password, and what is answered is the same. After five wrong tries the account is
locked for a while, longer each time.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marsad.errors import UsageError
from marsad.record.accounts import Credential, without_code
from marsad.record.permits import digest_of

_HASHER = PasswordHasher()
# A hash of nobody's password, against which those are checked who have none.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
_SHORTEST, _LONGEST = 12, 1_000
_TRIES = 5
_LOCK_S = 60
_LONGEST_LOCK_S = 3_600
_SECOND = 1_000_000
_STEP_S = 30
# Clocks of telephones are a little off.
_STEPS_OFF = 1
_CODES = 10
_ISSUER = "Marsad"


def new_password(written: str) -> str:
    """Return what is kept of a password; raise UsageError for one that is too short or too long."""
    if not _SHORTEST <= len(written) <= _LONGEST:
        raise UsageError(f"a password has {_SHORTEST} letters or more; a sentence of your own is easy to keep in mind")
    return _HASHER.hash(written)


def is_password(of: Credential | None, written: str) -> bool:
    """Tell whether this is the password; for nobody it takes as long and is never so."""
    try:
        right = _HASHER.verify(of.password if of else _NOBODY, written[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return right and of is not None


def is_locked(of: Credential | None, at: int) -> bool:
    """Tell whether nobody may try at this instant."""
    return of is not None and at < of.locked_until


def after_failure(of: Credential, at: int) -> Credential:
    """Return the credential after a wrong try: from the fifth on, locked for a minute, two, four, … an hour."""
    failures = of.failures + 1
    over = failures - _TRIES
    lock = min(_LONGEST_LOCK_S, _LOCK_S * 2 ** min(over, 10)) if over >= 0 else 0
    return replace(of, failures=failures, locked_until=at + lock * _SECOND if lock else of.locked_until)


def after_success(of: Credential) -> Credential:
    """Return the credential after a right try."""
    return replace(of, failures=0, locked_until=0)


def new_secret() -> str:
    """Return a secret for codes of the moment."""
    return pyotp.random_base32()


def enrolment_of(secret: str, name: str) -> str:
    """Return the otpauth:// address that an application for codes takes the secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def with_code(of: Credential, written: str, at: int) -> Credential | None:
    """Return the credential after a code that is right, None where it is not: each code is good for once."""
    typed = "".join(written.split())
    if of.totp is not None and (step := _step_of(of.totp, typed, at)) > of.totp_step:
        return replace(of, totp_step=step)
    digest = digest_of(typed.lower().replace("-", ""))
    return without_code(of, digest) if digest in of.recovery else None


def new_codes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return codes for a bad day, to be shown once, and their digests."""
    codes = tuple(f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(_CODES))
    return codes, tuple(digest_of(code.replace("-", "")) for code in codes)


def _step_of(secret: str, typed: str, at: int) -> int:
    """Return the time step whose code this is, -1 where it is none's near the instant."""
    now = at // _SECOND // _STEP_S
    codes = pyotp.TOTP(secret)
    near = range(now - _STEPS_OFF, now + _STEPS_OFF + 1)
    return next((step for step in near if hmac.compare_digest(codes.at(step * _STEP_S).encode(), typed.encode())), -1)
