"""The right files that hold a sample in a vector and say every layer's arrays by name."""

from dataclasses import replace

from tests.benchmarks.mutants.numbered import (
    Words,
    bias_gradients,
    drawn_in_loop,
    each_of,
    hidden_deltas,
    initial,
    looped_updates,
    output_delta,
    updates,
    weight_gradients,
)
from tests.benchmarks.mutants.sites import ANY, VECTOR, Convention, Expected, Mutation, Place, SlopeFunction
from tests.benchmarks.mutants.syntax import Edit

SHAPES = ("(784, 32)", "(32, 32)", "(32, 10)")
DELTAS = ("delta1", "delta2", "delta3")
WHOLE = "({carry}) * {a} * (1 - {a})"
SLOPE = "{a} * (1 - {a})"


def changed_input(before: str, name: str, within: str | None = None) -> tuple[tuple[Edit, str], ...]:
    """The input is changed in place before a statement, in two ways."""
    changes = (f"{name} -= {name}.mean()", f"{name} *= 0.5")
    return tuple((Edit(before, (change, before), within), change) for change in changes)


def no_update_in_loop(loop: str, new: str) -> Mutation:
    """The loop's own variables are set to something new: what they were taken from stays as it was."""
    weights = Expected(frozenset({"no-update"}), ANY, None)
    return Mutation("no-update: the loop's variable is set", (weights,), (Edit(loop, (new,)),), alone=True)


def globals_() -> Convention:
    words: Words = {"a": "a{k}", "x": "a0", "z": "z{k}", "p": "p", "y": "target", "sigmoid": "sigmoid({v})"}
    words |= {"W": "weights[{i}]", "b": "biases[{i}]", "delta": "dz{k}"}
    drawn = tuple(f"rng.normal(0, 1 / np.sqrt({shape[1:-1].split(',')[0]}), size={shape})" for shape in SHAPES)
    label, answer = "target = one_hot(y)", "target = one_hot(np.argmax(p))"
    answered = Expected(frozenset({"answer-for-label"}), frozenset({3}), (answer, "dz3 = p - target"))
    return Convention(
        name="globals",
        file="globals.ipynb",
        layout=VECTOR,
        output=output_delta(words, "dz3 = VALUE"),
        hidden=hidden_deltas(words, "dz{k} = VALUE", "{d} @ {W}.T", "sigmoid_prime({z})"),
        weight_gradients=weight_gradients(words, "dW{k} = VALUE", "np.outer({a}, {d})"),
        bias_gradients=bias_gradients(words, "db{k} = VALUE"),
        updates=updates(words, "W", "{W} OP= STEP", "learning_rate", "dW{k}")
        + updates(words, "b", "{b} OP= STEP", "learning_rate", "db{k}"),
        initial=initial(each_of("weights = [VALUE1, VALUE2, VALUE3]", drawn), drawn, SHAPES),
        slope_functions=(
            SlopeFunction(Place("return VALUE", "s * (1 - s)", "sigmoid_prime"), "x", "s", "sigmoid({v})"),
        ),
        early_updates=True,
        input_changed=changed_input("a0 = sample.flatten()", "sample", "train_one_sample"),
        extra=(Mutation("answer-for-label where the label is made", (answered,), (Edit(label, (answer,)),)),),
        rewrites=(
            (Edit("e = np.exp(x - np.max(x))", ("e = np.exp(x)",)),),
            (Edit("dW3 = np.outer(a2, dz3)", ("dW3 = np.dot(a2.reshape(32, 1), dz3.reshape(1, 10))",)),),
            (Edit("return s * (1 - s)", ("return s - s ** 2",)),),
        ),
    )


