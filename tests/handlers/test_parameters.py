"""What every route does with parameters that it does not take, or that no page of ours gave."""

from urllib.parse import quote

import pytest

import app
from chalicelib.handlers.parameters import LONGEST_ID_BYTES, Cursor, DayCursor, Number
from chalicelib.handlers.routing import DECLARED, Route
from tests.world import World

assert app.app.routes
ROUTES = sorted(DECLARED, key=lambda route: (route.path, route.method))
FORGED = ("", "-1", "1.5", "abc", "1e3", "9" * 13, "٣", "2026-13-45.l_x", "2026-00-00.l_x", "l_x", "0\u00001")
LONG_NUMBER = "9" * 5_000


def called(
    world: World, route: Route, keys: dict[str, str], query: str, ident: str = "x"
) -> tuple[int, dict[str, object]]:
    """One call of the route with a query, by somebody whom it admits; status and error."""
    parts = (ident if part.startswith("{") else part for part in route.path.split("/"))
    path = "/".join(parts) + (f"?{query}" if query else "")
    key = keys[route.roles[0]] if route.roles else ""
    content_type = route.content_types[0]
    status, body, _ = world.call(route.method, path, key, b"{}", Content_Type=content_type, X_File_Name="a.csv")
    return status, body["error"] if status >= 400 and isinstance(body, dict) else {}


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    """A key of each role."""
    return {role: world.admit(f"some-{role}", role) for role in ("platform", "regulator", "operator")}


def test_unknown_query_parameters_are_refused_everywhere_but_on_pages(world: World, keys: dict[str, str]) -> None:
    for route in ROUTES:
        if route.session:
            continue
        status, error = called(world, route, keys, "afer=3")
        if route.any_query:
            assert error.get("code") != "unknown_parameter", route.path
        else:
            assert (status, error["code"]) == (400, "unknown_parameter"), route.path
            assert error["details"]["known"] == [entry.name for entry in route.query]
            assert error["details"]["problems"][0]["message"]["zh"]


def test_numbers_out_of_bounds_and_forged_cursors_are_refused(world: World, keys: dict[str, str]) -> None:
    tried = 0
    for route in ROUTES:
        for entry in route.query:
            if isinstance(entry, Cursor | DayCursor):
                # An empty cursor of days is the first page.
                forged = [text for text in (*FORGED, LONG_NUMBER) if text or isinstance(entry, Cursor)]
                refused = [(text, "invalid_cursor") for text in forged]
            elif isinstance(entry, Number):
                texts = ("", "-1", "x", str(entry.least - 1), str(entry.most + 1), LONG_NUMBER)
                refused = [(text, "invalid_request") for text in texts]
            else:
                refused = [("?" * 5_000, "invalid_request")]
            for text, code in refused:
                tried += 1
                status, error = called(world, route, keys, f"{entry.name}={quote(text)}")
                assert status == 400, (route.path, entry.name, text[:20])
                # What a browser asks for is refused as a page (`described_api.hold` checks its type).
                assert error.get("code", "page") == ("page" if route.is_page else code), (route.path, entry.name)
    assert tried > 200


def test_a_page_is_refused_as_a_page_that_nobody_keeps_and_that_repeats_nothing(world: World) -> None:
    status, page, headers = world.call("GET", f"/console/enter?link={'x' * 101}", "")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (400, "text/html; charset=utf-8", "no-store")
    assert "请求内容不符合要求" in page
    assert "the request does not fit" in page
    assert "xxx" not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_ids_that_no_store_takes_are_refused_before_it(world: World, keys: dict[str, str]) -> None:
    long = "x" * (LONGEST_ID_BYTES + 1)
    wide = quote("清" * (LONGEST_ID_BYTES // 3 + 1))
    tried = [route for route in ROUTES if "{" in route.path]
    assert len(tried) > 30
    for route in tried:
        for ident in (long, wide):
            status, error = called(world, route, keys, "", ident)
            if route.is_page:
                assert status == 404
                continue
            assert (status, error["code"]) == (400, "invalid_request"), route.path
            assert error["details"]["expected"] == f"at most {LONGEST_ID_BYTES} bytes"


def test_an_id_that_just_fits_is_only_not_found(world: World, keys: dict[str, str]) -> None:
    for path in ("/v1/reports/{report_id}", "/v1/rosters/{roster_id}", "/v1/disputes/{dispute_id}"):
        route = next(route for route in ROUTES if (route.path, route.method) == (path, "GET"))
        assert called(world, route, keys, "", "x" * LONGEST_ID_BYTES)[0] == 404


@pytest.mark.parametrize("header", ["Idempotency_Key", "X_On_Behalf_Of", "X_Enforcement"])
def test_headers_are_held_to_what_is_declared(world: World, header: str) -> None:
    sent = {"Content_Type": "text/csv", "X_File_Name": "a.csv", header: "Ü" * 2_000}
    status, answer, _ = world.call("POST", "/v1/reports/files", world.admit("alpha"), b"x", **sent)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")
    assert answer["error"]["details"]["field"] == header.replace("_", "-")
