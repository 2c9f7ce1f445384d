"""Reads JSON as FORMAT.md section 2 has it: RFC 8259, duplicate keys refused, numbers unsigned integers, depth at most 8.

Every fault of encoding, syntax, number, depth and repeated key is found here, before any meaning is looked at.
"""
from __future__ import annotations

import re
from typing import Any

from second_opinion.refusal import Refusal, require

MAX_DEPTH = 8
WHITE = re.compile(r"[ \t\n\r]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
HEX4 = re.compile(r"[0-9a-fA-F]{4}")
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS = {"true": True, "false": False, "null": None}


def parse(data: bytes) -> Any:
    """The value of `data`: dict, list, str, int, bool or None."""
    require(not data.startswith(b"\xef\xbb\xbf"), "json-encoding", "", "byte order mark")
    require(b"\0" not in data, "json-encoding", "", "NUL byte")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Refusal("json-encoding", "", str(error)) from None
    return _Reader(text).document()


class _Reader:
    """Recursive descent; the recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def document(self) -> Any:
        value = self.value("", 0)
        self.skip()
        self.expect(self.at == len(self.text), "something follows the value")
        return value

    def expect(self, condition: bool, details: str) -> None:
        require(condition, "json-syntax", "", f"{details} (character {self.at})")

    def skip(self) -> None:
        self.at = WHITE.match(self.text, self.at).end()

    def peek(self) -> str:
        self.skip()
        return self.text[self.at:self.at + 1]

    def take(self, token: str) -> bool:
        found = self.peek() == token
        self.at += found
        return found

    def value(self, pointer: str, depth: int) -> Any:
        first = self.peek()
        if first in ("{", "["):
            require(depth < MAX_DEPTH, "json-depth", pointer)
            self.at += 1
            return self.members(pointer, depth + 1) if first == "{" else self.items(pointer, depth + 1)
        if first == '"':
            return self.string()
        for word, meaning in WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        return self.number(pointer)

    def members(self, pointer: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if self.take("}"):
            return result
        while True:
            self.expect(self.peek() == '"', "a key is a string")
            key = self.string()
            require(key not in result, "key-duplicate", f"{pointer}/{key}")
            self.expect(self.take(":"), "':' expected")
            result[key] = self.value(f"{pointer}/{key}", depth)
            if self.take("}"):
                return result
            self.expect(self.take(","), "',' or '}' expected")

    def items(self, pointer: str, depth: int) -> list[Any]:
        result: list[Any] = []
        if self.take("]"):
            return result
        while True:
            result.append(self.value(f"{pointer}/{len(result)}", depth))
            if self.take("]"):
                return result
            self.expect(self.take(","), "',' or ']' expected")

    def number(self, pointer: str) -> int:
        match = NUMBER.match(self.text, self.at)
        self.expect(match is not None, "not a JSON value")
        token = match.group()
        following = self.text[match.end():match.end() + 1]
        self.expect(not following or following not in "0123456789.+-eExX", "not a JSON number")
        self.at = match.end()
        require(token.isdigit() and len(token) <= 19 and int(token) < 2**63, "json-number", pointer, token[:40])
        return int(token)

    def string(self) -> str:
        self.at += 1
        parts: list[str] = []
        while True:
            plain = PLAIN.match(self.text, self.at)
            parts.append(plain.group())
            self.at = plain.end()
            stop = self.text[self.at:self.at + 1]
            self.expect(stop in ('"', "\\") and stop != "", "a string is not closed, or holds a control character")
            self.at += 1
            if stop == '"':
                return "".join(parts)
            parts.append(self.escape())

    def escape(self) -> str:
        letter = self.text[self.at:self.at + 1]
        self.at += 1
        if letter != "u":
            self.expect(letter in ESCAPES, "unknown escape")
            return ESCAPES[letter]
        unit = self.hex4()
        if 0xD800 <= unit < 0xDC00:
            self.expect(self.text.startswith("\\u", self.at), "a high surrogate stands alone")
            self.at += 2
            low = self.hex4()
            self.expect(0xDC00 <= low < 0xE000, "a high surrogate stands alone")
            return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        self.expect(not 0xDC00 <= unit < 0xE000, "a low surrogate stands alone")
        return chr(unit)

    def hex4(self) -> int:
        match = HEX4.match(self.text, self.at)
        self.expect(match is not None, "four hexadecimal digits expected")
        self.at = match.end()
        return int(match.group(), 16)
