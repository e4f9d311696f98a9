"""The native core."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

# --- splitters and Unicode classes (native/bindings/split.cpp) ---

class SplitRules:
    """What tells the regular expressions of the GPT family apart (native/split/rules.hpp)."""

    @property
    def contraction(self) -> Literal["none", "cased", "caseless", "suffix"]:
        """How contractions are written, if they are alternatives or ends of words."""

    @property
    def word(self) -> Literal["spaced", "prefixed", "marked", "cased"]:
        """What a word is."""

    @property
    def digits(self) -> int:
        """Numbers a pretoken, at most; 0 for all, with the space before them."""

    @property
    def tail(self) -> Literal["none", "newlines", "newlines or slashes"]:
        """What belongs to the punctuation before it."""

    @property
    def newlines(self) -> bool:
        """Whether white space ends after its last line break."""

    @property
    def final_run(self) -> bool:
        """Whether white space at the end of the text is one pretoken."""

    @property
    def han(self) -> bool:
        """Whether runs of Han come first, of which words have no letter."""

class SplitterRow:
    """What is known of a splitter (native/split/splitters.hpp)."""

    @property
    def name(self) -> str:
        """The name that `Splitter` takes."""

    @property
    def rules(self) -> SplitRules | None:
        """Its rules, where it is of the GPT family."""

    @property
    def cuts(self) -> Literal["nowhere", "before spaces", "anywhere"]:
        """Where it cuts, at most."""

    @property
    def leaves_text(self) -> bool:
        """Whether its regular expression leaves text between its matches, as pretokens too."""

def splitters() -> list[SplitterRow]:
    """A row for each of `splitter_names`."""

def splitter_names() -> list[str]:
    """Names that `Splitter` takes."""

class Finder:
    """Finds pretokens, which need not cover a text; called from threads as you like."""

    def find(self, data: bytes) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Where pretokens begin and end, each shape (n,), ascending."""

    def count(self, data: bytes, *, repeats: int = 1) -> int:
        """Pretokens of ``data``, found ``repeats`` times and summed; for benchmarks."""

