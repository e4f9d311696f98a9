"""Folders that one class of transformers reads its own way, held to that class."""

from __future__ import annotations

import io
import json
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry.errors import MissingExtraError, UnsupportedError
from tokenry.formats.configuration import PHONEMES
from transformers_folders import drawn, hold, write_config, write_lines

BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[X_SEP]"]
WORDS = [
    "今天天气",
    "今天",
    "非常",
    "好",
    "。",
    "今",
    "天",
    "气",
    "很",
    "我们",
    "中国",
    "人民",
    ",",
    ".",
    "!",
    "hello",
    "##llo",
    "he",
    "world",
    "##ld",
    "a",
    "b",
    "c",
    "##a",
    "##b",
    "é",
    "e",
    "ete",
    "Été",
    "été",
    "##t",
    "1",
    "12",
    "##2",
    "'",
    "s",
    "x",
    "国",
    "##国",
    "人",
    "民",
    "我",
    "-",
    "C++",
    "c++",
    "字",
]
LETTERS = [
    "今天天气",
    "非常",
    "好。",
    "我们",
    "中国人民",
    "hello",
    "world",
    "été",
    "Été",
    "é",
    "12",
    "3,",
    ", ",
    " ",
    "  ",
    "\n",
    "\u3000",
    "'s",
    "C++",
    "a-b",
    "x",
    "\x00",
    "\u200d",
    "привет",
    "𠀀",
    "𫠠",
    "[SEP]",
    "[MASK]",
    "<mask>",
    " <mask> ",
    "<s>",
    "</s>",
    "<unk>",
    "ab",
    "MKL",
    "<cls>",
    "\r\n",
    "İ",
    "ẞ",
    "``",
    "''",
]
TEXTS = drawn(LETTERS)


def theirs_of(folder: Path, kind: str) -> Any:
    return getattr(pytest.importorskip("transformers"), kind).from_pretrained(str(folder))


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"do_lower_case": False},
        {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False},
        {"strip_accents": False},
        {"do_basic_tokenize": False},
        {"never_split": ["C++", "a-b", "Été", "MKL", "abc,"], "do_lower_case": True},
    ],
)
@pytest.mark.parametrize("kind", ["ProphetNetTokenizer", "RoCBertTokenizer"])
def test_words_of_this_interpreter(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    rocbert = kind == "RoCBertTokenizer"
    names = [*BERT, *dict.fromkeys(WORDS)]
    write_lines(tmp_path / ("vocab.txt" if rocbert else "prophetnet.tokenizer"), names)
    for name in ("word_shape", "word_pronunciation") if rocbert else ():
        (tmp_path / f"{name}.json").write_text(json.dumps(dict.fromkeys(names, 1)))
    write_config(tmp_path, kind, **config)
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, kind), TEXTS)


def roformer(folder: Path, **config: Any) -> tuple[tokenry.Tokenizer, Any]:
    """Ours, and theirs given the vocabulary: of a file's path it asks whether words are in it."""
    names = [*BERT, *dict.fromkeys(WORDS)]
    write_lines(folder / "vocab.txt", names)
    write_config(folder, "RoFormerTokenizer", **config)
    ids = {name: id_ for id_, name in enumerate(names)}
    kind = pytest.importorskip("transformers").RoFormerTokenizer
    return tokenry.load(folder), kind(vocab=ids, **config)


@pytest.mark.parametrize("config", [{}, {"do_lower_case": False}, {"strip_accents": False}])
def test_roformer(tmp_path: Path, config: dict[str, Any]) -> None:
    pytest.importorskip("rjieba")
    ours, theirs = roformer(tmp_path, **config)
    hold(ours, theirs, TEXTS)
    assert len(ours.encode("今天天气非常好")) == 3
    theirs.save_pretrained(tmp_path / "saved")
    again = tokenry.load(tmp_path / "saved")
    assert [*map(again.encode, TEXTS)] == [*map(ours.encode, TEXTS)]
    ours.save(tmp_path / "tokenry.json")
    assert tokenry.load(tmp_path / "tokenry.json").encode(TEXTS[3]) == ours.encode(TEXTS[3])
    assert pickle.loads(pickle.dumps(ours)).encode(TEXTS[3]) == ours.encode(TEXTS[3])


def test_without_jieba(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "vocab.txt", [*BERT, *WORDS])
    write_config(tmp_path, "RoFormerTokenizer")
    from tokenry.text.normalizers import jieba

    jieba._jieba.cache_clear()
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(MissingExtraError, match=r"rjieba.*tokenry\[words\]"):
        tokenry.load(tmp_path)


def test_cpm_ant(tmp_path: Path) -> None:
    pytest.importorskip("rjieba")
    specials = ["<unk>", "<s>", "</s>", "<pad>", "<d>", "</d>", "</n>", "</_>", "<mask>"]
    write_lines(tmp_path / "vocab.txt", dict.fromkeys([*specials, *WORDS]))
    write_config(tmp_path, "CpmAntTokenizer")
    ours, theirs = tokenry.load(tmp_path), theirs_of(tmp_path, "CpmAntTokenizer")
    hold(ours, theirs, [*TEXTS, "很" * 201, "</n>今天</_><d>"])


def write_model(path: Path, **options: Any) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    model = io.BytesIO()
    sentence = "今天天气非常好 ▂ 我们 在 这里 ▃ hello world 12, 3, 4, 中国人民 ▂ a b c ete .\n"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([sentence] * 30), model_writer=model, vocab_size=70, minloglevel=2,
        hard_vocab_limit=False, **options,
    )  # fmt: skip
    path.write_bytes(model.getvalue())


