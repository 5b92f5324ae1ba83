# SPDX-License-Identifier: Apache-2.0
"""What check-style, check-layers and metrics share: the tree's files, and the functions of a C or C++ file."""
import os
import re
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def tree():
    """Names of the files that belong to the tree: committed, or new and not ignored."""
    names = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=TOP, capture_output=True)
    if names.returncode == 0:
        found = names.stdout.decode().split("\0")
    else:  # an export without .git
        found = [os.path.relpath(os.path.join(d, f), TOP) for d, _, fs in os.walk(TOP) for f in fs]
    return sorted(f for f in set(found) if f and not f.startswith("build/") and os.path.isfile(os.path.join(TOP, f)))


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8", errors="replace") as f:
        return f.read().split("\n")


def strip(text):
    """The text without comments, strings and character constants, line by line."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def functions(lines):
    """(name, first line, number of lines, head comment) of each function. The length is from the opening brace's line to
    the closing one's; kernel style (brace alone in column 0), LLVM style and one-line functions are understood."""
    code = strip("\n".join(lines)).split("\n")
    found, i = [], 0
    while i < len(code):
        line = code[i]
        one = re.match(r"^[A-Za-z_].*?(\w+)\(.*\)[^;={]*\{.*\}\s*$", line)
        if one:
            found.append((one[1], i + 1, 1, ""))
        elif line.rstrip() == "{" or re.match(r"^[A-Za-z_}].*\)[^;=]*\{\s*$", line):
            end = next((j for j in range(i + 1, len(code)) if code[j].startswith("}")), len(code) - 1)
            start = i
            while start > 0 and lines[start - 1].strip() and not code[start - 1].rstrip().endswith((";", "}")):
                start -= 1
            head = " ".join(code[start:i + 1])
            name = re.search(r"([\w:~]+)\s*\(", head)
            comment = "\n".join(lines[max(0, start - 8):i + 1])
            if name and not re.match(r"\s*(namespace|extern|struct|union|enum|class)\b[^()]*\{", head):
                found.append((name[1], i + 1, end - i + 1, comment))
            i = end
        i += 1
    return found
