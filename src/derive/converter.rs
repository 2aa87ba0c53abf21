//! What the path of a target says of the values of its parameters: `<int:id>`, `{id:[0-9]+}`,
//! `:id(\d+)`.

use super::statement::{Constraint, Kind, Node, Site, Stand};

pattern! {
    static CONVERTED = [
        // Flask, Sphinx: `(int:id)`, `<uuid:id>`.
        r"[(<](?P<said>[a-z]+):(?P<name>[A-Za-z_][\w-]*)[)>]",
        // Express: `:id(\d+)`.
        r":(?P<name>[A-Za-z_]\w*)\((?P<said>[^()/]+)\)",
        // JAX-RS, chi, .NET: `{id:int}`, `{id:[0-9]+}`.
        r"\{(?P<name>[A-Za-z_][\w.-]*)\s*:\s*(?P<said>(?:[^{}]|\{\d+(?:,\d*)?\})+)\}",
    ];

    /// A pattern that a part of a path can be held against as it stands.
    static PLAIN = r"^(?:\\d|\\w|\[[\w\\-]+\]|[A-Za-z0-9_-])(?:[+*?]|\{\d+(?:,\d*)?\})?(?:(?:\\d|\\w|\[[\w\\-]+\]|[A-Za-z0-9_-])(?:[+*?]|\{\d+(?:,\d*)?\})?)*$";
}

/// What a path says of the values of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Converter {
    pub name: String,
    pub kind: Kind,
    rule: Option<Constraint>,
}

impl Converter {
    /// States it of a parameter that no row gives a type.
    pub(super) fn state(&self, node: &mut Node, site: &Site) {
        node.state(Constraint::Type(self.kind, None), site);
        if let Some(rule) = &self.rule {
            node.state(rule.clone(), site);
        }
    }
}

/// What a path says of the values of its parameters.
pub(super) fn converters(raw: &str) -> Vec<Converter> {
    let mut found = Vec::new();
    for pattern in CONVERTED.iter() {
        for captures in pattern.captures_iter(raw) {
            if let Some((kind, rule)) = meaning(captures["said"].trim()) {
                let name = captures["name"].to_owned();
                found.push(Converter { name, kind, rule });
            }
        }
    }
    found
}

/// What the words of a converter mean.
fn meaning(said: &str) -> Option<(Kind, Option<Constraint>)> {
    match said {
        "int" | "integer" | "long" | r"\d+" | "[0-9]+" => Some((Kind::Integer, None)),
        "float" | "double" | "number" | "decimal" => Some((Kind::Number, None)),
        "uuid" | "guid" => Some((Kind::String, Some(Constraint::Format("uuid".to_owned())))),
        _ if said.contains(['\\', '[']) && PLAIN.is_match(said) => {
            let pattern = format!("^{said}$");
            Some((
                Kind::String,
                Some(Constraint::Pattern(pattern, Stand::Heading)),
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/notes/(int:id)", Kind::Integer, false)]
    #[case("/notes/<int:id>", Kind::Integer, false)]
    #[case("/notes/{id:int}", Kind::Integer, false)]
    #[case("/notes/{id:[0-9]+}", Kind::Integer, false)]
    #[case(r"/notes/:id(\d+)", Kind::Integer, false)]
    #[case("/notes/<uuid:id>", Kind::String, true)]
    #[case("/notes/{id:[a-f]{4}}/x", Kind::String, true)]
    fn a_converter_says_what_values_are(
        #[case] path: &str,
        #[case] kind: Kind,
        #[case] has_rule: bool,
    ) {
        let found = converters(path);
        let told: Vec<_> = found
            .iter()
            .map(|own| (own.name.as_str(), own.kind, own.rule.is_some()))
            .collect();
        assert_eq!(told, [("id", kind, has_rule)]);
    }

    #[rstest]
    #[case("/notes/{id}")]
    #[case("/notes/<path:id>")]
    #[case("/notes/{id:.+}")]
    #[case("/notes/:id(a|b)")]
    #[case("https://a.example:80/notes/:id")]
    fn other_paths_say_nothing(#[case] path: &str) {
        assert_eq!(converters(path), []);
    }
}
