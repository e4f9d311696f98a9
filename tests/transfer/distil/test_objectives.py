"""Each objective held to its formula, to what it is of one model, and to what it does to digits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tokenry.errors import ModelError
from tokenry.learning import learn
from tokenry.neural.recipes.sizes import Shape
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.neural.training.trainer import Trainer
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.chunks import align
from tokenry.transfer.distil.alm import LikelihoodMatching, word_starts
from tokenry.transfer.distil.gold import GroupedDivergence, divergence
from tokenry.transfer.distil.pairs import TextReader, chunk_numbers, paired_batches
from tokenry.transfer.distil.projection import Projection
from tokenry.transfer.distil.registry import OBJECTIVES, objective
from tokenry.transfer.distil.sides import Side, joined, side_of
from tokenry.transfer.distil.step import Distil
from tokenry.transfer.distil.uld import SortedDistance, sorted_distance
from tokenry.transfer.matching import Matches, match

NAMES = list(OBJECTIVES)
TEXTS = ["the cat sat on 1234 mats", "naïve 中 text", "a"]


def drawn(tokenizer: Tokenizer, seed: int) -> torch.Tensor:
    """Logits by id: what follows each id, in a table."""
    size = len(tokenizer)
    return torch.randn(size, size, generator=torch.Generator().manual_seed(seed))


def sides(
    student: Tokenizer, teacher: Tokenizer, tables: tuple[torch.Tensor, torch.Tensor]
) -> tuple[Side, Side]:
    batch = paired_batches(TEXTS, TextReader(student, 1), [TextReader(teacher, 1)], size=3).draw()
    assert batch is not None
    given = batch.on("cpu", 0.0)
    return (
        side_of(tables[0][given["ids"][:, :-1].clamp(0)], given["ids"][:, 1:], given["chunks0"]),
        side_of(tables[1][given["teacher0"][:, :-1].clamp(0)], given["teacher0"][:, 1:],
                given["teacher_chunks0"]),
    )  # fmt: skip


def test_sides_by_hand(old: Tokenizer, new: Tokenizer) -> None:
    tables = drawn(old, 0), drawn(new, 1)
    batch = paired_batches(TEXTS, TextReader(old, 1), [TextReader(new, 2)], size=3, seed=4).draw()
    assert batch is not None
    given = batch.on("cpu", 0.0)
    made = side_of(
        tables[1][given["teacher0"][:, :-1].clamp(0)], given["teacher0"][:, 1:],
        given["teacher_chunks0"],
    )  # fmt: skip
    expected, firsts, place = [], [], 0
    for row in given["teacher0"].tolist():
        ids = [2, *[id_ for id_ in row[1:] if id_ >= 0]]
        text = new.decode(ids[1:])
        for _, part in align(text, old, new):
            firsts.append(place)
            total = 0.0
            for at in range(part.start, part.stop):
                total += float(tables[1][ids[at]].log_softmax(0)[ids[at + 1]])
                place += 1
            expected.append(total)
    assert torch.allclose(made.summed(made.own), torch.tensor(expected), atol=1e-4)
    assert made.first.tolist() == firsts
    assert (made.after == -1).sum() == 3


def test_chunks_without_tokens_are_left_out() -> None:
    from tokenry.transfer.chunks import ChunkAlignment

    bounds = ChunkAlignment(np.array([0, 1, 1, 3]), np.array([0, 2, 3, 4]), np.array([1, 2, 3]))
    first, second = chunk_numbers(bounds)
    assert first.tolist() == [0, 1, 1]
    assert second.tolist() == [0, 0, -1, 1]


@pytest.mark.parametrize("name", NAMES)
def test_of_one_model_there_is_nothing_to_learn(name: str, old: Tokenizer) -> None:
    """Same tokenizer, same model: the gradient is zero, and a divergence is too."""
    table = drawn(old, 0)
    own = table.clone().requires_grad_()
    student, teacher = sides(old, old, (own, table))
    loss = objective(name, old, old)(student, teacher)
    loss.sum().backward()  # type: ignore[no-untyped-call]
    assert own.grad is not None
    assert own.grad.abs().max() < 1e-4
    if name != "alm":
        assert loss.abs().max() < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_step_makes_the_student_more_like_the_teacher(
    name: str, old: Tokenizer, new: Tokenizer
) -> None:
    own = (drawn(old, 0) * 0.1).requires_grad_()
    table, made = drawn(new, 1), objective(name, old, new)
    before = made(*sides(old, new, (own, table))).mean()
    before.backward()  # type: ignore[no-untyped-call]
    assert own.grad is not None
    moved = own.detach() - 5 * own.grad
    after = made(*sides(old, new, (moved, table))).mean()
    assert after < before
    assert torch.isfinite(after)


def test_alm_by_hand(old: Tokenizer, new: Tokenizer) -> None:
    student, teacher = sides(old, new, (drawn(old, 0), drawn(new, 1)))
    found = LikelihoodMatching(temperature=5.0)(student, teacher)
    for at in range(len(found)):
        p, q = (
            math.exp(float(each.own[each.chunk == at].sum()) / 5) for each in (teacher, student)
        )
        expected = -(p * math.log(q) + (1 - p) * math.log(1 - q))
        assert float(found[at]) == pytest.approx(expected, rel=1e-3)


def test_alm_without_its_bias(old: Tokenizer, new: Tokenizer) -> None:
    student, teacher = sides(old, new, (drawn(old, 0), drawn(new, 1)))
    spaces = word_starts(old), word_starts(new)
    assert old.encode(" a")[0] in spaces[0]
    assert old.encode("a")[0] not in spaces[0]
    assert old.token_to_id("<|endoftext|>") in spaces[0]
    found = LikelihoodMatching(temperature=5.0, spaces=spaces)
    plain = LikelihoodMatching(temperature=5.0)
    first = int(student.after[0])
    extra = float(student.scores[first].exp()[spaces[0]].sum().log())
    raised = found._raised(student, spaces[0])[0] - plain._raised(student, None)[0]
    assert float(raised) == pytest.approx(extra / 5, abs=1e-5)
    assert not torch.allclose(found(student, teacher), plain(student, teacher))


def test_alm_joins_chunks_that_are_biased(old: Tokenizer, new: Tokenizer) -> None:
    """Where the teacher sees no word behind a chunk, the chunk goes on; a text's end closes one."""
    student, teacher = sides(old, new, (drawn(old, 0), drawn(new, 1)))
    spaces = word_starts(old), word_starts(new)
    begins = teacher.scores.exp()[:, spaces[1]].sum(1)
    least = float(begins.median())
    made = LikelihoodMatching(temperature=5.0, spaces=spaces, least=least)
    ends = [int(at) < 0 or float(begins[at]) > least for at in teacher.after]
    assert not all(ends)
    found = made(student, teacher)
    assert len(found) == sum(ends)
    expected, sums = [], [0.0, 0.0]
    for at, closed in enumerate(ends):
        for which, side in enumerate((teacher, student)):
            sums[which] += float(side.own[side.chunk == at].sum())
        if closed:
            more = [
                float(side.scores[int(side.after[at]), starts].logsumexp(0))
                if int(side.after[at]) >= 0 else 0.0
                for side, starts in ((teacher, spaces[1]), (student, spaces[0]))
            ]  # fmt: skip
            p, q = (math.exp((one + two) / 5) for one, two in zip(sums, more, strict=True))
            expected.append(-(p * math.log(q) + (1 - p) * math.log(1 - q)))
            sums = [0.0, 0.0]
    assert found.tolist() == pytest.approx(expected, rel=1e-3)
    with pytest.raises(ModelError, match="give spaces= too"):
        LikelihoodMatching(least=0.1)


