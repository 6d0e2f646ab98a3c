#!/usr/bin/env python3
"""Runs text cases: files, command lines and their whole output in one .case file.

    run.py --sluice build/tools/cli/sluice [--update] [FOLDER|CASE]...

A case, line by line:

    # what it shows
    --- common.rules          a file for every command of the case
    …
    $ sluice lint a.rules     a command line for the shell, in a scratch folder
    --- a.rules               a file, written before this command runs
    …
    --- stdin                 what it reads; nothing when left out
    --- stdout                compared exactly; not compared when left out
    --- stderr                the same
    --- exit 1                its exit status; 0 when left out

A name with a dot or a slash is a file. Blank lines at the end of a section do
not belong to it. `escaped` after a name undoes \\n, \\t, \\r, \\\\ and \\xNN, and
then no line end counts but the written ones.
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SECTION = re.compile(r"^--- (?P<name>\S+)(?: (?P<status>\d+))?(?P<escaped> escaped)?$")
STREAMS = ("stdout", "stderr")
SECONDS = 120  # one command may take this long: sanitizers on a busy machine are slow


class BadCase(Exception):
    """The case file itself cannot be read."""


class Section:
    def __init__(self, name, escaped, status, line):
        self.name, self.escaped, self.status, self.line = name, escaped, status, line
        self.lines = []

    @property
    def is_file(self):
        return "." in self.name or "/" in self.name

    def content(self):
        lines = list(self.lines)
        while lines and not lines[-1]:
            lines.pop()
        if self.escaped:
            return unescape("".join(lines), self.line)
        return "".join(line + "\n" for line in lines).encode()

    def take_blank_tail(self):
        tail = []
        while self.lines and not self.lines[-1]:
            tail.append(self.lines.pop())
        return tail


class Command:
    def __init__(self, text):
        self.text, self.sections = text, []

    def find(self, name):
        return next((section for section in self.sections if section.name == name), None)


class Case:
    """The parts of a case file in their order, so that it can be written again."""

    def __init__(self, path):
        self.path = path
        self.head, self.files, self.commands = [], [], []
        section = None
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            match = SECTION.match(line)
            if line.startswith("$ "):
                self.commands.append(Command(line[2:]))
                section = None
            elif match:
                section = self.open_section(match, number)
            elif section:
                section.lines.append(line)
            elif self.commands:
                if line:
                    raise BadCase(f"{path}:{number}: a line outside of any section: {line}")
            else:
                self.head.append(line)
        if not self.commands:
            raise BadCase(f"{path}: no command line")

    def open_section(self, match, number):
        name, status = match["name"], match["status"]
        section = Section(name, bool(match["escaped"]), int(status) if status else None, number)
        known = section.is_file or name == "exit" or (name in STREAMS + ("stdin",) and self.commands)
        if not known or (name == "exit") != (status is not None):
            raise BadCase(f"{self.path}:{number}: no such section: {match[0]}")
        owner = self.commands[-1].sections if self.commands else self.files
        if any(other.name == name for other in owner):
            raise BadCase(f"{self.path}:{number}: a second section {name} for one command")
        owner.append(section)
        return section

    def text(self):
        lines = list(self.head)
        for section in self.files:
            lines += section_lines(section)
        for command in self.commands:
            lines.append("$ " + command.text)
            for section in command.sections:
                lines += section_lines(section)
        return "\n".join(lines).rstrip("\n") + "\n"


def section_lines(section):
    status = f" {section.status}" if section.status is not None else ""
    return [f"--- {section.name}{status}{' escaped' if section.escaped else ''}"] + section.lines


def unescape(text, line):
    def undo(match):
        word = match[1]
        if word[0] == "x":
            return bytes([int(word[1:], 16)])
        return {"n": b"\n", "t": b"\t", "r": b"\r", "\\": b"\\"}[word]

    out, at = b"", 0
    for match in re.finditer(r"\\(x[0-9A-Fa-f]{2}|[ntr\\])", text):
        out += text[at : match.start()].encode() + undo(match)
        at = match.end()
    rest = text[at:]
    if re.search(r"(?<!\\)\\(?![ntrx\\])", text):
        raise BadCase(f"line {line}: an escape that is not \\n, \\t, \\r, \\\\ or \\xNN")
    return out + rest.encode()


def escape(data):
    out = []
    for byte in data:
        special = {10: "\\n", 9: "\\t", 13: "\\r", 92: "\\\\"}.get(byte)
        out.append(special or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}"))
    # One line per line, for the reader; joined again when read.
    return "".join(out).replace("\\n", "\\n\n").rstrip("\n").split("\n")


def put_content(section, data):
    """Makes the section hold `data`, escaped where plain lines cannot."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = None
    lines = text.split("\n") if text is not None else []
    plain = text is not None and (not text or (text.endswith("\n") and not text.endswith("\n\n") and text != "\n"))
    plain = plain and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    plain = plain and not any(line.startswith("$ ") or SECTION.match(line) for line in lines)
    section.escaped = not plain
    section.lines = lines[:-1] if plain else escape(data)


