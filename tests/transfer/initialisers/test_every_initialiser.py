"""What every initialiser promises, from the registry; and each held to its formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import INITIALISERS, Donor, RowInitialiser, TransferContext, initialiser
from tokenry.transfer.initialisers.asymmetric import LastInFirstOut, MeanInFirstOut, RisingPieces
from tokenry.transfer.initialisers.focus import Focus, sparsemax
from tokenry.transfer.initialisers.gaussian import GaussianRows
from tokenry.transfer.initialisers.landmark_pca import LandmarkPca, procrustes
from tokenry.transfer.initialisers.least_squares import LeastSquaresMap
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.initialisers.neighbours import CommonNeighbours
from tokenry.transfer.initialisers.omp import MatchingPursuit, pursue
from tokenry.transfer.initialisers.spaces import anchored
from tokenry.transfer.initialisers.subpieces import SubpieceMean
from tokenry.transfer.initialisers.trans_tokenizer import TransTokenizer
from tokenry.transfer.row_plan import Role

NAMES = list(INITIALISERS)
FAST = {"cw2v": {"steps": 5, "corners": 64, "rank": 4}}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", ["input", "output"])
def test_every_row_is_made_and_shared_ones_are_kept(
    name: str, role: Role, context: TransferContext
) -> None:
    old = context.rows(role)
    plan = initialiser(name, **FAST.get(name, {})).plan(context, role)
    assert plan.covered.all()
    rows = plan.rows(old)
    assert np.isfinite(rows).all()
    shared = context.matches.matched
    assert np.array_equal(rows[shared], old[context.matches.old_of_new[shared]])
    again = initialiser(name, **FAST.get(name, {})).plan(context, role)
    assert np.array_equal(rows, again.rows(old))


@pytest.mark.parametrize("name", NAMES)
def test_a_permutation_is_a_permutation(
    name: str, old: Tokenizer, context: TransferContext
) -> None:
    """Rows of the same vocabulary in another order are the old rows, bit by bit."""
    from tokenry.surgery import reorder

    moved = reorder(old, [" the the of"])
    same = replace(context, new=moved.tokenizer, donor=None, corpus=(), parallel=(), _made={})
    kind = initialiser(name)
    rows = kind.plan(same, "input").rows(same.rows("input"))
    assert np.array_equal(rows, same.rows("input")[moved.ids.old_of_new])


@pytest.mark.parametrize("name", NAMES)
def test_entries_say_what_they_are(name: str) -> None:
    assert INITIALISERS[name].summary
    assert INITIALISERS[name].source or name in ("copy", "zero")


@pytest.mark.parametrize("name", ["omp", "neighbours", "focus", "wechsel", "cw2v", "tokenadapt",
                                  "trans-tokenizer", "least-squares", "landmark-pca"])  # fmt: skip
def test_what_is_missing_is_named(name: str, context: TransferContext) -> None:
    bare = replace(context, donor=None, corpus=(), parallel=(), _made={})
    with pytest.raises(ModelError, match=r"donor=|corpus=|parallel="):
        initialiser(name).plan(bare, "input")


def test_vectors_stand_in_for_a_donor(context: TransferContext) -> None:
    alone = replace(context, donor=None, _made={})
    plan = initialiser("omp", k=2).plan(alone, "input")
    assert plan.counts()["omp"] > 100


def test_unknown_names_and_options() -> None:
    with pytest.raises(ModelError, match="did you mean 'omp'"):
        initialiser("ompp")
    with pytest.raises(ModelError, match="no option of omp; it has k"):
        initialiser("omp", atoms=3)
    with pytest.raises(ModelError, match="expected 1 or more"):
        initialiser("omp", k=0)


def test_subpieces(context: TransferContext) -> None:
    old = context.rows("input")
    rows = {kind: kind().plan(context, "input").rows(old)
            for kind in (SubpieceMean, MeanInFirstOut, LastInFirstOut, RisingPieces)}  # fmt: skip
    out = {kind: kind().plan(context, "output").rows(old)
           for kind in (MeanInFirstOut, LastInFirstOut, RisingPieces)}  # fmt: skip
    checked = 0
    for id_ in range(300, context.size):
        parts = context.old.encode_pretokens([context.new.vocabulary[id_] or b""])[0].tolist()
        if len(parts) < 3:
            continue
        checked += 1
        given = old[parts]
        rising = np.arange(1, len(parts) + 1) / (len(parts) * (len(parts) + 1) / 2)
        assert np.allclose(rows[SubpieceMean][id_], given.mean(0), atol=1e-5)
        assert np.allclose(rows[MeanInFirstOut][id_], given.mean(0), atol=1e-5)
        assert np.array_equal(rows[LastInFirstOut][id_], given[-1])
        assert np.allclose(rows[RisingPieces][id_], rising @ given, atol=1e-5)
        assert np.array_equal(out[MeanInFirstOut][id_], given[0])
        assert np.array_equal(out[LastInFirstOut][id_], given[0])
        assert np.allclose(out[RisingPieces][id_], rising[::-1] @ given, atol=1e-5)
    assert checked > 50


def test_a_piece_of_several_words(old: Tokenizer, context: TransferContext) -> None:
    """Superwords are cut by the old tokenizer first, as text is."""
    from tokenry.surgery.piece_ids import ids_of_pieces

    pieces = [b" of the", b"\xff\xfe", b"", b"a\n\n  b"]
    found = ids_of_pieces(old, pieces)
    assert found[0].tolist() == old.encode("x of the")[1:]
    assert old.decode_bytes(found[1].tolist()) == pieces[1]
    assert len(found[2]) == 0
    assert old.decode_bytes(found[3].tolist()) == pieces[3]


def test_mean_and_gaussian(context: TransferContext) -> None:
    old = context.rows("input")[context.used].astype(np.float64)
    assert np.allclose(MeanRow().plan(context, "input").rows(context.rows("input")), old.mean(0),
                       atol=1e-5)  # fmt: skip
    drawn = GaussianRows(scale=1.0).plan(context, "input").rows(context.rows("input"))
    assert np.allclose(np.cov(drawn.T), np.cov(old.T), atol=0.4)
    near = GaussianRows().plan(context, "input").rows(context.rows("input"))
    assert 0 < np.abs(near - old.mean(0)).max() < 0.1


def test_a_covariance_without_full_rank(context: TransferContext) -> None:
    """The complaint: a fallback that crashed where the covariance is not positive definite."""
    few = replace(context, old_rows=lambda role: np.ones((3, 24), np.float32), _made={})
    rows = GaussianRows(scale=1.0).plan(few, "input").rows(few.rows("input"))
    assert np.allclose(rows, 1, atol=1e-6)


def test_matching_pursuit_against_the_textbook() -> None:
    draw = np.random.default_rng(0)
    atoms, targets = draw.normal(size=(40, 12)), draw.normal(size=(5, 12))
    places, weights = pursue(targets.astype(np.float32), atoms.astype(np.float32), 4)
    for at, target in enumerate(targets):
        chosen: list[int] = []
        rest = target
        for _ in range(4):
            scores = np.abs(atoms @ rest)
            scores[chosen] = -1
            chosen.append(int(scores.argmax()))
            fit, *_ = np.linalg.lstsq(atoms[chosen].T, target, rcond=None)
            rest = target - atoms[chosen].T @ fit
        assert places[at].tolist() == chosen
        assert np.allclose(weights[at], fit, atol=1e-4)


def test_matching_pursuit_of_what_is_there() -> None:
    atoms = np.eye(6, dtype=np.float32)
    places, weights = pursue(atoms[[2]] * 3, atoms, 3)
    assert places[0, 0] == 2
    assert weights[0].tolist() == [3, 0, 0]
    twice = np.concatenate([atoms, atoms])  # dependent atoms
    _, weights = pursue(atoms[[1]] + atoms[[2]], twice, 4)
    assert np.isclose(weights.sum(), 2, atol=1e-5)


@pytest.mark.parametrize("weights", ["inverse", "barycentric", "least_squares"])
def test_neighbours(weights: str, context: TransferContext) -> None:
    kind = CommonNeighbours(k=3, weights=weights)  # type: ignore[arg-type]
    found, plan = anchored(context, "input"), kind.plan(context, "input")
    for at in (0, 100, 400):
        id_ = int(found.ids[at])
        distances = np.linalg.norm(found.atoms - found.targets[at], axis=1)
        near = np.argsort(distances)[:3]
        parts = dict(plan.explain(id_).parts)
        assert set(parts) == set(found.anchors[near].tolist())
        given = np.array([parts[old] for old in found.anchors[near].tolist()])
        if weights == "inverse":
            inverse = 1 / np.maximum(distances[near], 1e-6)
            assert np.allclose(given, inverse / inverse.sum(), atol=1e-4)
        elif weights == "barycentric":
            assert np.isclose(given.sum(), 1, atol=1e-4)
        else:
            fit, *_ = np.linalg.lstsq(found.atoms[near].T, found.targets[at], rcond=None)
            assert np.allclose(given, fit, atol=1e-2)


@pytest.mark.parametrize(
    "kind", [LeastSquaresMap(ridge=1e-9), LandmarkPca(), MatchingPursuit(k=16)], ids=type
)
def test_maps_find_a_rotation(kind: RowInitialiser, context: TransferContext) -> None:
    """Where old rows are the donor's, turned and (but for linear ones) moved, new rows are too."""
    draw = np.random.default_rng(3)
    turn = np.linalg.qr(draw.normal(size=(24, 24)))[0][:16]
    donor = draw.normal(size=(len(context.new), 16)) * np.linspace(1, 3, 16)
    expected = donor @ turn + 0.5 * (not isinstance(kind, MatchingPursuit))

    def old_rows(role: Role) -> np.ndarray:
        rows = np.zeros((len(context.old), 24), np.float32)
        shared = context.matches.matched
        rows[context.matches.old_of_new[shared]] = expected[shared]
        return rows

    given = Donor(context.new, lambda role: donor.astype(np.float32))
    turned = replace(context, old_rows=old_rows, donor=given, _made={})
    plan = kind.plan(turned, "input")
    made = plan.rows(turned.rows("input"))[plan.covered]
    assert np.abs(made - expected[plan.covered]).mean() < 1e-3


