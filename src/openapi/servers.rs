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
        None => after_host(&url),
    };
    clean(path)
}

/// What follows the host of a URL that names no protocol: a port or a domain is no part of a path,
/// and neither is what follows two slashes.
fn after_host(url: &str) -> &str {
    let (url, is_host) = match url.strip_prefix("//") {
        Some(rest) => (rest, true),
        None => (url, false),
    };
    let end = url.find('/').unwrap_or(url.len());
    let (host, path) = url.split_at(end);
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let has_port = host.rsplit_once(':').is_some_and(|(name, port)| {
        name.split('.').all(is_name) && !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
    });
    // A version (`v1.0`) or a file is a path by itself.
    let is_domain = host.matches('.').count() > 1
        && host.split('.').all(is_name)
        && !host.ends_with(|c: char| c.is_ascii_digit());
    if is_host || has_port || is_domain {
        path
    } else {
        url
    }
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

    use super::{after_host, clean};

    #[rstest]
    #[case("", "")]
    #[case("/", "")]
    #[case("/v1/", "/v1")]
    #[case("api/v2?x=1", "/api/v2")]
    #[case("/{region}/v1", "")]
    fn a_base_has_no_slash_at_its_end(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(clean(path), expected);
    }

    #[rstest]
    #[case("localhost:8080", "")]
    #[case("localhost:8080/v1", "/v1")]
    #[case("//api.example.com/v1", "/v1")]
    #[case("api.example.com/v1", "/v1")]
    #[case("v1.0", "v1.0")]
    #[case("/localhost:8080", "/localhost:8080")]
    #[case("./api", "./api")]
    fn a_host_without_a_protocol_is_no_part_of_a_path(#[case] url: &str, #[case] expected: &str) {
        assert_eq!(after_host(url), expected);
    }
}