class Splitter(Finder):
    """Cuts bytes into pretokens; `tokenry.text.pretokenizers.split_patterns` explains the names."""

    def __init__(self, name: str, *, simd: str | None = None) -> None:
        """Make the splitter ``name`` (see `splitter_names`).

        ``simd`` forces a vector path of `simd_paths`; a splitter without one as wide takes its
        widest below. Raises ValueError for a name or a path that this machine does not have.
        """

    @property
    def name(self) -> str:
        """The name it was made by."""

    def split(self, data: bytes, *, capacity: int = 4096) -> NDArray[np.uint64]:
        """Ends of the pretokens of ``data``, shape (n,), ascending; they cover all of it.

        ``capacity`` pretokens are found a step; the result does not depend on it.
        """

    def split_stretches(self, data: bytes, bounds: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Ends of the pretokens of the stretches between bounds, each a text of its own.

        Raises:
            ValueError: the bounds do not ascend within the data.
        """

# --- patterns (native/bindings/patterns.cpp) ---

class NotCompiledError(ValueError):
    """A pattern matches empty text or needs too many states."""

class PatternLook:
    """What a pattern asks of the text around a place; see native/pattern/looks.hpp."""

def pattern_look(
    kinds: NDArray[np.uint8],
    firsts: NDArray[np.uint32],
    seconds: NDArray[np.uint32],
    members: NDArray[np.uint8],
    *,
    symbols: int,
    ahead: bool,
) -> PatternLook:
    """A program that is looked for; with ``ahead`` it is one that reads backwards."""

class PatternStage:
    """Cuts that read text as the same symbols; see `tokenry.text.patterns.program`."""

    def add(
        self,
        kinds: NDArray[np.uint8],
        firsts: NDArray[np.uint32],
        seconds: NDArray[np.uint32],
        members: NDArray[np.uint8],
        *,
        symbols: int,
        behavior: str,
        invert: bool,
        looks: Sequence[PatternLook],
        noted: NDArray[np.uint8],
        empty: bool,
    ) -> None:
        """Add a cut at the matches of a program, whose sets have a row of ``symbols`` each.

        ``noted`` has the symbol of each symbol of the text with what each look finds. ``empty``
        says that empty matches cut too.

        Raises `NotCompiledError` where it needs too many states, or has empty matches that do not.
        """

def pattern_stage(
    starts: NDArray[np.uint32], symbols: NDArray[np.uint8], invalid: int
) -> PatternStage:
    """Text as symbols: of ranges of code points, and of a byte that is no UTF-8."""

def pattern_stage_of_bytes(symbols: NDArray[np.uint8]) -> PatternStage:
    """Text as a symbol for each byte, shape (256,)."""

class Cascade(Finder):
    """The cuts of stages, one after the other, each in what the one before it left."""

    def __init__(self, stages: Sequence[PatternStage]) -> None: ...
    def words(self) -> Splitter | None:
        """What cuts where these cuts always do; None where words would be long."""

    def changed_words(
        self, becomes: NDArray[np.uint8], joined: NDArray[np.bool_]
    ) -> Splitter | None:
        """The same for text that is changed first, between characters of ASCII.

        Args:
            becomes: what these become; shape (128,), 128 where it may be no single one.
            joined: pairs that are not changed apart; shape (128 * 128,).
        """

# --- splitters, more of them (native/bindings/split.cpp) ---

def whole_token_splitter(base: str, tokens: Sequence[bytes]) -> Splitter:
    """A splitter that keeps tokens whole; see `tokenry.text.pretokenizers.whole_tokens`."""

def glued_splitter(base: str, texts: list[bytes]) -> Splitter:
    """A splitter that does not cut inside some texts; see `tokenry.text.pretokenizers.glued`."""

class BertOptions:
    """Which steps of `tokenry.text.normalizers.bert.BertNormalizer` are taken."""

    def __init__(
        self,
        *,
        clean_text: bool = False,
        handle_chinese_chars: bool = False,
        strip_accents: bool = False,
        lowercase: bool = False,
    ) -> None: ...

def bert_splitter(options: BertOptions, *, simd: str | None = None) -> Splitter:
    """Cuts text as it stands where its normalised form is cut.

    A pretoken is a word with the one space before it, or white space that no word takes.
    """

def simd() -> str:
    """The vector path in use, one of `simd_paths`; TOKENRY_SIMD forces one."""

def simd_paths() -> list[str]:
    """Those of "scalar", "portable", "avx2" and "avx512" that this processor has."""

def unicode_version() -> str:
    """Version of the Unicode tables of the core."""

def unicode_records() -> NDArray[np.uint8]:
    """One byte for each code point, shape (0x110000,).

    Bits 0-4: general category, in the order Cn Cc Cf Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd
    Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs, then (30) the White_Space members of Cc. Bit 5: Script=Han.
    """

# --- normalizers (native/bindings/normalize.cpp) ---

class Charsmap:
    """The compiled normalisation rules of a SentencePiece model."""

    def __init__(self, blob: bytes) -> None:
        """Read and check a ``precompiled_charsmap``; ValueError says what is wrong with it."""

    @property
    def growth(self) -> int:
        """Bytes that a byte of text becomes, at most."""

    def reads(self, byte: int) -> bool:
        """Whether a rule may read this byte, wherever it stands in it."""

    def is_space(self, byte: int) -> bool:
        """Whether this byte becomes a space, and no rule reads it beside others."""

    def writes(self, text: bytes) -> bool:
        """Whether a rule may write this text."""

    def normalize_transformers(self, text: bytes) -> bytes:
        """Apply the rules to UTF-8 as Hugging Face's tokenizers does."""

    def align_transformers(self, text: bytes) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
        """The same, and where in ``text`` what each byte was made from starts and ends."""

class Normalizer:
    """Changes text before it is cut."""

    def normalize(self, text: bytes) -> bytes:
        """Normalised text."""

    def align(self, text: bytes) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
        """The same, and where in ``text`` what each byte was made from starts and ends."""

    def leaves(self, text: str | bytes) -> bool:
        """Whether a text stays as it is."""

class SentencePieceNormalizer(Normalizer):
    """What SentencePiece does to text before it segments it.

    In the result U+2581 is a plain space; bytes that are not UTF-8 become U+FFFD.
    """

    def __init__(
        self,
        rules: Charsmap | None,
        *,
        kept: list[bytes],
        remove_extra_spaces: bool,
        dummy: str,
    ) -> None:
        """``kept``: byte strings no rule may change; ``dummy``: before, after or none."""

class BertNormalizer(Normalizer):
    """BERT's text cleaning; see `tokenry.text.normalizers.bert.BertNormalizer`.

    Bytes that are not UTF-8 stay as they are.
    """

    def __init__(self, options: BertOptions) -> None: ...

class FormNormalizer(Normalizer):
    """A Unicode normalization form (NFC, NFD, NFKC, NFKD), aligned by grapheme cluster."""

    def __init__(self, form: str) -> None: ...

class CharacterChanges(Normalizer):
    """Characters of sets, or runs of them, become texts."""

    def __init__(
        self,
        firsts: NDArray[np.uint32],
        lasts: NDArray[np.uint32],
        which: NDArray[np.uint32],
        texts: list[bytes],
        *,
        least: int = 0,
    ) -> None:
        """Code points from ``firsts[i]`` to ``lasts[i]`` become ``texts[which[i]]``.

        ``least``: 0 where each changes by itself; else runs change of at least so many that become
        the same.
        """

class LiteralReplacer(Normalizer):
    """``content`` for every occurrence of a text that is not empty."""

    def __init__(self, sought: bytes, content: bytes) -> None: ...

class PatternReplacer(Normalizer):
    """``content`` for everything that a finder finds in what is UTF-8."""

    def __init__(self, matches: Finder, content: bytes) -> None: ...

class Prepender(Normalizer):
    """``content`` before a text that is not empty."""

    def __init__(self, content: bytes) -> None: ...

class Stripper(Normalizer):
    """White space taken from the ends of a text."""

    def __init__(self, left: bool, right: bool) -> None: ...

class ByteSpeller(Normalizer):
    """Each byte of what is UTF-8 as a character of GPT-2's byte-level alphabet."""

    def __init__(self) -> None: ...

class PrecompiledNormalizer(Normalizer):
    """Rules as `Charsmap.normalize_transformers` applies them, to what is UTF-8."""

    def __init__(self, rules: Charsmap) -> None: ...

class NormalizerSequence(Normalizer):
    """Normalizers one after the other."""

    def __init__(self, steps: list[Normalizer]) -> None: ...

# --- segmenters (native/bindings/segmenters.cpp) ---

class Segmenter:
    """Turns one pretoken into ids; immutable, and shared by engines and threads."""

class SentencePieceUnigramSegmenter(Segmenter):
    """Unigram segmentation with the arithmetic of SentencePiece.

    See `tokenry.text.segmenters.unigram.UnigramSegmenter`.
    """

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        scores: NDArray[np.float64],
        unknown_score: float,
        unknown: int,
        byte_fallback: bool,
        byte_ids: NDArray[np.int64],
    ) -> None:
        """Build from packed pieces.

        Args:
            pieces: canonical bytes of all ids in a row; id ``i`` has
                ``pieces[offsets[i]:offsets[i + 1]]``, empty where text cannot produce it.
            offsets: shape (n + 1,).
            scores: shape (n,), finite.
            unknown_score: of a character that no piece of its own matches.
            unknown: id of neighbouring unknown characters; -1 for none.
            byte_fallback: they become their bytes where all of them have ids.
            byte_ids: id of each byte or -1, shape (256,); these ids match no text.

        Raises:
            VocabularyError: numbers that do not fit together.
        """

    @property
    def cut(self) -> str:
        """Where no piece crosses: "nowhere", "before space runs" or "before every space"."""

class TransformersUnigramSegmenter(Segmenter):
    """The same with the arithmetic of Hugging Face's tokenizers."""

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        scores: NDArray[np.float64],
        unknown_score: float,
        unknown: int,
        byte_fallback: bool,
        byte_ids: NDArray[np.int64],
    ) -> None:
        """As of `SentencePieceUnigramSegmenter`."""

    @property
    def cut(self) -> str:
        """As of `SentencePieceUnigramSegmenter`."""

class LongestSegmenter(Segmenter):
    """Greedy longest match over bytes, as `tokenry.text.segmenters.longest_match` says."""

    def __init__(self, *, pieces: bytes, offsets: NDArray[np.uint64]) -> None:
        """Build from packed pieces.

        Args:
            pieces: bytes of all ids in a row, empty where text cannot produce the id.
            offsets: shape (n + 1,).

        Raises:
            VocabularyError: a byte has no piece, or offsets do not describe pieces.
        """

class ContinuationSegmenter(Segmenter):
    """Longest match; see `tokenry.text.segmenters.continuation.ContinuationSegmenter`."""

    def __init__(
        self, *, pieces: bytes, offsets: NDArray[np.uint64], continues: NDArray[np.bool_]
    ) -> None:
        """Build from packed pieces, empty where text cannot produce the id.

        VocabularyError where a byte has no piece of either kind.
        """

