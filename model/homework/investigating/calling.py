"""Calling the functions of a file that only defines them, by their names and the shapes that they take.

What a parameter means is known by its name alone. So a function is tried with an image, a label and weights in the
forms that people use, until it goes through without an exception and the forward pass of a network is to be seen in
it. What it needs of a forward pass, or of initial weights, comes from the functions of the file that make them.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from itertools import islice
from types import FunctionType, MethodType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating import forms
from model.homework.investigating.calls import Calls, Pool, Training
from model.homework.investigating.investigation import Investigation, Rate
from model.homework.investigating.labels import KnownDigits
from model.homework.investigating.trials import Evidence
from model.homework.running.program import Program, Run
from model.homework.running.watch import Then
from model.network import LAYER_SIZES, Network

Array = NDArray[Any]
Function = Callable[..., Any]
FEW = 300  # digits, for a function with a loop of its own


class Caller:
    """Tries the functions of a program that has run to its end."""

    def __init__(self, program: Program, digits: KnownDigits, rate: Rate, function: str | None) -> None:
        self._program = program
        self._digits = digits
        self._rate = rate
        self._function = function
        self._known = dict(self._callables())
        self._returned_names = _returned_names(program.source.code)

    def candidates(self) -> list[str]:
        """The functions and methods that may be a step, the likeliest first; or the one that was asked for."""
        if self._function is not None:
            return [name for name in self._known if self._function in (name, _last(name))]
        found = [name for names in forms.STEPS for name in self._known if _is_named(name, names)]
        return list(dict.fromkeys(found))

    def evidence(self) -> Evidence | None:
        """What the first of them shows that can be called as a step, or has a loop in it that comes to one."""
        for name in self.candidates():
            evidence = self._with_loop(name) if _is_named(name, forms.LOOPS) else None
            evidence = evidence or self._as_step(name)
            if evidence is not None:
                evidence.function = name
                return evidence
        return None

    def _callables(self) -> Iterator[tuple[str, Function]]:
        """The functions of the file, and the methods of its objects, of a new one where a class has none."""
        own = {name: thing for name, thing in self._program.namespace.items() if _module(thing) in self._program.own}
        classes = {name: thing for name, thing in own.items() if isinstance(thing, type)}
        objects = {name: thing for name, thing in own.items() if not isinstance(thing, type | FunctionType)}
        for name, cls in classes.items():
            if not any(isinstance(thing, cls) for thing in objects.values()):
                made = _instance(cls)
                if made is not None:
                    objects[name] = self._program.namespace[f"_{name}_"] = made
        for name, thing in own.items():
            if isinstance(thing, FunctionType):
                yield name, thing
        for name, thing in objects.items():
            for method in [name for cls in type(thing).__mro__ for name in vars(cls) if not name.startswith("__")]:
                function = getattr(type(thing), method, None)
                if inspect.isfunction(function):
                    yield f"{name}.{method}", MethodType(function, thing)

    # ── a function with a loop of its own ────────────────────────────────────────────────────────────────────────────

    def _with_loop(self, name: str) -> Evidence | None:
        best: Evidence | None = None
        for number, data in enumerate(forms.data_forms(self._digits.images[:FEW] / 255, self._digits.labels[:FEW])):
            found = self._run_loop(name, data).found
            if found is not None:
                found.form = number
            best = self._better(best, found)
            if best is not None and self._rate(best) < 1:
                break
        return best

    def _run_loop(self, name: str, data: Pool, known: Evidence | None = None, then: Then | None = None) -> Run:
        pool = {**forms.settings(), **self._initial(), **data}
        investigation = Investigation(self._program.recorder, self._digits, self._rate, known=known)
        return self._program.watched(lambda: self._call(name, pool), investigation, then)

    # ── a function that is a step ────────────────────────────────────────────────────────────────────────────────────

    def _as_step(self, name: str) -> Evidence | None:
        """In the first form in which nothing is wrong, or else in the one in which the least is."""
        best: Evidence | None = None
        for form in forms.forms():
            pools = self._pools(form)
            if self._goes_through(name, pools[0]):
                found = self._investigated(name, pools)
                if found is not None:
                    found.form = form
                best = self._better(best, found)
                if best is not None and self._rate(best) == 0:
                    break
        return best

    def _better(self, one: Evidence | None, other: Evidence | None) -> Evidence | None:
        if one is None or other is None:
            return one or other
        return other if self._rate(other) < self._rate(one) else one

    def _pools(self, form: forms.Form) -> list[Pool]:
        """The values for two samples, which share the weights."""
        network = Network.initialize(LAYER_SIZES, dtype=np.float64)
        one, other = (form.values(self._digits.images[k] / 255, int(self._digits.labels[k]), network) for k in (0, 1))
        pool = {**forms.settings(), **one, **self._initial()}
        return [pool, {**pool, "image": other["image"], "label": other["label"]}]

    def _goes_through(self, name: str, pool: Pool) -> bool:
        state = self._program.state(pool)
        try:
            self._step(name, pool)
        except Exception:
            return False
        finally:
            state.restore()
        return True

    def _investigated(self, name: str, pools: list[Pool]) -> Evidence | None:
        recorder = self._program.recorder
        state = self._program.state(*pools)
        investigation = Investigation(recorder, self._digits, self._rate, demand_change=False)
        trials = investigation.run(state, pools, set())
        try:
            pool = next(trials)
            while True:
                returned = self._step(name, pool)
                assert recorder.record is not None
                recorder.record.returned = returned
                pool = next(trials)
        except StopIteration as stop:
            evidence: Evidence | None = stop.value
        except Exception:
            return None
        finally:
            state.restore()
        if evidence is not None and "weights" in {forms.role(p) for p in _parameters(self._known[name])}:
            evidence.chosen_weights = not self._initial()
        return evidence

    # ── training ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def train(self, evidence: Evidence, training: Training, samples: int) -> Run:
        """Train with what was found, on the first digits, as many as there are samples."""
        name, form = evidence.function, evidence.form
        assert name is not None
        images, labels = self._digits.images[:samples], self._digits.labels[:samples]
        if not isinstance(form, forms.Form):
            data = next(islice(forms.data_forms(images / 255, labels), form, None))
            return self._run_loop(name, data, evidence, training.in_loop)
        calls = Calls(form, self._pools(form)[0], images, labels)
        return self._program.watched(lambda: self._train_step(name, evidence, training, calls), None)

    def _train_step(self, name: str, evidence: Evidence, training: Training, calls: Calls) -> None:
        steps = training.of_function(evidence, self._program.state(calls.pool), calls)
        pool = next(steps)
        while True:
            pool = steps.send(self._step(name, pool))

    def _step(self, name: str, pool: Pool) -> Any:
        """The function itself, after the forward pass that it needs, and the update that goes with it."""
        if any(self._value(parameter, pool) is None for parameter in _parameters(self._known[name])):
            self._call_first(forms.FORWARD, name, pool)
        returned = self._call(name, pool)
        if returned is not None and _is_named(name, "|".join(forms.STEPS[3:6])):
            pool["gradients"] = returned
            pool.update(self._named(name, returned))
            self._call_first(forms.UPDATE, name, pool, into="parameters")
        return returned

    def _call_first(self, names: str, other_than: str, pool: Pool, into: str = "cache") -> None:
        """Call the first function of such a name; what it returns goes into the pool, also by its names there."""
        for name in self._known:
            if (
                name != other_than
                and _is_named(name, names)
                and name.rpartition(".")[0] == other_than.rpartition(".")[0]
            ):
                returned = self._call(name, pool)
                if returned is not None:
                    pool[into] = returned
                    pool.update(self._named(name, returned))
                    if isinstance(returned, tuple):  # such as the probabilities and all that the way back needs
                        pool["whole"] = returned
                        pool[into] = next(
                            (part for part in returned if isinstance(part, dict | list | tuple)), returned
                        )
                return

    def _call(self, name: str, pool: Pool) -> Any:
        function = self._known[name]
        arguments = {parameter: self._value(parameter, pool) for parameter in _parameters(function)}
        if any(value is None for value in arguments.values()):
            raise TypeError(f"nothing to pass to {name}")
        return function(**arguments)

    def _value(self, parameter: str, pool: Pool) -> Any:
        for name in (parameter, parameter.lower(), parameter.upper(), forms.role(parameter)):
            if name is not None and pool.get(name) is not None:
                return pool[name]
        return pool.get("cache")

    def _initial(self) -> Pool:
        """Weights as the file's own function makes them, if it has one that can be called."""
        for name, function in self._known.items():
            if _is_named(name, forms.INITIAL) and "." not in name:
                try:
                    arguments = {p: self._value(p, forms.settings()) for p in _parameters(function)}
                    made = function(**arguments)
                except Exception:
                    continue
                if made is not None:
                    return {"parameters": made, **self._named(name, made)}
        return {}

    def _named(self, name: str, returned: Any) -> Pool:
        """The parts of a returned tuple under the names that they have in the return statement."""
        names = self._returned_names.get(_last(name), [])
        if isinstance(returned, tuple) and len(names) == len(returned):
            named = dict(zip(names, returned, strict=True))
            return {
                **named,
                **{r: value for n, value in named.items() if (r := forms.role(n)) in ("weights", "biases")},
            }
        return {}


def _module(thing: Any) -> str:
    return str(getattr(thing, "__module__", None) or type(thing).__module__)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _is_named(name: str, names: str) -> bool:
    return re.fullmatch(names, _last(name).lstrip("_"), re.I) is not None


def _parameters(function: Function) -> list[str]:
    """The parameters that have to be passed: those without a default."""
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]


def _instance(cls: type) -> Any:
    """An object of a class: without arguments, or with the sizes of the exercise's layers."""
    for arguments in ((), (list(LAYER_SIZES),), LAYER_SIZES):
        try:
            return cls(*arguments)
        except Exception:
            continue
    return None


def _returned_names(code: str) -> dict[str, list[str]]:
    """For each function that returns a tuple of variables, their names."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a cell of a notebook is none; the functions of the others are called without
        return {}
    found = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in islice((n for n in ast.walk(function) if isinstance(n, ast.Return)), 1):
                if isinstance(node.value, ast.Tuple):
                    found[function.name] = [part.id if isinstance(part, ast.Name) else "" for part in node.value.elts]
    return found