def test_procrustes() -> None:
    draw = np.random.default_rng(0)
    turn = np.linalg.qr(draw.normal(size=(5, 5)))[0]
    points = draw.normal(size=(30, 5))
    assert np.allclose(procrustes(points, points @ turn), turn)


def test_sparsemax_is_a_projection() -> None:
    draw = np.random.default_rng(0)
    scores = draw.normal(size=(20, 7)).astype(np.float32)
    found = sparsemax(scores)
    assert np.allclose(found.sum(1), 1, atol=1e-5)
    assert (found >= 0).all()
    others = draw.dirichlet(np.full(7, 0.3), size=500)
    for row, point in zip(scores, found, strict=True):
        assert ((others - row) ** 2).sum(1).min() >= ((point - row) ** 2).sum() - 1e-6


def test_focus_weights(context: TransferContext) -> None:
    plan = Focus().plan(context, "input")
    made = np.flatnonzero(plan.covered)
    sums = [sum(weight for _, weight in plan.explain(int(id_)).parts) for id_ in made[:50]]
    assert np.allclose(sums, 1, atol=1e-4)


def test_trans_tokenizer(context: TransferContext) -> None:
    pairs = [("red house", "rotes haus"), ("red car", "rotes auto"), ("big car", "grosses auto"),
             ("big house", "grosses haus"), ("car", "auto"), ("house", "haus")] * 2  # fmt: skip
    given = replace(context, parallel=pairs, _made={})
    from tokenry.transfer.word_alignment import align_words

    counts = align_words([(one.split(), two.split()) for one, two in pairs])
    assert counts["house", "haus"] >= 4
    assert counts["car", "auto"] >= 4
    assert max(counts.get(("house", "auto"), 0), counts.get(("car", "haus"), 0)) == 0
    plan = TransTokenizer().plan(given, "input")
    first = given.new.encode(" auto")[0]
    parts = dict(plan.explain(first).parts)
    assert set(parts) & set(given.old.encode(" car"))
    assert np.isclose(sum(parts.values()), 1)


def test_a_word_no_vector_knows_is_left_to_the_next(context: TransferContext) -> None:
    plan = initialiser("focus").plan(context, "input")
    assert {"copy", "focus", "sub-piece mean", "mean"} <= set(plan.counts())
