"""Pages of `proofmark report`, read again; what holds for every one of them."""
from __future__ import annotations

import csv
import re
import xml.etree.ElementTree
from pathlib import Path

from proofmark_testing.context import Context
from proofmark_testing.page import Page, cells, outside_world
from proofmark_testing.verifier import Outcome


def report(context: Context, *arguments: object, verifier: object = None, **options: object) -> Outcome:
    return context.generator.run("report", "--verifier", verifier or context.verifier.path, *arguments, **options)


def page(context: Context, name: str, *arguments: object, code: int = 0, **options: object) -> Page:
    """The page of a report, after checks that hold for every page."""
    path = context.temporary / f"{name}.html"
    path.unlink(missing_ok=True)
    outcome = report(context, *arguments, "--output", path, **options)
    context.check.equal(outcome.exit, code, f"report: {name}: exit code", outcome.shown())
    html = path.read_text() if path.exists() else ""
    found = Page(html)
    context.check.equal((found.wrong, outside_world(html)), ([], []), f"report: {name}: nothing runs, nothing is fetched, elements are closed")
    context.check.equal(len(found.ids), len(set(found.ids)), f"report: {name}: identifiers are unique")
    context.check("default-src 'none'" in html and "<title>Proofmark report</title>" in html, f"report: {name}: policy and title")
    for file, content in found.downloads.items():
        if file.endswith(".svg"):
            try:
                named = [child.tag.split("}")[1] for child in xml.etree.ElementTree.fromstring(content)[:2]]
            except xml.etree.ElementTree.ParseError as error:
                named = [str(error)]
            numbers = re.findall(r'(?i)="[^"]*\b(?:nan|inf)\b[^"]*"', re.sub(r' aria-label="[^"]*"', "", content.decode()))
            context.check.equal((named, outside_world(content.decode()), numbers), (["title", "desc"], [], []), f"report: {name}: {file} stands by itself")
            context.check(content.decode().split("\n", 1)[1] in html, f"report: {name}: {file} is the figure that is shown")
    return found


def standing_agrees(context: Context, title: str, folder: Path, found: Page) -> None:
    """What is Pareto-optimal is the same in a frontier's CSV and in the page of its folder: table, figures and their data."""
    with (folder / "frontier.csv").open(newline="") as file:
        points = {row["name"]: row for row in csv.DictReader(file)}
    context.check.equal(found.table("Bounds as established").column("note"), {name: standing(row) for name, row in points.items()},
                        f"{title}: Pareto-optimal as in the frontier's table")
    for file, column, bound in (("frontier", "pareto_loss", "upper"), ("accuracy", "pareto_accuracy", "accuracy")):
        if f"{file}.csv" not in found.downloads:
            continue
        data = cells(found.downloads[f"{file}.csv"])
        context.check.equal({row[0]: row[data[0].index(column)] for row in data[1:]}, {name: row[column] for name, row in points.items() if row[bound]},
                            f"{title}: Pareto-optimal as in the {file} figure's data")
        spoken = re.findall(r'aria-label="([a-z0-9-]+): [^"]*, Pareto-optimal"', found.downloads[f"{file}.svg"].decode())
        context.check.equal(set(spoken), {name for name, row in points.items() if row[column] == "yes"}, f"{title}: Pareto-optimal as the {file} figure says it")


def standing(row: dict[str, str]) -> str:
    """What tables for people say of a verified point."""
    where = {"yesno": "Pareto-optimal in loss", "noyes": "Pareto-optimal in accuracy", "yesyes": "Pareto-optimal", "nono": ""}
    words = ["vacuous"] * (row["vacuous"] == "yes") + [where[row["pareto_loss"] + row["pareto_accuracy"]]]
    return ", ".join(word for word in words if word)
