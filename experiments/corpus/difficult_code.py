"""The most difficult examples of every kind of code, against random ones and against all.

Source: Lv et al. 2025, "Data-efficient LLM Fine-tuning for Code Generation", arXiv:2504.12687.

Examples are functions of Python's own library: the docstring is the instruction, the function
without it the answer. A base model reads other functions, rates each example by how little its
instruction helps, and is then tuned on what is chosen.
"""

from __future__ import annotations

import ast
import copy
import sysconfig
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import check, check_bounded
from tokenry import learn
from tokenry.corpus.selection.chance import ChanceScorer
from tokenry.corpus.selection.choosing import choose
from tokenry.corpus.selection.complexity import (
    CLUSTERS,
    SHARE,
    complexity_sample,
    instruction_difficulty,
)
from tokenry.corpus.selection.contract import SelectionTask
from tokenry.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokenry.neural.recipes.language import LanguageModel
    from tokenry.neural.recipes.sizes import Shape

LEFT_OUT: Final = {"test", "tests", "site-packages", "dist-packages", "idlelib", "lib2to3"}
SMALLEST, LARGEST = 100, 3_000  # characters of an answer
READ_OF_INSTRUCTION, READ_OF_ANSWER = 64, 190  # ids that a difficulty is made of
CLAIMED, MATTERS = 0.05, 0.02  # bits a byte
WORSE, MUCH_WORSE = 0.0, 0.02


@dataclass(frozen=True)
class CodeExample:
    """A docstring and the function without it."""

    instruction: str
    answer: str

    @property
    def text(self) -> str:
        """Both, as a model reads them."""
        return f"{self.instruction}\n{self.answer}"


@dataclass(frozen=True, eq=False)
class TuningTask:
    """What a seed has: a base model, and examples to choose from and to measure on."""

    tokenizer: Tokenizer
    base: LanguageModel
    raw: Sequence[CodeExample]
    held: Sequence[bytes]
    seed: int

    @property
    def texts(self) -> list[bytes]:
        """What there is to choose from, as bytes."""
        return [each.text.encode() for each in self.raw]

    def difficulties(self) -> NDArray[np.float64]:
        """Of the examples, by the base model."""
        rates = [self._rates(each) for each in self.raw]
        return instruction_difficulty(*np.array(rates).T)

    def _rates(self, example: CodeExample) -> tuple[float, float]:
        instruction = self.tokenizer.encode(example.instruction + "\n")[:READ_OF_INSTRUCTION]
        answer = self.tokenizer.encode(example.answer)[:READ_OF_ANSWER]
        return self._nats([*instruction], [*answer]), self._nats([], [*answer])

    def _nats(self, before: Sequence[int], ids: Sequence[int]) -> float:
        """Nats an id, behind others."""
        from tokenry.neural.training.data.batch import Batch
        from tokenry.neural.training.evaluation import summed_losses
        from tokenry.neural.training.steps.next_token import NextToken

        row = np.array([[self.base.end, *before, *ids]])
        batch = Batch({"ids": row, "prompts": np.array([1 + len(before)])})
        sums = summed_losses(self.base.model, NextToken(), [batch])
        return sums["loss"] / sums["units"]

    def tuned(self, numbers: NDArray[np.int64]) -> float:
        """Bits a byte of the held-out examples, of the base model tuned on some."""
        from tokenry.neural.recipes.language import bits_per_byte, train_language_model
        from tokenry.neural.recipes.sizes import Passes

        rows = list(self.tokenizer.encode_batch([self.texts[i] for i in numbers]))
        model = train_language_model(
            rows, self.tokenizer.n_vocab, passes=Passes(passes=2, batch=8), seed=self.seed,
            start=copy.deepcopy(self.base),
        )  # fmt: skip
        held = list(self.tokenizer.encode_batch(self.held))
        return bits_per_byte(model, held, sum(map(len, self.held)))


def examples_of(source: str) -> Iterator[CodeExample]:
    """Functions with docstrings in a module."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef) or not (words := ast.get_docstring(node)):
            continue
        said = node.body[0]
        kept = lines[node.lineno - 1 : said.lineno - 1] + lines[said.end_lineno : node.end_lineno]
        answer = textwrap.dedent("\n".join(kept))
        if len(node.body) > 1 and SMALLEST <= len(answer) <= LARGEST:
            yield CodeExample(words, answer)


def modules() -> list[Path]:
    """Sources of Python's library."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    found = (path for path in folder.rglob("*.py") if not LEFT_OUT & set(path.parts))
    return sorted(found)


