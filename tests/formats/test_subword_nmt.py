"""CTRL, PhoBERT and BERTweet: merges of characters, and names in a second file."""

from __future__ import annotations

import itertools
import json
import pickle
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.text.normalizers.tweets import TweetWords

LETTERS = "abcdeh\u00e9\u1ea5\u4f60,.'"
TEXTS = (
    "",
    " ",
    "a",
    "abc\n",
    "abc\n\nabc \n abc",
    "the\x1cthe\u00a0he\u2028a",
    "<s> </s><mask> <unk>a<pad>",
    "zz @@ a@@ </w> a</w>b",
    "\u4f60\u4f60h\u00e9\U0001f469",
)


def draw_texts(count: int = 120) -> list[str]:
    draw = random.Random(15)
    alphabet = LETTERS + " \n\tz@"
    return [*TEXTS, *("".join(draw.choices(alphabet, k=draw.randint(1, 40))) for _ in range(count))]


def learnt(seed: int, merges: int = 60) -> list[tuple[str, str]]:
    """Merges that occur, in an order of their own."""
    draw = random.Random(seed)
    words = [[*"".join(draw.choices(LETTERS, k=draw.randint(1, 7)))] for _ in range(60)]
    words = [[*word[:-1], word[-1] + "</w>"] for word in words]
    found: list[tuple[str, str]] = []
    while len(found) < merges:
        pairs = Counter(pair for word in words for pair in itertools.pairwise(word))
        if not pairs:
            break
        pair = draw.choice(list(pairs))
        found.append(pair)
        words = [_merged(word, pair) for word in words]
    return found


def _merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    at, made = 0, []
    while at < len(word):
        both = tuple(word[at : at + 2]) == pair
        made.append("".join(pair) if both else word[at])
        at += 1 + both
    return made


def names_of(merges: list[tuple[str, str]], seed: int) -> list[str]:
    """Names of most of the pieces; some that are merged have none."""
    draw = random.Random(seed)
    symbols = dict.fromkeys("".join(pair) for pair in merges)
    spelled = [s.removesuffix("</w>") if s.endswith("</w>") else f"{s}@@" for s in symbols]
    singles = [each for letter in LETTERS[:-2] for each in (letter, f"{letter}@@")]
    return [name for name in dict.fromkeys([*singles, *spelled]) if draw.random() < 0.85]


def hold(ours: tokenry.Tokenizer, theirs: Any) -> None:
    for text in draw_texts():
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found, text
        plain = theirs.convert_tokens_to_ids(theirs.tokenize(text, split_special_tokens=True))
        assert ours.encode(text) == plain == ours.encode_by_hand(text), text
        assert ours.decode(found) == theirs.decode(found), text
        assert ours.decode(plain) == theirs.decode(plain), text


def write_codes(folder: Path, seed: int) -> dict[str, str]:
    merges = learnt(seed)
    (folder / "bpe.codes").write_text("".join(f"{a} {b} {i}\n" for i, (a, b) in enumerate(merges)))
    (folder / "vocab.txt").write_text("".join(f"{name} 7\n" for name in names_of(merges, seed)))
    return {"vocab_file": str(folder / "vocab.txt"), "merges_file": str(folder / "bpe.codes")}


@pytest.mark.parametrize("name", ["PhobertTokenizer", "BertweetTokenizer"])
@pytest.mark.parametrize("seed", [1, 2])
def test_counted_merges(tmp_path: Path, name: str, seed: int) -> None:
    transformers = pytest.importorskip("transformers")
    theirs = getattr(transformers, name)(**write_codes(tmp_path, seed))
    ours = tokenry.load(tmp_path)
    hold(ours, theirs)
    assert ours.encode("abc", add_special_tokens=True) == theirs.encode("abc")
    ours.save(tmp_path / "kept")
    kept = tokenry.load(tmp_path / "kept")
    assert [*map(kept.encode, TEXTS)] == [*map(ours.encode, TEXTS)]
    assert kept == ours


