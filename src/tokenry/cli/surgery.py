"""``tokenry surgery``: change a vocabulary, keep the meaning of its ids."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable
from errno import EEXIST
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from tokenry import Tokenizer
from tokenry import surgery as operations
from tokenry.cli.arguments import (
    Field,
    Json,
    Pattern,
    Special,
    TokenizerFile,
    open_tokenizer,
    read_size,
)
from tokenry.cli.guard import guarded
from tokenry.corpus import Corpus, ReadOptions
from tokenry.corpus.readers import read_texts
from tokenry.errors import VocabularyError
from tokenry.formats.detect import FOLDER_NAMES
from tokenry.surgery import Surgery

ID_MAP = "id_map.npz"

Out = Annotated[Path, typer.Option(help="The folder to write.", show_default=False)]
Texts = Annotated[
    list[str],
    typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
]
SIZE = ("--size", "--vocab-size")  # the second as learn and study spell it
Most = Annotated[
    str | None,
    typer.Option(*SIZE, metavar="N", help="Ids in all, at most, such as 16k.", show_default=False),
]

surgery = typer.Typer(
    name="surgery",
    help="Change a vocabulary and keep the meaning of its ids: truncate, prune, extend, reorder, "
    "pad, add-special, rename, reserve.\n\nThe folder gets the tokenizer, and id_map.npz: where "
    "each old id went, and what each new one is made of.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def truncate(
    tokenizer: Tokenizer,
    size: Annotated[
        str, typer.Option(*SIZE, metavar="N", help="Ids to keep, such as 16k.", show_default=False)
    ],
) -> Surgery:
    """Keep the first ids of a BPE vocabulary.

    [bold]Example[/bold]

    tokenry surgery truncate my-bpe --size 16000 --out my-bpe-16k
    """
    return operations.truncate(tokenizer, read_size(size, "--size"))


def prune(
    tokenizer: Tokenizer,
    data: Texts,
    min_uses: Annotated[int, typer.Option(help="Pieces with fewer uses go.")] = 1,
    size: Most = None,
    field: Field = "text",
) -> Surgery:
    """Drop the pieces that a text uses least; text that uses kept pieces only is encoded as before.

    [bold]Examples[/bold]

    tokenry surgery prune gpt2/ texts/ --out gpt2-pruned

    tokenry surgery prune gpt2/ texts/ --size 20000 --out gpt2-20k
    """
    return operations.prune(tokenizer, _corpus(data, field), min_uses=min_uses, size=_size(size))


def extend(
    tokenizer: Tokenizer,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[OTHER]", help="The tokenizer whose pieces are appended.", show_default=False
        ),
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option(help="A list of words, one a line, instead of OTHER.", show_default=False),
    ] = None,
    variants: Annotated[
        str, typer.Option(help="Of each word: behind a space, bare, or both.")
    ] = "space,bare",
    size: Most = None,
) -> Surgery:
    """Append words, or the pieces of a second tokenizer; old ids keep their number and piece.

    [bold]Examples[/bold]

    tokenry surgery extend llama/ --words terms.txt --variants space --out llama-terms

    tokenry surgery extend llama/ portuguese/ --size 40k --out llama-portuguese
    """
    if (other is None) == (words is None):
        raise VocabularyError("give a second tokenizer, or --words FILE; one of them")
    if words is not None:
        return operations.extend(tokenizer, _words(words), size=_size(size), variants=variants)
    return operations.extend(tokenizer, open_tokenizer(other or "", None), size=_size(size))


def add_special(
    tokenizer: Tokenizer,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Their names.", show_default=False)
    ],
) -> Surgery:
    """Append specials with these names.

    [bold]Example[/bold]

    tokenry surgery add-special gpt2/ '<|im_start|>' '<|im_end|>' --out gpt2-chat
    """
    return operations.add_specials(tokenizer, names)


def rename(
    tokenizer: Tokenizer,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="OLD=NEW",
            help="The name that a special has, and its new one.",
            show_default=False,
        ),
    ],
) -> Surgery:
    """Give specials other names, in the chat template too; no id moves.

    [bold]Example[/bold]

    tokenry surgery rename my-bpe '<|reserved_0|>=<|tool|>' --out my-bpe-tools
    """
    pairs = [each.partition("=")[::2] for each in names]
    if not all(old and new for old, new in pairs):
        raise VocabularyError(f"{names}: expected OLD=NEW, such as '<|reserved_0|>=<|tool|>'")
    return operations.rename(tokenizer, dict(pairs))


def reserve(
    tokenizer: Tokenizer,
    count: Annotated[int, typer.Argument(metavar="N", help="How many.", show_default=False)],
) -> Surgery:
    """Append specials that wait for a meaning, which rename gives.

    [bold]Example[/bold]

    tokenry surgery reserve my-bpe 16 --out my-bpe-reserved
    """
    return operations.reserve(tokenizer, count)


def reorder(
    tokenizer: Tokenizer,
    data: Texts,
    field: Field = "text",
) -> Surgery:
    """Number pieces by how often a text uses them; segmentation stays as it is.

    [bold]Example[/bold]

    tokenry surgery reorder gpt2/ texts/ --out gpt2-by-use
    """
    return operations.reorder(tokenizer, _corpus(data, field))


def pad(
    tokenizer: Tokenizer,
    multiple: Annotated[
        int | None, typer.Option(help="Fill to the next multiple of this.", show_default=False)
    ] = None,
    power_of_two: Annotated[
        bool, typer.Option("--power-of-two", help="Fill to the next power of two.")
    ] = False,
    size: Annotated[
        str | None,
        typer.Option(
            *SIZE, metavar="N", help="Fill to this many ids, such as 64k.", show_default=False
        ),
    ] = None,
) -> Surgery:
    """Append reserved specials up to a size.

    [bold]Examples[/bold]

    tokenry surgery pad my-bpe --multiple 128 --out my-bpe-padded

    tokenry surgery pad my-bpe --power-of-two --out my-bpe-padded
    """
    now = len(tokenizer.vocabulary)
    wanted = [] if size is None else [read_size(size, "--size")]
    wanted += [] if multiple is None else [operations.next_multiple(now, multiple)]
    wanted += [operations.next_power_of_two(now)] if power_of_two else []
    if len(wanted) != 1:
        raise VocabularyError(
            f"{len(wanted)} sizes to pad to; give one of --multiple, --power-of-two and --size"
        )
    return operations.pad(tokenizer, wanted[0])


def _shared(
    tokenizer: TokenizerFile,
    out: Out,
    pattern: Pattern = None,
    special: Special = None,
    as_json: Json = False,
) -> None:
    """What every operation is told beside its own options."""


def _command(operation: Callable[..., Surgery]) -> Callable[..., None]:
    """An operation on a tokenizer as a command: it is opened before, and the result is written."""

    @functools.wraps(operation)
    def run(
        tokenizer: str,
        out: Path,
        pattern: str | None,
        special: list[str] | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        _refuse_existing(out)
        _write(operation(open_tokenizer(tokenizer, pattern, special), **options), out, as_json)

    first, *own = inspect.signature(operation).parameters.values()
    shared = inspect.signature(_shared).parameters
    every = [shared[first.name], *own, *(shared[name] for name in shared if name != first.name)]
    hints = get_type_hints(operation, include_extras=True)
    hints |= get_type_hints(_shared, include_extras=True)
    del hints["return"]
    run.__annotations__ = hints
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[each.name])
            for each in every
        ]
    )
    return run


for command in (truncate, prune, extend, reorder, pad, add_special, rename, reserve):
    name = command.__name__.replace("_", "-")
    surgery.command(name, no_args_is_help=True)(guarded(_command(command)))


def _size(text: str | None) -> int | None:
    return None if text is None else read_size(text, "--size")


def _words(path: Path) -> list[str]:
    """The words of a list, one a line; compressed files are undone."""
    lines = read_texts(path, ReadOptions(unit="line"))
    try:
        words = [line.decode("utf-8").strip() for line in lines]
    except UnicodeDecodeError as error:
        raise VocabularyError(
            f"{path} is not UTF-8 ({error.reason}); --words takes a list, one word a line"
        ) from None
    return [word for word in words if word]


def _corpus(data: list[str], field: str) -> Corpus:
    return Corpus.from_paths(list(data), ReadOptions(field=field, column=field))


def _refuse_existing(out: Path) -> None:
    if any((out / name).exists() for name in (*FOLDER_NAMES, ID_MAP)):
        raise FileExistsError(EEXIST, "holds a tokenizer; give another --out", str(out))


def _write(done: Surgery, out: Path, as_json: bool) -> None:
    report = done.tokenizer.save(out)
    done.ids.save(out / ID_MAP)
    facts = {
        "out": str(out),
        **done.facts(),
        "fingerprint": done.tokenizer.fingerprint(),
        "id_map": str(out / ID_MAP),
        "export": report.to_json(),
    }
    if done.costs:
        facts["ids_a_piece"] = sum(done.costs.values()) / len(done.costs)
    if as_json:
        typer.echo(json.dumps(facts))
        return
    counts = ", ".join(f"{name} {count:,}" for name, count in done.notes.items())
    typer.echo(
        f"{done.operation}: {facts['old_size']:,} ids to {facts['new_size']:,} "
        f"({facts['dropped']:,} dropped, {facts['added']:,} added"
        f"{'; ' + counts.replace('_', ' ') if counts else ''})"
    )
    if done.costs and done.notes.get("bridges"):
        dear = max(done.costs, key=lambda piece: done.costs[piece])
        typer.echo(
            f"a new piece takes {facts['ids_a_piece']:.2f} ids with its bridges; the most, "
            f"{done.costs[dear]}, {dear.decode('utf-8', 'replace')!r}"
        )
    typer.echo(str(report))