class WordPieceSegmenter(Segmenter):
    """Greedy longest match; see `tokenry.text.segmenters.wordpiece.WordPieceSegmenter`."""

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        prefix: bytes,
        unknown: int,
        longest_word: int,
        spaced: NDArray[np.uint32],
    ) -> None:
        """Build from packed pieces, in which a leading space marks the start of a word.

        Args:
            pieces: canonical bytes of all ids in a row, empty where text cannot produce the id.
            offsets: shape (n + 1,).
            prefix: how the file spells a continuation.
            unknown: id of a word without pieces; -1 for none.
            longest_word: in characters.
            spaced: ids of pieces whose leading space marks nothing.
        """

class EventSegmenter(Segmenter):
    """Merges and deletions in their order, as `tokenry.text.segmenters.event_log` says."""

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        events: NDArray[np.uint32],
        ids: NDArray[np.int64],
    ) -> None:
        """Build from packed pieces and a `tokenry.text.segmenters.event_log.EventLog`.

        Raises:
            VocabularyError: the log contradicts itself or the pieces.
        """

class WordRunSegmenter(Segmenter):
    """The same with supermerges; see `tokenry.text.segmenters.event_log.WordRunSegmenter`."""

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        events: NDArray[np.uint32],
        ids: NDArray[np.int64],
        splitter: str,
    ) -> None:
        """Build as an `EventSegmenter`, for the pretokens of the splitter of word runs.

        Raises:
            VocabularyError: the log contradicts itself or the pieces.
            ValueError: no splitter of word runs has the name.
        """

class UserDefinedSegmenter(Segmenter):
    """Frozen pieces first; see `tokenry.text.segmenters.user_defined.UserDefinedSegmenter`."""

    def __init__(
        self,
        inner: Segmenter,
        splitter: Splitter,
        frozen: NDArray[np.uint32],
        *,
        of_words: bool = False,
    ) -> None:
        """``frozen``: ids of pieces of ``inner``; ``splitter`` cuts what is between them.

        ``of_words``: pretokens are words, which caches remember, and their parts.
        """

# --- byte-pair encoding (native/bindings/bpe.cpp) ---

class BpeSegmenter(Segmenter):
    """Byte-pair encoding; see `tokenry.text.segmenters.bpe.BytePairSegmenter`."""

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        merges: NDArray[np.uint32],
        ranks: NDArray[np.uint32],
        symbols: Literal["bytes", "characters"] = "bytes",
        byte_ids: NDArray[np.int64],
        byte_fallback: bool = False,
        unknown: int = -1,
        fuse_unknown: bool = False,
        whole_pretokens: bool = False,
    ) -> None:
        """Build from packed pieces.

        Args:
            pieces: canonical bytes of all ids in a row; id ``i`` has
                ``pieces[offsets[i]:offsets[i + 1]]``, empty where text cannot produce it.
            offsets: shape (n + 1,).
            merges: left id, right id, merged id; shape (m, 3).
            ranks: shape (m,); the lowest merges first, of equal ones the leftmost.
            symbols: what merging starts from.
            byte_ids: id of each byte, -1 where there is none; shape (256,). With characters these
                ids are for `byte_fallback` only.
            byte_fallback: a character without a piece becomes its bytes.
            unknown: id of what else has no piece; -1 for none, and then encoding it is an error.
            fuse_unknown: neighbouring unknowns become one id.
            whole_pretokens: a pretoken that is a piece is that id.

        Raises:
            VocabularyError: an id out of range, offsets that do not ascend, or a merge whose result
                is not its two parts joined.
        """

    @staticmethod
    def from_ranks(
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        ranks: NDArray[np.uint32],
        symbols: Literal["bytes", "characters"] = "bytes",
        byte_ids: NDArray[np.int64],
        byte_fallback: bool = False,
        unknown: int = -1,
        fuse_unknown: bool = False,
        whole_pretokens: bool = False,
    ) -> BpeSegmenter:
        """Build from a rank for each piece, shape (n,): 2**32 - 1 means never.

        Neighbours whose concatenation is a piece merge at its rank. Of the ways to cut a piece in
        two only the one that can happen is a merge, and none for a piece that merging does not
        reach.
        """

    def merges(self) -> NDArray[np.uint32]:
        """Left, right and merged id of each merge, ascending by rank; shape (m, 3)."""

class SuperwordSegmenter(Segmenter):
    """Byte-pair encoding whose later merges go over the boundaries of words, in two steps."""

def superword_segmenter(whole: BpeSegmenter, order: int | None = None) -> SuperwordSegmenter | None:
    """The same in two steps, the second from the merge of that order on.

    None where that is not given and few merges, or early ones, make pieces with a letter before a
    space; and where other symbols than bytes merge.
    """

def read_rank_file(
    data: bytes,
) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint32]] | None:
    """Pieces, packed, their offsets and their ranks, in the order of the lines of a tiktoken file.

    No piece comes twice, a rank may. None where a line is not as it should be.
    """

# --- names, vocabularies and merges of files (native/bindings/formats.cpp) ---

class TokenNames:
    """What a file calls its ids, and which id has a name."""

    def __init__(
        self, run: bytes, offsets: NDArray[np.uint64], missing: NDArray[np.uint32]
    ) -> None:
        """Names as `tokenry.vocabulary.pack` gives them; the ids ``missing`` have none."""

    def __len__(self) -> int: ...
    def missing(self) -> NDArray[np.uint32]:
        """Ids without a name, ascending."""

    @property
    def repeats(self) -> bool:
        """Whether two ids have one name."""

    def text(self, id: int) -> str | None:
        """The name of an id, None where it has none."""

    def texts(self) -> list[str | None]:
        """The name of each id."""

    def holds(self, text: bytes) -> bool:
        """Whether a name has these bytes, or two names together have."""

    def find(self, text: str) -> int:
        """The id of a name, of equal ones the last; -1 where there is none."""

    def pieces(
        self, spelling: Literal["plain", "marks", "bytes"]
    ) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint32]]:
        """Pieces that names stand for, packed, and ids of names that are not spelled so."""

    def words(self, prefix: bytes) -> tuple[bytes, NDArray[np.uint64]]:
        """Pieces of WordPiece, packed: without the prefix, or behind a space."""

    def merges(
        self, run: bytes, offsets: NDArray[np.uint64], skipped: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]] | int:
        """Merges by their names, two in a row: ids, shape (m, 3), and ranks, shape (m,).

        Of a pair that comes twice the last rank counts. What merges make lacks the first
        ``skipped`` bytes of the right name. An int is the first merge with a name without an id.
        """

