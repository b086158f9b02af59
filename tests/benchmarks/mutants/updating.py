"""Mistakes around the backward pass: the update, the initial weights, the softmax, the input."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.mutants.backward import Layers, expected
from tests.benchmarks.mutants.sites import ANY, Convention, Expected, HiddenDelta, Initial, Mutation, Update
from tests.benchmarks.mutants.syntax import Edit


def around_backward_pass(convention: Convention) -> Iterator[Mutation]:
    for update in convention.updates:
        yield from wrong_update(update)
    yield from wrong_updates(convention.updates)
    if convention.early_updates:
        for hidden in convention.hidden:
            yield early_update(hidden, convention)
    for initial in convention.initial:
        yield from initial_weights(initial)
    yield overflow(convention)
    if convention.softmax:
        place, values = convention.softmax
        for value in values:
            line = place.wrong(value)
            yield Mutation(f"softmax-axis: {line}", expected("softmax-axis", frozenset({3}), line), place.edits(line))
    for edit, line in convention.input_changed:
        yield Mutation(f"input-changed: {line}", expected("input-changed", ANY, line), (edit,))


def _changed(site: Update, text: str) -> Edit:
    return Edit(site.text(), (text,), site.within)


def _missing(array: str) -> frozenset[str]:
    return frozenset({"bias-frozen" if array == "b" else "no-update"})


def _wrong_steps(site: Update) -> Iterator[tuple[str, str]]:
    yield "sign", site.text("+")
    yield "sign", site.text(step=f"-{site.rate} * {site.gradient}")
    yield "rate-ignored", site.text(step=site.gradient)
    if site.array != "both":  # for all arrays at once this is another rate
        yield "scaled", site.text(step=f"2 * {site.rate} * {site.gradient}")
        yield "scaled", site.text(step=f"{site.rate} * {site.rate} * {site.gradient}")
        yield "scaled", site.text(step=f"{site.rate} / 10 * {site.gradient}")


def wrong_update(site: Update) -> Iterator[Mutation]:
    for mistake, text in _wrong_steps(site):
        yield Mutation(f"{mistake}: {text}", expected(mistake, site.layers, text), (_changed(site, text),))
    missing = (Expected(_missing(site.array), site.layers | {None}, None),)
    nothing = site.array == "both"
    yield Mutation(f"dropped: {site.text()}", missing, (Edit(site.text(), (), site.within),), alone=nothing)
    if site.copy:
        yield Mutation(f"copy: {site.copy}", missing, (_changed(site, site.copy),), alone=nothing)


def wrong_updates(sites: tuple[Update, ...]) -> Iterator[Mutation]:
    """The same mistake at all updates, or at all of the weights or the biases."""
    if len(sites) == 1:
        return
    for mistake, change in (("sign", {"op": "+"}), ("rate-ignored", {})):
        texts = [_text(site, mistake, change) for site in sites]
        edits = tuple(_changed(site, text) for site, text in zip(sites, texts, strict=True))
        yield Mutation(f"{mistake} at all updates", expected(mistake, ANY, *texts), edits)
    for array in ("W", "b"):
        chosen = [site for site in sites if site.array == array]
        missing = (Expected(_missing(array), ANY, None),)
        if len(chosen) > 1:
            edits = tuple(Edit(site.text(), (), site.within) for site in chosen)
            yield Mutation(f"all updates of {array} dropped", missing, edits)
    missing = (Expected(frozenset({"no-update"}), ANY, None),)
    yield Mutation("all updates dropped", missing, tuple(Edit(s.text(), (), s.within) for s in sites), alone=True)


def _text(site: Update, mistake: str, change: dict[str, Any]) -> str:
    return site.text(step=site.gradient) if mistake == "rate-ignored" else site.text(**change)


def early_update(hidden: HiddenDelta, convention: Convention) -> Mutation:
    """The weights are updated before the error is carried back through them."""
    above: Layers = frozenset({hidden.layer + 1})
    update = next(site for site in convention.updates if site.array == "W" and site.layers == above)
    gradient = next(site for site in convention.weight_gradients if site.layers == above)
    place = hidden.carry_place or hidden.place
    moved = [update.text()]
    edits = [Edit(update.text(), (), update.within)]
    if update.gradient != gradient.place.value:
        moved.insert(0, gradient.place.statement)
        edits.insert(0, Edit(gradient.place.statement, ()))
    edits.append(Edit(place.statement, (*moved, place.statement)))
    layers: Layers = frozenset({hidden.layer})
    return Mutation(
        f"updated-weights: {place.statement}", expected("updated-weights", layers, place.statement), tuple(edits)
    )


def initial_weights(site: Initial) -> Iterator[Mutation]:
    values = [("zero-weights", f"np.zeros({site.shape})"), ("zero-weights", f"np.full({site.shape}, 0.01)")]
    if site.layers != {3}:  # the output has no sigmoid
        values.append(("weights-too-large", f"np.random.rand(*{site.shape})"))
    if site.layers != {3} and site.layers != {2}:  # with 32 inputs these are not too large
        values.append(("weights-too-large", f"np.random.randn(*{site.shape})"))
        values.append(("weights-too-large", f"np.random.normal(0, 1, {site.shape})"))
    for mistake, value in values:
        line = site.place.wrong(value)
        yield Mutation(f"{mistake}: {line}", expected(mistake, site.layers, line), site.place.edits(line))


def overflow(convention: Convention) -> Mutation:
    """Logits beyond what exp() can take, and a softmax that does not shift them."""
    site = convention.initial[-1]
    line = site.place.wrong(f"{site.place.value} * 100000.0")
    nowhere = (Expected(frozenset({"not-finite"}), ANY, None),)
    return Mutation(f"not-finite: {line}", nowhere, (*convention.rewrites[0], *site.place.edits(line)), alone=True)
