//! `docproof derive`: pages and OpenAPI documents -> contract.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::contract::{Service, compile};
use crate::derive::{Derived, Options};
use crate::exit_code::ExitCode;
use crate::sources::{
    Naming, derive_sources, pass_over, read_sources, tell_left_out, tell_operations,
};
use crate::text::counted;

use super::{CliError, tell};

/// What `derive` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof derive docs/ --out suite/schemas
  docproof derive docs/ --out suite/schemas --check
  docproof derive openapi.yaml --out suite/schemas
  docproof derive https://docs.example.com/api/orders.html --service shop --out suite/schemas";

/// What `derive` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DeriveArguments {
    /// Pages and OpenAPI documents: files, folders, or URLs
    #[arg(required = true, value_name = "PAGE|DIR|URL")]
    pages: Vec<String>,
    /// The folder of the schemas
    ///
    /// It takes SERVICE/openapi.json, and the schemas that that refers to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write nothing; exit 1 if the folder differs
    #[arg(long)]
    check: bool,
    /// The service's name, for pages that do not tell
    #[arg(long)]
    service: Option<String>,
}

/// Derives the contract and writes it, or compares.
pub(super) fn derive(arguments: &DeriveArguments) -> Result<ExitCode, CliError> {
    let sources = read_sources(&arguments.pages, Naming::FileName, &tell)?;
    let options = Options {
        service: arguments.service.clone(),
    };
    let derived = derive_sources(&sources, &options)?;
    pass_over(
        &derived.skipped,
        |page| is_named(page, &arguments.pages),
        &tell,
    )?;
    // A contract that does not compile is not written: nothing half-done is left behind.
    let counts = derived.services.iter().map(|service| {
        let operations = compile(service);
        let counted = operations.map(|operations| operations.len());
        counted.map_err(|error| CliError::usage(error.to_string()))
    });
    let counts: Vec<usize> = counts.collect::<Result<_, CliError>>()?;
    tell_operations(&derived.pages, &tell);
    tell_left_out(&derived.services, &tell);
    if arguments.check {
        Ok(compare(&derived, &arguments.out))
    } else {
        write(&derived, &counts, &arguments.out)
    }
}

/// Whether a page is one of those that were given by name, not as part of a folder.
fn is_named(page: &str, given: &[String]) -> bool {
    given.iter().any(|given| {
        let path = Path::new(given);
        !path.is_dir() && (given == page || path.file_name().is_some_and(|name| name == page))
    })
}

/// What the pages give, by path below the folder.
fn expected(derived: &Derived) -> BTreeMap<String, String> {
    derived
        .services
        .iter()
        .flat_map(|service| {
            service
                .files()
                .into_iter()
                .map(|(path, text)| (format!("{}/{path}", service.name), text))
        })
        .collect()
}

fn compare(derived: &Derived, out: &Path) -> ExitCode {
    let wanted = expected(derived);
    let mut differences = Vec::new();
    for (path, text) in &wanted {
        match std::fs::read_to_string(out.join(path)) {
            Ok(found) if found == *text => {}
            Ok(_) => differences.push(format!("{path} differs")),
            Err(_) => differences.push(format!("{path} is missing")),
        }
    }
    for service in Service::load_all(out).unwrap_or_default() {
        for path in service.files().keys() {
            let path = format!("{}/{path}", service.name);
            if !wanted.contains_key(&path) {
                differences.push(format!("{path} comes from no page"));
            }
        }
    }
    if differences.is_empty() {
        outln!(
            "`{}` is what the pages give: {} files",
            out.display(),
            wanted.len()
        );
        return ExitCode::Success;
    }
    for difference in &differences {
        outln!("{difference}");
    }
    errln!(
        "error: `{}` is not what the pages give\n\nhint: run the same command without `--check`",
        out.display()
    );
    ExitCode::Findings
}

/// Writes the contract, whose services have so many operations. The folders of the services derived
/// are replaced as a whole, so that no file of an earlier run stays behind.
fn write(derived: &Derived, counts: &[usize], out: &Path) -> Result<ExitCode, CliError> {
    let fail = |path: &Path, error: std::io::Error| {
        CliError::usage(format!(
            "cannot write the schemas to `{}`: {}: {error}",
            out.display(),
            path.display()
        ))
        .with_hint("give an `--out` that can be written to")
    };
    for (service, operations) in derived.services.iter().zip(counts) {
        let files = service.files();
        let folder = out.join(&service.name);
        let staged = out.join(format!(".{}.new", service.name));
        if staged.exists() {
            std::fs::remove_dir_all(&staged).map_err(|error| fail(&staged, error))?;
        }
        for (path, text) in &files {
            let path = staged.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(|error| fail(parent, error))?;
            }
            std::fs::write(&path, text).map_err(|error| fail(&path, error))?;
        }
        if folder.join(crate::contract::DOCUMENT).is_file() {
            std::fs::remove_dir_all(&folder).map_err(|error| fail(&folder, error))?;
        } else if folder.exists()
            && std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some())
        {
            std::fs::remove_dir_all(&staged).map_err(|error| fail(&staged, error))?;
            return Err(CliError::usage(format!(
                "`{}` exists and holds no contract",
                folder.display()
            ))
            .with_hint("give another `--out`, or remove the folder"));
        } else if folder.exists() {
            std::fs::remove_dir(&folder).map_err(|error| fail(&folder, error))?;
        }
        std::fs::rename(&staged, &folder).map_err(|error| fail(&folder, error))?;
        let findings = service.documentation().len();
        outln!(
            "{}: {}, {}, {}",
            folder.display(),
            counted(*operations, "operation"),
            counted(files.len(), "file"),
            counted(findings, "documentation finding")
        );
    }
    Ok(ExitCode::Success)
}
