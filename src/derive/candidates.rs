//! The places of a page that state a target. A request line inside an example is none, and neither
//! is a mention in prose.

use std::collections::{BTreeMap, BTreeSet};

use super::action;
use super::called::{Called, badges, called};
use super::curl::Asked;
use super::overview::{end_of_section, to_sections};
use super::path::{made, shape};
use super::section::{Section, section_of};
use super::split::names;
use super::target::{self, Half, Stated};
use crate::page::{Block, BlockKind, Text, plain};

/// How sure it is that a target is the page's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// With a host before it, as examples are written too.
    Full,
    /// A line that is nothing else.
    Plain,
    /// Markup for it: what other lines of the page show is then written for people.
    Markup,
}

/// A place on the page that states a target.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The place of its block.
    pub at: usize,
    pub line: usize,
    pub stated: Stated,
    /// Whether the request has a body, where the page says so beside the target.
    pub has_body: Option<bool>,
    /// Why no request can be made of it, so that it only parts the operations around it.
    pub unread: Option<&'static str>,
    /// Whether it is a row of an overview whose other rows have sections of their own.
    pub is_overview: bool,
    weight: Weight,
    /// Whether it is a block of code.
    is_code: bool,
    told: Told,
}

/// A place that looks like documentation of an operation, and opens none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passed {
    pub line: usize,
    pub method: String,
    pub path: String,
    pub why: &'static str,
}

/// What is found of targets on a page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub candidates: Vec<Candidate>,
    pub passed: Vec<Passed>,
}

/// What the headings and labels above a target say of it.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    /// It stands in a section for it (`URI`).
    in_uri: bool,
    /// The heading above is that of targets and of nothing else: `Endpoints`.
    is_titled: bool,
    /// It is an example of the target: `URL example`.
    is_filled_in: bool,
}

impl Candidate {
    /// Whether the heading above is that of targets and of nothing else.
    pub(super) fn is_titled(&self) -> bool {
        self.told.is_titled
    }

    /// A target that surely is the page's own.
    pub(super) fn plain(at: usize, line: usize, method: &str, path: &str) -> Self {
        Self {
            at,
            line,
            stated: Stated {
                method: method.to_owned(),
                path: path.to_owned(),
                has_host: false,
                has_version: false,
                is_alone: false,
            },
            has_body: None,
            unread: None,
            is_overview: false,
            weight: Weight::Plain,
            is_code: false,
            told: Told::default(),
        }
    }

    /// A line that looks like a target, and none that can be read.
    fn unread(at: usize, line: usize, stated: Stated) -> Self {
        let own = Self::plain(at, line, &stated.method, &stated.path);
        Self {
            stated,
            unread: Some(UNKNOWN_METHOD),
            ..own
        }
    }
}

