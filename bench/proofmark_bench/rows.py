"""A table of timed runs, one row each, on disk after every run: what an interrupted command finds when it goes on."""
from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

from .refused import Refused

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?")


def replace(path: Path, text: str) -> None:
    """Complete or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    temporary.write_text(text)
    os.replace(temporary, path)


class Rows:
    """`texts`: the columns that are no numbers."""

    def __init__(self, path: Path, columns: tuple[str, ...], texts: tuple[str, ...]) -> None:
        self.path, self.columns = path, columns
        self.rows: list[dict[str, str]] = []
        if path.exists():
            with path.open(newline="") as file:
                reader = csv.DictReader(file, strict=True)
                try:
                    self.rows = list(reader)
                except (csv.Error, UnicodeDecodeError) as error:
                    raise Refused(f"{path}: {error}", "remove it, or give another --output", 65) from error
            if tuple(reader.fieldnames or ()) != columns or not all(self.whole(row, texts) for row in self.rows):
                raise Refused(f"{path}: not a table with the columns {','.join(columns)}", "remove it, or give another --output", 65)

    def whole(self, row: dict[str, str], texts: tuple[str, ...]) -> bool:
        """As many cells as columns, and numbers where they belong."""
        return None not in row and None not in row.values() and all(column in texts or NUMBER.fullmatch(row[column]) for column in self.columns)

    def where(self, **values: object) -> list[dict[str, str]]:
        return [row for row in self.rows if all(row[key] == str(value) for key, value in values.items())]

    def add(self, row: dict[str, object]) -> None:
        self.extend([row])

    def extend(self, rows: list[dict[str, object]]) -> None:
        self.rows += [{column: str(row[column]) for column in self.columns} for row in rows]
        self.save()

    def forget(self, **values: object) -> None:
        gone = self.where(**values)
        self.rows = [row for row in self.rows if row not in gone]
        if gone:
            self.save()

    def save(self) -> None:
        lines = [",".join(self.columns)]
        for row in self.rows:
            lines.append(",".join(f'"{row[column]}"' if "," in row[column] else row[column] for column in self.columns))
        replace(self.path, "\n".join(lines) + "\n")


class Conditions:
    """conditions.json: for each group of measurements, the machine and the programs that its rows are of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.of: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
        except ValueError as error:
            raise Refused(f"{path}: {error}", "remove it, or give another --output", 65) from error

    def claim(self, group: str, description: dict[str, str], has_rows: bool) -> None:
        """Rows of another machine or build are not mixed with new ones."""
        before = self.of.get(group)
        if has_rows and before != description:
            differs = [f"{key} {(before or {}).get(key, 'unknown')}, now {description.get(key, 'none')}"
                       for key in sorted({*(before or {}), *description}) if (before or {}).get(key) != description.get(key)]
            raise Refused(f"{self.path.parent} has rows of group {group} measured with {'; '.join(differs)}",
                          "--again forgets them and measures anew; --output another folder keeps both", 65)
        self.of[group] = description
        replace(self.path, json.dumps(self.of, indent=2) + "\n")