def test_joined_chunks_stay_in_their_texts(old: Tokenizer, new: Tokenizer) -> None:
    side = sides(old, new, (drawn(old, 0), drawn(new, 1)))[0]
    whole = joined(side, side.after < 0)  # one chunk a text
    assert len(whole.first) == len(TEXTS)
    assert whole.lengths().tolist() == [
        int(side.lengths()[begin : end + 1].sum())
        for begin, end in zip([0, *(np.flatnonzero(side.after < 0) + 1)],
                              np.flatnonzero(side.after < 0), strict=False)
    ]  # fmt: skip
    assert (whole.after == -1).all()
    assert torch.equal(joined(side, side.after == side.after).chunk, side.chunk)


def test_uld_sorts() -> None:
    first, second = torch.tensor([[0.1, 0.6, 0.3]]), torch.tensor([[0.5, 0.5]])
    assert float(sorted_distance(first, second)) == pytest.approx(0.1 + 0.2 + 0.1)
    assert not list(SortedDistance.__dataclass_fields__)


def test_divergences() -> None:
    p, q = torch.tensor([[0.2, 0.8]]), torch.tensor([[0.6, 0.4]])
    forward = 0.6 * math.log(3) + 0.4 * math.log(0.5)
    assert float(divergence(p, q, 0.0)) == pytest.approx(forward, rel=1e-4)
    backward = 0.2 * math.log(1 / 3) + 0.8 * math.log(2)
    assert float(divergence(p, q, 1.0)) == pytest.approx(backward, rel=1e-4)
    assert float(divergence(p, q, 0.5)) == pytest.approx(float(divergence(q, p, 0.5)), rel=1e-4)
    with pytest.raises(ModelError, match="from 0 to 1"):
        GroupedDivergence(matches=None, beta=2.0)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def digits() -> tuple[Tokenizer, Tokenizer]:
    """A student with numbers of several digits, a teacher of single ones."""
    text = "the year:1234 and:1234 again:1234 of them " * 30
    student = learn([text], vocab_size=270, pretokenizer="gpt2")
    teacher = learn([text], vocab_size=266, pretokenizer=r"\p{N}| ?\p{L}+|[^\p{N}\p{L}]+")
    return student, teacher


