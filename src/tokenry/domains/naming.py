"""A domain from what a person writes: its name, a schema file, or a class of their own."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from tokenry.arguments import checked
from tokenry.domains.contract import Domain
from tokenry.domains.registry import DOMAINS
from tokenry.errors import DomainError


@checked
def domain_named(text: str, **options: Any) -> Domain:
    """The domain of that name with these options.

    Args:
        text: a name in `DOMAINS`; a schema file (``.json``) of records; or ``module:Class`` of a
            class of your own, which is imported.
        **options: of the domain; see its class.

    Raises:
        DomainError: no domain has this name, or none of its options that name or value.
    """
    if text.endswith(".json"):
        from tokenry.domains.records.schema import read_schema

        return with_options(DOMAINS.load("records"), {"schema": read_schema(text), **options})
    return with_options(_own(text) if ":" in text else DOMAINS.load(text), options)


def options_of(kind: type[Domain]) -> dict[str, Any]:
    """Names of the options of a domain and their defaults."""
    return {each.name: each.default for each in fields(kind) if each.init}


def with_options(kind: type[Domain], options: dict[str, Any]) -> Domain:
    """A domain of that class.

    Raises:
        DomainError: it has no such option, or a value will not do.
    """
    known = options_of(kind)
    for name in options:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise DomainError(
                f"{name!r} is no option; the domain {kind.name!r} has "
                f"{', '.join(known) or 'none'}{hint}"
            )
    return kind(**options)


def _own(text: str) -> type[Domain]:
    module, _, attribute = text.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise DomainError(
            f"cannot import the domain {text!r}: {error}; expected module:Class, with the module "
            "where Python finds it"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Domain)):
        raise DomainError(f"{text!r} is no subclass of tokenry.domains.Domain")
    return found
