//! An operation that a store serves, by what it does to a resource.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::contract::{
    FieldPath, Identity, Operation, Place, Resource, ResourceExpectation, Row, Suite,
};

use super::super::super::answer::Answer;
use super::super::super::call::Call;
use super::super::super::operation::MockOperation;
use super::super::super::rejection::{Cause, Rejection};
use super::super::super::reply::{Body, Reply};
use super::super::super::resource::text_of;
use super::super::Backend;
use super::Store;
use super::failing::{Failing, alter_one, altered};
use super::fields::Described;
use super::kind::{Kind, said_by, told_by};
use super::list::List;
use super::shape::Shape;
use super::state::{Record, Scope, Shelf};
use super::unique::unique_of;

/// How far off times are that are those of another zone.
const AHEAD: SignedDuration = SignedDuration::from_hours(8);

/// What an operation does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Makes one.
    Create,
    /// Makes one of the id that the request chose, or replaces it.
    Put,
    /// Shows one.
    Show,
    /// Replaces one.
    Replace,
    /// Changes a part of one.
    Change,
    /// Deletes one.
    Delete,
    /// Lists them.
    List,
    /// Does something else to one.
    Act,
}

/// What the operations of a resource do to it: places among the suite's operations.
pub(super) fn roles(resource: &Resource) -> Vec<(usize, Role)> {
    let creation = resource.create.as_ref().map(|creation| {
        let is_chosen = creation.identity == Identity::Chosen;
        let role = if is_chosen { Role::Put } else { Role::Create };
        (creation.operation, role)
    });
    let one = |at: Option<usize>, role: Role| at.map(|at| (at, role));
    let list = resource.list.as_ref().map(|list| list.operation);
    let known = [
        creation,
        one(resource.show, Role::Show),
        one(resource.replace, Role::Replace),
        one(resource.change, Role::Change),
        one(resource.delete, Role::Delete),
        one(list, Role::List),
    ];
    let acts = resource.acts.iter().map(|at| (*at, Role::Act));
    let mut roles: Vec<(usize, Role)> = Vec::new();
    for (at, role) in known.into_iter().flatten().chain(acts) {
        if !roles.iter().any(|(known, _)| *known == at) {
            roles.push((at, role));
        }
    }
    roles
}

/// An operation, and the store behind it.
#[derive(Debug)]
pub(in super::super) struct Served {
    store: Arc<Store>,
    /// The place of its resource in the store.
    kind: usize,
    role: Role,
    /// Where a request names the record.
    own: Option<Row>,
    /// Where it names what the record belongs to, and the resource keys.
    outer: Vec<(Row, String)>,
    said: Option<Described>,
    answer: Answer,
    told: Option<Shape>,
    /// The answer to a request that replaces, where another one is to a request that makes.
    replaced: Option<(Answer, Option<Shape>)>,
    list: Option<List>,
    /// The field that no two may have the same of.
    unique: Vec<String>,
    /// Whether what it does is done once.
    is_not_again: bool,
    path: String,
    /// The path of one record, where its answers say where a new one is.
    place: Option<String>,
}

/// The path of a record, where an operation that makes one documents a `Location` that may be a path
/// or a whole URL, and a record has its own: that of the request, or the one that shows it.
fn place_of(
    suite: &Suite,
    resource: &Resource,
    operation: &Operation,
    role: Role,
) -> Option<String> {
    let identity = resource.create.as_ref().map(|create| &create.identity);
    let own = operation.path.trim_end_matches('/');
    let mut headers = operation.successes().flat_map(|response| &response.headers);
    let takes_path = headers.any(|header| {
        header.name.eq_ignore_ascii_case("location")
            && ["", "http://localhost"].iter().any(|host| {
                let place = Value::from(format!("{host}{own}/1"));
                header.schema.is_valid(&place)
            })
    });
    if identity == Some(&Identity::Chosen) {
        let makes = matches!(role, Role::Create | Role::Put);
        return (makes && own.ends_with('}') && takes_path).then(|| own.to_owned());
    }
    let show = resource.show.and_then(|show| suite.operations.get(show));
    let end = show.map_or("", |show| if show.path.ends_with('/') { "/" } else { "" });
    let shown = show.map(|show| show.path.trim_end_matches('/'));
    // Its id is in the last part, perhaps with an ending: `/notes/{id}.json`.
    let has_id = |path: &&str| {
        path.rsplit('/')
            .next()
            .is_some_and(|last| last.starts_with('{'))
    };
    let shown = shown.filter(has_id).filter(|_| takes_path)?;
    // Below its own path the names of parameters are those that the request has values of.
    let is_below = unnamed(shown) == format!("{}/{{}}", unnamed(own));
    Some(if is_below {
        format!("{own}/{{}}{end}")
    } else {
        format!("{shown}{end}")
    })
}

