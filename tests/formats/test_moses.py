"""XLM, FlauBERT, BioGPT and FSMT: words that sacremoses cuts, merges, and names of the pieces."""

from __future__ import annotations

import itertools
import json
import pickle
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.text.normalizers.moses import MosesWords

pytest.importorskip("sacremoses")
pytestmark = pytest.mark.filterwarnings("ignore:Recommended")
CLASSES = ("XLMTokenizer", "FlaubertTokenizer", "BioGptTokenizer")
PROSE = (
    "Dr. Smith can't pay $5,300.50 (or €3) for Jones' house -- it's well-known, e.g. No. 5.",
    "L'été d'André «\u00a0était\u00a0» chaud\u00a0; aujourd'hui 10\u00a0000\u00a0% ?",
    "Der Weiße Hai, z.B. am 3. Mai: „Größe“ – Über 20 km!",
    "Привет, мир! ΟΔΟΣ Ελλάς. สวัสดี नमस्ते שלום السلام،",
    "東京都。\u3000「こんにちは」！ ５０％ 한국어, 中文《书》……",
    "https://example.org/a_b?q=1&r=2#x user.name@example.org @you #tag :-)",
    "\U0001f469\u200d\U0001f680 \U0001f1e9\U0001f1ea \u2764\ufe0f e\u0301",
    "``a'' `b' 'c' \"d\" <e> [f] {g} a|b x&y a...b. c.. (e) i.e. U.S. a. B",
)
TEXTS = (
    "", " ", "\n\t", ".", "...", "'", "``", "\u0301", "\u00a0", "\x00\x07a\x1cb\x7f\u200b\ufeff",
    "<s> </s>the <unk>a<pad><special0>b <special1>", "a</w>b </w>", "@-@ a-b-c &amp; &#124;",
    "\u0130stanbul \u1e9e \ufb01ne \u00c5\u212b a\u0308\u0323", *PROSE,
)  # fmt: skip


def drawn(count: int = 40) -> list[str]:
    draw = random.Random(21)
    letters = [*"".join(PROSE), *" .,'\"-()\n\t:;!?`&|<>[]%$", "<s>", " \u00ab ", "'s ", "n't"]
    return [*TEXTS, *("".join(draw.choices(letters, k=draw.randint(1, 40))) for _ in range(count))]


@cache
def learnt(seed: int, count: int = 120) -> tuple[list[tuple[str, str]], list[str]]:
    """Merges of the words of `PROSE`, and names of most symbols."""
    draw = random.Random(seed)
    cut = [MosesWords("fr", cleans=True, strips=True), MosesWords("en", fairseq=True)]
    words = [[*word] for each in cut for text in PROSE for word in each.words(text)]
    words = [[*word[:-1], word[-1] + "</w>"] for word in words]
    singles = {symbol for word in words for symbol in word}
    merges: list[tuple[str, str]] = []
    while len(merges) < count:
        pairs = Counter(pair for word in words for pair in itertools.pairwise(word))
        merges.append(draw.choice([pair for pair, _ in pairs.most_common(9)]))
        words = [merged(word, merges[-1]) for word in words]
    names = [*sorted(singles), *dict.fromkeys("".join(pair) for pair in merges)]
    return merges, [name for name in names if draw.random() < 0.9]


def merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    at, made = 0, []
    while at < len(word):
        both = tuple(word[at : at + 2]) == pair
        made.append("".join(pair) if both else word[at])
        at += 1 + both
    return made


def ids_of(names: list[str]) -> dict[str, int]:
    head = ["<s>", "</s>", "<pad>", "<unk>", "<special0>", "<special1>"]
    return {name: id_ for id_, name in enumerate(dict.fromkeys([*head, *names]))}


