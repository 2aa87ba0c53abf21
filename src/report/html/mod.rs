//! The HTML report: one file that needs nothing else. The template escapes whatever stands in it,
//! and the page's own policy forbids every script but the one below, whatever an endpoint sends.

mod matrix;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, HtmlEscape, Value as Context, context};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::exchange::printable;
use crate::harness::{Created, Finding, Latency};
use crate::text::counted;

use super::result::{Outcome, Report};
use super::view::{Sides, one_line, places, related, sides, surely, values};

const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The size of the drawing of a distribution.
const CHART: (f64, f64) = (240.0, 56.0);

/// A finding as the page shows it.
#[derive(Serialize)]
struct FindingView {
    id: String,
    number: usize,
    fact: String,
    operation: String,
    rest: String,
    level: &'static str,
    check: &'static str,
    message: String,
    documented: String,
    rows: Vec<String>,
    case: String,
    surely: String,
    values: String,
    flaky: bool,
    sides: Option<Sides>,
    curl: String,
    trials: Vec<String>,
    related: Vec<String>,
    /// `new`, `expected` or `below`.
    standing: &'static str,
    known: Option<String>,
}

/// A distribution as the page draws it.
#[derive(Serialize)]
struct LatencyView {
    operation: String,
    count: u64,
    p50: String,
    p90: String,
    p99: String,
    max: String,
    from: String,
    to: String,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    title: String,
}

/// The report as one HTML page.
pub(super) fn html(report: &Report) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("coded", coded);
    environment.add_template("report.html", TEMPLATE)?;
    let findings = findings(report);
    let numbers: Vec<(usize, String)> = shown(report)
        .enumerate()
        .flat_map(|(index, (finding, _))| {
            let facts = finding.with_related();
            facts.map(move |finding| (index + 1, finding.fact.to_string()))
        })
        .collect();
    let numbers: Vec<(usize, &str)> = numbers
        .iter()
        .map(|(number, fact)| (*number, fact.as_str()))
        .collect();
    let matrices = matrix::matrices(report, &numbers);
    let script_hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let outcome = match report.summary.outcome {
        Outcome::AsDocumented | Outcome::AsKnown => "good",
        Outcome::Findings | Outcome::KnownFindings => "bad",
        Outcome::NothingTested | Outcome::LittleDecided | Outcome::Incomplete => "open",
    };
    let documentation: Vec<Value> = report
        .documentation
        .iter()
        .map(|finding| {
            serde_json::json!({
                "kind": finding.kind.words(),
                "operation": finding.operation,
                "message": one_line(&finding.message),
                "rows": places(&finding.rows),
            })
        })
        .collect();
    let undocumented: Vec<Value> = report
        .undocumented
        .iter()
        .map(|one| {
            serde_json::json!({
                "operation": one.operation,
                "kind": one.kind.as_str(),
                "place": one_line(&one.place),
                "value": one_line(&one.value),
                "seen": one.seen,
            })
        })
        .collect();
    let known_findings: Vec<Value> = report
        .known_findings
        .iter()
        .map(|line| {
            serde_json::json!({
                "state": line.state.words(),
                "fails": line.state.fails(),
                "fact": line.fact,
                "observed": one_line(&line.observed),
                "reason": one_line(&line.entry.reason),
                "ticket": line.entry.ticket,
                "owner": line.entry.owner,
                "expires": line.entry.expires,
                "place": line.entry.place,
                "note": line.note,
            })
        })
        .collect();
    let trials: Vec<Value> = report
        .trials
        .iter()
        .map(|trial| {
            serde_json::json!({
                "name": trial.name,
                "kind": trial.kind,
                "verdict": trial.verdict,
                "reason": trial.reason.as_deref().map(one_line),
                "requests": trial.requests,
                "elapsed_ms": trial.elapsed_ms,
            })
        })
        .collect();
    let configuration: Vec<(String, String)> = report
        .configuration
        .iter()
        .filter_map(|(key, value)| setting(key, value))
        .collect();
    let created: Vec<Created> = report
        .created
        .iter()
        .map(|one| Created {
            field: one_line(&one.field),
            id: one_line(&one.id),
            ..one.clone()
        })
        .collect();
    let reasons: Vec<(String, usize)> = report
        .reasons()
        .into_iter()
        .map(|(reason, times)| (one_line(&reason), times))
        .collect();
    environment.get_template("report.html")?.render(context! {
        style => STYLE,
        script => SCRIPT,
        script_hash => script_hash,
        outcome => outcome,
        verdict => report.verdict(),
        totals => report.totals(),
        summary => Context::from(Serde(&report.summary)),
        generator => Context::from(Serde(&report.generator)),
        beyond => Context::from(Serde(&report.beyond_ledger())),
        findings => Context::from(Serde(&findings)),
        failing => report.failing().count(),
        known_findings => Context::from(Serde(&known_findings)),
        coverage => Context::from(Serde(&report.coverage)),
        reasons => Context::from(Serde(&reasons)),
        matrices => Context::from(Serde(&matrices)),
        latency => Context::from(Serde(&report.latency.iter().map(latency).collect::<Vec<_>>())),
        documentation => Context::from(Serde(&documentation)),
        undocumented => Context::from(Serde(&undocumented)),
        trials => Context::from(Serde(&trials)),
        created => Context::from(Serde(&created)),
        created_untold => Context::from(Serde(&report.created_untold)),
        configuration => Context::from(Serde(&configuration)),
    })
}

