"""What experiments with layouts share: real pages, their ids, drawing, how good boxes are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.data import Data
from tokenry.corpus.holdout import held_out
from tokenry.decoding.constrained.masks import TrieMasks
from tokenry.domains import DomainTokenizer, learn
from tokenry.domains.domain_tokenizer import GROUND
from tokenry.domains.layouts.domain import Layouts
from tokenry.domains.layouts.tokens import ELEMENT, FIRST_BIN
from tokenry.errors import TokenryError

if TYPE_CHECKING:
    from tokenry.neural.model import Model

FOLDER: Final = "layouts"
BINS: Final = 64
LONGEST: Final = 80  # ids of twelve elements and their end
Ids = NDArray[np.int64]
Boxes = NDArray[np.float64]


@dataclass(frozen=True)
class Page:
    """A real layout: the size of its page, and elements from the top."""

    width: int
    height: int
    labels: tuple[str, ...]
    boxes: Boxes  # in shares of the page

    @property
    def size(self) -> str:
        """As the head of a page says it."""
        return f"{self.width} {self.height}"


def pages(data: Data, most: int, elements: int = 12) -> tuple[list[Page], list[Page]]:
    """To learn from, and held out, of at most so many elements."""
    sides: tuple[list[Page], list[Page]] = ([], [])
    for path in data.files(FOLDER, "*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            found = json.loads(line)
            of = found["elements"]
            if len(of) > elements or len(sides[0]) + len(sides[1]) >= most:
                continue
            size = np.array([found["width"], found["height"]] * 2, np.float64)
            boxes = np.array([each["box"] for each in of], np.float64) / size
            labels = tuple(each["label"] for each in of)
            page = Page(found["width"], found["height"], labels, boxes)
            sides[held_out(line.encode(), fraction=0.2, seed=0)].append(page)
    return sides


class PageIds:
    """Pages and plans as ids of one tokenizer of the domain.

    Args:
        learnt: pages whose labels it learns.
    """

    def __init__(self, learnt: Sequence[Page]) -> None:
        domain = Layouts(bins=BINS, exact="dropped")
        files = [self.json_of(page) for page in learnt]
        size = len(domain.marks) + len(GROUND) + 256 + 50
        self.tokenizer: DomainTokenizer = learn(domain, files, vocab_size=size, min_frequency=2)

    @staticmethod
    def json_of(page: Page) -> bytes:
        """The page as a file of one."""
        size = [page.width, page.height] * 2
        elements = [
            {
                "label": label,
                "box": [round(share * side) for share, side in zip(box, size, strict=True)],
            }
            for label, box in zip(page.labels, page.boxes.tolist(), strict=True)
        ]
        found = {"width": page.width, "height": page.height, "elements": elements}
        return json.dumps(found).encode() + b"\n"

    def halves(self, page: Page) -> tuple[Ids, Ids]:
        """Ids of the head of a page, and those of its elements."""
        ids = self.tokenizer.encode(self.json_of(page)).astype(np.int64)
        at = int(np.flatnonzero(ids == self.element)[0])
        return ids[:at], ids[at:]

    def plan(self, text: str) -> Ids:
        """Ids of a plan."""
        return self.tokenizer.encode(text.encode()).astype(np.int64)

    @property
    def element(self) -> int:
        """The id of the mark of an element."""
        return ELEMENT + len(GROUND)

    def drawn(self, head: Ids, ids: Sequence[int]) -> tuple[tuple[str, ...], Boxes] | None:
        """Labels and boxes of a page that a model drew; None where its ids are no page."""
        try:
            written = self.tokenizer.decode(np.concatenate([head, np.array(ids, np.int64)]))
            found = json.loads(written)
        except (TokenryError, ValueError):
            return None
        size = np.array([found["width"], found["height"]] * 2, np.float64)
        of = found["elements"]
        if not of:
            return None
        return tuple(each["label"] for each in of), np.array([each["box"] for each in of]) / size


Placed = tuple[tuple[int, int, int, int], ...]
State = tuple[int, Placed, tuple[int, ...], int]


class PageConstraint:
    """Elements with these labels, in this order, whose boxes stay within the page.

    It is a `tokenry.decoding.constrained.constraint.Constraint` over ids of two bytes each. A state
    is how many ids there are, the boxes so far, the bins of the next one, and the first byte of an
    id or -1.

    Args:
        ids: of pages.
        labels: what is wanted.
        apart: whether boxes may not cover each other, as long as the page has room.
    """

    def __init__(self, ids: PageIds, labels: Sequence[str], *, apart: bool = False) -> None:
        self._slots: list[int] = []  # an id, or -1 to -4 for the four bins
        for label in labels:
            pieces = ids.plan(label)[2:].tolist()  # behind ``plan`` and ``wanted``
            self._slots += [ids.element, *pieces, -1, -2, -3, -4]
        self._first = FIRST_BIN + len(GROUND)
        self._apart = apart

    def start(self) -> State:
        """No id yet."""
        return (0, (), (), -1)

    def advance(self, state: Any, byte: int) -> State | None:
        """One more byte of an id."""
        at, placed, bins, first = state
        if at == len(self._slots):
            return None
        allowed = self._allowed(at, placed, bins)
        if first < 0:
            begins = any(id_ >> 8 == byte for id_ in allowed)
            return (at, placed, bins, byte) if begins else None
        id_ = first << 8 | byte
        if id_ not in allowed:
            return None
        if self._slots[at] < 0:
            bins = (*bins, id_ - self._first)
        if len(bins) == 4:
            x, y, width, height = bins
            placed, bins = (*placed, (x, y, width, height)), ()
        return (at + 1, placed, bins, -1)

    def _allowed(self, at: int, placed: Placed, bins: tuple[int, ...]) -> frozenset[int]:
        slot = self._slots[at]
        if slot >= 0:
            return frozenset((slot,))
        return room(placed if self._apart else (), bins, self._first)

    def is_complete(self, state: Any) -> bool:
        """Whether all elements are there."""
        return bool(state[0] == len(self._slots) and state[3] < 0)


@lru_cache(maxsize=1 << 14)
def room(placed: Placed, bins: tuple[int, ...], first: int) -> frozenset[int]:
    """Ids of the bins that the next number of a box may have: within the page, and off others.

    Where others leave no room at all, they are not seen.
    """
    free = np.ones((BINS, BINS), bool)  # by y, then x
    for x, y, width, height in placed:
        free[y : y + height + 1, x : x + width + 1] = False
    if not free.any() or (bins and not _fits(free, bins)):
        free[:] = True
    match bins:
        case ():
            found = np.flatnonzero(free.any(axis=0))
        case (x,):
            found = np.flatnonzero(free[:, x])
        case (x, y):
            found = np.arange(_first_taken(free[y][x:]))
        case (x, y, width):
            beside = range(x + 1, x + width + 1)
            rows = reduce(np.logical_and, (free[y:, each] for each in beside), free[y:, x])
            found = np.arange(_first_taken(rows))
    return frozenset((found + first).tolist())


def _fits(free: NDArray[np.bool_], bins: tuple[int, ...]) -> bool:
    """Whether a box that begins with these bins has room."""
    if len(bins) == 1:
        return bool(free[:, bins[0]].any())
    x, y = bins[:2]
    end = x + 1 + (bins[2] if len(bins) == 3 else 0)
    return bool(free[y, x:end].all())


def _first_taken(free: NDArray[np.bool_]) -> int:
    """How many places are free before the first that is not."""
    taken = np.flatnonzero(~free)
    return int(taken[0]) if len(taken) else len(free)


def two_bytes(count: int) -> list[bytes]:
    """What each id writes for a `PageConstraint`."""
    return [id_.to_bytes(2, "big") for id_ in range(count)]


def draw(
    model: Model, prompts: Sequence[Ids], constraints: Sequence[PageConstraint] | None, seed: int
) -> list[list[int]]:
    """Continue each prompt by ids drawn from a model, within its constraint, if there are any."""
    import torch

    from tokenry.neural.training.data.padded import PAD, padded

    end = model.vocab_size - 1
    source = torch.Generator().manual_seed(seed)
    pieces = two_bytes(end)
    masks = [TrieMasks(each, pieces) for each in constraints or ()]
    states: list[Any] = [each.start() for each in constraints or ()]
    ids = torch.from_numpy(padded([each[::-1] for each in prompts])[:, ::-1].copy())
    rows: list[list[int]] = [[] for _ in prompts]
    done = np.zeros(len(prompts), bool)
    with torch.no_grad():
        cache = model.new_cache()
        logits = model(ids.clamp(min=0), present=ids != PAD, cache=cache)[:, -1]
        while not done.all() and max(map(len, rows)) < LONGEST:
            if constraints is not None:
                allowed = np.zeros((len(rows), end + 1), bool)
                for row, (mask, state) in enumerate(zip(masks, states, strict=True)):
                    if constraints[row].is_complete(state):
                        allowed[row, end] = True
                    else:
                        allowed[row, :end] = mask.mask(state)
                logits = logits.masked_fill(torch.from_numpy(~allowed), -torch.inf)
            made = torch.multinomial(torch.softmax(logits, -1), 1, generator=source)[:, 0]
            for row, id_ in enumerate(made.tolist()):
                done[row] |= id_ == end
                if not done[row]:
                    rows[row].append(id_)
                    if constraints is not None:
                        states[row] = masks[row].consume(states[row], id_)
            logits = model(made[:, None], cache=cache)[:, -1]
    return rows


def overlap(boxes: Boxes) -> float:
    """The share of a box that others cover, mean of the boxes (Li et al. 2019, LayoutGAN)."""
    if len(boxes) < 2:
        return 0.0
    begin, end = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    low = np.maximum(begin[:, None], begin[None])
    high = np.minimum(end[:, None], end[None])
    shared = np.prod(np.clip(high - low, 0, None), axis=-1)
    np.fill_diagonal(shared, 0)
    area = np.maximum(np.prod(boxes[:, 2:], axis=-1), 1e-6)
    return float(np.minimum(shared.sum(axis=1) / area, 1).mean())


def misalignment(boxes: Boxes) -> float:
    """How far the nearest line of another box is, in percent of the page, mean of boxes."""
    if len(boxes) < 2:
        return 0.0
    begin, size = boxes[:, :2], boxes[:, 2:]
    lines = np.concatenate([begin, begin + size / 2, begin + size], axis=1)
    apart = np.abs(lines[:, None] - lines[None]).min(axis=-1)
    np.fill_diagonal(apart, np.inf)
    return float(100 * apart.min(axis=1).mean())
