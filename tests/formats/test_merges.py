from __future__ import annotations

import json

import pytest

import tokenry
import tokenry.tokenizer_files
from fuzz_text import fuzz_strings
from oracles import comparable
from running import running
from small_tokenizers import learned, vocab_and_merges
from tokenry.errors import FormatError, TokenryError, UnsupportedError
from tokenry.formats import merges

load = running(merges.load)

VOCAB, MERGES = vocab_and_merges()


def test_vocab_and_merges_as_tokenizers(real_texts, rng):
    ours = load(MERGES, vocabulary=VOCAB, pattern="gpt2")
    theirs = learned()
    documents = [
        comparable(t, "tokenizers") for t in (*real_texts.values(), *fuzz_strings(rng, 500))
    ]
    for ids, text in zip(ours.encode_batch(documents), documents, strict=True):
        assert ids.tolist() == theirs.encode(text).ids


def test_merges_alone_number_bytes_then_merges(real_texts):
    ours = load(MERGES, pattern="gpt2")
    theirs = learned()
    text = comparable(real_texts["prose"], "tokenizers")
    # The trainer numbers the alphabet in the order of GPT-2 too, so ids agree.
    assert ours.encode(text) == theirs.encode(text).ids
    assert ours.vocabulary.pieces[0] == b"!"
    assert len(ours.vocabulary) == 3000


def test_windows_line_ends_and_a_missing_version_line_do_not_matter():
    plain = MERGES.partition(b"\n")[2].replace(b"\n", b"\r\n")
    again = load(plain, pattern="gpt2")
    assert again.fingerprint() == load(MERGES, pattern="gpt2").fingerprint()


def test_specials_of_the_vocabulary_keep_their_ids():
    vocabulary = json.loads(VOCAB) | {"<|end of text|>": 3000}
    data = json.dumps(vocabulary).encode()
    ours = load(MERGES, vocabulary=data, pattern="gpt2", special_tokens={"<|end of text|>": 3000})
    assert ours.vocabulary.roles == {3000: "special"}
    assert ours.encode("a<|end of text|>", allowed_special="all")[-1] == 3000
    with pytest.raises(UnsupportedError, match="special_tokens"):
        load(MERGES, vocabulary=data, pattern="gpt2")


def test_a_piece_that_no_merge_makes_is_unreachable():
    vocabulary = json.loads(VOCAB) | {"<|endoftext|>": 3000}
    ours = load(MERGES, vocabulary=json.dumps(vocabulary).encode(), pattern="gpt2")
    assert 3000 in ours.unreachable().unproduced
    assert 3000 not in ours.encode("<|endoftext|>")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"#version: 0.2\nh e\nhe l o\n", "line 3: expected two pieces"),
        (b"#version: 0.2\nh e\nhe\n", "line 3: expected two pieces"),
        (b"h  e\n", "line 1"),
        (b" h\n", "line 1"),
        (b"h \xff\n", "line 1: not UTF-8"),
        (b"h e\nh e\n", "line 2.*line 1"),
        (b"he l\n", "line 1.*'he'"),
        (b"a b\n" + b"x" * 2_000_000, "line 2: 2000000 bytes"),
        # cyclic: each needs what the other makes
        (b"ab a\naba b\n", "line 1.*'ab'"),
        (b"#version: 0.2\n", "no merges"),
    ],
)
def test_malformed_merges_are_named(data, message):
    with pytest.raises(FormatError, match=message):
        load(data, pattern="gpt2")


def test_merges_of_another_alphabet_are_refused():
    with pytest.raises(UnsupportedError, match="byte-level"):
        load("▁t h\n".encode(), pattern="gpt2")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"he": None}, "'he'.*None"),
        ({"he": -4}, "'he'.*-4"),
        ({"he": 2**40}, "'he'"),
        ({"he": True}, "'he'"),
        ({"he": 7}, "id 7"),
        ({"he": 2**31 - 1}, "ids range"),
    ],
)
def test_malformed_vocabularies_are_named(change, message):
    data = json.dumps(json.loads(VOCAB) | change).encode()
    with pytest.raises(FormatError, match=message):
        load(MERGES, vocabulary=data, pattern="gpt2")


