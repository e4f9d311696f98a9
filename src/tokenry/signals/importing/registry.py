"""Systems whose released weights can be read: a line each, by the name of the recipe."""

from __future__ import annotations

from typing import Final

from tokenry.errors import SignalError
from tokenry.registry import Entry, Registry
from tokenry.signals.importing.contract import Importer

IMPORTERS: Final[Registry[Importer]] = Registry(
    "importer",
    (
        Entry(
            "titok",
            "tokenry.signals.importing.titok:titok",
            "bytedance/1d-tokenizer on GitHub",
            ("S022",),
            extra="neural",
        ),
        Entry(
            "titok-proxy",
            "tokenry.signals.importing.titok_two_stages:titok_two_stages",
            "bytedance/1d-tokenizer on GitHub",
            ("S022",),
            extra="neural",
        ),
        Entry(
            "flextok",
            "tokenry.signals.importing.flextok:flextok",
            "apple/ml-flextok on GitHub",
            ("S023",),
            extra="diffusers",
        ),
    ),
    error=SignalError,
)
