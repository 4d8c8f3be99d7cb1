"""Government lists: the schedule that pulls them."""

from chalicelib import logs, wiring
from chalicelib.domain.feed import FEEDS


def feeds_due() -> None:
    """Pull every government list that this deployment has an address for; one that fails does not stop the others."""
    from chalicelib.adapters.table_file import read_records
    from chalicelib.services import refreshing

    failures: list[Exception] = []
    for name, feed in FEEDS.items():
        url = wiring.feed_url(name)
        if not url:
            continue
        desk = refreshing.Desk(
            wiring.registry(), wiring.exchange(), wiring.bucket(), wiring.government_feed(), read_records
        )
        try:
            result = refreshing.refresh(desk, feed, url, wiring.now())
        except Exception as error:
            logs.failed("feed_failed", feed=name)
            failures.append(error)
            result = refreshing.failed(desk, feed, error, wiring.now())
        (logs.warn if result["last_result"] == "held" else logs.note)(
            "feed_pulled", feed=name, result=result["last_result"], held=result.get("held", "")
        )
        logs.measure({"FeedAgeSeconds": refreshing.age(result, wiring.now())}, feed=name)
    if failures:
        raise ExceptionGroup("feeds failed", failures)
