"""API keys of an organisation: the list; and for operators a further key, rotation and revocation."""

from typing import Final
from urllib.parse import urlencode

from chalicelib import errors, wiring
from chalicelib.accounts import last_use, platforms
from chalicelib.handlers.console import console_frame, organisations, performing, previews
from chalicelib.handlers.console.previews import Preview
from chalicelib.handlers.console.screens.accounts.people import asked_organisation, frame_of
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

TITLE: Final = ("密钥", "API keys")
ACTS: Final = ("issue", "rotate", "revoke")
# For how long a key that is replaced stays good: seconds, and the words for them.
GRACE: Final = (
    ("0", "立即", "at once"),
    ("3600", "一小时", "an hour"),
    ("86400", "一天", "a day"),
    ("604800", "七天", "seven days"),
    ("2592000", "三十天", "thirty days"),
)
HOLDS: Final = (
    "本机构另有管理人员时，须由其中一人复核后才办理。",
    "Where your organisation has another administrator, one of them must approve first.",
)


def page(visit: Visit) -> Reply:
    """The keys of an organisation with when each was made, last used and revoked; two read units for each."""
    organisation = asked_organisation(visit)
    keys = _keys(visit, organisation)
    return console_frame.page(
        visit,
        "accounts/keys.html",
        TITLE,
        rows=keys,
        good=sum(key["is_good"] for key in keys),
        graces=[{"value": value, "text": visit.t(zh, en)} for value, zh, en in GRACE],
        csv=f"{visit.root}people/keys.csv?{urlencode({'organisation': organisation})}",
        **frame_of(visit, organisation, "keys"),
    )


def export(visit: Visit) -> Reply:
    """The keys of an organisation as CSV; of none of them the secret, which is kept nowhere."""

    heads = ["key_id", "created_at", "last_used_at", "revoked_from"]
    lines = [[key[head] for head in heads] for key in _keys(visit, asked_organisation(visit))]
    return console_frame.csv_table([heads, *lines], "keys.csv")


def preview(visit: Visit) -> Reply:
    """What a new key, a rotation or a revocation will do."""
    act, organisation, key_id = visit.field("act"), visit.field("organisation"), visit.field("key_id")
    if act not in ACTS:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="act", expected=list(ACTS))
    account = platforms.get(wiring.exchange(), organisation)
    if act != "issue" and key_id not in account.key_ids:
        raise errors.NotFound(ErrorCode.NOT_FOUND, key_id=key_id)
    make = {"issue": _issuing, "rotate": _rotating, "revoke": _revoking}[act]
    return previews.draw(visit, TITLE, make(visit, organisation, key_id))


def issue(visit: Visit) -> Reply:
    """Issue a key, which is on the page that comes out and nowhere else; with `replaces` it rotates.

    The page is drawn in answer to the form, since what is led on to would have to keep the secret.
    """
    organisation, grace = visit.field("organisation"), visit.field("grace_seconds")
    fields: Json = {"replaces": visit.field("replaces") or None}
    fields |= {"grace_seconds": int(grace)} if grace.isdigit() else {}
    made = performing.do(visit, "issueKey", fields, {"platform_id": organisation})
    return made if isinstance(made, Reply) else draw_secret(visit, organisation, made)


def revoke(visit: Visit, key_id: str) -> Reply:
    """Revoke a key at once."""
    organisation = visit.field("organisation")
    done = performing.do(visit, "revokeKey", {}, {"platform_id": organisation, "key_id": key_id})
    return done if isinstance(done, Reply) else console_frame.go_to(visit, f"people/keys?organisation={organisation}")


def draw_secret(visit: Visit, organisation: str, made: Json) -> Reply:
    """A key that was just issued, the only time that it is shown."""
    return console_frame.page(
        visit,
        "accounts/secret.html",
        ("新密钥", "A new key"),
        key=made["key"],
        organisation_name=organisations.name_of(organisation),
        back=f"people/keys?organisation={organisation}",
    )


def _keys(visit: Visit, organisation: str) -> list[Json]:
    account, now = last_use.describe_with_use(wiring.exchange(), organisation), iso(wiring.now())
    return [
        {
            "key_id": key["key_id"],
            "created_at": key["created_at"],
            "revoked_from": (revoked_from := key.get("revoked_from", "")),
            "last_used_at": key.get("last_used_at", ""),
            "is_good": not revoked_from or revoked_from > now,
            "state": _state(visit, revoked_from, now),
        }
        for key in account["keys"]
    ]


def _state(visit: Visit, revoked_from: str, now: str) -> State:
    if not revoked_from:
        return State(visit.t("有效", "Good"), "good")
    if revoked_from > now:
        return State(visit.t("即将失效", "Ends soon"), "warn")
    return State(visit.t("已吊销", "Revoked"), "")


def _issuing(visit: Visit, organisation: str, _key_id: str) -> Preview:
    t, name = visit.t, organisations.name_of(organisation)
    return Preview(
        heading=t(f"为 {name} 签发新密钥", f"Issue a key for {name}"),
        says=t(
            "新密钥立即可用，以该机构的名义办理一切；只显示一次，请当场转交。原有密钥不变。",
            "The key is good at once, for all that the organisation may do. It is shown once; hand it over there and "
            "then. Its other keys stay as they are.",
        )
        + t(HOLDS[0], " " + HOLDS[1]),
        sent={"organisation": [organisation]},
        action="people/keys",
        button=t("签发密钥", "Issue the key"),
        back=f"people/keys?organisation={organisation}",
    )


def _rotating(visit: Visit, organisation: str, key_id: str) -> Preview:
    t = visit.t
    grace = next((grace for grace in GRACE if grace[0] == visit.field("grace_seconds")), GRACE[0])
    return Preview(
        heading=t(f"轮换密钥 {key_id}", f"Rotate the key {key_id}"),
        says=t(
            "签发一个新密钥，只显示一次；旧密钥到期后，仍使用它的程序会被拒绝。",
            "A new key is issued and shown once. When the old one ends, programs that still use it are refused.",
        )
        + t(HOLDS[0], " " + HOLDS[1]),
        rows=(
            (t("机构", "Organisation"), organisations.name_of(organisation)),
            (t("旧密钥失效", "The old key ends"), t(*grace[1:])),
        ),
        sent={"organisation": [organisation], "replaces": [key_id], "grace_seconds": [grace[0]]},
        action="people/keys",
        button=t("轮换密钥", "Rotate the key"),
        back=f"people/keys?organisation={organisation}",
    )


def _revoking(visit: Visit, organisation: str, key_id: str) -> Preview:
    t = visit.t
    return Preview(
        heading=t(f"吊销密钥 {key_id}", f"Revoke the key {key_id}"),
        says=t(
            "密钥立即失效且不能恢复，使用它的程序从下一个请求起被拒绝。",
            "The key is worthless at once and for good; programs that use it are refused from their next request on.",
        ),
        rows=((t("机构", "Organisation"), organisations.name_of(organisation)),),
        sent={"organisation": [organisation]},
        action=f"people/keys/{key_id}/revocation",
        button=t("吊销", "Revoke"),
        back=f"people/keys?organisation={organisation}",
    )
