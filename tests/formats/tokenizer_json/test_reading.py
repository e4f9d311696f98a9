"""tokenizer.json: ids and text equal to `tokenizers`, over generated pipelines and shared files."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tokenizers import (
    AddedToken,
    Regex,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from tokenizers import Tokenizer as Theirs

from fuzz_text import fuzz_strings, known_points, without_surrogates
from running import running
from small_tokenizers import learned
from tokenry.errors import EncodeError, TokenryError, UnsupportedError
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.writing import to_document
from tokenry.tokenizer import Tokenizer

load = running(reading.load)

GPT4 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
NORMALIZERS = [
    lambda: normalizers.NFC(),
    lambda: normalizers.NFKC(),
    lambda: normalizers.NFD(),
    lambda: normalizers.NFKD(),
    lambda: normalizers.Lowercase(),
    lambda: normalizers.StripAccents(),
    lambda: normalizers.Strip(True, True),
    lambda: normalizers.Strip(False, True),
    lambda: normalizers.Replace(Regex(" {2,}"), " "),
    lambda: normalizers.Replace("e", "é"),
    lambda: normalizers.BertNormalizer(),
    lambda: normalizers.BertNormalizer(lowercase=False),
]
CUTTERS = [
    lambda: pre_tokenizers.Whitespace(),
    lambda: pre_tokenizers.WhitespaceSplit(),
    lambda: pre_tokenizers.BertPreTokenizer(),
    lambda: pre_tokenizers.Digits(True),
    lambda: pre_tokenizers.Digits(False),
    lambda: pre_tokenizers.Punctuation("isolated"),
    lambda: pre_tokenizers.Punctuation("merged_with_previous"),
    lambda: pre_tokenizers.CharDelimiterSplit("t"),
    lambda: pre_tokenizers.Split(Regex(GPT4), "isolated"),
    lambda: pre_tokenizers.Split(Regex(GPT4), "removed", True),
    lambda: pre_tokenizers.Split(Regex(r"\d{3}"), "merged_with_next"),
    lambda: pre_tokenizers.Split(" ", "merged_with_next"),
]
SPECIALS = ["<s>", "</s>", "<unk>", "[CLS]", "<|endoftext|>"]
ADDED = ["<pad>", "the", " the", "  ", "\n\n", "Hello", "世界", "'s", "The", "é", "ſ", "12"]


@pytest.fixture(scope="module")
def lines(request: pytest.FixtureRequest) -> list[str]:
    prose: str = request.getfixturevalue("prose_text")
    names: str = request.getfixturevalue("multilingual_text")
    return prose[:15_000].split("\n") + names[:5_000].split("\n")


def byte_level(rng: random.Random, lines: list[str]) -> Theirs:
    theirs = Theirs(models.BPE(ignore_merges=rng.random() < 0.3))
    prefix = rng.random() < 0.2
    if rng.random() < 0.4:
        theirs.pre_tokenizer = pre_tokenizers.ByteLevel(prefix, use_regex=rng.random() < 0.8)
    elif rng.random() < 0.3:
        # these see the byte-level alphabet, so only what does not look at characters goes
        theirs.normalizer = normalizers.ByteLevel()
        theirs.pre_tokenizer = pre_tokenizers.Split(Regex("[A-Z]?[a-z]+|Ġ+"), "isolated")
    else:
        cutters = [rng.choice(CUTTERS)() for _ in range(rng.randint(1, 2))]
        last = pre_tokenizers.ByteLevel(prefix, use_regex=rng.random() < 0.3)
        theirs.pre_tokenizer = pre_tokenizers.Sequence([*cutters, last])
    theirs.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    if rng.random() < 0.2:
        alphabet = sorted(alphabet)[:150]  # some bytes have no piece
    train(theirs, trainers.BpeTrainer, rng, lines, initial_alphabet=alphabet)
    return theirs


def marked(rng: random.Random, lines: list[str]) -> Theirs:
    """What SentencePiece models become."""
    if rng.random() < 0.3:
        theirs = Theirs(models.Unigram())
    else:
        unknown = rng.choice(["<unk>", None])
        theirs = Theirs(models.BPE(unk_token=unknown, fuse_unk=rng.random() < 0.5))
    scheme = rng.choice(["always", "first", "never"])
    split = rng.random() < 0.6
    metaspace = pre_tokenizers.Metaspace("▁", scheme, split)
    kind = rng.random()
    if kind < 0.4:
        theirs.pre_tokenizer = metaspace
    elif kind < 0.7:
        cutter = rng.choice(CUTTERS)()
        order = [cutter, metaspace] if rng.random() < 0.7 else [metaspace, cutter]
        theirs.pre_tokenizer = pre_tokenizers.Sequence(order)
    else:
        marks = [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
        theirs.normalizer = normalizers.Sequence(marks)
    theirs.decoder = rng.choice(
        [
            decoders.Metaspace("▁", scheme, split),
            decoders.Sequence(
                [
                    decoders.Replace("▁", " "),
                    decoders.ByteFallback(),
                    decoders.Fuse(),
                    decoders.Strip(" ", 1, 0),
                ]
            ),
        ]
    )
    if isinstance(theirs.model, models.Unigram):
        train(theirs, trainers.UnigramTrainer, rng, lines, unk_token="<unk>")
    else:
        train(theirs, trainers.BpeTrainer, rng, lines, limit_alphabet=80)
    return theirs


def words(rng: random.Random, lines: list[str]) -> Theirs:
    if rng.random() < 0.3:
        theirs = Theirs(models.WordLevel(unk_token="<unk>"))
    else:
        theirs = Theirs(models.WordPiece(unk_token="<unk>", max_input_chars_per_word=12))
    cutters = [rng.choice(CUTTERS)() for _ in range(rng.randint(1, 2))]
    theirs.pre_tokenizer = pre_tokenizers.Sequence(cutters)
    theirs.decoder = decoders.WordPiece(cleanup=rng.random() < 0.5)
    if isinstance(theirs.model, models.WordLevel):
        theirs.decoder = None  # type: ignore[assignment]
        train(theirs, trainers.WordLevelTrainer, rng, lines)
    else:
        train(theirs, trainers.WordPieceTrainer, rng, lines, limit_alphabet=60)
    return theirs


def train(
    theirs: Theirs, trainer: type, rng: random.Random, lines: list[str], **more: object
) -> None:
    settings = {"vocab_size": rng.choice([350, 500]), "special_tokens": SPECIALS[:3]}
    theirs.train_from_iterator(lines, trainer(**settings, show_progress=False, **more))


def pipeline(rng: random.Random, lines: list[str]) -> Theirs:
    theirs = rng.choice([byte_level, byte_level, marked, marked, words])(rng, lines)
    if rng.random() < 0.5 and '"first"' not in theirs.to_str():
        # With "first" ids depend on how theirs aligns text that a normalizer removed or added.
        found = [rng.choice(NORMALIZERS)() for _ in range(rng.randint(1, 2))]
        if theirs.normalizer is not None:
            found.append(theirs.normalizer)
        theirs.normalizer = normalizers.Sequence(found)
    add_tokens(theirs, rng)
    if rng.random() < 0.5:
        theirs.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
        )
    return theirs


def add_tokens(theirs: Theirs, rng: random.Random) -> None:
    theirs.add_special_tokens(SPECIALS[: rng.randint(0, 5)])
    for content in rng.sample(ADDED, rng.randint(0, 4)):
        flags = {flag: rng.random() < 0.25 for flag in ("lstrip", "rstrip", "single_word")}
        token = AddedToken(content, normalized=rng.random() < 0.5, **flags)
        # A special that merges could make would come out of text there, and never does here.
        special = rng.random() < 0.3 and theirs.token_to_id(content) is None
        (theirs.add_special_tokens if special else theirs.add_tokens)([token])


def texts(rng: random.Random, count: int) -> Iterator[str]:
    hot = [
        "the",
        " ",
        "  ",
        "▁",
        "Ġ",
        "\n",
        "The",
        "é",
        "e\u0301",
        "字",
        "12",
        "'s",
        "<s>",
        "<pad>",
    ]
    hot += [
        "Hello",
        ".",
        "\x00",
        "<0x0A>",
        "##s",
        "ÅB",
        "ﬁ",
        "世界",
        "😀",
        "\u2581\u2581",
        "ſ",
        "\t",
    ]
    for _ in range(count):
        yield "".join(rng.choices(hot, k=rng.randint(0, 12)))
    found = map(without_surrogates, fuzz_strings(rng, count))
    yield from (text for text in found if known_points(text))


def check_equal(theirs: Theirs, ours: Tokenizer, documents: list[str], what: object = "") -> None:
    for text in documents:
        try:
            expected = theirs.encode(text, add_special_tokens=True).ids
        except BaseException:  # theirs panics where stripped white space overlaps
            continue
        found = ours.encode(text, allowed_special="all", add_special_tokens=True)
        assert found == expected, (ascii(text), what)
        decoded = theirs.decode(expected, skip_special_tokens=False)
        assert ours.decode(expected) == decoded, (ascii(text), what)


def test_merges_are_the_same_read_at_once_and_one_by_one() -> None:
    file = json.loads(learned(600).to_str())
    vocab, merges = file["model"]["vocab"], file["model"]["merges"]
    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in merges]
    spelled = [" ".join(pair) for pair in pairs]
    specials = {pairs[5][0] + pairs[5][1]: vocab[pairs[5][0] + pairs[5][1]]}
    added = [{"id": id_, "content": text, "special": True} for text, id_ in specials.items()]
    for special in ([], added):
        expected = None
        # A version line, a merge that comes twice and ids out of order are not read at once.
        for given in (pairs, spelled, ["#version: 0.2", *spelled], [spelled[0], *spelled]):
            for order in (list, reversed):
                model = file["model"] | {"merges": given, "vocab": dict(order(list(vocab.items())))}
                tokenizer = load(
                    json.dumps(file | {"model": model, "added_tokens": special}).encode()
                )
                merged = tokenizer.segmenter.merges.tolist()
                expected = expected or (merged, tokenizer.vocabulary)
                assert merged == expected[0]
                assert tokenizer.vocabulary == expected[1]
        assert all(id_ not in row for row in expected[0] for id_ in specials.values() if special)


def check_pipelines(seeds: range, lines: list[str], count: int) -> int:
    compared = 0
    refusals: list[str] = []
    for seed in seeds:
        rng = random.Random(seed)
        file = pipeline(rng, lines).to_str()
        theirs = Theirs.from_str(file)  # reads scores a last bit off from what was learnt
        try:
            ours = load(file.encode())
        except TokenryError as error:
            refusals.append(str(error))
            continue
        documents = list(texts(rng, count))
        check_equal(theirs, ours, documents, seed)
        check_equal(
            theirs, load(to_document(ours.pipeline).dump()), documents[::4], ("again", seed)
        )
        theirs_again = Theirs.from_str(to_document(ours.pipeline).dump().decode())
        check_equal(theirs_again, ours, documents[::4], ("saved", seed))
        compared += 1
    known = ("same text", "is empty", "continues a word with a space")
    assert all(any(reason in text for reason in known) for text in refusals), refusals
    return compared


def test_generated_pipelines(lines: list[str]) -> None:
    assert check_pipelines(range(40), lines, 30) > 30


@pytest.mark.slow
def test_many_generated_pipelines(lines: list[str]) -> None:
    assert check_pipelines(range(1000, 1400), lines, 60) > 300


def test_specials_in_text_are_text(lines: list[str]) -> None:
    rng = random.Random(9)
    theirs = byte_level(rng, lines)
    theirs.add_special_tokens(SPECIALS)
    ours = load(theirs.to_str().encode())
    theirs.encode_special_tokens = True
    for text in ("<s>", "a <|endoftext|> b", "</s></s>", "[CLS]x"):
        assert ours.encode(text) == theirs.encode(text).ids
        assert not set(ours.encode(text)) & {ours.encode_single_token(name) for name in SPECIALS}


def test_spans_cover_what_a_token_stands_for() -> None:
    theirs = Theirs(models.BPE({"<unk>": 0, "▁": 1, "a": 2, "b": 3, "▁a": 4}, [("▁", "a")]))
    theirs.normalizer = normalizers.Sequence(
        [normalizers.Lowercase(), normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    ids, spans = load(theirs.to_str().encode()).encode_with_spans("Ab A")
    assert ids.tolist() == [4, 3, 4]
    assert spans.tolist() == [[0, 1], [1, 2], [2, 4]]


def test_fallback_bytes_that_are_also_added_tokens(lines: list[str]) -> None:
    names = [f"<0x{byte:02X}>" for byte in range(256)]
    theirs = Theirs(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    theirs.normalizer = normalizers.Replace(" ", "▁")
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>", *names])
    theirs.train_from_iterator(["a few plain words", "and a few more"], trainer)
    ours = load(theirs.to_str().encode())
    for text in ("hello\nworld", "é", "<0x0A>", "b", *lines[:50]):
        assert ours.encode(text, allowed_special="all") == theirs.encode(text).ids, text
    theirs.encode_special_tokens = True
    assert ours.encode("<0x0A>") == theirs.encode("<0x0A>").ids


def test_a_merge_that_spells_a_fallback_byte_is_refused() -> None:
    vocab = {f"<0x{byte:02X}>": byte for byte in range(256)} | {"<0x0": 256, "A>": 257}
    theirs = Theirs(models.BPE(vocab, [("<0x0", "A>")], byte_fallback=True))
    with pytest.raises(UnsupportedError, match="<0x0A>"):
        load(theirs.to_str().encode())


def test_no_unknown_id_for_a_word_is_an_error() -> None:
    theirs = Theirs(models.WordPiece({"a": 0}, unk_token="[UNK]"))
    with pytest.raises(EncodeError):
        load(theirs.to_str().encode()).encode("b")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["gpt-2", "llama", "pegasus_unigram96k", "kl3m-004-char-8k"])
def test_shared_files(name: str, tokenizer_files: Path, shared_data: Path) -> None:
    data = (tokenizer_files / f"{name}_tokenizer.json").read_bytes()
    theirs = Theirs.from_str(data.decode())
    theirs.no_truncation()
    theirs.no_padding()
    files = sorted((shared_data / "flores_dev").glob("*.txt"))
    documents = [line for file in files for line in file.read_text("utf-8").split("\n")[:12]]
    ours = load(data)
    check_equal(theirs, ours, documents + list(texts(random.Random(4), 300)))
    long = (shared_data / "text" / "multilingual.txt").read_text("utf-8")[:100_000]
    check_equal(theirs, ours, [long])
