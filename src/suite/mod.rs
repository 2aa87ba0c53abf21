//! The library: a suite is built, aimed and run as a value. It goes the way of the command line:
//! what a method is told stands where an option would, and the run is the same.

mod background;
mod conformance;
mod report;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::cli::ConnectionArguments;
use crate::contract;
use crate::error::Error;
use crate::harness::known_findings::KnownFindings;
use crate::harness::{AbortHandle, RunOptions, Silent};
use crate::session::{CASES, Connection, Order, Session, THREADS, suite_of};

pub use report::{Counts, Facts, Finding, Report};
pub use words::{Mode, Severity};

/// A contract-test suite: what a documentation says, and where the server is that has to do it.
///
/// A suite is read from pages ([`from_pages`](Self::from_pages)), from an OpenAPI document
/// ([`from_openapi`](Self::from_openapi)), or from a folder that `docproof init` has made
/// ([`open`](Self::open)). It is told where the server is and what opens it, and
/// [run](Self::run). What the environment holds for the command line (`DOCPROOF_*`) is not read.
///
/// ```no_run
/// #[test]
/// fn my_server_does_what_its_documentation_says() {
///     docproof::Suite::from_openapi("openapi.yaml")
///         .unwrap()
///         .endpoint("http://127.0.0.1:8080")
///         .bearer("secret")
///         .run()
///         .assert_ok();
/// }
/// ```
#[derive(Debug)]
#[must_use = "a suite does nothing until it is run"]
pub struct Suite {
    contract: contract::Suite,
    connection: ConnectionArguments,
    order: Order,
    severity: Severity,
    cases: u32,
    seed: u64,
    known_findings: Option<PathBuf>,
}

impl Suite {
    /// The suite that reference pages give: a file, or a folder of files (Markdown, HTML,
    /// reStructuredText, text).
    ///
    /// ```
    /// let suite = docproof::Suite::from_pages("tests/fixtures/widgets")?;
    /// # drop(suite);
    /// # Ok::<(), docproof::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where a page cannot be read, or none tells of an operation.
    pub fn from_pages(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::of_source(path.as_ref())
    }

    /// The suite that an OpenAPI document gives (3.0, 3.1, Swagger 2.0; JSON or YAML).
    ///
    /// ```
    /// let suite = docproof::Suite::from_openapi("tests/fixtures/widgets-document/openapi.json")?;
    /// # drop(suite);
    /// # Ok::<(), docproof::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or is no OpenAPI document.
    pub fn from_openapi(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = crate::file::read_named(path).map_err(|error| {
            Error::usage(format!("cannot read `{}`: {error}", path.display()))
                .with_hint("name an OpenAPI document by its path from the package's folder")
        })?;
        if !crate::openapi::is_document(&bytes) {
            return Err(
                Error::usage(format!("`{}` is no OpenAPI document", path.display()))
                    .with_hint("pages are read by `Suite::from_pages`"),
            );
        }
        Self::of_source(path)
    }

