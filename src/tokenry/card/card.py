"""A finished card, and the forms it takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

FORMAT = "tokenry-card"
VERSION = 1


@dataclass(frozen=True)
class Card:
    """The figures of one or more tokenizers on the same data; see docs/card.md for the fields."""

    content: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The figures as plain data, from which all other forms are drawn."""
        return self.content

    def dumps(self) -> str:
        """The figures as JSON text."""
        return json.dumps(self.content, ensure_ascii=False, allow_nan=False)

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        from tokenry.card.page import render

        return render(self.content)

    def to_markdown(self) -> str:
        """A tokenizer card in Markdown with front matter, one after another for several."""
        from tokenry.card.markdown import render

        return render(self.content)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the scorecard, as text."""
        heads = ["tokenizer", "ids", "bytes/token", "tokens/1,000 words", "continued words"]
        heads += ["lossless", "unknown", "Rényi", "Gini", "MB/s"]
        return heads, [_row(each) for each in self.content["tokenizers"]]

    def _repr_html_(self) -> str:
        from tokenry.drawing.frame import framed

        return framed(self.to_html(), 900, "tokenizer card")


def _row(each: dict[str, Any]) -> list[str]:
    score = each["scorecard"]
    premiums = each["premiums"]
    forms = {
        "bytes_per_token": ".3f",
        "tokens_per_1000_words": ",.0f",
        "continued_words": ".1%",
        "lossless": ".1%",
        "unknown_share": ".2%",
        "renyi_efficiency": ".3f",
    }
    return [
        each["name"],
        f"{each['vocabulary_size']:,}",
        *(_form(score[name]["value"], form) for name, form in forms.items()),
        "-" if premiums is None else f"{premiums['gini']:.3f}",
        f"{each['speed']['value']:,.0f}",
    ]


def _form(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
