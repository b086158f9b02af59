"""The places of a right file where a mistake can be made: which statement computes what, in the author's own words."""

from dataclasses import dataclass, field

from tests.benchmarks.mutants.syntax import Edit

ANY = frozenset({1, 2, 3, None})


@dataclass(frozen=True)
class Expected:
    """A finding that a judge should have: one of the names, at one of the layers, in the line of one of the statements.

    Lines are None where a line makes no sense, as for an update that is missing.
    """

    names: frozenset[str]
    layers: frozenset[int | None]
    lines: tuple[str, ...] | None


@dataclass(frozen=True)
class Mutation:
    """A change of a right file that makes one mistake (in `stuck.ipynb`'s first line: two)."""

    name: str
    expected: tuple[Expected, ...]
    edits: tuple[Edit, ...]
    alone: bool = False  # what it breaks hides every other mistake


@dataclass(frozen=True)
class Place:
    """A statement with VALUE for the expression that matters, and that expression."""

    template: str
    value: str
    within: str | None = None
    also: tuple[str, ...] = ()  # statements that belong to the value and go with it

    @property
    def statement(self) -> str:
        return self.template.replace("VALUE", self.value)

    def wrong(self, value: str) -> str:
        return self.template.replace("VALUE", f"({value})")

    def edits(self, *new: str) -> tuple[Edit, ...]:
        return (Edit(self.statement, new, self.within), *(Edit(text, (), self.within) for text in self.also))


@dataclass(frozen=True)
class Layout:
    """How vectors lie: expressions of {p} the probabilities, {d} a delta, {a} activations."""

    one_hot: str  # the answer
    product: str  # δ·a, a number for each sample
    total: str  # the sum of δ, a number for each sample
    bias_sums: tuple[str, ...]
    bias_means: tuple[str, ...]
    jacobians: tuple[str, ...]  # J(p − y), with {e} for p − y
    batch: bool = False


_GENERAL_JACOBIAN = "{p} * (({e}) - np.sum({p} * ({e}), axis=0, keepdims=True))"
VECTOR = Layout(
    one_hot="np.eye(10)[np.argmax({p})]",
    product="np.dot({d}, {a})",
    total="np.sum({d})",
    bias_sums=("np.sum({d})", "{d}.sum()"),
    bias_means=("np.mean({d})", "np.sum({d}) / len({d})"),
    jacobians=("(np.diag({p}) - np.outer({p}, {p})) @ ({e})", _GENERAL_JACOBIAN),
)
ROW = Layout(
    one_hot="np.eye(10)[[np.argmax({p})]]",
    product="np.sum({d} * {a})",
    total="np.sum({d})",
    bias_sums=("np.sum({d})", "np.sum({d}, axis=1, keepdims=True)"),
    bias_means=("np.mean({d})", "np.mean({d}, axis=1, keepdims=True)"),
    jacobians=("({e}) @ (np.diagflat({p}) - {p}.T @ {p})",),
)
COLUMN = Layout(
    one_hot="np.eye(10)[:, [np.argmax({p})]]",
    product="np.sum({d} * {a})",
    total="np.sum({d})",
    bias_sums=("np.sum({d})", "np.sum({d}, axis=0, keepdims=True)"),
    bias_means=("np.mean({d})", "np.mean({d}, axis=0, keepdims=True)"),
    jacobians=("(np.diagflat({p}) - {p} @ {p}.T) @ ({e})", _GENERAL_JACOBIAN),
)
COLUMNS = Layout(
    one_hot="np.eye(10)[:, np.argmax({p}, axis=0)]",
    product="np.sum({d} * {a}, axis=0, keepdims=True)",
    total="np.sum({d}, axis=0, keepdims=True)",
    bias_sums=("np.sum({d}) / m", "{d}.sum() / m"),
    bias_means=("np.mean({d})",),
    jacobians=(_GENERAL_JACOBIAN,),
    batch=True,
)


@dataclass(frozen=True)
class OutputDelta:
    place: Place
    p: str
    y: str


