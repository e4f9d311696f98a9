"""``sentencepiece.bpe.model`` as transformers reads it for models that were trained with fairseq:
specials stand before the pieces, which are shifted, and languages behind them.

XLM-R (Conneau et al. 2020, arXiv:1911.02116), CamemBERT (Martin et al. 2020, arXiv:1911.03894),
mBART (Liu et al. 2020, arXiv:2001.08210) and mBART-50 (Tang et al. 2020, arXiv:2008.00401).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tokenry.formats.added_specials import OF_FAIRSEQ, Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.sentencepiece_pieces import PieceColumns
from tokenry.formats.sentencepiece_proto import ModelProto, read_model
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline

EATS_SPACE: Final = {"content": "<mask>", "lstrip": True}
FIRST: Final = ("<s>", "<pad>", "</s>", "<unk>")
UNKNOWN: Final = 3
PASSED_OVER: Final = 3  # the model's own specials
_25_LANGUAGES: Final = (
    "ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT "
    "lv_LV my_MM ne_NP nl_XX ro_RO ru_RU si_LK tr_TR vi_VN zh_CN"
)
_50_LANGUAGES: Final = (
    f"{_25_LANGUAGES} af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN "
    "mr_IN pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN te_IN th_TH tl_XX uk_UA ur_PK xh_ZA gl_ES sl_SI"
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What tells the classes apart.

    Attributes:
        first: names before the pieces, with their scores.
        passed: pieces of the model that are left out, from the first.
        languages: names between the pieces and the mask.
        before, after: uses of tokens around a text; ``src_lang`` is the language of the
            configuration, else English.
        normalizer: the model's rules, no normalizer, or rules and then one space of several.
        by_words: whether white space is taken out and each word has a mark before it; else it
            becomes marks.
        prefix_counts: whether ``add_prefix_space`` does; else each text begins with a mark.
        mask: what is known of the mask's token.
    """

    first: tuple[str, ...] = FIRST
    passed: int = PASSED_OVER
    languages: tuple[str, ...] = ()
    before: tuple[str, ...] = ("bos_token",)
    after: tuple[str, ...] = ("eos_token",)
    normalizer: str = "rules"
    by_words: bool = True
    prefix_counts: bool = True
    mask: object = "<mask>"


XLM_ROBERTA: Final = Kind()
CAMEMBERT: Final = Kind(
    first=("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED"), passed=1,
    mask=EATS_SPACE,
)  # fmt: skip
MBART: Final = Kind(
    languages=tuple(_25_LANGUAGES.split()), before=(), after=("eos_token", "src_lang"),
    normalizer="none", prefix_counts=False, mask=EATS_SPACE,
)  # fmt: skip
MBART_50: Final = Kind(
    languages=tuple(_50_LANGUAGES.split()), before=("src_lang",), normalizer="one space",
    by_words=False, prefix_counts=False, mask=EATS_SPACE,
)  # fmt: skip


def read_xlm_roberta(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names XLM-R's class; see `_read`."""
    return _read(file, XLM_ROBERTA)


def read_camembert(file: GivenFile) -> Pipeline:
    """The same for CamemBERT's."""
    return _read(file, CAMEMBERT)


def read_mbart(file: GivenFile) -> Pipeline:
    """The same for mBART's."""
    return _read(file, MBART)


def read_mbart_50(file: GivenFile) -> Pipeline:
    """The same for mBART-50's."""
    return _read(file, MBART_50)


def _read(file: GivenFile, kind: Kind) -> Pipeline:
    """What a class makes of a model and of the configuration beside it.

    Raises:
        FormatError: it is malformed.
    """
    usual = {**OF_FAIRSEQ, "mask_token": kind.mask, "src_lang": "en_XX"}
    specials = Specials(file.beside, usual, normalizes=True)
    model = read_model(file.data)
    pieces = _pieces(model, kind, specials)
    ids = {name: id_ for id_, (name, _) in enumerate(pieces)}
    added = specials.added(ids)
    named = {token.content for token in added}
    added += [AddedToken(name, ids[name], True) for name in kind.languages if name not in named]
    document = {**_parts(model, kind, specials.values), "added_tokens": specs_of(added), "model": {
        "type": "Unigram", "unk_id": UNKNOWN, "byte_fallback": False, "vocab": pieces,
    }}  # fmt: skip
    around = ([ids.get(specials.name(use) or "", UNKNOWN) for use in uses]
              for uses in (kind.before, kind.after))  # fmt: skip
    return replace(
        reading.load(json.dumps(document).encode()),
        template=Template(*map(tuple, around)),
        metadata={"format": "fairseq"},
    )


def _pieces(model: ModelProto, kind: Kind, specials: Specials) -> list[tuple[str, float]]:
    columns = PieceColumns.of(model.pieces)
    own = [
        (columns.name(id_), float(columns.scores[id_])) for id_ in range(kind.passed, len(columns))
    ]
    last = (*kind.languages, specials.name("mask_token") or "<mask>")
    return [*((name, 0.0) for name in kind.first), *own, *((name, 0.0) for name in last)]


def _parts(model: ModelProto, kind: Kind, values: Mapping[str, Any]) -> JsonObject:
    prefixed = not kind.prefix_counts or bool(values.get("add_prefix_space", True))
    metaspace = {
        "type": "Metaspace", "replacement": "\u2581", "split": True,
        "prepend_scheme": "always" if prefixed else "never",
    }  # fmt: skip
    steps = [*([{"type": "WhitespaceSplit"}] if kind.by_words else []), metaspace]
    return {
        "version": "1.0",
        "normalizer": {"type": "Sequence", "normalizers": _normalizers(model, kind)},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "decoder": metaspace,
    }


def _normalizers(model: ModelProto, kind: Kind) -> list[JsonObject]:
    rules = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    steps: list[JsonObject] = []
    if rules and kind.normalizer != "none":
        steps.append({"type": "Precompiled", "precompiled_charsmap": rules})
    if kind.normalizer == "one space":
        steps.append({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "})
    return steps
