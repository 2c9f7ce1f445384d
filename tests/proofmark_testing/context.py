"""What most tests are given, and where things are."""
from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checks import Checks
from .verifier import Verifier

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
BASE = CORPUS / "accept" / "base.json"


@dataclass(frozen=True)
class Context:
    check: Checks
    temporary: Path
    verifier: Verifier
    generator: Verifier | None = None


@functools.cache
def schema(name: str) -> Any:
    """A validator for schema/NAME.schema.json."""
    import jsonschema
    content = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


def schema_errors(name: str, value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in schema(name).iter_errors(value)]