def returned_gradients() -> Convention:
    words: Words = {"a": "a{k}", "x": "x", "z": "({below} @ Ws[{i}] + bs[{i}])", "p": "p", "y": "y"}
    words |= {"W": "Ws[{i}]", "b": "bs[{i}]", "delta": "delta{k}", "sigmoid": "sigmoid({v})"}
    loop = "for i in range(3):\n    Ws[i] -= lr * dWs[i]\n    bs[i] -= lr * dbs[i]"
    zipped = "for W, b, dW, db in zip(Ws, bs, dWs, dbs):\n    W = W - lr * dW\n    b = b - lr * db"
    return Convention(
        name="returned_gradients",
        file="returned_gradients.py",
        layout=VECTOR,
        output=output_delta(words, "delta3 = VALUE"),
        hidden=hidden_deltas(words, "delta{k} = VALUE", "{W} @ {d}", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "dW{k} = VALUE", "np.outer({a}, {d})"),
        bias_gradients=bias_gradients(words, each_of("return loss, [dW1, dW2, dW3], [VALUE1, VALUE2, VALUE3]", DELTAS)),
        updates=looped_updates("lr", ("W", "Ws[i]", "dWs[i]"), ("b", "bs[i]", "dbs[i]")),
        initial=drawn_in_loop("Ws.append(VALUE)", "rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out))"),
        extra=(no_update_in_loop(loop, zipped),),
        rewrites=(
            (Edit("z = z - z.max()", ()),),
            (Edit("delta3 = p - y", ("delta3 = p.copy()", "delta3[label] -= 1")),),
            (Edit(loop, ("for i in range(3):\n    Ws[i] = Ws[i] - lr * dWs[i]\n    bs[i] = bs[i] - lr * dbs[i]",)),),
        ),
    )


def separate_arrays() -> Convention:
    words: Words = {"a": "a{k}", "x": "x", "z": "z{k}", "p": "p", "y": "y", "sigmoid": "sigmoid({v})"}
    words |= {"W": "W{k}", "b": "b{k}", "delta": "d{k}"}
    drawn = tuple(
        f"np.random.randn({shape[1:-1]}) / {root}"
        for shape, root in zip(SHAPES, ("28", "np.sqrt(32)", "np.sqrt(32)"), strict=True)
    )
    hidden = tuple(
        replace(
            site,
            place=Place(f"d{site.layer} = VALUE", f"e{site.layer} * s{site.layer}"),
            carried=f"e{site.layer}",
            slope_place=Place(f"s{site.layer} = VALUE", site.slope),
            carry_place=Place(f"e{site.layer} = VALUE", f"np.dot(d{site.layer + 1}, W{site.layer + 1}.T)"),
        )
        for site in hidden_deltas(words, "VALUE", "np.dot({d}, {W}.T)", SLOPE)
    )
    return Convention(
        name="separate_arrays",
        file="separate_arrays.py",
        layout=VECTOR,
        output=output_delta(words, "d3 = VALUE"),
        hidden=hidden,
        weight_gradients=weight_gradients(words, "gW{k} = VALUE", "np.outer({a}, {d})"),
        bias_gradients=bias_gradients(words, "b{k} -= lr * VALUE"),
        updates=updates(words, "W", "{W} OP= STEP", "lr", "gW{k}") + updates(words, "b", "{b} OP= STEP", "lr", "d{k}"),
        initial=initial("W{k} = VALUE", drawn, SHAPES),
        early_updates=True,
        input_changed=changed_input("z1 = np.dot(x, W1) + b1", "x"),
        rewrites=(
            (Edit("e = np.exp(z3 - np.max(z3))", ("e = np.exp(z3)",)),),
            (Edit("W3 -= lr * gW3", ("W3 = W3 - lr * gW3",)), Edit("b1 -= lr * d1", ("b1 = b1 - d1 * lr",))),
            (Edit("gW2 = np.outer(a1, d2)", ("gW2 = a1.reshape(-1, 1) * d2",)),),
        ),
    )


