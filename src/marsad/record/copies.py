"""Which reports repeat another's words: ten copies of one agency are one voice.

A report's sketch is a handful of hashes of runs of four folded words. Reports that share marks are compared whole.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from marsad.record import schema
from marsad.record.store import Writing
from marsad.text.tokens import tokenise

_RUN = 4  # words: shorter runs are set phrases of the trade, longer ones break at every small edit
MARKS = 12  # two texts of which half is the same share one of twelve smallest marks in all but one case in 4,000
# Independent reports of one incident share under a tenth of their runs; agency copies with a new lead, over half.
COPY = 0.5
_CANDIDATES = 20
# Of 200,000 pairs of different newspaper reports of 2015, one in 2,000 has so many words in common.
REWORDED = 0.4


def runs_of(text: str) -> set[int]:
    """Return the 63-bit hashes of all runs of four folded words; of a shorter text, its one run."""
    words = [token.fold for token in tokenise(text) if token.fold.isalnum()]
    joined = (" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1)))
    return {_hash(run) for run in joined}


def _hash(run: str) -> int:
    # 63 bits: the engines' integers have a sign.
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) >> 1


def sketch_of(runs: set[int]) -> list[int]:
    """Return the smallest hashes: whatever two texts share, they are likely to share some of these."""
    return sorted(runs)[:MARKS]


def share_of(runs: set[Any], other: set[Any]) -> float:
    """Return which share (0 to 1) of the shorter text's runs, or words, stands in the other as well."""
    return len(runs & other) / max(1, min(len(runs), len(other)))


def is_reworded(text: str, other: str) -> bool:
    """Tell whether two texts can be versions of one: the shorter has enough of its words in the other."""
    words, others = ({token.fold for token in tokenise(each) if token.fold.isalnum()} for each in (text, other))
    return share_of(words, others) >= REWORDED


def find_originals(connection: Connection, report_id: str, runs: set[int]) -> Iterator[tuple[str, float]]:
    """Yield the ids of the reports recorded before whose wording this one repeats, and the share of it."""
    marks = select(schema.sketch.c.report_n).where(schema.sketch.c.mark.in_(sketch_of(runs)))
    shared = Counter(connection.execute(marks).scalars())
    near = [n for n, _ in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:_CANDIDATES]]
    table = schema.report
    for id, text in connection.execute(select(table.c.id, table.c.text).where(table.c.n.in_(near)).order_by(table.c.n)):
        share = share_of(runs, runs_of(text)) if id != report_id else 0.0
        if share >= COPY:
            yield id, round(share, 3)


def keep_sketch(writing: Writing, report_id: str, report_n: int, text: str) -> None:
    """Write the report's sketch, and a kinship with each earlier report whose wording it repeats."""
    runs = runs_of(text)
    kin = dict(find_originals(writing.connection, report_id, runs))
    writing.add(schema.sketch, [{"mark": mark, "report_n": report_n} for mark in sketch_of(runs)])
    known = select(schema.kinship.c.of_id).where(schema.kinship.c.report_id == report_id)
    seen = set(writing.connection.execute(known).scalars())
    fresh = [{"report_id": report_id, "of_id": of, "share": share} for of, share in kin.items() if of not in seen]
    writing.add(schema.kinship, fresh)
