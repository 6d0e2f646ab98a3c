"""Writes a program of generate.py as .rules text."""

import datetime

import regex
from interpret import number_text

UNITS = (("weeks", 604800000), ("days", 86400000), ("hours", 3600000), ("minutes", 60000), ("seconds", 1000))


def string(text, in_template=False):
    quoted = "".join({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "{": "\\{"}.get(c, c) for c in text)
    return quoted if in_template else f'"{quoted}"'


def number(value):
    text = number_text(abs(value))
    if "e" in text:
        text = f"{abs(value):.20f}".rstrip("0")
    return f"-{text}" if value < 0 else text


def duration(milliseconds):
    name, size = next((name, size) for name, size in UNITS if milliseconds % size == 0)
    return f"{int(milliseconds // size)} {name}"


def literal(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return string(value)
    if value[0] == "duration":
        return duration(value[1])
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=value[1])
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{moment.microsecond // 1000:03d}" if moment.microsecond else "") + "Z"


def operand(node):
    kind = node[0]
    if kind == "literal":
        return literal(node[1])
    if kind in ("field", "list name"):
        return node[1]
    if kind == "now":
        return "now"
    if kind == "list":
        return "[" + ", ".join(operand(item) for item in node[1]) + "]"
    if kind == "arithmetic":
        return f"({operand(node[2])} {node[1]} {operand(node[3])})"
    if kind == "negate":
        return f"-{operand(node[1])}" if node[1][0] in ("field", "call") else f"-({operand(node[1])})"
    if kind == "fallback":
        return f"({operand(node[1])} ?? {operand(node[2])})"
    if kind == "call":
        return f"{node[1]}({operand(node[2])})"
    if kind == "join":
        return f'join({operand(node[1])}, ", ")'
    return template(node)


def template(node):
    pieces = [string(piece, True) if isinstance(piece, str) else "{" + operand(piece[1]) + "}" for piece in node[1]]
    return '"' + "".join(pieces) + '"'


def condition(node, rank=0):
    kind = node[0]
    if kind in ("and", "or"):
        own = 1 if kind == "or" else 2
        text = f" {kind} ".join(condition(part, own + (index > 0)) for index, part in enumerate(node[1]))
        return f"({text})" if rank > own else text
    if kind == "not":
        return "not " + condition(node[1], 4)
    if kind == "define":
        return node[1]
    if kind == "flag":
        return operand(node[1])
    if kind in ("known", "missing"):
        return f"{operand(node[1])} is {kind}"
    text = test(kind, node[1], [operand(part) for part in node[2]])
    return f"({text})" if rank >= 4 else text


def test(kind, detail, operands):
    if kind == "between":
        return f"{operands[0]} between {operands[1]} and {operands[2]}"
    if kind == "matches":
        return f"{operands[0]} matches {'exactly ' if detail[1] else ''}/{regex.to_text(detail[0])}/"
    words = kind.split(" ")
    if detail:
        verb = {"is not": 2, "is not one of": 2, "starts with": 2, "starts with any of": 2, "ends with": 2,
                "ends with any of": 2}.get(kind, 1)
        words.insert(verb, "exactly")
    return f"{operands[0]} {' '.join(words)} {operands[1]}"


def argument(item):
    each = "each " if item["each"] else ""
    return f"{item['name']}: {each}{operand(item['value'])}"


def action(item):
    prefix = ""
    if item["after"]:
        prefix = f"after {duration(item['after'])} "
        if item["unless"]:
            prefix += f"unless {' or '.join(item['unless'])} "
    if item["do"] == "set":
        return f"{prefix}set {item['field']} = {operand(item['value'])}"
    if item["do"] == "record":
        return f"{prefix}record({operand(item['args'][0]['value'])})"
    name = f"emit {item['event']}" if item["do"] == "emit" else item["do"]
    return f"{prefix}{name}({', '.join(argument(one) for one in item['args'])})"


def rule(item):
    lines = ["  otherwise" if item["title"] == "otherwise" else f"  rule {string(item['title'])}"]
    if item["when"] is not None:
        lines.append(f"    when {condition(item['when'])}")
    if item["unless"] is not None:
        lines.append(f"    unless {condition(item['unless'])}")
    for one in item["allowances"]:
        entity = one["entity"].split(".")[0] if one["entity"] else None
        text = "once" if one["period"] == 0 and one["count"] == 1 else f"at most {one['count']}"
        text += f" per {duration(one['period'])}" if one["period"] else ""
        lines.append(f"    {text}" + (f" per {entity}" if entity else ""))
    lines.append("    then " + "\n         ".join(action(one) for one in item["actions"]))
    return "\n".join(lines)


def field(name, declared):
    kind = {"list": "list of text",
            "choice": "choice of " + ", ".join(map(string, declared.get("choices", [])))}.get(declared["type"], declared["type"])
    if "entity" in declared:
        initial = "" if declared["initial"] is None else f" = {literal(declared['initial'])}"
        return f"state {name} : {kind}{initial}"
    return f"field {name} : {kind}"


def program(tree):
    lines = ["use intercom, slack", ""]
    lines += [field(name, declared) for name, declared in tree["fields"].items()]
    lines += [f'event {name} "Made up"' for name in ("test.first", "test.second", "test.third")]
    lines += [f"list {name} is {', '.join(literal(item) for item in items)}" for name, items in tree["lists"].items()]
    lines += [f"define {name} is {condition(node)}" for name, node in tree["defines"].items()]
    for guard in tree["guards"]:
        lines.append(f"guard {string(guard['title'])} when {condition(guard['when'])} block {', '.join(guard['masks'])}")
    for ruleset in tree["rulesets"]:
        lines += ["", f"ruleset {string(ruleset['title'])} on {', '.join(ruleset['events'])}", ""]
        lines.append("\n\n".join(rule(item) for item in ruleset["rules"]))
    return "\n".join(lines) + "\n"
