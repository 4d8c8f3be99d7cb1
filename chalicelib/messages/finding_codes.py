"""The codes of findings: why a row was rejected, what was remarked on it, what a check came to."""

from chalicelib.messages.codes import Code


class FindingCode(Code):
    """The one declaration of a finding: its code and its sentences. New ones may be added."""

    def __new__(cls, code: str, zh: str = "", en: str = "") -> "FindingCode":
        """A code is its own text."""
        made = str.__new__(cls, code)
        made._value_ = code
        made.status, made.zh, made.en = 0, zh, en
        return made

    # fmt: off
    # requests
    STATEMENT_MALFORMED = (
        "statement_malformed", "不是本系统格式的声明", "this is no statement in the form that is given here"
    )
    STATEMENT_UNKNOWN_KEY = (
        "statement_unknown_key", "声明不是由本系统现用密钥签署", "the statement was not signed by a key in use here"
    )
    STATEMENT_BAD_SIGNATURE = (
        "statement_bad_signature", "声明签名无效，内容可能被改动", "its signature is wrong; perhaps it was changed"
    )
    STATEMENT_EXPIRED = "statement_expired", "声明已过期（24 小时）", "the statement is over 24 hours old"
    # lookups
    CANNOT_DECIDE_ALONE = (
        "cannot_decide_alone", "仅凭电话、姓名、地址、账户或链接不能认定主体，请补充信用代码、注册号、证件号或名称",
        "a phone, a person's name, an address, an account or a link does not say who is meant; add a code or a name"
    )
    # disputes
    EVIDENCE_OTHER_TYPE = (
        "evidence_other_type", "文件内容与声明的类型不符", "the file is not of the type that it was said to be"
    )
    # licence checks: why an answer proves nothing
    PRESENTATION_MALFORMED = (
        "presentation_malformed", "应答不是可识别的签名出示", "the answer is not a signed presentation"
    )
    HEADER_NOT_UNDERSTOOD = (
        "header_not_understood", "签名头含有无法处理的关键参数", "the header holds critical parameters not known here"
    )
    ALGORITHM_NOT_ALLOWED = (
        "algorithm_not_allowed", "签名算法不被接受或与证书不符", "the algorithm is not taken, or not the certificate's"
    )
    ISSUER_UNTRUSTED = "issuer_untrusted", "签发机构不受信任", "the certificates do not lead to a trusted issuer"
    CERTIFICATE_EXPIRED = "certificate_expired", "证书不在有效期内", "a certificate is not in force"
    CERTIFICATE_REVOKED = "certificate_revoked", "证书已被吊销", "a certificate was revoked"
    CERTIFICATE_MISUSED = "certificate_misused", "证书用途不符", "a certificate was not made for this"
    SIGNATURE_WRONG = "signature_wrong", "签名校验不通过", "the signature does not hold"
    HOLDER_KEY_MISMATCH = "holder_key_mismatch", "执照不属于出示人的密钥", "the licence is bound to another key"
    WRONG_AUDIENCE = "wrong_audience", "应答不是给该平台的", "the answer was made for somebody else"
    WRONG_NONCE = "wrong_nonce", "应答不是针对本次核验的", "the answer is to another challenge"
    PRESENTATION_REPLAYED = (
        "presentation_replayed", "该出示已用于另一次核验", "this presentation was used for another check"
    )
    PRESENTATION_STALE = "presentation_stale", "出示时间过早", "the presentation is too old"
    PRESENTATION_FROM_FUTURE = (
        "presentation_from_future", "出示时间在未来，请校准时钟", "the presentation is from the future; set the clock"
    )
    LICENCE_EXPIRED = "licence_expired", "电子营业执照不在有效期内", "the electronic licence is not in force"
    OTHER_USCC = "other_uscc", "出示的执照属于另一主体", "the licence shown is another merchant's"
    OTHER_NAME = "other_name", "执照名称与登记或申请名称不符", "the licence bears another name"
    LICENCE_ANNOTATED = "licence_annotated", "电子营业执照已标注吊销", "the licence is annotated as revoked"
    NOT_OPERATING = "not_operating", "登记状态不是在营", "the merchant is not in operation by the register"
    WRONG_HOLDER_ROLE = "wrong_holder_role", "持照人身份不足以办理该事项", "the holder's role does not suffice for this"
    HOLDER_REFUSED = "holder_refused", "持照人拒绝授权", "the holder refused"
    REVIEWS_DISAGREE = "reviews_disagree", "两次人工审核结果不一致", "the two reviews do not say the same"
    LICENCE_NOT_GENUINE = (
        "licence_not_genuine", "人工审核认定执照不真实", "both reviews say that the licence is not genuine"
    )
    # licence checks: remarks
    NAME_UNCONFIRMED = "name_unconfirmed", "登记信息中暂无该名称可比对", "the register holds no name to compare with"
    # subscriptions and notices
    FILTER_HIDES_ENDINGS = (
        "filter_hides_endings", "该过滤条件收不到撤回、移出或到期的通知",
        "this filter hides that listings are withdrawn, removed or expire"
    )
    # display links of licences
    LINK_WRONG_HOST = (
        "link_wrong_host", "链接不是国家亮照系统的域名", "the link does not lead to the national system's host"
    )
    LINK_WRONG_PATH = (
        "link_wrong_path", "链接路径不是亮照验证页", "the link does not lead to the page that shows licences"
    )
    LINK_BAD_SERIAL = "link_bad_serial", "链接的 serial 格式不符", "the serial of the link does not have the known form"
    LINK_TWO_CODES = "link_two_codes", "serial 中两个信用代码不一致", "the two credit codes in the serial differ"
    LINK_OTHER_MERCHANT = "link_other_merchant", "链接属于另一主体", "the link is another merchant's"
    LINK_BAD_TIME = "link_bad_time", "链接时间不合理", "the time in the link cannot be"
    LINK_BAD_SIGNATURE_SHAPE = (
        "link_bad_signature_shape", "签名不是有效的 DER 结构", "the signature does not have the form of one"
    )
    # rows rejected
    MISSING_IDENTITY = (
        "missing_identity", "缺少统一社会信用代码、注册号或名称",
        "no credit code, registration number or name says who this is"
    )
    PERSON_WITHOUT_IDENTIFIER = (
        "person_without_identifier",
        "涉及自然人而缺少可用的证件号码或银行账号（证件号码为空、有误或已遮盖）；企业请填写统一社会信用代码",
        "about a natural person without a document number or bank account that can be read; of a company send its code"
    )
    MISSING_MERCHANT_ID = (
        "missing_merchant_id", "缺少平台自己的商家编号", "the platform's own id of the merchant is missing"
    )
    INVALID_MERCHANT_ID = (
        "invalid_merchant_id", "商家编号过长、已损坏或是居民身份证号",
        "the merchant's id is too long, destroyed, or a resident ID"
    )
    MISSING_OP = (
        "missing_op", "增量名册缺少操作列（增、删、改）", "a patch needs an operation for each row: add, remove, change"
    )
    INVALID_OP = "invalid_op", "操作应为增、删或改", "the operation is none of add, remove, change"
    MISSING_DATE = "missing_date", "缺少清退日期", "the date of eviction is missing"
    INVALID_DATE = "invalid_date", "清退日期无法识别或不存在", "the date of eviction cannot be read or does not exist"
    FUTURE_DATE = "future_date", "清退日期在未来", "the date of eviction lies in the future"
    MISSING_REASON = "missing_reason", "缺少清退原因", "the reason of eviction is missing"
    NOT_A_RECORD = "not_a_record", "不是一条记录", "this row is not a record"
    # rows taken with a warning
    USCC_REPAIRED = (
        "uscc_repaired", "信用代码中的误读字符已更正", "misread characters of the credit code were put right"
    )
    USCC_CHECK_FAILED = (
        "uscc_check_failed", "信用代码校验位不符，按未核实的代码处理，至多须人工核对",
        "the check character of the credit code fails; it counts as unverified, for review at most"
    )
    ORG_CODE_CHECK_FAILED = (
        "org_code_check_failed", "信用代码内的组织机构代码校验不通过",
        "the organisation code inside the credit code fails"
    )
    UNKNOWN_CATEGORY = (
        "unknown_category", "信用代码的机构类别不在标准中", "the standard does not name the category of this code"
    )
    CODES_DISAGREE = "codes_disagree", "同一行有两个不同的信用代码", "two columns give different credit codes"
    REGISTRATION_NO_IN_USCC_COLUMN = (
        "registration_no_in_uscc_column", "信用代码列中是注册号", "the credit code column holds a registration number"
    )
    REGISTRATION_NO_INVALID = (
        "registration_no_invalid", "注册号校验不通过，未采用",
        "the registration number fails its check and was left out"
    )
    ORG_CODE_IN_USCC_COLUMN = (
        "org_code_in_uscc_column", "信用代码列中是组织机构代码", "the credit code column holds an organisation code"
    )
    ORG_CODE_INVALID = (
        "org_code_invalid", "组织机构代码校验不通过，未采用", "the organisation code fails its check and was left out"
    )
    USCC_IN_NAME_COLUMN = "uscc_in_name_column", "名称列中是信用代码", "the name column holds a credit code"
    USCC_IN_REGISTRATION_NO_COLUMN = (
        "uscc_in_registration_no_column", "注册号列中是信用代码", "the registration number column holds a credit code"
    )
    USCC_IN_ORG_CODE_COLUMN = (
        "uscc_in_org_code_column", "组织机构代码列中是信用代码", "the organisation code column holds a credit code"
    )
    RESIDENT_ID_IN_USCC_COLUMN = (
        "resident_id_in_uscc_column", "信用代码列中是居民身份证号，仅保留摘要",
        "a resident ID in place of a code: digest kept"
    )
    RESIDENT_ID_IN_REGISTRATION_NO_COLUMN = (
        "resident_id_in_registration_no_column", "注册号列中是居民身份证号，仅保留摘要",
        "a resident ID in place of a registration number: only its digest is kept"
    )
    PERMIT_IN_USCC_COLUMN = (
        "permit_in_uscc_column", "信用代码列中是通行证或护照号码，仅保留摘要",
        "a permit or passport in place of a code: digest kept"
    )
    RESIDENT_ID_INVALID = (
        "resident_id_invalid", "证件号码校验不通过、已遮盖或无法识别，未采用",
        "the number of the document fails its check, is masked or cannot be read, and was left out"
    )
    PERSON_NAME_REMOVED = (
        "person_name_removed", "文字中的个人姓名已遮盖", "the name of the person in a text was masked"
    )
    RESIDENT_ID_REMOVED = "resident_id_removed", "文字中的居民身份证号已遮盖", "a resident ID in a text was masked"
    IDENTITY_DOCUMENT_REMOVED = (
        "identity_document_removed", "文字中的证件号码已遮盖", "the number of a document in a text was masked"
    )
    PHONE_REMOVED = "phone_removed", "文字中的电话号码已遮盖", "a phone number in a text was masked"
    BANK_ACCOUNT_REMOVED = "bank_account_removed", "文字中的银行卡号已遮盖", "a bank card number in a text was masked"
    MASKED_NUMBER_IGNORED = (
        "masked_number_ignored", "证件号码已被遮盖，未采用", "the number was masked before it was sent and was left out"
    )
    DATE_WITHOUT_DAY = (
        "date_without_day", "日期只有年月，按当月一日计", "the date names a month only; its first day was taken"
    )
    EXPIRY_IGNORED = "expiry_ignored", "有效期无法识别，未采用", "the expiry cannot be read and was left out"
    REMOVED_ON_IGNORED = (
        "removed_on_ignored", "移出日期无法识别，未采用", "the date of removal cannot be read and was left out"
    )
    PUBLISH_UNTIL_IGNORED = (
        "publish_until_ignored", "公示截止期无法识别，未采用", "the end of publication cannot be read and was left out"
    )
    OBJECTION = (
        "objection", "名单注明有异议，至多须人工核对", "its list marks an objection; it comes to review at most"
    )
    OTHER_STATE = (
        "other_state", "名单注明“其他”状态，至多须人工核对",
        "its list marks a state of its own kind; it comes to review at most"
    )
    UNKNOWN_STATE = (
        "unknown_state", "状态列的值无法识别，至多须人工核对",
        "the value of a state column is not understood; it comes to review at most"
    )
    KIND_UNKNOWN = (
        "kind_unknown", "未说明处罚种类，按最短公示期计",
        "nothing says what the penalty imposed; the shortest term counts"
    )
    HIDDEN_ROWS = (
        "hidden_rows", "该行在工作表中被隐藏（如筛选），仍已采用",
        "the row is hidden in its sheet, as by a filter; it was taken all the same"
    )
    EXTRA_CELLS = (
        "extra_cells", "该行内容超出表头各列；文本文件中多为未加引号的分隔符所致，不予采用",
        "the row has cells beyond the columns of the header; in a text its cells are shifted, and it is not taken"
    )
    EVICTION_ENDED = (
        "eviction_ended", "该行注明清退已撤销或解除，不予列入",
        "the row says that the eviction was revoked or lifted; it is not listed"
    )
    NOT_HOSTED = (
        "not_hosted", "该行注明商家已关店、退出或下架，不再监测",
        "the row says that the merchant has left; it is not monitored any more"
    )
    PHONE_IGNORED = "phone_ignored", "电话无法识别，未采用", "no phone number can be read there, and it was left out"
    UNKNOWN_REASON = (
        "unknown_reason", "没有该原因代码（不予采用），或原因文字无法归类（按“其他”处理）",
        "there is no such reason code (the row is not taken), or its words fit none (it counts as other)"
    )
    TOO_MANY_LISTINGS = (
        "too_many_listings", "该来源对同一主体的条目过多或文字过长，该行未采用",
        "this source has too many or too long listings on one merchant; the row was not taken"
    )
    # why a change or a record was set aside
    ITEM_TOO_LARGE = "item_too_large", "记录过大，存储拒绝写入", "the record is too large for the store"
    CHANGE_NOT_SAVED = (
        "change_not_saved", "该项无法写入，已登记待处理", "it cannot be written and was set aside for a person"
    )
    STORED_RECORD_UNREADABLE = (
        "stored_record_unreadable", "已存记录无法读取，已登记待处理",
        "a stored record cannot be read; it was set aside for a person"
    )
    # fmt: on
