"""The page that verifies, in headless Chromium: it answers as proofmark-verify does, to the byte, and cannot be made to do anything else."""
from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from proofmark_testing import corpus
from proofmark_testing.context import BASE, ROOT, Context

PAGE, TOOLS, DRIVER = ROOT / "build-web" / "verify.html", ROOT / "tests" / "page", Path(__file__).parent / "drive.mjs"
CERTIFICATES = ROOT / "certificates"
SHOTS = os.environ.get("PROOFMARK_SHOTS")              # a folder to keep pictures in
HOSTILE = '<img src=x onerror=alert(1)>"\'&amp;.json'
ONE_AT_A_TIME = pytest.mark.xdist_group("browser")
pytestmark = ONE_AT_A_TIME


@pytest.fixture
def browser(request: pytest.FixtureRequest, context: Context) -> Any:
    """Runs jobs for drive.mjs; nothing where the page or the browser cannot be had, which is then said."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    missing = ("the page that verifies (web/build makes it, with Debian's emscripten)" if not PAGE.exists() else
               "Chromium, Node and the tools that tests/page/install installs" if not (chromium and node and (TOOLS / "node_modules" / "axe-core").exists()) else None)
    if missing:
        context.check.skip(f"the page that verifies was not tested in a browser: that needs {missing}")
        return None
    shots = Path(SHOTS) if SHOTS else context.temporary
    shots.mkdir(exist_ok=True)

    def run(*jobs: dict[str, Any]) -> list[dict[str, Any]]:
        listed = context.temporary / "jobs.json"
        listed.write_text(json.dumps([{"page": str(PAGE), "by": "files", **job, "give": [str(path) for path in job["give"]]} for job in jobs]))
        done = subprocess.run([node, DRIVER, chromium, shots, listed], capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr[-2000:]
        found = json.loads(done.stdout)
        for number, one in enumerate(found):
            context.check.equal((one["console"], one["requests"], one["foreign"]), ([], [], 0), f"web: job {number}: no errors, no requests, no foreign elements")
        return found
    return run


def test_is_run_with_all(context: Context, pytestconfig: pytest.Config) -> None:
    if pytestconfig.option.all:
        context.check(PAGE.exists() or shutil.which("em++") is None, "web: where there is emscripten, the page is built")
    else:
        context.check.skip("the page that verifies, in a browser: ./run-tests --all builds and tests it")


def native(context: Context, folder: Path, name: str, *arguments: str) -> tuple[list[str], str | None]:
    """What proofmark-verify says in this folder, and its receipt."""
    receipt = context.temporary / "native.receipt.json"
    receipt.unlink(missing_ok=True)
    outcome = context.verifier.run(name, *arguments, "--receipt", receipt, cwd=folder, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return outcome.lines, receipt.read_text() if receipt.exists() else None


def as_native(context: Context, found: dict[str, Any], title: str, lines: list[str], receipt: str | None) -> None:
    card = next((card for card in found["cards"] if card["title"] == title), None)
    if context.check(card is not None, f"web: {title}: is shown"):
        context.check.equal(card["said"].splitlines(), lines, f"web: {title}: says what proofmark-verify says")
        context.check.equal(card["verdict"], lines[0][2:], f"web: {title}: verdict")
        context.check.equal(found["receipts"].get(title), receipt, f"web: {title}: the receipt, to the byte")


@pytest.mark.long
def test_published(context: Context, browser: Any) -> None:
    """All of certificates/, dropped at once: each with its claim, its weights and its receipt; looked at on every kind of screen."""
    if browser is None:
        return
    folders = sorted(path for path in CERTIFICATES.iterdir() if path.is_dir())
    found, narrow = browser({"give": [CERTIFICATES], "by": "drop", "then": ["done", "receipts", "axe", "keys", "shot several-light"]},
                            {"give": [folders[0] / "proof.cert.json"], "theme": "dark", "width": 390, "then": ["done", "axe", "shot one-dark-phone"]})
    for folder in folders:
        title = f"certificates/{folder.name}/proof.cert.json"
        lines, receipt = native(context, folder, "proof.cert.json", "--claim", "claim.json", "--weights", "model.safetensors")
        as_native(context, found, title, lines, receipt)
        context.check.equal(receipt, (folder / "receipt.json").read_text(), f"web: {title}: the published receipt")
        card = next((card["text"] for card in found["cards"] if card["title"] == title), "")
        context.check("The receipt beside it is the same, to the byte." in card, f"web: {title}: compares with the receipt beside it")
        for claim in json.loads(receipt or "{}").get("claims", []):
            context.check(claim["bound"] in card, f"web: {title}: the claim", claim)
    context.check(len(found["figures"]) >= 2 and all(label.startswith(("accuracy", "mean cross", "least margin")) for label in found["figures"]), "web: figures of bound against length", found["figures"])
    for one, screen in ((found, "light"), (narrow, "dark, phone")):
        context.check.equal((one["axe"], one["overflow"]), ([], 0), f"web: {screen}: axe, and nothing wider than the screen")
    context.check.equal(found["keys"][:3], ["files", "folder", "reference"], "web: the keyboard reaches everything", found["keys"])
    context.check({"Save the receipt", "Compare with weights", "Compare with a claim file", "All that the verifier says"} <= set(found["keys"]), "web: and what each certificate offers", found["keys"])
    context.check(found["saved"] in found["receipts"].values(), "web: a receipt that is saved is the one that is offered")
    context.check(found["status"].endswith(": Verified"), "web: screen readers are told", found["status"])


@pytest.mark.long
def test_reference_engine(context: Context, browser: Any) -> None:
    """GMP and MPFR as they were compiled here: every number of the reference engine is theirs."""
    if browser is None:
        return
    names = ["max2-v64-convexity", "max4-v8", "max4-v64-attention-loss", "min3-layernorm-gelu"]
    give = []
    for name in names:
        give.append(context.temporary / f"{name}.json")
        shutil.copy(CERTIFICATES / name / "proof.cert.json", give[-1])
    (found,) = browser({"give": give, "reference": True, "then": ["done", "receipts"]})
    for path in give:
        as_native(context, found, path.name, *native(context, path.parent, path.name, "--engine", "reference"))


def sample() -> list[corpus.Case]:
    """The first of every reason, and every sixth of those that are accepted."""
    chosen: dict[str, list[corpus.Case]] = {}
    for case in (*corpus.files(), *corpus.rows()):
        if case.kind == "certificate":
            chosen.setdefault(case.name.rsplit("/", 1)[0], []).append(case)
    return [case for folder, cases in chosen.items() for case in (cases[::6] if folder == "accept" else cases[:1])]


@pytest.mark.long
def test_corpus(context: Context, browser: Any) -> None:
    if browser is None:
        return
    cases = {re.sub(r"[^\w.-]", "-", case.name) + ".json": case for case in sample()}
    folder = context.temporary / "corpus"
    folder.mkdir()
    for name, case in cases.items():
        (folder / name).write_bytes(case.content)
    (found,) = browser({"give": [folder / name for name in cases], "then": ["done", "receipts"]})
    for name in cases:
        as_native(context, found, name, *native(context, folder, name))
    context.check(len(cases) > 60 and {lines["verdict"] for lines in found["cards"]} >= {"VERIFIED", "REJECTED", "MALFORMED", "DECLINED"}, "web: corpus: of every kind", len(cases))


@pytest.mark.long
def test_questions(context: Context, browser: Any) -> None:
    """A claim file and weights that fit, and those that do not."""
    if browser is None:
        return
    good, other = CERTIFICATES / "max2-v64", CERTIFICATES / "max3-v64"
    there = context.temporary
    for source, name in ((good / "proof.cert.json", "proof.json"), (good / "claim.json", "claim.json"), (good / "model.safetensors", "model.safetensors"),
                         (other / "claim.json", "other-claim.json"), (other / "model.safetensors", "other.safetensors")):
        shutil.copy(source, there / name)
    first = ["done"]
    found = browser({"give": [there / "proof.json", there / "claim.json", there / "model.safetensors"], "then": ["done", "receipts"]},
                    {"give": [there / "proof.json"], "then": [*first, f"weights {there / 'other.safetensors'}", "done", "receipts", "shot refused-light"]},
                    {"give": [there / "proof.json"], "then": [*first, f"claim {there / 'other-claim.json'}", "done", "receipts"]})
    for one, arguments in zip(found, (("--claim", "claim.json", "--weights", "model.safetensors"), ("--weights", "other.safetensors"), ("--claim", "other-claim.json"))):
        as_native(context, one, "proof.json", *native(context, there, "proof.json", *arguments))


@pytest.mark.long
def test_what_is_no_certificate(context: Context, browser: Any) -> None:
    """Nothing, not JSON, too large, as large as may be, hostile, and no memory: an answer each time, and never Verified."""
    if browser is None:
        return
    there = context.temporary / "odd"
    there.mkdir()
    (there / "empty.json").write_bytes(b"")
    (there / "picture.png").write_bytes(bytes(range(256)) * 10)
    (there / HOSTILE).write_text(BASE.read_text().replace('"0x', f'"{HOSTILE[:20]}<script>0x', 1))
    for name, size in (("as-large-as-may-be.json", 1 << 30), ("too-large.json", (1 << 30) + 1)):
        with (there / name).open("wb") as file:
            file.truncate(size)
    names = sorted(path.name for path in there.iterdir())
    large = context.temporary / "large.json"
    model = ROOT / "tests" / "models" / "tutorial-max2-v2048-d128.safetensors"
    outcome = context.generator.run("prove", model, "--context", 2, "--strategy", "symmetry", "--output", large)
    assert outcome.exit == 0, outcome.shown()
    found, poor = browser({"give": [there / name for name in names], "then": ["done", "receipts", "shot odd-light"]},
                          {"give": [large, CERTIFICATES / "max4-v8" / "proof.cert.json"], "noMemory": True, "then": ["done"]})
    for name in names:
        as_native(context, found, name, *native(context, there, name))
    context.check.equal([card["said"] for card in poor["cards"]][:1], ["s ERROR\nc reason internal\nc expected enough memory\nc found not enough"], "web: without memory")
    context.check.equal([card["verdict"] for card in poor["cards"]], ["ERROR", "VERIFIED"], "web: and what needs less is verified")
    context.check("VERIFIED" not in {card["verdict"] for card in found["cards"]} and len(found["cards"]) == len(names), "web: nothing of it is verified")
    context.check(not [card for card in found["cards"] if "RuntimeError" in card["text"]], "web: every end is an answer", [card["said"] for card in found["cards"]])


@pytest.mark.long
def test_cancel(context: Context, browser: Any) -> None:
    """While a long check runs the page answers at once; Cancel ends it without a verdict, and the next certificate is checked."""
    if browser is None:
        return
    model, long, short = ROOT / "tests" / "models" / "tutorial-max2-v2048-d128.safetensors", context.temporary / "long.json", context.temporary / "short.json"
    outcome = context.generator.run("prove", model, "--context", 2, "--strategy", "enumeration", "--output", long)
    assert outcome.exit == 0, outcome.shown()
    shutil.copy(CERTIFICATES / "max4-v8" / "proof.cert.json", short)
    (found,) = browser({"give": [long, short], "then": ["running", "cancel", "done", "shot cancelled-light"]})
    context.check(found["answersWithin"] < 2000, "web: the page stays alive", found["answersWithin"])
    waiting = {card["title"]: card for card in found["whileRunning"]}
    context.check(all(card["verdict"] == "none" and "Nothing is verified yet." in card["text"] for card in waiting.values()), "web: before the verdict nothing looks verified", waiting)
    context.check("The certificate claims:" in waiting["long.json"]["text"] and re.search(r"f\(t\)\[y\(t\)\].* ≥ ", waiting["long.json"]["text"]) is not None, "web: the claim is shown before the verdict, as a formula too", waiting["long.json"]["text"])
    ended = {card["title"]: card for card in found["cards"]}
    context.check.equal({title: card["verdict"] for title, card in ended.items()}, {"long.json": "CANCELLED", "short.json": "VERIFIED"}, "web: cancelled, and the next one verified")


@pytest.mark.long
def test_archive(context: Context, browser: Any) -> None:
    """An archive, copied to a machine with nothing but a browser: verified there; a forged copy is refused with its reason."""
    if browser is None:
        return
    proofs = [CERTIFICATES / name / "proof.cert.json" for name in ("max2-v64", "max20-v64-attention")]
    named = [context.temporary / f"{path.parent.name}.cert.json" for path in proofs]
    for path, copy in zip(proofs, named):
        shutil.copy(path, copy)
    made, forged = context.temporary / "made", context.temporary / "forged"
    outcome = context.generator.run("archive", *named, "--page", PAGE, "--verifier", context.verifier.path, "--output", made)
    context.check.equal(outcome.exit, 0, "web: the archive is made", outcome.shown())
    shutil.copytree(made, forged)
    claim, weights = forged / "certificates" / "max2-v64" / "proof.cert.json", forged / "certificates" / "max20-v64-attention" / "proof.cert.json"
    claim.write_text(claim.read_text().replace(json.loads(claim.read_text())["claims"][0]["bound"], "0.0000001", 1))
    text = weights.read_text()
    at = text.index('"data": "') + 20
    weights.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:])
    honest, false = browser({"page": str(made / "verify.html"), "give": [made / "certificates"], "by": "drop", "then": ["done", "receipts", "escape"]},
                            {"page": str(forged / "verify.html"), "give": [forged / "certificates"], "by": "drop", "then": ["done", "shot forged-light"]})
    for path in proofs:
        title = f"certificates/{path.parent.name}/proof.cert.json"
        card = next((card for card in honest["cards"] if card["title"] == title), {"text": "", "verdict": None})
        context.check.equal(card["verdict"], "VERIFIED", f"web: archive: {title}: verified")
        context.check("The receipt beside it is the same, to the byte." in card["text"], f"web: archive: {title}: and its receipt is the archive's")
    said = {card["title"].split("/")[1]: card["said"] for card in false["cards"]}
    context.check(said["max2-v64"].startswith("s REJECTED\nc reason claim-mismatch") or said["max2-v64"].startswith("s REJECTED\nc reason claim-not-implied at /claims/0/bound\n"), "web: a claim that is forged is refused, with its reason", said)
    context.check(said["max20-v64-attention"].startswith("s REJECTED\nc reason digest-mismatch"), "web: weights that are forged are refused, with their reason", said)
    context.check.equal(honest["escaped"], [], "web: the page can reach no network and run nothing else")


@pytest.mark.long
def test_served(context: Context, browser: Any) -> None:
    """The same file from a web server, chosen by the folder's button."""
    if browser is None:
        return
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(PAGE.parent))
    handler.log_message = lambda *_: None                           # type: ignore[attr-defined]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (found,) = browser({"page": f"http://127.0.0.1:{server.server_port}/verify.html", "give": [CERTIFICATES / "max4-v8"], "by": "folder", "then": ["done", "receipts"]})
        server.shutdown()
    context.check.equal([card["verdict"] for card in found["cards"]], ["VERIFIED"], "web: served: verified", found["cards"])


