//! Gerunds of titles as imperatives: `Creating a Backup` is what `CreateBackup` does.

/// Gerunds that the rules of spelling do not tell: the stem without `ing`, and its verb.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("add", "add"),
    ("arrang", "arrange"),
    ("cach", "cache"),
    ("cancell", "cancel"),
    ("challeng", "challenge"),
    ("chang", "change"),
    ("complet", "complete"),
    ("creat", "create"),
    ("delet", "delete"),
    ("exchang", "exchange"),
    ("explor", "explore"),
    ("focus", "focus"),
    ("ignor", "ignore"),
    ("invit", "invite"),
    ("overwrit", "overwrite"),
    ("past", "paste"),
    ("pivot", "pivot"),
    ("recreat", "recreate"),
    ("restor", "restore"),
    ("rewrit", "rewrite"),
    ("rout", "route"),
];

/// Words that end in `ing` and name a thing, wherever they stand.
const NOUNS: &[&str] = &[
    "string",
    "billing",
    "warning",
    "pricing",
    "monitoring",
    "logging",
    "thing",
    "king",
    "ring",
    "spring",
    "ping",
];

/// How stems end that have lost an `e`. Two vowels before a last consonant, as in `eat` and `oin`,
/// are looked at first.
const LOST_E: &[&str] = &[
    "ad", "ag", "ak", "am", "ar", "as", "at", "bl", "c", "cal", "cl", "dg", "dl", "es", "fl", "gl",
    "ib", "id", "il", "im", "in", "ir", "is", "kl", "ns", "od", "ok", "os", "ot", "pl", "ps", "rg",
    "rs", "tl", "u", "ud", "ul", "um", "ur", "us", "ut", "v", "ws", "yz", "z",
];

/// How stems end that keep their two vowels and their consonant.
const PAIRS: &[&str] = &[
    "ead", "oad", "eak", "ook", "eam", "aim", "ear", "air", "oar", "our", "eat", "oat", "oot",
    "ail", "eil", "oil", "ain", "ein", "oin", "out", "oad", "eir", "uid", "aid", "oid", "ood",
    "ual", "oul",
];

/// The imperative of a gerund, in lower case; `None` for a word that is none.
pub(super) fn imperative(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let stem = lower.strip_suffix("ing")?;
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    if NOUNS.contains(&lower.as_str()) || stem.len() < 2 || !stem.contains(is_vowel) {
        return None;
    }
    if let Some((_, verb)) = EXCEPTIONS.iter().find(|(known, _)| *known == stem) {
        return Some((*verb).to_owned());
    }
    let letters: Vec<char> = stem.chars().collect();
    let is_vowel_at = |back: usize| {
        letters
            .len()
            .checked_sub(back)
            .and_then(|at| letters.get(at))
            .is_some_and(|c| is_vowel(*c))
    };
    let last = letters.last().copied()?;
    if letters.len() > 2
        && letters.get(letters.len() - 2) == Some(&last)
        && matches!(last, 'b' | 'd' | 'g' | 'm' | 'n' | 'p' | 'r' | 't')
    {
        // `Getting`, `Planning`: the consonant was doubled for the ending.
        return stem.get(..stem.len() - 1).map(str::to_owned);
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| stem.ends_with(ending));
    let vowels = letters.iter().filter(|c| is_vowel(**c)).count();
    // One syllable that would have doubled its consonant if it had no `e`: `Making`, `Tuning`.
    let is_short =
        vowels == 1 && !is_vowel_at(1) && is_vowel_at(2) && !matches!(last, 'w' | 'x' | 'y');
    if !ends(PAIRS) && !stem.ends_with("ss") && (is_short || ends(LOST_E)) {
        return Some(format!("{stem}e"));
    }
    Some(stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("making", "make")]
    #[case("Taking", "take")]
    #[case("Creating", "create")]
    #[case("Associating", "associate")]
    #[case("Evaluating", "evaluate")]
    #[case("Repeating", "repeat")]
    #[case("Querying", "query")]
    #[case("Listing", "list")]
    #[case("Adding", "add")]
    #[case("Setting", "set")]
    #[case("Stopping", "stop")]
    #[case("Unsubscribing", "unsubscribe")]
    #[case("Managing", "manage")]
    #[case("Merging", "merge")]
    #[case("Changing", "change")]
    #[case("Binding", "bind")]
    #[case("Rebooting", "reboot")]
    #[case("Restarting", "restart")]
    #[case("Downloading", "download")]
    #[case("Upgrading", "upgrade")]
    #[case("Providing", "provide")]
    #[case("Including", "include")]
    #[case("Scheduling", "schedule")]
    #[case("Scaling", "scale")]
    #[case("Cancelling", "cancel")]
    #[case("Canceling", "cancel")]
    #[case("Enabling", "enable")]
    #[case("Invoking", "invoke")]
    #[case("Looking", "look")]
    #[case("Exporting", "export")]
    #[case("Storing", "store")]
    #[case("Monitoring", "")]
    #[case("Registering", "register")]
    #[case("Configuring", "configure")]
    #[case("Comparing", "compare")]
    #[case("Repairing", "repair")]
    #[case("Combining", "combine")]
    #[case("Obtaining", "obtain")]
    #[case("Joining", "join")]
    #[case("Provisioning", "provision")]
    #[case("Cloning", "clone")]
    #[case("Opening", "open")]
    #[case("Renaming", "rename")]
    #[case("Streaming", "stream")]
    #[case("Resuming", "resume")]
    #[case("Releasing", "release")]
    #[case("Purchasing", "purchase")]
    #[case("Processing", "process")]
    #[case("Closing", "close")]
    #[case("Parsing", "parse")]
    #[case("Licensing", "license")]
    #[case("Editing", "edit")]
    #[case("Writing", "write")]
    #[case("Deleting", "delete")]
    #[case("Targeting", "target")]
    #[case("Resetting", "reset")]
    #[case("Promoting", "promote")]
    #[case("Executing", "execute")]
    #[case("Issuing", "issue")]
    #[case("Continuing", "continue")]
    #[case("Viewing", "view")]
    #[case("Fixing", "fix")]
    #[case("Modifying", "modify")]
    #[case("Deploying", "deploy")]
    #[case("Developing", "develop")]
    #[case("Checking", "check")]
    #[case("Caching", "cache")]
    #[case("Saving", "save")]
    #[case("Replacing", "replace")]
    #[case("Synchronizing", "synchronize")]
    #[case("Analyzing", "analyze")]
    #[case("Using", "use")]
    #[case("Routing", "route")]
    #[case("Rolling", "roll")]
    #[case("Installing", "install")]
    #[case("Killing", "kill")]
    #[case("Accepting", "accept")]
    #[case("Uploading", "upload")]
    #[case("Backing", "back")]
    #[case("Migrating", "migrate")]
    #[case("String", "")]
    #[case("Instance", "")]
    fn a_gerund_becomes_its_verb(#[case] word: &str, #[case] verb: &str) {
        assert_eq!(imperative(word).unwrap_or_default(), verb);
    }
}