pattern! {
    /// Headings and labels of examples, beside those that open a section.
    static EXAMPLE = r"(?i)^(?:examples?|samples?)\b\s*(?:$|[:：(\d]|(?:api|curl|http|json|of|usage|calls?|requests?|responses?|payloads?|code|output|body|query|queries)\b)|\b(?:requests?|responses?|usage|calls?|payloads?|code|output|body|curl)\s+(?:examples?|samples?)\W*$|(?:示例|样例|举例)\W*$";
    /// Labels of blocks of code, and of nothing behind these.
    static CODE_SAMPLES = r"(?i)^code (?:samples?|examples?)\W*$";
    /// Sentences that announce one example.
    static ANNOUNCED = r"(?i)(?:\b(?:for example|for instance|e\.?g\.?|example|examples)|例如|比如)\W*$|^(?:an? |the following )?examples?\b.*[:：]\W*$|(?:^|[.;]\s+)(?:for (?:example|instance)|e\.?g\.?),?\s[^.]*[:：]\W*$|(?:^|[。；])(?:例如|比如)[^。]*[:：]\W*$";
    /// Sentences that announce what an answer looks like.
    static ANSWERED = r"(?i)\b(?:respon[sd]|return|repl(?:y|ies)|output|result|answer)|响应|返回|结果";
    /// Sentences that announce the target, or one example.
    static FOLLOWS = r"(?i)\b(?:like this|as follows)\b[^.:：]{0,40}\W*$|如下\W*$";
    /// Labels of the target, whatever the labels before say of what stands below them.
    static TARGETED = r"(?i)^(?:the )?(?:api|endpoint|ur[il]|(?:http )?request(?: ur[il])?)(?: to [^.]{1,60}?)? is(?: as follows)?\s*[:：]?$|^(?:接口|请求)(?:地址|路径|ur[il])?(?:为|如下|为如下)\s*[:：]?$";
    /// Headings and labels of the target with values in it, which some pages state no other way.
    static FILLED_IN = r"(?i)^(?:(?:request\s+)?ur[il]s?\s+(?:examples?|samples?)|(?:examples?|samples?)\s+ur[il]s?)\W*$";
    /// Headings below which a request line with its version is how the page states the target.
    static SYNTAX = r"(?i)^(?:request )?syntax\W*$|^http requests?\W*$|^请求(?:语法|结构|方法|方式)\W*$";
    /// Headings of targets and of nothing else.
    static TITLED = r"(?i)^(?:(?:http|api|rest)\s+)?(?:endpoints?|routes?)(?:\s+ur[il]s?)?$|^paths? and (?:http )?methods?$|^(?:http )?methods? and paths?$|^http requests?$";
    /// Sentences that say of the requests below them that the service makes them.
    static SENT_BY_SERVICE = [
        format!(
            r"(?i)\b(?:we|our (?:servers?|services?|systems?|platform|api)|the (?:servers?|services?|systems?|platform|api|gateway))\s+(?:(?:will|shall|then|also|can)\s+)*(?:sends?|posts?|makes?|delivers?|issues?|performs?|push(?:es)?)\b[^.]{{0,80}}\b(?:to|at|on|against)\s+{RECEIVER}"
        ),
        format!(
            r"\b[A-Z]\w+\s+(?:then\s+|also\s+)?(?:sends|posts|makes|delivers|issues|performs|pushes)\b(?i:[^.]{{0,80}}\b(?:to|at|on|against)\s+{RECEIVER})"
        ),
        format!(r"(?i)\b(?:is|are|will be)\s+(?:sent|posted|delivered|made|pushed)\s+to\s+{RECEIVER}"),
        format!(r"(?i)\b(?:we|which|that|it)\s+(?:will\s+)?(?:calls?|notif(?:y|ies)|invokes?|pings?)\s+{RECEIVER}"),
        r"(?:我们|平台|服务(?:端|器)?|系统)(?:会|将)[^。]{0,40}(?:推送|回调|发送|通知|请求|POST)[^。]{0,30}(?:您|你|商户|接入方|开发者|业务方|第三方)".to_owned(),
    ];
    /// Headings of such requests.
    static WEBHOOKS = r"(?i)^\W*(?:(?:incoming|outgoing|http|event|receiving|handling|sample|the)\s+)*(?:web-?\s?hooks?|call-?\s?backs?|events?|notifications?)(?:\s+(?:requests?|payloads?|bod(?:y|ies)|format|calls?|deliver(?:y|ies)|notifications?|events?))*\W*$|^(?:事件|消息)?(?:回调|推送|通知)(?:通知|请求|说明|接口)?$";
    /// A path at a server of the reader's.
    static AT_RECEIVER = r"(?i)/[{<:]?your[/_-][\w/-]*?(?:web-?hook|callback|hook|endpoint|listener|handler|receiver|notif|path|ur[il]|server)";

    /// Words of a paragraph by which what stands below it is an example.
    static CALLED_EXAMPLE = r"(?i)\b(?:for (?:example|instance)|e\.?g\.?|such as)\b|例如|比如";
    static LITERAL = r"\d";
    /// A version of the whole, which is no value of a parameter.
    static VERSION = r"^v\d+(?:\.\d+)*$";
    /// A path with values in it.
    static FILLED = r"/\d+(?:[/?]|$)|[?&][\w.-]+=[\w.%+-]";
}

/// What the reader runs, as sentences call it.
const RECEIVER: &str = r"(?:the (?:ur[il]|endpoint|address) (?:that |which )?you\b|your\s+(?:own\s+)?(?:[\w-]+\s+){0,2}(?:servers?|endpoints?|ur[il]s?|apps?|applications?|backend|site|website|host|service|webhooks?|callbacks?|listeners?|systems?)\b)";

/// Whether a heading is that of targets and of nothing else.
pub(super) fn titles_targets(heading: &str) -> bool {
    TITLED.is_match(heading.trim())
}

/// The targets of a page in its order, and what looks like one.
pub(super) fn candidates(flat: &[&Block]) -> Found {
    let mut finder = Finder::default();
    for (at, block) in flat.iter().enumerate() {
        finder.block(at, block);
    }
    finder.take_relative();
    let mut unread = std::mem::take(&mut finder.unread);
    let mut passed = std::mem::take(&mut finder.passed);
    let mut candidates = chosen(flat, finder, &mut passed, &mut unread);
    // Where two lines of a block look like one, one of them has been read.
    let known: BTreeSet<usize> = candidates.iter().map(|own| own.at).collect();
    candidates.extend(unread.into_iter().filter(|own| !known.contains(&own.at)));
    to_sections(flat, &mut candidates);
    candidates.sort_by_key(|own| own.at);
    passed.sort_by_key(|own| own.line);
    Found { candidates, passed }
}

