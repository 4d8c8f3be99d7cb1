"""Columns of real government lists that say nothing which an entry needs: named here, they are not told as unknown.

By their source: the publication standards (双公示) of penalties and licences of 2015 and 2019, the register's lists
(GSXT), 信用中国, commercial mirrors. Among them are codes of offices, which must never be read as a company's.
"""

import re
from typing import Final

from chalicelib.table_files.rules.match_headers import field_of, squeeze, without_brackets

UNNEEDED: Final = {
    "every table": ""
    "序号|编号|行号|no|num|index|xh|备注|备注1|备注说明|说明|附注|bz|remark|remarks|memo|note|附件|附件名称"
    "|操作人|录入人|录入时间|创建时间|创建人|create_time|createtime|created_at|ctime|rksj|入库时间|collecttime"
    "|采集时间|providetime|报送时间|上报时间|报送日期|推送时间|sign|checksum|finger_print|备用字段|备用1|备用2"
    "|备用3",
    "publication standard 2015": ""
    "处罚依据|行政处罚依据|cf_yj|地方编码|dfbm|cf_areacode|area_code|行政区划|行政区划代码|信息使用范围|使用范围"
    "|数据使用范围|税务登记号|行政相对人税务登记号|cf_xdr_swdj|xk_xdr_swdj|处罚期限|cf_qx|cf_xzbm|行政编码"
    "|地区编码|所属地区",
    "publication standard 2019": ""
    "处罚有效期|处罚有效期（截止日期）|处罚机关统一社会信用代码|处罚机关代码|cf_cfjgdm|数据来源单位|数据来源"
    "|数据来源单位统一社会信用代码|数据来源单位代码|来源单位|cf_sjly|cf_sjlydm|事业单位证书号|cf_xdr_sydw"
    "|社会组织登记证号|cf_xdr_shzz|违法依据|违反的法律法规|违反法律法规|适用法律|自由裁量|裁量依据|处罚履行情况"
    "|履行情况|履行状态|履行方式|缴款期限|执行情况",
    "licences 2015 and 2019": ""
    "项目名称|审批类别|许可内容|许可类别|许可决定日期|许可截止期|许可机关|行政许可决定书文号|行政许可决定文书号"
    "|行政许可决定文书名称|许可证书名称|许可编号|有效期自|许可机关统一社会信用代码|许可机关代码|xk_wsh|xk_xmmc"
    "|xk_splb|xk_nr|xk_jdrq|xk_jzq|xk_xzjg|xk_xkws|xk_xklb|xk_xkzs|xk_xkbh|xk_yxqz|xk_yxqzi|xk_xkjg|xk_xkjgdm"
    "|xk_lydw|xk_lydwdm|xk_xdr_sydw|xk_xdr_shzz",
    "register": ""
    "移出文号|移出决定文号|列入类别|名单类别|失信类别|类别|类型名称|所属地市|所属区县|所属省份|所在地|省份|地市"
    "|区县|city|province|district|county|area|areaname|regcap|注册资本|注册资本（万元）|注册资金|实缴资本|opto"
    "|经营期限自|经营期限至|营业期限自|营业期限至|opscope|经营范围|industryphy|行业门类|所属行业|行业|industry"
    "|domdistrict|nodenum|linkid|visibleremdate|decorg_id|regorg_id|anchdate|公示时间戳|exctypecn|regcapcur"
    "|regcapcur_cn|币种",
    "信用中国 and mirrors": ""
    "数据类别|数据类型|信息类别|data_type|datatype|信息来源|来源|source|url_source|详情|查看|关联企业|企业编号"
    "|keyno|key_no|entid|eid|cid|企业id|xgxx_id|bbd_source|bbd_type|logo|人员|person_list|total|operid|hascompany"
    "|旧文号|法律依据|依据|列入依据|事实认定|惩戒措施|惩戒依据|联合惩戒措施|失信程度|信用等级|统计时间",
}  # fmt: skip
_NAMES: Final = frozenset(squeeze(name) for names in UNNEEDED.values() for name in names.split("|"))


def is_unneeded(header: str) -> bool:
    """Whether a header names a column that no entry needs."""
    hanzi = "".join(re.findall("[\u3400-\u9fff]+", without_brackets(header)))
    # 行政相对人代码_4(税务登记号): what is meant stands in the brackets.
    meant = [squeeze(text) for text in re.findall(r"[(（\[【]([^)）\]】]+)", header)]
    plain = squeeze(header)
    return not _NAMES.isdisjoint((plain, plain.rstrip("0123456789"), squeeze(without_brackets(header)), hanzi, *meant))


def unknown_headers(unread: tuple[str, ...]) -> list[str]:
    """Those of the headers that a table's reader did not understand which nobody has named as unneeded."""
    return [header for header in unread if header.strip() and not field_of(header) and not is_unneeded(header)]
