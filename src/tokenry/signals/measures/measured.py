"""All measures of one way of coding pictures, at the bits that it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.results import Result
from tokenry.signals.measures.code_use import code_use
from tokenry.signals.measures.fidelity import psnr
from tokenry.signals.measures.local import LocalClassifier
from tokenry.signals.measures.ssimulacra import LEAST, ssimulacra2
from tokenry.signals.measures.structural import ssim
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Pixels


@dataclass(frozen=True, eq=False)
class CodedPictures:
    """What became of an album.

    Attributes:
        pixels: as decoded, of the album's shape.
        bits: of each picture, side information included, shape (n,).
        codes: of all tokens, shape (tokens, slots), where there are any.
        levels: of the slots.
        encode_seconds, decode_seconds: CPU time of the whole album; None: not taken.
        perturbed: decoded from codes of which some were replaced by near ones, of the album's
            shape; None: not asked for.
    """

    pixels: Pixels
    bits: NDArray[np.float64]
    codes: NDArray[np.int64] | None = None
    levels: tuple[int, ...] = ()
    encode_seconds: float | None = None
    decode_seconds: float | None = None
    perturbed: Pixels | None = None


@dataclass(frozen=True)
class PictureScores(Result):
    """Figures of one way of coding at one number of bits.

    Attributes:
        family: the way: ``titok``, ``jpeg``.
        setting: at which setting: ``K=256``, ``quality 10``.
        figures: by the name of the measure, means over pictures.
        pictures: that were measured.
        classifier: the fingerprint of the local classifier, "" where none was given.
    """

    family: str
    setting: str
    figures: Mapping[str, float]
    pictures: int
    classifier: str = ""

    @property
    def bits(self) -> float:
        """Of a picture."""
        return self.figures["bits_per_item"]


def measure_pictures(
    album: Album,
    coded: CodedPictures,
    *,
    family: str,
    setting: str = "",
    classifier: LocalClassifier | None = None,
) -> PictureScores:
    """Measure decoded pictures against those of an album, in float64.

    Args:
        album: the originals.
        coded: what became of them, in the same order.
        family: what to call the way of coding.
        setting: and its setting.
        classifier: for FD-local, LP-local and, where its classes are those of the album, accuracy.

    Raises:
        SignalError: shapes do not fit, or bits are not finite numbers.
    """
    if coded.bits.shape != (len(album),) or not np.isfinite(coded.bits).all():
        raise SignalError(f"bits of shape {coded.bits.shape} for {len(album)} pictures")
    figures: dict[str, float] = {"bits_per_item": float(coded.bits.mean())}
    figures["psnr"] = float(psnr(album.pixels, coded.pixels).mean())
    if min(album.pixels.shape[1:3]) > 10:
        figures["ssim"] = float(ssim(album.pixels, coded.pixels).mean())
    if min(album.pixels.shape[1:3]) >= LEAST:
        figures["ssimulacra2"] = float(ssimulacra2(album.pixels, coded.pixels).mean())
    if classifier is not None:
        figures |= _local(album, coded.pixels, classifier)
        if coded.perturbed is not None and len(album) > 1:
            figures["pfd_local"] = classifier.fd_local(album.pixels, coded.perturbed)
    if coded.codes is not None:
        use = code_use(coded.codes, coded.levels)
        figures |= {"usage": use.usage, "perplexity": use.perplexity, "entropy": use.entropy}
    figures |= _speeds(len(album), coded)
    name = classifier.fingerprint if classifier else ""
    return PictureScores(family, setting, figures, len(album), name)


def _local(album: Album, decoded: Pixels, classifier: LocalClassifier) -> dict[str, float]:
    found = {"lp_local": float(classifier.lp_local(album.pixels, decoded).mean())}
    if len(album) > 1:
        found["fd_local"] = classifier.fd_local(album.pixels, decoded)
    if classifier.module.part.classes == len(album.classes) and (album.labels >= 0).all():
        found["accuracy"] = float(classifier.accuracy(decoded, album.labels).mean())
    return found


def _speeds(count: int, coded: CodedPictures) -> dict[str, float]:
    times = {
        "encoded_per_second": coded.encode_seconds,
        "decoded_per_second": coded.decode_seconds,
    }
    return {name: count / each for name, each in times.items() if each and math.isfinite(each)}


def floor_of(album: Album, others: Album, classifier: LocalClassifier) -> float:
    """FD-local of as many other real pictures: what no codec can be told from.

    Args:
        album: that codecs are measured on.
        others: real pictures that are not in it, at least as many.
        classifier: that measures.

    Raises:
        SignalError: there are fewer others.
    """
    if len(others) < len(album):
        raise SignalError(f"{len(others)} other pictures; expected {len(album)} or more")
    places = np.linspace(0, len(others) - 1, len(album)).round().astype(np.int64)
    return classifier.fd_local(album.pixels, others.pixels[places])


def bits_of_each(bits: float | Sequence[float] | NDArray[Any], count: int) -> NDArray[np.float64]:
    """Bits of each of ``count`` pictures, of one number or as many."""
    return np.broadcast_to(np.asarray(bits, np.float64), (count,)).copy()
