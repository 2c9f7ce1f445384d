"""`proofmark report`: its page, figures and LaTeX say what the receipts say, rounded the safe way; nothing makes it say VERIFIED but a
verifier; nothing that is in a file gets out of its place; and in a browser it works, fetches nothing and is accessible."""
from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from proofmark_testing.context import CORPUS, ROOT, Context
from proofmark_testing.page import Page, cells, tex_faults
from generator.pages import page, report, standing_agrees
from proofmark_testing.dummies import script

PUBLISHED = ROOT / "certificates" / "max2-v64"
REFUSED = CORPUS / "reject" / "claim-not-implied" / "upper-last-of-3-digits.json"
KINDS = ("add", "mul", "div", "sqrt", "exp", "log", "compare", "read", "length")
HOSTILE = ("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'+alert(1)+'", "=1+1", "@SUM(A1)", "+1", "-1+1", "\\input{/etc/passwd}",
           "$x^2_y$ & ~ # % {", "</style></svg></details>", "&lt;b&gt;", "javascript:alert(1)", "https://example.org/", "</title><b>")


Made = tuple[Path, Path]                     # a frontier's folder, a history


@pytest.fixture(scope="module")
def made(shared: Context) -> Made:
    model, history, folder = shared.temporary / "model.safetensors", shared.temporary / "history.csv", shared.temporary / "frontier"
    outcome = shared.generator.run("train", "--vocabulary", 24, "--width", 8, "--steps", 700, "--batch", 64, "--output", model, "--history", history)
    assert outcome.exit == 0, outcome.shown()
    outcome = shared.generator.run("frontier", model, "--verifier", shared.verifier.path, "--output", folder)
    assert outcome.exit == 0, outcome.shown()
    return folder, history


def test_one_token(context: Context) -> None:
    """Logarithms have nothing to work on."""
    page(context, "one-token", *sorted((CORPUS / "accept").glob("*-V1*.json")))


def safe(text: str, exact: str, direction: str, places: int) -> bool:
    """Whether a printed number is the exact one rounded outward to so many places, and by less than one unit."""
    off = Fraction(text) - Fraction(exact) if direction == "upper" else Fraction(exact) - Fraction(text)
    return 0 <= off < Fraction(1, 10**places) and len(text.partition(".")[2]) == places


