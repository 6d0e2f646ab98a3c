"""Random programs as trees, and random events for them.

Values are chosen so that conditions often hang on them: few numbers, texts over
a small alphabet with every trap of case folding, types that do not fit.
"""

import datetime

import regex

TEXTS = ["", "a", "A", "k", "\u212a", "K", "s", "\u017f", "S", "\u00df", "\u1e9e", "\u0130", "i", "\u0131", "I",
         "\u03c3", "\u03c2", "\u03a3", "\u00c5", "\u212b", "\u00e5", "\u01c5", "\u01c4", "\U00010400", "\U00010428",
         "\u00e9", "e\u0301", "VIP", "vip", "Vip customer", "spam", "SPAM offer", "a.b", "\n", "a\nb", " ", "x_1",
         "caf\u00e9", "CAF\u00c9", "\U0001f600", "0", "10", "<b>", "&", "'q'", '"', "\\", "{"]
NUMBERS = [0.0, 1.0, -1.0, 2.0, 3.0, 10.0, 49.0, 50.0, 51.0, 2.5, 0.1, -0.5, 1000.0, 9007199254740992.0, 1e-7]
CHOICES = ["open", "Closed", "snoozed", "\u00c9t\u00e9"]
START = 1763700000000
DURATIONS = [1000, 30000, 60000, 90000, 3600000, 7200000, 86400000, 604800000]
CALLS = ["intercom.tag", "intercom.note", "intercom.close", "slack.post"]

FIELDS = {
    **{f"a.n{i}": {"type": "number"} for i in range(3)},
    **{f"a.t{i}": {"type": "text"} for i in range(3)},
    **{f"a.f{i}": {"type": "flag"} for i in range(2)},
    **{f"a.w{i}": {"type": "time"} for i in range(2)},
    **{f"a.l{i}": {"type": "list"} for i in range(2)},
    **{f"a.c{i}": {"type": "choice", "choices": CHOICES} for i in range(2)},
    "a.id": {"type": "text"}, "b.id": {"type": "text"},
    "a.mark": {"type": "number", "entity": "a.id", "initial": 0.0},
    "b.note": {"type": "text", "entity": "b.id", "initial": None},
}
EVENTS = ["test.first", "test.second", "test.third"]
RANK = {"or": 1, "and": 2, "not": 3}


