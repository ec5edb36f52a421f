"""Run the notebooks of docs/ and write what they answer into them: `python tools/notebooks.py [--check]`.

Each runs in a folder of its own, so that it leaves nothing behind. What a cell shows stays in the file as text; a page
in a frame, and what changes from run to run, does not. With --check nothing is written, and what differs is told.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "docs" / "notebooks"
_LIMIT_S = 300
# Rates and file sizes change from run to run and from library to library.
_TALK = re.compile(r"^.*(reports/s|bytes)\b.*\n?", re.M)


def run(path: Path) -> Any:
    """Return the notebook with the answers of its cells; raise nbclient's CellExecutionError where one fails."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="marsad-notebook-") as folder:
        # `!marsad` in a cell is the one beside the Python that runs this.
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        NotebookClient(notebook, timeout=_LIMIT_S, resources={"metadata": {"path": folder}}).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs for kept in _kept(output)]
            cell.metadata = {}
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    return notebook


def _kept(output: Any) -> list[Any]:
    """Return what of an output stays: text that is the same in every run."""
    if output.output_type == "stream":
        text = _TALK.sub("", output.text) if output.name == "stderr" else output.text
        return [nbformat.v4.new_output("stream", name=output.name, text=text)] if text else []
    data = {kind: value for kind, value in output.data.items() if kind == "text/plain"}
    return [nbformat.v4.new_output(output.output_type, data, **_count(output))] if data else []


def _count(output: Any) -> dict[str, Any]:
    return {"execution_count": output.execution_count} if output.output_type == "execute_result" else {}


def main() -> int:
    """Run every notebook and return how many of them have changed, where nothing is to be written."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", action="store_true", help="write nothing, say what has changed")
    check, changed = asked.parse_args().check, 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        text = nbformat.writes(run(path)) + "\n"
        if text != path.read_text("utf-8"):
            changed += 1
            print(f"{path.name} has changed", file=sys.stderr)
        if not check:
            path.write_text(text, "utf-8")
    return changed if check else 0


if __name__ == "__main__":
    sys.exit(main())
