"""The Tokenizer: text to ids and back, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import VocabularyError
from tokenry.text.added_tokens import AddedMatcher
from tokenry.text.decoder import Joiner
from tokenry.text.encoder import NativeEncoder
from tokenry.text.parts import (
    AddedToken,
    Decoder,
    Normalizer,
    Pretokenizer,
    Segmenter,
    Template,
)
from tokenry.text.preprocessing import Cutter, segment_by_hand
from tokenry.text.ragged import Ragged
from tokenry.text.unicode.utf8 import to_utf8
from tokenry.text.unreachable import Unreachable, find_unreachable, truncated_parts
from tokenry.vocabulary import Vocabulary

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from tokenry.formats.export import ExportReport

    Ids = NDArray[np.uint32]
    Allowed = AbstractSet[str] | Literal["all"]

# Up to so many ids a loop in Python is quicker than arrays: 3 ids take 0.6 us instead of 11 us.
FEW = 64
# What a Tokenizer makes when it is first needed and does not hold by value.
LAZY = ("_native", "_native_joiner", "_fingerprint")


class Tokenizer:
    """An immutable tokenizer: vocabulary, segmenter, and what happens to text before and after.

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
    ) -> None:
        self.vocabulary = vocabulary
        self.segmenter = segmenter
        self.pretokenizer = pretokenizer
        self.normalizer = normalizer
        self.added_tokens = tuple(added_tokens)
        self.template = template
        self.decoder = decoder
        self.name = name
        self.metadata = MappingProxyType(dict(metadata or {}))
        self._check_added_tokens()
        self.lossless = self._derive_lossless() if lossless is None else lossless
        self._specials = {token.content: token.id for token in self.added_tokens if token.special}
        self._cutters: dict[frozenset[str], Cutter] = {}
        self._native: NativeEncoder | None = None
        self._native_joiner: Joiner | None = None
        self._fingerprint: str | None = None
        self._frozen = True

    def _check_added_tokens(self) -> None:
        for id_ in (*self.template.before, *self.template.after) if self.template else ():
            self.vocabulary.check_id(id_)
        contents: dict[str, int] = {}
        for token in self.added_tokens:
            self.vocabulary.check_id(token.id)
            if not token.content:
                raise VocabularyError(f"added token {token.id} has no content")
            if contents.setdefault(token.content, token.id) != token.id:
                raise VocabularyError(
                    f"added token {token.content!r} has two ids, {contents[token.content]} and "
                    f"{token.id}; an added token needs one"
                )

    def _derive_lossless(self) -> bool:
        if len(self.vocabulary.single_bytes()) < 256:
            return False
        parts = (self.normalizer, self.pretokenizer, self.segmenter)
        # What a decoder does to pieces is only known where it says so.
        decoder_restores = self.decoder is None or getattr(self.decoder, "lossless", False)
        added = (token for token in self.added_tokens if not token.special)
        return (
            decoder_restores
            and all(getattr(part, "lossless", True) for part in parts)
            and all(self._restores(token) for token in added)
        )

    def _restores(self, token: AddedToken) -> bool:
        swallows = token.lstrip or token.rstrip
        return not swallows and self.vocabulary[token.id] == token.content.encode()

    def __setattr__(self, name: str, value: object) -> None:
        if getattr(self, "_frozen", False) and name not in LAZY:
            raise AttributeError(f"a Tokenizer is immutable; {name!r} cannot be set, build another")
        super().__setattr__(name, value)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.parts(),))

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Tokenizer({name}{len(self.vocabulary)} ids, {type(self.segmenter).__name__})"

    def parts(self) -> dict[str, object]:
        """The arguments that build this tokenizer again."""
        return {
            "vocabulary": self.vocabulary,
            "segmenter": self.segmenter,
            "pretokenizer": self.pretokenizer,
            "normalizer": self.normalizer,
            "added_tokens": self.added_tokens,
            "template": self.template,
            "decoder": self.decoder,
            "lossless": self.lossless,
            "name": self.name,
            "metadata": dict(self.metadata),
        }

    # Encoding

    def encode(
        self,
        text: str | bytes,
        *,
        allowed_special: Allowed = frozenset(),
        add_special_tokens: bool = False,
    ) -> list[int]:
        """Ids of ``text``.

        Args:
            text: a str, or bytes, which need not be UTF-8. Surrogate pairs in a str are joined and
                a lone surrogate is read as U+FFFD.
            allowed_special: the specials that are recognised in ``text``; all others are ordinary
                text. ``"all"`` allows every one.
            add_special_tokens: put the template's ids (BOS, EOS) around the sequence.

        Raises:
            VocabularyError: ``allowed_special`` names something that is no special.
        """
        ids: list[int] = self.encode_to_numpy(
            text, allowed_special=allowed_special, add_special_tokens=add_special_tokens
        ).tolist()
        return ids

    def encode_to_numpy(
        self,
        text: str | bytes,
        *,
        allowed_special: Allowed = frozenset(),
        add_special_tokens: bool = False,
    ) -> Ids:
        """Ids of ``text`` as a uint32 array, shape (k,); see `encode`."""
        ids = self._encode(text, self._cutter(allowed_special))
        return self._in_template(ids) if add_special_tokens else ids

    def encode_batch(
        self,
        texts: Iterable[str | bytes],
        *,
        threads: int | None = None,
        allowed_special: Allowed = frozenset(),
        add_special_tokens: bool = False,
    ) -> Ragged:
        """Ids of many texts, on ``threads`` threads (None: TOKENRY_THREADS, else one a core)."""
        if isinstance(texts, str | bytes):
            raise TypeError("encode_batch takes many texts; encode takes one")
        cutter = self._cutter(allowed_special)
        encoder = self._encoder()
        texts = list(texts)
        batch = encoder.encode_local_batch(texts, cutter, threads)
        if batch is None and cutter.idle and encoder.splits:
            batch = encoder.encode_batch(texts, threads, cutter.core)
        elif batch is None:
            batch = encoder.encode_parts([to_utf8(text) for text in texts], cutter, threads)
        if not add_special_tokens or self.template is None:
            return batch
        return Ragged.of(map(self._in_template, batch))

    def count(self, text: str | bytes, *, allowed_special: Allowed = frozenset()) -> int:
        """How many ids `encode` gives."""
        cutter = self._cutter(allowed_special)
        encoder = self._encoder()
        ids = encoder.encode_local(text, cutter)
        if ids is None and cutter.idle and encoder.splits:
            return encoder.count_plain(text, cutter.core)
        return len(encoder.encode(to_utf8(text), cutter) if ids is None else ids)

    def count_batch(
        self,
        texts: Iterable[str | bytes],
        *,
        threads: int | None = None,
        allowed_special: Allowed = frozenset(),
    ) -> NDArray[np.int64]:
        """How many ids `encode` gives for each text, shape (n,)."""
        return self.encode_batch(texts, threads=threads, allowed_special=allowed_special).lengths()

    def encode_with_spans(
        self,
        text: str | bytes,
        *,
        allowed_special: Allowed = frozenset(),
        add_special_tokens: bool = False,
    ) -> tuple[Ids, NDArray[np.int64]]:
        """Ids, and the half-open byte span of the UTF-8 input that each stands for.

        Returns:
            ids, shape (k,), and spans, shape (k, 2). `tokenry.spans.character_offsets` turns the
            spans into offsets into a str. A template's ids have empty spans at the edges.
        """
        cutter, encoder = self._cutter(allowed_special), self._encoder()
        if cutter.whole and cutter.normalizer is None and encoder.splits:
            ids, spans = encoder.encode_with_spans_plain(text)
        else:
            ids, spans = encoder.encode_with_spans(to_utf8(text), cutter)
        if not add_special_tokens or self.template is None:
            return ids, spans
        before = np.zeros((len(self.template.before), 2), np.int64)
        after = np.full((len(self.template.after), 2), len(to_utf8(text)), np.int64)
        return self._in_template(ids), np.concatenate([before, spans, after])

    def _encode(self, text: str | bytes, cutter: Cutter) -> Ids:
        encoder = self._encoder()
        ids = encoder.encode_local(text, cutter)
        if ids is not None:
            return ids
        if cutter.idle and encoder.splits:
            return encoder.encode_plain(text, cutter.core)
        return encoder.encode(to_utf8(text), cutter)

    def _encoder(self) -> NativeEncoder:
        # Built when first needed, so that loading is quick and pickles stay small. Two threads may
        # both build one; they are equal and one of them is dropped.
        if self._native is None:
            self._native = NativeEncoder(self.segmenter, self.pretokenizer, self.normalizer)
        return self._native

    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands: nothing is normalised, split or looked for."""
        return self._encoder().encode_pretokens(pretokens)

    def encode_by_hand(
        self, text: str | bytes, *, allowed_special: Allowed = frozenset()
    ) -> list[int]:
        """What `encode` gives, found by readable Python instead of the native core; slow."""
        cutter = self._cutter(allowed_special)
        return segment_by_hand(cutter, self.pretokenizer, self.segmenter, to_utf8(text))

    def _cutter(self, allowed_special: Allowed) -> Cutter:
        allowed = frozenset(self._specials if allowed_special == "all" else allowed_special)
        cutter = self._cutters.get(allowed)
        if cutter is None:
            cutter = self._make_cutter(allowed)
            if len(self._cutters) < 64:
                self._cutters[allowed] = cutter
        return cutter

    def _make_cutter(self, allowed: frozenset[str]) -> Cutter:
        unknown = allowed - self._specials.keys()
        if unknown:
            raise VocabularyError(
                f"allowed_special names {sorted(unknown)}, which are no specials of this "
                f"tokenizer; it has {sorted(self._specials)}"
            )
        active = [each for each in self.added_tokens if not each.special or each.content in allowed]
        raw = [token for token in active if not token.normalized]
        normalized = [token for token in active if token.normalized]
        return Cutter(
            self.normalizer,
            AddedMatcher(raw) if raw else None,
            AddedMatcher(normalized, self.normalizer) if normalized else None,
        )

    def _in_template(self, ids: Ids) -> Ids:
        if self.template is None:
            return ids
        before = np.array(self.template.before, dtype=np.uint32)
        after = np.array(self.template.after, dtype=np.uint32)
        return np.concatenate([before, ids, after])

    # Decoding

    def decode(self, ids: Sequence[int] | Ids, errors: str = "replace") -> str:
        """Text of ``ids``; ``errors`` says what becomes of bytes that are not UTF-8."""
        return self.decode_bytes(ids).decode("utf-8", errors)

    def decode_bytes(self, ids: Sequence[int] | Ids) -> bytes:
        """Bytes that ``ids`` stand for.

        Raises:
            VocabularyError: an id that the vocabulary does not have, or that stands for nothing.
        """
        if self.decoder is None and type(ids) is list and len(ids) <= FEW:
            joined = self._join_few(ids)
            if joined is not None:
                return joined
        joiner = self._joiner()
        known = joiner.check(ids)
        if self.decoder is None:
            return joiner.join(known)
        join_most = getattr(self.decoder, "join_most", None)
        joined = None if join_most is None else join_most(known, joiner.join)
        return self._decode_pieces(known.tolist()) if joined is None else joined

    def _join_few(self, ids: list[int]) -> bytes | None:
        """Pieces of ids, or None where one of them is none; without the way into the core."""
        pieces = self.vocabulary.pieces
        try:
            if ids and min(ids) < 0:
                return None
            return b"".join([pieces[id_] for id_ in ids])  # type: ignore[misc]
        except (IndexError, TypeError):
            return None

    def _decode_pieces(self, ids: list[int]) -> bytes:
        assert self.decoder is not None
        pieces = self.vocabulary.pieces
        return self.decoder([pieces[id_] or b"" for id_ in ids], ids)

    def decode_batch(
        self,
        batch: Ragged | Iterable[Sequence[int] | Ids],
        errors: str = "replace",
        *,
        threads: int | None = None,
    ) -> list[str]:
        """Texts of many sequences of ids."""
        if not isinstance(batch, Ragged):
            batch = Ragged.of(map(self._joiner().check, batch))
        if self.decoder is not None:
            return [self.decode(ids, errors) for ids in batch]
        joiner = self._joiner()
        joined = joiner.join_batch(Ragged(joiner.check(batch.ids), batch.offsets), threads)
        return [data.decode("utf-8", errors) for data in joined]

    def _joiner(self) -> Joiner:
        if self._native_joiner is None:
            self._native_joiner = Joiner(self.vocabulary, self._encoder())
        return self._native_joiner

    # The tokenizer as a whole

    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of everything that decides ids and text; not of the name."""
        from tokenry.formats.native_file import fingerprint

        if self._fingerprint is None:
            self._fingerprint = fingerprint(self)
        return self._fingerprint

    def unreachable(self) -> Unreachable:
        """Ids that no text produces, by reason."""
        return find_unreachable(self.vocabulary, self.encode_pretokens, self.pretokenizer)

    def truncate(self, size: int) -> Tokenizer:
        """The tokenizer of the first ``size`` ids: vocabularies of a learner nest.

        Raises:
            UnsupportedError: the tokenizer is no BPE.
            VocabularyError: the size is not that of a part, or a byte would have no id.
        """
        return Tokenizer(**truncated_parts(self, size))  # type: ignore[arg-type]

    def save(
        self, folder: str | PathLike[str], *, sample: Iterable[str] | None = None
    ) -> ExportReport:
        """Write ``tokenizer.json`` and ``tokenizer_config.json`` into a folder.

        Where ``tokenizer.json`` cannot say all, our own ``tokenry.json`` stands beside it; the
        report says whether ``tokenizer.json`` is exact and how much of a sample encodes equally.
        """
        from tokenry.formats.export import save

        return save(self, folder, sample=sample)

    def to_tiktoken(
        self, path: str | PathLike[str], *, sample: Iterable[str] | None = None
    ) -> ExportReport:
        """Write a tiktoken rank file, and say how exact it is."""
        from tokenry.formats.export import to_tiktoken

        return to_tiktoken(self, path, sample=sample)

    def to_transformers(self) -> PreTrainedTokenizerFast:
        """A transformers tokenizer that gives equal ids; padding and truncation are its business.

        Raises:
            MissingExtraError: transformers is not installed.
            UnsupportedError: a tokenizer.json cannot say what this tokenizer does.
        """
        from tokenry.formats.transformers import to_transformers

        return to_transformers(self)

    # The names that tiktoken uses

    @property
    def n_vocab(self) -> int:
        """How many ids there are, holes included."""
        return len(self.vocabulary)

    @property
    def special_tokens_set(self) -> set[str]:
        """The specials that ``allowed_special`` may name."""
        return set(self._specials)

    def token_byte_values(self) -> list[bytes]:
        """All pieces, sorted, without specials and holes."""
        return sorted({piece for piece in self.vocabulary.matchable() if piece is not None})

    def decode_single_token_bytes(self, token: int) -> bytes:
        """The bytes of one id."""
        return self.decode_bytes([token])

    def encode_single_token(self, text_or_bytes: str | bytes) -> int:
        """The id whose piece, or whose special, this is exactly."""
        if isinstance(text_or_bytes, str) and text_or_bytes in self._specials:
            return self._specials[text_or_bytes]
        return self.vocabulary.id_of(to_utf8(text_or_bytes))


def _rebuild(parts: dict[str, object]) -> Tokenizer:
    return Tokenizer(**parts)  # type: ignore[arg-type]
