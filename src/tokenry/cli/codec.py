"""``tokenry codec``: train tokenizers of pictures, encode and decode with them, measure them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tokenry.cli.arguments import Json
from tokenry.cli.guard import guarded
from tokenry.errors import SignalError
from tokenry.progress import progress_on_stderr

if TYPE_CHECKING:
    from tokenry.signals.codec import Codec
    from tokenry.signals.comparing.comparison import CodingComparison

codec = typer.Typer(
    name="codec",
    help="Tokenizers of pictures: train, encode, decode, measure.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder of a codec.", show_default=False)
]
Pictures = Annotated[
    list[str],
    typer.Argument(
        metavar="DATA",
        help="Pictures, folders, .zip, .tar of a WebDataset, scikit-image or scikit-learn.",
        show_default=False,
    ),
]
Within = Annotated[str, typer.Option(help="Only pictures whose name begins so: train/.")]
Limit = Annotated[
    int | None, typer.Option(help="So many pictures at most.", min=1, show_default=False)
]
Skip = Annotated[
    bool, typer.Option("--skip-broken", help="Name pictures that cannot be read, and go on.")
]


def train(
    data: Pictures,
    recipe: Annotated[str, typer.Option(help="One of `tokenry codec list`.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder of the codec.", show_default=False)],
    size: Annotated[str, typer.Option(help="laptop, or paper: as published.")] = "laptop",
    tokens: Annotated[
        int | None, typer.Option(help="Of a picture.", min=1, show_default=False)
    ] = None,
    bits: Annotated[float | None, typer.Option(help="Of a picture.", show_default=False)] = None,
    steps: Annotated[
        int | None, typer.Option(help="Of the training.", min=1, show_default=False)
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Instead of steps.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="Of weights and order.")] = 0,
    device: Annotated[str, typer.Option(help="cpu, cuda or auto.")] = "cpu",
    within: Within = "",
    limit: Limit = None,
    skip_broken: Skip = False,
    as_json: Json = False,
) -> None:
    """Train a codec; called again after it was killed, it goes on.

    [bold]Examples[/bold]

    tokenry codec train pictures/ --recipe titok --tokens 32 --minutes 10 --out my-codec

    tokenry codec train shards.tar --recipe elm --bits 384 --steps 2000 --out my-codec
    """
    from tokenry.signals.picture_files import train_on_pictures
    from tokenry.signals.recipes.registry import RECIPES
    from tokenry.signals.training.run import CodecRun

    if size not in ("laptop", "paper"):
        raise SignalError(f"--size {size}: expected laptop or paper")
    if steps is not None and minutes is not None:
        raise SignalError("--steps and --minutes both say how long; give one")
    assembly = RECIPES.load(recipe).assembly(_size(size), tokens=tokens, bits=bits)
    run = CodecRun(steps=steps, minutes=minutes, seed=seed, device=device)
    with progress_on_stderr() as progress:
        made = train_on_pictures(
            assembly, data, run=run, within=within, limit=limit, folder=out,
            about={"recipe": recipe, "size": size, "within": within},
            on_broken=_named if skip_broken else None, progress=progress,
        )  # fmt: skip
    facts = {
        "out": str(out), "recipe": recipe, "tokens": made.assembly.tokens,
        "bits": made.assembly.bits, "fingerprint": made.fingerprint, **made.about,
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        typer.echo(f"{out}: {recipe}, {made.assembly.tokens} tokens, {made.assembly.bits:g} bits")


def import_(
    checkpoint: Annotated[
        Path,
        typer.Argument(
            help="A file of tensors that others released, or the folder that holds it.",
            show_default=False,
        ),
    ],
    recipe: Annotated[str, typer.Option(help="The system that it is of.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder of the codec.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Make a codec of released weights.

    [bold]Examples[/bold]

    tokenry codec import tokenizer_titok_bl128_vq8k.bin --recipe titok --out titok
    """
    from tokenry.signals.importing.reading import import_codec
    from tokenry.signals.recipes.listing import parameters_of

    made = import_codec(checkpoint, recipe)
    made.save(out)
    facts = {
        "out": str(out), "recipe": recipe, "tokens": made.assembly.tokens,
        "bits": made.assembly.bits, "parameters": parameters_of(made.assembly),
        "fingerprint": made.fingerprint,
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        typer.echo(
            f"{out}: {recipe}, {facts['parameters']:,} parameters, {made.assembly.tokens} tokens, "
            f"{made.assembly.bits:g} bits"
        )


def encode(
    folder: Folder,
    files: Pictures,
    out: Annotated[Path, typer.Option(help="The file of codes.", show_default=False)],
    tokens: Annotated[
        int | None, typer.Option(help="At most, of each picture.", min=0, show_default=False)
    ] = None,
    error: Annotated[
        float | None,
        typer.Option(help="Good enough, for codecs that decide by it.", show_default=False),
    ] = None,
    skip_broken: Skip = False,
    as_json: Json = False,
) -> None:
    """Write the codes of pictures.

    [bold]Examples[/bold]

    tokenry codec encode my-codec photos/ --out photos.codes
    """
    from tokenry.signals.codes_file import write_codes
    from tokenry.signals.picture_files import encode_pictures

    broken = _named if skip_broken else None
    codes = encode_pictures(_opened(folder), files, tokens=tokens, error=error, on_broken=broken)
    write_codes(codes, out)
    facts = {"out": str(out), "pictures": len(codes), "tokens": int(codes.lengths.sum()),
             "bits_per_item": float(codes.bits.mean())}  # fmt: skip
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        typer.echo(f"{out}: {len(codes):,} pictures, {codes.bits.mean():,.1f} bits a picture")


def decode(
    folder: Folder,
    codes: Annotated[
        Path, typer.Argument(metavar="CODES", help="A file of codes.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="The folder of the pictures.", show_default=False)],
) -> None:
    """Write a PNG of each picture, of the same name.

    [bold]Examples[/bold]

    tokenry codec decode my-codec photos.codes --out decoded
    """
    from tokenry.signals.codes_file import read_codes
    from tokenry.signals.picture_files import decode_pictures

    if not codes.is_file():
        raise SignalError(f"there is no file {codes}; expected what `tokenry codec encode` wrote")
    written = decode_pictures(_opened(folder), read_codes(codes), out)
    typer.echo(f"{out}: {len(written):,} pictures")


def measure(
    folder: Folder,
    data: Pictures,
    others: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATA",
            help="Pictures to learn from, for baselines and FD-local (repeatable); not DATA.",
            show_default=False,
        ),
    ] = None,
    within: Within = "",
    others_within: Annotated[str, typer.Option(help="The same of --others.")] = "",
    limit: Limit = None,
    tokens: Annotated[
        str | None, typer.Option(metavar="N,N", help="Prefixes, too: 8,16.", show_default=False)
    ] = None,
    classifier_steps: Annotated[int, typer.Option(help="Of the local classifier.", min=1)] = 600,
    report: Annotated[
        Path | None, typer.Option(help="A folder for the page and its figures.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Bits, PSNR, SSIM and what else there is; with --others, beside baselines at equal bits.

    [bold]Examples[/bold]

    tokenry codec measure my-codec photos/ --json

    tokenry codec measure my-codec all.zip --within test/ --others all.zip --others-within train/
    --report report
    """
    from tokenry.signals.comparing.codec_report import measure_codec
    from tokenry.signals.comparing.files import write_report
    from tokenry.signals.comparing.tables import as_markdown
    from tokenry.signals.picture_files import side_of
    from tokenry.signals.pictures import open_album

    made = _opened(folder)
    side = side_of(made.assembly)
    album = open_album(data, size=side, within=within, limit=limit)
    beside = open_album(others, size=side, within=others_within) if others else None
    with progress_on_stderr() as progress:
        found = measure_codec(
            made, album, name=made.about.get("recipe") or folder.name, source=", ".join(data),
            others=beside, tokens=_numbers(tokens), classifier_steps=classifier_steps,
            progress=progress,
        )  # fmt: skip
    page = write_report(found, report) if report else None
    if as_json:
        typer.echo(json.dumps(_figures(found)))
    else:
        typer.echo(as_markdown(found).rstrip())
        if page:
            typer.echo(f"\n{page}")


def list_recipes(as_json: Json = False) -> None:
    """List recipes: which part fills each slot, tokens, bits and parameters of both sizes.

    [bold]Examples[/bold]

    tokenry codec list
    """
    from tokenry.signals.recipes.listing import recipe_rows, recipe_table

    rows = recipe_rows()
    typer.echo(json.dumps(rows) if as_json else recipe_table(rows).rstrip())


def _size(text: str) -> Literal["laptop", "paper"]:
    return "paper" if text == "paper" else "laptop"


def _opened(folder: Path) -> Codec:
    from tokenry.signals.codec import Codec

    return Codec.load(folder)


def _numbers(text: str | None) -> list[int]:
    parts = [each for each in (text or "").split(",") if each.strip()]
    if not all(each.strip().isdigit() for each in parts):
        raise SignalError(f"--tokens {text}: expected numbers with commas, such as 8,16")
    return [int(each) for each in parts]


def _figures(found: CodingComparison) -> dict[str, Any]:
    """The codec's own figures by name, and all scores."""
    first = found.scores[0]
    return {
        **first.figures,
        "pictures": found.pictures,
        "fd_local_floor": found.floor,
        "accuracy_of_originals": found.accuracy,
        "classifier": found.classifier,
        "scores": [each.to_json() for each in found.scores],
    }


def _named(error: SignalError) -> None:
    typer.echo(f"left out: {error}", err=True)


for _name, _command in (
    ("train", train),
    ("import", import_),
    ("encode", encode),
    ("decode", decode),
    ("measure", measure),
    ("list", list_recipes),
):
    codec.command(_name)(guarded(_command))
