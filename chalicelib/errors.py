"""Everything that can go wrong for a caller, drawn once.

    LianfangError
    ├── BadRequest 400        malformed_json, unknown_field, invalid_field, ...
    ├── Unauthorised 401      missing_key, unknown_key, revoked_key
    ├── Forbidden 403         wrong_role, not_yours
    ├── NotFound 404          not_found
    ├── Conflict 409          idempotency_conflict, ...
    ├── TooLarge 413          too_large
    ├── UnsupportedType 415   unsupported_type
    ├── Unavailable 503       store_unavailable
    ├── FeedUnreachable       a government list could not be fetched; never reaches a caller of the API
    └── FileRefused           a report file refused whole: unreadable_file, unknown_columns, empty_file, too_large

A code is stable for ever; its sentence is looked up here in Chinese and English. Rejections of single rows are
not exceptions (a bad row is a result, not a failure) and share the same table of sentences.
"""

from collections.abc import Mapping
from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    # requests
    "malformed_json": ("请求体不是有效的 JSON（UTF-8）", "the body is not valid JSON in UTF-8"),
    "invalid_request": ("请求内容不符合要求", "the request does not fit what this route takes"),
    "unknown_field": ("请求中有未知字段", "the request has a field that is not known"),
    "nothing_to_look_up": ("至少提供一个查询字段", "at least one identifying field is needed"),
    "invalid_cursor": ("游标无效", "the cursor is not one that this exchange gave"),
    "missing_file_name": ("缺少 X-File-Name 请求头", "the X-File-Name header is missing"),
    "unsupported_type": ("不支持的 Content-Type", "this Content-Type is not taken here"),
    "invalid_registration_no": ("注册号校验不通过", "the registration number fails its check"),
    "invalid_resident_id": ("居民身份证号校验不通过", "the resident ID fails its check"),
    "missing_key": ("缺少访问密钥", "no access key was sent"),
    "unknown_key": ("访问密钥无效", "the access key is not known"),
    "revoked_key": ("访问密钥已吊销或过期", "the access key was revoked or has expired"),
    "wrong_role": ("当前角色无权访问", "this key's role may not do this"),
    "not_found": ("未找到", "there is nothing here under that name"),
    "method_not_allowed": ("不支持的请求方法", "this path does not take that method"),
    "platform_exists": ("该平台编号已存在", "a platform with this id exists already"),
    "idempotency_conflict": (
        "同一 Idempotency-Key 已用于不同内容",
        "this Idempotency-Key was already used with another body",
    ),
    "too_many_requests": ("请求过于频繁，请稍后重试", "too many requests; try again later"),
    "not_decidable": (
        "该匹配基于完全一致的标识，不能认定为非同一主体",
        "an exact identifier says that they are the same; that cannot be decided away",
    ),
    "hold_is_over": ("该扣留已有决定或已被取代", "the hold was decided already, or something newer took its place"),
    "hold_unreadable": ("无法识别的文件不能放行", "what cannot be read cannot be released"),
    "store_unavailable": ("存储暂不可用，请稍后重试", "the store cannot be reached; try again"),
    "internal_error": ("服务内部错误", "something failed on our side"),
    # display links of licences
    "link_no_url": ("不是网址", "this is no web address"),
    "link_not_https": ("链接未使用 https", "the link does not use https"),
    "link_wrong_host": ("链接不是国家亮照系统的域名", "the link does not lead to the national system's host"),
    "link_wrong_path": ("链接路径不是亮照验证页", "the link does not lead to the page that shows licences"),
    "link_bad_serial": ("链接的 serial 格式不符", "the serial of the link does not have the known form"),
    "link_two_codes": ("serial 中两个信用代码不一致", "the two credit codes in the serial differ"),
    "link_other_merchant": ("链接属于另一主体", "the link is another merchant's"),
    "link_bad_time": ("链接时间不合理", "the time in the link cannot be"),
    "link_bad_signature_shape": ("签名不是有效的 DER 结构", "the signature does not have the form of one"),
    # files refused whole
    "unreadable_file": ("无法识别的文件", "the file is not a table that can be read"),
    "unknown_columns": ("没有可识别的列名", "none of the columns is known"),
    "empty_file": ("文件没有内容", "the file has no rows"),
    "too_large": ("内容超过大小限制", "the content is over the size limit"),
    # rows rejected
    "invalid_uscc": ("统一社会信用代码校验不通过", "the unified social credit code fails its checks"),
    "damaged_uscc": (
        "统一社会信用代码被表格软件改成科学计数法，位数已丢失",
        "a spreadsheet turned the credit code into scientific notation and lost its digits",
    ),
    "missing_identity": (
        "缺少统一社会信用代码、注册号或名称",
        "no credit code, registration number or name says who this is",
    ),
    "missing_date": ("缺少清退日期", "the date of eviction is missing"),
    "invalid_date": ("清退日期无法识别或不存在", "the date of eviction cannot be read or does not exist"),
    "future_date": ("清退日期在未来", "the date of eviction lies in the future"),
    "missing_reason": ("缺少清退原因", "the reason of eviction is missing"),
    "damaged_text": ("文字已损坏，无法还原", "characters of this row were destroyed before it was sent"),
    "not_a_record": ("不是一条记录", "this row is not a record"),
    # rows taken with a warning
    "uscc_repaired": ("信用代码中的误读字符已更正", "misread characters of the credit code were put right"),
    "org_code_check_failed": (
        "信用代码内的组织机构代码校验不通过",
        "the organisation code inside the credit code fails",
    ),
    "unknown_category": ("信用代码的机构类别不在标准中", "the standard does not name the category of this code"),
    "codes_disagree": ("同一行有两个不同的信用代码", "two columns give different credit codes"),
    "registration_no_in_uscc_column": ("信用代码列中是注册号", "the credit code column holds a registration number"),
    "registration_no_invalid": ("注册号校验不通过，未采用", "the registration number fails its check and was left out"),
    "org_code_in_uscc_column": ("信用代码列中是组织机构代码", "the credit code column holds an organisation code"),
    "org_code_invalid": ("组织机构代码校验不通过，未采用", "the organisation code fails its check and was left out"),
    "uscc_in_name_column": ("名称列中是信用代码", "the name column holds a credit code"),
    "uscc_in_registration_no_column": ("注册号列中是信用代码", "the registration number column holds a credit code"),
    "uscc_in_org_code_column": ("组织机构代码列中是信用代码", "the organisation code column holds a credit code"),
    "resident_id_in_uscc_column": (
        "信用代码列中是居民身份证号，仅保留摘要",
        "a resident ID in place of a code: digest kept",
    ),
    "resident_id_in_registration_no_column": (
        "注册号列中是居民身份证号，仅保留摘要",
        "a resident ID in place of a registration number: only its digest is kept",
    ),
    "resident_id_invalid": ("居民身份证号校验不通过，未采用", "the resident ID fails its check and was left out"),
    "resident_id_removed": ("文字中的居民身份证号已遮盖", "a resident ID in a text was masked"),
    "phone_removed": ("文字中的电话号码已遮盖", "a phone number in a text was masked"),
    "bank_account_removed": ("文字中的银行卡号已遮盖", "a bank card number in a text was masked"),
    "masked_number_ignored": ("证件号码已被遮盖，未采用", "the number was masked before it was sent and was left out"),
    "date_without_day": ("日期只有年月，按当月一日计", "the date names a month only; its first day was taken"),
    "expiry_ignored": ("有效期无法识别，未采用", "the expiry cannot be read and was left out"),
    "removed_on_ignored": ("移出日期无法识别，未采用", "the date of removal cannot be read and was left out"),
    "publish_until_ignored": ("公示截止期无法识别，未采用", "the end of publication cannot be read and was left out"),
    "unknown_reason": ("原因无法归类，按“其他”处理", "the reason fits no code and counts as other"),
}


