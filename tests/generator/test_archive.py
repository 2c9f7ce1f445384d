"""`proofmark archive`: the folder is complete, says nothing of its own, needs only a compiler and MPFR, and notices every change."""
from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from proofmark_testing.checks import Checks
from proofmark_testing.context import ROOT, Context, schema_errors
from proofmark_testing.processes import PATIENCE, wait_until
from proofmark_testing.verifier import Outcome

TITLE = "Max of two: \"quoted\" 'single' <b>bold</b> & [x](y) {z} `code` \\ #1 | 50 % — ü 😀 *!"
WORDS = ("--title", TITLE, "--author", "Doe, Jane", "--orcid", "0000-0002-1825-0097", "--author", "Ann \"X\": - #", "--orcid", "-",
         "--licence", "CC-BY-4.0", "--date", "2024-02-29", "--ro-crate")
PROVENANCE = "<b>x</b> | `y` | [z](w) ~s~ *t* &amp;"       # the certificate's own words, which a model card quotes
NAMES = ("convexity", "symmetry")
VERSION = re.search(r"version: '(.*)'", (ROOT / "meson.build").read_text())[1]
PAGE = f'<meta name="proofmark-verify" content="{VERSION}">\n'         # by which a page is known; tests/web/ has the real one
LINK = re.compile(r"\]\(([\w./-]+)\)")


class Made(NamedTuple):
    folder: Path
    model: Path
    certificates: list[Path]


@pytest.fixture(scope="module")
def made(shared: Context) -> Made:
    scratch, generator = shared.temporary, shared.generator
    model, certificates = scratch / "model.safetensors", [scratch / f"{name}.cert.json" for name in NAMES]
    for outcome in (generator.run("train", "--vocabulary", 16, "--width", 8, "--steps", 200, "--batch", 64, "--output", model),
                    *(generator.run("prove", model, "--context", 2, "--strategy", name, "--output", path) for name, path in zip(NAMES, certificates))):
        assert outcome.exit == 0, outcome.shown()
    certificates[1].write_text(certificates[1].read_text().replace('"provenance": {', f'"provenance": {{"note": "{PROVENANCE}", ', 1))
    (scratch / "verify.html").write_text(PAGE)
    outcome = archive(shared, scratch / "archive", *certificates, *WORDS, "--page", scratch / "verify.html")
    assert outcome.exit == 0, outcome.shown()
    return Made(scratch / "archive", model, certificates)


def archive(context: Context, folder: Path, *arguments: object) -> Outcome:
    return context.generator.run("archive", *arguments, "--verifier", context.verifier.path, "--output", folder)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(folder: Path) -> dict[str, str]:
    return {line[66:]: line[:64] for line in (folder / "SHA256SUMS").read_text().splitlines()}


