//! The operations of a service by their paths: which stand on one item, on its collection, or below.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{collection_of, identity, scalars};
use super::template::{Part, parts};
use super::verbs::DELETE;
use super::{
    Creation, IDS, Identity, Resource, end_of, is_general, makes, noun, parameters_of_path,
};
use crate::contract::field_path::{FieldPath, Step};
use crate::contract::message::{Link, LinkedValue, Response};
use crate::contract::naming::{is_called, words};
use crate::contract::operation::Operation;
use crate::contract::rule::StatusRange;

/// The last words of parameters whose value is chosen by whoever makes what they name.
const CHOSEN: [&str; 4] = ["name", "username", "key", "slug"];

/// The operations by service and path, names of parameters aside.
pub(super) struct Paths<'o> {
    pub(super) operations: &'o [Operation],
    pub(super) by_path: BTreeMap<(&'o str, Vec<Part<'o>>), Vec<usize>>,
}

impl<'o> Paths<'o> {
    pub(super) fn of(operations: &'o [Operation]) -> Self {
        let mut by_path: BTreeMap<(&str, Vec<Part<'_>>), Vec<usize>> = BTreeMap::new();
        for (index, operation) in operations.iter().enumerate() {
            let key = (operation.service.as_str(), parts(&operation.path).0);
            by_path.entry(key).or_default().push(index);
        }
        Self {
            operations,
            by_path,
        }
    }

    /// The one operation of a method on a path: where there are two, which does it is not sure.
    pub(super) fn only(&self, service: &str, path: &[Part<'o>], method: &str) -> Option<usize> {
        let own = self
            .by_path
            .iter()
            .find(|((of, known), _)| *of == service && known == path)?
            .1;
        let mut same = own.iter().copied().filter(|index| {
            self.operations
                .get(*index)
                .is_some_and(|operation| operation.method == method)
        });
        same.next().filter(|_| same.next().is_none())
    }

    /// Where the id of what a `POST` makes comes from. An id that its request sends and another path
    /// shows is of something that was there before: a user who becomes a member.
    fn identity(&self, index: usize, resource: &Resource) -> Option<Identity> {
        let own = identity(self.operations.get(index)?, resource)?;
        let is_elsewhere = |((service, path), at): (&(&str, Vec<Part<'_>>), &Vec<usize>)| {
            *service == resource.service
                && path.last() == Some(&Part::Parameter)
                && at
                    .iter()
                    .filter_map(|index| self.operations.get(*index))
                    .any(|operation| {
                        let last = parts(&operation.path).1.pop().flatten();
                        operation.method == "GET"
                            && last == Some(resource.parameter.as_str())
                            && !is_of_noun(path, &resource.noun)
                    })
        };
        let is_taken = matches!(own, Identity::Sent(_)) && self.by_path.iter().any(is_elsewhere);
        (!is_taken).then_some(own)
    }

    /// The collection that items belong to: the path before their id or, where nothing is served
    /// there, its one plural beside it: `/silences` of `/silence/{silence_id}`.
    pub(super) fn home_of<'p>(
        &'p self,
        service: &str,
        collection: &'p [Part<'o>],
    ) -> &'p [Part<'o>] {
        let served = |path: &[Part<'o>]| {
            let mut known = self.by_path.keys();
            known.any(|(of, own)| *of == service && own == path)
        };
        let Some((Part::Fixed(name), before)) = collection.split_last() else {
            return collection;
        };
        if served(collection) {
            return collection;
        }
        let mut beside = self.by_path.keys().filter(|(of, own)| {
            *of == service
                && matches!(own.split_last(), Some((Part::Fixed(other), outer))
                    if outer == before && other != name && noun(other) == noun(name))
        });
        match (beside.next(), beside.next()) {
            (Some((_, plural)), None) => plural,
            _ => collection,
        }
    }

