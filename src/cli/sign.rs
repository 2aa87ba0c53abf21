//! `docproof sign`: a request, signed anew, as a configuration that curl reads. It is what the curl
//! line of a finding from a signed request starts with: a signature is bound to a moment and to a
//! secret, so a report can hold none.

use std::io::{IsTerminal, Read, Write};
use std::time::SystemTime;

use clap::Args;
use jiff::Timestamp;
use url::Url;

use crate::exchange::{Credentials, Signable, query_pairs};
use crate::exit_code::ExitCode;

use super::CliError;
use super::settings::KeyArguments;

/// What `sign` is told: as much of curl's options as the lines of findings use.
#[derive(Debug, Args)]
pub(super) struct SignArguments {
    /// The URL
    url: String,
    /// The method
    #[arg(short = 'X', long, value_name = "METHOD", default_value = "GET")]
    request: String,
    /// A header, `Name: value`
    #[arg(short = 'H', long, value_name = "HEADER")]
    header: Vec<String>,
    /// The body; `@-` is standard input
    #[arg(
        short = 'd',
        long = "data-binary",
        value_name = "DATA",
        visible_alias = "data"
    )]
    data: Option<String>,
    #[command(flatten)]
    keys: KeyArguments,
}

/// Prints the signed request.
pub(super) fn sign(arguments: &SignArguments) -> Result<ExitCode, CliError> {
    let Some(Credentials::Keys { keys, aws, .. }) = arguments.keys.settle()? else {
        return Err(
            CliError::usage("there is no pair of keys to sign with").with_hint(
                "set DOCPROOF_AK and DOCPROOF_SK, and DOCPROOF_SECURITY_TOKEN for temporary keys",
            ),
        );
    };
    let mut output = std::io::stdout();
    if output.is_terminal() {
        return Err(CliError::usage("a signature is not printed on a terminal")
            .with_hint("pipe it: `docproof sign ... | curl -K -`"));
    }
    let url = Url::parse(&arguments.url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| CliError::usage("the URL is not one of http or https"))?;
    let mut headers = Vec::new();
    for header in &arguments.header {
        let (name, value) = header
            .split_once(':')
            .ok_or_else(|| CliError::usage("a header is `Name: value`"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let body = match arguments.data.as_deref() {
        None => None,
        Some("@-") => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| CliError::usage(format!("cannot read the body: {error}")))?;
            Some(bytes)
        }
        Some(text) => Some(text.as_bytes().to_vec()),
    };
    let query = query_pairs(url.query().unwrap_or_default());
    let signable = Signable {
        method: &arguments.request,
        path: url.path(),
        query: &query,
        headers: &headers,
        body: body.as_deref().unwrap_or_default(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let signed = if let Some(scope) = aws {
        let (method, now) = (&arguments.request, SystemTime::now());
        let added = scope.sign(&keys, method, &url, &headers, signable.body, now);
        let added = added.map_err(CliError::usage)?;
        headers.iter().cloned().chain(added).collect()
    } else {
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        signable.sign(&keys, &host, &now)
    };
    let mut text = Vec::new();
    // Without it curl takes brackets in a URL for a pattern.
    text.extend_from_slice(b"globoff\n");
    line(&mut text, "url", url.as_str().as_bytes())?;
    if arguments.request == "HEAD" {
        // With `request = "HEAD"` curl waits for the body that the header announces.
        text.extend_from_slice(b"head\n");
    } else {
        line(&mut text, "request", arguments.request.as_bytes())?;
    }
    for (name, value) in &signed {
        // A semicolon is how curl is told to send a header without a value.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        line(&mut text, "header", header.as_bytes())?;
    }
    if let Some(body) = &body {
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            // Otherwise curl sends the type of a form.
            line(&mut text, "header", b"Content-Type:")?;
        }
        line(&mut text, "data-raw", body)?;
    }
    output
        .write_all(&text)
        .and_then(|()| output.flush())
        .map_err(|error| CliError::usage(format!("cannot write: {error}")))?;
    Ok(ExitCode::Success)
}

/// One line of curl's configuration.
fn line(text: &mut Vec<u8>, name: &str, value: &[u8]) -> Result<(), CliError> {
    text.extend_from_slice(name.as_bytes());
    text.extend_from_slice(b" = \"");
    for byte in value {
        match byte {
            b'"' | b'\\' => text.extend_from_slice(&[b'\\', *byte]),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\t' => text.extend_from_slice(b"\\t"),
            0 => {
                return Err(CliError::usage(
                    "curl's configuration cannot hold a zero byte",
                ));
            }
            other => text.push(*other),
        }
    }
    text.extend_from_slice(b"\"\n");
    Ok(())
}