@pytest.mark.long
def test_alone_in_a_folder(check: Checks, temporary: Path, made: Made) -> None:
    """The commands of README.md, as they stand there, in a folder that has nothing but the archive."""
    folder = temporary / "alone"
    shutil.copytree(made.folder, folder)
    readme = (folder / "README.md").read_text()
    commands, answers = re.findall(r"^    (\S.*)$", readme, re.M), re.findall(r"^```\n(.*?)^```$", readme, re.M | re.S)

    def call(command: str) -> tuple[int, str, str]:
        done = subprocess.run(["bash", "-c", command], cwd=folder, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    check.equal([command.split()[0] for command in commands], ["sha256sum", "g++", *["./proofmark-verify"] * len(NAMES)], "archive: README.md: commands")
    check.equal(call(commands[0]), (0, "", ""), "archive: README.md: the digests")
    if not check.equal(call(commands[1]), (0, "", ""), "archive: README.md: builds the verifier"):
        return
    for command, answer, name in zip(commands[2:], answers, NAMES):
        check.equal(call(command), (0, answer, ""), f"archive: README.md: {name}: the answer that it promises")
        check.equal(answer.splitlines()[0], "s VERIFIED", f"archive: README.md: {name}: the first line")
        receipt = call(f"{command} --quiet --receipt again.json && cmp again.json certificates/{name}/receipt.json")
        check.equal(receipt, (0, "s VERIFIED\n", ""), f"archive: {name}: the receipt is reproduced")


def test_contents(context: Context, made: Made) -> None:
    folder, model, certificates = made.folder, made.model, made.certificates
    check = context.check
    listed = files(folder)
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "verifier").rglob("*.[ch]pp")}
    wanted = {"README.md", "CITATION.cff", "SHA256SUMS", "ro-crate-metadata.json", "verifier/README.md", "verifier/LICENSE",
              "verify.html", "web/build", "scripts/install-packages", "schema/FORMAT.md", "schema/reasons.md", "docs/trust.md",
              *(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "rules").rglob("*.md")), *sources,
              *(f"certificates/{name}/{file}" for name in NAMES
                for file in ("proof.cert.json", "model.safetensors", "claim.json", "receipt.json", "README.md", "SHA256SUMS"))}
    check(wanted <= set(listed), "archive: files", sorted(wanted - set(listed)))
    check.equal((folder / "verify.html").read_text(), PAGE, "archive: the page, to the byte")
    check("Open `verify.html` and drop the folder `certificates` on it." in (folder / "README.md").read_text(), "archive: README.md: open this, drop that")
    check(not [name for name in listed if name.startswith(("generator/", "tests/"))], "archive: nothing of the generator")
    check(all((folder / name).read_bytes() == (ROOT / name).read_bytes() for name in sources), "archive: the verifier's source, to the byte")
    check.equal((folder / "verifier" / "LICENSE").read_bytes(), (ROOT / "LICENSE").read_bytes(), "archive: the verifier's licence")
    for place in (".", *(f"certificates/{name}" for name in NAMES)):
        here = folder / place
        check.equal(sums(here), {name: digest(here / name) for name in files(here) if name != "SHA256SUMS"}, f"archive: {place}/SHA256SUMS")
    for name, certificate in zip(NAMES, certificates):
        own = folder / "certificates" / name
        check.equal((own / "proof.cert.json").read_bytes(), certificate.read_bytes(), f"archive: {name}: the certificate")
        check.equal((own / "model.safetensors").read_bytes(), model.read_bytes(), f"archive: {name}: the model made from it is the one it was proved for")
        receipt, claim, proof = (json.loads((own / file).read_text()) for file in ("receipt.json", "claim.json", "proof.cert.json"))
        check.equal(schema_errors("receipt", receipt), [], f"archive: {name}: the receipt's schema")
        check.equal(claim, {"format": "proofmark-claim", "version": 2, "task": proof["task"], "model_sha256": proof["model"]["sha256"],
                            "claims": proof["claims"]}, f"archive: {name}: the claim is the certificate's")
        card = (own / "README.md").read_text()
        for line in context.verifier.run(own / "proof.cert.json").lines:
            if line.startswith(("c claim ", "c established ")):
                check(f"\n{line[2:]}\n" in card, f"archive: {name}: the model card has the verifier's words", line)
        explained = context.verifier.run("--explain", own / "proof.cert.json").output
        check(f"```\n{explained}```\n" in card, f"archive: {name}: the model card has the verifier's explanation")
    everything = b"".join((folder / name).read_bytes() for name in listed)
    for place in (ROOT, folder.parent, Path.home()):
        check(f"{place}/".encode() not in everything, "archive: no path of this machine", place)
    for name in listed:
        if name.endswith(".md"):
            broken = [link for link in LINK.findall((folder / name).read_text()) if not ((folder / name).parent / link).exists()]
            check(not [link for link in broken if "." in link], f"archive: {name}: links lead somewhere", broken)


def front_matter(card: Path) -> dict:
    return yaml.safe_load(card.read_text().split("---\n")[1])


