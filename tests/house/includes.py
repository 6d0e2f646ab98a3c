"""Imports run one way: fails on an #include that runs backwards (includes.txt)."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def read_order():
    order = {}
    text = (ROOT / "tests/house/includes.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for level, line in enumerate(lines):
        for folder in line.split():
            order[folder] = level
    return order


def level_of(path, order):
    matches = [folder for folder in order if path == folder or path.startswith(folder + "/")]
    return order[max(matches, key=len)] if matches else None


def main():
    order = read_order()
    passed = failed = 0
    for suffix in ("c", "h", "re", "y"):
        for file in sorted(ROOT.glob(f"**/*.{suffix}")):
            path = file.relative_to(ROOT).as_posix()
            own = level_of(path, order)
            if own is None or path.startswith("build"):
                continue
            for include in INCLUDE.findall(file.read_text(encoding="utf-8")):
                other = level_of(include, order)
                if other is not None and other > own:
                    print(f"{path}: includes {include}, which is above it")
                    failed += 1
                else:
                    passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
