//! How a page says that a credential is carried, and whether an operation asks for one: a line such
//! as `Authorization: Bearer <token>`, words such as "HTTP Basic authentication", the row of a query
//! parameter that is called a key.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::draft::Draft;
use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::tables::FieldTable;
use crate::contract::{
    AWS_SIGNATURE, Location, SecurityScheme, carries_credential, hands_out_credential,
    may_carry_credential, words,
};
use crate::page::{Block, BlockKind, Table, Text, plain};
use crate::vocabulary::{Topic, Wordings};

/// What a page says of credentials, for one operation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Credential {
    /// The schemes, each once.
    pub schemes: Vec<SecurityScheme>,
    /// Whether the operation is said to need one of them.
    pub is_needed: bool,
    /// Whether it is said to need all of them at once: each has a row that calls it mandatory.
    pub is_all: bool,
}

impl Credential {
    fn add(&mut self, scheme: SecurityScheme) {
        if !self.schemes.contains(&scheme) {
            self.schemes.push(scheme);
        }
    }

    /// Unites with what another edition says.
    pub(super) fn unite(&mut self, other: Self) {
        // Who is silent contradicts nothing; of two that say different things, any does.
        let is_same = self.schemes == other.schemes && self.is_all == other.is_all;
        self.is_all = if self.schemes.is_empty() {
            other.is_all
        } else {
            self.is_all && (is_same || other.schemes.is_empty())
        };
        other
            .schemes
            .into_iter()
            .for_each(|scheme| self.add(scheme));
        self.is_needed |= other.is_needed;
    }
}

/// What a wording says; a group `name` is the name of the header, parameter or cookie.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Says {
    Bearer,
    Basic,
    Http,
    /// The header `Authorization`, and not by which scheme.
    Authorization,
    /// Requests are signed as AWS does it (Signature Version 4).
    Aws,
    Header,
    /// A header of any name, which the words around it say to carry the key.
    KeyHeader,
    Query,
    /// The same of a parameter of the query.
    KeyQuery,
    Cookie,
    Certificate,
}

