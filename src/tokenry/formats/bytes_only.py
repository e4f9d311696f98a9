"""Tokenizers without a vocabulary: a ``tokenizer_config.json`` that names ByT5 or Perceiver.

Their ids are the bytes of the text behind a few specials (ByT5: Xue et al. 2021, arXiv:2105.13626;
Perceiver IO: Jaegle et al. 2021, arXiv:2107.14795), as in transformers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tokenry.errors import FormatError
from tokenry.formats.files import GivenFile
from tokenry.text.config import TokenizerConfig, content_of
from tokenry.text.parts import AddedToken, ClosingTemplate, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary

WHAT: Final = "tokenizer_config.json"
MOST_EXTRA: Final = 100_000


@dataclass(frozen=True)
class ByteFamily:
    """What stands before the bytes, and around a sequence.

    Attributes:
        specials: uses and names, by id.
        before: uses of the specials before a sequence.
        after: and behind it.
        template: puts them there.
        strips: whether its specials take white space beside them.
        extra: how many ids of no meaning stand behind the bytes where the file does not say.
    """

    specials: Mapping[str, str]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    template: type[Template] = Template
    strips: bool = False
    extra: int = 0


FAMILIES: Final[Mapping[str, ByteFamily]] = {
    "ByT5Tokenizer": ByteFamily(
        {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"},
        after=("eos_token",),
        template=ClosingTemplate,
        strips=True,
        extra=125,
    ),
    "PerceiverTokenizer": ByteFamily(
        {
            **{"pad_token": "[PAD]", "bos_token": "[BOS]", "eos_token": "[EOS]"},
            **{"mask_token": "[MASK]", "cls_token": "[CLS]", "sep_token": "[SEP]"},
        },
        before=("cls_token",),
        after=("sep_token",),
    ),
}


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """The tokenizer that a configuration names.

    Raises:
        FormatError: it is no JSON object, or names none of `FAMILIES`.
    """
    config = TokenizerConfig.read(data, WHAT)
    family = FAMILIES.get(str(config.values.get("tokenizer_class")))
    if family is None:
        raise FormatError(f"{WHAT} names none of {', '.join(FAMILIES)}; a vocabulary is missing")
    return of_family(config, family)


def of_family(config: TokenizerConfig, family: ByteFamily) -> Pipeline:
    """The tokenizer of a family, with the names of a configuration.

    Raises:
        FormatError: a special is named twice, or there are too many.
    """
    values = config.values
    ids = {use: id_ for id_, use in enumerate(family.specials)}
    names = [content_of(values.get(use)) or name for use, name in family.specials.items()]
    first = len(names) + 256
    extra = _extra(values, family)
    roles = dict.fromkeys([*range(len(names)), *range(first, first + len(extra))], "special")
    pieces = [name.encode() for name in (*names, *extra)]
    singles = [bytes([byte]) for byte in range(256)]
    vocabulary = Vocabulary([*pieces[: len(names)], *singles, *pieces[len(names) :]], roles)
    strips = {"lstrip": family.strips, "rstrip": family.strips}
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_merges(vocabulary, []),
        pretokenizer=NativePretokenizer("whole"),
        added_tokens=[
            *(AddedToken(name, id_, **strips) for id_, name in enumerate(names)),
            *(AddedToken(name, first + place) for place, name in enumerate(extra)),
        ],
        template=family.template(
            tuple(ids[use] for use in family.before), tuple(ids[use] for use in family.after)
        ),
        config=config,
        metadata={"format": "bytes_only"},
    )


def _extra(values: Mapping[str, Any], family: ByteFamily) -> list[str]:
    """Names of the ids behind the bytes."""
    listed = values.get("additional_special_tokens") or values.get("extra_special_tokens")
    if isinstance(listed, list) and listed:
        names = [name for name in map(content_of, listed) if name]
    else:
        count = values.get("extra_ids", family.extra)
        if type(count) is not int or not 0 <= count <= MOST_EXTRA:
            raise FormatError(f"{WHAT}: extra_ids is {count!r}, not 0 to {MOST_EXTRA}")
        names = [f"<extra_id_{number}>" for number in range(count)]
    if len({*names, *family.specials.values()}) < len(names) + len(family.specials):
        raise FormatError(f"{WHAT}: a special is named twice")
    return names
