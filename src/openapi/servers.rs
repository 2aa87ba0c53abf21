//! The path that the paths of a document are relative to: that of its first server.

use super::spot::Spot;

/// The path of the first server that the innermost of these names; without a slash at its end.
pub(super) fn base(holders: &[&Spot<'_>]) -> String {
    for holder in holders {
        let servers = holder.get("servers");
        if let Some(first) = servers.iter().flat_map(Spot::items).next() {
            return of_server(&first);
        }
        if let Some(path) = holder.text("basePath") {
            return clean(path);
        }
    }
    String::new()
}

/// The path of a server's URL, its variables being their defaults.
fn of_server(server: &Spot<'_>) -> String {
    let mut url = server.text("url").unwrap_or_default().to_owned();
    for variable in server.get("variables").iter().flat_map(Spot::members) {
        let default = variable.text("default").unwrap_or_default();
        url = url.replace(&format!("{{{}}}", variable.key()), default);
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|at| rest.get(at..))
            .unwrap_or_default(),
        None => url.as_str(),
    };
    clean(path)
}

fn clean(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    // A variable without a default would be taken for a parameter.
    if path.is_empty() || path == "." || path.contains('{') {
        String::new()
    } else {
        format!("/{path}")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::clean;

    #[rstest]
    #[case("", "")]
    #[case("/", "")]
    #[case("/v1/", "/v1")]
    #[case("api/v2?x=1", "/api/v2")]
    #[case("/{region}/v1", "")]
    fn a_base_has_no_slash_at_its_end(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(clean(path), expected);
    }
}
