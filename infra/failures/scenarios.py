"""Deploys that go wrong, and what then helps: `python -m infra.failures.scenarios [name]`.

Each runs in an emulated account of its own and stops with a `DeployError` at the first thing that is not as it must be.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from infra.aws import DeployError, client
from infra.bring_up import release_clients, release_place
from infra.deploy import PROJECT, Result, roll_back
from infra.emulation.behaviour import Behaviour
from infra.failures.restoring import REGION, UNREACHED_LIST, put_back_to_a_moment
from infra.harden import read_deployed
from infra.moto_cloud import Functions
from infra.rehearsal.deployed_exchange import NAME, USCC, Journey, expect
from infra.rehearsal.gateway import Gateway
from infra.rehearse import (
    STAGE,
    copy_project,
    deploy_copy,
    emulated_account,
    expect_one_of_each,
    fill_gaps,
    gateway_of,
)
from infra.release import releases
from infra.release.source import checked_out, commit_that_added
from infra.stack import TEMPLATE, find_outputs

# Calls of Lambda after which a first deploy breaks off: among its functions, among its mappings, before its versions.
BROKEN_OFF_AFTER: Final = (12, 60, 100)
# The file that came with the aliases of functions.
CAME_WITH_ALIASES: Final = "infra/release/__init__.py"


def fails(attempt: Callable[[], object], text: str) -> None:
    """Stop unless the attempt fails with the text."""
    try:
        attempt()
    except DeployError as error:
        expect(text in str(error), f"the deploy failed otherwise: {error}")
        return
    raise DeployError(f"the deploy did not fail with {text!r}")


def failed_first_creation() -> None:
    """A resource cannot be made; the next deploy begins anew by itself."""
    behaviour = Behaviour(failing={"AlarmsTopic": "Invalid parameter: Email address"})
    with emulated_account(REGION, behaviour) as (_, project):
        copy_project(project, UNREACHED_LIST)
        fails(lambda: deploy_copy(project), "AlarmsTopic: Invalid parameter: Email address")
        behaviour.failing.clear()
        expect_one_of_each(deploy_copy(project))


def failed_update_and_back() -> None:
    """An update of the stack fails; the earlier template is deployed again, and one with fewer parameters."""
    behaviour = Behaviour()
    with emulated_account(REGION, behaviour) as (_, project):
        copy_project(project, UNREACHED_LIST)
        deploy_copy(project)
        live = _live(project)
        template = project / TEMPLATE
        good = template.read_text(encoding="utf-8")
        more = "\nResources:\n  NewQueue:\n    Type: AWS::SQS::Queue\n"
        template.write_text(good.replace("\nResources:\n", more), encoding="utf-8")
        behaviour.failing["NewQueue"] = "quota exceeded"
        fails(lambda: deploy_copy(project), "UPDATE_ROLLBACK_COMPLETE")
        expect(_live(project) == live, "a failed update of the stack leaves the functions as they were")
        template.write_text(good, encoding="utf-8")
        expect_one_of_each(deploy_copy(project))


def interrupted_deploy() -> None:
    """A first deploy breaks off at several places, one after the other, and goes on."""
    behaviour = Behaviour(throttled=0.0)
    with emulated_account(REGION, behaviour) as (_, project):
        copy_project(project, UNREACHED_LIST)
        for calls in BROKEN_OFF_AFTER:
            behaviour.refused_after = calls
            fails(lambda: deploy_copy(project), "status 1")
            behaviour.refused_after = None
            print(f"broken off after {calls} calls of Lambda")
        result = deploy_copy(project)
        expect_one_of_each(result)
        expect(result.operator_key, "the deploy that is completed gives the operator a key")


def bad_version() -> None:
    """A version that is not ready is never live; one that was released is taken back by one command."""
    with emulated_account(REGION) as (_, project):
        copy_project(project, UNREACHED_LIST)
        first = deploy_copy(project)
        live, routes = _live(project), _routes(project)
        secrets = client("secretsmanager")
        name = first.outputs["DigestKeySecret"]
        value = secrets.get_secret_value(SecretId=name)["SecretString"]
        _change(project)
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        fails(lambda: deploy_copy(project), '"failing":["secrets"]')
        expect((_live(project), _routes(project)) == (live, routes), "a version that is not ready changes nothing")
        secrets.create_secret(Name=name, SecretString=value)
        deploy_copy(project)
        expect(_live(project) != live, "the version is live once it is ready")
        roll_back(STAGE, project, gateway_of(project))
        expect(
            (_live(project), _routes(project)) == (live, routes), "the release before is live again, with its routes"
        )


def upgrade_from_before_aliases() -> None:
    """What a commit from before aliases has deployed and stored is taken over in place, and read."""
    behaviour = Behaviour(throttled=0.0, busy_answers=0, role_refusals=0)
    before = f"{commit_that_added(PROJECT, CAME_WITH_ALIASES)}~1"
    with emulated_account(REGION, behaviour) as (functions, project), checked_out(PROJECT, before) as old:
        copy_project(project, UNREACHED_LIST, source=old)
        key = _deploy_with(old, project)
        _fill(functions, project, key)
        behaviour.busy_answers, behaviour.role_refusals, behaviour.throttled = 2, 1, 0.01
        copy_project(project, UNREACHED_LIST)
        result = deploy_copy(project)
        expect(result.operator_key is None, "the operator is the earlier one")
        expect_one_of_each(result)
        gateway = Gateway(client("apigateway"), client("lambda"), result.deployed)
        journey = Journey(functions, replace(result, operator_key=key), gateway)
        other = journey.ask("GET", "/v1/platforms", key=key)["platforms"]
        expect(
            [each["platform_id"] for each in other if each["role"] == "platform"] == ["shop-a"], f"platforms: {other}"
        )
        late = journey.admit("shop-b")
        answer = journey.verdict(late["key"], uscc=USCC, name=NAME)
        expect(answer["verdict"] == "block", f"what was reported before is found: {answer}")
        expect(journey.report(late["key"])["accepted"] == 1, "files are taken after the upgrade")


def _fill(functions: Functions, project: Path, key: str) -> None:
    """Admit a platform and take a report of it, by the earlier functions."""
    deployed = read_deployed(project, STAGE)
    result = Result(find_outputs(client("cloudformation"), STAGE), deployed, key)
    fill_gaps(result.outputs)
    journey = Journey(functions, result, Gateway(client("apigateway"), client("lambda"), deployed))
    reporter = journey.admit("shop-a")
    expect(journey.report(reporter["key"])["accepted"] == 1, "the earlier report")


def _deploy_with(old: Path, project: Path) -> str:
    """Deploy the project with the tools of another folder, in a process of its own; the operator's key."""
    code = (
        "import sys; from pathlib import Path; from infra.deploy import deploy\n"
        "result = deploy(sys.argv[1], Path(sys.argv[2]), fetch=lambda url: (200, b'{}'), vendor=False)\n"
        "print('\\nKEY', result.operator_key)"
    )
    command = [sys.executable, "-c", code, STAGE, str(project)]
    run = subprocess.run(command, cwd=old, capture_output=True, text=True, timeout=600, check=False)
    expect(run.returncode == 0, f"the earlier deploy: {run.stdout[-1_000:]} {run.stderr[-3_000:]}")
    return run.stdout.rpartition("KEY ")[2].strip()


def _live(project: Path) -> dict[str, str]:
    """The version that each function's alias is on."""
    return releases.current(release_clients(), release_place(STAGE, read_deployed(project, STAGE), ""))


def _routes(project: Path) -> str | None:
    return releases.served(release_clients(), release_place(STAGE, read_deployed(project, STAGE), ""))


def _change(project: Path) -> None:
    """Something new in the code."""
    app = project / "app.py"
    app.write_text(app.read_text(encoding="utf-8") + f"\nREHEARSED = {json.dumps(NAME)}\n", encoding="utf-8")


SCENARIOS: Final = {
    each.__name__: each
    for each in (
        failed_first_creation,
        failed_update_and_back,
        interrupted_deploy,
        bad_version,
        upgrade_from_before_aliases,
        put_back_to_a_moment,
    )
}


def main() -> int:
    """Run the scenarios that are named, or all; 1 and the reason when something is wrong."""
    for name in sys.argv[1:] or SCENARIOS:
        try:
            SCENARIOS[name]()
        except DeployError as error:
            print(f"{name} stopped: {error}", file=sys.stderr)
            return 1
        print(f"{name}: as it must be")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
