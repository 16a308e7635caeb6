"""PyTorch's layers: linear maps, windows, activations, normalisation, attention, recurrent cells, reductions."""
import math

import torch
import torch.nn.functional as F


# ---- Linear maps and windows ------------------------------------------------------------------------------

def window(c):
    stride = None if c.text("stride") == "kernel_size" else c.integers("stride")
    return c.integers("kernel_size"), stride, c.integers("padding")


def convolution(function):
    return lambda c: function(c["X"], c["W"], c["b"], c.integers("stride"), c.integers("padding"),
                              c.integers("dilation"), c.integer("groups"))


def transposed_convolution(c):
    return F.conv_transpose2d(c["X"], c["W"], c["b"], c.integers("stride"), c.integers("padding"),
                              c.integers("output_padding"), c.integer("groups"), c.integers("dilation"))


def max_pool(function):
    return lambda c: function(c["X"], *window(c), c.integers("dilation"), c.flag("ceil_mode"))


def avg_pool(function):
    return lambda c: function(c["X"], *window(c), c.flag("ceil_mode"), c.flag("count_include_pad"))


def embedding(c):
    padding = c.attributes["padding_idx"]
    return F.embedding(c["indices"], c["W"], None if padding == "none" else int(padding))


def unfold(c):
    return F.unfold(c["X"], c.integers("kernel_size"), c.integers("dilation"), c.integers("padding"),
                    c.integers("stride"))


def fold(c):
    return F.fold(c["X"], c.integers("output_size"), c.integers("kernel_size"), c.integers("dilation"),
                  c.integers("padding"), c.integers("stride"))


def both(value):
    return value if isinstance(value, list) else [value] * 2


def upsampled(mode):
    def run(c):
        corners = {"align_corners": c.flag("align_corners")} if mode == "bilinear" else {}
        if c.attributes.get("output_size"):
            return F.interpolate(c["X"], size=both(c.integers("output_size")), mode=mode, **corners)
        return F.interpolate(c["X"], scale_factor=both(c.integers("scale_factor")), mode=mode, **corners)
    return run


def padded(c):
    amount = c.integers("padding")
    return F.pad(c["X"], amount if isinstance(amount, list) else [amount] * 4)


# ---- Activations ------------------------------------------------------------------------------------------

def unary(function, *names):
    return lambda c: function(c["X"], *(c.real(name) for name in names))


def along_axis(function):
    return lambda c: function(c["logits"], c.integer("axis"))


def hardsigmoid(c):
    """PyTorch's alpha is 1/6."""
    x = 6 * c.real("alpha") * c["X"]
    c.correct("the slope of PyTorch's gradient is 1/6 rounded to float32, in float64 as well; that of "
              "clamp(x + 3, 0, 6) / 6 agrees", torch.clamp(x + 3, 0, 6) / 6)
    return F.hardsigmoid(x)


def soft_threshold(c):
    """PyTorch's threshold is a setting. Its gradient is that of x - clamp(x, -t, t), whose value adds nothing."""
    c.note("PyTorch's softshrink has no gradient for its threshold: that one is of x - clamp(x, -t, t) in PyTorch")
    x, t = c["X"].detach(), c["threshold"]
    other = x - torch.clamp(x, -t, t)
    return F.softshrink(c["X"], float(t)) + (other - other.detach())


# ---- Normalisation ----------------------------------------------------------------------------------------

def batch_norm(c):
    """PyTorch's running statistics are buffers, outside its autograd; ours have a gradient."""
    x, mean, var = c["X"], c.copy("running_mean"), c.copy("running_var")
    share = c.real("momentum") if c.text("momentum_of") == "batch" else 1 - c.real("momentum")
    y = F.batch_norm(x, mean, var, c["weight"], c["bias"], c.flag("training"), share, c.real("eps"))
    if mean is None or not c.flag("training"):
        return y, mean, var
    axes, unbiased = [k for k in range(x.dim()) if k != 1], c.text("running_variance") == "unbiased"
    moved = [(1 - share) * c["running_mean"] + share * x.mean(axes),
             (1 - share) * c["running_var"] + share * x.var(axes, unbiased=unbiased)]
    c.note("PyTorch's running statistics have no gradient: that one is of their formula in PyTorch")
    if not torch.allclose(moved[0], mean, rtol=1e-12) or unbiased and not torch.allclose(moved[1], var, rtol=1e-12):
        raise AssertionError("the formula of the running statistics is not PyTorch's")
    if not unbiased:
        c.note("PyTorch's running variance is unbiased; the biased one is that of its formula")
    return y, *moved


