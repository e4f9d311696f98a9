"""``spiece.model`` of SigLIP (Zhai et al. 2023, arXiv:2303.15343), as transformers' SiglipTokenizer
reads it: text without punctuation, which the model sees behind the name of its unknown token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.piece_ids import NamedModel, joining, renamed
from tokenry.formats.whole_model import WholeModel
from tokenry.text.decoders.around_specials import LedSpecialsDecoder
from tokenry.text.normalizers.siglip import SiglipText
from tokenry.text.parts import ClosingTemplate
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.behind_text import BehindText
from tokenry.text.segmenters.without_first import WithoutFirstSegmenter


def _eating(name: str) -> dict[str, Any]:
    return {"content": name, "lstrip": True, "rstrip": True}


_USUAL: Final = {
    "eos_token": _eating("</s>"), "unk_token": _eating("<unk>"), "pad_token": _eating("</s>"),
}  # fmt: skip


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names the class.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: the model has no unknown piece, none for a space, keeps all spaces or
            falls back to bytes.
    """
    named, normalizer, unknown = whole = WholeModel.read(file, commas=False)
    if not normalizer.remove_extra_spaces:
        raise UnsupportedError(f"{file.path} keeps all spaces; SiglipTokenizer's models do not")
    specials = Specials(file.beside, _USUAL)
    added, before = specials.added(whole.ids), specials.name("unk_token") or ""
    inner, vocabulary = named.pipeline.segmenter, named.pipeline.vocabulary
    count = len(inner.segment(normalizer(before).encode()))
    behind = replace(named.pipeline, segmenter=WithoutFirstSegmenter(inner, vocabulary, count))
    pipeline = renamed(NamedModel(behind, named.names), whole.ids, added, unknown)
    eos = next(token.id for token in added if token.content == specials.name("eos_token"))
    silent = frozenset(vocabulary.ids_with("special"))
    return replace(
        pipeline,
        normalizer=SiglipText(lowers=bool(specials.values.get("do_lower_case", True))),
        pretokenizer=BehindText(before, normalizer),
        template=ClosingTemplate((), (eos,)),
        decoder=LedSpecialsDecoder(
            replace(joining(named), silent=silent, unknown=unknown),
            tuple((token.id, token.content) for token in added if token.special),
            " ",
        ),
        lossless=None,
        metadata={"format": "siglip"},
    )
