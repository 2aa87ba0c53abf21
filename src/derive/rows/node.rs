//! The statements that a row makes about its field.

use std::rc::Rc;

use super::{FieldRow, is_several};
use crate::contract::{Facet, Meaning};
use crate::derive::computed::computed;
use crate::derive::counted::{counted, of_part};
use crate::derive::description::{Passage, running};
use crate::derive::form::is_file;
use crate::derive::mandatory::Said;
use crate::derive::meanings::{meanings, sorted};
use crate::derive::presence::{Presence, presence};
use crate::derive::sentences::{of_each, sentences, statements};
use crate::derive::statement::{Constraint, Kind, Node, Site, Stand, Statement};
use crate::derive::widening::widens;
use crate::derive::wordings::{counts_by_name, limits};
use crate::derive::{conditions, enums, files, samples, scope};
use crate::page::words::TypeName;
use crate::remembered::Remembered;

/// What the cells of a row say by themselves, whatever field it is of.
struct Reading {
    /// Whether the field is there.
    presence: Option<Presence>,
    /// Whether a sentence makes it depend on something whether the field is sent.
    is_conditional: bool,
    /// What is said of the values.
    statements: Vec<Constraint>,
    /// Whether a sentence allows more values.
    widens: bool,
    /// What is said beyond a schema.
    meanings: Vec<Meaning>,
    /// The order of a list, or that it has but a part of what there is; what a number counts, or how
    /// it is computed.
    of_list: Option<Constraint>,
}

thread_local! {
    static READINGS: Remembered<(Kind, Vec<Passage>), Rc<Reading>> = Remembered::default();
}

impl Reading {
    /// What passages say of a value of a kind.
    fn of(passages: &[Passage], kind: Kind) -> Rc<Self> {
        let key = (kind, passages.to_vec());
        READINGS
            .with(|known| known.of(key, |(kind, passages)| Rc::new(Self::read(passages, *kind))))
    }

    fn read(passages: &[Passage], kind: Kind) -> Self {
        let running = running(passages);
        let is_conditional = |sentence: &String| {
            conditions::read(sentence).is_some_and(|told| told.is_of_presence())
        };
        Self {
            presence: presence(&running),
            is_conditional: sentences(&running).iter().any(is_conditional),
            statements: statements(passages, kind),
            widens: widens(&running),
            meanings: meanings(&running, kind),
            of_list: match kind {
                Kind::Array => sorted(&running).or_else(|| of_part(&running)),
                Kind::Integer | Kind::Number => counted(&running).or_else(|| computed(&running)),
                // Amounts are often texts.
                Kind::String => computed(&running),
                _ => None,
            },
        }
    }

    /// Whether the field has a default: then it may be left out.
    fn has_default(&self) -> bool {
        let mut all = self.statements.iter();
        all.any(|own| matches!(own, Constraint::Default(_)))
    }
}

phrases! {
    RowValues:

    /// A name of a field that holds an e-mail address.
    static EMAIL_NAME;

    /// Words by which characters are counted.
    static CHARACTERS;

    /// A description that speaks of one.
    static EMAIL_WORDS;

    /// Beginnings of a description that say in which cases a field may be left out.
    static OPTIONAL_FOR;
}

pattern! {
    /// A name of the items of a list, which are numbered: `Certs.N`.
    static NUMBERED = r"(?:\.[Nn]|\[[Nn]\])$";
}

/// The kind and format of a type that pages name.
pub(in crate::derive) fn kind_of(name: &TypeName) -> (Kind, Option<&'static str>) {
    match name {
        TypeName::String => (Kind::String, None),
        TypeName::File => (Kind::String, Some("binary")),
        TypeName::Integer => (Kind::Integer, None),
        TypeName::Int32 => (Kind::Integer, Some("int32")),
        TypeName::Long => (Kind::Integer, Some("int64")),
        TypeName::Number => (Kind::Number, None),
        TypeName::Float => (Kind::Number, Some("float")),
        TypeName::Double => (Kind::Number, Some("double")),
        TypeName::Boolean => (Kind::Boolean, None),
        TypeName::Object(_) | TypeName::Map(_) => (Kind::Object, None),
        TypeName::Array(_) => (Kind::Array, None),
        TypeName::Any | TypeName::OneOf(_) => (Kind::Any, None),
    }
}

