"""The parts of a `Pipeline`: what each kind promises; frozen dataclasses in this room keep it.

What a part can do beside its task is a member with a default, so that a new part is one file, and
nothing asks what class a part is of.

Data flows one way: text -> normalizer -> pretokenizer -> segmenter -> template, and back through a
decoder. Text inside is bytes in its canonical form: a word-start mark is a plain space.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.spans import Alignment
from tokenry.text.ascii_changes import AsciiChanges
from tokenry.text.components import Components, IdNames, Spelling, cannot_say
from tokenry.text.id_changes import DecoderChanges, SegmenterChanges
from tokenry.text.model_fields import ModelNormalization, ModelPieces, no_model_says
from tokenry.text.piece_streams import HeldPieces, PieceStream
from tokenry.text.ragged import Ids
from tokenry.text.raw_words import WordNormalization, WordRules
from tokenry.text.saved_parts import PickledFields, saved_as
from tokenry.vocabulary import to_byte_level, to_metaspace

if TYPE_CHECKING:
    from tokenry.text.raw_words import RawWords

SizedId = tuple[int, int]  # an id, and how many bytes of the pretoken it stands for
# The symbols that stand there, and the place and the rank of the merge that
# made the last of them; None at first.
MergeStep = tuple[list[SizedId], int | None, int | None]


UNKNOWN_TEXT = " \u2047 "  # as SentencePiece writes it, where nothing else is said


class Normalizer(PickledFields, ABC):
    """Changes text before it is cut."""

    __slots__ = ()

    spells_bytes: ClassVar[bool] = False  # in the byte-level alphabet, for a model of bytes

    @property
    def lossless(self) -> bool:
        """Whether decoding can restore the input."""
        return False

    @abstractmethod
    def __call__(self, text: str) -> str:
        """Normalise ``text``."""

    @abstractmethod
    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise ``text`` and say which bytes of it each byte of the result stands for."""

    def to_sentencepiece(self) -> ModelNormalization:
        """What a SentencePiece `.model` says of it."""
        no_model_says(
            f"its normalizer ({type(self).__name__}); SentencePiece's own is the only one"
        )

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        cannot_say(self)

    @property
    def writes_spaces(self) -> bool:
        """Whether there may be spaces in the result that are not in the text."""
        return True

    @property
    def leaves_parts(self) -> bool:
        """Whether it changes no part of a text that it leaves as it is."""
        return False

    @property
    def stays_in_words(self) -> bool:
        """Whether it neither reads nor changes a plain space, nor anything over one."""
        return False

    def native(self) -> _native.Normalizer | None:
        """The same in the core, or None where that cannot do it.

        The core calls it on every input, with the interpreter's lock released, and on bytes that
        are not UTF-8 too.
        """
        return None

    def word_normalization(self) -> WordNormalization | None:
        """What it does to text that is cut before spaces; None where words do not stand alone."""
        core = self.native() if self.stays_in_words else None
        if core is None:
            return None
        return WordNormalization(_native.WordChanges(core, parts=self.leaves_parts))

    def word_rules(self) -> WordRules | None:
        """Its rules for words between white space; None where it does more than they say."""
        core = self.native() if self.stays_in_words else None
        return None if core is None else WordRules(before=(core,))

    def ascii_changes(self) -> AsciiChanges | None:
        """What becomes of single characters of ASCII; None where nothing is known of that."""
        return None

    def bert_options(self) -> _native.BertOptions | None:
        """The steps of BERT's cleaning that it takes; None where it does anything else."""
        return None


@dataclass(frozen=True, slots=True)
class Pretokens:
    """Stretches of ``data`` that merges never cross: ``data[starts[i]:ends[i]]``, ascending."""

    data: bytes
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]
    alignment: Alignment | None = None  # only where ``data`` differs from the text that was cut


