"""The command line: one file a command, each thin over an importable function."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the entry point of the ``tokenry`` script."""
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ImportError as error:
        sys.exit(
            f"tokenry: the command line needs the package {error.name!r}, which is not installed; "
            "install it with: pip install 'tokenry[study]'"
        )
    from tokenry.cli.commands import build

    build(next(iter(sys.argv[1:]), None))(prog_name="tokenry")
