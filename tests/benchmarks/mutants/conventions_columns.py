"""The right files that hold samples in rows or columns and say every layer's arrays by name."""

from tests.benchmarks.mutants.conventions_vectors import SHAPES, SLOPE, WHOLE, changed_input
from tests.benchmarks.mutants.numbered import (
    Words,
    bias_gradients,
    each_of,
    hidden_deltas,
    initial,
    output_delta,
    updates,
    weight_gradients,
)
from tests.benchmarks.mutants.sites import (
    ANY,
    COLUMN,
    COLUMNS,
    ROW,
    Convention,
    Expected,
    Mutation,
    Place,
    SlopeFunction,
)
from tests.benchmarks.mutants.syntax import Edit

COLUMN_SHAPES = ("(32, 784)", "(32, 32)", "(10, 32)")


def broadcast(bias: str, wrong: str, use: str) -> Mutation:
    """A bias of shape (n,) where columns are added: sums of shape (n, n)."""
    expected = Expected(frozenset({"wrong-shape"}), ANY, (wrong, use))
    return Mutation(f"wrong-shape: {wrong}", (expected,), (Edit(bias, (wrong,)),), alone=True)


def columns_class() -> Convention:
    words: Words = {"a": "self.a{k}", "x": "self.a0", "z": "self.z{k}", "p": "self.a3", "y": "y"}
    words |= {"W": "self.W{k}", "b": "self.b{k}", "delta": "d{k}", "sigmoid": "self.sigmoid({v})"}
    drawn = tuple(
        f"rng.standard_normal({shape}) * np.sqrt(1 / {n})"
        for shape, n in zip(COLUMN_SHAPES, (784, 32, 32), strict=True)
    )
    return Convention(
        name="columns_class",
        file="columns_class.py",
        layout=COLUMN,
        output=output_delta(words, "d3 = VALUE"),
        hidden=hidden_deltas(words, "d{k} = VALUE", "{W}.T @ {d}", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "self.dW{k} = VALUE", "{d} @ {a}.T"),
        bias_gradients=bias_gradients(words, "self.db{k} = VALUE"),
        updates=updates(words, "W", "{W} OP= STEP", "self.lr", "self.dW{k}")
        + updates(words, "b", "{b} OP= STEP", "self.lr", "self.db{k}"),
        initial=initial("self.W{k} = VALUE", drawn, COLUMN_SHAPES),
        early_updates=True,
        softmax=(Place("return VALUE", "exps / np.sum(exps)"), ("exps / np.sum(exps, axis=1, keepdims=True)",)),
        input_changed=changed_input("self.a0 = x", "x"),
        extra=(
            broadcast("self.b1 = np.zeros((32, 1))", "self.b1 = np.zeros(32)", "self.z1 = self.W1 @ x + self.b1"),
            broadcast("self.b2 = np.zeros((32, 1))", "self.b2 = np.zeros(32)", "self.z2 = self.W2 @ self.a1 + self.b2"),
            broadcast("self.b3 = np.zeros((10, 1))", "self.b3 = np.zeros(10)", "self.z3 = self.W3 @ self.a2 + self.b3"),
        ),
        rewrites=(
            (Edit("exps = np.exp(z - np.max(z))", ("exps = np.exp(z)",)),),
            (Edit("self.dW2 = d2 @ self.a1.T", ("self.dW2 = np.outer(d2, self.a1)",)),),
            (Edit("self.W1 -= self.lr * self.dW1", ("self.W1 = self.W1 - self.lr * self.dW1",)),),
        ),
    )


