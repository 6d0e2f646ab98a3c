"""Makes rules that all look into one text, and messages of 255 bytes for them, always the same for the same seed.

Two rules in three look for any of two to six phrases, the third for a regular expression: so 1,000 rules have about
3,000 patterns. Every second message holds what one of the rules looks for, chosen evenly over all rules.

usage: spam.py PATTERNS [EVENTS] [--rules] [--list]
    the rules with at least that many patterns (--rules: that many rules), or that many events, on standard output;
    --list: instead the bare patterns, one a line, `phrase` or `expression`, a tab, the pattern: for a bare scanner
"""

import argparse
import json
import random
import sys

MESSAGE_BYTES = 255
PHRASES_PART = 2 / 3  # of the rules

OPENINGS = ["free", "cheap", "best", "win", "earn", "make", "claim", "exclusive", "urgent", "instant", "guaranteed",
            "limited", "verified", "secret", "easy", "double", "premium", "private", "official", "lowest"]
THINGS = ["money", "bitcoin", "casino", "loan", "prize", "watches", "followers", "pills", "traffic", "ranking",
          "credit", "investment", "bonus", "lottery", "voucher", "crypto", "backlinks", "insurance", "gift", "trading"]
ORDINARY = """hello thanks for your help with the order we placed last week and is there any way to change address of
delivery because our office moved in march also could you tell me whether invoice can be sent by mail to colleague who
looks after billing she asked about it when we spoke on monday please let know what else you need from us account page
shows an old plan but we pay for another one since april it would be great if somebody could look into this today""".split()
LEET = {"a": "[a4]", "e": "[e3]", "i": "[i1]", "o": "[o0]", "s": "[s5]"}
ENDINGS = ["xyz", "top", "shop", "click", "loan"]

HEAD = """use intercom

ruleset "Generated" on conversation.started
"""


class Spam:
    """`rules`: per rule ("phrases", [phrase, ...]) or ("expression", pattern, an example of it)."""

    def __init__(self, count, seed=1, in_rules=False):
        self.pick = random.Random(seed)
        self.seen = set()
        self.rules = []
        size = 0
        while size < count:
            self.rules.append(self.phrases() if self.pick.random() < PHRASES_PART else self.expression())
            size += 1 if in_rules else len(self.rules[-1][1]) if self.rules[-1][0] == "phrases" else 1

    # ---- patterns ----

    def coined(self):
        """A word that is in no dictionary, such as a name of a product."""
        return "".join(self.pick.choice("bcdfgklmnprstvz") + self.pick.choice("aeiou")
                       for _ in range(self.pick.randrange(2, 5)))

    def new(self, make):
        """What `make` gives, until it is something that was not there yet."""
        while True:
            made = make()
            if made not in self.seen:
                self.seen.add(made)
                return made

    def phrase(self):
        pick = self.pick
        return pick.choice([lambda: f"{pick.choice(OPENINGS)} {self.coined()} {pick.choice(THINGS)}",
                            lambda: f"{self.coined()} {pick.choice(THINGS)}",
                            lambda: f"{pick.choice(OPENINGS)} {self.coined()}",
                            lambda: f"{pick.choice(THINGS)} from {self.coined().capitalize()}",
                            lambda: f"{self.coined()}-{self.coined()}.example"])()

    def phrases(self):
        return "phrases", [self.new(self.phrase) for _ in range(self.pick.randrange(2, 7))]

    def spaced(self):
        first, last, some = self.pick.choice(OPENINGS), self.coined(), self.pick.sample(THINGS, 3)
        return f"{first}\\s+(?:{'|'.join(some)})\\s+{last}", f"{first}  {some[1]} {last}"

    def disguised(self):
        word, thing = self.coined(), self.pick.choice(THINGS)
        pattern = "".join(LEET.get(letter, letter) for letter in word) + "\\W{0,3}" + thing
        return pattern, word.replace("o", "0").replace("e", "3") + " * " + thing

    def amount(self):
        verb, word = self.pick.choice(["earn", "make", "win"]), self.coined()
        return f"{verb}\\s+\\$?\\d{{2,5}}\\s+{word}", f"{verb} ${self.pick.randrange(10, 99999)} {word}"

    def address(self):
        word, ending = self.coined(), self.pick.choice(ENDINGS)
        return f"https?:\\/\\/(?:[a-z0-9-]+\\.)*{word}\\d*\\.{ending}", f"http://www.{word}7.{ending}"

    def code(self):
        word = self.coined()
        return f"\\b{word}[- ]?[a-z]{{2}}\\d{{4}}\\b", f"{word}-ab{self.pick.randrange(1000, 9999)}"

    def expression(self):
        return ("expression", *self.new(self.pick.choice([self.spaced, self.disguised, self.amount, self.address,
                                                          self.code])))

    def patterns(self):
        """Each as (kind, text)."""
        for rule in self.rules:
            if rule[0] == "phrases":
                yield from (("phrase", text) for text in rule[1])
            else:
                yield "expression", rule[1]

    def text(self):
        """The .rules file."""
        lines = [HEAD]
        for number, rule in enumerate(self.rules):
            if rule[0] == "phrases":
                condition = f"message.body contains any of [{', '.join(json.dumps(text) for text in rule[1])}]"
            else:
                condition = f"message.body matches /{rule[1]}/"
            lines.append(f'  rule "Rule {number}"\n    when {condition}\n'
                         f'    then intercom.tag("Tag {number % 100}")\n')
        return "\n".join(lines)

    # ---- events ----

    def message(self, rule=None):
        """255 bytes of ordinary words, with what the rule looks for somewhere among them."""
        pick = self.pick
        found = "" if rule is None else pick.choice(rule[1]) if rule[0] == "phrases" else rule[2]
        before = pick.randrange(0, MESSAGE_BYTES - 60)
        words = ""
        while len(words) < before:
            words += pick.choice(ORDINARY) + " "
        words += found.upper() if pick.random() < 0.2 else found
        while len(words) < MESSAGE_BYTES:
            words += " " + pick.choice(ORDINARY)
        return words[:MESSAGE_BYTES]

    def messages(self, count):
        made = [self.message(self.rules[number * len(self.rules) // count] if number % 2 else None)
                for number in range(count)]
        self.pick.shuffle(made)
        return made

    @staticmethod
    def delivery(message, number):
        """The event in the product's own shape."""
        return json.dumps({"event": "conversation.started", "id": f"e{number}", "at": 1763700000,
                           "conversation": {"id": f"c{number}"}, "message": {"body": message}})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("events", type=int, nargs="?")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    made = Spam(options.count, in_rules=options.rules)
    if options.list:
        for kind, text in made.patterns():
            print(f"{kind}\t{text}")
    elif options.events is not None:
        for number, message in enumerate(made.messages(options.events)):
            print(made.delivery(message, number))
    else:
        sys.stdout.write(made.text())


if __name__ == "__main__":
    main()
