"""``python -m tokenry.cli``."""

from tokenry.cli import main

main()