impl FieldRow {
    /// The node that the row describes, its children left out.
    pub(in crate::derive) fn node(&self) -> Node {
        let mut node = Node {
            rows: vec![self.site.clone()],
            ..Node::default()
        };
        let kind = self.kind.as_ref().map(kind_of);
        // A table without a Type column describes path and query parameters, which are text, or
        // count.
        let example = self.example.as_deref().map_or("", str::trim);
        let untyped = if example.starts_with('{') && example.ends_with('}') {
            // What is listed in its row are names of its fields, and no values.
            Kind::Object
        } else if counts_by_name(&self.name) {
            Kind::Integer
        } else {
            Kind::String
        };
        let kind = kind.map_or(untyped, |(kind, _)| kind);
        let mut reading = Reading::of(&self.passages, kind);
        let is_silent = self.kind.is_none() && self.unknown_type.is_none();
        let is_truth = is_silent
            && kind == Kind::String
            && self.literals.is_empty()
            && enums::are_truth(&reading.statements, &self.passages);
        let kind = if is_truth { Kind::Boolean } else { kind };
        if is_truth {
            reading = Reading::of(&self.passages, kind);
        }
        // `Optional for hosts. ... Defaults to false`: where a default stands in, it may be left out.
        let is_free = OPTIONAL_FOR.is_match(&running(&self.passages)) && reading.has_default();
        let said = reading.presence.map(|said| match said {
            Presence::Conditional if is_free => Presence::Optional,
            said => said,
        });
        let in_words = match said {
            Some(Presence::Required) => Some(true),
            Some(Presence::Optional) => Some(false),
            Some(Presence::Conditional) | None => None,
        };
        let is_conditional = self.mandatory == Some(Said::Conditional);
        match self.mandatory {
            Some(Said::Mandatory) => {
                node.state(Constraint::Required(true), &self.site);
            }
            Some(Said::Optional) => {
                node.state(Constraint::Required(false), &self.site);
            }
            Some(Said::Conditional) => {}
            None => {
                if let Some(mandatory) = in_words {
                    node.state(Constraint::Required(mandatory), &self.site);
                } else if said.is_none() && !reading.is_conditional {
                    let implied = match self.implied {
                        Some(Said::Mandatory) if self.has_default() => None,
                        Some(Said::Mandatory) => Some(Constraint::Implied),
                        Some(Said::Optional) => Some(Constraint::Required(false)),
                        Some(Said::Conditional) | None => None,
                    };
                    if let Some(implied) = implied {
                        node.state(implied, &self.site);
                    }
                }
            }
        }
        if is_conditional && self.conditional.is_none() || said == Some(Presence::Conditional) {
            node.state(Constraint::Conditional, &self.site);
        }
        if let Some(told) = &self.conditional {
            node.state(Constraint::Told(Box::new(told.clone())), &self.site);
        }
        match &self.kind {
            Some(TypeName::OneOf(kinds)) => {
                for (kind, format) in kinds.iter().map(kind_of) {
                    node.state(Constraint::Type(kind, format), &self.site);
                }
            }
            Some(own) => {
                let (kind, format) = kind_of(own);
                node.state(Constraint::Type(kind, format), &self.site);
            }
            // The two truth values are what a truth value takes, and no texts.
            None if is_truth => {
                node.state(Constraint::Type(Kind::Boolean, None), &self.site);
            }
            None => {}
        }
        if !self.literals.is_empty() {
            node.state(
                Constraint::Enum(self.literals.clone(), Stand::Heading),
                &self.site,
            );
        }
        if self.is_nullable {
            node.state(Constraint::Nullable, &self.site);
        }
        self.constrain(&mut node, &reading);
        let is_of_form = |own: &Statement| {
            let facet = own.constraint.facet();
            matches!(own.constraint, Constraint::Type(Kind::String, Some(_)))
                || matches!(facet, Facet::Format | Facet::Pattern)
        };
        // Which of the dates of a form are taken is not read.
        if node.statements.iter().any(is_of_form) && scope::is_of_some_moments(&self.text) {
            node.state(Constraint::Prose, &self.site);
        }
        if node.is(Kind::String) && is_address(&self.name, &self.text) {
            node.state(Constraint::CustomFormat("email".to_owned()), &self.site);
        }
        add_details(&mut node, &self.details.own, &self.site);
        let samples = samples::of_row(&self.passages, kind);
        // `An https URL of at most 2000 characters`: not every text of that length is one.
        if samples.is_called && node.is(Kind::String) && !node.tells_form() {
            node.state(Constraint::Prose, &self.site);
        }
        node.samples = samples.values;
        if let Some(items) = &mut node.items {
            add_details(items, &self.details.of_items, &self.site);
        }
        node
    }

