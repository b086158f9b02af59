"""The right files where one statement computes something for several layers: loops over layers, classes for layers."""

from tests.benchmarks.mutants.conventions_vectors import changed_input
from tests.benchmarks.mutants.numbered import drawn_in_loop, looped_updates
from tests.benchmarks.mutants.sites import (
    ANY,
    COLUMN,
    VECTOR,
    BiasGradient,
    Convention,
    Expected,
    HiddenDelta,
    Mutation,
    OutputDelta,
    Place,
    SlopeFunction,
    Update,
    WeightGradient,
)
from tests.benchmarks.mutants.syntax import Edit

HIDDEN = frozenset({2})  # the first in time of the hidden layers
OUT = frozenset({3})


def early_update(line: str, *edits: Edit) -> Mutation:
    return Mutation("updated-weights", (Expected(frozenset({"updated-weights"}), HIDDEN, (line,)),), edits)


def layers() -> Convention:
    backward = "return grad @ self.weights.T"
    early = Edit(backward, ("self.weights -= 0.003 * self.grad_weights", backward))
    return Convention(
        name="layers",
        file="layers.py",
        layout=VECTOR,
        output=OutputDelta(
            Place("return VALUE", "self.probabilities - self.target"), "self.probabilities", "self.target"
        ),
        hidden=(
            HiddenDelta(
                layer=2,
                place=Place("return VALUE", "grad * self.output * (1 - self.output)"),
                carry="{d} @ {W}.T",
                slope="self.output * (1 - self.output)",
                d="grad",
                W="self.weights",
                a="self.output",
                sigmoid="(1 / (1 + np.exp(-({v}))))",
                z="np.log(self.output / (1 - self.output))",
                carried="grad",
                carry_place=Place("return VALUE", "grad @ self.weights.T"),
            ),
        ),
        weight_gradients=(
            WeightGradient(
                layers=ANY,
                place=Place("self.grad_weights = VALUE", "np.outer(self.inputs, grad)"),
                product="np.outer({a}, {d})",
                a="self.inputs",
                d="grad",
                key="id(self)",
            ),
        ),
        bias_gradients=(BiasGradient(ANY, Place("self.grad_bias = VALUE", "grad"), "grad", key="('b', id(self))"),),
        updates=looped_updates(
            "self.lr", ("W", "layer.weights", "layer.grad_weights"), ("b", "layer.bias", "layer.grad_bias")
        ),
        initial=drawn_in_loop("self.weights = VALUE", "rng.normal(0, np.sqrt(1 / max(n_in, n_out)), (n_in, n_out))"),
        input_changed=changed_input("self.inputs = inputs", "inputs"),
        extra=(early_update(backward, early, Edit("layer.weights -= self.lr * layer.grad_weights", ())),),
        rewrites=(
            (Edit("e = np.exp(logits - np.max(logits))", ("e = np.exp(logits)",)),),
            (Edit(backward, ("return np.dot(self.weights, grad)",)),),
            (
                Edit(
                    "self.grad_weights = np.outer(self.inputs, grad)",
                    ("self.grad_weights = self.inputs[:, None] * grad",),
                ),
            ),
        ),
    )


def nielsen() -> Convention:
    carry = "np.dot({W}.transpose(), {d})"
    weights = "self.weights[-l + 1]"
    product = "np.dot({d}, {a}.transpose())"
    return Convention(
        name="nielsen",
        file="nielsen.py",
        layout=COLUMN,
        output=OutputDelta(Place("delta = VALUE", "activations[-1] - y"), "activations[-1]", "y"),
        hidden=(
            HiddenDelta(
                layer=2,
                place=Place("delta = VALUE", f"np.dot({weights}.transpose(), delta) * sp"),
                carry=carry,
                slope="sp",
                d="delta",
                W=weights,
                a="activations[-l]",
                above="activations[-l + 1]",
                sigmoid="sigmoid({v})",
                z="z",
                slope_place=Place("sp = VALUE", "sigmoid_prime(z)"),
                carry_place=Place("delta = VALUE * sp", f"np.dot({weights}.transpose(), delta)"),
            ),
        ),
        weight_gradients=(
            WeightGradient(
                OUT,
                Place("nabla_w[-1] = VALUE", product.format(a="activations[-2]", d="delta")),
                product,
                "activations[-2]",
                "delta",
                ("activations[-3]", "zs[-2]"),
                "0",
            ),
            WeightGradient(
                HIDDEN,
                Place("nabla_w[-l] = VALUE", product.format(a="activations[-l - 1]", d="delta")),
                product,
                "activations[-l - 1]",
                "delta",
                key="l",
            ),
        ),
        bias_gradients=(
            BiasGradient(OUT, Place("nabla_b[-1] = VALUE", "delta"), "delta", key="'b'"),
            BiasGradient(HIDDEN, Place("nabla_b[-l] = VALUE", "delta"), "delta", key="('b', l)"),
        ),
        updates=(
            Update(
                "W",
                ANY,
                "self.weights = [w OP STEP for w, nw in zip(self.weights, nabla_w)]",
                "(eta / len(mini_batch))",
                "nw",
                "updated = [w - eta / len(mini_batch) * nw for w, nw in zip(self.weights, nabla_w)]",
            ),
            Update(
                "b",
                ANY,
                "self.biases = [b OP STEP for b, nb in zip(self.biases, nabla_b)]",
                "(eta / len(mini_batch))",
                "nb",
                "updated = [b - eta / len(mini_batch) * nb for b, nb in zip(self.biases, nabla_b)]",
            ),
        ),
        initial=drawn_in_loop(
            "self.weights = [VALUE for x, y in zip(sizes[:-1], sizes[1:])]",
            "np.random.randn(y, x) / np.sqrt(x)",
            "(y, x)",
        ),
        slope_functions=(
            SlopeFunction(Place("return VALUE", "sigmoid(z) * (1 - sigmoid(z))"), "z", "sigmoid(z)", "sigmoid({v})"),
        ),
        softmax=(Place("return VALUE", "e / np.sum(e)"), ("e / np.sum(e, axis=1, keepdims=True)",)),
        input_changed=changed_input("activation = x", "x"),
        extra=(_kept_in_the_object(),),
        rewrites=(
            (Edit("e = np.exp(z - np.max(z))", ("e = np.exp(z)",)),),
            (Edit("return sigmoid(z) * (1 - sigmoid(z))", ("s = sigmoid(z)", "return s * (1 - s)")),),
            (Edit("delta = activations[-1] - y", ("delta = np.add(activations[-1], -y)",)),),
        ),
    )


