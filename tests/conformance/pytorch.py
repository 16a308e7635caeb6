#!/usr/bin/env python3
"""Holds `assay oracle` against PyTorch: every operation both have, on every example, results and gradients.

  tests/conformance/pytorch.py build/release/bin/assay [OPERATION...]

PyTorch computes in float64, so agreement to about ten digits says that both mean the same formula: the same
conventions, the same attributes, the same gradients. It proves no digit; that is what the oracles' own checks do.
A convention that PyTorch does not have is reported as such. Exit code 77: there is no PyTorch here.
"""
import json
import math
import subprocess
import sys

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    print("skipped: this Python has no PyTorch (Debian: python3-torch)")
    sys.exit(77)


class NotInPyTorch(Exception):
    """A convention or an operation that PyTorch does not have."""


class Call:
    """One example: inputs as tensors, attributes with their defaults filled in."""

    def __init__(self, operation, request):
        self.spec = {spec["name"]: spec for spec in operation["inputs"]}
        given = request.get("attributes", {})
        self.attributes = {a["name"]: given.get(a["name"], a["default"]) for a in operation["attributes"]}
        self.kinds = {a["name"]: a["kind"] for a in operation["attributes"]}
        self.inputs = {}
        for name, value in request["inputs"].items():
            whole = self.spec[name]["kind"] == "integer"
            data = torch.tensor(value["data"], dtype=torch.int64 if whole else torch.float64)
            self.inputs[name] = data.reshape(value["shape"]).requires_grad_(
                not whole and self.spec[name]["differentiable"])

    def __getitem__(self, name):
        return self.inputs.get(name)

    def real(self, name):
        text = self.attributes[name]
        top, _, bottom = text.partition("/")
        return float(top) / float(bottom or 1)

    def reals(self, name):
        return [float(part) for part in self.attributes[name].split(",")]

    def integer(self, name):
        return int(self.attributes[name])

    def integers(self, name):
        parts = [int(part) for part in self.attributes[name].split(",")]
        return parts[0] if len(parts) == 1 else parts

    def flag(self, name):
        return self.attributes[name] == "true"

    def text(self, name):
        return self.attributes[name]

    def needs(self, **values):
        """Whatever differs is a convention that PyTorch does not have."""
        for name, value in values.items():
            if self.attributes[name] != value:
                raise NotInPyTorch(f"{name} = {self.attributes[name]}")


def window(c):
    stride = None if c.text("stride") == "kernel_size" else c.integers("stride")
    return c.integers("kernel_size"), stride, c.integers("padding")


def convolution(function):
    return lambda c: function(c["X"], c["W"], c["b"], c.integers("stride"), c.integers("padding"),
                              c.integers("dilation"), c.integer("groups"))


def max_pool(function):
    def run(c):
        kernel, stride, padding = window(c)
        return function(c["X"], kernel, stride, padding, c.integers("dilation"), c.flag("ceil_mode"))
    return run


def avg_pool(function):
    def run(c):
        kernel, stride, padding = window(c)
        return function(c["X"], kernel, stride, padding, c.flag("ceil_mode"), c.flag("count_include_pad"))
    return run


def unary(function, *names):
    return lambda c: function(c["X"], *(c.real(name) for name in names))


def normalised(function):
    return lambda c: function(c["logits"], c.integer("axis"))


def reduced(loss, c):
    reduction = c.text("reduction")
    return loss if reduction == "none" else loss.mean() if reduction == "mean" else loss.sum()


def two(function, **names):
    """A loss of two inputs; names: keyword of PyTorch = attribute."""
    def run(c):
        a, b = list(c.inputs.values())[0], list(c.inputs.values())[1]
        first, second = [c.inputs[n] for n in c.spec if n in c.inputs][:2]
        return function(first, second, reduction=c.text("reduction"),
                        **{key: c.real(value) for key, value in names.items()})
    return run


def hinge(power):
    def run(c):
        c.needs(over_classes="mean")
        return F.multi_margin_loss(c["scores"], c["labels"], p=power, margin=c.real("margin"),
                                   reduction=c.text("reduction"))
    return run


def batch_norm(c):
    c.needs(running_variance="unbiased", momentum_of="batch")
    mean, var = c["running_mean"], c["running_var"]
    mean = mean.detach().clone() if mean is not None else None
    var = var.detach().clone() if var is not None else None
    y = F.batch_norm(c["X"], mean, var, c["weight"], c["bias"], c.flag("training"), c.real("momentum"),
                     c.real("eps"))
    return y, mean, var


