"""The names under which columns are seen, per canonical field; data for `match_headers.py`.

Sources: the register's own abbreviations (GSXT), the 双公示 standard of administrative penalties, provincial
open data, commercial mirrors of the register, exports of platforms. The canonical field itself is always a
name. Within a field the first names are the surest: where two columns name one field, the earlier word leads.
"""

from chalicelib.table_files.rules.list_header_synonyms import LIST_HEADER_SYNONYMS
from chalicelib.table_files.rules.shop_header_synonyms import SHOP_HEADER_SYNONYMS

HEADER_SYNONYMS: dict[str, str] = {
    "uscc": ""
    "统一社会信用代码|统一社会信用代码证号|统一社会信用代码号|统一社会信用代码18位|18位统一社会信用代码"
    "|社会信用代码|统一信用代码|统一代码|统一社会信用码|统一社会信用编码|统一社会信用号"
    "|统一社会信用代码证|信用代码|社会统一信用代码|社会诚信代码|统一码|企业信用代码"
    "|企业统一社会信用代码|主体统一社会信用代码|商户统一社会信用代码|商家统一社会信用代码"
    "|经营者统一社会信用代码|公司统一社会信用代码|单位统一社会信用代码|行政相对人统一社会信用代码"
    "|相对人统一社会信用代码|当事人统一社会信用代码|法人和其他组织统一社会信用代码"
    "|失信主体统一社会信用代码|法人统一社会信用代码|统一社会信用代码uscc|统一社会信用代码税号"
    "|统一社会信用代码纳税人识别号|统一社会信用代码或纳税人识别号|社会信用代码纳税人识别号|xk_xdr_shxym|营业执照号|营业执照号码|营业执照编号"
    "|营业执照代码|执照号|执照号码|执照编号|营业执照统一社会信用代码|证照号码|证照编号|企业证件号"
    "|企业证件号码|主体证件号|税号|企业税号|纳税人识别号|纳税人税号|纳税人识别码|tyshxydm|shxydm|xydm"
    "|tyxydm|uniscid|unisc_id|cf_xdr_shxym|xdr_shxym|creditcode|credit_code|creditno|credit_no|usccode"
    "|uscc_code|usci|uscid|social_credit_code|unified_social_credit_code|unifiedsocialcreditcode"
    "|social_credit_no|tax_id|taxno|tax_no|taxid|taxpayer_id|business_licence_no|business_license_no"
    "|license_no|licence_no|license_number|business_license_number|yyzzh|nsrsbh",
    "uscc_or_regno": "统一社会信用代码/注册号|注册号/统一社会信用代码|统一社会信用代码（注册号）"
    "|注册号（统一社会信用代码）|统一社会信用代码或注册号|注册号或统一社会信用代码"
    "|统一社会信用代码/工商注册号|统一社会信用代码（工商注册号）|统一社会信用代码/营业执照注册号"
    "|信用代码/注册号|注册号/信用代码|统一社会信用代码或营业执照注册号|统一社会信用代码/组织机构代码"
    "|组织机构代码/统一社会信用代码|统一社会信用代码（组织机构代码）|组织机构代码（统一社会信用代码）"
    "|社会信用代码/注册号|社会信用代码（注册号）|注册号（信用代码）|工商注册号/统一社会信用代码"
    "|统一社会信用代码/身份证号|统一社会信用代码/身份证号码|统一社会信用代码（身份证号）"
    "|身份证号/统一社会信用代码|统一社会信用代码或身份证号|证件号码|证件号|证照号|主体代码|主体编码"
    "|企业代码|单位代码|代码|身份证号码/统一社会信用代码|身份证/统一社会信用代码|主体标识码"
    "|credit_code_or_reg_no|identifier|regno_or_uscc|uscc_regno",
    "registration_no": ""
    "注册号|工商注册号|企业注册号|工商登记码|工商登记号|工商注册码|工商注册登记号|营业执照注册号"
    "|登记证号|登记号|注册登记号|15位注册号|工商注册号码|注册号码|zch|gszch|regno|reg_no"
    "|registration_number|registrationno|cf_xdr_gszc|cf_xdr_gsdj|xk_xdr_gszc|xk_xdr_gsdj|company_number|regnumber|reg_number",
    "org_code": ""
    "组织机构代码|机构代码|组织机构代码证号|机构代码证号|组织机构代码证|组织机构码|zzjgdm|orgcode"
    "|orgcodes|org_number|cf_xdr_zzjg|cf_xdr_zzjgdm|cf_xdr_zdm|xk_xdr_zzjg|xk_xdr_zdm|organization_code|organisation_code",
    "id_no": ""
    "身份证号|身份证号码|居民身份证号|居民身份证号码|居民身份证|身份证|身份证件号码|身份证件号|公民身份号码"
    "|公民身份证号|公民身份证号码|身份号码|经营者身份证号|经营者身份证号码|经营者证件号码|经营者证件号"
    "|店主身份证号|店主身份证|店主身份证号码|店主证件号码|店主证件号|卖家身份证号|自然人身份证号"
    "|自然人身份证号码|自然人证件号码|自然人证件号|个人证件号码|证件号码身份证|个人身份证号|行政相对人证件号码"
    "|行政相对人证件号|相对人证件号码|当事人证件号码|当事人身份证号|当事人身份证号码|居住证号|居住证号码"
    "|港澳台居民居住证号|港澳台居民居住证号码|cerno|cer_no|cert_no|certno|id_card|idcard|id_card_no|idcardno"
    "|id_number|idnumber|resident_id|sfzh|sfzhm|cf_sfz|cf_xdr_sfz|cf_xdr_zjhm|xk_xdr_sfz|xk_xdr_zjhm|zjhm|identity_no|person_id",
    "id_type": ""
    "证件类型|证件种类|证件类别|身份证件类型|身份证件种类|自然人证件类型|行政相对人证件类型|相对人证件类型"
    "|当事人证件类型|经营者证件类型|店主证件类型|cf_xdr_zjlx|xk_xdr_zjlx|zjlx|idtype|id_kind|cert_type|certtype|certificate_type"
    "|document_type|card_type|cardtype|cer_type|certype",
    "passport_no": "护照号|护照号码|护照编号|护照|passport|passport_number|passportno|passportnumber",
    "hk_macau_permit_no": "港澳通行证|港澳通行证号|港澳通行证号码|港澳居民来往内地通行证|港澳居民来往内地通行证号"
    "|港澳居民来往内地通行证号码|回乡证|回乡证号|回乡证号码|hk_macau_permit",
    "taiwan_permit_no": "台胞证|台胞证号|台胞证号码|台湾居民来往大陆通行证|台湾居民来往大陆通行证号"
    "|台湾居民来往大陆通行证号码|台湾通行证号|taiwan_permit",
    "foreign_permit_no": "外国人永久居留身份证|外国人永久居留身份证号|外国人永久居留身份证号码|外国人永久居留证"
    "|外国人永久居留证号|外国人永久居留证号码|foreign_permanent_residence|foreign_permit",
    "representative_id_no": ""
    "法定代表人证件号码|法定代表人证件号|法定代表人身份证号|法定代表人身份证号码|法定代表人居民身份证号"
    "|法定代表人（负责人）证件号码|法定代表人（负责人）身份证号|法人身份证|法人身份证号|法人身份证号码|法人证件号码"
    "|法人证件号|负责人身份证号|负责人身份证号码|负责人证件号码|法人代表身份证号|cf_fr_sfzh|cf_fr_zjhm|xk_fr_zjhm"
    "|legal_representative_id_no|legal_person_id",
    "representative_id_type": ""
    "法定代表人证件类型|法定代表人（负责人）证件类型|法人证件类型|负责人证件类型|法人代表证件类型|cf_fr_zjlx|xk_fr_zjlx",
    "name": ""
    "企业名称|主体名称|经营主体名称|市场主体名称|商事主体名称|公司名称|单位名称|企业名称（字号名称）"
    "|企业全称|公司全称|单位全称|工商名称|营业执照名称|执照名称|登记名称|商户主体|主体全称|经营者名称"
    "|法人名称|法人单位|企业|公司|公司名|企业名|主体|商户名称|商户名|商家名称|商户全称|商家主体名称"
    "|店铺主体|店铺主体名称|入驻主体|入驻主体名称|入驻企业名称|入驻公司|开店主体|开店主体名称|资质主体"
    "|资质主体名称|运营主体|所属公司|所属企业|字号名称|企业（机构）名称|企业（个人）名称|当事人名称"
    "|当事人|当事人姓名|当事人姓名或名称|行政相对人名称|行政相对人|相对人名称"
    "|违法企业名称或违法自然人姓名|企业名称或自然人姓名|企业名称或者自然人姓名|单位名称或自然人姓名|法人名称或自然人姓名"
    "|行政相对人名称或姓名|当事人名称或姓名|违法企业名称|违法主体名称|违法当事人名称|违法当事人|被处罚单位"
    "|被处罚单位名称|被处罚人|被处罚人名称|被处罚企业名称|被处罚当事人|处罚对象|失信主体名称"
    "|失信企业名称|失信主体|失信被执行人名称|纳税人名称|机构名称|开票抬头|发票抬头|名称|店铺公司名称"
    "|供应商名称|供应商|清退商户名称|清退商户|清退企业|清退主体|被清退商户|被清退主体|被清退企业"
    "|清退主体名称|清退企业名称|entname|ent_name|company_name|companyname|company|legal_name|legalname"
    "|merchant_name|merchantname|merchant|corp_name|corpname|corporation|enterprise_name|enterprise"
    "|entity_name|business_name|firm_name|org_name|traname|supplier_name|qymc|jgmc|dwmc|gsmc|shmc|ztmc"
    "|frmc|cf_xdr_mc|xk_xdr_mc|xk_xdr|cf_xdr|cf_xdr_mc行政相对人名称|xdr_mc|nsrmc|自然人姓名|个人姓名|真实姓名|卖家姓名|姓名",
    "former_name": ""
    "曾用名|曾用名称|历史名称|变更前名称|原名称|原企业名称|曾用企业名称|former_names|old_name"
    "|previous_name|history_names|historynames|cym",
    "short_name": "简称|字号|品牌|企业简称|公司简称|企业字号|品牌名称|brand|abbreviation",
    "shop_name": ""
    "店铺名称|店铺名|网店名称|网店名|网店|店铺|店名|网站（网店）名称|网站网店名称|网站名称|网铺名称"
    "|账户名称|账号名称|店铺昵称|卖家昵称|商铺名称|商铺名|门店名称|门店|店铺全称|店铺账号名称|旺旺名"
    "|旺旺|卖家名称|直播间名称|主播昵称|小店名称|微店名称|store_name|storename|store|shop|shopname"
    "|seller_name|sellername|seller_nick|nick|dpmc|wdmc|websitname|websitename",
    "shop_id": ""
    "店铺id|店铺编号|店铺编码|店铺代码|店铺号|店铺账号|商家id|商户id|商家编号|商户编号|商家编码|商户号"
    "|商户编码|卖家id|卖家编号|店铺唯一标识|门店id|门店编号|网店id|小店id|微店id|账号id|账户id|商家账号"
    "|商户账号|卖家账号|供应商编号|vender_id|venderid|vendor_id|vendorid|seller_id|sellerid|shopid"
    "|store_id|storeid|mall_id|mallid|merchant_id|merchantid|merchant_no|account_id",
    "shop_url": ""
    "店铺链接|店铺网址|网址链接|网址|链接|店铺url|店铺地址链接|网店链接|网店网址|网站（网店）网址"
    "|网站网址|网站地址|网店首页|店铺首页|店铺主页|店铺主页链接|首页网址|首页链接|主页链接|url|link"
    "|shop_link|store_url|storeurl|shopurl|website|homepage|web_url|websiteurl|websit|domain|域名|dpwz",
    "shop_address": "店铺地址|网店地址|店铺网络地址|网络经营地址|网络经营场所|网络地址|网店（网站）地址",
    "platform": ""
    "平台|平台名称|所属平台名称|所属平台|报送平台|报送平台名称|来源平台|入驻平台|电商平台|平台企业"
    "|platform_name|source_platform|平台公司",
    "entity_type": ""
    "企业类型|主体类型|市场主体类型|经营主体类型|商户类型|商家类型|企业性质|组织形式|组成形式"
    "|行政相对人类别|相对人类别|当事人类别|当事人类型|行政相对人类型|处罚对象类型|处罚对象类别|类型|企业类型大类（中文）|企业类型（中文）|enttype_cn|enttype|ent_type"
    "|entity_kind|cf_xdr_lb|xk_xdr_lb|company_type|econkind|qylx",
    "legal_representative": ""
    "法定代表人|法定代表人姓名|法人代表|法人代表人|法人|法人姓名|法人代表姓名|企业法人|企业法定代表人"
    "|负责人|企业负责人|负责人姓名|主要负责人|经营者|经营者姓名|经营者（负责人）|投资人|投资人姓名"
    "|执行事务合伙人|首席代表|业主|业主姓名|店主|店主姓名|店铺负责人|法定代表人(经营者姓名)"
    "|法定代表人（负责人）|法定代表人/负责人|法定代表人或负责人|法定代表人（经营者）|法定代表人/经营者"
    "|法定代表人（单位负责人）|法定代表人/负责人/经营者|法定代表人（负责人、经营者）"
    "|法定代表人/负责人姓名|法定代表人(负责人)姓名|lerep|lerep_name|frdb|fddbr|fddbrxm|cf_frdb|cf_fr|xk_frdb|xk_fr"
    "|legal_person|legalperson|legalpersonname|legal_person_name|legal_rep|legalrep"
    "|legal_representative_name|opername|oper_name|corporate|frxm|fr|boss_name",
    "phone": ""
    "电话|联系电话|手机|手机号|手机号码|联系方式|联系人电话|联系人手机|电话号码|联系手机|法人手机号"
    "|法人电话|法定代表人电话|法定代表人手机号|经营者电话|负责人电话|店主手机|店主电话|商家电话"
    "|客服电话|固定电话|座机|移动电话|注册手机号|绑定手机号|tel|telephone|phone_number|phoneno|phone_no"
    "|mobile|mobile_no|mobilephone|mobile_phone|cellphone|contact|contact_phone|contact_number|lxdh|sjh"
    "|sjhm|contactphone",
    "bank_account": ""
    "银行账号|银行账户|银行卡号|银行卡|收款账号|收款账户|对公账号|对公账户|开户账号|结算账号|结算账户"
    "|提现账号|提现账户|提现银行卡号|bank_card|bank_account_no|bankaccount|account_no|bank_card_no|yhzh"
    "|yhkh",
    "address": ""
    "住所|注册地址|企业地址|公司地址|企业住所|单位地址|注册住所|登记住所|登记地址|工商注册地址|经营场所"
    "|营业场所|主要经营场所|经营地址|营业地址|实际经营地址|实际地址|通讯地址|联系地址|办公地址|发货地址"
    "|住所（登记、个体户经营场所）|住所（经营场所）|住所/经营场所|住所或经营场所|住址|地址|住所地"
    "|详细地址|dom|oploc|zcdz|zs|qydz|jydz|addr|reg_address|registered_address|regaddress|regaddr"
    "|business_address|company_address|location|reg_location|reglocation",
    "status": ""
    "登记状态|经营状态|企业状态|登记状态（中文）|主体状态|市场主体状态|营业状态|企业经营状态"
    "|存续状态|regstate_cn|regstate|reg_status|regstatus|entstatus|ent_status|openstatus|djzt",
    "registered_by": ""
    "登记机关|注册机关|发证机关|登记机关（中文）|工商登记机关|regorg_cn|regorg|reg_authority|belongorg"
    "|djjg|reginstitute",
    "established_on": ""
    "成立日期|注册日期|成立时间|注册时间|开业日期|estdate|est_date|establish_date"
    "|startdate|estiblishtime|clrq|opfrom",
    "approved_on": ""
    "核准日期|发照日期|核准日期（登记、吊销、注销日期）|核准时间|apprdate|approved_date|approveddate"
    "|checkdate|hzrq",
    "evicted_on": ""
    "清退时间|清退日期|清退生效日期|清退生效时间|清退执行时间|清退处理时间|清退时点|被清退时间"
    "|被清退日期|清退日|关店日期|关店时间|关闭日期|关闭时间|闭店日期|闭店时间|店铺关闭时间|店铺关闭日期"
    "|终止服务日期|终止服务时间|终止合作日期|终止合作时间|终止日期|下线日期|下线时间|清出日期|清出时间"
    "|清理日期|清理时间|封店日期|封店时间|封禁时间|封禁日期|冻结日期|关停日期|关停时间|退出日期"
    "|退出时间|退店日期|退店时间|处理日期|处理时间|处置日期|处置时间|执行日期|执行时间|生效日期"
    "|处罚日期|处罚时间|违规处理时间|违规处罚时间|违规日期|违规时间|evicted_at|evicted|eviction_date"
    "|evictiondate|evicted_date|evict_date|evict_time|evicted_time|closed_on|close_date|closed_at"
    "|close_time|closing_date|removed_date|termination_date|terminated_on|terminate_time|shutdown_date"
    "|ban_date|banned_on|banned_at|punish_date|punish_time|date|日期|时间|qtsj|qtrq|gdrq",
    "reason_text": ""
    "清退原因|清退理由|清退事由|清退缘由|清退依据|清退原因说明|清退说明|被清退原因|关店原因|关店理由"
    "|关闭原因|闭店原因|封店原因|封禁原因|退店原因|下线原因|终止原因|终止服务原因|处理原因|处置原因"
    "|处理事由|处置事由|违规原因|违规事由|违规类型|违规类别|违规行为|违规内容|违规说明|违规详情"
    "|违规情形|违规事实|违法类型|违法违规类型|违法违规行为|违法违规原因|违法违规情形|违法违规事实"
    "|违法行为|违法行为类型|严重违法行为|违法原因|违法事由|处罚原因|处罚事由|处罚理由|主要违法事实"
    "|违法事实|案由|事由|原因|理由|清退类型|清退原因类型|清退原因分类|清退原因描述|reason"
    "|reason_desc|reason_description|eviction_reason|evict_reason"
    "|evictionreason|violation|violation_type|violationtype|violation_reason|violations|close_reason"
    "|closing_reason|punish_reason|ban_reason|cf_wfxw|cf_sy|illegacttype|illegal_act_type|cause|why"
    "|qtyy|wgyy|wglx",
    "reasons": "原因代码|原因编码|清退原因代码|清退原因编码|违规代码|违规类型代码|reason_codes"
    "|reason_code|reasoncode|codes",
    "measure": ""
    "处理措施|处置措施|处罚措施|处理方式|处置方式|处理结果|处置结果|处理决定|处罚结果|处罚内容|行政处罚内容|行政处罚结果|处罚决定内容|处罚结果及内容"
    "|行政处罚决定内容|行政处罚决定|处罚决定|清退措施"
    "|清退方式|清退范围|采取措施|管控措施|措施|measures|action|action_taken|punishment|penalty"
    "|treatment|sanction|cf_nr|cf_jg|pencontent|cfnr|cfjg|clcs|penalize_content|punish_content|punishcontent|punish_result",
    "evidence_level": "证据等级|证据级别|证据层级|证据强度|证据类型等级|evidence|evidencelevel|evidence_grade",
    "document_no": ""
    "行政处罚决定书文号|处罚决定书文号|行政处罚决定文书号|行政处罚文号|处罚文号|行政处罚决定书编号"
    "|处罚决定书编号|决定书文号|决定文书号|决定文号|列入文号|列入决定文号|列入决定书文号|文号|文书号"
    "|文书编号|案号|案件编号|处罚书文号|doc_no|docno|document_number|decision_no|decision_number"
    "|penalty_no|pendecno|dedocnum|cf_wsh|cf_wswh|punishnumber|jdswh|wsh",
    "notice_url": ""
    "公示链接|公示网址|公告链接|公告网址|公示地址|清退公示链接|清退公告链接|清退公告|公示页面"
    "|处罚公示链接|公示url|noticeurl|notice_link|notice|announcement_url|publicity_url"
    "|public_notice_url",
    "expires_on": ""
    "有效期至|有效期截止|有效期|失效日期|失效时间|到期日期|到期时间|到期日|限制期限|限制截止日期"
    "|限制到期日|限制入驻截止日期|限制期限至|禁入期限|清退期限|清退到期日|封禁截止日期|解封日期"
    "|解除日期|expires|expires_at|expire_date|expiry|expiry_date|expiration_date|valid_until|valid_to"
    "|end_date|cf_yxq",
    "listed_on": ""
    "列入日期|列入时间|标记日期|标记时间|设定日期|设定时间|设立日期（信用中国异常名录）|设立日期（异常名录）"
    "|列入经营异常名录日期|列入异常名录日期|列入异常日期|列入严重违法失信名单日期"
    "|列入严重违法失信企业名单日期|列入严重违法日期|列入名单日期|列异日期|列严日期|认定日期|认定时间"
    "|纳入日期|纳入时间|列入决定日期|abntime|listed_at|listing_date|list_date|indate|in_date|put_date"
    "|putdate|add_date|adddate|lrrq|lrsj|bjrq",
    "listed_reason": ""
    "列入原因|列入经营异常名录原因|列入经营异常名录原因（类型名称）|列入经营异常名录原因类型名称"
    "|列入经营异常名录原因类型|列入异常名录原因|列入经营异常原因|列入严重违法失信企业名单（黑名单）原因"
    "|列入严重违法失信企业名单原因|列入严重违法失信名单原因|列入严重违法原因|列入原因（中文）|列入事由"
    "|列入理由|标记经营异常状态原因|标记原因|标记异常原因|纳入理由|纳入原因|认定事由|认定依据|列异原因"
    "|列严原因|失信行为|失信事由|严重违法失信行为|specause_cn|serillrea_cn|listing_reason|list_reason"
    "|inreason|in_reason|put_reason|putreason|addreason|add_reason|lryy|列入严重违法失信企业名单类型",
    "listed_reason_code": "列入原因代码|列入原因编码|列入经营异常名录原因类型代码|specause|serillrea|reason_type_code",
    "listed_by": "作出决定机关(列入)|作出列入决定机关|作出决定机关（列入机关）|列入决定机关|列入机关"
    "|列入决定机关名称|列入机关名称|决定机关|作出决定机关|作出决定机关名称|决定机关（列入）"
    "|作出列入决定机关名称|认定机关|认定单位|认定部门|标记机关|作出标记决定机关|列入部门|decorg_cn"
    "|decorg|inorgan|in_department|in_organ|put_department|putdepartment|lrjg|listing_authority"
    "|penauth_cn|penauth|cf_cfjg|cf_xzjg|处罚机关|作出处罚机关|处罚单位|处罚部门|处罚机构|作出处罚决定的部门"
    "|作出处罚决定部门|作出处罚决定的机关|作出处罚决定机关|作出行政处罚决定机关|作出行政处罚决定机关名称|行政处罚机关"
    "|处罚决定机关|处罚机关名称|执法机关|执法部门|决定机关名称|decisionoffice|decision_office|officename|office_name"
    "|departmentname|department_name|punish_department|punishdepartment|penalty_authority",
    "removed_on": "移出日期|移出时间|恢复日期|恢复时间|恢复正常记载日期|移出经营异常名录日期"
    "|移出严重违法失信企业名单日期|移出异常名录日期|移除日期|移除时间|退出名单日期|remdate|rem_date"
    "|removed_at|remove_date|removedate|outdate|out_date|ycrq|ycsj|hfrq",
    "removed_reason": ""
    "移出原因|移出经营异常名录原因|移出严重违法失信企业名单（黑名单）原因|移出严重违法失信企业名单原因"
    "|移出理由|移出事由|移出异常名录原因|恢复正常记载状态原因|恢复原因|移出经营异常名录原因（类型名称）"
    "|移除原因|remexcpres_cn|remexcpres|remove_reason|removereason|romovereason|romove_reason|outreason|out_reason|ycyy"
    "|remcause_cn",
    "removed_by": ""
    "作出决定机关(移出)|作出移出决定机关|移出机关|移出决定机关|移出决定机关名称|移出机关名称|恢复机关"
    "|作出恢复决定机关|redecorg_cn|redecorg|recorg_cn|recorg|outorgan|out_organ|out_department"
    "|remove_department|removedepartment|removedecisionoffice|ycjg",
    "decided_on": ""
    "处罚决定日期|行政处罚决定日期|作出处罚的日期|作出行政处罚的日期|作出行政处罚日期|作出处罚日期|作出处罚决定的日期"
    "|作出行政处罚决定的日期|行政处罚日期|处罚决定书作出日期|作出行政处罚决定日期|作出处罚决定日期|处罚决定书日期"
    "|决定日期|决定时间|作出决定日期|处罚决定时间|cf_jdrq|pendecissdate|decision_date|decisiondate|penalty_date|penaltydate|penalize_date|jdrq",
    "publish_until": ""
    "公示截止期|公示截止日期|公示截止时间|公示到期日|公示期限|公示期至|处罚截止期|停止公示日期"
    "|公示结束日期|公示期|公示有效期|公示终止日期|cf_gsjzq|publish_end|publication_end",
    "published_on": ""
    "公示日期|公示时间|公告日期|公告时间|发布日期|发布时间|publicdate|publish_date|publishdate|published_at|cf_gsrq",
    "updated_at": ""
    "数据更新时间戳|最新更新日期|更新时间|更新日期|数据更新时间|最后更新时间|修改时间|时间戳"
    "|last_updated|update_time|updatetime|s_ext_timestamp|cf_sjc|sjc|xk_sjc|数据更新时间戳时间|gxsj|lately_modify_time",
    "op": ""
    "数据记录的增删改标志|增删改|增删改标记|操作|变更类型|变更标志|增删改标志|操作类型|操作标志|数据操作类型|数据状态标识|交换开关|operation"
    "|op_type|change_type|czlx",
    "source_id": ""
    "严重违法失信企业名单id|经营异常名录id|异常名录id|严重违法失信名单id|名单id|记录id|数据id|主键"
    "|illid|busexclist|recordid|record_id|row_id|uuid|data_id|id",
    "predecessor": "原统一社会信用代码|转型前统一社会信用代码|个转企前统一社会信用代码|原个体工商户统一社会信用代码"
    "|转企前统一社会信用代码|former_uscc|predecessor_uscc|old_uniscid",
    "renamed_on": "名称变更日期|更名日期|变更日期|名称变更时间|altdate|rename_date|renamed_at",
    "pripid": "主体身份代码|主体身份代码pripid|pri_pid|ztsfdm",
    **LIST_HEADER_SYNONYMS,
    **SHOP_HEADER_SYNONYMS,
}