@dataclass(frozen=True)
class HiddenDelta:
    """δ = carried error × slope, in one statement or, with places of their own for the two, in several.

    `carry` is a text with {d} for the delta above and {W} for the weights between, `carried` a variable with its value.
    """

    layer: int
    place: Place
    carry: str
    slope: str
    d: str
    W: str
    a: str
    sigmoid: str  # an expression of {v}
    above: str | None = None  # the activations that belong to d
    z: str | None = None
    other: str | None = None  # activations of the other hidden layer
    square: bool = False
    carried: str | None = None
    slope_place: Place | None = None
    carry_place: Place | None = None

    @property
    def error(self) -> str:
        return self.carried or self.carry.format(d=self.d, W=self.W)

    def sloped(self, slope: str) -> tuple[str, tuple[Edit, ...]]:
        """The statement with another slope."""
        if self.slope_place is None:
            return self._instead(self.place, f"({self.error}) * ({slope})")
        return self._instead(self.slope_place, slope)

    def carrying(self, error: str, slope: str | None = None) -> tuple[str, tuple[Edit, ...]]:
        """The statement with another carried error, and where the two are in one statement another slope."""
        if self.carry_place is None:
            return self._instead(self.place, f"({error}) * ({slope or self.slope})")
        return self._instead(self.carry_place, error)

    def unsloped(self) -> tuple[str, tuple[Edit, ...]]:
        return self._instead(self.place, self.error)

    @staticmethod
    def _instead(place: Place, value: str) -> tuple[str, tuple[Edit, ...]]:
        return place.wrong(value), place.edits(place.wrong(value))


@dataclass(frozen=True)
class SlopeFunction:
    """A function of the file for σ′: `place` returns it, `z` is its argument, `s` is σ of it."""

    place: Place
    z: str
    s: str
    sigmoid: str


@dataclass(frozen=True)
class WeightGradient:
    """`product` is a text with {a} for the input and {d} for the delta."""

    layers: frozenset[int | None]
    place: Place
    product: str
    a: str
    d: str
    wrong_inputs: tuple[str, ...] = ()
    key: str = "0"
    reversible: bool | None = None  # None: the layers differ, and no one can tell what a reversed product does


@dataclass(frozen=True)
class BiasGradient:
    layers: frozenset[int | None]
    place: Place
    d: str
    other: str | None = None  # a delta of another layer, as wide
    key: str = "0"


@dataclass(frozen=True)
class Update:
    """`template` has OP for the minus and STEP for rate × gradient; `copy` updates something that is thrown away."""

    array: str  # "W", "b", or "both"
    layers: frozenset[int | None]
    template: str
    rate: str
    gradient: str
    copy: str | None = None
    within: str | None = None

    def text(self, op: str = "-", step: str | None = None) -> str:
        step = step or f"{self.rate} * {self.gradient}"
        return self.template.replace("OP", op).replace("STEP", step)


@dataclass(frozen=True)
class Initial:
    """Where weights are drawn; `shape` is an expression."""

    layers: frozenset[int | None]
    place: Place
    shape: str


@dataclass(frozen=True)
class Convention:
    name: str
    file: str
    layout: Layout
    output: OutputDelta
    hidden: tuple[HiddenDelta, ...]
    weight_gradients: tuple[WeightGradient, ...]
    bias_gradients: tuple[BiasGradient, ...]
    updates: tuple[Update, ...]
    initial: tuple[Initial, ...]
    slope_functions: tuple[SlopeFunction, ...] = ()
    early_updates: bool = False  # the updates can be moved up into the backward pass
    softmax: tuple[Place, tuple[str, ...]] | None = None  # where, and the wrong ones
    input_changed: tuple[tuple[Edit, str], ...] = ()  # and the statement that does it
    extra: tuple[Mutation, ...] = field(default=())
    rewrites: tuple[tuple[Edit, ...], ...] = ()  # right ones, the first of them a softmax that does not shift