/// A text for the page, with what stands between backticks as code. A text in which one of them has
/// no partner stays as it is.
fn coded(text: &str) -> Context {
    let is_paired = text.matches('`').count().is_multiple_of(2);
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if !is_paired && index > 0 {
            out.push('`');
        }
        let part = HtmlEscape(part);
        if is_paired && !index.is_multiple_of(2) {
            out.push_str(&format!("<code>{part}</code>"));
        } else {
            out.push_str(&part.to_string());
        }
    }
    Context::from_safe_string(out)
}

/// What the run was told, as a person writes it; nothing where it was told nothing.
fn setting(key: &str, value: &Value) -> Option<(String, String)> {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    let text = match value {
        Value::Null => return None,
        Value::Array(items) if items.is_empty() => return None,
        Value::Object(fields) if fields.is_empty() => return None,
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let each = fields
                .iter()
                .map(|(name, value)| format!("{name}={}", plain(value)));
            each.collect::<Vec<_>>().join(", ")
        }
        value => plain(value),
    };
    let (name, unit) = match key.rsplit_once('_') {
        Some((name, unit @ ("s" | "ms"))) => (name, format!(" {unit}")),
        _ => (key, String::new()),
    };
    Some((name.replace('_', " "), printable(&format!("{text}{unit}"))))
}

fn findings(report: &Report) -> Vec<FindingView> {
    let view = |(index, finding, standing): (usize, &Finding, &'static str)| FindingView {
        id: format!("finding-{}", index + 1),
        number: index + 1,
        fact: finding.fact.to_string(),
        operation: finding.fact.operation.to_string(),
        rest: finding.fact.topic.to_string(),
        level: finding.level.as_str(),
        check: finding.check.as_str(),
        message: one_line(&finding.message),
        documented: one_line(&finding.documented),
        rows: places(&finding.rows),
        case: one_line(&finding.case),
        surely: surely(finding),
        values: values(finding),
        flaky: finding.again.is_some_and(|again| again.failed < again.of),
        sides: sides(finding),
        curl: printable(&finding.curl()),
        trials: finding.trials.clone(),
        related: related(finding),
        standing,
        known: finding.known.as_ref().map(|expected| {
            let mut text = vec![expected.reason.clone()];
            text.extend(expected.ticket.clone());
            text.extend(
                expected
                    .owner
                    .as_ref()
                    .map(|owner| format!("owner {owner}")),
            );
            text.extend(expected.expires.as_ref().map(|day| format!("until {day}")));
            text.push(expected.place.clone());
            one_line(&text.join("; "))
        }),
    };
    shown(report)
        .enumerate()
        .map(|(index, (finding, standing))| view((index, finding, standing)))
        .collect()
}

