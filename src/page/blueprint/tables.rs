//! The fields of an API Blueprint as tables of Markdown: one row a field, with the line that it
//! stands on.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::item::{Item, NO_LIST};
use super::property::{Mark, Property, types, values};

/// Lines of Markdown, each with the line of the source that it is of.
pub(super) type Lines = Vec<(usize, String)>;

/// How many types one after the other a type is made of.
const DEPTH: usize = 8;

/// What an object, a list of them or a value is made of, by name.
#[derive(Debug, Default)]
pub(super) struct Types<'b> {
    named: BTreeMap<String, Named<'b>>,
    /// The types that rows lead to.
    linked: RefCell<BTreeSet<String>>,
    /// The types whose fields stand in other tables.
    copied: RefCell<BTreeSet<String>>,
    /// The types that the table at hand includes, with the place of each.
    included: RefCell<BTreeSet<String>>,
}

#[derive(Debug)]
struct Named<'b> {
    name: &'b str,
    /// What it is made from (`object`, `array[Task]`, another type).
    kind: String,
    item: &'b Item,
    /// The values that a section below its heading lists.
    members: Option<&'b Item>,
}

/// A row.
struct Row {
    line: usize,
    cells: [String; 5],
}

/// Words of a list that tell of the fields beside it, or of a value.
const DETAILS: [&str; 9] = [
    "Default",
    "Sample",
    "Members",
    "Values",
    "Items",
    "Properties",
    "Include",
    "One Of",
    "Attributes",
];

/// The name that a link to the table of a type has.
pub(super) fn slug(name: &str) -> String {
    let letters = name.to_lowercase();
    letters
        .chars()
        .map(|sign| if sign.is_alphanumeric() { sign } else { '-' })
        .collect()
}

impl<'b> Types<'b> {
    /// Adds a type; the first of a name is kept.
    pub(super) fn add(&mut self, name: &'b str, kind: &str, item: &'b Item) {
        self.named.entry(name.to_lowercase()).or_insert(Named {
            name,
            kind: kind.to_owned(),
            item,
            members: None,
        });
    }

    /// Adds what a section below the heading of a type has (`### Members`).
    pub(super) fn add_part(&mut self, name: &str, part: &str, item: &'b Item) {
        let Some(own) = self.named.get_mut(&name.to_lowercase()) else {
            return;
        };
        if part.eq_ignore_ascii_case("Members") {
            own.members = Some(item);
        } else if part.eq_ignore_ascii_case("Properties") && own.item.items.is_empty() {
            own.item = item;
        }
    }

