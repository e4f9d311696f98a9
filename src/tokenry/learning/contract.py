"""What every learner is: options, what it learns from data, and the tokenizer made of that."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from tokenry import _native
from tokenry.arguments import checked
from tokenry.corpus import CorpusLike
from tokenry.errors import LearnError
from tokenry.learning.option_groups import CountingOptions, VocabularyOptions
from tokenry.learning.session import Session
from tokenry.learning.shortage import warn_if_smaller
from tokenry.options import to_json
from tokenry.progress import Progress
from tokenry.text.parts import AddedToken, Decoder, Pretokenizer, Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

L = TypeVar("L")


@dataclass(frozen=True, kw_only=True)
class Learner(VocabularyOptions, ABC, Generic[L]):
    """A frozen dataclass of options that learns a tokenizer, the same one for the same data.

    A recipe says what it learns (`fit`) and what a tokenizer makes of that (`pipeline`).

    Class attributes:
        kind: its name in `tokenry.learning.KINDS`.
        resumes: whether learning that was interrupted goes on from its checkpoint.
        checkpointed: what the checkpoint keeps; where learning starts anew, why.
        shortage: why there may be fewer ids than were asked for, and what to do.
        other_corpora: names of further corpora that `learn` takes.
    """

    kind: ClassVar[str]
    resumes: ClassVar[bool] = True
    checkpointed: ClassVar[str]
    shortage: ClassVar[str] = "no other pair occurs often enough; give more data"
    other_corpora: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def fit(self, session: Session) -> L:
        """What is learnt."""

    @abstractmethod
    def pipeline(self, learnt: L) -> Pipeline:
        """The tokenizer of what was learnt, as data."""

    @checked
    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        **others: CorpusLike,
    ) -> Tokenizer:
        """Learn from ``corpus``.

        Args:
            corpus: documents; see `tokenry.corpus.as_corpus`.
            progress: told how far it is.
            checkpoint: a file to go on from, and to leave behind when interrupted; not used by a
                learner that does not `resumes`.
            **others: further corpora, by the names of ``other_corpora``.

        Raises:
            CorpusError: a corpus is empty or cannot be read.
            LearnError: options cannot be met with these data, or the checkpoint is of others.

        Warns:
            SmallerVocabularyWarning: the data have less than was asked for.
        """
        tokenizer = self.tokenizer(self.fit(self._session(corpus, progress, checkpoint, others)))
        warn_if_smaller(len(tokenizer), self.vocab_size, self.shortage)
        return tokenizer

    def learn_model(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        **others: CorpusLike,
    ) -> L:
        """What `learn` makes a tokenizer of: merges, events, scores; otherwise as `learn`."""
        learnt = self.fit(self._session(corpus, progress, checkpoint, others))
        warn_if_smaller(self.size(learnt), self.vocab_size, self.shortage)
        return learnt

    def tokenizer(self, learnt: L) -> Tokenizer:
        """The tokenizer of what was learnt."""
        return Tokenizer.of(self.pipeline(learnt))

    def size(self, learnt: L) -> int:
        """Ids of that tokenizer."""
        return len(self.pipeline(learnt).vocabulary)

    def decisive(self) -> str:
        """What decides the result beside data, as one line of text."""
        return f"{self.kind} {to_json(self)}"

    def vocabulary(
        self, pieces: Iterable[bytes | None], roles: Mapping[int, str] | None = None
    ) -> Vocabulary:
        """Specials, then ``pieces``.

        Args:
            pieces: those of the ids after the specials.
            roles: of ids other than the specials.
        """
        specials = [content.encode() for content in self.special_tokens]
        return Vocabulary(
            [*specials, *pieces], dict.fromkeys(range(len(specials)), "special") | dict(roles or {})
        )

    def assembled(
        self,
        vocabulary: Vocabulary,
        segmenter: Segmenter,
        pretokenizer: Pretokenizer,
        decoder: Decoder | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> Pipeline:
        """These parts as a pipeline, with specials, name and metadata.

        The metadata say which learner it was (``learner``) and with which options (``options``,
        JSON that `tokenry.learning.learner_of` reads), and what ``notes`` add.
        """
        return Pipeline(
            vocabulary=vocabulary,
            segmenter=segmenter,
            pretokenizer=pretokenizer,
            decoder=decoder,
            added_tokens=[AddedToken(text, id_) for id_, text in enumerate(self.special_tokens)],
            name=self.kind,
            metadata={"learner": self.kind, "options": to_json(self), **(notes or {})},
        )

    def _session(
        self,
        corpus: CorpusLike,
        progress: Progress | None,
        checkpoint: str | os.PathLike[str] | None,
        others: Mapping[str, CorpusLike],
    ) -> Session:
        unknown = [name for name in others if name not in self.other_corpora]
        if unknown:
            raise LearnError(
                f"{type(self).__name__} takes no {unknown[0]!r}; it takes corpus, progress, "
                f"{', '.join(('checkpoint', *self.other_corpora))}"
            )
        return Session.of(corpus, progress, checkpoint, others)


class CountedWords(Protocol):
    """Distinct pretokens and their counts; what cut them is known."""

    def check(self, pretokenizer: str, numbers: str | None) -> None:
        """LearnError where another pretokenizer cut them."""

    def counter(self) -> _native.WordCounter:
        """As learners take them."""


@dataclass(frozen=True, kw_only=True)
class WordLearner(CountingOptions, Learner[L], ABC):
    """A learner that sees nothing of its corpus but the distinct pretokens and their counts."""

    @abstractmethod
    def fit_words(self, session: Session, counter: _native.WordCounter) -> L:
        """What is learnt from counted words, which are taken out of ``counter``."""

    def fit(self, session: Session) -> L:
        """What is learnt."""
        return self.fit_words(session, self.count(session))

    def learn_from_counts(
        self,
        words: CountedWords,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from pretokens that were counted before; otherwise as `learn`.

        Args:
            words: a `tokenry.learning.word_counts.WordCounts`.
            progress: told how far it is.
            checkpoint: as in `learn`.

        Raises:
            LearnError: they were cut by another pretokenizer, or the learner reads documents, too.
        """
        kind = type(self)
        if kind.fit is not WordLearner.fit or kind.count is not CountingOptions.count:
            self._no_documents()
        words.check(self.pretokenizer, getattr(self, "numbers", None))
        session = Session.of(self._no_documents, progress, checkpoint)
        tokenizer = self.tokenizer(self.fit_words(session, words.counter()))
        warn_if_smaller(len(tokenizer), self.vocab_size, self.shortage)
        return tokenizer

    def _no_documents(self) -> list[bytes]:
        raise LearnError(
            f"{self.kind} reads documents, not only counts of their words; give it the documents"
        )
