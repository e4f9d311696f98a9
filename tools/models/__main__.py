"""``python -m tools.models``: write the real models that tests and experiments use.

The folders of an interrupted run are finished by the next one; a run with nothing to do says so.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from . import clips, minilm, silero, smollm2, whisper, wordllama
from .make import is_made, make

RECIPES = {
    module.RECIPE.name: module.RECIPE
    for module in (clips, smollm2, whisper, minilm, silero, wordllama)
}


def main() -> None:
    """Make what is asked for and not made yet."""
    parser = argparse.ArgumentParser(prog="python -m tools.models", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(RECIPES)}")
    parser.add_argument("--models", type=Path, default=Path("build/models"), metavar="DIR")
    parser.add_argument("--wheels", type=Path, default=Path("build/wheels"), metavar="DIR")
    parser.add_argument("--check", action="store_true", help="look at folders that are there")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in RECIPES]
    if unknown:
        parser.error(f"no model is named {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    quiet()
    heard = clips.RECIPE.name  # the checks of others listen to it
    for name in dict.fromkeys([heard, *(options.names or RECIPES)]):
        folder = options.models / name
        if options.check:
            print(f"{folder}: {RECIPES[name].check(folder, options.models)}")
        elif is_made(RECIPES[name], options.models):
            print(f"{folder}: there already")
        else:
            print(f"{folder}: {make(RECIPES[name], options.models, options.wheels)}")


def quiet() -> None:
    """Keep transformers' bars and advice out of what is printed."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


if __name__ == "__main__":
    main()
