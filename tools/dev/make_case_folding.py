#!/usr/bin/env python3
"""Writes the tables of simple case folding: make_case_folding.py CaseFolding.txt OUTPUT.h

Reads Unicode's CaseFolding.txt, statuses C and S; T (Turkish) and F (which
changes the number of characters) are left out. The output holds

* a two-stage table of what to add to a code point: first by block of 64, then
  within the block, so that folding is two look-ups;
* the way back, sorted by the folded code point, for the few who need all code
  points that fold to the same.
"""

import sys

BLOCK_BITS = 6
BLOCK = 1 << BLOCK_BITS
LARGEST_CLASS = 4  # the size of slu_unicode_fold_class's result


def read_folds(path):
    """The code points that folding changes, with what they become."""
    folds = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) >= 3 and fields[1] in ("C", "S"):
                folds[int(fields[0], 16)] = int(fields[2], 16)
    return folds


def check(folds):
    """What the C code relies on."""
    classes = {}
    for code_point, folded in folds.items():
        if folded in folds:
            sys.exit(f"U+{code_point:04X} folds to U+{folded:04X}, which folds again")
        if code_point < 0x80 and folded != code_point + 32:
            sys.exit(f"U+{code_point:04X} does not fold as ASCII does")
        classes.setdefault(folded, [folded]).append(code_point)
    largest = max(map(len, classes.values()))
    if largest > LARGEST_CLASS:
        sys.exit(f"{largest} code points fold to the same: more than {LARGEST_CLASS}")


def two_stages(folds):
    """The number of each block, and the blocks themselves, each once."""
    blocks, numbers = [], []
    for start in range(0, max(folds) + 1, BLOCK):
        block = [folds.get(code_point, code_point) - code_point for code_point in range(start, start + BLOCK)]
        if block not in blocks:
            blocks.append(block)
        numbers.append(blocks.index(block))
    if len(blocks) > 256:
        sys.exit(f"{len(blocks)} different blocks do not fit into a byte")
    return numbers, blocks


def rows(items, per_row):
    """C initialisers, some to a line."""
    for start in range(0, len(items), per_row):
        yield "    " + " ".join(f"{item}," for item in items[start:start + per_row])


def write(folds, output):
    numbers, blocks = two_stages(folds)
    back = sorted((folded, code_point) for code_point, folded in folds.items())
    output.write("/* Made from Unicode's CaseFolding.txt by tools/dev/make_case_folding.py. */\n")
    output.write(f"enum {{ FOLD_BLOCK_BITS = {BLOCK_BITS}, FOLD_BLOCKS = {len(numbers)}, ")
    output.write(f"FOLD_SOURCES = {len(back)} }};\n")
    output.write("static const uint8_t fold_blocks[FOLD_BLOCKS] = {\n")
    output.write("\n".join(rows(numbers, 24)) + "\n};\n")
    output.write(f"static const int32_t fold_distances[][{BLOCK}] = {{\n")
    for block in blocks:
        output.write("    {\n" + "\n".join(rows(block, 16)) + "\n    },\n")
    output.write("};\n")
    output.write("static const struct { uint32_t folded, source; } fold_sources[FOLD_SOURCES] = {\n")
    output.write("\n".join(rows([f"{{0x{folded:X}, 0x{source:X}}}" for folded, source in back], 4)) + "\n};\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[0])
    folds = read_folds(sys.argv[1])
    check(folds)
    with open(sys.argv[2], "w", encoding="utf-8") as output:
        write(folds, output)


if __name__ == "__main__":
    main()
