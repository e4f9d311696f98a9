"""The tokenizer of a domain as a folder: ``domain.json`` beside the files of its tokenizer.

``domain.json`` holds the format (``tokenry-domain``, version 1), the domain's name and its options.
A class of a user's own is not imported because a file names it: the caller gives it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from tokenry.domains.contract import Domain
from tokenry.domains.registry import DOMAINS
from tokenry.errors import FormatError, TokenryError
from tokenry.files import write_text
from tokenry.json_data import plain, typed
from tokenry.options import to_json

FILE: Final = "domain.json"
FORMAT: Final = "tokenry-domain"
VERSION: Final = 1


def write_domain(domain: Domain, folder: str | os.PathLike[str]) -> Path:
    """Write ``domain.json`` into a folder; gives the folder's path."""
    folder = Path(folder)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "domain": domain.name,
        "options": json.loads(to_json(domain)),
    }
    write_text(folder / FILE, json.dumps(plain(content), indent=1, ensure_ascii=False) + "\n")
    return folder


def is_domain_folder(path: str | os.PathLike[str]) -> bool:
    """Whether `write_domain` wrote into this folder."""
    return (Path(path) / FILE).is_file()


def read_domain(
    folder: str | os.PathLike[str], domain: type[Domain] | Domain | None = None
) -> Domain:
    """The domain that `write_domain` wrote; its class, or all of it, may be given.

    Raises:
        FileNotFoundError: there is no ``domain.json`` in the folder.
        FormatError: it is malformed.
        DomainError: its domain is not registered here, and its class was not given.
    """
    path = Path(folder) / FILE
    saved = _read(path)
    if isinstance(domain, Domain):
        return domain
    kind = domain or DOMAINS.load(saved["domain"])
    return typed(kind, saved["options"], f"{path}: options")


def _read(path: Path) -> dict[str, Any]:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if (saved["format"], saved["version"]) != (FORMAT, VERSION):
            raise FormatError(f"{path} is not of the format {FORMAT!r} {VERSION}; learn it again")
        if not isinstance(saved["domain"], str) or not isinstance(saved["options"], dict):
            raise TypeError("domain and options are no text and object")
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, TokenryError):
            raise
        raise FormatError(f"{path} is no domain of a tokenizer: {error}") from error
    return dict(saved)
