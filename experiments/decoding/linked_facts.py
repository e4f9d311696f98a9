"""Facts in documents that speak of the document before: a task that small models learn.

A document has two facts: one of ``it``, which is the subject of the document before, and one of a
subject of its own. A question names which fact is meant, the one in the subject's own document or
the one in the next, and the subject. So about half of the answers stand in one document, and the
others are known only to who knows what the document before was about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array
from tokenry.seeds import generator

DOCUMENTS, SUBJECTS, VALUES = 4, 16, 16
IT, OF_IT, OWN, VALUE = SUBJECTS, SUBJECTS + 1, SUBJECTS + 2, SUBJECTS + 3
LINKS: Final = tuple(range(VALUE + VALUES, VALUE + VALUES + 5))
"""Ids of links."""
IDS: Final = LINKS[-1] + 1
LENGTH: Final = 6
"""Ids of a document: `OF_IT`, ``it``, a value, `OWN`, a subject, a value."""
QUESTIONS: Final = 2 * DOCUMENTS - 1
"""Of a context: all facts but the first document's of ``it``."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Contexts with all their questions.

    Attributes:
        documents: shape (count, DOCUMENTS, LENGTH).
        questions: which fact, a subject, and the value that answers, (count, QUESTIONS, 3).
    """

    documents: Array
    questions: Array

    @classmethod
    def drawn(cls, count: int, seed: int, purpose: str) -> Facts:
        """Subjects and values by chance; questions in an order by chance."""
        source = generator(seed, "linked facts", purpose)
        names = source.permuted(np.tile(np.arange(SUBJECTS), (count, 1)), axis=1)[:, :DOCUMENTS]
        values = source.integers(0, VALUES, (count, DOCUMENTS, 2)) + VALUE
        marks = (np.full_like(names, each) for each in (IT, OF_IT, OWN))
        it, of_it, own = marks
        facts = (of_it, it, values[..., 0], own, names, values[..., 1])
        within = np.stack([own, names, values[..., 1]], axis=2)
        across = np.stack([of_it[:, 1:], names[:, :-1], values[:, 1:, 0]], axis=2)
        questions = np.concatenate([within, across], axis=1)
        order = source.permuted(np.tile(np.arange(QUESTIONS), (count, 1)), axis=1)
        return cls(np.stack(facts, axis=2), np.take_along_axis(questions, order[..., None], 1))

    @property
    def across(self) -> NDArray[np.bool_]:
        """Which questions are about ``it``, shape (count, QUESTIONS)."""
        found: NDArray[np.bool_] = self.questions[..., 0] == OF_IT
        return found

    def rows(self, links: int) -> Array:
        """Documents with links behind each, then the questions with their answers."""
        count = len(self.documents)
        behind = np.broadcast_to(np.array(LINKS[:links], np.int64), (count, DOCUMENTS, links))
        context = np.concatenate([self.documents, behind], axis=2).reshape(count, -1)
        return np.concatenate([context, self.questions.reshape(count, -1)], axis=1)
