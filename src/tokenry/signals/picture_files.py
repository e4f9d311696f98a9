"""A codec of images over files: pictures to codes, codes to PNGs, training from folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np

from tokenry.errors import SignalError
from tokenry.progress import Progress, silent
from tokenry.signals.assembly import Assembly
from tokenry.signals.carriers.images import Images
from tokenry.signals.codec import Codec
from tokenry.signals.codes import Codes
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Picture
from tokenry.signals.pictures.png import write_png
from tokenry.signals.pictures.resizing import square
from tokenry.signals.pictures.sources import OnBroken, open_album, read_pictures
from tokenry.signals.sources.text import text_ids
from tokenry.signals.training.run import CodecRun, train_codec

Source = str | os.PathLike[str]
_AT_ONCE: Final = 256


def side_of(assembly: Assembly) -> int:
    """Height and width of the images of a codec.

    Raises:
        SignalError: it is of other items, or they are not square and of three channels.
    """
    carrier = assembly.carrier
    if not isinstance(carrier, Images) or carrier.shape != (3, carrier.height, carrier.height):
        raise SignalError(f"this codec takes {carrier}; expected square images of three channels")
    return carrier.height


def facts_of(
    assembly: Assembly,
    album: Album,
    *,
    classes: Sequence[str] = (),
    objectives: Sequence[Any] = (),
) -> dict[str, Any]:
    """What a codec is told of pictures: the labels of their classes, or the names of these as text.

    Args:
        assembly: its conditioner says what it has to be told.
        album: the pictures.
        classes: that it was trained with; (): those of the album.
        objectives: of its training, if it is trained.

    Raises:
        SignalError: a picture has no class, or pictures do not have what is to be told.
    """
    asked = [*assembly.conditioner.facts, *(f for o in objectives for f in getattr(o, "facts", ()))]
    if asked and (album.labels < 0).any():
        raise SignalError(
            f"this codec is told {', '.join(asked)}, but some pictures have no label; put each "
            "class into a folder of its own"
        )
    named = [album.classes[label] for label in album.labels.tolist()] if asked else []
    known = list(classes or album.classes)
    made: dict[str, Any] = {}
    for name in asked:
        if name == "label":
            made[name] = np.array([known.index(each) if each in known else -1 for each in named])
        elif name == "text":
            made[name] = text_ids(named, _text_length(assembly, objectives))
        else:
            raise SignalError(f"this codec is told {name!r}, which pictures do not have")
    return made


def _text_length(assembly: Assembly, objectives: Sequence[Any]) -> int:
    """In bytes, of whatever reads texts.

    Raises:
        SignalError: two of them read other lengths.
    """
    readers = [getattr(assembly.conditioner, "source", None), *objectives]
    readers = [getattr(each, "text", each) for each in readers]
    lengths = {each.length for each in readers if "text" in getattr(each, "facts", ())}
    if len(lengths) != 1:
        raise SignalError(f"texts of {sorted(lengths)} bytes are read; expected one length")
    return int(lengths.pop())


def train_on_pictures(
    assembly: Assembly,
    sources: Iterable[Source],
    *,
    run: CodecRun | None = None,
    within: str = "",
    limit: int | None = None,
    folder: Source | None = None,
    about: Mapping[str, Any] | None = None,
    on_broken: OnBroken | None = None,
    progress: Progress = silent,
) -> Codec:
    """Train a codec on the middle square of each picture, scaled.

    Args:
        assembly: its slots.
        sources: as `tokenry.signals.pictures.sources.read_pictures` takes them.
        run: how long.
        within: only pictures whose name begins so.
        limit: so many at most.
        folder: where the codec is saved; a training that was killed goes on there.
        about: kept with the codec.
        on_broken: told of pictures that cannot be read; None: the first one is raised.
        progress: told how far it is.
    """
    size = side_of(assembly)
    album = open_album(sources, size=size, within=within, limit=limit, on_broken=on_broken)
    return train_on_album(assembly, album, run=run, folder=folder, about=about, progress=progress)


def train_on_album(
    assembly: Assembly,
    album: Album,
    *,
    run: CodecRun | None = None,
    folder: Source | None = None,
    about: Mapping[str, Any] | None = None,
    progress: Progress = silent,
) -> Codec:
    """Train a codec on pictures in memory, and tell it of them what it has to be told.

    Args:
        assembly: its slots.
        album: pictures of its size.
        run: how long.
        folder: where the codec is saved; a training that was killed goes on there.
        about: kept with the codec.
        progress: told how far it is.
    """
    plan = assembly.training
    objectives = [each for stage in plan.stages for each in stage.objectives or plan.objectives]
    facts = facts_of(assembly, album, objectives=objectives)
    said = {"pictures": len(album), "data": album.fingerprint, **(about or {})}
    if facts:
        said["classes"] = list(album.classes)
    return train_codec(
        assembly, album.pixels, facts=facts, run=run, folder=folder, about=said, progress=progress
    )


def encode_pictures(
    codec: Codec,
    sources: Iterable[Source],
    *,
    tokens: int | None = None,
    error: float | None = None,
    on_broken: OnBroken | None = None,
) -> Codes:
    """Codes of all pictures of sources, with their names.

    Args:
        codec: of square images; pictures of other sizes are cut to the middle square and scaled.
        sources: as `tokenry.signals.pictures.sources.read_pictures` takes them.
        tokens: at most so many of each.
        error: that is good enough.
        on_broken: told of pictures that cannot be read; None: the first one is raised.

    Raises:
        SignalError: a picture is broken, or two have one name.
    """
    parts: list[Codes] = []
    seen: set[str] = set()
    for album in _albums(codec, sources, on_broken):
        twice = next((name for name in album.names if name in seen), None)
        twice = twice or next((n for n in album.names if album.names.count(n) > 1), None)
        if twice is not None:
            raise SignalError(
                f"two pictures are named {twice}; encode the folder that holds both, or one by one"
            )
        seen.update(album.names)
        facts = facts_of(codec.assembly, album, classes=codec.about.get("classes", ()))
        parts.append(
            codec.encode(album.pixels, facts=facts, names=album.names, tokens=tokens, error=error)
        )
    return joined(parts)


def joined(parts: list[Codes]) -> Codes:
    """Codes of one codec behind each other."""
    first = parts[0]
    starts = np.cumsum([0, *(len(part.values) for part in parts[:-1])])
    offsets = [part.offsets[1:] + start for part, start in zip(parts, starts.tolist(), strict=True)]
    places = None
    if any(part.places is not None for part in parts):
        places = np.concatenate([part.token_places for part in parts])
    return replace(
        first,
        values=np.concatenate([part.values for part in parts]),
        offsets=np.concatenate([[0], *offsets]).astype(np.int64),
        places=places,
        names=tuple(name for part in parts for name in part.names),
    )


def _albums(codec: Codec, sources: Iterable[Source], on_broken: OnBroken | None) -> Iterator[Album]:
    size, waiting = side_of(codec.assembly), []
    for source in sources:
        for picture in read_pictures(source, on_broken=on_broken):
            waiting.append(replace(picture, pixels=square(picture.pixels, size)))
            if len(waiting) == _AT_ONCE:
                yield Album.of(waiting)
                waiting = []
    if waiting:
        yield Album.of(waiting)


def decode_pictures(codec: Codec, codes: Codes, folder: Source) -> list[Path]:
    """Write a PNG for each item, under the name of its picture.

    Raises:
        SignalError: the codes are of another codec, or a name would lie outside of the folder.
    """
    names = codes.names or tuple(f"{place:06d}" for place in range(len(codes)))
    paths = [Path(folder, f"{name}.png") for name in map(_safe, names)]
    written = []
    for start in range(0, len(codes), _AT_ONCE):
        chosen = range(start, min(start + _AT_ONCE, len(codes)))
        facts = _facts_of_names(codec, names[start : start + _AT_ONCE])
        pixels_of = codec.decode(codes.items(list(chosen)), facts=facts)
        for pixels, path in zip(pixels_of, paths[start:], strict=False):
            written.append(write_png(pixels, path))
    return written


def _facts_of_names(codec: Codec, names: Sequence[str]) -> dict[str, Any]:
    """What a codec is told of pictures: the folder of each is its class, as for `read_pictures`."""
    if not codec.assembly.conditioner.facts:
        return {}
    size = side_of(codec.assembly)
    blank = np.zeros((size, size, 3), np.uint8)
    album = Album.of([Picture(blank, each, PurePosixPath(each).parent.name or None)
                      for each in names])  # fmt: skip
    return facts_of(codec.assembly, album, classes=codec.about.get("classes", ()))


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or not path.name:
        raise SignalError(f"a picture is named {name!r}, which lies outside of the folder")
    return name