pattern! {
    /// Every wording.
    static WORDINGS: Wordings<Says> = Wordings::of(Topic::Credentials);

    /// Words by which a sentence denies what it speaks of, or says it of the past.
    static DENIED =
        r"(?i)\b(?:not|no|never|without|deprecated|removed|instead of|formerly|responses?|returned|answers?|set-cookie|planned|webhooks?|callbacks?|we (?:call|send)|analytics|tracking|upload(?:s|ed)?|download(?:s|ed)?|documents? (?:is|are)|archives?)\b";

    /// A sentence by which all requests need a credential.
    static OF_ALL =
        r"(?i)\b(?:all|every|each|any)\b[^.;]{0,40}\b(?:requests?|calls?|operations?|endpoints?|methods?|routes?)\b[^.;]{0,60}\b(?:must|needs?|requires?|carr(?:y|ies)|has to|have to|authenticated|includes?|takes?|expects?|protected)\b";

    /// A sentence by which an operation needs one.
    static NEEDED = r"(?i)\b(?:must|needs?|requires?|required|has to|have to|mandatory)\b|\b(?:to|with|on|in) (?:all|every|each) (?:api |http )?(?:requests?|calls?)\b";

    /// A sentence by which an API, or whoever uses it, is let in by what it names.
    static LET_IN =
        r"(?i)\b(?:(?:requests?|calls?|clients?|users?|callers?) (?:are|is|must be) authenticated\b|(?:clients|callers|users|you) authenticate\b|authentication is (?:by|done|through|via|based|performed|handled)\b|(?:the|this|our) (?:api|service|server)s? (?:uses?|is (?:protected|secured|guarded) (?:by|with))\b|(?:the|your|an) (?:api |access )?(?:key|token) (?:is|has to be|must be) (?:passed|sent|given|supplied|provided|transmitted)\b)|^\W*(?:auth(?:entication|orization)?)\s*[:：]";

    /// A sentence that tells its reader to send one.
    static TOLD_TO =
        r"(?i)^[\s>*-]*(?:please |always |to authenticate,? )?(?:authenticate|append|use (?:your |the |an? )?(?:valid )?(?:http )?(?:basic|bearer|digest)\b|send|pass|include|provide|supply|put|add|set|attach|present)\b";

    /// Words by which a sentence is about a part of the requests, or leaves it to the reader.
    static OF_SOME =
        r"(?i)\b(?:can|may|might|could|optional(?:ly)?|if|when|where|some|certain|most|private|either|only|unless|except|excepting|apart from|other than|but)\b";

    /// A word for one of several.
    static EITHER = r"(?i)\beither\b";

    /// Words for being let in.
    static OF_ACCESS =
        r"(?i)\b(?:authenticat\w*|authoriz\w*|api[ -]?keys?|access (?:keys?|tokens?)|bearer|tokens?|credentials?|logged in)\b";

    /// A sentence by which an operation is open to anybody.
    static OPEN =
        r"(?i)\b(?:no|without|(?:not|n't) (?:need|require)\w*)\b[^.;]{0,40}\b(?:authenticat\w*|authoriz\w*|api[ -]?key|tokens?|credentials?|login)\b|\b(?:is|are) (?:public|open|anonymous|unauthenticated)\b|\b(?:public|unauthenticated|anonymous) (?:endpoint|operation|route|access)\b|\bpublicly\b|\b(?:authentication|authorization|credentials?)\b[^.;]{0,15}\b(?:none|not (?:needed|required)|optional)\b";

    /// Words by which a sentence says what becomes of a request without a credential.
    static REFUSED =
        r"(?i)\b40[13]\b|\b(?:refused|rejected|denied|fails?|unauthori[sz]ed|forbidden)\b";

    /// What a sentence adds of requests without what it asks for: it denies nothing.
    static CONSEQUENCE =
        r"(?i)(?:\s*[,;，；]|\s+[–—-])\s*(?:otherwise|or(?:\s+else)?|without\s+(?:one|it|that|an?|any|the)|(?:any\s+)?(?:requests?|calls?)\s+without)\b[^.;。]*?\b(?:40[13]|refused|rejected|denied|fails?|unauthori[sz]ed|forbidden)\b[^.;。]*";

    /// A sentence by which requests without a credential are refused.
    static WITHOUT =
        r"(?i)\b(?:requests?|calls?)\s+(?:without|lacking|that\s+(?:lack|have\s+no|carry\s+no))\s+(?:an?\s+|any\s+|the\s+)?(?:valid\s+)?(?:(?:api|access|bearer|auth)[ -]?)?(?:tokens?|keys?|credentials?|authentication|authorization)\b";

    /// Words for credentials that go otherwise than in the header `Authorization`.
    static OTHER_WAYS =
        r"(?i)\b(?:api|access|secret|account|subscription)[ -]?keys?\b|\bcookies?\b|\bsessions?\b|\bsign(?:ed|atures?)\b|\bcertificates?\b|\bquery\s+param";

    /// Paths that tell anybody whether a service is there; the status of one thing is another matter.
    static OF_ANYBODY = r"(?i)^[^{}]*/(?:health\w*|livez?|readyz?|ping|status|version)/?$";

    /// Words by which several are sent at once.
    static TOGETHER = r"(?i)\b(?:and|both|together|as well as|along with|plus|two)\b";

    /// Words by which one of several is enough.
    static OF_CHOICE = r"(?i)\b(?:or|alternatively|supports?|supported|accepts?|allows?|methods?|schemes|ways|choose|options?)\b";

    /// The column of a table that has names of headers.
    static HEADER_COLUMN = r"(?i)^(?:http |request )?headers?(?: names?| fields?)?$";

    /// Words by which a table is one of answers.
    static OF_ANSWERS = r"(?i)\b(?:responses?|answers?|returned|returns|replies)\b";

    /// Headings of what lets somebody in.
    static ABOUT_ACCESS = r"(?i)\b(?:authenticat\w*|authoriz\w*|credentials?|api keys?|access)\b";

    /// A cell by which a row is mandatory.
    static MANDATORY_CELL = r"(?i)^\s*(?:yes|y|true|required|mandatory|always|✓|✔|√)\W*$";

    /// A cell that is a type alone.
    static TYPE_CELL = r"(?i)^\s*(?:string|text|str)\s*$";

    /// A line of a request that has cookies.
    static COOKIE_LINE = r"(?i)\bcookie:|\bcurl\b";

    /// Words by which a cookie lets somebody in.
    static OF_SESSION =
        r"(?i)\b(?:authenticat\w*|authoriz\w*|sessions?|log(?:ged)?[ -]?in|login|sign(?:ed)?[ -]?in|credentials?|tokens?|api keys?|access (?:is|keys?|to))\b";

    /// Names of cookies that are sessions.
    static SESSION_NAME = r"(?i)(?:sid|sess(?:ion)?(?:[._-]?id)?|auth|jwt)$";

    /// Words for a key that lets its user in, in the row of a parameter of any name.
    static OF_API_KEY =
        r"(?i)\b(?:api|access|secret|auth(?:entication|orization)?|subscription)[ -](?:key|token)\b";

    /// Words for a credential in the row of a parameter.
    static OF_KEY =
        r"(?i)\b(?:api|access|secret|auth(?:entication|orization)?|your|personal|account|subscription) (?:keys?|tokens?)\b|\bcredentials?\b|\bauthenticat|密钥|令牌|鉴权|认证";
}