def layer_norm(c):
    x, axis = c["X"], c.integer("axis")
    return F.layer_norm(x, x.shape[axis if axis >= 0 else x.dim() + axis:], c["weight"], c["bias"], c.real("eps"))


def cell(kind):
    def run(c):
        if c.attributes:
            for name, usual in {"gate_order": {"lstm": "ifgo", "gru": "rzn"}.get(kind), "reset": "after",
                                "update": "keep"}.items():
                if name in c.attributes:
                    c.needs(**{name: usual})
        x, rows = c["X"], c["weight_hh"].shape[1]
        zero = torch.zeros(x.shape[0], rows, dtype=torch.float64)
        h = c["h"] if c["h"] is not None else zero
        weights = (c["weight_ih"], c["weight_hh"], c["bias_ih"], c["bias_hh"])
        if kind == "rnn":
            return torch._VF.rnn_tanh_cell(x, h, *weights)
        if kind == "gru":
            return torch._VF.gru_cell(x, h, *weights)
        state = c["c"] if c["c"] is not None else zero
        return torch._VF.lstm_cell(x, (h, state), *weights)
    return run


def attention(c):
    c.needs(masked_row="error", causal_alignment="top_left", mask_one="attend")
    q, k, v = c["Q"], c["K"], c["V"]
    scale = q.shape[-1] ** -0.5 if c.text("scale") == "none" else c.real("scale")
    scores = q @ k.transpose(-1, -2) * scale
    if c["mask"] is not None:
        scores = scores.masked_fill(c["mask"] == 0, -math.inf)
    if c.flag("is_causal"):
        scores = scores.masked_fill(torch.ones(scores.shape[-2:]).tril() == 0, -math.inf)
    return torch.softmax(scores, -1) @ v


def multi_head(c):
    c.needs(masked_row="error")
    if c.flag("is_causal"):
        c.needs(causal_alignment="top_left")
    q = c["query"]
    k = c["key"] if c["key"] is not None else q
    v = c["value"] if c["value"] is not None else k
    heads, width = c.integer("num_heads"), q.shape[-1]
    block = torch.zeros(q.shape[1], k.shape[1], dtype=torch.bool)
    if c["mask"] is not None:
        block = block | ((c["mask"] == 0) if c.text("mask_one") == "attend" else (c["mask"] != 0))
    if c.flag("is_causal"):
        block = block | (torch.ones(q.shape[1], k.shape[1]).tril() == 0)
    if block.dim() == 3:
        block = block.repeat_interleave(heads, 0)
    separate = c["in_proj_weight"] is None
    y, _ = F.multi_head_attention_forward(
        q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1), width, heads, c["in_proj_weight"], c["in_proj_bias"],
        None, None, False, 0.0, c["out_proj_weight"], c["out_proj_bias"], attn_mask=block, need_weights=False,
        use_separate_proj_weight=separate, q_proj_weight=c["q_proj_weight"], k_proj_weight=c["k_proj_weight"],
        v_proj_weight=c["v_proj_weight"])
    return y.transpose(0, 1)


def optimizer(make, state_names, usual=None):
    """One step from a state that PyTorch's optimizer is put into."""
    def run(c):
        c.needs(**(usual or {}))
        parameter = c["parameters"].detach().clone().requires_grad_(True)
        parameter.grad = c["gradient"].detach().clone()
        rule = make(c, parameter)
        state = rule.state[parameter]
        step = c.integer("step") - 1 if "step" in c.attributes else 0
        given = {theirs: c[ours] for ours, theirs in state_names.items() if c[ours] is not None}
        if given or step:
            state["step"] = torch.tensor(float(step))
            for ours, theirs in state_names.items():
                value = c[ours]
                state[theirs] = value.detach().clone() if value is not None else torch.zeros_like(parameter)
            if "mu_product" in state_names.values():
                state["mu_product"] = torch.tensor(1.0)
        rule.step()
        after = rule.state[parameter]
        return [parameter.detach()] + [after.get(theirs) for theirs in state_names.values()]
    return run


def rule(kind, *reals, **flags):
    def make(c, p):
        keywords = {name: c.real(name) for name in reals if name in c.attributes}
        if "betas" in c.attributes:
            keywords["betas"] = tuple(c.reals("betas"))
        for ours, theirs in flags.items():
            keywords[theirs] = c.flag(ours)
        return kind([p], **keywords)
    return make


