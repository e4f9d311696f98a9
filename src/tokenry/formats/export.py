"""Writing a tokenizer for other programs, and saying how faithful the file is."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError
from tokenry.files import write_atomically
from tokenry.formats import native_file, tiktoken
from tokenry.formats.nearest import nearest
from tokenry.text.detokenizer import Detokenizer
from tokenry.text.encoder import Encoder
from tokenry.text.parts import Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import leaves_text, pattern_of

FileKind = Literal["tokenizer_json", "tiktoken", "tokenry"]


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written and what a reader of it gets.

    Attributes:
        paths: the files.
        format: the format of the first.
        exact: whether its reader gives equal ids for every text, by construction.
        reasons: why it is not exact, or what the file leaves out.
        documents: how many sample documents were compared.
        equal: how many of them the file, loaded back, encodes to the same ids.
        same_tokens: share of all tokens of the sample that the file gives too, in the same place.
        dropped: what the tokenizer says that decides no id and is not in the files, or otherwise.
    """

    paths: tuple[Path, ...]
    format: FileKind
    exact: bool
    reasons: tuple[str, ...]
    documents: int
    equal: int
    same_tokens: float = 1.0
    dropped: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of the sample that encodes equally; 1 where there is no sample."""
        return self.equal / self.documents if self.documents else 1.0

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        return {
            "paths": [str(path) for path in self.paths],
            "format": self.format,
            "exact": self.exact,
            "reasons": list(self.reasons),
            "documents": self.documents,
            "equal": self.equal,
            "same_tokens": self.same_tokens,
            "dropped": list(self.dropped),
        }

    def __str__(self) -> str:
        files = ", ".join(str(path) for path in self.paths)
        reasons = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        head = f"{files}: {'exact' if self.exact else 'not exact'}{reasons}"
        same = f", {self.same_tokens:.2%} of their tokens" if self.same_tokens < 1 else ""
        equal = f"{self.equal} of {self.documents} sample documents encode equally{same}"
        dropped = f"; dropped: {', '.join(self.dropped)}" if self.dropped else ""
        return f"{head}; {equal}{dropped}"


# Beside the caller's documents: what splitters, normalizers and merges most often disagree about.
HARD_TEXTS = (
    "",
    " ",
    "  two  spaces \n\n\t\ttabs \r\n end ",
    "I'll they've WE'RE 'S don't ſ 'ſ",
    "1234567890 3.14 ½ ٣",
    "naïve nai\u0308ve ﬁ Å Å İstanbul",
    "中文。日本語、한국어 ไทย हिन्दी العربية",
    "👩‍👩‍👧‍👦 🇩🇪 \u200b\ufeff\u00a0",
    "<|endoftext|> <s> [CLS] ## ▁ Ġ <0x0A>",
    "for (int i = 0; i < n; ++i) {\n    x[i] += f(x, i);  // !!!\n}\n",
)


def sample_or_default(sample: Iterable[str] | None) -> list[str]:
    """The caller's documents with the hard ones; without any, Python's own documentation."""
    if sample is None:
        from pydoc_data.topics import topics

        sample = [topics[name] for name in sorted(topics)][:40]
    return [*HARD_TEXTS, *sample]


def count_equal(first: Pipeline, second: Pipeline, documents: Sequence[str]) -> int:
    """How many documents two pipelines encode to the same ids, and those to the same text."""
    encoders = [Encoder(each) for each in (first, second)]
    one_way, other_way = (Detokenizer(each.pipeline, each) for each in encoders)
    ones, others = (each.encode_batch(documents) for each in encoders)
    return sum(
        np.array_equal(one, other) and one_way.decode(one) == other_way.decode(other)
        for one, other in zip(ones, others, strict=True)
    )


def share_of_tokens(first: Pipeline, second: Pipeline, documents: Sequence[str]) -> float:
    """Share of the first's tokens that the second has, too: the same id of the same bytes."""
    same = tokens = 0
    encoders = [Encoder(each) for each in (first, second)]
    for document in documents:
        one, other = (_placed(each, document) for each in encoders)
        same += len(np.intersect1d(one, other, assume_unique=True))
        tokens += len(one)
    return same / tokens if tokens else 1.0


def _placed(encoder: Encoder, document: str) -> NDArray[np.void]:
    """Each token's id and span, as one value."""
    ids, spans = encoder.encode_with_spans(document)
    rows = np.column_stack([ids.astype(np.int64), spans])
    return rows.view([("id", np.int64), ("begin", np.int64), ("end", np.int64)]).reshape(-1)


