"""CPU time of full cards and of the playground: `python -m benchmarks.card --data DIR [NAME...]`.

Not a race: nobody else makes these. A card has 63 languages of parallel text, five domains of a
megabyte and gold words; each is made in a process of its own. The playground cuts and draws a text
of 10 kB under four tokenizers.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks import child, report
from benchmarks.result import OURS, Case, Goal, Measurement
from benchmarks.timing import pin

TOKENIZERS = {
    "GPT-2": "gpt-2_tokenizer.json",
    "cl100k": "cl100k_base.tiktoken",
    "o200k": "o200k_base.tiktoken",
    "Llama-3": "llama3_tokenizer.model",
    "Qwen": "qwen.tiktoken",
    "BERT": "bert-base-uncased-vocab.txt",
    "Pegasus": "pegasus_unigram96k_tokenizer.json",
    "SuperBPE": "superbpe_t180k_merges.txt",
}
DOMAINS = (
    "text/english_books.txt",
    "text/chinese.txt",
    "text/multilingual.txt",
    "legalbench",
    "tinyshakespeare/input.txt",
)
GOLD = "morphology/morphscore/turkish_morph_data.csv"
COLUMNS = ("cl100k", "o200k", "Llama-3", "Qwen")
TEXTS = {"english": "text/english_books.txt", "multilingual": "text/multilingual.txt"}
TEXT_BYTES = 10_000
ROUNDS = 21
CARD_SECONDS, PLAYGROUND_MILLISECONDS = 20.0, 50.0


def card_seconds(name: str, data: str) -> float:
    """CPU seconds of a card in this process, imports not counted."""
    from tokenry.card import CardOptions, measure_card

    folder = Path(data)
    options = CardOptions(
        tokenizers=(str(folder / "tokenizers" / TOKENIZERS[name]),),
        on=tuple(str(folder / each) for each in DOMAINS),
        parallel=folder / "flores_dev",
        gold=(folder / GOLD,),
    )
    pin()
    begin = time.process_time()
    measure_card(options)
    return time.process_time() - begin


def playground_milliseconds(text: str, data: str) -> list[float]:
    """CPU milliseconds of each answer; no two texts are the same, as a reader types on."""
    from tokenry.drawing.columns import compare, draw_columns
    from tokenry.tokenizer_files import load_tokenizer

    folder = Path(data)
    files = (folder / "tokenizers" / TOKENIZERS[name] for name in COLUMNS)
    tokenizers = {path.name: load_tokenizer(str(path)) for path in files}
    source = (folder / TEXTS[text]).read_bytes()
    pin()
    spent = []
    for turn in range(ROUNDS):
        begin = turn * TEXT_BYTES
        body = source[begin : begin + TEXT_BYTES].decode("utf-8", "ignore")
        start = time.process_time()
        draw_columns(body, compare(body, tokenizers))
        spent.append((time.process_time() - start) * 1e3)
    return spent


def run(names: list[str], data: str) -> list[Case]:
    """A case for each card and each text, printed as it comes."""
    cases = []
    for name in names:
        seconds = child.call("benchmarks.card", "card_seconds", name, data)
        goal = Goal(f"<= {CARD_SECONDS:.0f} s", limit=CARD_SECONDS)
        cases.append(_case("card", name, "s CPU", goal, [seconds]))
    for text in TEXTS:
        spent = child.call("benchmarks.card", "playground_milliseconds", text, data)
        goal = Goal(f"<= {PLAYGROUND_MILLISECONDS:.0f} ms", limit=PLAYGROUND_MILLISECONDS)
        cases.append(_case("playground", f"10 kB {text}, 4 tokenizers", "ms CPU", goal, spent))
    return cases


def _case(race: str, name: str, unit: str, goal: Goal, values: list[float]) -> Case:
    case = Case(race, name, unit, False, {OURS: Measurement.of(values)}, goal)
    measured = case.engines[OURS]
    spread = f" ({measured.low:.1f} to {measured.high:.1f})" if measured.runs > 1 else ""
    verdict = "met" if case.met() else "missed"
    print(
        f"{race}: {name}: {measured.median:.1f} {unit}{spread}; {goal.text}: {verdict}", flush=True
    )
    return case


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.card", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TOKENIZERS)}")
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in TOKENIZERS]
    if unknown:
        parser.error(f"no tokenizer is called {', '.join(unknown)}")
    if given.data is None:
        parser.error("cards are measured on the shared data; name its folder with --data")
    print(f"machine: {report.machine()['processor']}")
    missed = [case for case in run(given.names or list(TOKENIZERS), given.data) if not case.met()]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
