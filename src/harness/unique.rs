//! Values that must be unique: a create that is refused for a conflict is tried again with values
//! that nobody had before, and which field it hangs on is learnt. From then on every request of the
//! operation has a fresh value there. A conflict is never held against the field under test.

use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

use crate::contract::{
    Facet, FactId, FieldPath, Identity, Meaning, Operation, Place, Row, enum_values, type_of,
    types_of,
};
use crate::exchange::Exchange;
use crate::generate::{
    Borrowed, Case, Expectation, Request, Slot, Validity, classify, is_bound, is_in_words,
    says_nothing, slot, slots,
};
use crate::vocabulary::Phrase;

use super::fixture::{TrialContext, plain_fact};

/// Names of fields that are likely to be unique, by their ends.
const NAMES: [&str; 9] = [
    "name", "alias", "key", "code", "slug", "title", "email", "label", "id",
];

/// Ends of names of whole numbers that are likely to be unique.
const NUMBERS: [&str; 4] = ["id", "number", "code", "key"];

/// Whether a whole number of this name is likely to be unique.
fn is_id(field: &FieldPath) -> bool {
    let name = field.last_name().unwrap_or_default().to_lowercase();
    NUMBERS.iter().any(|end| name.ends_with(end))
}

/// The most fields that are tried one by one.
const MOST_FIELDS: usize = 8;

phrases! {
    Taken:

    /// Words by which an answer says that a value is there already.
    static TAKEN;

    /// Words by which a server error says so surely: it says much else that has to do with none.
    static SURELY_TAKEN;
}

/// How often a case is tried with other fresh values.
const TRIES: u32 = 3;

impl TrialContext {
    /// Sends a case, with a fresh value in each field that must be unique; gives the case as it was
    /// sent. `about` is what the case is tried for: that field is varied only where nothing else
    /// helps, and never out of its class.
    pub(super) async fn send_unique(
        &self,
        operation: &Operation,
        case: &Case,
        about: &FactId,
        scope: u64,
    ) -> (Case, Exchange) {
        let own = about.rule().map(crate::contract::Rule::row);
        let index = self.sender.index_of(operation);
        let learnt = self.sender.memory.unique(index);
        let mut sent = case.clone();
        // What a request says the id to be is never somebody's already.
        if let Some(field) = self.sent_id(index)
            && takes_values(operation, &case.request)
        {
            self.freshen(operation, &[field], own.as_ref(), &mut sent.request);
        }
        if let Some(fields) = learnt.get() {
            self.freshen(operation, fields, own.as_ref(), &mut sent.request);
        }
        let mut exchange = self.send_about(operation, &sent, own.as_ref(), scope).await;
        if !takes_values(operation, &case.request) || !is_conflict(&exchange) {
            return (sent, exchange);
        }
        let learning = || async {
            let fields = self.learn(operation, index, &sent, scope).await;
            // What did not help may help another case, which has other fields.
            if fields.is_empty() {
                Err(())
            } else {
                Ok(fields)
            }
        };
        let Ok(fields) = learnt.get_or_try_init(learning).await else {
            return (sent, exchange);
        };
        let answer = exchange.outcome.as_ref();
        if answer.is_ok_and(|answer| answer.status >= 500) {
            self.sender.memory.note_taken_twice(index, &sent, &exchange);
        }
        for _ in 0..TRIES {
            if !is_conflict(&exchange) {
                break;
            }
            sent = case.clone();
            self.freshen(operation, fields, own.as_ref(), &mut sent.request);
            if sent.request == case.request {
                // Only the value under test is left to be varied.
                self.freshen(operation, fields, None, &mut sent.request);
            }
            if sent.request == case.request {
                break;
            }
            exchange = self.send_about(operation, &sent, own.as_ref(), scope).await;
        }
        (sent, exchange)
    }

    /// Gives what a request makes a name of its own, where it has one that can be varied.
    pub(super) fn rename(&self, operation: &Operation, request: &mut Request) {
        let bindings = self.sender.suite.bindings(operation);
        let named = slots(operation).into_iter().find(|slot| {
            let name = slot.field.last_name().unwrap_or_default().to_lowercase();
            slot.place == Place::Request
                && !slot.field.has_item()
                && NAMES.iter().any(|end| name.ends_with(end))
                && kind_of(slot, request) == Some("string")
                && enum_values(slot.node).is_empty()
                && !is_bound(&bindings, slot.place, &slot.field)
        });
        if let Some(slot) = named {
            self.freshen_field(operation, &slot.field, request);
        }
    }

