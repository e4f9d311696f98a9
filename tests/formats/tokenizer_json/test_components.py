"""Every component alone and in odd company: what tokenizers loads gives the same ids and text."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from tokenizers import Tokenizer as Theirs
from tokenizers import normalizers, pre_tokenizers

from running import running
from shares import part
from tokenry import Tokenizer
from tokenry.errors import EncodeError, FileWarning
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.writing import to_document
from tokenry.text.normalizers.nmt import Nmt

Json = dict[str, Any]
load = running(reading.load)
MARK = "\u2581"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
OTHERS = "0123456789 .,!?'-_\n\t\u4f60\u00e9\u0301" + MARK
ALPHABET = pre_tokenizers.ByteLevel.alphabet()
SYMBOLS = sorted({*LETTERS, *LETTERS.upper(), *OTHERS, *ALPHABET})
COUNT = len(SYMBOLS)
VOCAB = {**{c: i for i, c in enumerate(SYMBOLS)}, "th": COUNT, "he": COUNT + 1, "the": COUNT + 2}
BPE: Json = {
    "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
    "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
    "vocab": {**VOCAB, MARK + "t": COUNT + 3}, "merges": ["t h", "h e", "th e", f"{MARK} t"],
}  # fmt: skip
UNIGRAM: Json = {
    "type": "Unigram", "unk_id": 0, "byte_fallback": False,
    "vocab": [["<unk>", 0.0], *([c, -3.0 - i / 100] for i, c in enumerate(SYMBOLS)),
              ["the", -2.0], [MARK + "the", -2.5]],
}  # fmt: skip
WORDPIECE: Json = {
    "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
    "max_input_chars_per_word": 100,
    "vocab": {"[UNK]": 0, "the": 1, "##e": 2, "a": 3, "##b": 4, "t": 5, "##h": 6},
}  # fmt: skip
WORDS: Json = {
    "type": "WordLevel", "unk_token": "[UNK]",
    "vocab": {"[UNK]": 0, "the": 1, "a": 2, "hello": 3, "\u0120the": 4, MARK + "the": 5},
}  # fmt: skip
MODELS = {"BPE": BPE, "Unigram": UNIGRAM, "WordPiece": WORDPIECE, "WordLevel": WORDS}
LEVEL: Json = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
               "use_regex": True}  # fmt: skip
UNCUT = {**LEVEL, "use_regex": False}
METASPACE: Json = {"type": "Metaspace", "replacement": MARK, "prepend_scheme": "always",
                   "split": True}  # fmt: skip
TEMPLATE: Json = {
    "type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "a", "type_id": 0}},
               {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"a": {"id": "a", "ids": [3], "tokens": ["a"]}},
}  # fmt: skip


def split(pattern: Json, behavior: str, *, invert: bool = False) -> Json:
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def cutting(*steps: Json) -> Json:
    return {"type": "Sequence", "pretokenizers": list(steps)}


def changing(*steps: Json) -> Json:
    return {"type": "Sequence", "normalizers": list(steps)}


SECTIONS: dict[str, list[Json]] = {
    "normalizer": [
        {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
         "strip_accents": None, "lowercase": True},
        {"type": "Strip", "strip_left": True, "strip_right": False},
        *({"type": name} for name in ("StripAccents", "NFC", "NFD", "NFKC", "NFKD", "Lowercase")),
        {"type": "Nmt"},
        {"type": "ByteLevel"},
        {"type": "Replace", "pattern": {"String": "a"}, "content": "b"},
        {"type": "Replace", "pattern": {"Regex": "a+"}, "content": "b"},
        {"type": "Replace", "pattern": {"String": ""}, "content": "b"},
        {"type": "Prepend", "prepend": MARK},
        {"type": "Prepend", "prepend": ""},
        changing(),
        changing({"type": "NFC"}, changing({"type": "Lowercase"})),
        changing({"type": "ByteLevel"}, {"type": "Lowercase"}),
        changing({"type": "Lowercase"}, {"type": "ByteLevel"}),
        changing({"type": "ByteLevel"}, {"type": "ByteLevel"}),
    ],
    "pre_tokenizer": [
        {"type": "BertPreTokenizer"},
        {**LEVEL, "add_prefix_space": True},
        UNCUT,
        {"type": "CharDelimiterSplit", "delimiter": "h"},
        METASPACE,
        {"type": "Metaspace", "replacement": MARK, "add_prefix_space": True},
        {"type": "Metaspace", "replacement": MARK, "str_rep": MARK, "add_prefix_space": False},
        {"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "split": False},
        {"type": "Whitespace"},
        {"type": "WhitespaceSplit"},
        {"type": "Digits", "individual_digits": True},
        {"type": "FixedLength", "length": 3},
        {"type": "Punctuation", "behavior": "Contiguous"},
        {"type": "UnicodeScripts"},
        cutting(LEVEL, {"type": "UnicodeScripts"}),
        split({"Regex": r"\s+"}, "Removed"),
        split({"String": " "}, "MergedWithPrevious", invert=True),
        split({"String": ""}, "Isolated"),
        split({"Regex": ""}, "MergedWithNext"),
        split({"String": ""}, "Removed", invert=True),
        cutting(),
        cutting({"type": "WhitespaceSplit"}, cutting({"type": "Punctuation"})),
        cutting(LEVEL, UNCUT),
        cutting(METASPACE, UNCUT),
        cutting(UNCUT, METASPACE),
        cutting(METASPACE, METASPACE),
        cutting(LEVEL, {"type": "Digits", "individual_digits": True}),
    ],
    "decoder": [
        {"type": "BPEDecoder", "suffix": "</w>"},
        LEVEL,
        {"type": "WordPiece", "prefix": "##", "cleanup": True},
        METASPACE,
        {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
        {"type": "Replace", "pattern": {"String": MARK}, "content": " "},
        {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0},
        {"type": "ByteFallback"},
        {"type": "Sequence", "decoders": []},
    ],
    "post_processor": [
        {"type": "BertProcessing", "sep": ["a", 3], "cls": ["t", 5]},
        {"type": "RobertaProcessing", "sep": ["a", 3], "cls": ["b", 4], "trim_offsets": True,
         "add_prefix_space": True},
        LEVEL,
        TEMPLATE,
        {"type": "Sequence", "processors": [
            {"type": "BertProcessing", "sep": ["a", 3], "cls": ["t", 5]}, TEMPLATE]},
    ],
}  # fmt: skip
TEXTS = (
    "the the  hello, a 12 the! tHE\u00e9 \u4f60\u597dx",
    "",
    " ",
    "th e\nab-th_a\t the ",
    "\u3042\u6f22 abc \u0430\u0431",
    "e\u0301\u200b\u00ada\u0000\u0007\ufeff",
)


def document(model: Json, **sections: Any) -> Json:
    empty = dict.fromkeys(("normalizer", "pre_tokenizer", "post_processor", "decoder"))
    return {"version": "1.0", "added_tokens": [], **empty, **sections, "model": model}


def hold(content: Json) -> Tokenizer | None:
    """Hold ours to theirs; None where tokenizers does not load it."""
    data = json.dumps(content)
    try:
        theirs = Theirs.from_str(data)
    except BaseException as error:  # a panic of Rust is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FileWarning)
        ours: Tokenizer = load(data.encode())
    for text in TEXTS:
        for allowed in ("all", frozenset[str]()):
            theirs.encode_special_tokens = not allowed
            try:
                ids = theirs.encode(text, add_special_tokens=False).ids
            except Exception:
                with pytest.raises(EncodeError):
                    ours.encode(text, allowed_special=allowed)
                return ours
            assert ours.encode(text, allowed_special=allowed) == ids, (content, text)
            assert ours.decode(ids) == theirs.decode(ids, skip_special_tokens=False)
        theirs.encode_special_tokens = False
        around = theirs.encode(text, add_special_tokens=True).ids
        assert ours.encode(text, allowed_special="all", add_special_tokens=True) == around
    return ours


def forms(component: Json) -> Iterator[Json]:
    """A component as it is, and with a key missing, or null, or more."""
    yield component
    yield {**component, "unheard of": 1}
    for key in component.keys() - {"type"}:
        yield {name: value for name, value in component.items() if name != key}
        yield {**component, key: None}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_component_before_every_model(section: str) -> None:
    files = [
        document(model, **{section: component})
        for component in SECTIONS[section]
        for model in MODELS.values()
    ]
    loaded = [content for content in files if hold(content) is not None]
    assert len(loaded) > 0.9 * len(files)  # tokenizers refuses the others


@pytest.mark.parametrize("section", SECTIONS)
def test_keys_that_are_missing_or_null(section: str) -> None:
    for component in part(SECTIONS[section]):
        for form in forms(component):
            try:
                hold(document(BPE, **{section: form}))
            except reading.FormatError as error:
                pytest.fail(f"{form}: {error}")


@pytest.mark.parametrize("kind", MODELS)
def test_keys_of_models_that_are_missing_or_null(kind: str) -> None:
    for form in forms(MODELS[kind]):
        hold(document(form))


@pytest.mark.parametrize("component", [LEVEL, cutting(LEVEL, UNCUT), cutting(UNCUT, METASPACE)])
@pytest.mark.parametrize("kind", MODELS)
def test_spelled_bytes_are_written_again(kind: str, component: Json) -> None:
    ours = hold(document(MODELS[kind], pre_tokenizer=component, decoder=LEVEL))
    assert ours is not None
    hold(json.loads(to_document(ours.pipeline).dump()))


def test_bytes_for_some_characters_only() -> None:
    some = {"<0xF0>": COUNT + 4, "<0x9F>": COUNT + 5, "<0x98>": COUNT + 6, "<0x80>": COUNT + 7}
    for unknown in (None, "a"):
        model = {
            **BPE,
            "byte_fallback": True,
            "unk_token": unknown,
            "vocab": {**BPE["vocab"], **some},
        }
        ours = hold(document(model))
        assert ours is not None
        assert ours.encode("x\U0001f600") == [VOCAB["x"], *range(COUNT + 4, COUNT + 8)]
    listed = [*UNIGRAM["vocab"], *([name, -9.0] for name in some)]
    hold(document({**UNIGRAM, "byte_fallback": True, "vocab": listed}))


def test_dropout_is_left_out_and_kept_in_the_file() -> None:
    content = document({**BPE, "dropout": 0.5})
    with pytest.warns(FileWarning, match="dropout"):
        ours = load(json.dumps(content).encode())
    plain = Theirs.from_str(json.dumps(document(BPE)))
    assert all(ours.encode(text) == plain.encode(text).ids for text in TEXTS)
    written = to_document(ours.pipeline)
    assert written.content["model"]["dropout"] == 0.5
    assert written.reasons


def added(content: str, id_: int, **flags: bool) -> Json:
    usual = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id_, "content": content, "special": True, **usual, **flags}


def test_added_tokens_without_text_are_passed_over() -> None:
    one = COUNT + 4
    with pytest.warns(FileWarning, match="without text"):
        load(json.dumps(document(BPE, added_tokens=[added("", one), added("<y>", one)])).encode())
    hold(document(BPE, added_tokens=[added("", one), added("<y>", one)]))


def test_nmt_cleans_every_character_as_tokenizers() -> None:
    theirs, ours = normalizers.Nmt(), Nmt()
    for first in range(0, 0x110000, 0x10000):
        points = [p for p in range(first, first + 0x10000) if not 0xD800 <= p < 0xE000]
        text = "".join(map(chr, points))
        assert ours(text) == theirs.normalize_str(text)
    for text in TEXTS:
        assert ours.align(text)[0] == ours(text)
