"""What every registered domain promises, on made files, mutated ones and real ones."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from made import MADE
from real import real
from typer.testing import CliRunner

from shares import draw, part, share
from tokenry.domains import DOMAINS, DomainTokenizer, domain_named, learn, load
from tokenry.domains.domain_tokenizer import GROUND, RAW, REST, raw_of, spelled_marks
from tokenry.errors import DomainError, TokenryError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")
NAMES = [*DOMAINS]
MUTATED = 1_000  # files a domain, a share of them a run


@cache
def tokenizer(name: str) -> DomainTokenizer:
    pytest.importorskip("tokenry")
    files = [MADE[name](random.Random(seed)) for seed in range(40)]
    return learn(domain_named(name), files, vocab_size=size(name), max_piece_length=16)


def size(name: str, pieces: int = 100) -> int:
    """Ids of marks, bytes and so many learnt pieces."""
    return len(spelled_marks(domain_named(name))) + 256 + pieces


def mutated(data: bytes, chance: random.Random, spelled: list[bytes]) -> bytes:
    """A file with a few changes: bytes, stretches, lengths, and marks written out."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(found))
        more = chance.randint(1, 20)
        match chance.randrange(7):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[at : at + more]
            case 2:
                found[at:at] = chance.randbytes(more)
            case 3:
                found[at:at] = found[:more]
            case 4:
                del found[at:]
            case 5:
                found[at:at] = chance.choice(spelled)
            case _:
                found[at:at] = chance.choice([b"\n", b"\r\n", b"\0", b'"', b",", b"N" * 30, b" "])
    return bytes(found)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_does(name: str) -> None:
    kind = DOMAINS.load(name)
    assert kind.name == name
    assert DOMAINS.entry(name).summary
    promise = kind.promise
    assert min(map(len, (promise.lossless, promise.dropped, promise.ids))) > 10
    assert len(set(spelled_marks(kind()))) == len(kind().marks) + len(GROUND)


@pytest.mark.parametrize("name", NAMES)
def test_made_files_come_back_and_are_of_the_domain(name: str) -> None:
    chance = draw(f"made {name}")
    for _ in range(share(200)):
        data = MADE[name](chance)
        encoded = tokenizer(name).encode_file(data, strict=True)
        assert tokenizer(name).decode(encoded.ids) == data
        assert RAW not in encoded.ids
        assert (encoded.ids == REST).sum() <= 1
        for values in encoded.channels.values():
            assert values.shape == encoded.ids.shape


@pytest.mark.parametrize("name", NAMES)
def test_mutated_files_come_back_or_are_marked(name: str) -> None:
    chance = draw(f"mutated {name}")
    spelled = [mark.encode() for mark in spelled_marks(domain_named(name))]
    for _ in range(share(MUTATED)):
        data = mutated(MADE[name](chance), chance, spelled)
        encoded = tokenizer(name).encode_file(data)
        assert tokenizer(name).decode(encoded.ids) == data
        assert (encoded.fallback is not None) == (encoded.ids[:1].tolist() == [RAW])
        if encoded.fallback is not None:
            assert len(encoded.fallback) > 20
            with pytest.raises(DomainError):
                tokenizer(name).encode(data, strict=True)


@pytest.mark.parametrize("name", NAMES)
def test_any_bytes_come_back(name: str) -> None:
    chance = draw(f"bytes {name}")
    files = [b"", b"\n", b"\0", b">", b"@", bytes(range(256)), b"\xff" * 100, b"a\rb\r\nc"]
    files += [chance.randbytes(chance.randint(1, 300)) for _ in range(share(100))]
    for data in files:
        assert tokenizer(name).decode(tokenizer(name).encode(data)) == data


@pytest.mark.parametrize("name", NAMES)
def test_any_ids_are_bytes_or_a_clear_error(name: str) -> None:
    chance = draw(f"ids {name}")
    marks = len(spelled_marks(domain_named(name)))
    for _ in range(share(400)):
        ids = [
            chance.randrange(marks)
            if chance.random() < 0.2
            else chance.randrange(tokenizer(name).n_vocab)
            for _ in range(chance.randint(0, 40))
        ]
        ids = [min(each, tokenizer(name).n_vocab - 1) for each in ids]
        try:
            assert isinstance(tokenizer(name).decode(ids), bytes)
        except DomainError as error:
            assert len(str(error)) > 20  # noqa: PT017 (either outcome is fine, no third one)


@pytest.mark.parametrize("name", NAMES)
def test_edited_ids_are_bytes_or_a_clear_error(name: str) -> None:
    """Ids of a file without some, or with others between: what a model may make of it."""
    chance = draw(f"edited {name}")
    for _ in range(share(400)):
        ids = tokenizer(name).encode(MADE[name](chance)).tolist()
        at = chance.randint(0, len(ids))
        ids[at : at + chance.randint(0, 3)] = [chance.randrange(tokenizer(name).n_vocab)]
        try:
            tokenizer(name).decode(ids)
        except TokenryError as error:
            assert len(str(error)) > 20  # noqa: PT017


@pytest.mark.parametrize("name", NAMES)
def test_content_cannot_forge_a_mark(name: str) -> None:
    spelled = b" ".join(mark.encode() for mark in spelled_marks(domain_named(name)))
    ids = tokenizer(name).encode_parsed(raw_of(spelled), ground=True).ids
    assert ids[0] == RAW
    assert (ids[1:] >= len(spelled_marks(domain_named(name)))).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_smaller_vocabulary_is_the_beginning_of_a_larger(name: str) -> None:
    large = tokenizer(name)
    small = large.truncate(size(name, 24))
    pieces = large.tokenizer.vocabulary.pieces
    assert small.tokenizer.vocabulary.pieces == pieces[: small.n_vocab]
    data = MADE[name](draw(f"nested {name}"))
    assert small.decode(small.encode(data)) == data


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_says_all(name: str, tmp_path: Path) -> None:
    loaded = load(tokenizer(name).save(tmp_path / "saved"))
    assert loaded.domain == tokenizer(name).domain
    data = MADE[name](draw(f"saved {name}"))
    assert np.array_equal(loaded.encode(data), tokenizer(name).encode(data))


@pytest.mark.parametrize("name", NAMES)
def test_commands_give_the_file_back(name: str, tmp_path: Path) -> None:
    from tokenry.cli.app import app

    chance = random.Random(3)
    for number in range(8):
        (tmp_path / f"{number}.bin").write_bytes(MADE[name](chance))
    out, file, ids = tmp_path / "out", tmp_path / "1.bin", tmp_path / "ids"
    back = tmp_path / "back"
    files = sorted(map(str, tmp_path.glob("*.bin")))
    runner = CliRunner()
    for command in (
        ["learn", "--domain", name, *files, "--vocab-size", size(name), "--out", out],
        ["encode", out, file, "--out", ids],
        ["decode", out, ids, "--out", back],
    ):
        result = runner.invoke(app, [*map(str, command)])
        assert result.exit_code == 0, result.output
    assert back.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_real_files_come_back(name: str) -> None:
    files = real(name)
    if not files:
        pytest.skip("no real files of this domain are here")
    known = 0
    for path in part(files) if len(files) > 8 else files:
        data = path.read_bytes()
        encoded = tokenizer(name).encode_file(data)
        assert tokenizer(name).decode(encoded.ids) == data, path
        known += encoded.fallback is None
    assert known