def clip_norm(c):
    if c.real("eps") != 1e-6:
        raise NotInPyTorch("eps")
    g = torch.zeros_like(c["gradient"]).requires_grad_(True)
    g.grad = c["gradient"].detach().clone()
    norm = torch.nn.utils.clip_grad_norm_([g], c.real("max_norm"), float(c.text("norm_type")))
    return g.grad, norm


def clip_value(c):
    g = torch.zeros_like(c["gradient"]).requires_grad_(True)
    g.grad = c["gradient"].detach().clone()
    torch.nn.utils.clip_grad_value_([g], c.real("clip_value"))
    return g.grad


def cross_entropy(c):
    return F.cross_entropy(c["logits"], c["labels"], c["weights"], ignore_index=c.integer("ignore_index"),
                           label_smoothing=c.real("label_smoothing"), reduction=c.text("reduction"))


def kl_div(c):
    return F.kl_div(c["log_probabilities"], c["target"], reduction=c.text("reduction"),
                    log_target=c.flag("log_target"))


def bce(c):
    c.needs(log_clamp="minus_100") if (c["probabilities"] <= math.exp(-100)).any() else None
    return F.binary_cross_entropy(c["probabilities"], c["targets"], reduction=c.text("reduction"))


def triplet(c):
    if c.text("p") == "1":
        p = 1
    else:
        p = 2
    return F.triplet_margin_loss(c["anchor"], c["positive"], c["negative"], margin=c.real("margin"), p=p,
                                 eps=c.real("eps"), swap=c.flag("swap"), reduction=c.text("reduction"))


def cosine(c):
    return F.cosine_similarity(c["x1"], c["x2"], dim=c.integer("axis"), eps=c.real("eps"))


def axes(c):
    text = c.attributes.get("axis", c.attributes.get("axes", ""))
    if text in ("", "none", "all"):
        return None
    return [int(part) for part in text.split(",")]


def reduction(function):
    def run(c):
        dims = axes(c)
        keep = c.flag("keepdim")
        return function(c, list(range(c["X"].dim())) if dims is None else dims, keep)
    return run


def prod(c, dims, keep):
    x = c["X"]
    for dim in sorted((d % x.dim() for d in dims), reverse=True):
        x = x.prod(dim, keepdim=True)
    return x if keep else x.reshape([n for i, n in enumerate(x.shape) if i not in [d % x.dim() for d in dims]])


def norm(c, dims, keep):
    p = {"1": 1, "2": 2, "inf": math.inf}[c.text("p")]
    return torch.linalg.vector_norm(c["X"], p, dims, keep)


def dropout(c):
    raise NotInPyTorch("the mask is an input")


def l2_normalize(c):
    names = {value for key, value in c.attributes.items() if key not in ("axis", "eps")}
    if names - {"clamp", "max"}:
        raise NotInPyTorch(str(names))
    return F.normalize(c["X"], 2, c.integer("axis"), c.real("eps"))


def local_response_norm(c):
    for name in c.attributes:
        if name not in ("size", "alpha", "beta", "k") and c.attributes[name] not in ("true", "size", "mean"):
            raise NotInPyTorch(name)
    return F.local_response_norm(c["X"], c.integer("size"), c.real("alpha"), c.real("beta"), c.real("k"))


def bilinear(c):
    size = c.attributes.get("output_size", "none")
    if size not in ("none", ""):
        return F.interpolate(c["X"], size=c.integers("output_size"), mode="bilinear",
                             align_corners=c.flag("align_corners"))
    factor = c.integers("scale_factor")
    return F.interpolate(c["X"], scale_factor=factor if isinstance(factor, list) else [factor] * 2, mode="bilinear",
                         align_corners=c.flag("align_corners"))


def nearest(c):
    factor = c.integers("scale_factor")
    return F.interpolate(c["X"], scale_factor=factor if isinstance(factor, list) else [factor] * 2, mode="nearest")


def embedding(c):
    weight = [c.inputs[n] for n in c.spec if n in c.inputs and c.spec[n]["kind"] == "real"][0]
    index = [c.inputs[n] for n in c.spec if n in c.inputs and c.spec[n]["kind"] == "integer"][0]
    padding = c.attributes["padding_idx"]
    return F.embedding(index, weight, None if padding == "none" else int(padding))


def unfold(c):
    return F.unfold(c["X"], c.integers("kernel_size"), c.integers("dilation"), c.integers("padding"),
                    c.integers("stride"))


