//! A part of all trials, for a matrix of CI jobs: which one a trial is in hangs on its name alone,
//! so that every job sees the same parts, and a new trial moves no other.

use std::str::FromStr;

/// The k-th of n parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, counted from 1.
    index: u64,
    /// How many parts there are.
    count: u64,
}

impl Shard {
    /// Whether a trial of this name is in this part.
    pub fn has(&self, name: &str) -> bool {
        hash(name) % self.count == self.index - 1
    }
}

impl Shard {
    /// The part that the environment of a job gives: GitLab counts from 1 (`CI_NODE_INDEX`), an
    /// indexed job of Kubernetes from 0 (`JOB_COMPLETION_INDEX`); `CI_NODE_TOTAL` is how many there
    /// are.
    pub fn of_job(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let read = |name: &str| {
            let text = variable(name).filter(|text| !text.is_empty());
            text.map(|text| {
                let number = text.trim().parse::<u64>();
                number.map_err(|_| format!("`{name}` is `{text}`, which is no number"))
            })
            .transpose()
        };
        let index = match read("CI_NODE_INDEX")? {
            Some(index) => Some(index),
            None => read("JOB_COMPLETION_INDEX")?.map(|index| index.saturating_add(1)),
        };
        match (index, read("CI_NODE_TOTAL")?) {
            (Some(index), Some(count)) => format!("{index}/{count}").parse(),
            // A job of which there is one has no index.
            (None, Some(1)) => Ok(Self { index: 1, count: 1 }),
            _ => Err(
                "the environment names no part: it takes CI_NODE_INDEX (from 1) or \
                 JOB_COMPLETION_INDEX (from 0), and CI_NODE_TOTAL"
                    .to_owned(),
            ),
        }
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text
            .split_once('/')
            .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err(format!(
                "`{text}` is not K/N with K from 1 to N, such as 1/4"
            )),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.index, self.count)
    }
}

/// FNV-1a of 64 bits: the same on every machine and in every version.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("1/1", true)]
    #[case("3/4", true)]
    #[case("0/4", false)]
    #[case("5/4", false)]
    #[case("1/0", false)]
    #[case("1", false)]
    #[case("-1/4", false)]
    #[case("a/b", false)]
    fn only_parts_that_are_there_are_read(#[case] text: &str, #[case] is_part: bool) {
        assert_eq!(text.parse::<Shard>().is_ok(), is_part);
    }

    #[rstest]
    #[case::gitlab(&[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "4")], Some("2/4"))]
    #[case::kubernetes(&[("JOB_COMPLETION_INDEX", "0"), ("CI_NODE_TOTAL", "4")], Some("1/4"))]
    #[case::both(&[("CI_NODE_INDEX", "3"), ("JOB_COMPLETION_INDEX", "0"), ("CI_NODE_TOTAL", "4")], Some("3/4"))]
    #[case::one(&[("CI_NODE_TOTAL", "1")], Some("1/1"))]
    #[case::no_index(&[("CI_NODE_TOTAL", "4")], None)]
    #[case::no_total(&[("CI_NODE_INDEX", "2")], None)]
    #[case::beyond(&[("JOB_COMPLETION_INDEX", "4"), ("CI_NODE_TOTAL", "4")], None)]
    #[case::no_number(&[("CI_NODE_INDEX", "two"), ("CI_NODE_TOTAL", "4")], None)]
    #[case::nothing(&[], None)]
    fn a_job_names_its_part(#[case] set: &[(&str, &str)], #[case] part: Option<&str>) {
        let variable = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let read = Shard::of_job(variable).map(|shard| shard.to_string());
        assert_eq!(read.ok().as_deref(), part);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // The test vectors of the hash's authors.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    proptest! {
        #[test]
        fn every_trial_is_in_exactly_one_part(name in ".{0,60}", count in 1_u64..40) {
            let parts = (1..=count).filter(|index| Shard { index: *index, count }.has(&name)).count();
            prop_assert_eq!(parts, 1);
        }
    }
}
