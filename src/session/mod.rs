//! A run as a whole, as the command line and the library make it: a suite is aimed at a target,
//! trials are planned and run, and the result becomes a report. Nothing here prints.

mod about;
mod aim;
mod connection;
mod known;
mod signals;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::contract::Suite;
use crate::error::Error;
use crate::exchange::{Client, Journal};
use crate::exit_code::ExitCode;
use crate::harness::known_findings::KnownFindings;
use crate::harness::{self, AbortHandle, AbortReason, Forecast, MAX_WRITES, Mode};
use crate::harness::{Omission, RunOptions, Target, Trial};
use crate::mock::Mock;
use crate::report::{About, Report};
use crate::sources::Tell;

pub(crate) use aim::{Aim, UNVERIFIED, aim, client, load_suite, not_run, prepare, suite_of};
pub(crate) use connection::Connection;
pub(crate) use signals::interruptible;
pub(crate) use source::{Origin, Settled, Source, variable};

/// How many requests each property trial draws if not told.
pub(crate) const CASES: u32 = 40;

/// How many trials run at once if not told: they wait for the network, not for the processor.
pub(crate) const THREADS: usize = 16;

/// The most time for one request if not told, in seconds.
pub(crate) const TIMEOUT: f64 = 10.0;

/// What a run is told beside what it connects to and the options of its trials.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The suite's folder, page or document.
    pub(crate) suite: Option<PathBuf>,
    /// Pages and documents without a suite; the bundled suite where there are none either.
    pub(crate) sources: Vec<String>,
    /// The target's name in `docproof.toml`.
    pub(crate) target: Option<String>,
    /// What may be sent.
    pub(crate) mode: Option<Mode>,
    /// The most requests that could write, in the sandbox mode.
    pub(crate) max_writes: u64,
    /// What may be changed though the run did not create it.
    pub(crate) allow_changes: Vec<String>,
    /// The most time for one request, in seconds.
    pub(crate) timeout: f64,
    /// The most requests a second.
    pub(crate) rate: Option<f64>,
    /// The most time for the run, in seconds.
    pub(crate) budget: Option<f64>,
    /// The most trials that fail before the run ends.
    pub(crate) max_failures: Option<u32>,
    /// The lowest coverage that passes, in percent.
    pub(crate) min_coverage: Option<f64>,
    /// Which trials are asked for.
    pub(crate) filters: Vec<String>,
    /// Which trials are left out.
    pub(crate) skip: Vec<String>,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            suite: None,
            sources: Vec::new(),
            target: None,
            mode: None,
            max_writes: MAX_WRITES,
            allow_changes: Vec::new(),
            timeout: TIMEOUT,
            rate: None,
            budget: None,
            max_failures: None,
            min_coverage: None,
            filters: Vec::new(),
            skip: Vec::new(),
        }
    }
}

/// How many ids that were found are told.
const MOST_SHOWN: usize = 6;

/// A suite that is aimed at a target, and what carries its requests.
pub(crate) struct Session {
    order: Order,
    suite: Arc<Suite>,
    target: Target,
    runtime: Runtime,
    client: Client,
    mock: Option<Mock>,
    shown: BTreeMap<String, String>,
    insecure: bool,
}

/// What a run came to.
pub(crate) struct Ran {
    /// The report.
    pub(crate) report: Report,
    /// Why no trial could be held against the endpoint, where none could.
    pub(crate) unusable: Option<Error>,
    /// How the program ends.
    pub(crate) code: ExitCode,
}

impl Session {
    /// Aims a suite at what a connection comes to, the embedded mock where there is no endpoint.
    pub(crate) fn open(
        mut suite: Suite,
        connection: Connection,
        order: Order,
    ) -> Result<Self, Error> {
        if !connection.is_embedded() {
            suite.release_unknown(|key| connection.resources.contains_key(key));
        }
        suite.bind_everywhere(connection.headers.iter().map(|(name, _)| name.as_str()));
        suite.carry(connection.schemes());
        suite.release_files();
        let suite = Arc::new(suite);
        let allowed = aim::allowed(&suite, &order.allow_changes)?;
        let Aim {
            target,
            credentials,
            transport,
            mock,
            shown,
        } = aim(&suite, connection, order.mode, order.max_writes, allowed)?;
        let insecure = transport.insecure;
        let timeout = seconds(order.timeout);
        let (runtime, client) = client(&target, credentials, transport, timeout, order.rate)?;
        Ok(Self {
            order,
            suite,
            target,
            runtime,
            client,
            mock,
            shown,
            insecure,
        })
    }

