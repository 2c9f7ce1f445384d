"""What `--help` and the man pages say of options, as data that can be compared."""
from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

ESCAPES = (("\\-", "-"), ("\\fB", ""), ("\\fI", ""), ("\\fR", ""), ("\\(aq", "'"), ("\\(ga", "`"), ("\\(ha", "^"), ("\\(ti", "~"), ("\\(dq", '"'),
           ("\\~", " "), ("\\&", ""), ("\\e", "\\"))
FONTS = (".B", ".I", ".BI", ".BR", ".IR", ".IB", ".RB", ".RI")


@dataclass(frozen=True)
class Option:
    names: frozenset[str]      # "--output"; an argument without a name has none
    value: str                 # as it is shown; for --help with checks and default behind it
    summary: str


def options(entries: list[tuple[str, str]]) -> list[Option]:
    """From titles like `-h, --help` or `--context N`, with what stands beside them."""
    result = []
    for title, summary in entries:
        words = title.replace(",-", ", -").split()
        names = [word.rstrip(",") for word in words if word.startswith("-")]
        result.append(Option(frozenset(names), " ".join(word for word in words if not word.startswith("-")), summary))
    return result


def help_entries(text: str) -> list[tuple[str, str]]:
    """Options and arguments of a --help: two spaces, a title, and either two spaces and a summary or a summary on the next line."""
    entries: list[tuple[str, str]] = []
    wanted = False
    for line in text.splitlines():
        if re.fullmatch(r"[A-Za-z]+:", line):
            wanted = line in ("Options:", "Positionals:", "options:")
        elif wanted and (match := re.fullmatch(r"  ((?:-|[a-z]+ [A-Z])\S*(?: \S+)*)(?:  +(.*))?", line)):
            entries.append((match.group(1), match.group(2) or ""))
        elif wanted and entries and not entries[-1][1] and line.startswith(" " * 20):
            entries[-1] = (entries[-1][0], line.strip())
    return entries


def help_options(text: str) -> list[Option]:
    return options(help_entries(text))


def help_commands(text: str) -> dict[str, str]:
    """The commands of the program's own --help, with their summaries."""
    block = text.split("Subcommands:\n", 1)[1].split("\n\n", 1)[0]
    return {name: summary for name, summary in (line.strip().split(None, 1) for line in block.splitlines())}


def plain(line: str) -> str:
    """A line of a man page without its macro and escapes."""
    if line.split(" ", 1)[0] in FONTS:
        macro, rest = line.split(" ", 1)
        parts = shlex.split(rest.replace("\\(dq", "\0").replace("'", "\\'").replace("\\-", "-").replace("\\~", "\1"))
        line = (" " if macro in (".B", ".I") else "").join(parts).replace("\0", '"').replace("\1", " ")
    for escape, text in ESCAPES:
        line = line.replace(escape, text)
    return line


def man_sections(page: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in page.splitlines():
        if line.startswith(".SH "):
            current = sections.setdefault(line[4:].strip('"'), [])
        elif not line.startswith((".TH", '.\\"')):
            current.append(line)
    return sections


def man_options(lines: list[str]) -> list[Option]:
    """The tagged paragraphs of a section."""
    entries: list[tuple[str, str]] = []
    expected = False
    inside = False
    for line in lines:
        if line == ".TP":
            expected = inside = True
        elif expected:
            entries.append((plain(line), ""))
            expected = False
        elif line.startswith((".PP", ".EX", ".br")):
            inside = False
        elif inside:
            title, summary = entries[-1]
            entries[-1] = (title, f"{summary} {plain(line)}".strip())
    return options(entries)


def man_text(lines: list[str]) -> str:
    return "\n".join(plain(line) for line in lines if not line.startswith((".PP", ".EX", ".EE", ".TP", ".br")))