class Generator:
    """Everything random comes from `random`, so a seed names a program."""

    def __init__(self, random):
        self.random = random
        self.lists, self.defines = {}, {}

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, probability):
        return self.random.random() < probability

    def names(self, kind):
        return [name for name, field in FIELDS.items() if field["type"] == kind]

    def text(self):
        return "".join(self.pick(TEXTS) for _ in range(self.pick([1, 1, 1, 2, 3])))

    # ---- operands ----

    def operand(self, kind, depth=2):
        if kind == "number" and depth and self.chance(0.3):
            return self.number(depth)
        if kind in ("number", "text", "time") and depth and self.chance(0.08):
            return ("fallback", ("field", self.pick(self.names(kind))), self.operand(kind, depth - 1))
        if kind == "text" and self.chance(0.1):
            return ("template", [self.text(), ("value", self.operand(self.pick(["text", "number"]), 0)), self.text()])
        if kind == "time" and self.chance(0.1):
            return ("now",)
        return ("field", self.pick(self.names(kind)))

    def number(self, depth):
        if self.chance(0.2):
            return ("negate", self.operand("number", depth - 1))
        if self.chance(0.3):
            kind = self.pick(["length", "count"])
            return ("call", kind, self.operand("text" if kind == "length" else "list", 0))
        operator = self.pick("+-*/")
        right = self.operand("number", depth - 1) if self.chance(0.5) else ("literal", self.pick(NUMBERS[1:]))
        return ("arithmetic", operator, self.operand("number", depth - 1), right)

    def literal(self, kind):
        if kind == "number":
            return ("literal", self.pick(NUMBERS))
        if kind == "time":
            return ("literal", ("time", float(START + self.pick([-604800000, -86400000, -1000, 0, 1000, 500]))))
        if kind == "duration":
            return ("literal", ("duration", float(self.pick(DURATIONS))))
        return ("literal", self.text())

    def either(self, kind):
        return self.literal(kind) if self.chance(0.75) else self.operand(kind, 1)

    def elements(self, kind):
        named = [name for name, value in self.lists.items() if isinstance(value[0], float) == (kind == "number")]
        if kind in ("number", "text") and named and self.chance(0.3):
            return ("list name", self.pick(named))
        return ("list", [self.either(kind) for _ in range(self.pick([1, 1, 2, 3, 5]))])

    # ---- conditions ----

    def condition(self, depth=3):
        if depth and self.chance(0.45):
            kind = self.pick(["and", "and", "or", "not"])
            if kind == "not":
                return ("not", self.condition(depth - 1))
            return (kind, [self.condition(depth - 1) for _ in range(self.pick([2, 2, 3]))])
        if self.defines and self.chance(0.1):
            return ("define", self.pick(sorted(self.defines)))
        return self.pick([self.number_test, self.number_test, self.text_test, self.text_test, self.text_test,
                          self.list_test, self.time_test, self.flag_test, self.choice_test, self.presence])()

    def number_test(self):
        left = self.operand("number")
        kind = self.pick(["<", "<=", ">", ">=", "is", "is not", "between", "is one of", "is not one of"])
        if kind == "between":
            return (kind, False, [left, self.either("number"), self.either("number")])
        right = self.elements("number") if "one of" in kind else self.either("number")
        return (kind, False, [left, right])

    def text_test(self):
        kind = self.pick(["is", "is not", "is one of", "is not one of", "contains", "contains any of", "starts with",
                          "starts with any of", "ends with", "ends with any of", "matches"])
        exactly = self.chance(0.25)
        if kind == "matches":
            return (kind, (self.pattern(), exactly), [self.operand("text", 1)])
        right = self.elements("text") if kind.endswith("of") else self.either("text")
        left = self.operand("text", 1)
        if "with" in kind and self.chance(0.2):
            left = ("field", self.pick(self.names("choice")))
        return (kind, exactly, [left, right])

    def list_test(self):
        kind = self.pick(["has", "has any of", "has all of", "has none of", "is", "is not"])
        left = ("field", self.pick(self.names("list")))
        right = self.either("text") if kind == "has" else self.elements("text")
        if kind in ("is", "is not"):
            right = ("field", self.pick(self.names("list")))
        return (kind, self.chance(0.2), [left, right])

    def time_test(self):
        kind = self.pick(["<", "<=", ">", ">=", "is", "is not", "between", "is within", "is older than",
                          "is not within", "is not older than"])
        left = self.operand("time", 1)
        if "within" in kind or "older" in kind:
            return (kind, False, [left, self.literal("duration")])
        if kind == "between":
            return (kind, False, [left, self.either("time"), self.either("time")])
        return (kind, False, [left, self.either("time")])

    def flag_test(self):
        field = ("field", self.pick(self.names("flag")))
        if self.chance(0.5):
            return ("flag", field)
        return (self.pick(["is", "is not"]), False, [field, ("literal", self.chance(0.5))])

    def choice_test(self):
        field = ("field", self.pick(self.names("choice")))
        spelled = self.pick([str, str.upper, str.lower])
        word = lambda: ("literal", self.pick([choice if choice[0] == "\u00c9" else spelled(choice) for choice in CHOICES]))
        if self.chance(0.2):
            return (self.pick(["is", "is not"]), True, [field, ("literal", self.pick(CHOICES))])
        if self.chance(0.5):
            return (self.pick(["is", "is not"]), False, [field, word()])
        return (self.pick(["is one of", "is not one of"]), False, [field, ("list", [word(), word()])])

    def presence(self):
        kind = self.pick(["number", "text", "flag", "time", "choice", "list"])
        return (self.pick(["known", "missing"]), ("field", self.pick(self.names(kind))))

    def pattern(self, depth=3):
        roll = self.random.random()
        if depth == 0 or roll < 0.35:
            return self.atom()
        if roll < 0.6:
            return ("seq", [self.pattern(depth - 1) for _ in range(self.pick([2, 2, 3]))])
        if roll < 0.75:
            return ("alt", [self.pattern(depth - 1) for _ in range(2)])
        low, high = self.pick([(0, None), (1, None), (0, 1), (2, 2), (1, 3), (2, None)])
        inner = self.atom() if self.chance(0.6) else ("seq", [self.pattern(depth - 1), self.atom()])
        return ("repeat", inner, low, high)

    def atom(self):
        roll = self.random.random()
        characters = [text for text in TEXTS if len(text) == 1]
        if roll < 0.55:
            return ("char", self.pick(characters))
        if roll < 0.65:
            return ("any",)
        if roll < 0.75:
            return ("escape", self.pick("dwsDWS"))
        if roll < 0.82:
            return self.pick([("start",), ("end",), ("boundary", True), ("boundary", False)])
        items = [self.pick(characters) for _ in range(self.pick([1, 2]))]
        if self.chance(0.5):
            items.append(self.pick([("a", "f"), ("A", "Z"), ("0", "9"), ("\u03b1", "\u03c9")]))
        return ("class", self.chance(0.3), items)

    # ---- actions and programs ----

    def parts(self, markup):
        pieces = [self.text().replace("\n", " ")]
        for _ in range(self.pick([1, 1, 2])):
            kind = self.pick(["text", "number", "time", "list", "flag"])
            node = self.operand(kind, 1) if kind in ("text", "number", "time") else ("field", self.pick(self.names(kind)))
            if kind == "list":
                node = ("join", node)
            pieces += [("value", node), self.text()]
        return ("template", pieces)

    def action(self, may_emit):
        roll = self.random.random()
        after, unless = 0, []
        if self.chance(0.1):
            after = self.pick(DURATIONS)
            unless = [self.pick(EVENTS)] if self.chance(0.5) else []
        if roll < 0.12:
            field = self.pick(["a.mark", "b.note"])
            value = self.either("number") if field == "a.mark" else self.either("text")
            return {"do": "set", "field": field, "value": value, "after": 0, "unless": []}
        if roll < 0.22 and may_emit:
            arguments = [{"name": "a.n0", "value": self.either("number"), "each": False}]
            if self.chance(0.4):
                arguments.append({"name": "a.id", "value": ("field", "a.l0"), "each": True})
            return {"do": "emit", "event": may_emit, "args": arguments, "after": 0, "unless": []}
        do = self.pick(CALLS)
        name, markup = {"intercom.tag": ("tag", "text"), "intercom.note": ("body", "html"),
                        "slack.post": ("text", "text")}.get(do, (None, None))
        arguments = []
        if do == "intercom.tag" and self.chance(0.2):
            arguments = [{"name": name, "value": ("field", "a.l1"), "each": True, "markup": markup}]
        elif do == "slack.post":
            return {"do": "record", "args": [{"name": "why", "value": self.parts("text"), "each": False,
                                              "markup": "text"}], "after": 0, "unless": []}
        elif name:
            value = self.parts(markup) if self.chance(0.6) else ("literal", self.text())
            arguments = [{"name": name, "value": value, "each": False, "markup": markup}]
        return {"do": do, "args": arguments, "after": after, "unless": unless}

    def rule(self, number, may_emit):
        allowances = []
        for _ in range(self.pick([1, 1, 2]) if self.chance(0.12) else 0):
            period = self.pick([0, 60000, 3600000])
            entity = self.pick(["a.id", "b.id", None] if period else ["a.id", "b.id"])
            allowances.append({"count": self.pick([1, 2, 3]), "period": period, "entity": entity})
        return {"title": f"R{number}", "when": self.condition() if self.chance(0.93) else None,
                "unless": self.condition(1) if self.chance(0.2) else None, "allowances": allowances,
                "actions": [self.action(may_emit) for _ in range(self.pick([1, 1, 2, 3]))]}

    def program(self):
        for number in range(self.pick([0, 1, 2])):
            kind = self.chance(0.5)
            self.lists[f"list_{number}"] = [self.pick(NUMBERS) if kind else self.text() for _ in range(3)]
        for number in range(self.pick([0, 1, 2])):
            self.defines[f"define_{number}"] = self.condition(2)
        rulesets = []
        for number in range(self.pick([1, 2, 3])):
            first = self.random.randrange(3)
            following = EVENTS[first + 1] if first < 2 else None
            rules = [self.rule(index, following) for index in range(self.pick([1, 2, 3, 5, 8]))]
            if self.chance(0.3):
                rules.append({"title": "otherwise", "when": None, "unless": None, "allowances": [],
                              "actions": [self.action(following)]})
            rulesets.append({"title": f"S{number}", "events": [EVENTS[first]], "rules": rules})
        guards = []
        if self.chance(0.3):
            guards.append({"title": "G", "when": self.condition(1),
                           "masks": [self.pick(["intercom.*", "intercom.tag"])]})
        return {"fields": FIELDS, "lists": self.lists, "defines": self.defines, "rulesets": rulesets, "guards": guards}

    # ---- events ----

    def json_value(self, field):
        kind = field["type"]
        if self.chance(0.06):
            return self.pick([None, True, 5, "x", [], {}, ["a"], "12", 2.5])
        if kind == "number":
            number = self.pick(NUMBERS)
            if self.chance(0.1):
                return self.pick(["50", "-1", "2.5e0", "1e999", " 50", "0x10", "", "050"])
            return int(number) if number.is_integer() else number
        if kind == "flag":
            return self.chance(0.5)
        if kind == "time":
            seconds = START // 1000 + self.pick([-604800, -604801, -86400, -90, -1, 0, 1, 3600])
            if self.chance(0.5):
                return seconds
            moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
            return moment.strftime("%Y-%m-%dT%H:%M:%S") + self.pick(["Z", "", "+00:00", "+02:00", ".500Z"])
        if kind == "list":
            return [self.pick([self.text(), self.text(), self.text(), 7, None]) for _ in range(self.pick([0, 1, 2, 3]))]
        if kind == "choice":
            return self.pick([*CHOICES, "OPEN", "closed", "unheard of"])
        return self.text()

    def event(self, number):
        event = {"event": self.pick(EVENTS), "id": f"e{number}", "at": START // 1000 + number * 7 + self.pick([0, 3, 6])}
        for name, field in FIELDS.items():
            first, second = name.split(".")
            if "entity" in field or self.chance(0.15):
                continue
            value = self.pick(["one", "two", "One"]) if second == "id" and self.chance(0.95) else self.json_value(field)
            event.setdefault(first, {})[second] = value
        return event