    /// The suite.
    pub(crate) fn suite(&self) -> &Arc<Suite> {
        &self.suite
    }

    /// What sends the requests.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// What the requests run in.
    pub(crate) fn handle(&self) -> &tokio::runtime::Handle {
        self.runtime.handle()
    }

    /// Whether the target is the embedded mock.
    pub(crate) fn is_embedded(&self) -> bool {
        self.mock.is_some()
    }

    /// Where the requests go, by service, as reports show it.
    pub(crate) fn shown(&self) -> &BTreeMap<String, String> {
        &self.shown
    }

    /// Makes ready to send: gets the credential that a command prints, where there is one, and has
    /// the embedded mock serve.
    pub(crate) fn prepare(&mut self) -> Result<(), Error> {
        prepare(&self.runtime, &self.client, self.mock.as_mut())
    }

    /// Finds ids for what is only read, where nobody gave them; before the trials are planned.
    pub(crate) fn find_ids(&mut self, journal: Option<&Journal>) {
        if !self.is_embedded() {
            let finding = harness::find_ids(&self.suite, &mut self.target, &self.client, journal);
            self.runtime.block_on(finding);
        }
    }

    /// What of the endpoint is read though nobody named it, in a sentence; nothing, where nothing
    /// was found.
    pub(crate) fn read_unasked(&self) -> Option<String> {
        let redactor = self.client.redactor();
        let each: BTreeSet<String> = self
            .target
            .found
            .iter()
            .map(|found| {
                let from = match &found.listed_by {
                    Some(list) => format!("{list} lists it"),
                    None => "as documented".to_owned(),
                };
                format!("{}={} ({from})", found.key, redactor.redact(&found.id))
            })
            .collect();
        let shown: Vec<&str> = each.iter().map(String::as_str).take(MOST_SHOWN).collect();
        let more = match each.len().saturating_sub(shown.len()) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!shown.is_empty()).then(|| {
            format!(
                "nobody gave these ids, and only reads use them: {}{more} (`--set` gives others)",
                shown.join(", ")
            )
        })
    }

    /// The known findings in a file.
    pub(crate) fn known_findings(
        &self,
        path: &std::path::Path,
        tell: Tell<'_>,
    ) -> Result<KnownFindings, Error> {
        known::known_findings(&self.suite, path, tell)
    }

    /// Plans the trials.
    pub(crate) fn plan(&self, abort: &AbortHandle) -> Result<Vec<Trial>, Error> {
        let scheme = self.client.scheme();
        harness::plan(
            &self.suite,
            &self.target,
            scheme.clone(),
            Omission::default(),
            abort,
        )
        .map_err(|error| not_run(error, &self.suite, &scheme))
    }

    /// The names of the planned trials; those of snapshots, where they are asked for, come last.
    pub(crate) fn names(
        &self,
        with_snapshots: bool,
        abort: &AbortHandle,
    ) -> Result<Vec<String>, Error> {
        let (mut names, mut last) = (Vec::new(), Vec::new());
        let name = |trial: Trial| trial.name;
        let scheme = self.client.scheme();
        harness::plan_each(
            &self.suite,
            &self.target,
            scheme.clone(),
            Omission::default(),
            abort,
            |trials| {
                if with_snapshots {
                    let more = harness::snapshots(&self.suite, &trials);
                    last.extend(more.into_iter().map(name));
                }
                names.extend(trials.into_iter().map(name));
            },
        )
        .map_err(|error| not_run(error, &self.suite, &scheme))?;
        names.append(&mut last);
        Ok(names)
    }

    /// Whether the run writes though nobody said that it may: the endpoint is on this machine.
    pub(crate) fn writes_unasked(&self) -> bool {
        !self.is_embedded() && self.order.mode.is_none() && self.target.mode == Mode::Full
    }

    /// What planned trials would send.
    pub(crate) fn forecast(
        &self,
        trials: &[&Trial],
        options: &RunOptions,
    ) -> Result<Forecast, Error> {
        harness::forecast(&self.suite, &self.target, trials, options)
            .map_err(|error| not_run(error, &self.suite, &self.client.scheme()))
    }

    /// A run for which no resource at all is given, and which could send nothing for that, is a
    /// mistake: where some are given, trials say what they lack.
    pub(crate) fn sendable(&self, trials: &[&Trial]) -> Result<(), Error> {
        if self.is_embedded() || !self.target.resources.is_empty() || !self.target.found.is_empty()
        {
            return Ok(());
        }
        let trials = trials.iter().copied();
        let missing = harness::missing_resources(&self.suite, &self.target, trials);
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        let message = "nothing can be sent: the resources of the target are not given";
        let give = "give them by `--set KEY=VALUE`, or under `resources` in `docproof.toml`";
        if self.order.suite.is_none() && self.order.sources.is_empty() {
            // Who tests an API of her own has forgotten to say which.
            let services = self
                .suite
                .services
                .iter()
                .map(|own| format!("`{}`", own.name));
            let services: Vec<String> = services.collect();
            let message = format!(
                "{message}. No page, document or suite is given, so that the bundled suite is run, \
                 which is about {}",
                services.join(" and ")
            );
            return Err(Error::usage(message).with_hint(format!(
                "for an API of your own: `docproof run PAGE --endpoint URL` with its pages or its \
                 OpenAPI document, or `--suite DIR`. For the bundled suite, {give}: {missing}"
            )));
        }
        Err(Error::usage(message).with_hint(format!("{give}: {missing}")))
    }

    /// Runs planned trials.
    pub(crate) fn run(self, trials: Vec<Trial>, mut options: RunOptions) -> Ran {
        options.preflight = !self.is_embedded();
        let Self {
            order,
            suite,
            target,
            runtime,
            client,
            mock,
            shown,
            insecure,
        } = self;
        let (scheme, redactor) = (client.scheme(), client.redactor());
        let about = About {
            level: options.level,
            seed: options.seed,
            endpoints: shown,
            min_coverage: order.min_coverage,
            configuration: about::configuration(&order, &options, &target, &scheme, insecure),
            pages: about::pages(&suite, &order),
        };
        let mut result = harness::run(
            Arc::clone(&suite),
            trials,
            target,
            Arc::new(client),
            runtime.handle().clone(),
            options,
        );
        drop(mock);
        let halted = result.halted.clone();
        let unusable = result.unusable.take();
        let report = Report::new(&suite, result, about);
        let unusable = unusable.map(|error| {
            let told = not_run(error, &suite, &scheme);
            told.redacted(&redactor)
        });
        let code = match (&unusable, halted) {
            (Some(error), _) => error.code,
            (None, Some(reason)) => ended_early(&reason).unwrap_or_else(|| exit_code(&report)),
            (None, None) => exit_code(&report),
        };
        Ran {
            report,
            unusable,
            code,
        }
    }
}