def test_frontier(context: Context, made: Made) -> None:
    """All the points of a folder: page, figures' files and LaTeX against the receipts."""
    (folder, history), check, scratch = made, context.check, context.temporary
    tex, figures = scratch / "numbers.tex", scratch / "figures"
    extras = ("--history", history, "--latex", tex, "--places", 4, "--figures", figures)
    found = page(context, "frontier", folder, *extras)
    said = {path.stem: json.loads(path.read_text()) for path in (folder / "receipts").iterdir()}
    table = {point["name"]: point for point in json.loads((folder / "frontier.json").read_text())["points"]}
    check(len(said) >= 6 and found.by_class.get("verdict") == [f"✓ {len(said)} of {len(said)} certificates: VERIFIED"],
                "report: the headline counts the receipts", found.by_class.get("verdict"))

    digests, bounds = found.table("Verdicts").column("certificate"), found.table("Bounds as established")
    check.equal(digests, {name: receipt["certificate_sha256"] for name, receipt in said.items()}, "report: digests")
    for name, receipt in said.items():
        established = {(c["quantity"], c["direction"]): c["established"] for c in receipt["claims"]}
        for column, key in (("loss ≤", ("cross-entropy", "upper")), ("loss ≥", ("cross-entropy", "lower")), ("accuracy ≥", ("accuracy", "lower"))):
            cell = bounds.column(column)[name]
            check(cell == "–" if key not in established else safe(cell, established[key], key[1], 9), f"report: {name}: {column} is rounded outward",
                        cell, established.get(key))
            check(key not in established or established[key] in found.text, f"report: {name}: {column} is shown in full, too")
        check.equal(bounds.column("operations")[name].replace(" ", ""), str(receipt["operations"]["length"]), f"report: {name}: length")
    standing_agrees(context, "report", folder, found)
    operations = {table.rows[-1][0]: table for table in found.tables if table.caption == "Operations by kind, as the verifier performed them"}
    counted = sorted(tuple(cell.replace(" ", "") for cell in table.rows[-1][1:]) for table in found.tables if table.caption.startswith("Operations by kind"))
    check.equal(counted, sorted(tuple(str(receipt["operations"][kind]) for kind in KINDS) for receipt in said.values()), "report: operations by kind", operations)
    for table_of in [one for one in found.tables if one.caption.startswith("Operations")]:
        numbers = [int(cell.replace(" ", "")) for cell in table_of.rows[-1][1:]]
        check.equal(sum(numbers[:-1]), numbers[-1], "report: operations add up", table_of.caption)

    strongest = max((c["established"] for r in said.values() for c in r["claims"] if c["direction"] == "lower" and c["quantity"] == "cross-entropy"), key=Fraction)
    drawn = {row[0]: row for row in cells(found.downloads["frontier.csv"])[1:]}
    slack = {row[0]: row for row in cells(found.downloads["slack.csv"])[1:]}
    check.equal(set(drawn), {name for name, point in table.items() if point["upper"]}, "report: marks of the frontier figure")
    for name, row in drawn.items():
        check.equal((row[2], row[3], row[4] == "yes"), (table[name]["upper"], str(table[name]["operations"]["length"]), table[name]["vacuous"]),
                    f"report: {name}: the frontier figure's data")
        claimed = table[name]["claimed_upper"]
        check.equal((Fraction(slack[name][2]), Fraction(slack[name][3]), slack[name][4]),
                    (Fraction(row[2]) - Fraction(strongest), Fraction(claimed) - Fraction(row[2]), strongest), f"report: {name}: the slack figure's data")
        labels(context, folder, name, cells(found.downloads[f"labels-{name}.csv"]))
    for file in ("frontier.svg", "slack.svg"):
        shown = re.search(r">(?:proved: )?the loss is at least ([0-9.]+)<", found.downloads[file].decode())
        check(shown is not None and Fraction(strongest) * Fraction(999, 1000) <= Fraction(shown[1]) <= Fraction(strongest),
                    f"report: {file}: the loss from below is rounded down", shown, strongest)
    spoken = dict(re.findall(r'aria-label="([a-z0-9-]+): mean loss at most ([0-9.]+),', found.downloads["frontier.svg"].decode()))
    check(set(spoken) == set(drawn) and all(safe(text, drawn[name][2], "upper", 9) for name, text in spoken.items()),
                "report: what a mark says is rounded up", spoken)
    losses = [line.split(",")[1] for line in history.read_text().splitlines()[1:]]
    curve = cells(found.downloads["training.csv"])
    check(curve[0] == ["first_step", "last_step", "mean_loss"] and [int(r[0]) for r in curve[2:]] == [int(r[1]) + 1 for r in curve[1:-1]]
                and int(curve[-1][1]) == len(losses), "report: the training curve covers every step")
    mean = sum(map(Decimal, losses[int(curve[5][0]) - 1:int(curve[5][1])])) / (int(curve[5][1]) - int(curve[5][0]) + 1)
    check(abs(Decimal(curve[5][2]) - mean) < Decimal("1e-12"), "report: a point of the training curve is a mean of losses", curve[5], mean)
    check("Said by the author, not checked" in found.text, "report: the training curve is said to be unchecked")
    heat_map(context, folder / "certificates" / "symmetry.json", cells(found.downloads["logits.csv"]))

    on_disk = {path.name: path.read_bytes() for path in figures.iterdir()}
    check.equal(on_disk, found.downloads, "report: --figures writes the page's figures and data")
    tables = {table.caption: table.rows for table in found.tables}
    for figure in ("Where the slack is: noise, rounding and the loss itself", "Loss by label, symmetry"):
        file = "slack.csv" if figure.startswith("Where") else "labels-symmetry.csv"
        check.equal(tables.get(figure), cells(found.downloads[file]), f"report: the table below a figure has its data: {file}")
    latex(context, tex.read_text(), said)

    first = (scratch / "frontier.html").read_bytes()
    elsewhere = scratch / "elsewhere"
    elsewhere.mkdir()
    page(context, "frontier", os.path.relpath(folder, elsewhere), "--threads", 1, *extras, cwd=elsewhere)
    check.equal(((scratch / "frontier.html").read_bytes(), {path.name: path.read_bytes() for path in figures.iterdir()}), (first, on_disk),
                "report: the same bytes from another folder")
    check(str(scratch).encode() not in first, "report: no path of this machine")


def labels(context: Context, folder: Path, name: str, data: list[list[str]]) -> None:
    """The loss by label: the certificate's own intervals divided by the inputs, rounded outward; lower ends of any proof."""
    check = context.check
    steps = json.loads((folder / "certificates" / f"{name}.json").read_text())["steps"]
    check.equal(data[0], ["from", "to", "inputs", "lower", "upper", "best_lower"], f"report: {name}: columns of the loss by label")
    good = len(data) - 1 == len(steps)
    for row, step in zip(data[1:], steps):
        start, end = step["labels"]
        inputs = end**2 - start**2
        lo, hi = (Fraction(float.fromhex(end_point)) / inputs for end_point in step["loss"])
        lower, upper, best = map(Fraction, row[3:])
        good = good and row[:3] == [str(start), str(end), str(inputs)] and lower <= lo <= hi <= upper and upper - hi <= hi / 10**15 and \
            lo - lower <= lo / 10**15 and lower <= best <= upper
    check(good, f"report: {name}: the loss by label is what the steps declare", data)


