"""A new segmenter is one file: what is here is all that a tokenizer with it needs, to every end."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pytest
import tokenizers

import tokenry
from fuzz_text import fuzz_bytes, fuzz_strings, known_points, without_surrogates
from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.formats import native_file
from tokenry.formats.tokenizer_json.writing import to_document
from tokenry.surgery import extend, pad, prune, reorder, truncate
from tokenry.text.components import Components, IdNames, Spelling, byte_level, component
from tokenry.text.id_changes import Addition, Growth, Renumbering
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.parts import AddedToken, Pretokenizer, Segmenter, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

# The new segmenter


@saved_as("toy.WordOrBytes")
@dataclass(frozen=True, eq=False)
class WordOrBytes(Segmenter):
    """A pretoken that is a piece is one id; any other is its bytes."""

    vocabulary: Vocabulary

    grows_by: ClassVar[Growth | None] = "pieces"

    @property
    def starts_from_bytes(self) -> bool:
        """Bytes are what all is made of."""
        return True

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self._sized(pretoken)]

    def native(self) -> _native.Segmenter:
        """The same in the native core."""
        return self._core

    @cached_property
    def _core(self) -> _native.Segmenter:
        return interpreted(self._sized, self.vocabulary)

    @cached_property
    def _ids(self) -> dict[bytes, int]:
        pieces = self.vocabulary.matchable()
        return {piece: id_ for id_, piece in enumerate(pieces) if piece is not None}

    def _sized(self, pretoken: bytes) -> list[tuple[int, int]]:
        if pretoken in self._ids:
            return [(self._ids[pretoken], len(pretoken))]
        return [(self._ids[bytes([byte])], 1) for byte in pretoken]

    def renumbered(self, change: Renumbering) -> WordOrBytes:
        """The same with other ids."""
        return replace(self, vocabulary=change.vocabulary)

    def appended(self, addition: Addition) -> WordOrBytes:
        """The same with more ids."""
        return replace(self, vocabulary=addition.vocabulary)

    def truncated(self, vocabulary: Vocabulary) -> WordOrBytes:
        """The same with the first ids."""
        return replace(self, vocabulary=vocabulary)

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """A byte-pair encoding that merges nothing and takes whole pretokens."""
        return component("BPE", vocab=ids.vocab(), merges=[], ignore_merges=True)

    def plain_decoder(self, spelling: Spelling, *, uncut: bool) -> Components:
        """The byte-level alphabet is undone."""
        return byte_level()


@saved_as("toy.Untold")
@dataclass(frozen=True, eq=False)
class Untold(Segmenter):
    """The same, of which nothing is said that is not needed to encode."""

    vocabulary: Vocabulary

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return WordOrBytes(self.vocabulary).segment(pretoken)

    def native(self) -> _native.Segmenter:
        """The same in the native core."""
        return WordOrBytes(self.vocabulary).native()


# What all do with it

WORDS = (" the", " of", " and", "ing", " word", " é", " naïve", " 中文")
SPECIAL = "<|end|>"


def pipeline(segmenter: type[Segmenter] = WordOrBytes, **parts: object) -> Pipeline:
    pieces = [bytes([byte]) for byte in range(256)] + [word.encode() for word in WORDS]
    end = len(pieces)
    vocabulary = Vocabulary([*pieces, SPECIAL.encode()], {end: "special"})
    base = Pipeline(
        vocabulary=vocabulary,
        segmenter=segmenter(vocabulary),  # type: ignore[call-arg]
        pretokenizer=NativePretokenizer("gpt2"),
        added_tokens=(AddedToken(SPECIAL, end),),
        template=Template((), (end,)),
    )
    return replace(base, **parts)  # type: ignore[arg-type]


@pytest.fixture
def tokenizer() -> Tokenizer:
    return Tokenizer.of(pipeline())


def texts(count: int = 150) -> list[str]:
    found = map(without_surrogates, fuzz_strings(random.Random(5), count))
    words = " ".join(random.Random(6).choices(WORDS, k=200))
    return ["", words, f"the {SPECIAL} of", *(text for text in found if known_points(text))]


def one_by_one(tokenizer: Tokenizer, text: str) -> list[int]:
    """The ids of an ordinary text, from what the segmenter is said to do."""
    data = text.encode()
    cut = tokenizer.pretokenizer(data)
    ids = tokenizer.vocabulary
    pretokens = [data[a:b] for a, b in zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)]
    whole = set(ids.matchable())
    parts = [[p] if p in whole else [bytes([byte]) for byte in p] for p in pretokens]
    return [ids.id_of(piece) for part in parts for piece in part]


def test_it_encodes_and_decodes(tokenizer: Tokenizer) -> None:
    assert tokenizer.lossless
    batch = tokenizer.encode_batch(texts())
    for text, ids in zip(texts(), batch, strict=True):
        expected = one_by_one(tokenizer, text)
        assert ids.tolist() == tokenizer.encode(text) == expected
        assert tokenizer.encode_by_hand(text) == expected
        assert tokenizer.decode(expected) == text
    for data in fuzz_bytes(random.Random(7), 50):
        assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


@pytest.mark.parametrize("splitter", ["metaspace", "space_prefix"])
def test_it_takes_raw_words_before_they_are_normalised(splitter: str) -> None:
    normalizer = SentencePieceNormalizer(remove_extra_spaces=False)
    pretokenizer: Pretokenizer = NativePretokenizer(splitter)
    tokenizer = Tokenizer.of(
        pipeline(normalizer=normalizer, pretokenizer=pretokenizer, lossless=None)
    )
    for text in texts():
        assert tokenizer.encode(text) == tokenizer.encode_by_hand(text), ascii(text)
    assert tokenizer.encode("naïve naïve") == [tokenizer.vocabulary.id_of(" naïve".encode())] * 2


@pytest.mark.parametrize("segmenter", [WordOrBytes, Untold])
def test_our_own_file_holds_it(segmenter: type[Segmenter], tmp_path: Path) -> None:
    tokenizer = Tokenizer.of(pipeline(segmenter))
    native_file.save(tokenizer.pipeline, tmp_path)
    again = tokenry.load(tmp_path)
    assert type(again.segmenter) is segmenter
    assert again == tokenizer
    for text in texts(50):
        assert again.encode(text, allowed_special="all") == tokenizer.encode(
            text, allowed_special="all"
        )


def test_a_tokenizer_json_says_it(tokenizer: Tokenizer, tmp_path: Path) -> None:
    report = tokenizer.save(tmp_path)
    assert report.exact, report
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    ours = tokenry.load(tmp_path / "tokenizer.json")
    for text in texts():
        ids = tokenizer.encode(text, allowed_special="all", add_special_tokens=True)
        assert theirs.encode(text).ids == ids, ascii(text)
        assert ours.encode(text, allowed_special="all", add_special_tokens=True) == ids
        decoded = theirs.decode(ids, skip_special_tokens=False)
        assert ours.decode(ids) == tokenizer.decode(ids) == decoded


def test_what_it_does_not_say_is_refused_by_name(tmp_path: Path) -> None:
    untold = Tokenizer.of(pipeline(Untold))
    with pytest.raises(UnsupportedError, match="cannot say Untold"):
        to_document(untold.pipeline)
    report = untold.save(tmp_path)
    assert report.format == "tokenry"
    assert "cannot say Untold" in str(report)
    assert tokenry.load(tmp_path) == untold
    for operation in (
        lambda: prune(untold, ["the"]),
        lambda: reorder(untold, ["the"]),
        lambda: pad(untold, 300),
        lambda: extend(untold, [b" more"]),
        lambda: truncate(untold, 260),
        lambda: untold.to_tiktoken(tmp_path / "x.tiktoken"),
    ):
        with pytest.raises(UnsupportedError, match="Untold"):
            operation()
    assert untold.encode(" the of") == Tokenizer.of(pipeline()).encode(" the of")


def test_surgery_renumbers_it(tokenizer: Tokenizer) -> None:
    sample = [" of of of the the word"]
    done = reorder(tokenizer, sample)
    assert done.notes["moved"] > 0
    for text in texts():
        old, new = tokenizer.encode_to_numpy(text), done.tokenizer.encode(text)
        assert done.ids.new_of_old[old].tolist() == new == done.tokenizer.encode_by_hand(text)
    less = prune(tokenizer, sample)
    assert len(less.tokenizer.vocabulary) == 256 + 3 + 1
    text = " the ing word"
    assert less.tokenizer.encode(text) == one_by_one(less.tokenizer, text)
    assert less.tokenizer.decode(less.tokenizer.encode(text)) == text


def test_surgery_appends_to_it(tokenizer: Tokenizer) -> None:
    done = extend(tokenizer, [b" zymurgy", b" the", b"two words", b" \xff"])
    assert done.ids.new_size == len(tokenizer.vocabulary) + 2  # the splitter cuts "two words"
    assert done.tokenizer.encode(" zymurgy") == [len(tokenizer.vocabulary)]
    assert done.ids.in_old_ids(done.tokenizer.encode(" zymurgy")) == tokenizer.encode(" zymurgy")
    padded = pad(tokenizer, 300).tokenizer
    assert len(padded.vocabulary) == 300
    for text in texts():
        assert padded.encode(text) == tokenizer.encode(text)


def test_surgery_truncates_it(tokenizer: Tokenizer) -> None:
    done = truncate(tokenizer, 258)
    assert done.tokenizer.encode(" the of and") == one_by_one(tokenizer, " the of") + list(b" and")
    assert done.tokenizer.lossless
    for text in texts(50):
        assert done.tokenizer.encode(text) == one_by_one(done.tokenizer, text)
