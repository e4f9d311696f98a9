"""Which bytes the ids of a model write, and whether a tokenizer is lossless enough to sum over.

What a model says about ids is a distribution over texts only where texts and ids can be turned into
each other. A tokenizer is taken where every text that its ids can write comes back from `encode`
and `decode` as it was; texts that they cannot write (SmolLM2 has no id for 21 bytes, a model
without byte fallback none for rare characters) have probability zero. One that changes text that
it can write (lower case, Unicode forms, white space that is squeezed) is refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tokenry.decoding.piece_order import PieceOrder
from tokenry.errors import EncodeError, ModelError, SpareRowsWarning, UnsupportedError
from tokenry.models.causal import CausalModel
from tokenry.models.rows import check_rows
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import METASPACE

TRIED: Final = (
    "a", "A", "aB", "é", "e\u0301", "\ufb01", "\u212b", "İ", "½", "０", "ｶ", "한", "中文",
    "\u3000a", "a  b", " a", "  a", "a ", "a\tb", "a\nb", "a\r\nb", "a\u00a0b", "\u201cx\u201d…",
    "12 345", "don't", "a ,b", "x\u200by", "\n", " ", "ß", "[CLS]", "😀",
)  # fmt: skip
"""Texts that lossy tokenizers change."""
USUAL_ENDS: Final = ("<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>")


@dataclass(frozen=True, eq=False)
class Spelling:
    """A tokenizer as a writer of bytes, beside a model.

    Attributes:
        tokenizer: whose ids write.
        pieces: bytes by id; None for an id that writes no text (specials, the unknown one, holes).
        prefix: what `encode` puts before a text and `decode` takes away: a space, or nothing.
        begin: ids with which every sequence begins.
        ends: ids of which each ends a text.
    """

    tokenizer: Tokenizer
    pieces: tuple[bytes | None, ...]
    prefix: bytes
    begin: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(
        cls,
        model: CausalModel,
        tokenizer: Tokenizer,
        begin: Sequence[int] | None = None,
        ends: Sequence[int] | None = None,
    ) -> Spelling:
        """Check that a model and a tokenizer can be read byte by byte.

        Args:
            model: gives logits to ids; rows that belong to no id are never drawn.
            tokenizer: writes them.
            begin: ids before every text; None: what the tokenizer's template puts there, else its
                BOS, else the first of ``ends``.
            ends: ids that end a text; None: the tokenizer's EOS, and the specials that usually do.

        Raises:
            UnsupportedError: the tokenizer is lossy; the message has a text that it changes.
            ModelError: an id has no row, or nothing is known to begin or end a text.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SpareRowsWarning)  # spare rows are never drawn
            check_rows(model, tokenizer)
        check_lossless(tokenizer)
        ended = usual_ends(tokenizer) if ends is None else tuple(ends)
        begun = tuple(_usual_begin(tokenizer, ended) if begin is None else begin)
        for id_ in (*begun, *ended):
            if not 0 <= id_ < min(model.vocab_size, model.input_rows):
                raise ModelError(f"id {id_} has no row in the model, which has {model.vocab_size}")
        if not begun or not ended:
            missing = "begin=" if not begun else "ends="
            raise ModelError(
                f"nothing says which ids begin and end a text for {tokenizer!r}; give {missing}"
            )
        return cls(tokenizer, writing(tokenizer, {*ended}), prefix_of(tokenizer), begun, ended)

    @cached_property
    def order(self) -> PieceOrder:
        """The ids that write, by their bytes."""
        return PieceOrder(self.pieces)

    @cached_property
    def written(self) -> frozenset[int]:
        """Bytes that stand in pieces."""
        return frozenset(b"".join([piece or b"" for piece in self.pieces]))

    def ids(self, text: bytes) -> list[int]:
        """What `encode` makes of a text."""
        return self.tokenizer.encode(text)

    def bytes_of(self, ids: Sequence[int]) -> bytes:
        """The pieces of ids, one after the other."""
        return b"".join([self.pieces[id_] or b"" for id_ in ids])


def check_lossless(tokenizer: Tokenizer) -> None:
    """That a tokenizer gives back every text that its ids can write.

    Raises:
        UnsupportedError: it does not; the message has a text that it changes.
    """
    if tokenizer.lossless:
        return
    for text in TRIED:
        back = _back(tokenizer, text)
        if back is not None and back != text.encode():
            raise UnsupportedError(
                f"this tokenizer is lossy: {text!r} comes back as "
                f"{back.decode(errors='backslashreplace')!r}, so texts have no probability of "
                "their own; load one that keeps text as it is"
            )


def _back(tokenizer: Tokenizer, text: str) -> bytes | None:
    """A text encoded and decoded; None where something in it has no id."""
    try:
        ids = tokenizer.encode(text)
    except EncodeError:
        return None
    drops = tokenizer.pretokenizer.drops_text or tokenizer.segmenter.unknown is None
    if drops and not tokenizer.vocabulary.single_bytes().issuperset(text.encode()):
        return None
    if tokenizer.segmenter.unknown in ids:
        return None
    return tokenizer.decode_bytes(ids) if ids else b""


def prefix_of(tokenizer: Tokenizer) -> bytes:
    """What a tokenizer writes before a text, by what it makes of letters.

    Raises:
        UnsupportedError: it puts more around a text than one space before it.
    """
    for text in (b"a", b"e", b"1"):
        ids = tokenizer.encode(text)
        written = b"".join([tokenizer.vocabulary[id_] or b"" for id_ in ids])
        if tokenizer.segmenter.unknown in ids or not written.strip():
            continue
        if written not in (text, b" " + text):
            raise UnsupportedError(
                f"this tokenizer writes {text!r} as {written!r}, expected the text, or a space and "
                f"the text (its marks, {METASPACE}, are spaces here)"
            )
        return written[: -len(text)]
    return b""


def writing(tokenizer: Tokenizer, ends: Set[int] = frozenset()) -> tuple[bytes | None, ...]:
    """Pieces of the ids that text can become; specials and ``ends`` are never among them."""
    silent = tokenizer.pipeline.special_ids() | ends
    pieces = list(tokenizer.vocabulary.matchable())
    for token in tokenizer.added_tokens:
        pieces[token.id] = token.content.encode()
    return tuple(None if id_ in silent else piece for id_, piece in enumerate(pieces))


def usual_ends(tokenizer: Tokenizer) -> tuple[int, ...]:
    """Ids that end a text: the tokenizer's EOS, and the specials that usually do."""
    named = [tokenizer.config.eos, *USUAL_ENDS]
    found = (id_ for id_ in map(_special(tokenizer), named) if id_ is not None)
    return tuple(dict.fromkeys(found))


def _usual_begin(tokenizer: Tokenizer, ends: tuple[int, ...]) -> tuple[int, ...]:
    if tokenizer.template is not None and tokenizer.template.before:
        return tokenizer.template.before
    bos = _special(tokenizer)(tokenizer.config.bos)
    return ends[:1] if bos is None else (bos,)


def _special(tokenizer: Tokenizer) -> Callable[[str | None], int | None]:
    """The id of a special by its name: one that text may name, or one that is never in text."""
    named = tokenizer.pipeline.specials()
    silent = tokenizer.vocabulary.ids_with("special")
    by_piece = {tokenizer.vocabulary[id_]: id_ for id_ in silent}
    return lambda name: None if name is None else named.get(name, by_piece.get(name.encode()))
