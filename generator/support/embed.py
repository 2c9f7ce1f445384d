#!/usr/bin/env python3
"""Writes the C++ file that holds texts which the program carries.

usage: embed.py archive|page OUTPUT DEPFILE ROOT

archive: what stands beside certificates there, the verifier's source and what a reader needs. page: what a report is made from.
Every file is UTF-8 text and becomes a raw string under its path. No path of this machine enters OUTPUT.
"""
import sys
from pathlib import Path

DELIMITER = "proofmark"
LONGEST_LITERAL = 60_000                       # compilers need not take longer ones; adjacent ones are joined

ARCHIVE_FOLDERS = [                            # folder, pattern: whatever lies there belongs into the archive
    ("verifier", "*.cpp"), ("verifier", "*.hpp"), ("verifier", "README.md"),
    ("schema", "*.md"), ("schema", "*.json"), ("docs/rules", "*.md"), ("web", "*"),
]
ARCHIVE_FILES = {                              # path in the archive: path here
    "verifier/LICENSE": "LICENSE",
    "scripts/install-packages": "scripts/install-packages",
    **{f"docs/{name}.md": f"docs/{name}.md" for name in ("trust", "limits", "numerics", "generator-numerics", "performance", "bugs-found")},
}
PAGE_FILES = {name: f"generator/report/{name}" for name in ("page.html", "page.css")}
SETS = {                                       # header, function, folders, files
    "archive": ("archive/embedded_files.hpp", "embedded_files", ARCHIVE_FOLDERS, ARCHIVE_FILES),
    "page": ("report/page_files.hpp", "page_files", [], PAGE_FILES),
}


def literals(text: str) -> str:
    if f'){DELIMITER}"' in text:
        raise ValueError(f"a file contains the delimiter {DELIMITER}")
    pieces, piece = [], ""
    for line in text.splitlines(keepends=True):
        if len((piece + line).encode()) > LONGEST_LITERAL:
            pieces.append(piece)
            piece = ""
        piece += line
    return "\n".join(f'R"{DELIMITER}({piece}){DELIMITER}"' for piece in [*pieces, piece])


def main() -> None:
    (header, function, patterns, files), output, depfile, root = SETS[sys.argv[1]], *sys.argv[2:4], Path(sys.argv[4])
    sources = {name: root / path for name, path in files.items()}
    folders = {root / folder for folder, _ in patterns}
    for folder, pattern in patterns:
        for path in filter(Path.is_file, (root / folder).rglob(pattern)):
            sources[path.relative_to(root).as_posix()] = path
            folders.add(path.parent)           # a file that is added or removed changes its folder
    texts = {name: path.read_text(encoding="utf-8") for name, path in sources.items()}

    with open(output, "w", encoding="utf-8") as file:
        file.write(f'#include "{header}"\n\nnamespace proofmark {{\n\nconst std::vector<EmbeddedFile>& {function}() {{\n'
                   "  static const std::vector<EmbeddedFile> files = {\n")
        for name in sorted(texts):
            file.write(f'{{"{name}", {literals(texts[name])}}},\n')
        file.write("  };\n  return files;\n}\n\n} // namespace proofmark\n")
    needed = [*sources.values(), *folders, Path(__file__)]
    Path(depfile).write_text(f"{output}: " + " ".join(str(path).replace(" ", "\\ ") for path in needed) + "\n")


if __name__ == "__main__":
    main()
