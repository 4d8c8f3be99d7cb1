"""What the declarations of routes say agrees with their views, with the models, and with the rules."""

import json
import subprocess
import sys
from inspect import get_annotations, unwrap
from pathlib import Path

import pytest

import app
from chalicelib.handlers import body
from chalicelib.handlers.openapi import schemas
from chalicelib.handlers.openapi.operations import errors_of
from chalicelib.handlers.routing import DECLARED, Route
from tests.support import described_api

ROOT = Path(__file__).parent.parent.parent
OPENAPI = ROOT / "chalicelib" / "handlers" / "openapi"
EXAMPLES = json.loads((OPENAPI / "examples.json").read_text("utf-8"))
TEXTS = json.loads((OPENAPI / "texts.json").read_text("utf-8"))
# What a cold start loads whichever function it is for; use cases are loaded by the first request that needs them.
COLD_START = (
    "accounts",
    "container_cache",
    "errors",
    "handlers",
    "logs",
    "messages",
    "people",  # the names of the duties, by which pages of the console are declared
    "settings",
    "storage",
    "values",
    "wiring",
)


def ident(route: Route) -> str:
    return route.operation


def test_every_route_of_the_app_is_declared_once() -> None:
    served = {(path, method) for path, methods in app.app.routes.items() for method in methods}
    pages = {(door.partition(" ")[2], door.partition(" ")[0]) for door in described_api.CONSOLE_ROUTES}
    assert {(route.path, route.method) for route in DECLARED} == served - pages
    assert len(DECLARED) == len(served - pages) == len({route.operation for route in DECLARED})


@pytest.mark.parametrize("route", [route for route in DECLARED if route.body], ids=ident)
def test_the_view_takes_the_declared_body(route: Route) -> None:
    view = unwrap(app.app.routes[route.path][route.method].view_function)
    assert get_annotations(view)["body"] == body.model(route.body).__name__


@pytest.mark.parametrize("route", DECLARED, ids=ident)
def test_every_operation_says_what_it_is_in_two_languages(route: Route) -> None:
    result = TEXTS["operations"][route.operation]
    for part in ("summary", "description"):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in result[part]["zh"])
        assert result[part]["en"].isascii() or "…" in result[part]["en"]
    assert set(route.tags) <= TEXTS["tags"].keys()


@pytest.mark.parametrize("route", DECLARED, ids=ident)
def test_every_example_fits_its_models(route: Route) -> None:
    example = EXAMPLES[route.operation]
    if "text" in example:
        assert route.media
        return
    status = example["status"]
    model = route.returns if status == route.status else route.also[status]
    described_api.adapter(model).validate_python(example["response"])
    if route.body:
        body.model(route.body).model_validate(example["request"])


def test_texts_and_examples_are_of_operations_that_there_are() -> None:
    operations = {route.operation for route in DECLARED}
    assert EXAMPLES.keys() == TEXTS["operations"].keys() == operations


def test_every_json_answer_has_a_model() -> None:
    untyped = [route.operation for route in DECLARED if not route.returns and not route.media]
    assert untyped == []
    for route in DECLARED:
        assert not route.returns or schemas.answers(route.returns)


def test_no_operation_names_an_error_twice() -> None:
    for route in DECLARED:
        own = (*route.errors, *route.conflicts)
        assert len(own) == len(set(own)), route.operation
        assert set(own) <= set(errors_of(route))


def test_closed_sets_of_parameters_are_those_of_the_rules() -> None:
    from chalicelib.accounts import purposes
    from chalicelib.closure_tasks.rules.task import OPEN
    from chalicelib.closure_tasks.rules.task import STATES as TASK_STATES
    from chalicelib.handlers.console import provider_sign_in
    from chalicelib.handlers.desk import checks, days, lookups_made, work_queue
    from chalicelib.handlers.platform import closure_tasks, licence_checks, listings, notices
    from chalicelib.handlers.public import merchant_record_pages
    from chalicelib.licences.rules.licence_check import EXPIRED, FAILED, PENDING, UNKNOWN, VERIFIED
    from chalicelib.licences.rules.wallet_presentation import MOST_BYTES
    from chalicelib.merchant_record.merchant_sessions import LASTS
    from chalicelib.notices.notice_inbox import STATES as NOTICE_STATES
    from chalicelib.sign_in import sign_in_with_provider
    from chalicelib.verdicts.rules.corroboration import STATES as CORROBORATION_STATES
    from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

    assert closure_tasks.TASK_STATES == TASK_STATES
    assert work_queue.OPEN_STATES == OPEN
    assert set(purposes.TO_BE_GRANTED) <= set(lookups_made.PURPOSES)
    assert days.VERDICTS == VERDICTS
    assert {*checks.CHECK_STATES} == {PENDING, VERIFIED, FAILED, EXPIRED, UNKNOWN}
    assert notices.NOTICE_STATES == NOTICE_STATES
    assert listings.CORROBORATION_STATES == CORROBORATION_STATES
    assert licence_checks.LONGEST_PRESENTATION == MOST_BYTES
    assert LASTS.total_seconds() == merchant_record_pages.LASTS_SECONDS
    assert sign_in_with_provider.LASTS.total_seconds() == provider_sign_in.LASTS_SECONDS


def test_importing_the_app_loads_no_use_case_and_no_pydantic() -> None:
    code = "import sys, tests.conftest, app; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ours = {name.split(".")[1] for name in loaded.split() if name.startswith("chalicelib.")}
    assert ours <= set(COLD_START), ours - set(COLD_START)
    assert {name for name in loaded.split() if name.startswith("chalicelib.people.")} <= {"chalicelib.people.duties"}
    assert "pydantic" not in loaded.split()
    assert not [name for name in loaded.split() if name.startswith("chalicelib.handlers.re") and "requests." in name]
