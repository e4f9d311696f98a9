from __future__ import annotations

import json

import pytest
import tiktoken.load

import tokenry
from fuzz_text import fuzz_strings
from oracles import comparable
from running import running
from small_tokenizers import SPECIALS, learned_ranks, oracle, rank_file, vocab_and_merges
from tokenry import Tokenizer, Vocabulary
from tokenry.errors import UnsupportedError
from tokenry.formats import merges, native_file
from tokenry.formats import tiktoken as rank_files
from tokenry.formats.export import to_tiktoken
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.segmenters.bpe import BytePairSegmenter

SAMPLE = ["the quick brown fox", "def f(x):\n    return x"]


def by_merges() -> Tokenizer:
    vocabulary, pairs = vocab_and_merges()
    return running(merges.load)(
        pairs, vocabulary=vocabulary, pattern="gpt2", special_tokens=SPECIALS
    )


def test_learned_merges_become_exact_ranks(tmp_path, real_texts):
    tokenizer = by_merges()
    report = to_tiktoken(tokenizer.pipeline, tmp_path / "x.tiktoken", sample=SAMPLE)
    assert report.exact
    assert report.equal == report.documents == 12
    assert "exact" in str(report)
    ranks = tiktoken.load.load_tiktoken_bpe(str(tmp_path / "x.tiktoken"))
    theirs = oracle(ranks, PATTERNS["gpt2"], SPECIALS)
    assert theirs.encode_ordinary(real_texts["code"]) == tokenizer.encode(real_texts["code"])


def test_ranks_come_back_as_they_were(tmp_path):
    data = rank_file(learned_ranks())
    tokenizer = running(rank_files.load)(data, pattern="cl100k", special_tokens=SPECIALS)
    report = tokenizer.to_tiktoken(tmp_path / "x.tiktoken")
    assert report.exact
    assert (tmp_path / "x.tiktoken").read_bytes() == data


def test_merges_out_of_order_are_not_exact(tmp_path):
    pieces = [bytes([byte]) for byte in range(256)] + [b"ab", b"bc"]
    vocabulary = Vocabulary(pieces)
    # "abc": merges make a|bc, ranks make ab|c.
    segmenter = BytePairSegmenter.from_merges(vocabulary, [(98, 99, 257), (97, 98, 256)])
    tokenizer = Tokenizer(
        vocabulary=vocabulary, segmenter=segmenter, pretokenizer=NativePretokenizer("gpt2")
    )
    report = to_tiktoken(tokenizer.pipeline, tmp_path / "x", sample=["abc", "abc", "xyz"])
    assert not report.exact
    assert (report.documents, report.equal) == (13, 11)
    assert report.share == pytest.approx(11 / 13)
    assert "order" in str(report)
    assert json.loads(json.dumps(report.to_json()))["equal"] == 11


def test_pieces_that_merges_never_make_are_not_exact(tmp_path):
    pieces = [bytes([byte]) for byte in range(256)] + [b"ab", b"xyz"]
    vocabulary = Vocabulary(pieces)
    segmenter = BytePairSegmenter.from_merges(vocabulary, [(97, 98, 256)])
    tokenizer = Tokenizer(
        vocabulary=vocabulary, segmenter=segmenter, pretokenizer=NativePretokenizer("gpt2")
    )
    assert not to_tiktoken(tokenizer.pipeline, tmp_path / "x").exact


def test_what_ranks_leave_out_is_named(tmp_path):
    tokenizer = Tokenizer(
        **{**by_merges().parts(), "pretokenizer": RegexPretokenizer("[a-z]", "contiguous")}
    )
    report = to_tiktoken(tokenizer.pipeline, tmp_path / "x", sample=SAMPLE)
    assert not report.exact
    assert "regular expression" in str(report)


def test_text_that_tiktoken_drops_is_counted(tmp_path):
    tokenizer = Tokenizer(**{**by_merges().parts(), "pretokenizer": NativePretokenizer("superbpe")})
    report = to_tiktoken(tokenizer.pipeline, tmp_path / "x", sample=SAMPLE)
    assert not report.exact
    assert "drops" in str(report)
    assert report.equal < report.documents


def test_only_byte_level_bpe_has_ranks(tmp_path):
    vocabulary = Vocabulary([b"a", b"b", b"ab"])
    segmenter = BytePairSegmenter.from_ranks(vocabulary, symbols="characters")
    tokenizer = Tokenizer(
        vocabulary=vocabulary, segmenter=segmenter, pretokenizer=NativePretokenizer("whole")
    )
    with pytest.raises(UnsupportedError, match="over bytes"):
        to_tiktoken(tokenizer.pipeline, tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_saving_a_folder_gives_equal_ids_to_everyone(tmp_path, real_texts, rng):
    import tokenizers
    import transformers

    tokenizer = by_merges()
    report = tokenizer.save(tmp_path, sample=SAMPLE)
    assert report.exact
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["tokenizer.json", "tokenizer_config.json"]
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    auto = transformers.AutoTokenizer.from_pretrained(tmp_path)
    object_ = tokenizer.to_transformers()
    for text in (real_texts["code"][:50_000], *fuzz_strings(rng, 200)):
        text = comparable(text, "tokenizers")
        # tokenizers finds specials in any text
        ids = tokenizer.encode(text, allowed_special="all")
        assert theirs.encode(text).ids == ids
        assert auto(text)["input_ids"] == ids
        assert object_(text)["input_ids"] == ids
        assert auto.decode(ids) == tokenizer.decode(ids)
    assert tokenry.load(tmp_path).encode("some text") == tokenizer.encode("some text")


def test_our_own_file_stands_in_where_there_can_be_no_tokenizer_json(tmp_path):
    from tokenry.text.parts import Template

    tokenizer = by_merges()
    pattern = RegexPretokenizer("[a-z]+|[^a-z]", "removed", invert=True)
    odd = Tokenizer(
        **{**tokenizer.parts(), "pretokenizer": pattern, "template": Template((7,), (9, 9))}
    )
    report = odd.save(tmp_path, sample=SAMPLE)
    assert report.exact or report.reasons
    again = tokenry.load(tmp_path)
    assert again.encode("ab 12", add_special_tokens=True) == odd.encode(
        "ab 12", add_special_tokens=True
    )


def test_an_older_own_file_does_not_outlive_a_save(tmp_path):
    tokenizer = by_merges()
    native_file.save(tokenizer.truncate(300).pipeline, tmp_path)
    tokenizer.save(tmp_path, sample=SAMPLE)
    assert len(tokenry.load(tmp_path).vocabulary) == len(tokenizer.vocabulary)