/// Which of what states targets are those of the page's operations.
fn chosen(
    flat: &[&Block],
    finder: Finder<'_>,
    passed: &mut Vec<Passed>,
    unread: &mut Vec<Candidate>,
) -> Vec<Candidate> {
    if finder.found.is_empty() {
        let badges = badges(flat);
        if !badges.is_empty() {
            return badges;
        }
        let actions = action::targets(flat);
        return if actions.is_empty() {
            called(flat, finder.called, passed)
        } else {
            actions
        };
    }
    let best = finder.found.iter().map(|own| own.weight).max();
    let mut found = finder.found;
    let opens = below_headings_of_markup(flat, &found);
    let is_beside = |own: &Candidate| {
        own.weight == Weight::Plain && !own.stated.path.contains('?') && opens.contains(&own.at)
    };
    let plain: BTreeSet<(String, String)> = found
        .iter()
        .filter(|own| own.weight == Weight::Plain)
        .map(|own| named(&own.stated))
        .collect();
    // Some pages write the version behind most targets and leave it out behind a few.
    let is_whole =
        |own: &Candidate| own.stated.has_version && own.stated.is_alone && !own.stated.has_host;
    let whole = found.iter().filter(|own| is_whole(own)).count();
    let is_usual = whole > plain.len();
    let is_another =
        |own: &Candidate| is_usual && is_whole(own) && !plain.contains(&named(&own.stated));
    let all = found.clone();
    // A host is no sign of an example where a heading says that the target stands below it, or where
    // the target has something to fill in and begins a section.
    let is_own = |own: &Candidate| {
        let begins = |at: usize| {
            let above = at.checked_sub(1).and_then(|at| flat.get(at));
            above.is_some_and(|block| match &block.kind {
                BlockKind::Heading { text, .. } => names(text),
                _ => false,
            })
        };
        own.stated.has_host
            && !own.stated.has_version
            && (own.told.is_titled || begins(own.at) && target::is_open(&own.stated.path))
    };
    found.retain(|own| {
        Some(own.weight) == best
            || best == Some(Weight::Plain) && is_own(own)
            || best == Some(Weight::Markup) && is_beside(own)
            || best == Some(Weight::Plain) && is_another(own)
    });
    let kept: BTreeSet<usize> = found.iter().map(|own| own.at).collect();
    let is_apart = |own: &Candidate| own.stated.has_host && tells_of_another(flat, own.at, &kept);
    let (apart, beside): (Vec<Candidate>, Vec<Candidate>) = all
        .into_iter()
        .partition(|own| !kept.contains(&own.at) && is_apart(own));
    passed.extend(others(&beside, &found));
    unread.extend(apart.into_iter().map(|own| Candidate {
        unread: Some(HAS_HOST),
        ..own
    }));
    if best == Some(Weight::Full) && found.iter().any(|own| own.told.in_uri) {
        found.retain(|own| own.told.in_uri);
    }
    if found.iter().any(|own| !own.told.is_filled_in) {
        found.retain(|own| !own.told.is_filled_in);
    }
    // Beside headings that say where the targets stand, code with nothing to fill in is an example.
    if found.iter().any(|own| own.told.is_titled) {
        let is_open = |path: &str| path.contains(['{', '<']) || path.contains("/:");
        found.retain(|own| own.told.is_titled || !own.is_code || is_open(&own.stated.path));
    }
    let found = without_examples(found);
    let (examples, found): (Vec<Candidate>, Vec<Candidate>) = {
        let shown = shown_below(flat, &found);
        found.into_iter().partition(|own| shown.contains(&own.at))
    };
    passed.extend(examples.into_iter().map(|own| Passed {
        line: own.line,
        method: own.stated.method,
        path: own.stated.path,
        why: "it fills in the target above it, as an example does",
    }));
    found
}

/// Whether the section that a place stands in names an operation, and none of the targets that are
/// kept is in it.
fn tells_of_another(flat: &[&Block], at: usize, kept: &BTreeSet<usize>) -> bool {
    let heading = (0..at).rev().find(|at| {
        flat.get(*at).is_some_and(|block| match &block.kind {
            BlockKind::Heading { text, .. } => names(text) && !shows(&text.plain),
            _ => false,
        })
    });
    heading.is_some_and(|heading| {
        let end = end_of_section(flat, heading);
        kept.range(heading..end).next().is_none()
    })
}