def layer_norm(c):
    x, axis = c["X"], c.integer("axis")
    return F.layer_norm(x, x.shape[axis if axis >= 0 else x.dim() + axis:], c["weight"], c["bias"], c.real("eps"))


def group_norm(c):
    weight = c["weight"]
    if weight is None and c["bias"] is not None:
        c.note("PyTorch 1.13 refuses a bias without a weight: the weight is 1")
        weight = torch.ones_like(c["bias"])
    return F.group_norm(c["X"], c.integer("num_groups"), weight, c["bias"], c.real("eps"))


def instance_norm(c):
    return F.instance_norm(c["X"], None, None, c["weight"], c["bias"], True, 0.1, c.real("eps"))


def rms_norm(c):
    c.usual(eps_placement="inside")
    x, axis = c["X"], c.integer("axis")
    return F.rms_norm(x, x.shape[axis if axis >= 0 else x.dim() + axis:], c["weight"], c.real("eps"))


def local_response_norm(c):
    """PyTorch's extra neighbour of an even window is the lower one: the upper one of the channels in reverse."""
    alpha = c.real("alpha") * (c.integer("size") if c.text("energy") == "sum" else 1)
    upper = c.text("even_window") == "upper"
    x = c["X"].flip(1) if upper else c["X"]
    if x.dim() < 3:  # PyTorch wants positions
        x = x.unsqueeze(2)
    y = F.local_response_norm(x, c.integer("size"), alpha, c.real("beta"), c.real("k")).reshape(c["X"].shape)
    return y.flip(1) if upper else y


def l2_normalize(c):
    c.usual(guard="maximum")
    return F.normalize(c["X"], 2, c.integer("axis"), c.real("eps"))


# ---- Attention and recurrent cells ------------------------------------------------------------------------

def blocked(c, queries, keys):
    """Where no query may look."""
    block = torch.zeros(queries, keys, dtype=torch.bool)
    if c["mask"] is not None:
        block = block | ((c["mask"] == 0) if c.text("mask_one") == "attend" else (c["mask"] != 0))
    if c.flag("is_causal"):
        diagonal = keys - queries if c.text("causal_alignment") == "bottom_right" else 0
        block = block | (torch.ones(queries, keys).tril(diagonal) == 0)
    return block


def attention(c):
    q, k, v = c["Q"], c["K"], c["V"]
    scale = q.shape[-1] ** -0.5 if c.text("scale") == "none" else c.real("scale")
    scores = q @ k.transpose(-1, -2) * scale
    block = blocked(c, q.shape[-2], k.shape[-2]).expand_as(scores)
    nothing = block.all(-1, keepdim=True) if c.text("masked_row") == "zero" else torch.tensor(False)
    p = torch.softmax(scores.masked_fill(block & ~nothing, -math.inf), -1)
    return p.masked_fill(nothing, 0) @ v


def multi_head(c):
    """Batches come second in PyTorch. A head that sees nothing is made to see all, and counted as 0."""
    q = c["query"]
    k = c["key"] if c["key"] is not None else q
    v = c["value"] if c["value"] is not None else k
    heads = c.integer("num_heads")
    block = blocked(c, q.shape[1], k.shape[1])
    nothing = block.all(-1) if c.text("masked_row") == "zero" else torch.tensor(False)
    block = block & ~nothing.unsqueeze(-1)
    separate = c["in_proj_weight"] is None
    attended, _ = F.multi_head_attention_forward(
        q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1), q.shape[-1], heads, c["in_proj_weight"],
        c["in_proj_bias"], None, None, False, 0.0, torch.eye(q.shape[-1], dtype=torch.float64), None,
        attn_mask=block.repeat_interleave(heads, 0) if block.dim() == 3 else block, need_weights=False,
        use_separate_proj_weight=separate, q_proj_weight=c["q_proj_weight"], k_proj_weight=c["k_proj_weight"],
        v_proj_weight=c["v_proj_weight"])
    seen = attended.transpose(0, 1).masked_fill(nothing.unsqueeze(-1), 0)
    return F.linear(seen, c["out_proj_weight"], c["out_proj_bias"])


