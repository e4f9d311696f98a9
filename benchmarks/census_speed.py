"""How fast published tokenizer files load and encode, beside their own libraries.

Each file is raced in a process of its own, on one core and in CPU time, with the vectors of AVX2 at
most. A text is new to the tokenizer that encodes it: one that was just loaded and has encoded two
words. Where ids differ no time counts.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from benchmarks import timing
from benchmarks.census_oracles import Oracle, oracle_of
from benchmarks.corpora import first, text

T = TypeVar("T")
KINDS: Final = ("english", "multilingual", "code")
BYTES: Final = 200_000
SHORT: Final = "Hello world"
NEW_TURNS: Final = 3
LONG_CALL: Final = 0.05  # seconds
ENV: Final = {"TOKENRY_SIMD": "avx2", "TOKENRY_THREADS": "1", "OMP_NUM_THREADS": "1"}
ENV_THEIRS: Final = {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
# What the rows are held to: a multiple of the reference, and for all together.
GOALS: Final = {"english": 5.0, "multilingual": 4.0, "code": 4.0, "warm": 15.0}
MEDIAN: Final = 20.0
WARM_MEGABYTES: Final = 60.0
LOAD_SECONDS: Final = 1.2


def timed(run: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of a call, and what it gave."""
    gc.collect()
    begin = time.process_time()
    output = run()
    return time.process_time() - begin, output


def least(run: Callable[[], Any], turns: int = 3) -> float:
    """The shortest of some calls."""
    return min(timed(run)[0] for _ in range(turns))


def race(path: str, data: str | None) -> dict[str, Any]:
    """Seconds of both for loading, a first call, new text and the same text again."""
    timing.pin()
    oracle = oracle_of(Path(path))
    _import_all(oracle)
    row: dict[str, Any] = {"load": [_loading(oracle), least(lambda: oracle_of(oracle.path), 2)]}
    for kind in KINDS:
        body = first(text(kind, data)[0], BYTES)
        row[kind] = _new_text(oracle, body)
        row[f"{kind} bytes"] = len(body.encode())
        if row[kind] is None:
            return {**row, "differs": kind}
    row["first"] = [_first_call(_load(oracle).encode), _first_call(_plain(oracle_of(oracle.path)))]
    body = first(text("english", data)[0], BYTES)
    ours, theirs = _load(oracle).encode, _plain(oracle)
    ours(body)
    row["warm"] = [least(lambda: ours(body)), least(lambda: theirs(body), 2)]
    return row


def _load(oracle: Oracle) -> Any:
    import tokenry

    return tokenry.load(oracle.path, pattern=oracle.pattern, special_tokens=oracle.specials)


def _plain(oracle: Oracle) -> Callable[[str], Sequence[int]]:
    assert oracle.plain is not None
    return oracle.plain


def _import_all(oracle: Oracle) -> None:
    """Modules of all parts, which are no part of what is timed."""
    _load(oracle).encode(SHORT)


def _loading(oracle: Oracle) -> float:
    return least(lambda: _load(oracle), 2)


def _first_call(encode: Callable[[str], Sequence[int]]) -> float:
    return timed(lambda: encode(SHORT))[0]


def _new_text(oracle: Oracle, body: str) -> list[float] | None:
    """Seconds of both for a text that neither has seen; None where ids differ."""
    our_seconds, our_ids = _fresh(lambda: _load(oracle).encode, body)
    their_seconds, their_ids = _fresh(lambda: _plain(oracle_of(oracle.path)), body)
    return [our_seconds, their_seconds] if our_ids == their_ids else None


def _fresh(
    make: Callable[[], Callable[[str], Sequence[int]]], body: str
) -> tuple[float, list[int]]:
    """Median seconds of a call that was just made ready, and its ids.

    What a text costs that is seen once varies with the memory that it falls on, so short calls get
    several turns; one that takes long needs no other.
    """
    seconds: list[float] = []
    while len(seconds) < NEW_TURNS and sum(seconds) < LONG_CALL:
        encode = make()
        encode(SHORT)
        latest, ids = timed(partial(encode, body))
        seconds.append(latest)
    return statistics.median(seconds), list(ids)