def heat_map(context: Context, certificate: Path, data: list[list[str]]) -> None:
    """M = E W U, from the certificate's own tensors."""
    import base64
    import struct
    tensors = json.loads(certificate.read_text())["model"]["tensors"]
    flat = {name: struct.unpack(f"<{t['shape'][0] * t['shape'][1]}f", base64.b64decode(t["data"])) for name, t in tensors.items()}
    width, vocabulary = tensors["embedding.weight"]["shape"]
    entry = lambda name, row, column: flat[name][row * tensors[name]["shape"][1] + column]                              # noqa: E731
    hidden = [[sum(entry("embedding.weight", i, a) * entry("linear.weight", j, i) for i in range(width)) for j in range(width)] for a in range(vocabulary)]
    wrong = [(a, k) for a in range(vocabulary) for k in range(vocabulary)
             if abs(float(data[a + 1][k + 1]) - (logit := sum(hidden[a][j] * entry("unembedding.weight", k, j) for j in range(width)))) > 1e-5 * (1 + abs(logit))]
    context.check.equal((wrong, data[0][1:], len(data)), ([], [str(k) for k in range(vocabulary)], vocabulary + 1), "report: the heat map is the table of logits")


LATEX = {("cross-entropy", "upper"): "upper", ("cross-entropy", "lower"): "lower", ("accuracy", "lower"): "accuracy", ("accuracy", "upper"): "accuracy-upper",
         ("margin", "lower"): "margin"}


def latex(context: Context, tex: str, said: dict) -> None:
    check = context.check
    check.equal(tex_faults(tex), [], "report: LaTeX: braces, control sequences, special characters")
    values = dict(((name, what), (value, comment)) for name, what, value, comment in
                  re.findall(r"^\\@namedef\{proofmark@([A-Za-z0-9-]+)@([a-z-]+)\}\{(.*)\}%(.*)$", tex, re.M))
    for name, receipt in said.items():
        for claim in receipt["claims"]:
            what = LATEX.get((claim["quantity"], claim["direction"]))
            if what is None:
                continue
            value, comment = values.get((name, what), ("0", ""))
            check(safe(value, claim["established"], claim["direction"], 4) and comment == f" established {claim['established']}",
                        f"report: LaTeX: {name}: {what} is rounded outward", value, comment)
            check(what in ("accuracy-upper", "margin") or f"${value}$" in tex.partition("\\begin{tabular}")[2], f"report: LaTeX: {name}: {what} is in the table")
        check.equal((values[name, "length"][0].replace("\\,", ""), values[name, "certificate"][0]),
                    (str(receipt["operations"]["length"]), receipt["certificate_sha256"]), f"report: LaTeX: {name}: length and digest")
    if shutil.which("pdflatex"):
        folder = context.temporary / "tex"
        folder.mkdir()
        (folder / "numbers.tex").write_text(tex)
        (folder / "paper.tex").write_text("\\documentclass{article}\\usepackage{booktabs}\\input{numbers}\\begin{document}\\proofmark{symmetry}{upper}"
                                          "\\proofmarktable\\end{document}\n")
        done = subprocess.run(["pdflatex", "-halt-on-error", "-interaction=batchmode", "paper"], cwd=folder, capture_output=True, text=True)
        check.equal(done.returncode, 0, "report: LaTeX compiles", done.stdout[-500:])
    else:
        context.check.skip("report: whether its LaTeX compiles (Debian: texlive-latex-recommended)")


