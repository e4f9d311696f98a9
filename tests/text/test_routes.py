"""Texts in their Unicode form already go past the normalizer, to the same ids and spans."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

from fuzz_text import fuzz_bytes, fuzz_strings, known_points
from shares import share
from tokenry import load
from tokenry.text.encoder import Encoder
from tokenry.text.normalizers.replacing import Strip
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.normalizers.unicode_forms import Lowercase, UnicodeForm
from tokenry.text.routes import CoreRoute, StepRoute, UnchangedRoute
from tokenry.vocabulary import BYTE_ALPHABET

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def made(form: str) -> Tokenizer:
    merges = [("t", "h"), ("th", "e"), ("\u00c3", "\u00a9")]
    symbols = [*BYTE_ALPHABET, *(one + two for one, two in merges)]
    built = Tokenizer(models.BPE({symbol: i for i, symbol in enumerate(symbols)}, merges))
    built.normalizer = getattr(normalizers, form)()
    built.pre_tokenizer = pre_tokenizers.ByteLevel(False)
    built.add_tokens([AddedToken("the the", normalized=True), AddedToken("  ", normalized=False)])
    return built


@pytest.mark.parametrize("form", FORMS)
def test_ids_and_spans(form, rng):
    theirs = made(form)
    ours = load(theirs.to_str().encode())
    encoder = Encoder(ours.pipeline)
    assert isinstance(encoder.route(), UnchangedRoute)
    usual = encoder._usual_route(frozenset())
    texts = [*filter(known_points, fuzz_strings(rng, share(400), 12))]
    texts += [unicodedata.normalize(form, text) for text in texts] + ["the the  the caf\u00e9"]
    for text in texts:
        assert encoder.encode_list(text) == theirs.encode(text).ids, text
        ids, spans = encoder.encode_with_spans(text)
        expected = usual.encode_with_spans(text)
        assert ids.tolist() == expected[0].tolist()
        assert spans.tolist() == expected[1].tolist(), text
        assert encoder.count(text) == len(ids)
    rows = encoder.encode_batch(texts, threads=2)
    assert [row.tolist() for row in rows] == [theirs.encode(text).ids for text in texts]


@pytest.mark.parametrize("form", FORMS)
def test_spans_through_a_normalizer_in_the_core(form, rng):
    pipeline = replace(load(made(form).to_str().encode()).pipeline, added_tokens=())
    encoder = Encoder(pipeline)
    assert isinstance(encoder.route(), CoreRoute)
    steps = StepRoute(encoder.preprocessor(), encoder.engines)
    texts = ["", "the the", "caf\u00e9 e\u0301", unicodedata.normalize(form, "caf\u00e9 \uac00")]
    texts += [*filter(known_points, fuzz_strings(rng, share(100), 12))]
    for text in [*texts, *fuzz_bytes(rng, share(100), 12)]:
        ids, spans = encoder.encode_with_spans(text)
        expected = steps.encode_with_spans(text)
        assert ids.tolist() == expected[0].tolist() == encoder.encode_list(text)
        assert spans.tolist() == expected[1].tolist(), text


def test_any_bytes(rng):
    encoder = Encoder(load(made("NFC").to_str().encode()).pipeline)
    for data in fuzz_bytes(rng, share(400), 12):
        assert encoder.encode_list(data) == encoder.encode_by_hand(data), data


@pytest.mark.parametrize("form", FORMS)
def test_what_is_left(form):
    step = UnicodeForm(form)
    assert step.leaves_parts
    assert NormalizerSequence((step, Lowercase())).leaves_parts
    assert not NormalizerSequence((step, Strip(True, True))).leaves_parts


@pytest.mark.parametrize("scheme", ["always", "first", "never"])
@pytest.mark.parametrize("dropping", [False, True])
def test_spaces_put_before_text(scheme, dropping, rng):
    symbols = [*"the 1.\u2581\u4e00", *([] if dropping else ["<unk>"])]
    vocab = {symbol: i for i, symbol in enumerate([*symbols, "th", "the"])}
    model = models.BPE(vocab, [("t", "h"), ("th", "e")])
    if not dropping:
        model.unk_token = "<unk>"
    theirs = Tokenizer(model)
    theirs.normalizer = normalizers.Replace(Regex(r"\s{2,}|[\n\r]"), " ")
    theirs.pre_tokenizer = pre_tokenizers.Metaspace("\u2581", scheme)
    theirs.add_tokens([AddedToken("1 1", normalized=False), AddedToken("e.", normalized=True)])
    ours = load(theirs.to_str().encode())
    encoder = Encoder(ours.pipeline)
    assert encoder.engines.pretokenizer is None
    by_python = StepRoute(
        encoder.preprocessor(), replace(encoder.engines, pretokenizer=ours.pipeline.pretokenizer)
    )
    texts = [
        *filter(known_points, fuzz_strings(rng, share(300), 12)),
        "1 1 the1 1e.the",
        " the",
        "",
    ]
    texts += ["".join(rng.choices("the 1.\n\u2581", k=rng.randint(1, 12))) for _ in range(100)]
    for text in texts:
        expected = theirs.encode(text).ids
        assert encoder.encode_list(text) == expected, text
        ids, spans = encoder.encode_with_spans(text)
        assert ids.tolist() == expected
        assert spans.tolist() == by_python.encode_with_spans(text)[1].tolist(), text
    rows = encoder.encode_batch(texts, threads=1)
    assert [row.tolist() for row in rows] == [theirs.encode(text).ids for text in texts]
