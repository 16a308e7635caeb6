#!/usr/bin/env python3
"""Small mistakes, made by a program: does each lose marks?

    bench/mutants.py ASSAY [--per N] [--jobs N] [ASSIGNMENT...]

changes one place of an assignment's reference at a time (an operator, a constant, an index, a term, a
statement), grades what comes out with the program ASSAY, and prints for each assignment how many mutants
compile, how many of these lose marks, and the others, the survivors, line by line. A mutant that compiles
to the reference's own instructions is no mutant and is not counted. EQUIVALENT lists the survivors that
a person has looked at and that compute the right thing all the same; they are counted apart.

The exit code is 1 where fewer than 99 % of the others lose marks. A full run takes about ten minutes,
with --per 100 twenty. docs/benchmarks.md has the table of one.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ASSIGNMENTS = ROOT / "fixtures" / "assignments"

Mutant = collections.namedtuple("Mutant", "file line before after text")

SWAPS = {
    " + ": [" - "], " - ": [" + "], " * ": [" / "], " / ": [" * "],
    " += ": [" -= ", " = "], " -= ": [" += ", " = "], " *= ": [" /= "], " /= ": [" *= "],
    " < ": [" <= ", " > "], " > ": [" >= ", " < "], " <= ": [" < "], " >= ": [" > "],
    " == ": [" != "], " != ": [" == "], " && ": [" || "], " || ": [" && "],
    "std::max(": ["std::min("], "std::min(": ["std::max("],
    "std::max_element(": ["std::min_element("],
    "std::abs(": ["("], "std::sqrt(": ["("], "std::exp(": ["("], "std::log(": ["("],
    "std::log1p(": ["("],
}
#: Pattern and what it becomes: indices, transpositions, constants, terms.
PATTERNS = [
    (re.compile(r"\[(\w+)\]"), r"[\1 + 1]"),
    (re.compile(r"(?<=\w)\((\w+), (\w+)\)"), r"(\2, \1)"),
    (re.compile(r"(?<![\w.\"])0(?![\w.])"), "1"),
    (re.compile(r"(?<![\w.\"])1(?![\w.])"), "2"),
    (re.compile(r"(?<![\w.\"])2(?![\w.])"), "1"),
    (re.compile(r" [+-] [\w.]+(?:\[[^][]*\]|\([^()]*\))?(?=[;,) ])"), ""),
    (re.compile(r"(?<=[ (])[\w.]+(?:\[[^][]*\]|\([^()]*\))? \* "), ""),
]
STATEMENT = re.compile(r"^\s*[\w.\[\](), +*-]+ (?:=|\+=|-=|\*=|/=) [^;]*;$")
DECLARATION = re.compile(r"^\s*(const|double|float|int|auto|std::|Matrix|Tensor|Vector|Row|bool|using)\b")
SKIPPED = re.compile(r"^\s*(//|#|using|namespace|template|struct|enum|}|static_assert)")
SIGNATURE = re.compile(r"^\w[^;]*$|\) (const )?{$")

#: (assignment, the line as it stands, what it became) of mutants that are right all the same.
EQUIVALENT = {
    # Kernels are square.
    ("attention", "const std::size_t width = keys.shape[2], positions = keys.shape[1] * width;",
     "const std::size_t width = keys.shape[2], positions = keys.shape[1 + 1] * width;"),
    ("attention", "const std::size_t width = keys.shape[2], positions = keys.shape[1] * width;",
     "const std::size_t width = keys.shape[2], positions = keys.shape[2] * width;"),
    ("attention", "for (std::size_t a = 0; a < keys.shape[1]; ++a)",
     "for (std::size_t a = 0; a < keys.shape[1 + 1]; ++a)"),
    ("attention", "for (std::size_t a = 0; a < keys.shape[1]; ++a)",
     "for (std::size_t a = 0; a < keys.shape[2]; ++a)"),
    ("attention", "for (std::size_t b = 0; b < keys.shape[2]; ++b) {",
     "for (std::size_t b = 0; b < keys.shape[1]; ++b) {"),
    ("attention", "const std::size_t positions = keys.shape[1] * keys.shape[2];",
     "const std::size_t positions = keys.shape[1] * keys.shape[1];"),
    # The first query sees one key: no gradient of its score.
    ("attention", "for (std::size_t i = 0; i < P.rows; ++i) {", "for (std::size_t i = 1; i < P.rows; ++i) {"),
    # Of tied elements each may have the gradient, and at 0 a ReLU passes on any share of it.
    ("convnet", "if (X(n, c, i, j) > X(n, c, h, w)) h = i, w = j;",
     "if (X(n, c, i, j) >= X(n, c, h, w)) h = i, w = j;"),
    ("convnet", "const std::size_t winner = z[i + 1] > z[i] ? i + 1 : i;",
     "const std::size_t winner = z[i + 1] >= z[i] ? i + 1 : i;"),
    ("convnet", "if (z[winner] > 0) dz[winner] += dv[i];", "if (z[winner] >= 0) dz[winner] += dv[i];"),
    # Exactly at the margin of a hinge any share of the gradient is right.
    ("losses",
     "gradient_of_differences(scores, y, upstream, dscores, [&](double d) { return d + margin > 0 ? 1.0 : 0.0; });",
     "gradient_of_differences(scores, y, upstream, dscores, [&](double d) { return d + margin >= 0 ? 1.0 : 0.0; });"),
    # Both branches of the sigmoid and of its logarithm are stable from 0 to 1.
    ("gan-losses", "if (z >= 0) return 1 / (1 + std::exp(-z));", "if (z >= 1) return 1 / (1 + std::exp(-z));"),
    ("gan-losses", "return z >= 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));",
     "return z > 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));"),
    ("gan-losses", "return z >= 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));",
     "return z >= 1 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));"),
    # A leaky ReLU is 0 at 0 either way, and passes on any share of the gradient from a fifth to all.
    ("gan-losses", "for (double& z : Z.data) z = z > 0 ? z : z / 5;",
     "for (double& z : Z.data) z = z >= 0 ? z : z / 5;"),
    ("gan-losses", "if (Z.data[i] <= 0) dZ.data[i] /= 5;", "if (Z.data[i] < 0) dZ.data[i] /= 5;"),
    # Both branches of the sigmoid are 1/2 at 0.
    ("gan-losses", "if (z >= 0) return 1 / (1 + std::exp(-z));", "if (z > 0) return 1 / (1 + std::exp(-z));"),
    # Any slope from -lambda to lambda is right at 0; exactly at the threshold both branches are 0.
    ("normalisation-regularisation", "for (double& w : dW.data) w = w > 0 ? lambda : w < 0 ? -lambda : 0;",
     "for (double& w : dW.data) w = w >= 0 ? lambda : w < 0 ? -lambda : 0;"),
    ("normalisation-regularisation", "for (double& w : Y.data) w = w > t ? w - t : w < -t ? w + t : 0;",
     "for (double& w : Y.data) w = w > t ? w - t : w <= -t ? w + t : 0;"),
    ("normalisation-regularisation", "for (double& w : Y.data) w = w > t ? w - t : w < -t ? w + t : 0;",
     "for (double& w : Y.data) w = w >= t ? w - t : w < -t ? w + t : 0;"),
}


def mutants_of(file):
    """Every mutant of one file, in the order of its lines."""
    lines = (file.read_text()).split("\n")
    found = []

    def add(number, after):
        changed = lines[:number] + [after] + lines[number + 1:]
        found.append(Mutant(file.name, number + 1, lines[number].strip(), after.strip(), "\n".join(changed)))

    for number, line in enumerate(lines):
        if not line.strip() or SKIPPED.match(line):
            continue
        code = line.split("//")[0].rstrip()
        loop = code.lstrip().startswith(("for ", "if ", "while ", "switch "))
        if SIGNATURE.search(code) and not loop:
            continue
        for old, news in SWAPS.items():
            for match in re.finditer(re.escape(old), code):
                for new in news:
                    add(number, code[:match.start()] + new + code[match.end():])
        for pattern, new in PATTERNS:
            for match in pattern.finditer(code):
                add(number, code[:match.start()] + match.expand(new) + code[match.end():])
        if STATEMENT.match(code) and not DECLARATION.match(code):
            add(number, re.match(r"\s*", code)[0] + ";")
    return found


def spread(found, most):
    """At most so many, evenly over the file."""
    if len(found) <= most:
        return found
    return [found[i * len(found) // most] for i in range(most)]


def instructions(path, folder, flags):
    """What the compiler makes of a file; nothing where it does not compile."""
    command = ["g++", "-std=c++20", "-O2", "-S", "-o", "-", *flags, f"-I{folder}",
               f"-I{ROOT / 'graders' / 'driver'}", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if run.returncode else re.sub(r"\t\.file.*|\t\.ident.*", "", run.stdout)


def graded_class(assay, assignment, folder, jobs):
    """The result of each submission in the folder, by its name."""
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([assay, "grade", str(assignment), str(folder), "--out", out, f"-j{jobs}"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        results = json.loads((pathlib.Path(out) / "results.json").read_text())
    return {one["id"]: one for one in results["submissions"]}


def was_run(one):
    """Neither a mutant that does not compile, nor one that the machine had no time for, tells anything."""
    return one["verdict"] not in ("did_not_compile", "harness_error", "cannot_tell")


def full_marks(one):
    return all(criterion["verdict"] == "accepted" for criterion in one["criteria"])


def grade_mutants(assay, name, most, jobs):
    """Counts of one assignment and its survivors."""
    own = pathlib.Path(name)
    assignment = own if (own / "assignment.toml").exists() else ASSIGNMENTS / name
    told = tomllib.loads((assignment / "assignment.toml").read_text())
    files = told["files"]
    every = [mutant for file in files for mutant in mutants_of(assignment / "reference" / file)]
    chosen = spread(every, most)
    with tempfile.TemporaryDirectory() as scratch:
        for number, mutant in enumerate(chosen):
            folder = pathlib.Path(scratch) / f"mutant-{number:04}"
            folder.mkdir()
            for file in files:
                text = (assignment / "reference" / file).read_text()
                (folder / file).write_text(mutant.text if file == mutant.file else text)
        graded = graded_class(assay, assignment, scratch, jobs)
        flags = [flag for flag in told.get("compiler", {}).get("flags", []) if not flag.startswith("-O")]
        counts = {"compile": 0, "lose marks": 0, "the same": 0, "equivalent": 0}
        survivors = []
        for number, mutant in enumerate(chosen):
            one = graded[f"mutant-{number:04}"]
            if not was_run(one):
                continue
            counts["compile"] += 1
            if not full_marks(one):
                counts["lose marks"] += 1
                continue
            path = pathlib.Path(scratch) / f"mutant-{number:04}" / mutant.file
            original = assignment / "reference" / mutant.file
            if instructions(path, assignment, flags) == instructions(original, assignment, flags):
                counts["the same"] += 1
            elif (name, mutant.before, mutant.after) in EQUIVALENT:
                counts["equivalent"] += 1
            else:
                survivors.append(mutant)
    return counts, survivors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("assay")
    parser.add_argument("--per", type=int, default=60, help="most mutants of an assignment")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("assignments", nargs="*")
    options = parser.parse_intermixed_args()
    names = options.assignments or sorted(p.name for p in ASSIGNMENTS.iterdir() if p.is_dir())
    print(f"{'assignment':30} compile  the same  equivalent  lose marks  survive")
    total, lost = 0, 0
    for name in names:
        counts, survivors = grade_mutants(options.assay, name, options.per, options.jobs)
        counted = counts["compile"] - counts["the same"] - counts["equivalent"]
        total, lost = total + counted, lost + counts["lose marks"]
        print(f"{name:30} {counts['compile']:7}  {counts['the same']:8}  {counts['equivalent']:10}  "
              f"{counts['lose marks']:10}  {len(survivors):7}", flush=True)
        for mutant in survivors:
            print(f"    {mutant.file}:{mutant.line}\n      {mutant.before}\n      {mutant.after}", flush=True)
    share = lost / total if total else 0
    print(f"{lost} of {total} lose marks: {100 * share:.1f} %")
    return 0 if share >= 0.99 else 1


if __name__ == "__main__":
    sys.exit(main())