/// How the program ends after a run that this has cut short; `None` where the findings until then
/// say.
fn ended_early(reason: &AbortReason) -> Option<ExitCode> {
    match reason {
        AbortReason::Interrupted => Some(ExitCode::Interrupted),
        AbortReason::Gone { .. }
        | AbortReason::Refused { .. }
        | AbortReason::Throttled { .. }
        | AbortReason::Slow { .. }
        | AbortReason::Credential { .. }
        | AbortReason::Silent {
            answered: false, ..
        } => Some(ExitCode::Unreachable),
        AbortReason::Budget { .. }
        | AbortReason::Enough { .. }
        | AbortReason::Silent { answered: true, .. } => None,
    }
}

/// How the program ends after trials that nothing cut short.
pub(crate) fn exit_code(report: &Report) -> ExitCode {
    match () {
        () if report.fails() => ExitCode::Findings,
        () if report.summary.tested_nothing() => ExitCode::NothingTested,
        () if report.coverage_gap().is_some() => ExitCode::Findings,
        () => ExitCode::Success,
    }
}

/// The longest time that can be asked for: a day.
const LONGEST: Duration = Duration::from_hours(24);

/// The time that so many seconds are.
pub(crate) fn seconds(given: f64) -> Duration {
    Duration::try_from_secs_f64(given).unwrap_or(LONGEST)
}