    /// The field of a create's request that says the id of what it makes.
    fn sent_id(&self, index: usize) -> Option<FieldPath> {
        self.sender.suite.resources.iter().find_map(|resource| {
            let create = resource.create.as_ref()?;
            match &create.identity {
                Identity::Sent(field) if create.operation == index => Some(field.clone()),
                // The answer repeats what a field of that name said.
                Identity::Answered(path) if create.operation == index => {
                    let field = FieldPath::name(path.last_name()?);
                    let operation = self.sender.suite.operations.get(index)?;
                    let slot = slot(operation, Place::Request, &field)?;
                    (types_of(slot.node) == ["string"]).then_some(field)
                }
                Identity::Sent(_)
                | Identity::Answered(_)
                | Identity::Chosen
                | Identity::Located => None,
            }
        })
    }

    /// Finds out which values of an operation must be unique; none where fresh values do not help.
    /// A case that has to be taken is varied itself, for another the plain request of the operation.
    async fn learn(
        &self,
        operation: &Operation,
        index: usize,
        case: &Case,
        scope: u64,
    ) -> Vec<FieldPath> {
        let plain = if case.expectation == Expectation::Success {
            case.request.clone()
        } else {
            let Ok(mut plain) = self.sender.baseline(index) else {
                return Vec::new();
            };
            self.mark(operation, &plain_fact(operation), &mut plain);
            plain
        };
        if self.sender.memory.learns_too_often(index) {
            return Vec::new();
        }
        let candidates = self.candidates(operation, &plain);
        if candidates.is_empty() {
            return Vec::new();
        }
        let try_with = async |fields: &[FieldPath]| {
            let mut case = Case {
                label: "which value must be unique".to_owned(),
                request: plain.clone(),
                expectation: Expectation::Success,
            };
            self.freshen(operation, fields, None, &mut case.request);
            self.send_about(operation, &case, None, scope).await
        };
        // The plain request is taken once at most: then it is there, and the same is a conflict.
        if try_with(&[]).await.is_success() && !is_conflict(&try_with(&[]).await) {
            return Vec::new();
        }
        if !try_with(&candidates).await.is_success() {
            return Vec::new();
        }
        for field in candidates.iter().take(MOST_FIELDS) {
            let alone = std::slice::from_ref(field);
            if candidates.len() > 1 && try_with(alone).await.is_success() {
                return alone.to_vec();
            }
        }
        candidates
    }

    /// The texts of a request that can be varied, the likeliest to be unique first.
    pub(super) fn candidates(&self, operation: &Operation, plain: &Request) -> Vec<FieldPath> {
        let bindings = self.sender.suite.bindings(operation);
        let mut fields: Vec<FieldPath> = slots(operation)
            .into_iter()
            .filter(|slot| slot.place == Place::Request && !slot.field.has_item())
            .filter(|slot| match kind_of(slot, plain) {
                Some("string") => true,
                Some("integer") => is_id(&slot.field),
                _ => false,
            })
            .filter(|slot| enum_values(slot.node).is_empty())
            .filter(|slot| !is_bound(&bindings, slot.place, &slot.field))
            .map(|slot| slot.field)
            .filter(|field| {
                let mut varied = plain.clone();
                self.freshen_field(operation, field, &mut varied);
                varied != *plain
            })
            .collect();
        fields.sort_by_key(|field| {
            let name = field.last_name().unwrap_or_default().to_lowercase();
            NAMES
                .iter()
                .position(|end| name.ends_with(end))
                .unwrap_or(NAMES.len())
        });
        fields
    }

    /// Puts fresh values into fields of a request, but for the one under test.
    fn freshen(
        &self,
        operation: &Operation,
        fields: &[FieldPath],
        own: Option<&Row>,
        request: &mut Request,
    ) {
        let is_own = |field: &FieldPath| {
            own.is_some_and(|row| row.place == Place::Request && row.field == *field)
        };
        for field in fields.iter().filter(|field| !is_own(field)) {
            self.freshen_field(operation, field, request);
        }
    }

