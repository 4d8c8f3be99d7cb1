"""What the services work with, put together from what the wiring holds."""

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.services import closing, corroborating, displaying, ruling, settling, undoing
from chalicelib.services.delivering import Post

if TYPE_CHECKING:
    from chalicelib.services.identity_reporting import Desk as IdentityReports
    from chalicelib.services.watching import Desk as Watching


def post() -> Post:
    """Where notices go."""
    return Post(wiring.exchange(), wiring.notices_of, wiring.topics())


def telling() -> closing.Desk:
    """What telling works with, and the closure ledger."""
    return closing.Desk(
        wiring.exchange(),
        wiring.changes(),
        wiring.tasks_of,
        post(),
        wiring.restricted(),
        wiring.feed,
        ruling.clocks(wiring.exchange()),
    )


def corroboration() -> corroborating.Desk:
    """What corroborating works with."""
    return corroborating.Desk(wiring.exchange(), wiring.corroborations(), post())


def displays() -> displaying.Desk:
    """What displaying works with."""
    return displaying.Desk(wiring.exchange(), wiring.registry(), wiring.displays_of)


def licensing() -> settling.Desk:
    """What licence checks work with."""
    names = wiring.settings()
    return settling.Desk(
        wiring.exchange(),
        wiring.registry(),
        wiring.licence_verifiers(),
        wiring.verified_of,
        names.stage,
        int(names.licence_months),
    )


def watching() -> "Watching":
    """What the watch over licences works with."""
    from chalicelib.services import arranging
    from chalicelib.services.watching import Desk

    def register_is_fresh() -> bool:
        views = arranging.describe(wiring.exchange(), wiring.default_feeds(), wiring.now())
        return any(one["list_type"] == "registration" and one["enabled"] and one["status"] == "ok" for one in views)

    months = int(wiring.settings().licence_months)
    return Desk(wiring.exchange(), wiring.registry(), post(), wiring.tasks_of, months, register_is_fresh)


def identity_reports(tell: bool = False) -> "IdentityReports":
    """What the half-yearly reports are made with."""
    from chalicelib.services.identity_reporting import Desk

    return Desk(wiring.exchange(), wiring.bucket(), wiring.displays_of, post() if tell else None)


def undo() -> undoing.Desk:
    """What undoing works with."""
    return undoing.Desk(telling(), wiring.disputes_of)