def dictionary_batch() -> Convention:
    words: Words = {"a": "A{k}", "x": "X", "z": "cache['Z{k}']", "p": "A3", "y": "Y", "sigmoid": "sigmoid({v})"}
    words |= {"W": "parameters['W{k}']", "b": "parameters['b{k}']", "delta": "dZ{k}"}
    drawn = tuple(
        f"np.random.randn{shape} * np.sqrt(1 / {n})" for shape, n in zip(COLUMN_SHAPES, (784, 32, 32), strict=True)
    )
    made = (
        "parameters = {'W1': VALUE1, 'b1': np.zeros((32, 1)), 'W2': VALUE2, 'b2': np.zeros((32, 1)), "
        "'W3': VALUE3, 'b3': np.zeros((10, 1))}"
    )
    return Convention(
        name="dictionary_batch",
        file="dictionary_batch.py",
        layout=COLUMNS,
        output=output_delta(words, "dZ3 = VALUE"),
        hidden=hidden_deltas(words, "dZ{k} = VALUE", "np.dot({W}.T, {d})", SLOPE, WHOLE),
        weight_gradients=weight_gradients(words, "dW{k} = VALUE", "np.dot({d}, {a}.T)", "PRODUCT / m"),
        bias_gradients=bias_gradients(words, "db{k} = VALUE", "np.sum({d}, axis=1, keepdims=True) / m"),
        updates=updates(words, "W", "{W} = {W} OP STEP", "learning_rate", "grads['dW{k}']")
        + updates(words, "b", "{b} = {b} OP STEP", "learning_rate", "grads['db{k}']"),
        initial=initial(each_of(made, drawn), drawn, COLUMN_SHAPES),
        softmax=(
            Place("return VALUE", "T / np.sum(T, axis=0, keepdims=True)"),
            ("T / np.sum(T, axis=1, keepdims=True)", "T / np.sum(T)"),
        ),
        rewrites=(
            (Edit("T = np.exp(Z - np.max(Z, axis=0, keepdims=True))", ("T = np.exp(Z)",)),),
            (Edit("dW1 = np.dot(dZ1, X.T) / m", ("dW1 = 1 / m * dZ1 @ X.T",)),),
            (Edit("db3 = np.sum(dZ3, axis=1, keepdims=True) / m", ("db3 = dZ3.mean(axis=1, keepdims=True)",)),),
        ),
    )


def rows() -> Convention:
    words: Words = {"a": "a{k}", "x": "x", "z": "z{k}", "p": "a3", "y": "t", "sigmoid": "sigmoid({v})"}
    words |= {"W": "W{k}", "b": "B{k}", "delta": "error{k}"}
    drawn = tuple(
        f"np.random.normal(0, 1 / np.sqrt({n}), {shape})" for n, shape in zip((784, 32, 32), SHAPES, strict=True)
    )
    rate = "LEARNING_RATE"
    reversed_product = "return np.dot(right.T, left)"
    unshifted = Edit("exp = np.exp(z - np.max(z, axis=1, keepdims=True))", ("exp = np.exp(z)",))
    return Convention(
        name="rows",
        file="rows.py",
        layout=ROW,
        output=output_delta(words, "error3 = VALUE"),
        hidden=hidden_deltas(words, "error{k} = VALUE", "np.dot({d}, {W}.T)", "sigmoid_derivative({z})"),
        weight_gradients=weight_gradients(words, f"W{{k}} = W{{k}} - {rate} * VALUE", "outer({a}, {d})"),
        bias_gradients=bias_gradients(words, f"B{{k}} = B{{k}} - {rate} * VALUE"),
        updates=updates(words, "W", "W{k} = W{k} OP STEP", rate, "outer({a}, {delta})")
        + updates(words, "b", "B{k} = B{k} OP STEP", rate, "{delta}"),
        initial=initial("W{k} = VALUE", drawn, SHAPES),
        slope_functions=(
            SlopeFunction(
                Place("return VALUE", "sigmoid(z) * (1 - sigmoid(z))", "sigmoid_derivative"),
                "z",
                "sigmoid(z)",
                "sigmoid({v})",
            ),
        ),
        early_updates=True,
        softmax=(
            Place("return VALUE", "exp / np.sum(exp, axis=1, keepdims=True)"),
            ("exp / np.sum(exp, axis=0, keepdims=True)", "exp / np.sum(exp, axis=0)"),
        ),
        extra=(
            broadcast("B1 = np.zeros((1, 32))", "B1 = np.zeros((32, 1))", "z1 = np.dot(x, W1) + B1"),
            broadcast("B2 = np.zeros((1, 32))", "B2 = np.zeros((32, 1))", "z2 = np.dot(a1, W2) + B2"),
            Mutation(
                "wrong-shape: the helper's product reversed",
                (
                    Expected(
                        frozenset({"wrong-shape"}),
                        ANY,
                        (reversed_product, f"W3 = W3 - {rate} * outer(a2, error3)"),
                    ),
                ),
                (Edit("return np.dot(left.T, right)", (reversed_product,)),),
                alone=True,
            ),
        ),
        rewrites=(
            (unshifted,),
            (Edit("return np.dot(left.T, right)", ("return left.reshape(-1, 1) * right",)),),
            (Edit("error3 = a3 - t", ("error3 = np.subtract(a3, t)",)),),
        ),
    )


