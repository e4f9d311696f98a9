"""``tokenry serve``: the playground."""

from __future__ import annotations

import importlib.util
from typing import Annotated

import typer

from tokenry.errors import MissingExtraError, StudyError
from tokenry.tokenizer_files import load_named


def serve(
    tokenizers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TOKENIZER",
            help="Tokenizer files or folders, as for --against of study. Without any: one learnt "
            "on the spot from Python's documentation.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; the default is this machine only.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.")] = 8642,
    upload_limit: Annotated[
        int, typer.Option(help="MB (10^6 bytes) of an uploaded tokenizer file.")
    ] = 64,
) -> None:
    """Show in a browser what tokenizers do to a text; Ctrl-C ends it.

    [bold]Examples[/bold]

    tokenry serve

    tokenry serve cl100k_base.tiktoken my-tokenizer/ --port 9000
    """
    for package in ("starlette", "uvicorn"):
        if importlib.util.find_spec(package) is None:
            raise MissingExtraError(package, "web", "the playground")
    import uvicorn

    from tokenry.web import Limits, create_app
    from tokenry.web.app import LOOPBACK
    from tokenry.web.bundled import bundled_tokenizer

    if not 0 <= port < 2**16 or upload_limit < 1:
        raise StudyError(f"port {port} and upload limit {upload_limit}: expected 0-65535 and 1 MB")
    given = {each.name: each.tokenizer for each in load_named(tokenizers or ())}
    shown = given or {"demo": bundled_tokenizer()}
    app = create_app(shown, limits=Limits(upload=upload_limit * 1_000_000), hosts=(*LOOPBACK, host))
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    typer.echo(f"http://{host}:{socket.getsockname()[1]}/ — Ctrl-C ends it", err=True)
    server.run(sockets=[socket])
