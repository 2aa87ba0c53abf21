//! Directives that a project has made for itself, whose options say what they describe: an operation
//! by `:method:` and `:url:`, a field by `:type:`, the fields of an object inside that of the object.
//!
//! ```text
//! .. endpoint::
//!    :method: POST
//!    :url: https://api.example.com/v2/orders/*orderId*/payments
//!
//! .. parameter:: amount
//!    :type: object
//!    :condition: required
//! ```

use super::super::block::{Block, BlockKind};
use super::super::described::{Described, table};
use super::super::words;
use super::blocks::{Reader, explicit};
use super::directive::split_options;
use super::inline::inline;
use super::openstack::PLACES;
use super::target::target;
use super::{DEPTH, Line};

/// The options that hold the address of an operation.
const ADDRESSES: [&str; 6] = ["url", "path", "uri", "route", "endpoint", "address"];

/// What directives of fields are called.
const FIELDS: [&str; 8] = [
    "parameter",
    "param",
    "field",
    "property",
    "argument",
    "header",
    "query",
    "member",
];

/// The options that say whether a field has to be sent.
const CONDITIONS: [&str; 5] = [
    "condition",
    "required",
    "mandatory",
    "presence",
    "requirement",
];

/// The options that list the values of a field.
const VALUES: [&str; 4] = ["enum", "values", "choices", "allowed"];

/// The value of the first option that has one of some names.
fn option<'s>(options: &[(&'s str, &'s str)], names: &[&str]) -> Option<&'s str> {
    let is_one = |name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
    let mut own = options.iter().filter(|(name, _)| is_one(name));
    own.next().map(|(_, value)| *value)
}

/// The target that a directive states by its options.
pub(super) fn own_target(options: &[(&str, &str)], line: usize) -> Option<Block> {
    let method = option(options, &["method"])?;
    let address = option(options, &ADDRESSES)?;
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.get(rest.find('/')?..)?,
        None => address,
    };
    // A word in asterisks stands for a value.
    let segments = path.split('/').map(|segment| {
        let inner = segment
            .strip_prefix('*')
            .and_then(|rest| rest.strip_suffix('*'));
        match inner {
            Some(name) if !name.is_empty() => format!("{{{name}}}"),
            _ => segment.to_owned(),
        }
    });
    target(method, &segments.collect::<Vec<_>>().join("/"), line)
}

/// The argument of the directive of a line, if it is one of a field, and the place that the name of
/// the directive tells (`query-parameter`).
fn field_head<'s>(line: &Line<'s>) -> Option<(&'s str, &'static str)> {
    let (name, argument) = line.text.strip_prefix(".. ")?.split_once("::")?;
    let argument = argument.trim();
    let is_name = !argument.is_empty()
        && argument
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '$' | '@'));
    let (first, last) = name.trim().rsplit_once('-').unwrap_or((name, name));
    let place = place_of(first);
    (is_name && FIELDS.contains(&last)).then_some((argument, place))
}

/// The place that a word tells; empty for another word.
fn place_of(word: &str) -> &'static str {
    let mut places = PLACES.into_iter();
    let known = places.find(|known| known.eq_ignore_ascii_case(word));
    known.unwrap_or_default()
}

impl Reader {
    /// Reads the directives of fields that follow one another from a line on; the line after them.
    /// None where the first is none, or says no type.
    pub(super) fn own_fields(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> Option<usize> {
        let (fields, next) = self.fields_from(lines, at, depth);
        if !fields.iter().any(|field| !field.kind.is_empty()) {
            return None;
        }
        blocks.extend(table(&fields, None));
        Some(next)
    }

    fn fields_from(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
    ) -> (Vec<Described>, usize) {
        let mut fields = Vec::new();
        let mut next = at;
        let mut end = at;
        while let Some(line) = lines.get(next) {
            if line.is_blank() {
                next += 1;
                continue;
            }
            let Some((name, place)) = field_head(line) else {
                break;
            };
            end = explicit(lines, next);
            let body = lines.get(next + 1..end).unwrap_or_default();
            let mut field = self.own_field(name, line.number, body, depth + 1);
            if field.place.is_empty() {
                field.place = place;
            }
            fields.push(field);
            next = end;
        }
        (fields, end)
    }

    /// The field that a directive describes by its options and by what is indented below it.
    fn own_field(
        &mut self,
        name: &str,
        line: usize,
        lines: &[Line<'_>],
        depth: usize,
    ) -> Described {
        let (options, body) = split_options(lines);
        let said = option(&options, &CONDITIONS);
        let is_flag = said.is_some_and(str::is_empty);
        let is_optional = option(&options, &["optional"]).is_some_and(|said| said != "false");
        let is_required = if is_flag {
            Some(true)
        } else if is_optional {
            Some(false)
        } else {
            said.and_then(words::mandatory)
        };
        let mut description = Vec::new();
        let paragraph = |text: &str| Block::new(line, BlockKind::Paragraph(inline(text)));
        // When it has to be sent may depend on others.
        if let Some(said) = said.filter(|said| is_required.is_none() && !said.is_empty()) {
            let mut letters = said.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            let sentence = format!("{}{}.", first.unwrap_or_default(), letters.as_str());
            description.push(paragraph(&sentence));
        }
        if let Some(values) = option(&options, &VALUES).filter(|values| !values.is_empty()) {
            description.push(paragraph(&format!("Possible values: {values}")));
        }
        let mut inner = Vec::new();
        let mut rest = Vec::new();
        let mut at = 0;
        while let Some(own) = body.get(at) {
            if depth < DEPTH && field_head(own).is_some() {
                let (fields, next) = self.fields_from(&body, at, depth);
                inner.extend(fields);
                at = next.max(at + 1);
            } else {
                rest.push(*own);
                at += 1;
            }
        }
        description.extend(self.blocks(&rest, depth + 1));
        let place = option(&options, &["in", "location"]).unwrap_or_default();
        Described {
            line,
            name: name.to_owned(),
            place: place_of(place),
            kind: option(&options, &["type"]).unwrap_or_default().to_owned(),
            is_required,
            default: option(&options, &["default"])
                .unwrap_or_default()
                .to_owned(),
            description,
            inner,
            ..Described::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::described::sketch;
    use super::super::tests::read;

    #[test]
    fn options_say_what_a_projects_own_directives_describe() {
        insta::assert_snapshot!(sketch(&read(
            "\
Pay
===

.. call::
   :method: POST
   :url: https://api.example.com/v2/orders/*orderId*/payments

Parameters
----------

.. parameter:: amount
   :type: money object
   :condition: required

   What is paid.

   .. parameter:: currency
      :type: string
      :condition: required

      Its currency.

   .. parameter:: value
      :type: string

.. parameter:: mode
   :type: string
   :condition: required for guests
   :default: fast
   :enum: ``fast``, ``slow``

   How fast.

.. query-parameter:: dry
   :type: boolean
   :optional:

.. note:: No field.
"
        )));
    }

    #[test]
    fn what_says_no_type_is_no_field() {
        let text = sketch(&read(".. field:: a\n\n   Text.\n\n.. param:: b\n"));
        assert!(!text.contains("table"), "{text}");
    }
}