def top_level_loop() -> Convention:
    words: Words = {"a": "h{k}", "x": "x", "z": "({below} @ W{k} + b{k})", "p": "out", "y": "label"}
    words |= {"W": "W{k}", "b": "b{k}", "delta": "delta{k}", "sigmoid": "sigmoid({v})"}
    roots = ("784", "32", "32")
    drawn = tuple(f"rng.normal(0, 1 / np.sqrt({root}), {shape})" for root, shape in zip(roots, SHAPES, strict=True))
    return Convention(
        name="top_level_loop",
        file="top_level_loop.py",
        layout=VECTOR,
        output=output_delta(words, "delta3 = VALUE"),
        hidden=hidden_deltas(words, "delta{k} = VALUE", "{W} @ {d}", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "dW{k} = VALUE", "{a}[:, None] * {d}"),
        bias_gradients=bias_gradients(words, "b{k} = b{k} - lr * VALUE"),
        updates=updates(words, "W", "W{k} = W{k} OP STEP", "lr", "dW{k}")
        + updates(words, "b", "b{k} = b{k} OP STEP", "lr", "delta{k}"),
        initial=initial("W{k} = VALUE", drawn, SHAPES),
        early_updates=True,
        input_changed=changed_input("h1 = sigmoid(x @ W1 + b1)", "x"),
        rewrites=(
            (Edit("out = np.exp(logits - logits.max())", ("out = np.exp(logits)",)),),
            (Edit("W3 = W3 - lr * dW3", ("W3 -= lr * dW3",)), Edit("b3 = b3 - lr * delta3", ("b3 -= lr * delta3",))),
            (Edit("dW3 = h2[:, None] * delta3", ("dW3 = np.outer(h2, delta3)",)),),
        ),
    )


def defined_only() -> Convention:
    words: Words = {"a": "a{k}", "x": "x", "z": "({below} @ W{k} + b{k})", "p": "p", "y": "y"}
    words |= {"W": "W{k}", "b": "b{k}", "delta": "db{k}", "sigmoid": "sigmoid({v})"}
    returned = each_of("return [dW1, VALUE1, dW2, VALUE2, dW3, VALUE3]", ("db1", "db2", "db3"))
    loop = "for param, grad in zip(params, grads):\n    param -= lr * grad"
    return Convention(
        name="defined_only",
        file="defined_only.py",
        layout=VECTOR,
        output=output_delta(words, "db3 = VALUE"),
        hidden=hidden_deltas(words, "db{k} = VALUE", "{W} @ {d}", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "dW{k} = VALUE", "np.outer({a}, {d})"),
        bias_gradients=bias_gradients(words, returned),
        updates=looped_updates("lr", ("both", "param", "grad")),
        initial=drawn_in_loop("params.append(VALUE)", "rng.normal(0, 1 / np.sqrt(max(n_in, n_out)), (n_in, n_out))"),
        input_changed=changed_input("a1 = sigmoid(x @ W1 + b1)", "x", "forward"),
        extra=(no_update_in_loop(loop, loop.replace("-= lr", "= param - lr")),),
        rewrites=(
            (Edit("shifted = np.exp(z - z.max())", ("shifted = np.exp(z)",)),),
            (Edit(loop, ("for i in range(len(params)):\n    params[i] = params[i] - lr * grads[i]",)),),
            (Edit("dW1 = np.outer(x, db1)", ("dW1 = x[:, np.newaxis] @ db1[np.newaxis, :]",)),),
        ),
    )


