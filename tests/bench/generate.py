"""Makes rule sets of any size and events for them, always the same for the same seed.

FollowUp(count): conjunctions of 2 to 5 conditions over 12 fields, with ranges,
sets, tags had and lacked, prefixes and suffixes, presence. Each rule has one
condition that few events fulfil, and most events are made for one rule, chosen
evenly: so the winners are spread over all rules, as they are where each rule
was written for a case of its own.

usage: generate.py COUNT [EVENTS]    the rules, or that many events, on standard output
"""

import json
import random
import sys

COUNTRIES = ["US", "CA", "GB", "DE", "FR", "ES", "IE", "AU", "JP", "BR", "IN", "NL"]
TAGS = [f"tag {number}" for number in range(60)]
PATHS = ["/pricing", "/docs", "/signup", "/blog", "/enterprise", "/contact"]
PLANS = ["free", "team", "business", "enterprise"]

HEAD = """use intercom

field lead.score : number
field lead.visits : number
field lead.plan : choice of "free", "team", "business", "enterprise"
field page.path : text

ruleset "Generated" on lead.qualified
"""


def quoted(items):
    return ", ".join(f'"{item}"' for item in items)


class FollowUp:
    """`rules`: a list of conditions per rule, each (kind, parameters)."""

    SELECTIVE = ["size", "email", "path", "company"]
    BROAD = ["score", "country", "has", "none", "plan", "visits", "known", "prompted"]

    def __init__(self, count, seed=1):
        self.pick = random.Random(seed)
        self.spread = max(count, 20)  # how many different companies there are
        self.rules = [self.rule() for _ in range(count)]

    # ---- rules ----

    def rule(self):
        kinds = [self.pick.choice(self.SELECTIVE)]
        others = [kind for kind in self.BROAD + self.SELECTIVE if kind not in kinds]
        kinds += self.pick.sample(others, self.pick.randrange(1, 5))
        self.pick.shuffle(kinds)
        return [(kind, self.parameters(kind)) for kind in kinds]

    def parameters(self, kind):
        pick = self.pick
        if kind == "size":
            low = pick.randrange(0, 50 * self.spread)
            return low, low + pick.randrange(1, 400)
        if kind == "score":
            return pick.randrange(0, 1000)
        if kind == "country":
            return pick.sample(COUNTRIES, pick.randrange(1, 5))
        if kind == "has":
            return pick.choice(TAGS)
        if kind == "none":
            return pick.sample(TAGS, 3)
        if kind == "email":
            return f"@company{pick.randrange(0, self.spread)}.example"
        if kind == "path":
            return f"{pick.choice(PATHS)}/{pick.randrange(0, max(self.spread // 6, 10))}/"
        if kind == "plan":
            return pick.choice(PLANS)
        if kind == "visits":
            return pick.randrange(1, 200)
        if kind == "prompted":
            return pick.random() < 0.5
        if kind == "company":
            return f"Company {pick.randrange(0, self.spread)}"
        return None

    @staticmethod
    def written(kind, value):
        return {"size": lambda: f"company.size between {value[0]} and {value[1]}",
                "score": lambda: f"lead.score >= {value}",
                "country": lambda: f"contact.country is one of [{quoted(value)}]",
                "has": lambda: f'conversation.tags has "{value}"',
                "none": lambda: f"conversation.tags has none of [{quoted(value)}]",
                "email": lambda: f'contact.email ends with "{value}"',
                "path": lambda: f'page.path starts with "{value}"',
                "plan": lambda: f'lead.plan is "{value}"',
                "visits": lambda: f"lead.visits < {value}",
                "known": lambda: "contact.name is known",
                "prompted": lambda: "conversation.prompted" if value else "conversation.prompted is missing",
                "company": lambda: f'company.name is "{value}"'}[kind]()

    def text(self):
        """The .rules file."""
        lines = [HEAD]
        for number, rule in enumerate(self.rules):
            conditions = "\n     and ".join(self.written(*condition) for condition in rule)
            lines.append(f'  rule "Rule {number}"\n    when {conditions}\n'
                         f'    then intercom.tag("Tag {number % 100}")\n')
        return "\n".join(lines)

    # ---- events: a flat dictionary; a field that is missing is not in it ----

    def event(self, rule=None):
        pick = self.pick
        event = {"size": pick.randrange(0, 50 * self.spread), "score": pick.randrange(0, 1000),
                 "visits": pick.randrange(0, 200), "country": pick.choice(COUNTRIES), "plan": pick.choice(PLANS),
                 "tags": pick.sample(TAGS, pick.randrange(0, 5)), "company": self.parameters("company"),
                 "email": f"who{pick.randrange(1000)}{self.parameters('email')}",
                 "path": f"{self.parameters('path')}page{pick.randrange(100)}"}
        if pick.random() < 0.7:
            event["name"] = f"Person {pick.randrange(1000)}"
        if pick.random() < 0.5:
            event["prompted"] = pick.random() < 0.5
        for kind, value in rule or []:
            self.fulfil(event, kind, value)
        return event

    def fulfil(self, event, kind, value):
        pick = self.pick
        if kind == "size":
            event["size"] = pick.randint(*value)
        elif kind == "score":
            event["score"] = pick.randint(value, 1000)
        elif kind == "country":
            event["country"] = pick.choice(value)
        elif kind == "has":
            event["tags"] = [*event["tags"], value]
        elif kind == "none":
            event["tags"] = [tag for tag in event["tags"] if tag not in value]
        elif kind == "email":
            event["email"] = "who" + value
        elif kind == "path":
            event["path"] = value + "page"
        elif kind == "visits":
            event["visits"] = pick.randrange(0, value)
        elif kind == "known":
            event["name"] = "Person"
        elif kind == "prompted":
            event.pop("prompted", None)
            if value:
                event["prompted"] = True
        else:
            event[kind] = value

    def events(self, count):
        """Nine of ten are made for a rule, evenly over all of them."""
        made = [self.event(self.rules[number * len(self.rules) // count] if number % 10 else None)
                for number in range(count)]
        self.pick.shuffle(made)
        return made

    @staticmethod
    def delivery(event, number):
        """The event in the product's own shape."""
        shape = {"event": "lead.qualified", "id": f"e{number}", "at": 1763700000,
                 "company": {"size": event["size"], "name": event["company"]},
                 "lead": {"score": event["score"], "visits": event["visits"], "plan": event["plan"]},
                 "contact": {"country": event["country"], "email": event["email"]},
                 "page": {"path": event["path"]}, "conversation": {"id": f"c{number}", "tags": event["tags"]}}
        if "name" in event:
            shape["contact"]["name"] = event["name"]
        if "prompted" in event:
            shape["conversation"]["prompted"] = event["prompted"]
        return json.dumps(shape)


def follow_up(count, seed=1):
    """The text of a .rules file with `count` rules."""
    return FollowUp(count, seed).text()


if __name__ == "__main__":
    made = FollowUp(int(sys.argv[1]))
    if len(sys.argv) > 2:
        for position, one in enumerate(made.events(int(sys.argv[2]))):
            print(made.delivery(one, position))
    else:
        sys.stdout.write(made.text())
