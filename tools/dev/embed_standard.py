#!/usr/bin/env python3
"""Makes a C file that holds .rules files as constant bytes.

usage: embed_standard.py OUTPUT ROOT FILE...

The C file defines what stdlib/standard.h declares. A file's name is its path
below ROOT, so that diagnostics do not show where the product was built.
"""

import pathlib
import sys

BYTES_PER_LINE = 24


def array(name, content):
    """A constant array; as numbers, because C bounds the length of literals."""
    lines = [f"static const unsigned char {name}[] = {{"]
    for start in range(0, len(content), BYTES_PER_LINE):
        row = content[start : start + BYTES_PER_LINE]
        lines.append("    " + ", ".join(str(byte) for byte in row) + ",")
    lines.append("    0};")  # the NUL byte that the lexer stops at
    return "\n".join(lines)


def main():
    output, root, *paths = sys.argv[1:]
    root = pathlib.Path(root).resolve()
    arrays, entries = [], []
    for index, path in enumerate(map(pathlib.Path, paths)):
        content = path.read_bytes()
        content.decode("utf-8")  # the compiler relies on it
        name = path.resolve().relative_to(root).as_posix()
        arrays.append(array(f"text_{index}", content))
        entries.append(f'    {{{{"{name}", {len(name)}}}, {{(const char *)text_{index}, {len(content)}}}}},')
    parts = [
        "/* Made by tools/dev/embed_standard.py. */",
        '#include "stdlib/standard.h"',
        *arrays,
        "const struct slu_standard_file slu_standard_files[] = {",
        *entries,
        "};",
        f"const uint32_t slu_standard_file_count = {len(entries)};",
        "",
    ]
    pathlib.Path(output).write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
