"""Answers about participants and their keys, and about the API itself."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.handlers.responses.shared import Answer, Count, Day, Moment, Role, Sentence, absent

KEY_PATTERN = r"^lf_[0-9a-f]{12}_[0-9a-f]{48}$"
KEY_ID_PATTERN = r"^[0-9a-f]{12}$"


class Health(Answer):
    """That the exchange answers; the store is not asked."""

    status: Literal["ok"]
    name: Literal["lianfang"]
    version: str


class Readiness(Answer):
    """That the exchange reaches what it works with."""

    status: Literal["ready"]
    version: str


class OpenApiDocument(Answer):
    """This description (OpenAPI 3.1)."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]


class Topics(Answer):
    """The SNS topics that the participant may subscribe to."""

    closures: str = Field(description="ARN of the topic on which everyone is notified")
    own: str = Field(description="ARN of the topic of this participant alone")


class Participant(Answer):
    """A platform, regulator or operator that was admitted, without its keys."""

    platform_id: str
    name: str
    role: Role
    aws_account: str = absent("the AWS account that may subscribe", pattern=r"^\d{12}$")
    topics: Topics = absent("none for an operator")
    purposes: list[Literal["investigation"]] = absent("the purposes that were granted to it beside its own")
    created_at: Moment


class Participants(Answer):
    """All who were admitted, by id."""

    platforms: list[Participant]


class KeyInfo(Answer):
    """A key, by its id; the key itself is shown once, when it is issued."""

    key_id: str = Field(pattern=KEY_ID_PATTERN)
    created_at: Moment
    revoked_from: Moment = absent("from when it is worthless")


class OwnAccount(Participant):
    """The participant that the key belongs to, with each of its keys."""

    keys: list[KeyInfo]


class UsedKey(KeyInfo):
    """A key and when it was used last."""

    last_used_at: Moment = absent("to the minute; absent where it was not used in the last two days")


class AccountWithUse(Participant):
    """A participant with each of its keys and when they were used last."""

    keys: list[UsedKey]
    last_used_at: Moment = absent("to the minute; absent where none of its keys was used in the last two days")


class AdmittedParticipant(Participant):
    """A participant that was just admitted, with its first key."""

    keys: list[str] = Field(description="the ids of its keys")
    key: str = Field(pattern=KEY_PATTERN, description="shown here and never again")


class IssuedKey(Answer):
    """A new key."""

    key_id: str = Field(pattern=KEY_ID_PATTERN)
    key: str = Field(pattern=KEY_PATTERN, description="shown here and never again")
    created_at: Moment


class RevokedKey(Answer):
    """From when a key is worthless; an earlier revocation stands."""

    key_id: str = Field(pattern=KEY_ID_PATTERN)
    revoked_from: Moment


class SetAside(Answer):
    """One record or change that a loop went on without."""

    number: Count
    at: Moment
    job: Literal[
        "report", "government_list", "listing_expiry", "overdue_answers", "licence_review", "shop_visits", "roster",
        "reminders", "rebuild", "task_recheck", "probing",
    ] = Field(description="the loop")  # fmt: skip
    origin: str = absent("the report, list, roster or day that it worked on")
    record_id: str = Field(description="the subject, licence, merchant or task")
    change: str = absent("what was to be done")
    listing_id: str = absent()
    finding: str = Field(description="a code of findings")
    says: Sentence


class SetAsidePage(Answer):
    """A page of what was set aside, in order."""

    set_aside: list[SetAside]
    next: str = Field(description="the cursor to read on from")


class GrantedPurposes(Answer):
    """The purposes that are granted to a participant beside its own."""

    platform_id: str
    purposes: list[Literal["investigation"]]


class AccountLimits(Answer):
    """How much a participant, or one of its keys, may ask; the headers of every answer say what is left."""

    requests_per_minute: Count
    requests_per_day: Count
    merchants_per_minute: Count = Field(description="each applicant of a batch counts")
    merchants_per_day: Count
    files_per_hour: Count = Field(description="reports, rosters and files of answers; each form to post one counts")
    rows_per_hour: Count = Field(description="rows of such files; a file waits while they are used up")


class SlowingRule(Answer):
    """What a finding of probing does beside its notice."""

    slows: bool = Field(description="whether the keys that probed are slowed")
    merchants_per_minute: Count
    merchants_per_day: Count
    days: Count = Field(description="for how many days")
    set_by: str = absent("the regulator that set it; absent while nobody has")
    set_at: Moment = absent()


class ReleasedKey(Answer):
    """A key that is slowed no longer."""

    key_id: str


class LookupFigures(Answer):
    """What a platform's lookups look like: counts, from which shares follow."""

    requests: Count
    lookups: Count = Field(
        description="all but those for a purpose that was granted; onboarding checks and GET /v1/merchants too"
    )
    hits: Count = Field(description="lookups that found something")
    personal: Count = Field(description="by a document, an account or a phone, with one name at most and no code")
    odd_codes: Count = Field(description="credit codes that no register can have issued")
    codes: Count = Field(description="of a sample of 200 requests a day: by a code of a register")
    in_sequence: Count = Field(description="of those codes: next to another one of the seven days before")
    judged: Count = Field(description="of the sample: held against the platform's roster and onboarding checks")
    absent: Count = Field(description="of those judged: no merchant of the platform when the figures were made")
    judged_personal: Count = Field(description="of those judged: `personal`")
    absent_personal: Count
    judged_odd: Count = Field(description="of those judged: `odd_codes`")
    absent_odd: Count
    settled: Count = Field(description="judged once more a week later")
    settled_absent: Count
    settled_personal: Count
    settled_absent_personal: Count
    settled_odd: Count
    settled_absent_odd: Count


class ProbingSignal(Answer):
    """A share that is unlike those of the other platforms and the platform's own past."""

    signal: Literal["in_sequence", "odd_codes", "personal", "few_hits", "many_hits", "absent"]
    window: Literal["day", "week", "settled_day", "settled_week"] = Field(
        description="the day, the seven days until it, or both a week earlier, as those lookups turned out"
    )
    share_percent: Count
    others_percent: Count = Field(description="the median of the other platforms")
    past_percent: Count = absent("of the platform itself in the four weeks that ended three weeks ago")


class ProbingFinding(Answer):
    """Why a platform's lookups look like probing."""

    at: Moment
    signals: list[ProbingSignal]
    key_ids: list[str] = Field(description="the keys that sent most of it")
    slowed_until: Moment = absent("where the rule slows: until when, unless a regulator lets a key go on")


class ProbingDay(Answer):
    """The lookups of a platform on a day."""

    day: Day
    platform_id: str
    checked_at: Moment
    figures: LookupFigures
    finding: ProbingFinding = absent()


class Probing(Answer):
    """What the lookups of platforms look like, by day, the newest first, and the rule in force."""

    since: Day
    until: Day
    rule: SlowingRule
    days: list[ProbingDay]