def fold(c):
    return F.fold(c["X"], c.integers("output_size"), c.integers("kernel_size"), c.integers("dilation"),
                  c.integers("padding"), c.integers("stride"))


SAME = {
    "add": lambda c: c["A"] + c["B"],
    "affine": lambda c: c["X"] @ c["W"] + c["b"],
    "matmul": lambda c: torch.matmul(*[c.inputs[n] for n in c.spec]),
    "conv1d": convolution(F.conv1d),
    "conv2d": convolution(F.conv2d),
    "conv3d": convolution(F.conv3d),
    "conv_transpose2d": lambda c: F.conv_transpose2d(c["X"], c["W"], c["b"], c.integers("stride"),
                                                     c.integers("padding"), c.integers("output_padding"),
                                                     c.integer("groups"), c.integers("dilation")),
    "embedding": embedding,
    "unfold": unfold,
    "fold": fold,
    "max_pool1d": max_pool(F.max_pool1d),
    "max_pool2d": max_pool(F.max_pool2d),
    "avg_pool1d": avg_pool(F.avg_pool1d),
    "avg_pool2d": avg_pool(F.avg_pool2d),
    "global_avg_pool2d": lambda c: c["X"].mean((2, 3)),
    "adaptive_avg_pool2d": lambda c: F.adaptive_avg_pool2d(c["X"], c.integers("output_size")),
    "upsample_nearest2d": nearest,
    "upsample_bilinear2d": bilinear,
    "zero_pad2d": lambda c: F.pad(c["X"], c.integers("padding") if isinstance(c.integers("padding"), list)
                                  else [c.integers("padding")] * 4),
    "relu": unary(F.relu),
    "leaky_relu": unary(F.leaky_relu, "alpha"),
    "prelu": lambda c: F.prelu(c["X"], c["weight"]),
    "elu": unary(F.elu, "alpha"),
    "selu": unary(F.selu),
    "celu": unary(F.celu, "alpha"),
    "gelu": lambda c: F.gelu(c["X"], approximate=c.text("approximate")),
    "sigmoid": unary(torch.sigmoid),
    "log_sigmoid": unary(F.logsigmoid),
    "tanh": unary(torch.tanh),
    "hardtanh": unary(F.hardtanh, "min_val", "max_val"),
    "relu6": unary(F.relu6),
    "softplus": unary(F.softplus, "beta"),
    "softsign": unary(F.softsign),
    "silu": unary(F.silu),
    "hardswish": unary(F.hardswish),
    "mish": unary(F.mish),
    "tanhshrink": unary(F.tanhshrink),
    "softshrink": unary(F.softshrink, "lambd"),
    "soft_threshold": lambda c: F.softshrink(c["X"], float(c["threshold"])) if c["threshold"] is not None
    and c["threshold"].dim() == 0 else dropout(c),
    "heaviside": lambda c: torch.heaviside(c["X"], torch.tensor(c.real("at_zero"), dtype=torch.float64)),
    "softmax": normalised(torch.softmax),
    "log_softmax": normalised(torch.log_softmax),
    "logsumexp": normalised(torch.logsumexp),
    "softmax_cross_entropy": cross_entropy,
    "softmax_cross_entropy_soft": lambda c: F.cross_entropy(c["logits"], c["targets"], c["weights"],
                                                            label_smoothing=c.real("label_smoothing"),
                                                            reduction=c.text("reduction")),
    "nll": lambda c: F.nll_loss(c["log_probabilities"], c["labels"], c["weights"],
                                ignore_index=c.integer("ignore_index"), reduction=c.text("reduction")),
    "mse": two(F.mse_loss),
    "l1": two(F.l1_loss),
    "smooth_l1": two(F.smooth_l1_loss, beta="beta"),
    "huber": two(F.huber_loss, delta="delta"),
    "binary_cross_entropy": bce,
    "binary_cross_entropy_with_logits": lambda c: F.binary_cross_entropy_with_logits(
        c["logits"], c["targets"], pos_weight=c["pos_weight"], reduction=c.text("reduction")),
    "kl_div": kl_div,
    "hinge": hinge(1),
    "squared_hinge": hinge(2),
    "cosine_similarity": cosine,
    "triplet_margin": triplet,
    "hinge_embedding": lambda c: F.hinge_embedding_loss(c["input"], c["targets"].double(), c.real("margin"),
                                                        reduction=c.text("reduction")),
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "group_norm": lambda c: F.group_norm(c["X"], c.integer("num_groups"), c["weight"], c["bias"], c.real("eps")),
    "instance_norm": lambda c: F.instance_norm(c["X"], None, None, c["weight"], c["bias"], True, 0.1, c.real("eps")),
    "local_response_norm": local_response_norm,
    "l2_normalize": l2_normalize,
    "scaled_dot_product_attention": attention,
    "multi_head_attention": multi_head,
    "rnn_tanh_cell": cell("rnn"),
    "lstm_cell": cell("lstm"),
    "gru_cell": cell("gru"),
    "sum": reduction(lambda c, dims, keep: c["X"].sum(dims, keep)),
    "mean": reduction(lambda c, dims, keep: c["X"].mean(dims, keep)),
    "prod": reduction(prod),
    "max": reduction(lambda c, dims, keep: c["X"].amax(dims, keep)),
    "var": reduction(lambda c, dims, keep: c["X"].var(dims, unbiased=c.integer("correction") == 1, keepdim=keep)),
    "norm": reduction(norm),
    "sgd": optimizer(rule(torch.optim.SGD, "lr", "weight_decay"), {}),
    "adagrad": optimizer(rule(torch.optim.Adagrad, "lr", "lr_decay", "weight_decay", "eps"), {}, None),
    "clip_grad_norm": clip_norm,
    "clip_grad_value": clip_value,
}