def test_the_projection(digits: tuple[Tokenizer, Tokenizer]) -> None:
    student, teacher = digits
    made = Projection.between(student, teacher)
    sums = np.bincount(made.student, made.weights, minlength=len(student))
    assert np.allclose(sums[sums > 0], 1)
    whole = student.encode("1234")[0]
    assert student.vocabulary[whole] == b"1234"
    at = made.student == whole
    assert made.teacher[at].tolist() == [
        teacher.vocabulary.id_of(c) for c in (b"1", b"2", b"3", b"4")
    ]
    assert made.weights[at][0] == pytest.approx(0.9, abs=0.01)
    shared = match(teacher, student).matched
    pinned = np.isin(made.student, shared)
    assert (made.weights[pinned] == 1).all()
    mine, theirs = made.best(0.6)
    assert len(set(mine.tolist())) == len(mine) == len(set(theirs.tolist()))
    one = int(np.flatnonzero(theirs == teacher.vocabulary.id_of(b"1"))[0])
    assert student.vocabulary[int(mine[one])] == b"1"  # 1 beats .9
    dense = made.apply(torch.eye(len(student)))
    assert torch.allclose(dense.sum(1)[torch.from_numpy(made.student)], torch.tensor(1.0))


def test_the_projection_balanced(digits: tuple[Tokenizer, Tokenizer]) -> None:
    """All numbers that begin with 1 stand for the teacher's 1 no more than once together."""
    student, teacher = digits
    plain = Projection.between(student, teacher)
    made = plain.balanced()
    cut = plain.weights < 1
    assert (made.weights[~cut] == 1).all()
    onto = [np.bincount(each.teacher[cut], each.weights[cut]) for each in (plain, made)]
    assert onto[0].max() > 1 >= onto[1].max()
    assert (made.weights[cut] <= plain.weights[cut]).all()
    assert np.bincount(made.student[cut], made.weights[cut]).max() < 1
    own, theirs = (drawn(each, at) for at, each in enumerate(digits))
    both = sides(student, teacher, (own, theirs))
    losses = [objective("p-kl", student, teacher, balanced=each)(*both) for each in (False, True)]
    assert torch.isfinite(losses[1]).all()
    assert not torch.allclose(*losses)


@pytest.mark.parametrize(("name", "suppressed"), [("gold", True), ("h-kl", True), ("p-kl", False),
                                                  ("alm", False)])  # fmt: skip
def test_what_becomes_of_a_number_that_the_teacher_writes_digit_by_digit(
    name: str, suppressed: bool, digits: tuple[Tokenizer, Tokenizer]
) -> None:
    """The text is 1234, and the student gives "1234" and "1" the same probability.

    Whether the number lives is whether it gains on its first digit: GOLD knows no id of the teacher
    for it, so it can only lose (the finding of X-Token).
    """
    student, teacher = digits
    assert len(student.encode("1234")) == 1
    whole, one = student.encode("1234")[0], student.vocabulary.id_of(b"1")
    ids = [teacher.vocabulary.id_of(bytes([digit])) for digit in b"1234"]
    goal = torch.zeros(4, len(teacher))
    goal[range(4), ids] = 12.0
    said = side_of(goal[None], torch.tensor([ids]), torch.zeros(1, 4, dtype=torch.long))
    logits = torch.full((1, 1, len(student)), -2.0)
    logits[0, 0, [whole, one]] = 4.0
    logits.requires_grad_()
    own = side_of(logits, torch.tensor([[whole]]), torch.zeros(1, 1, dtype=torch.long))
    objective(name, student, teacher)(own, said).sum().backward()
    assert logits.grad is not None
    loss_of_ground = float(logits.grad[0, 0, whole] - logits.grad[0, 0, one])
    assert (loss_of_ground > 0) == suppressed
    assert abs(loss_of_ground) > 1e-3


