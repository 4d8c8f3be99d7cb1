"""Values that are built once per container: settings, clients and adapters, which a test can forget all together."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
cached_functions: list[Any] = []


def once_per_container(function: F) -> F:
    """Call the function once for each of its arguments in the life of a container; `clear` forgets the results."""
    cached = cache(function)
    cached_functions.append(cached)
    return cached  # type: ignore[return-value]


def clear(keep: Collection[Callable[..., Any]] = ()) -> None:
    """Forget what every such function returned, but for those in `keep`."""
    for function in cached_functions:
        if function not in keep:
            function.cache_clear()
