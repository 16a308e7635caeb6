#!/usr/bin/env python3
"""Holds `assay oracle` against PyTorch: every operation both have, on every example, results and gradients.

  tests/conformance/pytorch.py build/release/bin/assay [OPERATION...]

PyTorch computes in float64, so agreement to about ten digits says that both mean the same formula: the same
conventions, the same attributes, the same gradients. It proves no digit; that is what the oracles' own checks do.

Each example agrees, or is printed with the reason why not: a convention that PyTorch does not have, or a mistake of
PyTorch without which it agrees. Anything else is a difference, and so is an operation that agrees on no example.
Exit code 0: no difference; 1: differences; 77: there is no PyTorch here.
"""
import json
import subprocess
import sys
import warnings

sys.dont_write_bytecode = True
try:
    import torch
except ImportError:
    print("skipped: this Python has no PyTorch (Debian: python3-torch)")
    sys.exit(77)

from call import Call
from torch_layers import LAYERS
from torch_losses import LOSSES
from torch_optimizers import OPTIMIZERS

SAME = LAYERS | LOSSES | OPTIMIZERS
# Why there is no counterpart, where the name does not say so.
ABSENT = {
    "dropout": "PyTorch draws its mask itself",
    "gradient_descent_quadratic": "a path of many steps",
    "gradient_descent_quartic": "a path of many steps",
    "l1_penalty": "PyTorch's penalties are settings of its optimizers",
    "l2_penalty": "PyTorch's penalties are settings of its optimizers",
    "rms_norm": "in PyTorch since 2.4",
}


def differs(name, ours, theirs):
    """What is wrong with one tensor, or nothing."""
    if theirs is None:
        return None
    if list(theirs.shape) != ours["shape"]:
        return f"{name}: shape {ours['shape']} for PyTorch's {list(theirs.shape)}"
    got = torch.tensor([float(v) for v in ours["double"]], dtype=torch.float64)
    wanted = theirs.detach().double().reshape(-1)
    bad = ~torch.isclose(got, wanted, rtol=1e-8, atol=1e-10, equal_nan=True)
    if bad.any():
        i = int(bad.nonzero()[0])
        return f"{name}[{i}]: {got[i].item()!r} for PyTorch's {wanted[i].item()!r}"
    return None


def gradients(c, request, reply, outputs):
    """PyTorch's gradient of each input that has one in the reply."""
    names = list(reply["gradients"])
    total = torch.zeros((), dtype=torch.float64)
    for name, theirs in zip(reply["outputs"], outputs):
        if theirs is not None and theirs.requires_grad and name in request["cotangents"]:
            upstream = torch.tensor(request["cotangents"][name]["data"], dtype=torch.float64)
            total = total + (theirs * upstream.reshape(theirs.shape)).sum()
    if total.requires_grad:
        found = torch.autograd.grad(total, [c[n] for n in names], allow_unused=True, retain_graph=True)
    else:
        found = [None] * len(names)
    return [(n, torch.zeros_like(c[n]) if theirs is None else theirs) for n, theirs in zip(names, found)]


def difference(c, request, reply, outputs):
    """The first difference between our outputs and gradients and PyTorch's, or nothing."""
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    if len(outputs) != len(reply["outputs"]):
        return f"{len(reply['outputs'])} outputs for PyTorch's {len(outputs)}"
    pairs = [(name, ours, theirs) for (name, ours), theirs in zip(reply["outputs"].items(), outputs)]
    if "gradients" in reply:
        pairs += [("gradient of " + name, reply["gradients"][name], theirs)
                  for name, theirs in gradients(c, request, reply, outputs)]
    return next((problem for pair in pairs if (problem := differs(*pair))), None)


def verdict(operation, request, reply):
    """(kind, reason) of one example: agrees, convention, mistake of PyTorch, or differs."""
    if "error" in reply:
        return "differs", reply["error"]["message"]
    c = Call(operation, request)
    try:
        problem = difference(c, request, reply, SAME[operation["name"]](c))
        if not problem:
            return "agrees", "; ".join(c.notes)
        if c.corrected and not difference(c, request, reply, c.corrected[1]):
            return "mistake", c.corrected[0]
    except Exception as error:  # a red line, not the end of the run
        return "differs", f"{type(error).__name__}: {error}"
    return ("convention", "; ".join(c.foreign)) if c.foreign else ("differs", problem)


def judge(assay, operation):
    """(kind, line to print) of each example of one operation."""
    name = operation["name"]
    requests = subprocess.run([assay, "oracle", name, "--examples"], check=True, capture_output=True).stdout
    replies = subprocess.run([assay, "oracle"], input=requests, capture_output=True).stdout
    pairs = list(zip(map(json.loads, requests.splitlines()), map(json.loads, replies.splitlines())))
    result = []
    for request, reply in pairs:
        kind, reason = verdict(operation, request, reply)
        settings = ", ".join(f"{key}={value}" for key, value in request.get("attributes", {}).items())
        result.append((kind, f"{name}({settings}): {reason}" if reason else ""))
    if len(pairs) != len(requests.splitlines()) or not any(kind in ("agrees", "mistake") for kind, _ in result):
        result.append(("differs", f"{name}: no example agrees, or some have no reply"))
    return result


def main():
    warnings.simplefilter("ignore")  # PyTorch's, about its own future
    assay, only = sys.argv[1], sys.argv[2:]
    listed = json.loads(subprocess.run([assay, "list", "ops", "--json"], check=True, capture_output=True).stdout)
    chosen = [operation for operation in listed if not only or operation["name"] in only]
    found = [each for operation in chosen if operation["name"] in SAME for each in judge(assay, operation)]
    absent = [operation["name"] for operation in chosen if operation["name"] not in SAME]

    titles = {"differs": "DIFFERENCES", "mistake": "agree without a mistake of PyTorch's",
              "convention": "conventions that PyTorch does not have", "agrees": "agree, in a roundabout way"}
    for kind, title in titles.items():
        lines = [line for each, line in found if each == kind and line]
        if lines:
            print(f"{title}: {len(lines)}", *lines, sep="\n  ")
    print(f"operations without a counterpart in PyTorch: {len(absent)}",
          *(f"{name}: {ABSENT[name]}" if name in ABSENT else name for name in absent), sep="\n  ")
    count = {kind: sum(each == kind for each, _ in found) for kind in titles}
    print(f"{count['agrees']} examples agree with PyTorch {torch.__version__}, {count['mistake']} without a mistake of "
          f"PyTorch's, {count['convention']} are of another convention, {count['differs']} differ")
    sys.exit(1 if count["differs"] or not found else 0)


main()
