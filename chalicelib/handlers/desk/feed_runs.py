"""The pulls of a government list over time: /v1/feeds/{name}/runs."""

from typing import Final

from chalicelib import wiring
from chalicelib.handlers.desk.days import BY_DAY, span_of
from chalicelib.handlers.parameters import limit
from chalicelib.handlers.routing import OPERATOR, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "government-lists")
DEFAULT_DAYS: Final = 31


@routes.route(
    "/v1/feeds/{name}/runs",
    "GET",
    "listFeedRuns",
    roles=(OPERATOR, REGULATOR),
    query=(*BY_DAY, limit(50, 100)),
    returns="lists.feeds:FeedRuns",
    errors=(ErrorCode.NOT_FOUND,),
)
def runs(request: Request, name: str) -> Json:
    """How the pulls of a list went, how large it was after each and how old, the newest first."""
    from chalicelib.government_lists import feed_settings
    from chalicelib.government_lists.feed_runs import list_runs

    feed_settings.find_feed(wiring.exchange(), name, wiring.default_feeds())
    page = list_runs(wiring.exchange(), name, span_of(request, DEFAULT_DAYS), request.number("limit"))
    return {"runs": [run.view() for run in page.runs], "next": page.next}
