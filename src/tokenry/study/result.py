"""What a study found: one JSON from which the report is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenry.results import Json

FORMAT = "tokenry-study"
VERSION = 1


@dataclass(frozen=True)
class StudyResult:
    """A finished study."""

    folder: Path
    content: dict[str, Any]  # as in study.json, see docs/study.md

    @property
    def winner(self) -> str:
        """Name of the winning learnt tokenizer."""
        name: str = self.content["winner"]["name"]
        return name

    @property
    def winner_folder(self) -> Path:
        """Where the winner is saved."""
        return self.folder / "tokenizers" / self.winner

    @property
    def report(self) -> Path:
        """The page to look at."""
        return self.folder / "report.html"

    def to_json(self) -> Json:
        """The content of study.json."""
        return self.content

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the summary table, as text."""
        heads = ["tokenizer", "ids", "bytes/token", "tokens/1,000 words", "lossless"]
        heads += ["vocabulary used", "Rényi", "single-byte", "MB/s"]
        return heads, [_row(each) for each in self.content["tokenizers"]]


def _row(tokenizer: Any) -> list[str]:
    overall = tokenizer["overall"]

    def value(key: str) -> float:
        found = overall[key]["value"]
        return float("nan") if found is None else float(found)

    return [
        tokenizer["name"],
        f"{tokenizer['vocabulary_size']:,}",
        f"{value('bytes_per_token'):.3f}",
        f"{value('tokens_per_1000_words'):,.0f}",
        f"{value('lossless'):.1%}",
        f"{value('vocabulary_use'):.1%}",
        f"{value('renyi_efficiency'):.3f}",
        f"{value('single_byte_share'):.1%}",
        f"{tokenizer['speed']['value']:.1f}",
    ]
