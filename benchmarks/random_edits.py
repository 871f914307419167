"""Random edits judged by what they touch, and by every rule asked of everybody: the two must never differ.

python -m benchmarks.random_edits --edits 100000 --chunk 500
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace

import numpy as np

from tests.roster.desk import test_board as rich
from tests.roster.desk.verdicts import judged_twice
from tests.roster.generated import generated

FEW = (2, 5)  # people of a site, least and one beyond the most: rules are about one person or two, sites are many


def main() -> int:
    """Print one JSON line a chunk, and one that sums up; 1 where a judgement differs.

    One chunk in ten is of a site of two weeks with every rule, the others of generated sites: a week from nothing, then
    the week after it.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=2000)
    parser.add_argument("--chunk", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="number of the first chunk")
    asked = parser.parse_args()
    edits, broken, differences = 0, 0, 0
    for number in range(asked.first, asked.first + -(-asked.edits // asked.chunk)):
        begun = time.process_time()
        bad, found = chunk(number, asked.chunk)
        edits, broken, differences = edits + asked.chunk, broken + bad, differences + len(found)
        cpu_s = round(time.process_time() - begun, 1)
        print(json.dumps({"chunk": number, "cpu_s": cpu_s, "broken": bad, "differences": found}), flush=True)
    print(json.dumps({"edits": edits, "broken": broken, "differences": differences}))
    return 1 if differences else 0


def chunk(number: int, edits: int) -> tuple[int, list[str]]:
    """Edits that break a rule, and differences, of the chunk of this number."""
    rng = np.random.default_rng(number)
    if number % 10 == 0:
        inputs = rich._site()
        inputs = replace(inputs, past=rich._past(inputs))
        made = judged_twice(inputs, inputs.past.iloc[:0], rng, edits)
        return made.broken, made.differences
    first = generated(number, people=FEW)
    nothing = rich._past(first).iloc[:0]
    made = judged_twice(first, nothing, rng, edits // 2)
    then = judged_twice(generated(number, week=1, past=made.table, people=FEW), nothing, rng, edits - edits // 2)
    return made.broken + then.broken, [*made.differences, *then.differences]


if __name__ == "__main__":
    sys.exit(main())
