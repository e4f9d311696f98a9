"""The Tokenizer: text to ids and back, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokenry.arguments import checked, is_set
from tokenry.errors import ArgumentError, EncodeError, UnsupportedError
from tokenry.options import Positive
from tokenry.spans import Spans, Unit, character_offsets
from tokenry.text.appending import with_tokens
from tokenry.text.config import TokenizerConfig
from tokenry.text.configuring import configured
from tokenry.text.decode_stream import DecodeStream
from tokenry.text.detokenizer import Detokenizer
from tokenry.text.encode_stream import EncodeStream
from tokenry.text.encoder import NONE_ALLOWED, Allowed, Encoder, direct
from tokenry.text.parts import (
    AddedToken,
    Decoder,
    Normalizer,
    Pretokenizer,
    Segmenter,
    Template,
)
from tokenry.text.pipeline import Pipeline
from tokenry.text.pipeline_parts import PipelineParts
from tokenry.text.ragged import Ids, Ragged
from tokenry.text.summary import html_summary
from tokenry.text.truncation import truncated
from tokenry.text.unicode.utf8 import to_utf8
from tokenry.text.unreachable import Unreachable, find_unreachable
from tokenry.vocabulary import Vocabulary

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from tokenry.formats.export import ExportReport

NO_CONFIG = TokenizerConfig()
STREAM_BYTES = 2**16  # of text that a stream gathers: enough that a call costs little
PATHS = (str, PathLike)


@checked
def load(
    path: str | PathLike[str] | bytes | object,
    *,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
) -> Tokenizer:
    """Load a tokenizer of any format, from a file (``.gz`` is read as it is), a folder or memory.

    Args:
        path: ``tokenizer.json``, a SentencePiece ``.model``, a tiktoken rank file, ``vocab.json``
            with ``merges.txt`` beside it, ``merges.txt`` alone, ``vocab.txt``, our own
            ``tokenry.json``, or a folder that holds one of them. Also the bytes of such a file; a
            tokenizer of tokenizers, a fast one of transformers, an encoding of tiktoken, a
            processor of sentencepiece.
        pattern: how text is split, for the files that do not say (rank files and merges): a known
            name such as ``"cl100k"`` or a regular expression. ``"FILE:pattern"`` as the path says
            the same; files with a published name, such as ``cl100k_base.tiktoken``, need neither.
        special_tokens: specials and their ids, for the same files. None takes those that are known
            of a published file; ``{}`` takes none.

    Raises:
        ArgumentError, FileNotFoundError: ``path`` is none, or there is no such file.
        FormatError: the file is malformed, or of no known format; the message says what was found.
        UnsupportedError: the file asks for something that tokenry does not do.
    """
    from tokenry.formats import detect, in_memory

    if isinstance(path, Tokenizer):
        return path
    if path == "":
        raise ArgumentError("path ''; expected a file, a folder, bytes or a tokenizer")
    if not isinstance(path, PATHS):
        return Tokenizer.of(in_memory.load(path, pattern=pattern, special_tokens=special_tokens))
    return Tokenizer.of(detect.load(path, pattern=pattern, special_tokens=special_tokens))


class Tokenizer(PipelineParts):
    """An immutable tokenizer: vocabulary, segmenter, and what happens to text before and after.

    Two are equal where they give the same ids and text: where their fingerprints are equal.

    Args:
        vocabulary: ids and their canonical bytes.
        segmenter: turns one pretoken into ids.
        pretokenizer: cuts text into pretokens.
        normalizer: changes text before it is cut; None for none.
        added_tokens: found in text before all else; special ones only where the caller allows.
        template: ids to put around a sequence, on request only.
        decoder: joins pieces into bytes; None for plain concatenation.
        lossless: whether ``decode_bytes(encode(x)) == x`` for every UTF-8 ``x``; None derives it
            from the parts.
        name: what to call it in reports.
        metadata: strings that travel with its own file (where it came from).
        config: what its repository says beside it; see `configured`.
    """

    def __init__(
        self,
        *,
        vocabulary: Vocabulary,
        segmenter: Segmenter,
        pretokenizer: Pretokenizer,
        normalizer: Normalizer | None = None,
        added_tokens: Sequence[AddedToken] = (),
        template: Template | None = None,
        decoder: Decoder | None = None,
        lossless: bool | None = None,
        name: str | None = None,
        metadata: Mapping[str, str] | None = None,
        config: TokenizerConfig = NO_CONFIG,
    ) -> None:
        self.__dict__["pipeline"] = Pipeline(
            vocabulary=vocabulary,
            segmenter=segmenter,
            pretokenizer=pretokenizer,
            normalizer=normalizer,
            added_tokens=added_tokens,
            template=template,
            decoder=decoder,
            lossless=lossless,
            name=name,
            metadata=metadata or {},
            config=config,
        )

    @classmethod
    def of(cls, pipeline: Pipeline) -> Tokenizer:
        """The tokenizer that runs a pipeline."""
        tokenizer = cls.__new__(cls)
        tokenizer.__dict__["pipeline"] = pipeline
        return tokenizer

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Tokenizer is immutable; {name!r} cannot be set, build another")

    def __reduce__(self) -> tuple[object, ...]:
        return (Tokenizer.of, (self.pipeline,))

    def __len__(self) -> int:
        """How many ids there are, holes included."""
        return len(self.vocabulary)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokenizer):
            return NotImplemented
        if self.pipeline is other.pipeline or self.vocabulary != other.vocabulary:
            return self.pipeline is other.pipeline
        try:
            return self.fingerprint() == other.fingerprint()
        except UnsupportedError:  # a part of the caller's own, of which nothing is known
            return False

    def __hash__(self) -> int:
        return hash(self.vocabulary)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Tokenizer({name}{len(self)} ids, {type(self.segmenter).__name__})"

    def _repr_html_(self) -> str:
        return html_summary(self.pipeline, self.special_tokens_set)

    def parts(self) -> dict[str, object]:
        """The arguments that build this tokenizer again."""
        return dict(self.pipeline.items())

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.pipeline)

    @cached_property
    def _detokenizer(self) -> Detokenizer:
        return Detokenizer(self.pipeline, self._encoder)

    # Encoding

    @direct("usual", "with_all")
    def encode(
        self,
        text: str | bytes,
        *,
        threads: Positive | None = 1,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
    ) -> list[int]:
        """Ids of ``text``.

        Args:
            text: a str, or bytes, which need not be UTF-8. Surrogate pairs in a str are joined and
                a lone surrogate is read as U+FFFD.
            threads: how many may share a text of 256 KB or more (None: TOKENRY_THREADS, else one a
                core). One makes the list, so an array (`encode_to_numpy`) gains more.
            allowed_special: the specials that are recognised in ``text``; all others are ordinary
                text. ``"all"`` allows every one.
            add_special_tokens: put the template's ids (BOS, EOS) around the sequence.

        Raises:
            VocabularyError: ``allowed_special`` names something that is no special.
        """
        ids = self._encoder.encode_list(text, allowed_special, threads)
        template = self.template if is_set(add_special_tokens, "add_special_tokens") else None
        return [*template.before, *ids, *template.behind(ids)] if template else ids

    @direct("usual_array", "with_all_array")
    def encode_to_numpy(
        self,
        text: str | bytes,
        *,
        threads: Positive | None = 1,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
    ) -> Ids:
        """Ids of ``text`` as a uint32 array, shape (k,); see `encode`."""
        ids = self._encoder.encode(text, allowed_special, threads)
        template = self.template if is_set(add_special_tokens, "add_special_tokens") else None
        return template.around(ids) if template else ids

    @checked
    def encode_batch(
        self,
        texts: Iterable[str | bytes],
        *,
        threads: Positive | None = None,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
    ) -> Ragged:
        """Ids of many texts, on ``threads`` threads (None: TOKENRY_THREADS, else one a core)."""
        batch = self._encoder.encode_batch(texts, allowed_special, threads)
        if not add_special_tokens or self.template is None:
            return batch
        return Ragged.of(map(self.template.around, batch))

    def count(self, text: str | bytes, *, allowed_special: Allowed = NONE_ALLOWED) -> int:
        """How many ids `encode` gives."""
        return self._encoder.count(text, allowed_special)

    @checked
    def count_batch(
        self,
        texts: Iterable[str | bytes],
        *,
        threads: Positive | None = None,
        allowed_special: Allowed = NONE_ALLOWED,
    ) -> NDArray[np.int64]:
        """How many ids `encode` gives for each text, shape (n,)."""
        return self.encode_batch(texts, threads=threads, allowed_special=allowed_special).lengths()

    @checked
    def encode_with_spans(
        self,
        text: str | bytes,
        *,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
        offsets: Unit = "byte",
    ) -> tuple[Ids, Spans]:
        """Ids, and the half-open span of the input that each stands for.

        ``offsets`` are those of the UTF-8 bytes, or with ``"char"`` of the characters of a str.

        Returns:
            ids, shape (k,), and spans, shape (k, 2). `tokenry.spans.character_offsets` turns the
            spans into offsets into a str. A template's ids have empty spans at the edges.
        """
        ids, spans = self._encoder.encode_with_spans(text, allowed_special)
        size = len(to_utf8(text)) if add_special_tokens else 0
        if offsets == "char":
            if not isinstance(text, str):
                raise EncodeError('offsets="char" counts characters of a str; the input is bytes')
            spans, size = character_offsets(text, spans), len(text)
        if not add_special_tokens or self.template is None:
            return ids, spans
        return self.template.around(ids), self.template.spans_around(spans, ids, size)

    @checked
    def encode_batch_with_spans(
        self,
        texts: Iterable[str | bytes],
        *,
        allowed_special: Allowed = NONE_ALLOWED,
        add_special_tokens: bool = False,
        offsets: Unit = "byte",
    ) -> list[tuple[Ids, Spans]]:
        """`encode_with_spans` of each text."""
        how = partial(self.encode_with_spans, allowed_special=allowed_special, offsets=offsets)
        return [how(text, add_special_tokens=add_special_tokens) for text in texts]

    @checked
    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands: nothing is normalised, split or looked for."""
        return self._encoder.engines.encode_pretokens(pretokens)

    @checked
    def encode_by_hand(
        self, text: str | bytes, *, allowed_special: Allowed = NONE_ALLOWED
    ) -> list[int]:
        """What `encode` gives, found by readable Python instead of the native core; slow."""
        return self._encoder.encode_by_hand(text, allowed_special)

    @checked
    def encode_stream(
        self,
        *,
        threads: Positive | None = 1,
        allowed_special: Allowed = NONE_ALLOWED,
        size: Positive = STREAM_BYTES,
    ) -> EncodeStream:
        """Ids of a text in pieces, by ``push(text)`` and ``finish()``; those of the whole text.

        Args:
            threads: as in `encode`, for what is gathered; several need a ``size`` of 1 MB or more.
            allowed_special: as in `encode`.
            size: bytes to gather before ids are given out.

        Raises:
            VocabularyError: ``allowed_special`` names something that is no special.
        """
        allowed = self._encoder.allowed(allowed_special)
        encode = partial(self.encode, threads=threads, allowed_special=allowed)
        return EncodeStream(self.pipeline, encode, allowed, size)

    # Decoding

    def decode(
        self,
        ids: Sequence[int] | Ids,
        errors: str = "replace",
        *,
        skip_special_tokens: bool = False,
    ) -> str:
        """Text of ``ids``; ``errors`` says what becomes of bytes that are not UTF-8.

        With ``skip_special_tokens`` specials stand for nothing.
        """
        if is_set(skip_special_tokens, "skip_special_tokens"):
            ids = self._without_specials(ids)
        return self._detokenizer.decode(ids, errors)

    def decode_bytes(self, ids: Sequence[int] | Ids) -> bytes:
        """Bytes that ``ids`` stand for.

        Raises:
            VocabularyError: an id that the vocabulary does not have, or that stands for nothing.
        """
        return self._detokenizer.decode_bytes(ids)

    def _without_specials(self, ids: Sequence[int] | Ids) -> Sequence[int]:
        return [id_ for id_ in ids if id_ not in self._special_ids]

    @cached_property
    def _special_ids(self) -> frozenset[int]:
        return self.pipeline.special_ids()

    @checked
    def decode_batch(
        self,
        batch: Ragged | Iterable[Sequence[int] | Ids],
        errors: str = "replace",
        *,
        threads: Positive | None = None,
        skip_special_tokens: bool = False,
    ) -> list[str]:
        """Texts of many sequences of ids; see `decode`."""
        if skip_special_tokens:
            batch = [self._without_specials(ids) for ids in batch]
        return self._detokenizer.decode_batch(batch, errors, threads=threads)

    @checked
    def decode_stream(
        self,
        prompt_ids: Iterable[int] = (),
        *,
        errors: str = "replace",
        skip_special_tokens: bool = False,
    ) -> DecodeStream:
        """Text of ids as they come: ``push(id)`` gives what is settled, ``finish()`` the rest.

        Joined it is ``decode`` of all ids.

        Args:
            prompt_ids: ids that come before; their text is not given out.
            errors: what becomes of bytes that are not UTF-8.
            skip_special_tokens: specials stand for nothing.

        Raises:
            VocabularyError: an id of the prompt is unknown.
        """
        return DecodeStream(
            self.pipeline, prompt_ids, errors=errors, skip_special_tokens=skip_special_tokens
        )

    # The tokenizer as a whole

    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of everything that decides ids and text; not of the name."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        from tokenry.formats.native_file import fingerprint

        return fingerprint(self.pipeline)

    def unreachable(self) -> Unreachable:
        """Ids that no text produces, by reason."""
        return find_unreachable(self.vocabulary, self.encode_pretokens, self.pretokenizer)

    @checked
    def truncate(self, size: Positive) -> Tokenizer:
        """The tokenizer of the first ``size`` ids: vocabularies of a learner nest.

        Raises:
            UnsupportedError: the tokenizer is no BPE.
            VocabularyError: the size is not that of a part, or a byte would have no id.
        """
        return Tokenizer.of(truncated(self.pipeline, size))

    @checked
    def add_tokens(self, tokens: Sequence[str], *, special: bool = False) -> Tokenizer:
        """The same tokenizer with more tokens, which are found in text before it is split.

        Ids stay as they are; the new ones follow. ``special`` ones are found only where
        ``allowed_special`` names them, others always, in what the normalizer leaves of a text.

        Raises:
            UnsupportedError: a segmenter or decoder that we cannot extend.
            VocabularyError: a name that is taken, empty, or given twice.
        """
        return Tokenizer.of(with_tokens(self.pipeline, tokens, special=special))

    @checked
    def configured(
        self,
        *,
        bos: str | None = None,
        eos: str | None = None,
        pad: str | None = None,
        unk: str | None = None,
        chat_template: str | None = None,
        add_bos: bool | None = None,
        add_eos: bool | None = None,
    ) -> Tokenizer:
        """The same tokenizer that says which special serves which use; None keeps what it says.

        Args:
            bos: the special that begins a sequence.
            eos: the special that ends one.
            pad: the special that fills a batch.
            unk: the special that stands for what cannot be encoded.
            chat_template: the Jinja template of ``apply_chat_template`` in transformers.
            add_bos: whether ``add_special_tokens=True`` puts BOS before a sequence.
            add_eos: whether it puts EOS behind one.

        Raises:
            VocabularyError: a name that is no special, or no BOS or EOS to add.
        """
        uses = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
        return Tokenizer.of(configured(self.pipeline, uses, chat_template, add_bos, add_eos))

    @checked
    def save(
        self,
        folder: str | PathLike[str],
        *,
        bos: str | None = None,
        eos: str | None = None,
        pad: str | None = None,
        chat_template: str | None = None,
        add_bos: bool | None = None,
        add_eos: bool | None = None,
        sample: Iterable[str] | None = None,
    ) -> ExportReport:
        """Write ``tokenizer.json`` and ``tokenizer_config.json`` into a folder.

        Where ``tokenizer.json`` cannot say all, our own ``tokenry.json`` stands beside it; the
        report says whether ``tokenizer.json`` is exact, how much of a sample encodes equally, and
        what of the configuration was left out. The other arguments are those of `configured`.

        Raises:
            VocabularyError: a name that is no special, or no BOS or EOS to add.
        """
        from tokenry.formats.export import save

        uses = {"bos": bos, "eos": eos, "pad": pad}
        pipeline = configured(self.pipeline, uses, chat_template, add_bos, add_eos)
        return save(pipeline, folder, sample=sample)

    @checked
    def to_tiktoken(
        self, path: str | PathLike[str], *, sample: Iterable[str] | None = None
    ) -> ExportReport:
        """Write a tiktoken rank file, and say how exact it is."""
        from tokenry.formats.export import to_tiktoken

        return to_tiktoken(self.pipeline, path, sample=sample)

    @checked
    def save_sentencepiece(self, path: str | PathLike[str]) -> Path:
        """Write a SentencePiece `.model` that sentencepiece runs with equal ids; gives its path.

        Raises:
            UnsupportedError: a `.model` cannot say what a part does; the message names the part.
        """
        from tokenry.formats.sentencepiece_writing import save

        return save(self.pipeline, path)

    def to_transformers(self) -> PreTrainedTokenizerFast:
        """A transformers tokenizer that gives equal ids; padding and truncation are its business.

        Raises:
            MissingExtraError: transformers is not installed.
            UnsupportedError: a tokenizer.json cannot say what this tokenizer does.
        """
        from tokenry.formats.transformers import to_transformers

        return to_transformers(self.pipeline)

    # Ids and what a tokenizer.json calls them

    @cached_property
    def _names(self) -> dict[int, str]:
        from tokenry.formats.tokenizer_json.writing import token_names

        return token_names(self.pipeline)

    @cached_property
    def _ids_by_name(self) -> dict[str, int]:
        names = {name: id_ for id_, name in self._names.items()}
        return {**names, **{token.content: token.id for token in self.added_tokens}}

    @checked
    def id_to_token(self, id_: int) -> str | None:
        """What a tokenizer.json calls an id: ``"Ġthe"``, ``"▁the"``, ``"##s"``; None for none."""
        return self._names.get(id_)

    @checked
    def token_to_id(self, token: str) -> int | None:
        """The id that a tokenizer.json calls so, or None."""
        return self._ids_by_name.get(token)

    def get_vocab(self) -> dict[str, int]:
        """Ids by name, added tokens among them.

        Raises:
            UnsupportedError: ids of this tokenizer cannot be told apart by names.
        """
        return dict(self._ids_by_name)

    # The names that tiktoken uses

    @property
    def n_vocab(self) -> int:
        """How many ids there are, holes included."""
        return len(self.vocabulary)

    @property
    def special_tokens_set(self) -> set[str]:
        """The specials that ``allowed_special`` may name."""
        return set(self._encoder.specials)

    def token_byte_values(self) -> list[bytes]:
        """All pieces, sorted, without specials and holes."""
        return sorted({piece for piece in self.vocabulary.matchable() if piece is not None})

    @checked
    def decode_single_token_bytes(self, token: int) -> bytes:
        """The bytes of one id, as it stands between others: a space before a word is one of them.

        Raises:
            VocabularyError: an id that the vocabulary does not have, or that stands for nothing.
        """
        piece = self.vocabulary[token]
        return self.decode_bytes([token]) if piece is None else piece

    @checked
    def encode_single_token(self, text_or_bytes: str | bytes) -> int:
        """The id whose piece, or whose special, this is exactly."""
        specials = self._encoder.specials
        if isinstance(text_or_bytes, str) and text_or_bytes in specials:
            return specials[text_or_bytes]
        return self.vocabulary.id_of(to_utf8(text_or_bytes))
