"""Calls of transformers: stock, accelerated by us, and patched by fastokens; a process for each."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.corpora import first, text
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present
from benchmarks.timing import pin

STOCK, FASTOKENS = "stock", "fastokens"
NAMES = (STOCK, OURS, FASTOKENS)
FILES = {
    "gpt2": "tokenizers/gpt-2_tokenizer.json",
    "llama": "tokenizers/llama_tokenizer.json",
    "bert": "tokenizers/bert-base-uncased-vocab.txt",
    "pegasus": "tokenizers/pegasus_unigram96k_tokenizer.json",
}
TEXTS, SIZE = 500, 2000
QUESTIONS: dict[str, dict[str, Any]] = {
    "ids": {},
    "offsets": {"return_offsets_mapping": True},
    "padded": {"truncation": True, "max_length": 128, "padding": True},
}
LENGTHS = (10, 100, 1000)
FIFTEEN = Goal(">= 15x stock", (STOCK,), 15.0)
NOT_SLOWER = Goal(">= stock", (STOCK,))
# Texts this short are passed on, which takes a fiftieth of what they take.
LEVEL = Goal(">= 0.95x stock", (STOCK,), 0.95)
PASSED_ON = 150
FIGURES: tuple[tuple[str, str, Goal], ...] = (
    ("set-up", "ms CPU", Goal("<= 300 ms", limit=300.0)),
    *((f"{TEXTS} texts, {name}", "ms CPU", FIFTEEN) for name in QUESTIONS),
    *(
        (f"{length} characters{what}", "us CPU", LEVEL if length < PASSED_ON else NOT_SLOWER)
        for what in ("", ", offsets")
        for length in LENGTHS
    ),
)


def run(settings: Settings) -> list[Case]:
    """A case for each tokenizer and question; what an engine refuses has no figure."""
    pin()
    if settings.data is None or not present("transformers"):
        return []
    names = [name for name in NAMES if name != FASTOKENS or present(FASTOKENS)]
    cases = []
    for family, file in FILES.items():
        path = str(Path(settings.data) / file)
        runs = {name: [] for name in names}
        for _ in range(1 if settings.quick else 3):
            for name in names:
                given = (name, path, settings.data)
                runs[name].append(child.call("benchmarks.races.transformers", "measure", *given))
        for at, (what, unit, goal) in enumerate(FIGURES):
            case = Case("transformers", f"{family} {what}", unit, False, goal=goal)
            for name, rows in runs.items():
                if values := [row[at] for row in rows if row[at] is not None]:
                    case.engines[name] = Measurement.of(values)
            cases.append(case)
    return cases


def measure(name: str, path: str, data: str | None) -> list[float | None]:
    """The FIGURES of one engine; None for what it refuses, and for what is not what stock gives."""
    pin()
    body = first(text("english", data)[0], TEXTS * SIZE)
    texts = [body[at : at + SIZE] for at in range(0, TEXTS * SIZE, SIZE)]
    stock = _stock(path)
    try:
        tokenizer = _made(name, stock, path)
        begin = time.process_time()
        tokenizer(texts[0])
    except Exception:
        return [None] * len(FIGURES)
    found: list[float | None] = [(time.process_time() - begin) * 1e3 if name == OURS else None]
    given = [(texts, options, 1, 1e3) for options in QUESTIONS.values()] + [
        (body[length : 2 * length], options, 200, 1e6)
        for options in ({}, QUESTIONS["offsets"])
        for length in LENGTHS
    ]
    for asked, options, calls, unit in given:
        call = lambda asked=asked, options=options: tokenizer(asked, **options)  # noqa: E731
        expected = dict(stock(asked, **options))
        found.append(_best(call, expected, calls, unit))
    return found


def _stock(path: str) -> Any:
    import transformers

    if path.endswith(".txt"):
        made = transformers.BertTokenizerFast(path)
    else:
        made = transformers.PreTrainedTokenizerFast(tokenizer_file=path)
    if made.pad_token is None:
        made.pad_token = made.convert_ids_to_tokens(3)
    return made


def _made(name: str, stock: Any, path: str) -> Any:
    if name == OURS:
        import tokenry

        return tokenry.accelerate(_stock(path))
    if name == STOCK:
        return stock
    # The patch of fastokens reaches what from_pretrained makes, and nothing else.
    import fastokens
    from fastokens._compat import _TokenizerShim as shim

    with tempfile.TemporaryDirectory() as folder:
        stock.save_pretrained(folder)
        fastokens.patch_transformers()
        made = type(stock).from_pretrained(folder)
    if not isinstance(made._tokenizer, shim):
        raise RuntimeError("the patch of fastokens does not reach from_pretrained")
    return made


def _best(call: Callable[[], Any], expected: Any, calls: int, unit: float) -> float | None:
    """The least time of a call, of five turns; None for another answer than was expected."""
    times = []
    with contextlib.suppress(Exception):
        if dict(call()) != expected:
            return None
        for _ in range(5):
            begin = time.process_time()
            for _ in range(calls):
                call()
            times.append((time.process_time() - begin) / calls * unit)
    return min(times) if len(times) == 5 else None
