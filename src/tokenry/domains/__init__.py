"""Tokenizers for data that is not prose: one domain a file, named in `DOMAINS`.

A domain reads the bytes of a file into what a tokenizer can take (`Parsed`) and writes it back,
byte for byte. All of them share one way to ids (`DomainTokenizer`), one folder on the disk, the
learners and the commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.domains.registry import DOMAINS
from tokenry.lazy import lazily

if TYPE_CHECKING:
    from tokenry.domains.contract import Domain, Promise
    from tokenry.domains.domain_tokenizer import DomainTokenizer
    from tokenry.domains.learning import learn
    from tokenry.domains.loading import load
    from tokenry.domains.naming import domain_named
    from tokenry.domains.parsed import Parsed

__all__ = [
    "DOMAINS",
    "Domain",
    "DomainTokenizer",
    "Parsed",
    "Promise",
    "domain_named",
    "learn",
    "load",
]

__getattr__ = lazily(
    __name__,
    {
        ".contract": "Domain Promise",
        ".domain_tokenizer": "DomainTokenizer",
        ".learning": "learn",
        ".naming": "domain_named",
        ".parsed": "Parsed",
        ".loading": "load",
    },
)
