"""Templates of instructions, matched to the documents that can answer them.

Source: FineInstructions, 2026: templates that were made of real queries are matched to documents by
embeddings; an answer quotes its document, as a large model marks it; what quotes too little is
dropped.

1. A template is a text with slots, ``<fi>what stands here</fi>``; it is found by its words.
2. A document is cut into overlapping chunks, each a mean of the vectors of its sentences weighed by
   a bell curve around its middle, so that a long document can match by any of its parts.
3. The best templates of a document are those nearest to any of its chunks.
4. An answer's ``<excerpt>first words<...>last words</excerpt>`` become the document's own text.

Vectors are those of `selection.vectors`, not of a network, and what a template's slots become is
the caller's, for whom a model writes; `expanded` and `quoted_share` are what follows after that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.selection.vectors import DocumentVectors
from tokenry.errors import CorpusError
from tokenry.tokenizer import Tokenizer

_SLOT: Final = re.compile(r"<fi>(.*?)</fi>", re.DOTALL)
_EXCERPT: Final = re.compile(r"<excerpt>(.*?)<\.\.\.>(.*?)</excerpt>", re.DOTALL)
_SENTENCES: Final = re.compile(r"(?<=[.!?\u3002])\s+|\n+")
_CHUNKS: Final = 5
QUOTED: Final = 0.8


@dataclass(frozen=True, eq=False)
class TemplateIndex:
    """Templates and their vectors.

    Attributes:
        templates: texts with slots.
        vectors: what makes vectors.
        rows: of the templates, shape (n, width).
    """

    templates: tuple[str, ...]
    vectors: DocumentVectors
    rows: NDArray[np.float32]

    @classmethod
    def of(
        cls, templates: Sequence[str], tokenizer: Tokenizer, documents: Sequence[bytes]
    ) -> TemplateIndex:
        """Index templates; rare words are told from common ones by some documents.

        Raises:
            CorpusError: there are none.
        """
        if not templates:
            raise CorpusError("no templates; give some")
        vectors = DocumentVectors.fit(tokenizer, documents)
        rows = vectors.of([_SLOT.sub(r"\1", each).encode() for each in templates])
        return cls(tuple(templates), vectors, rows)

    def match(
        self, documents: Sequence[bytes], count: int = 6
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Numbers of the nearest templates and their cosines, each shape (n, count)."""
        count = min(count, len(self.templates))
        nearest = np.stack([self._nearness(document) for document in documents])
        order = np.argsort(-nearest, axis=1, kind="stable")[:, :count]
        return order, np.take_along_axis(nearest, order, axis=1)

    def _nearness(self, document: bytes) -> NDArray[np.float64]:
        """Cosine of each template with the nearest chunk, shape (templates,)."""
        chunks = _chunks(self.vectors, document)
        found: NDArray[np.float64] = (self.rows @ chunks.T).max(axis=1).astype(np.float64)
        return found


def _chunks(vectors: DocumentVectors, document: bytes) -> NDArray[Any]:
    """Vectors of a document's parts and of the whole, shape (chunks + 1, width)."""
    text = document.decode("utf-8", "replace")
    sentences = [each for each in _SENTENCES.split(text) if each.strip()] or [text]
    rows = vectors.of([sentence.encode() for sentence in sentences])
    places = (np.arange(len(rows)) + 0.5) / len(rows)
    middles = (np.arange(_CHUNKS) + 0.5) / _CHUNKS
    bells = np.exp(-0.5 * ((places - middles[:, None]) * _CHUNKS) ** 2)
    pooled = np.concatenate([bells @ rows, vectors.of([document])])
    sizes = np.linalg.norm(pooled, axis=1, keepdims=True)
    return pooled / np.where(sizes > 0, sizes, 1.0)


def slots(template: str) -> list[str]:
    """What stands in the slots of a template.

    >>> slots("Why does <fi>a metal</fi> rust in <fi>a place</fi>?")
    ['a metal', 'a place']
    """
    return _SLOT.findall(template)


def instantiated(template: str, fillings: Sequence[str]) -> str:
    """A template with its slots filled.

    Raises:
        CorpusError: there are not as many fillings as slots.

    >>> instantiated("Why does <fi>a metal</fi> rust?", ["iron"])
    'Why does iron rust?'
    """
    if len(fillings) != len(slots(template)):
        raise CorpusError(
            f"{len(fillings)} fillings for {len(slots(template))} slots of a template"
        )
    waiting = iter(fillings)
    return _SLOT.sub(lambda _: next(waiting), template)


def expanded(answer: str, document: str) -> str:
    """An answer with each excerpt as the document has it, from its first words to its last.

    Raises:
        CorpusError: the document has no such stretch.

    >>> expanded("It says: <excerpt>Iron<...>rain.</excerpt>", "Well. Iron rusts in the rain. So.")
    'It says: Iron rusts in the rain.'
    """

    def quoted(found: re.Match[str]) -> str:
        first, last = (each.strip() for each in found.groups())
        begin = document.find(first)
        end = document.find(last, begin + len(first)) if begin >= 0 else -1
        if end < 0:
            raise CorpusError(f"the document has no stretch from {first!r} to {last!r}")
        return document[begin : end + len(last)]

    return _EXCERPT.sub(quoted, answer)


def quoted_share(answer: str, document: str) -> float:
    """Share of an answer's characters that its excerpts give; `QUOTED` and above is kept."""
    rest = len(_EXCERPT.sub("", answer))
    whole = len(expanded(answer, document))
    return 1 - rest / whole if whole else 0.0
