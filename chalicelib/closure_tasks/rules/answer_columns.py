"""What a file of answers to tasks may call its columns and its outcomes, in Chinese and English."""

from typing import Final

# The fields of the reader of tables as which it reads such a column: a number, a measure, a text.
TASK_ID, OUTCOME, REASON = "uscc_or_regno", "measure", "reason_text"
COLUMNS: Final = {
    **dict.fromkeys(("task_id", "task", "任务编号", "任务号", "任务id"), TASK_ID),
    **dict.fromkeys(("outcome", "result", "处理结果", "处置结果", "结果", "反馈"), OUTCOME),
    **dict.fromkeys(("reason", "why", "原因", "说明", "理由", "备注", "保留原因"), REASON),
}
_OUTCOME_WORDS: Final = {
    word: outcome
    for outcome, words in {
        "seen": "已阅|已读|已查看",
        "checked": "已核查|已核实",
        "closed": "已清退|已关闭|已关店|关闭",
        "reopened": "已恢复|恢复|已解除",
        "not_present": "未入驻|不存在|无此商户",
        "kept": "保留|继续经营|维持",
    }.items()
    for word in words.split("|")
}


def outcome_of(cell: str) -> str:
    """The outcome that a cell means; a word that is not understood as it is, in lower case."""
    word = cell.strip()
    return _OUTCOME_WORDS.get(word, word.lower())
