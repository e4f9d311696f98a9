from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray


@dataclass(frozen=True)
class Bytes:
    """A vocabulary of 256 bytes, the piece b"ab" as id 256, a special and a hole."""

    pieces: Sequence[bytes | None] = (*(bytes([i]) for i in range(256)), b"ab", None, None)
    roles: dict[int, str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", {257: "special"})


class ByteTokenizer:
    """Encodes b"ab" as one id and all else as bytes; loses NUL where it is told to."""

    def __init__(self, lossy: bool = False) -> None:
        self.vocabulary = Bytes()
        self.lossy = lossy

    def encode_to_numpy(self, text: bytes, /) -> NDArray[np.uint32]:
        ids, at = [], 0
        while at < len(text):
            pair = text[at : at + 2] == b"ab"
            ids.append(256 if pair else text[at])
            at += 2 if pair else 1
        return np.array(ids, dtype=np.uint32)

    def count_batch(self, texts: Sequence[str], /) -> NDArray[np.int64]:
        return np.array([len(self.encode_to_numpy(text.encode())) for text in texts])

    def decode_bytes(self, ids: NDArray[np.uint32], /) -> bytes:
        joined = b"".join(self.vocabulary.pieces[i] or b"" for i in ids)
        return joined.replace(b"\0", b"") if self.lossy else joined

    def fingerprint(self) -> str:
        return "byte-tokenizer"


@pytest.fixture
def tokenizer() -> ByteTokenizer:
    return ByteTokenizer()


@pytest.fixture
def lossy() -> ByteTokenizer:
    return ByteTokenizer(lossy=True)
