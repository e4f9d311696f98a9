"""What the change of tokenizer does to text: bits per byte, loss on new ids, numbers, cuts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.tokenizer import Tokenizer
from tokenry.transfer.certificate.content import CertificateCheck, checked
from tokenry.transfer.certificate.subject import SubjectPair
from tokenry.transfer.chunks import align, changed_share
from tokenry.transfer.matching import digits_of

PASSAGE = 1200  # characters that a model reads at a time, the same for both
MOST = 40_000  # bytes that are read
NUMBERS = 10_000
CUT_AS_BEFORE = "share of numbers below 10,000 cut as before"


@dataclass(frozen=True, eq=False)
class TextLoss:
    """What a model needs for texts.

    Attributes:
        bits: of each id, shape (n,).
        ids: all of them, one text after another.
        bytes: of the texts.
    """

    bits: NDArray[np.float64]
    ids: NDArray[np.int64]
    bytes: int

    @property
    def per_byte(self) -> float:
        """Bits per byte: of any two vocabularies comparable, as perplexity is not."""
        return float(self.bits.sum() / max(self.bytes, 1))


def text_loss(
    network: Any, tokenizer: Tokenizer, texts: Sequence[str], start: int | None
) -> TextLoss:
    """Read each text from its own beginning, behind the id ``start``.

    Args:
        network: a causal model of transformers.
        tokenizer: its own.
        texts: each shorter than the model's context.
        start: without one the first id of each text is not counted, nor are its bytes.
    """
    import torch

    bits, ids, size = [np.zeros(0)], [np.zeros(0, np.int64)], 0
    for text in texts:
        own = tokenizer.encode(text)
        row = own if start is None else [start, *own]
        if len(row) < 2:
            continue
        with torch.no_grad():
            logits = network(input_ids=torch.tensor([row[:-1]])).logits[0].float()
        target = torch.tensor(row[1:])
        chosen = logits.gather(1, target[:, None])[:, 0].double()
        loss = torch.logsumexp(logits, 1).double() - chosen
        bits.append(loss.numpy() / math.log(2))
        ids.append(np.array(row[1:], np.int64))
        skipped = 0 if start is not None else len(tokenizer.decode_bytes(own[:1]))
        size += len(text.encode()) - skipped
    return TextLoss(np.concatenate(bits), np.concatenate(ids), size)


def passages(texts: Sequence[str], most: int = MOST) -> list[str]:
    """The first bytes of texts, in pieces that a context holds."""
    found: list[str] = []
    for text in texts:
        for at in range(0, len(text), PASSAGE):
            if most <= 0:
                return found
            found.append(text[at : at + PASSAGE])
            most -= len(found[-1].encode())
    return found


def fitting(pair: SubjectPair, parts: Sequence[str]) -> list[str]:
    """Passages halved until both contexts hold them."""
    most = min(each.context for each in (pair.before, pair.after))
    found, left = [], list(reversed(parts))
    while left:
        part = left.pop()
        longest = max(each.tokenizer.count(part) for each in (pair.before, pair.after))
        if longest + 1 <= most or len(part) < 2:
            found.append(part)
        else:
            left += [part[len(part) // 2 :], part[: len(part) // 2]]
    return found


def text_losses(pair: SubjectPair, parts: Sequence[str]) -> tuple[TextLoss, TextLoss] | None:
    """Before and after on these passages; None without any, and of models that fill masks."""
    if not parts or pair.after.network is None or pair.after.tensors.masked:
        return None
    fit = fitting(pair, parts)
    before, after = (
        text_loss(each.network, each.tokenizer, fit, each.start)
        for each in (pair.before, pair.after)
    )
    return before, after


def text_figures(
    pair: SubjectPair, parts: Sequence[str], losses: tuple[TextLoss, TextLoss] | None
) -> dict[str, float | None]:
    """Figures on passages, and of numbers."""
    figures: dict[str, float | None] = dict(number_figures(pair))
    if parts:
        joined = [align(each, pair.before.tokenizer, pair.after.tokenizer) for each in parts]
        widths = np.array([len(each.encode()) for each in parts], np.float64)
        shares = np.array([changed_share(each) for each in joined])
        figures["bytes read"] = float(widths.sum())
        figures["share of bytes cut otherwise"] = float((shares * widths).sum() / widths.sum())
        counts = [each.tokenizer.count_batch(parts).sum() for each in (pair.before, pair.after)]
        figures["tokens after, per token before"] = float(counts[1] / max(counts[0], 1))
    return figures if losses is None else figures | _figures(pair, *losses)


def _figures(pair: SubjectPair, before: TextLoss, after: TextLoss) -> dict[str, float | None]:
    fresh = np.isin(after.ids, pair.fresh)
    sizes = np.array([len(piece or b"") for piece in pair.after.tokenizer.vocabulary.pieces])[
        after.ids
    ]
    figures: dict[str, float | None] = {
        "bits per byte before": before.per_byte,
        "bits per byte after": after.per_byte,
        "share of bits added": after.per_byte / before.per_byte - 1 if before.bits.sum() else None,
        "share of tokens that are new": float(fresh.mean()),
        "bits per byte after, of new tokens alone": None,
        "bits per byte after, of shared tokens alone": None,
    }
    for name, chosen in (("new", fresh), ("shared", ~fresh)):
        if sizes[chosen].sum():
            key = f"bits per byte after, of {name} tokens alone"
            figures[key] = float(after.bits[chosen].sum() / sizes[chosen].sum())
    return figures


def number_figures(pair: SubjectPair) -> dict[str, float]:
    """Mismatched numbers are what transplants break first (arXiv:2506.06607)."""
    after = pair.after.tokenizer
    digits = digits_of(after.vocabulary)
    matched = sum(pair.matches.old_of_new[id_] >= 0 for id_ in digits)
    texts = [f" {number}" for number in range(0, NUMBERS, 7)]
    same = sum(_cuts(pair.before.tokenizer, text) == _cuts(after, text) for text in texts)
    return {
        "pieces of digits": float(len(digits)),
        "share of them that are old pieces": float(matched / len(digits)) if digits else 1.0,
        CUT_AS_BEFORE: same / len(texts),
    }


def number_check(figures: Mapping[str, float | None]) -> CertificateCheck:
    """A model that reads numbers in other pieces may no longer calculate."""
    same = figures[CUT_AS_BEFORE] or 0.0
    found = f"{same:.1%} of those below 10,000 are cut as before"
    return checked("numbers", same == 1, found, "all; else try arithmetic first", hard=False)


def _cuts(tokenizer: Tokenizer, text: str) -> list[int]:
    """Where a number is cut, the space before it aside."""
    ends: list[int] = tokenizer.encode_with_spans(text)[1][:, 1].tolist()
    return [end for end in ends if end > 1]
