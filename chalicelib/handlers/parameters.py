"""The parameters that routes take besides a body: how each is read, within which bounds, and what it means."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib import errors
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

# No number of ours has more digits; a longer one is not even turned into a number.
MOST_DIGITS: Final = 12
# A key of DynamoDB has 2,048 bytes at most; half of it leaves room for the kind and the ids of the caller beside.
LONGEST_ID_BYTES: Final = 1_024
Value = str | int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A text: its name, what it means in zh and en, and which texts fit.

    `default` is what an absent one counts as. A `pattern` must fit as a whole; `choices` are all that fit; `most` is
    the greatest length.
    """

    name: str
    zh: str
    en: str
    default: Value = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    most: int = 0

    def read(self, text: str) -> Value:
        """The value, of an empty text the default; `BadRequest` for a text that does not fit."""
        if not text:
            return self.default
        if self.choices and text not in self.choices:
            raise self.refusal(text)
        if (self.pattern and not re.fullmatch(self.pattern, text)) or (self.most and len(text) > self.most):
            raise self.refusal(text)
        return text

    @property
    def expected(self) -> str | list[str]:
        """What would have fitted."""
        return list(self.choices) or self.pattern or f"at most {self.most} characters"

    def refusal(self, _text: str) -> errors.BadRequest:
        """The error for a text that does not fit; the text stays out, it may be personal."""
        allowed = self.expected if isinstance(self.expected, str) else ", ".join(self.expected)
        message = {"zh": f"允许的值：{allowed}", "en": f"Allowed: {allowed}"}
        problem = {"field": self.name, "problem": message["en"], "message": message}
        return errors.BadRequest(ErrorCode.INVALID_REQUEST, field=self.name, expected=self.expected, problems=[problem])

    def schema(self) -> Json:
        """The parameter in JSON Schema."""
        text: Json = {"type": "string"}
        text |= {"enum": list(self.choices)} if self.choices else {}
        text |= {"pattern": f"^({self.pattern})$"} if self.pattern else {}
        text |= {"maxLength": self.most} if self.most else {}
        return text | ({"default": self.default} if self.default != "" else {})


@dataclass(frozen=True, slots=True)
class Number(Parameter):
    """A whole number from `least` to `most`."""

    default: Value = 0
    least: int = 0

    def read(self, text: str) -> Value:
        """The number; `BadRequest` for what is none, or out of bounds."""
        if not (
            text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and self.least <= int(text) <= self.most
        ):
            raise self.refusal(text)
        return int(text)

    @property
    def expected(self) -> str:
        """What would have fitted."""
        return f"{self.least}..{self.most}"

    def schema(self) -> Json:
        """The parameter in JSON Schema."""
        bounds: dict[str, Value] = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return bounds | ({"default": self.default} if int(self.default) >= self.least else {})


@dataclass(frozen=True, slots=True)
class Cursor(Number):
    """Where to read on: the `next` of the page before, the number of a row."""

    most: int = 10**MOST_DIGITS - 1

    def refusal(self, text: str) -> errors.BadRequest:
        """The error for a cursor that no page gave."""
        return errors.BadRequest(ErrorCode.INVALID_CURSOR, after=text[:40])

    def schema(self) -> Json:
        """The parameter in JSON Schema: a text, as `next` is."""
        return {"type": "string", "pattern": f"^[0-9]{{1,{MOST_DIGITS}}}$", "default": str(self.default)}


@dataclass(frozen=True, slots=True)
class LogCursor(Cursor):
    """Where to read on in a log: the number of an entry. One that a restore lost is refused by the log."""


