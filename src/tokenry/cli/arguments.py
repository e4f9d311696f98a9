"""Arguments and options that several commands share."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokenry import Tokenizer
from tokenry.errors import LearnError, VocabularyError
from tokenry.text.reserved import reserved_names
from tokenry.tokenizer_files import load_tokenizer

if TYPE_CHECKING:
    from tokenry.measuring.size import ModelShape

TokenizerFile = Annotated[
    str,
    typer.Argument(
        metavar="TOKENIZER",
        help="A tokenizer file or folder; for a rank file of unknown name, FILE:pattern.",
        show_default=False,
    ),
]
Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE", help="Files or folders to read; '-' or none is stdin.", show_default=False
    ),
]
AsBytes = Annotated[
    bool, typer.Option("--bytes", help="Take files as they are: nothing unpacked, no records.")
]
OwnDomain = Annotated[
    str | None,
    typer.Option(
        "--domain",
        metavar="MODULE:CLASS",
        help="The class of a domain of your own, which the folder only names.",
        show_default=False,
    ),
]
SpecialTokens = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="Specials of what is learnt, by commas: '<|end|>,<|pad|>'."),
]
Reserve = Annotated[
    int, typer.Option(help="So many specials <|reserved_0|>, ... that wait for a meaning.", min=0)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Pattern = Annotated[
    str | None,
    typer.Option(help="How a rank file cuts text: gpt2, cl100k, o200k, llama3, qwen2 or a regex."),
]
Special = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=ID",
        help="A special of a rank file, which does not say them (repeatable); instead of those "
        "that are known of a published file.",
    ),
]
AllowedSpecial = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-special",
        metavar="TEXT",
        help="A special that is recognised in the input (repeatable), or 'all'. Without it, "
        "specials in the input are ordinary text.",
    ),
]


On = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DATA...",
        help="Files, folders or globs; where several are named, each is a domain. Without any: "
        "the interpreter's standard library, with CLDR names as parallel text.",
    ),
]
ParallelFolder = Annotated[
    Path | None, typer.Option(help="A folder with one text file a language, aligned by line.")
]
ReferenceLanguage = Annotated[
    str | None, typer.Option(help="The language that premiums are relative to.")
]
Field = Annotated[
    str, typer.Option(help="The field of .jsonl records or .parquet rows that holds the text.")
]
Budget = Annotated[int, typer.Option(help="Bytes of each domain that are read.")]
Price = Annotated[float | None, typer.Option(help="Of a million tokens.")]
Csv = Annotated[
    Path | None, typer.Option(help="Write every figure as CSV, one a row, with its interval.")
]
Latex = Annotated[
    Path | None, typer.Option(help="Write tables for a paper, which need the package booktabs.")
]
Figures = Annotated[
    Path | None,
    typer.Option(help="A folder to write the plots into, each as SVG, PDF and PNG."),
]
Html = Annotated[Path | None, typer.Option(help="Write a page that needs nothing else.")]

Params = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Parameters of the model that it is for, as 350M or 1.3B: a usual width and number "
        "of layers for it. In the place of --width and --layers.",
        show_default=False,
    ),
]
Width = Annotated[
    int | None,
    typer.Option(help="Of the rows of that model; 768 by default.", show_default=False),
]
Layers = Annotated[
    int | None, typer.Option(help="Of that model; 12 by default.", show_default=False)
]


def read_shape(
    params: str | None, width: int | None, layers: int | None, *, tied: bool = True
) -> ModelShape:
    """The model that ``--params``, ``--width`` and ``--layers`` name.

    Raises:
        VocabularyError: ``params`` is no number, or stands beside width or layers.
    """
    from tokenry.measuring.size import ModelShape

    if params is None:
        usual = ModelShape()
        return ModelShape(
            width=usual.width if width is None else width,
            layers=usual.layers if layers is None else layers,
            tied=tied,
        )
    if width is not None or layers is not None:
        raise VocabularyError("--params stands in the place of --width and --layers; give one")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kMB]?)", params.replace("_", "").replace(",", ""))
    if found is None:
        raise VocabularyError(f"--params {params!r} is no number of parameters; write 350M or 1.3B")
    factor = {"": 1.0, "k": 1e3, "M": 1e6, "B": 1e9}[found[2]]
    return ModelShape.of_parameters(float(found[1]) * factor, tied=tied)


def read_size(text: str, option: str) -> int:
    """A number of ids: ``48k`` is 48,000.

    Raises:
        VocabularyError: it is no size.
    """
    number = text.strip().lower()
    thousands = re.fullmatch(r"(\d+(?:\.\d+)?)k", number)
    # A comma stands between thousands; 16000,32000 are two sizes.
    whole = re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+(?:_\d+)*", number)
    size = round(float(thousands[1]) * 1000) if thousands else 0
    size = int(re.sub("[,_]", "", number)) if whole else size
    if size < 1:
        raise VocabularyError(f"{option} {text!r} is no size; write 48000 or 48k")
    return size


def name_and_value(text: str) -> tuple[str, Any]:
    """An option of ``--set NAME=VALUE``: a Python literal, or else a text.

    Raises:
        LearnError: it is no such pair.
    """
    name, separator, value = text.partition("=")
    if not separator or not name.isidentifier():
        raise LearnError(f"--set {text!r}: expected NAME=VALUE, such as min_frequency=2")
    try:
        return name, ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return name, value


def named_specials(text: str | None, reserve: int) -> tuple[str, ...]:
    """The specials of ``--special-tokens``, and so many that are reserved behind them."""
    names = [name.strip() for name in (text or "").split(",")]
    given = [name for name in names if name]
    return (*given, *reserved_names(reserve, set(given)))


def open_tokenizer(file: str, pattern: str | None, special: list[str] | None = None) -> Tokenizer:
    """Load a tokenizer that a person named on the command line."""
    return load_tokenizer(file, pattern, dict(map(_name_and_id, special)) if special else None)


def _name_and_id(text: str) -> tuple[str, int]:
    name, _, id_ = text.rpartition("=")
    if not name or not id_.isdecimal():
        raise VocabularyError(
            f"--special {text!r}: expected NAME=ID, such as '<|endoftext|>=100257'"
        )
    return name, int(id_)


def allowed(tokenizer: Tokenizer, names: list[str] | None) -> frozenset[str]:
    """The specials that were allowed.

    Raises:
        VocabularyError: one of them is no special of this tokenizer.
    """
    if not names:
        return frozenset()
    known = tokenizer.special_tokens_set
    if "all" in names:
        return frozenset(known)
    unknown = sorted(set(names) - known)
    if unknown:
        shown = ", ".join(sorted(known)[:8]) or "none"
        raise VocabularyError(
            f"--allow-special {unknown[0]!r} is no special of it; it has: {shown}"
        )
    return frozenset(names)
