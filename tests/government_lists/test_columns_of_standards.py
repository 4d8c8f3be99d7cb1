"""Every column of the publication standards and of real exports has a place, or is named as not needed."""

import pytest

from chalicelib.government_lists.rules.columns.unneeded_columns import UNNEEDED, is_unneeded, unknown_headers
from chalicelib.table_files.rules.match_headers import field_of

TABLES = {
    "penalties 2015": ""
    "行政处罚决定书文号 处罚名称 处罚类别1 处罚类别2 处罚事由 处罚依据 行政相对人名称"
    " 行政相对人代码_1(统一社会信用代码) 行政相对人代码_2(组织机构代码) 行政相对人代码_3(工商登记码)"
    " 行政相对人代码_4(税务登记号) 行政相对人代码_5(居民身份证号) 法定代表人姓名 处罚结果 处罚决定日期"
    " 处罚机关 当前状态 地方编码 数据更新时间戳 备注 公示期限 信息使用范围",
    "penalties 2015, short": ""
    "CF_WSH CF_CFMC CF_CFLB1 CF_CFLB2 CF_SY CF_YJ CF_XDR_MC CF_XDR_SHXYM CF_XDR_ZDM CF_XDR_GSDJ CF_XDR_SWDJ"
    " CF_XDR_SFZ CF_FR CF_JG CF_JDRQ CF_XZJG CF_ZT DFBM SJC BZ",
    "penalties 2019": ""
    "行政相对人名称 行政相对人类别 行政相对人代码_1(统一社会信用代码) 行政相对人代码_2(工商注册号)"
    " 行政相对人代码_3(组织机构代码) 行政相对人代码_4(税务登记号) 行政相对人代码_5(事业单位证书号)"
    " 行政相对人代码_6(社会组织登记证号) 法定代表人 法定代表人证件类型 法定代表人证件号码 证件类型 证件号码"
    " 行政处罚决定书文号 违法行为类型 违法事实 处罚依据 处罚类别 处罚内容 罚款金额（万元）"
    " 没收违法所得、没收非法财物的金额（万元） 暂扣或吊销证照名称及编号 处罚决定日期 处罚有效期 公示截止期"
    " 处罚机关 处罚机关统一社会信用代码 数据来源单位 数据来源单位统一社会信用代码 备注",
    "penalties 2019, short": ""
    "CF_XDR_MC CF_XDR_LB CF_XDR_SHXYM CF_XDR_GSZC CF_XDR_ZZJG CF_XDR_SWDJ CF_XDR_SYDW CF_XDR_SHZZ CF_FRDB"
    " CF_FR_ZJLX CF_FR_ZJHM CF_XDR_ZJLX CF_XDR_ZJHM CF_WSH CF_WFXW CF_SY CF_YJ CF_CFLB CF_NR CF_NR_FK"
    " CF_NR_WFFF CF_NR_ZKDX CF_JDRQ CF_YXQ CF_GSJZQ CF_CFJG CF_CFJGDM CF_SJLY CF_SJLYDM BZ",
    "licences 2015": ""
    "XK_WSH XK_XMMC XK_SPLB XK_NR XK_XDR XK_XDR_SHXYM XK_XDR_ZDM XK_XDR_GSDJ XK_XDR_SWDJ XK_XDR_SFZ XK_FR"
    " XK_JDRQ XK_JZQ XK_XZJG XK_ZT DFBM SJC BZ",
    "licences 2019": ""
    "XK_XDR_MC XK_XDR_LB XK_XDR_SHXYM XK_XDR_GSZC XK_XDR_ZZJG XK_XDR_SWDJ XK_XDR_SYDW XK_XDR_SHZZ XK_FRDB"
    " XK_FR_ZJLX XK_FR_ZJHM XK_XDR_ZJLX XK_XDR_ZJHM XK_XKWS XK_WSH XK_XKLB XK_XKZS XK_XKBH XK_NR XK_JDRQ"
    " XK_YXQZ XK_YXQZI XK_XKJG XK_XKJGDM XK_ZT XK_LYDW XK_LYDWDM BZ",
    "abnormal, register": ""
    "BUSEXCLIST PRIPID UNISCID REGNO ENTNAME LEREP SPECAUSE SPECAUSE_CN ABNTIME DECORG DECORG_CN REMEXCPRES"
    " REMEXCPRES_CN REMDATE REDECORG REDECORG_CN ISRECOVERY",
    "serious, register": ""
    "ILLID PRIPID UNISCID REGNO ENTNAME SERILLREA SERILLREA_CN ABNTIME DECORG_CN RECORG_CN REMEXCPRES_CN"
    " REMDATE DEDOCNUM",
    "serious, province": ""
    "严重违法失信企业名单id 主体身份代码 统一社会信用代码 营业执照注册号 企业名称 列入原因 列入日期"
    " 作出决定机关(列入) 列入文号 移出原因 移出日期 作出决定机关(移出) 所属地市 所属区县 是否移出 数据状态"
    " 数据记录的增删改标志",
    "abnormal, 信用中国": ""
    "数据来源 企业名称 注册号 统一社会信用代码 法定代表人 列入经营异常名录原因类型名称 设立日期"
    " 列入决定机关名称 最新更新日期",
    "penalties, portal": ""
    "案件名称 行政处罚决定书文号 企业名称或自然人姓名 统一社会信用代码 法定代表人 行政处罚的种类和依据"
    " 作出处罚决定的部门 做出处罚的日期 主要违法事实",
    "penalties, mirrors": ""
    "PENDECNO ILLEGACTTYPE PENCONTENT PENAUTH_CN PENDECISSDATE PUBLICDATE PENTYPE_CN PENAM FORFAM DocNo"
    " PenaltyType OfficeName Content PenaltyDate Remark OperName",
    "abnormal, mirrors": ""
    "AddReason AddDate RomoveReason RemoveDate DecisionOffice RemoveDecisionOffice putReason putDate"
    " putDepartment removeReason removeDate removeDepartment inReason inDate inOrgan outReason outDate"
    " outOrgan",
}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_place_or_is_not_needed(table: str) -> None:
    headers = tuple(TABLES[table].split())
    assert unknown_headers(headers) == []


def test_codes_of_offices_are_nobodys() -> None:
    offices = ("CF_CFJGDM", "CF_SJLYDM", "处罚机关统一社会信用代码", "数据来源单位统一社会信用代码", "XK_XKJGDM")
    assert {header: field_of(header) for header in offices} == dict.fromkeys(offices, "")


def test_what_is_not_needed_is_read_by_nothing() -> None:
    names = [name for text in UNNEEDED.values() for name in text.split("|")]
    assert {name: field_of(name) for name in names if field_of(name)} == {}


def test_an_unknown_column_is_told() -> None:
    assert unknown_headers(("企业名称", "备注", "来历", "CF_YJ处罚依据", "")) == ["来历"]
    assert not is_unneeded("列入日其")
