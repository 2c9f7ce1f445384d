"""A guard against slow kernels that needs no quiet machine: instructions of one run at a small size, counted by callgrind, against those that
are committed. They are the same in every run of one build; another compiler or library changes them, and is said and not judged."""
from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .packages import ROOT
from .refused import Refused
from .rows import replace
from .timed import run

BASELINE = ROOT / "bench/instructions.baseline"
TOLERANCE = 2.0    # per cent
BUILT_WITH = ("compiler", "MPFR", "GMP")


@dataclass(frozen=True)
class Count:
    unit: str
    units: int
    instructions: int


def count(program: Path) -> dict[str, Count]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        done = run(["valgrind", "--tool=callgrind", "--toggle-collect=counted", "--dump-after=counted", f"--callgrind-out-file={out}", program])
        result = {}
        for i, line in enumerate(done.output.splitlines(), start=1):
            name, unit, units = line.split("\t")
            totals = re.search(r"^totals: (\d+)$", Path(f"{out}.{i}").read_text(), re.M)
            if not totals or int(totals.group(1)) == 0:
                raise Refused(f"callgrind counted nothing for {name}", "the function `counted` of bench/kernels/count.cpp must not be inlined", 1)
            result[name] = Count(unit, int(units), int(totals.group(1)))
    return result


def read_baseline(path: Path) -> tuple[dict[str, str], dict[str, Count]]:
    try:
        document = json.loads(path.read_text())
        return document["built_with"], {name: Count(**entry) for name, entry in document["kernels"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{path}: {error}", "bench/run instructions --update writes it anew", 65) from error


def write_baseline(path: Path, counts: dict[str, Count], description: dict[str, str]) -> None:
    document = {"built_with": {key: description[key] for key in BUILT_WITH}, "kernels": {name: vars(entry) for name, entry in counts.items()}}
    replace(path, json.dumps(document, indent=2) + "\n")


def compare(counts: dict[str, Count], baseline: dict[str, Count]) -> tuple[list[str], bool]:
    """A line for each kernel, and whether all are within the tolerance. What got cheaper is said, and is no failure."""
    lines, good = [], set(counts) == set(baseline)
    for name in sorted({*counts, *baseline}):
        if name not in counts or name not in baseline:
            lines.append(f"{name}: {'no longer counted' if name in baseline else 'not in the baseline'}; --update")
            continue
        now, before = counts[name].instructions, baseline[name].instructions
        change = 100 * (now - before) / before
        verdict = "MORE" if change > TOLERANCE else "fewer: --update keeps that" if change < -TOLERANCE else "same" if now == before else "within"
        good &= change <= TOLERANCE
        lines.append(f"{name}: {now} instructions, baseline {before}, {change:+.2f} %: {verdict}")
    return lines, good


def guard(program: Path, description: dict[str, str], path: Path, update: bool) -> bool:
    counts = count(program)
    if update or not path.exists():
        write_baseline(path, counts, description)
        print(f"instructions: wrote {path.name}: {len(counts)} kernels")
        return True
    built_with, baseline = read_baseline(path)
    lines, good = compare(counts, baseline)
    print("\n".join(f"instructions: {line}" for line in lines))
    other = [f"{key} {built_with.get(key)}, this is {description[key]}" for key in BUILT_WITH if built_with.get(key) != description[key]]
    if other:
        print(f"instructions: the baseline is from {'; '.join(other)}: compared, not judged")
        return True
    print(f"instructions: {'no kernel' if good else 'a kernel'} needs more than {TOLERANCE:g} % above the baseline")
    return good
