//! The suite that `init` makes of real pages, against its own mock: whatever is found there, laws
//! included, is a false alarm.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;

use super::support::{docproof, program};

/// How long a run may take; one of a few seconds that takes longer stands still.
const LONGEST: Duration = Duration::from_mins(4);

/// Waits for a program, but not for ever: its exit code, if it has ended.
fn ended(mut child: Child) -> Option<i32> {
    let begun = Instant::now();
    while begun.elapsed() < LONGEST {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// Makes a suite of pages, and runs it against its own mock.
fn passes(pages: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let made = docproof(folder.path(), ["init", "suite", pages.to_str().unwrap()]);
    assert_eq!(made.code, 0, "{}", made.text());
    let out = folder.path().join("out.txt");
    let mut run: Command = program(folder.path());
    run.args(["run", "--suite", "suite"])
        .stdout(std::fs::File::create(&out).unwrap())
        .stderr(Stdio::null());
    let code = ended(run.spawn().unwrap());
    assert_eq!(code, Some(0), "{}", std::fs::read_to_string(out).unwrap());
}

#[rstest]
#[cfg_attr(not(real_pages), ignore = "needs the pages of `../shared/wild`")]
fn a_family_of_real_pages_passes_its_own_mock(
    #[values(
        "alibaba",
        "apisix",
        "binance",
        "couchdb",
        "discord",
        "gitlab",
        "icinga",
        "keystone",
        "placement",
        "synapse",
        "tencent",
        "vault"
    )]
    family: &str,
) {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wild/pages");
    passes(&pages.join(family));
}
