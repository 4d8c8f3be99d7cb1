"""The source of a listing: the platform that evicted, or the government list or enforcing regulator that says so."""

from typing import Final, Self

PLATFORM: Final = "platform:"
GOVERNMENT: Final = "government:"
ENFORCEMENT: Final = "government:enforcement:"


class Source(str):
    """A source as it is stored and answered: `platform:<id>`, `government:<list>` or
    `government:enforcement:<regulator>`."""

    __slots__ = ()

    @classmethod
    def of_platform(cls, platform_id: str) -> Self:
        """The source of what a platform reports, or a regulator files for it."""
        return cls(PLATFORM + platform_id)

    @classmethod
    def of_list(cls, feed_name: str) -> Self:
        """The source of the entries of a government list."""
        return cls(GOVERNMENT + feed_name)

    @classmethod
    def of_enforcement(cls, regulator_id: str) -> Self:
        """The source of what a regulator reports of its own enforcement."""
        return cls(ENFORCEMENT + regulator_id)

    @property
    def is_platform(self) -> bool:
        """Whether a platform says so."""
        return self.startswith(PLATFORM)

    @property
    def is_government(self) -> bool:
        """Whether government says so: a list, or a regulator of its own enforcement."""
        return self.startswith(GOVERNMENT)

    @property
    def is_enforcement(self) -> bool:
        """Whether a regulator says so of its own enforcement."""
        return self.startswith(ENFORCEMENT)

    @property
    def platform_id(self) -> str:
        """The platform that says so; '' where government does."""
        return self.removeprefix(PLATFORM) if self.is_platform else ""

    @property
    def list_name(self) -> str:
        """The government list that says so, `enforcement:<regulator>` for enforcement; '' where a platform does."""
        return self.removeprefix(GOVERNMENT) if self.is_government else ""
