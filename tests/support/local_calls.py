"""Calls of a stack on this machine over real HTTP, each answer held against what the API says of itself."""

from chalicelib.values.records import Json
from local import demo_data
from tests.support import described_api


def called(url: str, key: str, method: str, path: str, body: Json | None = None) -> Json:
    """Call the API with a JSON body; raises `urllib.error.HTTPError` when it is refused."""
    import app

    assert app.app.routes
    answer = demo_data.call(url, key, method, path, body)
    described_api.hold_success(method, path, answer)
    return answer
