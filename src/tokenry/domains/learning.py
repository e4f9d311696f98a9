"""Learning the tokenizer of a domain: any learner of words, on the stretches that a reader cuts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tokenry import _native
from tokenry.arguments import checked
from tokenry.domains.contract import Domain
from tokenry.domains.domain_tokenizer import RAW_CHUNK, DomainTokenizer, raw_of, spelled_marks
from tokenry.domains.parsed import Parsed
from tokenry.errors import CorpusError, DomainError, LearnError
from tokenry.learning.contract import WordLearner
from tokenry.learning.registry import learner, options_of
from tokenry.progress import Progress, silent
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.tokenizer import Tokenizer

UNCUT = "whole"


@dataclass(frozen=True)
class CountedStretches:
    """Stretches of files, counted; what `WordLearner.learn_from_counts` takes.

    Attributes:
        counts: of the distinct ones.
        fallbacks: for each file that was taken as bare bytes, its number and why.
    """

    counts: _native.WordCounter
    fallbacks: tuple[tuple[int, str], ...]

    def check(self, pretokenizer: str, numbers: str | None) -> None:
        """Any will do: the domain cut the files."""

    def counter(self) -> _native.WordCounter:
        """The counts, which the learner takes out."""
        return self.counts


def count_stretches(
    domain: Domain, files: Iterable[bytes], progress: Progress = silent
) -> CountedStretches:
    """Read files and count what their pieces may be made of.

    Raises:
        CorpusError: there are no files with a byte in them.
    """
    counter = _native.WordCounter(None, 1)
    fallbacks = []
    done = 0
    for number, data in enumerate(files):
        try:
            parsed = domain.training(domain.read(data))
        except DomainError as error:
            fallbacks.append((number, str(error)))
            parsed = raw_of(data)
        _count(counter, parsed)
        done += len(data)
        progress("count", done, None)
    if not done:
        raise CorpusError("there is nothing to learn from: no file has a byte in it; name others")
    return CountedStretches(counter, tuple(fallbacks))


def _count(counter: _native.WordCounter, parsed: Parsed) -> None:
    bounds = parsed.bounds()
    counter.add_ranges(parsed.run, bounds[:-1], bounds[1:])


@checked
def learn(
    domain: Domain,
    files: Iterable[bytes],
    *,
    kind: str = "bpe",
    progress: Progress | None = None,
    **options: Any,
) -> DomainTokenizer:
    """Learn a tokenizer of a domain.

    Args:
        domain: what reads the files.
        files: their bytes.
        kind: a learner of words (`tokenry.learning.KINDS`): bpe, unigram, picky, ...
        progress: told now and then how far it is.
        **options: of the learner, such as ``vocab_size=4096, max_piece_length=16``.

    Raises:
        CorpusError: no file has a byte in it.
        LearnError: the learner reads documents, or an option does not exist or cannot be met.
    """
    tokenizer, _ = learn_and_note(domain, files, kind=kind, progress=progress, **options)
    return tokenizer


def learn_and_note(
    domain: Domain,
    files: Iterable[bytes],
    *,
    kind: str = "bpe",
    progress: Progress | None = None,
    **options: Any,
) -> tuple[DomainTokenizer, CountedStretches]:
    """`learn`, with what was counted: it names the files that are not of the domain."""
    specials = (*spelled_marks(domain), *options.pop("special_tokens", ()))
    suited = {name: each for name, each in domain.learning.items() if name in options_of(kind)}
    given = {"vocab_size": 4096} | suited | options
    chosen = learner(kind, **given, special_tokens=specials)
    if not isinstance(chosen, WordLearner):
        raise LearnError(f"{kind} reads documents, not stretches of files; take bpe or unigram")
    counted = count_stretches(domain, files, progress or silent)
    learnt = chosen.learn_from_counts(counted, progress=progress)
    return DomainTokenizer(domain, uncut(learnt, domain)), counted


def uncut(tokenizer: Tokenizer, domain: Domain) -> Tokenizer:
    """The tokenizer without a splitter of its own: the domain cuts."""
    metadata = {**tokenizer.pipeline.metadata, "domain": domain.name, "chunk": str(RAW_CHUNK)}
    return Tokenizer.of(
        replace(
            tokenizer.pipeline,
            pretokenizer=NativePretokenizer(UNCUT),
            lossless=None,
            name=domain.name,
            metadata=metadata,
        )
    )
