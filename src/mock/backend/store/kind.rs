//! What a store knows of one resource: what a record is made of, how its id is made, and what there
//! is of it from the start.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::contract::{
    FieldPath, Identity, Location, Operation, OperationId, Resource, Suite, is_volatile,
};

use super::super::super::answer::Answer;
use super::super::super::new_ids::NewIds;
use super::super::super::operation::MockOperation;
use super::super::super::resource::{Ids, Resources};
use super::clock::Clock;
use super::failing::altered;
use super::fields::{Described, merge};
use super::list::List;
use super::served::{Role, roles};
use super::shape::{Shape, place, place_in_request};
use super::state::{Record, Scope, Shelf};

/// How many records a list has from the start: enough for three pages, and for one in the middle.
const SEEDS: usize = 7;

/// Names of fields of which no two records have the same value, whatever else is their id.
const SERIALS: [&str; 3] = ["id", "uuid", "guid"];

/// One resource that is kept.
#[derive(Debug)]
pub(super) struct Kind {
    /// The resource key that its id is given by.
    pub(super) key: String,
    /// Where the id of a new one comes from.
    pub(super) identity: Identity,
    /// What a request may say of one, by the names of its fields.
    pub(super) sayable: Vec<String>,
    /// Those of them that no service changes by itself.
    pub(super) steady: Vec<String>,
    /// The keys of what it belongs to.
    pub(super) outer: Vec<String>,
    /// What the request that makes one says.
    create: Option<Described>,
    new_ids: NewIds,
    /// What else tells one from another, by the names of its fields.
    serials: Vec<(String, NewIds)>,
    /// How one is told, by the answer that tells it best.
    home: Option<Described>,
    /// What one is like before any request says anything of it.
    plain: Map<String, Value>,
    clocks: Vec<Clock>,
    /// The numbers that go up by one with each change.
    rising: Vec<String>,
    is_listed: bool,
    /// Whether deleting what is gone is a success.
    pub(super) is_repeatable: bool,
    roles: Vec<(OperationId, Role)>,
}

/// What a request to an operation says of a resource.
pub(super) fn said_by(resource: &Resource, operation: &Operation) -> Option<Described> {
    let schema = &operation.request_body.as_ref()?.schema;
    let at = place_in_request(resource, schema).to_pointer();
    Some(Described::new(schema, &at))
}

/// How an operation that answers with one record tells it.
pub(super) fn told_by(
    resource: &Resource,
    answer: &Answer,
    role: Role,
    outer: &[String],
) -> Option<Shape> {
    let creation = resource.create.as_ref().filter(|_| role == Role::Create);
    let (at, id) = match creation.map(|creation| &creation.identity) {
        Some(Identity::Answered(path)) => {
            let id = path.last_name().map(str::to_owned);
            (path.parent().unwrap_or_default(), id)
        }
        _ => place(resource, answer.schema.as_ref()?),
    };
    // What an act or a delete answers tells the record only where it tells its id.
    if id.is_none() && matches!(role, Role::Act | Role::Delete) {
        return None;
    }
    Shape::new(answer, &at.to_pointer(), id, outer)
}

