"""The slow interpreter: walks the generator's tree, knows nothing of bytecode.

A program is the dictionary that generate.py makes; values are Python's: None is
missing, ("time", ms) and ("duration", ms) stand apart from numbers.
"""

import datetime
import math
import re

import regex
from folding import fold

JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?")


def number_text(number):
    """ECMAScript's Number::toString."""
    if number == 0:
        return "0"
    if number < 0:
        return "-" + number_text(-number)
    mantissa, exponent = f"{number!r}e0".split("e")[:2] if "e" in repr(number) else (repr(number), "0")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent) - (len(whole + fraction) - len((whole + fraction).lstrip("0")))
    digits = digits.rstrip("0") or "0"
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = point - 1
    sign = "+" if power >= 0 else "-"
    body = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{body}e{sign}{abs(power)}"


def time_text(milliseconds):
    seconds, rest = divmod(int(milliseconds), 1000)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + (f".{rest:03d}" if rest else "") + "Z"


def duration_text(milliseconds):
    for unit, size in (("week", 604800000), ("day", 86400000), ("hour", 3600000), ("minute", 60000), ("second", 1000)):
        if milliseconds and milliseconds % size == 0 and unit != "week":
            count = milliseconds / size
            return f"{number_text(count)} {unit}{'' if count == 1 else 's'}"
    return f"{number_text(milliseconds / 1000)} seconds"


def read_time(value):
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        milliseconds = value * 1000
        return ("time", float(milliseconds)) if -62135596800000 <= milliseconds < 253402300800000 else None
    match = ISO.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    milliseconds = round((moment - datetime.datetime(1970, 1, 1)).total_seconds()) * 1000
    milliseconds += int(((match.group(7) or "") + "000")[:3])
    zone = match.group(8)
    if zone not in (None, "Z"):
        offset = (int(zone[1:3]) * 60 + int(zone[4:6])) * 60000
        milliseconds -= offset if zone[0] == "+" else -offset
    return ("time", float(milliseconds))


def read_text(value):
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def read_value(declared, value):
    """A JSON value as the field's declared type."""
    kind = declared["type"]
    if kind == "list":
        items = [read_text(item) for item in value] if isinstance(value, list) else []
        return [item for item in items if item is not None]
    if value is None:
        return None
    if kind == "number":
        if isinstance(value, str) and JSON_NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return None
        return float(value)
    if kind == "flag":
        return value if isinstance(value, bool) else None
    if kind == "time":
        return read_time(value)
    text = read_text(value)
    if kind == "choice":
        return next((choice for choice in declared["choices"] if text is not None and fold(choice) == fold(text)), None)
    return text


class Context:
    """What one event is decided on."""

    def __init__(self, program, values, clock, states):
        self.program, self.values, self.clock, self.states = program, values, clock, states

    def field(self, name):
        declared = self.program["fields"][name]
        if "entity" not in declared:
            return self.values.get(name, [] if declared["type"] == "list" else None)
        key = self.values.get(declared["entity"])
        if not key:
            return None
        value = self.states.get((name, key))
        return declared["initial"] if value is None else value


def finite(number):
    return number if math.isfinite(number) else None


def arithmetic(operator, left, right):
    if left is None or right is None:
        return None
    if operator == "+":
        return finite(left + right)
    if operator == "-":
        return finite(left - right)
    if operator == "*":
        return finite(left * right)
    return None if right == 0 else finite(left / right)


