//! API Blueprints (format 1A) as Markdown: headings such as `Tasks [/tasks{?page}]` and `List [GET]`
//! become headings with a target, the lists below them tables. What else stands there is left as it
//! is, and each line keeps the number that it has.
//!
//! Read are the sections of the specification of API Blueprint 1A and of MSON: resources, actions,
//! parameters, attributes, requests, responses, models and data structures.

mod item;
mod property;
mod tables;

use std::collections::BTreeMap;

use self::item::{Item, NO_LIST, begins, read};
use self::property::Property;
use self::tables::{Lines, Types};

/// A source as Markdown.
pub(super) struct Rewritten {
    /// The text.
    pub text: String,
    /// For each of its lines, the line of the source that it is of, from 1 on.
    pub lines: Vec<usize>,
}

pattern! {
    static FORMAT = r"(?i)\A\s*FORMAT:\s*(?:X-)?1A\b";

    /// A resource: a title, and a template of a path.
    static RESOURCE = r"^(?P<title>.*?)\s*\[(?P<path>/[^\]]*)\]$";

    /// An action: a title, a method, and maybe a path of its own.
    static ACTION = r"^(?P<title>.*?)\s*\[(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:\s+(?P<path>/[^\]]*))?\]$";

    /// A method for a heading.
    static METHOD = r"^(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:\s+(?P<path>/\S*))?$";

    /// The parts of a template that are no part of the path.
    static FORM = r"\{(?P<kind>[?&#])(?P<names>[^}]*)\}";

    /// Its answers and headings, where no line says the format: other pages begin no list with a plus.
    static RESPONSE = r"(?m)^\+\s+Response\s+[1-5]\d\d\b";
    static HEADED = r"(?m)^#{1,6}\s.*\[(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:\s+/[^\]]*)?|/[^\]]*)\]\s*$";

    static GROUP = r"(?i)^Group\s+(?P<name>.+)$";

    static DATA = r"(?i)^Data\s+Structures?$";

    /// A named type: its name, and what it is made of.
    static TYPE = r"^(?P<name>[^(\[]+?)\s*(?:\((?P<kind>[^)]*)\)?)?$";

    /// A reference to the model of a resource.
    static MODEL = r"^\[(?P<name>[^\]]+)\]\[\]$";

    /// A message: its status, and the media type.
    static MESSAGE = r"^(?P<what>[^(]*?)\s*(?:\((?P<media>[^)]*)\))?$";
}

/// Whether a text is an API Blueprint.
pub(super) fn is_blueprint(text: &str) -> bool {
    FORMAT.is_match(text) || (RESPONSE.is_match(text) && HEADED.is_match(text))
}

/// A part of the source.
enum Part<'s> {
    Heading {
        line: usize,
        level: usize,
        text: &'s str,
    },
    Text(usize, &'s str),
    /// A list, whose items are sections or fields.
    List(Item),
}

/// A text as Markdown, where it is an API Blueprint.
pub(super) fn rewrite(source: &str) -> Option<Rewritten> {
    if !is_blueprint(source) {
        return None;
    }
    let parts = parts(source);
    let mut writer = Writer {
        types: types(&parts),
        models: models(&parts),
        out: Lines::new(),
        resource: Resource::default(),
    };
    for section in sections(&parts) {
        writer.section(&section);
    }
    writer.types.tables(&mut writer.out);
    let (lines, text): (Vec<usize>, Vec<String>) = writer.out.into_iter().unzip();
    Some(Rewritten {
        text: text.join("\n") + "\n",
        lines,
    })
}

fn parts(source: &str) -> Vec<Part<'_>> {
    let lines = source.lines().enumerate();
    let all: Vec<(usize, &str)> = lines.map(|(at, line)| (at + 1, line)).collect();
    let mut parts = Vec::new();
    let mut at = 0;
    let mut is_fenced = false;
    while let Some((line, text)) = all.get(at) {
        is_fenced ^= super::fence::mark(text.trim()).is_some();
        let level = text.bytes().take_while(|byte| *byte == b'#').count();
        let title = text.get(level..).unwrap_or_default();
        if !is_fenced && (1..=6).contains(&level) && title.starts_with([' ', '\t']) {
            parts.push(Part::Heading {
                line: *line,
                level,
                text: title.trim().trim_end_matches('#').trim(),
            });
            at += 1;
        } else if !is_fenced && begins(text) {
            let rest = all.get(at..).unwrap_or_default();
            let end = rest
                .iter()
                .position(|(_, line)| line.starts_with("# ") || line.starts_with("##"));
            let own = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            parts.push(Part::List(read(*line, own)));
            at += own.len().max(1);
        } else {
            parts.push(Part::Text(*line, text));
            at += 1;
        }
    }
    parts
}