/// The schemes that a text names, as it is written and without its code marks.
fn schemes(text: &str) -> Vec<SecurityScheme> {
    let mut found = Vec::new();
    named_in(text, &mut found);
    if text.contains('`') {
        named_in(&text.replace('`', ""), &mut found);
    }
    found
}

fn named_in(text: &str, found: &mut Vec<SecurityScheme>) {
    for (pattern, says) in WORDINGS.in_text(text) {
        for captures in pattern.captures_iter(text) {
            let name = captures.name("name").or_else(|| captures.name("after"));
            let name = name.map_or("", |name| name.as_str()).to_owned();
            let scheme = match says {
                Says::Bearer => SecurityScheme::Bearer,
                Says::Basic => SecurityScheme::Basic,
                Says::Http => SecurityScheme::http(&name),
                Says::Authorization => SecurityScheme::Header("Authorization".to_owned()),
                Says::Aws => SecurityScheme::Http(AWS_SIGNATURE.to_owned()),
                Says::Header => {
                    let is_own = name.eq_ignore_ascii_case("authorization")
                        || name.eq_ignore_ascii_case("cookie")
                        || name.eq_ignore_ascii_case("set-cookie");
                    if is_own || !carries_credential(&name) || is_other_token(&name) {
                        continue;
                    }
                    SecurityScheme::Header(name)
                }
                Says::KeyHeader => {
                    let is_other =
                        name.to_ascii_lowercase().ends_with("key") && !may_carry_credential(&name);
                    if is_other
                        || is_other_token(&name)
                        || name.eq_ignore_ascii_case("authorization")
                    {
                        continue;
                    }
                    SecurityScheme::Header(name)
                }
                // These words alone name much else.
                Says::Query if matches!(name.as_str(), "key" | "token") => {
                    if !OF_KEY.is_match(&text.replace(&format!("`{name}`"), "")) {
                        continue;
                    }
                    SecurityScheme::Query(name)
                }
                Says::Query | Says::KeyQuery => SecurityScheme::Query(name),
                Says::Cookie
                    if !COOKIE_LINE.is_match(text)
                        && !OF_SESSION.is_match(text)
                        && !SESSION_NAME.is_match(&name) =>
                {
                    continue;
                }
                Says::Cookie if is_other_token(&name) => continue,
                Says::Cookie => SecurityScheme::Cookie(name),
                Says::Certificate => SecurityScheme::Certificate,
            };
            if !found.contains(&scheme) {
                found.push(scheme);
            }
        }
    }
}

/// A text with whether it is code: what code shows is sent.
struct Told {
    text: String,
    /// The same with marks around what is marked up as code in it.
    ticked: String,
    is_code: bool,
}

/// The sentences and the code of blocks; rows of tables are read by their names.
fn told(blocks: &[Block]) -> Vec<Told> {
    let mut all = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(text) => sentences(text, &mut all),
            BlockKind::List(items) => items.iter().for_each(|item| all.extend(told(item))),
            BlockKind::Code { text, .. } => all.push(Told {
                text: text.clone(),
                ticked: text.clone(),
                is_code: true,
            }),
            BlockKind::Heading { .. }
            | BlockKind::Table(_)
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
    all
}

fn sentences(text: &Text, all: &mut Vec<Told>) {
    for sentence in text.ticked().split_inclusive(['.', '。', '\n']) {
        let sentence = CONSEQUENCE.replace(sentence, "");
        all.push(Told {
            text: sentence.replace('`', ""),
            ticked: sentence.into_owned(),
            is_code: false,
        });
    }
}

