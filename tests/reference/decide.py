"""Whole decisions of the slow interpreter: rulesets, allowances, guards, state,
raised events, across the events of one file."""

from interpret import Context, as_text, evaluate, holds, markup, read_value


def json_value(value):
    if isinstance(value, tuple):
        return as_text(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def shown_text(node, kind, context):
    """Text for people: what the author wrote is markup already, values are escaped."""
    if node[0] == "literal" and isinstance(node[1], str):
        return node[1]
    if node[0] == "template":
        return "".join(piece if isinstance(piece, str) else shown_text(piece[1], kind, context) for piece in node[1])
    if node[0] == "fallback":
        value = evaluate(node[1], context)
        return shown_text(node[2], kind, context) if value is None else markup(as_text(value), kind)
    return markup(as_text(evaluate(node, context)), kind)


class Run:
    """One dry run: its state and allowances live from event to event."""

    def __init__(self, program):
        self.program = program
        self.states = {}
        self.spent = {}

    def event(self, event, clock):
        """All decisions of one event, in order."""
        values = {}
        for name, declared in self.program["fields"].items():
            if "entity" not in declared:
                first, second = name.split(".")
                inner = event.get(first)
                values[name] = read_value(declared, inner.get(second) if isinstance(inner, dict) else None)
        return self.cascade(event["event"], values, clock)

    def cascade(self, kind, values, clock):
        decisions = []
        waiting = [(kind, values)]
        while waiting:
            kind, values = waiting.pop(0)
            before = dict(self.states)
            raised = []
            for ruleset in self.program["rulesets"]:
                if kind in ruleset["events"]:
                    context = Context(self.program, values, clock, before)
                    decisions.append(self.decide(ruleset, context, raised))
            waiting += raised
        return decisions

    def decide(self, ruleset, context, raised):
        for rule in ruleset["rules"]:
            if self.matches(ruleset, rule, context):
                for uses in {id(uses): uses for uses in (self.uses(ruleset, rule, allowance, context)
                                                         for allowance in rule["allowances"])}.values():
                    uses.append(context.clock)  # one win, however many allowances count by the same
                actions = []
                for action in rule["actions"]:
                    actions += self.act(action, context, raised)
                return {"ruleset": ruleset["title"], "rule": rule["title"], "actions": actions}
        return {"ruleset": ruleset["title"], "rule": None, "actions": []}

    def uses(self, ruleset, rule, allowance, context):
        entity = allowance["entity"]
        key = context.values.get(entity) if entity else ""
        if entity and not key:
            return None
        return self.spent.setdefault((ruleset["title"], rule["title"], entity, key), [])

    def matches(self, ruleset, rule, context):
        if rule["when"] is not None and not holds(rule["when"], context):
            return False
        if rule["unless"] is not None and holds(rule["unless"], context):
            return False
        for allowance in rule["allowances"]:
            uses = self.uses(ruleset, rule, allowance, context)
            if uses is None:
                return False
            period = allowance["period"]
            used = [at for at in uses if at <= context.clock and (period == 0 or at > context.clock - period)]
            if len(used) >= allowance["count"]:
                return False
        return True

    def act(self, action, context, raised):
        if action["do"] == "set":
            return self.set_state(action, context)
        each = next((argument for argument in action["args"] if argument["each"]), None)
        repeats = [None] if each is None else evaluate(each["value"], context)
        done = []
        for item in repeats:
            arguments = {}
            for argument in action["args"]:
                value = item if argument["each"] else self.argument(argument, context)
                if value is not None or action["do"] == "emit":
                    arguments[argument["name"]] = value
            done.append(self.shown(action, arguments, context))
            if action["do"] == "emit":
                raised.append((action["event"], {**context.values, **arguments}))
        return done

    def argument(self, argument, context):
        if "markup" in argument:
            return shown_text(argument["value"], argument["markup"], context)
        return evaluate(argument["value"], context)

    def shown(self, action, arguments, context):
        """The action as `run --json` prints it."""
        shown = {"do": "emit" if action["do"] == "emit" else action["do"],
                 "args": {name: json_value(value) for name, value in arguments.items()}}
        if action["do"] == "emit":
            shown["event"] = action["event"]
        if action["after"]:
            shown["after"] = action["after"] // 1000
        if action["unless"]:
            shown["unless"] = action["unless"]
        for guard in self.program["guards"]:
            service = action["do"].split(".")[0] + ".*"
            if (action["do"] in guard["masks"] or service in guard["masks"]) and holds(guard["when"], context):
                shown["blocked_by"] = guard["title"]
                break
        return shown

    def set_state(self, action, context):
        declared = self.program["fields"][action["field"]]
        key = context.values.get(declared["entity"])
        value = evaluate(action["value"], context)
        if key:
            self.states[action["field"], key] = value
        return [{"do": "set", "field": action["field"], "key": key or None, "value": json_value(value)}]
