"""Regular expressions as trees: their text, and a matcher by sets of positions.

Nodes: ("char", c) ("any",) ("class", negated, items) ("escape", "d") ("seq", [n…])
("alt", [n…]) ("repeat", n, low, high or None) ("start",) ("end",) ("boundary", wanted)
Class items: single characters, (low, high) pairs, or an escape letter as ("escape", "w").
"""

from folding import variants

ESCAPES = {
    "d": lambda c: "0" <= c <= "9",
    "w": lambda c: c.isascii() and (c.isalnum() or c == "_"),
    "s": lambda c: c in " \t\n\r\f\v",
}
SPECIAL = set("\\.[](){}|*+?^$/")


def escaped(character, inside_class=False):
    if character == "\n":
        return "\\n"
    if character in SPECIAL or (inside_class and character == "-"):
        return "\\" + character
    return character


def to_text(node):
    kind = node[0]
    if kind == "char":
        return escaped(node[1])
    if kind == "any":
        return "."
    if kind == "escape":
        return "\\" + node[1]
    if kind == "class":
        items = []
        for item in node[2]:
            if isinstance(item, str):
                items.append(escaped(item, True))
            elif item[0] == "escape":
                items.append("\\" + item[1])
            else:
                items.append(f"{escaped(item[0], True)}-{escaped(item[1], True)}")
        return "[" + ("^" if node[1] else "") + "".join(items) + "]"
    if kind == "seq":
        return "".join(f"(?:{to_text(part)})" if part[0] == "alt" else to_text(part) for part in node[1])
    if kind == "alt":
        return "|".join(to_text(part) for part in node[1])
    if kind == "repeat":
        inner = to_text(node[1])
        if node[1][0] not in ("char", "any", "class", "escape"):
            inner = f"({inner})"
        low, high = node[2], node[3]
        sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high))
        if sign is None:
            sign = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
        return inner + sign
    return {"start": "^", "end": "$"}.get(kind) or ("\\b" if node[1] else "\\B")


def char_matches(node, character, exactly):
    kind = node[0]
    if kind == "any":
        return character != "\n"
    if kind == "char":
        return character == node[1] if exactly else character in variants(node[1])
    if kind == "escape":
        letter = node[1]
        return ESCAPES[letter](character) if letter.islower() else not ESCAPES[letter.lower()](character)
    return class_matches(node, character, exactly)


def class_matches(node, character, exactly):
    candidates = [character] if exactly else variants(character)
    held = False
    for item in node[2]:
        if isinstance(item, str):
            held |= item in candidates
        elif item[0] == "escape":
            held |= char_matches(item, character, exactly)
        else:
            held |= any(item[0] <= candidate <= item[1] for candidate in candidates)
    return held != node[1]


def is_word(text, position):
    return 0 <= position < len(text) and ESCAPES["w"](text[position])


def ends(node, text, starts, exactly):
    """All positions where a match that begins at one of `starts` can end."""
    kind = node[0]
    if kind == "seq":
        for part in node[1]:
            starts = ends(part, text, starts, exactly)
        return starts
    if kind == "alt":
        return set().union(*(ends(part, text, starts, exactly) for part in node[1]))
    if kind == "repeat":
        return repeat_ends(node, text, starts, exactly)
    if kind == "start":
        return {position for position in starts if position == 0}
    if kind == "end":
        return {position for position in starts if position == len(text)}
    if kind == "boundary":
        return {p for p in starts if (is_word(text, p - 1) != is_word(text, p)) == node[1]}
    return {p + 1 for p in starts if p < len(text) and char_matches(node, text[p], exactly)}


def repeat_ends(node, text, starts, exactly):
    current = set(starts)
    for _ in range(node[2]):
        current = ends(node[1], text, current, exactly)
    found = set(current)
    rounds = 0
    while current and (node[3] is None or rounds < node[3] - node[2]):
        current = ends(node[1], text, current, exactly) - found
        found |= current
        rounds += 1
    return found


def found(node, text, exactly):
    return bool(ends(node, text, set(range(len(text) + 1)), exactly))
