//! The laws between answers that a contract suggests, and those of them that it proves to apply.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::identity::below_paths;
use super::list::List;
use super::message::{created, listed, repeated, surely_repeated};
use super::omitted::omitted;
use crate::contract::{
    Facet, FieldPath, Location, Meaning, Operation, Owner, Parameter, Place, Relation, Rule, Suite,
    words,
};

/// A law that is recognised.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The relation as far as names suggest it.
    pub relation: Relation,
    /// What of it the contract alone proves to apply: that is tried unless a file says otherwise.
    pub sure: Option<Relation>,
    /// What it is recognised by, in a sentence without its stop.
    pub because: String,
}

/// The laws that the operations of one service suggest.
pub fn laws(operations: &[&Operation]) -> Vec<Recognised> {
    let below = below_paths(operations.iter().copied());
    let lists: Vec<List<'_>> = operations
        .iter()
        .filter_map(|operation| {
            let path = operation.path.trim_end_matches('/');
            List::of(operation, below.get(path).copied())
        })
        .collect();
    let mut found: Vec<Recognised> = lists.iter().flat_map(of_list).collect();
    let mut by_path: HashMap<&str, Vec<&List<'_>>> = HashMap::new();
    for list in &lists {
        let path = list.operation.path.trim_end_matches('/');
        by_path.entry(path).or_default().push(list);
    }
    for operation in operations {
        let own = by_path.get(operation.path.trim_end_matches('/'));
        let own = own.into_iter().flatten();
        found.extend(own.filter_map(|list| of_creation(operation, list)));
        found.extend(of_echo(operation));
        found.extend(of_repetition(operation));
        found.extend(of_entity_tags(operation));
    }
    found
}

fn of_list(list: &List<'_>) -> Vec<Recognised> {
    let id = &list.operation.id;
    let mut found = Vec::new();
    if let Some(because) = list.paging() {
        let relation = Relation::Pagination {
            list: list.listing(true),
        };
        found.push(Recognised {
            sure: list.is_surely_paged().then(|| relation.clone()),
            relation,
            because,
        });
    }
    found.extend(of_filters(list));
    found.extend(of_several(list));
    if let Some((begin, end, time)) = list.window() {
        found.push(Recognised {
            relation: Relation::TimeWindow {
                list: list.listing(false),
                begin: begin.to_owned(),
                end: end.to_owned(),
                time,
            },
            sure: None,
            because: format!("`{id}` takes `{begin}` and `{end}`, and an item has a time"),
        });
    }
    if let Some((by, descending)) = list.sorted() {
        let relation = Relation::Sorted {
            list: list.listing(false),
            by,
            descending,
        };
        found.push(Recognised {
            sure: Some(relation.clone()),
            relation,
            because: format!("a page says in which order `{id}` lists"),
        });
    }
    if let Some(sorting) = list.sorting() {
        let relation = Relation::SortBy {
            list: list.listing(false),
            by: sorting.by.clone(),
            fields: sorting.fields,
            direction: sorting.direction,
        };
        found.push(Recognised {
            sure: Some(relation.clone()),
            relation,
            because: format!("`{}` of `{id}` lists fields of an item", sorting.by),
        });
    }
    let ranges = list.ranges();
    if !ranges.is_empty() {
        let names: Vec<String> = ranges.keys().map(|name| format!("`{name}`")).collect();
        let relation = Relation::Range {
            list: list.listing(false),
            by: ranges,
        };
        found.push(Recognised {
            sure: Some(relation.clone()),
            relation,
            because: format!("{} of `{id}` is the end of a range", names.join(", ")),
        });
    }
    let searches = list.searches();
    if let Some(first) = searches.first() {
        let because = format!("a row says that `{first}` of `{id}` searches for a text");
        let relation = Relation::Search {
            list: list.listing(false),
            by: searches,
        };
        found.push(Recognised {
            sure: Some(relation.clone()),
            relation,
            because,
        });
    }
    let omitted = omitted(list);
    if let Some(first) = omitted.keys().next() {
        let because = format!("a row says what `{id}` takes where `{first}` is left out");
        let relation = Relation::Omitted {
            list: list.listing(false),
            by: omitted,
        };
        found.push(Recognised {
            sure: Some(relation.clone()),
            relation,
            because,
        });
    }
    if list.is_nameless() {
        // A file can name what tells items apart: nothing of that is known here.
        found.retain(|own| own.sure.is_some());
        return found;
    }
    let mut because = format!("the items of `{id}` are told apart by `{}`", list.id);
    let owner = list.owner().map(|owner| {
        let _ = write!(because, " and repeat `{owner}`");
        Owner {
            field: list.place_of(owner),
            parameter: owner.to_owned(),
        }
    });
    // That an item repeats the path, or that its times are in order, is custom.
    let unique = Relation::Items {
        list: list.listing(false),
        owner: None,
        not_before: None,
    };
    found.push(Recognised {
        relation: Relation::Items {
            list: list.listing(false),
            owner,
            not_before: list.ordered().map(|(first, second)| [first, second]),
        },
        sure: (list.has_sure_identity() && list.is_of_its_own()).then_some(unique),
        because,
    });
    found
}

