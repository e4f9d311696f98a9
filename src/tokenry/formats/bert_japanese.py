"""``vocab.txt`` of BERT for Japanese, as transformers' BertJapaneseTokenizer reads it: words that
another program cuts, then WordPiece, single characters, or the words as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import BERT_JAPANESE
from tokenry.formats.files import GivenFile
from tokenry.formats.listed_words import WHAT, Around, make_pipeline, read_names
from tokenry.formats.tokenizer_json.wordpiece import CONTINUATION
from tokenry.text.decoders.continued import ContinuingDecoder
from tokenry.text.normalizers.japanese import JapaneseWords, UncutText
from tokenry.text.normalizers.mecab import MecabWords
from tokenry.text.normalizers.punctuated import PunctuatedWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.normalizers.sudachi import SudachiWords
from tokenry.text.pipeline import Pipeline
from tokenry.text.unicode.spaces import PYTHON_SPACE

USUAL: Final = {
    "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}  # fmt: skip
AROUND: Final[Around] = ("cls_token", "sep_token")
# What stands between words, and what of them the model sees at once.
_BY_SUBWORDS: Final[Mapping[str | None, tuple[str, str]]] = {
    "wordpiece": (" ", rf"[^{PYTHON_SPACE}]+"),
    "character": ("", r"[\s\S]"),
    None: (UNSEEN, f"[^{UNSEEN}]+"),
}
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "mecab": {"normalize_text": True, "mecab_dic": "unidic_lite", "mecab_option": None},
    "sudachi": {
        "normalize_text": True, "trim_whitespace": False, "sudachi_split_mode": "A",
        "sudachi_config_path": None, "sudachi_resource_dir": None, "sudachi_dict_type": "core",
        "sudachi_projection": None,
    },
}  # fmt: skip


def read(file: GivenFile) -> Pipeline:
    """`of_names` for a ``vocab.txt`` that was found."""
    return of_names(file, file.data)


def of_names(file: GivenFile, data: bytes) -> Pipeline:
    """The content of a ``vocab.txt``, with the configuration beside ``file`` that names the class.

    Raises:
        FormatError: it is not UTF-8, or has no unknown token.
        UnsupportedError: the configuration names a program or an option that is not known here,
            or a dictionary that is not installed.
        MissingExtraError: the program is not installed.
    """
    specials = Specials(file.beside, USUAL)
    subwords = _subwords(specials.values)
    pipeline = make_pipeline(
        read_names(data),
        specials,
        words=_BY_SUBWORDS[subwords][1],
        step=ContinuingDecoder(CONTINUATION),
        around=AROUND,
        normalizer=words_of(file, specials.values, subwords),
        pieces=subwords == "wordpiece",
        what=str(file.path),
    )
    return replace(pipeline, metadata={"format": "bert_japanese"})


def _subwords(values: Mapping[str, Any]) -> str | None:
    """How words are taken apart; None: not at all."""
    if not values.get("do_subword_tokenize", True):
        return None
    kind = values.get("subword_tokenizer_type", "wordpiece")
    if kind not in _BY_SUBWORDS:
        raise UnsupportedError(
            f"subword_tokenizer_type {kind!r} of {BERT_JAPANESE}; {WHAT} is read as wordpiece or "
            "character"
        )
    return str(kind)


def words_of(file: GivenFile, values: Mapping[str, Any], subwords: str | None) -> JapaneseWords:
    """What cuts text into words."""
    kind = values.get("word_tokenizer_type", "basic")
    common: dict[str, Any] = {
        "kept": tuple(values.get("never_split") or ()),
        "lowers": bool(values.get("do_lower_case")),
        "recomposes": subwords == "character",
        "separator": _BY_SUBWORDS[subwords][0],
    }
    if not values.get("do_word_tokenize", True):
        return UncutText(**{**common, "lowers": False})
    if kind == "basic":
        return PunctuatedWords(**common)
    if kind not in _OPTIONS:
        raise UnsupportedError(
            f"{file.path}: word_tokenizer_type {kind!r}; known are basic, {', '.join(_OPTIONS)} "
            "(Juman++ is a program that no package of Python brings)"
        )
    given = values.get(f"{kind}_kwargs") or {}
    unknown = sorted(given.keys() - _OPTIONS[kind].keys())
    if unknown:
        raise UnsupportedError(f"{file.path}: {kind}_kwargs has {', '.join(unknown)}")
    options: dict[str, Any] = {**_OPTIONS[kind], **given}
    composes = bool(options["normalize_text"])
    if kind == "mecab":
        return MecabWords(
            composes=composes,
            dictionary=options["mecab_dic"],
            option=options["mecab_option"] or "",
            **common,
        )
    if options["sudachi_config_path"] or options["sudachi_resource_dir"]:
        raise UnsupportedError(f"{file.path}: a configuration of Sudachi's own, which is not read")
    return SudachiWords(
        composes=composes,
        mode=options["sudachi_split_mode"],
        dictionary=options["sudachi_dict_type"],
        projection=options["sudachi_projection"],
        trims=bool(options["trim_whitespace"]),
        **common,
    )
