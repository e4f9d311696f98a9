"""``vocab.txt`` of ProphetNet (Qi et al. 2020, arXiv:2001.04063) and RoCBert (Su et al. 2022), as
transformers reads them: words that this interpreter's Unicode cuts, then WordPiece.

RoCBert's shapes and sounds, which stand in files of their own, are no ids of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from tokenry.formats.added_specials import Specials
from tokenry.formats.bert_japanese import AROUND, USUAL
from tokenry.formats.configuration import PROPHETNET
from tokenry.formats.files import GivenFile
from tokenry.formats.listed_words import make_pipeline, read_names
from tokenry.formats.tokenizer_json.wordpiece import CONTINUATION
from tokenry.text.decoders.continued import ContinuingDecoder
from tokenry.text.normalizers.punctuated import NeverSplitWords, PunctuatedWords
from tokenry.text.pipeline import Pipeline
from tokenry.text.unicode.spaces import PYTHON_SPACE

_OF_PROPHETNET: Final = {
    "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]",
    "extra_special_tokens": ["[X_SEP]"], "clean_up_tokenization_spaces": True,
}  # fmt: skip


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names the class.

    Raises:
        FormatError: it is not UTF-8, or has no unknown token.
    """
    prophetnet = file.beside.class_name == PROPHETNET
    specials = Specials(file.beside, _OF_PROPHETNET if prophetnet else USUAL)
    names = read_names(file.data)
    pipeline = make_pipeline(
        names,
        specials,
        words=f"[^{PYTHON_SPACE}]+",
        step=ContinuingDecoder(CONTINUATION),
        around=(None, "sep_token") if prophetnet else AROUND,
        normalizer=_words(specials.values, names.values()),
        pieces=True,
        what=str(file.path),
    )
    return replace(pipeline, metadata={"format": "bert_words"})


def _words(values: Mapping[str, Any], names: Iterable[str]) -> PunctuatedWords | None:
    """What cuts text; None where only white space does."""
    if not values.get("do_basic_tokenize", True):
        return None
    strips, kept = values.get("strip_accents"), tuple(values.get("never_split") or ())
    cutting = PunctuatedWords(
        lowers=bool(values.get("do_lower_case", True)),
        strips=None if strips is None else bool(strips),
        ideographs=bool(values.get("tokenize_chinese_chars", True)),
        kept=kept,
    )
    unlisted = tuple(sorted({*kept} - {*names}))
    return NeverSplitWords(**vars(cutting), unlisted=unlisted) if unlisted else cutting
