"""Documents whose keys and values are kept, with link ids and without, beside reading all anew.

Source: Yang et al. 2025, "KVLink: Accelerating Large Language Models via Efficient KV Cache Reuse",
arXiv:2502.16002. There Llama-3.2 1B and 3B, fine-tuned under the mask of their documents and scored
by their answers; here language models of code, school problems and novels, which go on learning in
one of three ways with as many updates each: whole contexts, documents alone, or documents and
links. A context is a stretch of one text: its first part is cut into documents, and what follows is
scored.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, LARGE, TINY, Text, text_of, trained
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import crossed
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, Estimate, check, check_bounded, fact
from tokenry.decoding.generation.linking import DocumentStore, linked_sight
from tokenry.models import causal_model, log_softmax
from tokenry.neural.model import Model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.shuffled import Indexes, Shuffled
from tokenry.neural.training.steps.next_token import NextToken

DOCUMENTS: Final = 24
LENGTH: Final = 4
"""Ids of a document. Longer ones lose too little here for links to win it back: on learnt texts a
model that is not trained for it needs 0.012 bits per byte more with 4 ids, 0.003 with 16."""
READ: Final = DOCUMENTS * LENGTH
REST: Final = 32  # ids that are scored
UPDATES: Final = 800  # in each way
PASSES: Final = Passes(rate=2e-3, batch=8)
MATTERS: Final = 0.003  # bits per byte
WHOLE, APART, LINKED = "all anew", "kept, no links", "kept, links"
UNTRAINED = "kept, not trained for it"
ROWS: Final = "embedding.rows.weight"
Contexts = NDArray[np.int64]
"""Shape (contexts, READ + REST)."""
Figures = dict[str, list[float]]
"""By way, bits of the rest of each context."""


def contexts(documents: list[NDArray[np.int64]]) -> Contexts:
    """All stretches of documents that are long enough; the rest of each begins where that of the
    one before ends."""
    size = READ + REST
    return np.stack([
        each[at : at + size] for each in documents for at in range(0, len(each) - size + 1, REST)
    ])  # fmt: skip


class Way:
    """How contexts are read.

    Args:
        name: one of the ways above.
        link: the id behind each document, where there are links.
    """

    def __init__(self, name: str, link: int) -> None:
        self.links = [link] if name == LINKED else []
        self.apart = name != WHOLE
        self.before = DOCUMENTS * (LENGTH + len(self.links))

    def batch(self, found: Contexts) -> Batch:
        """Contexts to learn from or to score: the rest has weights."""
        parts = found[:, :READ].reshape(len(found), DOCUMENTS, LENGTH)
        links = np.tile(self.links, (len(found), DOCUMENTS, 1)).astype(np.int64)
        read = np.concatenate([parts, links], axis=2).reshape(len(found), -1)
        rows = np.concatenate([read, found[:, READ:]], axis=1)
        weights = np.zeros(rows.shape, np.float32)
        weights[:, self.before :] = 1
        arrays = {"ids": rows, "weights": weights}
        if self.apart:
            sight = linked_sight([LENGTH] * DOCUMENTS, len(self.links), REST - 1)
            arrays["seen"] = np.tile(sight, (len(rows), 1, 1))
        return Batch(arrays)

    def bits(self, model: Model, found: Contexts) -> NDArray[np.float64]:
        """Of the rest of each context, in one pass under the mask."""
        import torch

        given = {name: torch.from_numpy(each) for name, each in self.batch(found).arrays.items()}
        seen = {"seen": given["seen"]} if self.apart else {}
        with torch.no_grad():
            logits = model(given["ids"][:, :-1], **seen)
            losses = -torch.log_softmax(logits[:, self.before - 1 :].float(), dim=-1)
        rest = torch.from_numpy(found[:, READ:, None])
        nats = losses.gather(2, rest).sum((1, 2)).double().numpy()
        bits: NDArray[np.float64] = nats / np.log(2)
        return bits

    def kept(self, model: Model, found: NDArray[np.int64]) -> tuple[float, int]:
        """By how much probabilities behind kept documents are off one pass at most, and how many
        ids were computed for the first of the rest, in one context."""
        import torch

        causal = causal_model(model)
        store = DocumentStore(causal, self.links)
        documents = found[:READ].reshape(DOCUMENTS, LENGTH).tolist()
        store.context(documents)
        before = causal.counters.positions
        state = store.context(documents)
        cost = causal.counters.positions - before + 1
        last = causal.extend(state, [found[READ:-1].tolist()]).last[0]
        given = {x: torch.from_numpy(each) for x, each in self.batch(found[None]).arrays.items()}
        with torch.no_grad():
            once = model(given["ids"][:, :-1], seen=given["seen"])[0, -1].numpy()
        both = (np.exp(log_softmax(each)) for each in (once, last))
        return float(np.abs(np.subtract(*both)).max()), cost


def with_link(model: Model, shape: Shape) -> Model:
    """The model with one more id, whose row begins as the mean of the others."""
    import torch

    state = model.state_dict()
    rows = state[ROWS]
    wider = shape.causal(len(rows) + 1).build(seed=0)
    wider.load_state_dict(state | {ROWS: torch.cat([rows, rows.mean(0, keepdim=True)])})
    return wider


def learnt(setting: Setting, text: Text, name: str, seed: int) -> Model:
    """The language model of a seed, after more updates in a way."""
    setting.tell(f"{name}, seed {seed}")
    model = with_link(trained(setting, text, LARGE, seed).model, setting.pick(LARGE, TINY))
    way, read = Way(name, text.end + 1), contexts(text.learnt)

    def make(numbers: Indexes) -> Batch:
        return way.batch(read[numbers])

    given = Shuffled(len(read), PASSES.batch, make, seed=seed, identity=name, passes=None)
    folder = _kept(setting).training(f"{name.replace(', ', '-').replace(' ', '-')}-seed-{seed}")
    steps = setting.pick(UPDATES, 2)
    PASSES.trainer(steps, seed).fit(model, NextToken(), given, folder=folder)
    return model


def figures_of(setting: Setting, text: Text, held: Contexts, seed: int) -> Figures:
    """Bits of held-out contexts in all ways by the models of a seed, and what kept documents cost
    and are off."""
    made = {name: learnt(setting, text, name, seed) for name in (WHOLE, APART, LINKED)}
    made[UNTRAINED] = made[WHOLE]
    ways = {name: Way(name, text.end + 1) for name in made}
    parts = np.array_split(held, 32)
    found: Figures = {
        name: np.concatenate([ways[name].bits(model, part) for part in parts]).tolist()
        for name, model in made.items()
    }
    for name in (APART, LINKED):
        looks = [ways[name].kept(made[name], each) for each in held[::160]]
        found[f"{name}: off"] = [off for off, _ in looks]
        found[f"{name}: ids"] = [float(cost) for _, cost in looks]
    return found


def _kept(setting: Setting) -> Kept:
    return Kept(setting, "linked documents", source_of(__file__))


def run(setting: Setting) -> Findings:
    """Train models in all ways; score what follows documents of held-out texts."""
    import torch

    torch.set_num_threads(1)
    text, kept = text_of(setting), _kept(setting)
    held = contexts([each for documents in text.held.values() for each in documents])
    sizes = np.array([len(text.tokenizer.decode_bytes(each)) for each in held[:, READ:]])
    found = [
        kept.once(f"seed {seed}", figures_of, setting, text, held, seed) for seed in setting.seeds
    ]
    bits = {name: np.array([each[name] for each in found]) for name in found[0]}
    return Findings((_table(bits, sizes),), _checks(bits, sizes), (*NOTES, kept.note()))


def _more(bits: dict[str, NDArray[np.float64]], one: str, other: str, sizes: Contexts) -> Estimate:
    """Bits per byte that a way needs more than another, over seeds and contexts."""
    more = bits[one] - bits[other]
    return crossed(
        more.shape,
        lambda seeds, at: float(more[seeds][:, at].mean(0).sum() / sizes[at].sum()),
    )


def _table(bits: dict[str, NDArray[np.float64]], sizes: Contexts) -> Table:
    ids = {WHOLE: READ + 1.0, UNTRAINED: bits[f"{APART}: ids"][0, 0]}
    rows: list[tuple[Cell, ...]] = [
        (name, *((bits[name].sum(1) / sizes.sum()).round(4).tolist()),
         round(ids.get(name) or bits[f"{name}: ids"][0, 0]))
        for name in (WHOLE, LINKED, APART, UNTRAINED)
    ]  # fmt: skip
    seeds = (f"bits per byte, seed {at}" for at in range(len(bits[WHOLE])))
    return Table(
        f"What follows {DOCUMENTS} documents of {LENGTH} ids each",
        ("documents are", *seeds, "ids computed for the first that follows"),
        tuple(rows),
        f"{len(sizes):,} held-out contexts, {sizes.sum():,} bytes that follow them. Documents that "
        "are kept were read before.",
    )


def _checks(bits: dict[str, NDArray[np.float64]], sizes: Contexts) -> tuple[Check, ...]:
    off = max(float(bits[f"{name}: off"].max()) for name in (APART, LINKED))
    saved = 1 - float(bits[f"{LINKED}: ids"][0, 0]) / (READ + 1)
    return (
        fact("documents that were read apart give what one pass under their mask gives",
             f"probabilities off by {off:.1e} at most", holds=off < 1e-5),
        check("documents that are kept cost bits where a model was not trained for them "
              "(published: up to 35 points of right answers)",
              _more(bits, UNTRAINED, WHOLE, sizes), matters=MATTERS),
        check("with links fewer bits per byte than without, both trained (published: 4 points over "
              "other methods, on average)", _more(bits, APART, LINKED, sizes), matters=MATTERS),
        check_bounded(f"with links at most {MATTERS} bits per byte more than by reading all anew "
                      f"({3 * MATTERS:.3f} for the direction)", _more(bits, LINKED, WHOLE, sizes),
                      MATTERS, loose=3 * MATTERS),
        fact("fewer ids are computed for the first that follows (published: up to 96% less time to "
             "the first id)", f"{saved:.0%} fewer", holds=saved >= 0.96, in_direction=saved > 0.5),
    )  # fmt: skip


NOTES: Final = (
    "The link id is one more row of the model, in all ways; it begins as the mean of the others.",
    "Lengths, updates and rate were chosen by one seed on learnt texts. There links cost 0.026 "
    "bits per byte more than none after 200 updates at 1e-3 and 0.007 after 600 at 2e-3.",
    "Intervals are over seeds and contexts, both drawn anew. Who is not trained for it is the "
    "model that learnt whole contexts.",
)
EXPERIMENT: Final = Experiment(
    name="KVLink",
    claim="Documents whose keys and values were computed apart can be put into one context by "
    "moving their positions; trained link ids behind each bring back what documents have to say of "
    "each other, so that little is lost against reading all anew.",
    scale="Paper: Llama-3.2 1B and 3B, seven sets of questions, contexts of thousands of ids. "
    f"Here: 4 blocks of width 128, trained on 450 kB of code, school problems and novels; "
    f"{DOCUMENTS} documents of {LENGTH} ids, a link id each, {REST} ids behind them that are "
    f"scored, {UPDATES} updates in each way, three seeds.",
    baseline="Reading all documents anew; documents that are kept without links, by a model "
    "trained for them and by one that was not.",
    needs=FOLDERS,
    run=run,
)