def read_sentencepieces(
    data: bytes,
) -> tuple[TokenNames, NDArray[np.float32], NDArray[np.uint8], list[tuple[int, int]]] | None:
    """Names, scores and types of the pieces of a `.model`, and where all else of it stands.

    None where a piece is not as it should be.
    """

def read_json_model(
    data: bytes,
) -> tuple[
    tuple[int, int, TokenNames, NDArray[np.float64] | None, list[tuple[int, int, int]]] | None,
    tuple[int, int, bytes, NDArray[np.uint64]] | None,
]:
    """The vocabulary and the merges of a tokenizer.json, each None where it is not as it should be.

    Both begin with their place in ``data``, first and last. The vocabulary has names, scores (None
    for an object of ids), and of scores that were left unread the id and the place; merges have
    two names each, packed.
    """

def unpack_snappy(packed: bytes, before: bytes) -> tuple[bytes, int]:
    """What the whole elements at the start of Snappy data stand for, and the bytes that they took.

    Args:
        packed: elements, without the length at the head of a stream.
        before: what came before, or the end of it; ValueError where an element refers to more.
    """

# --- segmenters of words as they stand in text (native/bindings/raw_words.cpp) ---

class WordChanges:
    """What a normalizer does to raw words."""

    def __init__(
        self,
        normalizer: Normalizer | None = None,
        *,
        spaced: bool = False,
        parts: bool = False,
    ) -> None:
        """Without a normalizer words stay as they are.

        ``spaced``: every word begins with a space, which stays where the rest, which ``normalizer``
        gets, becomes anything. ``parts``: it changes no part of what it leaves as it is.
        """

class NormalizedSegmenter(Segmenter):
    """Segments raw words: each is normalised, cut and segmented by itself."""

    def __init__(
        self, inner: Segmenter, splitter: Splitter | None = None, changes: WordChanges = ...
    ) -> None: ...

class SentenceWords(Segmenter):
    """Ids of raw words of a sentence that are the same whatever stands before them."""

    def __init__(
        self, inner: SentencePieceUnigramSegmenter, changes: WordChanges = ...
    ) -> None: ...
    @staticmethod
    def fits(inner: SentencePieceUnigramSegmenter) -> bool:
        """Whether no piece reaches over the beginning of spaces, and a space has a piece."""

class BertSegmenter(Segmenter):
    """Ids of words as `bert_splitter` finds them with the same options: each is normalised and
    given to ``words``; white space has none.
    """

    def __init__(self, words: Segmenter, options: BertOptions) -> None: ...

class MarkedSegmenter(Segmenter):
    """Ids of words as the splitter ``space_prefix`` finds them: ``before``, then ``rules`` as
    tokenizers applies them, then each word between white space with a space before it is given to
    ``words``; with ``squeezes`` each word between spaces, and ``strips`` says that white space is
    removed from the end of a text.
    """

    def __init__(
        self,
        words: Segmenter,
        rules: Charsmap | None,
        before: Normalizer | None = None,
        *,
        squeezes: bytes = b"",
        strips: bool = False,
    ) -> None: ...
    @staticmethod
    def fits(rules: Charsmap) -> bool:
        """Whether rules leave spaces where they are, as this needs."""

class FoundSegmenter(Segmenter):
    """Ids of words that are normalised, and of what ``finder`` finds in them then."""

    def __init__(
        self, inner: Segmenter, finder: Finder, normalizer: Normalizer | None = None
    ) -> None: ...

class WholeWordsSegmenter(Segmenter):
    """Words between spaces; see `tokenry.text.segmenters.words.WordSegmenter`."""

    def __init__(
        self,
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        unknown: int,
        byte_ids: NDArray[np.int64],
    ) -> None:
        """``unknown`` and ``byte_ids``, shape (256,), may be -1."""

class RenamedSegmenter(Segmenter):
    """Ids of another vocabulary; see `tokenry.text.segmenters.renamed.RenamedSegmenter`."""

    def __init__(
        self,
        inner: Segmenter,
        ids: NDArray[np.uint32],
        *,
        inner_unknown: int,
        unknown: int,
        looks_up: bool,
        pieces: bytes,
        offsets: NDArray[np.uint64],
    ) -> None:
        """``ids``: by id of ``inner``; ``pieces`` are those of the other vocabulary."""

class AffixedSegmenter(Segmenter):
    """Symbols that say where in a word they stand; see native/encode/affixed_segmenter.hpp."""

    def __init__(
        self,
        inner: Segmenter,
        points: NDArray[np.uint32],
        codes: NDArray[np.uint32],
        *,
        unknown: int,
        characters: bool,
        pieces: bytes,
        offsets: NDArray[np.uint64],
    ) -> None:
        """``inner`` merges private characters, ``codes`` of shape (points, 4)."""

class DroppingSegmenter(Segmenter):
    """Another segmenter, of pretokens without what is not ``known``: bytes, or code points."""

    def __init__(
        self, inner: Segmenter, known: NDArray[np.uint32], *, characters: bool
    ) -> None: ...

# --- segmenters in Python (native/bindings/python_segmenter.cpp) ---

class PythonSegmenter(Segmenter):
    """Calls a function for each pretoken; see `tokenry.text.segmenters.interpreted`."""

    def __init__(
        self,
        function: Callable[[bytes], list[tuple[int, int]]],
        *,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        ids_per_byte: int = 1,
    ) -> None:
        """``function`` gives ids and the sizes in bytes that each of them stands for."""

# --- engines (native/bindings/engines.cpp) ---

def default_threads() -> int:
    """TOKENRY_THREADS where set, else the processors of this process, at most 64."""

def default_cache_bytes() -> int:
    """TOKENRY_CACHE_BYTES where it is set to a positive number, else 32 MB."""

class TokenFinder:
    """Finds added tokens in text: the first, and of those that begin there the longest."""

    def __init__(self, tokens: Sequence[bytes], ids: Sequence[int]) -> None: ...
    def occurs(self, data: str | bytes) -> bool:
        """Whether one of them is in a text."""

    def find(self, data: str | bytes) -> NDArray[np.uint64]:
        """Begin and end of each, ascending, shape (n, 2); none begins inside another."""

    def occurring(self, texts: Sequence[str | bytes]) -> list[int]:
        """Which texts have one, ascending."""