fn of_filters(list: &List<'_>) -> Option<Recognised> {
    let relation = |sure: bool| {
        let by = list.filters(sure);
        let because = by.keys().map(|name| format!("`{name}`"));
        let because: Vec<String> = because.collect();
        let relation = Relation::Filter {
            list: list.listing(true),
            by,
        };
        (!because.is_empty()).then(|| (relation, because.join(", ")))
    };
    let (all, names) = relation(false)?;
    Some(Recognised {
        relation: all,
        sure: relation(true).map(|(sure, _)| sure),
        because: format!(
            "`{}` takes {names}, and an item has a field of that name",
            list.operation.id
        ),
    })
}

/// A list whose items are chosen by several values of one parameter.
fn of_several(list: &List<'_>) -> Option<Recognised> {
    let by = list.several();
    let names: Vec<String> = by.keys().map(|name| format!("`{name}`")).collect();
    let relation = Relation::Several {
        list: list.listing(false),
        by,
    };
    (!names.is_empty()).then(|| Recognised {
        sure: Some(relation.clone()),
        relation,
        because: format!(
            "`{}` takes several values of {}, and an item has a field of that name",
            list.operation.id,
            names.join(", ")
        ),
    })
}

/// A list and what creates its items: one path.
fn of_creation(operation: &Operation, list: &List<'_>) -> Option<Recognised> {
    if list.is_nameless() {
        return None;
    }
    let created = created(operation, Some(&list.id))?;
    let mut because = format!(
        "`{}` and `{}` have one path",
        operation.id, list.operation.id
    );
    if let Some(status) = ["status", "state"].into_iter().find(|name| list.has(name)) {
        let _ = write!(
            because,
            "; with `status = \"/{status}\"` and `order = [[\"...\"], [\"...\"]]` the way through the statuses is a law too"
        );
    }
    Some(Recognised {
        relation: Relation::CreatedAppears {
            create: operation.id.clone(),
            created,
            list: list.listing(false),
            same: listed(operation, list),
            owner: None,
            constant: std::collections::BTreeMap::new(),
            status: None,
            order: Vec::new(),
            progress: None,
        },
        sure: None,
        because,
    })
}

fn of_echo(operation: &Operation) -> Option<Recognised> {
    let (mut same, sure) = (repeated(operation), surely_repeated(operation));
    for (field, pointer) in &sure {
        same.insert(field.clone(), pointer.clone());
    }
    if same.is_empty() {
        return None;
    }
    let created = created(operation, None);
    let relation = |same, created| Relation::Echo {
        operation: operation.id.clone(),
        same,
        created,
    };
    // What neither makes nor replaces something may answer with what it found.
    let makes = operation
        .successes()
        .any(|response| response.status.code() == Some(201));
    let is_create = operation.method == "POST" && (makes || created.is_some());
    let tells_of_itself = operation.method == "PUT" || is_create;
    let own = created.clone().filter(|_| makes);
    Some(Recognised {
        sure: (tells_of_itself && !sure.is_empty()).then(|| relation(sure, own)),
        relation: relation(same, created),
        because: format!(
            "request and answer of `{}` have fields of one name",
            operation.id
        ),
    })
}