def test_machine_readable(context: Context, made: Made) -> None:
    folder = made.folder
    check = context.check
    citation = yaml.safe_load((folder / "CITATION.cff").read_text())
    check.equal((citation["cff-version"], citation["title"], citation["license"], citation["date-released"]),
                ("1.2.0", TITLE, "CC-BY-4.0", "2024-02-29"), "archive: CITATION.cff")
    check.equal(citation["authors"], [{"family-names": "Doe", "given-names": "Jane", "orcid": "https://orcid.org/0000-0002-1825-0097"},
                                      {"name": "Ann \"X\": - #"}], "archive: CITATION.cff: authors")
    for name in NAMES:
        matter = front_matter(folder / "certificates" / name / "README.md")
        claims = json.loads((folder / "certificates" / name / "claim.json").read_text())["claims"]
        check.equal((matter["license"], matter["model-index"][0]["name"]), ("cc-by-4.0", name), f"archive: {name}: front matter")
        check.equal([(metric["type"], metric["value"]) for metric in matter["model-index"][0]["results"][0]["metrics"]],
                    [(claim["quantity"], float(claim["bound"])) for claim in claims], f"archive: {name}: front matter: metrics")
    note = next(line for line in (folder / "certificates" / "symmetry" / "README.md").read_text().splitlines() if line.startswith("| note |"))
    check.equal(re.sub(r"\\([^\w\s])", r"\1", note), f"| note | {PROVENANCE} |", "archive: the model card quotes provenance")
    check(not re.search(r"(?<!\\)[<>*`\[\]|&~]", note[9:-2]), "archive: and nothing in it is Markdown", note)
    heading = (folder / "README.md").read_text().splitlines()[0]
    check.equal(re.sub(r"\\([^\w\s])", r"\1", heading), f"# {TITLE}", "archive: README.md: title")
    check(not re.search(r"(?<!\\)[<>*`\[\]|&]", heading.replace("\\\\", "")), "archive: README.md: the title has no mark of Markdown's", heading)

    crate = json.loads((folder / "ro-crate-metadata.json").read_text())
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    check.equal(len(graph), len(crate["@graph"]), "archive: RO-Crate: every entity once")
    check.equal(crate["@context"][0], "https://w3id.org/ro/crate/1.1/context", "archive: RO-Crate: context")
    descriptor, root = graph["ro-crate-metadata.json"], graph["./"]
    check.equal((descriptor["conformsTo"], descriptor["about"]), ({"@id": "https://w3id.org/ro/crate/1.1"}, {"@id": "./"}), "archive: RO-Crate: descriptor")
    check.equal((root["@type"], root["name"], root["datePublished"], root["license"]),
                ("Dataset", TITLE, "2024-02-29", {"@id": "https://spdx.org/licenses/CC-BY-4.0"}), "archive: RO-Crate: root")
    parts = [part["@id"] for part in root["hasPart"]]
    check.equal(parts, [name for name in files(folder) if name not in ("SHA256SUMS", "ro-crate-metadata.json")], "archive: RO-Crate: parts")
    check.equal({name: (graph[name]["sha256"], int(graph[name]["contentSize"]), graph[name]["@type"]) for name in parts},
                {name: (digest(folder / name), (folder / name).stat().st_size, "File") for name in parts}, "archive: RO-Crate: digests and sizes")
    unknown = [target for entity in graph.values() for target in references(entity) if target not in graph and not target.startswith("https://w3id.org/")]
    check.equal(unknown, [], "archive: RO-Crate: references lead to entities")


def references(value: object, top: bool = True) -> list[str]:
    if isinstance(value, list):
        return [target for item in value for target in references(item, False)]
    if isinstance(value, dict):
        own = [] if top else [value["@id"]] if set(value) == {"@id"} else []
        return own + [target for item in value.values() for target in references(item, False)]
    return []


def test_same_bytes(context: Context, made: Made) -> None:
    """Threads, the name of the folder, a given model and an empty folder that is there make no difference."""
    folder, model, certificates = made.folder, made.model, made.certificates
    other = context.temporary / "other" / "name"
    other.mkdir(parents=True)
    outcome = archive(context, other, *certificates, *WORDS, "--threads", 1, "--model", model, "--page", folder / "verify.html")
    context.check.equal((outcome.exit, outcome.errors), (0, ""), "archive: again, into an empty folder", outcome.shown())
    found = {name: (other / name).read_bytes() for name in files(other)}
    context.check(found == {name: (folder / name).read_bytes() for name in files(folder)}, "archive: the same bytes again")
    context.check(not [name for name in other.parent.iterdir() if name != other], "archive: no temporary folder is left")
    program = Path(context.generator.path).read_bytes()
    context.check(f"{ROOT}/".encode() not in program, "archive: the program names no path of its checkout")