class PiecePlaces:
    """Which characters each piece of a text stands for (native/encode/piece_places.hpp)."""

    def __init__(
        self,
        run: bytes,
        offsets: NDArray[np.uint64],
        *,
        joined: bool = True,
        sure: bool = False,
        trims: bool = False,
        keeps_first_space: bool = False,
        unknown: int = -1,
        fused: bool = False,
    ) -> None:
        """Take all pieces in one run, and how they are laid along a text."""

    def learn(self, character: int, becomes: str) -> None:
        """Say what a code point becomes where pieces are walked; a space may pass."""

    def find(
        self, texts: Sequence[str], ids: NDArray[np.uint32], offsets: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[int]]:
        """The first character of each id, the one after its last, and the texts without any."""

def number_rows(
    values: NDArray[np.uint32],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    gaps: list[list[int]],
    width: int,
    filler: int,
    left: bool,
) -> list[list[int]]:
    """Lists of ``values[begins[i, k]:ends[i, k]]`` with ``gaps`` around their sequences.

    Lists that are shorter than ``width`` are filled with ``filler``, on the right or the left.
    """

def pair_rows(
    firsts: NDArray[np.int64],
    lasts: NDArray[np.int64],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    gaps: list[list[tuple[int, int]]],
    width: int,
    filler: tuple[int, int],
    left: bool,
) -> list[list[tuple[int, int]]]:
    """`number_rows` of pairs ``(firsts[at], lasts[at])``."""

def constant_rows(
    values: list[T],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    gaps: list[list[T]],
    width: int,
    filler: T,
    left: bool,
) -> list[list[T]]:
    """`number_rows` where all of sequence ``k`` is ``values[k]``."""

def short_first(
    own: Callable[..., Any], ours: Callable[..., Any], limit: int, listed: bool, alone: bool
) -> Callable[..., Any]:
    """``ours``, but ``own`` for one text of less than ``limit`` characters and no options but two.

    The options are ``add_special_tokens`` and ``is_pretokenized=False``, by name.

    Args:
        own: of a tokenizers.Tokenizer.
        ours: takes all other calls, and is asked for attributes.
        limit: in characters.
        listed: the text is alone in a list.
        alone: ``own`` takes it alone, and a list is made of what it gives.
    """

def direct_method(function: F, usual: str, with_all: str) -> F:
    """``function``, a method of one text, but ``self._encoder.usual(text)`` where that is all.

    With ``allowed_special="all"`` beside the text, ``self._encoder.with_all(text)``. Where these
    raise an Exception, and for all other calls, ``function`` answers.
    """

class EngineCall:
    """What `Engine.encode` and `encode_list` do with these arguments, on one thread."""

    def __init__(
        self,
        engine: Engine,
        normalizer: Normalizer | None = None,
        tokens: TokenFinder | None = None,
    ) -> None: ...
    def encode(self, data: str | bytes) -> NDArray[np.uint32]: ...
    def encode_list(self, data: str | bytes) -> list[int]: ...