def momentum(c):
    c.needs(form="pytorch", first_step="undamped")
    if c.attributes.get("decay", "coupled") != "coupled":
        raise NotInPyTorch("decay")
    p = c["parameters"].detach().clone().requires_grad_(True)
    p.grad = c["gradient"].detach().clone()
    r = torch.optim.SGD([p], c.real("lr"), c.real("momentum"), c.real("dampening"), c.real("weight_decay"),
                        c.flag("nesterov"))
    if c["velocity"] is not None:
        r.state[p]["momentum_buffer"] = c["velocity"].detach().clone()
    r.step()
    return p.detach(), r.state[p]["momentum_buffer"]


SAME["momentum"] = momentum

# ours -> theirs, in the order of our outputs
STATES = {
    "adagrad": (torch.optim.Adagrad, ("lr", "lr_decay", "weight_decay", "eps"), ["sum"]),
    "adadelta": (torch.optim.Adadelta, ("lr", "rho", "eps", "weight_decay"), ["square_avg", "acc_delta"]),
    "rmsprop": (torch.optim.RMSprop, ("lr", "alpha", "eps", "weight_decay", "momentum"),
                ["square_avg", "momentum_buffer", "grad_avg"]),
    "adam": (torch.optim.Adam, ("lr", "eps", "weight_decay"), ["exp_avg", "exp_avg_sq"]),
    "adamw": (torch.optim.AdamW, ("lr", "eps", "weight_decay"), ["exp_avg", "exp_avg_sq"]),
    "amsgrad": (torch.optim.Adam, ("lr", "eps", "weight_decay"), ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]),
    "adamax": (torch.optim.Adamax, ("lr", "eps", "weight_decay"), ["exp_avg", "exp_inf"]),
    "nadam": (torch.optim.NAdam, ("lr", "eps", "weight_decay", "momentum_decay"), ["exp_avg", "exp_avg_sq"]),
    "radam": (torch.optim.RAdam, ("lr", "eps", "weight_decay"), ["exp_avg", "exp_avg_sq"]),
}
# conventions PyTorch has; any other value of these attributes is not PyTorch's
USUAL = {"eps_placement": "outside", "bias_correction": "true", "decay": "coupled", "max_of": "uncorrected",
         "decay_of": "lr", "first_step": "undamped", "form": "pytorch"}


