"""Files of pieces: found in a folder or in tiktoken's own cache, and checked; rarely downloaded."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from tokenry.errors import FormatError
from tokenry.files import write_atomically
from tokenry.formats.tiktoken import read_ranks, read_vocabulary
from tokenry.tiktoken.published import PublishedEncoding, PublishedFile
from tokenry.vocabulary import (
    BYTE_ALPHABET,
    BYTE_LEVEL_ORDER,
    Vocabulary,
    from_byte_level,
    pack_byte_level,
)

CACHE_VARIABLES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")


def cache_folder() -> Path | None:
    """Where tiktoken keeps its files; None where the user has turned its cache off."""
    named = next((os.environ[each] for each in CACHE_VARIABLES if each in os.environ), None)
    if named is None:
        return Path(tempfile.gettempdir()) / "data-gym-cache"
    return Path(named) if named else None


def load_pieces(
    encoding: PublishedEncoding,
    folder: str | os.PathLike[str] | None = None,
    *,
    download: bool = False,
) -> Vocabulary:
    """The ordinary pieces of a published encoding, from the first of its files that is found.

    Args:
        encoding: which.
        folder: looked into before tiktoken's cache, for the file's own name or its name there.
        download: fetch what is found nowhere, and keep it in tiktoken's cache.

    Raises:
        FormatError: no file is found, or one is not the published one.
    """
    folder = None if folder is None else Path(folder)
    for file in encoding.files:
        for path in _places(file, folder):
            if path.is_file():
                return _pieces(_checked(path.read_bytes(), file, str(path)), file)
    if download:
        return _pieces(_download(encoding.files[0]), encoding.files[0])
    raise FormatError(_not_found(encoding, folder))


def _places(file: PublishedFile, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder / file.url.rpartition("/")[2]
        yield folder / _cache_name(file.url)
    cache = cache_folder()
    if cache is not None:
        yield cache / _cache_name(file.url)


def _cache_name(url: str) -> str:
    return hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()


def _checked(data: bytes, file: PublishedFile, where: str) -> bytes:
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise FormatError(
            f"{where} is not {file.url}: its SHA-256 is {found}, expected {file.sha256}; remove it "
            "and copy the published file again"
        )
    return data


def _download(file: PublishedFile) -> bytes:
    with urlopen(file.url) as answer:
        data = _checked(answer.read(), file, "what was downloaded")
    cache = cache_folder()
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        write_atomically(cache / _cache_name(file.url), data)
    return data


def _not_found(encoding: PublishedEncoding, folder: Path | None) -> str:
    names = " or ".join(file.url.rpartition("/")[2] for file in encoding.files)
    caches = [f"{_cache_name(file.url)}" for file in encoding.files]
    looked = [str(place) for place in (folder, cache_folder()) if place is not None]
    return (
        f"{names} is not in {' or '.join(looked) or 'any folder'} (in a cache of tiktoken it is "
        f"named {' or '.join(caches)}); give folder=, set TIKTOKEN_CACHE_DIR, or pass "
        f"download=True to fetch {encoding.files[0].url}"
    )


def _pieces(data: bytes, file: PublishedFile) -> Vocabulary:
    return read_vocabulary(data) if file.kind == "ranks" else _of_merges(data)


def _of_merges(data: bytes) -> Vocabulary:
    """GPT-2: the 256 bytes, then what each merge makes."""
    lines = data.decode().splitlines()[1:]
    singles = [BYTE_ALPHABET[byte] for byte in BYTE_LEVEL_ORDER]
    made = [line.replace(" ", "", 1) for line in lines if line]
    return Vocabulary.from_packed(*pack_byte_level([*singles, *made]))


# What tiktoken.load offers to those who build encodings of their own.


def load_tiktoken_bpe(tiktoken_bpe_file: str, expected_hash: str | None = None) -> dict[bytes, int]:
    """Piece -> rank of a rank file that is a path, or a URL that tiktoken's cache has.

    Args:
        tiktoken_bpe_file: which.
        expected_hash: the SHA-256 of its content, in hexadecimal.

    Raises:
        FormatError: the file is not there, is another, or is malformed.
    """
    data = _read_cached(tiktoken_bpe_file, expected_hash)
    return {piece: rank for rank, piece in read_ranks(data).items()}


def data_gym_to_mergeable_bpe_ranks(
    vocab_bpe_file: str,
    encoder_json_file: str,
    vocab_bpe_hash: str | None = None,
    encoder_json_hash: str | None = None,
    clobber_one_byte_tokens: bool = False,
) -> dict[bytes, int]:
    """Piece -> rank of GPT-2's merges, checked against its ``encoder.json``.

    Raises:
        FormatError: a file is not there or another, or the two do not agree.
    """
    import json

    merges = _of_merges(_read_cached(vocab_bpe_file, vocab_bpe_hash))
    ranks = {piece: rank for rank, piece in enumerate(merges.pieces) if piece is not None}
    named: dict[str, int] = json.loads(_read_cached(encoder_json_file, encoder_json_hash))
    for special in ("<|endoftext|>", "<|startoftext|>"):
        named.pop(special, None)
    listed = {from_byte_level(piece): rank for piece, rank in named.items()}
    if clobber_one_byte_tokens:
        ranks.update({piece: rank for piece, rank in listed.items() if len(piece) == 1})
    if ranks != listed:
        raise FormatError(f"{encoder_json_file} does not list what {vocab_bpe_file} makes")
    return ranks


def _read_cached(place: str, sha256: str | None) -> bytes:
    path = Path(place)
    if "://" in place:
        cache = cache_folder()
        path = Path() if cache is None else cache / _cache_name(place)
    if not path.is_file():
        raise FormatError(
            f"{place} is not {'in the cache of tiktoken' if '://' in place else 'a file'}; "
            "tokenry downloads nothing unless get_encoding(name, download=True) asks for it"
        )
    data = path.read_bytes()
    return data if sha256 is None else _checked(data, PublishedFile(place, sha256), str(path))
