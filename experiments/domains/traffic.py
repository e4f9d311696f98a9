"""netFound: flows of captures told by fields in bursts, and by raw bytes.

Source: Guthula et al. 2023, "netFound: foundation model for network security", arXiv:2310.17025.
There a model is pretrained on campus traffic; here small ones are trained from nothing on the
labelled flows of nDPI's test captures. Captures, not flows, are held out, so that a model cannot
know a label by the capture it comes from.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.domains.labelled_flows import LabelledFlow, common, flows_in, labels_in
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Baseline, Check, check
from tokenry.domains import DomainTokenizer, learn
from tokenry.domains.packets.domain import Packets
from tokenry.errors import SmallerVocabularyWarning

ASIDE: Final = ("source_port", "target_port", "ip_length", "ip_time_to_live")
LENGTH: Final = 32  # ids of a burst
BURSTS: Final = 4
PACKET: Final = 16  # ids, or raw bytes, of a packet
HELD: Final = 3  # one capture in so many
MATTERS: Final = 3.0  # points of macro F1
Rows = list[NDArray[np.int64]]


@dataclass(frozen=True)
class Arm:
    """A way to give flows to a model: rows by flow, how many ids, and which model."""

    name: str
    rows: Rows
    ids: int
    nested: bool


def run(setting: Setting) -> Findings:
    """Write flows as fields and as bytes, train on some captures, and tell those of others."""
    flows = labelled(setting)
    names = sorted({flow.label for flow in flows})
    labels = np.array([names.index(flow.label) for flow in flows], np.int64)
    tokens, ids = field_rows(setting, flows)
    arms = [
        Arm("fields, hierarchical", tokens, ids, True),
        Arm("fields, flat", [row[row >= 0] for row in tokens], ids, False),
        Arm("raw bytes, hierarchical", byte_rows(flows), 256, True),
        Arm("raw bytes, flat", [row[row >= 0] for row in byte_rows(flows)], 256, False),
    ]
    scores = {
        arm.name: [score(setting, arm, flows, labels, seed) for seed in setting.seeds]
        for arm in arms
    }
    return Findings(
        tables=(_scores(scores), _classes(flows, names)),
        checks=_checks(scores),
        notes=(
            "Addresses, checksums and sequence numbers stand aside in the fields anyhow; here "
            "ports, lengths and times to live do too, for they name a protocol without reading "
            "it. Raw bytes have all of these.",
            "Tokenizers are learnt from all captures, without their labels.",
            f"Both read at most {BURSTS} bursts of {LENGTH} ids, {PACKET} of a packet; flat models "
            "read the same ids in a row.",
        ),
    )


def labelled(setting: Setting) -> list[LabelledFlow]:
    """Flows of the labels that enough captures have."""
    found: list[LabelledFlow] = []
    for path in setting.data.files("pcap", "*.pcap*")[: setting.pick(None, 60)]:
        listing = path.parent / "labels" / f"{path.name}.out"
        if listing.is_file():
            found += flows_in(path, labels_in(listing))
    return common(found, captures=setting.pick(5, 2), least=setting.pick(9, 2))


def field_rows(setting: Setting, flows: list[LabelledFlow]) -> tuple[Rows, int]:
    """Ids of fields in bursts, -1 at the ends of bursts."""
    captures = sorted({flow.capture for flow in flows})
    files = {name: setting.data.file(f"pcap/{name}").read_bytes() for name in captures}
    domain = Packets(order="file", side=ASIDE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        tokenizer = learn(domain, files.values(), vocab_size=1024)
    packets = {name: packet_ids(tokenizer, data) for name, data in files.items()}
    rows = []
    for flow in flows:
        ids = [packets[flow.capture][packet.number] for packet in flow.packets]
        rows.append(in_bursts(flow, ids))
    return rows, tokenizer.n_vocab


def packet_ids(tokenizer: DomainTokenizer, data: bytes) -> list[NDArray[np.int64]]:
    """Ids of each packet of a capture, in its order."""
    ids = tokenizer.encode(data, strict=True).astype(np.int64)
    names = tokenizer.tokenizer.pipeline.specials()
    rest = np.flatnonzero(ids == names["<|rest|>"])
    body = ids[: rest[0]] if len(rest) else ids
    starts = np.flatnonzero(body == names["<|packets.packet|>"])
    return np.split(body, starts)[1:]


def byte_rows(flows: list[LabelledFlow]) -> Rows:
    """Raw bytes of packets in bursts."""
    return [
        in_bursts(flow, [np.frombuffer(p.raw, np.uint8).astype(np.int64) for p in flow.packets])
        for flow in flows
    ]


def in_bursts(flow: LabelledFlow, packets: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The beginnings of packets, burst by burst, each filled up with -1."""
    row = np.full((BURSTS, LENGTH), -1, np.int64)
    burst, at, before = -1, 0, -1
    for packet, ids in zip(flow.packets, packets, strict=True):
        if packet.direction != before:
            burst, at, before = burst + 1, 0, packet.direction
        if burst == BURSTS:
            break
        part = ids[:PACKET][: LENGTH - at]
        row[burst, at : at + len(part)] = part
        at += len(part)
    return row.reshape(-1)


