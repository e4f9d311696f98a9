"""Registries: what can be chosen by name, imported when it is first asked for.

One line registers a learner, a metric, a format, a recipe or an experiment; the command line, the
docs and the parameters of tests are derived from these lines without importing what they name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from tokenry.errors import TokenryError
from tokenry.extras import importing

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """What stands behind a name.

    Attributes:
        name: how users call it.
        target: ``module:attribute``, where it is.
        source: authors, year, arXiv id or venue of what it follows, if anything was published.
        systems: ids of rows in docs/systems.tsv that it implements.
        extra: the optional dependencies of tokenry that it needs, by the name of the extra.
    """

    name: str
    target: str
    source: str = ""
    systems: tuple[str, ...] = ()
    extra: str | None = None

    @property
    def module(self) -> str:
        """The module that defines it."""
        return self.target.partition(":")[0]

    def load(self) -> T:
        """Import and return it.

        Raises:
            MissingExtraError: a package of ``extra`` is not installed.
        """
        module, _, attribute = self.target.partition(":")
        with importing(self.extra, self.name):
            return cast(T, getattr(import_module(module), attribute))

    @cached_property
    def summary(self) -> str:
        """The first line of its module's docstring, read without importing the module."""
        spec = find_spec(self.module)
        if spec is None or spec.origin is None:
            return ""
        tree = ast.parse(Path(spec.origin).read_bytes())
        return (ast.get_docstring(tree) or "").partition("\n")[0]


class Registry(Mapping[str, Entry[T]]):
    """Entries by name, in the order in which they were given.

    Args:
        noun: what an entry is, for messages: ``learner``.
        entries: one for each name.
        error: what `load` raises where there is no such name.
    """

    def __init__(
        self,
        noun: str,
        entries: Iterable[Entry[T]],
        error: type[TokenryError] = TokenryError,
    ) -> None:
        self.noun = noun
        self._error = error
        self._entries: dict[str, Entry[T]] = {}
        for entry in entries:
            if self._entries.setdefault(entry.name, entry) is not entry:
                raise ValueError(f"two entries for {noun} {entry.name!r}")

    def __getitem__(self, name: str) -> Entry[T]:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Registry({self.noun}: {', '.join(self)})"

    def load(self, name: str) -> T:
        """Import what ``name`` stands for.

        Raises:
            TokenryError: of the class given to the registry, where there is no such name.
            MissingExtraError: its optional dependencies are not installed.
        """
        return self.entry(name).load()

    def make(self, name: str, options: Mapping[str, Any]) -> Any:
        """One of the dataclass that ``name`` stands for.

        Args:
            name: of an entry.
            options: fields of its class.

        Raises:
            TokenryError: as for `load`, and where the class has no such field.
        """
        kind: Any = self.load(name)
        known = [each.name for each in fields(kind)]
        unknown = sorted(options.keys() - set(known))
        if unknown:
            raise self._error(
                f"{unknown[0]!r} is no option of {name}; it has {', '.join(known) or 'none'}"
            )
        return kind(**options)

    def entry(self, name: str) -> Entry[T]:
        """The entry of ``name``; errors as for `load`."""
        if name in self._entries:
            return self._entries[name]
        from difflib import get_close_matches  # for errors only

        close = get_close_matches(str(name), self, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise self._error(f"no {self.noun} is named {name!r}; there are {', '.join(self)}{hint}")