    fn get(&self, name: &str) -> Option<&Named<'b>> {
        self.named.get(&name.to_lowercase())
    }

    /// The type of a name whose fields are written in a table of another.
    fn copy(&self, name: &str) -> Option<&Named<'b>> {
        let found = self.get(name)?;
        self.copied.borrow_mut().insert(name.to_lowercase());
        Some(found)
    }

    /// The tables of the types that rows lead to, and of those that nothing is made of.
    pub(super) fn tables(&self, out: &mut Lines) {
        let mut done = BTreeSet::new();
        loop {
            let wanted = self.named.iter().find(|(name, _)| {
                let is_linked = self.linked.borrow().contains(*name);
                let is_copied = self.copied.borrow().contains(*name);
                !done.contains(*name) && (is_linked || !is_copied)
            });
            let Some((name, own)) = wanted else { return };
            done.insert(name.clone());
            let line = own.item.line;
            let heading = format!("## {} object", own.name);
            let anchor = format!("<a id=\"{}\"></a>", slug(own.name));
            out.extend([String::new(), heading, String::new(), anchor].map(|text| (line, text)));
            self.table(own.name, &NO_LIST, line.max(1), out);
        }
    }

    /// The simple type that a type is made of in the end, and what that is of.
    fn simple(&self, kind: &str) -> (String, Option<String>) {
        let mut own = types(kind);
        for _ in 0..DEPTH {
            let Some(named) = self.get(&own.0) else { break };
            let is_bare = named.kind.is_empty();
            own = types(if is_bare { "object" } else { &named.kind });
        }
        (own.0.to_lowercase(), own.1)
    }

    /// The table of what `Attributes` or a named type describes; nothing without a field.
    pub(super) fn table(&self, kind: &str, item: &Item, line: usize, out: &mut Lines) {
        put(&self.rows_of(kind, item), line, out);
    }

    fn rows_of(&self, kind: &str, item: &Item) -> Vec<Row> {
        self.included.borrow_mut().clear();
        let mut rows = Vec::new();
        self.rows_of_type(kind, item, "", 0, &mut rows);
        rows
    }

    /// The table of an answer of which there are several, by what they have: each is one of them.
    /// What one of them lacks is not demanded, and of what differs nothing is said but its name.
    pub(super) fn any_of(&self, each: &[(String, &Item)], line: usize, out: &mut Lines) {
        let mut each = each.iter().map(|(kind, item)| self.rows_of(kind, item));
        let Some(first) = each.next() else { return };
        put(&each.fold(first, either), line, out);
    }

    /// The table of a request of which there are several: that of the first, without a demand that
    /// another one does not have.
    pub(super) fn first_of(&self, each: &[(String, &Item)], line: usize, out: &mut Lines) {
        let mut each = each.iter().map(|(kind, item)| self.rows_of(kind, item));
        let Some(first) = each.next() else { return };
        let names: Vec<String> = first.iter().map(|row| row.cells[0].clone()).collect();
        let mut rows = each.fold(first, either);
        rows.retain(|row| names.contains(&row.cells[0]));
        put(&rows, line, out);
    }

    /// The rows of an object of a type, with what an item adds to it.
    fn rows_of_type(
        &self,
        kind: &str,
        item: &Item,
        place: &str,
        depth: usize,
        rows: &mut Vec<Row>,
    ) {
        if depth > DEPTH {
            return;
        }
        let (outer, inner) = types(kind);
        if outer.eq_ignore_ascii_case("array") {
            let place = format!("{place}[].");
            match inner.as_deref().and_then(|inner| self.copy(inner)) {
                Some(named) => self.rows_of_type(&named.kind, named.item, &place, depth + 1, rows),
                None => self.rows(items_of(item), &place, depth, rows),
            }
            return;
        }
        if let Some(named) = (self.copy(&outer)).filter(|named| !std::ptr::eq(named.item, item)) {
            self.rows_of_type(&named.kind, named.item, place, depth + 1, rows);
        }
        self.rows(&item.items, place, depth, rows);
    }

    fn rows(&self, items: &[Item], place: &str, depth: usize, rows: &mut Vec<Row>) {
        if depth > DEPTH {
            return;
        }
        for item in items {
            if let Some(name) = item.behind("Include") {
                // Once is enough: types that include each other by the dozen would have no end.
                let is_first = self.included.borrow_mut().insert(format!("{place} {name}"));
                if let Some(named) = self.copy(name).filter(|_| is_first) {
                    self.rows_of_type(&named.kind, named.item, place, depth + 1, rows);
                }
            } else if item.begins_with("Properties") || item.begins_with("Attributes") {
                self.rows(&item.items, place, depth + 1, rows);
            } else if item.begins_with("One Of") {
                let start = rows.len();
                self.rows(&item.items, place, depth + 1, rows);
                for row in rows.iter_mut().skip(start) {
                    "No".clone_into(&mut row.cells[2]);
                }
            } else if !is_detail(item) {
                self.field(item, place, depth, rows);
            }
        }
    }

    /// The row of a field, and those of its fields. One that a type had before is replaced.
    fn field(&self, item: &Item, place: &str, depth: usize, rows: &mut Vec<Row>) {
        let own = Property::of(&item.text);
        if own.name.is_empty() {
            return;
        }
        let name = format!("{place}{}", own.name);
        let said = own.is(Mark::Required) && !own.is(Mark::Optional);
        let row = self.row(&name, if said { "Yes" } else { "No" }, &own, item);
        match rows.iter_mut().find(|known| known.cells[0] == row.cells[0]) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
        let (outer, inner) = own.types();
        if is_scalar(inner.as_deref().unwrap_or(&outer)) {
            return;
        }
        if outer.eq_ignore_ascii_case("array") {
            self.rows(items_of(item), &format!("{name}[]."), depth + 1, rows);
        } else if !outer.eq_ignore_ascii_case("enum") && self.simple(&outer).0 != "enum" {
            self.rows(&item.items, &format!("{name}."), depth + 1, rows);
        }
    }

    fn row(&self, name: &str, mandatory: &str, own: &Property, item: &Item) -> Row {
        let mut said = vec![own.description.clone(), item.prose()];
        if own.is(Mark::Nullable) {
            said.push("May be null.".to_owned());
        }
        let default = item.items.iter().find_map(|part| {
            let value = part.behind("Default")?.trim_start_matches(':').trim();
            Some(value.trim_matches('`').to_owned())
        });
        let default = default.or(own.value.clone().filter(|_| own.is(Mark::Default)));
        let members = self.members(own, item);
        let sample = own
            .value
            .clone()
            .filter(|_| !own.is(Mark::Fixed) && !own.is(Mark::Default));
        let sample = sample.or_else(|| {
            let value = item.part("Sample")?.behind("Sample")?;
            Some(
                value
                    .trim_start_matches(':')
                    .trim()
                    .trim_matches('`')
                    .to_owned(),
            )
        });
        // What is none of the values is a remark.
        let is_value = |sample: &String| {
            !sample.is_empty() && (members.is_empty() || members.contains(sample))
        };
        if let Some(sample) = sample.filter(is_value) {
            said.push(format!("Example: `{sample}`"));
        }
        if !members.is_empty() {
            let each: Vec<String> = members.iter().map(|one| format!("<br>- `{one}`")).collect();
            said.push(format!("Enumeration values:{}", each.concat()));
        }
        said.retain(|part| !part.trim().is_empty());
        let cells = [
            name.to_owned(),
            self.spelled(own, item),
            mandatory.to_owned(),
            default
                .map(|value| format!("`{value}`"))
                .unwrap_or_default(),
            said.join("<br>"),
        ];
        Row {
            line: item.line,
            cells,
        }
    }

    /// The values that a field has: those that it lists, those of its type, or the fixed one.
    fn members(&self, own: &Property, item: &Item) -> Vec<String> {
        if own.is(Mark::Fixed)
            && let Some(value) = &own.value
        {
            return vec![value.clone()];
        }
        let list = item.part("Members").or(item.part("Values"));
        if let Some(list) = list {
            return values(list);
        }
        let (outer, inner) = own.types();
        let is_enum = |kind: &str| kind.eq_ignore_ascii_case("enum");
        if is_enum(&outer) {
            let plain = item.items.iter().filter(|item| !is_detail(item));
            return plain.map(|item| Property::of(&item.text).name).collect();
        }
        let kind = inner.unwrap_or(outer);
        match self.get(&kind) {
            Some(Named {
                members: Some(list),
                ..
            }) => values(list),
            Some(named) if is_enum(&types(&named.kind).0) => {
                let as_enum = Property {
                    kind: Some(named.kind.clone()),
                    ..Property::default()
                };
                self.members(&as_enum, named.item)
            }
            _ => Vec::new(),
        }
    }

    /// The type, as pages spell it; an object leads to the table of its fields.
    fn spelled(&self, own: &Property, item: &Item) -> String {
        let (outer, inner) = own.types();
        if outer.is_empty() {
            let has_fields = item.items.iter().any(|item| !is_detail(item));
            return if has_fields { "Object" } else { "" }.to_owned();
        }
        let outer = outer.to_lowercase();
        if outer == "array" {
            return match inner.as_deref().map(|inner| self.one(inner)) {
                Some(One::Linked(link)) => format!("Array of {link} objects"),
                Some(One::Simple(name)) if !name.is_empty() => format!("Array of {name}s"),
                _ => "Array".to_owned(),
            };
        }
        if outer == "enum" {
            return inner.map(|inner| capital(&inner)).unwrap_or_default();
        }
        match self.one(&outer) {
            One::Linked(link) => format!("{link} object"),
            One::Simple(name) => name,
        }
    }

    fn one(&self, kind: &str) -> One {
        let Some(named) = self.get(kind) else {
            return One::Simple(capital(kind));
        };
        let (simple, inner) = self.simple(kind);
        match simple.as_str() {
            "object" => {
                self.linked.borrow_mut().insert(kind.to_lowercase());
                One::Linked(format!("[{}](#{})", named.name, slug(named.name)))
            }
            "enum" => One::Simple(inner.map(|inner| capital(&inner)).unwrap_or_default()),
            "array" => One::Simple("Array".to_owned()),
            _ => One::Simple(capital(&simple)),
        }
    }

    /// The table of what is sent in the URI: the place of each in the path or in the query.
    ///
    /// A name that only the template has is one of what is read: other actions of a resource do
    /// not take it.
    pub(super) fn uri(
        &self,
        parameters: &[&Item],
        path: &str,
        query: &[String],
        line: usize,
        out: &mut Lines,
    ) {
        let mut places: [Vec<Row>; 2] = [Vec::new(), Vec::new()];
        let mut known: Vec<String> = Vec::new();
        for item in parameters.iter().rev().flat_map(|list| &list.items) {
            let own = Property::of(&item.text);
            if own.name.is_empty() || known.contains(&own.name) {
                continue;
            }
            let is_in_path = path.contains(&format!("{{{}}}", own.name));
            // Parameters of a URI are mandatory unless they are called optional.
            let mandatory = if own.is(Mark::Optional) && !is_in_path {
                "No"
            } else {
                "Yes"
            };
            let row = self.row(&own.name, mandatory, &own, item);
            places[usize::from(!is_in_path)].push(row);
            known.push(own.name);
        }
        for name in query.iter().filter(|name| !known.contains(name)) {
            places[1].push(Row {
                line,
                cells: [
                    name.clone(),
                    String::new(),
                    "No".to_owned(),
                    String::new(),
                    String::new(),
                ],
            });
        }
        for (rows, label) in places.iter().zip(["Path parameters", "Query parameters"]) {
            if let Some(first) = rows.first() {
                out.extend([
                    (first.line, String::new()),
                    (first.line, format!("**{label}**")),
                ]);
                put(rows, first.line, out);
            }
        }
    }
}

