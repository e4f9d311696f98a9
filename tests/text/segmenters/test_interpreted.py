"""A segmenter written in Python behind the native engine."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest

from tokenry import Tokenizer, Vocabulary, _native
from tokenry.errors import EncodeError
from tokenry.text.parts import Segmenter
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.interpreted import interpreted

BYTES = Vocabulary([*(bytes([byte]) for byte in range(256)), b"th", b"ing"])


@dataclass(frozen=True, eq=False)
class Twice(Segmenter):
    """Every byte as two ids, of which the second stands for nothing of its own."""

    vocabulary: Vocabulary
    shift: int = 0

    def segment(self, pretoken: bytes) -> list[int]:
        return [id_ for id_, _ in self.sizes(pretoken)]

    def sizes(self, pretoken: bytes) -> list[tuple[int, int]]:
        return [each for byte in pretoken for each in ((byte + self.shift, 1), (0, 0))]

    def native(self) -> _native.PythonSegmenter:
        return self._core

    @cached_property
    def _core(self) -> _native.PythonSegmenter:
        return interpreted(self.sizes, self.vocabulary, ids_per_byte=2)


def tokenizer(segmenter: object) -> Tokenizer:
    return Tokenizer(
        vocabulary=BYTES,
        segmenter=segmenter,  # type: ignore[arg-type]
        pretokenizer=NativePretokenizer("gpt2"),
        lossless=False,
    )


def test_gives_what_python_gives(prose_text: str) -> None:
    text = prose_text[:20_000]
    twice = tokenizer(Twice(BYTES))
    ids = twice.encode(text)
    assert ids == twice.encode_by_hand(text)
    assert len(ids) == 2 * len(text.encode())
    assert twice.encode_batch([text] * 8, threads=2).ids.tolist() == ids * 8
    found, spans = twice.encode_with_spans(text[:100])
    assert found.tolist() == ids[:200]
    assert spans[:4].tolist() == [[0, 1], [1, 1], [1, 2], [2, 2]]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda word: [(999, len(word))], "gave id 999"),
        (lambda word: [(1, 1)], "1 ids for 1 bytes of a pretoken of 5"),
        (lambda word: [(1, 1)] * 5 + [(0, 0)] * 9, "at most 1 a byte"),
    ],
)
def test_refuses_ids_that_do_not_fit(function: object, message: str) -> None:
    engine = _native.Engine(
        interpreted(function, BYTES),  # type: ignore[arg-type]
        _native.Splitter("whole"),
    )
    with pytest.raises(EncodeError, match=message):
        engine.encode(b"hello")


def test_passes_on_what_the_function_raises() -> None:
    def fail(word: bytes) -> list[tuple[int, int]]:
        raise KeyError(word)

    engine = _native.Engine(interpreted(fail, BYTES), _native.Splitter("whole"))
    with pytest.raises(KeyError, match="hello"):
        engine.encode(b"hello")
    with pytest.raises(KeyError, match="hello"):
        engine.encode_batch([b"hello"] * 20_000, threads=2)


def test_is_collected_with_what_holds_it() -> None:
    segmenter = Twice(BYTES)
    alive = weakref.ref(segmenter)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    assert engine.encode(b"ab").dtype == np.uint32
    del segmenter, engine
    gc.collect()
    assert alive() is None
