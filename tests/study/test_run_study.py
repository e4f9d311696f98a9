import dataclasses
import importlib.util
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

import tokenry.corpus
import tokenry.learning
from json_fields import fields_of
from tokenry.errors import CorpusError, LearnError, MissingExtraError, StudyError, TokenryError
from tokenry.formats.export import ExportReport
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.rank_frequency import RankFrequency
from tokenry.study import StudyOptions, StudyResult, run_study
from tokenry.study import run as study_run
from tokenry.study.content import Example, ExampleCut, Saving, StudiedTokenizer
from tokenry.study.page import render
from tokenry.study.verdict import verdict


@pytest.fixture(scope="module")
def options(
    tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path, parallel_folder: Path
) -> StudyOptions:
    reference = tmp_path_factory.mktemp("reference")
    tokenizer = tokenry.learning.learn(["a reference of other words " * 20], vocab_size=270)
    tokenizer.to_tiktoken(reference / "mine.tiktoken")
    return StudyOptions(
        data=(str(corpus_folder),),
        out=tmp_path_factory.mktemp("study") / "out",
        vocab_size=600,
        holdout=0.2,
        against=(f"{reference / 'mine.tiktoken'}:o200k",),
        parallel=parallel_folder,
    )


@pytest.fixture(scope="module")
def result(options: StudyOptions) -> StudyResult:
    return run_study(options)


def test_everything_is_measured(result: StudyResult) -> None:
    content = result.content
    assert [each["name"] for each in content["tokenizers"]] == ["bpe", "superbpe", "mine"]
    assert result.winner in ("bpe", "superbpe")
    for each in content["tokenizers"]:
        assert set(each["domains"]) == {"prose", "code"}
        assert each["overall"]["lossless"]["value"] == 1.0
        assert each["overall"]["bytes_per_token"]["interval"]["low"] > 1
        assert each["speed"]["unit"] == "MB/s"
    assert [each["vocabulary_size"] for each in content["tokenizers"][:2]] == [600, 600]
    assert content["premiums"]["by_tokenizer"]["bpe"]["lines"] == 4
    assert {each["domain"] for each in content["examples"]} == {"prose", "code"}


def test_figures_agree_with_the_saved_tokenizers(result: StudyResult, corpus_folder: Path) -> None:
    """Count again, by the saved files alone, on the documents that the learners did not see."""
    texts = [path.read_bytes() for path in sorted(corpus_folder.rglob("*.*"))]
    held = [text for text in texts if tokenry.corpus.held_out(text, fraction=0.2, seed=0)]
    size = sum(map(len, held))
    assert size == result.content["data"]["held_out"]["bytes"]
    for each in result.content["tokenizers"][:2]:
        tokenizer = tokenry.load(result.folder / each["file"])
        tokens = sum(len(tokenizer.encode(text)) for text in held)
        assert tokens == each["tokens"]
        assert each["overall"]["bytes_per_token"]["value"] == pytest.approx(size / tokens)
        assert tokenizer.fingerprint() == each["fingerprint"]
        assert each["export"]["paths"]
        assert all(
            (result.folder / each["file"] / name).is_file() for name in each["export"]["paths"]
        )


def test_other_programs_read_the_learnt_tokenizers(
    result: StudyResult, corpus_folder: Path
) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    for each in result.content["tokenizers"][:2]:
        folder = result.folder / each["file"]
        other = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        own = tokenry.load(folder)
        for path in corpus_folder.rglob("*.*"):
            text = path.read_text()
            assert other.encode(text).ids == own.encode(text)


def test_the_winner_has_the_fewest_tokens(result: StudyResult) -> None:
    learnt = [each for each in result.content["tokenizers"] if each["kind"] == "learnt"]
    assert result.winner == min(learnt, key=lambda each: each["tokens"])["name"]
    assert tokenry.load(result.winner_folder).n_vocab == 600


def test_curves_grow_with_the_vocabulary_and_end_at_the_tokenizer(result: StudyResult) -> None:
    for each in result.content["tokenizers"][:2]:
        points = result.content["curves"][each["name"]]
        values = [point["bytes_per_token"]["value"] for point in points]
        assert points[-1]["vocabulary_size"] == 600
        assert values[-1] == each["overall"]["bytes_per_token"]["value"]
        assert values == sorted(values)


def test_study_json_is_strict_json_of_a_version(result: StudyResult) -> None:
    text = (result.folder / "study.json").read_text()

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    content = json.loads(text, parse_constant=refuse)
    assert (content["format"], content["version"]) == ("tokenry-study", 1)
    assert content == json.loads(json.dumps(result.to_json()))