    /// Puts a value that nobody had before into a text or a whole number of a request, where the
    /// request then stands in the same class as before; else leaves it alone.
    pub(super) fn freshen_field(
        &self,
        operation: &Operation,
        field: &FieldPath,
        request: &mut Request,
    ) {
        if request.body.value().is_none() {
            return;
        }
        let Some(known) = request.get(Place::Request, field) else {
            return;
        };
        let candidates: Vec<Value> = match &known {
            Value::String(text) => {
                let number = self.next_value();
                // Of what words restrict that are not read, only the form is known.
                let alike = is_restricted(operation, field).then(|| alike(text, number));
                let fresh = fresh(text, number).into_iter();
                let all = alike.into_iter().flatten().chain(fresh);
                all.map(Value::from).collect()
            }
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                fresh_numbers(self.next_value()).map(Value::from).to_vec()
            }
            _ => return,
        };
        let before = classify(operation, request);
        let varied = |candidate: &Value| {
            let mut varied = request.clone();
            varied.set(Place::Request, field, Some(candidate.clone()));
            varied
        };
        let is_alike = |candidate: &&Value| classify(operation, &varied(candidate)) == before;
        let mut all = candidates.iter();
        let found = all.find(is_alike).or_else(|| {
            // A page that calls a value unique wants others of its form, whatever else it says; and of
            // an address the form is known.
            let is_known = operation.names(409) && known.as_str().is_some_and(is_address);
            let is_wanted = (calls_unique(operation, field) || is_known)
                && matches!(before, Validity::Valid | Validity::Unspecified(_));
            let may_be_taken = |candidate: &&Value| {
                matches!(
                    classify(operation, &varied(candidate)),
                    Validity::Unspecified(_)
                )
            };
            candidates.iter().find(|one| is_wanted && may_be_taken(one))
        });
        if let Some(candidate) = found {
            self.sender.memory.note_drawn(field, &known, candidate);
            *request = varied(candidate);
        }
    }

    /// An id that nobody has yet, for a place that chooses one.
    pub(super) fn fresh_id(&self, operation: &Operation, borrowed: &Borrowed) -> Value {
        let id = self.draw_id(operation, borrowed);
        let memory = &self.sender.memory;
        memory.note_drawn(&borrowed.row.field, &borrowed.stand_in, &id);
        id
    }

    fn draw_id(&self, operation: &Operation, borrowed: &Borrowed) -> Value {
        let parameter = operation.parameters.iter().find(|parameter| {
            parameter.location.place() == borrowed.row.place
                && borrowed.row.field.top() == Some(parameter.name.as_str())
        });
        let fits =
            |value: &Value| parameter.is_none_or(|parameter| parameter.schema.is_valid(value));
        let like = self.like(borrowed);
        let text = match &like {
            Value::String(text) => text.clone(),
            Value::Number(_) => {
                let number = Value::from(fresh_number(self.next_value()));
                return if fits(&number) { number } else { like };
            }
            other => return other.clone(),
        };
        let number = self.next_value();
        let formed = like_given(&text, number).filter(|_| like != borrowed.stand_in);
        let mut candidates = formed.into_iter().chain(fresh(&text, number));
        let fresh = candidates.find(|candidate| fits(&Value::from(candidate.as_str())));
        fresh.map_or(borrowed.stand_in.clone(), Value::from)
    }

    /// What an id that is drawn for a place is made like: what stands in for it, or else, where no
    /// source says what ids are like, the given one of the same kind if it has a form of its own.
    pub(super) fn like(&self, borrowed: &Borrowed) -> Value {
        let given = self.sender.supplies.given(&borrowed.key);
        let given =
            given.filter(|id| says_nothing(&borrowed.stand_in) && like_given(id, 0).is_some());
        given.map_or_else(|| borrowed.stand_in.clone(), Value::from)
    }
}

