"""The commands by name: each loads, and none imports what another needs."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from tokenry.cli.commands import COMMANDS, build

HEAVY = "{'matplotlib', 'tokenry.learning', 'tokenry.study', 'tokenry.card.measure'}"


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_loads_and_is_named_as_its_entry(name: str) -> None:
    found = COMMANDS.load(name)
    if isinstance(found, typer.Typer):
        assert found.info.name == name
    else:
        assert found.__name__.replace("_", "-") == name
        assert found.__doc__


def test_one_command_is_built_where_one_is_asked_for() -> None:
    assert [each.name for each in build("count").registered_commands] == ["count"]
    assert not build("surgery").registered_commands
    assert len(build("surgery").registered_groups) == 1
    everything = {each.name for each in build("--help").registered_commands}
    assert everything | {"surgery", "decoding", "codec"} == set(COMMANDS)


def test_encoding_does_not_wait_for_learners() -> None:
    code = (
        "import sys; from tokenry.cli.commands import build; build('encode'); "
        f"assert not {HEAVY} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
