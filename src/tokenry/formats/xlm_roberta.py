"""``sentencepiece.bpe.model`` of XLM-R (Conneau et al. 2020, arXiv:1911.02116), as transformers
reads it: fairseq's specials stand before the pieces, whose ids are shifted by one."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.sentencepiece_pieces import PieceColumns
from tokenry.formats.sentencepiece_proto import ModelProto, read_model
from tokenry.formats.tokenizer_json import reading
from tokenry.text.pipeline import Pipeline

_USUAL: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>",
    "pad_token": "<pad>", "cls_token": "<s>", "mask_token": "<mask>",
}  # fmt: skip
_FIRST: Final = ("<s>", "<pad>", "</s>", "<unk>")
_UNKNOWN: Final = 3
_PASSED_OVER: Final = 3  # the model's own specials


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names the class.

    Raises:
        FormatError: it is malformed.
    """
    specials = Specials(file.beside, _USUAL, normalizes=True)
    model = read_model(file.data)
    pieces = _pieces(model, specials.name("mask_token") or "<mask>")
    ids = {name: id_ for id_, (name, _) in enumerate(pieces)}
    added = specials.added(ids)
    listed = [
        {"id": token.id, "content": token.content, "special": token.special,
         "single_word": token.single_word, "lstrip": token.lstrip, "rstrip": token.rstrip,
         "normalized": token.normalized}
        for token in sorted(added, key=lambda token: token.id)
    ]  # fmt: skip
    document = {**_parts(model, specials.values), "added_tokens": listed, "model": {
        "type": "Unigram", "unk_id": _UNKNOWN, "byte_fallback": False, "vocab": pieces,
    }}  # fmt: skip
    pipeline = reading.load(json.dumps(document).encode())
    return replace(
        pipeline,
        template=specials.template(added, "bos_token", "eos_token"),
        metadata={"format": "xlm_roberta"},
    )


def _pieces(model: ModelProto, mask: str) -> list[tuple[str, float]]:
    columns = PieceColumns.of(model.pieces)
    rest = range(_PASSED_OVER, len(columns))
    own = [(columns.name(id_), float(columns.scores[id_])) for id_ in rest]
    return [*((name, 0.0) for name in _FIRST), *own, (mask, 0.0)]


def _parts(model: ModelProto, values: Mapping[str, Any]) -> JsonObject:
    rules = model.normalizer_spec.precompiled_charsmap
    prefixed = bool(values.get("add_prefix_space", True))
    metaspace = {
        "type": "Metaspace", "replacement": "\u2581", "split": True,
        "prepend_scheme": "always" if prefixed else "never",
    }  # fmt: skip
    steps = [{"type": "WhitespaceSplit"}, metaspace]
    return {
        "version": "1.0",
        "normalizer": {
            "type": "Precompiled", "precompiled_charsmap": base64.b64encode(rules).decode(),
        } if rules else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "decoder": metaspace,
    }  # fmt: skip
