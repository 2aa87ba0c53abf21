//! How endpoints are connected to.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::CliError;
use crate::exchange::{ConnectionOptions, Http2, Identity, IdentityError, holds_issuers};

/// How endpoints are connected to, on the command line.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(in crate::cli) struct TransportArguments {
    /// Issuers of certificates to trust too, in PEM
    ///
    /// The file that the environment names by SSL_CERT_FILE takes the place of the issuers of this
    /// machine.
    #[arg(long, value_name = "FILE", env = "DOCPROOF_CA")]
    ca: Option<PathBuf>,
    /// The certificate of the client, in PEM
    #[arg(long, value_name = "FILE", env = "DOCPROOF_CERT")]
    cert: Option<PathBuf>,
    /// The key of `--cert`, in PEM; that of the same file if absent
    #[arg(
        long,
        value_name = "FILE",
        env = "DOCPROOF_KEY",
        requires = "cert",
        hide_short_help = true
    )]
    key: Option<PathBuf>,
    /// Do not verify the endpoint; reports say so
    #[arg(long)]
    insecure: bool,
    /// Speak HTTP/2 where the endpoint chooses it (ALPN)
    #[arg(long, hide_short_help = true)]
    http2: bool,
    /// Speak HTTP/2 from the first byte
    #[arg(long, conflicts_with = "http2", hide_short_help = true)]
    http2_prior_knowledge: bool,
    /// The proxy that requests go by
    ///
    /// Those that the environment names are not used.
    #[arg(long, value_name = "URL", env = "DOCPROOF_PROXY")]
    proxy: Option<String>,
    /// The Unix socket that the endpoint listens on
    ///
    /// What requests name as their host is what `--endpoint` says.
    #[arg(long, value_name = "PATH")]
    unix_socket: Option<PathBuf>,
}

impl TransportArguments {
    /// The files that these arguments name.
    pub(in crate::cli) fn files(&self) -> impl Iterator<Item = &Path> {
        let named = [&self.ca, &self.cert, &self.key];
        named.into_iter().filter_map(|file| file.as_deref())
    }

    /// What is given, by the option's name.
    pub(in crate::cli) fn named(&self) -> impl Iterator<Item = (&'static str, String)> {
        let file = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let flag = |is_given: bool| is_given.then(|| "yes".to_owned());
        let proxy = self.proxy.clone().filter(|proxy| !proxy.is_empty());
        [
            ("ca", file(&self.ca)),
            ("cert", file(&self.cert)),
            ("key", file(&self.key)),
            ("insecure", flag(self.insecure)),
            ("http2", flag(self.http2)),
            ("http2-prior-knowledge", flag(self.http2_prior_knowledge)),
            ("proxy", proxy),
            ("unix-socket", file(&self.unix_socket)),
        ]
        .into_iter()
        .filter_map(|(option, value)| Some((option, value?)))
    }

    /// What the arguments come to; files are read.
    pub(in crate::cli) fn options(&self) -> Result<ConnectionOptions, CliError> {
        let mut options = ConnectionOptions {
            insecure: self.insecure,
            http2: match (self.http2, self.http2_prior_knowledge) {
                (_, true) => Http2::PriorKnowledge,
                (true, false) => Http2::Offered,
                (false, false) => Http2::Never,
            },
            proxy: self.proxy.clone().filter(|proxy| !proxy.is_empty()),
            unix_socket: self.unix_socket.clone(),
            ..ConnectionOptions::default()
        };
        if let Some(path) = &self.ca {
            options.issuers = read("--ca", path)?;
            options.issuers_file = Some(path.clone());
            if !holds_issuers(&options.issuers) {
                return Err(wrong(
                    "--ca",
                    path,
                    "there is no certificate in it that can be read: `-----BEGIN CERTIFICATE-----`",
                ));
            }
        }
        if let Some(path) = &self.cert {
            let certificate = read("--cert", path)?;
            let (key_option, key_path) = match &self.key {
                Some(key) => ("--key", key),
                None => ("--cert", path),
            };
            let key = read(key_option, key_path)?;
            let identity = Identity::new(&certificate, &key);
            options.identity = Some(identity.map_err(|error| match error {
                IdentityError::Certificate => wrong("--cert", path, &error.to_string()),
                IdentityError::Key if self.key.is_none() => wrong(
                    "--cert",
                    path,
                    "there is no private key in it: `--key FILE` names the file that has it",
                ),
                IdentityError::Key | IdentityError::Encrypted | IdentityError::Mismatch => {
                    wrong(key_option, key_path, &error.to_string())
                }
            })?);
        }
        #[cfg(unix)]
        if let Some(path) = &options.unix_socket {
            use std::os::unix::fs::FileTypeExt;
            let kind = std::fs::metadata(path).map(|found| found.file_type());
            if kind.is_ok_and(|kind| !kind.is_socket()) {
                let problem = format!("`--unix-socket {}`: it is no socket", path.display());
                return Err(CliError::usage(problem)
                    .with_hint("it takes the path that the endpoint listens on"));
            }
        }
        if let Some(proxy) = &options.proxy {
            let url = url::Url::parse(proxy);
            if !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                return Err(CliError::usage(
                    "`--proxy` takes a URL such as `http://HOST:PORT`",
                ));
            }
        }
        Ok(options)
    }
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| wrong(option, path, &format!("cannot read it: {error}")))
}

fn wrong(option: &str, path: &Path, problem: &str) -> CliError {
    CliError::usage(format!("`{option} {}`: {problem}", path.display()))
        .with_hint("it takes a file in PEM")
}