/// The places of targets that fill in what the target before has as the last part of its path, below
/// the same heading: `GET /refs/heads/x` behind `GET /refs/{ref}`, which no part of a path can hold,
/// or one that a paragraph calls an example.
fn shown_below(flat: &[&Block], found: &[Candidate]) -> BTreeSet<usize> {
    let parts = |own: &Candidate| -> Vec<String> {
        let path = made(&own.stated.method, &own.stated.path, 0, "").path;
        path.split('/').map(str::to_owned).collect()
    };
    let mut shown = BTreeSet::new();
    let mut first: Option<&Candidate> = None;
    for own in found {
        let Some(before) = first.filter(|before| before.stated.method == own.stated.method) else {
            first = Some(own);
            continue;
        };
        let between = flat.get(before.at + 1..own.at).unwrap_or_default();
        let is_below = !between.is_empty()
            && !between
                .iter()
                .any(|block| matches!(block.kind, BlockKind::Heading { .. }));
        let told = between.last().is_some_and(|block| match &block.kind {
            BlockKind::Paragraph(text) => CALLED_EXAMPLE.is_match(&text.plain),
            _ => false,
        });
        let (template, path) = (parts(before), parts(own));
        let fills = template.split_last().is_some_and(|(last, head)| {
            let rest = path.strip_prefix(head).unwrap_or_default();
            last.starts_with('{')
                && !rest.is_empty()
                && rest
                    .iter()
                    .all(|part| !part.contains('{') && !part.is_empty())
                && head.iter().any(|part| part.starts_with('{'))
                && (rest.len() > 1 || told)
        });
        if is_below && fills {
            shown.insert(own.at);
        } else {
            first = Some(own);
        }
    }
    shown
}

/// What is left out because a host stands before it, as in an example, or because the page has markup
/// for its targets, and what can be no example of a target that is kept.
fn others(all: &[Candidate], kept: &[Candidate]) -> Vec<Passed> {
    let parts = |own: &Candidate| -> Vec<String> {
        let path = made(&own.stated.method, &own.stated.path, 0, "").path;
        shape(&path).split('/').map(str::to_owned).collect()
    };
    // By the last part of the path: what is looked through stays short on long pages.
    let mut known: BTreeMap<(&str, String), BTreeSet<Vec<String>>> = BTreeMap::new();
    for own in kept {
        let own_parts = parts(own);
        let last = own_parts.last().cloned().unwrap_or_default();
        let same = known.entry((&own.stated.method, last)).or_default();
        same.insert(own_parts);
    }
    let is_shown = |own: &Candidate| {
        let own_parts = parts(own);
        let last = own_parts.last().cloned().unwrap_or_default();
        let method = own.stated.method.as_str();
        [last, "{}".to_owned()]
            .into_iter()
            .filter_map(|last| known.get(&(method, last)))
            .flatten()
            .any(|kept| {
                let both = kept.iter().rev().zip(own_parts.iter().rev());
                let is_within = kept.len() <= own_parts.len() || kept.len() == 1;
                // The first part is the empty one before the slash.
                is_within
                    && both
                        .take(kept.len().saturating_sub(1))
                        .all(|(kept, own)| kept == "{}" || kept == own)
            })
    };
    let why = |own: &Candidate| {
        if own.stated.has_host {
            HAS_HOST
        } else {
            "the page states its other operations in another way"
        }
    };
    let places: BTreeSet<usize> = kept.iter().map(|own| own.at).collect();
    all.iter()
        .filter(|own| !places.contains(&own.at) && !own.told.is_filled_in && !is_shown(own))
        .map(|own| Passed {
            line: own.line,
            method: own.stated.method.clone(),
            path: own.stated.path.clone(),
            why: why(own),
        })
        .collect()
}

/// What a target is, whatever its parameters are called.
pub(super) fn named(stated: &Stated) -> (String, String) {
    let path = made(&stated.method, &stated.path, 0, "").path;
    (stated.method.clone(), shape(&path))
}

/// The places right below a heading of the kind that has markup for a target below it elsewhere: a
/// section that states its target otherwise is an operation all the same.
fn below_headings_of_markup(flat: &[&Block], found: &[Candidate]) -> BTreeSet<usize> {
    let mut above = None;
    let levels: Vec<Option<usize>> = flat
        .iter()
        .map(|block| {
            let before = above;
            if let BlockKind::Heading { level, .. } = &block.kind {
                above = Some(usize::from(*level));
            }
            before
        })
        .collect();
    let level = |at: usize| levels.get(at).copied().flatten();
    let marked: BTreeSet<usize> = found
        .iter()
        .filter(|own| own.weight == Weight::Markup)
        .filter_map(|own| level(own.at))
        .collect();
    let is_heading = |at: usize| {
        let block = flat.get(at);
        block.is_some_and(|block| matches!(block.kind, BlockKind::Heading { .. }))
    };
    let places: BTreeSet<usize> = found
        .iter()
        .filter(|own| own.weight == Weight::Markup)
        .map(|own| own.at)
        .collect();
    // A section of a name of its own, with none of the markup in it, is one too.
    let is_apart = |heading: usize| {
        let Some(BlockKind::Heading { text, .. }) = flat.get(heading).map(|block| &block.kind)
        else {
            return false;
        };
        let end = end_of_section(flat, heading);
        names(text) && !shows(&text.plain) && places.range(heading..end).next().is_none()
    };
    (1..flat.len())
        .filter(|at| is_heading(at - 1))
        .filter(|at| level(*at).is_some_and(|own| marked.contains(&own)) || is_apart(at - 1))
        .collect()
}

