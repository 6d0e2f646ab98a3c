#!/usr/bin/env python3
"""Runs every fenced example of the documentation.

    run.py --sluice build/tools/cli/sluice --rules rules [--update] PAGE.md...

What a fence says after its language decides what happens to the block:

    ```rules                        a whole file: no error, no warning, in the one layout
    ```rules finding=CODE           a whole file: has this finding
    ```rules fragment=conditions    each line a condition; one that starts with
                                    `and` or `or` goes on with the line before
    ```rules fragment=actions       what stands after `then`
    ```rules fragment=rule          members of a ruleset
    ```rules with=NAME              … linted together with the block `name=NAME`
    ```LANGUAGE file=PATH           is written to the page's scratch folder
    ```diff file=PATH               changes that file: `-` lines become `+` lines
    ```console                      `$ command` lines and all that they print
    ```json output                  what the last command printed, laid out
    ```text output                  what the last command printed on standard output

Other blocks are left alone. The scratch folder holds a copy of the rule sets
as `rules/`. `$ ` starts a command, `> ` continues it; a command is run by bash
with the exit status of the one before it in `$?`. `--update` writes what was
printed into the pages.
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(?P<language>\w+)(?: (?P<words>.*))?$")
SECONDS = 60  # one command may take this long
LISTENS_TO = "conversation.started"
SERVICES = "use intercom, slack, salesforce, segment, github, survey, interakt, http\n"
CONTINUES = ("and ", "or ", " ")


class BadPage(Exception):
    """The page itself cannot be read."""


class Block:
    def __init__(self, page, line, language, words):
        self.page, self.line, self.language = page, line, language
        self.options = dict(word.partition("=")[::2] for word in (words or "").split())
        self.lines = []

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)

    @property
    def place(self):
        return f"{self.page.name}:{self.line}"


def parse(page):
    """The page as a list of lines and blocks, in order."""
    parts, block = [], None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if block is not None:
            if line == "```":
                block = None
                parts.append(line)
            else:
                block.lines.append(line)
        elif fence:
            block = Block(page, number, fence["language"], fence["words"])
            parts += [line, block]
        else:
            parts.append(line)
    if block is not None:
        raise BadPage(f"{block.place}: the block has no end")
    return parts


def split_conditions(lines):
    conditions = []
    for line in filter(str.strip, lines):
        if conditions and line.startswith(CONTINUES):
            conditions[-1] += "\n" + line
        else:
            conditions.append(line)
    return conditions


def wrap(block):
    """A fragment as a whole file."""
    fragment = block.options.get("fragment")
    head = f'{SERVICES}ruleset "Example" on {LISTENS_TO}\n'
    if fragment is None:
        return block.text
    if fragment == "conditions":
        # A ruleset for each: what one holds for must not be held against the next.
        return SERVICES + "".join(
            f'ruleset "{i}" on {LISTENS_TO}\nrule "{i}"\nwhen {condition}\nthen record("Example")\n'
            for i, condition in enumerate(split_conditions(block.lines)))
    if fragment == "actions":
        return f'{head}rule "Example"\nwhen conversation.id is known\nthen\n{block.text}'
    if fragment == "rule":
        return head + block.text
    raise BadPage(f"{block.place}: no such fragment: {fragment}")


class Runner:
    """One page: its scratch folder, what its commands printed, what failed."""

    def __init__(self, page, options):
        self.page, self.options = page, options
        self.passed = self.failed = 0
        self.named = {}
        self.printed = ""
        self.status = 0
        self.scratch = None
        self.environment = dict(os.environ, NO_COLOR="1", LC_ALL="C.UTF-8", TZ="UTC",
                                PATH=f"{options.sluice.parent}:{os.environ['PATH']}")

    def run(self):
        parts = parse(self.page)
        with tempfile.TemporaryDirectory() as scratch:
            self.scratch = pathlib.Path(scratch, "work")
            shutil.copytree(self.options.rules, self.scratch / "rules")
            for part in parts:
                if isinstance(part, Block):
                    self.run_block(part)
        if self.options.update:
            text = "".join(part.text if isinstance(part, Block) else part + "\n" for part in parts)
            self.page.write_text(text, encoding="utf-8")

    def run_block(self, block):
        if block.language == "diff" and "file" in block.options:
            self.change(block)
        elif "file" in block.options:
            self.write(block)
        elif block.language == "rules":
            self.lint(block)
        elif block.language == "console":
            self.run_console(block)
        elif "output" in block.options:
            self.compare_output(block)

    def say(self, block, trouble):
        """Counts one example; `trouble` is empty when all is well."""
        self.passed += not trouble
        self.failed += bool(trouble)
        if trouble:
            print(f"{block.place}: {trouble}")

    # ---- files ----

    def path_of(self, block):
        path = (self.scratch / block.options["file"]).resolve()
        if self.scratch.resolve() not in path.parents:
            raise BadPage(f"{block.place}: the file is outside of the scratch folder")
        return path

    def write(self, block):
        if block.language == "rules":
            self.lay_out(block)
        path = self.path_of(block)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    def change(self, block):
        path = self.path_of(block)
        old = "".join(line[1:] + "\n" for line in block.lines if not line.startswith("+"))
        new = "".join(line[1:] + "\n" for line in block.lines if not line.startswith("-"))
        text = path.read_text(encoding="utf-8")
        found = text.count(old)
        self.say(block, "" if found == 1 else f"the lines occur {found} times in {path.name}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    # ---- rules ----

    def lay_out(self, block):
        """A whole file stands in the one layout; what cannot be read is left to the linter."""
        formatted = subprocess.run([self.options.sluice, "fmt", "-"], input=block.text, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True, timeout=SECONDS, check=False)
        if formatted.returncode == 0:
            self.compare(block, formatted.stdout.splitlines())

    def lint(self, block):
        if "fragment" not in block.options:
            self.lay_out(block)
        if "name" in block.options:
            self.named[block.options["name"]] = block.text
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "example.rules").write_text(wrap(block), encoding="utf-8")
            if "with" in block.options:
                pathlib.Path(folder, "before.rules").write_text(self.named[block.options["with"]], encoding="utf-8")
            linted = subprocess.run([self.options.sluice, "lint", "--json", folder], stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True, timeout=SECONDS, check=False)
        findings = [json.loads(line) for line in linted.stdout.splitlines()]
        wanted = block.options.get("finding")
        if wanted:
            codes = sorted({finding["code"] for finding in findings})
            self.say(block, "" if wanted in codes else f"no finding {wanted}, but {codes}")
            return
        bad = [f"{finding['line']}: {finding['severity']}[{finding['code']}]: {finding['message']}"
               for finding in findings if finding["severity"] != "hint"]
        if not findings and linted.returncode != 0:
            bad = [linted.stderr]
        self.say(block, "\n".join(["", *bad]) if bad else "")

    # ---- commands ----

    def run_console(self, block):
        produced, command = [], None
        for line in block.lines + ["$ "]:
            if command is not None and line.startswith("> "):
                command.append(line)
                continue
            if line.startswith("$ "):
                if command is not None:
                    produced += command + self.run_command("\n".join(text[2:] for text in command))
                command = [line]
            elif command is None:
                raise BadPage(f"{block.place}: the block does not start with a command")
        self.compare(block, produced)

    def run_command(self, command):
        """The lines that it prints, standard error among them."""
        script = f"(exit {self.status})\n{command}"
        finished = subprocess.run(["bash", "-c", script], cwd=self.scratch, env=self.environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, timeout=SECONDS, check=False)
        self.status, self.printed = finished.returncode, finished.stdout
        return finished.stdout.splitlines()

    def compare(self, block, produced):
        if block.lines == produced:
            self.say(block, "")
            return
        if self.options.update:
            block.lines = produced
            self.say(block, "")
            return
        difference = difflib.unified_diff(block.lines, produced, "the page", "the program", lineterm="")
        self.say(block, "\n".join(["", *difference]))

    def compare_output(self, block):
        if block.language != "json":
            self.compare(block, self.printed.splitlines())
            return
        try:
            printed = json.loads(self.printed)
        except ValueError:
            self.say(block, f"the command printed no JSON value: {self.printed}")
            return
        try:
            same = json.loads(block.text) == printed
        except ValueError:
            same = False
        if same:
            self.say(block, "")
        else:
            self.compare(block, json.dumps(printed, indent=2, ensure_ascii=False).splitlines())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sluice", type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--rules", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    passed = failed = 0
    for page in options.pages:
        runner = Runner(page, options)
        try:
            runner.run()
        except BadPage as mistake:
            print(mistake)
            runner.failed += 1
        passed += runner.passed
        failed += runner.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