/// A heading, with what stands below it up to the next.
struct Section<'p> {
    line: usize,
    level: usize,
    title: &'p str,
    text: Vec<(usize, &'p str)>,
    list: &'p Item,
    /// Whether it is one of the data structures.
    is_type: bool,
}

/// The sections; what stands above the first heading is one without a level.
fn sections<'p>(parts: &'p [Part<'p>]) -> Vec<Section<'p>> {
    let mut sections = vec![Section {
        line: 1,
        level: 0,
        title: "",
        text: Vec::new(),
        list: &NO_LIST,
        is_type: false,
    }];
    let mut data: Option<usize> = None;
    for part in parts {
        match part {
            Part::Heading { line, level, text } => {
                data = data.filter(|above| above < level);
                let is_type = data.is_some();
                if DATA.is_match(text) {
                    data = Some(*level);
                }
                sections.push(Section {
                    line: *line,
                    level: *level,
                    title: text,
                    text: Vec::new(),
                    list: &NO_LIST,
                    is_type,
                });
            }
            Part::Text(line, text) => {
                if let Some(last) = sections.last_mut() {
                    last.text.push((*line, text));
                }
            }
            Part::List(list) => {
                if let Some(last) = sections.last_mut() {
                    last.list = list;
                }
            }
        }
    }
    sections
}

/// The headings below that of a type which are parts of it.
const TYPE_PARTS: [&str; 5] = ["Members", "Properties", "Items", "Sample", "Default"];

/// The types: what stands below `Data Structures`, and the attributes of resources.
fn types<'p>(parts: &'p [Part<'p>]) -> Types<'p> {
    let mut types = Types::default();
    let mut above = "";
    for section in sections(parts) {
        if section.is_type {
            if TYPE_PARTS.contains(&section.title) {
                types.add_part(above, section.title, section.list);
            } else if let Some(found) = TYPE.captures(section.title)
                && let Some(name) = found.name("name")
            {
                let kind = found.name("kind").map_or("object", |kind| kind.as_str());
                let kind = kind.split(", ").next().unwrap_or_default();
                types.add(name.as_str(), kind.trim(), section.list);
                above = name.as_str();
            }
        } else if let Some(found) = RESOURCE.captures(section.title)
            && let Some(title) = found.name("title")
            && let Some(own) = section.list.part("Attributes")
        {
            types.add(title.as_str(), &kind_of(own), own);
        }
    }
    types
}

/// The models of resources by the names of these.
fn models<'p>(parts: &'p [Part<'p>]) -> BTreeMap<&'p str, &'p Item> {
    let sections = sections(parts).into_iter();
    let named = sections.filter_map(|section| {
        let title = RESOURCE.captures(section.title)?.name("title")?;
        Some((title.as_str(), section.list.part("Model")?))
    });
    named.collect()
}

/// What stands in the brackets behind `Attributes`.
fn kind_of(attributes: &Item) -> String {
    let own = Property::of(&attributes.text);
    own.kind.unwrap_or_default()
}

/// The resource that the actions below it are of.
#[derive(Default, Clone, Copy)]
struct Resource<'p> {
    title: &'p str,
    template: &'p str,
    parameters: Option<&'p Item>,
}

struct Writer<'p> {
    types: Types<'p>,
    models: BTreeMap<&'p str, &'p Item>,
    out: Lines,
    resource: Resource<'p>,
}

impl<'p> Writer<'p> {
    fn push(&mut self, line: usize, text: impl Into<String>) {
        self.out.push((line, text.into()));
    }

    fn heading(&mut self, line: usize, level: usize, text: &str) {
        self.push(line, "");
        self.push(line, format!("{} {text}", "#".repeat(level.clamp(1, 6))));
        self.push(line, "");
    }

    fn text(&mut self, section: &Section<'_>) {
        for (line, text) in &section.text {
            self.push(*line, *text);
        }
    }

