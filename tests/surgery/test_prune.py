"""Pruned tokenizers write text of kept pieces as before, and everything else without loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz_text import texts
from tokenry.errors import CorpusError, UnsupportedError, VocabularyError
from tokenry.surgery import prune
from tokenry.surgery.renumber import fixed
from tokenry.surgery.uses import built_from, count_uses
from tokenry.text.parts import Segmenter
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.tokenizer import Tokenizer


def test_the_corpus_itself_is_written_in_the_same_pieces(
    tokenizer: Tokenizer, prose_text: str
) -> None:
    text = prose_text[:40_000]
    done = prune(tokenizer, [text])
    assert done.ids.new_size < len(tokenizer.vocabulary)
    old, new = tokenizer.encode_to_numpy(text), done.tokenizer.encode_to_numpy(text)
    assert (done.ids.new_of_old[old] == new).all()
    assert done.tokenizer.encode_by_hand(text[:2000]) == done.tokenizer.encode(text[:2000])
    assert done.tokenizer.decode(new) == tokenizer.decode(old)


def test_pretokens_of_kept_pieces_are_as_before_in_any_text(
    tokenizer: Tokenizer, prose_text: str, real_texts: dict[str, str]
) -> None:
    """The theorem in the module's docstring, word by word on text that was not pruned by."""
    keeps = prune(tokenizer, [prose_text[:5_000]], size=int(fixed(tokenizer).sum()) + 300)
    words = sorted({word for text in real_texts.values() for word in text.split(" ")[:4000]})
    same = 0
    unknown = getattr(tokenizer.segmenter, "unknown", None)
    for old, new in zip(
        tokenizer.encode_batch(words), keeps.tokenizer.encode_batch(words), strict=True
    ):
        if (keeps.ids.new_of_old[old] >= 0).all() and not (
            # a word that WordPiece does not know may become known
            isinstance(tokenizer.segmenter, WordPieceSegmenter) and unknown in old
        ):
            assert (keeps.ids.new_of_old[old] == new).all()
            same += 1
    assert 100 < same < len(words)


@pytest.mark.parametrize("kind", ["bpe", "superbpe", "ranks"])
def test_is_closed_and_lossless(
    kind: str, make: Callable[[str], Tokenizer], prose_text: str
) -> None:
    tokenizer = make(kind)
    done = prune(tokenizer, [prose_text[:50_000]], size=700)
    assert len(done.tokenizer.vocabulary) == 700
    assert done.tokenizer.lossless
    parts = built_from(tokenizer)
    kept = done.ids.new_of_old >= 0
    assert kept[parts[kept & (parts[:, 0] >= 0)]].all()
    assert kept[fixed(tokenizer)].all()
    # No id is left that nothing reaches.
    assert not done.tokenizer.unreachable().unproduced

    @given(texts() | st.binary(max_size=60))
    def check(text: str | bytes) -> None:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        ids = done.tokenizer.encode(data)
        assert done.tokenizer.decode_bytes(ids) == data
        assert ids == done.tokenizer.encode_by_hand(data)

    check()


def test_drops_the_least_used_leaf_first(make: Callable[[str], Tokenizer], prose_text: str) -> None:
    tokenizer = make("bpe")
    uses, parts = count_uses(tokenizer, [prose_text]), built_from(tokenizer)
    leaves = np.ones(len(uses), dtype=bool)
    leaves[parts[parts >= 0]] = False
    leaves[fixed(tokenizer)] = False
    done = prune(tokenizer, [prose_text], min_uses=0, size=len(uses) - 1)
    (gone,) = done.ids.dropped
    assert leaves[gone]
    assert uses[gone] == uses[leaves].min()


def test_more_uses_keep_fewer(make: Callable[[str], Tokenizer], prose_text: str) -> None:
    tokenizer = make("bpe")
    sizes = [prune(tokenizer, [prose_text], min_uses=n).ids.new_size for n in (0, 1, 10, 10**9)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == len(tokenizer.vocabulary)
    assert sizes[-1] == fixed(tokenizer).sum()
    assert sizes[-1] == 256 + 2


def test_specials_keep_their_meaning(make: Callable[[str], Tokenizer], prose_text: str) -> None:
    done = prune(make("ranks"), [prose_text[:5000]])
    ids = done.tokenizer.encode("a<|end|>", allowed_special="all")
    assert ids[-1] == done.ids.new_size - 1
    assert done.tokenizer.decode(ids) == "a<|end|>"


def test_refuses_what_it_cannot_do(make: Callable[[str], Tokenizer]) -> None:
    tokenizer = make("bpe")
    with pytest.raises(CorpusError, match="empty"):
        prune(tokenizer, [])
    with pytest.raises(VocabularyError, match="258 specials"):
        prune(tokenizer, ["text"], size=100)
    with pytest.raises(VocabularyError, match="min_uses"):
        prune(tokenizer, ["text"], min_uses=-1)
    parts = tokenizer.parts() | {"segmenter": _Other(tokenizer.segmenter)}
    with pytest.raises(UnsupportedError, match="_Other"):
        prune(Tokenizer(**parts), ["text"])  # type: ignore[arg-type]


class _Other(Segmenter):
    """A segmenter that says nothing of surgery."""

    def __init__(self, inner: Segmenter) -> None:
        self._inner = inner

    def segment(self, pretoken: bytes) -> list[int]:
        return self._inner.segment(pretoken)

    def native(self) -> object:  # type: ignore[override]
        return self._inner.native()
