"""Loading the tokenizer of a domain from its folder."""

from __future__ import annotations

import os

from tokenry.arguments import checked
from tokenry.domains.contract import Domain
from tokenry.domains.domain_tokenizer import DomainTokenizer
from tokenry.domains.saving import read_domain
from tokenry.tokenizer import load as load_tokenizer


@checked
def load(
    folder: str | os.PathLike[str], *, domain: type[Domain] | Domain | None = None
) -> DomainTokenizer:
    """Load the tokenizer of a domain.

    Args:
        folder: what `DomainTokenizer.save` wrote.
        domain: the class, where it is one of your own; or the domain itself, to read and write
            with other options than it was learnt with.

    Raises:
        FileNotFoundError: there is no such folder, or no ``domain.json`` in it.
        FormatError: ``domain.json`` is malformed.
        DomainError: its domain is not registered here and was not given, or has other marks.
    """
    return DomainTokenizer(read_domain(folder, domain), load_tokenizer(folder))