def ratio(pair: Sequence[float]) -> float:
    """How many times as fast ours is."""
    return pair[1] / max(pair[0], 1e-9)


def misses(row: Mapping[str, Any]) -> list[str]:
    """Which goals a file misses."""
    found = [kind for kind, least_ in GOALS.items() if ratio(row[kind]) < least_]
    if row["english bytes"] / row["warm"][0] < WARM_MEGABYTES * 1e6:
        found.append(f"under {WARM_MEGABYTES:.0f} MB/s warm")
    if row["load"][0] > min(2 * row["load"][1], LOAD_SECONDS):
        found.append("load")
    return found


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rows of a page in Markdown: megabytes a second and times the reference."""
    lines = [
        "| tokenizer | file | English, new | multilingual, new | code, new | English, again "
        "| load | first call | misses |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        if "differs" in row:
            lines.append(f"| {row['name']} | {row['file']} | ids differ on {row['differs']} |")
            continue
        cells = [row["name"], row["file"], *(_speed(row, kind) for kind in KINDS)]
        cells += [_speed(row, "warm"), _milliseconds(row["load"]), _milliseconds(row["first"])]
        lines.append(f"| {' | '.join([*cells, ', '.join(misses(row))])} |")
    return lines


def _speed(row: Mapping[str, Any], kind: str) -> str:
    size = row["english bytes" if kind == "warm" else f"{kind} bytes"]
    return f"{size / row[kind][0] / 1e6:.1f} ({ratio(row[kind]):.1f}x)"


def _milliseconds(pair: Sequence[float]) -> str:
    ours, theirs = (f"{1000 * each:.3g}" for each in pair)
    return f"{ours} ({theirs})"


def summary(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What holds of all files together."""
    known = [row for row in rows if "differs" not in row]
    lines = ["| case | median | worst | files that miss the goal |", "| --- | --- | --- | --- |"]
    for kind, goal in GOALS.items():
        ratios = [ratio(row[kind]) for row in known]
        short = sum(each < goal for each in ratios)
        lines.append(
            f"| {kind if kind == 'warm' else f'{kind}, new'} | {statistics.median(ratios):.1f}x "
            f"| {min(ratios):.1f}x | {short} of {len(known)} below {goal:.0f}x |"
        )
    loads = [row["load"][0] / row["load"][1] for row in known]
    slow = sum("load" in misses(row) for row in known)
    lines.append(
        f"| load, seconds over the reference's | {statistics.median(loads):.2f} | "
        f"{max(loads):.2f} | {slow} of {len(known)} above 2 or {LOAD_SECONDS} s |"
    )
    return lines


_HEAD: Final = (
    "# How fast published tokenizer files are",
    "",
    "Megabytes a second, and in brackets times the library that the file was written for: one",
    "core, CPU time, vectors of AVX2 at most, 200 kB that the tokenizer has never seen (and the",
    "English again, warm), specials as plain text, ids equal first. Loading and the first call of",
    "a fresh tokenizer (two words) are in milliseconds, the library's in brackets.",
    "Written by `python -m benchmarks census --data DIR --speed PAGE`; the files are not part of",
    "the project, and [the census](census.md) holds all of them to their libraries.",
)

