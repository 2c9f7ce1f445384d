"""docs/performance.md from the tables of results: what stands between `<!-- measured: NAME -->` and `<!-- end of NAME -->` is written here, the
rest by hand. The same tables give the same page, so a test can compare them."""
from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from pathlib import Path

from . import growth, instructions, jobs, kernels
from .enclosure import Enclosure
from .fit import POINTS, fit
from .jobs import Job, Programs
from .machine import in_words
from .refused import Refused
from .rows import Conditions, Rows

PART = re.compile(r"(<!-- measured: ([a-z0-9-]+) -->\n).*?(<!-- end of \2 -->)", re.S)


class Results:
    """The tables of one folder."""

    def __init__(self, folder: Path) -> None:
        self.performance = Rows(folder / "performance.csv", jobs.COLUMNS, jobs.TEXTS)
        self.growth = Rows(folder / "growth.csv", growth.COLUMNS, growth.TEXTS)
        self.kernels = Rows(folder / "kernels.csv", kernels.COLUMNS, kernels.TEXTS)
        self.conditions = Conditions(folder / "conditions.json")


def median(rows: list[dict[str, str]], column: str) -> float:
    return statistics.median(float(row[column]) for row in rows)


def table(head: list[str], lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *lines))


def seconds(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def measured_on(results: Results, group: str, rows: list[dict[str, str]]) -> str:
    rounds = sorted({int(row["round"]) for row in rows})
    if group not in results.conditions.of:
        raise Refused(f"{results.conditions.path} does not say on what the rows of group {group} were measured", "bench/run --again measures them anew", 65)
    return (f"Measured on: {in_words(results.conditions.of[group])} Rounds: {rounds[-1]}. "
            f"Load of the machine before a run: {median(rows, 'load'):.1f} (median), {max(float(row['load']) for row in rows):.1f} at most.\n")


def job_table(results: Results, group: str, known: list[Job]) -> str:
    rows = results.performance.where(group=group)
    lines = []
    for job in known:
        if not (own := results.performance.where(group=group, job=job.name)):
            continue
        middle, memory = median(own, "seconds"), max(float(row["memory_mb"]) for row in own)
        lines.append([job.name, seconds(middle), seconds(min(float(row["seconds"]) for row in own)), seconds(median(own, "processor_s")) if own[0]["processor_s"] else "", f"{memory:.0f}",
                      str(len(own)), job.target.judged(middle, memory) if job.target else ""])
    return measured_on(results, group, rows) + "\n" + table(["job", "seconds", "fastest", "processor s", "memory (MB)", "runs", "target"], lines)


def peer_table(results: Results) -> str:
    rows = results.performance.where(group="peers")
    lines = []
    for name in dict.fromkeys(row["job"] for row in rows):
        own = results.performance.where(group="peers", job=name)
        lines.append([name, seconds(median(own, "seconds")), seconds(min(float(row["seconds"]) for row in own)),
                      f"{max(float(row['memory_mb']) for row in own):.0f}", str(len(own)), own[0]["result"]])
    return measured_on(results, "peers", rows) + "\n" + table(["peer", "seconds", "fastest", "memory (MB)", "runs", "what it says"], lines)


def ratios(results: Results) -> str:
    """A peer counts with its better number of threads."""
    def best(start: str, group: str) -> float | None:
        names = {row["job"] for row in results.performance.where(group=group) if row["job"] == start or row["job"].startswith(f"{start}, ") and group == "peers"}
        return min((median(results.performance.where(group=group, job=name), "seconds") for name in names), default=None)
    of = results.conditions.of
    if results.performance.where(group="peers") and of.get("jobs") != of.get("peers"):
        return "Jobs and peers were measured under different conditions: `bench/run peers --again` measures both side by side.\n"
    loss_only = f"verify {jobs.LOSS_ONLY}"
    lines = []
    for above, above_group, below, target in (
            ("verify enumeration", "jobs", "verify symmetry", None), (jobs.TUTORIAL_BRUTE_FORCE, "peers", loss_only, 15),
            (jobs.TUTORIAL_BRUTE_FORCE, "peers", "verify symmetry", None), (jobs.TUTORIAL_TRAINING, "peers", "train 410 steps", 4),
            (jobs.TUTORIAL_CONVEXITY, "peers", "verify convexity", None), (jobs.FLOAT64, "peers", loss_only, None),
            (jobs.FLOAT64_PRODUCT, "peers", loss_only, None), (f"{jobs.ARB}, 53 bits", "peers", loss_only, None)):
        numerator, denominator = best(above, above_group), best(below, "jobs")
        if numerator and denominator:
            value = numerator / denominator
            lines.append([f"{above} / {below}", f"{value:.2f}" if value < 10 else f"{value:.1f}", f"≥ {target}: {'met' if value >= target else 'missed'}" if target else ""])
    return table(["ratio", "value", "target"], lines)


def network_ratios(results: Results) -> str:
    """Rules that do not run every input against enumeration, and against a forward pass in float32, of the same model."""
    lines = []
    for name, (rule, _, _) in jobs.COMPACT.items():
        short, every, forward = (results.performance.where(group="networks", job=job) for job in (f"verify {name}, {rule}", f"verify {name}", f"forward pass, numpy float32, {name}"))
        if short and every:
            ratio = [median(short, column) / median(every, column) for column in ("length", "seconds")]
            lines.append([f"{rule}, {name}", *(f"{100 * value:.1f} %" for value in ratio), f"{median(short, 'seconds') / median(forward, 'seconds'):.1f}" if forward else ""])
    return table(["verifying", "of enumeration's operations", "of its seconds", "times a forward pass"], lines)


def cross_check(results: Results) -> str:
    """Every enclosure of the exact mean loss by the verifier and by Arb; each pair must have a point in common."""
    lines = []
    for name, enclosure in enclosures(results).items():
        lines.append([name, enclosure.text(), f"{float(enclosure.width or 0):.1e}"])
    said = "\nEvery two of them overlap.\n" if not disagreements(results) else f"\n**They disagree: {'; '.join(disagreements(results))}.**\n"
    return table(["by", "mean loss within", "width"], lines) + said


def enclosures(results: Results) -> dict[str, Enclosure]:
    found = {}
    for row in results.performance.where(round=1):
        enclosure = Enclosure.of_text(row["result"])
        exact = row["group"] == "peers" or row["job"].startswith(("verify symmetry", "verify enumeration"))
        if enclosure and enclosure.lower is not None and exact and row["group"] in ("jobs", "peers"):
            found[row["job"]] = enclosure
    return found


def disagreements(results: Results) -> list[str]:
    found = list(enclosures(results).items())
    return [f"{a} and {b}" for i, (a, x) in enumerate(found) for b, y in found[:i] if not x.overlaps(y)]


def kernel_table(results: Results) -> str:
    rows = results.kernels.rows
    lines = []
    for name in dict.fromkeys(row["kernel"] for row in rows):
        own = results.kernels.where(kernel=name)
        lines.append([name, f"{median(own, 'nanoseconds'):.3g}", own[0]["unit"]])
    return measured_on(results, "kernels", rows) + "\n" + table(["kernel", "ns", "for each"], lines)


def instruction_table() -> str:
    built_with, counts = instructions.read_baseline(instructions.BASELINE)
    lines = [[name, f"{entry.instructions / entry.units:.1f}", entry.unit] for name, entry in counts.items()]
    libraries = ", ".join(f"{name} {built_with[name]}" for name in built_with if name != "compiler")
    return f"Built with {built_with['compiler']}, {libraries}.\n\n" + table(["kernel", "instructions", "for each"], lines)


def sizes(results: Results, rule: str) -> list[int]:
    return sorted({int(row["vocabulary"]) for row in results.growth.where(rule=rule)})


def growth_table(results: Results) -> str:
    lines = []
    for rule in growth.RULES:
        for vocabulary in sizes(results, rule.name):
            own = results.growth.where(rule=rule.name, vocabulary=vocabulary)
            lines.append([rule.name, str(vocabulary), seconds(median(own, "prove_s")), f"{median(own, 'prove_mb'):.0f}",
                          f"{median(own, 'certificate_bytes') / 1e6:.2f}", seconds(median(own, "verify_s")), seconds(median(own, "verify_processor_s")),
                          f"{median(own, 'verify_mb'):.0f}", grouped(int(own[0]["length"])), str(len(own))])
    head = ["rule", "V", "prove s", "MB", "certificate (MB)", "verify s", "processor s", "MB", "length", "runs"]
    return measured_on(results, "growth", results.growth.rows) + "\n" + table(head, lines) + largest(results)


def largest(results: Results) -> str:
    *_, vocabulary = sizes(results, "symmetry") or [0]
    own = results.growth.where(rule="symmetry", vocabulary=vocabulary)
    return (f"\nThe largest exact proof: symmetry at V = {vocabulary}, all {grouped(vocabulary**2)} inputs, loss from both sides and accuracy, "
            f"proved in {seconds(median(own, 'prove_s'))} s with {median(own, 'prove_mb'):.0f} MB "
            f"and verified in {seconds(median(own, 'verify_s'))} s with {median(own, 'verify_mb'):.0f} MB.\n") if own else ""


@dataclass(frozen=True)
class Measure:
    name: str
    unit: str
    column: str
    exponent: int | None = None   # in theory; none: that of the rule


MEASURES = (Measure("proving", "processor s", "prove_processor_s"), Measure("verifying", "processor s", "verify_processor_s"),
            Measure("memory of verifying", "MB", "verify_mb", 2), Measure("certificate", "bytes", "certificate_bytes", 1),
            Measure("length", "operations", "length"))


def points(results: Results, rule: str, column: str) -> list[tuple[float, float]]:
    return [(v, median(results.growth.where(rule=rule, vocabulary=v), column)) for v in sizes(results, rule)]


def exponents(results: Results) -> str:
    lines = []
    for rule in growth.RULES:
        laws = [(measure, fit(points(results, rule.name, measure.column))) for measure in MEASURES]
        cells = [f"{law.exponent:.2f} ({measure.exponent or rule.exponent})" if law else "" for measure, law in laws]
        fitted = sizes(results, rule.name)[-POINTS:]
        if len(fitted) > 1:
            lines.append([rule.name, *cells, f"{fitted[0]} to {fitted[-1]}"])
    return table(["rule", *(measure.name for measure in MEASURES), "V"], lines)


def predictions(results: Results) -> str:
    lines = []
    for rule in growth.RULES:
        cells = []
        for measure in MEASURES:
            *before, (vocabulary, measured) = points(results, rule.name, measure.column) or [(0, 0)]
            law = fit(before)
            cells.append(f"{shown(law.at(vocabulary))} / {shown(measured)}" if law else "")
        if any(cells):
            lines.append([rule.name, str(vocabulary), *cells])
    return table(["rule", "V", *(f"{measure.name} ({measure.unit})" for measure in MEASURES)], lines)


def shown(value: float) -> str:
    return f"{value:.3g}" if value < 1e5 else f"{value:.3e}"


def parts(results: Results) -> dict[str, tuple[bool, str, object]]:
    """By name: whether there is anything to show, the group that would bring it, and how it is written."""
    model = Path("model")
    programs = Programs(model, model, Path())
    has = {group: bool(results.performance.where(group=group)) for group in ("jobs", "peers", "max-of-3", "transformers", "networks")}
    return {
        "jobs": (has["jobs"], "jobs", lambda: job_table(results, "jobs", jobs.jobs(programs, model))),
        "max-of-3": (has["max-of-3"], "jobs", lambda: job_table(results, "max-of-3", jobs.max_of_3(programs))),
        "networks": (has["networks"], "networks", lambda: job_table(results, "networks", jobs.networks(programs)[0])),
        "network-ratios": (has["networks"], "networks", lambda: network_ratios(results)),
        "transformers": (has["transformers"], "transformers", lambda: job_table(results, "transformers", jobs.transformers(programs, model))),
        "peers": (has["peers"], "peers", lambda: peer_table(results)),
        "ratios": (has["jobs"], "jobs", lambda: ratios(results)),
        "cross-check": (bool(enclosures(results)), "peers", lambda: cross_check(results)),
        "kernels": (bool(results.kernels.rows), "kernels", lambda: kernel_table(results)),
        "instructions": (instructions.BASELINE.exists(), "instructions", instruction_table),
        "growth": (bool(results.growth.rows), "growth", lambda: growth_table(results)),
        "exponents": (bool(results.growth.rows), "growth", lambda: exponents(results)),
        "predictions": (bool(results.growth.rows), "growth", lambda: predictions(results)),
    }


def written(text: str, results: Results) -> str:
    """The page with all its measured parts from these results; each part must have its place, once."""
    known = parts(results)
    places = [name for _, name, _ in PART.findall(text)]
    if sorted(places) != sorted(known):
        raise Refused(f"the page must have each of the parts {', '.join(known)} once, and has {', '.join(places)}",
                      "a part stands between `<!-- measured: NAME -->` and `<!-- end of NAME -->`", 65)

    def replaced(match: re.Match[str]) -> str:
        there, group, write = known[match.group(2)]
        return f"{match.group(1)}\n{write() if there else f'Not measured yet: group `{group}`.'}\n{match.group(3)}".replace("\n\n\n", "\n\n")
    return PART.sub(replaced, text)
