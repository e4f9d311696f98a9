"""Which objects are accelerated, for how long, and that they stay what they are."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest
from tokenizers import Tokenizer, models

import tokenry
from small_tokenizers import learned
from tokenry.compat.huggingface.encoding import Encoding
from tokenry.compat.huggingface.shadow import Shadow

transformers = pytest.importorskip("transformers")
TEXT = "A text that is long enough for the native core to gain something by it, in every word. " * 4


def fresh() -> Tokenizer:
    return Tokenizer.from_str(learned().to_str())


def is_ours(encoding: Any) -> bool:
    return type(encoding) is Encoding


def test_the_object_stays_and_its_encodings_are_ours() -> None:
    theirs = fresh()
    expected = theirs.encode(TEXT)
    assert tokenry.accelerate(theirs) is theirs
    given = theirs.encode(TEXT)
    assert is_ours(given)
    assert isinstance(given, type(expected))
    assert given.ids == expected.ids
    assert repr(given) == repr(expected)


def test_a_tokenizer_is_shadowed_once() -> None:
    theirs = tokenry.accelerate(fresh())
    first = theirs.encode.__self__
    assert tokenry.accelerate(theirs).encode.__self__ is first
    first.remove()
    assert not is_ours(theirs.encode(TEXT))


def test_short_texts_are_the_tokenizers_own() -> None:
    assert not is_ours(tokenry.accelerate(fresh()).encode("short"))


@pytest.mark.parametrize("given", ["a name", None, 3, [fresh]])
def test_other_objects_are_refused(given: object) -> None:
    with pytest.raises(TypeError, match=r"tokenizers\.Tokenizer"):
        tokenry.accelerate(given)


def test_copies_and_pickles_are_stock() -> None:
    theirs = tokenry.accelerate(fresh())
    for other in (copy.deepcopy(theirs), pickle.loads(pickle.dumps(theirs))):
        assert not is_ours(other.encode(TEXT))
    encoding = pickle.loads(pickle.dumps(theirs.encode(TEXT)))
    assert not is_ours(encoding)
    assert encoding.offsets == theirs.encode(TEXT).offsets


def test_patch_accelerates_what_is_made_from_now_on() -> None:
    def make() -> Any:
        return transformers.PreTrainedTokenizerFast(tokenizer_object=learned())

    tokenry.patch_transformers()
    tokenry.patch_transformers()
    try:
        patched = make()
    finally:
        tokenry.unpatch_transformers()
    tokenry.unpatch_transformers()
    later = make()
    assert isinstance(patched.backend_tokenizer.encode.__self__, Shadow)
    assert not is_ours(later.backend_tokenizer.encode(TEXT))
    assert is_ours(patched(TEXT).encodings[0])


BATCHES: dict[str, Any] = {
    "texts": [TEXT, "short", TEXT[:200]],
    "pairs": [(TEXT, TEXT[:99]), ("a", "b")],
    "words": [TEXT.split(), ["a", "b"]],
    "one": [TEXT],
    "one short": ["short"],
}


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("method", ["encode_batch", "encode_batch_fast"])
def test_batches_without_a_post_processor(method: str, name: str, cut: bool) -> None:
    stock, ours = fresh(), tokenry.accelerate(fresh())
    for each in (stock, ours) if cut else ():
        each.enable_truncation(20, stride=3)
        each.enable_padding(length=24, pad_token="[PAD]")
    batches = [getattr(each, method)(BATCHES[name], name == "words") for each in (stock, ours)]
    for expected, given in zip(*batches, strict=True):
        for what in ("ids", "tokens", "offsets", "word_ids", "sequence_ids", "special_tokens_mask"):
            assert getattr(given, what) == getattr(expected, what), what
        assert [each.tokens for each in given.overflowing] == [
            each.tokens for each in expected.overflowing
        ]


def test_a_model_that_refuses_some_characters_is_left_to_itself() -> None:
    pieces = [(each, -1.0) for each in ("a", "b", "ab")]
    theirs = tokenry.accelerate(Tokenizer(models.Unigram(pieces)))
    assert theirs.encode("ab" * 100).ids == [2] * 100
    with pytest.raises(Exception, match="unknown token"):
        theirs.encode("abc" * 100)


def test_dropout_is_left_to_tokenizers() -> None:
    theirs = tokenry.accelerate(fresh())
    theirs.encode(TEXT)
    theirs.model.dropout = 0.5
    assert not is_ours(theirs.encode(TEXT))
    theirs.model.dropout = None
    assert is_ours(theirs.encode(TEXT))


def test_another_model_is_noticed() -> None:
    theirs = tokenry.accelerate(fresh())
    long = TEXT * 10
    theirs.encode(long)
    model = Tokenizer.from_str(learned().to_str()).model
    vocabulary = learned().get_vocab()
    turned = {token: len(vocabulary) - 1 - id_ for token, id_ in vocabulary.items()}
    theirs.model = type(model)(turned, [])
    stock = Tokenizer.from_str(theirs.to_str())
    assert theirs.encode(long).ids == stock.encode(long).ids


def test_import_of_compat_imports_nothing_of_theirs() -> None:
    code = (
        "import sys, tokenry.compat; assert not {'transformers', 'tokenizers', 'numpy'} & "
        "set(sys.modules); import tokenry; tokenry.accelerate; "
        "assert not {'transformers', 'tokenizers', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
