"""BERT for Japanese: words by MeCab, Sudachi or punctuation, then WordPiece or characters."""

from __future__ import annotations

import io
import json
import pickle
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import tokenry

pytestmark = [
    pytest.mark.filterwarnings("ignore:Recommended"),
    pytest.mark.filterwarnings("ignore:Dictionary.create:DeprecationWarning"),
]
TEXTS = (
    "", " ", "\n", "\u3000", "すもももももももものうち。", "東京都へ、行きました！\n明日は雨かも…",
    "ﾊﾝｶｸ ガ㌔①ﬁ Ｆｕｌｌ", "[CLS]東京[SEP] [MASK]です[UNK]x", "Hello, World's Été IΣ ΟΔΟΣ İ",
    "a\u0301b か\u3099 \u200bx\x00y\x07z\ufffd", "https://example.org/a?b=1 #tag @x 1,234.5円",
    "〜🙂👩\u200d🚀", "##る東 ##京", "ス" * 120, "a b\u00a0c\u2028d\x1ce",
)  # fmt: skip
WORDS = """
東京 東 京 都 ##都 ##京 す ##も も ##もも もも うち の です 行き まし た ##た ア ス ##ス
ガ キロ が か ##が
! , . 、 。 1 ##1 fi ful ##l hello world ' s e ete été x y z a ab ##b b c 円 🙂 ハンカク hankaku
"""
KNOWN = [*WORDS.split(), "\u3000"]


def drawn(count: int = 40) -> list[str]:
    draw = random.Random(8)
    letters = [*"".join(TEXTS), "東京都", "です", " ", "[SEP]", "\u3099", "e\u0301"]
    return [*TEXTS, *("".join(draw.choices(letters, k=draw.randint(1, 30))) for _ in range(count))]


def write(folder: Path, **config: Any) -> None:
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("".join(f"{name}\n" for name in [*specials, *KNOWN]))
    kept = {"tokenizer_class": "BertJapaneseTokenizer", **config}
    (folder / "tokenizer_config.json").write_text(json.dumps(kept))


def hold(folder: Path) -> None:
    transformers = pytest.importorskip("transformers")
    theirs = transformers.BertJapaneseTokenizer.from_pretrained(str(folder))
    ours, texts = tokenry.load(folder), drawn()
    for text in texts:
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found, text
        around = ours.encode(text, add_special_tokens=True, allowed_special="all")
        assert around == theirs.encode(text), text
        assert ours.decode(found) == theirs.decode(found), text
    for text in texts[1:30]:
        plain = ours.encode(text)
        assert plain == ours.encode_by_hand(text)
        if "[" not in text:
            split = theirs.tokenize(text, split_special_tokens=True)
            assert plain == theirs.convert_tokens_to_ids(split), text
        ids, spans = ours.encode_with_spans(text)
        assert ids.tolist() == plain
        assert ((spans[:, 0] >= 0) & (spans[:, 0] <= spans[:, 1])).all(), text
        assert (spans[:, 1] <= len(text.encode())).all(), text
    assert [*map(list, ours.encode_batch(texts))] == [ours.encode(text) for text in texts]
    draw = random.Random(5)
    for _ in range(50):
        ids = draw.choices(range(5, len(ours.vocabulary)), k=8)
        ids = [id_ for id_ in ids if ours.vocabulary.pieces[id_] is not None]
        assert ours.decode(ids) == theirs.decode(ids), ids


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"do_lower_case": True},
        {"do_lower_case": True, "subword_tokenizer_type": "character"},
        {"do_lower_case": True, "never_split": ["Hello,", "x,", "IΣ"]},
        {"do_word_tokenize": False},
        {"do_word_tokenize": False, "subword_tokenizer_type": "character"},
        {"do_subword_tokenize": False},
    ],
)
def test_without_programs(tmp_path: Path, config: dict[str, Any]) -> None:
    write(tmp_path, **config)
    hold(tmp_path)


@pytest.mark.parametrize(
    "config",
    [
        {"mecab_kwargs": {"mecab_dic": "ipadic"}},
        {"do_lower_case": True},
        {"mecab_kwargs": {"normalize_text": False}, "subword_tokenizer_type": "character"},
        {"mecab_kwargs": {"mecab_dic": "ipadic"}, "do_subword_tokenize": False},
    ],
)
def test_mecab(tmp_path: Path, config: dict[str, Any]) -> None:
    for module in ("fugashi", "ipadic", "unidic_lite"):
        pytest.importorskip(module)
    write(tmp_path, word_tokenizer_type="mecab", **config)
    hold(tmp_path)


