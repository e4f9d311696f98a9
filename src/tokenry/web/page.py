"""The page of the playground, whole; a form that also works without scripts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tokenry.drawing.columns import Policy

PATTERNS = ("", "o200k", "cl100k", "gpt2", "llama3", "qwen2", "superbpe")
SAMPLE = (
    "The quick brown fox doesn't jump over 1,234,567 lazy dogs.\n"
    "Straße, naïve, 東京タワー, مرحبا بالعالم, नमस्ते, 👩‍👩‍👧 family\n"
    "def add(a, b):\n\treturn a + b  # <|endoftext|>\n"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a visitor wants to see."""

    text: str
    names: tuple[str, ...]
    policy: Policy = "text"
    price: float | None = None


def render_page(ask: Ask, known: Sequence[str], columns: str, most: int) -> str:
    """The document; ``columns`` is HTML already."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>Tokenry playground</title>\n'
        '<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/style.css">\n'
        '<script src="/playground.js" defer></script>\n</head>\n<body>\n<main class="playground">\n'
        "<header><h1>Tokenry playground</h1>"
        '<p class="note">Hover over a token or an id to find the other; with the keyboard, Tab '
        "into a text and move with the arrow keys. Enter or a click replays how a token is made. "
        '<span class="alone sample">Underlined</span> tokens are cut otherwise in another column.'
        "</p></header>\n"
        f"{_form(ask, known, most)}\n"
        f'<div id="columns">{columns}</div>\n'
        '<p id="status" role="status" aria-live="polite"></p>\n'
        '<dialog id="replay" aria-label="how a token is made"></dialog>\n'
        "</main>\n</body>\n</html>\n"
    )


def _form(ask: Ask, known: Sequence[str], most: int) -> str:
    # A textarea swallows one line break after its tag.
    return (
        '<form id="ask" method="post" action="/">'
        '<label for="text">Text</label>'
        '<textarea id="text" name="text" rows="6" spellcheck="false" '
        f'dir="{direction(ask.text)}">\n'
        f"{escape(ask.text)}</textarea>"
        f'<div class="choices">{_selects(ask, known, most)}</div>'
        f'<div class="choices">{_policy(ask)}{_price(ask)}{UPLOAD}'
        "<noscript><button>Show</button></noscript></div></form>"
    )


def direction(text: str) -> str:
    """``rtl`` where the first letter of ``text`` is written from the right, else ``ltr``.

    The page sets it itself: with ``dir=auto`` Chromium takes 11 s to lay out a megabyte, else 0.8.
    """
    classes = map(unicodedata.bidirectional, text[:2_000])
    return "rtl" if next((c for c in classes if c in ("L", "R", "AL")), "L") != "L" else "ltr"


def _selects(ask: Ask, known: Sequence[str], most: int) -> str:
    parts = []
    for place in range(most):
        chosen = ask.names[place] if place < len(ask.names) else ""
        options = "".join(
            f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>'
            f"{escape(name) or '—'}</option>"
            for name in ([] if place == 0 else [""]) + list(known)
        )
        parts.append(
            f'<label>Column {place + 1} <select name="tokenizer">{options}</select></label>'
        )
    return "".join(parts)


def _policy(ask: Ask) -> str:
    options = (
        ("text", "are text like any other"),
        ("recognised", "become their ids"),
    )
    drawn = "".join(
        f'<option value="{value}"{" selected" if value == ask.policy else ""}>{label}</option>'
        for value, label in options
    )
    return f'<label>Specials in the text <select name="policy">{drawn}</select></label>'


def _price(ask: Ask) -> str:
    value = "" if ask.price is None else f"{ask.price:g}"
    return (
        '<label>Price of a million tokens <input name="price" type="number" min="0" step="any" '
        f'value="{value}" placeholder="none"></label>'
    )


UPLOAD = (
    '<label class="upload">Add a tokenizer file <input id="upload" type="file"></label>'
    '<label class="upload">cut by <select id="pattern">'
    + "".join(
        f'<option value="{each}">{each or "what the file says"}</option>' for each in PATTERNS
    )
    + "</select></label>"
)