/// A path without the names of its parameters.
fn unnamed(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{') {
        Some(_) => "{}",
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

impl Served {
    /// An operation of a suite, by its place there; nothing where the store does not keep what it
    /// is about.
    pub(in super::super) fn new(
        suite: &Suite,
        at: usize,
        mocked: &MockOperation,
        store: &Arc<Store>,
    ) -> Option<Self> {
        let operation = suite.operations.get(at)?;
        let (resource, role) = store.kept.iter().find_map(|resource| {
            let mut roles = roles(resource).into_iter();
            let (_, role) = roles.find(|(known, _)| *known == at)?;
            Some((resource, role))
        })?;
        let kind = store
            .kinds
            .iter()
            .position(|kind| kind.key == resource.key)?;
        let outer = &store.kinds.get(kind)?.outer;
        let named = |row: &Row| match row.place {
            Place::Path => true,
            Place::Request | Place::Query => matches!(role, Role::Create | Role::List),
            Place::Operation
            | Place::Header
            | Place::Cookie
            | Place::Response(_)
            | Place::ResponseHeader(_) => false,
        };
        let list = match &resource.list {
            Some(list) if role == Role::List => {
                Some(List::new(suite, operation, list, &mocked.answer, outer)?)
            }
            _ => None,
        };
        let mut served = Self {
            store: Arc::clone(store),
            kind,
            role,
            own: None,
            outer: Vec::new(),
            said: said_by(resource, operation),
            answer: mocked.answer.clone(),
            told: told_by(resource, &mocked.answer, role, outer),
            replaced: None,
            list,
            unique: unique_of(store, resource, operation),
            is_not_again: role == Role::Act && operation.is_not_again(),
            path: operation.path.clone(),
            place: place_of(suite, resource, operation, role),
        };
        for bound in &mocked.bound {
            if bound.key == resource.key {
                served.own = Some(bound.row.clone());
            } else if named(&bound.row) {
                served.outer.push((bound.row.clone(), bound.key.clone()));
            }
        }
        if role == Role::Put {
            served.answer_twice(resource, operation, outer, mocked);
        }
        Some(served)
    }

    /// Tells apart the answers to a request that makes something and to one that replaces it.
    fn answer_twice(
        &mut self,
        resource: &Resource,
        operation: &Operation,
        outer: &[String],
        mocked: &MockOperation,
    ) {
        let of = |is_made: bool| {
            let mut successes = operation.successes();
            successes.find(|response| response.covers(201) == is_made)
        };
        let with = |response| {
            let answer = Answer::of(operation, Some(response), mocked.answer.ids());
            let told = told_by(resource, &answer, Role::Put, outer);
            (answer, told)
        };
        if let Some(made) = of(true) {
            (self.answer, self.told) = with(made);
        }
        self.replaced = of(false).map(with);
    }

    /// What the record belongs to, as a request names it.
    fn scope(&self, call: &Call<'_>) -> Scope {
        let named = self.outer.iter();
        named
            .filter_map(|(row, key)| Some((key.clone(), text_of(call.at(row)?))))
            .collect()
    }

    /// The id of the record that a request names.
    fn id(&self, call: &Call<'_>) -> Option<String> {
        call.at(self.own.as_ref()?).map(text_of)
    }

    fn said<'c>(&self, call: &'c Call<'_>) -> Option<&'c Map<String, Value>> {
        self.said.as_ref()?.said(call.body.as_ref())
    }

    fn reply(&self, call: &Call<'_>, kind: &Kind, record: &Record) -> Reply {
        tell(&self.answer, self.told.as_ref(), call, kind, record)
    }

    /// Makes a record, and keeps it.
    fn create(&self, call: &Call<'_>, kind: &Kind, shelf: &mut Shelf) -> Reply {
        let chosen = match &kind.identity {
            Identity::Sent(path) => {
                let body = call.body.as_ref();
                let sent = body.and_then(|body| body.pointer(&path.to_pointer()));
                sent.map(text_of)
            }
            Identity::Chosen => self.id(call),
            // The answer tells the id that the request said, where it said one.
            Identity::Answered(path) => path
                .last_name()
                .and_then(|name| self.said(call)?.get(name))
                .map(text_of),
            Identity::Located => None,
        };
        let failing = self.store.failing(kind);
        let now = Timestamp::now();
        let time = match failing {
            Some(Failing::OffTheClock) => now.checked_add(AHEAD).unwrap_or(now),
            _ => now,
        };
        let mut record = Record::new(
            chosen.unwrap_or_else(|| kind.new_id(&self.store.ids, shelf)),
            self.scope(call),
            kind.fresh(self.said(call), time),
        );
        kind.number(&mut record.fields, &self.store.ids, shelf.given());
        self.take_over(call, kind, &mut record);
        let mut reply = match (&self.replaced, failing) {
            (Some((answer, told)), Some(Failing::PutTellsAlike)) => {
                tell(answer, told.as_ref(), call, kind, &record)
            }
            _ => self.reply(call, kind, &record),
        };
        let is_located = kind.identity == Identity::Located;
        if let Some(place) = self.location(call, &record.id, is_located) {
            reply.headers.push(("location".into(), place));
        }
        match failing {
            Some(Failing::Loses(field)) => kind.lose(&mut record.fields, field),
            Some(Failing::Alters(field)) => {
                if let Some(value) = record.fields.get_mut(field) {
                    *value = altered(value, kind.node(field));
                }
            }
            Some(Failing::NotShown) => record.is_shown = false,
            Some(Failing::NotListed) => record.is_listed = false,
            _ => {}
        }
        // Of two with the id that a request said, the later one is there.
        shelf.remove(&record.id, &record.scope);
        shelf.add(record);
        reply
    }

    /// Takes a field that the service sets from a request, where that is how the store fails.
    fn take_over(&self, call: &Call<'_>, kind: &Kind, record: &mut Record) {
        if let Some(Failing::TakesOver(name)) = self.store.failing(kind)
            && let Some(value) = self.said(call).and_then(|said| said.get(name))
        {
            record.fields.insert(name.clone(), value.clone());
        }
    }

    /// The path of a new record, whose id stands at the end; where no operation shows one and it has
    /// to be told, below that of the request.
    fn location(&self, call: &Call<'_>, id: &str, is_located: bool) -> Option<String> {
        let below = || {
            let end = if self.path.ends_with('/') { "/" } else { "" };
            format!("{}/{{}}{end}", self.path.trim_end_matches('/'))
        };
        let path = self.place.clone().or_else(|| is_located.then(below))?;
        let (around, last) = path.rsplit_once("/{")?;
        let (_, end) = last.split_once('}')?;
        let mut around = around.to_owned();
        for (row, _) in self
            .outer
            .iter()
            .filter(|(row, _)| row.place == Place::Path)
        {
            if let (Some(name), Some(value)) = (row.field.top(), call.at(row)) {
                around = around.replace(&format!("{{{name}}}"), &text_of(value));
            }
        }
        (!around.contains('{')).then(|| format!("{around}/{id}{end}"))
    }

    /// Replaces a record, or changes a part of it.
    fn change(&self, call: &Call<'_>, kind: &Kind, shelf: &mut Shelf) -> Option<Reply> {
        let (id, scope) = (self.id(call)?, self.scope(call));
        let found = self.store.find(kind, shelf, Some(self.role), (&id, &scope));
        let mut record = found?.clone();
        let failing = self.store.failing(kind);
        if let Some(described) = &self.said {
            let said = self.said(call);
            let is_part = self.role == Role::Change;
            record.fields = match failing {
                Some(Failing::ChangeResets) => {
                    kind.replaced(&record.fields, described, said, |_| false)
                }
                Some(Failing::ReplaceKeeps) if !is_part => {
                    kind.changed(&record.fields, described, said)
                }
                _ if is_part => kind.changed(&record.fields, described, said),
                _ => kind.replaced(&record.fields, described, said, |name| {
                    described.keeps(name)
                }),
            };
        }
        self.take_over(call, kind, &mut record);
        if let Some(Failing::NullKept(name)) = failing
            && self.said(call).and_then(|said| said.get(name)) == Some(&Value::Null)
            && let Some(known) = found?.fields.get(name)
        {
            record.fields.insert(name.clone(), known.clone());
        }
        let name = self.told.as_ref().and_then(|told| told.id.as_ref());
        let said = name.and_then(|name| self.said(call)?.get(name));
        if let Some(id) = said.map(text_of).filter(|id| !id.is_empty()) {
            record.id = id;
        }
        if failing == Some(&Failing::ChangeMoves)
            && let Value::String(other) = altered(&Value::from(id.clone()), None)
        {
            record.id = other;
        }
        match (failing, self.role) {
            (Some(Failing::ChangeIgnored), Role::Change)
            | (Some(Failing::ReplaceIgnored), Role::Replace | Role::Put) => {}
            (Some(Failing::ChangeSpreads), Role::Change)
            | (Some(Failing::ReplaceSpreads), Role::Replace | Role::Put) => {
                for other in shelf.all_mut() {
                    other.fields.clone_from(&record.fields);
                }
            }
            _ if record.id != id => {
                shelf.remove(&id, &scope);
                // Of two with one id the later one is there.
                shelf.remove(&record.id, &scope);
                shelf.add(record.clone());
            }
            _ => {
                if let Some(known) = shelf.find_mut(&id, &scope) {
                    known.fields.clone_from(&record.fields);
                }
            }
        }
        Some(match &self.replaced {
            Some((answer, told)) => tell(answer, told.as_ref(), call, kind, &record),
            None => self.reply(call, kind, &record),
        })
    }

    /// Deletes a record, and what belongs to it.
    fn delete(&self, call: &Call<'_>, kind: &Kind, shelves: &mut [Shelf]) -> Option<Reply> {
        let shelf = shelves.get_mut(self.kind)?;
        let (id, scope) = (self.id(call)?, self.scope(call));
        let failing = self.store.failing(kind);
        let record = if matches!(failing, Some(Failing::StillShown | Failing::StillListed)) {
            let record = shelf.find_mut(&id, &scope)?;
            record.is_deleted = true;
            record.is_shown = failing == Some(&Failing::StillShown);
            record.is_listed = failing == Some(&Failing::StillListed);
            record.clone()
        } else {
            shelf.remove(&id, &scope)?
        };
        let keeps_below = failing == Some(&Failing::BelowStays);
        for shelf in shelves.iter_mut().filter(|_| !keeps_below) {
            shelf.remove_below(&kind.key, &record);
        }
        Some(self.reply(call, kind, &record))
    }

    /// Shows a record, or does with it what changes nothing that is told of it.
    fn show(&self, call: &Call<'_>, kind: &Kind, shelf: &mut Shelf) -> Option<Reply> {
        let (id, scope) = (self.id(call)?, self.scope(call));
        let found = self.store.find(kind, shelf, Some(self.role), (&id, &scope));
        let mut reply = self.reply(call, kind, found?);
        if self.role == Role::Act {
            self.answer.repeat(call, &mut reply);
            if let Body::Json(body) = &reply.body
                && self.store.failing(kind) != Some(&Failing::ActForgotten)
                && let Some(record) = shelf.find_mut(&id, &scope)
            {
                take(body, record);
            }
        }
        if self.is_not_again
            && let Some(record) = shelf.find_mut(&id, &scope)
        {
            record.done.insert(self.path.clone());
        }
        if self.role == Role::Show
            && self.store.failing(kind) == Some(&Failing::ShowChanges)
            && let Some(record) = shelf.find_mut(&id, &scope)
        {
            spoil(kind, record);
        }
        Some(reply)
    }

    /// Lists the records of what a request names.
    fn list(&self, call: &Call<'_>, kind: &Kind, shelf: &mut Shelf) -> Option<Reply> {
        let list = self.list.as_ref()?;
        let failing = self.store.failing(kind);
        let scope = match failing {
            Some(Failing::ListsForeign) => Scope::new(),
            _ => self.scope(call),
        };
        let reply = list.reply(&self.answer, call, shelf, &scope, &kind.sayable);
        if failing == Some(&Failing::ListChanges) {
            for record in shelf.all_mut() {
                spoil(kind, record);
            }
        }
        Some(reply)
    }
}

/// Lets a record be as an act tells it.
fn take(told: &Value, record: &mut Record) {
    for (name, value) in &mut record.fields {
        let now = told.get(name.as_str());
        if let Some(now) = now.filter(|now| !now.is_object() && !now.is_array()) {
            value.clone_from(now);
        }
    }
}

/// Changes a record that was but read.
fn spoil(kind: &Kind, record: &mut Record) {
    let may_go_back = record.spoilt == 0;
    let node = |name: &str| kind.node(name);
    if alter_one(&mut record.fields, &kind.steady, may_go_back, node) {
        record.spoilt += 1;
    }
}

fn tell(
    answer: &Answer,
    told: Option<&Shape>,
    call: &Call<'_>,
    kind: &Kind,
    record: &Record,
) -> Reply {
    match told {
        Some(told) => told.reply(answer, call, record, &kind.sayable),
        None => answer.reply(call),
    }
}

impl Served {
    /// The refusal of what was done already with the record that a request names.
    fn done(&self, call: &Call<'_>, kind: &Kind) -> Option<Rejection> {
        let (id, scope) = (self.id(call)?, self.scope(call));
        let shelves = self.store.shelves();
        let shelf = shelves.get(self.kind)?;
        let record = self
            .store
            .find(kind, shelf, Some(self.role), (&id, &scope))?;
        let own = self.own.as_ref()?;
        let is_done = self.is_not_again && record.done.contains(&self.path);
        is_done.then(|| Rejection::new(own.place, own.field.clone(), Cause::Taken))
    }

    /// The refusal of a value that another record has.
    fn taken(&self, call: &Call<'_>, kind: &Kind, unique: &str) -> Option<Rejection> {
        let name = self.said(call)?.get(unique)?;
        let (scope, own) = (self.scope(call), self.id(call));
        let shelves = self.store.shelves();
        let mut known = shelves.get(self.kind)?.newest_first(&scope);
        let is_taken = known.any(|(_, record)| {
            let is_other = own.as_ref() != Some(&record.id) && !record.is_deleted;
            let is_id = matches!(&kind.identity, Identity::Sent(path)
                if path.last_name() == Some(unique) && text_of(name) == record.id);
            is_other && (is_id || record.fields.get(unique) == Some(name))
        });
        is_taken.then(|| {
            let at = self
                .said
                .as_ref()
                .map(|said| format!("{}/{unique}", said.at));
            let steps = at.iter().flat_map(|at| at.split('/')).skip(1);
            let field = steps.fold(FieldPath::root(), |path, name| path.child(name));
            Rejection::new(Place::Request, field, Cause::Taken)
        })
    }
}

impl Backend for Served {
    fn check(&self, call: &Call<'_>) -> Option<Rejection> {
        let kind = self.store.kinds.get(self.kind)?;
        if self.store.failing(kind) == Some(&Failing::TakenTwice) {
            return None;
        }
        if self.store.failing(kind) != Some(&Failing::DoneAgain)
            && let Some(done) = self.done(call, kind)
        {
            return Some(done);
        }
        let mut unique = self.unique.iter();
        unique.find_map(|unique| self.taken(call, kind, unique))
    }

    fn answer(&self, call: &Call<'_>) -> Reply {
        // What is documented of a resource without records is said of none that is kept.
        let is_empty = call.expectation == ResourceExpectation::Empty;
        let Some(kind) = self.store.kinds.get(self.kind).filter(|_| !is_empty) else {
            return self.answer.reply(call);
        };
        let mut shelves = self.store.shelves();
        let Some(shelf) = shelves.get_mut(self.kind) else {
            return self.answer.reply(call);
        };
        let reply = match self.role {
            Role::Create => Some(self.create(call, kind, shelf)),
            Role::Put => match self.change(call, kind, shelf) {
                Some(reply) => Some(reply),
                None => Some(self.create(call, kind, shelf)),
            },
            Role::Show | Role::Act => self.show(call, kind, shelf),
            Role::Replace | Role::Change => self.change(call, kind, shelf),
            Role::Delete => self.delete(call, kind, &mut shelves),
            Role::List => self.list(call, kind, shelf),
        };
        // Where a layer let through what names nothing, the answer is as for something.
        reply.unwrap_or_else(|| self.answer.reply(call))
    }

    fn refused(&self, call: &Call<'_>, rejection: &Rejection) {
        let Some(kind) = self.store.kinds.get(self.kind) else {
            return;
        };
        let is_of_body = rejection.row.place == Place::Request
            && matches!(rejection.cause, Cause::Rule(_))
            && call.body.is_some();
        let is_done = match (self.store.failing(kind), self.role) {
            (Some(Failing::RefusedMade), Role::Create | Role::Put)
            | (Some(Failing::RefusedDone), Role::Change)
            | (Some(Failing::RefusedReplaced), Role::Replace | Role::Put) => is_of_body,
            _ => false,
        };
        if is_done {
            let _ = self.answer(call);
        }
    }
}
