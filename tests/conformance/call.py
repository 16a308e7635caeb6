"""One example of an operation, as PyTorch's counterpart of it sees it."""
import torch


class Call:
    """Inputs as tensors, attributes with their defaults filled in, and what is to be said about the comparison."""

    def __init__(self, operation, request):
        self.spec = {spec["name"]: spec for spec in operation["inputs"]}
        given = request.get("attributes", {})
        self.attributes = {a["name"]: given.get(a["name"], a["default"]) for a in operation["attributes"]}
        self.foreign = []  # conventions of this example that PyTorch does not have
        self.notes = []  # how the comparison was made, where that is not plain
        self.corrected = None  # (reason, outputs): where PyTorch is known to be wrong
        self.inputs = {}
        for name, value in request["inputs"].items():
            whole = self.spec[name]["kind"] == "integer"
            data = torch.tensor(value["data"], dtype=torch.int64 if whole else torch.float64)
            self.inputs[name] = data.reshape(value["shape"]).requires_grad_(
                not whole and self.spec[name]["differentiable"])

    def __getitem__(self, name):
        return self.inputs.get(name)

    def copy(self, name):
        """An input to be changed in place, or nothing."""
        return None if self[name] is None else self[name].detach().clone()

    def all(self):
        return [self.inputs[name] for name in self.spec if name in self.inputs]

    def real(self, name):
        return fraction(self.attributes[name])

    def reals(self, name):
        return [fraction(part) for part in self.attributes[name].split(",")]

    def integer(self, name):
        return int(self.attributes[name])

    def integers(self, name):
        parts = [int(part) for part in self.attributes[name].split(",")]
        return parts[0] if len(parts) == 1 else parts

    def flag(self, name):
        return self.attributes[name] == "true"

    def text(self, name):
        return self.attributes[name]

    def usual(self, **values):
        """What PyTorch does. Any other value is a convention that it does not have: the example may differ."""
        for name, value in values.items():
            if self.attributes[name] != value:
                self.foreign.append(f"{name} = {self.attributes[name]}: PyTorch has {value} only")

    def note(self, text):
        self.notes.append(text)

    def correct(self, reason, outputs):
        """PyTorch is wrong here for that reason; these are its outputs without the mistake."""
        self.corrected = (reason, outputs)


def fraction(text):
    top, _, bottom = text.partition("/")
    return float(top) / float(bottom or 1)


def reduced(loss, c):
    reduction = c.text("reduction")
    return loss if reduction == "none" else loss.mean() if reduction == "mean" else loss.sum()
