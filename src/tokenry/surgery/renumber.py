"""A tokenizer with fewer ids, or the same ids in another order."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError
from tokenry.text.decoders.steps import SpelledDecoder
from tokenry.text.normalizers.sentencepiece import SentencePieceDecoder
from tokenry.text.parts import Decoder, Segmenter, Template
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

Ids = NDArray[np.int64]
KNOWN = (BytePairSegmenter, UnigramSegmenter, WordPieceSegmenter)


def check_known(tokenizer: Tokenizer, operation: str) -> None:
    """Refuse a tokenizer whose segmenter or decoder keeps ids that we cannot renumber.

    Raises:
        UnsupportedError: it names the part.
    """
    if type(tokenizer.segmenter) not in KNOWN:
        names = ", ".join(each.__name__ for each in KNOWN)
        raise UnsupportedError(
            f"{operation} does not know {type(tokenizer.segmenter).__name__}; it works on {names}"
        )
    if not isinstance(tokenizer.decoder, SpelledDecoder | SentencePieceDecoder | None):
        raise UnsupportedError(
            f"{operation} does not know the decoder {type(tokenizer.decoder).__name__}"
        )


def fixed(tokenizer: Tokenizer) -> NDArray[np.bool_]:
    """Ids that surgery leaves alone: without one of them some text would have no ids.

    These are ids with a role, added tokens, the ids of a template, the unknown id, and what
    segmentation starts from: single bytes, and single characters where symbols are characters.
    """
    vocabulary, segmenter = tokenizer.vocabulary, tokenizer.segmenter
    mask = np.zeros(len(vocabulary), dtype=np.bool_)
    mask[list(vocabulary.roles)] = True
    mask[[token.id for token in tokenizer.added_tokens]] = True
    if tokenizer.template is not None:
        mask[[*tokenizer.template.before, *tokenizer.template.after]] = True
    unknown = getattr(segmenter, "unknown", None)
    if unknown is not None:
        mask[unknown] = True
    for id_, piece in enumerate(vocabulary.pieces):
        if piece and len(piece) <= 5 and _is_start(piece, segmenter):
            mask[id_] = True
    return mask


def _is_start(piece: bytes, segmenter: Segmenter) -> bool:
    if len(piece) == 1:
        return True
    if isinstance(segmenter, BytePairSegmenter) and segmenter.symbols == "bytes":
        return False
    if isinstance(segmenter, WordPieceSegmenter):
        piece = piece.removeprefix(b" ")
    return len(piece.decode("utf-8", "surrogateescape")) == 1


def renumbered(tokenizer: Tokenizer, kept: Ids) -> tuple[Tokenizer, Ids]:
    """The tokenizer whose id i is the old id ``kept[i]``, and the new id of each old one.

    Merges keep their ranks and pieces their scores; a merge of an id that is gone is gone.
    """
    new_of_old = np.full(len(tokenizer.vocabulary), -1, dtype=np.int64)
    new_of_old[kept] = np.arange(len(kept))
    vocabulary = _vocabulary(tokenizer.vocabulary, kept, new_of_old)
    parts = tokenizer.parts() | {
        "vocabulary": vocabulary,
        "segmenter": _segmenter(tokenizer.segmenter, vocabulary, kept, new_of_old),
        "added_tokens": [
            dataclasses.replace(token, id=int(new_of_old[token.id]))
            for token in tokenizer.added_tokens
        ],
        "template": _template(tokenizer.template, new_of_old),
        "decoder": _decoder(tokenizer.decoder, kept, new_of_old),
        "metadata": _metadata(tokenizer, new_of_old),
    }
    return Tokenizer(**parts), new_of_old  # type: ignore[arg-type]


def _vocabulary(old: Vocabulary, kept: Ids, new_of_old: Ids) -> Vocabulary:
    roles = {int(new_of_old[id_]): role for id_, role in old.roles.items() if new_of_old[id_] >= 0}
    return Vocabulary((old.pieces[id_] for id_ in kept.tolist()), roles)


def _segmenter(
    segmenter: Segmenter, vocabulary: Vocabulary, kept: Ids, new_of_old: Ids
) -> Segmenter:
    if isinstance(segmenter, UnigramSegmenter):
        return dataclasses.replace(
            segmenter,
            vocabulary=vocabulary,
            scores=segmenter.scores[kept],
            unknown=_moved(segmenter.unknown, new_of_old),
        )
    assert isinstance(segmenter, BytePairSegmenter | WordPieceSegmenter)
    unknown = _moved(segmenter.unknown, new_of_old)
    if isinstance(segmenter, WordPieceSegmenter):
        return dataclasses.replace(segmenter, vocabulary=vocabulary, unknown=unknown)
    merges = new_of_old[segmenter.merges.reshape(-1, 3)]
    whole = (merges >= 0).all(axis=1)
    # Only the order of ranks counts. Without gaps they are what a file's reader numbers them.
    _, ranks = np.unique(segmenter.ranks[whole], return_inverse=True)
    order = np.argsort(ranks, kind="stable")
    return dataclasses.replace(
        segmenter,
        vocabulary=vocabulary,
        merges=merges[whole][order].astype(np.uint32),
        ranks=ranks[order].astype(np.uint32),
        unknown=unknown,
    )


def _moved(id_: int | None, new_of_old: Ids) -> int | None:
    return None if id_ is None else int(new_of_old[id_])


def _template(template: Template | None, new_of_old: Ids) -> Template | None:
    if template is None:
        return None
    before, after = (tuple(new_of_old[list(ids)].tolist()) for ids in dataclasses.astuple(template))
    return Template(before, after)


def _decoder(decoder: Decoder | None, kept: Ids, new_of_old: Ids) -> Decoder | None:
    if isinstance(decoder, SpelledDecoder):
        tokens = tuple(decoder.tokens[id_] for id_ in kept.tolist())
        return SpelledDecoder(tokens, decoder.steps)
    if isinstance(decoder, SentencePieceDecoder):
        return dataclasses.replace(
            decoder,
            silent=frozenset(int(new_of_old[id_]) for id_ in decoder.silent),
            fallback=frozenset(int(new_of_old[id_]) for id_ in decoder.fallback),
            unknown=_moved(decoder.unknown, new_of_old),
        )
    return decoder


def _metadata(tokenizer: Tokenizer, new_of_old: Ids) -> dict[str, str]:
    """Sections that came from a tokenizer.json, with the ids that they name.

    A post-processor is kept as it was written only where no id with a role has moved; otherwise
    saving writes one from the template.
    """
    kept = dict(tokenizer.metadata)
    if any(new_of_old[id_] != id_ for id_ in tokenizer.vocabulary.roles):
        kept.pop("post_processor", None)
    if kept.get("padding", "null") != "null":
        padding: dict[str, Any] = json.loads(kept["padding"])
        padding["pad_id"] = max(0, int(new_of_old[int(padding.get("pad_id", 0))]))
        kept["padding"] = json.dumps(padding)
    return kept
