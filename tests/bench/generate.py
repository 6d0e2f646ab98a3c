"""Makes rule sets of any size, always the same for the same seed.

follow_up(count): conjunctions of 2 to 5 conditions over 12 fields, with ranges,
sets, tags had and lacked, prefixes and suffixes, presence.

usage: generate.py COUNT > rules.rules
"""

import random
import sys

COUNTRIES = ["US", "CA", "GB", "DE", "FR", "ES", "IE", "AU", "JP", "BR", "IN", "NL"]
TAGS = [f"tag {number}" for number in range(60)]
DOMAINS = [f"company{number}.example" for number in range(400)]
PATHS = ["/pricing", "/docs", "/signup", "/blog", "/enterprise", "/contact"]

HEAD = """field lead.score : number
field lead.visits : number
field lead.plan : choice of "free", "team", "business", "enterprise"
field page.path : text

ruleset "Generated" on lead.qualified
"""


def quoted(items):
    return ", ".join(f'"{item}"' for item in items)


def condition(random_source, kind):
    """One condition; kinds keep the fields of one rule apart."""
    pick = random_source
    if kind == 0:
        low = pick.randrange(0, 5000)
        return f"company.size between {low} and {low + pick.randrange(1, 400)}"
    if kind == 1:
        return f"lead.score >= {pick.randrange(0, 1000)}"
    if kind == 2:
        return f"contact.country is one of [{quoted(pick.sample(COUNTRIES, pick.randrange(1, 5)))}]"
    if kind == 3:
        return f'conversation.tags has "{pick.choice(TAGS)}"'
    if kind == 4:
        return f"conversation.tags has none of [{quoted(pick.sample(TAGS, 3))}]"
    if kind == 5:
        return f'contact.email ends with "@{pick.choice(DOMAINS)}"'
    if kind == 6:
        return f'page.path starts with "{pick.choice(PATHS)}/{pick.randrange(0, 50)}"'
    if kind == 7:
        return f'lead.plan is "{pick.choice(["free", "team", "business", "enterprise"])}"'
    if kind == 8:
        return f"lead.visits < {pick.randrange(1, 200)}"
    if kind == 9:
        return "contact.name is known"
    if kind == 10:
        return "conversation.prompted" if pick.random() < 0.5 else "conversation.prompted is missing"
    return f'company.name is "Company {pick.randrange(0, 2000)}"'


def follow_up(count, seed=1):
    """The text of a .rules file with `count` rules."""
    pick = random.Random(seed)
    lines = [HEAD]
    for number in range(count):
        kinds = pick.sample(range(12), pick.randrange(2, 6))
        conditions = "\n     and ".join(condition(pick, kind) for kind in kinds)
        lines.append(f'  rule "Rule {number}"\n    when {conditions}\n    then intercom.tag("Tag {number % 100}")\n')
    return "use intercom\n\n" + "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(follow_up(int(sys.argv[1])))