@pytest.mark.parametrize("seed", [3, 4])
def test_ctrl(tmp_path: Path, seed: int) -> None:
    transformers = pytest.importorskip("transformers")
    merges = learnt(seed)
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges), ""]
    (tmp_path / "merges.txt").write_text("\n".join(lines))
    names = [*names_of(merges, seed), "<unk>", "\n"]
    (tmp_path / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    files = {"vocab_file": tmp_path / "vocab.json", "merges_file": tmp_path / "merges.txt"}
    theirs = transformers.CTRLTokenizer(**{key: str(path) for key, path in files.items()})
    hold(tokenry.load(tmp_path), theirs)


TWEETS = (
    "@you can't see https://t.co/aB1?x=(y(z)w) www.a.b \u2026 it\u2019s &amp; &lt;3 &#x1F600;",
    "&#150; &xi; &#xD800; &#129; &nothing; &#-5; &#99999999999;",
    "RT @a_b: LOOOOL!!!!!!! \u2764\ufe0f\U0001f602\U0001f602\U0001f602\U0001f602 :-) ;P <3",
    "cannot won't I'm we're he's they'll I'd you've ain't 5 p.m. at 7 a . m . on 3/4, +1.5 .....",
    "call +1 (555) 123-4567 or a.b@example.org, see example.com/path_(x), foo.na@x.org <b>b</b>",
    "ééééé 你好 \U0001f1e9\U0001f1ea\U0001f469\u200d\U0001f680\x1cx\x00",
    "\u212aelvin.com \\o/ _a_ a-b_c'd D: -> <-- #tag's",
)
SHORT = "@USE R</w>|U S|@ U|@U S|@US E|' s</w>|n '|n' t</w>"
NAMED = ":|:@@|@USER|HTTPURL|:face_with_tears_of_joy:|n't|'s|can|s"


@pytest.mark.parametrize("seed", [1, 2])
def test_tweets(tmp_path: Path, seed: int) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("emoji")
    write_codes(tmp_path, seed)
    for name, lines in (("vocab.txt", NAMED), ("bpe.codes", SHORT)):
        with (tmp_path / name).open("a") as file:
            file.writelines(f"{line} 1\n" for line in lines.split("|"))
    kept = {"tokenizer_class": "BertweetTokenizer", "normalization": True}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(kept))
    ours = tokenry.load(tmp_path)
    theirs = transformers.BertweetTokenizer.from_pretrained(str(tmp_path))
    draw = random.Random(seed)
    parts = [part for text in TWEETS for part in text.split(" ")] + [*"@#&;:.-'()/ \n\t"]
    drawn = ["".join(draw.choices([*parts, " ", " "], k=12)) for _ in range(100)]
    for text in [*TWEETS, *TEXTS, *drawn]:
        cut = re.sub("[\ud800-\udfff]", "\ufffd", theirs.normalizeTweet(text))
        assert " ".join(TweetWords().words(text)) == cut
        plain = theirs.convert_tokens_to_ids(theirs.tokenize(text, split_special_tokens=True))
        assert ours.encode(text) == plain, text
        found = theirs.encode(text)
        assert ours.encode(text, add_special_tokens=True, allowed_special="all") == found, text
        assert ours.decode(found) == theirs.decode(found), text
        spans = ours.encode_with_spans(text)[1]
        assert (spans[:, 0] <= spans[:, 1]).all()
        assert (spans[:, 1] <= len(text.encode())).all()
    assert [*map(list, ours.encode_batch(drawn))] == [ours.encode(text) for text in drawn]
    assert pickle.loads(pickle.dumps(ours)).encode(TWEETS[0]) == ours.encode(TWEETS[0])


def test_tweets_need_names_of_emojis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_codes(tmp_path, 1)
    (tmp_path / "tokenizer_config.json").write_text('{"normalization": true}')
    monkeypatch.setitem(sys.modules, "emoji", None)
    with pytest.raises(tokenry.errors.MissingExtraError, match=r"emoji.*tokenry\[words\]"):
        tokenry.load(tmp_path)


TALK = ("Don't PANIC!\nHe's (not) here...\n\n\u0130T", "a.b,c'\nx '' \n .", "__newln__ __start__A")


@pytest.mark.parametrize("seed", [5, 6])
def test_small_blenderbot(tmp_path: Path, seed: int) -> None:
    transformers = pytest.importorskip("transformers")
    merges = learnt(seed)
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges), ""]
    (tmp_path / "merges.txt").write_text("\n".join(lines))
    names = ["__null__", "__start__", "__end__", "__unk__", "__newln__", *names_of(merges, seed)]
    (tmp_path / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    (tmp_path / "config.json").write_text('{"model_type": "blenderbot-small"}')
    files = {"vocab_file": tmp_path / "vocab.json", "merges_file": tmp_path / "merges.txt"}
    theirs = transformers.BlenderbotSmallTokenizer(**{key: str(p) for key, p in files.items()})
    ours = tokenry.load(tmp_path)
    hold(ours, theirs)
    for text in TALK:
        assert ours.encode(text, allowed_special="all") == theirs.encode(text), text


def _without_names(folder: Path) -> None:
    (folder / "vocab.txt").unlink()


def _without_counts(folder: Path) -> None:
    (folder / "vocab.txt").write_text("a\nb\n")


def _spelling_ends(folder: Path) -> None:
    (folder / "bpe.codes").write_text("</w > 3\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_names, "needs vocab.txt"),
        (_without_counts, "a piece and its count"),
        (_spelling_ends, "spells </w> out"),
    ],
)
def test_malformed(tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    write_codes(tmp_path, 1)
    spoil(tmp_path)
    with pytest.raises(tokenry.TokenryError, match=said):
        tokenry.load(tmp_path)
