"""The names of columns that government lists alone have: states of an entry, kinds of a penalty; as in
`header_synonyms.py`.

Sources: the publication standards of administrative penalties and licences (双公示) of 2015 and 2019, exports of 列严
and 列异 from the register (GSXT), 信用中国, provincial portals and commercial mirrors.
"""

LIST_HEADER_SYNONYMS: dict[str, str] = {
    # What a list says of its own entry. On the register's own lists 当前状态 is the company's.
    "entry_state": ""
    "当前状态|数据当前状态|处罚当前状态|处罚状态|处罚决定状态|决定状态|决定书状态|名单状态|信息状态|记录状态"
    "|条目状态|列严状态|列异状态|标记状态|异常状态|公示信息状态|文书状态|案件状态|状态|状态名称|cf_zt|xk_zt|cfzt"
    "|xkzt|punish_status|punishstatus|penalty_status|state|dqzt",
    "is_revoked": ""
    "是否撤销|撤销|撤销状态|是否已撤销|是否被撤销|撤销标志|撤销标识|是否撤消|是否作废|作废标志|is_revoked"
    "|isrevoked|revoked|is_cancelled|sfcx",
    "revoked_on": "撤销日期|撤销时间|撤销决定日期|作出撤销决定日期|处罚撤销日期|revoked_at|revoke_date|cxrq",
    "is_removed": ""
    "是否移出|是否已移出|移出状态|移出标志|移出标识|是否移除|是否已移除|是否恢复|是否恢复正常"
    "|是否恢复正常记载状态|是否退出|是否解除|is_removed|isremoved|is_remove|isremove|isrecovery|is_recovery"
    "|remove_flag|sfyc",
    "is_repaired": ""
    "是否修复|修复状态|是否已修复|是否信用修复|信用修复状态|是否完成修复|是否完成信用修复|信用修复情况|修复情况"
    "|修复标志|修复标识|is_repaired|isrepaired|repaired|repair_status|repairstatus|sfxf",
    "repaired_on": ""
    "修复日期|修复时间|信用修复日期|信用修复时间|修复完成日期|修复完成时间|准予修复日期|修复决定日期|repaired_at"
    "|repair_date|repairdate|xfrq",
    "is_unpublished": ""
    "是否停止公示|是否终止公示|是否撤下|是否撤下公示|是否下架|是否屏蔽|停止公示|is_unpublished|is_hidden",
    "is_over": "是否失效|是否过期|是否到期|是否期满|是否届满|is_expired|isexpired",
    "has_objection": ""
    "异议|是否异议|是否有异议|是否存在异议|异议状态|异议标志|异议标识|异议情况|是否异议中|异议处理状态"
    "|is_disputed|has_objection|objection|sfyy",
    "is_valid": ""
    "是否有效|有效状态|有效标志|有效标识|有效性|是否生效|生效状态|数据有效性|is_valid|isvalid|valid|is_effective"
    "|sfyx",
    "is_listed": "是否列入|是否在列|是否现行|是否仍列入|is_listed|islisted",
    "is_published": "是否公示|是否公开|是否对外公示|是否公布|is_public|is_published|ispublic|sfgs",
    "publication_state": "公示状态|公开状态|公布状态|公示情况|publish_status|publishstatus|publication_status|gszt",
    "listing_state": "列入状态|在列状态|列入标志|list_status|liststatus",
    "record_state": "数据状态|datastate|data_state|data_status|sjzt",
    # 设立日期 is the day of listing in 信用中国's table of 列异, and the company's own on the register.
    "listed_or_established_on": "设立日期|设立时间",
    # What was imposed, beside `measure`.
    "penalty_kind": ""
    "处罚类别|处罚类别1|处罚类别2|处罚类别一|处罚类别二|处罚种类|处罚种类1|处罚种类2|行政处罚种类|行政处罚类别"
    "|处罚类型|行政处罚类型|处罚种类名称|处罚类别名称|行政处罚的种类|行政处罚的种类和依据|处罚的种类和依据"
    "|处罚种类和依据|行政处罚种类和依据|行政处罚的种类及依据|处罚种类及依据|处罚方式|行政处罚方式|cf_cflb"
    "|cf_cflb1|cf_cflb2|cflb|cflb1|cflb2|cf_cfzl|pentype|pentype_cn|pen_type|penalty_type|penaltytype|punish_type"
    "|punishtype|punishment_type|penalty_kind|typesecond|content|penalty_content",
    "penalty_name": ""
    "处罚名称|行政处罚名称|案件名称|处罚案件名称|cf_cfmc|cfmc|case_name|casename|punish_name|punishname",
    "fine": ""
    "罚款金额|罚款金额（万元）|罚款（万元）|罚款额|罚没金额|罚没款金额|罚没金额（万元）|处罚金额|处罚金额（万元）"
    "|罚款数额|罚款金额（元）|罚没金额（元）|cf_nr_fk|penam|pen_am|fine_amount|punish_amount|punishamount",
    "forfeited": ""
    "没收违法所得、没收非法财物的金额（万元）|没收违法所得没收非法财物的金额|没收违法所得、没收非法财物金额"
    "|没收金额|没收金额（万元）|没收违法所得金额|没收违法所得（万元）|cf_nr_wfff|forfam|forf_am|forfeit_amount",
    "withdrawn_papers": ""
    "暂扣或吊销证照名称及编号|暂扣或者吊销证照名称及编号|吊扣证照|吊扣证照名称及编号|暂扣或吊销证照名称"
    "|暂扣或吊销证照|cf_nr_zkdx",
}  # fmt: skip