def test_one_certificate(context: Context) -> None:
    """A certificate alone: the verifier is run, and the page repeats what it says and under which assumptions."""
    check, certificate = context.check, PUBLISHED / "proof.cert.json"
    found = page(context, "one", certificate)
    verified = context.verifier.run(certificate)
    version = context.verifier.run("--version").output.split()[1]
    check.equal(found.by_class["verdict"], [f"✓ VERIFIED, says proofmark-verify {version}, run for this report"], "report: who says it")
    for line in verified.lines:
        if line.startswith("c claim "):
            check(line.removeprefix("c claim ") in found.text, "report: the claim in the verifier's words", line)
        if line.startswith("c established "):
            check(line.split()[4].rstrip(",") in found.text, "report: the established bound", line)
    for line in re.findall(r"^  \d\. (.*)$", context.verifier.run("--trust").output, re.M):
        check(line.rstrip(";.") in found.text, "report: the assumptions are those of --trust", line)
    by_receipt = page(context, "by-receipt", certificate, PUBLISHED / "receipt.json", verifier="/nowhere/at-all")
    check.equal(by_receipt.by_class["verdict"], [f"✓ VERIFIED, says proofmark-verify {version}, by its receipt receipt.json"], "report: a receipt says it")
    joined = context.temporary / "joined.json"
    joined.write_text(json.dumps(json.loads((PUBLISHED / "receipt.json").read_bytes()) | {"verdict": "JOINED", "joined": ["0" * 64] * 3}))
    from_parts = page(context, "by-joined-receipt", certificate, joined, verifier="/nowhere/at-all")
    check.equal(from_parts.by_class["verdict"], [f"✓ VERIFIED, says proofmark-verify {version}, by its receipt joined.json, joined from 3 parts"],
                "report: a receipt that was joined from parts says so")
    check.equal([t.rows for t in by_receipt.tables[1:]], [t.rows for t in found.tables[1:]], "report: verifier and receipt give the same page but for who says it")
    again = page(context, "verify-all", certificate, PUBLISHED / "receipt.json", "--verify", "all")
    check.equal(again.html, found.html, "report: --verify all runs the verifier all the same")
    twice = page(context, "twice", certificate, certificate)
    check.equal(twice.html, found.html, "report: the same certificate twice is one")
    outcome = report(context, certificate, "--output", "-")
    check.equal((outcome.exit, outcome.output), (0, found.html), "report: to standard output")


def unverified(context: Context, name: str, found: Page) -> None:
    """Nothing on the page looks like a verdict or a bound that a verifier gave."""
    good = [text for text in found.by_class.get("good", [])]
    shown = [row for table in found.tables if table.caption.startswith("Bounds as established") for row in table.rows[1:] if set(row[2:6]) != {"–"}]
    figures = [file for file in found.downloads if not file.startswith("logits")]
    context.check.equal((good, shown, figures), ([], [], []), f"report: {name}: nothing looks verified")
    context.check("established: at" not in found.text and "confirmed" not in found.text, f"report: {name}: no bound is said to be established")


def test_verdicts(context: Context) -> None:
    """Certificates that nobody verified, that are refused, and verifiers that lie, fall silent or crash."""
    check, certificate = context.check, PUBLISHED / "proof.cert.json"
    found = page(context, "verify-none", certificate, "--verify", "none", verifier="/nowhere/at-all")
    unverified(context, "verify-none", found)
    check.equal(found.by_class["verdict"], ["Not verified by anybody: no verifier was run and no receipt was given."], "report: nobody: the headline")
    check("What it claims, not verified" in found.text, "report: nobody: claims are said to be unverified")
    found = page(context, "refused", REFUSED, code=1)
    unverified(context, "refused", found)
    check(found.by_class["verdict"][0].startswith("✗ REJECTED (claim-not-implied), says proofmark-verify"), "report: refused: the headline")
    check(all(" ".join(line.split()) in found.text for line in context.verifier.run(REFUSED).lines), "report: refused: the verifier's own lines")
    found = page(context, "mixed", REFUSED, certificate, code=1)
    check.equal(found.by_class["verdict"], ["✗ 1 of 2 certificates: VERIFIED; 1 refused"], "report: one of two: the headline")
    honest = PUBLISHED / "receipt.json"
    other = context.temporary / "other-receipt.json"
    context.verifier.run(CORPUS / "accept" / "base.json", "--receipt", other)
    for name, body in (("says-without-receipt", "echo s VERIFIED"), ("says-nothing", "exit 0"), ("crashes", "kill -SEGV $$"),
                       ("another-receipt", f"cp {other} $receipt; echo s VERIFIED"), ("contradicts-itself", f"cp {honest} $receipt; echo s VERIFIED; exit 1"),
                       ("rejects-with-receipt", f"cp {honest} $receipt; echo s REJECTED; exit 0"),
                       ("no-steps", f"cp {honest} $receipt; echo s VERIFIED")):
        found = page(context, name, certificate, verifier=script(context, name, body), code=1)
        unverified(context, name, found)


