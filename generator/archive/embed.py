#!/usr/bin/env python3
"""Writes the C++ file that holds what an archive carries beside certificates: the verifier's source and what a reader needs.

usage: embed.py OUTPUT DEPFILE ROOT COMPILER...

Every file is UTF-8 text and becomes a raw string under its path in the archive. nlohmann/json becomes its single header, as its
authors publish it: Debian splits it. No path of this machine enters OUTPUT.
"""
import re
import subprocess
import sys
from pathlib import Path

DELIMITER = "proofmark"
LONGEST_LITERAL = 60_000                       # compilers need not take longer ones; adjacent ones are joined
INCLUDE = re.compile(r'^\s*#\s*include\s*<(nlohmann/[^>]+)>.*$')

FOLDERS = [                                    # folder, pattern: whatever lies there belongs into the archive
    ("verifier", "*.cpp"), ("verifier", "*.hpp"), ("verifier", "README.md"),
    ("schema", "*.md"), ("schema", "*.json"), ("docs/rules", "*.md"),
]
FILES = {                                      # path in the archive: path here
    "verifier/LICENSE": "LICENSE",
    "verifier/nlohmann/LICENSE.MIT": "generator/archive/nlohmann-json.LICENSE.MIT",
    **{f"docs/{name}.md": f"docs/{name}.md" for name in ("guarantee", "limits", "not-checked", "numerics", "generator-numerics", "performance", "bugs-found")},
}


def nlohmann_headers(compiler: list[str]) -> list[Path]:
    """json.hpp and the headers that it includes, where the compiler finds them."""
    found = subprocess.run([*compiler, "-std=c++20", "-M", "-x", "c++", "-"], input="#include <nlohmann/json.hpp>\n",
                           capture_output=True, text=True, check=True).stdout
    headers = [Path(word) for word in found.replace("\\\n", " ").split() if "nlohmann/" in word]
    return sorted(headers, key=lambda path: not str(path).endswith("nlohmann/json.hpp"))


def single_header(folder: Path, name: str, seen: set[str]) -> list[str]:
    """The lines of a header, with those of its own library that it includes in place of the first #include of each."""
    seen.add(name)
    lines = []
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        include = INCLUDE.match(line)
        if include is None:
            if not line.startswith("#pragma once"):
                lines.append(line)
        elif include[1] not in seen:
            lines += single_header(folder, include[1], seen)
    return lines


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
    output, depfile, root, compiler = sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:]
    sources = {name: root / path for name, path in FILES.items()}
    folders = {root / folder for folder, _ in FOLDERS}
    for folder, pattern in FOLDERS:
        for path in (root / folder).rglob(pattern):
            sources[path.relative_to(root).as_posix()] = path
            folders.add(path.parent)           # a file that is added or removed changes its folder
    headers = nlohmann_headers(compiler)
    texts = {name: path.read_text(encoding="utf-8") for name, path in sources.items()}
    texts["verifier/nlohmann/json.hpp"] = "#pragma once\n" + "\n".join(single_header(headers[0].parents[1], "nlohmann/json.hpp", set())) + "\n"

    with open(output, "w", encoding="utf-8") as file:
        file.write('#include "archive/embedded_files.hpp"\n\nnamespace proofmark {\n\nconst std::vector<EmbeddedFile>& embedded_files() {\n'
                   "  static const std::vector<EmbeddedFile> files = {\n")
        for name in sorted(texts):
            file.write(f'{{"{name}", {literals(texts[name])}}},\n')
        file.write("  };\n  return files;\n}\n\n} // namespace proofmark\n")
    needed = [*sources.values(), *folders, *headers, Path(__file__)]
    Path(depfile).write_text(f"{output}: " + " ".join(str(path).replace(" ", "\\ ") for path in needed) + "\n")


if __name__ == "__main__":
    main()
