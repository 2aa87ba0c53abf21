//! libtest's side of the command line.

use std::collections::BTreeSet;
use std::path::Path;

use libtest_mimic::Arguments;

use crate::exit_code::ExitCode;
use crate::harness::Trial;
use crate::nearest::nearest;
use crate::session::THREADS;

use super::CliError;
use super::run_arguments::RunArguments;

/// libtest's arguments. libtest-mimic takes one filter; of several, the trials that match none are
/// left out by name.
pub(super) fn libtest_arguments<'n>(
    names: impl Iterator<Item = &'n String>,
    arguments: &RunArguments,
) -> Arguments {
    let mut libtest = Arguments {
        list: arguments.list,
        exact: arguments.exact,
        ignored: arguments.ignored,
        include_ignored: arguments.include_ignored,
        skip: arguments.skip.clone(),
        test_threads: Some(arguments.threads.unwrap_or(THREADS)),
        ..Arguments::default()
    };
    libtest.format = Some(match arguments.format.as_deref() {
        Some("terse") => libtest_mimic::FormatSetting::Terse,
        Some("json") => libtest_mimic::FormatSetting::Json,
        _ => libtest_mimic::FormatSetting::Pretty,
    });
    libtest.color = Some(match arguments.color.as_str() {
        "always" => libtest_mimic::ColorSetting::Always,
        "never" => libtest_mimic::ColorSetting::Never,
        _ => libtest_mimic::ColorSetting::Auto,
    });
    match arguments.filter.as_slice() {
        [] => {}
        [one] => libtest.filter = Some(one.clone()),
        many => {
            let matches = |name: &str, filter: &String| {
                if arguments.exact {
                    name == filter
                } else {
                    name.contains(filter.as_str())
                }
            };
            let skips = std::mem::take(&mut libtest.skip);
            let selected = |name: &str| {
                many.iter().any(|filter| matches(name, filter))
                    && !skips.iter().any(|skip| matches(name, skip))
            };
            let left_out = names.filter(|name| !selected(name));
            libtest.skip.extend(left_out.cloned());
            // Names are left out by what they contain: a name that contains a left-out one must not
            // go with it.
            libtest.exact = true;
        }
    }
    libtest
}

/// The trials that these arguments select. None at all is a mistake, told with what comes near to
/// what was asked for.
pub(super) fn selected<'t>(
    trials: &'t [Trial],
    asked: &[String],
    arguments: &Arguments,
) -> Result<Vec<&'t Trial>, CliError> {
    let selected: Vec<&Trial> = trials
        .iter()
        .filter(|trial| {
            let named = libtest_mimic::Trial::test(trial.name.as_str(), || Ok(()));
            !arguments.is_filtered_out(&named)
        })
        .collect();
    if !selected.is_empty() {
        return Ok(selected);
    }
    let parts: BTreeSet<&str> = trials
        .iter()
        .flat_map(|trial| trial.name.split("::"))
        .collect();
    let near: Vec<String> = asked
        .iter()
        .filter_map(|word| nearest(word, parts.iter().copied()))
        .map(|part| format!("`{part}`"))
        .collect();
    let message = match (asked, arguments.exact) {
        ([], _) => "no trial is selected".to_owned(),
        (words, exact) => format!(
            "no trial is selected: none {} `{}`",
            if exact { "is named" } else { "has a name with" },
            words.join("` or `")
        ),
    };
    let hint = "`docproof run --list` prints every trial's name; `--exact`, `--skip` and `--ignored` leave more out";
    // A folder of pages may have been meant, which is named as a path.
    let folder = asked.iter().find(|word| Path::new(word).is_dir());
    let hint = match folder {
        Some(folder) => format!("`./{folder}` runs what the pages in that folder say; {hint}"),
        None => hint.to_owned(),
    };
    Err(CliError {
        message,
        hint: Some(if near.is_empty() || folder.is_some() {
            hint
        } else {
            format!("did you mean {}? {hint}", near.join(" or "))
        }),
        code: ExitCode::NothingTested,
    })
}
