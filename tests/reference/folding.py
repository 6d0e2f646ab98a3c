"""Unicode simple case folding, read from Unicode's own table (statuses C and S)."""

import functools

TABLE = "/usr/share/unicode/CaseFolding.txt"


@functools.cache
def table():
    folds = {}
    with open(TABLE, encoding="utf-8") as lines:
        for line in lines:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) >= 3 and fields[1] in ("C", "S"):
                folds[chr(int(fields[0], 16))] = chr(int(fields[2], 16))
    return folds


@functools.cache
def classes():
    """For each character that case matters to: all that fold to the same."""
    groups = {}
    for character, folded in table().items():
        groups.setdefault(folded, {folded}).add(character)
    return {member: frozenset(group) for group in groups.values() for member in group}


@functools.lru_cache(maxsize=100000)
def fold(text):
    folds = table()
    return "".join(folds.get(character, character) for character in text)


def variants(character):
    return classes().get(character, frozenset([character]))