def evaluate(node, context):
    """An operand's value."""
    kind = node[0]
    if kind == "literal":
        return node[1]
    if kind == "field":
        return context.field(node[1])
    if kind == "now":
        return ("time", float(context.clock))
    if kind == "list":
        return [value for value in (evaluate(item, context) for item in node[1]) if value is not None]
    if kind == "list name":
        return context.program["lists"][node[1]]
    if kind == "arithmetic":
        return arithmetic(node[1], evaluate(node[2], context), evaluate(node[3], context))
    if kind == "negate":
        value = evaluate(node[1], context)
        return None if value is None else -value
    if kind == "fallback":
        value = evaluate(node[1], context)
        return evaluate(node[2], context) if value is None else value
    if kind == "call":
        value = evaluate(node[2], context)
        return None if value is None else float(len(value))
    if kind == "join":
        return ", ".join(evaluate(node[1], context))
    if kind == "template":
        return "".join(piece if isinstance(piece, str) else markup(as_text(evaluate(piece[1], context)), "text")
                       for piece in node[1])
    return holds(node, context)


def as_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, tuple):
        return time_text(value[1]) if value[0] == "time" else duration_text(value[1])
    return value


WORD = re.compile(r"""[^ \t\r\n,;()\[\]<>"']+""")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?=.*\.[A-Za-z])[A-Za-z0-9._%+-]*")


def without_links(text):
    """A zero-width space before `://` and before dots inside what could be a host's name."""

    def part(word):
        word = word.group().replace("://", "\u200b://")
        if EMAIL.fullmatch(word):
            return word
        return re.sub(r"(?<=[A-Za-z0-9\u0080-\U0010FFFF])\.(?=[A-Za-z\u0080-\U0010FFFF])", "\u200b.", word)

    return WORD.sub(part, text)


def markup(text, kind):
    if kind == "html":
        text = without_links(text)
        for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
            text = text.replace(character, entity)
    return text


def same(left, right, exactly):
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b, exactly) for a, b in zip(left, right))
    if isinstance(left, str) and not exactly:
        return fold(left) == fold(right)
    return left == right


def text_test(kind, text, part, exactly):
    if not exactly:
        text, part = fold(text), fold(part)
    if kind == "contains":
        return part in text
    return text.startswith(part) if kind == "starts with" else text.endswith(part)


ORDER = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}


def holds(node, context):
    """Whether a condition holds."""
    kind = node[0]
    if kind == "and":
        return all(holds(part, context) for part in node[1])
    if kind == "or":
        return any(holds(part, context) for part in node[1])
    if kind == "not":
        return not holds(node[1], context)
    if kind == "define":
        return holds(context.program["defines"][node[1]], context)
    if kind == "flag":
        return evaluate(node[1], context) is True
    if kind in ("known", "missing"):
        return (evaluate(node[1], context) is not None) == (kind == "known")
    if kind in ("is not", "is not one of", "has none of", "is not within", "is not older than"):
        positive = {"is not": "is", "is not one of": "is one of", "has none of": "has any of",
                    "is not within": "is within", "is not older than": "is older than"}[kind]
        return not holds((positive, *node[1:]), context)
    operands = [evaluate(part, context) for part in node[2]]
    if any(operand is None for operand in operands):
        return False
    return test(kind, node[1], operands, context)


def test(kind, detail, operands, context):
    """A test on operands that are all there; `detail` is `exactly`, or the pattern."""
    left = operands[0]
    if kind in ORDER:
        return ORDER[kind](left, operands[1])
    if kind == "between":
        return operands[1] <= left <= operands[2]
    if kind == "is":
        return same(left, operands[1], detail)
    if kind == "is one of":
        return any(same(left, item, detail) for item in operands[1])
    if kind == "has":
        return any(same(item, operands[1], detail) for item in left)
    if kind == "has any of":
        return any(same(item, other, detail) for item in left for other in operands[1])
    if kind == "has all of":
        return all(any(same(item, other, detail) for item in left) for other in operands[1])
    if kind == "matches":
        return regex.found(detail[0], left, detail[1])
    if kind == "is within":
        return context.clock - operands[1][1] <= left[1] <= context.clock
    if kind == "is older than":
        return left[1] < context.clock - operands[1][1]
    if kind.endswith(" any of"):
        return any(text_test(kind[:-7], left, part, detail) for part in operands[1])
    return text_test(kind, left, operands[1], detail)
