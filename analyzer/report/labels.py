"""The words of the reports in Chinese and English; closed vocabularies only, never foreign text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]

_OUTCOMES: Final = {
    "violated": ("violated", "违反"),
    "suspected": ("suspected", "涉嫌违反"),
    "not_observed": ("not observed", "未观察到"),
    "inconclusive": ("inconclusive", "无法得出结论"),
    "not_tested": ("not tested", "未测试"),
    "not_decidable": ("not decidable", "无法判定"),
}
_TIERS: Final = {
    "declared": ("declared", "已声明"),
    "requested": ("requested", "已请求"),
    "attempted": ("attempted", "尝试读取"),
    "accessed": ("accessed", "已读取"),
    "stored": ("stored", "已存储"),
    "transmitted": ("transmitted", "已传输"),
    "transmitted_third_party": ("sent to a third party", "已传输给第三方"),
}
_PHASES: Final = {
    "initial": ("before any choice", "选择之前"),
    "accepted": ("after acceptance", "同意之后"),
    "refused": ("after refusal", "拒绝之后"),
    "withdrawn": ("after withdrawal", "撤回之后"),
    "unknown": ("unknown", "未知"),
}
_PARTIES: Final = {
    "first": ("first party", "第一方"),
    "third": ("third party", "第三方"),
    "unknown": ("party unknown", "归属未知"),
}
_CHANGES: Final = {
    "new": ("new", "新出现"),
    "still_there": ("still there", "仍然存在"),
    "moved": ("moved to another phase", "移至其他阶段"),
    "inconclusive": ("inconclusive", "无法得出结论"),
    "no_longer_testable": ("no longer testable", "无法再测试"),
    "fixed": ("fixed", "已整改"),
    "now_tested": ("now tested", "现已测试"),
    "unchanged": ("unchanged", "无变化"),
}
_SUBJECTS: Final = {
    "rule": ("Rules", "规则"),
    "flow": ("Data types by recipient or SDK", "数据类型与接收方或 SDK"),
    "data_type": ("Data types", "数据类型"),
    "recipient": ("Recipients", "接收方"),
    "sdk": ("SDKs", "SDK"),
    "api": ("APIs read", "读取的接口"),
}
_HEADINGS: Final = {
    "after": ("After", "之后"),
    "analyst": ("Analyst's decision", "分析人员的判断"),
    "analysts": ("Analyst", "分析人员"),
    "app": ("App", "应用"),
    "api": ("API", "接口"),
    "armed": ("hooks armed", "已安装的挂钩"),
    "before": ("Before", "之前"),
    "blind": ("What could not be seen", "未能看到的部分"),
    "captured": ("Captured", "采集时间"),
    "case": ("Case", "案件"),
    "change": ("Change", "变化"),
    "clause": ("Clause", "条款"),
    "consents": ("What the consent manager wrote", "同意管理工具写入的同意状态"),
    "confidence": ("confidence", "可信度"),
    "coverage": ("Coverage", "覆盖范围"),
    "cut": ("Only the first {shown} of {total} rows are shown; the JSON export has all.",
            "仅显示 {total} 行中的前 {shown} 行；JSON 导出包含全部。"),
    "data_type": ("Data type", "数据类型"),
    "device": ("Device", "设备"),
    "digest": ("Evidence digest", "证据摘要"),
    "encodings": ("Encodings", "编码"),
    "evidence": ("Evidence", "证据"),
    "files": ("Files beside the records", "附带文件"),
    "files_left_out": ("Not in this copy, for personal values in them cannot be replaced",
                       "因其中的个人信息无法替换而未纳入本副本的文件"),
    "first": ("First", "首次"),
    "first_hook": ("From the start of a process to its first hook", "从进程启动到首个挂钩就位"),
    "flows": ("Network traffic", "网络流量"),
    "flows_opaque": ("connections not read", "未能读取的连接"),
    "flows_read": ("connections read", "已读取的连接"),
    "gaps": ("Gaps", "缺口"),
    "host": ("Host", "主机"),
    "imported": ("Imported", "导入时间"),
    "instrument": ("Instrument (rule pack)", "法规（规则包）"),
    "instruments": ("Verdicts per instrument", "按法规汇总"),
    "interests": ("Legitimate interest for purposes", "主张合法利益的目的"),
    "interventions": ("Interventions", "干预措施"),
    "kind": ("Kind", "类别"),
    "judged_by": ("Judged by", "判定所用"),
    "recorded_by": ("Recorded by", "记录所用"),
    "method": ("Known by", "识别方式"),
    "none": ("none", "无"),
    "observations": ("Personal data seen", "观察到的个人信息"),
    "operator": ("Operator", "操作人"),
    "outcome": ("Outcome", "结果"),
    "packs": ("Rule packs", "规则包"),
    "phase": ("Phase", "阶段"),
    "phases": ("Phases of consent", "同意阶段"),
    "proven": ("proven", "已触发"),
    "purposes": ("Consent to purposes", "已同意的目的"),
    "read": ("Read", "可读"),
    "reasons": ("Reasons", "原因"),
    "recipient": ("Recipient", "接收方"),
    "recording": ("Recording", "记录"),
    "redacted": (("replaced by names: the same value, the same name; what could not be replaced is withheld; parts of "
                 "fewer than eight characters stay"),
                 "已用代号替换：相同的值使用相同的代号；无法替换的内容已隐去；不足八个字符的片段保留"),
    "redaction": ("Personal values", "个人信息的值"),
    "request": ("Request", "请求"),
    "rule": ("Rule", "规则"),
    "run_id": ("Analysis", "分析编号"),
    "screens_unreadable": ("screens not readable", "无法读取的界面"),
    "sdk": ("SDK", "SDK"),
    "sealed": ("sealed", "已封存"),
    "policy": ("Compared with the privacy policy", "与隐私政策对照"),
    "policy_status": ("Policy", "政策"),
    "sentence": ("Sentence of the policy", "政策原文"),
    "the_app": ("the app itself", "应用自身"),
    "session": ("Session", "会话"),
    "since": ("first", "首次"),
    "size": ("Bytes sent", "发送字节"),
    "source": ("source", "来源"),
    "status": ("Status", "状态"),
    "strongest": ("Strongest evidence", "最强证据"),
    "subject": ("Subject", "对象"),
    "summary": ("Personal data by SDK and recipient", "按 SDK 和接收方汇总的个人信息"),
    "tier": ("Tier", "证据等级"),
    "time": ("Time", "时间"),
    "timeline": ("Timeline", "时间线"),
    "title": ("Privacy analysis", "个人信息收集分析"),
    "tools": ("Tools", "工具"),
    "unsealed": ("not sealed", "未封存"),
    "value": ("Value", "值"),
    "vendors": ("Consent to vendors", "已同意的供应商"),
    "verdicts": ("Verdict per clause", "逐条结论"),
    "what": ("What happened", "事件"),
    "when": ("Recorded", "记录时间"),
    "zero": ("Times count from", "时间零点"),
    "wording": ("Wording", "文本"),
    "why": ("Why", "原因"),
    "asked": ("Asked for", "已申请"),
    "background": ("In the background", "后台"),
    "silent": ("Closed or screen off", "静默"),
    "curve": ("Curve", "曲线"),
    "declared": ("Declared", "已声明"),
    "frequency": ("How often data was read", "读取频率"),
    "frequency_limit": ("Bold: at least {limit} reads within {seconds} s, the figure of the profile; no law sets one.",
                        "粗体：{seconds} 秒内至少读取 {limit} 次（所用配置的数值，法律未规定）。"),
    "most": ("Most in one window", "窗口内最多"),
    "no": ("no", "否"),
    "not_used": ("no use seen", "未见使用"),
    "not_watched": ("not watched", "未监测"),
    "permission": ("Permission", "权限"),
    "permissions": ("Permissions and their use", "权限及其使用"),
    "reads": ("Reads", "读取次数"),
    "use": ("Use", "使用"),
    "used": ("used", "已使用"),
    "yes": ("yes", "是"),
}  # fmt: skip
_CLAIMS: Final[Mapping[str, tuple[str, str]]] = {
    "declared": ("declared", "已声明"),
    "broadly": ("only by a broad term", "仅概括声明"),
    "undeclared": ("not declared", "未声明"),
    "denied": ("denied by the policy", "与政策相反"),
}
_COUNTED: Final[Mapping[str, tuple[str, str, str]]] = {
    "armed": ("{} hook armed", "{} hooks armed", "已安装 {} 个挂钩"),
    "event": ("{} event", "{} events", "{} 次调用"),
    "evidence": ("{} piece of evidence", "{} pieces of evidence", "{} 项证据"),
    "flow": ("{} flow", "{} flows", "{} 条流量"),
    "flows_opaque": ("{} connection not read", "{} connections not read", "{} 个连接未能读取"),
    "flows_read": ("{} connection read", "{} connections read", "已读取 {} 个连接"),
    "flows_tapped": (
        "{} connection passed through and read inside the app",
        "{} connections passed through and read inside the app",
        "{} 个连接放行后在应用内读取",
    ),
    "gap": ("{} gap", "{} gaps", "{} 个缺口"),
    "more_evidence": ("{} more piece of evidence", "{} more pieces of evidence", "另有 {} 项证据"),
    "more_hosts": ("{} more host", "{} more hosts", "另有 {} 个主机"),
    "more_gaps": ("… {} more gap", "… {} more gaps", "… 另有 {} 个缺口"),
    "proven": ("{} proven", "{} proven", "{} 个已触发"),
    "screens_unreadable": ("{} screen not readable", "{} screens not readable", "{} 个界面无法读取"),
}
_LIVE: Final[Mapping[str, tuple[str, str]]] = {
    "event": ("event", "调用"),
    "events": ("events", "调用"),
    "flow": ("flow", "流量"),
    "flows": ("flows", "流量"),
    "gap": ("gap", "缺口"),
    "gaps": ("gaps", "缺口"),
    "more": ("… {} more", "… 另有 {} 条"),
    "phase": ("phase", "阶段"),
    "preview": ("; data types are a preview, the result decides", "；数据类型仅为预览，以结果为准"),
    "read_by": ("read by (preview)", "读取方（预览）"),
    "repeats": ("; {} repeated within a phase not listed", "；同一阶段内重复的 {} 次未列出"),
    "sent_to": ("sent to (preview)", "发送至（预览）"),
    "sum": ("{} noted while recording", "记录期间共有 {}"),
}
_COLUMNS: Final = {
    "data type": ("data type", "数据类型"),
    "hook": ("hook", "挂钩"),
    "target": ("target", "目标"),
    "kind": ("kind", "种类"),
    "API levels": ("API levels", "API 级别"),
    "pack": ("pack", "规则包"),
    "version": ("version", "版本"),
    "rules": ("rules", "规则数"),
    "conditions": ("conditions", "有判定条件"),
    "judges": ("judges", "参与判定"),
    "title": ("title", "名称"),
    "serial": ("serial", "序列号"),
    "model": ("model", "型号"),
    "state": ("state", "状态"),
    "session": ("session", "会话"),
    "app": ("app", "应用"),
    "device": ("device", "设备"),
    "recordings": ("recordings", "录制数"),
    "sealed": ("sealed", "已封存"),
    "violated": ("violated", "违反"),
    "What": ("What", "内容"),
    "Name": ("Name", "名称"),
    "Outcome": ("Outcome", "结果"),
    "Why": ("Why", "原因"),
    "java bridge": ("java bridge", "Java 桥"),
    "lab jars": ("lab jars", "实验设备 jar"),
    "font": ("font", "字体"),
    "ports": ("ports", "端口"),
    "workspace": ("workspace", "工作区"),
    "disk": ("disk", "磁盘"),
}
"""Heads of columns, and what a check is of."""
_TABLES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "outcome": _OUTCOMES,
    "tier": _TIERS,
    "phase": _PHASES,
    "party": _PARTIES,
    "claim": _CLAIMS,
    "heading": _HEADINGS,
    "change": _CHANGES,
    "subject": _SUBJECTS,
    "live": _LIVE,
    "column": _COLUMNS,
}


Table: TypeAlias = Literal[
    "outcome", "tier", "phase", "party", "claim", "heading", "change", "subject", "live", "column"
]


def label(table: Table, word: str, language: Language = "en") -> str:
    """Give the reader's word for a vocabulary word or heading; raises `KeyError` for one that has none."""
    english, chinese = _TABLES[table][word]
    return chinese if language == "zh" else english


