"""The verifier's innermost loops under Google Benchmark: processor time of a term, an entry, a row."""
from __future__ import annotations

import json
from pathlib import Path

from .refused import Refused
from .rows import Rows
from .timed import run
from .turns import Task

COLUMNS = ("kernel", "unit", "round", "nanoseconds", "load")
TEXTS = ("kernel", "unit")
MINIMUM = 0.2    # seconds that a kernel is repeated for


def task(program: Path, rows: Rows) -> Task:
    def taken(round_: int) -> float | None:
        return 1.0 if rows.where(round=round_) else None

    def measure(round_: int) -> str:
        done = run([program, "--benchmark_format=json", f"--benchmark_min_time={MINIMUM}"])
        try:
            found = json.loads(done.output)["benchmarks"]
        except (ValueError, KeyError) as error:
            raise Refused(f"{program} printed no benchmarks: {error}", "run it by itself", 1) from error
        rows.extend([{"kernel": kernel["name"], "unit": kernel["label"], "round": round_, "nanoseconds": f"{1e9 / kernel['items_per_second']:.4g}",
                      "load": f"{done.load:.1f}"} for kernel in found])
        return f"{len(found)} kernels"
    return Task("kernels", 6, taken, measure)