    fn section(&mut self, section: &Section<'p>) {
        let Section {
            line,
            level,
            title,
            list,
            ..
        } = *section;
        if let Some(found) = ACTION.captures(title).or_else(|| METHOD.captures(title)) {
            let part = |name: &str| found.name(name).map_or("", |found| found.as_str());
            return self.action(section, part("title"), part("method"), part("path"));
        }
        if let Some(found) = RESOURCE.captures(title) {
            let part = |name: &str| found.name(name).map_or("", |found| found.as_str());
            self.resource = Resource {
                title: found.name("title").map_or("", |found| found.as_str()),
                template: found.name("path").map_or("", |found| found.as_str()),
                parameters: list.part("Parameters"),
            };
            let own = [part("title"), part("path")];
            self.heading(
                line,
                level,
                own.into_iter().find(|own| !own.is_empty()).unwrap_or(title),
            );
            return self.text(section);
        }
        if section.is_type {
            // Its table stands at the end, where anything leads to it.
            return;
        }
        let group = GROUP.captures(title).and_then(|found| found.name("name"));
        if level > 0 {
            self.heading(line, level, group.map_or(title, |group| group.as_str()));
            self.text(section);
        }
        self.plain(list, 0);
    }

    /// A list that is one of a text.
    fn plain(&mut self, list: &Item, depth: usize) {
        for item in &list.items {
            self.push(item.line, format!("{}- {}", "  ".repeat(depth), item.text));
            self.plain(item, depth + 1);
        }
    }

