"""Whether what both vocabularies share is as it was: rows, logits; how long rows are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.seeds import generator
from tokenry.transfer.certificate.content import CertificateCheck, RowNorms, checked, noted
from tokenry.transfer.certificate.subject import Subject, SubjectPair
from tokenry.transfer.row_plan import Role

BLOCK = 8192
LENGTH, SEQUENCES = 32, 4  # of ids that both models read
COLUMNS = 2048  # logits that are compared


def row_checks(pair: SubjectPair) -> Iterator[CertificateCheck]:
    """Rows of shared ids, and logits for them after ids that are shared, are the same bits."""
    new, _ = pair.shared
    if not len(new):
        yield noted("shared rows", "the tokenizers share nothing")
        return
    differing = sum(_differing_rows(pair, role) for role in pair.after.tensors.roles)
    found = f"{differing} of {len(new)} shared rows differ"
    if pair.trained:
        yield noted("shared rows", f"{found}; the model was trained")
        return
    yield checked("shared rows", not differing, found, "none, to the bit")
    if pair.after.network is not None:
        yield _logits(pair)


def _differing_rows(pair: SubjectPair, role: Role) -> int:
    new, old = pair.shared
    one, two = (each.tensors.matrices[role] for each in (pair.before, pair.after))
    if one.dtype != two.dtype or one.shape[1] != two.shape[1]:
        return len(new)
    before, after = one.stored(), two.stored()
    return sum(
        int(
            (_bits(before[old[at : at + BLOCK]]) != _bits(after[new[at : at + BLOCK]])).any(1).sum()
        )
        for at in range(0, len(new), BLOCK)
    )


def _bits(rows: NDArray[Any]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(rows).view(np.uint8)


def _logits(pair: SubjectPair) -> CertificateCheck:
    new, old = pair.shared
    draw = generator(pair.seed, "certificate logits")
    columns = np.sort(draw.choice(len(new), min(COLUMNS, len(new)), replace=False))
    read = draw.integers(0, len(new), (SEQUENCES, LENGTH))
    before = shared_logits(pair.before, old[read], old[columns])
    after = shared_logits(pair.after, new[read], new[columns])
    differing = int((before.view(np.uint32) != after.view(np.uint32)).sum())
    most = float(np.abs(before - after).max())
    found = f"{differing} of {before.size} logits differ, by {most:.2g} at most"
    return checked("shared logits", not differing, found, "none, to the bit")


def shared_logits(
    subject: Subject, read: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Logits of some ids after each of others, shape (sequences, length, columns).

    The head is cut to these ids first: products of matrices of one shape are rounded in one way.
    """
    import torch

    network = subject.network
    head = network.get_output_embeddings()
    chosen = torch.from_numpy(columns)
    cut = torch.nn.Linear(head.weight.shape[1], len(columns), bias=head.bias is not None)
    with torch.no_grad():
        cut.weight.copy_(head.weight[chosen])
        if head.bias is not None:
            cut.bias.copy_(head.bias[chosen])
        network.set_output_embeddings(cut)
        try:
            out = network(input_ids=torch.from_numpy(read))
        finally:
            network.set_output_embeddings(head)
    found: NDArray[np.float32] = out.logits.contiguous().numpy()
    return found


def row_norms(pair: SubjectPair) -> Iterator[RowNorms]:
    """Of shared and of new rows: rows that are much shorter have logits that are all alike."""
    for role in pair.after.tensors.roles:
        rows = pair.after.tensors.matrices[role].floats()
        for kind, ids in (("shared", pair.shared[0]), ("new", pair.fresh)):
            if len(ids):
                parts = range(0, len(ids), BLOCK)
                norms = [np.linalg.norm(rows[ids[at : at + BLOCK]], axis=1) for at in parts]
                low, median, high = np.quantile(np.concatenate(norms), (0.05, 0.5, 0.95)).tolist()
                yield RowNorms(role, kind, len(ids), low, median, high)
