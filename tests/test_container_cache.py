"""What is built once per container is built again after `clear`."""

from chalicelib import container_cache, wiring


def test_everything_cached_is_forgotten_but_what_is_kept() -> None:
    built: list[str] = []

    @container_cache.once_per_container
    def value(name: str) -> str:
        built.append(name)
        return name

    @container_cache.once_per_container
    def kept(name: str) -> str:
        built.append(name)
        return name

    try:
        for _ in range(2):
            value("a")
            kept("b")
        assert built == ["a", "b"], "once for each argument"
        container_cache.clear(keep=(kept, wiring.client))
        value("a")
        kept("b")
        assert built == ["a", "b", "a"]
    finally:
        for function in (value, kept):
            container_cache.cached_functions.remove(function)


def test_every_adapter_of_the_wiring_is_forgotten() -> None:
    cached = {name for name, value in vars(wiring).items() if hasattr(value, "cache_clear")}
    assert {"settings", "client", "exchange", "digest"} <= cached
    assert all(getattr(wiring, name) in container_cache.cached_functions for name in cached)
