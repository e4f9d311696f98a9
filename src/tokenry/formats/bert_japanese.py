"""``vocab.txt`` of BERT for Japanese, as transformers' BertJapaneseTokenizer reads it: words that
another program cuts, then WordPiece, single characters, or the words as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import BERT_JAPANESE
from tokenry.formats.files import GivenFile, text_of
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.formats.tokenizer_json.vocabulary import make_vocabulary
from tokenry.formats.tokenizer_json.wordpiece import (
    CONTINUATION,
    WordLevelSection,
    WordPieceSection,
)
from tokenry.text.decoders.continued import ContinuingDecoder
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.normalizers.japanese import JapaneseWords, UncutText
from tokenry.text.normalizers.mecab import MecabWords
from tokenry.text.normalizers.punctuated import PunctuatedWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.normalizers.sudachi import SudachiWords
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.unicode.spaces import PYTHON_SPACE

WHAT: Final = "vocab.txt"
USUAL: Final = {
    "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}  # fmt: skip
AROUND: Final = ("cls_token", "sep_token")
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
    names = _names(data)
    ids = {name: id_ for id_, name in names.items()}
    unknown = ids.get(specials.name("unk_token") or "")
    if unknown is None:
        raise FormatError(f"{file.path} has no {specials.name('unk_token')!r}, the unknown token")
    subwords = _subwords(specials.values)
    tokens, node = Tokens.of(names), Node({}, WHAT)
    model: ModelSection = (
        WordPieceSection(tokens, unknown, node, CONTINUATION)
        if subwords == "wordpiece"
        else WordLevelSection(tokens, unknown, node)
    )
    added = specials.added(ids)
    spelled = {token.id: token.content for token in added}
    vocabulary = make_vocabulary(model, added, "plain", spelled)
    called = {**names, **spelled}
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=model.segmenter(vocabulary, "plain"),
        pretokenizer=RegexPretokenizer(_BY_SUBWORDS[subwords][1], behaviour="removed", invert=True),
        normalizer=words_of(file, specials.values, subwords),
        added_tokens=added,
        template=specials.template(added, *AROUND),
        decoder=SpelledDecoder(
            tuple(called.get(id_) for id_ in range(len(vocabulary))),
            (ContinuingDecoder(CONTINUATION),),
        ),
        lossless=False,
        metadata={"format": "bert_japanese"},
    )


def _names(data: bytes) -> dict[int, str]:
    """The line of each id; of a name that comes twice the last line counts."""
    lines = text_of(data, WHAT).removesuffix("\n").split("\n")
    last = {line: id_ for id_, line in enumerate(lines) if line}
    return {id_: line for line, id_ in sorted(last.items(), key=lambda item: item[1])}


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