/// What a page says of the credentials of all its operations. Of a page of several, `shared` are the
/// blocks that belong to none of them.
pub(super) fn of_page(blocks: &[&Block], shared: &[&Block], has_several: bool) -> Credential {
    let mut credential = Credential::default();
    let told_by = |blocks: &[&Block]| -> Vec<Told> {
        let blocks = blocks.iter();
        blocks
            .flat_map(|block| told(std::slice::from_ref(*block)))
            .collect()
    };
    for Told {
        text,
        ticked,
        is_code,
    } in told_by(blocks)
    {
        if !is_code && DENIED.is_match(&text) {
            continue;
        }
        let named = schemes(&ticked);
        if !is_code {
            let is_told = || {
                let asks = [&*NEEDED, &*TOLD_TO, &*OF_ALL, &*LET_IN];
                asks.iter().any(|asks| asks.is_match(&text))
            };
            credential.is_all |= named.len() > 1
                && TOGETHER.is_match(&text)
                && is_told()
                && !OF_SOME.is_match(&text)
                && !OF_CHOICE.is_match(&text);
            let is_about = !named.is_empty() || OF_ACCESS.is_match(&text);
            credential.is_needed |= is_about && OF_ALL.is_match(&text) && !OF_SOME.is_match(&text)
                || !named.is_empty() && !has_several && NEEDED.is_match(&text);
        }
        for scheme in named {
            credential.add(scheme);
        }
    }
    let shared = if has_several { shared } else { blocks };
    for (scheme, is_mandatory) in of_tables(shared) {
        credential.is_needed |= is_mandatory;
        credential.add(scheme);
    }
    // Who names the scheme says more than who names its header.
    let is_of_authorization = |scheme: &SecurityScheme| scheme.header() == Some("Authorization");
    let is_bare = |scheme: &SecurityScheme| matches!(scheme, SecurityScheme::Header(_));
    let all = &mut credential.schemes;
    if all
        .iter()
        .any(|one| is_of_authorization(one) && !is_bare(one))
    {
        all.retain(|one| !(is_of_authorization(one) && is_bare(one)));
    }
    // One more that is named elsewhere is another way in.
    let named = &credential.schemes;
    credential.is_all &= named.len() == 2;
    credential.is_needed |= told_by(shared)
        .iter()
        .any(|told| !told.is_code && WITHOUT.is_match(&told.text) && REFUSED.is_match(&told.text));
    credential.is_needed |= told_by(shared).iter().any(|told| {
        let text = &told.text;
        let asks = [&*NEEDED, &*TOLD_TO, &*LET_IN];
        let named = schemes(&told.ticked);
        !told.is_code
            && asks.iter().any(|asks| asks.is_match(text))
            && !is_of_some(&told.ticked, named.len())
            && !DENIED.is_match(text)
            && !named.is_empty()
    });
    // Who asks for a credential and does not say how it is carried means the header that HTTP has for
    // it (RFC 9110, section 11.6.2), unless the page speaks of another way.
    let is_otherwise = || {
        let mut all = told_by(blocks).into_iter();
        all.any(|told| OTHER_WAYS.is_match(&told.text))
    };
    if credential.is_needed && credential.schemes.is_empty() && !is_otherwise() {
        credential.add(SecurityScheme::Header("Authorization".to_owned()));
    }
    credential
}

/// The credentials among the headers that a table of all requests has, each with whether it is
/// called mandatory. Such a table says that it is one of headers, or stands below a heading that
/// speaks of access.
fn of_tables(blocks: &[&Block]) -> Vec<(SecurityScheme, bool)> {
    let mut found = Vec::new();
    let (mut heading, mut before) = ("", "");
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { text, .. } => {
                heading = &text.plain;
                before = "";
            }
            BlockKind::Paragraph(text) => before = &text.plain,
            BlockKind::Table(table) => {
                let caption = table.caption.as_ref().map_or("", |caption| &caption.plain);
                if [heading, before, caption]
                    .iter()
                    .any(|said| OF_ANSWERS.is_match(said))
                {
                    continue;
                }
                let first = table.header.first().map_or("", |cell| cell.trim());
                if !HEADER_COLUMN.is_match(first) && !ABOUT_ACCESS.is_match(heading) {
                    continue;
                }
                for row in &table.rows {
                    let cells = row.cells.iter().map(|cell| plain(&cell.blocks));
                    let cells: Vec<String> = cells.collect();
                    let Some((name, rest)) = cells.split_first() else {
                        continue;
                    };
                    let name = name.trim().trim_matches('`');
                    let is_mandatory = rest.iter().any(|cell| MANDATORY_CELL.is_match(cell));
                    let is_said = |cell: &&String| {
                        !MANDATORY_CELL.is_match(cell) && !TYPE_CELL.is_match(cell)
                    };
                    let said = rest.iter().filter(is_said);
                    let said = said.map(|cell| cell.trim()).collect::<Vec<_>>().join(" ");
                    if name.eq_ignore_ascii_case("authorization") {
                        let schemes = schemes(&format!("Authorization: {said}")).into_iter();
                        found.extend(schemes.map(|scheme| (scheme, is_mandatory)));
                    } else if carries_header(name, &said) {
                        found.push((SecurityScheme::Header(name.to_owned()), is_mandatory));
                    }
                }
            }
            BlockKind::List(_)
            | BlockKind::Code { .. }
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
    found
}