def float32_class() -> Convention:
    words: Words = {"a": "h{k}", "x": "x", "z": "({below} @ self.w{k} + self.b{k})", "p": "p", "y": "y"}
    words |= {"W": "self.w{k}", "b": "self.b{k}", "delta": "err{k}", "sigmoid": "self.sigmoid({v})"}
    shapes = ("(n_in, n_hidden)", "(n_hidden, n_hidden)", "(n_hidden, n_out)")
    drawn = tuple(f"rng.standard_normal({shape}) / np.sqrt({shape[1:-1].split(',')[0]})" for shape in shapes)
    return Convention(
        name="float32_class",
        file="float32_class.py",
        layout=VECTOR,
        output=output_delta(words, "err3 = VALUE"),
        hidden=hidden_deltas(words, "err{k} = VALUE", "{d} @ {W}.T", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "{W} -= self.lr * VALUE", "np.outer({a}, {d})"),
        bias_gradients=bias_gradients(words, "{b} -= self.lr * VALUE"),
        updates=updates(words, "W", "{W} OP= STEP", "self.lr", "np.outer({a}, {delta})")
        + updates(words, "b", "{b} OP= STEP", "self.lr", "{delta}"),
        initial=initial("self.w{k} = (VALUE).astype(np.float32)", drawn, shapes),
        early_updates=True,
        input_changed=changed_input("h1 = self.sigmoid(x @ self.w1 + self.b1)", "x", "train_step"),
        rewrites=(
            (Edit("e = np.exp(z - z.max())", ("e = np.exp(z)",), "train_step"),),
            (Edit("err3 = p - y", ("err3 = -(y - p)",)),),
            (Edit("self.b3 -= self.lr * err3", ("self.b3 = self.b3 - self.lr * err3",)),),
        ),
    )


def while_loop() -> Convention:
    words: Words = {
        "a": "hidden{k}",
        "x": "x",
        "p": "prob",
        "y": "np.eye(10)[labels[i]]",
        "sigmoid": "(1 / (1 + np.exp(-({v}))))",
    }
    words |= {"z": ("(x.dot(w_ih) + b_h1)", "(hidden1.dot(w_hh) + b_h2)"), "W": ("w_ih", "w_hh", "w_ho")}
    words |= {"b": ("b_h1", "b_h2", "b_o"), "delta": ("grad_h1", "grad_h2", "grad_o")}
    drawn = tuple(f"np.random.normal(0.0, pow({shape[1:-1].split(',')[0]}, -0.5), {shape})" for shape in SHAPES)
    subtract = "grad_o[labels[i]] -= 1"
    answered = "grad_o[np.argmax(prob)] -= 1"
    negated = ("grad_o = -prob", "grad_o[labels[i]] += 1")
    return Convention(
        name="while_loop",
        file="while_loop.py",
        layout=VECTOR,
        output=output_delta(words, "grad_o = VALUE", "prob.copy()", (subtract,)),
        hidden=hidden_deltas(words, "{delta} = VALUE", "{W}.dot({d})", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "{W} -= learning_rate * VALUE", "np.outer({a}, {d})"),
        bias_gradients=bias_gradients(words, "{b} -= learning_rate * VALUE"),
        updates=updates(words, "W", "{W} OP= STEP", "learning_rate", "np.outer({a}, {delta})")
        + updates(words, "b", "{b} OP= STEP", "learning_rate", "{delta}"),
        initial=initial(("w_ih = VALUE", "w_hh = VALUE", "w_ho = VALUE"), drawn, SHAPES),
        early_updates=True,
        input_changed=changed_input("hidden1 = 1 / (1 + np.exp(-(x.dot(w_ih) + b_h1)))", "x"),
        extra=(
            Mutation(
                "answer-for-label by its place",
                (Expected(frozenset({"answer-for-label"}), frozenset({3}), (answered,)),),
                (Edit(subtract, (answered,)),),
            ),
            Mutation(
                "sign by its place",
                (Expected(frozenset({"sign"}), frozenset({3}), negated),),
                (Edit("grad_o = prob.copy()", negated[:1]), Edit(subtract, negated[1:])),
            ),
        ),
        rewrites=(
            (Edit("scores = scores - scores.max()", ()),),
            (Edit("grad_o = prob.copy()", ("grad_o = prob - np.eye(10)[labels[i]]",)), Edit(subtract, ())),
            (Edit("b_o -= learning_rate * grad_o", ("b_o = b_o - learning_rate * grad_o",)),),
        ),
    )


CONVENTIONS = (
    globals_,
    returned_gradients,
    separate_arrays,
    top_level_loop,
    defined_only,
    float32_class,
    while_loop,
)
