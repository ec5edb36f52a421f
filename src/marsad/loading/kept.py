"""What is worked out from the packs, kept in the user's cache folder so that the next start is quick.

The text packs stay the truth: what is kept names the packs, the code and the Python that it was made by, and
any other is made anew. Only plain data is kept (marshal), never objects that run code when they are read, and
only files and folders that nobody else can write are trusted. Without a cache folder all works, but slower.
"""

from __future__ import annotations

import gc
import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

_ROOT = Path(str(files("marsad")))
_WRITABLE_BY_OTHERS = 0o022


@cache
def packs_hash() -> str:
    """Return eight digits that change whenever a byte of the code or of a pack changes."""
    digest = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*")):
        if path.suffix in (".py", ".toml", ".csv"):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def cache_folder() -> Path:
    """Return the folder of what is kept: $MARSAD_CACHE, or one in the cache home."""
    given = os.environ.get("MARSAD_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(given or f"{home}/marsad").expanduser()


def kept(name: str, make: Callable[[], Any]) -> Any:
    """Return the plain data that `make` makes, from the cache where these packs and this code left it there."""
    try:
        path = cache_folder() / f"{name}.{sys.implementation.cache_tag}"
    except RuntimeError:  # the user has no home
        return make()
    found = _read(path)
    if found is None:
        found = make()
        with suppress(OSError):  # a folder that cannot be written: the next start makes it again
            _write(path, found)
    return found


def _read(path: Path) -> Any:
    """Return what the file holds, None where it is absent, another's, broken, or made by other packs."""
    try:
        if not (_is_ours(path.parent) and _is_ours(path)):
            return None
        head, _, body = path.read_bytes().partition(b"\n")
        return marshal.loads(body) if head.decode("ascii", "replace") == packs_hash() else None
    except (OSError, EOFError, ValueError, TypeError):
        return None


def _is_ours(path: Path) -> bool:
    """Tell whether the path is the user's own and nobody else may write it."""
    about = path.stat()
    return not hasattr(os, "geteuid") or (about.st_uid == os.geteuid() and not about.st_mode & _WRITABLE_BY_OTHERS)


def _write(path: Path, found: Any) -> None:
    """Store the data in one step: whoever reads meanwhile sees the old file or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        try:
            new.write(packs_hash().encode() + b"\n" + marshal.dumps(found))
            new.close()
            Path(new.name).replace(path)
        except (OSError, ValueError):
            Path(new.name).unlink()
            raise


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector away while packs load: none of it is garbage, and walking it takes a third longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
