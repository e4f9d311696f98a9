"""The native core."""

import numpy as np
from numpy.typing import NDArray

# --- splitters and Unicode classes (native/bindings/split.cpp) ---

class Splitter:
    """Cuts bytes into pretokens. See `tokenry.text.splitting` for what each name means."""

    def __init__(self, name: str, *, simd: str | None = None) -> None:
        """Make the splitter ``name`` (see `splitter_names`).

        ``simd`` forces a vector path of `simd_paths`; a splitter without one as wide takes its
        widest below. Raises ValueError for a name or a path that this machine does not have.
        """

    @property
    def name(self) -> str:
        """The name it was made by."""

    def split(self, data: bytes, *, capacity: int = 4096) -> NDArray[np.uint64]:
        """Ends of the pretokens of ``data``, shape (n,), ascending; they cover all of it.

        ``capacity`` pretokens are found a step; the result does not depend on it.
        """

    def count(self, data: bytes, *, repeats: int = 1) -> int:
        """Pretokens of ``data``, found ``repeats`` times and summed; for benchmarks."""

def splitter_names() -> list[str]:
    """Names that `Splitter` takes."""

def simd() -> str:
    """The vector path in use: "scalar", "avx2" or "avx512"; TOKENRY_SIMD forces one."""

def simd_paths() -> list[str]:
    """The vector paths that this processor has."""

def unicode_version() -> str:
    """Version of the Unicode tables of the core."""

def unicode_records() -> NDArray[np.uint8]:
    """One byte for each code point, shape (0x110000,).

    Bits 0-4: general category, in the order Cn Cc Cf Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd
    Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs, then (30) the White_Space members of Cc. Bit 5: Script=Han.
    """

# --- Unigram, WordPiece, SentencePiece (native/bindings/models.cpp) ---

class Charsmap:
    """The compiled normalisation rules of a SentencePiece model."""

    def __init__(self, blob: bytes) -> None:
        """Read and check a ``precompiled_charsmap``; ValueError says what is wrong with it."""

    def normalize_transformers(self, text: bytes) -> bytes:
        """Apply the rules to UTF-8 as Hugging Face's tokenizers does."""

    def align_transformers(self, text: bytes) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
        """The same, and where in ``text`` what each byte was made from starts and ends."""

class SentencePieceNormalizer:
    """What SentencePiece does to text before it segments it."""

    def __init__(
        self,
        rules: Charsmap | None,
        *,
        kept: list[bytes],
        remove_extra_spaces: bool,
        dummy: str,
    ) -> None:
        """``kept``: byte strings no rule may change; ``dummy``: before, after or none."""

    def normalize(self, text: bytes) -> bytes:
        """Normalised text in which U+2581 is a plain space; invalid bytes become U+FFFD."""

    def align(self, text: bytes) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
        """The same, and where in ``text`` what each byte was made from starts and ends."""
