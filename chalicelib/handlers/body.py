"""Reading the body of a request as the model that its route declares; what does not fit is said in zh and en."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors
from chalicelib.messages import ErrorCode, message
from chalicelib.values.records import Json
from chalicelib.values.text_damage import is_damaged

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

# The type of the body of a form with files.
MULTIPART: Final = "multipart/form-data"
MOST_PROBLEMS: Final = 20
# What JSON may add around the one long field of a body whose length is limited.
ENVELOPE_BYTES: Final = 1_024
# What each type of error of a body says in Chinese; {braces} hold what the error knows of its bounds. Those after the
# empty line are raised by our own models.
CHINESE: Final = {
    "missing": "缺少必填字段",
    "extra_forbidden": "未知字段",
    "string_type": "应为字符串",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符：{pattern}",
    "string_unicode": "不是有效的 Unicode 文本",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "int_from_float": "应为整数",
    "finite_number": "应为有限的数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "less_than": "须小于 {lt}",
    "literal_error": "应为以下之一：{expected}",
    "list_type": "应为数组",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "value_error": "不是有效的值",
    "unreal_day": "须为真实日期，格式 YYYY-MM-DD",

    "says_nothing": "请填写具体内容，占位文字（无、N/A 等）视为未填",
    "address_missing": "该接收方式需要 https 地址",
    "unknown_field": "没有这些字段：{names}",
    "unknown_reason": "没有这些原因代码：{codes}",
    "not_for_campaigns": "不能用于专项的原因代码：{codes}",
    "unreal_days": "starts_on 和 ends_on 须为真实日期",
    "wrong_days": "专项须在开始之后一年内结束",
    "amendment": "修正时（且仅在修正时）至少给出一个字段",
    "typed_missing": "认定执照真实时须填写 uscc、name、status、holder_role",
    "nothing_acknowledged": "请给出 through、notice_ids 或两者",
    "letters_or_all": "请给出 message_ids 或 all，二者取一",
    "two_sources": "source 与 without_own 只能给出一个",
    "merchant_id_missing": '加入名册需要 merchant_id；不加入请发送 "enrol": false',
    "reason_missing": "保留商户须说明原因",
}  # fmt: skip
UNNAMED: Final = "不符合要求"


@cache
def model(reference: str) -> "type[BaseModel]":
    """The model that a route refers to as `module:Name`, of the package of requests."""
    module, _, name = reference.partition(":")
    model_class: type[BaseModel] = getattr(import_module(f"chalicelib.handlers.requests.{module}"), name)
    return model_class


def read(reference: str, body: bytes | str, longest: int = 0) -> "BaseModel":
    """The body as that model; `BadRequest` names each field that does not fit, `TooLarge` comes before any reading."""
    if longest and len(body) > longest + ENVELOPE_BYTES:
        raise errors.TooLarge(ErrorCode.TOO_LARGE, limit_bytes=longest)
    from pydantic import ValidationError

    text = _without_mark(body)
    try:
        try:
            parsed = model(reference).model_validate_json(text)
        except ValidationError as error:
            mended = _without_surrogates(text) if _is_invalid_json(error) else ""
            if not mended:
                raise
            parsed = model(reference).model_validate_json(mended)
    except ValidationError as error:
        raise refusal(error.errors(include_url=False, include_input=False)) from None
    damaged = list(_damaged(parsed.model_dump(exclude=set(getattr(parsed, "judged_by_row", ())))))
    if damaged:
        problems = [_damage(field) for field in damaged[:MOST_PROBLEMS]]
        raise errors.BadRequest(ErrorCode.DAMAGED_TEXT, field=damaged[0], problems=problems)
    return parsed


def chinese(kind: str, context: Json) -> str:
    """What an error of that type says in Chinese."""
    bounds = {name: str(value).replace(" or ", " 或 ") for name, value in context.items()}
    return CHINESE.get(kind, UNNAMED).format_map(bounds)


def _without_mark(body: bytes | str) -> bytes | str:
    """The body without the byte order mark that some programs put before UTF-8 (RFC 8259, 8.1: it may be ignored)."""
    return body.removeprefix("\ufeff") if isinstance(body, str) else body.removeprefix(b"\xef\xbb\xbf")


def _is_invalid_json(error: "ValidationError") -> bool:
    return any(each["type"] == "json_invalid" for each in error.errors(include_url=False, include_input=False))


def _without_surrogates(body: bytes | str) -> str:
    r"""The body with U+FFFD for each \udXXX that has no pair, so that the text is refused where it stands.

    '' where that is not what is wrong with it.
    """
    try:
        written = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
    mended = re.sub("[\ud800-\udfff]", "\ufffd", written)
    return mended if mended != written else ""


def _damaged(value: Any, place: str = "", field: str = "") -> Iterator[str]:
    """Where in a body characters of a text were destroyed, parts joined by dots."""
    if isinstance(value, str):
        if is_damaged(field, value):
            yield place
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for name, part in parts:
        yield from _damaged(part, f"{place}.{name}" if place else str(name), name if isinstance(name, str) else field)


def _damage(field: str) -> Json:
    """The line about a field whose text was destroyed."""
    sentence = message(ErrorCode.DAMAGED_TEXT)
    return {"field": field, "problem": sentence["en"], "message": sentence}


def refusal(problems: list[Any]) -> errors.BadRequest:
    """One error for the body, with a line for each problem; the values stay out, they may be personal."""
    kinds = {problem["type"] for problem in problems}
    if "json_invalid" in kinds:
        sentence = {"zh": f"JSON 有误：{_place(problems[0])}", "en": problems[0]["msg"]}
        return errors.BadRequest(ErrorCode.MALFORMED_JSON, problem=problems[0]["msg"], message=sentence)
    code = ErrorCode.UNKNOWN_FIELD if "extra_forbidden" in kinds else ErrorCode.INVALID_REQUEST
    return errors.BadRequest(code, problems=[_line(problem) for problem in problems[:MOST_PROBLEMS]])


def _line(problem: Json) -> Json:
    """A line about one field; `nearest` are the values that were perhaps meant."""
    sentence = {"zh": chinese(problem["type"], problem.get("ctx", {})), "en": problem["msg"]}
    line = {"field": ".".join(str(part) for part in problem["loc"]), "problem": problem["msg"], "message": sentence}
    nearest = problem.get("ctx", {}).get("nearest")
    return {**line, "nearest": nearest} if nearest else line


def _place(problem: Json) -> str:
    """Where the JSON breaks off, of pydantic's `… at line 1 column 2`."""
    _, _, place = str(problem["msg"]).rpartition(" at line ")
    line, _, column = place.partition(" column ")
    return f"第 {line} 行第 {column} 列" if column.isdigit() else "无法解析"
