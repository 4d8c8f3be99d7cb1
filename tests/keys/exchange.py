"""An exchange in a test, whose digest key is rotated as an administrator does it, and what callers see of it."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.key_document import HEARD_AFTER, KeyDocument, read_key_document
from infra.keys import standing, steps
from infra.keys.strip import strip_subjects
from tests.conftest import ENVIRONMENT
from tests.support import roster_files
from tests.world import World

SECRET = ENVIRONMENT["DIGEST_KEY_SECRET"]
SURNAMES = "王李张刘"
RESIDENTS = ("110105194912310025", "330106199203070316", "440304198806154039", "510107199511205547")


def check_digit(number: str) -> str:
    """The resident ID with its right last character (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return number[:17] + "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], weights, strict=True)) % 11]


def person(number: int) -> dict[str, str]:
    """What identifies an invented person: its document and its name."""
    return {"id_no": check_digit(RESIDENTS[number]), "name": f"{SURNAMES[number]}示例"}


class Exchange:
    """Two platforms; the key of the digests moves by steps, each long enough after the one before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.keys = {name: world.admit(name) for name in ("alpha", "beta")}
        # After every report of the test, for what is received later than a step need not move.
        self._now = wiring.now()
        self._made = 0

    # The key

    def document(self) -> KeyDocument:
        """The keys as the secret holds them."""
        return read_key_document(wiring.secret(SECRET))

    def hold(self, document: KeyDocument) -> None:
        """Put the keys into the secret, and let five minutes pass."""
        self.world.clients["secretsmanager"].put_secret_value(SecretId=SECRET, SecretString=document.text())
        wiring.digest.cache_clear()

    def rotate(self) -> None:
        """Distribute a key and make it current."""
        self.distribute()
        self.promote()

    def distribute(self) -> None:
        """Distribute a key."""
        self._made += 1
        self.hold(steps.with_next(self.document(), lambda: f"{self._made:064x}", self._later()))

    def promote(self) -> None:
        """Make the key that is distributed the current one."""
        self.hold(steps.promoted(self.document(), HEARD_AFTER, self._later()))

    def drop(self) -> None:
        """Take the earlier key away, and its forms out of the subjects."""
        self.hold(steps.dropped(self.document(), timedelta(0), self._later()))
        strip_subjects(wiring.registry(), self.document().in_use, "2026-11-27T00:00:00+00:00")
        self.world.settle()

    def left_behind(self) -> int:
        """How many subjects have a value that stands under an earlier key alone."""
        items = standing.items_of(self.world.dynamodb, ENVIRONMENT["SUBJECTS_TABLE"])
        return standing.count_subjects(items, self.document().current).total()

    def _later(self) -> datetime:
        self._now += timedelta(days=1)
        return self._now

    # Callers

    def post(self, actor: str, path: str, body: Any, **headers: str) -> Any:
        """What the exchange answers to a call."""
        status, answer, _ = self.world.call("POST", path, self.keys[actor], body, **headers)
        assert status < 300, (path, status, answer)
        return answer

    def report(self, actor: str, number: int, day: int = 8, **fields: str) -> None:
        """Report the eviction of a person."""
        plain = {"evicted_on": f"2026-11-{day:02}", "reason_text": "售假", "evidence_level": "E4"}
        self.post(actor, "/v1/reports", {"evictions": [{**person(number), **plain, **fields}]})
        self.world.settle()

    def look_up(self, actor: str, number: int, **fields: str) -> Any:
        """Look a person up."""
        return self.post(actor, "/v1/lookups", {"purpose": "onboarding", **person(number), **fields})

    def listings(self, number: int) -> list[dict[str, Any]]:
        """The active listings of a person, as a lookup shows them, each with the id of its subject."""
        matches = self.look_up("beta", number)["matches"]
        shown = [(match["subject"]["subject_id"], listing) for match in matches for listing in match["listings"]]
        return [{**listing, "subject_id": subject_id} for subject_id, listing in shown]

    def withdraw(self, listing_id: str, actor: str = "alpha") -> None:
        """Withdraw a listing."""
        self.post(actor, f"/v1/listings/{listing_id}/withdrawal", {"reason": "误报"})
        self.world.settle()

    def roster(self, actor: str, numbers: list[int]) -> list[Any]:
        """Send a full roster of persons; the merchants of it that match somebody."""
        rows = [f"m{number},{person(number)['id_no']},{person(number)['name']}" for number in numbers]
        roster_files.snapshot(self.world)
        roster = roster_files.done(self.world, self.keys[actor], *rows, header="商家ID,证件号码,姓名")
        _, answer, _ = self.world.call("GET", f"/v1/rosters/{roster['roster_id']}/results", self.keys[actor])
        return [(row["merchant_id"], row["verdict"], len(row["matches"])) for row in answer["results"]]

    def notices(self, actor: str) -> list[Any]:
        """The notices of a platform's own."""
        _, answer, _ = self.world.call("GET", "/v1/notices", self.keys[actor])
        return [each["notice"] for each in answer["notices"]]