/// Whether each row of a table that no operation has is a credential, which is read from it.
pub(super) fn is_of_credentials(table: &FieldTable) -> bool {
    let is_read = |row: &FieldRow| {
        let said = format!("Authorization: {}", row.text);
        row.name.eq_ignore_ascii_case("authorization") && !schemes(&said).is_empty()
            || carries_header(&row.name, &row.text)
    };
    ABOUT_ACCESS.is_match(&table.label) && table.rows.iter().all(is_read)
}

/// Whether a row describes a header that carries a credential.
fn carries_header(name: &str, said: &str) -> bool {
    name.contains('-')
        && (carries_credential(name)
            || may_carry_credential(name) && OF_KEY.is_match(said)
            || OF_API_KEY.is_match(said))
}

/// Whether a sentence that names some schemes is about a part of the requests, or leaves them to its
/// reader. Names in code are none of its words, and one of several ways in has to be taken.
fn is_of_some(ticked: &str, named: usize) -> bool {
    let mut parts = ticked.split('`').step_by(2);
    parts.any(|words| {
        let words = match named {
            0 | 1 => words.to_owned(),
            _ => EITHER.replace_all(words, "").into_owned(),
        };
        OF_SOME.is_match(&words)
    })
}

/// Whether a sentence says that an operation is open to anybody.
fn is_open(text: &str) -> bool {
    OPEN.is_match(text) && !REFUSED.is_match(text)
}