def score(
    setting: Setting, arm: Arm, flows: list[LabelledFlow], labels: NDArray[np.int64], seed: int
) -> float:
    """Macro F1, in percent, of flows of held-out captures."""
    import torch

    from experiments.domains.hierarchical import Hierarchical
    from tokenry.neural.inference import labels_of
    from tokenry.neural.recipes.sizes import Passes, Shape
    from tokenry.neural.training.data.examples import examples
    from tokenry.neural.training.steps.class_label import ClassLabel

    setting.tell(f"{arm.name}, seed {seed}")
    held = held_out(flows, labels, seed)
    classes = int(labels.max()) + 1
    shape = Shape(
        width=setting.pick(32, 16), layers=setting.pick(2, 1), heads=4, context=BURSTS * LENGTH
    )
    torch.manual_seed(seed)
    model = (
        Hierarchical(arm.ids, classes, shape, LENGTH)
        if arm.nested
        else shape.classifier(arm.ids, classes).build(seed=seed)
    )
    train = np.flatnonzero(~held)
    passes = Passes(passes=setting.pick(24, 1), rate=2e-3, batch=16)
    rows = [arm.rows[i] for i in train.tolist()]
    batches = examples(rows, {"labels": labels[train]}, size=16, seed=seed, passes=passes.passes)
    passes.trainer(batches.batches or 1, seed).fit(model, ClassLabel(), batches)
    asked = np.flatnonzero(held)
    given = labels_of(model, [arm.rows[i] for i in asked.tolist()])  # type: ignore[arg-type]
    return macro_f1(given, labels[asked])


def held_out(flows: list[LabelledFlow], labels: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """Flows of a third of each label's captures, at least one capture of each."""
    source = np.random.default_rng(seed)
    captures = np.array([flow.capture for flow in flows])
    chosen: set[str] = set()
    for label in range(int(labels.max()) + 1):
        own = np.unique(captures[labels == label])
        free = [name for name in own.tolist() if name not in chosen]
        wanted = max(1, len(own) // HELD) - (len(own) - len(free))
        chosen |= set(source.permutation(free)[: max(0, wanted)].tolist())
    return np.isin(captures, [*chosen])


def macro_f1(given: NDArray[np.int64], wanted: NDArray[np.int64]) -> float:
    """The mean over labels of the harmonic mean of precision and recall, in percent."""
    found = []
    for label in np.unique(wanted).tolist():
        right = int(((given == label) & (wanted == label)).sum())
        found.append(2 * right / int((given == label).sum() + (wanted == label).sum()))
    return 100 * float(np.mean(found))


def _checks(scores: dict[str, list[float]]) -> tuple[Check, ...]:
    best = "fields, hierarchical"
    effects = {
        f"over {name}": over_seeds(np.array(scores[best]) - np.array(scores[name]))
        for name in ("raw bytes, flat", "raw bytes, hierarchical")
    }
    baseline = max(float(np.mean(scores[name])) for name in scores if name != best)
    return (
        check(
            "fields in bursts under a hierarchical model tell flows of other captures better than "
            "raw bytes do",
            effects,
            matters=MATTERS,
            baseline=Baseline(baseline, floor=0.0, ceiling=100.0),
            found=", ".join(f"{name}: {each:.1f} points" for name, each in effects.items()),
        ),
    )


def _scores(scores: dict[str, list[float]]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, f"{over_seeds(each):.1f}", *(round(value, 1) for value in each))
        for name, each in scores.items()
    )
    seeds: tuple[str, ...] = tuple(
        f"seed {number}" for number in range(len(next(iter(scores.values()))))
    )
    return Table(
        "Macro F1 of flows of held-out captures, %",
        ("arm", "mean", *seeds),
        rows,
        "Each seed holds out other captures, and draws other weights.",
    )


def _classes(flows: list[LabelledFlow], names: list[str]) -> Table:
    rows = tuple(
        (
            name,
            sum(flow.label == name for flow in flows),
            len({flow.capture for flow in flows if flow.label == name}),
        )
        for name in names
    )
    return Table("Labels", ("protocol", "flows", "captures"), rows)


EXPERIMENT: Final = Experiment(
    name="netFound",
    claim="Fields of protocols, in packets, bursts and flows under a hierarchical model, tell what "
    "traffic is better than raw bytes do (published: F1 of 0.95 in a network not seen before, "
    "others below 0.62).",
    scale="Paper: pretraining on campus traffic, five tasks. Here: about 260 flows of 6 protocols "
    "in nDPI's test captures, models of width 32 trained from nothing, 3 seeds.",
    baseline="The same models, trained as long, on the raw bytes of the same packets.",
    needs=("pcap",),
    run=run,
)
