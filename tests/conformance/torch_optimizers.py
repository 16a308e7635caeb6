"""Steps of PyTorch's optimizers and of its clipping, from a state that is put into them."""
import torch


def fresh(c, name="parameters"):
    """A parameter with its gradient."""
    parameter = c.copy(name).requires_grad_(True)
    parameter.grad = c.copy("gradient")
    return parameter


def sgd(c):
    p = fresh(c)
    torch.optim.SGD([p], c.real("lr"), weight_decay=c.real("weight_decay")).step()
    return p.detach()


def momentum(c):
    """The velocity of the classic form is -lr times PyTorch's; a velocity of 0 that is there is damped; decoupled
    decay shrinks the parameters before a step without decay, as AdamW does."""
    lr, decay = c.real("lr"), c.real("weight_decay")
    scale = -lr if c.text("form") == "classic" else 1
    decoupled = c.text("decay") == "decoupled"
    p = fresh(c)
    if decoupled:
        p.data.mul_(1 - lr * decay)
    r = torch.optim.SGD([p], lr, c.real("momentum"), c.real("dampening"), 0 if decoupled else decay, c.flag("nesterov"))
    if c["velocity"] is not None:
        r.state[p]["momentum_buffer"] = c.copy("velocity") / scale
    elif c.text("first_step") == "damped":
        r.state[p]["momentum_buffer"] = torch.zeros_like(p)
    r.step()
    return p.detach(), r.state[p]["momentum_buffer"] * scale


def nesterov(c):
    """PyTorch's parameters are the point ahead, p + momentum v; its velocity is that of the paper over -lr."""
    lr, mu, shifted = c.real("lr"), c.real("momentum"), c.text("form") == "shifted"
    old = c.copy("velocity") if c["velocity"] is not None else torch.zeros_like(c["parameters"])
    p = fresh(c)
    if not shifted:
        p.data.add_(mu * old)
    r = torch.optim.SGD([p], lr, mu, nesterov=True)
    r.state[p]["momentum_buffer"] = old / -lr
    r.step()
    velocity = r.state[p]["momentum_buffer"] * -lr
    ahead = p.detach()
    return ahead if shifted else ahead - mu * velocity, velocity, ahead


# Our state, in the order of our inputs and outputs, and PyTorch's names for it.
STATE = {
    "adagrad": {"square_sum": "sum"},
    "adadelta": {"square_average": "square_avg", "step_average": "acc_delta"},
    "rmsprop": {"square_average": "square_avg", "momentum_buffer": "momentum_buffer", "gradient_average": "grad_avg"},
    "adam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
    "adamw": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
    "amsgrad": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq", "largest_second_moment": "max_exp_avg_sq"},
    "adamax": {"first_moment": "exp_avg", "infinity_norm": "exp_inf"},
    "nadam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
    "radam": {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"},
}
RULE = {"adagrad": torch.optim.Adagrad, "adadelta": torch.optim.Adadelta, "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "amsgrad": torch.optim.Adam,
        "adamax": torch.optim.Adamax, "nadam": torch.optim.NAdam, "radam": torch.optim.RAdam}
REALS = ("lr", "eps", "weight_decay", "lr_decay", "initial_accumulator_value", "rho", "alpha", "momentum",
         "momentum_decay")


def keywords_of(name, c):
    keywords = {key: c.real(key) for key in REALS if key in c.attributes}
    if "betas" in c.attributes:
        keywords["betas"] = tuple(c.reals("betas"))
    if name == "rmsprop":
        keywords["centered"] = c.flag("centered")
    if name == "amsgrad":
        keywords["amsgrad"] = True
    if name == "adamw" and c.text("decay_rate") == "unscaled":
        keywords["weight_decay"] /= c.real("lr")
    if c.attributes.get("eps_placement") == "uncorrected":  # eps beside the root of the uncorrected moment
        keywords["eps"] /= (1 - keywords["betas"][1] ** c.integer("step")) ** 0.5
    return keywords


def conventions(name, c):
    own = {"eps_placement": "in_maximum" if name == "adamax" else "outside", "bias_correction": "true",
           "schedule": "decaying", "threshold": "5"}
    if c.attributes.get("eps_placement") == "uncorrected":
        del own["eps_placement"]
    c.usual(**{key: value for key, value in own.items() if key in c.attributes})


def state_of(name, c, keywords):
    step = c.integer("step") - 1 if "step" in c.attributes else 0
    counts_in_tensors = name not in ("adadelta", "rmsprop")
    state = {"step": torch.tensor(float(step), dtype=torch.float64) if counts_in_tensors else step}
    for ours, theirs in STATE[name].items():
        start = keywords.get("initial_accumulator_value", 0)
        state[theirs] = c.copy(ours) if c[ours] is not None else torch.full_like(c["parameters"], start).detach()
    if name == "nadam":
        product = torch.tensor(1.0, dtype=torch.float64)
        for t in range(1, step + 1):
            product *= nadam_mu(keywords, t)
        state["mu_product"] = product
    return state


def nadam_mu(keywords, t):
    return keywords["betas"][0] * (1 - 0.5 * 0.96 ** (t * keywords["momentum_decay"]))


def repaired_nadam(c, keywords, p, state):
    """PyTorch multiplied the product up to the next step by mu once too often, until 2.0 (pull request 92699)."""
    t = c.integer("step")
    mu, ahead, product = nadam_mu(keywords, t), nadam_mu(keywords, t + 1), state["mu_product"]
    divisor = (state["exp_avg_sq"] / (1 - keywords["betas"][1] ** t)).sqrt() + keywords["eps"]
    step = keywords["lr"] * ahead * state["exp_avg"] / divisor
    return p.detach() + step / (1 - product * mu * ahead) - step / (1 - product * ahead)


def stateful(name):
    def run(c):
        conventions(name, c)
        keywords = keywords_of(name, c)
        p = fresh(c)
        rule = RULE[name]([p], **keywords)
        rule.state[p] = state = state_of(name, c, keywords)
        rule.step()
        # State that this step did not need, like the momentum of momentum 0, comes back as it was.
        after = [state[theirs] for theirs in STATE[name].values()]
        if name == "nadam":
            c.correct("PyTorch before 2.0 multiplies the product of mu up to the next step by mu twice "
                      "(fixed in its pull request 92699); the rest of the step agrees",
                      [repaired_nadam(c, keywords, p, state)] + after)
        return [p.detach()] + after
    return run


def clip_norm(c):
    c.usual(eps="1e-6")
    g = fresh(c, "gradient")
    norm = torch.nn.utils.clip_grad_norm_([g], c.real("max_norm"), float(c.text("norm_type")))
    return g.grad, norm


def clip_value(c):
    g = fresh(c, "gradient")
    torch.nn.utils.clip_grad_value_([g], c.real("clip_value"))
    return g.grad


OPTIMIZERS = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "clip_grad_norm": clip_norm,
              "clip_grad_value": clip_value} | {name: stateful(name) for name in STATE}