@pytest.mark.long
def test_page(context: Context, browser: Any) -> None:
    """One file, small, valid, that names no path of this machine and makes no markup of texts; the same bytes again, in seconds."""
    if browser is None:
        return
    page = PAGE.read_text()
    context.check(len(page) < 1_500_000, "web: below 1.5 MB", len(page))
    context.check(f"{ROOT}/" not in page and f"{Path.home()}/" not in page, "web: no path of this machine")
    script = (ROOT / "web" / "page.js").read_text()
    context.check.equal([word for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "XMLHttpRequest", "localStorage") if word in script], [], "web: nothing makes markup of texts, fetches or keeps anything")
    again = context.temporary / "again.html"
    done = subprocess.run([ROOT / "web" / "build", again], capture_output=True, text=True, timeout=900)
    pages = [re.sub(r"commit [0-9a-z]+\+?", "commit", path.read_text()) for path in (PAGE, again)] if done.returncode == 0 else []
    context.check(len(set(pages)) == 1, "web: built again, the same bytes, but for the commit that it names", done.stdout, done.stderr)
    without = subprocess.run(["node", "-e", "const {HtmlValidate} = require('html-validate'); new HtmlValidate({extends: ['html-validate:recommended'], rules: {'no-trailing-whitespace': 'off'}}).validateFile(process.argv[1]).then((r) => "
                              "console.log(JSON.stringify(r.results.flatMap((x) => x.messages.map((m) => `${m.ruleId}: ${m.message}`)))))", str(PAGE)], cwd=TOOLS, capture_output=True, text=True)
    context.check.equal(json.loads(without.stdout or '["none"]'), [], "web: valid HTML", without.stderr[-500:])
