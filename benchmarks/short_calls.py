"""``python -m benchmarks.short_calls --data DIR``: short texts through transformers, in turns.

A difference of a hundredth does not show between processes. Here three tokenizers take turns in one
process: stock, one that is accelerated, and stock again, which shows the noise. A figure is the
median, over rounds, of a tokenizer's time over that of stock in the same round.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.corpora import first, text
from benchmarks.races.transformers import FILES, QUESTIONS, _stock
from benchmarks.timing import pin

CALLS = 150
LENGTHS = (10, 100)


def ratios(calls: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median time of each call over that of the first, taken in turns."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        spent = {name: _seconds(call) for name, call in calls.items()}
        whole = spent[next(iter(calls))]
        for name, each in spent.items():
            found[name].append(each / whole)
    return {name: statistics.median(each) for name, each in found.items()}


def _seconds(call: Callable[[], Any]) -> float:
    begin = time.process_time()
    for _ in range(CALLS):
        call()
    return time.process_time() - begin


def main(
    data: Annotated[Path, typer.Option(help="The folder of shared data.")],
    rounds: Annotated[int, typer.Option(help="Turns of each cell.", min=3)] = 61,
) -> None:
    """Print a line for each tokenizer, question and length."""
    import tokenry

    pin()
    body = first(text("english", str(data))[0], 4000)
    asked = {name: QUESTIONS[name] for name in ("ids", "offsets")}
    for family, file in FILES.items():
        stock, other = _stock(str(data / file)), _stock(str(data / file))
        ours = tokenry.accelerate(_stock(str(data / file)))
        for question, options in asked.items():
            for length in LENGTHS:
                given = body[length : 2 * length]
                if dict(ours(given, **options)) != dict(stock(given, **options)):
                    raise SystemExit(f"{family}, {question}: another answer than stock gives")
                made = {"stock": stock, "ours": ours, "stock again": other}
                calls = {
                    name: lambda each=each, o=options, g=given: each(g, **o)
                    for name, each in made.items()
                }
                found = ratios(calls, rounds)
                typer.echo(
                    f"{family:8} {question:8} {length:4} characters: ours {found['ours']:.3f} of "
                    f"stock's time, stock again {found['stock again']:.3f}"
                )


if __name__ == "__main__":
    typer.run(main)
