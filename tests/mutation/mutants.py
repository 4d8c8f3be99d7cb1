"""Mutants of a source file: its syntax tree with one fault each, as a hurried hand would make it.

A comparison is turned or loses its border, `and` becomes `or`, a `not` is lost, a number is one off, a text is another,
a keyword argument (a condition of a write, say) is left out, a returned value is None, a statement is skipped.
"""

import ast
import copy
import re
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
NAME = re.compile(r"[a-zA-Z0-9_#:.-]{1,40}")
SKIPPED = (ast.Expr, ast.Continue, ast.Break, ast.Raise)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: its line, what was there and what is there now, and the tree of the file with it."""

    line: int
    before: str
    after: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The fault in words: the first difference, and a little before it."""
        same = 0
        while same < min(len(self.before), len(self.after)) and self.before[same] == self.after[same]:
            same += 1
        start = max(same - 40, 0)
        return f"{self.line}: {self.before[start : same + 50]} -> {self.after[start : same + 50]}"


def places(source: str) -> list[tuple[int, int]]:
    """Where a file can have a fault: the place of a node in its tree, and which of the faults that node can have."""
    tree = ast.parse(source)
    dead = _dead(tree)
    nodes = [(place, node) for place, node in enumerate(ast.walk(tree)) if id(node) not in dead]
    return [(place, number) for place, node in nodes for number in range(len(_faults(node)))]


def mutant(source: str, place: int, number: int) -> Mutant:
    """The file with that fault."""
    tree = ast.parse(source)
    node = list(ast.walk(tree))[place]
    before, after = ast.unparse(node), _faults(node)[number]
    text = "pass" if isinstance(after, ast.Pass) else ast.unparse(after)
    _replace(tree, node, after)
    return Mutant(getattr(node, "lineno", 0), before, text, ast.fix_missing_locations(tree))


def _dead(tree: ast.Module) -> set[int]:
    """The nodes that decide nothing: annotations, docstrings, assertions, decorators, imports."""
    dead: set[int] = set()
    for node in ast.walk(tree):
        dead |= {id(inner) for part in _dead_parts(node) if part is not None for inner in ast.walk(part)}
    return dead


def _dead_parts(node: ast.AST) -> list[ast.AST | None]:
    if isinstance(node, ast.FunctionDef):
        return [node.returns, *node.decorator_list]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list]
    if isinstance(node, ast.arg | ast.AnnAssign):
        return [node.annotation]
    for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return [node] if for_types or docstring or isinstance(node, ast.Assert | ast.Import | ast.ImportFrom) else []


def _faults(node: ast.AST) -> list[ast.AST]:
    """What may stand in the place of a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        return [_with(node, ops=[COMPARED[type(node.ops[0])](), *node.ops[1:]])]
    if isinstance(node, ast.BoolOp):
        return [_with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    if isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        return [_with(node, op=COMPUTED[type(node.op)]())]
    if isinstance(node, ast.Constant):
        return _constants(node)
    if isinstance(node, ast.Call):
        kept = range(len(node.keywords))
        return [_with(node, keywords=[node.keywords[each] for each in kept if each != lost]) for lost in kept]
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        return [_with(node, value=ast.Constant(None))]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return [ast.Pass()] if isinstance(node, SKIPPED) else []


def _constants(node: ast.Constant) -> list[ast.AST]:
    if isinstance(node.value, bool):
        return [ast.Constant(not node.value)]
    if isinstance(node.value, int):
        return [ast.Constant(node.value + 1)]
    # Sentences are read by people and decide nothing.
    return [ast.Constant(node.value + "~")] if isinstance(node.value, str) and NAME.fullmatch(node.value) else []


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(entry is old for entry in value):
                value[:] = [new if entry is old else entry for entry in value]