def test_study_json_has_the_fields_of_its_version(result: StudyResult) -> None:
    recorded = Path(__file__).with_name("study_fields.txt").read_text(encoding="utf-8")
    assert fields_of(result.content) == recorded.splitlines()


def test_a_study_is_read_as_it_was_written(result: StudyResult) -> None:
    again = StudyResult.read(result.folder)
    assert again.content == result.content
    assert again.winner_folder == result.winner_folder
    assert again.table() == result.table()
    assert render(again.study) == result.report.read_text()


class Page(HTMLParser):
    """Checks that tags are closed and gathers what matters."""

    VOID = frozenset(("meta", "br", "wbr", "img", "link", "input", "hr"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_report_is_one_valid_page_without_scripts(result: StudyResult) -> None:
    html = result.report.read_text()
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert "script" not in page.tags
    assert "<script" not in html
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") for link in page.links)
    assert "url(http" not in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert "https://" not in html
    assert "#0a0a0" not in html  # every placeholder colour became a variable
    assert page.tags >= {"svg", "table", "h1"}


def test_hostile_text_is_shown_as_text(result: StudyResult) -> None:
    text = "<script>alert('&')</script>"
    cut = ExampleCut((1, 2), (4, len(text)))
    example = Example("<b>x</b>", text, dict.fromkeys(result.study.names, cut))
    html = render(dataclasses.replace(result.study, examples=(example,)))
    assert "<script" not in html
    assert "<b>x</b>" not in html
    assert "&lt;scr" in html


def test_a_second_run_refuses(options: StudyOptions, result: StudyResult) -> None:
    before = (options.out / "study.json").read_bytes()
    with pytest.raises(StudyError, match="resume=True"):
        run_study(options)
    with pytest.raises(StudyError, match="vocab_size: 600 then, 700 now"):
        run_study(dataclasses.replace(options, vocab_size=700), resume=True)
    assert (options.out / "study.json").read_bytes() == before


def test_resuming_a_finished_study_gives_it_again(
    options: StudyOptions, result: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_run, "learn_one", None)
    assert run_study(options, resume=True).content == json.loads(json.dumps(result.content))


def test_an_interruption_leaves_a_state_that_resumes_to_the_same(
    options: StudyOptions, result: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = dataclasses.replace(options, out=tmp_path / "again")
    learn_one = study_run.learn_one

    def interrupted(kind: str, *rest: object) -> object:
        if kind == "superbpe":
            raise KeyboardInterrupt
        return learn_one(kind, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(study_run, "learn_one", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_study(again)
    assert not (again.out / "study.json").exists()

    def only_superbpe(kind: str, *rest: object) -> object:
        assert kind == "superbpe"  # bpe was finished and is not learnt again
        return learn_one(kind, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(study_run, "learn_one", only_superbpe)
    resumed = run_study(again, resume=True)
    for one, other in zip(resumed.content["tokenizers"], result.content["tokenizers"], strict=True):
        assert one["fingerprint"] == other["fingerprint"]
        assert one["overall"] == other["overall"]
    assert not list(again.out.rglob("*checkpoint*"))


def test_an_interrupted_learner_goes_on_from_its_checkpoint(
    options: StudyOptions, tmp_path: Path
) -> None:
    def impatient(stage: str, done: float, total: float | None) -> None:
        if stage.endswith(": merge"):
            raise KeyboardInterrupt

    again = dataclasses.replace(options, out=tmp_path / "again", learners=("bpe",))
    with pytest.raises(KeyboardInterrupt):
        run_study(again, progress=impatient)
    assert (again.out / "tokenizers" / "bpe.checkpoint.json").exists()
    assert run_study(again, resume=True).winner == "bpe"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"vocab_size": 100}, StudyError, "at least 257"),
        ({"holdout": 0.0}, StudyError, "above 0"),
        ({"learners": (), "against": ()}, StudyError, "no tokenizer to choose"),
        ({"learners": ("bpe", "bpe")}, StudyError, "different names"),
        ({"learners": ("bpe", "magic")}, StudyError, "no learner 'magic'"),
        ({"data": ("/nonexistent-folder",)}, CorpusError, "does not exist"),
        ({"against": ("/nonexistent.json",)}, OSError, "no such tokenizer"),
        ({"reference_language": "xx"}, CorpusError, "'xx' is not among"),
    ],
)
def test_what_cannot_work_is_refused_before_any_work(
    options: StudyOptions,
    tmp_path: Path,
    change: dict[str, object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        run_study(dataclasses.replace(options, out=tmp_path / "out", **change))  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_missing_package_is_named_before_any_work(
    options: StudyOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find_spec(name)
    )
    with pytest.raises(MissingExtraError, match=r"tokenry\[study\]"):
        run_study(dataclasses.replace(options, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_rank_file_of_unknown_name_needs_its_pattern(
    options: StudyOptions, tmp_path: Path
) -> None:
    bare = options.against[0].removesuffix(":o200k")
    with pytest.raises(TokenryError, match="name the pattern"):
        run_study(dataclasses.replace(options, out=tmp_path / "out", against=(bare,)))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "holds no text|no text"), (b"one small document", "one distinct document")],
)
def test_data_too_small_to_study(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        run_study(StudyOptions(data=(str(tmp_path / "data"),), out=tmp_path / "out"))


def test_a_named_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1\2" * 100)
    with pytest.raises(CorpusError, match="binary"):
        run_study(StudyOptions(data=(str(tmp_path / "a.bin"),), out=tmp_path / "out"))


def test_bytes_that_are_not_utf8_are_data_like_any_other(tmp_path: Path) -> None:
    for i in range(12):
        (tmp_path / f"{i}.txt").write_bytes(b"caf\xe9 \xff\xfe and some words %d\n" % i * 30)
    options = StudyOptions(
        data=(str(tmp_path / "*.txt"),), out=tmp_path / "out", vocab_size=300, holdout=0.3
    )
    found = run_study(options).content
    assert all(each["overall"]["lossless"]["value"] == 1 for each in found["tokenizers"])


def test_data_with_few_pairs_gives_a_smaller_vocabulary_and_says_so(tmp_path: Path) -> None:
    for i in range(6):
        (tmp_path / f"{i}.txt").write_text("ab " * (i + 3))
    options = StudyOptions(
        data=(str(tmp_path),), out=tmp_path / "out", vocab_size=5000, learners=("bpe",)
    )
    try:
        found = run_study(options).content
    except LearnError as error:
        pytest.fail(f"small data must not end a study: {error}")
    assert found["tokenizers"][0]["vocabulary_size"] < 5000
    assert "only learnt tokenizer" in found["winner"]["reason"]


def figure(value: float) -> Measurement:
    return Measurement("x", value, "unit", "estimator", "denominator", "tokenizer", "data")


def row(
    name: str, tokens: int, lossless: float = 1.0, kind: str = "learnt", portable: bool = True
) -> StudiedTokenizer:
    path = Path("tokenizer.json" if portable else "tokenry.json")
    return StudiedTokenizer(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        file=name,
        vocabulary_size=600,
        fingerprint=name,
        lossless=True,
        export=ExportReport((path,), "tokenizer_json", True, (), 0, 0),
        seconds_to_learn=1.0,
        tokens=tokens,
        overall={"lossless": figure(lossless), "bytes_per_token": figure(1000 / tokens)},
        domains={},
        speed=figure(1.0),
        rank_frequency=RankFrequency((1,), (1.0,), 1),
    )


def saving(value: float, low: float, high: float) -> Saving:
    return Saving(value, low, high)


def test_a_lossy_tokenizer_does_not_win_however_short() -> None:
    rows = [row("short", 100, lossless=0.9), row("true", 200), row("ref", 50, kind="reference")]
    savings = {"short": saving(-1, -1.1, -0.9), "ref": saving(-3, -3.1, -2.9)}
    found = verdict(rows, savings, 5000)
    assert found.name == "true"
    assert "short is not lossless" in found.reason


def test_a_lead_within_the_sampling_error_is_called_that() -> None:
    found = verdict([row("a", 100), row("b", 101)], {"b": saving(0.01, -0.02, 0.03)}, 5000)
    assert found.name == "a"
    assert "within the sampling error" in found.reason


def test_says_what_other_programs_can_read() -> None:
    savings = {"b": saving(0.1, 0.05, 0.2), "c": saving(0.2, 0.1, 0.3)}
    rows = [row("a", 100, portable=False), row("b", 110), row("c", 120)]
    assert "of those that it can say, b writes" in verdict(rows, savings, 5000).reason
    rows = [row("a", 100, portable=False), row("b", 110, portable=False)]
    assert "nor any other" in verdict(rows, {"b": savings["b"]}, 5000).reason
    assert "tokenizer.json" not in verdict([row("a", 100)], {}, 5000).reason
