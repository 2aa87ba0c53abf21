//! The wordings of which fields go together, as one table: what each says, its pattern, and a
//! sentence that has it. The named capture `when` is the condition or the names, `subject` the field
//! that it is said of.

use super::Says;

/// One wording.
pub(super) struct Wording {
    /// What it says.
    pub(super) says: Says,
    /// Its pattern.
    pub(super) pattern: &'static str,
    /// A sentence that has it.
    #[cfg_attr(not(test), expect(dead_code, reason = "each wording is tested by it"))]
    pub(super) example: &'static str,
}

const fn wording(says: Says, pattern: &'static str, example: &'static str) -> Wording {
    Wording {
        says,
        pattern,
        example,
    }
}

/// Words for a field that has to be sent.
macro_rules! needed {
    () => {
        r"(?:mandatory|required|compulsory|necessary|needed|(?:must|has to|have to|needs? to)\s+(?:also\s+)?be\s+(?:specified|set|provided|present|given|sent|included|configured|passed|filled in|supplied))"
    };
}

/// Words for what is done with a field.
macro_rules! sent {
    () => {
        r"(?:used|specified|set|sent|present|given|included|passed|provided|configured|supplied|filled in)"
    };
}

/// Words that begin a condition.
macro_rules! when {
    () => {
        r"(?:when|if|where|whenever|in case|provided that|as long as)"
    };
}

/// The end of a sentence.
macro_rules! end {
    () => {
        r"\s*[.;。；)）]*\s*$"
    };
}

/// Words for a field that has an effect.
macro_rules! effective {
    () => {
        r"(?:available|valid|supported|effective|applicable|applies|apply|takes? effect|used|useful|meaningful|relevant|considered|works?|honou?red|evaluated|(?:has|have) (?:any |an )?effect|accepted|returned|present|included|shown|displayed|there|set|given|populated|exists?|appears?|allowed to have a value|has a value)"
    };
}

/// What must be there.
pub(super) const NEEDED: Says = Says::Needed { free: false };
const AT_LEAST: Says = Says::Among {
    least: true,
    most: false,
};
const AT_MOST: Says = Says::Among {
    least: false,
    most: true,
};
const EXACTLY: Says = Says::Among {
    least: true,
    most: true,
};

