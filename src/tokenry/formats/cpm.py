"""``spiece.model`` of CPM (Zhang et al. 2020, arXiv:2012.00413), as transformers' CpmTokenizer
reads it: the whole text by the model, without accents; Jieba does not cut it any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.piece_ids import renamed
from tokenry.formats.whole_model import WholeModel
from tokenry.text.decoders.cpm import CpmDecoder
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.normalizers.cpm import CpmText
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.parts import Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer

_USUAL: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "<sep>",
    "pad_token": "<pad>", "cls_token": "<cls>",
    "mask_token": {"content": "<mask>", "lstrip": True},
    "additional_special_tokens": ["<eop>", "<eod>"],
}  # fmt: skip


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names the class.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: the model has no unknown piece, or none for a space.
    """
    whole, specials = WholeModel.read(file), Specials(file.beside, _USUAL)
    model, normalizer, unknown = whole
    ids = whole.ids
    added = specials.added(ids)
    values, after = specials.values, [specials.template(added, None, use) for use in
                                      ("sep_token", "cls_token")]  # fmt: skip
    pipeline = renamed(model, ids, added, unknown, " ")
    called = {**dict(enumerate(model.names)), **{token.id: token.content for token in added}}
    names = tuple(called.get(id_) for id_ in range(len(pipeline.vocabulary)))
    return replace(
        pipeline,
        normalizer=CpmText(
            normalizer,
            squeezes=bool(values.get("remove_space", True)),
            keeps_accents=bool(values.get("keep_accents")),
            lowers=bool(values.get("do_lower_case")),
        ),
        pretokenizer=RegexPretokenizer(f"[^{UNSEEN}]+", behaviour="removed", invert=True),
        template=Template((), tuple(id_ for each in after for id_ in each.after)),
        decoder=SpelledDecoder(names, (CpmDecoder(),)),
        metadata={"format": "cpm"},
    )
