"""The codes of errors: what a caller may be answered instead of what it asked for."""

from chalicelib.messages.codes import Code


class ErrorCode(Code):
    """The one declaration of an error: its code, its status, its sentences. New ones may be added."""

    def __new__(cls, code: str, status: int = 0, zh: str = "", en: str = "") -> "ErrorCode":
        """A code is its own text."""
        made = str.__new__(cls, code)
        made._value_ = code
        made.status, made.zh, made.en = status, zh, en
        return made

    # fmt: off
    # requests
    MALFORMED_JSON = "malformed_json", 400, "请求体不是有效的 JSON（UTF-8）", "the body is not valid JSON in UTF-8"
    INVALID_REQUEST = "invalid_request", 400, "请求内容不符合要求", "the request does not fit what this route takes"
    UNKNOWN_FIELD = "unknown_field", 400, "请求中有未知字段", "the request has a field that is not known"
    UNKNOWN_PARAMETER = "unknown_parameter", 400, "未知的查询参数", "a query parameter is not known here"
    NOTHING_TO_LOOK_UP = "nothing_to_look_up", 400, "至少提供一个查询字段", "at least one identifying field is needed"
    DAMAGED_TEXT = (
        "damaged_text", 400, "文字已损坏，无法还原", "characters of a text were destroyed before it was sent"
    )
    INVALID_CURSOR = "invalid_cursor", 400, "游标无效", "the cursor is not one that this exchange gave"
    RESTORED = (
        "restored", 409, "联防已恢复到较早时点，该游标之后的内容已作废，请从 details.read_after 重新读取",
        "the exchange was put back to an earlier moment and your cursor is of the time that was lost; read again from"
        " details.read_after"
    )
    RESTORING = (
        "restoring", 503, "联防正在恢复到较早时点，暂停服务",
        "the exchange is being put back to an earlier moment and takes nothing meanwhile"
    )
    MISSING_FILE_NAME = "missing_file_name", 400, "缺少 X-File-Name 请求头", "the X-File-Name header is missing"
    UNSUPPORTED_TYPE = "unsupported_type", 415, "不支持的 Content-Type", "this Content-Type is not taken here"
    INVALID_REGISTRATION_NO = (
        "invalid_registration_no", 400, "注册号校验不通过", "the registration number fails its check"
    )
    INVALID_ORG_CODE = (
        "invalid_org_code", 400, "组织机构代码校验不通过", "the organisation code fails its check"
    )
    INVALID_RESIDENT_ID = (
        "invalid_resident_id", 400, "证件号码校验不通过、已遮盖或无法识别",
        "the number of the document fails its check or cannot be read"
    )
    SECOND_FIELD_NEEDED = (
        "second_field_needed", 400,
        "仅凭证件号码或银行账号不能查询自然人，请同时提供名称、店铺名称、法定代表人或登记代码",
        "a number of a document or an account is not looked up alone; give a name, a shop name, a representative or a"
        " registered code with it"
    )
    PURPOSE_NOT_GRANTED = (
        "purpose_not_granted", 403, "该平台未获准以此目的查询", "this platform was not granted lookups for this purpose"
    )
    MISSING_KEY = "missing_key", 401, "缺少访问密钥", "no access key was sent"
    UNKNOWN_KEY = "unknown_key", 401, "访问密钥无效", "the access key is not known"
    REVOKED_KEY = "revoked_key", 401, "访问密钥已吊销或过期", "the access key was revoked or has expired"
    CONFLICTING_KEYS = (
        "conflicting_keys", 400, "Authorization 与 X-Lianfang-Key 中的密钥不一致",
        "Authorization and X-Lianfang-Key do not carry the same key"
    )
    SIGNATURE_NEEDED = (
        "signature_needed", 403, "网关只接受经准入的 AWS 账号签名（SigV4）的请求，或没有这个地址",
        "the gateway takes only requests that an admitted AWS account has signed (SigV4), or there is no such route"
    )
    WRONG_ROLE = "wrong_role", 403, "当前角色无权访问", "this key's role may not do this"
    NOT_FOUND = "not_found", 404, "未找到", "there is nothing here under that name"
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "不支持的请求方法", "this path does not take that method"
    PLATFORM_EXISTS = "platform_exists", 409, "该平台编号已存在", "a platform with this id exists already"
    IDEMPOTENCY_CONFLICT = (
        "idempotency_conflict", 409, "同一 Idempotency-Key 已用于不同内容",
        "this Idempotency-Key was already used with another body"
    )
    NO_FILE = "no_file", 400, "请先选择文件", "choose a file first"
    NOTHING_MARKED = "nothing_marked", 400, "没有勾选任何一项", "nothing was marked"
    NO_SESSION = (
        "no_session", 401, "请先用电子营业执照核验身份", "show the electronic licence first; there is no session"
    )
    SESSION_OVER = "session_over", 401, "本次查询已结束，请重新核验", "this session is over; show the licence again"
    RECORD_NOT_PROVED = (
        "record_not_proved", 409, "执照核验尚未证明持有人身份", "the licence check has not proved who is there"
    )
    FORM_NOT_OURS = "form_not_ours", 403, "表单不是由本页面提交的", "the form was not sent by this page"
    TOO_MANY_REQUESTS = "too_many_requests", 429, "请求过于频繁，请稍后重试", "too many requests; try again later"
    NOT_DECIDABLE = ("not_decidable", 409, "该匹配基于完全一致的标识，不能认定为非同一主体",
        "an exact identifier says that they are the same; that cannot be decided away")
    FEED_NOT_DROPPED = ("feed_not_dropped", 409, "该名单不是以投放文件的方式接收",
        "the files of this list arrive in another way; only a `dropped` list takes uploads")
    ROSTER_NOT_DONE = "roster_not_done", 409, "名册尚未处理完毕", "the roster is not done yet"
    WRONG_OUTCOME = (
        "wrong_outcome", 409, "该任务不接受此结果（核查任务：已清退、未入驻、保留；恢复任务：已恢复、未入驻、保留）",
        "this task does not take that outcome: a check is closed, an undo is reopened, both may be not_present or kept"
    )
    UNKNOWN_OUTCOME = "unknown_outcome", 400, "无法识别的处理结果", "the outcome is none that is known"
    KEPT_WITHOUT_REASON = "kept_without_reason", 400, "保留商户须说明原因", "what is kept as it is needs a reason"
    HOLD_IS_OVER = ("hold_is_over", 409, "该扣留已有决定或已被取代",
        "the hold was decided already, or something newer took its place")
    HOLD_UNREADABLE = "hold_unreadable", 409, "无法识别的文件不能放行", "what cannot be read cannot be released"
    # rules: policies, campaigns, guards, relays
    POLICY_NEVER_BLOCKS = (
        "policy_never_blocks", 400, "只有标识完全一致、严重且有证据的才可禁止；名称、纠错代码、共享信息和自查结论不可",
        "only an exact identifier, grave and proven, may block; no name, repaired code, shared signal or own finding"
    )
    POLICY_OUT_OF_BOUNDS = ("policy_out_of_bounds", 400, "超出监管设定的范围",
        "the row lies outside the bounds that the regulator has set")
    POLICY_CLOCK_TOO_LONG = ("policy_clock_too_long", 400, "时限长于监管允许",
        "the clock is longer than the regulator lets it be")
    POLICY_ROW_UNREACHABLE = ("policy_row_unreachable", 400, "该行被前面的行完全覆盖",
        "rows above leave nothing to this one")
    BOUNDS_INCOMPLETE = ("bounds_incomplete", 400, "范围表缺少某个关系、严重程度或证据等级",
        "the bounds lack a class, severity or evidence level")
    TOO_MANY_CAMPAIGNS = "too_many_campaigns", 409, "同时进行的专项过多", "too many campaigns run or are planned"
    TOO_MANY_PARTICIPANTS = "too_many_participants", 409, "参与方数量已达上限", "as many take part as there may be"
    TOO_MANY_KEYS = ("too_many_keys", 409, "有效密钥数量已达上限，请先吊销不用的密钥",
        "the account has as many keys as it may have; revoke those that are not used")
    TOO_MANY_NOTES = "too_many_notes", 409, "该任务的备注数量已达上限", "the task has as many notes as it may have"
    PLATFORM_NEEDED = "platform_needed", 400, "请用 platform 指明平台", "name the platform that is meant by `platform`"
    TOO_MANY_DISPLAYS = ("too_many_displays", 409, "该执照的亮照页面数量已达上限，请先删除不用的页面",
        "the licence has as many displays as it may have; delete those that are not used")
    TOO_MANY_FEEDS = "too_many_feeds", 409, "名单数量或设置总量已达上限", "there are as many lists as there may be"
    TOO_MANY_ENROLLED = (
        "too_many_enrolled", 409, "自上次筛查以来逐个加入的商家过多，请改送整份名册，或待下次筛查后再加入",
        "too many merchants were enrolled one by one since the roster was last screened; send a roster, or wait"
    )
    CAMPAIGN_IS_OVER = (
        "campaign_is_over", 409, "该专项已结束，不能再次开启", "this campaign was ended and cannot be opened again"
    )
    NOT_GUARDED = "not_guarded", 409, "该记录未被防恶意报送规则限制", "no guard holds this listing"
    NOT_A_RELAY = "not_a_relay", 403, "平台只能为自己报送", "a platform files for itself alone"
    RELAY_UNCLEAR = (
        "relay_unclear", 400, "监管部门报送须注明代哪个平台或本部门执法，二者取一",
        "a regulator files on behalf of a platform or of its own enforcement: say one of the two"
    )
    UNKNOWN_PLATFORM = "unknown_platform", 400, "没有该平台", "there is no such platform"
    # disputes
    NOT_DISPUTABLE = (
        "not_disputable", 409, "政府名单条目请向列入机关申请信用修复或异议",
        "an entry of a government list is taken up with the office that made it"
    )
    OWN_LISTING = "own_listing", 409, "自己的报送请直接撤回", "one's own listing is withdrawn, not disputed"
    LISTING_NOT_ACTIVE = "listing_not_active", 409, "该条目已不生效", "the listing does not stand any more"
    DISPUTE_IS_OPEN = (
        "dispute_is_open", 409, "对该条目已有未结的申诉", "a dispute of yours over this listing is open already"
    )
    TOO_MANY_DISPUTES = "too_many_disputes", 409, "对该条目的申诉次数已达上限", "this listing was disputed too often"
    DISPUTE_IS_CLOSED = "dispute_is_closed", 409, "该申诉已结", "the dispute is closed"
    ALREADY_ANSWERED = "already_answered", 409, "该申诉已答复", "the dispute was answered already"
    TOO_MANY_FILES = "too_many_files", 409, "证据文件数量已达上限", "the dispute holds as many files as it may"
    EVIDENCE_NOT_THERE = (
        "evidence_not_there", 409, "该文件尚未收到或未被接受", "the file has not arrived, or was not accepted"
    )
    STORE_UNAVAILABLE = "store_unavailable", 503, "存储暂不可用，请稍后重试", "the store cannot be reached; try again"
    RECORD_FULL = (
        "record_full", 409, "记录已满，无法写入", "the record is full; nothing was written"
    )
    RECORD_UNREADABLE = (
        "record_unreadable", 500, "存储的记录无法读取，已通知运营方",
        "a stored record cannot be read; the operator is told"
    )
    INTERNAL_ERROR = "internal_error", 500, "服务内部错误", "something failed on our side"
    # licence checks: why there is none, or no answer is taken
    VERIFIER_OFF = "verifier_off", 400, "该核验方式未启用", "this way of verifying is not switched on"
    LICENCE_CHECK_OVER = (
        "licence_check_over", 409, "该核验已结束，不再接受应答", "the check is over and takes nothing more"
    )
    NO_WALLET_ASKED = (
        "no_wallet_asked", 409, "该核验由人工审核，不接受钱包应答", "this check is read by people; no wallet was asked"
    )
    NOTHING_TO_REVIEW = "nothing_to_review", 409, "该核验不由人工审核", "this check is not read by people"
    NOTHING_UPLOADED = "nothing_uploaded", 409, "尚未上传执照文件", "no licence was uploaded yet"
    NO_PICTURE = "no_picture", 409, "上传的文件不是 PDF、JPEG 或 PNG", "what was uploaded is no PDF, JPEG or PNG"
    REVIEWED_ALREADY = "reviewed_already", 409, "同一参与方只能审核一次", "the same participant reviews once only"
    # licence checks: who must be asked does not answer
    NOT_READY = "not_ready", 503, "系统尚未就绪", "the exchange cannot reach what it works with"
    TRUST_MISSING = "trust_missing", 503, "尚未配置受信任的签发机构", "no trusted issuer has been set up"
    REVOCATION_LIST_MISSING = (
        "revocation_list_missing", 503, "缺少有效的证书吊销列表", "there is no revocation list that is still good"
    )
    NATIONAL_UNREACHABLE = (
        "national_unreachable", 503, "国家电子营业执照系统无应答", "the national system does not answer"
    )
    NATIONAL_UNREADABLE = (
        "national_unreadable", 503, "国家电子营业执照系统应答无法识别", "the national system's answer cannot be read"
    )
    # queues and their dead letters
    QUEUES_UNAVAILABLE = (
        "queues_unavailable", 503, "队列服务暂无应答，请稍后重试", "the queues do not answer; try again in a moment"
    )
    NOT_REDRIVABLE = (
        "not_redrivable", 409, "该队列的死信不能重投：请按说明处理后删除",
        "dead letters of this queue have no queue to be sent to again; see to what they name, then discard them"
    )
    # subscriptions and notices
    ACCOUNT_MISSING = (
        "account_missing", 400, "运营方尚未登记贵方的 AWS 账号",
        "an operator has to name your AWS account before a queue can be subscribed"
    )
    ENDPOINT_REFUSED = "endpoint_refused", 400, "该地址不能订阅", "this endpoint cannot be subscribed"
    SUBSCRIPTION_LIMIT = "subscription_limit", 409, "订阅数量已达上限", "there can be no more subscriptions"
    TEST_REACHES_OTHERS = ("test_reaches_others", 409, "测试会同时送达其他机构对清退通知的订阅，未发送",
        "the test would reach subscriptions of others to closures as well; it was not sent")
    FILTER_TOO_WIDE = "filter_too_wide", 400, "过滤条件的组合过多", "the filter has more combinations than SNS takes"
    TOO_MANY_GAPS = (
        "too_many_gaps", 409, "单条确认的通知过多，请先确认较早的通知",
        "too many single notices; acknowledge the older ones first"
    )
    # display links of licences
    LINK_NO_URL = "link_no_url", 400, "不是网址", "this is no web address"
    LINK_NOT_HTTPS = "link_not_https", 400, "链接未使用 https", "the link does not use https"
    # displays of licences
    LICENCE_NOT_VERIFIED = ("licence_not_verified", 409, "该主体的电子营业执照未经核验或已失效",
        "this merchant's licence is not verified, or no longer")
    DISPLAY_EXISTS = ("display_exists", 409, "该店铺已有内容不同的亮照页面",
        "this shop has a display with other content already")
    DISPLAY_DELETED = "display_deleted", 410, "该亮照页面已撤下", "this display was taken down for good"
    PERSONAL_NUMBER_IN_LINK = ("personal_number_in_link", 400, "链接中含有身份证号或电话号码",
        "the address holds a resident ID or a phone number")
    # files refused whole
    UNREADABLE_FILE = "unreadable_file", 422, "无法识别的文件", "the file is not a table that can be read"
    UNKNOWN_COLUMNS = "unknown_columns", 422, "没有可识别的列名", "none of the columns is known"
    EMPTY_FILE = "empty_file", 422, "文件没有内容", "the file has no rows"
    PROCESSING_FAILED = ("processing_failed", 422, "多次尝试后仍未能处理完毕；请检查内容后重新发送，已处理的行不会重复",
        "it could not be processed after several tries; check it and send it again, no row is doubled")
    TOO_LARGE = "too_large", 413, "内容超过大小限制", "the content is over the size limit"
    # rows rejected
    INVALID_USCC = "invalid_uscc", 400, "统一社会信用代码校验不通过", "the unified social credit code fails its checks"
    DAMAGED_USCC = ("damaged_uscc", 400, "统一社会信用代码被表格软件改成科学计数法，位数已丢失",
        "a spreadsheet turned the credit code into scientific notation and lost its digits")
    # people and the console
    SIGN_IN_NEEDED = "sign_in_needed", 401, "请先登录", "sign in first"
    SIGN_IN_REFUSED = "sign_in_refused", 401, "登录未成功，请重新登录", "the sign-in did not succeed; sign in again"
    NOBODY_HERE = "nobody_here", 401, "该账号尚未由本单位登记", "this account is not one that an organisation has added"
    PROVIDER_UNAVAILABLE = "provider_unavailable", 503, "身份提供方暂无应答", "the identity provider does not answer"
    WRONG_DUTY = "wrong_duty", 403, "您的职责不包括此操作", "this is not among your duties"
    EMAIL_TAKEN = "email_taken", 409, "该邮箱已属于另一位人员", "this e-mail address is another person's"
    NOT_YOUR_PEOPLE = "not_your_people", 403, "无权管理该单位的人员", "its people are not this caller's to administer"
    OWN_ACCESS = "own_access", 409, "不能更改自己的职责或权限", "nobody changes or revokes their own access"
    PERSON_REVOKED = "person_revoked", 409, "该人员的权限已撤销", "this person's access was revoked"
    NOT_YOUR_AUDIT_LOG = "not_your_audit_log", 403, "无权查看该单位的审计日志", "this audit log is another's"
    SECOND_PERSON_NEEDED = "second_person_needed", 403, "须由另一位人员复核", "another person has to decide this"
    DECISION_OVER = "decision_over", 409, "该事项已有决定或已过期", "this was decided already, or its time is over"
    TOO_MANY_PEOPLE = "too_many_people", 409, "人员数量已达上限", "there are as many people as there may be"
    # fmt: on
