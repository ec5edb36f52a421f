"""No figure of docs/quality.md falls unseen: each stands at or above its floor, on the gold it was set for."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
FLOORS = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
SETS = [name for name, value in FLOORS.items() if isinstance(value, dict)]
SHARED = HERE.parents[2] / "shared" / "gold"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the coded reports are not part of the project (../shared/gold is not there)"
)


@pytest.fixture(scope="module")
def gold() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold", HERE.parents[1] / "tools" / "gold.py")
    assert spec is not None and spec.loader is not None
    sys.modules["gold"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures(gold):
    from marsad.pipeline import Reader

    return gold.all_figures(Reader())


@pytest.mark.parametrize("name", SETS)
def test_the_gold_is_the_one_that_the_floors_were_set_on(gold, name):
    assert gold.hashes()[name] == FLOORS[name]["gold"], (
        f"{name}: the gold has changed; look at `make quality`, then set the floors again with "
        "`python tools/quality.py --floors 0.01`"
    )


@pytest.mark.parametrize("name", SETS)
def test_no_figure_is_below_its_floor(figures, name):
    floors = {key: value for key, value in FLOORS[name].items() if key != "gold"}
    below = [f"{key} {figures[name][key]:.3f} < {floor}" for key, floor in floors.items() if figures[name][key] < floor]
    assert not below, f"{name}: {', '.join(below)}"


def test_every_figure_has_a_floor(figures):
    assert {name: set(found) for name, found in figures.items()} == {
        name: set(FLOORS[name]) - {"gold"} for name in SETS
    }
