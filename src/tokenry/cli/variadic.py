"""Options that take several values: ``--against A B`` means ``--against A --against B``."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

_VARIADIC = frozenset(("--against", "--on", "--gold", "--corpus"))


def spread(arguments: list[str]) -> list[str]:
    """Repeat a variadic option before each of its values, up to the next option.

    >>> spread(["data", "--against", "a", "b", "--seed", "1"])
    ['data', '--against', 'a', '--against', 'b', '--seed', '1']
    """
    found: list[str] = []
    option: str | None = None  # the variadic option whose values these are
    for place, argument in enumerate(arguments):
        if argument == "--":
            return found + arguments[place:]
        if argument.startswith("-") and argument != "-":
            name = argument.partition("=")[0]
            option = name if name in _VARIADIC else None
            found.append(argument)
        elif option is None or found[-1] == option:
            found.append(argument)
        else:
            found += [option, argument]
    return found


class VariadicCommand(TyperCommand):
    """A command whose variadic options are spread before they are parsed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as usual after spreading."""
        return super().parse_args(ctx, spread(args))
