"""Kinds of items of people: who may sign in, by what, and the sessions that are open."""

from typing import Final

from chalicelib.storage.item_keys.people import person_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="person",
        key=person_keys.person,
        fields=names(
            "person_id name organisation role duties state created_at created_by revoked_at last_seen_at"
            " sessions_ended_at visited_at visited_before email email_digest subject_digest"
        ),
        holds="a person of an organisation and its duties; `email` is masked, `sessions_ended_at` the moment up to "
        "which every session of the person is over, `visited_at` when Today was last opened, and `visited_before` when "
        "the visit before ended",
        writer="people",
    ),
    ItemKind(
        name="people",
        key=person_keys.people,
        fields=names("people"),
        holds="the ids of the people of an organisation, those whose access was revoked included",
        writer="people",
        limit="bounded: 500 people",
        growth=(Growth("people", 500, 20),),
    ),
    ItemKind(
        name="invited address",
        key=person_keys.invited_email,
        fields=names("person_id"),
        holds="which person an e-mail address (as a keyed digest) was invited as",
        writer="people",
    ),
    ItemKind(
        name="sign-in of a person",
        key=person_keys.sign_in_subject,
        fields=names("person_id"),
        holds="which person an account of the identity provider is; made at its first sign-in",
        writer="people",
    ),
    ItemKind(
        name="session of a person",
        key=person_keys.person_session,
        fields=names("person_id started_at seen_at ends_at"),
        holds="a session of the console, by the SHA-256 of its cookie's secret; `seen_at` moves at most once a minute",
        writer="people",
        ttl=Ttl(person_keys.PERSON_SESSION_KEPT, "started_at"),
    ),
    ItemKind(
        name="sign-in link",
        key=person_keys.sign_in_link,
        fields=names("person_id made_at used_at"),
        holds="a link by which a person signs in once, by the SHA-256 of its secret; on a developer's machine alone",
        writer="people",
        ttl=Ttl(person_keys.SIGN_IN_LINK_KEPT, "made_at"),
    ),
    ItemKind(
        name="sign-in that was begun",
        key=person_keys.sign_in_attempt,
        fields=names("wanted answered_at"),
        holds="a sign-in with the identity provider, by the SHA-256 of the secret that the browser keeps meanwhile",
        writer="sign-in",
        ttl=Ttl(person_keys.SIGN_IN_ATTEMPT_KEPT, "the sign-in was begun"),
    ),
)