/// Leaves out what fills in what the page states too: `/jobs/7` beside `/jobs/{job}`, `/jobs?a=b`
/// beside `/jobs`.
fn without_examples(found: Vec<Candidate>) -> Vec<Candidate> {
    let paths: Vec<(String, Vec<String>)> = found
        .iter()
        .map(|own| {
            let path = made(&own.stated.method, &own.stated.path, 0, "").path;
            let segments = shape(&path).split('/').map(str::to_owned).collect();
            (own.stated.method.clone(), segments)
        })
        .collect();
    let is_queried = |own: &Candidate| own.stated.path.contains('?');
    let plain: BTreeSet<(&str, String)> = found
        .iter()
        .zip(&paths)
        .filter(|(own, _)| !is_queried(own))
        .map(|(_, (method, segments))| (method.as_str(), segments.join("/")))
        .collect();
    let mut by_length: BTreeMap<(&str, usize), Vec<&[String]>> = BTreeMap::new();
    for (method, segments) in &paths {
        let same = by_length.entry((method, segments.len())).or_default();
        if same.len() < 200 && segments.iter().any(|segment| segment == "{}") {
            same.push(segments);
        }
    }
    let fills = |(method, segments): &(String, Vec<String>)| {
        by_length
            .get(&(method.as_str(), segments.len()))
            .is_some_and(|templates| {
                templates.iter().any(|template| {
                    // A word in the place of an id may be a collection of its own.
                    let mut is_literal = false;
                    template.iter().zip(segments).all(|(own, segment)| {
                        is_literal |=
                            own == "{}" && LITERAL.is_match(segment) && !VERSION.is_match(segment);
                        own == "{}" || own == segment
                    }) && is_literal
                })
            })
    };
    let kept: Vec<bool> = found
        .iter()
        .zip(&paths)
        .map(|(own, path)| {
            let is_filled = is_queried(own)
                && FILLED.is_match(&own.stated.path)
                && plain.contains(&(path.0.as_str(), path.1.join("/")));
            !is_filled && !fills(path)
        })
        .collect();
    found
        .into_iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(own, _)| own)
        .collect()
}

/// What labels say of what stands below them.
#[derive(Debug, Clone, Copy, Default)]
struct Labels {
    /// Examples or answers.
    shows: bool,
    /// The place of the block of code that has such a label, as pages have it that put examples
    /// before the target.
    shown: Option<usize>,
    /// Blocks of code that show calls, as generators put them before the target.
    shows_code: bool,
    /// The syntax of the request.
    syntax: bool,
    /// The target.
    told: Told,
}

/// What announces requests that the service makes, which are none of its operations.
#[derive(Debug, Clone, Copy, Default)]
struct OfService {
    /// The section that the block stands in.
    in_section: bool,
    /// The block before this one.
    here: bool,
    /// This block, of the one below it.
    next: bool,
}

/// Looks for targets block by block.
#[derive(Default)]
struct Finder<'p> {
    /// The headings around: level, and whether examples or answers stand below.
    around: Vec<(u8, bool)>,
    /// What the labels since the last heading say.
    labels: Labels,
    /// Whether the block before announces one example.
    announced: bool,
    /// What announces a request that the service makes.
    service: OfService,
    /// Whether the block before announces the target, or one example of it.
    follows: bool,
    /// The last heading or label.
    label: &'p str,
    /// The last heading.
    heading: &'p str,
    /// The path that the page says all operations stand below.
    base: &'p str,
    /// The level of a heading that is a path, and the path.
    path_heading: Option<(u8, &'p str)>,
    /// A method that stands alone in the block before.
    bare: Option<(usize, String)>,
    method: Option<(usize, String)>,
    path: Option<(usize, usize, String, bool)>,
    found: Vec<Candidate>,
    /// Targets without a slash before their path.
    relative: Vec<(usize, usize, Stated)>,
    /// The place of the last heading.
    below: usize,
    called: Vec<Called>,
    unread: Vec<Candidate>,
    passed: Vec<Passed>,
}

