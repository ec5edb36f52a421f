"""The figures of a bench: kept while it runs, printed at its end, and written into docs/performance.md.

The page is written only where the corpus is there and every figure was measured.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "newspapers-2015.jsonl.gz"
FIGURES = pytest.StashKey[dict[str, object]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = {}


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> dict[str, object]:
    return pytestconfig.stash[FIGURES]


def page_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_page", ROOT / "tools" / "bench_page.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash[FIGURES]
    if not found:
        return
    tool = page_tool()
    terminalreporter.write_line("\n".join(tool.page_of(found)))
    if CORPUS.exists() and not (missing := tool.NEEDED - found.keys()):
        kept = tool.by_hand(tool.PAGE.read_text("utf-8"))
        tool.PAGE.write_text(("\n".join(tool.page_of(found)).rstrip("\n") + f"\n\n{kept}").rstrip("\n") + "\n", "utf-8")
        terminalreporter.write_line("wrote docs/performance.md")
    else:
        why = f"not measured: {', '.join(sorted(missing))}" if CORPUS.exists() else "../shared/corpus is not there"
        terminalreporter.write_line(f"docs/performance.md stays as it is ({why})")