def to_tiktoken(
    pipeline: Pipeline, path: str | os.PathLike[str], *, sample: Iterable[str] | None = None
) -> ExportReport:
    """Write the ranks. The split pattern and the specials are not part of such a file.

    Args:
        pipeline: a byte-level BPE.
        path: the file to write.
        sample: documents to compare on; None takes Python's documentation.

    Raises:
        UnsupportedError: the tokenizer is no BPE over bytes, so ranks say nothing of it.
    """
    exact, (pipeline, lacks) = pipeline, nearest(pipeline)
    by_ranks, unlike = pipeline.segmenter.ranked()
    ranks = tiktoken.to_ranks(pipeline)
    reader = _as_tiktoken(pipeline, by_ranks)
    reasons = (*lacks, *_tiktoken_differences(pipeline), *unlike)
    documents = sample_or_default(sample)
    written = write_atomically(path, ranks)
    report = _report((written,), "tiktoken", reasons, exact, reader, documents)
    return dataclasses.replace(report, dropped=_not_in_ranks(exact))


def _not_in_ranks(pipeline: Pipeline) -> tuple[str, ...]:
    """What a tokenizer has and a file of ranks never says."""
    found = []
    specials = len(pipeline.specials())
    if specials:
        found.append(f"{specials} special{'s' * (specials > 1)}, which its reader must be given")
    if pipeline.template is not None:
        found.append("the ids around a sequence")
    return (*found, *pipeline.config.values)


def _report(
    paths: tuple[Path, ...],
    target: FileKind,
    reasons: tuple[str, ...],
    pipeline: Pipeline,
    reader: Pipeline,
    documents: Sequence[str],
) -> ExportReport:
    equal = count_equal(pipeline, reader, documents)
    if equal < len(documents) and not reasons:
        reasons = ("some of the sample encodes differently",)
    same = share_of_tokens(pipeline, reader, documents) if equal < len(documents) else 1.0
    return ExportReport(paths, target, not reasons, reasons, len(documents), equal, same)


def _as_tiktoken(pipeline: Pipeline, by_ranks: Segmenter) -> Pipeline:
    """What tiktoken makes of the ranks, given this tokenizer's own splitting and specials."""
    splitter = pipeline.pretokenizer.native or ""
    partly = pattern_of(splitter) if leaves_text(splitter) else None
    return Pipeline(
        vocabulary=pipeline.vocabulary,
        segmenter=by_ranks,
        pretokenizer=pipeline.pretokenizer
        if partly is None
        else RegexPretokenizer(partly, behaviour="removed", invert=True),
        added_tokens=[token for token in pipeline.added_tokens if token.special],
    )


def _tiktoken_differences(pipeline: Pipeline) -> list[str]:
    reasons: list[str] = []
    if pipeline.normalizer is not None:
        reasons.append("tiktoken has no normalizer")
    if leaves_text(pipeline.pretokenizer.native or ""):
        reasons.append("tiktoken drops text that this tokenizer's split pattern does not match")
    elif pattern_of(pipeline.pretokenizer.native or "") is None:
        reasons.append("tiktoken splits by one regular expression only")
    if pipeline.decoder is not None:
        reasons.append("tiktoken joins pieces as they are")
    if any(not token.special for token in pipeline.added_tokens):
        reasons.append("tiktoken has no added tokens that are always recognised")
    if pipeline.vocabulary.duplicates():
        reasons.append("some pieces have two ids")
    return reasons


def save(
    pipeline: Pipeline, folder: str | os.PathLike[str], *, sample: Iterable[str] | None = None
) -> ExportReport:
    """Write ``tokenizer.json`` and ``tokenizer_config.json``, and our own file where they lack.

    Args:
        pipeline: what to write.
        folder: made if missing; files of these names in it are replaced.
        sample: documents to compare on; None takes Python's documentation.

    Returns:
        How faithful ``tokenizer.json`` is. Where it is not exact, or cannot say that no text is
        lost, ``tokenry.json`` is written too, which can; where there can be no ``tokenizer.json``,
        that alone.
    """
    from tokenry.formats import transformers
    from tokenry.formats.tokenizer_json import reading, writing

    folder = Path(folder)
    documents = sample_or_default(sample)
    try:
        sayable, lacks = nearest(pipeline)
        document = writing.to_document(sayable)
    except UnsupportedError as error:
        own = write_atomically(folder / native_file.FILE_NAME, native_file.dump(pipeline))
        why = (f"there can be no tokenizer.json: {error}",)
        return ExportReport((own,), "tokenry", True, why, len(documents), len(documents))
    data = document.dump()
    reasons = (*lacks, *document.reasons)
    reader = reading.load(data)
    report = _report((), "tokenizer_json", reasons, pipeline, reader, documents)
    lossy = bool(pipeline.lossless) and not reader.lossless
    paths = [
        write_atomically(folder / "tokenizer.json", data),
        write_atomically(folder / "tokenizer_config.json", transformers.dump_config(pipeline)),
        *_own_file(pipeline, folder, needed=not report.exact or lossy),
    ]
    left_out = transformers.dropped(pipeline)
    return dataclasses.replace(report, paths=tuple(paths), dropped=left_out)


def _own_file(pipeline: Pipeline, folder: Path, *, needed: bool) -> list[Path]:
    own = folder / native_file.FILE_NAME
    if needed:
        return [write_atomically(own, native_file.dump(pipeline))]
    # One of an earlier tokenizer would be loaded first.
    own.unlink(missing_ok=True)
    return []