def test_tampering(context: Context, made: Made) -> None:
    folder = made.folder
    copy = context.temporary / "tampered"
    shutil.copytree(folder, copy)
    command = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    unnoticed = []
    for name in files(copy):
        content = (copy / name).read_bytes()
        middle = len(content) // 2
        (copy / name).write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:])
        if subprocess.run(command, cwd=copy, capture_output=True).returncode == 0:
            unnoticed.append(name)
        (copy / name).write_bytes(content)
    context.check.equal(unnoticed, [], "archive: sha256sum notices a changed byte in any file")
    context.check.equal(subprocess.run(command, cwd=copy, capture_output=True).returncode, 0, "archive: and is content when all is as it was")


def test_unsaid(context: Context, made: Made) -> None:
    """What the user does not say is not made up; a licence that Hugging Face does not know is called other there."""
    certificate = made.certificates[0]
    check, folder = context.check, context.temporary / "unsaid"
    outcome = archive(context, folder, certificate)
    check(outcome.exit == 0 and outcome.errors.count("note: ") == 3, "archive: nothing said: notes", outcome.shown())
    citation, matter = yaml.safe_load((folder / "CITATION.cff").read_text()), front_matter(folder / "certificates" / "convexity" / "README.md")
    check("license" not in citation and "license" not in matter and "date-released" not in citation, "archive: nothing said: no licence, no date")
    check.equal(citation["authors"], [{"name": "anonymous"}], "archive: nothing said: author")
    check("has not stated a licence" in (folder / "README.md").read_text(), "archive: nothing said: README.md")
    check(not [name for name in files(folder) if name.startswith(("verify.html", "web/", "scripts/"))] and "verify.html" not in (folder / "README.md").read_text(),
          "archive: nothing said: no page, nor what it is made of")
    check(not (folder / "ro-crate-metadata.json").exists(), "archive: RO-Crate only when asked for")
    folder = context.temporary / "eupl"
    archive(context, folder, certificate, "--licence", "EUPL-1.2")
    matter = front_matter(folder / "certificates" / "convexity" / "README.md")
    check.equal((matter["license"], matter["license_name"]), ("other", "EUPL-1.2"), "archive: another licence: front matter")


def test_interruption(context: Context, made: Made) -> None:
    certificate = made.certificates[1]
    output, started = context.temporary / "interrupted", context.temporary / "started"
    slow = verifier(context, "slow", f'[ "$1" = --version ] && exec "$real" --version\ntouch {started}\nexec sleep 1000')
    process = subprocess.Popen([context.generator.path, "archive", certificate, "--verifier", slow, "--output", output],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(started.exists)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=PATIENCE)
    context.check.equal((process.returncode, said), (130, ""), "archive: interrupted: exit code and output", errors)
    context.check("interrupted" in errors and not output.exists() and not list(context.temporary.glob(".proofmark*")),
                        "archive: interrupted: leaves nothing", errors)


def verifier(context: Context, name: str, body: str) -> Path:
    path = context.temporary / name
    path.write_text(f"#!/bin/bash\nreal={context.verifier.path}\n{body}\n")
    path.chmod(0o755)
    return path