    /// The items of the lists that a list has, where they are scalars. What a sentence limits may be
    /// how many there are, or they themselves: then none is made up.
    fn inner_items(&self, kind: &TypeName) -> Option<Node> {
        let own = kind_of(kind).0;
        if matches!(own, Kind::Object | Kind::Array) {
            return None;
        }
        let mut node = value_of(kind, &self.site)?;
        let text = running(&self.passages);
        if sentences(&text)
            .iter()
            .any(|one| !limits(one, own).is_empty())
        {
            node.state(Constraint::Prose, &self.site);
        }
        Some(node)
    }

    /// Whether the field has a default: then it may be left out.
    fn has_default(&self) -> bool {
        let own = self.kind.as_ref().map(kind_of);
        let kind = own.map_or(Kind::String, |(kind, _)| kind);
        let in_type = |own: &Constraint| matches!(own, Constraint::Default(_));
        Reading::of(&self.passages, kind).has_default() || self.details.own.iter().any(in_type)
    }

    /// What the cells say of the values: of the items, for an array of scalars.
    fn constrain(&self, node: &mut Node, reading: &Reading) {
        let item = match &self.kind {
            Some(TypeName::Array(item)) => Some(kind_of(item)),
            _ => None,
        };
        let of_items = match &self.kind {
            Some(TypeName::Array(item)) => Some(item.as_ref()),
            _ => None,
        };
        let is_map = matches!(of_items, Some(TypeName::Map(_)));
        if let Some((item, format)) = item
            && (item != Kind::Object || is_map)
        {
            let mut items = Node {
                rows: vec![self.site.clone()],
                ..Node::default()
            };
            items.state(Constraint::Type(item, format), &self.site);
            match of_items {
                Some(TypeName::Map(value)) => {
                    items.values = value_of(value, &self.site).map(Box::new);
                }
                Some(TypeName::Array(inner)) => {
                    items.items = self.inner_items(inner).map(Box::new);
                }
                _ => {}
            }
            for constraint in enums::values(&self.passages, item) {
                items.state(constraint, &self.site);
            }
            for constraint in of_each(&running(&self.passages), item) {
                items.state(constraint, &self.site);
            }
            node.items = Some(Box::new(items));
            node.state(Constraint::Items, &self.site);
        }
        if is_file(self.kind.as_ref()) {
            let told = files::statements(&running(&self.passages));
            let of_file = match &mut node.items {
                Some(items) => items,
                None => node,
            };
            for constraint in told {
                of_file.state(constraint, &self.site);
            }
            return;
        }
        let is_union = matches!(self.kind, Some(TypeName::OneOf(_)))
            || self.unknown_type.as_deref().is_some_and(is_several);
        for constraint in reading.statements.iter().cloned() {
            // Which of several types a value is of is not told.
            let constraint = match constraint {
                Constraint::Enum(..) if is_union => Constraint::Prose,
                // Of a type that is not known, what looks like a number may be one.
                Constraint::Enum(values, _)
                    if self.kind.is_none()
                        && self.unknown_type.is_some()
                        && values.iter().all(|value| value.parse::<f64>().is_ok()) =>
                {
                    Constraint::Prose
                }
                // Of a list whose items are numbered, how long it is may be meant.
                Constraint::MinLength(_) | Constraint::MaxLength(_)
                    if NUMBERED.is_match(&self.name) && !CHARACTERS.is_match(&self.text) =>
                {
                    Constraint::Prose
                }
                other => other,
            };
            node.state(constraint, &self.site);
        }
        if reading.widens {
            node.state(Constraint::Meaning(Meaning::Widened), &self.site);
        }
        for meaning in &reading.meanings {
            node.state(Constraint::Meaning(*meaning), &self.site);
        }
        if let Some(of_list) = &reading.of_list {
            node.state(of_list.clone(), &self.site);
        }
    }
}

/// Whether a field is called an e-mail address, by its name and in words: what is made up for it is
/// one, though only a sentence that says so outright refuses others.
fn is_address(name: &str, text: &str) -> bool {
    EMAIL_NAME.is_match(name) && EMAIL_WORDS.is_match(text)
}

/// States what the cell of a type says besides it. That the values are of some form says nothing
/// more where the row says of which.
fn add_details(node: &mut Node, details: &[Constraint], site: &Site) {
    let says_form = node.tells_form();
    for own in details {
        if *own != Constraint::Prose || !says_form {
            node.state(own.clone(), site);
        }
    }
}

/// The values of a map, where their type is told.
pub(in crate::derive) fn value_of(kind: &TypeName, site: &Site) -> Option<Node> {
    let (kind, format) = kind_of(kind);
    let mut node = Node {
        rows: vec![site.clone()],
        ..Node::default()
    };
    node.state(Constraint::Type(kind, format), site);
    (kind != Kind::Any).then_some(node)
}
