"""The encoder chooses one route for each set of allowed specials, and all routes agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from small_tokenizers import SPECIALS, learned_ranks
from tokenry.errors import VocabularyError
from tokenry.text.encoder import MOST_ROUTES, Encoder
from tokenry.text.normalizers.bert import PerCharacter
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.parts import AddedToken
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.routes import CoreRoute, StepRoute, TokenRoute, WordRoute
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary

TEXTS = [
    "",
    "some words",
    "lone \ud800 and a pair \ud83d\ude00",
    "<|endoftext|> \u4f60\u597d",
    "a <|endof <|endoftext|><|endofprompt|>b<|endoftext|",
    b"\xff",
]


def pipeline(pretokenizer: str = "o200k") -> Pipeline:
    pieces = {rank: piece for piece, rank in learned_ranks().items()}
    pieces |= {id_: content.encode() for content, id_ in SPECIALS.items()}
    vocabulary = Vocabulary.from_ids(pieces, dict.fromkeys(SPECIALS.values(), "special"))
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_ranks(vocabulary),
        pretokenizer=NativePretokenizer(pretokenizer),
        added_tokens=[AddedToken(content, id_) for content, id_ in SPECIALS.items()],
    )


def in_words() -> Pipeline:
    normalizer = SentencePieceNormalizer(None, True, "before", ())
    return replace(pipeline("space_prefix"), normalizer=normalizer)


def in_steps() -> Pipeline:
    return replace(
        pipeline(), pretokenizer=RegexPretokenizer(r"\w+|\W+"), normalizer=PerCharacter(str.lower)
    )


MADE: dict[type, Callable[[], Pipeline]] = {
    CoreRoute: pipeline,
    WordRoute: in_words,
    StepRoute: in_steps,
}


@pytest.mark.parametrize("kind", MADE)
def test_the_quickest_exact_route_is_taken(kind: type) -> None:
    encoder = Encoder(MADE[kind]())
    assert type(encoder.route()) is kind
    assert type(encoder.route("all")) is (TokenRoute if kind is StepRoute else kind)


def test_tokens_with_rules_and_in_normalised_text_are_found_in_steps() -> None:
    stripped = [AddedToken("<s>", 3000, lstrip=True)]
    assert type(Encoder(replace(pipeline(), added_tokens=stripped)).route("all")) is TokenRoute
    changed = [AddedToken("<S>", 3000, normalized=True)]
    assert type(Encoder(replace(in_steps(), added_tokens=changed)).route("all")) is StepRoute


@pytest.mark.parametrize("kind", MADE)
def test_every_route_gives_the_ids_of_the_readable_twin(kind: type) -> None:
    encoder = Encoder(MADE[kind]())
    for allowed in (frozenset[str](), "all"):
        batch = encoder.encode_batch(TEXTS, allowed, 1)
        for text, row in zip(TEXTS, batch, strict=True):
            ids = encoder.encode(text, allowed).tolist()
            spans = encoder.encode_with_spans(text, allowed)[0]
            assert ids == encoder.encode_by_hand(text, allowed), text
            assert ids == row.tolist() == spans.tolist()
            assert encoder.count(text, allowed) == len(ids)
            assert encoder.encode_list(text, allowed) == ids


def test_a_route_is_chosen_once_for_each_set_of_specials() -> None:
    encoder = Encoder(pipeline())
    assert encoder.route() is encoder.route(set())
    assert encoder.route("all") is encoder.route(set(SPECIALS))
    assert encoder.route("all") is not encoder.route()


def test_routes_are_bounded() -> None:
    added = [AddedToken(f"<{n}>", 0) for n in range(MOST_ROUTES + 9)]
    encoder = Encoder(replace(pipeline(), added_tokens=added))
    for token in added:
        assert encoder.encode(f"a{token.content}", {token.content}).tolist()[-1] == 0
    assert len(encoder._routes) == MOST_ROUTES


def test_specials_that_are_none_are_named() -> None:
    with pytest.raises(VocabularyError, match="<none>"):
        Encoder(pipeline()).route({"<none>"})


def test_surrogates_are_mended_on_every_route() -> None:
    for made in MADE.values():
        encoder = Encoder(made())
        mended, broken = "a \U0001f600 \ufffd b", "a \ud83d\ude00 \udc00 b"
        assert np.array_equal(encoder.encode(broken), encoder.encode(mended))
        assert encoder.encode_list(broken) == encoder.encode_list(mended)
        assert np.array_equal(
            encoder.encode_with_spans(broken)[1], encoder.encode_with_spans(mended)[1]
        )
        assert encoder.count(broken) == encoder.count(mended)
        assert np.array_equal(encoder.encode_batch([broken]).ids, encoder.encode(mended))
