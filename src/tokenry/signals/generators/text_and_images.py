"""One causal model over ids of text and of images, in both directions.

SEED-LLaMA: Ge et al. 2023, "Making LLaMA SEE and Draw with SEED Tokenizer", arXiv:2310.01218;
VL-GPT: Zhu et al. 2023, arXiv:2312.09251.

1. Ids of images follow those of text in one vocabulary (`serialising`).
2. A row is a text and its image, or an image and its text; each id is predicted from those before.
3. After a text only ids that an image can have are drawn, after an image only ids of text.

Not here: VL-GPT's images as continuous vectors that are regressed; ids are drawn from a
distribution.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.progress import Progress, silent
from tokenry.seeds import generator
from tokenry.signals.serialising.id_space import BEGIN, END
from tokenry.signals.serialising.serialiser import Serialiser

if TYPE_CHECKING:
    from tokenry.neural.model import Model


@dataclass(frozen=True)
class TextAndImages:
    """How rows are made.

    Attributes:
        texts: ids of the text's vocabulary, from 0 on; the next one ends a text.
        serialiser: of images, whose ids begin behind that.
    """

    texts: int
    serialiser: Serialiser

    def __post_init__(self) -> None:
        if self.serialiser.space.first != self.texts + 1:
            raise SignalError(
                f"ids of images begin at {self.serialiser.space.first}; expected {self.texts + 1}, "
                f"behind {self.texts} of text and the one that ends it"
            )

    @property
    def size(self) -> int:
        """Ids of the model."""
        return self.serialiser.space.end

    def text(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """A text with its end."""
        return np.array([*ids, self.texts], np.int64)

    def rows(self, texts: Sequence[Sequence[int]], codes: NDArray[Any]) -> list[NDArray[np.int64]]:
        """Each pair in both directions.

        Args:
            texts: ids of texts.
            codes: of images, (as many, tokens, slots).
        """
        found = []
        for text, image in zip(texts, codes, strict=True):
            parts = self.text(text), self.serialiser.ids(image)
            found += [np.concatenate(parts), np.concatenate(parts[::-1])]
        return found


@dataclass(frozen=True, eq=False)
class TextAndImageModel:
    """A trained model.

    Attributes:
        ids: how its rows are made.
        model: causal, of `tokenry.neural`.
    """

    ids: TextAndImages
    model: Model

    def image_of(
        self, text: Sequence[int], *, seed: int = 0, heat: float = 1.0
    ) -> NDArray[np.int64]:
        """Codes of an image for a text, shape (tokens, slots)."""
        serialiser = self.ids.serialiser
        tokens = int(np.prod(serialiser.shape))
        row = [*self.ids.text(text), serialiser.space.special(BEGIN)]
        start, draw = len(row) - 1, generator(seed, "image")
        while row[-1] != serialiser.space.special(END):
            allowed = serialiser.allowed(np.array(row[start:]), tokens=tokens)
            row.append(self._drawn(row, allowed, heat, draw))
        codes, _ = serialiser.codes(np.array(row[start:]))
        return codes

    def text_of(
        self, codes: NDArray[Any], *, longest: int = 32, seed: int = 0, heat: float = 0.0
    ) -> list[int]:
        """Ids of a text for an image; the likeliest without heat."""
        row: list[int] = self.ids.serialiser.ids(codes).tolist()
        start, draw = len(row), generator(seed, "text")
        allowed = np.arange(self.ids.texts + 1)
        while len(row) - start < longest:
            row.append(self._drawn(row, allowed, heat, draw))
            if row[-1] == self.ids.texts:
                return row[start:-1]
        return row[start:]

    def _drawn(
        self, row: list[int], allowed: NDArray[np.int64], heat: float, draw: np.random.Generator
    ) -> int:
        import torch

        with torch.no_grad():
            logits = self.model(torch.tensor([row]))[0, -1].double().numpy()[allowed]
        if heat <= 0:
            return int(allowed[logits.argmax()])
        chances = np.exp((logits - logits.max()) / heat)
        return int(draw.choice(allowed, p=chances / chances.sum()))


def train_text_and_images(
    ids: TextAndImages,
    texts: Sequence[Sequence[int]],
    codes: NDArray[Any],
    *,
    shape: Shape | None = None,
    passes: Passes | None = None,
    seed: int = 0,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> TextAndImageModel:
    """Train on pairs, each in both directions.

    Args:
        ids: how rows are made.
        texts: ids of a text for each image.
        codes: of the images, (items, tokens, slots).
        shape: of the model; its context holds a row.
        passes: over the rows.
        seed: of weights and order.
        folder: where it is kept, to go on after an interruption.
        progress: told how far it is.
    """
    shape, passes = shape or Shape(), passes or Passes(passes=4)
    rows = ids.rows(texts, codes)
    model = shape.causal(ids.size).build(seed=seed)
    batches = examples(rows, {}, size=passes.batch, seed=seed, passes=passes.passes)
    trainer = passes.trainer(batches.batches or 1, seed)
    trainer.fit(model, NextToken(), batches, folder=folder, progress=progress)
    return TextAndImageModel(ids, model.eval())
