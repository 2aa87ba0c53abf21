//! Looks for targets block by block, with what the headings and labels around say of them.

mod halves;

use super::{
    Candidate, FILLED, OF_SERVICE, Passed, STRUCK_OUT, Told, UNKNOWN_METHOD, Weight, shows,
    titles_targets,
};
use crate::derive::called::Called;
use crate::derive::curl::{self, Asked};
use crate::derive::section::{Section, section_of};
use crate::derive::target::{self, Stated};
use crate::page::{Block, BlockKind, Text, plain};

phrases! {
    Announcements:

    /// Labels of blocks of code, and of nothing behind these.
    static CODE_SAMPLES;

    /// Sentences that announce one example.
    static ANNOUNCED;

    /// Sentences that announce what an answer looks like.
    static ANSWERED;

    /// Sentences that announce the target, or one example.
    static FOLLOWS;

    /// Labels of the target, whatever the labels before say of what stands below them.
    static TARGETED;

    /// Headings and labels of the target with values in it, which some pages state no other way.
    static FILLED_IN;

    /// Headings below which a request line with its version is how the page states the target.
    static SYNTAX;

    /// Headings of such requests.
    static WEBHOOKS;

    /// A path at a server of the reader's.
    static AT_RECEIVER;

    /// Sentences that say of the requests below them that the service makes them.
    static SENT_BY_SERVICE;
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
pub(super) struct Finder<'p> {
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
    /// Whether a heading has been passed.
    is_begun: bool,
    /// The level of a heading that is a path, and the path.
    path_heading: Option<(u8, &'p str)>,
    /// A method that stands alone in the block before.
    bare: Option<(usize, String)>,
    method: Option<(usize, String)>,
    path: Option<(usize, usize, String, bool)>,
    pub(super) found: Vec<Candidate>,
    /// Targets without a slash before their path.
    pub(super) relative: Vec<(usize, usize, Stated)>,
    /// Targets that a sentence of prose states.
    pub(super) prose: Vec<Candidate>,
    /// The place of the last heading.
    below: usize,
    pub(super) called: Vec<Called>,
    pub(super) unread: Vec<Candidate>,
    pub(super) passed: Vec<Passed>,
}

impl<'p> Finder<'p> {
    pub(super) fn block(&mut self, at: usize, block: &'p Block) {
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
                    match target::method_of_heading(&text.plain) {
                        // The path may stand behind a label below it.
                        Some(method) => self.method = Some((at, method)),
                        None => self.like_heading(at, block.line, &text.plain),
                    }
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
                    && let Some(asked) = curl::target(text).filter(target::is_whole)
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
                let methods = self.methods_of_path(&texts);
                if !methods.is_empty() {
                    self.add(at, block.line, methods, announced);
                    return;
                }
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
                    self.past_shown(&stated.concat(), false);
                    self.add(at, block.line, stated.concat(), announced);
                } else {
                    for text in &texts {
                        self.half(at, block.line, text, announced);
                    }
                    if let [only] = texts.as_slice() {
                        self.like(at, block.line, only, announced);
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
                        has_body,
                        statuses: target::statuses_of_row(table, line),
                        told: self.labels.told,
                        ..Candidate::of(at, line, stated)
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

    /// Keeps a target that a sentence states beside other things.
    fn prose(&mut self, at: usize, line: usize, text: &str, announced: bool) {
        let is_of_service = self.service.in_section || self.service.here;
        if !self.is_example(announced) && !is_of_service && !SENT_BY_SERVICE.is_match(text) {
            let stated = target::of_prose(text).filter(|own| !AT_RECEIVER.is_match(&own.path));
            let own = stated.map(|own| Candidate::of(at, line, own));
            self.prose.extend(own);
        }
    }

    /// Takes the targets without a slash that begin as those of the page do which have one, and have
    /// no value in what is their own.
    pub(super) fn take_relative(&mut self) {
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

    /// The targets of a list of methods, below a heading that is a path and a label of methods.
    fn methods_of_path(&self, items: &[String]) -> Vec<Stated> {
        let Some((_, path)) = self
            .path_heading
            .filter(|_| target::titles_method(self.label))
        else {
            return Vec::new();
        };
        let stated = |item: &String| target::with_bare_path(&target::leading_method(item)?, path);
        let all: Option<Vec<Stated>> = items.iter().map(stated).collect();
        all.unwrap_or_default()
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
        // The first heading of a page may be of things that are called so.
        let is_title = std::mem::replace(&mut self.is_begun, true);
        let is_title = !is_title && text.trim().eq_ignore_ascii_case("samples");
        let shows = shows(text) && !is_title;
        self.around.push((level, shows));
        self.labels.shows = false;
        self.labels.shown = None;
        self.labels.shows_code = false;
        self.labels.told.in_uri = section_of(text) == Some(Section::Uri);
        self.service.in_section = false;
        self.labels.syntax = SYNTAX.is_match(text);
        self.labels.told.is_filled_in = FILLED_IN.is_match(text);
        self.labels.told.is_titled = titles_targets(text);
        if !target::leads_to_half(text) {
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
        if stated.is_empty() && self.is_begun && at == self.below + 1 {
            stated = target::in_small_letters(text);
        }
        self.past_shown(&stated, is_set_off(own));
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
            self.prose(at, line, text, announced);
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
            if SENT_BY_SERVICE.is_match(text) {
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
    /// which is no code itself, or one that is a paragraph of its own, set off as a heading is.
    fn past_shown(&mut self, stated: &[Stated], is_set_off: bool) {
        let is_first = is_set_off || self.found.last().is_none_or(|last| last.at < self.below);
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
        let is_first = self.found.last().is_none_or(|last| last.at < self.below);
        for mut own in stated {
            // Below a label of the request the whole request is how the page states it, if nothing
            // else does in its section, and it has no value in its path.
            let is_open = !own.has_host && !FILLED.is_match(&own.path);
            own.has_version &= !(self.labels.syntax && is_first && is_open);
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
                is_code,
                told: self.labels.told,
                ..Candidate::of(at, line, own)
            });
        }
    }
}

/// Whether a paragraph holds nothing but what is set off.
fn is_set_off(text: &Text) -> bool {
    text.marked > 0 && text.marked >= text.plain.trim_end().len()
}