def stateful(name):
    kind, reals, theirs = STATES[name]

    def run(c):
        for attribute, usual in USUAL.items():
            if attribute in c.attributes and c.attributes[attribute] != usual:
                if not (name == "adamw" and attribute == "decay"):
                    raise NotInPyTorch(f"{attribute} = {c.attributes[attribute]}")
        p = c["parameters"].detach().clone().requires_grad_(True)
        p.grad = c["gradient"].detach().clone()
        keywords = {n: c.real(n) for n in reals if n in c.attributes}
        if "betas" in c.attributes:
            keywords["betas"] = tuple(c.reals("betas"))
        if name == "amsgrad":
            keywords["amsgrad"] = True
        if name == "rmsprop":
            keywords["centered"] = c.flag("centered")
        r = kind([p], **keywords)
        ours = [n for n in c.spec if n not in ("parameters", "gradient")]
        step = c.integer("step") - 1 if "step" in c.attributes else 0
        state = {"step": torch.tensor(float(step))}
        if name == "radam" or name == "nadam" or name == "adamax" or name == "adadelta" or name == "rmsprop":
            state["step"] = torch.tensor(float(step)) if name in ("nadam", "radam", "adamax") else step
        names = match(ours, theirs)
        for mine, other in names.items():
            given = c[mine]
            state[other] = given.detach().clone() if given is not None else torch.zeros_like(p)
        if name == "nadam":
            product = 1.0
            for t in range(1, step + 1):
                product *= keywords["betas"][0] * (1 - 0.5 * 0.96 ** (t * keywords["momentum_decay"]))
            state["mu_product"] = torch.tensor(product)
        r.state[p] = state
        r.step()
        return [p.detach()] + [r.state[p][names[mine]] if mine in names else None for mine in ours]
    return run


def match(ours, theirs):
    """Our state inputs and PyTorch's names, position by position, as far as both go."""
    return dict(zip(ours, theirs))


for optimizer_name in STATES:
    SAME[optimizer_name] = stateful(optimizer_name)


def numbers(values):
    return torch.tensor([float(v) for v in values], dtype=torch.float64)


def differs(name, ours, theirs):
    """What is wrong with one tensor, or nothing."""
    if theirs is None:
        return None
    if list(theirs.shape) != ours["shape"]:
        return f"{name}: shape {ours['shape']} for PyTorch's {list(theirs.shape)}"
    got, wanted = numbers(ours["double"]), theirs.detach().double().reshape(-1)
    bad = ~torch.isclose(got, wanted, rtol=1e-8, atol=1e-10, equal_nan=True)
    if bad.any():
        i = int(bad.nonzero()[0])
        return f"{name}[{i}]: {got[i].item()!r} for PyTorch's {wanted[i].item()!r}"
    return None


def compare(operation, request, reply):
    c = Call(operation, request)
    outputs = SAME[operation["name"]](c)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    for (name, ours), theirs in zip(reply["outputs"].items(), outputs):
        if (problem := differs(name, ours, theirs)):
            return problem
    if "gradients" not in reply:
        return None
    total = sum((theirs * torch.tensor(request["cotangents"][name]["data"], dtype=torch.float64).reshape(theirs.shape)
                 ).sum() for name, theirs in zip(reply["outputs"], outputs)
                if theirs is not None and theirs.requires_grad and name in request["cotangents"])
    names = [n for n in reply["gradients"]]
    gradients = torch.autograd.grad(total, [c[n] for n in names], allow_unused=True)
    for name, theirs in zip(names, gradients):
        theirs = torch.zeros_like(c[name]) if theirs is None else theirs
        if (problem := differs("gradient of " + name, reply["gradients"][name], theirs)):
            return problem
    return None


def main():
    assay, only = sys.argv[1], sys.argv[2:]
    listed = json.loads(subprocess.run([assay, "list", "ops", "--json"], check=True, capture_output=True).stdout)
    agree, wrong, absent, foreign = 0, [], [], []
    for operation in listed:
        name = operation["name"]
        if only and name not in only:
            continue
        if name not in SAME:
            absent.append(name)
            continue
        requests = subprocess.run([assay, "oracle", name, "--examples"], check=True, capture_output=True).stdout
        replies = subprocess.run([assay, "oracle"], input=requests, capture_output=True).stdout
        for request, reply in zip(map(json.loads, requests.splitlines()), map(json.loads, replies.splitlines())):
            if "error" in reply:
                wrong.append(f"{name} {request.get('attributes', {})}: {reply['error']['message']}")
                continue
            try:
                problem = compare(operation, request, reply)
            except NotInPyTorch as convention:
                foreign.append(f"{name}: {convention}")
                continue
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            if problem:
                wrong.append(f"{name} {request.get('attributes', {})}: {problem}")
            else:
                agree += 1
    for line in wrong:
        print("DIFFERS", line)
    print(f"{agree} examples agree with PyTorch {torch.__version__}, {len(wrong)} differ")
    print(f"conventions that PyTorch does not have: {len(foreign)}: {'; '.join(sorted(set(foreign)))}")
    print(f"operations that PyTorch does not have: {len(absent)}: {', '.join(absent)}")
    sys.exit(1 if wrong or not agree else 0)


main()
