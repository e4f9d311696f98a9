"""Greedy text of every lossless method beside plain decoding's: `python -m benchmarks.same_text`.

    python -m benchmarks.same_text build/models/smollm2-135m --data DIR --draft FOLDER

Not a race. Prompts are prose, code, and passages that begin again; each method of the registry that
promises the same text goes on with all of them, some at a time. Finished batches are kept in
``--parts``, so that a run that was stopped goes on.

How ties are treated: a tree is computed in another order than an id alone, and float32 rounds, so
where two ids are likeliest alike the texts may part. Every prompt whose text differs in float32 is
written again by both methods in float64 (all weights and products), and has to be the same there,
id by id; the distance of the two logits at which the texts parted is printed. Ends with 1 where a
text differs in float64.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.corpora import paragraphs, text
from tokenry import load
from tokenry.decoding.generation.method import Generated, Request
from tokenry.decoding.generation.registry import METHODS, method
from tokenry.decoding.spelling import usual_ends
from tokenry.files import write_text
from tokenry.models.causal import CausalModel
from tokenry.models.cutting import first_blocks
from tokenry.models.opening import causal_model
from tokenry.tokenizer import Tokenizer

KINDS: Final = ("prose", "code", "repetitive")
LENGTH: Final = 20  # ids of a prompt
BATCH: Final = 12
CUT: Final = 3  # blocks of the draft, where none is given
Way = tuple[str, dict[str, Any]]
WAYS: Final[dict[str, Way]] = {
    "lookup": ("lookup", {"length": 5}),
    "recycling": ("recycling", {"nodes": 6, "levels": 3}),
    "fixed": ("fixed", {"widths": (2, 1)}),
    "dyspec": ("dyspec", {"nodes": 4}),
    "dyspec, by threshold": ("dyspec", {"nodes": 5, "threshold": 0.1}),
    "s2d": ("s2d", {"depths": (1, CUT), "sure": (0.4, 0.2), "length": 3}),
}
"""Smaller trees than the methods' own: on a processor a call costs what its positions cost."""


def ways() -> dict[str, Way]:
    """Every lossless method by name, with its parameters; some in several forms."""
    tuned = {name for name, _ in WAYS.values()}
    others: dict[str, Way] = {name: (name, {}) for name in METHODS if name not in tuned}
    every = {**others, **WAYS}
    return {label: way for label, way in every.items() if method(way[0], **way[1]).lossless}


