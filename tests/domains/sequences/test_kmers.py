"""k-mers, as DNABERT's own preprocessing makes them, and the report of strands."""

from __future__ import annotations

import pytest

from shares import draw, share
from tokenry.domains import learn
from tokenry.domains.sequences.dna import Dna
from tokenry.domains.sequences.kmers import KmerTokenizer
from tokenry.domains.sequences.strands import reverse_complement, strand_report
from tokenry.errors import DomainError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")


def kmers(sequence: str, k: int, step: int) -> list[str]:
    """What DNABERT's preprocessing gives: every k letters, ``step`` apart."""
    return [sequence[i : i + k] for i in range(0, len(sequence) - k + 1, step)]


@pytest.mark.parametrize("overlapping", [True, False])
def test_pieces_are_those_of_dnabert(overlapping: bool) -> None:
    chance = draw(f"kmers {overlapping}")
    for _ in range(share(60)):
        k = chance.randint(1, 7)
        sequence = "".join(chance.choices("ACGT", k=k * chance.randint(1, 40)))
        tokenizer = KmerTokenizer(k=k, overlapping=overlapping)
        ids = tokenizer.encode(sequence.encode())
        found = [(tokenizer.vocabulary.pieces[id_] or b"").decode() for id_ in ids.tolist()]
        assert found == kmers(sequence, k, 1 if overlapping else k)
        assert tokenizer.decode(ids) == sequence.encode()


@pytest.mark.parametrize("overlapping", [True, False])
def test_other_letters_are_bytes_and_come_back(overlapping: bool) -> None:
    chance = draw(f"kmers with N {overlapping}")
    for _ in range(share(60)):
        sequence = bytes(chance.choices(b"ACGTACGTACGTNR", k=chance.randint(0, 60)))
        tokenizer = KmerTokenizer(k=3, overlapping=overlapping)
        assert tokenizer.decode(tokenizer.encode(sequence)) == sequence


def test_k_has_bounds() -> None:
    with pytest.raises(DomainError, match="k 11; expected a whole number from 1 to 10"):
        KmerTokenizer(k=11)


def test_the_other_strand_is_compared() -> None:
    assert reverse_complement(b"AACGTN") == b"NACGTT"
    chance = draw("strands")
    half = bytes(chance.choices(b"ACGT", k=3000))
    tokenizer = learn(Dna(), [b">x\n" + half], vocab_size=300)
    palindrome = half + reverse_complement(half)
    report = strand_report(tokenizer, palindrome)
    assert report.tokens == report.tokens_reversed
    assert report.bases == 6000
    assert 0 < report.shared_borders < 1
    assert 0 < report.mirrored_pieces <= 1
    assert report.bases_to_agree < 100
    assert report.shared_after_shift > 0.9
    bytes_only = tokenizer.truncate(6 + 256)
    assert strand_report(bytes_only, half).shared_borders == 1
    with pytest.raises(DomainError, match="give two or more"):
        strand_report(tokenizer, b"A")