impl<'p> Finder<'p> {
    fn block(&mut self, at: usize, block: &'p Block) {
        let announced = std::mem::take(&mut self.announced);
        let follows = std::mem::take(&mut self.follows);
        self.service.here = std::mem::take(&mut self.service.next);
        match &block.kind {
            BlockKind::Heading { level, text } => {
                let bare = self.bare.take().filter(|(before, _)| before + 1 == at);
                self.heading(*level, &text.plain);
                self.below = at;
                let mut stated = target::of_heading(&text.plain);
                if stated.is_empty() {
                    stated = target::of_code_in_heading(text);
                }
                // The path may be marked up as a heading too.
                let below =
                    bare.and_then(|(_, method)| target::with_bare_path(&method, &text.plain));
                stated.extend(below.filter(|_| stated.is_empty()));
                stated.extend(self.below_path(*level, &text.plain));
                if stated.is_empty() && !self.half(at, block.line, &text.plain, false) {
                    self.like_heading(at, block.line, &text.plain);
                }
                self.add(at, block.line, stated, false);
                self.label = &text.plain;
                self.heading = &text.plain;
            }
            BlockKind::Paragraph(text) => self.paragraph(at, block.line, text, announced),
            BlockKind::Code { text, .. } => {
                let announced = announced || self.labels.shows_code;
                if self.labels.shows {
                    self.labels.shown = Some(at);
                }
                let mut stated = target::of_code(text);
                if stated.is_empty() && self.labels.told.is_titled {
                    stated = target::of_relative(text);
                }
                if stated.is_empty() {
                    self.like(at, block.line, text, announced);
                }
                stated.retain(|own| !follows || !FILLED.is_match(&own.path));
                if stated.is_empty() {
                    self.relative(at, block.line, text, announced || follows);
                }
                self.add_of(at, block.line, stated, (announced, true));
                self.half(at, block.line, text.trim(), announced);
                if !self.is_example(announced)
                    && let Some(asked) = super::curl::target(text).filter(target::is_whole)
                {
                    self.called.push(Called {
                        at,
                        line: block.line,
                        heading: self.below,
                        asked,
                    });
                }
            }
            BlockKind::List(items) => {
                let texts: Vec<String> = items.iter().take(20).map(|item| plain(item)).collect();
                let own = |item: &Vec<Block>| match item.as_slice() {
                    [
                        Block {
                            kind: BlockKind::Paragraph(text),
                            ..
                        },
                    ] => target::of_titled(text),
                    _ => Vec::new(),
                };
                let stated: Vec<Vec<Stated>> = texts
                    .iter()
                    .zip(items)
                    .map(|(text, item)| match target::of_line(text) {
                        stated if stated.is_empty() => own(item),
                        stated => stated,
                    })
                    .collect();
                // Several are an overview, but below a heading for them.
                let count = stated.iter().filter(|own| !own.is_empty()).count();
                let are_all = self.labels.told.is_titled && count == items.len();
                if count == 1 || are_all {
                    self.past_shown(&stated.concat());
                    self.add(at, block.line, stated.concat(), announced);
                } else {
                    for text in &texts {
                        self.half(at, block.line, text, announced);
                    }
                }
            }
            // Markup may show a call too.
            BlockKind::Target { path, .. }
                if self.is_example(announced) && FILLED.is_match(path) => {}
            BlockKind::Target { method, path } => {
                let own = Candidate::plain(at, block.line, method, path);
                if target::is_known(method) {
                    self.found.push(Candidate {
                        weight: Weight::Markup,
                        ..own
                    });
                } else {
                    self.unread.push(Candidate {
                        unread: Some(UNKNOWN_METHOD),
                        ..own
                    });
                }
            }
            BlockKind::Unread(_) => self.announced = announced,
            BlockKind::Table(table) => {
                if self.is_example(announced) {
                    return;
                }
                for (line, stated, has_body) in target::of_table(table, self.base) {
                    self.found.push(Candidate {
                        at,
                        line,
                        weight: weight(&stated),
                        stated,
                        has_body,
                        unread: None,
                        is_overview: false,
                        is_code: false,
                        told: self.labels.told,
                    });
                }
                let rows = target::unread_rows(table);
                self.passed
                    .extend(rows.into_iter().map(|(line, own)| Passed {
                        line,
                        method: own.method,
                        path: own.path,
                        why: UNKNOWN_METHOD,
                    }));
            }
        }
    }