def test_receipts(context: Context) -> None:
    """A receipt counts for the certificate with its digest, and only if it does not contradict it."""
    check, scratch, certificate = context.check, context.temporary, PUBLISHED / "proof.cert.json"
    honest = json.loads((PUBLISHED / "receipt.json").read_text())

    def forged(name: str, change: object) -> Path:
        receipt = json.loads(json.dumps(honest))
        change(receipt)
        path = scratch / f"{name}.json"
        path.write_text(json.dumps(receipt))
        return path

    def claim(index: int, key: str, value: str) -> object:
        return lambda r: r["claims"][index].__setitem__(key, value)

    for name, change, words in (
            ("of-another", lambda r: r.update(certificate_sha256="0" * 64), "not of any certificate given"),
            ("of-another-model", lambda r: r.update(certificate_sha256="0" * 64, model_sha256="1" * 64), "about another model"),
            ("wrong-model", lambda r: r.update(model_sha256="1" * 64), "another model"),
            ("wrong-task", lambda r: r["task"]["inputs"]["ranges"].append(r["task"]["inputs"]["ranges"][0]), "another task"),
            ("wrong-bound", claim(0, "bound", honest["claims"][0]["bound"] + "1"), "another claim"),
            ("dropped-claim", lambda r: r["claims"].pop(), "another claim"),
            ("weaker-than-claimed", claim(0, "established", "0.04"), "stronger than what was established"),
            ("nothing-established", claim(0, "established", None), "stronger than what was established"),
            ("wrong-count", lambda r: r["operations"].update(add=r["operations"]["add"] + 1, length=r["operations"]["length"] + 1), "another count of operations"),
            ("wrong-length", lambda r: r["operations"].update(length=1), "do not add up"),
            ("verdict-of-its-own", lambda r: r.update(verdict="PROVED"), "none of the format's"),
            ("verified-with-reason", lambda r: r.update(reason="step-id"), "lacks what was verified"),
            ("no-claims", lambda r: r.update(claims=[]), "lacks what was verified"),
            ("hostile-bound", claim(0, "established", "<b>"), "not a decimal"),
            ("hostile-digest", lambda r: r.update(certificate_sha256="<b>"), "64 hexadecimal digits"),
            ("another-format", lambda r: r.update(version=3), "another format or version"),
            ("no-task", lambda r: r.pop("task"), "key 'task' not found")):
        output = scratch / f"{name}.html"
        outcome = report(context, certificate, forged(name, change), "--output", output)
        check.equal((outcome.exit, output.exists()), (65, False), f"report: receipt {name}: is refused, and nothing written", outcome.shown())
        check(words in outcome.errors and "hint: " in outcome.errors, f"report: receipt {name}: says {words!r}", outcome.errors)
    refusal = scratch / "refusal.json"
    context.verifier.run(REFUSED, "--receipt", refusal)
    found = page(context, "receipt-of-refusal", REFUSED, refusal, code=1, verifier="/nowhere/at-all")
    unverified(context, "receipt-of-refusal", found)
    check("(claim-not-implied)" in found.by_class["verdict"][0], "report: a receipt that says REJECTED")
    found = page(context, "receipt-alone", PUBLISHED / "receipt.json")
    unverified(context, "receipt-alone", found)
    check(found.by_class["verdict"][0].startswith("Not verified") and "hearsay" in found.text, "report: a receipt alone proves nothing")
    check.equal(found.table("What the receipts say").column("of the certificate"), {"receipt.json": honest["certificate_sha256"]}, "report: a receipt alone is shown")


def test_folders(context: Context, made: Made) -> None:
    """A frontier's folder whose files are not those of its table."""
    (folder, _), check, scratch = made, context.check, context.temporary
    table = json.loads((folder / "frontier.json").read_text())

    def edit(change: object) -> object:
        def apply(copy: Path) -> None:
            changed = json.loads(json.dumps(table))
            change(changed)
            (copy / "frontier.json").write_text(json.dumps(changed))
        return apply

    def swap(copy: Path) -> None:
        shutil.copy(copy / "certificates" / "symmetry.json", copy / "certificates" / "convexity.json")

    for name, change, code, words in (
            ("swapped certificate", swap, 65, "certificate_sha256"),
            ("receipt of another point", lambda c: shutil.copy(c / "receipts" / "symmetry.json", c / "receipts" / "convexity.json"), 65, "of 'convexity'"),
            ("receipt gone", lambda c: (c / "receipts" / "symmetry.json").unlink(), 66, "no such file"),
            ("table gone", lambda c: (c / "frontier.json").unlink(), 66, "folder without frontier.json"),
            ("a better bound in the table", edit(lambda t: t["points"][0].update(upper="0.001")), 65, "its upper of"),
            ("a shorter length in the table", edit(lambda t: t["points"][0]["operations"].update(length=1)), 65, "its length of"),
            ("a name that leads elsewhere", edit(lambda t: t["points"][0].update(name="../certificates/symmetry")), 65, "a name that is none"),
            ("a table cut short", lambda c: (c / "frontier.json").write_text("{"), 65, "is not JSON"),
            ("no points", edit(lambda t: t.update(points=[])), 65, "no certificate to report on")):
        copy = scratch / "changed"
        shutil.copytree(folder, copy)
        change(copy)
        outcome = report(context, copy, "--output", scratch / "changed.html")
        check.equal((outcome.exit, (scratch / "changed.html").exists()), (code, False), f"report: folder: {name}: is refused", outcome.shown())
        check(words in outcome.errors, f"report: folder: {name}: says {words!r}", outcome.errors)
        shutil.rmtree(copy)
    copy = scratch / "with-a-refused-point"
    shutil.copytree(folder, copy)
    edit(lambda t: (t["points"][0].update(verdict="REJECTED", reason="step-id"), t["left_out"].append({"name": "late<b>", "why": "too <i>long</i>"})))(copy)
    found = page(context, "with-a-refused-point", copy, "--verify", "none")
    check(found.by_class["verdict"][0].endswith("1 not verified by anybody") and "late<b>: too <i>long</i>" in found.text,
                "report: folder: a point that was not verified is not shown as verified; what was left out is named", found.by_class["verdict"])


