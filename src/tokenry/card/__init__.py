"""The card of a tokenizer: what it costs, whom it hurts, what it is made of; and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.lazy import lazily

if TYPE_CHECKING:
    from tokenry.card.card import Card
    from tokenry.card.measure import measure_card
    from tokenry.card.options import CardOptions

__all__ = ["Card", "CardOptions", "measure_card"]

__getattr__ = lazily(
    __name__, {".card": "Card", ".measure": "measure_card", ".options": "CardOptions"}
)
