"""Sections of executables, as pyelftools finds them."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from made import elf, pe

from tokenry.domains.binaries.domain import Binaries
from tokenry.domains.binaries.sections import sections_of


@pytest.mark.parametrize("path", ["/usr/bin/env", "/usr/bin/bash", "/bin/ls"])
def test_sections_are_those_of_pyelftools(path: str) -> None:
    if not Path(path).exists():
        pytest.skip("no such program")
    data = Path(path).read_bytes()
    expected = sorted(
        (each["sh_offset"], each["sh_offset"] + each["sh_size"])
        for each in ELFFile(io.BytesIO(data)).iter_sections()
        if each["sh_type"] not in ("SHT_NULL", "SHT_NOBITS") and each["sh_size"]
    )
    found = [(each.begin, each.end) for each in sections_of(data)]
    assert found == expected
    code = {each.begin for each in sections_of(data) if each.kind == "code"}
    text = ELFFile(io.BytesIO(data)).get_section_by_name(".text")
    assert text["sh_offset"] in code


def test_sections_of_a_pe_file() -> None:
    assert [each.kind for each in sections_of(pe(b"x" * 40))] == ["code", "text"]


def test_headers_that_point_outside_are_not_followed() -> None:
    whole = elf(bytes(90))
    chance = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = 255
        size = chance.randrange(len(data))
        for each in sections_of(bytes(data[:size])):
            assert 0 <= each.begin < each.end <= size


def test_cuts_begin_anew_with_a_section() -> None:
    data = elf(bytes(90))
    parsed = Binaries(chunk=16).read(data)
    begins = [int(each) for each in parsed.places]
    assert {*begins} <= {*parsed.cuts.tolist()}
    assert max(b - a for a, b in zip(parsed.bounds(), parsed.bounds()[1:], strict=False)) <= 16
    assert not len(Binaries(sections=False).read(data).marks)
