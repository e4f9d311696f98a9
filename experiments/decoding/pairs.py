"""Models for experiments on generation: SmolLM2, and pairs of a large and a small one trained here.

Both of a pair are trained on the same documents (code, school problems, English prose), so that the
small one drafts for the large one as in the papers, where both have read the same kind of text.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import Sides
from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept, source_of
from tokenry.errors import CorpusError
from tokenry.learning.bpe import Bpe
from tokenry.models import CausalModel, causal_model
from tokenry.neural.recipes.language import LanguageModel, train_language_model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.tokenizer import Tokenizer

DOMAINS: Final = ("code", "maths", "english")
FOLDERS: Final = ("text", "code", "gsm8k")
CONTEXT: Final = 192
LARGE: Final = Shape(width=128, layers=4, heads=4, context=CONTEXT)
SMALL: Final = Shape(width=64, layers=1, heads=4, context=CONTEXT)
TINY: Final = Shape(width=16, layers=3, heads=2, context=CONTEXT)


@dataclass(frozen=True, eq=False)
class Text:
    """What models read and are scored on.

    Attributes:
        tokenizer: learnt from ``learnt``.
        learnt: ids of documents to train on.
        held: by domain, ids of documents held out.
    """

    tokenizer: Tokenizer
    learnt: list[NDArray[np.int64]]
    held: dict[str, list[NDArray[np.int64]]]

    @property
    def end(self) -> int:
        """The id that ends documents."""
        return len(self.tokenizer.vocabulary)

    def prompts(self, count: int, length: int) -> list[list[int]]:
        """Stretches of held-out documents, as many of each domain as of the others.

        Raises:
            CorpusError: there are fewer.
        """
        found: list[list[int]] = []
        wanted = -(-count // len(self.held))
        for domain, documents in self.held.items():
            starts = [(x, at) for x in documents for at in range(0, len(x) - length, length)]
            if len(starts) < wanted:
                raise CorpusError(
                    f"{domain} holds out {len(starts)} stretches of {length} ids, and {wanted} "
                    "are wanted"
                )
            chosen = [starts[at] for at in np.linspace(0, len(starts) - 1, wanted).astype(int)]
            found += [[self.end, *map(int, x[at : at + length - 1])] for x, at in chosen]
        return found[:count]


def text_of(setting: Setting, limit: int = 150_000, ids: int = 800) -> Text:
    """Documents of three kinds, ``limit`` bytes of each, and a tokenizer of theirs."""
    limit = setting.pick(limit, 20_000)
    sides = Sides.of(setting.data, DOMAINS, limit=limit, held=setting.pick(60_000, 20_000))
    learnt = [document for domain in DOMAINS for document in sides.learnt[domain]]
    tokenizer = Bpe(vocab_size=setting.pick(ids, 300), threads=1).learn(learnt)

    def rows(documents: list[str]) -> list[NDArray[np.int64]]:
        return [np.array(tokenizer.encode(each)) for each in documents]

    return Text(tokenizer, rows(learnt), {d: rows(sides.held[d]) for d in DOMAINS})


def kept(setting: Setting) -> Kept:
    """Trained models, which experiments share."""
    return Kept(setting, "pairs", source_of(__file__))


def trained(
    setting: Setting, text: Text, shape: Shape, seed: int, passes: int = 3
) -> LanguageModel:
    """A causal model of the text, trained once for all that ask for it; a tiny one where a run only
    shows that all runs."""
    name = f"{shape.layers} blocks of width {shape.width}, {passes} passes, seed {seed}"
    setting.tell(f"model of {name}")
    return train_language_model(
        text.learnt,
        text.end,
        shape=setting.pick(shape, TINY),
        passes=Passes(passes=setting.pick(passes, 1), batch=8),
        seed=seed,
        folder=kept(setting).training(name.replace(", ", "-").replace(" ", "-")),
    )


def pair(setting: Setting, text: Text, seed: int) -> tuple[CausalModel, CausalModel]:
    """A large model and a small one."""
    made = (trained(setting, text, shape, seed) for shape in (LARGE, SMALL))
    large, small = (causal_model(each.model) for each in made)
    return large, small


@cache
def smollm2() -> Path:
    """The folder of SmolLM2-135M.

    Raises:
        CorpusError: there is none.
    """
    folder = Path(os.environ.get("TOKENRY_MODELS", "build/models")) / "smollm2-135m"
    if not folder.is_dir():
        raise CorpusError(f"{folder} is missing; run `make models`, or set TOKENRY_MODELS")
    return folder