    /// How a resource of a collection is made.
    pub(super) fn creation(
        &self,
        resource: &Resource,
        collection: &[Part<'o>],
    ) -> Option<Creation> {
        let post = self.only(&resource.service, collection, "POST");
        let posted = self.posted(resource);
        if let Some(index) = post
            && let Some(identity) = self.identity(index, resource)
            && (posted.is_none() || !self.is_untold(index, &identity))
        {
            return Some(Creation {
                operation: index,
                identity,
            });
        }
        self.put(resource, collection, post)
            .or(posted)
            .map(|operation| Creation {
                operation,
                identity: Identity::Chosen,
            })
    }

    /// Whether no source says that the answer to a `POST` tells where what it makes stands: it was
    /// concluded from its 201 alone.
    fn is_untold(&self, post: usize, identity: &Identity) -> bool {
        let is_told = |response: &Response| {
            let mut headers = response.headers.iter();
            response.schema.is_some()
                || headers.any(|header| header.name.eq_ignore_ascii_case("location"))
        };
        let answer = (self.operations.get(post)).and_then(|post| post.response(201));
        *identity == Identity::Located && !answer.is_some_and(is_told)
    }

    /// The `PUT` of an item that makes it, where there is one; `post` is what their collection takes.
    fn put(
        &self,
        resource: &Resource,
        collection: &[Part<'o>],
        post: Option<usize>,
    ) -> Option<usize> {
        let index = resource.replace?;
        // A page that says that a `PUT` makes something says so by its 201 or in words; and what is
        // put below another, is not made otherwise and can be taken away again, is a membership of
        // it.
        let is_below =
            post.is_none() && collection.contains(&Part::Parameter) && resource.delete.is_some();
        let put = self.operations.get(index)?;
        let makes = is_below
            || put.names(201)
            || put.creates()
            || post.is_none()
                && (self.is_put_alone(resource, collection) || self.is_put_anew(resource));
        makes.then_some(index)
    }

    /// The `POST` to the path of an item that makes it: it documents a 201, or a sentence says so, what
    /// it makes can be taken away there, and its last parameter is a name, which whoever makes a thing
    /// chooses. To an id that the service gives, something is posted that is below it.
    fn posted(&self, resource: &Resource) -> Option<usize> {
        let [index] = resource.acts.as_slice() else {
            return None;
        };
        let is_name = words(&resource.parameter)
            .last()
            .is_some_and(|last| CHOSEN.contains(&last.as_str()));
        let operation = self.operations.get(*index)?;
        let makes = operation.names(201) || operation.creates();
        (is_name && resource.delete.is_some() && makes).then_some(*index)
    }

    /// Whether nothing but the `PUT` of an item below another can have made it: it answers without a
    /// body (204), its `GET` documents that there may be none, and nothing else of the service lists
    /// such items, names one or tells an id of one.
    fn is_put_alone(&self, resource: &Resource, collection: &[Part<'o>]) -> bool {
        let of = |index: Option<usize>| index.and_then(|index| self.operations.get(index));
        let names = |index: Option<usize>, status: u16| {
            of(index).is_some_and(|operation| operation.names(status))
        };
        let is_own = |path: &[Part<'_>]| {
            path.starts_with(collection) && path.get(collection.len()) == Some(&Part::Parameter)
        };
        let wanted = &resource.parameter;
        let tells_of_it = |operation: &Operation| {
            let (path, parameters) = parts(&operation.path);
            let is_named = || parameters.into_iter().flatten().any(|name| name == wanted);
            let is_told = || {
                let answer = operation.answer();
                answer.is_some_and(|answer| {
                    let mut fields = answer.fields();
                    fields.any(|field| {
                        let name = field.path.last_name();
                        name.is_some_and(|name| is_called(name, wanted))
                    })
                })
            };
            operation.service == resource.service && !is_own(&path) && (is_named() || is_told())
        };
        collection.contains(&Part::Parameter)
            && names(resource.replace, 204)
            && names(resource.show, 404)
            && self.only(&resource.service, collection, "GET").is_none()
            && !self.operations.iter().any(tells_of_it)
    }

    /// Whether a `PUT` of an id that nobody has is no refusal: what shows an item and what takes it
    /// away document that there may be none, and the `PUT` lists its refusals without that.
    fn is_put_anew(&self, resource: &Resource) -> bool {
        let of = |index: Option<usize>| index.and_then(|index| self.operations.get(index));
        let documents_none = |index: Option<usize>| of(index).is_some_and(|own| own.names(404));
        let is_refusal = |status: &StatusRange| status.class() == Some(4);
        let lists_others = of(resource.replace).is_some_and(|own| {
            let mut statuses = own.responses.iter().map(|response| response.status);
            !own.is_documented(404) && statuses.any(|status| is_refusal(&status))
        });
        lists_others && documents_none(resource.show) && documents_none(resource.delete)
    }

    /// How the resource of an item path is made, where a link of one answer says that its id goes to
    /// an operation on such a path, or below it; and the path that says what it belongs to. A link
    /// leads as well to what was there before, such as the customer of an order: what it names has to
    /// be what was made.
    pub(super) fn linked(
        &self,
        service: &str,
        item: &[Part<'o>],
    ) -> Option<(Creation, Vec<Part<'o>>)> {
        let mut makers: Vec<Creation> = Vec::new();
        for (index, maker) in self.operations.iter().enumerate() {
            let is_maker = maker.service == service && maker.method == "POST";
            let (collection, _) = parts(&maker.path);
            let is_collection = item.split_last().is_some_and(|(_, own)| own == collection);
            let successes = maker.responses.iter().filter(|own| own.is_success());
            let links = successes.flat_map(|own| own.links.iter().map(move |link| (own, link)));
            for (response, link) in links.filter(|_| is_maker) {
                // What is only promised names what was started, unless it is told to what is there.
                let promises = response.covers(202) && !collection.starts_with(item);
                let is_told = response.covers(201) || promises;
                let names_made = is_told && is_of_made(maker, response, link);
                if !is_collection && !names_made {
                    continue;
                }
                let mut all = self.operations.iter();
                let is_target =
                    |own: &&Operation| own.service == service && own.id == link.operation;
                let Some(to) = all.find(is_target) else {
                    continue;
                };
                let (path, names) = parts(&to.path);
                let place = names.iter().position(|name| *name == Some(&link.parameter));
                let is_its_id = path.starts_with(item) && place == item.len().checked_sub(1);
                let create = Creation {
                    operation: index,
                    identity: match &link.value {
                        LinkedValue::Answered(path) => Identity::Answered(path.clone()),
                        LinkedValue::Sent(path) => Identity::Sent(path.clone()),
                    },
                };
                if is_its_id && !makers.contains(&create) {
                    makers.push(create);
                }
            }
        }
        // Where two make one, which does is not sure.
        let [create] = makers.as_slice() else {
            return None;
        };
        let maker = self.operations.get(create.operation)?;
        let (mut home, _) = parts(&maker.path);
        home.push(Part::Parameter);
        Some((create.clone(), home))
    }

    /// Finds how a resource is made, and perhaps listed, below another, where its own path is not
    /// below that: `POST /boards/{board_id}/cards` of `/cards/{card_id}`. The path that it would
    /// have there.
    pub(super) fn made_below(&self, service: &str, own: &mut Resource) -> Option<Vec<Part<'o>>> {
        let below = |path: &[Part<'o>]| match path {
            [_, .., Part::Parameter, Part::Fixed(last)] => noun(last) == own.noun,
            _ => false,
        };
        let mut homes = self
            .by_path
            .keys()
            .filter(|(of, path)| *of == service && below(path))
            .filter_map(|(_, path)| {
                let index = self.only(service, path, "POST")?;
                let identity = self.identity(index, own)?;
                let create = Creation {
                    operation: index,
                    identity,
                };
                Some((path, create))
            });
        // Where two make one, what it belongs to is not sure.
        let (path, create) = homes.next().filter(|_| homes.next().is_none())?;
        drop(homes);
        own.create = Some(create);
        if own.list.is_none() {
            own.list = self
                .only(service, path, "GET")
                .and_then(|index| collection_of(self.operations.get(index)?, index, own));
        }
        let mut home = path.clone();
        home.push(Part::Parameter);
        Some(home)
    }

    /// How a job is started: by the operation elsewhere whose answer tells its id, of several the
    /// one that needs the least.
    pub(super) fn start_of(&self, service: &str, own: &Resource) -> Option<Creation> {
        let wanted = [own.parameter.clone(), format!("{}_id", own.noun)];
        let starts = self.operations.iter().enumerate().filter(|(_, operation)| {
            operation.service == service && operation.method == "POST" && own.tells_of(operation)
        });
        let told = starts.filter_map(|(index, operation)| {
            let answer = operation.answer()?;
            let mut ids = scalars(answer).filter(|(path, _)| {
                let name = path.last_name().unwrap_or_default();
                wanted.iter().any(|wanted| is_called(name, wanted))
            });
            let named = ids.next().map(|(path, _)| path.clone());
            // What answers as a job is shown by itself is the job, whatever calls its id.
            let show = own.show.and_then(|show| self.operations.get(show));
            let is_job = || show.is_some_and(|show| shows_the_same(operation, show));
            let id = || Some(FieldPath::name("id")).filter(|id| answer.field(id).is_some());
            let path = named.or_else(|| id().filter(|_| operation.names(202) && is_job()))?;
            let needed = parameters_of_path(operation).len();
            Some((needed, index, path))
        });
        let (_, operation, path) = told.min_by_key(|(needed, index, _)| (*needed, *index))?;
        Some(Creation {
            operation,
            identity: Identity::Answered(path),
        })
    }

    /// Collections below what can be made that have no path for one item: what they list and create
    /// comes and goes with what it belongs to.
    pub(super) fn collections_below(
        &self,
        found: &[(&'o str, Vec<Part<'o>>, Resource)],
    ) -> Vec<(&'o str, Vec<Part<'o>>, Resource)> {
        let mut below = Vec::new();
        for (service, collection) in self.by_path.keys() {
            let Some((Part::Fixed(last), outer)) = collection.split_last() else {
                continue;
            };
            let is_made = |(of, path, resource): &(&str, Vec<Part<'_>>, Resource)| {
                of == service && path == outer && resource.create.is_some()
            };
            let has_items = |(of, path, _): &(&str, Vec<Part<'_>>, Resource)| {
                of == service && path.split_last().is_some_and(|(_, own)| own == collection)
            };
            if !found.iter().any(is_made) || found.iter().any(has_items) {
                continue;
            }
            let is_known = |resource: &Resource| {
                let create = |own: &Resource| own.create.as_ref().map(|create| create.operation);
                found
                    .iter()
                    .any(|(_, _, own)| create(own) == create(resource))
            };
            if let Some(resource) = self
                .without_items(service, collection, last)
                .filter(|resource| !is_known(resource))
            {
                let mut path = collection.clone();
                path.push(Part::Parameter);
                below.push((*service, path, resource));
            }
        }
        below
    }

    /// What a collection without a path for one item creates and lists; `last` is what it is called.
    pub(super) fn without_items(
        &self,
        service: &str,
        path: &[Part<'o>],
        last: &str,
    ) -> Option<Resource> {
        let noun = noun(last);
        let parameter = format!("{noun}_id");
        let key = format!("{service}.{parameter}");
        let mut resource = Resource::bare(service, noun, key, &parameter);
        resource.create = Some(self.creation(&resource, path)?);
        let list = self.only(service, path, "GET")?;
        resource.list = Some(collection_of(self.operations.get(list)?, list, &resource)?);
        Some(resource)
    }

    /// The one of some acts on a resource whose path ends in a word for taking it away.
    pub(super) fn takes_away(&self, acts: &[usize]) -> Option<usize> {
        let is_so = |act: &usize| {
            let operation = self.operations.get(*act);
            operation.is_some_and(|own| own.method == "POST" && DELETE.contains(&end_of(own)))
        };
        let mut all = acts.iter().copied().filter(is_so);
        all.next().filter(|_| all.next().is_none())
    }

    /// What changes a resource by a path below its own, that of no other resource and of nothing
    /// that is made there.
    pub(super) fn acts(
        &self,
        service: &str,
        path: &[Part<'o>],
        found: &[(&str, Vec<Part<'o>>, Resource)],
    ) -> Vec<usize> {
        let is_collection = |below: &[Part<'_>]| {
            found.iter().any(|(of, item, _)| {
                *of == service && item.split_last().is_some_and(|(_, outer)| outer == below)
            })
        };
        // Where nothing shows one, what makes one tells what one is.
        let made = || {
            let mut own = found
                .iter()
                .filter(|(of, item, _)| *of == service && item == path);
            Some(own.next()?.2.create.as_ref()?.operation)
        };
        let shown = self.only(service, path, "GET").or_else(made);
        let shown = shown.and_then(|index| self.operations.get(index));
        self.by_path
            .iter()
            .filter(|((of, below), _)| {
                *of == service && below.len() > path.len() && below.starts_with(path)
            })
            .filter(|((_, below), _)| {
                let rest = below.get(path.len()..).unwrap_or_default();
                !rest.contains(&Part::Parameter) && !is_collection(below)
            })
            .flat_map(|(_, own)| own)
            .copied()
            .filter(|index| {
                self.operations.get(*index).is_some_and(|operation| {
                    let makes_one = operation.method == "POST"
                        && makes(operation)
                        && !shown.is_some_and(|shown| shows_the_same(operation, shown));
                    operation.writes() && !makes_one
                })
            })
            .collect()
    }
}

/// Whether a success of an operation that is no 201 has all the fields by which another shows
/// something.
fn shows_the_same(operation: &Operation, shown: &Operation) -> bool {
    let names = |operation: &Operation| {
        let answer = operation.answer()?;
        let fields = answer
            .fields()
            .filter(|field| field.path.steps().len() == 1);
        let names = fields.filter_map(|field| field.path.last_name().map(str::to_owned));
        Some(names.collect::<BTreeSet<String>>())
    };
    !operation.names(201)
        && names(operation)
            .zip(names(shown))
            .is_some_and(|(told, shown)| shown.len() > 1 && told.is_superset(&shown))
}

/// Whether the path of an item is in a collection of such things.
fn is_of_noun(path: &[Part<'_>], wanted: &str) -> bool {
    let collection = path.iter().rev().find_map(|part| match part {
        Part::Fixed(name) => Some(noun(name)),
        Part::Parameter => None,
    });
    collection.is_some_and(|own| own == wanted)
}

/// Whether a link passes on the id that the answer to a create tells of the very thing that it made:
/// a field at its top that is called as ids are, that nobody sent, and beside which nothing is called
/// so by a better name.
fn is_of_made(maker: &Operation, response: &Response, link: &Link) -> bool {
    let LinkedValue::Answered(path) = &link.value else {
        return false;
    };
    let [Step::Name(name)] = path.steps() else {
        return false;
    };
    let is_sent = maker
        .request_body
        .as_ref()
        .is_some_and(|body| body.schema.field(path).is_some());
    // Of the general names those of ids alone come first.
    let rank = |name: &str| {
        let name = name.to_ascii_lowercase();
        IDS.iter().position(|id| *id == name).unwrap_or(IDS.len())
    };
    let fields = response.schema.iter().flat_map(|schema| schema.fields());
    let mut others = fields.filter_map(|field| match field.path.steps() {
        [Step::Name(other)] => Some(rank(other)),
        _ => None,
    });
    is_general(name) && !is_sent && others.all(|other| other >= rank(name))
}
