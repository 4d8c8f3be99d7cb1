"""What DynamoDB refuses of the expressions of a request, in its own words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Final

from local.aws.store_values import value_fault

PARAMETERS: Final = (
    "UpdateExpression",
    "ConditionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
MOST_BYTES: Final = 4_096
MOST_OPERATORS: Final = 300
_TOKEN: Final = re.compile(r"[#:]?[A-Za-z0-9_]+|<>|<=|>=|[^\s]")
_PATH: Final = r"([#A-Za-z_][#A-Za-z0-9_.\[\]]*+)"
# From the beginning of a word on, and never back into one, so that a long text is read once.
_COMPARISON: Final = re.compile(rf"(?<![#\w.\[\]]){_PATH}\s*+(<>|<=|>=|=|<|>)\s*+{_PATH}(?![\w(])")
_NAME: Final = re.compile("#[A-Za-z0-9_]+")
_VALUE: Final = re.compile(":[A-Za-z0-9_]+")
_SECTIONS: Final = ("SET", "REMOVE", "ADD", "DELETE")
_KEYWORDS: Final = ("AND", "OR", "NOT", "IN", "BETWEEN")
_COMPARATORS: Final = ("=", "<>", "<", "<=", ">", ">=")
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression taken apart. `words` are attribute names written out; `paths` those that an update changes,
    `comparisons` are of attributes with attributes."""

    placeholders: tuple[str, ...]
    words: tuple[str, ...]
    operators: int
    sections: tuple[str, ...]
    paths: tuple[Path, ...]
    comparisons: tuple[tuple[str, str, str], ...]


def expression_fault(request: Mapping[str, Any]) -> str:
    """Why DynamoDB would not take the expressions of a request, '' when it would."""
    return next(_faults(request), "")


def _faults(request: Mapping[str, Any]) -> Iterator[str]:
    texts = {name: request[name] for name in PARAMETERS if request.get(name) is not None}
    names, values = (request.get(f"ExpressionAttribute{kind}") for kind in ("Names", "Values"))
    if not texts:
        yield from (
            f"ExpressionAttribute{kind} can only be specified when using expressions"
            for kind, given in (("Names", names), ("Values", values))
            if given is not None
        )
        return
    yield from _placeholder_faults(names, values)
    used: set[str] = set()
    for parameter, text in texts.items():
        yield from (
            f"Invalid {parameter}: {fault}" for fault in _text_faults(parameter, text, names or {}, values or {})
        )
        used.update(taken_apart(parameter, text).placeholders)
    for kind, given in (("Names", names), ("Values", values)):
        if unused := [key for key in given or () if key not in used]:
            yield f"Value provided in ExpressionAttribute{kind} unused in expressions: keys: {{{', '.join(unused)}}}"


def _placeholder_faults(names: Mapping[str, str] | None, values: Mapping[str, Any] | None) -> Iterator[str]:
    for kind, given, placeholder in (("Names", names, _NAME), ("Values", values, _VALUE)):
        if given is not None and not given:
            yield f"ExpressionAttribute{kind} must not be empty"
        for key in given or ():
            if not placeholder.fullmatch(key):
                yield f'ExpressionAttribute{kind} contains invalid key: Syntax error; key: "{key}"'
    for key, value in (values or {}).items():
        if fault := value_fault(value):
            yield f"ExpressionAttributeValues contains invalid value: {fault} for key {key}"


def _text_faults(parameter: str, text: str, names: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[str]:
    if not text:
        yield "The expression can not be empty;"
        return
    if (size := len(text.encode())) > MOST_BYTES:
        yield f"Expression size has exceeded the maximum allowed size; expression size: {size}"
    parsed = taken_apart(parameter, text)
    for word in parsed.words:
        if word.upper() in _reserved_words():
            yield f"Attribute name is a reserved keyword; reserved keyword: {word}"
    if parsed.operators > MOST_OPERATORS:
        yield f"The expression contains too many operators; operator count: {MOST_OPERATORS + 1}"
    for section in parsed.sections:
        if parsed.sections.count(section) > 1:
            yield f'The "{section}" section can only be used once in an update expression;'
    for first, sign, second in parsed.comparisons:
        if names.get(first, first) == names.get(second, second):
            yield (
                "The first operand must be distinct from the remaining operands for this operator or function; "
                f"operator: {sign}, first operand: [{names.get(first, first)}]"
            )
    yield from _undefined(parsed, names, values)
    yield from _path_faults([tuple(names.get(step, step) for step in path) for path in parsed.paths])


@cache
def _reserved_words() -> frozenset[str]:
    """The words of AWS's list in upper case, which moto has."""
    from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

    return frozenset(ReservedKeywords.get_reserved_keywords())


def _undefined(parsed: Expression, names: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[str]:
    for placeholder in parsed.placeholders:
        if placeholder[0] == "#" and placeholder not in names:
            yield (
                f"An expression attribute name used in the document path is not defined; attribute name: {placeholder}"
            )
        if placeholder[0] == ":" and placeholder not in values:
            yield f"An expression attribute value used in expression is not defined; attribute value: {placeholder}"


def _path_faults(paths: list[Path]) -> Iterator[str]:
    for first, second in combinations(paths, 2):
        shorter = min(len(first), len(second))
        shown = f"path one: [{', '.join(first)}], path two: [{', '.join(second)}]"
        if first[:shorter] == second[:shorter]:
            yield f"Two document paths overlap with each other; must remove or rewrite one of these paths; {shown}"
            continue
        one, two = next((a, b) for a, b in zip(first, second, strict=False) if a != b)
        if one.startswith("[") != two.startswith("["):
            yield f"Two document paths conflict with each other; must remove or rewrite one of these paths; {shown}"


@cache
def taken_apart(parameter: str, text: str) -> Expression:
    """An expression taken apart; its grammar is left to the store."""
    tokens = _TOKEN.findall(text)
    update = parameter == "UpdateExpression"
    keywords = _SECTIONS if update else _KEYWORDS if parameter != "ProjectionExpression" else ()
    operator_signs = ("+", "-") if update else (*_COMPARATORS, *_KEYWORDS)
    words, operators = [], 0
    for place, token in enumerate(tokens):
        is_word = (token[0].isalpha() or token[0] == "_") and token.upper() not in keywords
        if token.upper() in operator_signs or (is_word and tokens[place + 1 : place + 2] == ["("]):
            operators += 1
        elif is_word:
            words.append(token)
    return Expression(
        tuple(dict.fromkeys(token for token in tokens if token[0] in "#:")),
        tuple(words),
        operators,
        tuple(token.upper() for token in tokens if update and token.upper() in _SECTIONS),
        tuple(_changed_paths(tokens)) if update else (),
        () if update else tuple(_COMPARISON.findall(text)),
    )


def _changed_paths(tokens: list[str]) -> Iterator[Path]:
    """The path with which each clause of an update expression begins."""
    depth, starts = 0, False
    path: list[str] = []
    for place, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if token.upper() in _SECTIONS or (token == "," and depth == 0):
            if path:
                yield tuple(path)
            path, starts = [], True
        elif starts and token == "[":
            path.append(f"[{tokens[place + 1]}]")
        elif starts and not (token in (".", "]") or tokens[place - 1] == "["):
            if token == "=" or (path and tokens[place - 1] != "."):
                starts = False
            else:
                path.append(token)
    if path:
        yield tuple(path)
