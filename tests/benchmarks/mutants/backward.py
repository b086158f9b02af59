"""Mistakes of the backward pass: what people write in the place of a delta or a gradient."""

from collections.abc import Iterable, Iterator

from tests.benchmarks.mutants.sites import (
    ANY,
    BiasGradient,
    Convention,
    Expected,
    HiddenDelta,
    Layout,
    Mutation,
    OutputDelta,
    Place,
    SlopeFunction,
    WeightGradient,
)
from tests.benchmarks.mutants.syntax import Edit

Layers = frozenset[int | None]
OUTPUT: Layers = frozenset({3})


def expected(mistakes: str, layers: Layers, *lines: str) -> tuple[Expected, ...]:
    """`mistakes` as in "a|b + c": a or b, and c."""
    return tuple(Expected(frozenset(names.split("|")), layers, lines) for names in mistakes.split(" + "))


def mutation(mistakes: str, layers: Layers, place: Place, value: str) -> Mutation:
    wrong = place.wrong(value)
    return Mutation(f"{mistakes}: {wrong}", expected(mistakes, layers, wrong), place.edits(wrong))


def of_backward_pass(convention: Convention) -> Iterator[Mutation]:
    yield from output_delta(convention.output, convention.layout)
    for hidden in convention.hidden:
        yield from hidden_delta(hidden, convention.layout)
    for function in convention.slope_functions:
        yield from slope_function(function)
    for weights in convention.weight_gradients:
        yield from weight_gradient(weights, convention)
    for bias in convention.bias_gradients:
        yield from bias_gradient(bias, convention.layout)


def output_delta(site: OutputDelta, layout: Layout) -> Iterator[Mutation]:
    for mistakes, value in _output_values(layout):
        text = value.replace("{g}", layout.one_hot).replace("{e}", "{p} - {y}").format(p=site.p, y=site.y)
        yield mutation(mistakes, OUTPUT, site.place, text)


def _output_values(layout: Layout) -> Iterator[tuple[str, str]]:
    """Expressions of {p}, {y}, the answer {g} and the right delta {e}."""
    yield "sign", "{y} - {p}"
    yield "sign", "-({e})"
    yield "answer-for-label", "{p} - {g}"
    yield "label-ignored", "{p}"
    yield "label-ignored", "{p} * 1.0"
    yield "one-component", "{y} * {p} - {y}"
    yield "one-component", "{y} * ({p} - 1)"
    yield "answer-for-label + one-component", "{g} * {p} - {g}"
    yield "extra-derivative", "({e}) * {p} * (1 - {p})"
    yield "extra-derivative", "{p} * (1 - {p}) * ({e})"
    yield from (("extra-derivative", jacobian) for jacobian in layout.jacobians)
    yield "missing-softmax-derivative", "-{y} / {p}"
    yield "missing-softmax-derivative", "-({y} / {p})"
    yield "scaled", "2 * ({e})"
    yield "scaled", "({e}) / 10"
    if layout.batch:
        yield "scaled", "({e}) / m"
    yield "unexplained", "({e}) ** 2"
    yield "unexplained", "np.abs({e})"


def _slopes(site: HiddenDelta) -> Iterator[tuple[str, str]]:
    """Slopes that people write, but for the missing one."""

    def sigmoid(value: str) -> str:
        return site.sigmoid.format(v=value)

    yield "slope-of-activation", f"{sigmoid(site.a)} * (1 - {sigmoid(site.a)})"
    yield "sigmoid-for-slope", site.a
    yield "slope-twice", f"{site.a} * (1 - {site.a}) * {site.a} * (1 - {site.a})"
    if site.z:
        yield "slope-formula-of-z", f"{site.z} * (1 - {site.z})"
        yield "sigmoid-for-slope", sigmoid(site.z)
    if site.other:
        yield "slope-of-other-layer", f"{site.other} * (1 - {site.other})"
    yield "unexplained", f"1 - {site.a} ** 2"
    yield "unexplained", f"1 - {site.a}"


def _errors(site: HiddenDelta, layout: Layout) -> Iterator[tuple[str, str]]:
    """What people carry back in place of δ Wᵀ."""
    if site.above:
        yield "activations-for-weights", layout.product.format(d=site.d, a=site.above)
    if site.above and site.square:
        yield "activations-for-weights", f"{site.d} * {site.above}"
    if site.square:
        yield "not-transposed", untransposed(site.carry).format(d=site.d, W=site.W)
        yield "not-carried", site.d
        yield "not-carried", layout.total.format(d=site.d)


def untransposed(carry: str) -> str:
    for transposed in ("{W}.T", "{W}.transpose()"):
        if transposed in carry:
            return carry.replace(transposed, "{W}")
    return carry.replace("{W}", "{W}.T")


