from __future__ import annotations

import unicodedata

import pytest

from tokenry.corpus.augmentation.noise import BYTE_KINDS, KINDS, noisy
from tokenry.errors import CorpusError

TEXT = "Naïve café – 東京, the quick brown fox\n jumps over 12 lazy dogs. " * 20


@pytest.mark.parametrize("kind", [*KINDS, *BYTE_KINDS])
def test_noise_changes_some_of_a_text_in_the_same_places(kind: str) -> None:
    data = TEXT.encode()
    found = noisy(data, kind, rate=0.05, seed=3)
    assert found == noisy(data, kind, rate=0.05, seed=3)
    assert found != data
    assert noisy(b"", kind) == b""
    if kind in KINDS:
        found.decode()
    if kind != "decompose":
        assert found != noisy(data, kind, rate=0.05, seed=4)
        assert noisy(data, kind, rate=0.0) == data


def test_what_kinds_do() -> None:
    data = TEXT.encode()
    assert noisy(data, "case", rate=1.0).decode() == TEXT.swapcase()
    assert noisy(data, "double", rate=1.0).decode() == "".join(each * 2 for each in TEXT)
    assert noisy(data, "drop", rate=1.0) == b""
    assert noisy(data, "decompose").decode() == unicodedata.normalize("NFD", TEXT)
    assert unicodedata.normalize("NFKC", noisy(b"a b~", "full-width", rate=1.0).decode()) == "a b~"
    assert sorted(noisy(data, "swap", rate=0.3).decode()) == sorted(TEXT)
    assert noisy(data, "join", rate=0.2).decode() == TEXT.replace(" ", "")
    with pytest.raises(UnicodeDecodeError):
        noisy(data, "cut", rate=1.0).decode()
    assert len(noisy(data, "flip")) == len(data)


def test_bytes_that_are_no_text_stay() -> None:
    assert noisy(b"\xff\xfe a", "zero-width", rate=0.0) == b"\xff\xfe a"


def test_no_such_noise() -> None:
    with pytest.raises(CorpusError, match="no noise 'loud'; there are swap"):
        noisy(b"a", "loud")