/// A create with the key of a repetition: what is sent again with it is what was sent before.
fn of_repetition(operation: &Operation) -> Option<Recognised> {
    let created = created(operation, None)?;
    let mut headers = operation.parameters_in(Location::Header);
    let key = headers.find(|header| {
        let words = words(&header.name);
        let is_key = words
            .last()
            .is_some_and(|last| last == "key" || last == "token");
        is_key && words.iter().any(|word| word.starts_with("idempoten"))
    })?;
    let relation = Relation::Repeated {
        operation: operation.id.clone(),
        key: key.name.clone(),
        created,
        other_body: says_of_other_body(operation, key),
    };
    Some(Recognised {
        sure: Some(relation.clone()),
        relation,
        because: format!("`{}` takes `{}`", operation.id, key.name),
    })
}

/// Whether a page says that a key which was sent with one body is refused with another.
fn says_of_other_body(operation: &Operation, key: &Parameter) -> bool {
    let stated = Facet::Meaning(Meaning::OtherBody);
    let field = FieldPath::name(&key.name);
    let rule = Rule::new(Place::Header, field, stated);
    let of_operation = Rule::of_place(Place::Operation, stated);
    [rule, of_operation]
        .iter()
        .any(|rule| operation.documented(rule).is_some())
}

/// A header that makes requests conditional (RFC 9110, section 13.1), and the documented status of
/// what is then not done.
fn of_entity_tags(operation: &Operation) -> Option<Recognised> {
    let named = |wanted: &str, status: u16| {
        let mut headers = operation.parameters_in(Location::Header);
        let known = headers.find(|header| header.name.eq_ignore_ascii_case(wanted))?;
        operation.names(status).then(|| known.name.clone())
    };
    let if_none_match = named("if-none-match", 304).filter(|_| !operation.writes());
    let if_match = named("if-match", 412).filter(|_| operation.writes());
    let because = match (&if_none_match, &if_match) {
        (Some(header), _) => format!("`{}` takes `{header}` and answers 304", operation.id),
        (None, Some(header)) => format!("`{}` takes `{header}` and answers 412", operation.id),
        (None, None) => return None,
    };
    let relation = Relation::EntityTag {
        operation: operation.id.clone(),
        if_none_match,
        if_match,
    };
    Some(Recognised {
        sure: Some(relation.clone()),
        relation,
        because,
    })
}

/// The laws that are tried of each operation of a suite: those that its files declare, and those
/// that the contract proves to apply, where no file has one of that kind or switches it off.
#[derive(Debug, Default)]
pub struct Laws {
    by_operation: HashMap<(String, String), Vec<Relation>>,
}

impl Laws {
    /// The laws of a suite.
    pub fn new(suite: &Suite) -> Self {
        let mut laws = Self::default();
        let mut by_service: HashMap<&str, Vec<&Operation>> = HashMap::new();
        for operation in &suite.operations {
            let own = by_service.entry(operation.service.as_str()).or_default();
            own.push(operation);
        }
        for (service, file) in &suite.cases {
            for relation in &file.relations {
                laws.add(service, relation.clone());
            }
        }
        for (service, operations) in by_service {
            let sure = self::laws(&operations)
                .into_iter()
                .filter_map(|recognised| recognised.sure);
            for relation in sure {
                let (kind, id) = (relation.kind(), relation.subject().to_owned());
                let is_off = suite
                    .cases
                    .get(service)
                    .and_then(|file| file.operations.get(&id))
                    .is_some_and(|cases| cases.laws_off.iter().any(|off| off == kind));
                let key = (service.to_owned(), id);
                let known = laws.by_operation.get(&key);
                let mut known = known.into_iter().flatten();
                if !is_off && !known.any(|known| known.kind() == kind) {
                    laws.add(service, relation);
                }
            }
        }
        laws
    }

    fn add(&mut self, service: &str, relation: Relation) {
        let key = (service.to_owned(), relation.subject().to_owned());
        self.by_operation.entry(key).or_default().push(relation);
    }

    /// Those whose trials are named after an operation.
    pub fn of(&self, operation: &Operation) -> &[Relation] {
        let key = (operation.service.clone(), operation.id.clone());
        self.by_operation.get(&key).map_or(&[], Vec::as_slice)
    }
}