/// The type of a value, or of one item of a list.
enum One {
    /// The link to the table of an object.
    Linked(String),
    /// The name of a simple type.
    Simple(String),
}

/// The fields of the items of a list, which may be described by an object without a name.
fn items_of(item: &Item) -> &[Item] {
    let bare = |item: &&Item| item.text.starts_with('(') || item.begins_with("Items");
    match item.items.iter().find(bare) {
        Some(own) => items_of(own),
        None => &item.items,
    }
}

/// Whether a type has no fields.
fn is_scalar(kind: &str) -> bool {
    let known = ["string", "number", "boolean", "integer"];
    known.iter().any(|own| kind.eq_ignore_ascii_case(own))
}

/// Whether an item tells something of the field that it stands in, and is no field.
fn is_detail(item: &Item) -> bool {
    DETAILS.iter().any(|word| item.begins_with(word))
        && !item.text.starts_with('`')
        && Property::of(&item.text).kind.is_none()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The rows of what is one of two: each field of both.
fn either(mut one: Vec<Row>, other: Vec<Row>) -> Vec<Row> {
    let lacks = |rows: &[Row], row: &Row| rows.iter().all(|own| own.cells[0] != row.cells[0]);
    for row in &mut one {
        let same = other.iter().find(|own| own.cells[0] == row.cells[0]);
        match same {
            Some(same) if same.cells[2] == "Yes" => {}
            _ => "No".clone_into(&mut row.cells[2]),
        }
        if same.is_some_and(|same| same.cells[1] != row.cells[1] || same.cells[4] != row.cells[4]) {
            row.cells[1].clear();
            row.cells[4].clear();
        }
    }
    let more: Vec<Row> = other.into_iter().filter(|row| lacks(&one, row)).collect();
    one.extend(more.into_iter().map(|mut row| {
        "No".clone_into(&mut row.cells[2]);
        row
    }));
    one
}

/// Writes a table.
fn put(rows: &[Row], line: usize, out: &mut Lines) {
    if rows.is_empty() {
        return;
    }
    out.push((line, String::new()));
    out.push((
        line,
        "| Parameter | Type | Mandatory | Default Value | Description |".to_owned(),
    ));
    out.push((line, "|---|---|---|---|---|".to_owned()));
    for row in rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| cell.replace('|', r"\|"))
            .collect();
        out.push((row.line, format!("| {} |", cells.join(" | "))));
    }
    out.push((rows.last().map_or(line, |row| row.line), String::new()));
}
