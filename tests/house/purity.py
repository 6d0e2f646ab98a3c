"""The core is pure: its library calls nothing that does I/O, reads a clock or
the environment, prints or ends the process, and holds no writable data.

usage: purity.py LIBRARY.a
"""

import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"^(printf|fprintf|vprintf|vfprintf|puts|putchar|fputs|fputc|fwrite|fread|perror|fopen|open|openat|read|write|"
    r"close|socket|connect|mmap|getenv|secure_getenv|setenv|time|clock|clock_gettime|gettimeofday|localtime|gmtime|"
    r"strftime|setlocale|rand|random|srand|exit|_exit|abort|system|popen|fork|stdout|stderr|stdin|dlopen|signal|"
    r"__printf_chk|__fprintf_chk)$")
# assert's own failure path is ours to call, never the user's to reach.
WRITABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)(?!\.rel\.ro)")


def main():
    listing = subprocess.run(["nm", "--format=sysv", sys.argv[1]], capture_output=True, text=True, check=True).stdout
    passed = failed = 0
    member = "?"
    for line in listing.splitlines():
        if "[" in line and line.endswith(":"):
            member = line.split("[")[-1].rstrip("]:")
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 7 or fields[0] == "Name":
            continue
        name, kind, section = fields[0], fields[2], fields[6]
        if kind == "U" and FORBIDDEN.match(name):
            print(f"{member}: calls {name}")
            failed += 1
        elif WRITABLE.match(section):
            print(f"{member}: writable data {name}")
            failed += 1
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
