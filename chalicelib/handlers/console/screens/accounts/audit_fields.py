"""What the fields of an act are called in the audit log, and their values in words, where they have any."""

from collections.abc import Mapping
from typing import Final

from chalicelib.audit.rules.audit_entry import GIVEN
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.dispute_texts import KINDS, STANDS
from chalicelib.handlers.console.texts.listing_texts import Text
from chalicelib.handlers.console.texts.second_person_texts import MODES
from chalicelib.handlers.console.texts.task_texts import OUTCOMES
from chalicelib.handlers.console.visit import Visit
from chalicelib.merchant_record.rules.standing import EVIDENCE
from chalicelib.people.duties import NAMES
from chalicelib.registry.rules.reason_codes import REASONS

FIELDS: Final[Mapping[str, Text]] = {
    "act": ("操作", "act"),
    "address": ("地址", "address"),
    "again": ("重新发出", "again"),
    "all": ("全部", "all"),
    "assignee": ("经办人", "assignee"),
    "authority": ("登记机关", "authority"),
    "aws_account": ("AWS 账号", "AWS account"),
    "bank_account": ("银行账户", "bank account"),
    "beneficiary": ("受益方", "beneficiary"),
    "campaign_id": ("专项编号", "campaign"),
    "file_count": ("文件数", "files"),
    "listing_state": ("记录状态", "state of the listing"),
    "bytes": ("字节数", "bytes"),
    "contact": ("联系方式", "contact"),
    "content_type": ("文件类型", "type of the file"),
    "days": ("天数", "days"),
    "dead": ("死信", "dead letters"),
    "decision": ("决定", "decision"),
    "declaration": ("声明", "declaration"),
    "delivers": ("交付方式", "what it delivers"),
    "discarded": ("已删除", "discarded"),
    "duties": ("职责", "duties"),
    "email": ("邮箱", "e-mail"),
    "enabled": ("启用", "switched on"),
    "endpoint": ("接收地址", "endpoint"),
    "ends_on": ("结束日期", "ends on"),
    "enforcement": ("执法结果", "enforcement"),
    "entity_type": ("主体类型", "kind of entity"),
    "established_on": ("成立日期", "established on"),
    "every_minutes": ("间隔（分钟）", "every, minutes"),
    "evictions": ("清退记录", "evictions"),
    "evidence_id": ("证据编号", "evidence"),
    "evidence_level": ("证据等级", "evidence level"),
    "expires_on": ("到期日期", "expires on"),
    "failed": ("失败", "failed"),
    "file_name": ("文件名", "name of the file"),
    "files_per_hour": ("每小时文件数", "files an hour"),
    "filed_for": ("报送名义", "filed for"),
    "filter": ("筛选条件", "filter"),
    "from": ("来源页面", "from the page"),
    "grace_seconds": ("旧密钥宽限（秒）", "old key still good, seconds"),
    "growth_times": ("增长倍数上限", "growth at most, times"),
    "headers": ("请求头", "headers"),
    "hold_id": ("搁置编号", "hold"),
    "holder_role": ("持照人身份", "role of the holder"),
    "id": ("机构代号", "id"),
    "id_no": ("证件号码", "number of the document"),
    "id_type": ("证件类型", "kind of document"),
    "key_id": ("密钥编号", "key"),
    "kind": ("类型", "kind"),
    "legal_representative": ("法定代表人", "legal representative"),
    "list_type": ("名单类型", "kind of list"),
    "listing_id": ("记录编号", "listing"),
    "merchants_per_day": ("每日可查主体数", "merchants a day"),
    "merchants_per_minute": ("每分钟可查主体数", "merchants a minute"),
    "message_id": ("消息编号", "message"),
    "message_ids": ("消息", "messages"),
    "method": ("方式", "method"),
    "mode": ("方式", "mode"),
    "name": ("名称", "name"),
    "on_behalf_of": ("代报平台", "on behalf of"),
    "organisation": ("机构", "organisation"),
    "organisations": ("各机构", "organisations"),
    "outcome": ("处理结果", "outcome"),
    "outcomes": ("处理结果", "outcomes"),
    "over_limit": ("超出许可范围", "over the limit"),
    "permits": ("许可证", "permits"),
    "person_id": ("人员", "person"),
    "platform_id": ("平台", "platform"),
    "policy_version": ("规则版本", "version of the policy"),
    "protocol": ("协议", "protocol"),
    "purpose": ("目的", "purpose"),
    "purposes": ("可用目的", "purposes"),
    "reason": ("理由", "reason"),
    "reasons": ("原因", "reasons"),
    "registered_capital": ("注册资本", "registered capital"),
    "redriven": ("已重投", "sent again"),
    "replaces": ("替换的密钥", "replaces"),
    "requests_per_day": ("每日请求数", "requests a day"),
    "requests_per_minute": ("每分钟请求数", "requests a minute"),
    "revoked_from": ("失效时间", "revoked from"),
    "role": ("机构类型", "role"),
    "rows": ("行数", "rows"),
    "rows_per_hour": ("每小时行数", "rows an hour"),
    "rules_url": ("规则链接", "link to the rules"),
    "scope": ("经营范围", "scope"),
    "secret": ("访问凭据", "secret"),
    "severity": ("严重程度", "severity"),
    "severity_floor": ("严重程度下限", "severity at least"),
    "shop_id": ("店铺编号", "shop"),
    "shop_links": ("店铺链接", "links of the shop"),
    "shop_name": ("店铺名称", "shop name"),
    "shrink_percent": ("减少上限（%）", "shrinks at most, %"),
    "slows": ("限速", "slows keys"),
    "stale_after_seconds": ("过旧时限（秒）", "too old after, seconds"),
    "stand": ("答复", "stand"),
    "starts_on": ("开始日期", "starts on"),
    "state": ("状态", "state"),
    "statement": ("陈述", "statement"),
    "status": ("登记状态", "status"),
    "subject_id": ("主体", "merchant"),
    "task_id": ("任务", "task"),
    "task_ids": ("任务", "tasks"),
    "text": ("内容", "text"),
    "topic": ("主题", "topic"),
    "unreadable_percent": ("无法读取上限（%）", "unreadable at most, %"),
    "uscc": ("统一社会信用代码", "credit code"),
    "version": ("版本", "version"),
    "way": ("接入方式", "way"),
    "why": ("理由", "why"),
    "working_days": ("工作日", "working days"),
}
ROLES: Final[Mapping[str, Text]] = {
    "platform": ("平台", "platform"),
    "regulator": ("监管部门", "regulator"),
    "operator": ("运营方", "operator"),
}
STATES: Final[Mapping[str, Text]] = {"active": ("有效", "active"), "revoked": ("已停用", "revoked")}
DECISIONS: Final[Mapping[str, Text]] = {
    "uphold": ("维持", "uphold"),
    "amend": ("更正", "amend"),
    "void": ("撤销", "void"),
    "not_same": ("不是同一主体", "not the same"),
    "undecided": ("取消决定", "open again"),
    "genuine": ("真实", "genuine"),
    "not_genuine": ("不真实", "not genuine"),
}
METHODS: Final[Mapping[str, Text]] = {"link": ("登录链接", "by a link"), "provider": ("身份提供方", "by the provider")}
# The words of the values of a field; a value that is none of them is shown as it is.
VALUES: Final[Mapping[str, Mapping[str, Text]]] = {
    "duties": {str(duty): names for duty, names in NAMES.items()},
    "role": ROLES,
    "state": STATES,
    "outcome": OUTCOMES,
    "stand": STANDS,
    "kind": KINDS,
    "decision": DECISIONS,
    "method": METHODS,
    "mode": {mode: name for mode, (name, _says) in MODES.items()},
    "evidence_level": EVIDENCE,
    "reasons": {code: (reason.zh, reason.en) for code, reason in REASONS.items()},
}
OF_ORGANISATIONS: Final = frozenset(("organisation", "platform_id", "on_behalf_of"))


def field_in_words(visit: Visit, name: str) -> str:
    """What a field is called; as the API calls it where it has no name."""
    return visit.t(*FIELDS.get(name, (name, name)))


def value_in_words(visit: Visit, name: str, value: str) -> str:
    """A value as it is kept, in words: one that is not kept is said to have been given."""
    if value == GIVEN:
        return visit.t("已填写（内容不留存）", "given; not kept")
    if value in ("True", "False"):
        return visit.t("是", "yes") if value == "True" else visit.t("否", "no")
    if name in OF_ORGANISATIONS:
        return organisations.name_of(value)
    words = VALUES.get(name, {})
    members = [visit.t(*words[member]) if member in words else member for member in value.split(", ")]
    return visit.t("、", ", ").join(members)