@pytest.mark.parametrize(
    "config",
    [
        {"do_lower_case": True},
        {"sudachi_kwargs": {"sudachi_split_mode": "C", "trim_whitespace": True}},
        {"sudachi_kwargs": {"sudachi_projection": "normalized"}, "do_subword_tokenize": False},
        {"subword_tokenizer_type": "character"},
    ],
)
def test_sudachi(tmp_path: Path, config: dict[str, Any]) -> None:
    for module in ("sudachipy", "sudachidict_core"):
        pytest.importorskip(module)
    write(tmp_path, word_tokenizer_type="sudachi", **config)
    hold(tmp_path)


NOWHERE = {"mecab_dic": None, "mecab_option": "-d /nowhere"}
SENTENCE = "東京都へ行きました。1,000 2,000円でも、もも。 hello world 12, 3, 4,\n"


def write_model(folder: Path, *, numbers: bool, **config: Any) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([SENTENCE] * 30), model_writer=model, vocab_size=60, minloglevel=2,
        control_symbols=["[CLS]", "[SEP]"], user_defined_symbols=["[MASK]"], hard_vocab_limit=False,
        split_by_number=not numbers, split_by_unicode_script=not numbers,
    )  # fmt: skip
    write(folder, subword_tokenizer_type="sentencepiece", **config)
    (folder / "spiece.model").write_bytes(model.getvalue())


@pytest.mark.parametrize("numbers", [False, True])
@pytest.mark.parametrize(
    "config",
    [{"do_word_tokenize": False}, {"word_tokenizer_type": "mecab"}, {"do_lower_case": True}],
)
def test_pieces(tmp_path: Path, numbers: bool, config: dict[str, Any]) -> None:
    pytest.importorskip("unidic_lite")
    write_model(tmp_path, numbers=numbers, **config)
    hold(tmp_path)


def test_model_that_is_not_asked_for(tmp_path: Path) -> None:
    write_model(tmp_path, numbers=False)
    write(tmp_path)
    assert len(tokenry.load(tmp_path).vocabulary) == 5 + len(KNOWN)


def test_copies_and_threads(tmp_path: Path) -> None:
    pytest.importorskip("unidic_lite")
    write(tmp_path, word_tokenizer_type="mecab")
    ours, texts = tokenry.load(tmp_path), drawn(20)
    expected = [ours.encode(text) for text in texts]
    again = pickle.loads(pickle.dumps(ours))
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda _: [*map(again.encode, texts)], range(2))]
    assert found == [expected, expected]
    ours.save(tmp_path / "tokenry.json")
    assert [*map(tokenry.load(tmp_path / "tokenry.json").encode, texts)] == expected
    with pytest.raises(tokenry.UnsupportedError):
        ours.to_transformers()


def test_spans_of_words(tmp_path: Path) -> None:
    pytest.importorskip("ipadic")
    write(tmp_path, word_tokenizer_type="mecab", mecab_kwargs={"mecab_dic": "ipadic"})
    text = "東京 です、行きました！"
    ids, spans = tokenry.load(tmp_path).encode_with_spans(text)
    data = text.encode()
    cut = [data[begin:end].decode() for begin, end in spans.tolist()]
    assert cut == ["東京", "です", "、", "行き", "まし", "た", "！"]
    assert len(ids) == len(cut)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"word_tokenizer_type": "jumanpp"}, "Juman"),
        ({"subword_tokenizer_type": "sentencepiece"}, "read as wordpiece or character"),
        ({"word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "no"}}, "dictionary 'no'"),
        ({"word_tokenizer_type": "mecab", "mecab_kwargs": {"other": 1}}, "mecab_kwargs has other"),
        ({"word_tokenizer_type": "mecab", "mecab_kwargs": NOWHERE}, "MeCab does not start"),
        ({"unk_token": "<none>"}, "the unknown token"),
    ],
)
def test_malformed(tmp_path: Path, config: dict[str, Any], said: str) -> None:
    pytest.importorskip("fugashi")
    write(tmp_path, **config)
    with pytest.raises(tokenry.TokenryError, match=said):
        tokenry.load(tmp_path)


def test_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, word_tokenizer_type="mecab")
    monkeypatch.setitem(sys.modules, "fugashi", None)
    with pytest.raises(tokenry.errors.MissingExtraError, match=r"fugashi.*tokenry\[japanese\]"):
        tokenry.load(tmp_path)
