"""The sections, each a test; they become modules by subject."""
from __future__ import annotations

import importlib

import pytest
from proofmark_testing.context import ROOT, Context

SECTIONS = sorted(path.stem for path in (ROOT / "tests" / "proofmark_testing" / "sections").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", SECTIONS)
def test_section(context: Context, name: str) -> None:
    importlib.import_module(f"proofmark_testing.sections.{name}").run(context)