def reordered(c, kind):
    """The stacked weights and biases with their gates in PyTorch's order."""
    usual = {"lstm": "ifgo", "gru": "rzn"}.get(kind)
    result = []
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        stacked = c[name]
        if stacked is not None and usual is not None:
            gate = dict(zip(c.text("gate_order"), stacked.chunk(len(usual))))
            if c.attributes.get("update") == "replace":  # 1 - sigmoid(a) = sigmoid(-a)
                gate["z"] = -gate["z"]
            stacked = torch.cat([gate[letter] for letter in usual])
        result.append(stacked)
    return result


def cell(kind):
    def run(c):
        if kind == "gru":
            c.usual(reset="after")
        x = c["X"]
        zero = torch.zeros(x.shape[0], c["weight_hh"].shape[1], dtype=torch.float64)
        h = c["h"] if c["h"] is not None else zero
        if kind == "rnn":
            return torch._VF.rnn_tanh_cell(x, h, *reordered(c, kind))
        if kind == "gru":
            return torch._VF.gru_cell(x, h, *reordered(c, kind))
        return torch._VF.lstm_cell(x, (h, c["c"] if c["c"] is not None else zero), *reordered(c, kind))
    return run


# ---- Reductions -------------------------------------------------------------------------------------------

def reduction(function):
    def run(c):
        text = c.text("axis")
        dims = list(range(c["X"].dim())) if text == "all" else [int(part) % c["X"].dim() for part in text.split(",")]
        return function(c, dims, c.flag("keepdim"))
    return run


def prod(c, dims, keep):
    x = c["X"]
    for dim in sorted(dims, reverse=True):
        x = x.prod(dim, keepdim=keep)
    return x


def norm(c, dims, keep):
    return torch.linalg.vector_norm(c["X"], {"1": 1, "2": 2, "inf": math.inf}[c.text("p")], dims, keep)


LAYERS = {
    "add": lambda c: c["A"] + c["B"],
    "affine": lambda c: c["X"] @ c["W"] + c["b"],
    "matmul": lambda c: torch.matmul(*c.all()),
    "conv1d": convolution(F.conv1d),
    "conv2d": convolution(F.conv2d),
    "conv3d": convolution(F.conv3d),
    "conv_transpose2d": transposed_convolution,
    "embedding": embedding,
    "unfold": unfold,
    "fold": fold,
    "max_pool1d": max_pool(F.max_pool1d),
    "max_pool2d": max_pool(F.max_pool2d),
    "avg_pool1d": avg_pool(F.avg_pool1d),
    "avg_pool2d": avg_pool(F.avg_pool2d),
    "global_avg_pool2d": lambda c: F.adaptive_avg_pool2d(c["X"], 1),
    "adaptive_avg_pool2d": lambda c: F.adaptive_avg_pool2d(c["X"], c.integers("output_size")),
    "upsample_nearest2d": upsampled("nearest"),
    "upsample_bilinear2d": upsampled("bilinear"),
    "zero_pad2d": padded,
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
    "hardsigmoid": hardsigmoid,
    "hardswish": unary(F.hardswish),
    "mish": unary(F.mish),
    "tanhshrink": unary(F.tanhshrink),
    "softshrink": unary(F.softshrink, "lambd"),
    "soft_threshold": soft_threshold,
    "heaviside": lambda c: torch.heaviside(c["X"], torch.tensor(c.real("at_zero"), dtype=torch.float64)),
    "softmax": along_axis(torch.softmax),
    "log_softmax": along_axis(torch.log_softmax),
    "logsumexp": along_axis(torch.logsumexp),
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "group_norm": group_norm,
    "instance_norm": instance_norm,
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
    "var": reduction(lambda c, dims, keep: c["X"].var(dims, correction=c.integer("correction"), keepdim=keep)),
    "norm": reduction(norm),
}
if hasattr(F, "rms_norm"):  # since 2.4
    LAYERS["rms_norm"] = rms_norm
