"""A plugin of pytest for tests of tokenizers: every Tokenizer is accelerated at its first call.

Short texts, which an accelerated tokenizer leaves to tokenizers, are encoded by ours as well, for
the tests have no others. With ``TOKENRY_COMPAT`` empty, nothing is accelerated.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from tokenizers import Tokenizer

import tokenry
from tokenry.compat.huggingface import shadow

from .tokenizers_files import FOLDER, file_of


def from_folder(repo_id: str, filename: str, **options: Any) -> str:
    """`huggingface_hub.hf_hub_download` of a file that is here; else the test is skipped."""
    path = Path(os.environ[FOLDER]) / file_of(filename)
    if not path.is_file():
        pytest.skip(f"{filename} of {repo_id} is not here")
    return str(path)


def made_from_folder(identifier: str, **options: Any) -> Any:
    """`tokenizers.Tokenizer.from_pretrained`, the same way."""
    return Tokenizer.from_file(from_folder("the hub", identifier))


def accelerating(name: str) -> None:
    """Let the first call of a method accelerate its tokenizer."""
    original = getattr(Tokenizer, name)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if name in self.__dict__:  # ours leaves this call to it
            return original(self, *args, **kwargs)
        return getattr(tokenry.accelerate(self), name)(*args, **kwargs)

    setattr(Tokenizer, name, call)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: Any) -> bool | None:
    """Run tests that are coroutines."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


# Tests import this module's functions by their names, so they are replaced before.
huggingface_hub.__dict__["hf_hub_download"] = from_folder
setattr(Tokenizer, "from_pretrained", staticmethod(made_from_folder))  # noqa: B010
if os.environ.get("TOKENRY_COMPAT"):
    shadow.SMALL = 0
    for each in shadow.SHADOWED:
        accelerating(each)
