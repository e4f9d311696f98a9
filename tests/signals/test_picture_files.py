"""Pictures whose folders tell a codec what they show, through files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_codecs import base, codec_with, images

from tokenry.errors import SignalError
from tokenry.signals.codec import Codec
from tokenry.signals.objectives.caption import Caption
from tokenry.signals.picture_files import decode_pictures, encode_pictures, facts_of
from tokenry.signals.pictures import open_album, read_pictures, write_png
from tokenry.signals.sources.text import NO_BYTE, text_ids

pytest.importorskip("torch")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, pixels in enumerate(images(6)):
        write_png(pixels, tmp_path / "in" / ("cat", "dog", "ox")[number % 3] / f"{number}.png")
    return tmp_path / "in"


@pytest.mark.parametrize("source", ["label", "text"])
def test_the_folder_is_told_both_ways(source: str, folder: Path, tmp_path: Path) -> None:
    """A part of the pictures is told what all were: classes are those of the training."""
    codec = Codec(codec_with(f"sources/{source}").build(seed=2), {"classes": ["cat", "dog", "ox"]})
    write_png(images(6)[2], tmp_path / "some" / "ox" / "2.png")
    whole, part = (encode_pictures(codec, [each]) for each in (folder, tmp_path / "some"))
    assert np.array_equal(whole[whole.names.index("ox/2")], part[0])
    written = decode_pictures(codec, whole, tmp_path / "out")
    told = facts_of(codec.assembly, open_album([folder], size=8))
    made = codec.decode(whole, facts=told)
    found = {each.name: each.pixels for each in read_pictures(tmp_path / "out")}
    assert len(written) == 6
    for name, pixels in zip(whole.names, made, strict=True):
        assert np.array_equal(found[name], pixels)


def test_what_cannot_be_told_is_named(folder: Path) -> None:
    album = open_album([folder], size=8)
    with pytest.raises(SignalError, match="is told 'frames', which pictures do not have"):
        facts_of(codec_with("sources/frames"), album)
    with pytest.raises(SignalError, match="expected one length"):
        facts_of(codec_with("sources/text"), album, objectives=[Caption(length=9)])
    told = facts_of(base(), album, objectives=[Caption(length=9)])
    assert told["text"].shape == (6, 9)
    write_png(images(1)[0], folder / "alone.png")
    with pytest.raises(SignalError, match="some pictures have no label"):
        facts_of(codec_with("sources/label"), open_album([folder], size=8))


def test_ids_of_texts() -> None:
    found = text_ids(["é", "long text"], 4)
    assert found.tolist() == [[0xC3, 0xA9, NO_BYTE, NO_BYTE], list(b"long")]
