"""How one token is made, as a fragment for the dialog of the playground."""

from __future__ import annotations

from html import escape

from tokenry.drawing.tokens import marked
from tokenry.text.merge_replay import ReplayStep, replay_merges
from tokenry.tokenizer import Tokenizer

LONGEST = 200  # bytes of a piece whose merges are replayed
CLOSE = '<form method="dialog"><button>Close</button></form>'


def render_replay(name: str, tokenizer: Tokenizer, id_: int) -> str:
    """What id ``id_`` is and how it comes about."""
    vocabulary = tokenizer.vocabulary
    piece = vocabulary.pieces[id_]
    role = vocabulary.roles.get(id_)
    facts = [
        f"<h3>{escape(name)}: id {id_}</h3>",
        f'<p class="piece">{_shown(piece) if piece is not None else "stands for no bytes"}</p>',
    ]
    if piece is not None:
        facts.append(f"<p>{len(piece)} bytes: <code>{piece[:64].hex(' ')}</code></p>")
    if role is not None:
        facts.append(f"<p>Its role is <b>{escape(role)}</b>: no merges make it.</p>")
    else:
        facts.append(_merges(tokenizer, id_, piece or b""))
    return "".join(facts) + CLOSE


def _merges(tokenizer: Tokenizer, id_: int, piece: bytes) -> str:
    if len(piece) > LONGEST:
        return f"<p>Longer than {LONGEST} bytes: its merges are not shown.</p>"
    steps = replay_merges(tokenizer.segmenter, piece)
    if steps is None:
        kind = escape(type(tokenizer.segmenter).__name__)
        return f"<p>{kind} does not merge pairs, so there are no steps to show.</p>"
    whole = len(steps[-1].pieces) == 1
    note = "" if whole else "<p>Alone, these bytes do not become this id; context decides.</p>"
    if len(steps) == 1 and whole:
        return "<p>One symbol: merging starts from it.</p>"
    rows = "".join(map(_row, steps))
    return f'<ol class="steps">{rows}</ol>{note}'


def _row(step: ReplayStep) -> str:
    drawn = "".join(
        f'<span class="{"made" if place == step.made else "rest"}">{_shown(piece)}</span>'
        for place, piece in enumerate(step.pieces)
    )
    rank = "start" if step.rank is None else f"merge {step.rank:,}"
    return f"<li><small>{rank}</small> {drawn}</li>"


def _shown(piece: bytes) -> str:
    try:
        return marked(piece.decode())
    except UnicodeDecodeError:
        return f"<i>{escape(piece[:64].hex(' '))}</i>"