def hidden_delta(site: HiddenDelta, layout: Layout) -> Iterator[Mutation]:
    layers: Layers = frozenset({site.layer})
    changes = [("missing-slope", site.unsloped())]
    changes += [(mistake, site.sloped(slope)) for mistake, slope in _slopes(site)]
    changes += [(mistake, site.carrying(error)) for mistake, error in _errors(site, layout)]
    for mistake, (line, edits) in changes:
        yield Mutation(f"{mistake}: {line}", expected(mistake, layers, line), edits)
    if not site.square:
        # The output's delta sums to 0: nothing is carried at all.
        line, edits = site.carrying(layout.total.format(d=site.d))
        yield Mutation(f"not-carried: {line}", expected("not-carried|unexplained", layers, line), edits, alone=True)
        line, edits = site.carrying(untransposed(site.carry).format(d=site.d, W=site.W))
        yield Mutation(f"wrong-shape: {line}", expected("wrong-shape", ANY, line), edits, alone=True)


def both_in_one_delta(site: HiddenDelta, layout: Layout) -> Iterator[Mutation]:
    """The wrong error carried back and the wrong slope, in one statement."""
    if site.slope_place or site.carry_place:
        return
    as_wide = {site.d, f"{site.d} * {site.above}"}  # without a slope a number would be no delta
    for carrying, error in _errors(site, layout):
        for sloping, slope in [*_slopes(site), ("missing-slope", "1")]:
            if sloping == "unexplained" or (sloping == "missing-slope" and error not in as_wide):
                continue
            line, edits = site.carrying(error, slope)
            mistakes = f"{carrying} + {sloping}"
            yield Mutation(f"{mistakes}: {line}", expected(mistakes, frozenset({site.layer}), line), edits)


def slope_function(site: SlopeFunction) -> Iterator[Mutation]:
    layers: Layers = frozenset({2})
    of_s = site.sigmoid.format(v=site.s)
    yield mutation("slope-formula-of-z", layers, site.place, f"{site.z} * (1 - {site.z})")
    yield mutation("sigmoid-for-slope", layers, site.place, site.s)
    yield mutation("slope-of-activation", layers, site.place, f"{of_s} * (1 - {of_s})")
    yield mutation("slope-twice", layers, site.place, f"({site.s} * (1 - {site.s})) ** 2")
    yield mutation("unexplained", layers, site.place, f"1 - {site.s} ** 2")


def weight_gradient(site: WeightGradient, convention: Convention) -> Iterator[Mutation]:
    for wrong in site.wrong_inputs:
        yield mutation("wrong-input", site.layers, site.place, site.product.format(a=wrong, d=site.d))
    turned = site.product.format(a=site.d, d=site.a)
    if site.reversible:
        yield mutation("outer-reversed", site.layers, site.place, turned)
    elif site.reversible is False:
        yield _impossible(site, turned, convention)
    yield mutation("scaled", site.layers, site.place, f"2 * {site.place.value}")
    yield mutation("scaled", site.layers, site.place, f"{site.place.value} / 10")
    if convention.layout.batch:
        yield mutation("scaled", site.layers, site.place, f"{site.place.value} / m")
        yield mutation("scaled", site.layers, site.place, f"m * ({site.place.value})")
    ones = site.product.format(a=f"np.ones_like({site.a})", d=site.d)
    yield mutation("unexplained|wrong-input", site.layers, site.place, ones)
    yield from _kept(site)


def _impossible(site: WeightGradient, value: str, convention: Convention) -> Mutation:
    """A gradient of another shape than the weights: it shows here or at the update."""
    wrong = site.place.wrong(value)
    updates = [update.text() for update in convention.updates if update.array != "b" and update.layers >= site.layers]
    lines = (wrong, *updates)
    return Mutation(f"wrong-shape: {wrong}", expected("wrong-shape", ANY, *lines), site.place.edits(wrong), alone=True)


def bias_gradient(site: BiasGradient, layout: Layout) -> Iterator[Mutation]:
    # The output's delta sums to 0, and so does its mean.
    summed, averaged = ("bias-summed|bias-averaged",) * 2 if site.layers == OUTPUT else ("bias-summed", "bias-averaged")
    for mistake, values in ((summed, layout.bias_sums), (averaged, layout.bias_means)):
        for value in values:
            yield mutation(mistake, site.layers, site.place, value.format(d=site.d))
    yield mutation("scaled", site.layers, site.place, f"2 * ({site.place.value})")
    yield mutation("scaled", site.layers, site.place, f"({site.place.value}) / 10")
    if site.other:
        yield mutation("unexplained", site.layers, site.place, site.place.value.replace(site.d, site.other))
    yield from _kept(site)


def _kept(site: WeightGradient | BiasGradient) -> Iterable[Mutation]:
    """The gradients of all calls so far in the place of those of this call."""
    lines = (
        f"kept[{site.key}] = kept.get({site.key}, 0) + {site.place.value}",
        site.place.wrong(f"kept[{site.key}]"),
    )
    edits = (Edit(None, ("kept = {}",)), *site.place.edits(*lines))
    yield Mutation(f"state-kept: {lines[0]}", expected("state-kept", ANY, *lines), edits)
