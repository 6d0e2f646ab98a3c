"""What the programs here share: named checks, counted; the last line says how many held."""

import sys
import traceback


class Checks:
    def __init__(self):
        self.functions = []

    def __call__(self, function):
        self.functions.append(function)
        return function

    def run(self):
        failed = 0
        for function in self.functions:
            try:
                function()
            except AssertionError:
                failed += 1
                print(f"FAILED {function.__name__}")
                traceback.print_exc(file=sys.stdout)
        print(f"{len(self.functions) - failed} passed, {failed} failed")
        sys.exit(1 if failed else 0)
