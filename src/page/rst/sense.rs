//! Which way the arrows of sphinx httpdomain point on a page: up to its version 2.0 `<json` and
//! `<header` are what is sent, from 2.1 on what is answered. The page itself may show which it
//! means.

use super::Line;
use super::fields::{Arrow, Key, entry};

/// What the arrows of a page mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sense {
    /// Nothing on the page decides, or it contradicts itself.
    #[default]
    Uncertain,
    /// `<` is the request.
    Sent,
    /// `<` is the answer.
    Answered,
}

/// Headers that only one side has, in lower case.
const OF_REQUESTS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cookie",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "range",
    "user-agent",
];
const OF_ANSWERS: [&str; 9] = [
    "accept-ranges",
    "allow",
    "content-range",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
];

/// What the entries of one operation show.
#[derive(Default)]
struct Operation<'s> {
    /// Whether the method takes no body.
    is_bodiless: bool,
    fields: Vec<(Arrow, String)>,
    headers: Vec<(Arrow, String)>,
    has_sent: bool,
    has_answered: bool,
    /// The lines of its examples, before and after the status line of an answer.
    sent: Vec<&'s str>,
    answered: Vec<&'s str>,
    part: Part,
}

/// The part of an operation that the lines are in.
#[derive(Default, PartialEq)]
enum Part {
    #[default]
    Fields,
    Sent,
    Answered,
}

/// Finds which way the arrows point: all that decides must agree.
pub(super) fn sense(lines: &[Line<'_>]) -> Sense {
    let mut senses = Vec::new();
    let mut operation = Operation::default();
    for line in lines {
        let text = line.text.trim_start();
        if let Some(directive) = text.strip_prefix(".. http:") {
            operation.judge(&mut senses);
            let method = directive.split(':').next().unwrap_or_default();
            operation = Operation {
                is_bodiless: ["get", "head", "delete", "options"]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(method)),
                ..Operation::default()
            };
        } else {
            operation.read(text);
        }
    }
    operation.judge(&mut senses);
    match (
        senses.contains(&Sense::Sent),
        senses.contains(&Sense::Answered),
    ) {
        (true, false) => Sense::Sent,
        (false, true) => Sense::Answered,
        _ => Sense::Uncertain,
    }
}

impl<'s> Operation<'s> {
    fn read(&mut self, text: &'s str) {
        if text.starts_with("HTTP/") {
            self.part = Part::Answered;
        } else if text.starts_with(".. code") || text.starts_with(".. sourcecode") {
            if self.part == Part::Fields {
                self.part = Part::Sent;
            }
        } else if let Some((key, _, name)) =
            entry(text).map(|(key, kind, name, _)| (key, kind, name))
        {
            self.part = Part::Fields;
            match key {
                Key::Json(arrow) | Key::Item(arrow) => self.fields.push((arrow, name.to_owned())),
                Key::Header(arrow) => self.headers.push((arrow, name.to_ascii_lowercase())),
                Key::Sent | Key::SentItem => self.has_sent = true,
                Key::Answered | Key::AnsweredItem => self.has_answered = true,
                _ => {}
            }
            return;
        }
        match self.part {
            Part::Fields => {}
            Part::Sent => self.sent.push(text),
            Part::Answered => self.answered.push(text),
        }
    }

    /// What decides in this operation.
    fn judge(&self, senses: &mut Vec<Sense>) {
        for (arrow, name) in &self.headers {
            if OF_REQUESTS.contains(&name.as_str()) {
                senses.push(arrow.sent());
            } else if OF_ANSWERS.contains(&name.as_str()) {
                senses.push(arrow.answered());
            }
        }
        let named: Vec<&(Arrow, String)> = self
            .fields
            .iter()
            .filter(|(_, name)| !name.is_empty())
            .collect();
        let points = |wanted: Arrow| named.iter().any(|(arrow, _)| *arrow == wanted);
        let only = match (points(Arrow::Left), points(Arrow::Right)) {
            (true, false) => Some(Arrow::Left),
            (false, true) => Some(Arrow::Right),
            _ => None,
        };
        if let Some(arrow) = only {
            // A method without a body shows an answer; a spelled-out side leaves the other.
            if self.is_bodiless || (self.has_sent && !self.has_answered) {
                senses.push(arrow.answered());
            } else if self.has_answered && !self.has_sent {
                senses.push(arrow.sent());
            }
        }
        for (arrow, name) in named {
            let quoted = format!("\"{name}\"");
            let shows = |lines: &[&str]| lines.iter().any(|line| line.contains(&quoted));
            match (shows(&self.sent), shows(&self.answered)) {
                (true, false) => senses.push(arrow.sent()),
                (false, true) => senses.push(arrow.answered()),
                _ => {}
            }
        }
    }
}

impl Arrow {
    /// The sense in which the arrow means the request.
    fn sent(self) -> Sense {
        match self {
            Self::Left => Sense::Sent,
            Self::Right => Sense::Answered,
        }
    }

    /// The sense in which the arrow means the answer.
    fn answered(self) -> Sense {
        match self {
            Self::Left => Sense::Answered,
            Self::Right => Sense::Sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::numbered;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::get(".. http:get:: /jobs\n\n   :>json array jobs: All.\n", Sense::Sent)]
    #[case::get_of_today(".. http:get:: /jobs\n\n   :<json array jobs: All.\n", Sense::Answered)]
    #[case::header(
        ".. http:post:: /jobs\n\n   :<header If-Match: The tag.\n   :<json string a: A.\n",
        Sense::Sent
    )]
    #[case::header_of_today(
        ".. http:post:: /jobs\n\n   :<header Location: The job.\n",
        Sense::Answered
    )]
    #[case::spelled(
        ".. http:post:: /jobs\n\n   :reqjson string a: A.\n   :<json string b: B.\n",
        Sense::Answered
    )]
    #[case::example(
        ".. http:post:: /jobs\n\n   :<json string title: T.\n\n   .. code-block:: http\n\n      POST /jobs HTTP/1.1\n\n      {\"title\": \"x\"}\n\n   .. code-block:: http\n\n      HTTP/1.1 201 Created\n\n      {\"id\": 1}\n",
        Sense::Sent
    )]
    #[case::nothing(
        ".. http:post:: /jobs\n\n   :<json string a: A.\n   :>json string b: B.\n",
        Sense::Uncertain
    )]
    #[case::both(
        ".. http:get:: /a\n\n   :>json string a: A.\n\n.. http:get:: /b\n\n   :<json string b: B.\n",
        Sense::Uncertain
    )]
    fn pages_show_which_way_their_arrows_point(#[case] source: &str, #[case] expected: Sense) {
        let lines = numbered(source.lines().map(|line| (1, line)));
        assert_eq!(sense(&lines), expected);
    }
}
