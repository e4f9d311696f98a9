"""Measure ways of coding on one album: codecs, and baselines at the bits that these take."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from tokenry.errors import SignalError
from tokenry.progress import Progress, silent
from tokenry.signals.baselines.at_bits import format_at_bits, formats_here
from tokenry.signals.baselines.contract import code_album, cpu_seconds
from tokenry.signals.baselines.patch_kmeans import PatchKMeans
from tokenry.signals.codec import Codec
from tokenry.signals.comparing.comparison import CodingComparison, PictureRow, title_of
from tokenry.signals.measures.local import LocalClassifier
from tokenry.signals.measures.measured import (
    CodedPictures,
    PictureScores,
    floor_of,
    measure_pictures,
)
from tokenry.signals.measures.perturbed import perturbed_codes
from tokenry.signals.perturbers.neighbours import NeighbourSwap
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.png import png_bytes

Code = Callable[[Album], CodedPictures]
KMEANS: Final = "k-means patches"
_SHOWN: Final = 6


@dataclass(frozen=True)
class Way:
    """A way of coding at a setting.

    Attributes:
        family: its name: ``titok``.
        setting: what differs from others of the family: ``32 tokens``.
        code: what it makes of an album.
        shown: whether pictures of it stand on the page.
    """

    family: str
    setting: str
    code: Code
    shown: bool = True


@dataclass(frozen=True, kw_only=True)
class PictureJudge:
    """What figures are measured by.

    Attributes:
        classifier: trained on other pictures; None: none of its figures.
        others: other real pictures, as many or more, for the floor of FD-local.
    """

    classifier: LocalClassifier | None = None
    others: Album | None = None

    def floor(self, album: Album) -> float | None:
        """FD-local of other real pictures."""
        if self.classifier is None or self.others is None or len(self.others) < len(album):
            return None
        return floor_of(album, self.others, self.classifier)

    def accuracy(self, album: Album) -> float | None:
        """Of the classifier on the originals."""
        if self.classifier is None or (album.labels < 0).any():
            return None
        if self.classifier.module.part.classes != len(album.classes):
            return None
        return float(self.classifier.accuracy(album.pixels, album.labels).mean())


def coded_by(
    codec: Codec,
    album: Album,
    *,
    tokens: int | None = None,
    error: float | None = None,
    facts: Mapping[str, Any] | None = None,
    swap: NeighbourSwap | None = None,
) -> CodedPictures:
    """An album through a codec.

    Args:
        codec: of images.
        album: pictures.
        tokens: at most so many of each.
        error: that is good enough, for codecs that decide by it.
        facts: what its conditioner is told.
        swap: of tokens, for pictures of perturbed codes; None: none are made.
    """
    start = cpu_seconds()
    codes = codec.encode(album.pixels, facts=facts, names=album.names, tokens=tokens, error=error)
    between = cpu_seconds()
    decoded = codec.decode(codes, facts=facts)
    end = cpu_seconds()
    perturbed = None
    if swap is not None:
        perturbed = codec.decode(perturbed_codes(codec, codes, swap), facts=facts)
    return CodedPictures(
        decoded, codes.bits, codes.values, codes.levels, between - start, end - between, perturbed
    )


def codec_way(family: str, setting: str, codec: Codec, *, shown: bool = True, **asked: Any) -> Way:
    """A codec as a way; ``asked`` as for `coded_by`."""
    return Way(family, setting, lambda album: coded_by(codec, album, **asked), shown)


def baseline_ways(
    learnt: Album, bits: Sequence[float], *, formats: Iterable[str] | None = None, patch: int = 4
) -> Iterator[Way]:
    """K-means patches and formats of files at numbers of bits, or as near below as they come.

    Args:
        learnt: pictures that are not measured on.
        bits: of a picture.
        formats: names of `tokenry.signals.baselines.at_bits.FORMATS`; None: all that are here.
        patch: pixels of a side of k-means' patches; half as many codes as patches at most.
    """
    places = (learnt.pixels.shape[1] // patch) * (learnt.pixels.shape[2] // patch)
    levels = {round(2 ** min(each / places, 12)) for each in bits if each >= places}
    for codes in sorted(each for each in levels if 2 * each <= places * len(learnt)):
        yield Way(KMEANS, f"K={codes}", _KMeansCode(learnt, codes, patch))
    for name in formats_here() if formats is None else formats:
        found = [format_at_bits(name, learnt, each) for each in bits]
        for setting, coder in dict(filter(None, found)).items():
            yield Way(name, setting, lambda album, coder=coder: code_album(coder, album))  # type: ignore[misc]


@dataclass(frozen=True)
class _KMeansCode:
    """K-means, fitted when it is first asked."""

    learnt: Album = field(repr=False)
    codes: int
    patch: int

    def __call__(self, album: Album) -> CodedPictures:
        coder = PatchKMeans.fit(self.learnt, codes=self.codes, patch=self.patch)
        codes = coder.codes(album.pixels).reshape(-1, 1)
        found = code_album(coder, album, codes=codes, levels=coder.levels)
        tokens = len(codes) // len(album)
        return replace(found, bits=np.full(len(album), tokens * np.log2(self.codes)))


def compare(
    ways: Iterable[Way],
    album: Album,
    *,
    source: str = "",
    judge: PictureJudge | None = None,
    shown: int = _SHOWN,
    progress: Progress = silent,
) -> CodingComparison:
    """Measure ways of coding on the same pictures.

    Args:
        ways: one after another.
        album: that nothing was learnt on.
        source: where it is from, for the page.
        judge: what figures are measured by beside pixels.
        shown: pictures that stand side by side.
        progress: told how far it is.

    Raises:
        SignalError: there is no way, or one gives other pictures than it was given.
    """
    judge, many = judge or PictureJudge(), list(ways)
    if not many:
        raise SignalError("no way of coding to compare; give a codec or a baseline")
    places = np.linspace(0, len(album) - 1, min(shown, len(album))).round().astype(int)
    scores: list[PictureScores] = []
    pictures: list[dict[str, str]] = [{} for _ in places]
    for number, way in enumerate(many):
        progress(f"{way.family} {way.setting}", number, len(many))
        coded = way.code(album)
        score = measure_pictures(
            album, coded, family=way.family, setting=way.setting, classifier=judge.classifier
        )
        scores.append(score)
        if way.shown:
            for row, place in zip(pictures, places, strict=True):
                row[title_of(score)] = _drawn(coded.pixels[place])
    rows = [
        PictureRow(album.names[place], _drawn(album.pixels[place]), row)
        for row, place in zip(pictures, places, strict=True)
    ]
    return CodingComparison(
        source, (album.pixels.shape[1], album.pixels.shape[2]), len(album), album.fingerprint,
        tuple(scores), judge.floor(album), judge.accuracy(album),
        judge.classifier.fingerprint if judge.classifier else "", tuple(rows),
    )  # fmt: skip


def _drawn(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> str:
    return base64.b64encode(png_bytes(pixels)).decode()