def csv_kaggle() -> Convention:
    words: Words = {"a": "A{k}", "x": "X", "z": "Z{k}", "p": "A3", "y": "one_hot_Y", "sigmoid": "sigmoid({v})"}
    words |= {"W": "W{k}", "b": "b{k}", "delta": "dZ{k}"}
    drawn = tuple(
        f"np.random.randn{shape} * np.sqrt(1.0 / {n})" for shape, n in zip(COLUMN_SHAPES, (784, 32, 32), strict=True)
    )
    names = "W1, b1, W2, b2, W3, b3"
    call = f"update_params({names}, dW1, db1, dW2, db2, dW3, db3, alpha)"
    return Convention(
        name="csv_kaggle",
        file="csv_kaggle.py",
        layout=COLUMNS,
        output=output_delta(words, "dZ3 = VALUE"),
        hidden=hidden_deltas(words, "dZ{k} = VALUE", "{W}.T.dot({d})", "deriv_sigmoid({z})"),
        weight_gradients=weight_gradients(words, "dW{k} = VALUE", "{d}.dot({a}.T)", "1 / m * PRODUCT"),
        bias_gradients=bias_gradients(words, "db{k} = VALUE", "1 / m * np.sum({d}, axis=1).reshape(-1, 1)"),
        updates=updates(words, "W", "W{k} = W{k} OP STEP", "alpha", "dW{k}", "update_params")
        + updates(words, "b", "b{k} = b{k} OP STEP", "alpha", "db{k}", "update_params"),
        initial=initial("W{k} = VALUE", drawn, COLUMN_SHAPES),
        slope_functions=(SlopeFunction(Place("return VALUE", "s * (1 - s)"), "Z", "s", "sigmoid({v})"),),
        softmax=(Place("return VALUE", "E / E.sum(axis=0)"), ("E / E.sum(axis=1, keepdims=True)", "E / E.sum()")),
        input_changed=changed_input("Z1 = W1.dot(X) + b1", "X"),
        extra=(
            Mutation(
                "no-update: what is returned is thrown away",
                (Expected(frozenset({"no-update"}), ANY, None),),
                (Edit(f"{names} = {call}", (call,)),),
                alone=True,
            ),
        ),
        rewrites=(
            (Edit("E = np.exp(Z - Z.max(axis=0))", ("E = np.exp(Z)",)),),
            (
                Edit("W3 = W3 - alpha * dW3", ("W3 -= alpha * dW3",)),
                Edit("b3 = b3 - alpha * db3", ("b3 -= db3 * alpha",)),
            ),
            (Edit("dW2 = 1 / m * dZ2.dot(A1.T)", ("dW2 = dZ2 @ A1.T / m",)),),
        ),
    )


CONVENTIONS = (columns_class, dictionary_batch, rows, csv_kaggle)