/// The keys of what a resource belongs to, by what the paths of its operations and the body of its
/// create name.
fn outer_keys(suite: &Suite, resource: &Resource, roles: &[(usize, Role)]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for (at, role) in roles {
        let Some(operation) = suite.operations.get(*at) else {
            continue;
        };
        for (place, key) in suite.bindings(operation) {
            let is_meant = *role == Role::Create || place.starts_with("path.");
            if is_meant && key != resource.key && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

impl Kind {
    /// What there is to know of a resource; nothing where nothing creates one. `operations` are the
    /// suite's, made ready.
    pub(super) fn new(
        suite: &Suite,
        resource: &Resource,
        operations: &[MockOperation],
    ) -> Option<Self> {
        let creation = resource.create.as_ref()?;
        let roles = roles(resource);
        let outer = outer_keys(suite, resource, &roles);
        let told = |wanted: Role| {
            let (at, role) = roles.iter().find(|(_, role)| *role == wanted)?;
            told_by(resource, &operations.get(*at)?.answer, *role, &outer)
        };
        let list = resource.list.as_ref().and_then(|list| {
            let operation = suite.operations.get(list.operation)?;
            let answer = &operations.get(list.operation)?.answer;
            List::new(suite, operation, list, answer, &outer)
        });
        let is_listed = list.is_some();
        let mut shapes: Vec<Shape> = [Role::Show, Role::Replace, Role::Change, Role::Put]
            .into_iter()
            .filter_map(told)
            .collect();
        shapes.extend(list.map(List::into_shape));
        let created = told(Role::Create);
        let mut new_ids = NewIds::default();
        for shape in created.iter().chain(&shapes) {
            shape.describe_id(&mut new_ids);
        }
        for (at, _) in &roles {
            let Some(operation) = suite.operations.get(*at) else {
                continue;
            };
            for parameter in operation.parameters_in(Location::Path) {
                let place = format!("path.{}", parameter.name);
                if suite.bindings(operation).get(&place) == Some(&resource.key) {
                    new_ids.stands(&parameter.schema, &parameter.schema.root);
                }
            }
        }
        // A create may answer with more than what it makes, a job say: it tells the record best only
        // where nothing else tells it.
        let aside = if shapes.is_empty() {
            shapes.extend(created);
            None
        } else {
            created
        };
        let said = |at: usize| said_by(resource, suite.operations.get(at)?);
        let create = said(creation.operation);
        let mut kind = Self {
            key: resource.key.clone(),
            identity: creation.identity.clone(),
            sayable: create.as_ref().map(Described::names).unwrap_or_default(),
            steady: Vec::new(),
            outer,
            create,
            new_ids,
            serials: Vec::new(),
            home: shapes.first().map(|shape| shape.described.clone()),
            plain: Map::new(),
            clocks: Vec::new(),
            rising: Vec::new(),
            is_listed,
            is_repeatable: resource
                .delete
                .and_then(|delete| suite.operations.get(delete))
                .is_some_and(|delete| delete.repeatable().next().is_some()),
            roles: roles
                .iter()
                .filter_map(|(at, role)| Some((suite.operations.get(*at)?.operation_id(), *role)))
                .collect(),
        };
        for (at, role) in &roles {
            let changes = matches!(role, Role::Replace | Role::Change | Role::Put);
            for name in said(*at)
                .filter(|_| changes)
                .iter()
                .flat_map(Described::names)
            {
                if !kind.sayable.contains(&name) {
                    kind.sayable.push(name);
                }
            }
        }
        let sayable = kind.sayable.iter();
        kind.steady = sayable
            .filter(|name| !is_volatile(&FieldPath::name(name.as_str())))
            .filter(|name| shapes.iter().all(|shape| shape.id.as_ref() != Some(name)))
            .cloned()
            .collect();
        for shape in &shapes {
            kind.learn(shape);
            kind.learn_serials(shape);
        }
        if let Some(created) = &aside {
            kind.learn_times(created);
        }
        Some(kind)
    }

    /// Takes over what a documented answer shows of a record.
    fn learn(&mut self, shape: &Shape) {
        for (name, value) in &shape.template {
            if Some(name) != shape.id.as_ref() && !self.plain.contains_key(name) {
                self.plain.insert(name.clone(), value.clone());
            }
        }
        self.learn_times(shape);
    }

    /// Takes note of the fields beside the id that no two records have the same of, and no request
    /// says.
    fn learn_serials(&mut self, shape: &Shape) {
        for name in SERIALS {
            let is_other = shape.id.as_deref() != Some(name)
                && !self.sayable.iter().any(|own| own == name)
                && !self.serials.iter().any(|(known, _)| known == name);
            if let Some((schema, node)) = shape.described.field(name).filter(|_| is_other) {
                let mut ids = NewIds::default();
                ids.stands(schema, node);
                self.serials.push((name.to_owned(), ids));
            }
        }
    }

    /// Gives a record values that no other has beside its id.
    pub(super) fn number(&self, fields: &mut Map<String, Value>, ids: &Ids, count: u64) {
        for (name, new) in &self.serials {
            if let Some(slot) = fields.get_mut(name) {
                *slot = new.value(ids, count, &|_| false);
            }
        }
    }

    /// Takes over the times that a documented answer shows of a record.
    fn learn_times(&mut self, shape: &Shape) {
        let rising = shape.described.rising();
        self.rising.extend(rising);
        let template = Value::Object(shape.template.clone());
        for (path, node) in shape.described.fields_of(&shape.template) {
            let pointer = path.to_pointer();
            let shown = template.pointer(&pointer);
            let clock = shown.and_then(|shown| Clock::of(&path, node, shown));
            let (Some(clock), Some(top)) = (clock, path.top()) else {
                continue;
            };
            let is_of_request = self.sayable.iter().any(|name| name == top);
            // Of an object that a request says, the service may set a part.
            let is_said = is_of_request
                && (path.steps().len() == 1
                    || self.create.as_ref().is_none_or(|said| said.takes(&path)));
            let is_known = self.clocks.iter().any(|clock| clock.pointer == pointer);
            if is_said || is_known {
                continue;
            }
            // What only the answer to the create shows is a field of the record as well.
            if let Some(around) = template.get(top) {
                let plain = self.plain.entry(top.to_owned());
                plain.or_insert_with(|| around.clone());
            }
            self.clocks.push(clock);
        }
    }

    /// What an operation does to one.
    pub(super) fn role_of(&self, operation: &OperationId) -> Option<Role> {
        let own = self.roles.iter().find(|(known, _)| known == operation)?;
        Some(own.1)
    }

    /// A new id.
    pub(super) fn new_id(&self, ids: &Ids, shelf: &Shelf) -> String {
        self.new_ids
            .make(ids, shelf.given(), &|id| shelf.was_given(id))
    }

    /// The fields of a record that is made at a time.
    pub(super) fn fresh(
        &self,
        said: Option<&Map<String, Value>>,
        time: Timestamp,
    ) -> Map<String, Value> {
        let fields = match &self.create {
            Some(create) => create.settled(said, &self.plain, self.home.as_ref()),
            None => self.plain.clone(),
        };
        self.at(fields, time, false)
    }

    /// Loses what a field of a record was given: it has nothing, or something else where it has to
    /// have something.
    pub(super) fn lose(&self, fields: &mut Map<String, Value>, name: &str) {
        let home = self.home.as_ref();
        let Some(value) = fields.get_mut(name) else {
            return;
        };
        if let Some(blank) = home.and_then(|home| home.blank(name)) {
            *value = blank;
        } else if home.is_some_and(|home| home.requires(name)) {
            *value = altered(value, self.node(name));
        } else {
            fields.shift_remove(name);
        }
    }

    /// The schema's node of a field, where a record is told best.
    pub(super) fn node(&self, field: &str) -> Option<&Value> {
        Some(self.home.as_ref()?.field(field)?.1)
    }

    /// The fields of a record that a request replaces; `keeps` tells which stay where it leaves them
    /// out.
    pub(super) fn replaced(
        &self,
        fields: &Map<String, Value>,
        described: &Described,
        said: Option<&Map<String, Value>>,
        keeps: impl Fn(&str) -> bool,
    ) -> Map<String, Value> {
        let mut rest = fields.clone();
        for name in described.names() {
            match self.plain.get(&name) {
                Some(value) => rest.insert(name, value.clone()),
                None => rest.shift_remove(&name),
            };
        }
        let mut replaced = described.settled(said, &rest, self.home.as_ref());
        let is_said = |name: &String| said.is_some_and(|said| said.contains_key(name));
        for name in described.names() {
            if let Some(value) = fields.get(&name)
                && !is_said(&name)
                && keeps(&name)
            {
                replaced.insert(name, value.clone());
            }
        }
        self.at(replaced, Timestamp::now(), true)
    }

    /// The fields of a record that a request changes in part.
    pub(super) fn changed(
        &self,
        fields: &Map<String, Value>,
        described: &Described,
        said: Option<&Map<String, Value>>,
    ) -> Map<String, Value> {
        let mut changed = fields.clone();
        let names = described.names();
        let said: Map<String, Value> = said
            .into_iter()
            .flatten()
            .filter(|(name, _)| names.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        merge(&mut changed, &said);
        self.at(changed, Timestamp::now(), true)
    }

    /// Sets the times of a record, or those of its last change alone.
    fn at(
        &self,
        fields: Map<String, Value>,
        time: Timestamp,
        is_change: bool,
    ) -> Map<String, Value> {
        let mut fields = Value::Object(fields);
        for clock in self
            .clocks
            .iter()
            .filter(|clock| clock.is_change || !is_change)
        {
            if let Some(slot) = fields.pointer_mut(&clock.pointer)
                && !slot.is_null()
            {
                *slot = clock.write(time);
            }
        }
        let mut rising: Vec<&String> = self.rising.iter().filter(|_| is_change).collect();
        rising.sort_unstable();
        rising.dedup();
        for name in rising {
            if let Some(slot) = fields.get_mut(name)
                && let Some(now) = slot.as_i64()
            {
                *slot = Value::from(now.saturating_add(1));
            }
        }
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    /// What there is from the start: what the mock's own ids name, and enough of it for a list.
    pub(super) fn seeded(
        &self,
        operations: &[MockOperation],
        resources: &Resources,
        ids: &Ids,
    ) -> Shelf {
        let mut shelf = Shelf::default();
        let mut given: Vec<&String> = Vec::new();
        let bound = operations.iter().flat_map(|operation| &operation.bound);
        for (id, _) in bound
            .filter(|bound| bound.key == self.key)
            .flat_map(|bound| &bound.known)
        {
            // What names another kind of resource elsewhere may be no id of this one.
            if !given.contains(&id) && self.new_ids.takes(id) {
                given.push(id);
            }
        }
        let scope: Scope = self
            .outer
            .iter()
            .filter_map(|key| Some((key.clone(), resources.id(key)?.to_owned())))
            .collect();
        let least = if self.is_listed { SEEDS } else { 0 };
        let count = given.len().max(least);
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        for index in (0..count).rev() {
            let id = match given.get(index) {
                Some(id) => (*id).clone(),
                // The ids that are given are those of the newest, which are added last.
                None => self.new_ids.make(ids, shelf.given(), &|id| {
                    shelf.was_given(id) || given.iter().any(|given| *given == id)
                }),
            };
            // Each some hours older than the next, at other seconds.
            let age = Duration::from_secs(index as u64 * 18_787 + 3_671);
            let time = now.checked_sub(age).unwrap_or(now);
            let said = self
                .create
                .as_ref()
                .map(|create| create.sample(&self.plain, index));
            let mut fields = self.fresh(said.as_ref(), time);
            // A list can be filtered by what is not the same of all.
            for value in fields.values_mut() {
                if let (Value::Bool(truth), 1) = (value, index % 2) {
                    *truth = !*truth;
                }
            }
            self.number(&mut fields, ids, shelf.given());
            shelf.add(Record::new(id, scope.clone(), fields));
        }
        shelf.seal();
        shelf
    }
}
