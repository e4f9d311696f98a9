"""What we write, `tokenizers` and transformers read to equal ids and text."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer as Theirs

from fuzz_text import fuzz_strings, known_points, without_surrogates
from running import running
from small_tokenizers import learned_ranks, rank_file
from tokenry.errors import UnsupportedError
from tokenry.formats import sentencepiece, tiktoken, transformers, wordpiece
from tokenry.formats.tokenizer_json.reading import load
from tokenry.formats.tokenizer_json.writing import save_tokenizer_json, to_document
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer import load as tokenizer_of
from tokenry.vocabulary import Vocabulary

MERGED = [
    b"th",
    b"the",
    b" t",
    b" th",
    b" the",
    b"in",
    b"ing",
    b"  ",
    b"\n\n",
    b"12",
    b"'s",
    "é".encode(),
]
SPECIALS = {"<|endoftext|>": 300, "<pad>": 301}


def ranks() -> bytes:
    pieces = [bytes([byte]) for byte in range(256)] + MERGED
    return b"".join(b"%b %d\n" % (base64.b64encode(p), rank) for rank, p in enumerate(pieces))


def learned(pattern: str) -> Tokenizer:
    """As our learners leave one: merges over bytes, specials after them."""
    pieces: list[bytes | None] = [bytes([byte]) for byte in range(256)]
    pieces += [b"th", b"the", b" the", b"<s>"]
    vocabulary = Vocabulary(pieces, {259: "special"})
    merges = [(ord("t"), ord("h"), 256), (256, ord("e"), 257), (ord(" "), 257, 258)]
    return Tokenizer(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_merges(vocabulary, merges),
        pretokenizer=NativePretokenizer(pattern),
        added_tokens=[AddedToken("<s>", 259)],
        template=Template((259,), ()),
    )


def texts(seed: int = 2, count: int = 150) -> list[str]:
    found = map(without_surrogates, fuzz_strings(random.Random(seed), count))
    return ["", "the thing\n\n  's 12 <s> <|endoftext|>", *(t for t in found if known_points(t))]


def check_equal(ours: Tokenizer, theirs: Theirs, documents: list[str]) -> None:
    for text in documents:
        expected = ours.encode(text, allowed_special="all", add_special_tokens=True)
        assert theirs.encode(text).ids == expected, ascii(text)
        decoded = theirs.decode(expected, skip_special_tokens=False)
        assert ours.decode(expected) == decoded, ascii(text)


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_learned_byte_pairs(pattern: str) -> None:
    tokenizer = learned(pattern)
    document = to_document(tokenizer.pipeline)
    assert document.reasons == ()
    check_equal(tokenizer, Theirs.from_str(document.dump().decode()), texts())


@pytest.mark.parametrize("pattern", ["cl100k", "o200k", r"\p{L}+|\s+|[^\p{L}\s]+"])
def test_ranks_become_merges(pattern: str) -> None:
    tokenizer = running(tiktoken.load)(ranks(), pattern=pattern, special_tokens=SPECIALS)
    document = to_document(tokenizer.pipeline)
    model = document.content["model"]
    assert model["ignore_merges"] is True
    assert len(model["merges"]) == len(MERGED)
    check_equal(tokenizer, Theirs.from_str(document.dump().decode()), texts())


def test_a_pattern_of_another_dialect_is_a_reason() -> None:
    parts = learned("gpt2").parts() | {"pretokenizer": RegexPretokenizer(r"\p{L}+|\P{L}+")}
    assert to_document(Tokenizer(**parts).pipeline).reasons  # type: ignore[arg-type]


def test_wordpiece() -> None:
    tokenizer = running(wordpiece.load)(b"[PAD]\n[UNK]\n[CLS]\n[SEP]\nth\n##e\nthe\n##ing\n,\n")
    check_equal(
        tokenizer, Theirs.from_str(to_document(tokenizer.pipeline).dump().decode()), texts()
    )


def test_the_folder_that_transformers_reads(tmp_path: Path) -> None:
    auto = pytest.importorskip("transformers").AutoTokenizer
    for tokenizer in (
        learned("llama3"),
        running(tiktoken.load)(ranks(), pattern="o200k", special_tokens=SPECIALS),
    ):
        save_tokenizer_json(tokenizer.pipeline, tmp_path)
        (tmp_path / "tokenizer_config.json").write_bytes(transformers.dump_config(tokenizer))
        theirs = auto.from_pretrained(str(tmp_path), local_files_only=True)
        for text in texts():
            expected = tokenizer.encode(text, allowed_special="all", add_special_tokens=True)
            assert theirs(text)["input_ids"] == expected, ascii(text)
            assert theirs.decode(expected) == tokenizer.decode(expected)


def test_to_transformers() -> None:
    pytest.importorskip("transformers")
    tokenizer = learned("gpt2")
    theirs = transformers.to_transformers(tokenizer)
    assert theirs.bos_token == "<s>"
    assert theirs("the <s>x")["input_ids"] == tokenizer.encode(
        "the <s>x", allowed_special="all", add_special_tokens=True
    )
    assert theirs(["the", "the x"], padding=False)["input_ids"][0] == [259, 257]


def test_what_a_file_had_beside_its_ids_is_kept() -> None:
    spec = to_document(learned("gpt2").pipeline).content
    spec["truncation"] = {
        "direction": "Right",
        "max_length": 2,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    spec["post_processor"]["pair"] = spec["post_processor"]["single"]
    again = to_document(load(json.dumps(spec).encode())).content
    assert again["truncation"] == spec["truncation"]
    assert again["post_processor"] == spec["post_processor"]


def test_what_the_format_cannot_say_is_named() -> None:
    vocabulary = Vocabulary([b"a", b"a", b"b"])
    twice = Tokenizer(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_merges(vocabulary, []),
        pretokenizer=NativePretokenizer("gpt2"),
    )
    with pytest.raises(UnsupportedError, match="one text has one id"):
        to_document(twice.pipeline)


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
def test_sentencepiece_comes_near_and_says_so(kind: str, prose_text: str) -> None:
    trainer = pytest.importorskip("sentencepiece").SentencePieceTrainer
    written = io.BytesIO()
    lines = prose_text[:60_000].split("\n")
    trainer.train(
        sentence_iterator=iter(lines),
        model_writer=written,
        vocab_size=400,
        model_type=kind,
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    tokenizer = running(sentencepiece.load)(written.getvalue())
    document = to_document(tokenizer.pipeline)
    assert document.reasons
    theirs = Theirs.from_str(document.dump().decode())
    documents = [line for line in lines if line][:300]
    equal = sum(theirs.encode(text).ids == tokenizer.encode(text) for text in documents)
    assert equal >= 0.99 * len(documents)
    assert theirs.decode(tokenizer.encode("a  b é字")) == "a b é字"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "pattern"), [("cl100k_base.tiktoken", "cl100k"), ("o200k_base.tiktoken", "o200k")]
)
def test_shared_ranks(name: str, pattern: str, tokenizer_files: Path, shared_data: Path) -> None:
    data = (tokenizer_files / name).read_bytes()
    tokenizer = running(tiktoken.load)(data, pattern=pattern)
    text = (shared_data / "text" / "multilingual.txt").read_text("utf-8")[:200_000]
    check_equal(
        tokenizer,
        Theirs.from_str(to_document(tokenizer.pipeline).dump().decode()),
        [*texts(), text],
    )


def test_ids_that_stand_for_nothing_have_a_name_that_no_text_has(tmp_path):
    # Without it tokenizers would number the specials otherwise, and fastokens refuse the file.
    ranks = tmp_path / "ranks.tiktoken"
    ranks.write_bytes(rank_file(learned_ranks()))
    ours = tokenizer_of(ranks, pattern="gpt2", special_tokens={"<|end|>": 3001, "<|prompt|>": 3007})
    ours.save(tmp_path / "saved")
    path = tmp_path / "saved" / "tokenizer.json"
    theirs = Theirs.from_file(str(path))
    vocabulary = json.loads(path.read_bytes())["model"]["vocab"]
    assert sorted(vocabulary.values()) == list(range(3007))
    text = "hole 3000<|end|>hole 3002, <|prompt|> and hole 3006"
    assert theirs.encode(text).ids == ours.encode(text, allowed_special="all")
    back = load(path.read_bytes())
    assert back.vocabulary == ours.vocabulary
    assert (
        back.vocabulary.holes() == ours.vocabulary.holes() == (3000, 3002, 3003, 3004, 3005, 3006)
    )
    if importlib.util.find_spec("fastokens"):
        import fastokens

        given = fastokens.Tokenizer.from_file(str(path)).encode(text)
        assert given.ids == theirs.encode(text).ids


def test_a_pretokenizer_that_cuts_nothing_is_written_again() -> None:
    """Gemma's, whose normalizer leaves no space to cut at."""
    split = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
             "invert": False}  # fmt: skip
    marks = {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}
    model = {"type": "BPE", "vocab": {"a": 0, "\u2581": 1, "\u2581a": 2, "<unk>": 3},
             "merges": [["\u2581", "a"]], "unk_token": "<unk>"}  # fmt: skip
    content = {"version": "1.0", "added_tokens": [], "normalizer": marks, "pre_tokenizer": split,
               "model": model}  # fmt: skip
    pipeline = load(json.dumps(content).encode())
    written = to_document(pipeline).content
    assert written["pre_tokenizer"] == split
    again = load(to_document(pipeline).dump())
    assert Tokenizer.of(again).fingerprint() == Tokenizer.of(pipeline).fingerprint()
    other = replace(pipeline, normalizer=None)
    assert to_document(other).content["pre_tokenizer"] is None
