//! The query parameters by which the items of a list are chosen, and the field of an item that each is
//! about.

use std::collections::BTreeMap;

use serde_json::Value;

use super::identity::collection;
use super::list::{List, says};
use super::message::{is_scalar, scalar_type};
use super::names::{filtered, is_of_window, is_paging};
use crate::contract::{
    Field, Location, Meaning, Parameter, Schema, enum_values, singular, types_of,
};

impl<'o> List<'o> {
    /// The query parameters that an item's field answers to: parameter -> pointer within an item;
    /// those alone that a page calls a filter or whose values are the field's, or all.
    pub(crate) fn filters(&self, sure: bool) -> BTreeMap<String, String> {
        self.operation
            .parameters_in(Location::Query)
            .filter(|parameter| !is_paging(&parameter.name) && !is_of_window(&parameter.name))
            .filter_map(|parameter| {
                let is_several = says(parameter.schema.own_facts(), Meaning::SeveralOf);
                let field = if is_several {
                    self.of_several(parameter)?
                } else if parameter.style.is_some() {
                    // One value of a list chooses as a value alone does, where words say that it
                    // chooses.
                    self.of_list(parameter).filter(|_| is_filter(parameter))?
                } else {
                    self.filtered(parameter)?
                };
                // What stands in brackets after `filter` filters, in JSON:API and elsewhere.
                let holds = !sure
                    || is_several
                    || is_filter(parameter)
                    || filtered(&parameter.name).is_some()
                    || has_values_of(parameter, &field);
                holds.then(|| (parameter.name.clone(), self.within(field.path)))
            })
            .collect()
    }

    /// The query parameters that take several values at once, and the field of an item that each is
    /// about: parameter -> pointer within an item. That the list is cut down by one value shows in
    /// its answers; a parameter whose values are only tried one after another is left out.
    pub(super) fn several(&self) -> BTreeMap<String, String> {
        let parted = self.operation.parameters_in(Location::Query);
        let parted = parted
            .filter(|own| own.style.is_none())
            .filter(|own| says(own.schema.own_facts(), Meaning::SeveralOf))
            .filter_map(|own| {
                let field = self.of_several(own)?;
                Some((own.name.clone(), self.within(field.path)))
            });
        self.operation
            .parameters_in(Location::Query)
            .filter(|parameter| parameter.style.is_some())
            .filter(|parameter| !says(parameter.schema.own_facts(), Meaning::Ranked))
            .filter_map(|parameter| {
                let field = self.of_list(parameter)?;
                Some((parameter.name.clone(), self.within(field.path)))
            })
            .chain(parted)
            .collect()
    }

    /// The field of an item that a parameter with a list of values is about: it is called as the
    /// parameter, or as one of its values, and has values of the same type.
    fn of_list(&self, parameter: &Parameter) -> Option<Field<'o>> {
        let schema = &parameter.schema;
        let wanted = scalar_type(each(schema, &schema.root)?)?;
        let mut names = self.names_for(&parameter.name);
        names.extend(self.names_for(&singular(&parameter.name)));
        let field = self.field_called(names)?;
        let told = each(self.answer, field.node).unwrap_or(field.node);
        (is_scalar(told) && scalar_type(told) == Some(wanted)).then_some(field)
    }

    /// The field of an item that a text of several values is about: its name says one of them.
    fn of_several(&self, parameter: &Parameter) -> Option<Field<'o>> {
        let mut names = self.names_for(&singular(&parameter.name));
        names.extend(self.names_for(&parameter.name));
        let field = self.field_called(names)?;
        is_scalar(field.node).then_some(field)
    }

    /// The field of an item that a parameter is about: of the same name, or of the name without the
    /// item's own in it, and of the same type.
    fn filtered(&self, parameter: &Parameter) -> Option<Field<'o>> {
        let node = parameter.schema.follow(&parameter.schema.root);
        let wanted = match types_of(node).as_slice() {
            [] => "string",
            _ => scalar_type(node)?,
        };
        let field = self.field_called(self.names_for(&parameter.name))?;
        (is_scalar(field.node) && scalar_type(field.node) == Some(wanted)).then_some(field)
    }

    /// The names that a field of an item may have for a parameter: its own, and that without or
    /// with the item's own in it.
    fn names_for(&self, name: &str) -> Vec<String> {
        let nouns = [collection(self.operation), self.items.last_name()];
        let name = filtered(name).unwrap_or(name);
        let mut names = vec![name.to_owned()];
        for noun in nouns.into_iter().flatten().map(singular) {
            names.extend(name.strip_prefix(&format!("{noun}_")).map(str::to_owned));
            names.push(format!("{noun}_{name}"));
        }
        names
    }

    /// The field of an item that has the first of these names that one has.
    fn field_called(&self, names: Vec<String>) -> Option<Field<'o>> {
        names.into_iter().find_map(|name| {
            let item = self.items.item();
            let own = self.answer.field(&item.child(&name));
            own.or_else(|| {
                let attributes = self.attributes.as_ref()?;
                self.answer.field(&item.child(attributes).child(&name))
            })
        })
    }
}

/// The items of an array.
fn each<'s>(schema: &'s Schema, node: &'s Value) -> Option<&'s Value> {
    let node = schema.follow(node);
    let items = node.get("items")?;
    types_of(node)
        .contains(&"array")
        .then(|| schema.follow(items))
}

/// Whether a page says that the list has those items alone whose field has the value.
fn is_filter(parameter: &Parameter) -> bool {
    says(parameter.schema.own_facts(), Meaning::Filter)
}

/// Whether the values that are listed for a parameter are values of a field.
fn has_values_of(parameter: &Parameter, field: &Field<'_>) -> bool {
    let asked = enum_values(parameter.schema.follow(&parameter.schema.root));
    let told = enum_values(field.node);
    asked.len() > 1 && asked.iter().all(|value| told.contains(value))
}