def write(folder: Path, kind: str, seed: int = 1, **config: Any) -> None:
    merges, names = learnt(seed)
    (folder / "merges.txt").write_text("".join(f"{a} {b} 7\n" for a, b in merges) + "x y")
    if kind == "FSMTTokenizer":
        (folder / "vocab-src.json").write_text(json.dumps(ids_of(names)))
        others = [*names[:20], "\u00e9t\u00e9</w>", "le</w>", *names[20:], "&apos;</w>", "s</w>"]
        (folder / "vocab-tgt.json").write_text(json.dumps(ids_of(others)))
    else:
        (folder / "vocab.json").write_text(json.dumps(ids_of(names)))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": kind, **config}))


def theirs_of(folder: Path, kind: str) -> Any:
    transformers = pytest.importorskip("transformers")
    return getattr(transformers, kind).from_pretrained(str(folder))


def hold(ours: tokenry.Tokenizer, theirs: Any) -> None:
    texts = drawn()
    for text in texts:
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found, text
        plain = theirs.convert_tokens_to_ids(theirs.tokenize(text, split_special_tokens=True))
        assert ours.encode(text) == plain, text
        assert ours.decode(found) == theirs.decode(found), text
    for text in texts[:30]:
        plain = ours.encode(text)
        assert plain == ours.encode_by_hand(text)
        around = ours.encode(text, add_special_tokens=True, allowed_special="all")
        assert around == theirs.encode(text), text
        ids, spans = ours.encode_with_spans(text)
        assert ids.tolist() == plain
        assert ((spans[:, 0] >= 0) & (spans[:, 0] <= spans[:, 1])).all(), text
        assert (spans[:, 1] <= len(text.encode())).all(), text
    assert [*map(list, ours.encode_batch(texts))] == [ours.encode(text) for text in texts]


def check_decoding(ours: tokenry.Tokenizer, theirs: Any) -> None:
    draw = random.Random(5)
    known = [id_ for id_, piece in enumerate(ours.vocabulary.pieces) if piece is not None]
    for _ in range(100):
        ids = draw.choices(known, k=8)
        assert ours.decode(ids) == theirs.decode(ids), ids


@pytest.mark.parametrize("kind", CLASSES)
def test_equal(tmp_path: Path, kind: str) -> None:
    write(tmp_path, kind)
    ours, theirs = tokenry.load(tmp_path), theirs_of(tmp_path, kind)
    hold(ours, theirs)
    check_decoding(ours, theirs)
    kept = tmp_path / "kept"
    theirs.add_tokens(["zzword"])
    theirs.save_pretrained(str(kept))
    again, theirs = tokenry.load(kept), theirs_of(kept, kind)
    text = "zzword a zzwordb <special9>"
    found = again.encode(text, allowed_special="all")
    assert found == theirs.encode(text, add_special_tokens=False)
    assert again.decode(found) == theirs.decode(found)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("XLMTokenizer", {"do_lowercase_and_remove_accent": False}),
        ("FlaubertTokenizer", {"do_lowercase": True}),
        ("FSMTTokenizer", {"langs": ["en", "fr"]}),
        ("FSMTTokenizer", {"langs": ["de", "en"], "do_lower_case": True}),
    ],
)
def test_options(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    write(tmp_path, kind, 2, **config)
    ours, theirs = tokenry.load(tmp_path), theirs_of(tmp_path, kind)
    hold(ours, theirs)
    check_decoding(ours, theirs)


@pytest.mark.parametrize("language", ["de", "ro", "xx"])
def test_languages_of_xlm(tmp_path: Path, language: str) -> None:
    write(tmp_path, "XLMTokenizer")
    ours, theirs = tokenry.load(f"{tmp_path}:{language}"), theirs_of(tmp_path, "XLMTokenizer")
    for text in [*drawn(20), "\u015etiin\u021b\u0103 \u00cen \u00e2 n\u00ba\u00a05 1\u00a0000"]:
        pieces = theirs._tokenize(text, lang=language)
        assert ours.encode(text) == theirs.convert_tokens_to_ids(pieces), text


def test_every_piece_comes_out_of_a_word(tmp_path: Path) -> None:
    write(tmp_path, "XLMTokenizer")
    assert len(tokenry.load(tmp_path).unreachable()) == 0


def test_class_of_the_model(tmp_path: Path) -> None:
    write(tmp_path, "XLMTokenizer")
    expected = tokenry.load(tmp_path).encode(PROSE[1])
    (tmp_path / "tokenizer_config.json").unlink()
    (tmp_path / "config.json").write_text('{"model_type": "xlm"}')
    assert tokenry.load(tmp_path).encode(PROSE[1]) == expected


def test_spans(tmp_path: Path) -> None:
    write(tmp_path, "XLMTokenizer")
    ours = tokenry.load(tmp_path)
    text = "Dr. Smith\u00a0: \u201cL'\u00c9T\u00c9\u201d (or so)\u2026 " * 40
    ids, spans = ours.encode_with_spans(text)
    data = text.encode()
    for id_, (begin, end) in zip(ids.tolist(), spans.tolist(), strict=True):
        piece = (ours.vocabulary.pieces[id_] or b"").strip().decode()
        if piece.isalpha() and piece.isascii() and id_ != ours.encode("\u2603")[0]:
            original = data[begin:end].decode()
            assert len(original) == len(piece)
            assert original.lower().translate({0xE9: "e"}) == piece


def test_copies_and_threads(tmp_path: Path) -> None:
    write(tmp_path, "BioGptTokenizer")
    ours = tokenry.load(tmp_path)
    expected = [ours.encode(text) for text in PROSE]
    again = pickle.loads(pickle.dumps(ours))
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda _: [*map(again.encode, PROSE)], range(2))]
    assert found == [expected, expected]
    ours.save(tmp_path / "kept")
    kept = tokenry.load(tmp_path / "kept")
    assert [*map(kept.encode, PROSE)] == expected
    assert kept.decode(expected[0]) == ours.decode(expected[0])
    assert kept == ours
    with pytest.raises(tokenry.UnsupportedError):
        ours.to_transformers()