class Result:
    def __init__(self, status, stdout, stderr):
        self.status, self.stdout, self.stderr = status, stdout, stderr


def run_command(command, folder, environment):
    stdin = command.find("stdin")
    process = subprocess.run(
        ["sh", "-c", command.text], cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False,
        input=stdin.content() if stdin else b"")
    return Result(process.returncode, process.stdout, process.stderr)


def write_files(sections, folder):
    for section in sections:
        if section.is_file:
            path = pathlib.Path(folder, section.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(section.content())


def shown(data):
    return data.decode(errors="backslashreplace").splitlines()


def differences(command, result):
    """What is not as expected, as lines for people; empty when all is."""
    out = []
    for name in STREAMS:
        section, actual = command.find(name), getattr(result, name)
        if section and section.content() != actual:
            out += difflib.unified_diff(shown(section.content()), shown(actual), f"{name} expected", f"{name} printed", lineterm="")
            if shown(section.content()) == shown(actual):
                out.append(f"{name}: only the line ends differ")
    status = command.find("exit")
    expected = status.status if status else 0
    if expected != result.status:
        out.append(f"exit {expected} expected, {result.status} was given")
        if not command.find("stderr"):
            out += shown(result.stderr)
    return out


def update(command, result):
    """Makes the expectations of the command those of `result`. Sections are
    added only where nothing was expected at all; the blank lines before the
    next command stay where they are."""
    sections = command.sections
    bare = not any(section.name in STREAMS + ("exit",) for section in sections)
    tail = sections[-1].take_blank_tail() if sections else [""]
    for name in STREAMS:
        section, actual = command.find(name), getattr(result, name)
        if not section and bare and actual:
            section = Section(name, False, None, 0)
            sections.append(section)
        if section and section.content() != actual:
            put_content(section, actual)
    status = command.find("exit")
    if status and not result.status:
        sections.remove(status)
    elif status:
        status.status = result.status
    elif result.status:
        sections.append(Section("exit", False, result.status, 0))
    if sections:
        sections[-1].lines += tail


def run_case(path, options):
    """(passed, report lines)"""
    folder = tempfile.mkdtemp(prefix="sluice-case-")
    environment = dict(os.environ, PATH=f"{options.sluice.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8", TZ="UTC", HOME=folder)
    environment.pop("NO_COLOR", None)
    try:
        case = Case(path)
        write_files(case.files, folder)
        report = []
        for command in case.commands:
            write_files(command.sections, folder)
            result = run_command(command, folder, environment)
            found = differences(command, result)
            if options.update:
                update(command, result)
            elif found:
                report += [f"$ {command.text}"] + found
        if options.update and case.text() != path.read_text(encoding="utf-8"):
            path.write_text(case.text(), encoding="utf-8")
            print(f"updated {path}")
        return not report, report
    except (BadCase, OSError, UnicodeDecodeError) as problem:
        return False, [str(problem)]
    except subprocess.TimeoutExpired as problem:
        return False, [f"no answer within {SECONDS} seconds: {problem.cmd[-1]}"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_cases(places):
    for place in places:
        if place.is_dir():
            yield from sorted(place.rglob("*.case"))
        else:
            yield place


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sluice", type=pathlib.Path, help="the program under test")
    parser.add_argument("--areas", type=pathlib.Path, help="only list the folders of cases in this one")
    parser.add_argument("--update", action="store_true", help="write what was printed into the cases")
    parser.add_argument("places", nargs="*", type=pathlib.Path, default=[pathlib.Path(__file__).parent])
    options = parser.parse_args()
    if options.areas:
        print("\n".join(sorted({case.relative_to(options.areas).parts[0] for case in options.areas.rglob("*.case")})))
        return 0
    if not options.sluice:
        parser.error("--sluice is needed")
    options.sluice = options.sluice.resolve()
    if not options.sluice.is_file():
        parser.error(f"there is no program {options.sluice}")
    cases = list(find_cases(options.places))
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, (good, report) in zip(cases, pool.map(lambda path: run_case(path, options), cases)):
            passed += good
            failed += not good
            if not good:
                print(f"FAILED {path}")
                print("\n".join("  " + line for line in report))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
