"""Every regular expression of the code base, and by which methods the code applies it.

The syntax tree says where a pattern is applied and how; the loaded module says what the pattern is.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import chalicelib
import examples.receiver
import local

METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
# Where the flags stand among the arguments of a function of `re`.
_FLAGS_AT = {"sub": 4, "subn": 4, "split": 3, "compile": 1}
_PACKAGES = (chalicelib, local, examples.receiver)


@dataclass(frozen=True, slots=True)
class Use:
    """A pattern that the code applies by a method of `re.Pattern`, and where."""

    place: str
    method: str
    pattern: re.Pattern[Any]


@dataclass(frozen=True, slots=True)
class Unread:
    """A call whose pattern is made while the program runs, so that nothing here can tell what it is."""

    module: str
    expression: str


@cache
def uses() -> tuple[tuple[Use, ...], tuple[Unread, ...]]:
    """Every use of every pattern, each pattern and method once; and the calls whose pattern is not told."""
    every: dict[tuple[Any, int, str], Use] = {}
    unread: list[Unread] = []
    for module in _modules():
        for result in _of_module(module):
            if isinstance(result, Unread):
                unread.append(result)
            else:
                every.setdefault((result.pattern.pattern, result.pattern.flags, result.method), result)
    return tuple(every.values()), tuple(unread)


def _modules() -> Iterator[ModuleType]:
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                yield importlib.import_module(module.name)


def _of_module(module: ModuleType) -> Iterator[Use | Unread]:
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    loops, applied, loose = _loops(tree), set(), {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        yield from _declared_parameters(node, module.__name__)
        if isinstance(node.func, ast.Attribute) and node.func.attr in (*METHODS, "compile"):
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
                yield from _of_function(node, node.func.attr, module, loops)
                continue
            receiver = _value(node.func.value, module)
            if isinstance(receiver, re.Pattern):
                applied.add(receiver)
                yield Use(f"{module.__name__}:{node.lineno}", node.func.attr, receiver)
            elif receiver is None and node.func.attr != "compile":
                loose[node.func.attr] = None
    # A pattern in a table is applied by the name of a loop; what is applied elsewhere is held in the hardest way.
    for attribute, value in vars(module).items():
        for pattern in within(value):
            ways = () if pattern in applied else loose or ("search", "fullmatch")
            yield from (Use(f"{module.__name__}.{attribute}", way, pattern) for way in ways)


def _of_function(
    node: ast.Call, function: str, module: ModuleType, loops: dict[str, ast.expr]
) -> Iterator[Use | Unread]:
    """The use that a call of a function of `re` is; one that compiles is none yet."""
    patterns = list(_patterns_of_call(node, function, module, loops))
    if function != "compile":
        yield from (Use(f"{module.__name__}:{node.lineno}", function, pattern) for pattern in patterns)
    if not patterns:
        yield Unread(module.__name__, ast.unparse(node.args[0]))


def _declared_parameters(node: ast.Call, module: str) -> Iterator[Use]:
    """The patterns that parameters of routes must fit."""
    for keyword in node.keywords:
        is_text = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
        if keyword.arg == "pattern" and is_text and module.startswith("chalicelib.handlers"):
            yield Use(f"{module}:{node.lineno}", "fullmatch", re.compile(ast.literal_eval(keyword.value)))


def _patterns_of_call(
    node: ast.Call, function: str, module: ModuleType, loops: dict[str, ast.expr]
) -> Iterator[re.Pattern[Any]]:
    first, place = node.args[0], _FLAGS_AT.get(function, 2)
    named = next((keyword.value for keyword in node.keywords if keyword.arg == "flags"), None)
    flags = named or (node.args[place] if len(node.args) > place else None)
    value = _value(first, module)
    if value is None and isinstance(first, ast.Name) and first.id in loops:
        value = _value(loops[first.id], module)
    for each in value if isinstance(value, tuple | list) else (value,):
        if isinstance(each, str | bytes):
            yield re.compile(each, _value(flags, module) if flags else 0)


def _loops(tree: ast.AST) -> dict[str, ast.expr]:
    """The names of loops over a table, each with what it goes over."""
    return {
        node.target.id: node.iter
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name)
    }


def _value(expression: ast.expr, module: ModuleType) -> Any:
    """The value of an expression that reads nothing but the module, None of any other."""
    plain = (ast.Name, ast.Attribute, ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.Tuple, ast.List)
    allowed = (*plain, ast.expr_context, ast.operator, ast.Subscript)
    if not all(isinstance(node, allowed) for node in ast.walk(expression)):
        return None
    try:
        return eval(compile(ast.Expression(expression), "<pattern>", "eval"), dict(vars(module)))
    except (NameError, AttributeError, TypeError, LookupError):
        return None


def within(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value of a module, or in the tables that it holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from within(each, depth + 1)