/// The findings in the order of the page, each with how it stands.
fn shown(report: &Report) -> impl Iterator<Item = (&Finding, &'static str)> {
    report
        .failing()
        .map(|finding| (finding, "new"))
        .chain(report.accepted().map(|finding| (finding, "known")))
        .chain(report.lesser().map(|finding| (finding, "below")))
}

fn latency(latency: &Latency) -> LatencyView {
    let (width, height) = CHART;
    let most = latency
        .buckets
        .iter()
        .map(|bucket| bucket.count)
        .max()
        .unwrap_or(1);
    let step = width / as_float(u64::try_from(latency.buckets.len().max(1)).unwrap_or(1));
    let bars = latency
        .buckets
        .iter()
        .zip(0_u32..)
        .filter(|(bucket, _)| bucket.count > 0)
        .map(|(bucket, index)| {
            // A bar of one answer is still to be seen.
            let tall = (height * as_float(bucket.count) / as_float(most)).max(1.5);
            Bar {
                x: round(f64::from(index) * step),
                y: round(height - tall),
                width: round((step - 1.0).max(1.0)),
                height: round(tall),
                title: format!(
                    "{} of up to {}",
                    counted(bucket.count, "answer"),
                    time(bucket.to_us)
                ),
            }
        })
        .collect();
    LatencyView {
        operation: latency.operation.clone(),
        count: latency.count,
        p50: time(latency.p50_us),
        p90: time(latency.p90_us),
        p99: time(latency.p99_us),
        max: time(latency.max_us),
        from: latency
            .buckets
            .first()
            .map_or_else(String::new, |bucket| time(bucket.to_us)),
        to: latency
            .buckets
            .last()
            .map_or_else(String::new, |bucket| time(bucket.to_us)),
        bars,
    }
}

fn as_float(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A time in the unit that suits it.
fn time(microseconds: u64) -> String {
    match microseconds {
        0..1_000 => format!("{microseconds} µs"),
        1_000..1_000_000 => format!("{:.1} ms", as_float(microseconds) / 1_000.0),
        _ => format!("{:.2} s", as_float(microseconds) / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("row `a<b`, line 3", "row <code>a&lt;b</code>, line 3")]
    #[case("`a` and `b`", "<code>a</code> and <code>b</code>")]
    #[case("a ` b", "a ` b")]
    #[case("<i>", "&lt;i&gt;")]
    fn what_stands_between_backticks_is_code(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(coded(text).to_string(), expected);
    }

    #[rstest]
    #[case("budget_s", serde_json::json!(null), None)]
    #[case("filters", serde_json::json!([]), None)]
    #[case("timeout_s", serde_json::json!(10.0), Some(("timeout", "10.0 s")))]
    #[case("max_writes", serde_json::json!(100), Some(("max writes", "100")))]
    #[case("headers", serde_json::json!({ "X-A": "1" }), Some(("headers", "X-A=1")))]
    fn a_setting_is_shown_as_it_is_written(
        #[case] key: &str,
        #[case] value: Value,
        #[case] expected: Option<(&str, &str)>,
    ) {
        let shown = setting(key, &value);
        let shown = shown
            .as_ref()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        assert_eq!(shown, expected);
    }

    #[rstest]
    #[case(900, "900 µs")]
    #[case(1_000, "1.0 ms")]
    #[case(12_340, "12.3 ms")]
    #[case(2_000_000, "2.00 s")]
    fn times_have_a_unit_that_suits_them(#[case] microseconds: u64, #[case] expected: &str) {
        assert_eq!(time(microseconds), expected);
    }
}