def _kept_in_the_object() -> Mutation:
    """Sums of gradients that are set to zero once, when the network is made."""
    made = "nabla_w = [np.zeros(w.shape) for w in self.weights]"
    drawn = "self.weights = [np.random.randn(y, x) / np.sqrt(x) for x, y in zip(sizes[:-1], sizes[1:])]"
    added = "nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w)]"
    kept = f"self.{added.replace('(nabla_w', '(self.nabla_w')}"
    update = "self.weights = [w - (eta / len(mini_batch)) * nw for w, nw in zip(self.weights, nabla_w)]"
    edits = (
        Edit(drawn, (drawn, f"self.{made}")),
        Edit(made, (), "update_mini_batch"),
        Edit(added, (kept,)),
        Edit(update, (update.replace(", nabla_w", ", self.nabla_w"),)),
    )
    lines = (kept, update.replace(", nabla_w", ", self.nabla_w"))
    return Mutation("state-kept in the object", (Expected(frozenset({"state-kept"}), ANY, lines),), edits)


def generic_depth() -> Convention:
    hidden = "deltas[k] = (deltas[k + 1] @ W[k + 1].T) * a[k + 1] * (1 - a[k + 1])"
    updates = ("W[k] -= eta * np.outer(a[k], deltas[k])", "b[k] -= eta * deltas[k]")
    backwards = (
        "deltas = [None] * len(W)",
        "deltas[-1] = a[-1] - y",
        "for k in range(len(W) - 1, -1, -1):\n"
        f"    if k < len(W) - 1:\n        {hidden}\n    {updates[0]}\n    {updates[1]}",
    )
    loop = f"for k in range(len(W)):\n    {updates[0]}\n    {updates[1]}"
    return Convention(
        name="generic_depth",
        file="generic_depth.py",
        layout=VECTOR,
        output=OutputDelta(Place("deltas[-1] = VALUE", "a[-1] - y"), "a[-1]", "y"),
        hidden=(
            HiddenDelta(
                layer=2,
                place=Place("deltas[k] = VALUE", "(deltas[k + 1] @ W[k + 1].T) * a[k + 1] * (1 - a[k + 1])"),
                carry="{d} @ {W}.T",
                slope="a[k + 1] * (1 - a[k + 1])",
                d="deltas[k + 1]",
                W="W[k + 1]",
                a="a[k + 1]",
                above="a[k + 2]",
                sigmoid="sigmoid({v})",
                z="np.log(a[k + 1] / (1 - a[k + 1]))",
            ),
        ),
        weight_gradients=(
            WeightGradient(
                ANY,
                Place("W[k] -= eta * VALUE", "np.outer(a[k], deltas[k])"),
                "np.outer({a}, {d})",
                "a[k]",
                "deltas[k]",
                key="k",
            ),
        ),
        bias_gradients=(BiasGradient(ANY, Place("b[k] -= eta * VALUE", "deltas[k]"), "deltas[k]", key="('b', k)"),),
        updates=looped_updates("eta", ("W", "W[k]", "np.outer(a[k], deltas[k])"), ("b", "b[k]", "deltas[k]")),
        initial=drawn_in_loop(
            "W.append(VALUE)", "rng.normal(0, scale, (layers[k], layers[k + 1]))", "(layers[k], layers[k + 1])"
        ),
        input_changed=changed_input("a = [x]", "x", "forward"),
        extra=(early_update(hidden, Edit("deltas = backward(W, a, y)", backwards[:2]), Edit(loop, backwards[2:])),),
        rewrites=(
            (Edit("e = np.exp(z - np.max(z))", ("e = np.exp(z)",)),),
            (Edit("b[k] -= eta * deltas[k]", ("b[k] = b[k] - eta * deltas[k]",)),),
            (Edit("a = [x]", ("a = list([x])",)),),
        ),
    )


CONVENTIONS = (layers, nielsen, generic_depth)
