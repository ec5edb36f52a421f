"""`marsad serve`, `marsad desk`: the record as a web observatory for a team, and who may work at it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING, Any

from marsad.errors import UsageError
from marsad.faces.opening import add_record_options, opened

if TYPE_CHECKING:
    from marsad.record.store import Record

_ABOUT = (
    "Open the record as a desk for a team in a browser, on this machine alone unless told otherwise. Behind a reverse "
    "proxy with TLS: docs/guides/run-it-for-a-team.md. The first administrator is made with `marsad desk admin NAME`."
)
# Whoever listens to what is new would keep the desk from ending.
_PATIENCE_S = 3
_LOCAL = ("127.0.0.1", "::1", "localhost")


def add_commands(commands: Any) -> None:
    """Add the commands to the parser."""
    serve = commands.add_parser("serve", help="a web observatory for a team", description=_ABOUT)
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, default=8765, help="the port (8765)")
    serve.add_argument("--behind-tls", action="store_true", help="a proxy before it speaks https: cookies go by https")
    serve.add_argument("--demo", action="store_true", help="make an administrator with a password that is shown")
    serve.add_argument("--no-work", action="store_true", help="leave taking in, fusing and polling to another process")
    add_record_options(serve)
    serve.set_defaults(run=_serve)
    desk = commands.add_parser("desk", help="who may work at the desk", description="Make an administrator.")
    desk.add_argument("action", choices=["admin"], help="make an account of an administrator, or a new password for it")
    desk.add_argument("name", metavar="NAME")
    add_record_options(desk)
    desk.set_defaults(run=_desk)


def _serve(asked: argparse.Namespace) -> int:
    try:
        import uvicorn

        from marsad.desk.app import make_app
    except ImportError as error:
        raise UsageError(f"the desk needs {error.name}: pip install 'marsad[desk]'") from None
    if asked.host not in _LOCAL and not asked.behind_tls:
        raise UsageError("the desk speaks plain http: put a proxy with TLS before it and say --behind-tls")
    with opened(asked, create=asked.demo) as record:
        if asked.demo:
            _demo(record)
        print(f"marsad: http://{asked.host}:{asked.port} (end with Ctrl-C)", file=sys.stderr)
        # Forwarded headers are believed of a proxy on this machine alone.
        uvicorn.run(
            make_app(record, asked.behind_tls, not asked.no_work), host=asked.host, port=asked.port,
            log_level="warning",
            access_log=False, server_header=False, proxy_headers=asked.behind_tls, timeout_keep_alive=30,
            timeout_graceful_shutdown=_PATIENCE_S,
        )  # fmt: skip
    return 0


def _desk(asked: argparse.Namespace) -> int:
    from marsad.record.accounts import name_of

    password = os.environ.get("MARSAD_PASSWORD") or _typed_twice()
    with opened(asked) as record:
        _put_admin(record, name_of(asked.name), password)
    print(f"marsad: {asked.name} is an administrator of the desk", file=sys.stderr)
    return 0


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked for a password here; give it in MARSAD_PASSWORD")
    first, second = getpass.getpass("Password: "), getpass.getpass("Again: ")
    if first != second:
        raise UsageError("the two are not the same")
    return first


def _put_admin(record: Record, name: str, password: str) -> None:
    """Make or open the account, with a new password, and end its sessions."""
    from marsad.desk.signing import new_password
    from marsad.pipeline import release
    from marsad.record import looks
    from marsad.record.accounts import Account, Credential, put_account, put_credential
    from marsad.record.permits import revoke

    hashed = new_password(password)
    with record.writing("desk admin", f"marsad {release()}") as writing:
        put_account(writing, Account(name, "admin"), "command line")
        put_credential(writing.connection, Credential(name, hashed))
        revoke(writing.connection, name)
        looks.log(writing, "", "administrator made on the command line", name)


def _demo(record: Record) -> None:
    """Fill an empty record with the sample, and give it an administrator whose password is shown."""
    import secrets
    from importlib.resources import files

    from marsad.adding import Adding
    from marsad.intake import take_in
    from marsad.pipeline import Reader
    from marsad.record.sight import Viewer
    from marsad.record.view import View

    if View(record, Viewer("admin", "")).newest_day() is None:
        adding = Adding(record, Reader(), lambda failure: None)
        adding.add(take_in([str(files("marsad.packs") / "sample" / "reports.jsonl")]))
        adding.fuse()
    password = secrets.token_urlsafe(12)
    _put_admin(record, "demo", password)
    print(f"marsad: sign in as demo with the password {password}", file=sys.stderr)
