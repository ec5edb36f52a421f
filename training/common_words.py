"""Count the commonest words of a corpus of Arabic reports: they say little of what a report is about.

python -m training.common_words ../shared/corpus/newspapers-2015.jsonl.gz > src/marsad/packs/languages/ar/common.csv
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter

from marsad.record.wording import bare
from marsad.text.tokens import tokenise

# A word of fewer than one text in a hundred says something; rarer ones need no row.
_LEAST = 0.01


def counted(path: str) -> tuple[int, Counter[str]]:
    """Return the number of texts and, for each bare folded word, in how many of them it stands."""
    texts, found = 0, Counter[str]()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            texts += 1
            found.update({bare(t.fold) for t in tokenise(json.loads(line)["text"]) if t.fold.isalpha()})
    return texts, found


def main() -> None:
    """Write word and share of texts, the commonest first."""
    texts, found = counted(sys.argv[1])
    print("word,share")
    for word, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])):
        if count >= _LEAST * texts and len(word) > 2:
            print(f"{word},{count / texts:.3f}")


if __name__ == "__main__":
    main()
