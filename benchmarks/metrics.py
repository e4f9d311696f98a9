"""Our figures beside those of other suites, on the same ids of the same text.

`python -m benchmarks.metrics --data DIR [--tokeval DIR]` prints the table and writes it into
docs/metrics-compared.md, between its markers. DIR holds tokenizers/ and flores_dev/. TokEval is on
no registry: give a clone of cimeister/tokenizer-analysis-suite.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import tokenry
from tokenry.measuring import (
    Encoded,
    Sample,
    encode_sample,
    gini,
    renyi_entropy,
    tokens_per_1000_words,
)
from tokenry.measuring.vocabulary import by_script
from tokenry.tokenizer_files import load_tokenizer

FILES = {
    "GPT-2": "gpt-2_tokenizer.json",
    "cl100k": "cl100k_base.tiktoken",
    "o200k": "o200k_base.tiktoken",
    "Llama-2": "llama_tokenizer.json",
}
PAGE = Path("docs/metrics-compared.md")
BEGIN, END = "<!-- table: written by `python -m benchmarks.metrics` -->", "<!-- end of table -->"
Row = tuple[str, list[float | None]]
Lines = Mapping[str, Sequence[str]]


class Suites:
    """All tokenizers over one parallel text, and the figures of each suite."""

    def __init__(self, data: Path) -> None:
        folder = data / "tokenizers"
        self.tokenizers = {name: load_tokenizer(str(folder / file)) for name, file in FILES.items()}
        self.files = {name: folder / file for name, file in FILES.items()}
        paths = sorted((data / "flores_dev").glob("*.txt"))
        self.lines = {path.stem: path.read_text("utf-8").splitlines() for path in paths}
        english = Sample.of(line.encode() for line in self.lines["eng_Latn"])
        self.english = {
            name: encode_sample(each, english) for name, each in self.tokenizers.items()
        }

    def ours(self) -> Iterator[Row]:
        yield "Rényi efficiency (2.5), by the full vocabulary", self._each(full_renyi)
        yield "Rényi entropy (2.5), bits", self._each(lambda e: renyi_entropy(e.frequencies, 2.5))
        yield (
            "tokens a word, UAX 29, ratio of sums",
            self._each(lambda e: tokens_per_1000_words(e).value / 1000),
        )
        costs = [
            [int(each.count_batch(lines).sum()) for lines in self.lines.values()]
            for each in self.tokenizers.values()
        ]
        yield "Gini of tokens, 63 languages", [gini(row) for row in costs]
        yield (
            "share of ids with Latin letters only, of all ids",
            [by_script(each.vocabulary).share("Latin") for each in self.tokenizers.values()],
        )

    def scorer(self) -> Iterator[Row]:
        """tokenization-scorer 1.1.8."""
        import tokenization_scorer

        def score(encoded: Encoded, metric: str, **options: object) -> float:
            rows = [list(map(str, row)) for row in documents(encoded)]
            with contextlib.redirect_stderr(io.StringIO()):
                return float(tokenization_scorer.score(rows, metric=metric, **options))

        yield "Rényi efficiency, its defaults", self._each(lambda e: score(e, "renyi"))
        yield "Rényi efficiency, power 2.5", self._each(lambda e: score(e, "renyi", power=2.5))
        yield (
            "Rényi efficiency, power 2.5, vocab = all ids",
            self._each(lambda e: score(e, "renyi", power=2.5, vocab=e.vocabulary_size)),
        )
        yield "Rényi entropy, power 2.5", self._each(lambda e: score(e, "renyi_entropy", power=2.5))

    def tokeval(self, clone: Path) -> Iterator[Row]:
        """TokEval from a clone, fed with our ids, which the raw files give too."""
        sys.path.insert(0, str(clone))
        from tokenizer_analysis.config import NormalizationConfig
        from tokenizer_analysis.config.normalization import NormalizationMethod
        from tokenizer_analysis.core.input_types import TokenizedData
        from tokenizer_analysis.metrics.basic import BasicTokenizationMetrics
        from tokenizer_analysis.metrics.gini import TokenizerGiniMetrics
        from tokenizer_analysis.metrics.information_theoretic import InformationTheoreticMetrics

        rows = {
            name: [
                TokenizedData(name, language, ids.tolist(), text=line)
                for language, lines in self.lines.items()
                for line, ids in zip(lines, each.encode_batch(lines), strict=True)
            ]
            for name, each in self.tokenizers.items()
        }
        provider = Given(rows, {name: each.n_vocab for name, each in self.tokenizers.items()})
        english = {
            name: [each for each in found if each.language == "eng_Latn"]
            for name, found in rows.items()
        }
        words = NormalizationConfig(method=NormalizationMethod.WORDS)
        fertility = BasicTokenizationMetrics(provider, words).compute_fertility_analysis(english)
        yield (
            "fertility, words",
            [fertility["fertility"]["per_tokenizer"][name]["global"]["mean"] for name in FILES],
        )
        entropy = InformationTheoreticMetrics(provider, [2.5])
        found = entropy.compute_renyi_efficiency_analysis(english)
        yield (
            "'Rényi efficiency', alpha 2.5",
            [found["per_tokenizer"][name]["renyi_2.5"]["overall"] for name in FILES],
        )
        fairness = TokenizerGiniMetrics(provider).compute_tokenizer_fairness_gini(rows)
        yield (
            "TFG, 63 languages",
            [fairness["per_tokenizer"][name]["gini_coefficient"] for name in FILES],
        )

    def qtok(self) -> Iterator[Row]:
        """Qtok 0.11.0, which reads tokenizer.json only."""
        names = [name for name, path in self.files.items() if path.suffix == ".json"]
        with tempfile.TemporaryDirectory() as folder:
            command = [
                str(Path(sys.executable).with_name("qtok")), "-l", *names, "-o", folder, "-i",
                *(str(self.files[name]) for name in names),
            ]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
            shares = latin_shares(Path(folder) / "unicode_stats.tsv")
        yield (
            "LATIN (spaced, inner, char), of its denominators",
            [shares.get(name) for name in FILES],
        )

    def _each(self, figure: Any) -> list[float | None]:
        return [figure(self.english[name]) for name in FILES]


class Given:
    """What TokEval asks of a provider of ids."""

    def __init__(self, rows: Mapping[str, list[Any]], sizes: Mapping[str, int]) -> None:
        self._rows, self._sizes = rows, sizes

    def get_tokenizer_names(self) -> list[str]:
        return list(self._rows)

    def get_tokenized_data(self) -> Mapping[str, list[Any]]:
        return self._rows

    def get_vocab_size(self, name: str) -> int:
        return self._sizes[name]

    def get_languages(self, name: str | None = None) -> list[str]:
        rows = next(iter(self._rows.values()))
        return sorted({each.language for each in rows})


def documents(encoded: Encoded) -> list[list[int]]:
    """Ids of each document."""
    bounds = zip(encoded.offsets[:-1], encoded.offsets[1:], strict=True)
    return [encoded.ids[a:b].tolist() for a, b in bounds]


def full_renyi(encoded: Encoded) -> float:
    """Rényi efficiency of order 2.5 over log2 of the full vocabulary."""
    return renyi_entropy(encoded.frequencies, 2.5) / float(np.log2(encoded.vocabulary_size))


def latin_shares(path: Path) -> dict[str, float]:
    """The sum of the Latin columns of Qtok's table, as a share."""
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return {
        row["Tokenizer"]: sum(float(v) for k, v in row.items() if k.startswith("LATIN")) / 100
        for row in rows
    }


def table(suites: Suites, tokeval: Path | None) -> str:
    """The Markdown table."""
    parts = [("Tokenry", suites.ours()), ("tokenization-scorer", suites.scorer())]
    if tokeval is not None:
        parts.append(("TokEval", suites.tokeval(tokeval)))
    parts.append(("Qtok", suites.qtok()))
    lines = [f"| suite | figure | {' | '.join(FILES)} |", f"| --- | --- |{' --- |' * len(FILES)}"]
    for suite, rows in parts:
        for name, values in rows:
            cells = ("–" if value is None else f"{value:.3f}" for value in values)
            lines.append(f"| {suite} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table and put it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokeval", type=Path)
    options = parser.parse_args()
    found = table(Suites(options.data), options.tokeval)
    print(f"tokenry {tokenry.__version__}\n{found}")
    text = PAGE.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{found}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