_SLOW: Final = (
    "## What resists, and its profile",
    "",
    "- SentencePiece Unigram, new text. Second attempt: new words are searched together, a byte",
    "  of all of them at a time, without branches on what is found. A new word takes half the",
    "  time (English 463 ns before, 226 now), a text two thirds (t5-base, 200 kB on a busy",
    "  machine, ms, before, now, sentencepiece: English 10.7, 7.1, 18.3; multilingual 12.0,",
    "  7.1, 17.3; code 7.8, 5.4, 12.9). Of the search 56% are the nodes that are followed, 44%",
    "  the sums; the rest of a text, now more than half, is known words, lists and the caches",
    "  that learn. First attempt, without gain beyond 5% of noise: nodes in the order of their",
    "  pieces, scores beside the nodes, an Aho-Corasick machine whose pieces that end at a",
    "  place lie in a row; the characters of one word side by side are 15% slower.",
    "- sign2text-mbart-de: its pieces are lower case, so one id in ten of English, one in five of",
    "  code is unknown, and words with such characters were searched one by one, after the search",
    "  with others failed. Unknown characters of one byte are now searched with the others",
    "  (200 kB on a busy machine, least of two, ms, before, now, sentencepiece: English 13.0, 7.2,",
    "  14.8; multilingual 11.6, 7.8, 11.1; code 13.9, 7.7, 12.4).",
    "- Loads of GGUF: names and merges were read one value at a time, and written as JSON for the",
    "  reader of tokenizer.json; both is now done at once (command-r, both cores taken, ms of CPU,",
    "  before and now: values 937, 498; JSON 752, 478; whole 2,367, 1,368, of which 319 are the",
    "  reader).",
    "- Loads of a few pieces: half was the check of every rule of the normalizer's trie, once, so",
    "  that no search checks a bound; the rest page faults, as the file was copied five times.",
    "  First attempt: leaves settled without a visit gain a tenth of the check. Second: it goes",
    "  from one place where children begin to the next (4,653, of 29,404 units), by lists of a",
    "  byte a unit, and the rules stay in the bytes of the file (1.13 ms before, 0.49 now). Whole",
    "  loads on a busy machine, ms, least of 15, before, now, sentencepiece: bpemb-ja-5k 5.8, 3.3,",
    "  2.1; notebook-io-m 3.8, 1.9, 1.8; notebook-io-spm 3.5, 1.7, 1.0; seqio-test-sp 3.7, 1.7,",
    "  0.9; keras-gemma3-test 2.9, 1.8, 0.9; reformer-yeast 4.9, 2.3, 0.9, of which a tenth looks",
    "  for what a folder has beside a `spiece.model`. What is left is many small steps of Python.",
    "  Rules are not kept for the next load: that would quicken second loads alone.",
    "- Warm, SentencePiece Unigram: sentencepiece itself is fast. First attempt: sums of scores",
    "  that only fall are compared once for many words, not at each id, and ids are copied by",
    "  vectors; second: a list asks memory for the numbers of a few places on (both 1.17 times as",
    "  fast, xlnet 1.17, t5-base 1.22; the second quickens all tokenizers, qwen3 1.25 times). What",
    "  is left of camemberta-spm: 24% the list of ids, 14% the sums, which are added up again",
    "  because the program does, 9% known words.",
    "- camembertv2, clip-hf-json and deepseek-llm were under 60 MB/s: patterns in a row or behind",
    "  normalizers. They now go word by word: words end where the patterns always cut, whatever",
    "  stands around (warm on a busy machine, interleaved: 33 before, 69 now; 36, 69; 37, 68; and",
    "  1.26, 1.38 and 1.38 times that since ends of words are found without branches). With three",
    "  patterns or fewer and no normalizer that loses a sixth of new text, so they go as before.",
    "- jurassic2-j2: its pieces go over spaces, so nothing may be cut and a text is searched",
    "  whole; 65% of the time is the lattice. First attempt: nodes in the order of their pieces",
    "  (above); second: pieces of eight places found together, a byte of all at a time (0.94 times",
    "  as fast). nmt-ort, vocab.joint.spm, is of the same kind: 30% places, 19% what no rule",
    "  changes, 12% characters.",
    "- rut5-json, envit5, camemberta-json and nmt-ort, tokenizer.json: their rules act on clusters",
    "  and make one space of several, and a space at the end of a text is a word or is stripped.",
    "  They now go word by word: runs of the bytes that become spaces are squeezed first, and a",
    "  text whose last word may end with a space goes by its steps (MB/s on a busy machine, the",
    "  better of two interleaved runs, warm before and now, new before and now, English: rut5",
    "  39, 189; 18, 36; envit5 47, 156; 26, 32; camemberta 41, 151; 18, 27; nmt-ort 37, 102; 18,",
    "  23; multilingual warm: 33, 153; 35, 138; 33, 122; 24, 101; code warm: 36, 160; 43, 126;",
    "  36, 141; 26, 106).",
)


def write_page(
    rows: Sequence[Mapping[str, Any]], page: Path, before: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write what holds of all files, and a row for each; the same of an earlier race below."""
    lines = [*_HEAD, "", *summary(rows), "", *table(rows), "", *_SLOW]
    if before:
        lines += ["", "## Before", "", *summary(before), "", *table(before)]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