    fn action(&mut self, section: &Section<'p>, title: &str, method: &str, path: &'p str) {
        let Section {
            line, level, list, ..
        } = *section;
        let resource = self.resource;
        let template = if path.is_empty() {
            resource.template
        } else {
            path
        };
        let title = match (title, resource.title) {
            ("", "") => format!("{method} {template}"),
            ("", of) => format!("{method} {of}"),
            (own, _) => own.to_owned(),
        };
        self.heading(line, level, &title);
        if template.is_empty() {
            // It belongs to no resource: what it has is left as it stands.
            self.text(section);
            return self.plain(list, 0);
        }
        let path = FORM.replace_all(template, "").replace("{+", "{");
        // What stands behind `#` is never sent.
        let forms = FORM
            .captures_iter(template)
            .filter(|found| found.name("kind").is_some_and(|kind| kind.as_str() != "#"))
            .filter_map(|found| found.name("names"));
        let query: Vec<String> = forms
            .filter(|_| matches!(method, "GET" | "HEAD"))
            .flat_map(|names| names.as_str().split(','))
            .map(|name| name.trim().trim_end_matches('*').to_owned())
            .collect();
        for text in [
            "```".to_owned(),
            format!("{method} {path}"),
            "```".to_owned(),
        ] {
            self.push(line, text);
        }
        self.text(section);
        let messages = |word: &'static str| {
            let each = list.items.iter();
            each.filter_map(move |item| Some((item, item.behind(word)?)))
        };
        let inner = messages("Request").filter_map(|(item, _)| item.part("Parameters"));
        let own = resource
            .parameters
            .into_iter()
            .chain(list.part("Parameters"));
        let parameters: Vec<&Item> = own.chain(inner).collect();
        self.types
            .uri(&parameters, &path, &query, line, &mut self.out);
        let requests: Vec<&Item> = messages("Request").map(|(item, _)| item).collect();
        self.requests(list, &requests, (method, &path), level);
        let mut done: Vec<String> = Vec::new();
        for (item, what) in messages("Response") {
            let status: String = what.chars().take_while(char::is_ascii_digit).collect();
            if status.is_empty() || done.contains(&status) {
                continue;
            }
            let same = messages("Response").filter(|(_, what)| what.starts_with(&status));
            let same: Vec<(&Item, &str)> = same.collect();
            self.heading(item.line, level + 1, &format!("Response {status}"));
            self.responses(&same);
            done.push(status);
        }
    }

    /// The table of the fields that are sent, and the examples.
    fn requests(
        &mut self,
        action: &Item,
        requests: &[&Item],
        (method, path): (&str, &str),
        level: usize,
    ) {
        let own = requests.iter().filter_map(|item| item.part("Attributes"));
        let attributes: Vec<(String, &Item)> = action
            .part("Attributes")
            .into_iter()
            .chain(own)
            .map(|own| (kind_of(own), own))
            .collect();
        if let Some((_, first)) = attributes.first() {
            self.heading(first.line, level + 1, "Request body");
            self.types.first_of(&attributes, first.line, &mut self.out);
        }
        for (kind, other) in attributes.iter().skip(1) {
            self.heading(other.line, level + 1, "Another request");
            self.types.table(kind, other, other.line, &mut self.out);
        }
        for item in requests {
            let head = item.part("Headers").and_then(Item::verbatim);
            let body = self.body(item);
            let Some(line) = head.as_ref().or(body.as_ref()).map(|(line, _)| *line) else {
                continue;
            };
            self.heading(line, level + 1, "Example request");
            match head {
                // With headers it is a whole message.
                Some((_, headers)) => {
                    let mut lines = vec![format!("{method} {path} HTTP/1.1")];
                    lines.extend(headers);
                    if let Some((_, body)) = body {
                        lines.push(String::new());
                        lines.extend(body);
                    }
                    self.code(line, &lines, "message/http");
                }
                None => self.code(line, &body.unwrap_or_default().1, &media(&item.text)),
            }
        }
    }

    /// What the answers with one status have.
    fn responses(&mut self, responses: &[(&Item, &str)]) {
        let mut attributes: Vec<(String, &Item)> = Vec::new();
        for (item, _) in responses {
            if let Some(own) = item.part("Attributes") {
                attributes.push((kind_of(own), own));
            } else if let Some(name) = model(item) {
                attributes.push((name, &NO_LIST));
            }
            let has_code = item.part("Body").is_none() && item.part("Attributes").is_none();
            if model(item).is_none() && !has_code {
                self.push(item.line, item.prose());
            }
        }
        let line = responses.first().map_or(1, |(item, _)| item.line);
        // One of them without a description may have anything.
        if attributes.len() == responses.len() {
            self.types.any_of(&attributes, line, &mut self.out);
        }
        for (item, what) in responses {
            if let Some((line, headers)) = item.part("Headers").and_then(Item::verbatim) {
                self.headers(line, &headers);
            }
            if let Some((line, body)) = self.body(item) {
                self.push(line, "");
                self.code(line, &body, &media(what));
            }
        }
    }

    /// The body of a message, or of the model that it refers to: where it begins, and its lines.
    fn body(&self, item: &Item) -> Option<(usize, Vec<String>)> {
        if let Some(body) = item.part("Body") {
            return body.verbatim();
        }
        if let Some(name) = model(item) {
            let model = self.models.get(name.as_str())?;
            return model.part("Body").unwrap_or(model).verbatim();
        }
        item.verbatim()
            .filter(|_| item.part("Attributes").is_none())
    }

    /// The table of the headers of an answer: each may be there, and has a value such as the one that
    /// is shown.
    fn headers(&mut self, line: usize, headers: &[String]) {
        let named = headers.iter().filter_map(|header| header.split_once(':'));
        let named = named.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        let rows: Vec<String> = named
            .map(|(name, value)| {
                let value = value.trim().replace('|', r"\|");
                format!("| {} | String | No | Example: `{value}` |", name.trim())
            })
            .collect();
        if rows.is_empty() {
            return;
        }
        for text in [
            "",
            "**Response headers**",
            "",
            "| Header | Type | Mandatory | Description |",
            "|---|---|---|---|",
        ] {
            self.push(line, text);
        }
        for row in rows {
            self.push(line, row);
        }
        self.push(line, "");
    }

    fn code(&mut self, line: usize, body: &[String], media: &str) {
        let language = if media.contains("json") { "json" } else { "" };
        self.push(line, format!("```{language}"));
        for (at, text) in body.iter().enumerate() {
            self.push(line + at, text.clone());
        }
        self.push(line, "```");
    }
}

/// The model that a message refers to.
fn model(item: &Item) -> Option<String> {
    let found = item.prose();
    let name = MODEL.captures(&found)?.name("name")?.as_str().to_owned();
    Some(name)
}

/// The media type of a message.
fn media(what: &str) -> String {
    let found = MESSAGE.captures(what).and_then(|found| found.name("media"));
    found
        .map_or("application/json", |media| media.as_str())
        .to_owned()
}
