"""Numbers mean in tokenry what they mean in tokenizers, read and written."""

from __future__ import annotations

import dataclasses
import json
import math
import random
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tokenizers import Tokenizer as Theirs

from running import running
from tokenry.formats.json_numbers import read, spell
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.writing import to_document
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.tokenizer import Tokenizer

load = running(reading.load)


def unigram(pieces: Sequence[str], literals: Sequence[str]) -> str:
    """A tokenizer.json that has these literals for scores."""
    rows = ",".join(f'["{piece}",{each}]' for piece, each in zip(pieces, literals, strict=True))
    model = f'{{"type":"Unigram","unk_id":0,"vocab":[{rows}],"byte_fallback":false}}'
    return f'{{"version":"1.0","added_tokens":[],"model":{model}}}'


def read_by_tokenizers(literals: Sequence[str]) -> list[float]:
    file = unigram([f"p{place}" for place in range(len(literals))], literals)
    return [score for _, score in json.loads(Theirs.from_str(file).to_str())["model"]["vocab"]]


def bits(number: float) -> bytes:
    """Zeros of both signs are equal, their bits are not."""
    return struct.pack("<d", number)


def digits(rng: random.Random, most: int, least: int = 1) -> str:
    return "".join(rng.choices("0123456789", k=rng.randint(least, most)))


def whole(rng: random.Random, most: int) -> str:
    return str(int(digits(rng, most)))


SHAPES: dict[str, Callable[[random.Random], str]] = {
    "score": lambda rng: repr(rng.uniform(0, 30)),
    "short": lambda rng: f"{whole(rng, 4)}.{digits(rng, 5)}",
    "long": lambda rng: f"{whole(rng, 6)}.{digits(rng, 40, 14)}",
    "small": lambda rng: f"0.{'0' * rng.randrange(40)}{digits(rng, 25)}",
    "integer": lambda rng: whole(rng, 60),
    "long integer part": lambda rng: f"{whole(rng, 30)}.{digits(rng, 10)}",
    "exponent": lambda rng: (
        f"{whole(rng, 25)}.{digits(rng, 22)}{rng.choice('eE')}{rng.choice(['', '+', '-'])}"
        f"{digits(rng, 2)}"
    ),
    "whole with exponent": lambda rng: f"{whole(rng, 25)}e{rng.choice('+-')}{digits(rng, 2)}",
    "tiny": lambda rng: f"{whole(rng, 2)}.{digits(rng, 20)}e-{rng.randint(280, 345)}",
    "huge": lambda rng: f"{whole(rng, 2)}.{digits(rng, 20)}e{rng.randint(280, 305)}",
    "near 64 bits": lambda rng: f"{2**64 + rng.randint(-30, 30)}.{digits(rng, 3)}",
    "at 64 bits": lambda rng: f"1.844674407370955161{digits(rng, 4)}e{rng.randint(-9, 9)}",
}
EDGES = [
    "0.0",
    "-0.0",
    "0e5",
    "-0e-5",
    "0e400",
    "0.0e99999999999",
    "1e-400",
    "-1e-99999999999",
    "1e308",
    "1e-308",
    "1e-309",
    "5e-324",
    "2e-324",
    "1.7976931348623157e308",
    "123456789e-330",
    "0.1e309",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "18446744073709551619.5",
    "18446744073709551619.55",
]


def test_every_shape_is_read_as_tokenizers_reads_it(rng: random.Random) -> None:
    for name, shape in SHAPES.items():
        literals = [rng.choice(["", "-"]) + shape(rng) for _ in range(3000)]
        for literal, expected in zip(literals, read_by_tokenizers(literals), strict=True):
            assert bits(read(literal)) == bits(expected), (name, literal)


def test_edges_are_read_as_tokenizers_reads_them() -> None:
    assert [*map(bits, map(read, EDGES))] == [*map(bits, read_by_tokenizers(EDGES))]


def test_more_zeros_than_there_are_powers() -> None:
    literals = [f"0.{'0' * 400}1e{exponent}" for exponent in (90, 300, 401)]
    literals += [f"1{'0' * 400}e-{exponent}" for exponent in (400, 300, 800)]
    literals += [f"0.{'12345678' * 1000}"]
    assert [*map(read, literals)] == read_by_tokenizers(literals)


@pytest.mark.parametrize("literal", ["1e309", "-1e309", "10e308", "1e99999999999", "9" * 400])
def test_what_is_too_large_is_infinite(literal: str) -> None:
    assert math.isinf(read(literal))
    assert (read(literal) < 0) is literal.startswith("-")
    with pytest.raises(Exception, match="out of range"):
        read_by_tokenizers([literal])


def test_the_nearest_double_is_often_another(rng: random.Random) -> None:
    literals = [SHAPES["score"](rng) for _ in range(2000)]
    assert 100 < sum(read(each) != float(each) for each in literals) < 800


# Writing


