"""What a study works on: documents in two parts, reference tokenizers, parallel text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenry.corpus.bundled import BUNDLED
from tokenry.corpus.parallel import ParallelText, cldr_parallel, read_parallel
from tokenry.corpus.passages import reader
from tokenry.errors import StudyError
from tokenry.measuring.by_domain import DomainSample
from tokenry.measuring.fairness import parallel_fingerprint
from tokenry.study.content import DomainSizes, HeldOutPart, StudiedData, StudyIdentity
from tokenry.study.holdout import DataSplit, split
from tokenry.study.options import StudyOptions
from tokenry.tokenizer_files import NamedTokenizer, file_digest, load_named


@dataclass(frozen=True)
class Inputs:
    """Everything that is read before any work."""

    options: StudyOptions
    references: list[NamedTokenizer]
    parallel: ParallelText | None
    data: DataSplit
    held_out: DomainSample

    @classmethod
    def read(cls, options: StudyOptions) -> Inputs:
        """Read what the options name.

        Raises:
            StudyError: a reference language has no parallel text to be used on.
            CorpusError: the data or the parallel text cannot be used.
            FormatError, UnsupportedError: a reference tokenizer cannot be used.
        """
        references = load_named(options.against, options.learners)
        parallel = _parallel(options)
        documents = reader(options.data, options.field, without=options.out)
        share = options.holdout if options.learners else 1.0
        data = split(documents, share, options.seed)
        return cls(options, references, parallel, data, DomainSample.of(data.held_out))

    def identity(self) -> StudyIdentity:
        """What must be equal for the study to be continued."""
        options, parallel = self.options, self.parallel
        return StudyIdentity(
            vocab_size=options.vocab_size,
            learners=options.learners,
            special_tokens=options.special_tokens,
            shape=options.shape,
            holdout=options.holdout,
            seed=options.seed,
            data=self.data.fingerprint,
            against={each.name: (_digest(each.path), each.pattern) for each in self.references},
            parallel=None if parallel is None else parallel_fingerprint(parallel.lines),
            reference_language=None if parallel is None else parallel.reference,
        )

    def describe(self) -> StudiedData:
        """What was read and how it was divided."""
        data, sample = self.data, self.held_out.sample
        counts = data.domains
        return StudiedData(
            source=self.options.data or (BUNDLED,),
            fingerprint=data.fingerprint,
            documents=sum(count.documents for count in counts.values()),
            bytes=sum(count.bytes for count in counts.values()),
            duplicates=data.duplicates,
            learning_bytes=data.learning_bytes,
            held_out=HeldOutPart(
                documents=len(sample.documents),
                bytes=int(sample.sizes.sum()),
                words=int(sample.words.sum()),
                fingerprint=sample.fingerprint,
            ),
            domains={
                name: DomainSizes(count.documents, count.bytes, count.held_documents)
                for name, count in counts.items()
            },
        )


def _parallel(options: StudyOptions) -> ParallelText | None:
    if options.parallel is not None:
        return read_parallel(options.parallel, options.reference_language)
    if not options.data:
        return cldr_parallel(options.reference_language)
    if options.reference_language is not None:
        raise StudyError("a reference language is given without text to use it on; give parallel=")
    return None


def _digest(path: Path | None) -> str:
    return "" if path is None else file_digest(path)