class Pretokenizer(PickledFields, ABC):
    """Cuts normalised text into pretokens."""

    __slots__ = ()

    drops_text: ClassVar[bool] = False  # what the model has no symbol for is in no pretoken

    @property
    def begins_input(self) -> bool:
        """Whether it puts something before an input, and not before what an added token ends."""
        return False

    @property
    def native(self) -> str | None:
        """The name of the splitter of the native core that does exactly this, or None."""
        return None

    @property
    def lossless(self) -> bool:
        """Whether all text is in pretokens, as it was."""
        return True

    def native_splitter(self) -> _native.Splitter | None:
        """What does the same in the core, with a name there or without; None where nothing does."""
        return None if self.native is None else _native.Splitter(self.native)

    def in_core(
        self, segmenter: _native.Segmenter
    ) -> tuple[_native.Segmenter, _native.Finder] | None:
        """What takes text in the core as this and ``segmenter`` do; None where nothing does."""
        splitter = self.native_splitter()
        return None if splitter is None else (segmenter, splitter)

    @property
    def changes_text(self) -> bool:
        """Whether what `in_core` gives takes text as `prepared` leaves it."""
        return False

    def prepared(self, data: bytes, *, first: bool) -> bytes:
        """``data`` as the core takes it; ``first`` says that it stands at the beginning."""
        return data

    def spans_in_core(self, data: bytes) -> bool:
        """Whether what `in_core` gives also tells where in a text its ids stand."""
        return True

    def raw_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """How the core takes text word by word before it is normalised, where that is exact.

        None where it is not, and where the core gains nothing by it.
        """
        return None

    @property
    def unnumbered(self) -> Pretokenizer | None:
        """What is left without its number policy; None where it has none beside its name."""
        return None

    @abstractmethod
    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; ``first`` says that it stands at the beginning of the input."""

    @property
    def reads_marks(self) -> bool | None:
        """Whether U+2581 is read as a space; None where that is the normalizer's business."""
        return None

    def nearest(self) -> Pretokenizer:
        """The nearest one that files of other programs can say."""
        return self

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it whose model's pieces are spelled so."""
        cannot_say(self)


class Segmenter(SegmenterChanges, PickledFields, ABC):
    """Turns a pretoken into ids. The Python form is the readable twin of the native one."""

    __slots__ = ()

    unknown: int | None = None  # the id of what cannot be encoded, where there is one

    # Whether ids of a pretoken are what segmenting makes wherever each two neighbours are, as of
    # byte-pair merging.
    neighbours_decide: ClassVar[bool] = False

    def without_whole_pretokens(self) -> Segmenter:
        """The same where a pretoken that is a piece is segmented like any other."""
        return self

    @property
    def lossless(self) -> bool:
        """Whether ids stand for all bytes of a pretoken, where every byte has a piece."""
        return True

    @abstractmethod
    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""

    @abstractmethod
    def native(self) -> _native.Segmenter:
        """The same in the native core."""

    def sentence_words(self, changes: WordNormalization) -> _native.Segmenter | None:
        """Segments raw words of sentences that are one pretoken each; None where it cannot."""
        return None

    def merge_steps(self, pretoken: bytes) -> Iterator[MergeStep] | None:
        """How merging makes the ids of a pretoken; None where nothing is merged."""
        return None

    def spelled(self, piece: bytes, marked: bool) -> str:
        """What a tokenizer.json calls an ordinary piece; ``marked``: its spaces are U+2581.

        Raises:
            UnicodeDecodeError: the piece is no text.
        """
        if self.starts_from_bytes:
            return to_byte_level(piece)
        return to_metaspace(piece) if marked else piece.decode()

    def nearest(self) -> tuple[Segmenter, tuple[str, ...]]:
        """The nearest one that files of other programs can say, and why it is not the same."""
        return self, ()

    def ranked(self) -> tuple[Segmenter, tuple[str, ...]]:
        """What tiktoken makes of the ranks of its pieces, and why that is not the same.

        Raises:
            UnsupportedError: it does not merge bytes, so ranks say nothing of it.
        """
        raise UnsupportedError(
            f"{type(self).__name__} merges no bytes; only a byte-pair encoding over bytes has a "
            "tiktoken rank file"
        )

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """The model of a tokenizer.json that calls the ids so."""
        cannot_say(self)

    def to_sentencepiece(self) -> ModelPieces:
        """What a SentencePiece `.model` says of it."""
        no_model_says(
            f"{type(self).__name__}; only Unigram models and BPE over characters have a form"
        )

    def agrees_with(self, other: Segmenter) -> bool:
        """Whether both give the same ids because they say the same.

        The numbers that stand for an order of merges may differ, and what is said of ids that no
        text has.
        """
        return self == other

    def plain_decoder(self, spelling: Spelling, *, uncut: bool) -> Components:
        """What the decoder of a tokenizer.json does where a tokenizer joins pieces and no more.

        Args:
            spelling: how the file spells pieces.
            uncut: no component of the file cuts text.
        """
        cannot_say(self)