@pytest.mark.parametrize(("known", "gain"), [(140, False), (160, True)])
def test_gold_lets_unknown_ids_gain_where_most_ids_are_known(known: int, gain: bool) -> None:
    """Of 200 ids; it turns at 1 / (1 + ln 2 / 2), which is 74%, where a chunk is improbable."""
    ids = np.arange(200)
    matches = Matches(np.where(ids < known, ids, -1), np.zeros(200, np.int8), 200)
    said = side_of(torch.zeros(1, 3, 200), torch.tensor([[0, 1, 2]]), torch.zeros(1, 3).long())
    logits = torch.zeros(1, 1, 200, requires_grad=True)
    own = side_of(logits, torch.tensor([[known]]), torch.zeros(1, 1).long())
    GroupedDivergence(matches)(own, said).sum().backward()
    assert logits.grad is not None
    assert (float(logits.grad[0, 0, known:].sum()) < 0) == gain


def test_wrong_options(digits: tuple[Tokenizer, Tokenizer]) -> None:
    with pytest.raises(ModelError, match="above 0"):
        LikelihoodMatching(temperature=0)
    with pytest.raises(ModelError, match="more than 0"):
        objective("p-kl", *digits, columns=0)
    with pytest.raises(ModelError, match="did you mean 'alm'"):
        objective("alms", *digits)
    with pytest.raises(ModelError, match="one for each"):
        Distil(teachers=(), objectives=())
    with pytest.raises(ModelError, match="0 texts"):
        paired_batches([""], TextReader(digits[0], 0), [TextReader(digits[1], 0)], size=1)


@pytest.mark.parametrize("kind", ["subword", "bytes"])
def test_a_student_learns_from_a_teacher_of_another_tokenizer(
    kind: str, old: Tokenizer, prose_text: str
) -> None:
    """From subwords to subwords, and to bytes; nothing but the teacher says what is likely."""
    texts = [prose_text[at : at + 60] for at in range(0, 3000, 60)]
    student_tokenizer = learn([prose_text[:4000]], vocab_size=300 if kind == "subword" else 256)
    shape = Shape(width=32, layers=1, heads=2, context=128)
    teacher = shape.causal(len(old)).build(seed=0)
    fit(teacher, NextToken(), old, texts, 60)
    student = shape.causal(len(student_tokenizer)).build(seed=1)
    reader, theirs = TextReader(student_tokenizer, 0), TextReader(old, 0)
    step = Distil(teachers=[teacher], objectives=[objective("alm", student_tokenizer, old)])
    batches = paired_batches(texts, reader, [theirs], size=10, passes=None)
    before = bits(student, student_tokenizer, texts)
    weights = {name: each.clone() for name, each in teacher.state_dict().items()}
    Trainer(optimizer=AdamW(rate=1e-2), budget=Steps(40)).fit(student, step, batches)
    assert bits(student, student_tokenizer, texts) < 0.9 * before
    assert all(torch.equal(each, teacher.state_dict()[name]) for name, each in weights.items())


def test_two_teachers(old: Tokenizer, new: Tokenizer) -> None:
    shape = Shape(width=16, layers=1, heads=2, context=64)
    models = [shape.causal(len(each)).build(seed=at) for at, each in enumerate((old, old, new))]
    batch = paired_batches(
        TEXTS, TextReader(old, 1), [TextReader(old, 1), TextReader(new, 2)], size=3
    ).draw()
    assert batch is not None
    objectives = [objective("uld", old, old), objective("uld", old, new)]
    both = Distil(models[1:], objectives, cross_entropy=0.5)
    given: Batch = batch.on("cpu", 0.0)
    found = both(models[0], given)
    assert float(found.units) == int((given["ids"][:, 1:] >= 0).sum())
    expected = sum(found.parts[name] for name in ("teacher0", "teacher1"))
    total = expected + 0.5 * NextToken()(models[0], given).total
    assert float(found.total.detach()) == pytest.approx(float(total.detach()), rel=1e-5)
    alone = Distil(models[1:2], objectives[:1])(models[0], given)
    assert float(alone.total.detach()) == pytest.approx(
        2 * float(found.parts["teacher0"].detach()), rel=1e-5
    )


def fit(model: object, step: object, tokenizer: Tokenizer, texts: list[str], steps: int) -> None:
    batches = paired_batches(
        texts, TextReader(tokenizer, 0), [TextReader(tokenizer, 0)], size=10, passes=None
    )
    Trainer(optimizer=AdamW(rate=1e-2), budget=Steps(steps)).fit(model, step, batches)  # type: ignore[arg-type]


def bits(model: object, tokenizer: Tokenizer, texts: list[str]) -> float:
    from tokenry.neural.training.evaluation import summed_losses

    batch = paired_batches(
        texts, TextReader(tokenizer, 0), [TextReader(tokenizer, 0)], size=99
    ).draw()
    assert batch is not None
    return summed_losses(model, NextToken(), [batch])["loss"]  # type: ignore[arg-type]
