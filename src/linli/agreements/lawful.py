"""What no paper may ask of anybody, with the reason in words. It judges every clause before it is kept."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

# Pattern → why. Fines and deposits need a law; nobody is made to report on others; abolished rules stay abolished.
_RULES = (
    (
        r"罚款|罚金|罚没|扣款|扣.{0,4}押金|没收|违约金|保证金|赔偿金|\bfined?s?\b|\bpenalt|\bforfeit",
        _("A paper of the community can't set fines, deposits or payments; only a law can."),
    ),
    (
        r"举报|检举|告发|盯防|盯住|监视|监督.{0,6}(租客|租户|住户|邻居|承租人|员工|职工)"
        r"|(报告|上报|反映|汇报|掌握|摸清|打听).{0,12}(租客|租户|承租人|房客|住户|员工|职工|务工|人员)"
        r"|可疑|形迹|suspicious|\binform(s|ed)? (on|against)\b"
        r"|\breport(s|ed|ing)? (on )?(tenants?|staff|workers|neighbours|persons?|people)\b",
        _("Nobody is made to report on others. Owners and employers may tell homes, days and numbers, no more."),
    ),
    (
        r"(收|留存|复印|核验|登记|提供|查验|收集).{0,10}(身份证|户口本|护照|身份信息|指纹|人脸)"
        r"|identity card|\bID card",
        _("Identities come from the person, never through an owner or employer."),
    ),
    (
        r"计划生育|计生|婚育|生育|避孕|孕检|孕情|怀孕|流动人口婚|family planning|pregnan|contracept|\bbirth",
        _("The family-planning rules are abolished; no paper may build on them."),
    ),
    (
        r"暂住证|暂住登记|暂住人口|无证人员|务工证|temporary residence",
        _("The temporary-residence rules are abolished; no paper may build on them."),
    ),
    (
        r"清退|劝离|劝退|驱离|不得.{0,4}(租给|出租给|雇用|录用|招用)|\bevict|expel|drive (out|away)",
        _("No paper may drive people out or shut them out from homes or work."),
    ),
    (
        r"入户清查|清查|突击检查|随时.{0,4}(入户|进屋|进门|检查)|无条件.{0,4}(配合|接受)|\bsweep\b|at any time",
        _("No sweeps and no entry at any time: a visit is agreed before, and the party may say no."),
    ),
    (
        r"停水|停电|停气|断水|断电|断气|不予(办理|开具)|拒绝(办理|开具)|取消(资格|低保|待遇)"
        r"|cut off (water|power|gas)|refuse service",
        _("No service may depend on a signature."),
    ),
    (
        r"宗教|信仰|民族|政治面貌|信访|上访|前科|刑满|吸毒|精神病|疾病史"
        r"|\breligi|ethnic|politic|petition|criminal record",
        _("Faith, origin, opinions, petitions, health and past are nobody's business here."),
    ),
    (
        r"一票否决|排名|末位|积分|考核.{0,4}(扣分|得分)|\branking\b|\bscor(e|ing)\b",
        _("No points and no ranking: a check says only what is kept and what is to be put right."),
    ),
)
RULES = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in _RULES)
_GAPS = re.compile(r"[\s·,，、。;；:：\-—_.]+")


def objection(clause: str) -> str:
    """Say why a clause can't stand in a paper; nothing when it can. Spaces and marks hide nothing."""
    shut = _GAPS.sub("", clause)
    for pattern, why in RULES:
        if pattern.search(clause) or pattern.search(shut):
            return str(why)
    return ""
