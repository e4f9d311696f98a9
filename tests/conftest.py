"""Fixtures that every test may use: the shared data, real text that ships with Python, seeds."""

from __future__ import annotations

import os
import pydoc_data.topics
import random
import sysconfig
from pathlib import Path

# Two cores and several processes: torch's threads would wait for each other, burning both.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings

from made_models import MODELS
from shares import SEED, SHARE, draw

# A shared machine stalls now and then; a deadline in milliseconds would test the machine.
settings.register_profile(
    "tokenry", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("tokenry")


def pytest_report_header() -> str:
    """What repeats the generated input of this run."""
    return f"generated input: TOKENRY_SHARE={SHARE} TOKENRY_SEED={SEED}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the shared data, or real models, where there are none."""
    missing = {}
    if not os.environ.get("TOKENRY_DATA"):
        missing["shared"] = "set TOKENRY_DATA to the unpacked shared data folder"
    if not MODELS.is_dir():
        missing["models"] = "run `make models`, or set TOKENRY_MODELS to what it wrote"
    for item in items:
        for mark, reason in missing.items():
            if item.get_closest_marker(mark):  # keywords hold the names of folders too
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The unpacked shared data folder; the test is skipped where TOKENRY_DATA is not set."""
    folder = os.environ.get("TOKENRY_DATA")
    if not folder:
        pytest.skip("set TOKENRY_DATA to the unpacked shared data folder")
    return Path(folder)


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """The folder of SmolLM2-135M; mark tests that use it with `models`."""
    return made_model("smollm2-135m")


def made_model(name: str) -> Path:
    """A folder that `make models` wrote; the test is skipped where it is absent."""
    folder = MODELS / name
    if not folder.is_dir():
        pytest.skip(f"run `make models`, or set TOKENRY_MODELS to what it wrote: no {name}")
    return folder


@pytest.fixture(scope="session")
def tokenizer_files(shared_data: Path) -> Path:
    """The folder of shared tokenizer files."""
    return shared_data / "tokenizers"


@pytest.fixture(scope="session")
def census(shared_data: Path) -> Path:
    """The folder of the census of published tokenizers, a folder each."""
    folder = Path(os.environ.get("TOKENRY_CENSUS", shared_data / "census"))
    if not folder.is_dir():
        pytest.skip(f"there is no census in {folder}")
    return folder


@pytest.fixture(scope="session")
def code_text() -> str:
    """About 300 kB of Python: modules of the standard library in name order."""
    folder = Path(sysconfig.get_path("stdlib"))
    names = ("argparse.py", "ast.py", "datetime.py", "inspect.py", "textwrap.py", "typing.py")
    present = [folder / name for name in names if (folder / name).is_file()]
    return "\n".join(path.read_text(encoding="utf-8") for path in present)[:300_000]


@pytest.fixture(scope="session")
def prose_text() -> str:
    """About 400 kB of English: the documentation topics that ship with Python."""
    topics = pydoc_data.topics.topics
    return "\n".join(topics[name] for name in sorted(topics))[:400_000]


@pytest.fixture(scope="session")
def multilingual_text() -> str:
    """Names of languages, territories and units in about 100 languages (babel's CLDR)."""
    babel = pytest.importorskip("babel")
    lines = []
    for code in sorted(babel.localedata.locale_identifiers()):
        if "_" in code:
            continue
        locale = babel.Locale.parse(code)
        lines.append(" ".join(str(name) for name in list(locale.territories.values())[:60]))
    return "\n".join(lines)


@pytest.fixture(scope="session")
def real_texts(code_text: str, prose_text: str, multilingual_text: str) -> dict[str, str]:
    """Real text by kind, from what every machine with the dev extra has."""
    return {"code": code_text, "prose": prose_text, "multilingual": multilingual_text}


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A generator for each test, with another seed each day; see `shares`."""
    return draw(request.node.nodeid)
