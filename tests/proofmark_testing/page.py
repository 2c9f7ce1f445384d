"""Reads what `proofmark report` writes, as a browser or a spreadsheet would."""
from __future__ import annotations

import base64
import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input", "path", "rect"}
FETCHING = {"src", "srcset", "action", "formaction", "poster", "data", "background", "ping", "manifest", "xlink:href"}


@dataclass
class Table:
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def column(self, name: str) -> dict[str, str]:
        place = self.rows[0].index(name)
        return {row[0]: row[place] for row in self.rows[1:]}


class Page(HTMLParser):
    """Tables, texts and links of a page; `wrong` lists what has no place in one that fetches and runs nothing."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.wrong, self.tags = html, [], set()
        self.tables: list[Table] = []
        self.downloads: dict[str, bytes] = {}
        self.texts: list[str] = []
        self.by_class: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        if self.open:
            self.wrong.append(f"elements left open: {self.open}")

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def table(self, start: str) -> Table:
        return next((table for table in self.tables if table.caption.startswith(start)), Table("", [[]]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        self.tags.add(tag)
        for key, value in attributes.items():
            if key.startswith("on") or key in FETCHING or (key == "href" and not value.startswith("data:")):
                self.wrong.append(f"<{tag} {key}={value[:80]!r}>")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "download" in attributes:
            self.downloads[attributes["download"]] = base64.b64decode(attributes["href"].split(";base64,")[1], validate=True)
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
        for name in attributes.get("class", "").split():
            self.by_class.setdefault(name, []).append("")
        if tag not in VOID:
            self.open.append((tag, attributes.get("class", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if any(tag == "style" for tag, _ in self.open):
            return
        self.texts.append(data)
        for _, classes in self.open:
            for name in classes.split():
                self.by_class[name][-1] += data
        around = [tag for tag, _ in self.open]
        if around and around[-1] in ("td", "th", "span") and ("td" in around or "th" in around):
            self.tables[-1].rows[-1][-1] += data
        elif around and around[-1] == "caption":
            self.tables[-1].caption += data


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode()), strict=True))


def outside_world(html: str) -> list[str]:
    """Everything in the tags and styles of a page or picture that could make a program fetch or run something."""
    without_names = html.replace('xmlns="http://www.w3.org/2000/svg"', "")
    without_data = re.sub(r'href="data:[^"]*"', "", without_names)
    markup = " ".join(re.findall(r"<style>.*?</style>|<[^>]*>", without_data, re.S))
    return re.findall(r"(?i)https?:|//[a-z0-9.-]+\.[a-z]{2,}|@import|url\(|<script|<link|<iframe|<img|<object|<embed|<use|<image|javascript:", markup)


def tex_faults(tex: str) -> list[str]:
    """What a file of macros and tables may not have: control sequences other than ours, unbalanced braces, bare specials."""
    known = {"makeatletter", "makeatother", "@namedef", "providecommand", "proofmark", "proofmarktable", "@ifundefined", "PackageError", "csname",
             "endcsname", "begin", "end", "toprule", "midrule", "bottomrule", "multicolumn", "le", "ge", "textbackslash", "textasciitilde",
             "textasciicircum", "textless", "textgreater", "textbar", "char"}
    faults, depth = [], 0
    for line in tex.splitlines():
        code = re.sub(r"(?<!\\)((?:\\\\)*)%.*", r"\1", line)
        for name in re.findall(r"\\([A-Za-z@]+)", re.sub(r"\\\\", " ", code)):
            if name not in known:
                faults.append(f"\\{name}")
        plain = re.sub(r"\\[^A-Za-z@]", "", code)
        depth += plain.count("{") - plain.count("}")
        if depth < 0 or re.search(r"[\^_~]", plain) or not all(" " <= c <= "~" for c in line):
            faults.append(line)
    if depth:
        faults.append(f"{depth} braces are left open")
    return faults
