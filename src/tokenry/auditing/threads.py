"""Following a thread: keys whose values are keys, scattered over a long context.

Source: Roberts, Han, Albanie 2024, Needle Threading: Can LLMs Follow Threads through Near-Million-
Scale Haystacks?, arXiv:2411.05000. A haystack is a list of pairs; the value of a key may be the key
of another pair. The model is given a key and has to name what the thread ends in. Lengths are in
characters, and tokens are told beside them: the same haystack is longer or shorter by tokenizer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from tokenry.errors import ArgumentError
from tokenry.models.causal import CausalModel, log_softmax
from tokenry.progress import Progress, silent
from tokenry.results import Result
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer

CONSONANTS, VOWELS = "bdfghklmnprstvz", "aeiou"
CHOICES: Final = 8


@dataclass(frozen=True)
class Thread:
    """A haystack and a question.

    Attributes:
        prompt: the pairs, examples of answers and the question.
        answer: the end of the thread.
        choices: ends of other threads but for the example's, the answer among them.
        steps: pairs that the thread leads through.
    """

    prompt: str
    answer: str
    choices: tuple[str, ...]
    steps: int


@dataclass(frozen=True)
class ThreadScore(Result):
    """How well threads of one length are followed.

    Attributes:
        steps: of each thread.
        pairs: of the haystack.
        correct: share of the threads whose end was the most probable of the choices.
        chance: that of who knows nothing.
        threads: how many were asked.
        characters: of a prompt, mean.
        tokens: of a prompt, mean.
        hits: of each thread, 1 for a right answer.
    """

    steps: int
    pairs: int
    correct: float
    chance: float
    threads: int
    characters: float
    tokens: float
    hits: tuple[int, ...]


def make_thread(pairs: int, steps: int, seed: int, names: Sequence[str] = ()) -> Thread:
    """A haystack of as many pairs, all of them in threads of as many steps.

    Args:
        pairs: of the haystack.
        steps: of each thread.
        seed: of the draw.
        names: that keys and values are drawn from; without them made words of five letters.

    Raises:
        ArgumentError: the pairs do not make three threads, or the names do not suffice.
    """
    threads = pairs // steps if steps else 0
    if threads < 3:
        raise ArgumentError(
            f"pairs={pairs} and steps={steps} make {threads} threads; give three threads or more, "
            "of which one is the example"
        )
    source = generator(seed, "threads")
    drawn = _names(source, threads * (steps + 1), names)
    chains = [drawn[at * (steps + 1) : (at + 1) * (steps + 1)] for at in range(threads)]
    lines = [f"{a} -> {b}" for chain in chains for a, b in pairwise(chain)]
    lines = [lines[at] for at in source.permutation(len(lines)).tolist()]
    asked, example = chains[0], chains[1]
    ends = [chain[-1] for chain in chains]
    # The end of the example was just said: who repeats it follows no thread.
    others = [ends[at] for at in source.permutation(range(2, threads)).tolist()]
    choices = tuple(sorted([ends[0], *others[: CHOICES - 1]]))
    told = "The thread from {} ends in"
    shown = f"{told.format(example[0])} {example[-1]}"
    prompt = "\n".join([*lines, shown, told.format(asked[0])])
    return Thread(prompt, asked[-1], choices, steps)


def _names(source: np.random.Generator, count: int, names: Sequence[str]) -> list[str]:
    if names:
        distinct = list(dict.fromkeys(names))
        if len(distinct) < count:
            raise ArgumentError(
                f"names has {len(distinct)} different ones, and these threads need {count}; give "
                "more, or fewer pairs"
            )
        return [distinct[at] for at in source.permutation(len(distinct))[:count].tolist()]
    found: dict[str, None] = {}
    while len(found) < count:
        letters = (CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS)
        found["".join(each[int(source.integers(len(each)))] for each in letters)] = None
    return list(found)


def follow_threads(
    model: CausalModel,
    tokenizer: Tokenizer,
    *,
    steps: int,
    pairs: int,
    count: int = 50,
    seed: int = 0,
    names: Sequence[str] = (),
    progress: Progress = silent,
) -> ThreadScore:
    """Ask a model for the ends of threads; right is the end that it finds the most probable.

    Args:
        model: any causal one.
        tokenizer: of it.
        steps: pairs of a thread.
        pairs: of the haystack.
        count: threads that are asked, each in a haystack of its own.
        seed: of these.
        names: of keys and values, as for `make_thread`.
        progress: told how many are done.
    """
    seeds = range(seed * 100_003, seed * 100_003 + count)
    threads = [make_thread(pairs, steps, each, names) for each in seeds]
    hits: list[int] = []
    tokens: list[int] = []
    for number, thread in enumerate(threads):
        progress(f"threads of {steps}", number, count)
        prompt = tokenizer.encode(thread.prompt)
        tokens.append(len(prompt))
        hits.append(int(_best(model, tokenizer, prompt, thread.choices) == thread.answer))
    return ThreadScore(
        steps=steps,
        pairs=pairs,
        correct=float(np.mean(hits)),
        chance=1 / len(threads[0].choices),
        threads=count,
        characters=float(np.mean([len(thread.prompt) for thread in threads])),
        tokens=float(np.mean(tokens)),
        hits=tuple(hits),
    )


def _best(
    model: CausalModel, tokenizer: Tokenizer, prompt: Sequence[int], choices: Sequence[str]
) -> str:
    answers = [tokenizer.encode(f" {choice}") for choice in choices]
    out = model.start([list(prompt)])
    first = log_softmax(out.last)[0]
    logs = np.array([first[answer[0]] for answer in answers])
    if max(map(len, answers)) > 1:
        state = model.fork(out.state, [0] * len(choices))
        rest = model.extend(state, [answer[:-1] for answer in answers], logits="all").logits
        for row, answer in enumerate(answers):
            places = np.arange(len(answer) - 1)
            logs[row] += log_softmax(rest[row, : len(places)])[places, answer[1:]].sum()
    return choices[int(np.argmax(logs))]