@pytest.mark.parametrize("data", [b"[1, 2]", b"{", b'"x"', b"[" * 100_000, b'[["a", 1]]'])
def test_a_vocabulary_that_is_no_object_is_refused(data):
    with pytest.raises(FormatError, match=r"vocab\.json"):
        load(MERGES, vocabulary=data, pattern="gpt2")


def test_a_key_that_comes_twice_is_refused():
    with pytest.raises(FormatError, match="'a'"):
        load(b"a b\n", vocabulary=b'{"a": 0, "a": 1}', pattern="gpt2")


def test_a_merge_whose_piece_has_no_id_is_named():
    vocabulary = json.loads(VOCAB)
    del vocabulary["he"]
    with pytest.raises(FormatError, match="b'he', which has no id"):
        load(MERGES, vocabulary=json.dumps(vocabulary).encode(), pattern="gpt2")


def test_bytes_may_be_missing_only_with_an_error():
    vocabulary = json.loads(VOCAB)
    del vocabulary["Ā"]
    with pytest.raises(FormatError, match="0x00"):
        load(MERGES, vocabulary=json.dumps(vocabulary).encode(), pattern="gpt2")


def test_damaged_merges_never_crash(rng):
    data = MERGES[:3000]
    for _ in range(200):
        changed = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(changed))
            changed[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        try:
            tokenizer = load(bytes(changed), pattern="gpt2")
        except TokenryError:
            continue
        assert tokenizer.decode(tokenizer.encode("the end")) == "the end"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "pattern"),
    [("bpe_200k_merges.txt", "superbpe-1"), ("superbpe_t180k_merges.txt", "superbpe")],
)
def test_released_merges_as_tokenizers(file, pattern, tokenizer_files, shared_data, rng):
    import tokenizers
    from tokenizers import models, pre_tokenizers

    from tokenry.text.pretokenizers.split_patterns import PATTERNS
    from tokenry.vocabulary import to_byte_level

    ours = tokenry.load(tokenizer_files / file, pattern=pattern)
    pairs = [
        (to_byte_level(left), to_byte_level(right))
        for _, left, right in merges.read_merges((tokenizer_files / file).read_bytes())
    ]
    ids = {to_byte_level(piece): id_ for id_, piece in enumerate(ours.vocabulary.pieces)}
    theirs = tokenizers.Tokenizer(models.BPE(vocab=ids, merges=pairs))
    theirs.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(tokenizers.Regex(PATTERNS[pattern]), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    documents = list(fuzz_strings(rng, 1000))
    for path in sorted((shared_data / "text").iterdir()):
        text = path.read_text(encoding="utf-8")[:200_000]
        documents += [text[i : i + 2_000] for i in range(0, len(text), 2_000)]
    documents = [comparable(text, "tokenizers") for text in documents]
    for mine, text in zip(ours.encode_batch(documents), documents, strict=True):
        assert mine.tolist() == theirs.encode(text).ids


def test_files_beside_a_vocabulary_name_its_specials(tmp_path):
    size = len(json.loads(VOCAB))
    listed = json.loads(VOCAB) | {"<|endoftext|>": size}
    (tmp_path / "vocab.json").write_text(json.dumps(listed))
    (tmp_path / "merges.txt").write_bytes(MERGES)
    assert not tokenry.load(tmp_path, pattern="gpt2").special_tokens_set
    (tmp_path / "special_tokens_map.json").write_text('{"eos_token": "<|endoftext|>"}')
    (tmp_path / "added_tokens.json").write_text(json.dumps({"<|new|>": size + 1}))
    tokenizer = tokenry.load(tmp_path, pattern="gpt2")
    assert tokenizer.encode("a<|endoftext|><|new|>", allowed_special="all")[1:] == [size, size + 1]
    assert len(tokenizer.encode("<|endoftext|>")) > 1
    assert not tokenry.load(tmp_path, pattern="gpt2", special_tokens={}).special_tokens_set


@pytest.mark.shared
def test_gpt2_merges_bring_their_pattern_and_specials_with_any_ids(census, tmp_path):
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / name).symlink_to(census / "roberta-base" / name)
    names = {"<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>"}
    for place in (tmp_path, tmp_path / "vocab.json"):
        tokenizer = tokenry.tokenizer_files.load_tokenizer(place)
        assert tokenizer.special_tokens_set == names
        assert tokenizer.encode("<s> hello</s>", allowed_special="all") == [0, 20760, 2]
        assert len(tokenizer.encode("<s>")) > 1