    /// The suite in a folder with `schemas/` and `cases/`, as `docproof init` makes it.
    ///
    /// ```
    /// let error = docproof::Suite::open("tests/fixtures").unwrap_err();
    /// assert!(error.hint().unwrap().contains("schemas"));
    /// ```
    ///
    /// # Errors
    ///
    /// Where the folder is no suite, or a file of it is wrong: the error names file and line.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let contract = contract::Suite::load(folder)?;
        let order = Order {
            suite: Some(folder.to_owned()),
            ..Order::default()
        };
        Ok(Self::new(contract, order))
    }

    /// The suite that is bundled with docproof.
    ///
    /// ```
    /// let suite = docproof::Suite::bundled()?;
    /// # drop(suite);
    /// # Ok::<(), docproof::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None, unless docproof itself is broken.
    pub fn bundled() -> Result<Self, Error> {
        Ok(Self::new(contract::Suite::bundled()?, Order::default()))
    }

    fn of_source(path: &Path) -> Result<Self, Error> {
        let sources = vec![path.display().to_string()];
        // What is told of pages that are passed over is for who reads a terminal; what matters of
        // them is in the report.
        let contract = suite_of(&sources, &|_| {})?;
        let order = Order {
            sources,
            ..Order::default()
        };
        Ok(Self::new(contract, order))
    }

    fn new(contract: contract::Suite, order: Order) -> Self {
        Self {
            contract,
            connection: ConnectionArguments::default(),
            order,
            severity: Severity::Should,
            cases: CASES,
            seed: 0,
            known_findings: None,
        }
    }

    /// Where the server is: scheme, host and port, and the path before the documented ones. Without
    /// an endpoint, the suite is run against a mock that is made from the contract.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.endpoint("http://127.0.0.1:8080/api");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.connection.endpoint.push(url.into());
        self
    }

    /// Where the server of one service is, in a suite of several.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.endpoint_of("dcs", "http://127.0.0.1:8080");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn endpoint_of(mut self, service: &str, url: impl Into<String>) -> Self {
        let url = url.into();
        self.connection.endpoint.push(format!("{service}={url}"));
        self
    }

    /// A token that is sent as `Authorization: Bearer TOKEN`.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.bearer("secret");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bearer(mut self, token: impl Into<String>) -> Self {
        self.connection.carried.bearer = Some(token.into());
        self
    }

    /// A user and a password that are sent as `Authorization: Basic`.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.basic("user", "password");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn basic(mut self, user: &str, password: &str) -> Self {
        self.connection.carried.basic = Some(format!("{user}:{password}"));
        self
    }

    /// An API key that is sent in the header, query parameter or cookie of this name, as the
    /// documentation says.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.api_key("X-API-Key", "secret");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_key(mut self, name: &str, value: &str) -> Self {
        let key = format!("{name}={value}");
        self.connection.carried.api_key.push(key);
        self
    }

    /// A cookie that is the credential.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.cookie("session", "secret");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        let cookie = format!("{name}={value}");
        self.connection.carried.cookie.push(cookie);
        self
    }

    /// A header that every request carries. One that carries a credential by its name
    /// (`Authorization`, `Cookie`, `X-API-Key`, ...) is one.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.header("Accept-Version", "2");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let header = format!("{name}: {value}");
        self.connection.carried.header.push(header);
        self
    }

    /// A token that is sent as the documentation says; in `X-Auth-Token` where it says nothing.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.token("secret");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.connection.keys.token = Some(token.into());
        self
    }

    /// A pair of keys that sign each request (SDK-HMAC-SHA256).
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.key_pair("access key", "secret key");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn key_pair(
        mut self,
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Self {
        self.connection.keys.ak = Some(access_key.into());
        self.connection.keys.sk = Some(secret_key.into());
        self
    }

    /// A resource that the server has, by its key: the run reads it, and changes it only where
    /// [`allow_changes`](Self::allow_changes) names it. A wrong key is an error of the run that
    /// lists the right ones.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.set("project_id", "p1");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(mut self, key: &str, value: &str) -> Self {
        self.connection.set.push(format!("{key}={value}"));
        self
    }

    /// What may be sent. Without this, everything to a server on this machine, and only what cannot
    /// write to any other.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.mode(docproof::Mode::ReadOnly);
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn mode(mut self, mode: Mode) -> Self {
        self.order.mode = Some(mode.into());
        self
    }

    /// Lets the run change what it did not create: the resource that a key gives, or all that an
    /// operation or service of this name changes.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.allow_changes("dcs.instance_id");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_changes(mut self, key: impl Into<String>) -> Self {
        self.order.allow_changes.push(key.into());
        self
    }

    /// How many requests each trial of generated requests draws; 40 if not told.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.cases(200);
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cases(mut self, cases: u32) -> Self {
        self.cases = cases.max(1);
        self
    }

    /// What generated requests are a function of: the same seed sends the same requests; 0 if not
    /// told.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.seed(7);
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The lowest severity that fails the run; [`Severity::Should`] if not told.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.severity(docproof::Severity::Must);
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The lowest share of the testable facts that has to be decided, in percent: a run that
    /// decides less is not ok.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.min_coverage(80.0);
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn min_coverage(mut self, percent: f64) -> Self {
        self.order.min_coverage = Some(percent);
        self
    }

    /// The most time for one request; ten seconds if not told.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let limit = std::time::Duration::from_secs(2);
    /// let suite = docproof::Suite::bundled()?.timeout(limit);
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.order.timeout = limit.as_secs_f64();
        self
    }

    /// The file of known findings: they are still tested, are told apart, and do not fail the run.
    ///
    /// ```
    /// # fn main() -> Result<(), docproof::Error> {
    /// let suite = docproof::Suite::bundled()?.known_findings("known-findings.toml");
    /// # drop(suite);
    /// # Ok(())
    /// # }
    /// ```
    pub fn known_findings(mut self, file: impl Into<PathBuf>) -> Self {
        self.known_findings = Some(file.into());
        self
    }

    /// Runs the suite, and waits for its end. The run has a runtime and threads of its own, so it
    /// may be called from wherever a thread may wait. A server that lives in the runtime of a
    /// `#[tokio::test]` is served by the very thread that waits: there, use
    /// [`run_async`](Self::run_async).
    ///
    /// What keeps a run from being made (a wrong key, a server that cannot be reached) is in the
    /// report, and no report with it is ok.
    ///
    /// ```
    /// let report = docproof::Suite::bundled()?.cases(2).run();
    /// assert!(report.is_ok(), "{report}");
    /// # Ok::<(), docproof::Error>(())
    /// ```
    #[must_use = "a report says whether the server does as documented: `assert_ok` fails a test"]
    pub fn run(self) -> Report {
        background::wait(move |abort| self.run_here(&abort))
    }

    /// Runs the suite without holding the thread that waits: for a server that lives in the runtime
    /// of the test itself. It needs no runtime of a kind. Where the future is dropped, the run ends.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let report = docproof::Suite::bundled()?.cases(2).run_async().await;
    /// report.assert_ok();
    /// # Ok::<(), docproof::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn run_async(self) -> Report {
        background::follow(move |abort| self.run_here(&abort)).await
    }

    /// The run itself, on this thread.
    fn run_here(self, abort: &Arc<AbortHandle>) -> Report {
        let made = self.session().and_then(|(mut session, mut options)| {
            session.prepare()?;
            session.find_ids(None);
            options.abort = Arc::clone(abort);
            options.watcher = Some(Arc::new(Silent));
            options.arguments.test_threads = Some(THREADS);
            let trials = session.plan(abort)?;
            session.sendable(&trials.iter().collect::<Vec<_>>())?;
            Ok(session.run(trials, options))
        });
        match made {
            Ok(ran) => Report::of(ran),
            Err(error) => Report::failed(error),
        }
    }

    /// What runs the trials, and what they are told.
    fn session(self) -> Result<(Session, RunOptions), Error> {
        let connection = Connection::new(&self.contract, &self.connection)?;
        let session = Session::open(self.contract, connection, self.order)?;
        let known_findings = match &self.known_findings {
            Some(path) => session.known_findings(path, &|_| {})?,
            None => KnownFindings::default(),
        };
        let options = RunOptions {
            level: self.severity.into(),
            seed: self.seed,
            cases: self.cases,
            known_findings: Arc::new(known_findings),
            ..RunOptions::default()
        };
        Ok((session, options))
    }
}