def column(word: str, language: Language = "en") -> str:
    """Give the reader's word for the head of a column; a name that has none stays as it is."""
    return label("column", word, language) if word in _COLUMNS else word


def counted(word: str, count: int | str, language: Language = "en") -> str:
    """Give a number with what is counted, in the singular or the plural: `1 flow`, `2 flows`."""
    one, several, chinese = _COUNTED[word]
    return (chinese if language == "zh" else one if count == 1 else several).format(count)


def joined(parts: Iterable[str], language: Language = "en") -> str:
    """Join what stands in a row, with the comma of the language."""
    return ("，" if language == "zh" else ", ").join(parts)


def entitled(title: str, text: str, language: Language = "en") -> str:
    """Put a title before a text, with the colon of the language."""
    return f"{title}：{text}" if language == "zh" else f"{title}: {text}"


def counts(word: str, count: int | str) -> tuple[str, str]:
    """Give a number with what is counted, English and Chinese."""
    return counted(word, count, "en"), counted(word, count, "zh")


def words(table: Table) -> Mapping[str, tuple[str, str]]:
    """Give all words of a table, English and Chinese."""
    return _TABLES[table]


def title(titles: Mapping[str, str], language: Language = "en") -> str:
    """Give the title of a rule in the reader's language, else in any that it has."""
    return titles.get(language) or next(iter(titles.values()), "")