class Decoder(DecoderChanges, PickledFields, ABC):
    """Joins the pieces of ids into bytes."""

    __slots__ = ()

    # The error handler of `bytes.decode` that replaces ill-formed bytes as its program does.
    replacing: ClassVar[str] = "replace"

    @property
    def unknown_text(self) -> str:
        """What is written for the unknown id."""
        return UNKNOWN_TEXT

    @property
    def lossless(self) -> bool:
        """Whether decoding restores what was encoded."""
        return False

    @abstractmethod
    def __call__(self, pieces: list[bytes], ids: list[int]) -> bytes:
        """Bytes that ``ids``, whose canonical pieces are ``pieces``, stand for."""

    @property
    def names(self) -> Sequence[str | None] | None:
        """What its file calls each id; None where it came from no such file."""
        return None

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        cannot_say(self)

    def join_most(self, ids: Ids, join: Callable[[Ids], bytes]) -> bytes | None:
        """What calling it gives, without a list of pieces; None where it has to be called.

        ``join`` joins the pieces of ids in the core.
        """
        return None

    def stream(self) -> PieceStream:
        """It at work on ids that come one by one; without more, all is given out at the end."""
        return HeldPieces(self)


@saved_as("parts.AddedToken")
@dataclass(frozen=True, slots=True)
class AddedToken:
    """Text that is found before the splitter runs and becomes one id."""

    content: str
    id: int
    special: bool = True  # found only where the caller allows it
    normalized: bool = False  # looked for in normalised text
    lstrip: bool = False  # swallows white space before it
    rstrip: bool = False
    single_word: bool = False  # only between word boundaries


@saved_as("parts.HeadToken")
@dataclass(frozen=True, slots=True)
class HeadToken(AddedToken):
    """An added token at the head of a text, or of what follows another token, and nowhere else.

    One with ``closing`` stands for all from its content to there; where that as a whole is the
    content of one without, it is that one.
    """

    closing: str = ""


@saved_as("parts.Template")
@dataclass(frozen=True, slots=True)
class Template:
    """Ids that a file puts around a sequence (BOS, EOS, [CLS], [SEP])."""

    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()

    def around(self, ids: Ids) -> Ids:
        """The ids of a sequence among those around it."""
        before, after = (np.array(each, np.uint32) for each in (self.before, self.behind(ids)))
        return np.concatenate([before, ids, after])

    def behind(self, ids: Sequence[int] | Ids) -> tuple[int, ...]:
        """What is put behind these ids."""
        return self.after

    def spans_around(self, spans: NDArray[np.int64], ids: Ids, size: int) -> NDArray[np.int64]:
        """Spans of the ids of a text of ``size``; those around it are empty, at its edges."""
        before = np.zeros((len(self.before), 2), np.int64)
        return np.concatenate([before, spans, np.full((len(self.behind(ids)), 2), size, np.int64)])


@saved_as("parts.ClosingTemplate")
@dataclass(frozen=True, slots=True)
class ClosingTemplate(Template):
    """A template that puts nothing behind a sequence that ends with it already."""

    def behind(self, ids: Sequence[int] | Ids) -> tuple[int, ...]:
        """What is put behind these ids."""
        size = len(self.after)
        return () if tuple(ids[-size:]) == self.after else self.after
