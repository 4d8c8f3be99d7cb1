"""The sign-in before a certified provider of OpenID Connect (`oidc-provider` of npm), from the link to the session.

The provider comes from npm into build/oidc_tools; where it cannot be had the test is left out, and says so.
"""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests

from chalicelib import wiring
from chalicelib.handlers.console.session_cookie import COOKIE
from chalicelib.people import sessions
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person
from tests.world import World

ROOT = Path(__file__).parent.parent.parent
SOURCE, FOLDER = ROOT / "tests" / "oidc_tools", ROOT / "build" / "oidc_tools"
HOST = "lianfang.example"
REDIRECT_URI = f"http://{HOST}/console/signed-in"
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("oidc_tools")]


class Browser:
    """Goes through the provider's own pages as a person does, and stops where it is sent back to the exchange."""

    def sign_in(self, address: str, name: str) -> str:
        with requests.Session() as session:
            session.trust_env = False
            for _ in range(12):
                if urlsplit(address).netloc == HOST:
                    return address
                address = urljoin(address, self._next(session, address, name).headers["Location"])
        raise AssertionError(f"the provider goes round in circles: {address}")

    def _next(self, session: requests.Session, address: str, name: str) -> requests.Response:
        answer = session.get(address, allow_redirects=False, timeout=10)
        if answer.is_redirect:
            return answer
        action = re.findall(r'action="([^"]+)"', answer.text)[0]
        prompt = re.findall(r'name="prompt" value="([^"]+)"', answer.text)[0]
        form = {"prompt": prompt, "login": name, "password": "any"}
        return session.post(urljoin(address, action), form, allow_redirects=False, timeout=10)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in SOURCE.iterdir():
        if path.is_file():
            shutil.copy(path, FOLDER)
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("there is no Node here")
    if not (FOLDER / "node_modules" / ".package-lock.json").exists():
        made = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            pytest.skip(f"npm cannot install the provider: {made.stderr[-200:]}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [node, "provider.js", str(port), REDIRECT_URI],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    told = [line for line in iter(process.stdout.readline, "ready\n") if line or process.poll() is not None][:20]
    assert process.poll() is None, told
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def provider(issuer: str, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("OIDC_ISSUER", issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", "lianfang")
    world.clients["secretsmanager"].create_secret(Name="lianfang/test/oidc-client", SecretString="s3cret/with:colon")
    wiring.reset(keep_clients=True)
    wiring.settings()
    return issuer


def test_a_person_signs_in_and_a_stranger_and_a_replay_do_not(world: World, provider: str) -> None:
    person = add_person(world, "alpha", Duty.READ, email="wang@example.com")
    visitor, browser = Visitor(world), Browser()
    assert visitor.get("/console/sign-in/provider?next=console/tasks", Host=HOST)[0] == 303
    back = urlsplit(browser.sign_in(visitor.headers["Location"], "wang"))
    assert dict(parse_qsl(back.query))["iss"] == provider
    assert visitor.get(f"{back.path}?{back.query}", Host=HOST)[0] == 303
    assert visitor.headers["Location"] == "../console/tasks"
    session = sessions.read_session(wiring.exchange(), visitor.cookies[COOKIE], wiring.now())
    assert session is not None
    assert session.person.person_id == person.person_id
    again = Visitor(world)
    again.cookies = {name: value for name, value in visitor.cookies.items() if name != COOKIE}
    assert again.get(f"{back.path}?{back.query}", Host=HOST)[0] == 401
    stranger = Visitor(world)
    stranger.get("/console/sign-in/provider", Host=HOST)
    back = urlsplit(Browser().sign_in(stranger.headers["Location"], "stranger"))
    status, page = stranger.get(f"{back.path}?{back.query}", Host=HOST)
    assert (status, "尚未由本单位登记" in page) == (401, True)
    assert COOKIE not in stranger.cookies


def test_the_provider_refuses_a_code_with_another_verifier(world: World, provider: str) -> None:
    """What binds the code to this browser is held by the provider too."""
    from chalicelib.errors import Unauthorised
    from chalicelib.handlers.console.provider_sign_in import identity_provider

    visitor = Visitor(world)
    visitor.get("/console/sign-in/provider", Host=HOST)
    back = dict(parse_qsl(urlsplit(Browser().sign_in(visitor.headers["Location"], "wang")).query))
    known = identity_provider()
    assert known is not None
    with pytest.raises(Unauthorised):
        known.id_token(back["code"], "another-verifier-of-at-least-forty-three-characters", REDIRECT_URI)
