//! The program from outside: run in a folder, with nothing in its environment that it would listen
//! to.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use super::Endpoint;

/// What of the environment changes what the program does, beside all that begins with one of
/// [`OURS`].
const HEARD: &[&str] = &["CI", "GITHUB_STEP_SUMMARY", "NO_COLOR", "CLICOLOR_FORCE"];

/// What the names of variables for docproof begin with.
const OURS: &[&str] = &["DOCPROOF_", "CLOUD_SDK_"];

/// What a run of the program came to.
#[derive(Debug)]
pub struct Told {
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Told {
    /// All that a person sees, for a snapshot.
    pub fn seen(&self) -> String {
        format!(
            "exit: {}\n----- stdout\n{}----- stderr\n{}",
            self.code, self.out, self.err
        )
    }

    /// Both outputs.
    pub fn text(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program, to be given arguments and variables.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docproof"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if OURS.iter().any(|start| text.starts_with(start)) || HEARD.contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// The schema that a JSON report keeps to, as the program tells it.
pub fn report_schema() -> serde_json::Value {
    let told = docproof(Path::new("."), ["schema", "report"]);
    serde_json::from_str(&told.out).unwrap()
}

/// Runs the program to its end.
pub fn docproof<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Told {
    told(program(folder).args(arguments))
}

/// Runs a command to its end.
pub fn told(command: &mut Command) -> Told {
    command.output().unwrap().into()
}

/// Runs the suite against an endpoint, with more arguments.
pub fn run<A: AsRef<OsStr>>(
    folder: &Path,
    endpoint: &Endpoint,
    more: impl IntoIterator<Item = A>,
) -> Told {
    told(
        program(folder)
            .arg("run")
            .args(endpoint.arguments())
            .args(more),
    )
}
