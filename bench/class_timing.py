#!/usr/bin/env python3
"""How long a class takes: copies of an assignment's demo class with small edits, graded by the program.

    bench/class_timing.py build/release/bin/assay fixtures/assignments/two-layer-net [--students 200] [--jobs 2]

Prints wall time, submissions per minute, the most memory that the grader had (for a tenth of the class and for
all of it: it should be flat), and the grader's own share of the processor time. Needs nothing but Python.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def make_class(assignment: pathlib.Path, folder: pathlib.Path, students: int) -> None:
    """Students in turn hand in one of the demo class, each with a comment and a constant of their own."""
    known = sorted(path for path in (assignment / "class").iterdir() if path.is_dir())
    if not known:
        sys.exit(f"{assignment}: there is no class to copy")
    for number in range(students):
        source = known[number % len(known)]
        target = folder / f"{source.name}-{number:03}"
        shutil.copytree(source, target)
        for file in target.glob("*.cpp"):
            with open(file, "a", encoding="utf-8") as text:
                text.write(f"\n// student {number}\nstatic const int student [[maybe_unused]] = {number};\n")


def grade(program: str, assignment: pathlib.Path, submissions: pathlib.Path, out: pathlib.Path, jobs: int) -> dict:
    command = [program, "grade", str(assignment), str(submissions), "--out", str(out), "-j", str(jobs)]
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if ended.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {ended.returncode}\n{ended.stderr[-2000:]}")
    timing = json.loads((out / "timing.json").read_text(encoding="utf-8"))
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    if timing["graded"] != len(results["submissions"]):
        sys.exit("some were not graded, but taken from a store")
    return timing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("assignment", type=pathlib.Path)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        peak = {}
        for students in (max(1, options.students // 10), options.students):
            make_class(options.assignment, folder / f"class-{students}", students)
            timing = grade(options.program, options.assignment, folder / f"class-{students}",
                           folder / f"out-{students}", options.jobs)
            peak[students] = timing["peak_kib"] / 1024
    wall = timing["total_seconds"]
    own, boxes = timing["grader_cpu_seconds"], timing["boxes_cpu_seconds"]
    each = timing["submissions"]
    print(f"{options.students} submissions of {options.assignment.name}, {options.jobs} at a time, "
          f"load {os.getloadavg()[0]:.1f}")
    print(f"wall                 {wall:8.1f} s")
    print(f"submissions/minute   {60 * options.students / wall:8.1f}")
    print(f"compiling, mean      {sum(one['compile_seconds'] for one in each) / len(each):8.3f} s")
    print(f"running, mean        {sum(one['run_seconds'] for one in each) / len(each):8.3f} s")
    print(f"processor: boxes     {boxes:8.1f} s")
    print(f"processor: grader    {own:8.1f} s = {100 * own / boxes:.1f} % of the boxes'")
    print("memory of the grader " + ", ".join(f"{mib:.1f} MiB ({n} submissions)" for n, mib in peak.items()))


if __name__ == "__main__":
    main()