def test_refusals(context: Context, made: Made) -> None:
    model, certificates = made.model, made.certificates
    check, scratch = context.check, context.temporary
    good = certificates[1]
    text = good.read_text()
    document = json.loads(text)
    (scratch / "too-strong.json").write_text(text.replace(document["claims"][0]["bound"], "0.0001", 1))
    (scratch / "step-gone.json").write_text(re.sub(r'\{"id": 3,.*\n', "", text))
    (scratch / "unknown-key.json").write_text(text.replace('"version": 2', '"version": 2, "note": "x"', 1))
    (scratch / "newer.json").write_text(text.replace('"version": 2', '"version": 3', 1))
    (scratch / "cut.json").write_text(text[:-100])
    (scratch / "not a name.json").write_text(text)
    (scratch / "twice").mkdir()
    shutil.copy(good, scratch / "twice" / "symmetry.json")
    (scratch / "full").mkdir()
    (scratch / "full" / "file").write_text("mine")
    (scratch / "file").write_text("mine")
    other = scratch / "another.safetensors"
    context.generator.run("train", "--vocabulary", 16, "--width", 8, "--steps", 5, "--batch", 64, "--output", other)
    older = verifier(context, "older", 'echo "proofmark-verify 0.0.9"')
    liar = verifier(context, "liar", '[ "$1" = --version ] && exec "$real" --version\necho s VERIFIED')
    crashing = verifier(context, "crashing", '[ "$1" = --version ] && exec "$real" --version\nkill -SEGV $$')
    output = scratch / "refused"
    for name, arguments, code, words in (
            ("claims too much", (scratch / "too-strong.json",), 1, "is REJECTED, claim-not-implied"),
            ("one of two claims too much", (good, scratch / "too-strong.json"), 1, "is REJECTED, claim-not-implied"),
            ("a step is gone", (scratch / "step-gone.json",), 1, "is REJECTED, step-"),
            ("a key too many", (scratch / "unknown-key.json",), 1, "is MALFORMED, key-unknown"),
            ("another version", (scratch / "newer.json",), 1, "is DECLINED, version-unknown"),
            ("cut short", (scratch / "cut.json",), 1, "is MALFORMED, json-syntax"),
            ("another model", (good, "--model", other), 1, "is REJECTED, weights-mismatch"),
            ("a verifier that lies", (good, "--verifier", liar), 1, "not verified, receipt-unusable"),
            ("a verifier that crashes", (good, "--verifier", crashing), 1, "not verified, ended-by-signal-11"),
            ("a verifier of another version", (good, "--verifier", older), 66, "is version '0.0.9'"),
            ("no verifier", (good, "--verifier", scratch / "none"), 66, "No such file"),
            ("no such certificate", (scratch / "none.json",), 66, "no such file"),
            ("no such model", (good, "--model", scratch / "none"), 66, "no such file"),
            ("no such page", (good, "--page", scratch / "none.html"), 66, "no such file"),
            ("another page", (good, "--page", scratch / "file"), 65, "is not a page that verifies"),
            ("no certificate", (), 64, "CERT is required"),
            ("a name that is no folder's", (scratch / "not a name.json",), 64, "rename the file"),
            ("two of one name", (good, scratch / "twice" / "symmetry.json"), 64, "rename one of them"),
            ("an empty title", (good, "--title", ""), 64, "is empty"),
            ("a title of two lines", (good, "--title", "a\nb"), 64, "has a line break"),
            ("a title with U+2028", (good, "--title", "a\u2028b"), 64, "has a line break"),
            ("a title that is not UTF-8", (good, "--title", "a\udcffb"), 64, "is not UTF-8"),
            ("half an author", (good, "--author", "Doe,"), 64, "'Family, Given'"),
            ("an ORCID iD with a wrong digit", (good, "--author", "A", "--orcid", "0000-0002-1825-0098"), 64, "is not an ORCID iD"),
            ("more iDs than authors", (good, "--orcid", "0000-0002-1825-0097"), 64, "one for each author"),
            ("a licence in words", (good, "--licence", "see below"), 64, "SPDX"),
            ("no day", (good, "--date", "2023-02-29"), 64, "is not a day"),
            ("RO-Crate without a date", (good, "--ro-crate"), 64, "--ro-crate needs --date"),
            ("a misspelt option", (good, "--autor", "A"), 64, "did you mean '--author'?")):
        given = arguments if "--verifier" in arguments else (*arguments, "--verifier", context.verifier.path)
        outcome = context.generator.run("archive", *given, "--output", output)
        check.equal((outcome.exit, outcome.output), (code, ""), f"archive: {name}: exit code and output", outcome.shown())
        check(words in outcome.errors and ("\nhint: " in outcome.errors or outcome.errors.endswith("no such file\n")), f"archive: {name}: says {words!r}", outcome.shown())
        check(not output.exists() and not list(scratch.glob(".proofmark*")), f"archive: {name}: leaves nothing")
    for name, place, code, words in (("a folder that is not empty", scratch / "full", 64, "is not empty"), ("a file", scratch / "file", 64, "is not a folder"),
                                     ("a folder in no folder", scratch / "no" / "where", 66, "must exist")):
        outcome = archive(context, place, good)
        check(outcome.exit == code and words in outcome.errors, f"archive: into {name}", outcome.shown())
    check.equal(((scratch / "full" / "file").read_text(), (scratch / "file").read_text()), ("mine", "mine"), "archive: what was there is untouched")
    outcome = context.generator.run("archive", "--help")
    check(outcome.exit == 0 and "examples:" in outcome.output, "archive: --help", outcome.shown())
