"""Text for prompts by a named method, with the ledger of each: what `tokenry generate` runs."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tokenry.decoding.generation.ledger import Ledger, accounted
from tokenry.decoding.generation.method import Generated, Method, Reason, Request
from tokenry.decoding.generation.registry import method as method_named
from tokenry.decoding.spelling import usual_ends
from tokenry.errors import FormatError, ModelError, SpareRowsWarning, UnsupportedError
from tokenry.models.causal import CausalModel
from tokenry.models.opening import causal_model
from tokenry.models.rows import check_rows
from tokenry.tokenizer import Tokenizer, load


@dataclass(frozen=True)
class GeneratedText:
    """What came of one prompt.

    Attributes:
        text: behind the prompt.
        generated: its ids, and why there are no more.
        ledger: what its batch cost; alone in it, what it cost itself.
    """

    text: str
    generated: Generated
    ledger: Ledger

    @property
    def over(self) -> Reason:
        """Why there is no more text."""
        return self.generated.over

    def to_json(self) -> dict[str, Any]:
        """The text, and what it cost: calls and positions of its own; of its batch calls of drafts,
        blocks run (one for each position and block), FLOPs and seconds."""
        return {
            "text": self.text,
            "over": self.over,
            "new_ids": len(self.generated.ids),
            "new_bytes": len(self.text.encode()),
            "calls": self.generated.calls,
            "positions": self.generated.positions,
            "draft_calls": self.ledger.helpers.calls,
            "layers": self.ledger.target.layers,
            "flops": self.ledger.flops,
            "seconds": self.ledger.seconds,
        }


@dataclass(frozen=True, eq=False)
class Writer:
    """A model, its tokenizer, and perhaps a draft with the same ids.

    Attributes:
        target: whose text is wanted.
        tokenizer: of the target.
        draft: a smaller model.
        begin: ids before every prompt.
        ends: ids of which each ends a text.
    """

    target: CausalModel
    tokenizer: Tokenizer
    draft: CausalModel | None = None
    begin: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    @classmethod
    def open(
        cls,
        model: Any,
        tokenizer: Any = None,
        draft: Any = None,
        *,
        dtype: str = "auto",
        device: str = "cpu",
    ) -> Writer:
        """Open models and check that they fit.

        Args:
            model: what `tokenry.models.causal_model` takes: a folder, or a model of transformers.
            tokenizer: what `tokenry.load` takes, or a `Tokenizer`; None: the folder's.
            draft: as ``model``.
            dtype: of weights that are read from folders.
            device: where they go.

        Raises:
            ModelError: a folder holds no model, a row is missing for an id of the tokenizer, or
                the draft's tokenizer has other ids.
        """
        if tokenizer is None and not isinstance(model, str | os.PathLike):
            raise ModelError("a model that is no folder has no tokenizer beside it; give one")
        given = model if tokenizer is None else tokenizer
        loaded = given if isinstance(given, Tokenizer) else load(given)
        target = (
            model if hasattr(model, "extend") else causal_model(model, dtype=dtype, device=device)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SpareRowsWarning)  # they are hardly ever the likeliest
            check_rows(target, loaded)
        small = draft
        if draft is not None and not hasattr(draft, "extend"):
            check_same_ids(loaded, draft)
            small = causal_model(draft, dtype=dtype, device=device)
        template = loaded.template
        return cls(target, loaded, small, template.before if template else (), usual_ends(loaded))

    def write(
        self,
        prompts: Sequence[str],
        method: Method | str = "plain",
        request: Request | None = None,
        *,
        batch: int = 1,
    ) -> Iterator[GeneratedText]:
        """Go on with prompts, some at a time.

        Args:
            prompts: texts; an empty one is begun as the tokenizer begins texts.
            method: how.
            request: how much; its ``ends`` are added to the tokenizer's.
            batch: prompts that share calls.

        Yields:
            A text for each prompt, in order.
        """
        chosen = method_named(method) if isinstance(method, str) else method
        request = request or Request()
        request = Request(
            request.max_new_ids, (*self.ends, *request.ends), request.drawing, request.seed
        )
        helpers = [self.draft] if self.draft is not None else []
        for at in range(0, len(prompts), batch):
            ids = [self.ids(prompt) for prompt in prompts[at : at + batch]]
            with accounted(self.target, helpers) as ledger:
                done = chosen.generate(self.target, ids, request, self.draft)
            texts = [self._text(*pair) for pair in zip(ids, done, strict=True)]
            ledger.new_ids = sum(len(each.ids) for each in done)
            ledger.new_bytes = sum(len(text.encode()) for text in texts)
            for text, each in zip(texts, done, strict=True):
                yield GeneratedText(text, each, ledger)

    def _text(self, prompt: list[int], generated: Generated) -> str:
        """What new ids write behind those of a prompt; spare rows of a model write nothing."""
        stream = self.tokenizer.decode_stream(prompt)
        known = [id_ for id_ in generated.ids if id_ < len(self.tokenizer)]
        return "".join([*map(stream.push, known), stream.finish()])

    def ids(self, prompt: str) -> list[int]:
        """What the target reads of a prompt.

        Raises:
            ModelError: nothing, as the tokenizer puts nothing before an empty text; or more than
                the target takes.
        """
        ids = [*self.begin, *self.tokenizer.encode(prompt)] or [*self.ends[:1]]
        room = self.target.max_length
        if not ids:
            raise ModelError("an empty prompt, and the tokenizer names no id that begins a text")
        if room is not None and len(ids) >= room:
            raise ModelError(
                f"a prompt of {len(ids)} ids, and the model reads {room}; shorten it to its end"
            )
        return ids


def check_same_ids(tokenizer: Tokenizer, draft: Any) -> None:
    """Refuse the folder of a draft whose tokenizer means other text by ids of the target.

    Specials may have other names. A folder without a tokenizer that can be read is taken.

    Raises:
        ModelError: saying what to do.
    """
    try:
        own = tokenizer.vocabulary
        other = load(draft).vocabulary if isinstance(draft, str | os.PathLike) else own
    except (OSError, FormatError, UnsupportedError):
        return
    both = zip(own.pieces, other.pieces, strict=False)
    differing = [
        id_
        for id_, (one, another) in enumerate(both)
        if one != another and id_ not in own.roles and id_ not in other.roles
    ]
    if differing:
        first = differing[0]
        raise ModelError(
            f"{len(differing):,} ids stand for other text in {os.fspath(draft)}, such as {first}: "
            f"{own.pieces[first]!r} and {other.pieces[first]!r}; move it to the target's "
            "vocabulary first (`tokenry transplant`)"
        )
