//! The templates of paths: the parts that stand there, and those that parameters fill.

/// The ends of paths that say in which format is answered.
const FORMATS: [&str; 2] = [".json", ".xml"];

/// A part of a path's template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part<'p> {
    /// A part that stands there as it is.
    Fixed(&'p str),
    /// One that a parameter fills.
    Parameter,
}

/// A path without the format of what is answered at its end: `/queues.json`, `/queues/{id}.json`.
pub(super) fn without_format(path: &str) -> &str {
    let bare = FORMATS.iter().find_map(|format| path.strip_suffix(format));
    bare.unwrap_or(path)
}

/// A path without the names of its parameters, and the name of each.
pub(super) fn parts(path: &str) -> (Vec<Part<'_>>, Vec<Option<&str>>) {
    without_format(path.trim_matches('/'))
        .split('/')
        .flat_map(|part| {
            let (name, key) = keyed(part).unzip();
            [name.or(Some(part)), key].into_iter().flatten()
        })
        .map(|part| {
            let name = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            match name.filter(|name| !name.contains(['{', '}'])) {
                Some(name) => (Part::Parameter, Some(name)),
                None => (Part::Fixed(part), None),
            }
        })
        .unzip()
}

/// A part with the key of what it names in parentheses, as OData writes it: `Products({ID})`. It is a
/// collection and one of its items.
fn keyed(part: &str) -> Option<(&str, &str)> {
    let (name, key) = part.strip_suffix(')')?.split_once('(')?;
    let key = key.trim_matches('\'');
    let inner = key.strip_prefix('{')?.strip_suffix('}')?;
    (!name.is_empty() && !name.contains(['{', '}']) && !inner.contains(['{', '}', '=']))
        .then_some((name, key))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/products({ID})", &["products", "ID"])]
    #[case("/products('{ID}')/parts", &["products", "ID", "parts"])]
    #[case("/products(a={a},b={b})", &["products(a={a},b={b})"])]
    #[case("/products/{ID}", &["products", "ID"])]
    fn a_key_in_parentheses_names_an_item(#[case] path: &str, #[case] expected: &[&str]) {
        let (parts, names) = parts(path);
        let told = parts.iter().zip(names).map(|(part, name)| match part {
            Part::Fixed(name) => *name,
            Part::Parameter => name.unwrap_or_default(),
        });
        assert_eq!(told.collect::<Vec<&str>>(), expected);
    }
}
