"""Which special of a tokenizer serves which use, by what its configuration says or by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tokenry.text.config import USES
from tokenry.tokenizer import Tokenizer

# Names under which published tokenizers have these uses, the commoner first.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "bos": (
        "<s>", "<|begin_of_text|>", "<bos>", "<|startoftext|>", "[BOS]", "<BOS>",
        "<｜begin▁of▁sentence｜>", "<|im_start|>",
    ),
    "eos": (
        "</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>", "[EOS]", "<EOS>", "[EOT]",
        "<｜end▁of▁sentence｜>", "<|im_end|>", "<|eot_id|>", "<|end|>",
    ),
    "pad": ("<pad>", "[PAD]", "<|pad|>", "<PAD>", "<|finetune_right_pad_id|>", "<|padding|>"),
    "unk": ("<unk>", "[UNK]", "<|unk|>", "<UNK>"),
    "cls": ("[CLS]", "<cls>"),
    "sep": ("[SEP]", "<sep>"),
    "mask": ("[MASK]", "<mask>", "<|mask|>"),
}  # fmt: skip


def special_names(tokenizer: Tokenizer) -> dict[str, int]:
    """Ids of specials by the text that they are written as."""
    pieces = tokenizer.vocabulary.pieces
    found = {
        piece.decode("utf-8", "replace"): id_
        for id_ in sorted(tokenizer.pipeline.special_ids(), reverse=True)
        if (piece := pieces[id_]) is not None
    }
    unknown = tokenizer.segmenter.unknown
    if unknown is not None and (piece := pieces[unknown]) is not None:
        found.setdefault(piece.decode("utf-8", "replace"), unknown)
    return {**found, **tokenizer.pipeline.specials()}


def special_roles(tokenizer: Tokenizer) -> dict[str, int]:
    """The id of each use (``bos``, ``eos``, ``pad``, ...) that the tokenizer has one for.

    What its configuration names comes first, then the names of `NAMES`. A tokenizer that has none
    of an end's usual names has no ``eos``.
    """
    names = special_names(tokenizer)
    found: dict[str, int] = {}
    for use, usual in NAMES.items():
        stated = tokenizer.config.token(USES[use])
        known = [name for name in (stated, *usual) if name in names]
        if known:
            found[use] = names[known[0]]
    unknown = tokenizer.segmenter.unknown
    if unknown is not None:
        found.setdefault("unk", unknown)
    return found
