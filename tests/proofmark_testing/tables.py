"""Tables of the corpus: each row changes the text of a file in a few places and leaves the rest as it is. tests/README.md has the grammar."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TABLE = "table.txt"
WHITE = re.compile(r"[ \t\n\r]*")
SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,:{}\[\]"]+', re.DOTALL)
GROUP = re.compile(r"of (\S+)(?: at (/\S+))?(?: @(/\S*))?$")
ROW = re.compile(r"(\S+)(?: @(/\S*))?(?: +(.*))?$")
EDIT = re.compile(r"(/\S*) ([=+-])(?: (.*))?$")
REPEATED = re.compile(r"<([^<>]+)\*([0-9]+)>")


@dataclass(frozen=True)
class Edit:
    place: str
    action: str
    text: str


@dataclass(frozen=True)
class Row:
    """`pointer` is where the refusal must point."""

    name: str
    base: str
    edits: tuple[Edit, ...]
    pointer: str


# -- reading -------------------------------------------------------------------------------------------------------

@dataclass
class _Group:
    base: str
    place: str | None
    pointer: str | None
    edits: list[Edit] = field(default_factory=list)


def rows(path: Path) -> Iterator[Row]:
    group, pending = None, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            if not line or line.startswith("#"):
                continue
            if line.startswith("  "):
                (pending[2] if pending else group.edits).append(_edit(line.strip(" ")))
                continue
            if pending:
                yield _row(group, *pending)
            started = GROUP.match(line)
            group, pending = (_Group(*started.groups()), None) if started else (group, _pending(group, line))
        except (AttributeError, TypeError) as error:
            raise ValueError(f"{path}:{number}: neither a group, a row nor an edit: {line[:80]}") from error
    if pending:
        yield _row(group, *pending)


def _pending(group: _Group, line: str) -> tuple[str, str | None, list[Edit]]:
    name, pointer, rest = ROW.match(line).groups()
    if group.place:
        return name, pointer, [Edit(group.place, "=", _unrolled(rest or ""))]
    return name, pointer, [_edit(rest)] if rest else []


def _edit(text: str) -> Edit:
    place, action, value = EDIT.match(text).groups()
    return Edit(place, action, _unrolled(value or ""))


def _row(group: _Group, name: str, pointer: str | None, edits: list[Edit]) -> Row:
    return Row(name, group.base, (*group.edits, *edits), pointer or group.pointer or edits[-1].place)


def _unrolled(text: str) -> str:
    return REPEATED.sub(lambda match: match.group(1) * int(match.group(2)), text)


# -- changing ------------------------------------------------------------------------------------------------------

@dataclass
class Value:
    """Where a value lies in a text; of an object or array also what is in it, and where each member starts."""

    start: int
    end: int = 0
    keys: list[str] = field(default_factory=list)
    items: list[Value] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def position(self, key: str) -> int:
        return self.keys.index(key) if self.keys else int(key)


def changed(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in edits:
        try:
            text = _changed(text, edit)
        except (ValueError, IndexError) as error:
            raise ValueError(f"{edit.place} is not there ({error})") from error
    return text


def _changed(text: str, edit: Edit) -> str:
    *parents, last = edit.place.removeprefix("/").split("/")
    value = located(text)
    for key in parents:
        value = value.items[value.position(key)]
    if edit.action == "+":
        end = value.items[-1].end if value.items else value.start + 1
        member = edit.text if last == "-" else f'"{last}": {edit.text}'
        return text[:end] + (", " if value.items else "") + member + text[end:]
    i = value.position(last)
    if edit.action == "=":
        return text[:value.items[i].start] + edit.text + text[value.items[i].end:]
    if i > 0:
        return text[:value.items[i - 1].end] + text[value.items[i].end:]
    after = value.starts[1] if len(value.items) > 1 else value.items[0].end
    return text[:value.starts[0]] + text[after:]


def located(text: str, at: int = 0) -> Value:
    """The value that starts at or after `at`."""
    at = _skipped(text, at)
    result, opening = Value(at), text[at:at + 1]
    if opening not in ("{", "["):
        result.end = _taken(SCALAR, text, at)
        return result
    closing = "}" if opening == "{" else "]"
    at = _skipped(text, at + 1)
    while text[at:at + 1] != closing:
        result.starts.append(at)
        if opening == "{":
            end = _taken(SCALAR, text, at)
            result.keys.append(text[at + 1:end - 1])
            at = _taken(re.compile(":"), text, _skipped(text, end))
        result.items.append(located(text, at))
        at = _skipped(text, result.items[-1].end)
        if text[at:at + 1] != closing:
            at = _skipped(text, _taken(re.compile(","), text, at))
    result.end = at + 1
    return result


def _skipped(text: str, at: int) -> int:
    return WHITE.match(text, at).end()


def _taken(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    if not match:
        raise ValueError(f"not JSON at character {at}")
    return match.end()
