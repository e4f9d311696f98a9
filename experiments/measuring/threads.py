"""S121: threads that SmolLM2 follows, by their steps and by characters of context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.harness.corpora import flores
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import resampled
from experiments.harness.models import model_folder
from experiments.harness.verdicts import Baseline, Check, Estimate, check, fact
from tokenry.tokenizer import Tokenizer, load
from tokenry.tokenizer_files import load_tokenizer

if TYPE_CHECKING:
    from tokenry.auditing.threads import ThreadScore

FILES: Final = ("gpt-2_tokenizer.json", "o200k_base.tiktoken", "llama_tokenizer.json")
LANGUAGES: Final = ("eng_Latn", "deu_Latn", "zho_Hans", "hin_Deva", "mya_Mymr")
CONTEXT: Final = 8192
LISTS: Final = ((1, 18), (2, 18), (1, 54))  # steps and pairs: nine threads or more, so eight ends
MATTERS, CLAIMED = 0.1, 0.2


def run(setting: Setting) -> Findings:
    """Threads of one and two steps; short and long lists; contexts in characters."""
    from tokenry.auditing.threads import follow_threads
    from tokenry.models import causal_model

    folder = model_folder("smollm2-135m")
    lines = flores(setting.data)
    contexts = _contexts(setting, lines)
    model, tokenizer = causal_model(folder), load(folder)
    names = words_of(tokenizer)
    found: list[ThreadScore] = []
    for steps, pairs in setting.pick(LISTS, ((1, 6), (2, 6))):
        setting.tell(f"threads of {steps} in {pairs} pairs")
        count, seed = setting.pick(20, 2), 100 * setting.draw + steps
        found.append(
            follow_threads(
                model, tokenizer, steps=steps, pairs=pairs, count=count, seed=seed, names=names
            )
        )
    tables = (_thread_table(found), contexts)
    return Findings(tables, (*_checks(found), _context_check(contexts)), NOTES)


def words_of(tokenizer: Tokenizer) -> list[str]:
    """Words of four to seven small letters that are a piece after a space, the first 2,000."""
    pieces = (piece or b"" for piece in tokenizer.vocabulary.pieces)
    words = (piece[1:].decode() for piece in pieces if re.fullmatch(rb" [a-z]{4,7}", piece))
    return list(islice(words, 2_000))


def _contexts(setting: Setting, lines: dict[str, list[str]]) -> Table:
    """What a context of 8,192 tokens holds of a language, by tokenizer, in characters."""
    rows: list[tuple[Cell, ...]] = []
    for file in setting.pick(FILES, FILES[:1]):
        tokenizer = load_tokenizer(setting.data.file(f"tokenizers/{file}"))
        held = []
        for language in LANGUAGES:
            some = lines[language][:200]
            tokens = int(tokenizer.count_batch(some).sum())
            held.append(round(CONTEXT * sum(map(len, some)) / tokens))
        rows.append((file.split("_")[0], *held))
    return Table(f"Characters that {CONTEXT:,} tokens hold", ("tokenizer", *LANGUAGES), tuple(rows))


def _accuracy(first: ThreadScore, second: ThreadScore) -> Estimate:
    """Difference of two accuracies, with an interval over threads."""
    one, two = (np.array(each.hits, np.float64) for each in (first, second))

    def drawn(source: np.random.Generator) -> float:
        some = [each[source.integers(0, len(each), len(each))].mean() for each in (one, two)]
        return float(some[0] - some[1])

    return resampled(float(one.mean() - two.mean()), drawn)


def _checks(found: Sequence[ThreadScore]) -> tuple[Check, ...]:
    by_key = {(each.steps, each.pairs): each for each in found}
    shortest = min(pairs for _, pairs in by_key)
    one, two = by_key[1, shortest], by_key[2, shortest]
    checks = [
        check(
            "fewer threads are followed to their end the more steps they have (two against one)",
            _accuracy(one, two),
            claimed=CLAIMED,
            matters=MATTERS,
            baseline=Baseline(one.correct, floor=one.chance),
            found=f"{one.correct:.0%} of threads of one step, {two.correct:.0%} of two; chance "
            f"{one.chance:.0%}",
        )
    ]
    longest = max(pairs for _, pairs in by_key)
    if longest > shortest:
        far = by_key[1, longest]
        checks.append(
            check(
                "accuracy falls with the length of the context (one step)",
                _accuracy(one, far),
                claimed=CLAIMED,
                matters=MATTERS,
                baseline=Baseline(one.correct, floor=one.chance),
                found=f"{one.correct:.0%} in {one.characters:,.0f} characters, {far.correct:.0%} "
                f"in {far.characters:,.0f}",
            )
        )
    return tuple(checks)


def _context_check(contexts: Table) -> Check:
    held = [[float(cell or 0) for cell in row[1:]] for row in contexts.rows]
    spread = max(max(each) / min(each) for each in zip(*held, strict=True))
    within = max(max(row) / min(row) for row in held)
    return fact(
        "a context in tokens is no length of text: the same number of tokens holds several times "
        "as many characters by tokenizer or language",
        f"up to {spread:.1f} times by tokenizer in one language, {within:.1f} times by language "
        "under one tokenizer",
        holds=max(spread, within) >= 2,
        in_direction=max(spread, within) >= 1.2,
    )


def _thread_table(found: Sequence[ThreadScore]) -> Table:
    return Table(
        "Ends of threads that SmolLM2-135M finds, the right one of several ends",
        ("steps", "pairs", "threads", "right (%)", "chance (%)", "characters", "tokens"),
        tuple(
            (each.steps, each.pairs, each.threads, round(100 * each.correct, 1),
             round(100 * each.chance, 1), round(each.characters), round(each.tokens))
            for each in found
        ),
    )  # fmt: skip


NOTES: Final = (
    "Keys and values are words of one token, so that a pair costs few; a list holds nothing but "
    "pairs, all in threads of the same number of steps, and one thread is given as an example. "
    "Its end is none of the eight to choose from: the model repeats what was said last.",
)

EXPERIMENT = Experiment(
    name="Needle threading",
    claim="Models follow threads of keys and values less well the more steps they have and the "
    "longer the context is; and contexts of different tokenizers must not be compared in tokens.",
    scale="paper: 17 models, haystacks of up to 630,000 tokens, threads of up to 25 steps; here: "
    "SmolLM2-135M, lists of 18 and 54 pairs, threads of one and two steps, 20 of each a draw",
    baseline="threads of one step; chance among eight ends",
    needs=("flores_dev", "tokenizers"),
    models=("smollm2-135m",),
    run=run,
)
