"""``python -m tools.compat``: run the tests of other libraries against ours, and count.

The tests are taken from the libraries' source packages, which are downloaded once into ``--work``;
none of them is part of this repository. In front of the library a module of the same name is
imported that is ours (also in processes that the tests start), or a plugin puts ours into it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree

from .peer import Peer
from .peers import PEERS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """Names of tests by what became of them."""

    passed: list[str]
    failed: list[str]
    skipped: list[str]


def main() -> None:
    """Run what is asked for; fails where a test fails that no entry explains."""
    parser = argparse.ArgumentParser(prog="python -m tools.compat", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PEERS)}")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "compat", metavar="DIR")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in PEERS]
    if unknown:
        parser.error(f"no entry for {', '.join(unknown)}; there are {', '.join(PEERS)}")
    results = [judge(PEERS[name], options.work) for name in options.names or PEERS]
    sys.exit(not all(results))


def judge(peer: Peer, work: Path) -> bool:
    """Run the tests of a peer, print the counts, and say whether they are as its entry has it."""
    outcome = run(peer, work.resolve())
    ran = len(outcome.passed) + len(outcome.failed) + len(outcome.skipped)
    left_out = dict(peer.left_out)
    of = f"{ran} tests"
    if peer.stock:
        stock = run(peer, work.resolve(), ours=False)
        left_out |= dict.fromkeys([*stock.failed, *stock.skipped], "does not pass without ours")
        of = f"the {len(stock.passed)} tests that pass without ours (of {ran})"
    print(f"{peer.name} {peer.version}: {len(outcome.passed)} of {of} pass")
    for name in outcome.skipped:
        print(f"  skipped: {name}")
    unexplained = [name for name in outcome.failed if name not in left_out]
    for name in outcome.failed:
        print(f"  failed: {name}: {left_out.get(name, 'not explained')}")
    passing = [name for name in outcome.passed if name in peer.left_out]
    for name in passing:
        print(f"  passes after all: {name}; take it out of its entry")
    if ran != peer.total:
        print(f"  expected {peer.total} tests")
    return not unexplained and not passing and ran == peer.total


def run(peer: Peer, work: Path, ours: bool = True) -> Outcome:
    """The tests of a peer in a folder of their own, with ours in its place or without."""
    folder = work / f"{peer.name}-{peer.version}"
    shutil.rmtree(folder, ignore_errors=True)
    for pattern in peer.files:
        copy(source(peer, work) / peer.tests, pattern, folder / "suite" / peer.tests)
    stand_ins(peer if ours else replace(peer, stands_in={}), folder / "instead")
    report = folder / "report.xml"
    paths = [str(folder / "instead"), str(ROOT / "src"), str(ROOT)]
    command = ["pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "-c", os.devnull]
    command += ["--continue-on-collection-errors", *(["-p", peer.plugin] if peer.plugin else [])]
    places = [f"--rootdir={folder / 'suite'}", f"--junitxml={report}"]
    tests = folder / "suite" / peer.tests
    setting = {"TOKENRY_COMPAT": "ours" if ours else "", "PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run(
        [sys.executable, "-m", *command, *places, str(tests)],
        cwd=tests.parent,
        env={**os.environ, **peer.environment(work), **setting},
        check=False,
    )
    return read(report)


def source(peer: Peer, work: Path) -> Path:
    """The unpacked source package of a peer."""
    unpacked = work / "sources" / f"{peer.name}-{peer.version}"
    if not unpacked.is_dir():
        archive = work / "archives" / f"{peer.name}-{peer.version}.tar.gz"
        archive.parent.mkdir(parents=True, exist_ok=True)
        by_address(*peer.archive, archive) if peer.archive else by_name(peer, archive)
        with tarfile.open(archive) as file:
            file.extractall(unpacked.parent, filter="data")
    return unpacked


def by_name(peer: Peer, archive: Path) -> None:
    """Download the source package that pip finds."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary",
         peer.name, "--dest", str(archive.parent), f"{peer.name}=={peer.version}"],
        check=True,
    )  # fmt: skip


def by_address(url: str, digest: str, archive: Path) -> None:
    """Download a file that has this digest."""
    with urlopen(url, timeout=60) as answer:
        data = answer.read()
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise ValueError(f"{url} has the SHA-256 {found}; expected {digest}")
    archive.write_bytes(data)


def copy(tests: Path, pattern: str, to: Path) -> None:
    """Files of a folder of tests that match."""
    for path in tests.glob(pattern):
        if path.is_file():
            target = to / path.relative_to(tests)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def stand_ins(peer: Peer, folder: Path) -> None:
    """Modules with the peer's names that are ours."""
    folder.mkdir(parents=True)
    for name, ours in peer.stands_in.items():
        (folder / f"{name}.py").write_text(
            f"import sys\nimport {ours}\nsys.modules[{name!r}] = sys.modules[{ours!r}]\n"
        )


def read(report: Path) -> Outcome:
    """What pytest wrote of a run."""
    outcome = Outcome([], [], [])
    if not report.is_file():
        return outcome
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        bad, skipped = kinds & {"failure", "error"}, "skipped" in kinds
        names = outcome.failed if bad else outcome.skipped if skipped else outcome.passed
        names.append(f"{case.attrib['classname'].rpartition('.')[2]}.{case.attrib['name']}")
    return outcome


if __name__ == "__main__":
    main()
