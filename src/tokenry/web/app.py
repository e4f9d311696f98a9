"""The playground as an ASGI application.

Every answer is drawn by the same pure functions that write reports. The content security policy
allows no inline script or style and nothing from elsewhere; requests are answered for known host
names only and, where they change something, from the playground's own pages only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tokenry.drawing.column_style import COLUMNS_CSS
from tokenry.drawing.columns import Policy, compare, draw_columns
from tokenry.drawing.style import CSS
from tokenry.errors import TokenryError, TooLargeError, VocabularyError
from tokenry.tokenizer import Tokenizer
from tokenry.web.limits import Limits, read_body
from tokenry.web.page import SAMPLE, Ask, render_page
from tokenry.web.replay import render_replay
from tokenry.web.shelf import Shelf

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def create_app(
    tokenizers: Mapping[str, Tokenizer],
    *,
    limits: Limits | None = None,
    hosts: Sequence[str] | None = LOOPBACK,
) -> Starlette:
    """The application.

    Args:
        tokenizers: by the name that the page shows.
        limits: of what visitors send.
        hosts: names of this server that requests may carry, so that no other site's name can be
            made to point here; None for any.
    """
    limits = limits or Limits()
    playground = Playground(Shelf(tokenizers, limits.uploads), limits)
    return Starlette(
        routes=[
            Route("/", playground.page, methods=["GET", "POST"]),
            Route("/columns", playground.columns, methods=["POST"]),
            Route("/upload", playground.upload, methods=["POST"]),
            Route("/replay", playground.replay, methods=["GET"]),
            Route("/style.css", style),
            Route("/playground.js", script),
        ],
        middleware=[
            Middleware(Guard, hosts=None if hosts is None else frozenset(hosts)),
        ],
        exception_handlers={TokenryError: refuse},  # type: ignore[dict-item]
    )


class Playground:
    """The handlers, over one shelf."""

    def __init__(self, shelf: Shelf, limits: Limits) -> None:
        self.shelf, self.limits = shelf, limits

    async def page(self, request: Request) -> Response:
        """The whole page; a posted form is answered in it."""
        names = self.shelf.names()
        ask = Ask(SAMPLE, tuple(names[:2]))
        if request.method == "POST":
            ask = await self._ask(request)
        drawn = await run_in_threadpool(self._draw, ask)
        return HTMLResponse(render_page(ask, names, drawn, self.limits.columns))

    async def columns(self, request: Request) -> Response:
        """The columns alone, for a script to put in place."""
        return HTMLResponse(await run_in_threadpool(self._draw, await self._ask(request)))

    async def upload(self, request: Request) -> Response:
        """Take a tokenizer file as the body; answer with its name."""
        name = request.query_params.get("name", "tokenizer")
        pattern = request.query_params.get("pattern") or None
        data = await read_body(request, self.limits.upload, f"the file {name!r}")
        added = await run_in_threadpool(self.shelf.add, name, data, pattern)
        return JSONResponse({"name": added, "names": self.shelf.names()})

    async def replay(self, request: Request) -> Response:
        """How one id is made."""
        name = request.query_params.get("tokenizer", "")
        tokenizer = self._known(name)
        text = request.query_params.get("id", "")
        if not text.isdecimal() or int(text) >= tokenizer.n_vocab:
            raise VocabularyError(f"{text!r} is no id of {name}, which has {tokenizer.n_vocab:,}")
        return HTMLResponse(await run_in_threadpool(render_replay, name, tokenizer, int(text)))

    def _draw(self, ask: Ask) -> str:
        chosen = {name: self._known(name) for name in ask.names}
        return draw_columns(ask.text, compare(ask.text, chosen, ask.policy), price=ask.price)

    def _known(self, name: str) -> Tokenizer:
        tokenizer = self.shelf.find(name)
        if tokenizer is None:
            raise VocabularyError(
                f"there is no tokenizer {name!r} here (any more); choose another or upload it again"
            )
        return tokenizer

    async def _ask(self, request: Request) -> Ask:
        body = await read_body(request, self.limits.text, "the text")
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        names = dict.fromkeys(name for name in form.get("tokenizer", ()) if name)
        policy: Policy = "recognised" if form.get("policy") == ["recognised"] else "text"
        return Ask(
            # Forms send line ends as CR LF, whatever the text had.
            form.get("text", [""])[0].replace("\r\n", "\n"),
            tuple(names)[: self.limits.columns],
            policy,
            _price(form.get("price", [""])[0]),
        )


def _price(text: str) -> float | None:
    try:
        price = float(text)
    except ValueError:
        return None
    return price if 0 <= price < 1e9 else None


async def style(request: Request) -> Response:
    """The look of reports, of columns, and what the playground adds."""
    own = files("tokenry.web").joinpath("assets/playground.css").read_text("utf-8")
    return PlainTextResponse(CSS + COLUMNS_CSS + own, media_type="text/css")


async def script(request: Request) -> Response:
    """The script of the page."""
    code = files("tokenry.web").joinpath("assets/playground.js").read_text("utf-8")
    return PlainTextResponse(code, media_type="text/javascript")


async def refuse(request: Request, error: TokenryError) -> Response:
    """One sentence for what cannot be done."""
    status = 413 if isinstance(error, TooLargeError) else 422
    return PlainTextResponse(str(error), status)


class Guard:
    """Adds the security headers, and refuses other hosts' names and other sites' posts."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        refusal = self._refusal(Request(scope))
        answer = PlainTextResponse(refusal, 403) if refusal else self.app
        await answer(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> str | None:
        host = request.headers.get("host", "")
        if self.hosts is not None and urlsplit(f"//{host}").hostname not in self.hosts:
            return f"this playground does not answer to the name {host!r}"
        origin = request.headers.get("origin")
        if request.method == "POST" and origin and urlsplit(origin).netloc != host:
            return "this playground answers its own pages only"
        return None
