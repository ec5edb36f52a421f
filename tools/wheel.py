"""Build the page's front-end before a wheel is packed, so that `pip install .` brings it along."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """Runs tools/frontend.py, which does nothing where all is built already; a checkout in place is built by make."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what the wheel takes in."""
        if version != "editable":
            try:
                runpy.run_path(str(Path(self.root) / "tools" / "frontend.py"))["main"]()
            except SystemExit as failed:
                self.app.display_warning(f"the page's front-end is not in this wheel: {failed}")