    /// Keeps a target that is stated without a slash before its path.
    fn relative(&mut self, at: usize, line: usize, text: &str, announced: bool) {
        if !self.is_example(announced) {
            let stated = target::of_relative(text).into_iter();
            self.relative.extend(stated.map(|own| (at, line, own)));
        }
    }

    /// Takes the targets without a slash that begin as those of the page do which have one, and have
    /// no value in what is their own.
    fn take_relative(&mut self) {
        let is_own = |stated: &Stated| {
            let shared = self.found.iter().map(|own| {
                let pairs = own.stated.path.split('/').zip(stated.path.split('/'));
                pairs.take_while(|(one, other)| one == other).count()
            });
            let shared = shared.max().unwrap_or(0);
            let rest: Vec<&str> = stated.path.split('/').skip(shared).collect();
            shared > 1 && !FILLED.is_match(&format!("/{}", rest.join("/")))
        };
        let own: Vec<_> = self
            .relative
            .iter()
            .filter(|(.., stated)| is_own(stated))
            .cloned()
            .collect();
        let own = own
            .into_iter()
            .map(|(at, line, Stated { method, path, .. })| {
                Candidate::plain(at, line, &method, &path)
            });
        self.found.extend(own);
        self.found.sort_by_key(|own| own.at);
    }

    /// A line that looks like a target, and is none that can be read.
    fn like(&mut self, at: usize, line: usize, text: &str, announced: bool) {
        if self.is_example(announced) {
            return;
        }
        if let Some(stated) = target::like(text) {
            let own = Candidate::unread(at, line, stated);
            self.unread.push(Candidate {
                unread: Some(if target::is_struck(text) {
                    STRUCK_OUT
                } else {
                    UNKNOWN_METHOD
                }),
                ..own
            });
        }
    }

    /// The target of a heading that is a method, below one that is a path.
    fn below_path(&mut self, level: u8, text: &'p str) -> Option<Stated> {
        self.path_heading = self.path_heading.filter(|(known, _)| *known < level);
        if let Some((_, path)) = self.path_heading {
            return target::with_bare_path(&target::method_of_heading(text)?, path);
        }
        let is_path = target::with_bare_path("GET", text).is_some();
        self.path_heading = is_path.then_some((level, text));
        None
    }

