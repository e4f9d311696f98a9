"""Rules of a file, against sentencepiece."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import tokenry.sentencepiece as spm
from sentencepiece_training import train
from shares import share
from tokenry.errors import FormatError

sentencepiece = pytest.importorskip("sentencepiece")
RULES = """\
41\t61\tletters
42\t62
61 62\t4E2D
61 62 63\t
FB01\t66 69
1F642\t3A 29
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.tsv"
    path.write_text(RULES)
    return path


def texts(rng: random.Random) -> list[str]:
    return ["".join(rng.choices("ABab c\ufb01\u4e2d\U0001f642 ", k=12)) for _ in range(share(200))]


def test_the_rules_of_a_file(file: Path, rng: random.Random) -> None:
    theirs = sentencepiece.SentencePieceNormalizer(
        rule_tsv=str(file),
        **dict.fromkeys(
            ("add_dummy_prefix", "escape_whitespaces", "remove_extra_whitespaces"), False
        ),
    )
    ours = spm.SentencePieceNormalizer(rule_tsv=file)
    for text in texts(rng):
        assert ours.normalize(text) == theirs.normalize(text), text


def test_rules_of_a_model_are_overridden(file: Path) -> None:
    processor = spm.SentencePieceProcessor(model_proto=train("unigram"))
    assert processor.normalize("A\uff21") == "\u2581AA"
    processor.override_normalizer_spec(normalization_rule_tsv=str(file))
    assert processor.normalize("A\uff21") == "\u2581a\uff21"
    processor.override_normalizer_spec(name="identity", add_dummy_prefix=False)
    assert processor.normalize("A\uff21") == "A\uff21"


def test_a_line_that_is_no_rule_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rules.tsv"
    path.write_text("61\t62\n6x\t61\n")
    with pytest.raises(FormatError, match="line 2: '6x"):
        spm.SentencePieceNormalizer(rule_tsv=path)