/// The type of what a request has in a field, where its source allows that type, or names none.
fn kind_of(slot: &Slot<'_>, request: &Request) -> Option<&'static str> {
    let value = request.get(slot.place, &slot.field)?;
    let kind = type_of(&value);
    let types = types_of(slot.node);
    (types.is_empty() || types.contains(&kind)).then_some(kind)
}

/// Whether a text is an address of the web or of mail: one that goes on at its end, or in the name
/// before its domain, is another.
fn is_address(text: &str) -> bool {
    let is_url = ["http://", "https://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    let is_mail = || {
        let parts = text.split_once('@');
        parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    };
    !text.contains(char::is_whitespace) && (is_url || is_mail())
}

/// Whether a page says that no two have the same value of a field.
fn calls_unique(operation: &Operation, field: &FieldPath) -> bool {
    let known = operation.request_body.as_ref();
    let known = known.and_then(|body| body.schema.field(field));
    let unique = Facet::Meaning(Meaning::Unique);
    known.is_some_and(|known| known.facts.iter().any(|fact| fact.facet == unique))
}

/// Whether a field of a request is restricted in words that are not read.
fn is_restricted(operation: &Operation, field: &FieldPath) -> bool {
    let known = operation.request_body.as_ref();
    let known = known.and_then(|body| body.schema.field(field));
    known.is_some_and(|known| is_in_words(known.facts))
}

/// A whole number that nobody has for an id: far from where a service begins to count, and within 32
/// bits.
fn fresh_number(number: u64) -> u64 {
    1_900_000_000 + RandomState::new().hash_one(number) % 100_000_000
}

/// Whole numbers that nobody has for an id, the likeliest to be nobody's first: the later ones fit
/// into fewer bits.
fn fresh_numbers(number: u64) -> [u64; 4] {
    let random = RandomState::new().hash_one(number);
    [
        fresh_number(number),
        10_000 + random % 22_000,
        1_000 + random % 9_000,
        1 + random % 999,
    ]
}

/// Whether a request has values that could be there already.
fn takes_values(operation: &Operation, request: &Request) -> bool {
    request.method == operation.method
        && operation.writes()
        && operation.method != "DELETE"
        && request.body.value().is_some_and(Value::is_object)
}

/// Whether an answer says that a value is there already.
pub(super) fn is_conflict(exchange: &Exchange) -> bool {
    let Ok(answer) = &exchange.outcome else {
        return false;
    };
    let says = |words: &Phrase| {
        let most = answer.body.len().min(4_096);
        let text = String::from_utf8_lossy(answer.body.get(..most).unwrap_or_default());
        words.is_match(&text)
    };
    match answer.status {
        409 => true,
        400 | 403 | 412 | 422 => says(&TAKEN),
        500 => says(&SURELY_TAKEN),
        _ => false,
    }
}

/// What fresh values are made of.
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz";
const MIXED: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Draws letters and digits; two runs draw different ones.
struct Drawing {
    random: RandomState,
    number: u64,
    count: u64,
}

impl Drawing {
    fn new(number: u64) -> Self {
        Self {
            random: RandomState::new(),
            number,
            count: 0,
        }
    }

    fn next(&mut self, below: u64) -> u64 {
        self.count += 1;
        self.random.hash_one((self.number, self.count)) % below
    }

    fn word(&mut self, letters: &str, count: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        let length = u64::try_from(letters.len()).unwrap_or(1);
        (0..count)
            .filter_map(|_| letters.get(usize::try_from(self.next(length)).unwrap_or(0)))
            .collect()
    }
}

pattern! {
    /// The end of the name of a host (`example.org`, `example.org.`) or of a file (`notes.txt`).
    static ENDING = r"(?i)^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\.?$";

    /// An id of hexadecimal digits, in groups as a UUID (RFC 9562) or in one.
    static HEXADECIMAL = r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^(?:[0-9a-f]{24}|[0-9a-f]{32})$";
}

/// An id that nobody has, of the form of one that was given; none where that has no form: a plain
/// word says nothing of what others are like.
///
/// Of an id that begins with a sign (`@ann:example.org`) the first word names the thing, of one with
/// colons (`urn:thing:7`) the last.
fn like_given(given: &str, number: u64) -> Option<String> {
    let mut drawing = Drawing::new(number);
    if !given.is_empty() && given.chars().all(|own| own.is_ascii_digit()) {
        return Some(fresh_number(number).to_string());
    }
    if HEXADECIMAL.is_match(given) {
        let drawn = given.char_indices().map(|(at, own)| match own {
            // The version of a UUID and its variant stay.
            '-' => own.to_string(),
            _ if given.contains('-') && matches!(at, 14 | 19) => own.to_string(),
            _ => drawing.word("0123456789abcdef", 1),
        });
        return Some(drawn.collect());
    }
    let is_sign = |own: char| own.is_ascii_punctuation() && !matches!(own, '_' | '-');
    let end = if given.starts_with(is_sign) {
        let start = given.find(|own| !is_sign(own))?;
        let word = given.get(start..)?;
        start + word.find(is_sign).unwrap_or(word.len())
    } else {
        given.contains(':').then_some(given.len())?
    };
    let (before, behind) = given.split_at(end);
    Some(format!("{before}{}{behind}", drawing.word(SMALL, 6)))
}

/// Values like a text that nobody had before, the likeliest to be valid first. Two runs make
/// different ones.
pub(super) fn fresh(text: &str, number: u64) -> Vec<String> {
    let mut drawing = Drawing::new(number);
    let mut found = Vec::new();
    if let Some((local, domain)) = text.split_once('@') {
        found.push(format!("{local}{}@{domain}", drawing.word(SMALL, 6)));
    }
    // What has no small letters goes on without them, and words that are joined by a low line go on
    // behind one.
    let is_in_capitals = text.chars().filter(char::is_ascii_uppercase).count() > 1
        && !text.chars().any(char::is_lowercase);
    let suffix = if is_in_capitals {
        drawing.word(CAPITALS, 6)
    } else {
        drawing.word(MIXED, 6)
    };
    if text.contains('_') && !text.contains(['-', ' ', '.', '/', ':']) {
        found.push(format!("{text}_{suffix}"));
    }
    // The name of a host or a file goes on behind its first part.
    if let Some((first, rest)) = text.split_once('.').filter(|_| ENDING.is_match(text)) {
        found.push(format!("{first}-{suffix}.{rest}"));
    }
    found.push(format!("{text}-{suffix}"));
    found.push(format!("{text}_{suffix}"));
    found.push(format!("{text}{suffix}"));
    found.push(format!("{text}{}", drawing.word(SMALL, 5)));
    found.extend(alike(text, number));
    let length = text.chars().count().max(1);
    found.push(drawing.word(SMALL, length));
    found.push(drawing.word("0123456789", length));
    found.retain(|value| value != text);
    found
}

/// The same of the same length: as many characters of the end as there are take others of their
/// kind.
pub(super) fn alike(text: &str, number: u64) -> Vec<String> {
    let mut drawing = Drawing::new(number);
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for count in [8, 6, 4, 3, 2, 1] {
        if count > characters.len() {
            continue;
        }
        let (kept, varied) = characters.split_at(characters.len() - count);
        let mut value: String = kept.iter().collect();
        for character in varied {
            let of_kind = match character {
                '0'..='9' => drawing.word("0123456789", 1),
                'a'..='f' => drawing.word("abcdef", 1),
                'g'..='z' => drawing.word(SMALL, 1),
                'A'..='Z' => drawing.word("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1),
                other => other.to_string(),
            };
            value.push_str(&of_kind);
        }
        found.push(value);
    }
    found.retain(|value| value != text);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("main", "main-")]
    #[case("a@example.com", "@example.com")]
    #[case("", "")]
    #[case("example.org.", ".org.")]
    #[case("notes.txt", "notes-")]
    #[case("my_table", "my_table_")]
    #[case("CUSTOM_FPGA", "CUSTOM_FPGA_")]
    #[case("0123456789abcdef", "0123456789abcdef")]
    fn a_fresh_value_is_like_the_old_one(#[case] text: &str, #[case] part: &str) {
        let values = fresh(text, 7);
        assert!(values.first().is_some_and(|value| value.contains(part)));
        assert!(values.iter().all(|value| value != text));
    }

    #[rstest]
    #[case("CUSTOM_FPGA")]
    #[case("EUR")]
    fn capitals_go_on_in_capitals(#[case] text: &str) {
        let first = fresh(text, 7).into_iter().next();
        let has_small = |value: &String| value.chars().any(char::is_lowercase);
        assert!(first.is_some_and(|value| !has_small(&value)));
    }

    #[rstest]
    #[case("https://news.example.org/atom.xml", true)]
    #[case("ann@example.org", true)]
    #[case("@ann", false)]
    #[case("see https://example.org", false)]
    #[case("978-3-16-148410-0", false)]
    fn an_address_is_told(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_address(text), expected);
    }

    #[rstest]
    #[case::sign("@other:field", "@other", ":field")]
    #[case::room("!room", "!room", "")]
    #[case::colons("urn:thing:seven", "urn:thing:seven", "")]
    #[case::number("7", "19", "")]
    #[case::uuid("3f0c9a52-77b1-4c08-9d1e-0a4b6c2e8f13", "", "")]
    #[case::one_group("3f0c9a5277b14c089d1e0a4b6c2e8f13", "", "")]
    fn an_id_is_made_like_the_given_one(
        #[case] given: &str,
        #[case] before: &str,
        #[case] behind: &str,
    ) {
        let made = like_given(given, 7).unwrap_or_default();
        assert_ne!(made, given);
        assert!(made.starts_with(before) && made.ends_with(behind), "{made}");
        assert_eq!(
            HEXADECIMAL.is_match(&made),
            HEXADECIMAL.is_match(given),
            "{made}"
        );
    }

    #[rstest]
    #[case("main")]
    #[case("docker-0_1")]
    #[case("")]
    fn a_plain_word_says_nothing_of_other_ids(#[case] given: &str) {
        assert_eq!(like_given(given, 7), None);
    }

    #[test]
    fn two_numbers_give_two_values() {
        assert_ne!(fresh("main", 1).first(), fresh("main", 2).first());
    }

    #[test]
    fn some_values_have_the_same_length() {
        let same = |value: &&String| value.chars().count() == 32;
        let text = "x".repeat(32);
        assert!(fresh(&text, 1).iter().filter(same).count() > 3);
    }
}