def message(code: str) -> dict[str, str]:
    """The sentence of a code in Chinese and English."""
    zh, en = TEXTS[code]
    return {"zh": zh, "en": en}


class LianfangError(Exception):
    """An error with a stable code, a status and a sentence in zh and en."""

    status = 500

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, Any] = details

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer that carries this error."""
        return {"error": {"code": self.code, "message": message(self.code), "details": dict(self.details)}}


class BadRequest(LianfangError):
    """The request cannot be understood as it is."""

    status = 400


class Unauthorised(LianfangError):
    """Nobody that is known is asking."""

    status = 401


class Forbidden(LianfangError):
    """Somebody is asking who may not."""

    status = 403


class NotFound(LianfangError):
    """There is nothing under that name, or nothing that this caller may know of."""

    status = 404


class Conflict(LianfangError):
    """The request contradicts what is already so."""

    status = 409


class TooLarge(LianfangError):
    """The body is over the limit of this door."""

    status = 413


class UnsupportedType(LianfangError):
    """The body is of a type that this door does not take."""

    status = 415


class Unavailable(LianfangError):
    """Something outside did not answer in time; the same request may pass later."""

    status = 503


class FileRefused(LianfangError):
    """A file refused whole; nothing of it was taken."""

    status = 422


class FeedUnreachable(LianfangError):
    """A source of a government list did not give it, after every try."""

    def __init__(self, problem: str) -> None:
        super().__init__("store_unavailable", problem=problem)
        self.problem = problem