/// Whether the sentences of an operation say that it needs a credential, or that it is open to
/// anybody; the last of them counts.
fn said_of_access(items: &[Item<'_>]) -> Option<bool> {
    let mut all = Vec::new();
    for item in items {
        match item.kind {
            ItemKind::Paragraph(text) => sentences(text, &mut all),
            ItemKind::List(list) => list.iter().for_each(|item| all.extend(told(item))),
            ItemKind::Heading(_)
            | ItemKind::Table(_)
            | ItemKind::Code(_)
            | ItemKind::Target { .. }
            | ItemKind::Unread(_) => {}
        }
    }
    let sentences = all.iter().rev().filter(|told| !told.is_code);
    let mut said = sentences.filter_map(|Told { text, .. }| {
        if is_open(text) {
            return Some(false);
        }
        let is_told = NEEDED.is_match(text) && OF_ACCESS.is_match(text);
        (is_told && !OF_SOME.is_match(text) && !DENIED.is_match(text)).then_some(true)
    });
    said.next()
}

/// Adds what the tables of an operation say, and decides whether it needs a credential.
pub(super) fn read_security(draft: &mut Draft, items: &[Item<'_>], of_page: &Credential) {
    let mut own = Credential::default();
    let mut is_optional = false;
    let descriptions = descriptions(items);
    for parameter in &draft.parameters {
        let name = parameter.name.as_str();
        let Some(said) = descriptions.get(name) else {
            continue;
        };
        let known = own.schemes.len();
        let is_authorization = name.eq_ignore_ascii_case("authorization");
        match parameter.location {
            Location::Header if is_authorization => {
                let lower = said.to_lowercase();
                if lower.contains("bearer") {
                    own.add(SecurityScheme::Bearer);
                } else if lower.contains("basic") {
                    own.add(SecurityScheme::Basic);
                } else {
                    schemes(&format!("Authorization: {said}"))
                        .into_iter()
                        .filter(|scheme| matches!(scheme, SecurityScheme::Http(_)))
                        .for_each(|scheme| own.add(scheme));
                }
            }
            Location::Header if carries_credential(name) && OF_KEY.is_match(said) => {
                own.add(SecurityScheme::Header(name.to_owned()));
            }
            Location::Query
                if is_key(name) && OF_KEY.is_match(said)
                    || is_called_key(name) && OF_API_KEY.is_match(said) =>
            {
                own.add(SecurityScheme::Query(name.to_owned()));
            }
            Location::Header | Location::Query | Location::Path | Location::Cookie => continue,
        }
        let is_mandatory = parameter.node.mandatory() == Some(true);
        own.is_needed |= !own.schemes.is_empty() && is_mandatory;
        is_optional |= own.schemes.len() > known && !is_mandatory;
    }
    own.is_all = own.schemes.len() > 1 && !is_optional;
    let refuses =
        |response: &super::draft::Response| matches!(response.status.as_str(), "401" | "403");
    // Where a credential is handed out, a 401 is about what was sent for it.
    own.is_needed |= said_of_access(items).unwrap_or_else(|| {
        let is_of_anybody = OF_ANYBODY.is_match(&draft.path);
        !hands_out_credential(&draft.method, &draft.path)
            && (draft.responses.iter().any(refuses) || of_page.is_needed && !is_of_anybody)
    });
    // What a row says of an operation is said of it, whatever stands elsewhere on the page.
    if own.schemes.is_empty() {
        own.schemes.clone_from(&of_page.schemes);
        own.is_all = of_page.is_all;
    }
    // A header that has a row of its own is known; so is the one that is taken where nobody says
    // anything, as long as nobody says that it has to be there.
    let is_usual = |name: &str| name.eq_ignore_ascii_case("x-auth-token");
    let has_row = draft
        .parameters
        .iter()
        .any(|parameter| parameter.location == Location::Header && is_usual(&parameter.name));
    let is_needed = own.is_needed;
    own.schemes.retain(|scheme| match scheme {
        SecurityScheme::Header(name) if is_usual(name) => is_needed && !has_row,
        _ => !has_row,
    });
    draft.credential = own;
}

/// Whether a token is none that lets its holder in, by the words of its name: it goes on with a
/// list, an upload or a form, or names a device.
fn is_other_token(name: &str) -> bool {
    const OTHERS: [&str; 18] = [
        "next",
        "page",
        "paging",
        "pagination",
        "continuation",
        "continue",
        "cursor",
        "resume",
        "sync",
        "delta",
        "change",
        "upload",
        "device",
        "push",
        "confirm",
        "confirmation",
        "csrf",
        "xsrf",
    ];
    let words = words(name);
    words.iter().any(|word| OTHERS.contains(&word.as_str()))
        || ["csrf", "xsrf"]
            .iter()
            .any(|own| name.to_ascii_lowercase().contains(own))
}

/// Whether a parameter is called a key of any kind, which its description has to name.
fn is_called_key(name: &str) -> bool {
    words(name).last().is_some_and(|word| word == "key") && may_carry_credential(name)
}

/// Names of query parameters that may be keys, without what joins their words.
const KEYS: [&str; 9] = [
    "apikey",
    "key",
    "accesstoken",
    "accesskey",
    "authtoken",
    "authkey",
    "token",
    "appid",
    "apitoken",
];

/// Whether a query parameter may be a key by its name.
fn is_key(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    KEYS.contains(&plain.as_str())
}

/// What the rows of tables say, by their first cell.
fn descriptions(items: &[Item<'_>]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for item in items {
        let ItemKind::Table(Table { rows, .. }) = item.kind else {
            continue;
        };
        for row in rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.blocks)).collect();
            if let Some((name, rest)) = cells.split_first() {
                let name = name.trim().trim_matches('`').to_owned();
                all.entry(name).or_insert_with(|| rest.join(" "));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_wording_has_its_examples() {
        for (example, pattern, _) in WORDINGS.examples() {
            assert!(pattern.is_match(example), "{pattern}: {example}");
        }
    }

    #[rstest]
    #[case("Every request must carry `Authorization: Bearer <token>`.", "bearer")]
    #[case("Authenticate with HTTP Basic authentication.", "basic")]
    #[case("Send your key as `X-API-Key: <key>`.", "header:X-API-Key")]
    #[case("Pass the key in the query parameter `api_key`.", "query:api_key")]
    #[case("Add `?depot_key=<your key>` to the URL.", "query:depot_key")]
    #[case("Add your access key as `depot` to the query string.", "query:depot")]
    #[case("Go on with `?page_token=<token>`, or `?after=<key>`.", "")]
    #[case("The session cookie `sid` authenticates you.", "cookie:sid")]
    #[case("Every request carries `Authorization: Sesame <word>`.", "http:Sesame")]
    #[case("Put it in Authorization: the <token> that you have.", "")]
    #[case("Content-Type: application/json", "")]
    #[case("Idempotency-Key: abc", "")]
    #[case("Sort by the parameter `key_name`.", "")]
    #[case("Include your API key in the X-API-Key header.", "header:X-API-Key")]
    #[case(
        "Authenticate with a bearer token in the Authorization header.",
        "bearer"
    )]
    #[case("The X-Request-Id header names the request.", "")]
    #[case("Send the token from the header `X-Next-Token` to continue.", "")]
    #[case("Send the token of the upload in the header `X-Upload-Token`.", "")]
    #[case("Requests must carry the header `X-CSRF-Token: <token>`.", "")]
    #[case("The CSRF token is set as the cookie `csrftoken`.", "")]
    #[case("Documents are signed with PDF signature version 4.", "")]
    #[case("Pass your API key in the `X-Depot-Key` header.", "header:X-Depot-Key")]
    #[case("Pass your API key in the header X-Depot-Key.", "header:X-Depot-Key")]
    #[case("Every request must carry `X-Depot-Key: <key>`.", "header:X-Depot-Key")]
    #[case(
        "Send your access token as the `depot` query parameter.",
        "query:depot"
    )]
    #[case("Every request may carry `Idempotency-Key: <key>`.", "")]
    #[case("Send the API key, and the id in the X-Request-Id header.", "")]
    #[case("Sort by the parameter `key`.", "")]
    #[case("The page is told by the parameter `token`.", "")]
    #[case("The cookie `theme` keeps the colours.", "")]
    #[case("Send the cookie `lang` with every request.", "")]
    #[case("Send the cookie `depot_sid` with every request.", "cookie:depot_sid")]
    #[case("The API key is passed in the cookie `depot_key`.", "cookie:depot_key")]
    #[case("Access is controlled by a cookie called `depot`.", "cookie:depot")]
    #[case("Send the key in the header `Idempotency-Key`.", "")]
    #[case("Give your key as the query parameter `depot_key`.", "query:depot_key")]
    #[case("Give the key as the query parameter `partition_key`.", "")]
    #[case(
        "Pass the access token in the `Authorization` header.",
        "header:Authorization"
    )]
    #[case(
        "All endpoints require a JWT in the Authorization header.",
        "header:Authorization"
    )]
    #[case("Page through with `?after=<key>`, and add your key.", "")]
    #[case("Every call takes it: `GET /v1/kilns?key=YOUR_KEY`.", "query:key")]
    #[case("`GET /v1/kilns?sort=KEY`", "")]
    #[case("{\"headers\": {\"X-Request-Id\": \"7\"}}", "")]
    #[case("Authenticate with the cookie `depot_sid`.", "cookie:depot_sid")]
    fn a_text_names_schemes(#[case] text: &str, #[case] expected: &str) {
        let found: Vec<String> = schemes(text).iter().map(ToString::to_string).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[rstest]
    #[case(
        "| Header | Value |\n|---|---|\n| Authorization | Bearer <token> |",
        "bearer"
    )]
    #[case(
        "| Header | Required | Description |\n|---|---|---|\n| `Authorization` | yes | Bearer token. |",
        "bearer!"
    )]
    #[case(
        "| Name | Type | Required | Description |\n|---|---|---|---|\n| X-Depot-Key | string | yes | Your API key. |",
        "header:X-Depot-Key!"
    )]
    #[case(
        "| Header | Required | Description |\n|---|---|---|\n| X-Kiln-Access | yes | The access key that you have. |",
        "header:X-Kiln-Access!"
    )]
    #[case("| Header | Value |\n|---|---|\n| X-Request-Id | An id |", "")]
    #[case("| Header | Value |\n|---|---|\n| Idempotency-Key | Your key. |", "")]
    #[case(
        "The response has:\n\n| Header | Value |\n|---|---|\n| X-Auth-Token | A token |",
        ""
    )]
    fn a_table_of_all_requests_names_schemes(#[case] table: &str, #[case] expected: &str) {
        let page = format!("# Depot\n\n## Authentication\n\n{table}\n");
        let page = crate::page::read("things.md", &page).unwrap();
        let flat: Vec<&Block> = page.blocks.iter().collect();
        let found = of_tables(&flat).into_iter();
        let found = found.map(|(scheme, is_mandatory)| {
            format!("{scheme}{}", if is_mandatory { "!" } else { "" })
        });
        assert_eq!(found.collect::<Vec<_>>().join(" "), expected);
    }

    #[rstest]
    #[case("No authentication is needed.", true)]
    #[case("It works without a token.", true)]
    #[case("Without a valid token the answer is `401 Unauthorized`.", false)]
    #[case("Requests without credentials are rejected.", false)]
    fn a_sentence_opens_an_operation(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_open(text), expected);
    }

    #[rstest]
    #[case("/v1/health", true)]
    #[case("/status", true)]
    #[case("/jobs/{id}/status", false)]
    #[case("/v1/jobs", false)]
    fn anybody_may_ask_whether_a_service_is_there(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(OF_ANYBODY.is_match(path), expected);
    }

    #[rstest]
    #[case(
        "Every request must include your API key in the `X-API-Key` header.",
        true
    )]
    #[case("Authenticate with a bearer token in the Authorization header.", true)]
    #[case(
        "All endpoints require an API key, sent in the `X-API-Key` header.",
        true
    )]
    #[case("All endpoints require authentication. Use a bearer token.", true)]
    #[case("All endpoints are protected by HTTP Basic authentication.", true)]
    #[case("Pass your token as `Authorization: Bearer <token>`.", true)]
    #[case("This API uses HTTP Basic authentication.", true)]
    #[case(
        "Requests are authenticated by `Authorization: Bearer {access_token}`.",
        true
    )]
    #[case("Requests are authenticated by the cookie `session`.", true)]
    #[case(
        "Requests are authenticated either by `Authorization: Bearer <token>` or by the header `X-API-Key: <key>`.",
        true
    )]
    #[case("Use basic auth with your user name and password.", true)]
    #[case("The API key is passed as the query parameter `api_key`.", true)]
    #[case("Append `?api_key=YOUR_KEY` to every request.", true)]
    #[case(
        "Authenticate with the header `PRIVATE-TOKEN: <your_access_token>`.",
        true
    )]
    #[case("Clients authenticate with a client certificate.", true)]
    #[case("The API uses HTTP Digest authentication.", true)]
    #[case("**Authentication:** Bearer token", true)]
    #[case(
        "Every call takes your key in the query: `GET /v1/kilns?key=YOUR_KEY`.",
        true
    )]
    #[case("You can send a bearer token in the Authorization header.", false)]
    #[case("Admin routes are protected with HTTP Basic authentication.", false)]
    #[case("Bearer tokens are described in RFC 6750.", false)]
    #[case("Upload the client certificate of the customer as PDF.", false)]
    #[case(
        "When we call your webhook we send `Authorization: Bearer <token>`.",
        false
    )]
    #[case(
        "All endpoints but the list require a bearer token in `Authorization: Bearer T`.",
        false
    )]
    #[case(
        "Some endpoints require a bearer token, sent as `Authorization: Bearer T`.",
        false
    )]
    #[case("Include the `X-Request-Id` header to trace a request.", false)]
    fn a_page_says_whether_all_need_one(#[case] sentence: &str, #[case] expected: bool) {
        let operation = "## List\n\n`GET /v1/things`\n\n## Add\n\n`POST /v1/things`\n";
        let page = format!("# Things\n\n{sentence}\n\n{operation}");
        let page = crate::page::read("things.md", &page).unwrap();
        let flat: Vec<&Block> = page.blocks.iter().collect();
        let shared: Vec<&Block> = flat.iter().take(2).copied().collect();
        assert_eq!(of_page(&flat, &shared, true).is_needed, expected);
    }

    #[rstest]
    #[case(
        "Send your token as `Authorization: Bearer <token>` and your API key as `X-Api-Key: <key>`.",
        true
    )]
    #[case(
        "Every request carries two headers: `Authorization: Bearer <t>` and `X-Api-Key: <key>`.",
        true
    )]
    #[case(
        "Send `Authorization: Bearer <token>` or your API key as `X-Api-Key: <key>`.",
        false
    )]
    #[case(
        "All requests need authentication: HTTP Basic authentication and bearer tokens are supported.",
        false
    )]
    fn a_page_says_whether_all_are_needed_at_once(#[case] sentence: &str, #[case] expected: bool) {
        let page = format!("# Things\n\n{sentence}\n\n## List\n\n`GET /v1/things`\n");
        let page = crate::page::read("things.md", &page).unwrap();
        let flat: Vec<&Block> = page.blocks.iter().collect();
        let read = of_page(&flat, &flat, false);
        assert_eq!(read.is_all, expected, "{read:?}");
    }
}