def test_cpm(tmp_path: Path) -> None:
    pytest.importorskip("rjieba")
    write_model(
        tmp_path / "spiece.model",
        control_symbols=["<cls>", "<sep>", "<pad>"], user_defined_symbols=["<mask>", "<eop>"],
        split_by_number=False, split_by_unicode_script=False,
    )  # fmt: skip
    for config in ({}, {"do_lower_case": True, "keep_accents": True, "remove_space": False}):
        write_config(tmp_path, "CpmTokenizer", **config)
        hold(tokenry.load(tmp_path), theirs_of(tmp_path, "CpmTokenizer"), TEXTS)


@pytest.mark.parametrize(
    "kind", ["XLMRobertaTokenizer", "CamembertTokenizer", "MBartTokenizer", "MBart50Tokenizer"]
)
@pytest.mark.parametrize(
    "config", [{}, {"add_prefix_space": False, "mask_token": "<new>"}, {"src_lang": "fr_XX"}]
)
def test_fairseq(tmp_path: Path, kind: str, config: dict[str, Any]) -> None:
    write_model(tmp_path / "sentencepiece.bpe.model")
    write_config(tmp_path, kind, **config)
    texts = [*TEXTS, "a  b <mask> c", " a <mask>b en_XX hello", "<new> a  <new>b"]
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, kind), texts)


@pytest.mark.parametrize(
    "config",
    [{}, {"src_lang": "__java__", "clean_up_tokenization_spaces": False}],
)
def test_plbart(tmp_path: Path, config: dict[str, Any]) -> None:
    write_model(tmp_path / "sentencepiece.bpe.model")
    write_config(tmp_path, "PLBartTokenizer", **config)
    texts = [*TEXTS, "a <mask> b", "<s>a __java__ b . c", " a", "<unk>é"]
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, "PLBartTokenizer"), texts)


def test_languages_that_plbart_has_not(tmp_path: Path) -> None:
    write_model(tmp_path / "sentencepiece.bpe.model")
    for config in ({"language_codes": "multi"}, {"src_lang": "__ruby__"}, {"mask_token": "<new>"}):
        write_config(tmp_path, "PLBartTokenizer", **config)
        with pytest.raises(UnsupportedError, match="__python__"):
            tokenry.load(tmp_path)


def test_ids_that_a_class_shifts(tmp_path: Path) -> None:
    write_model(tmp_path / "sentencepiece.bpe.model")
    write_config(tmp_path, "NllbTokenizer")
    with pytest.raises(UnsupportedError, match="other ids than the model"):
        tokenry.load(tmp_path)
    assert tokenry.load((tmp_path / "sentencepiece.bpe.model").read_bytes()).encode("a")


def test_esm(tmp_path: Path) -> None:
    names = "<cls> <pad> <eos> <unk> L A G V S E R T I D P K Q N F Y M H W C . - <null_1> <mask>"
    (tmp_path / "vocab.txt").write_text("\n".join(names.split()))
    write_config(tmp_path, "EsmTokenizer")
    ours, theirs = tokenry.load(tmp_path), theirs_of(tmp_path, "EsmTokenizer")
    hold(ours, theirs, [*drawn([*"MKLAX x\n-", "<mask>", "<null_1>", "<cl", "ab"]), *TEXTS])


@pytest.mark.parametrize("more", [(), ("|", " ")])
def test_mgp_str(tmp_path: Path, more: tuple[str, ...]) -> None:
    names = ["[GO]", "[s]", *more, *"0123456789abcdefghijklmnopqrstuvwxyz"]
    (tmp_path / "vocab.json").write_text(json.dumps({name: at for at, name in enumerate(names)}))
    write_config(tmp_path, "MgpstrTokenizer")
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, "MgpstrTokenizer"), TEXTS)


@pytest.mark.filterwarnings("ignore:This sequence already has")
@pytest.mark.parametrize(
    "config", [{}, {"do_lower_case": False, "eos_token": "<end>"}, {"unk_token": "ab"}]
)
def test_siglip(tmp_path: Path, config: dict[str, Any]) -> None:
    write_model(tmp_path / "spiece.model", user_defined_symbols=["<end>", "ab", "k>h"])
    write_config(tmp_path, "SiglipTokenizer", **config)
    texts = [*TEXTS, "a</s>", "! a", " \u2581a </s> b", "</s> a", "</s></s>a", "\u0338a", "<end>"]
    hold(tokenry.load(tmp_path), theirs_of(tmp_path, "SiglipTokenizer"), texts)


def test_siglip_with_all_spaces(tmp_path: Path) -> None:
    write_model(tmp_path / "spiece.model", remove_extra_whitespaces=False)
    write_config(tmp_path, "SiglipTokenizer")
    with pytest.raises(UnsupportedError, match="keeps all spaces"):
        tokenry.load(tmp_path)


@pytest.mark.parametrize("kind", PHONEMES)
def test_phonemes_are_refused(tmp_path: Path, kind: str) -> None:
    vocabulary = json.dumps({"<pad>": 0, "a": 1, "b": 2, "<unk>": 3})
    (tmp_path / "vocab.json").write_text(vocabulary)
    write_config(tmp_path, kind, unk_token="<unk>")
    with pytest.raises(UnsupportedError, match=r"finds phonemes in text by another program"):
        tokenry.load(tmp_path)
    write_config(tmp_path, "Wav2Vec2CTCTokenizer", unk_token="<unk>")
    assert tokenry.load(tmp_path).encode("ab") == [1, 2]