def prompts(tokenizer: Tokenizer, data: str | None, count: int) -> list[list[int]]:
    """As many of each kind: beginnings of paragraphs, the last kind cut in their second reading."""
    each = -(-count // len(KINDS))
    found: list[list[int]] = []
    for kind, source in zip(KINDS, ("english", "code", "english"), strict=True):
        length = 2 * LENGTH // 3 if kind == "repetitive" else LENGTH
        begun = [ids[:length] for ids in _long(tokenizer, text(source, data)[0], 3 * each, length)]
        begun = begun[::3] if kind != "repetitive" else begun[1::3]  # others than the prose has
        found += [(ids + ids)[:LENGTH] for ids in begun]
    return found[:count]


def _long(tokenizer: Tokenizer, body: str, count: int, length: int) -> list[list[int]]:
    """Ids of paragraphs that have so many."""
    ids = (tokenizer.encode(each.strip()) for each in paragraphs([body]))
    return list(islice((each for each in ids if len(each) > length), count))


@dataclass
class Written:
    """All prompts by one way.

    Attributes:
        ids: of each prompt.
        calls: in which the texts had a part, together.
    """

    ids: list[tuple[int, ...]]
    calls: int


class Run:
    """The models, and what was written already.

    Args:
        given: the command's options.
    """

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.tokenizer = load(given.model)
        self.prompts = prompts(self.tokenizer, given.data, given.prompts)
        self.request = Request(given.new, usual_ends(self.tokenizer))
        facts = [str(given.model), str(given.draft), self.prompts, given.new, BATCH, ways()]
        digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]
        self.parts = Path(given.parts) / digest

    @cached_property
    def single(self) -> tuple[CausalModel, CausalModel]:
        """Model and draft in float32."""
        return self._models("float32")

    @cached_property
    def double(self) -> tuple[CausalModel, CausalModel]:
        """Model and draft in float64."""
        return self._models("float64")

    def _models(self, dtype: str) -> tuple[CausalModel, CausalModel]:
        model = causal_model(self.given.model, dtype=dtype)
        return model, causal_model(self.draft, dtype=dtype)

    @cached_property
    def draft(self) -> Path:
        """The draft that was given, or one cut from the model."""
        cut = self.parts / "draft"
        if self.given.draft is None and not cut.exists():
            first_blocks(self.given.model, CUT, cut)
        return self.given.draft or cut

    def write(self, label: str, name: str, options: dict[str, Any]) -> Written:
        """All prompts, in float32."""
        ids: list[tuple[int, ...]] = []
        calls = 0
        for at in range(0, len(self.prompts), BATCH):
            path = self.parts / f"{label.replace(', ', '-').replace(' ', '-')}-{at:03}.json"
            if not path.exists():
                self.tell(f"{label}: {at} of {len(self.prompts)}")
                done = self.generate(self.single, name, options, self.prompts[at : at + BATCH])
                write_text(path, json.dumps([[list(each.ids), each.calls] for each in done]))
            part = json.loads(path.read_text("utf-8"))
            ids += [tuple(each) for each, _ in part]
            calls += sum(each for _, each in part)
        return Written(ids, calls)

    def generate(
        self,
        models: tuple[CausalModel, CausalModel],
        name: str,
        options: dict[str, Any],
        some: Sequence[list[int]],
    ) -> list[Generated]:
        """What a way gives for some prompts."""
        return method(name, **options).generate(models[0], some, self.request, models[1])

    def in_double(self, at: int, name: str, options: dict[str, Any]) -> bool:
        """Whether one prompt's text is the same in float64."""
        some = [self.prompts[at]]
        both = [
            self.generate(self.double, *way, some)[0] for way in ((name, options), ("plain", {}))
        ]
        return both[0].ids == both[1].ids

    def distance(self, at: int, one: tuple[int, ...], other: tuple[int, ...]) -> float:
        """Between the logits, in float64, of the two ids at which two texts part."""
        ends = self.request.ends[:1]
        pairs = zip([*one, *ends], [*other, *ends], strict=False)
        place = next(place for place, (x, y) in enumerate(pairs) if x != y)
        row = self.double[0].start([[*self.prompts[at], *one[:place]]]).last[0]
        ids = [(*each, *ends)[place] for each in (one, other)]
        return float(abs(row[ids[0]] - row[ids[1]]))

    def tell(self, what: str) -> None:
        """Where it is."""
        print(what, file=sys.stderr, flush=True)


def lines(run: Run) -> Iterator[tuple[str, bool]]:
    """A line of the table for each way, and whether all texts are plain decoding's."""
    plain = run.write("plain", "plain", {})
    new = sum(map(len, plain.ids))
    yield f"{'plain':22} {new:6,} ids, {plain.calls:6,} calls", True
    for label, (name, options) in ways().items():
        if name == "plain" or run.given.only not in (None, label):
            continue
        found = run.write(label, name, options)
        other = [at for at, ids in enumerate(found.ids) if ids != plain.ids[at]]
        far = [run.distance(at, found.ids[at], plain.ids[at]) for at in other]
        wrong = [at for at in other if not run.in_double(at, name, options)]
        ties = f", {len(other)} parted in float32 (logits {max(far):.1e} apart)" if other else ""
        yield (
            f"{label:22} {sum(map(len, found.ids)):6,} ids, {found.calls:6,} calls, "
            f"{len(plain.ids) - len(other)} of {len(plain.ids)} the same{ties}; "
            f"{len(plain.ids) - len(wrong)} with those in float64",
            not wrong,
        )


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each method; 1 where a text differs that may not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.same_text", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder of a model of transformers")
    parser.add_argument("--data", help="the shared data; without it Python's own texts are used")
    parser.add_argument("--draft", type=Path, help="a small model; default: first blocks of MODEL")
    parser.add_argument("--prompts", type=int, default=204)
    parser.add_argument("--new", type=int, default=24, help="ids for each prompt")
    parser.add_argument("--only", choices=[*ways()], help="one of the methods")
    parser.add_argument("--parts", default="build/same-text", help="folder of finished batches")
    run = Run(parser.parse_args(arguments))
    print(
        f"{len(run.prompts)} prompts of {LENGTH} ids, {run.given.new} new ids, batches of {BATCH}"
    )
    right = True
    for line, same in lines(run):
        print(line, flush=True)
        right = right and same
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