def test_hostile(context: Context) -> None:
    hostile(context)


def hostile(context: Context) -> None:
    """Strings that would like to be markup, formulas or commands, wherever strings can be."""
    check, scratch = context.check, context.temporary
    folder = scratch / "hostile"
    folder.mkdir()
    certificate = json.loads((PUBLISHED / "proof.cert.json").read_text())
    certificate["provenance"] = {f"{text[:40]}{i}": text for i, text in enumerate(HOSTILE)} | {"long": "x" * 4000}
    names = ["=1+1.json", "\"><img src=x onerror=alert(1)>.cert.json", "\\input{x}$&#_^~%{.json", "'; rm -rf ~ #.json", "-@SUM(A1)\u202e\n\x1b[2J.json"]
    for i, name in enumerate(names):
        certificate["provenance"]["number"] = str(i)
        (folder / name).write_text(json.dumps(certificate))
    tex, figures = scratch / "hostile.tex", scratch / "hostile-figures"
    found = page(context, "hostile", *(folder / name for name in names), "--latex", tex, "--figures", figures)
    check.equal(found.by_class["verdict"], [f"✓ {len(names)} of {len(names)} certificates: VERIFIED"], "report: hostile strings do not make a certificate wrong")
    provenance = found.table("Provenance: said by the author, not checked").column("value")
    check.equal([provenance[f"{text[:40]}{i}"] for i, text in enumerate(HOSTILE)], list(HOSTILE), "report: hostile strings are shown as they are")
    check(len(provenance["long"]) < 400, "report: long strings are cut")
    check(found.tags <= set("html head meta title style body main h1 h2 h3 p ul ol li code pre span strong section table caption thead tbody tr th td a "
                                  "figure figcaption svg desc rect path text g details summary footer".split()), "report: hostile strings add no element", found.tags)
    check("'./-@SUM" not in found.html and "\x1b" not in found.html and "\u202e" not in found.html, "report: no control characters")
    check("sha256sum 'hostile/=1+1.json'" in found.text, "report: commands quote file names, and have the folder", found.text[-3000:])
    (scratch / "deep" / "page").mkdir(parents=True)
    for place, shown in (("hostile.html", "hostile/=1+1.json"), ("hostile/page.html", "=1+1.json"), ("deep/page/page.html", "=1+1.json")):
        context.generator.run("report", folder / names[0], "--verify", "none", "--output", scratch / place)
        text = (scratch / place).read_text()
        check(f"sha256sum &#39;{shown}&#39;" in text and f"proofmark-verify &#39;{shown}&#39;" in text, f"report: a certificate's path, seen from {place}", text[-2000:])
    rows = [row for file, content in found.downloads.items() if file.endswith(".csv") and not file.startswith("logits") for row in cells(content)]
    check.equal([cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell], [], "report: no cell is a formula")
    check(any(cell.startswith("'=1+1") for row in rows for cell in row), "report: formulas are made text")
    check.equal(tex_faults(tex.read_text()), [], "report: hostile strings in LaTeX")
    check("\\textbackslash{}input\\{x\\}\\$\\&\\#\\_\\textasciicircum{}\\textasciitilde{}\\%\\{" in tex.read_text(), "report: LaTeX shows them as they are")
    check(all(re.fullmatch(r"[A-Za-z0-9-]+\.(svg|csv)", path.name) for path in figures.iterdir()), "report: files of figures have plain names")

    certificate["provenance"] = {"\u202e\u0000\u001b[2J\u00e9<b>": "\ud83d\ude00</pre><script>"}
    certificate["model"]["architecture"]["pool"] = "<img src=x onerror=alert(1)>"
    certificate["model"]["tensors"]["</table>"] = certificate["model"]["tensors"]["linear.weight"]
    for step in certificate["steps"]:
        step["rule"] = "</code><script>alert(1)</script>@1"
    wrong = folder / "wrong.json"
    wrong.write_text(json.dumps(certificate))
    found = page(context, "hostile-and-wrong", wrong, code=1)
    unverified(context, "hostile-and-wrong", found)
    check("\\x1b[2J" in found.text and "</table>" in found.text and "\u202e" not in found.html, "report: what is not printable is spelt out")


