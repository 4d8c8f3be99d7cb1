"""The names of columns in which a platform's export says how a shop stands with it; as in `header_synonyms.py`.

Sources: exports of merchant back offices and of the systems that platforms run for their merchants.
"""

SHOP_HEADER_SYNONYMS: dict[str, str] = {
    "shop_state": ""
    "店铺状态|店铺当前状态|店铺经营状态|店铺营业状态|店铺运营状态|门店状态|网店状态|商家状态|商户状态|商家经营状态"
    "|商户经营状态|商家当前状态|商户当前状态|入驻状态|入驻情况|合作状态|签约状态|合同状态|在线状态|上架状态|上下架状态"
    "|账号状态|店铺账号状态|商家账号状态|开店状态|营业情况|shop_status|store_status|merchant_status|seller_status"
    "|account_status|cooperation_status|shopstatus|storestatus|merchantstatus",
    "has_left": ""
    "是否关店|是否已关店|是否闭店|是否退店|是否已退店|是否退驻|是否离店|是否清退|是否已清退|是否退出平台|是否已退出平台"
    "|是否关闭|是否已关闭|has_left|is_closed|isclosed|closed",
    "is_hosted": "是否在营|是否营业|是否在线|是否在驻|是否入驻|是否仍入驻|是否在店|是否经营中|is_hosted|is_open|isopen",
    # 退店日期 and 关店日期 are `evicted_on`.
    "left_on": "退驻日期|退驻时间|离店日期|离店时间|解约日期|left_at",
}
