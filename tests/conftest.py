"""How pytest runs these tests: README.md says what is where, and what each option is for."""
from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from proofmark_testing.checks import Checks
from proofmark_testing.context import ROOT, Context
from proofmark_testing.verifier import Verifier

CHECKS = pytest.StashKey[Checks]()


class Demands(Checks):
    """What does not hold ends the test."""

    def __call__(self, condition: bool, name: str, *details: object) -> bool:
        if not super().__call__(condition, name, *details):
            pytest.fail(self.failures.pop(), pytrace=False)
        return True


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("proofmark")
    group.addoption("--all", action="store_true", help="run also what is marked long")
    group.addoption("--verifier", type=Path, help="default: PROOFMARK_VERIFY of the environment, or the one in build/")
    group.addoption("--generator", type=Path, help="default: PROOFMARK of the environment, or the one in build/")
    group.addoption("--unlimited-memory", action="store_true", help="for builds with a sanitizer")


def pytest_configure(config: pytest.Config) -> None:
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGXCPU"):    # programs leave alone what was ignored before, as by nohup or in the background
        if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN:
            signal.signal(getattr(signal, name), signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Summary(), "proofmark-summary")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests come first, so that no worker is left with one at the end; without --all they do not run."""
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    items[:] = long + others if config.option.all else others
    if not config.option.all and long:
        config.hook.pytest_deselected(items=long)


def program(config: pytest.Config, option: str, variable: str, built: str) -> Verifier:
    path = config.getoption(option) or Path(os.environ.get(variable, ROOT / "build" / built))
    if not path.exists():
        pytest.fail(f"there is no {path}\nhint: scripts/build, or give {option}", pytrace=False)
    return Verifier(path, not config.option.unlimited_memory)


@pytest.fixture(scope="session")
def verifier(pytestconfig: pytest.Config) -> Verifier:
    return program(pytestconfig, "--verifier", "PROOFMARK_VERIFY", "verifier/proofmark-verify")


@pytest.fixture(scope="session")
def generator(pytestconfig: pytest.Config) -> Verifier:
    return program(pytestconfig, "--generator", "PROOFMARK", "generator/proofmark")


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Checks:
    return request.node.stash.setdefault(CHECKS, Checks())


@pytest.fixture
def temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="proofmark-tests-") as folder:
        yield Path(folder)


@pytest.fixture
def context(check: Checks, temporary: Path, verifier: Verifier, generator: Verifier) -> Context:
    return Context(check, temporary, verifier, generator)


@pytest.fixture(scope="module")
def shared(verifier: Verifier, generator: Verifier) -> Iterator[Context]:
    """For what the tests of a module have in common: a folder that lasts, and checks that must hold at once."""
    with tempfile.TemporaryDirectory(prefix="proofmark-tests-") as folder:
        yield Context(Demands(), Path(folder), verifier, generator)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test fails when one of its checks did, or when it made none; all that failed are told."""
    report = (yield).get_result()
    if report.when != "call":
        return
    checks = item.stash.get(CHECKS, None)
    if checks is None:
        report.checks = (int(report.passed), int(report.failed))
        return
    failures = list(checks.failures)
    if report.passed and not (checks.passed or failures or checks.skipped):
        failures.append("this test checked nothing")
    report.checks, report.partly_skipped = (checks.passed, len(failures) + int(report.failed)), checks.skipped
    if failures and report.failed:
        report.sections.append(("checks that failed before", "\n".join(failures)))
    elif failures:
        report.outcome, report.longrepr = "failed", "\n".join(failures)


class Summary:
    """What was skipped, a line each, and as the very last line how many single checks passed and failed."""

    def __init__(self) -> None:
        self.passed = self.failed = 0
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        passed, failed = getattr(report, "checks", (0, int(report.failed)))
        self.passed += passed
        self.failed += failed
        self.skipped += getattr(report, "partly_skipped", [])
        if report.skipped and isinstance(report.longrepr, tuple):
            self.skipped.append(report.longrepr[2].removeprefix("Skipped: "))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.failed += report.failed

    def pytest_internalerror(self) -> None:
        self.failed += 1

    def pytest_keyboard_interrupt(self) -> None:
        self.failed += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.skipped:
            terminalreporter.write_line(f"skipped: {line}")

    def pytest_unconfigure(self) -> None:
        print(f"{self.passed} passed, {self.failed} failed")