/// Every wording. The first that a sentence has counts.
pub(super) const WORDINGS: &[Wording] = &[
    // One of several.
    wording(
        EXACTLY,
        concat!(
            r"(?i)\b(?:exactly one of|one and only one of)\s+(?P<when>.+?)",
            r"(?:\s+(?:must|has to|have to|needs?|is|are|should|shall)\b.*)?",
            end!()
        ),
        "Exactly one of a and b must be specified.",
    ),
    wording(
        AT_LEAST,
        concat!(
            r"(?i)\b(?:at least one of|one or more of|one or both of)\s+(?P<when>.+?)",
            r"(?:\s+(?:must|has to|have to|needs?|is|are|should|shall)\b.*)?",
            end!()
        ),
        "At least one of a, b and c is required.",
    ),
    wording(
        AT_MOST,
        concat!(
            r"(?i)\b(?:only one of|at most one of|no more than one of)\s+(?P<when>.+?)",
            r"(?:\s+(?:can|may|must|is|are|should|shall)\b.*)?",
            end!()
        ),
        "Only one of a and b can be specified.",
    ),
    wording(
        EXACTLY,
        r"(?i)\beither\s+(?:specify\s+|set\s+)?(?P<when>.+?\bor\b.+?)\s*(?:\b(?:must|is required|are required|is mandatory|has to|have to|needs? to|should|shall|can|may)\b[^.]*?)?[,(]?\s*(?:but )?(?:not both|never both|not at the same time|only one)\b",
        "Either a or b must be given, not both.",
    ),
    wording(
        AT_LEAST,
        r"(?i)\beither\s+(?P<when>.+?\bor\b.+?)\s+(?:must|is required|are required|is mandatory|has to|have to|needs? to|should|shall)\b",
        "Either a or b must be specified.",
    ),
    wording(
        AT_LEAST,
        concat!(
            r"(?i)(?:^\s*|\b(?:must|have to|need to|required to|please|should)\s+)",
            r"(?:specify|provide|set|give|send|use|include|pass)\s+either\s+(?P<when>.+?\bor\b.+?)",
            end!()
        ),
        "Specify either a or b.",
    ),
    wording(
        EXACTLY,
        concat!(
            r"(?:与|和|跟|同)\s*(?P<when>[^。；;，,]+?)\s*(?:参数|字段)?\s*",
            r"(?:二选一|必须(?:且只能)?(?:选择?|指定|设置|填写?|传)其?一)"
        ),
        "与 b 二选一。",
    ),
    wording(
        EXACTLY,
        r"(?:^|[。；;，,])\s*(?P<when>[^。；;，,]+?)\s*(?:参数|字段)?\s*(?:二选一|必须二选一)",
        "a 和 b 二选一。",
    ),
    wording(
        AT_LEAST,
        r"(?:与|和|跟|同)?\s*(?P<when>[^。；;，,]+?)\s*(?:两个?)?(?:参数|字段)?\s*(?:不能|不可以?|不得)(?:同时|都)为空",
        "与 b 不能同时为空。",
    ),
    wording(
        AT_LEAST,
        r"(?:^|[。；;，,])\s*(?P<when>[^。；;，,]+?)\s*(?:两个?)?(?:参数|字段)?(?:中)?\s*(?:至少|最少|必须至少)(?:需要?|必须|要)?(?:指定|设置|填写|传入|提供|选择?|有|填|传|存在)?(?:其中)?(?:一个|一项|1个|其一)",
        "a 和 b 至少指定一个。",
    ),
    // What excludes each other.
    wording(
        Says::Excludes,
        concat!(
            r"(?i)\b(?:(?:must|can|may|should|shall)\s?not|is not (?:to|allowed to)|do not)\s+(?:be\s+)?(?:use|",
            sent!(),
            r"|combined?|mixed)\s+(?:(?:at the same time|simultaneously|together|along|jointly|in combination|in conjunction)\s+)?with\s+(?P<when>.+?)",
            end!()
        ),
        "It cannot be used together with a.",
    ),
    wording(
        Says::Excludes,
        concat!(
            r"(?i)\b(?:mutually exclusive (?:with|to)|exclusive (?:with|to|of)|incompatible with|not compatible with|conflicts? with|in conflict with|excludes)\s+(?P<when>.+?)",
            end!()
        ),
        "Mutually exclusive with a.",
    ),
    wording(
        AT_MOST,
        concat!(r"(?i)^\s*(?P<when>.+?)\s+are mutually exclusive", end!()),
        "The fields a and b are mutually exclusive.",
    ),
    wording(
        AT_MOST,
        concat!(
            r"(?i)^\s*(?P<when>\S+ and \S+)\s+(?:must not|cannot|can not|may not|should not)\s+(?:both\s+)?be\s+",
            sent!(),
            r"(?:\s+(?:together|at the same time|simultaneously|in (?:one|the same) request))?",
            end!()
        ),
        "a and b must not both be set.",
    ),
    wording(
        Says::Excludes,
        r"(?:不能|不可以?|不得|不允许|不支持)\s*(?:与|和|跟|同)\s*(?P<when>[^。；;，,]+?)\s*(?:参数|字段)?\s*(?:同时|一起|共同|混合)(?:使用|指定|设置|传入|存在|配置|出现)?",
        "不能与 b 同时使用。",
    ),
    wording(
        Says::Excludes,
        r"(?:与|和|跟|同)\s*(?P<when>[^。；;，,]+?)\s*(?:参数|字段)?\s*(?:互斥|冲突|不能(?:同时|一起)(?:使用|指定|设置|传入|存在|配置|出现)?|不可同时\S*)",
        "与 b 互斥。",
    ),
    // What goes together.
    wording(
        Says::Together,
        concat!(
            r"(?i)\b(?:must|has to|have to|needs? to|can only|may only)\s+(?:always\s+)?be\s+",
            sent!(),
            r"\s+(?:together|along|jointly|in combination|in conjunction)\s+with\s+(?P<when>.+?)",
            end!()
        ),
        "Must be used together with a.",
    ),
    wording(
        Says::Beside,
        concat!(
            r"(?i)\b(?:",
            sent!(),
            r"|works?|combined?|goes)\s+(?:only\s+)?(?:together|along|jointly|in combination|in conjunction)\s+with\s+(?P<when>.+?)",
            end!()
        ),
        "It is used together with a.",
    ),
    wording(
        Says::Together,
        r"(?:必须|须|需要?|要)\s*(?:与|和|跟|同)\s*(?P<when>[^。；;，,]+?)\s*(?:参数|字段)?\s*(?:一起|同时|配合|搭配|配套|成对)(?:使用|指定|设置|传入|出现|提供|填写)",
        "必须与 b 一起使用。",
    ),
    wording(
        Says::Beside,
        r"(?:(?:与|和|跟|同)\s*(?P<when>[^。；;，,]+?)\s*(?:参数|字段)?\s*(?:一起|同时|配合|搭配|配套|成对)使用)",
        "与 b 配合使用。",
    ),
    // What must not be there.
    wording(
        Says::Allowed,
        concat!(
            r"(?i)\b(?:must|can|may|should|shall)\s+(?:only\s+be\s+",
            sent!(),
            r"|be\s+",
            sent!(),
            r"\s+only)\s+",
            when!(),
            r"\s+(?P<when>.+?)",
            end!()
        ),
        "It can be set only if a is b.",
    ),
    wording(
        Says::Allowed,
        concat!(
            r"(?i)\b(?:allowed|permitted|accepted)\s+only\s+",
            when!(),
            r"\s+(?P<when>.+?)",
            end!()
        ),
        "Allowed only when a is b.",
    ),
    wording(
        Says::Allowed,
        concat!(
            r"(?i)\bonly\s+(?:allowed|permitted|accepted)\s+",
            when!(),
            r"\s+(?P<when>.+?)",
            end!()
        ),
        "Only allowed if a is b.",
    ),
    wording(
        Says::Allowed,
        concat!(
            r"(?i)\b(?:(?:must|can|may|should|shall)\s?not\s+be\s+",
            sent!(),
            r"|not (?:allowed|permitted))\s+unless\s+(?P<when>.+?)",
            end!()
        ),
        "It must not be set unless a is b.",
    ),
    wording(
        Says::Barred,
        concat!(
            r"(?i)\b(?:(?:must|can|may|should|shall)\s?not\s+be\s+",
            sent!(),
            r"|not (?:allowed|permitted)|forbidden)\s+",
            when!(),
            r"\s+(?P<when>.+?)",
            end!()
        ),
        "It must not be set when a is b.",
    ),
    wording(
        Says::Barred,
        concat!(
            r"(?i)^\s*",
            when!(),
            r"\s+(?P<when>[^,]+?),\s*(?P<subject>(?:this|the)\s+\w+|it|[\w.-]+)\s+(?:must|can|may|should|shall)\s?not\s+be\s+",
            sent!(),
            end!()
        ),
        "If a is b, it must not be set.",
    ),
    wording(
        Says::Barred,
        r"(?:当|如果|若|在)?\s*(?P<when>[^。；;，,]+?)\s*(?:时|的情况下)[,，]?\s*(?:该参数|该字段|此参数|本参数)?\s*(?:不能|不可以?|不得|不允许|禁止)(?:设置|指定|传入|填写|传|填|使用|配置|携带)",
        "当 a 为 b 时，不能设置。",
    ),
    // What must be there.
    wording(
        Says::InWords,
        concat!(
            r"(?i)\b(?:optional|not\s+",
            needed!(),
            r"|(?:can|may)\s+be\s+(?:omitted|left out|left empty))\s+(?:only\s+)?(?:",
            when!(),
            r"|unless)\s+(?P<when>.+?)",
            end!()
        ),
        "It is optional if a is b.",
    ),
    wording(
        NEEDED,
        concat!(
            r"(?i)\b",
            needed!(),
            r"\s+(?:only\s+)?(?:",
            when!(),
            r"|for)\s+(?P<when>.+?)",
            end!()
        ),
        "This parameter is mandatory when a is set to b.",
    ),
    wording(
        Says::InWords,
        concat!(
            r"(?i)\b",
            needed!(),
            r"\s+(?:only\s+)?(?:unless|except|in|by|with)\s+(?P<when>.+?)",
            end!()
        ),
        "Required unless a is b.",
    ),
    wording(
        NEEDED,
        concat!(
            r"(?i)^\s*",
            when!(),
            r"\s+(?P<when>[^,]+?),\s*(?:then\s+)?(?P<subject>(?:this|the)\s+\w+|it|[\w.-]+)\s+(?:is|are|becomes?)\s+(?:a\s+)?",
            r"(?:mandatory|required|compulsory|necessary|needed)(?:\s+(?:parameter|field|value))?",
            end!()
        ),
        "If a is b, this parameter is required.",
    ),
    wording(
        NEEDED,
        concat!(
            r"(?i)^\s*",
            when!(),
            r"\s+(?P<when>[^,]+?),\s*(?:then\s+)?(?P<subject>(?:this|the)\s+\w+|it|[\w.-]+)\s+(?:must|has to|needs? to)\s+(?:also\s+)?be\s+",
            sent!(),
            end!()
        ),
        "When a is b, it must be specified.",
    ),
    wording(
        NEEDED,
        r"(?:仅|只)?(?:当|如果|若|在)?\s*(?P<when>[^。；;，,]+?)\s*(?:时|的情况下)[,，]?\s*(?:则|此时|才)?\s*(?P<subject>[A-Za-z_][\w.-]*|该参数|该字段|此参数|本参数|参数|字段)?\s*(?:为|是)?\s*(?:必选|必填|必传|必须(?:指定|设置|填写|传入|提供|配置|填|传|携带)|需要?(?:指定|设置|填写|传入|提供))",
        "当 a 为 b 时，该参数必选。",
    ),
    wording(
        NEEDED,
        r"(?:如果|若|当)\s*(?P<when>[^。；;，,]+?)[,，]\s*(?:则|那么)?\s*(?P<subject>[A-Za-z_][\w.-]*|该参数|该字段|此参数|本参数|参数|字段)?\s*(?:为|是)?\s*(?:必选|必填|必传|必须(?:指定|设置|填写|传入|提供|配置|填|传|携带)|需要?(?:指定|设置|填写|传入|提供))",
        "如果设置了 a，则 b 必填。",
    ),
    wording(
        Says::InWords,
        r"(?P<when>[^。；;，,]+?)(?:时|外)[,，]?\s*(?:为)?(?:必选|必填|必传|非必选|非必填|可选|选填|可不填|可以不填|无需填写|不必)",
        "action 为 delete 时非必选。",
    ),
    // What has its effect, or is there, in some cases only.
    wording(
        Says::Effective,
        concat!(
            r"(?i)\b",
            effective!(),
            r"\s+only\s+(?:",
            when!(),
            r"|for|to|with|in|on|while|after)\s+(?P<when>.+?)",
            end!()
        ),
        "It is available only when a is b.",
    ),
    wording(
        Says::Effective,
        concat!(
            r"(?i)\bonly\s+(?:be\s+)?",
            effective!(),
            r"\s+(?:",
            when!(),
            r"|for|to|with|in|on|while|after)\s+(?P<when>.+?)",
            end!()
        ),
        "It is only valid if a is b.",
    ),
    wording(
        Says::Effective,
        concat!(r"(?i)\bonly\s+", when!(), r"\s+(?P<when>.+?)", end!()),
        "Only when a is b.",
    ),
    wording(
        Says::Effective,
        concat!(
            r"(?i)^\W*(?:only (?:for|to)\s+(?P<when>.+?)|for\s+(?P<failed>(?:a |an |the )?failed\b.+?))",
            end!()
        ),
        "For a failed job.",
    ),
    wording(
        Says::Effective,
        concat!(
            r"(?i)\b(?:returned|present|included|shown|displayed|populated|available|valid|applicable)\s+",
            when!(),
            r"\s+(?P<when>.+?)",
            end!()
        ),
        "Returned when a is b.",
    ),
    wording(
        Says::Effective,
        concat!(
            r"(?i)\b(?:ignored|has no effect|have no effect|not used|not returned|absent|not available|invalid)\s+unless\s+(?P<when>.+?)",
            end!()
        ),
        "It is ignored unless a is b.",
    ),
    wording(
        Says::Ignored,
        concat!(
            r"(?i)\b(?:ignored|has no effect|have no effect|takes no effect|does not take effect|invalid|unavailable|not (?:used|available|valid|supported|applicable|returned|effective))\s+",
            when!(),
            r"\s+(?P<when>.+?)",
            end!()
        ),
        "It is ignored if a is b.",
    ),
    wording(
        Says::Effective,
        r"(?:仅|只)(?:当|在)?\s*(?P<when>[^。；;，,]+?)\s*(?:时|的情况下|场景下?)[,，]?\s*(?:才)?(?:该参数|该字段|此参数|本参数)?\s*(?:会|能|可以?)?(?:有效|生效|可用|支持|需要|可?(?:设置|指定|使用|传入?|填写)|返回|有值|存在|显示)",
        "仅当 a 为 b 时有效。",
    ),
    wording(
        Says::Effective,
        r"只有\s*(?P<when>[^。；;，,]+?)\s*(?:时|的情况下)?[,，]?\s*(?:该参数|该字段|此参数|本参数)?\s*才(?:会|能|可以?)?(?:有效|生效|可用|支持|需要|返回|有值|存在|显示|设置|指定|使用)",
        "只有 a 为 b 时才有效。",
    ),
    wording(
        Says::Effective,
        r"(?:当|如果|若)\s*(?P<when>[^。；;，,]+?)\s*时[,，]?\s*(?:才)?(?:该参数|该字段|此参数|本参数)?\s*(?:有效|生效|可用|返回|有值|存在)",
        "当 a 为 b 时返回。",
    ),
    // What depends on others.
    wording(
        Says::InWords,
        concat!(
            r"(?i)\b(?:depends|depending|dependent|conditional) (?:on|upon)\s+(?P<when>.+?)",
            end!()
        ),
        "Whether it is needed depends on a.",
    ),
    wording(
        Says::InWords,
        r"(?P<when>取决于[^。；;]+|由[^。；;]+决定)",
        "是否需要取决于 a。",
    ),
];