@dataclass(frozen=True, slots=True)
class DayCursor(Parameter):
    """Where to read on in a list by days: a day, a full stop, and what `pattern` says."""

    def read(self, text: str) -> Value:
        """The cursor, '' for the first page; `BadRequest` for a cursor that no page gave."""
        day, _, rest = text.partition(".")
        if text and not (is_day(day) and re.fullmatch(self.pattern, rest)):
            raise errors.BadRequest(ErrorCode.INVALID_CURSOR, after=text[:40])
        return text

    def schema(self) -> Json:
        """The parameter in JSON Schema."""
        return {"type": "string", "pattern": rf"^\d{{4}}-\d\d-\d\d\.({self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Days(Parameter):
    """A span of days such as 30d, from 1d to `most`; read as the number of days."""

    def read(self, text: str) -> Value:
        """The number of days; `BadRequest` for what is none, or too many."""
        if not re.fullmatch(r"[1-9]\d{0,2}d", text) or int(text[:-1]) > self.most:
            raise self.refusal(text)
        return int(text[:-1])

    @property
    def expected(self) -> str:
        """What would have fitted."""
        return f"1d..{self.most}d"

    def schema(self) -> Json:
        """The parameter in JSON Schema."""
        return {"type": "string", "pattern": "^[1-9][0-9]{0,2}d$", "default": f"{self.default}d"}


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar, as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def limit(default: int, most: int) -> Number:
    """How many entries a page may have."""
    return Number("limit", "本页最多条数", "how many entries at most", default, most=most, least=1)


AFTER: Final = Cursor("after", "上一页的 `next`，从其后读取", "the `next` of the page before, to read on after it")
LOG_AFTER: Final = LogCursor(AFTER.name, AFTER.zh, AFTER.en)
PAGE_OF_100: Final = (LOG_AFTER, limit(100, 100))
OF_PLATFORM: Final = Parameter(
    "platform", "监管部门：所指平台", "for regulators: the platform that is meant", pattern=r"[a-z][a-z0-9-]{1,39}"
)
IDEMPOTENCY_KEY: Final = Parameter(
    "Idempotency-Key",
    "重复发送时识别为同一请求，七日内有效",
    "the same request sent again is recognised by it, for seven days",
    most=1_024,
)
FILE_NAME: Final = Parameter(
    "X-File-Name", "文件名，非 ASCII 字符须百分号编码", "the name of the file, percent-encoded where it is not ASCII"
)
ON_BEHALF_OF: Final = Parameter(
    "X-On-Behalf-Of", "监管部门代该平台报送", "the platform that a regulator files for", pattern=r"[a-z][a-z0-9-]{1,39}"
)
ENFORCEMENT: Final = Parameter(
    "X-Enforcement", "监管部门报送本部门执法：yes", "yes: a regulator tells of its own enforcement",
    choices=("yes", "no"),
)  # fmt: skip
# What stands in the path, with its meaning; each at most `LONGEST_ID_BYTES` long.
PATH_PARAMETERS: Final = {
    "platform_id": ("参与方编号", "id of the participant"),
    "key_id": ("密钥编号", "id of the key"),
    "report_id": ("报告编号", "id of the report"),
    "roster_id": ("名册编号", "id of the roster"),
    "lookup_id": ("查询编号或入驻核验回执", "id of the lookup, or the receipt of an onboarding check"),
    "uscc": ("统一社会信用代码", "unified social credit code"),
    "receipt": ("入驻核验回执", "receipt of the onboarding check"),
    "listing_id": ("条目编号", "id of the listing"),
    "subscription_id": ("订阅编号", "id of the subscription"),
    "task_id": ("任务编号", "id of the task"),
    "dispute_id": ("申诉编号", "id of the dispute"),
    "evidence_id": ("证据编号", "id of the file of evidence"),
    "name": ("名单名称", "name of the list"),
    "hold_id": ("扣留编号", "id of what is held"),
    "campaign_id": ("专项编号", "id of the campaign"),
    "guard_id": ("限制编号", "id of the guard"),
    "check_id": ("核验编号", "id of the licence check"),
    "display_id": ("亮照页面编号", "id of the display"),
    "decision_id": ("待复核事项编号", "id of the pending decision"),
    "person_id": ("人员编号", "id of the person"),
    "queue": ("队列名称，如 report-files", "name of the queue, such as report-files"),
    "period": ("半年期，如 2027-01", "the half-year, such as 2027-01"),
}


def is_too_long(ident: str) -> bool:
    """Whether an id of a path is longer than any that there is."""
    return len(ident.encode("utf-8", "replace")) > LONGEST_ID_BYTES


def check_path(path: dict[str, str]) -> None:
    """`BadRequest` for a parameter of the path that is longer than any id."""
    for name, text in path.items():
        if is_too_long(text):
            message = {"zh": f"编号最长 {LONGEST_ID_BYTES} 字节", "en": f"An id has at most {LONGEST_ID_BYTES} bytes"}
            problem = {"field": name, "problem": message["en"], "message": message}
            raise errors.BadRequest(
                ErrorCode.INVALID_REQUEST, field=name, expected=f"at most {LONGEST_ID_BYTES} bytes", problems=[problem]
            )


def read_query(declared: tuple[Parameter, ...], sent: dict[str, str]) -> dict[str, Value]:
    """The value of each declared parameter, its default where it was not sent; `BadRequest` for any other."""
    parameters = {parameter.name: parameter for parameter in declared}
    unknown = sorted(set(sent) - parameters.keys())
    if unknown:
        raise _unknown(unknown, list(parameters))
    return {
        name: parameter.read(sent[name]) if name in sent else parameter.default
        for name, parameter in parameters.items()
    }


def _unknown(names: list[str], allowed_names: list[str]) -> errors.BadRequest:
    allowed = ", ".join(allowed_names)
    message = {
        "zh": f"可用的参数：{allowed}" if allowed_names else "此接口没有查询参数",
        "en": f"Allowed: {allowed}" if allowed_names else "This route takes no query parameters",
    }
    excerpts = [name[:40] for name in names[:20]]
    problems = [{"field": name, "problem": message["en"], "message": message} for name in excerpts]
    return errors.BadRequest(ErrorCode.UNKNOWN_PARAMETER, unknown=excerpts, known=allowed_names, problems=problems)
