"""Take the pictures of the page that stand in the README: python tools/pictures.py PAGE.html

They are taken in a Chromium of this machine, and meant to be looked at before they are kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from page.browser import MISSING, Browser, chromium  # noqa: E402

# What is shown: the address of the view, the size of the window, whether it is a phone.
VIEWS = {
    "arabic": ("#d=2018-07-30", (1280, 800), False),
    "english": ("#d=2018-07-12&p=sy-nasib-crossing&l=en", (1280, 800), False),
    "phone": ("#d=2018-07-30", (390, 780), True),
}


def main(page: Path) -> int:
    """Write one picture a view into docs/pictures."""
    path = chromium()
    if path is None:
        sys.exit(MISSING)
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    browser = Browser(path)
    try:
        for name, (address, (width, height), phone) in VIEWS.items():
            browser.screen(width, height, phone=phone)
            browser.open(page, address)
            browser.until("!marsad.map.map.getView().getAnimating()")
            browser.picture(folder / f"page-{name}.png")
    finally:
        browser.close()
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"{__doc__}")
    sys.exit(main(Path(sys.argv[1])))