def tuning_task(setting: Setting, seed: int) -> TuningTask:
    """Examples of a seed, no module on two sides."""
    paths = modules()
    order = np.random.default_rng(seed).permutation(len(paths))
    examples = chain.from_iterable(
        examples_of(paths[i].read_text("utf-8", errors="replace")) for i in order
    )
    sizes = setting.pick((60_000, 150_000, 300_000), (3_000, 6_000, 12_000))
    held, read, raw = (_taken(examples, size) for size in sizes)
    texts = [each.text for each in read + raw]
    tokenizer = learn(texts, vocab_size=setting.pick(2_000, 400))
    return TuningTask(
        tokenizer, _base(setting, tokenizer, [each.text for each in read], seed), raw,
        [each.text.encode() for each in held], seed,
    )  # fmt: skip


def _taken(examples: Iterator[CodeExample], size: int) -> list[CodeExample]:
    found = []
    while size > 0:
        found.append(next(examples))
        size -= len(found[-1].text)
    return found


def _base(setting: Setting, tokenizer: Tokenizer, texts: Sequence[str], seed: int) -> LanguageModel:
    from tokenry.neural.recipes.language import train_language_model
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape: Shape = setting.pick(
        Shape(width=128, layers=2, context=256), Shape(width=16, layers=1, context=256)
    )
    rows = list(tokenizer.encode_batch(texts))
    passes = Passes(passes=2, batch=4)
    return train_language_model(rows, tokenizer.n_vocab, shape=shape, passes=passes, seed=seed)


def run(setting: Setting) -> Findings:
    """For each seed rate, choose, tune and read what is held out."""
    rows: list[tuple[Cell, ...]] = []
    for seed in setting.seeds:
        setting.tell(f"seed {seed}")
        task = tuning_task(setting, seed)
        arms = _arms(task)
        sizes = task.tokenizer.count_batch(task.texts)
        figures = [round(task.tuned(numbers), 4) for numbers in arms]
        rows.append((seed, *figures, *(int(sizes[numbers].sum()) for numbers in arms[::2])))
    chosen, random, whole = (np.array([float(row[i] or 0) for row in rows]) for i in (1, 2, 3))
    columns = ("seed", "chosen", "random", "all", "tokens chosen", "tokens of all")
    return Findings(
        (Table("Bits a byte of other functions", columns, tuple(rows)),),
        (
            check(
                "at equal tokens the most difficult of every kind tune better than random ones",
                over_seeds(random - chosen), claimed=CLAIMED, matters=MATTERS,
            ),
            check_bounded(
                f"{SHARE:.0%} of the examples tune as well as all (here: no more bits a byte; 0.02 "
                "more for the direction)",
                over_seeds(chosen - whole), WORSE, loose=MUCH_WORSE,
            ),
        ),
    )  # fmt: skip


def _arms(task: TuningTask) -> list[NDArray[np.int64]]:
    """Chosen, random for as many tokens, and all."""
    texts, tokenizer = task.texts, task.tokenizer
    kinds = [each.instruction.encode() for each in task.raw]
    clusters = min(CLUSTERS, len(kinds))
    chosen = complexity_sample(
        tokenizer, kinds, task.difficulties(), clusters=clusters, seed=task.seed
    )
    sizes = tokenizer.count_batch(texts)
    chance = ChanceScorer.of(SelectionTask(tokenizer, texts, seed=task.seed)).score(texts)
    return [chosen, choose(chance, sizes, sizes[chosen].sum()), np.arange(len(texts))]


EXPERIMENT = Experiment(
    name="Data-efficient code tuning",
    claim=(
        "Of code examples in ten clusters the most difficult 40% of each tune a model as well as "
        "all of them or better (66.9% against 66.1% of problems solved, on average)."
    ),
    scale=(
        "Paper: 92,000 pairs of instruction and solution, a code model of 6.7B parameters that "
        "rates and is tuned, HumanEval and MBPP. Here: functions of Python's library with their "
        "docstrings, 150 kB for a base model of 2 layers and width 128, 300 kB to choose from, 60 "
        "kB to measure on, no module on two sides; bits a byte, not solved problems; two passes; "
        "five seeds, each with its own split."
    ),
    baseline="random examples of as many tokens, and all examples",
    needs=(),
    run=run,
    seeds=5,
)