class Engine:
    """A splitter and a segmenter with caches; use it from as many threads as you like.

    Every thread that encodes at the same time has a private cache, of at most ``cache_bytes``
    (None: `default_cache_bytes`).
    Text is str or bytes; a str with lone surrogates raises UnicodeEncodeError.
    """

    def __init__(
        self, segmenter: Segmenter, splitter: Finder, *, cache_bytes: int | None = None
    ) -> None: ...
    def encode(
        self,
        data: str | bytes,
        normalizer: Normalizer | None = None,
        tokens: TokenFinder | None = None,
        threads: int = 1,
        stretch: int = 0,
    ) -> NDArray[np.uint32]:
        """Ids of a text, shape (k,); a normalizer changes the text before it is split.

        With ``tokens`` these are found in the text as it is, and what stands between them is a text
        each. Several threads share a large text in stretches of about ``stretch`` bytes; 0 for what
        suits its size.
        """

    def encode_list(
        self,
        data: str | bytes,
        normalizer: Normalizer | None = None,
        tokens: TokenFinder | None = None,
        threads: int = 1,
        stretch: int = 0,
    ) -> list[int]:
        """What `encode` gives, as a list; its numbers are shared objects."""

    def count(self, data: str | bytes, normalizer: Normalizer | None = None) -> int:
        """How many ids `encode` gives."""

    def encode_spans(self, data: str | bytes) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Ids, shape (k,), and begin and end of each in bytes of the text, shape (k, 2)."""

    def encode_batch(
        self,
        texts: Sequence[str | bytes],
        threads: int = 1,
        normalizer: Normalizer | None = None,
        tokens: TokenFinder | None = None,
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
        """Ids of all texts in a row and offsets, shape (n + 1,): text ``i`` has
        ``ids[offsets[i]:offsets[i + 1]]``.
        """

    def count_batch(
        self,
        texts: Sequence[str | bytes],
        threads: int = 1,
        normalizer: Normalizer | None = None,
    ) -> NDArray[np.uint64]:
        """How many ids each text gives."""

    def encode_ranges(
        self, data: bytes, starts: NDArray[np.uint64], ends: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
        """Ids of pretokens found elsewhere, ``data[starts[i]:ends[i]]``, and offsets by pretoken.

        The splitter is not used; gaps between pretokens have no ids.
        """

    def decode(self, ids: NDArray[np.uint32]) -> bytes:
        """Pieces of ids, one after another; an empty piece gives nothing.

        Raises:
            VocabularyError: an id out of range, or a segmenter that does not know its pieces.
        """

    def decode_batch(
        self, ids: NDArray[np.uint32], offsets: NDArray[np.uint64], threads: int = 1
    ) -> list[bytes]:
        """`decode` of each ``ids[offsets[i]:offsets[i + 1]]``."""

    def clear_cache(self) -> None:
        """Forget all words, and give back memory beyond that of a cache with few."""

    def stats(self) -> dict[str, int]:
        """``workers``: private caches that exist; ``cache_bytes``: their memory together."""

class LocalEngine:
    """Raw text to ids a word at a time (native/encode/local_engine.hpp says when that is exact)."""

    def __init__(
        self,
        words: Segmenter,
        splitter: Splitter,
        *,
        prefix: bytes = b"",
        unless_space: bool = False,
        squeezes: bytes = b"",
        cache_bytes: int | None = None,
    ) -> None:
        """``prefix`` is put before a text that is not empty, unless it begins with a space.

        ``squeezes``: a space, and which of tabs and ends of lines are one; of several one counts,
        and one stands before every text.
        """

    def encode_list(
        self,
        data: str | bytes,
        tokens: TokenFinder | None = None,
        threads: int = 1,
        stretch: int = 0,
    ) -> list[int] | None:
        """What `encode` gives, as a list."""

    def encode(
        self,
        data: str | bytes,
        tokens: TokenFinder | None = None,
        threads: int = 1,
        stretch: int = 0,
    ) -> NDArray[np.uint32] | None:
        """Ids, or None where a word of the text does not stand alone.

        With ``tokens`` what stands between those found in the text is a text each. Several threads
        share a large text as they do in an `Engine`.
        """

    def encode_batch(
        self, texts: Sequence[str | bytes], threads: int = 1, tokens: TokenFinder | None = None
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint64], list[int]]:
        """Ids of all texts in a row, offsets, and the texts that have none here, ascending."""

    def clear_cache(self) -> None:
        """Forget all words, and give back memory beyond that of a cache with few."""

    def stats(self) -> dict[str, int]:
        """As of `Engine`."""

# --- what learning starts from (native/bindings/learn_words.cpp) ---

class WordCounter:
    """Distinct pretokens and how often each occurs. For one Python thread at a time."""

    def __init__(self, splitter: str | None = None, threads: int = 1) -> None:
        """Count what the named splitter cuts; without one, what `add_ranges` is given."""

    def add(self, documents: list[bytes]) -> None:
        """Count the pretokens of documents. ValueError without a splitter."""

    def add_ranges(self, data: bytes, starts: NDArray[np.uint64], ends: NDArray[np.uint64]) -> None:
        """Count ``data[starts[i]:ends[i]]``. ValueError for a range outside ``data``."""

    def add_word(self, word: bytes, count: int) -> None:
        """Count one pretoken ``count`` times."""

    def words(self) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint64]]:
        """Bytes, offsets (n + 1) and counts (n) of all words; frequent ones first, then by bytes.

        Word ``i`` is ``bytes[offsets[i]:offsets[i + 1]]``.
        """

    def fingerprint(self) -> bytes:
        """A hash, 16 bytes, of the words and counts, whatever order they came in."""

    def __len__(self) -> int:
        """Distinct words."""

class DocumentSymbols:
    """Documents as the ids that merges learnt before give. For one Python thread at a time."""

    def __init__(
        self,
        splitter: str | None,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        byte_ids: NDArray[np.int64],
        merges: NDArray[np.uint32],
    ) -> None:
        """Pieces by id, ids of single bytes (256, -1 for none), merges (m, 3): left, right, made.

        ValueError where they contradict each other.
        """

    def add(self, documents: list[bytes]) -> None:
        """Cut documents with the splitter and segment them. ValueError without a splitter."""

    def add_ranges(self, data: bytes, starts: NDArray[np.uint64], ends: NDArray[np.uint64]) -> None:
        """Segment the pretokens ``data[starts[i]:ends[i]]``."""

    def symbols(self) -> NDArray[np.uint32]:
        """All ids so far, 0xFFFFFFFF between pretokens; pretokens of one id are left out."""

    @property
    def memory(self) -> int:
        """Bytes held."""

    def __len__(self) -> int:
        """Length of `symbols`."""

# --- learning BPE and SuperBPE (native/bindings/learn_pairs.cpp) ---

class PairIndex:
    """Symbols, how often each pair of neighbours occurs, and where: the state of a BPE learner.

    For one Python thread at a time.
    """

    @staticmethod
    def of_words(
        counter: WordCounter,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        byte_ids: NDArray[np.int64],
        merges: NDArray[np.uint32],
        min_count: int,
        max_bytes: int,
        expected: int,
        rule: Callable[[bytes], bool] | None = None,
    ) -> PairIndex:
        """Start from words, which are taken out of ``counter``, with ``merges`` applied.

        Args:
            counter: the words.
            pieces: bytes of all pieces by id; empty for ids that no text has.
            offsets: of each piece in ``pieces``, shape (n + 1,).
            byte_ids: the id of each byte, shape (256,); merges never cross a byte of id -1.
            merges: left, right and made id, shape (m, 3).
            min_count: pairs that occur less often are never merged.
            max_bytes: of a piece.
            expected: about how many merges will follow; decides what is indexed at first, not
                what is learnt.
            rule: asked once whether a pair that has come first may become a piece.

        Raises ValueError where the arguments contradict each other.
        """

    @staticmethod
    def of_documents(
        documents: DocumentSymbols,
        pieces: bytes,
        offsets: NDArray[np.uint64],
        min_count: int,
        max_bytes: int,
        expected: int,
        rule: Callable[[bytes], bool] | None = None,
    ) -> PairIndex:
        """Start from documents, which are taken out of ``documents``; see `of_words`."""

    def run(self, merges: int) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
        """Merge the best pair so many times, or until none is left.

        Returns left and right id, shape (k, 2), and the count of each, shape (k,). New ids follow
        the last piece.
        """

    def best(self) -> tuple[int, int, int] | None:
        """Left id, right id and count of the pair that `run` would merge next."""

    def merge_best(self) -> int:
        """Merge that pair; the id that it makes. ValueError where there is none."""

    def forbid_best(self) -> None:
        """Leave that pair unmerged for good."""

    def top(self, k: int) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
        """The ``k`` best pairs now and their counts, as `run` gives them, without merging any."""

    def count(self, left: int, right: int) -> int:
        """How often the pair occurs now; ValueError for an id without a piece."""

    def merge(self, left: int, right: int) -> int:
        """Merge the pair wherever it stands; at how many places that was.

        The id after the last piece is made in any case. ValueError for an id without a piece.
        """

    def replay(
        self, pairs: NDArray[np.uint32], least: int
    ) -> tuple[
        NDArray[np.uint32],
        NDArray[np.uint32],
        NDArray[np.uint64],
        NDArray[np.uint64],
        NDArray[np.uint64],
    ]:
        """Merge given pairs in order, shape (m, 2), and tell what became of the counts of pairs.

        The id after the last piece is made by each. Returns of each change of a count how many
        merges were done by then, 0 for the counts at first, the pair, shape (k, 2), and how often
        it occurs from then on, or 0 for less than ``least``; and of each merge how often its pair
        stood there before it and at how many places it was merged, shape (m,). Start with
        ``min_count`` 1 and a large ``expected``, else rare pairs are left out.
        ValueError for an id without a piece.
        """

    def symbols(self) -> NDArray[np.uint32]:
        """The text as it stands, 0xFFFFFFFF between its stretches."""

    @property
    def memory(self) -> int:
        """Bytes held."""

class LzSample:
    """A sample of text as ids, and the phrases that LZ78 cuts it into (Ziv and Lempel 1978).

    For one Python thread at a time.
    """

    def __init__(self, symbols: NDArray[np.uint32]) -> None:
        """Ids in the order of the text, 0xFFFFFFFF between pretokens."""

    def phrases(self) -> int:
        """Phrases of the sample as it stands; breaks are no symbols."""

    def phrases_with(self, pairs: NDArray[np.uint32]) -> NDArray[np.uint64]:
        """Phrases it would have if a pair were merged, for each pair, shape (k, 2), by itself."""

    def merge(self, left: int, right: int, made: int) -> None:
        """Merge a pair wherever it stands."""

    def __len__(self) -> int:
        """Ids, breaks not counted."""

# --- learning by events (native/bindings/learn_events.cpp) ---

class RunText:
    """Documents as rows of words, and the distinct words (``native/learn/run_text.hpp``)."""

    def __init__(self, splitter: str) -> None:
        """Cut by the splitter of word runs of this name.

        Raises:
            ValueError: there is none.
        """

    def add(self, documents: list[bytes]) -> None:
        """Take documents in."""

    def __len__(self) -> int:
        """How many words stand in runs, with breaks between runs."""

class EventLearner:
    """Learns merges, supermerges and deletions (``native/learn/event_learner.hpp``)."""

    @staticmethod
    def of_words(
        counter: WordCounter, alphabet: bytes, *, threshold: float, min_count: int, max_bytes: int
    ) -> EventLearner:
        """Learn from distinct words, which are taken out of ``counter``.

        Args:
            counter: the words.
            alphabet: the bytes of symbols 0 to 255.
            threshold: a piece is deleted when a merge used up this share of it; above 1 never.
            min_count: a pair that occurs less often is not joined.
            max_bytes: of a piece.
        """

    @staticmethod
    def of_runs(
        runs: RunText,
        alphabet: bytes,
        *,
        threshold: float,
        min_count: int,
        max_bytes: int,
        max_words: int,
    ) -> EventLearner:
        """Learn from rows of words, too; a superword has at most ``max_words`` of them."""

    def run(self, steps: int, size: int) -> tuple[NDArray[np.uint32], NDArray[np.uint64], bool]:
        """Up to ``steps`` merges, until ``size`` pieces are present.

        Returns:
            Events (n, 4) as in `tokenry.text.segmenters.event_log.EventLog`; counts (n,) of the
            pairs, or of a deleted piece where it was left; whether any pair is left.
        """

    @property
    def present(self) -> int:
        """How many pieces are present, the 256 bytes with them."""

# --- learning Unigram (native/bindings/learn_unigram.cpp) ---

class UnigramWords:
    """Words that a Unigram model is learnt from; `tokenry.learning.unigram_em.Words` says more.

    For one Python thread at a time. The numbers do not depend on ``threads``.
    """

    def __init__(self, counter: WordCounter, threads: int = 1) -> None:
        """Copy the words of ``counter``. ValueError for more than 4 GB of distinct words."""

    def characters(self) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint64]]:
        """Bytes, offsets (n + 1) and counts (n) of all characters, frequent ones first."""

    def seeds(
        self, left_out: bytes, offsets: NDArray[np.uint64], longest: int, most: int
    ) -> tuple[bytes, NDArray[np.uint64], NDArray[np.uint64]]:
        """Bytes, offsets and counts of frequent substrings.

        Args:
            left_out: characters beyond ASCII that no substring holds, in a row.
            offsets: of each in ``left_out``.
            longest: characters of a substring, 2 to 63.
            most: how many to take, those with the largest count * characters.
        """

    def set_pieces(self, pieces: bytes, offsets: NDArray[np.uint64]) -> None:
        """Name the pieces; ValueError where the first 256 are not the bytes, ascending."""

    def expect(self, scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Expected count of each piece and the log-likelihood of all words."""

    def best(self, scores: NDArray[np.float64]) -> NDArray[np.uint64]:
        """Count of each piece in the best segmentation of all words."""

    def losses(
        self, scores: NDArray[np.float64], counts: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Log-likelihood lost when a piece goes; 0 for bytes."""

# --- learning WordPiece (native/bindings/learn_wordpiece.cpp) ---

class WordPieceIndex:
    """Symbols, pairs and the pair to merge next: the state of a WordPiece learner.

    Ids 0 to 255 are the bytes that start a word, 256 to 511 those that continue one. For one Python
    thread at a time.
    """

    def __init__(
        self,
        counter: WordCounter,
        score: Literal["likelihood", "ratio", "frequency"],
        min_count: int,
        max_bytes: int,
    ) -> None:
        """Start from words, which are taken out of ``counter``.

        Args:
            counter: the words.
            score: see `tokenry.learning.wordpiece`.
            min_count: pairs that occur less often are never merged.
            max_bytes: of a piece.
        """

    def run(self, merges: int) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
        """Merge the best pair so many times, or until none is left.

        Returns left, right and made id in a row for each merge, shape (3 k,), and scores, shape
        (k,).
        """

    def __len__(self) -> int:
        """Pieces so far."""

    def pieces(self) -> tuple[bytes, NDArray[np.uint64]]:
        """Bytes of all pieces by id, and offsets."""

# --- learning LiB (native/bindings/learn_lib.cpp) ---

class LibLearner:
    """Reads with a lexicon and rearranges it; see `tokenry.learning.lib`."""

    def __init__(
        self,
        *,
        text: bytes,
        ends: NDArray[np.uint64],
        batches: NDArray[np.uint64],
        seed: int,
        memory_in: int,
        memory_out: float,
        update_rate: float,
        life: int,
        longest: int,
        capacity: int,
    ) -> None:
        """Build from text in units and batches.

        Args:
            text: of all units in a row.
            ends: of units in the text, ascending to its end; no chunk crosses one.
            batches: numbers of units up to the end of each batch, ascending to all.
            seed: 64 bits.
            memory_in: two chunks are considered as one where 64 random bits are below.
            memory_out: share of the list that is put on probation after a batch.
            update_rate: by which share of its rank a chunk moves.
            life: batches that a chunk on probation lives.
            longest: bytes of a chunk.
            capacity: chunks beyond it are on probation.

        Raises:
            ValueError: ends or batches do not ascend to the end, or a number is 0.
        """
    def add(self, chunk: bytes) -> None:
        """Append a chunk that is not in the list."""
    def read(self, batches: int) -> None:
        """Read that many batches, and forget after each."""
    def set_memorising(self, memorising: bool) -> None:
        """Say whether new chunks are learnt from now on."""
    def __len__(self) -> int: ...
    def chunks(self) -> list[bytes]:
        """The list, by priority."""
    def state(self) -> tuple[list[tuple[bytes, int, bool]], int, list[int], int]:
        """What reading goes on from.

        Chunks by priority, each with its life and whether it is on probation; the state of the
        generator of random numbers; the order of the batches in this pass, and how many of them
        were read.
        """
    def restore(
        self, chunks: list[tuple[bytes, int, bool]], random: int, order: list[int], turn: int
    ) -> None:
        """Go back to a state; ValueError where it is none of this text and these options."""

# --- data that is not prose (native/bindings/domains.cpp) ---

class CodeWords:
    """The words that languages reserve; finds the leaves of programs, and writes programs again.

    Languages go by their place in `tokenry.domains.code.grammars.LANGUAGES`, marks and kinds by
    their numbers in `tokenry.domains.code.words` and `KINDS`, where 12 is what is no word.
    """

    def __init__(self, words: list[bytes], languages: list[list[int]], kinds: list[bytes]) -> None:
        """Take all words, those of each language as indices of them, and the names of kinds.

        Raises:
            ValueError: an index points at nothing, or there are not 4 languages and 12 kinds.
        """
    def leaves(
        self, data: bytes, language: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], int]:
        """Begins, ends and kinds of the leaves that the lexer finds, and bytes that cannot be.

        Raises:
            ValueError: there is no such language, or the file has 4 GiB.
        """
    def read(self, data: bytes, language: int, inline_names: bool) -> dict[str, Any]:
        """`leaves` as marks: ``marks``, ``places`` and ``run`` of `Parsed`, and what stands aside.

        Aside are ``counts`` of names by kind, ``sizes`` and ``names``; ``skips``, ``gaps`` and
        ``spaces``, what is not as foretold; and ``capitals``, words written so. ``broken`` and
        ``unparsed`` count bytes.
        """
    def mark(
        self,
        data: bytes,
        language: int,
        inline_names: bool,
        begins: NDArray[np.int64],
        ends: NDArray[np.int64],
        kinds: NDArray[np.uint8],
    ) -> dict[str, Any]:
        """`read` with the leaves of another parser.

        Raises:
            ValueError: leaves do not ascend, or lie outside the file.
        """
    def write(
        self,
        marks: NDArray[np.uint16],
        places: NDArray[np.uint64],
        run: bytes,
        counts: NDArray[np.int64],
        sizes: NDArray[np.int64],
        names: bytes,
        skips: NDArray[np.int64] | None,
        gaps: NDArray[np.int64],
        spaces: bytes,
        capitals: NDArray[np.int64],
    ) -> bytes:
        """The program; without ``skips`` in the usual spacing.

        Raises:
            ValueError: marks, bytes and what stands aside are no program; it says why.
        """

def foreign_letters(data: bytes, alphabet: bytes, others: NDArray[np.int64]) -> tuple[int, int]:
    """How many letters are none of an alphabet, and where the first stands.

    Args:
        data: letters.
        alphabet: those that may be there.
        others: spans that are no letters, ascending, shape (n, 2).

    Raises:
        ValueError: the spans do not ascend within the data.
    """

def ranks_of(
    numbers: NDArray[np.int64], among: NDArray[np.int64], or_equal: bool = False
) -> NDArray[np.int64]:
    """What `numpy.searchsorted` gives, faster where both ascend.

    Args:
        numbers: to find, shape (n,).
        among: ascending.
        or_equal: count equal ones, too (``side="right"``).
    """

def pack_numbers(numbers: NDArray[np.int64]) -> bytes:
    """Whole numbers in few bytes: plain or as differences, in the narrowest type for them."""

def unpack_numbers(data: bytes, at: int) -> tuple[NDArray[np.int64], int]:
    """The numbers that begin at a place in bytes, and the place behind them.

    Raises:
        ValueError: the bytes are none of `pack_numbers`.
    """

class SmilesMarks:
    """Which fields are well-formed SMILES, and the marks of their symbols."""

    def __init__(
        self,
        symbols: list[bytes],
        first_symbol: int,
        atoms: list[bytes],
        first_atom: int,
        other_atom: int,
    ) -> None:
        """Take symbols of one letter, Cl and Br, and atoms in brackets, without these.

        Args:
            symbols: their marks are numbered from ``first_symbol`` on.
            first_symbol: see there.
            atoms: their marks are numbered from ``first_atom`` on.
            first_atom: see there.
            other_atom: the mark of all other atoms in brackets.
        """
    def read(
        self,
        data: bytes,
        fields: NDArray[np.int64],
        marks: NDArray[np.int16] | None = None,
        spelt: NDArray[np.uint8] | None = None,
    ) -> NDArray[np.uint8]:
        """Whether each field is well-formed; marks of those that are.

        Args:
            data: the file.
            fields: spans, shape (n, 2), none empty.
            marks: shape (bytes,); the mark of each symbol is put where it begins.
            spelt: shape (bytes,); becomes 0 for what marks say, and 1 in other atoms' brackets.

        Raises:
            ValueError: a field is empty or lies elsewhere, or an array has another size.
        """

class SchemaProgram:
    """The program of a schema; `tokenry.domains.records.machine` says the same in Python."""

    def __init__(
        self,
        *,
        operations: NDArray[np.int64],
        cases: NDArray[np.int64],
        roles: NDArray[np.uint8],
        widths: NDArray[np.uint8],
        registers: int,
    ) -> None:
        """Take operations (n, 8) and cases (m, 2) as `tokenry.domains.records.program` makes them.

        Args:
            operations: a code and seven numbers each; the last one leaves.
            cases: a value and the operation to go on at.
            roles: 0 keep, 1 side, 2 drop, 3 quantised, 4 binned; by label.
            widths: bytes of quantised values, by label.
            registers: how many values are remembered.

        Raises:
            ValueError: a number points at what is not there.
        """
    def read(
        self, data: bytes
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint64], NDArray[np.uint64], bytes, bytes]:
        """Stretches of a file, what is kept of it and what stands aside.

        Returns:
            Label and end of each stretch, its end in what is kept, what is kept, zeros where a bin
            will stand, and what stands aside.

        Raises:
            ValueError: a constant is another.
        """
    def write(
        self, kept: bytes, aside: bytes, size: int | None
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint64], bytes]:
        """Labels and ends again, and the file, zeros where a field was dropped or only binned.

        Raises:
            ValueError: what was kept and stands aside does not suffice for ``size`` bytes, or is
                too much.
        """
