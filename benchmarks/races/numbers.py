"""What a number policy costs: one vocabulary with its own splitter and with groups from the right.

Text that engines have seen; tiktoken is given the policy as a pattern.
"""

import random
from collections.abc import Callable
from typing import Any

from benchmarks.corpora import first, text
from benchmarks.result import OURS, Case, Settings
from benchmarks.rivals import engines, present
from benchmarks.timing import pin, warm
from benchmarks.vocabularies import Vocabulary, vocabularies

POLICY = "r2l3"
Calls = dict[str, Callable[[str], Any]]


def run(settings: Settings) -> list[Case]:
    """Two cases a kind of text: without the policy and with it."""
    pin()
    vocabulary = vocabularies(settings.data)[0]
    size = settings.megabytes(3)
    english, source = text("english", settings.data)
    bodies = {"english": (first(english, size), source), "numbers": (_rows(size), "drawn numbers")}
    arms = {
        vocabulary.name: {e.name: e.encode for e in engines(vocabulary, (OURS, "tiktoken"))},
        f"{vocabulary.name}+{POLICY}": _with_policy(vocabulary),
    }
    cases = []
    for kind, (body, note) in bodies.items():
        for name, calls in arms.items():
            case = Case("numbers", f"{name} {kind}", "MB/s", note=note)
            case.engines = warm(calls, body, len(body.encode()), settings.rounds, case.name)
            cases.append(case)
    return cases


def _rows(size: int) -> str:
    """Numbers of 1 to 9 digits, eight a line."""
    rng = random.Random(7)
    rows, length = [], 0
    while length < size:
        numbers = (str(rng.randrange(10 ** rng.randint(1, 9))) for _ in range(8))
        rows.append(" ".join(numbers) + "\n")
        length += len(rows[-1])
    return "".join(rows)


def _with_policy(vocabulary: Vocabulary) -> Calls:
    from tokenry import load
    from tokenry.surgery.numbers import with_numbers
    from tokenry.text.pretokenizers.split_patterns import pattern_of

    rank_file = vocabulary.path.suffix == ".tiktoken"
    options = {"pattern": vocabulary.pattern} if rank_file else {}
    ours = load(str(vocabulary.path), **options)
    calls: Calls = {OURS: with_numbers(ours, POLICY).encode_to_numpy}
    if present("tiktoken"):
        import tiktoken

        calls["tiktoken"] = tiktoken.Encoding(
            f"{vocabulary.name}+{POLICY}",
            pat_str=pattern_of(f"{vocabulary.pattern}+{POLICY}"),
            mergeable_ranks=vocabulary.ranks,
            special_tokens={},
        ).encode_ordinary
    return calls
