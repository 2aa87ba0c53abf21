//! Operations that share a path and are told apart by a parameter which names what is done:
//! `/?Action=StopJob`. The path of such an operation holds the parameter and its value behind a
//! question mark, so that each has a path of its own; the path before it is what is sent, and the
//! parameter goes with the others.

/// Parameters that name what is done.
const PARAMETERS: [&str; 2] = ["Action", "action"];

/// Verbs that begin the name of an operation which changes nothing.
const READING: [&str; 16] = [
    "describe", "list", "get", "query", "show", "check", "inquiry", "search", "count", "lookup",
    "fetch", "find", "read", "head", "estimate", "preview",
];

/// What an operation does, as its path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action<'p> {
    /// The parameter.
    pub parameter: &'p str,
    /// Its value, which is the operation's name.
    pub name: &'p str,
}

impl<'p> Action<'p> {
    /// The action that a path names.
    pub fn of(path: &'p str) -> Option<Self> {
        let (_, query) = path.split_once('?')?;
        let (parameter, name) = query.split_once('=')?;
        let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (PARAMETERS.contains(&parameter) && is_word).then_some(Self { parameter, name })
    }

    /// Whether its name says that it changes nothing.
    pub fn reads(self) -> bool {
        let lower = self.name.to_lowercase();
        READING.iter().any(|verb| lower.starts_with(verb))
    }
}

/// The path that is sent of an operation's: what names an action goes with the query.
pub fn sent_path(path: &str) -> &str {
    match (Action::of(path), path.split_once('?')) {
        (Some(_), Some((sent, _))) => sent,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/?Action=StopJob", Some(("Action", "StopJob")), "/")]
    #[case("/v2/?Action=ListJobs", Some(("Action", "ListJobs")), "/v2/")]
    #[case("/jobs?all=true", None, "/jobs?all=true")]
    #[case("/jobs", None, "/jobs")]
    #[case("/?Action=", None, "/?Action=")]
    #[case("/?Action=a&b=c", None, "/?Action=a&b=c")]
    fn a_path_may_name_an_action(
        #[case] path: &str,
        #[case] expected: Option<(&str, &str)>,
        #[case] sent: &str,
    ) {
        let found = Action::of(path).map(|action| (action.parameter, action.name));
        assert_eq!(found, expected);
        assert_eq!(sent_path(path), sent);
    }

    #[rstest]
    #[case("DescribeJobs", true)]
    #[case("GetJob", true)]
    #[case("DeleteJob", false)]
    #[case("StopJob", false)]
    fn the_verb_says_whether_anything_is_changed(#[case] name: &str, #[case] reads: bool) {
        let action = Action {
            parameter: "Action",
            name,
        };
        assert_eq!(action.reads(), reads);
    }
}
