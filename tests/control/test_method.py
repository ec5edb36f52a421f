"""The method page is run: every block of docs/concepts/control.md, line by line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from control.told import Block, differences, take

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "control.md"
BLOCKS = re.findall(r"```control\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_page_has_a_block_for_each_part_of_the_method():
    assert len(BLOCKS) >= 20


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: re.sub(r"\W+", "-", text.splitlines()[0])[:50])
def test_a_block_of_the_method_page_comes_out_as_it_says(text):
    block = Block()
    for n, line in enumerate(text.splitlines()):
        if line.startswith("="):
            wrong = list(differences(block.atlas(), line))
            assert not wrong, f"{line}\n  " + "; ".join(wrong)
        else:
            take(block, line, f"c{n}")
