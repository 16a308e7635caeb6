"""PyTorch's losses."""
import math

import torch
import torch.nn.functional as F

from call import reduced


def two(function, **names):
    """A loss of two inputs; names: keyword of PyTorch = attribute."""
    return lambda c: function(*c.all()[:2], reduction=c.text("reduction"),
                              **{key: c.real(value) for key, value in names.items()})


def hinge(power):
    """PyTorch divides the sum over the classes by their number."""
    def run(c):
        loss = F.multi_margin_loss(c["scores"], c["labels"], p=power, margin=c.real("margin"), reduction="none")
        return reduced(loss * c["scores"].shape[1] if c.text("over_classes") == "sum" else loss, c)
    return run


def cross_entropy(c):
    return F.cross_entropy(c["logits"], c["labels"], c["weights"], ignore_index=c.integer("ignore_index"),
                           label_smoothing=c.real("label_smoothing"), reduction=c.text("reduction"))


def soft_cross_entropy(c):
    return F.cross_entropy(c["logits"], c["targets"], c["weights"], label_smoothing=c.real("label_smoothing"),
                           reduction=c.text("reduction"))


def nll(c):
    return F.nll_loss(c["log_probabilities"], c["labels"], c["weights"], ignore_index=c.integer("ignore_index"),
                      reduction=c.text("reduction"))


def kl_div(c):
    return F.kl_div(c["log_probabilities"], c["target"], reduction=c.text("reduction"),
                    log_target=c.flag("log_target"))


def bce(c):
    if (c["probabilities"] <= math.exp(-100)).any():
        c.usual(log_clamp="minus_100")
    return F.binary_cross_entropy(c["probabilities"], c["targets"], reduction=c.text("reduction"))


def bce_with_logits(c):
    return F.binary_cross_entropy_with_logits(c["logits"], c["targets"], pos_weight=c["pos_weight"],
                                              reduction=c.text("reduction"))


def against(c, name, target, reduction):
    """The binary cross-entropy of scores against one label."""
    function = F.binary_cross_entropy_with_logits if c.text("scores") == "logits" else F.binary_cross_entropy
    return function(c[name], torch.full_like(c[name], target), reduction=reduction)


def discriminator(c):
    loss = against(c, "real", 1.0, c.text("reduction")) + against(c, "fake", 0.0, c.text("reduction"))
    return loss if c.text("sign") == "minimised" else -loss


def generator(c):
    if c.text("form") == "minimax":
        return -against(c, "fake", 0.0, c.text("reduction"))
    return against(c, "fake", 1.0, c.text("reduction"))


def triplet(c):
    return F.triplet_margin_loss(c["anchor"], c["positive"], c["negative"], margin=c.real("margin"),
                                 p=c.integer("p"), eps=c.real("eps"), swap=c.flag("swap"),
                                 reduction=c.text("reduction"))


def hinge_embedding(c):
    return F.hinge_embedding_loss(c["input"], c["targets"].double(), c.real("margin"), reduction=c.text("reduction"))


def cosine(c):
    x1, x2, axis, eps = c["x1"], c["x2"], c.integer("axis"), c.real("eps")
    if c.text("clamp") == "product":
        lengths = x1.norm(dim=axis) * x2.norm(dim=axis)
        c.correct("PyTorch's documentation clamps the product of the lengths, its code each length since 1.13; "
                  "the documented formula agrees", (x1 * x2).sum(axis) / lengths.clamp(min=eps))
    else:
        lengths = [x.norm(dim=axis, keepdim=True).clamp(min=eps) for x in (x1, x2)]
        c.correct("PyTorch clamps the lengths unseen by its autograd, so where eps is in force its gradient is not "
                  "that of its result; the gradient of the clamped formula agrees",
                  (x1 / lengths[0] * (x2 / lengths[1])).sum(axis))
    return F.cosine_similarity(x1, x2, dim=axis, eps=eps)


LOSSES = {
    "softmax_cross_entropy": cross_entropy,
    "softmax_cross_entropy_soft": soft_cross_entropy,
    "nll": nll,
    "mse": two(F.mse_loss),
    "l1": two(F.l1_loss),
    "smooth_l1": two(F.smooth_l1_loss, beta="beta"),
    "huber": two(F.huber_loss, delta="delta"),
    "binary_cross_entropy": bce,
    "binary_cross_entropy_with_logits": bce_with_logits,
    "kl_div": kl_div,
    "hinge": hinge(1),
    "squared_hinge": hinge(2),
    "gan_discriminator": discriminator,
    "gan_generator": generator,
    "cosine_similarity": cosine,
    "triplet_margin": triplet,
    "hinge_embedding": hinge_embedding,
}
