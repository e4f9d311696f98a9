"""The learner of BPE inside morphs."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

import tokenry
from tokenry import Tokenizer
from tokenry.errors import LearnError
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.learning.morph import Morph
from tokenry.learning.morphs.lists import read_groups
from tokenry.text.segmenters.morph import MorphSegmenter

TURKISH = (("I", "ı"), ("İ", "i"))
GROUPS = (("lar", "ler"), ("da", "de", "ta", "te"), ("ım", "im", "um", "üm"))
ROOTS = ("kitap", "ev", "okul", "göl", "defter", "kapı", "göz", "dost")


def turkish() -> str:
    back, front = ("kitap", "okul", "dost"), ("ev", "göl", "defter", "göz")
    words = [f"{stem}lar{case}" for stem in back for case in ("", "ım", "da", "ımda")]
    words += [f"{stem}ler{case}" for stem in front for case in ("", "im", "de", "imde")]
    return " ".join(words * 4)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    with pytest.warns(SmallerVocabularyWarning):
        return Morph(vocab_size=400, roots=ROOTS, allomorphs=GROUPS, fold=TURKISH).learn(
            [turkish()]
        )


def test_no_merge_crosses_a_boundary(prose_text: str) -> None:
    tokenizer = learn([prose_text[:60_000]], kind="morph", vocab_size=900)
    segmenter = tokenizer.segmenter
    assert isinstance(segmenter, MorphSegmenter)
    for word in prose_text[60_000:70_000].split():
        spans = tokenizer.encode_with_spans(f" {word}")[1]
        for pretoken in [f" {word}".encode()] if word.isalpha() else []:
            cuts = itertools.accumulate(len(each.data) for each in segmenter.cutter.cut(pretoken))
            assert set(cuts) <= set(spans[:, 1].tolist()), word


def test_suffixes_share_ids(tokenizer: Tokenizer) -> None:
    front, back = tokenizer.encode(" evlerimde"), tokenizer.encode(" kitaplarımda")
    assert front[-3:] == back[-3:]
    assert tokenizer.decode(front) == " evlerimde"
    assert tokenizer.decode(back) == " kitaplarımda"
    shared = back[-3]
    assert tokenizer.vocabulary[shared] in (b"lar", b"ler")
    odd = tokenizer.encode(" kitaplerimde")
    assert len(odd) > len(back)
    assert tokenizer.decode(odd) == " kitaplerimde"


@pytest.mark.parametrize(
    "text", ["KİTAPLARIMDA ISPARTA’da ılık", "evler🙂ler", "kitaplar" * 30, "İi Iı", "Evlerİmde"]
)
def test_round_trip(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.lossless
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.encode_by_hand(text) == tokenizer.encode(text)


def test_size_and_specials() -> None:
    text = " ".join(f"{a}{b}{c}lar" for a in "bcdfg" for b in "aeiou" for c in "kmnprst") * 3
    found = Morph(
        vocab_size=300, allomorphs=GROUPS, special_tokens=("<|endoftext|>",), roots=ROOTS
    ).learn([text])
    assert found.n_vocab == 300
    assert found.encode("<|endoftext|>", allowed_special="all") == [0]
    assert found.decode(found.encode(text)) == text


def test_soft_cuts_leave_frequent_words_whole(prose_text: str) -> None:
    text = [prose_text[:60_000]]
    hard, half, none = (
        learn(text, kind="morph", vocab_size=1_500, whole_share=share) for share in (0.0, 0.5, 1.0)
    )
    bpe = learn(text, kind="bpe", vocab_size=1_500)
    counts = [each.count(text[0]) for each in (hard, half, none)]
    assert counts[0] > counts[1] > counts[2] == bpe.count(text[0])


def test_lists_from_files(tokenizer: Tokenizer, tmp_path: Path) -> None:
    roots, groups = tmp_path / "roots.txt", tmp_path / "groups.txt"
    roots.write_text("\n".join(ROOTS) + "\n\n", encoding="utf-8")
    groups.write_text("\n".join(map(" ".join, GROUPS)), encoding="utf-8")
    with pytest.warns(SmallerVocabularyWarning):
        again = learn(
            [turkish()],
            kind="morph",
            vocab_size=400,
            roots=roots,
            allomorphs=str(groups),
            fold=TURKISH,
        )
    assert again.fingerprint() == tokenizer.fingerprint()


def test_affixes_without_roots(prose_text: str) -> None:
    tokenizer = learn([prose_text[:60_000]], kind="morph", vocab_size=900, suffixes=("ing", "ed"))
    ends = tokenizer.encode_with_spans(" importing")[1][:, 1].tolist()
    assert len(" import") in ends


def test_is_saved_and_loaded(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path)
    again = tokenry.load(tmp_path)
    assert again.fingerprint() == tokenizer.fingerprint()
    assert again.encode(turkish()) == tokenizer.encode(turkish())
    assert again.metadata["learner"] == "morph"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"whole_share": 1.5}, r"whole_share 1\.5"),
        ({"corpus_weight": 0}, "corpus_weight 0"),
        ({"fold": (("SS", "s"),)}, "pairs of one character"),
        ({"roots": ("a", "")}, "roots must be texts"),
        ({"roots": "no/such/file"}, "no/such/file"),
        ({"allomorphs": [("a", "b"), ("b", "c")]}, "'b' is in two groups"),
        ({"allomorphs": [("a", "")]}, "empty form"),
        ({"vocab_size": 258, "allomorphs": GROUPS}, "no room.* 7 ids of suffixes"),
        ({"vocab_size": 100}, "vocab_size 100"),
    ],
)
def test_bad_options(options: dict[str, object], message: str) -> None:
    with pytest.raises(LearnError, match=message):
        learn(["abc abc"], kind="morph", **options)


def test_a_group_of_one_form_is_a_suffix_and_shares_nothing() -> None:
    assert read_groups([("a", "a"), ("b", "c")]) == (("a",), ("b", "c"))
    learner = Morph(vocab_size=300, roots=ROOTS, allomorphs=[("cik",), ("lar", "ler")])
    cutter = learner.learn_cutter({b" kitapcik": 3, b" kitaplar": 3}, lambda *_: None)
    assert [each.data for each in cutter.cut(b" kitapcik")] == [b" kitap", b"cik"]
    assert cutter.allomorphs is not None
    assert cutter.allomorphs.groups == (("lar", "ler"),)


@pytest.mark.shared
def test_turkish_sentences_come_back(shared_data: Path) -> None:
    folder = shared_data / "morphology" / "turkish"
    roots = [
        each for each in json.loads((folder / "kokler.json").read_text("utf-8")) if each.isalpha()
    ]
    lines = (shared_data / "flores_dev" / "tur_Latn.txt").read_text("utf-8").splitlines()
    tokenizer = learn(
        lines[:200], kind="morph", vocab_size=1_500, roots=roots, allomorphs=GROUPS, fold=TURKISH
    )
    assert [tokenizer.decode(tokenizer.encode(line)) for line in lines] == lines
