"""The sites of a file with a statement for each layer, out of texts with {k} for the layer, {i} and {n} beside it."""

from tests.benchmarks.mutants.sites import (
    ANY,
    BiasGradient,
    HiddenDelta,
    Initial,
    OutputDelta,
    Place,
    Update,
    WeightGradient,
)

Words = dict[str, str | tuple[str, ...]]


def word(words: Words, name: str, k: int) -> str:
    """The file's word for the array `name` of a layer; a_0 is the input, a_3 the probabilities."""
    if name == "a" and k in (0, 3):
        return str(words["x" if k == 0 else "p"])
    text = words[name]
    return text[k - 1] if isinstance(text, tuple) else text.format(k=k, i=k - 1, n=k + 1, below=_below(words, k))


def _below(words: Words, k: int) -> str:
    return str(words["x"]) if k == 1 else word(words, "a", k - 1)


def _for(text: str, words: Words, k: int) -> str:
    """A text of a layer: its own words, and d, W for the layer's delta and weights."""
    named = {name: word(words, name, k) for name in ("delta", "W", "b") if name in words}
    return text.format(k=k, i=k - 1, n=k + 1, **named)


def output_delta(words: Words, statement: str, value: str | None = None, also: tuple[str, ...] = ()) -> OutputDelta:
    value = value or f"{words['p']} - {words['y']}"
    return OutputDelta(Place(statement, value, also=also), str(words["p"]), str(words["y"]))


def hidden_deltas(
    words: Words, statement: str, carry: str, slope: str, whole: str = "({carry}) * ({slope})"
) -> tuple[HiddenDelta, ...]:
    """Both hidden layers, the upper first; `slope` and `whole` are texts with {a} and {z}."""
    return tuple(_hidden_delta(words, k, statement, carry, slope, whole) for k in (2, 1))


def _hidden_delta(words: Words, k: int, statement: str, carry: str, slope: str, whole: str) -> HiddenDelta:
    d, weights, a, z = word(words, "delta", k + 1), word(words, "W", k + 1), word(words, "a", k), word(words, "z", k)
    carried, sloped = carry.format(d=d, W=weights), slope.format(a=a, z=z)
    return HiddenDelta(
        layer=k,
        place=Place(_for(statement, words, k), whole.format(carry=carried, slope=sloped, a=a, z=z)),
        carry=carry,
        slope=sloped,
        d=d,
        W=weights,
        a=a,
        above=word(words, "a", k + 1),
        sigmoid=str(words["sigmoid"]),
        z=z,
        other=word(words, "a", 3 - k),
        square=k == 1,
    )


def weight_gradients(words: Words, statement: str, product: str, around: str = "PRODUCT") -> tuple[WeightGradient, ...]:
    """Of the three layers, the upper first. `around` is what stands round the product, as in PRODUCT / m."""
    return tuple(_weight_gradient(words, k, statement, around.replace("PRODUCT", product)) for k in (3, 2, 1))


def _weight_gradient(words: Words, k: int, statement: str, product: str) -> WeightGradient:
    a, d = word(words, "a", k - 1), word(words, "delta", k)
    a1, a2, z1, z2 = (word(words, *what) for what in (("a", 1), ("a", 2), ("z", 1), ("z", 2)))
    return WeightGradient(
        layers=frozenset({k}),
        place=Place(_for(statement, words, k), product.format(a=a, d=d)),
        product=product,
        a=a,
        d=d,
        wrong_inputs={3: (a1, z2), 2: (a2, z1), 1: ()}[k],
        key=f"'W{k}'",
        reversible=k == 2,
    )


def bias_gradients(words: Words, statement: str | tuple[str, ...], value: str = "{d}") -> tuple[BiasGradient, ...]:
    return tuple(
        BiasGradient(
            frozenset({k}),
            Place(
                _for(statement, words, k) if isinstance(statement, str) else statement[k - 1],
                value.format(d=word(words, "delta", k)),
            ),
            word(words, "delta", k),
            word(words, "delta", 2) if k == 1 else None,
            f"'b{k}'",
        )
        for k in (3, 2, 1)
    )


def updates(
    words: Words, array: str, statement: str, rate: str, gradient: str, within: str | None = None
) -> tuple[Update, ...]:
    """`gradient` is a text with {k}, {delta}, and {a} for the layer's input."""
    found = []
    for k in (3, 2, 1):
        name = word(words, array, k)
        step = gradient.format(k=k, delta=word(words, "delta", k), a=word(words, "a", k - 1))
        copy = f"updated = {name} - {rate} * {step}"
        found.append(Update(array, frozenset({k}), _for(statement, words, k), rate, step, copy, within))
    return tuple(found)


def looped_updates(rate: str, *arrays: tuple[str, str, str], within: str | None = None) -> tuple[Update, ...]:
    """One statement for all layers, for each of (W, b or both; its name; its gradient)."""
    return tuple(
        Update(kind, ANY, f"{name} OP= STEP", rate, gradient, f"updated = {name} - {rate} * {gradient}", within)
        for kind, name, gradient in arrays
    )


def each_of(statement: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """For a statement with VALUE1, VALUE2, …: statements with VALUE for one of them and the others filled in."""
    templates = []
    for k in range(1, len(values) + 1):
        template = statement
        for j, value in enumerate(values, start=1):
            template = template.replace(f"VALUE{j}", "VALUE" if j == k else value)
        templates.append(template)
    return tuple(templates)


def initial(statement: str | tuple[str, ...], values: tuple[str, ...], shapes: tuple[str, ...]) -> tuple[Initial, ...]:
    """A statement with {k}, or one for each layer, where each layer's weights are drawn."""
    templates = [statement.replace("{k}", str(k)) for k in (1, 2, 3)] if isinstance(statement, str) else statement
    return tuple(
        Initial(frozenset({k}), Place(template, value), shape)
        for k, (template, value, shape) in enumerate(zip(templates, values, shapes, strict=True), start=1)
    )


def drawn_in_loop(template: str, value: str, shape: str = "(n_in, n_out)") -> tuple[Initial, ...]:
    return (Initial(ANY, Place(template, value), shape),)
