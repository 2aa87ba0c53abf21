//! Targets that blocks of code begin with.

use super::{METHODS, OPEN_PART, Stated, VALUE, of_line};

pattern! {
    static RELATIVE = format!(r"^(?P<method>{METHODS})\s+/?(?P<path>[A-Za-z_{{<:][^\s]*)$");
    /// A remark behind a target.
    static REMARK = r"\s+(?:#|//)\s.*$";
    static COMMENT = r"^(?:#+|//)(?:\s|$)";
    static HEADER_LINE = r"^[A-Za-z][A-Za-z0-9-]*:(?:\s|[^/\s])";
    /// Headers that say of what kind a body is, and nothing of one request.
    static KIND_LINE = r"(?i)^(?:content-type|accept):\s*\S+$";
    /// What may stand behind a query: a version of HTTP, or a remark.
    static QUERY_END = r"\s+(?:HTTP/\d(?:\.\d)?|[(（][^()（）]*[)）])\s*$";
    /// The first line of a request, with its version of HTTP.
    static VERSIONED = r"(?-m:^)\s*[A-Z]+\s+\S+\s+HTTP/\d";
}

/// The targets that a block of code begins with: nothing else may stand there but a body below
/// them.
pub(in crate::derive) fn of_code(text: &str) -> Vec<Stated> {
    let mut found: Vec<Stated> = Vec::new();
    let mut below = text.trim().lines().skip(1).map(str::trim);
    // What only names the kind of a body below it is no example of one request.
    let is_lone = below.all(|line| KIND_LINE.is_match(line));
    let is_only = text.trim().lines().count() == 1;
    let mut is_past = false;
    for line in text.lines().map(str::trim) {
        // What a comment says of the target below it.
        if COMMENT.is_match(line) || line.is_empty() && found.is_empty() {
            continue;
        }
        if line.starts_with(['{', '[']) {
            break;
        }
        is_past = is_past || line.is_empty();
        let mut stated = of_line(&REMARK.replace(line, ""));
        if stated.is_empty() && is_only {
            stated = sketched(line);
        }
        if stated.is_empty() && is_past {
            // Behind an empty line stands a body, or nothing but further targets.
            if line.is_empty() {
                continue;
            }
            break;
        }
        if stated.is_empty() {
            // Headers make it an example; anything else is code of another kind.
            if HEADER_LINE.is_match(line) {
                for own in &mut found {
                    let is_open =
                        OPEN_PART.is_match(&own.path) && !VALUE.is_match(&own.path) && is_lone;
                    own.has_version |= !is_open;
                }
                break;
            }
            return Vec::new();
        }
        found.extend(stated);
    }
    // A request line without values and with nothing below it is how some pages write targets.
    let is_bare = text.trim().lines().count() == 1;
    for own in found.iter_mut().filter(|_| is_lone) {
        let is_first_line = is_bare || VERSIONED.is_match(text);
        own.is_alone = is_first_line && !VALUE.is_match(&own.path);
    }
    found
}

/// The target of a line whose query is a sketch of what may be asked: `GET /grid?{from}=[{at}...];&x=1`.
/// Of the query the names are read, and the values that are plain.
fn sketched(line: &str) -> Vec<Stated> {
    let Some((head, query)) = line.split_once('?') else {
        return Vec::new();
    };
    let mut stated = of_line(head.trim_end_matches([' ', '[', '`']));
    let query = QUERY_END.replace(query, "");
    let is_sign = |c: char| matches!(c, '{' | '}' | '[' | ']' | '<' | '>' | '(' | ')' | '`' | ' ');
    let pairs = query.split(['&', ';']).filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = name.trim_matches(is_sign);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
        let value = value.trim();
        let end = value
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(value.len());
        let value = value.get(..end).filter(|value| !value.is_empty());
        let is_named = !name.is_empty() && name.chars().all(is_name);
        is_named.then(|| value.map_or_else(|| name.to_owned(), |own| format!("{name}={own}")))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    for own in &mut stated {
        if !query.is_empty() {
            own.path = format!("{}?{query}", own.path);
        }
    }
    stated
}

/// The targets that lines are whose paths have no slash before them, as consoles take them:
/// `PUT {index}/_doc`. Only what stands beside them makes them some.
pub(in crate::derive) fn of_relative(text: &str) -> Vec<Stated> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let whole: Option<Vec<String>> = lines
        .iter()
        .map(|line| {
            let captures = RELATIVE.captures(line)?;
            let (method, path) = (captures.name("method")?, captures.name("path")?);
            Some(format!("{} /{}", method.as_str(), path.as_str()))
        })
        .collect();
    let whole = whole.unwrap_or_default();
    whole.iter().flat_map(|line| of_line(line)).collect()
}