    /// A heading that begins as one that states a target does.
    fn like_heading(&mut self, at: usize, line: usize, text: &str) {
        if self.is_example(false) {
            return;
        }
        if target::begins_heading(text) {
            let (method, path) = text.trim().split_once('/').unwrap_or((text, ""));
            let stated = Candidate::plain(at, line, method.trim(), &format!("/{path}")).stated;
            self.unread.push(Candidate::unread(at, line, stated));
        } else {
            self.like(at, line, text, false);
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.around.retain(|(known, _)| *known < level);
        let shows = shows(text);
        self.around.push((level, shows));
        self.labels.shows = false;
        self.labels.shown = None;
        self.labels.shows_code = false;
        self.labels.told.in_uri = section_of(text) == Some(Section::Uri);
        self.service.in_section = false;
        self.labels.syntax = SYNTAX.is_match(text);
        self.labels.told.is_filled_in = FILLED_IN.is_match(text);
        self.labels.told.is_titled = titles_targets(text);
        if !target::titles_half(text) {
            self.method = None;
            self.path = None;
        }
    }

    fn paragraph(&mut self, at: usize, line: usize, own: &'p Text, announced: bool) {
        let text = own.plain.as_str();
        let mut stated = target::of_line(text);
        if stated.is_empty() {
            stated = target::of_titled(own);
        }
        self.past_shown(&stated);
        if let Some(base) = target::base(text) {
            self.base = base;
        }
        let bare = self.bare.take();
        if let Some((_, method)) = bare.filter(|(before, _)| before + 1 == at) {
            stated.extend(target::with_bare_path(&method, text));
        }
        self.bare = target::bare_method(text).map(|method| (at, method));
        if stated.is_empty() {
            if !self.half(at, line, text, announced) {
                self.like(at, line, text, announced);
            }
            self.relative(at, line, text, announced);
            if text.len() <= 60 && CODE_SAMPLES.is_match(text.trim()) {
                self.labels.shows_code = true;
            } else if text.len() <= 60 && shows(text) {
                self.labels.shows = true;
                self.labels.shown = None;
            }
            if text.len() <= 400 {
                self.announced =
                    ANNOUNCED.is_match(text) || (FOLLOWS.is_match(text) && ANSWERED.is_match(text));
                self.follows = FOLLOWS.is_match(text);
            }
            if SENT_BY_SERVICE.iter().any(|own| own.is_match(text)) {
                self.service.in_section |= WEBHOOKS.is_match(self.heading);
                self.service.next = text.trim_end().ends_with([':', '：']);
            }
            if text.len() <= 100 && TARGETED.is_match(text.trim()) {
                self.labels.shows = false;
                self.announced = false;
            }
            if text.len() <= 60 {
                self.labels.told.in_uri |= section_of(text) == Some(Section::Uri);
                self.labels.syntax |= SYNTAX.is_match(text);
                self.labels.told.is_filled_in |= FILLED_IN.is_match(text);
                self.label = text;
            }
        }
        self.add(at, line, stated, announced);
    }

    /// A label of examples ends behind its code where the first target of the section stands below,
    /// which is no code itself.
    fn past_shown(&mut self, stated: &[Stated]) {
        let is_first = self.found.last().is_none_or(|last| last.at < self.below);
        let has_value = stated.iter().any(|own| target::has_value(&own.path));
        if !stated.is_empty() && self.labels.shown.is_some() && is_first && !has_value {
            self.labels.shows = false;
        }
    }

    fn is_example(&self, announced: bool) -> bool {
        announced || self.labels.shows || self.around.iter().any(|(_, shows)| *shows)
    }

    fn add(&mut self, at: usize, line: usize, stated: Vec<Stated>, announced: bool) {
        self.add_of(at, line, stated, (announced, false));
    }

    fn add_of(
        &mut self,
        at: usize,
        line: usize,
        stated: Vec<Stated>,
        (announced, is_code): (bool, bool),
    ) {
        if self.is_example(announced) {
            return;
        }
        for own in stated {
            if own.has_version && !own.is_alone && !self.labels.syntax {
                // Where a page states its targets in no other way, a whole request does.
                if is_code {
                    self.called.push(Called {
                        at,
                        line,
                        heading: self.below,
                        asked: Asked {
                            method: own.method,
                            path: own.path,
                            host: String::new(),
                        },
                    });
                }
                continue;
            }
            let told = self.service.in_section && !own.path.to_lowercase().contains("hook");
            if told || self.service.here || AT_RECEIVER.is_match(&own.path) {
                let unread = Candidate::unread(at, line, own);
                self.unread.push(Candidate {
                    unread: Some(OF_SERVICE),
                    ..unread
                });
                continue;
            }
            self.found.push(Candidate {
                at,
                line,
                weight: weight(&own),
                stated: own,
                has_body: None,
                unread: None,
                is_overview: false,
                is_code,
                told: self.labels.told,
            });
        }
    }

    /// A text that states the method or the path of a target alone; whether it is one.
    fn half(&mut self, at: usize, line: usize, text: &str, announced: bool) -> bool {
        if self.is_example(announced) {
            return false;
        }
        let half = target::labelled_half(text).or_else(|| target::half_below(self.label, text));
        match half {
            Some(Half::Method(method)) => self.method = Some((at, method)),
            Some(Half::Path(path, has_host)) => self.path = Some((at, line, path, has_host)),
            None => return false,
        }
        if let (Some((first, method)), Some((second, line, path, has_host))) =
            (&self.method, &self.path)
        {
            let stated = Stated {
                method: method.clone(),
                path: path.clone(),
                has_host: *has_host,
                has_version: false,
                is_alone: false,
            };
            // Beside labels of both, a host does not make an example of it.
            let weight = if target::has_value(path) {
                weight(&stated)
            } else {
                Weight::Plain
            };
            self.found.push(Candidate {
                at: *first.min(second),
                line: *line,
                weight,
                stated,
                has_body: None,
                unread: None,
                is_overview: false,
                is_code: false,
                told: self.labels.told,
            });
            self.method = None;
            self.path = None;
        }
        true
    }
}

/// Why a line that looks like a target opens no operation.
pub(super) const UNKNOWN_METHOD: &str = "its method is not known, or the line is not understood";

/// The same of a line that a page crosses out.
const STRUCK_OUT: &str = "it is struck out";

/// The same of a target with a host before it.
const HAS_HOST: &str = "a host stands before it, as in an example, and before the others none does";

/// The same of what the page calls a request of the service's own.
const OF_SERVICE: &str = "it is what the service sends, and no operation of its own";

fn weight(stated: &Stated) -> Weight {
    if stated.has_host || stated.has_version {
        Weight::Full
    } else {
        Weight::Plain
    }
}

/// Whether examples or answers stand below a heading or label.
pub(super) fn shows(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '`', ' ']);
    match section_of(text) {
        Some(
            Section::RequestExample
            | Section::ResponseExample
            | Section::Example
            | Section::Response
            | Section::AbnormalResponse
            | Section::StatusCodes
            | Section::ErrorCodes,
        ) => true,
        Some(Section::Uri | Section::Request) => false,
        _ => EXAMPLE.is_match(text),
    }
}
