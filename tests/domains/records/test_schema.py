"""Schemas: what they may say, and that the core and the readable machine label files alike."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from shares import draw, share
from tokenry.domains import domain_named, learn, load
from tokenry.domains.records.domain import Records
from tokenry.domains.records.fields import FieldReader
from tokenry.domains.records.machine import read_labels, write_labels
from tokenry.domains.records.program import FieldRole
from tokenry.domains.records.schema import (
    FieldNumber,
    Quantisation,
    Schema,
    Step,
    read_schema,
    schema_of,
)
from tokenry.errors import DomainError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")
WEATHER = {
    "format": "tokenry-schema",
    "version": 1,
    "name": "weather",
    "endian": "big",
    "fields": [
        {"name": "magic", "type": "u2", "value": 4660},
        {"repeat": "rest", "read": "station"},
    ],
    "groups": {
        "station": [
            {"mark": "station", "name": "id", "type": "u2"},
            {"name": "count", "type": "u1", "role": "side"},
            {"repeat": "count", "read": "reading"},
        ],
        "reading": [
            {"name": "time", "type": "u4", "role": "side", "channel": True},
            {
                "name": "degrees",
                "type": "f4",
                "quantise": {"low": -40, "high": 60, "bins": 200},
            },
        ],
    },
}


def weather(chance: random.Random) -> bytes:
    data = struct.pack(">H", 4660)
    for station in range(chance.randint(0, 4)):
        count = chance.randint(0, 5)
        data += struct.pack(">HB", station, count)
        for time in range(count):
            data += struct.pack(">If", 60 * time, chance.gauss(12, 9))
    return data


def drawn_schema(chance: random.Random) -> Schema:
    """Fields, repeats, regions and switches, put together at random."""
    names = [f"f{i}" for i in range(4)]
    groups = {f"g{i}": steps(chance, names, i) for i in range(4)}
    fields = (
        *(Step(name=name, type=f"u{chance.randint(1, 3)}") for name in names),
        *steps(chance, names, 4),
    )
    return Schema(
        name="drawn", fields=fields, groups=groups, endian=chance.choice(["little", "big"])
    )


def steps(chance: random.Random, names: list[str], below: int) -> tuple[Step, ...]:
    """Steps that read groups of a lower number only, so that they end."""
    found = []
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(names)
        group = f"g{chance.randrange(below)}" if below else None
        count = FieldNumber(
            of=name, mask=7, shift=chance.randrange(3), times=chance.randint(-1, 2), plus=1
        )
        kind = chance.choice(["number", "bytes", "mark", "within", "repeat", "switch", "call"])
        role = chance.choice(["keep", "side"])
        if group is None or kind in ("number", "bytes", "mark"):
            found.append(
                {
                    "bytes": Step(
                        name="b", bytes=chance.choice([count, 3, "rest", name]), role=role
                    ),
                    "mark": Step(mark=f"m{chance.randrange(3)}"),
                }.get(kind, Step(name="n", type="i2", role=role, endian="big"))
            )
        elif kind == "within":
            found.append(Step(within=count, read=group))
        elif kind == "repeat":
            found.append(Step(repeat=chance.choice([count, "rest"]), read=group))
        elif kind == "switch":
            found.append(
                Step(
                    switch=name,
                    cases={"1": group, "0x2": group},
                    default=chance.choice([None, group]),
                )
            )
        else:
            found.append(Step(read=group, mark="called"))
    return tuple(found)


def parts_of(
    reader: FieldReader, data: bytes, labels: list[tuple[int, int]]
) -> tuple[bytes, bytes]:
    """What is kept of a file without bins, and what stands aside."""
    kept = aside = b""
    begin = 0
    for label, end in labels:
        role = reader.program.roles[label]
        kept += data[begin:end] if role == FieldRole.KEEP else b""
        aside += data[begin:end] if role == FieldRole.SIDE else b""
        begin = end
    return kept, aside


def test_the_core_and_the_machine_label_alike() -> None:
    chance = draw("schemas")
    for _ in range(share(800)):
        reader = FieldReader(drawn_schema(chance))
        data = bytes(chance.choices(range(8), k=chance.randint(0, 60)))
        found = reader.read(data)
        expected = read_labels(reader.program, data)
        assert [*zip(found.labels.tolist(), found.ends.tolist(), strict=True)] == expected
        assert (found.kept, found.aside) == parts_of(reader, data, expected)
        assert write_labels(reader.program, found.kept, found.aside, len(data)) == expected
        assert reader.write(found.kept, found.aside, len(data)) == data


def test_a_schema_file_alone_is_a_new_domain(tmp_path: Path) -> None:
    from tokenry.cli.app import app

    chance = random.Random(5)
    schema = tmp_path / "weather.json"
    schema.write_text(json.dumps(WEATHER))
    files = [tmp_path / f"{number}.bin" for number in range(6)]
    for file in files:
        file.write_bytes(weather(chance))
    out, ids, back = tmp_path / "out", tmp_path / "ids", tmp_path / "back"
    for command in (
        ["learn", "--domain", schema, *files, "--vocab-size", "300", "--out", out],
        ["encode", out, files[1], "--out", ids],
        ["decode", out, ids, "--out", back],
    ):
        result = CliRunner().invoke(app, [*map(str, command)])
        assert result.exit_code == 0, result.output
    assert back.read_bytes() == files[1].read_bytes()
    loaded = load(out)
    assert loaded.domain == domain_named(str(schema))
    assert "<|weather.station|>" in loaded.tokenizer.special_tokens_set


def test_bins_stand_in_the_ids_and_exact_values_aside() -> None:
    domain = Records(schema=schema_of(WEATHER))
    data = struct.pack(">HHBIfIf", 4660, 7, 2, 0, -40.0, 60, 59.9)
    parsed = domain.read(data)
    assert domain.lossless
    assert parsed.run == struct.pack(">HHBB", 4660, 7, 0, 199)
    assert parsed.channels["time"].tolist() == [0, 0, 0, 60]
    assert domain.write(parsed) == data
    coarse = Step(name="v", type="f4", quantise=Quantisation(low=0, high=8, bins=4, exact=False))
    lossy = Records(
        schema=Schema(
            name="lossy", fields=(Step(repeat="rest", read="v"),), groups={"v": (coarse,)}
        )
    )
    assert not lossy.lossless
    written = lossy.write(lossy.read(struct.pack("<3f", 0.1, 7.9, 3.0)))
    assert np.frombuffer(written, "<f4").tolist() == [1.0, 7.0, 3.0]


def test_lists_of_fields_decide_what_is_kept() -> None:
    schema = schema_of(WEATHER)
    data = weather(random.Random(8))
    dropped = Records(schema=schema, drop=("time",))
    assert not dropped.lossless
    assert b"\0\0\0\0" in dropped.write(dropped.read(data))
    kept = Records(schema=schema, keep=("time", "count"), side=("id",))
    assert kept.write(kept.read(data)) == data
    with pytest.raises(DomainError, match="'count' decides what follows"):
        Records(schema=schema, drop=("count",))
    with pytest.raises(DomainError, match="no field is named 'nothing'"):
        Records(schema=schema, drop=("nothing",))
    with pytest.raises(DomainError, match="named twice"):
        Records(schema=schema, drop=("time",), side=("time",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "expected .*version"),
        ({"fileds": []}, "knows no 'fileds'"),
        ({"name": "Big Name"}, "expected small letters"),
        ({"fields": [{"name": "a", "typ": "u1"}]}, "knows no 'typ'"),
        ({"fields": [{"name": "a", "type": "u9"}]}, "type 'u9'"),
        ({"fields": [{"name": "a", "type": "u1", "bytes": 3}]}, "says type and bytes"),
        ({"fields": [{"name": "a"}]}, "says nothing"),
        ({"fields": [{"name": "a", "bytes": "b"}]}, "no field 'b'"),
        ({"fields": [{"read": "b"}]}, "no group 'b'"),
        ({"fields": [{"repeat": 3}]}, "need the name of a group"),
        ({"fields": [{"type": "u1"}]}, "a field needs a name"),
        ({"fields": 3}, "no schema"),
        ({"fields": [{"name": "a", "bytes": 3, "value": 1}]}, "are of numbers"),
        ({"fields": [{"name": "a", "type": "u1", "quantise": {"low": 1, "high": 1}}]}, "low below"),
    ],
)
def test_a_wrong_schema_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(DomainError, match=message):
        schema_of({**WEATHER, **change})


def test_a_file_that_is_no_schema_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[1]")
    with pytest.raises(DomainError, match="no schema"):
        read_schema(path)


def test_groups_within_groups_end() -> None:
    """A group that reads itself is broken off, and no bytes are lost."""
    loop = Schema(
        name="loop",
        fields=(Step(read="g"),),
        groups={"g": (Step(name="a", type="u1"), Step(read="g"))},
    )
    domain = Records(schema=loop)
    for data in (bytes(10), bytes(1000)):
        assert domain.write(domain.read(data)) == data
    tokenizer = learn(domain, [bytes(1000)], vocab_size=270)
    assert tokenizer.decode(tokenizer.encode(bytes(1000))) == bytes(1000)
