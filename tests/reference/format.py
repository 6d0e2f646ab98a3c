"""Formats random programs, with comments and odd white space, and has
format_check judge them.

usage: format.py FORMAT_CHECK COUNT
"""

import subprocess
import sys
import tempfile

import programs


def main():
    with tempfile.TemporaryDirectory() as folder:
        programs.write_all(int(sys.argv[2]), folder, 1)
        return subprocess.run([sys.argv[1], folder], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