def test_malformed(tmp_path: Path) -> None:
    write(tmp_path, "FSMTTokenizer")
    with pytest.raises(tokenry.FormatError, match="two languages"):
        tokenry.load(tmp_path)
    write(tmp_path, "FSMTTokenizer", langs=["en", "de"])
    (tmp_path / "vocab-tgt.json").unlink()
    with pytest.raises(tokenry.FormatError, match=r"needs vocab-tgt\.json"):
        tokenry.load(tmp_path)
    (tmp_path / "vocab-src.json").unlink()
    write(tmp_path, "XLMTokenizer")
    for language, program in (("ja", "KyTea"), ("zh", "rjieba"), ("th", "PyThaiNLP")):
        with pytest.raises(tokenry.UnsupportedError, match=program):
            tokenry.load(tmp_path, pattern=language)
    write(tmp_path, "BioGptTokenizer")
    with pytest.raises(tokenry.UnsupportedError, match="its own way"):
        tokenry.load(tmp_path, pattern="de")
    (tmp_path / "tokenizer_config.json").unlink()
    with pytest.raises(tokenry.UnsupportedError, match="name one of XLMTokenizer"):
        tokenry.load(tmp_path)
    write(tmp_path, "BioGptTokenizer", added_tokens_decoder={"x": {"content": "a"}})
    with pytest.raises(tokenry.FormatError, match="gives 'a' the id 'x'"):
        tokenry.load(tmp_path)
    write(tmp_path, "BioGptTokenizer")
    (tmp_path / "merges.txt").unlink()
    with pytest.raises(tokenry.FormatError, match=r"needs merges\.txt"):
        tokenry.load(tmp_path)


def test_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "XLMTokenizer")
    monkeypatch.setitem(__import__("sys").modules, "sacremoses", None)
    with pytest.raises(tokenry.errors.MissingExtraError, match=r"sacremoses.*tokenry\[words\]"):
        tokenry.load(tmp_path)