def test_several_models(context: Context, made: Made) -> None:
    several_models(context, *made)


def several_models(context: Context, folder: Path, history: Path) -> None:
    found = page(context, "several", folder, PUBLISHED / "proof.cert.json", "--history", history)
    files = set(found.downloads)
    context.check({"frontier-1.svg", "frontier-2.svg", "logits-2.csv", "labels-proof.svg"} <= files, "report: two models: figures have names of their own", files)
    context.check("Model 1: max of 2 tokens out of 24" in found.text and "Model 2: max of 2 tokens out of 64" in found.text, "report: two models: a section each")


def test_published_bounds(context: Context) -> None:
    """What others have published stands beside proofs of networks for S5, as a hollow mark, and not beside other proofs that bound the loss."""
    shown = {}
    for name, folder in (("s5", "s5"), ("others", "addition-113")):
        found = page(context, name, ROOT / "certificates" / folder / "proof.cert.json", "--figures", context.temporary / name)
        shown[name] = (context.temporary / name / "accuracy.svg").read_text() if (context.temporary / name / "accuracy.svg").exists() else ""
        context.check.equal("arXiv 2410.07476" in found.text, name == "s5", f"report: {name}: the paper is named")
    context.check("paper: mean of 100 models, 0.51<" in shown["s5"] and shown["others"] == "", "report: published bounds stand in the picture of S5 alone")


def test_formats(context: Context) -> None:
    check, scratch, certificate = context.check, context.temporary, PUBLISHED / "proof.cert.json"
    everything = ("--figures", scratch / "formats", "--formats", "svg,csv,pdf,png", "--output", scratch / "formats.html")
    if shutil.which("rsvg-convert"):
        contents = []
        for _ in range(2):
            outcome = report(context, certificate, *everything)
            check.equal(outcome.exit, 0, "report: PDF and PNG", outcome.shown())
            contents.append({path.name: path.read_bytes() for path in (scratch / "formats").iterdir()})
        check.equal(contents[0], contents[1], "report: PDF and PNG have the same bytes every time")
        starts = {name: content[:4] for name, content in contents[0].items() if name.startswith("frontier.")}
        check.equal((starts["frontier.pdf"], starts["frontier.png"], len(starts)), (b"%PDF", b"\x89PNG", 4), "report: the formats asked for")
        report(context, certificate, "--figures", scratch / "pdf", "--formats", "pdf", "--output", scratch / "formats.html")
        check.equal({path.suffix for path in (scratch / "pdf").iterdir()}, {".pdf"}, "report: only the formats asked for")
    else:
        context.check.skip("rsvg-convert (Debian: librsvg2-bin) is not there, and PDF and PNG of the report's figures were not tested")
    (scratch / "formats.html").unlink(missing_ok=True)
    outcome = report(context, certificate, *everything, env={"PATH": "/nowhere"})
    check.equal((outcome.exit, (scratch / "formats.html").exists()), (66, False), "report: PDF without rsvg-convert: exit code", outcome.shown())
    check("librsvg2-bin" in outcome.errors, "report: PDF without rsvg-convert: says what to install", outcome.errors)