NUMBERS: dict[str, Callable[[random.Random], float]] = {
    "scores": lambda rng: -rng.uniform(0, 30),
    "any size of score": lambda rng: -(10 ** rng.uniform(-3, 6)),
    "as read": lambda rng: read(SHAPES["long"](rng)),
    "32 bits": lambda rng: struct.unpack("<f", struct.pack("<f", rng.uniform(-30, 0)))[0],
    "whole": lambda rng: float(rng.randrange(-(2**63), 2**63)),
    "large": lambda rng: 10 ** rng.uniform(16, 300),
    "small": lambda rng: 10 ** rng.uniform(-300, -6),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_spelled_comes_back(name: str, rng: random.Random) -> None:
    numbers = [NUMBERS[name](rng) for _ in range(4000)]
    literals = {number: spell(number) for number in numbers}
    spelled = {number: literal for number, literal in literals.items() if literal is not None}
    assert read_by_tokenizers([*spelled.values()]) == [*spelled]
    assert [read(literal) for literal in spelled.values()] == [*spelled]
    assert any(literal != repr(number) for number, literal in spelled.items())
    if name not in ("large", "small"):
        assert [float(literal) for literal in spelled.values()] == [*spelled]
        assert len(literals) - len(spelled) < 0.004 * len(literals)
    if name == "as read":
        assert len(literals) == len(spelled)


def test_what_cannot_be_spelled_no_literal_gives(rng: random.Random) -> None:
    numbers = [
        number for number in (rng.uniform(0, 30) for _ in range(20_000)) if not spell(number)
    ]
    assert numbers
    for number in numbers:
        for places in range(23):
            near = number * 10**places
            shifts = range(-4, 5) if near >= 1 << 53 else (0, 1)
            for shift in shifts:
                literal = f"{int(near) + shift * int(max(1.0, math.ulp(near)))}e-{places}"
                assert read(literal) != number


@pytest.mark.parametrize("number", [0.0, -0.0, 1.0, -100.0, 0.1, -12.5, 1e22, 5e-324])
def test_short_numbers_stay_short(number: float) -> None:
    assert spell(number) == repr(number)


# In files


PIECES = ("<unk>", "a", "b", "ab")


def test_the_last_bit_decides_ties(rng: random.Random) -> None:
    """Of "ab" and "a" with "b" the former wins a tie, and loses by the last bit of its score."""
    decided = set()
    for _ in range(200):
        literal = repr(rng.uniform(-30, -1))
        nearest, score = float(literal), read(literal)
        tie = spell(max(nearest, score))
        if nearest == score or tie is None or spell(nearest) is None:
            continue
        expected = [3] if score > nearest else [1, 2]
        file = unigram(PIECES, ["-50.0", "0.0", tie, literal])
        assert Theirs.from_str(file).encode("ab").ids == expected
        assert load(file.encode()).encode("ab") == expected
        otherwise = unigram(PIECES, ["-50.0", "0.0", tie, str(spell(nearest))])
        assert load(otherwise.encode()).encode("ab") != expected
        decided.add(len(expected))
    assert decided == {1, 2}


def test_integers_are_scores() -> None:
    literals = ["-50", "-9223372036854775809", "18446744073709551616", "123456789012345678901234"]
    ours = load(unigram(PIECES, literals).encode())
    assert scores(ours) == read_by_tokenizers(literals)
    assert scores(ours)[3] != float(literals[3])


def scores(tokenizer: Tokenizer) -> list[float]:
    assert isinstance(tokenizer.segmenter, UnigramSegmenter)
    return tokenizer.segmenter.scores.tolist()


def test_a_saved_file_has_the_scores(rng: random.Random) -> None:
    literals = [f"-{SHAPES['long'](rng)}" for _ in range(3000)]
    pieces = ["<unk>", *(f'{each} "," \\\\ -1.5 {each}' for each in literals[1:])]
    ours = load(unigram([json.dumps(each)[1:-1] for each in pieces], literals).encode())
    document = to_document(ours.pipeline)
    assert document.literals
    assert not any("last bit" in reason for reason in document.reasons)
    check_scores(ours, document.dump())


def check_scores(ours: Tokenizer, file: bytes) -> None:
    assert load(file).fingerprint() == ours.fingerprint()
    theirs = json.loads(Theirs.from_str(file.decode()).to_str())["model"]["vocab"]
    assert [score for _, score in theirs] == scores(ours)
    assert [score for _, score in json.loads(file)["model"]["vocab"]] == scores(ours)


def test_a_score_that_no_literal_gives_is_a_reason(rng: random.Random) -> None:
    ours = load(unigram(PIECES, ["-50.0", "-1.0", "-2.0", "-3.0"]).encode())
    unsayable = next(x for x in (rng.uniform(-30, 0) for _ in range(50_000)) if not spell(x))
    changed = ours.segmenter.scores.copy()  # type: ignore[attr-defined]
    changed[2] = unsayable
    segmenter = dataclasses.replace(ours.segmenter, scores=changed)  # type: ignore[type-var]
    document = to_document(dataclasses.replace(ours.pipeline, segmenter=segmenter))
    assert any("last bit" in reason for reason in document.reasons)
    assert not any("last bit" in reason for reason in to_document(ours.pipeline).reasons)
    assert scores(load(document.dump()))[2] == pytest.approx(unsayable, rel=1e-15)


@pytest.mark.shared
def test_scores_of_a_shared_file(tokenizer_files: Path) -> None:
    data = (tokenizer_files / "pegasus_unigram96k_tokenizer.json").read_bytes()
    ours = load(data)
    theirs = json.loads(Theirs.from_str(data.decode()).to_str())["model"]["vocab"]
    assert scores(ours)[: len(theirs)] == [score for _, score in theirs]
    assert [score for _, score in json.loads(data)["model"]["vocab"]] != scores(ours)[: len(theirs)]
    document = to_document(ours.pipeline)
    assert not any("last bit" in reason for reason in document.reasons)
    assert load(document.dump()).fingerprint() == ours.fingerprint()