def test_wrong_use(context: Context) -> None:
    scratch, certificate, output = context.temporary, PUBLISHED / "proof.cert.json", context.temporary / "refused-use.html"
    (scratch / "cut.json").write_bytes(certificate.read_bytes()[:-100])
    (scratch / "other.json").write_text('{"format": "something"}')
    (scratch / "list.json").write_text("[1]")
    (scratch / "occupied").write_text("a file")
    (scratch / "steps.json").write_text(re.sub(r'"labels": \[16, 32\]', '"labels": [16, 31]', certificate.read_text()))
    (scratch / "infinite.csv").write_text("step,loss,objective\n1,inf,cross-entropy\n")
    (scratch / "skipping.csv").write_text("step,loss,objective\n1,2.5,cross-entropy\n3,2.5,cross-entropy\n")
    (scratch / "empty.csv").write_text("step,loss,objective\n")
    for name, arguments, code, words in (
            ("no input", ("--output", output), 64, "INPUT is required"),
            ("no output", (certificate,), 64, "--output is required"),
            ("misspelt option", (certificate, "--figure", "x", "--output", output), 64, "did you mean"),
            ("unknown format", (certificate, "--formats", "svg,gif", "--output", output), 64, "formats are: svg, csv, pdf, png"),
            ("unknown --verify", (certificate, "--verify", "some", "--output", output), 64, "there is no way to verify 'some'"),
            ("missing file", (scratch / "none.json", "--output", output), 66, "no such file"),
            ("cut short", (scratch / "cut.json", "--output", output), 65, "is not JSON"),
            ("something else", (scratch / "other.json", "--output", output), 65, "neither a certificate nor a receipt"),
            ("a list", (scratch / "list.json", "--output", output), 65, "neither a certificate nor a receipt"),
            ("steps that leave a label out", (scratch / "steps.json", "--output", output), 65, "do not cover the labels"),
            ("no verifier", (certificate, "--verifier", scratch / "none", "--output", output), 66, "No such file"),
            ("a verifier that is none", (certificate, "--verifier", "/bin/true", "--output", output), 66, "does not answer like proofmark-verify"),
            ("an output in no folder", (certificate, "--output", scratch / "no" / "where.html"), 66, "hint: "),
            ("figures in no folder", (certificate, "--figures", scratch / "no" / "where", "--output", output), 66, "hint: "),
            ("a file where the figures go", (certificate, "--figures", scratch / "occupied", "--output", output), 66, "hint: "),
            ("a history that is none", (certificate, "--history", certificate, "--output", output), 65, "is not a history of losses: line 1"),
            ("a history of infinities", (certificate, "--history", scratch / "infinite.csv", "--output", output), 65, "line 2 has no finite loss"),
            ("a history with a gap", (certificate, "--history", scratch / "skipping.csv", "--output", output), 65, "line 3 is not the next step"),
            ("a history of nothing", (certificate, "--history", scratch / "empty.csv", "--output", output), 65, "hint: ")):
        command = arguments if "--verifier" in arguments else (*arguments, "--verifier", context.verifier.path)
        outcome = context.generator.run("report", *command)
        context.check.equal((outcome.exit, output.exists(), outcome.output), (code, False, ""), f"report: {name}: exit code, and nothing is written", outcome.shown())
        context.check(words in outcome.errors, f"report: {name}: says {words!r}", outcome.errors)
    context.check(not [path for path in scratch.rglob(".proofmark*")], "report: no temporary files are left")
    outcome = context.generator.run("report", "--help")
    context.check(outcome.exit == 0 and "examples:" in outcome.output, "report: --help", outcome.shown())


@pytest.mark.long
def test_in_a_browser(context: Context, made: Made) -> None:
    """Two pages in headless Chromium: light and dark, wide and narrow, accessible (axe), valid (html-validate)."""
    check, tools = context.check, ROOT / "tests" / "page"
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not (chromium and node and (tools / "node_modules" / "axe-core").exists()):
        context.check.skip("the report's page was not tested in a browser: that needs Chromium, Node and the tools that tests/page/install installs")
        return
    several_models(context, *made)
    hostile(context)
    shots = context.temporary / "shots"
    shots.mkdir()
    pages = [context.temporary / f"{name}.html" for name in ("several", "hostile-and-wrong")]
    done = subprocess.run([node, tools / "check.mjs", chromium, shots, *pages], capture_output=True, text=True, timeout=300)
    if not check.equal(done.returncode, 0, "report: the browser works", done.stderr[-1000:]):
        return
    for found in json.loads(done.stdout):
        name = found["page"]
        links = Page((context.temporary / name).read_text()).downloads
        first = next(iter(links), "")
        check.equal(found["saved"], {"name": first, "state": "completed", "content": links[first].decode()} if first else None,
                    f"report: in a browser: {name}: a figure is saved by its link")
        check.equal(found["html"], [], f"report: in a browser: {name}: html-validate")
        backgrounds = {look["theme"]: look["background"] for look in found["looks"]}
        check.equal(backgrounds, {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}, f"report: in a browser: {name}: themes")
        for look in found["looks"]:
            title = f"report: in a browser: {name}, {look['theme']}, {look['width']} pixels"
            check.equal((look["console"], look["requests"], look["scripts"]), ([], [], 0), f"{title}: silent, and nothing is requested")
            check.equal((look["axe"], look["overflow"], look["cut"]), ([], 0, []), f"{title}: accessible, and nothing is cut off")
            check(all(len(shown) == 1 for shown in look["readouts"]), f"{title}: each mark says its values when focused", look["readouts"])
        if name == "several.html":
            check({"frontier-1", "slack-2", "logits-1", "training", "labels-symmetry"} <= set(found["looks"][0]["figures"]) and
                        len(found["looks"][0]["readouts"]) >= 10, f"report: in a browser: {name}: the figures are there")
            check((shots / "several.pdf").read_bytes()[:4] == b"%PDF", "report: in a browser: the page prints")
