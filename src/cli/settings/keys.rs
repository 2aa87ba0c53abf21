//! What `docproof.toml` may hold: the types that it is read into, from which its JSON Schema is
//! made, and which of their keys stand for options of `run`.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::Level;
use crate::harness::Mode;
use crate::toml_reader::{Checked, Located};

use super::values::{
    Endpoint, Milliseconds, OneOrTable, ProgramAndArguments, Proxy, Rate, Scope, Seconds, Text,
    Variable,
};

/// What `docproof run` takes in a folder: its suite, and targets by name
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "docproof.toml")]
pub(super) struct File {
    /// The folder of the suite that is run, beside this file
    pub(super) suite: Option<Located<Checked<Text>>>,
    /// The target of a run that names none, and no endpoint
    pub(super) default_target: Option<Located<Checked<Text>>>,
    /// Targets by name
    #[serde(default)]
    pub(super) target: BTreeMap<String, Located<TargetTable>>,
}

/// What `[target.NAME]` holds.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "")]
pub(in crate::cli) struct TargetTable {
    /// The URL of the endpoint, or a table with one for each service: { dcs = "https://...",
    /// gaussdb = "https://..." }
    pub(super) endpoint: Located<OneOrTable<Endpoint>>,
    /// The project that the resources belong to: the resource `project_id`; sent as X-Project-Id
    /// where requests are signed
    pub(super) project: Option<Located<Checked<Text>>>,
    /// The resources of the target, by the keys of `--set`
    #[serde(default)]
    resources: BTreeMap<String, Located<OneOrTable<Text>>>,
    /// Where the credentials come from: names of environment variables, or a command; never the
    /// credentials themselves
    pub(in crate::cli) auth: Option<Located<Auth>>,
    /// Headers that every request carries; never one with a credential
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Located<Checked<Text>>>,
    /// The certificates of issuers that are trusted too, in PEM, beside this file
    ca: Option<Located<Checked<Text>>>,
    /// The certificate that the client shows, in PEM, beside this file
    cert: Option<Located<Checked<Text>>>,
    /// The key of `cert`, in PEM, beside this file
    key: Option<Located<Checked<Text>>>,
    /// The proxy that requests go by
    proxy: Option<Located<Checked<Proxy>>>,
    /// What may be sent; read-only where the endpoint is not on this machine, else full
    mode: Option<Located<Mode>>,
    /// The most writes that a sandbox run sends
    max_writes: Option<Located<u64>>,
    /// The most requests a second
    rate: Option<Located<Checked<Rate>>>,
    /// The most time for one request: seconds, or a text such as "500ms" or "1m"
    timeout: Option<Located<Checked<Seconds>>>,
    /// The most time for the whole run: seconds, or a text such as "90s" or "10m"
    budget: Option<Located<Checked<Seconds>>>,
    /// How many failed trials end the run
    max_failures: Option<Located<NonZeroU32>>,
    /// How many trials run at once
    jobs: Option<Located<NonZeroU64>>,
    /// The lowest severity that fails the run
    level: Option<Located<Level>>,
    /// A finding for every answer that takes longer: milliseconds, or a text such as "2s"
    max_response_time: Option<Located<Checked<Milliseconds>>>,
    /// How many requests each property trial draws
    cases: Option<Located<NonZeroU64>>,
    /// What generated requests are a function of
    seed: Option<Located<u64>>,
}

/// Where the credentials come from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend(
    "oneOf" = [
        { "required": ["token_env"] },
        { "required": ["token_command"] },
        { "required": ["token_url"] },
        { "required": ["bearer_env"] },
        { "required": ["basic_env"] },
        {
            "required": ["ak_env", "sk_env"],
            "not": { "anyOf": [{ "required": ["api_keys"] }, { "required": ["cookies"] }] },
        },
        {
            "anyOf": [{ "required": ["api_keys"] }, { "required": ["cookies"] }],
            "not": { "anyOf": [
                { "required": ["token_env"] },
                { "required": ["token_command"] },
                { "required": ["token_url"] },
                { "required": ["bearer_env"] },
                { "required": ["basic_env"] },
                { "required": ["ak_env"] },
            ] },
        },
    ],
    "dependentRequired" = {
        "ak_env": ["sk_env"],
        "sk_env": ["ak_env"],
        "security_token_env": ["ak_env", "sk_env"],
        "aws": ["ak_env", "sk_env"],
        "token_url": ["client_id_env", "client_secret_env"],
        "client_id_env": ["token_url"],
        "client_secret_env": ["token_url"],
        "scope": ["token_url"],
    },
))]
pub(in crate::cli) struct Auth {
    /// The environment variable that holds the token, sent as the source says
    pub(super) token_env: Option<Located<Checked<Variable>>>,
    /// A program and its arguments that print a token, or JSON with `token` and `expires_at` or
    /// `expires_in`; no shell takes part
    pub(super) token_command: Option<Located<Checked<ProgramAndArguments>>>,
    /// The token endpoint that grants tokens to a client (OAuth 2 client credentials)
    pub(super) token_url: Option<Located<Checked<Endpoint>>>,
    /// The environment variable that holds the id of that client
    pub(super) client_id_env: Option<Located<Checked<Variable>>>,
    /// The environment variable that holds the secret of that client
    pub(super) client_secret_env: Option<Located<Checked<Variable>>>,
    /// The scope that tokens are asked for
    pub(super) scope: Option<Located<Checked<Text>>>,
    /// The environment variable that holds the token of `Authorization: Bearer`
    pub(super) bearer_env: Option<Located<Checked<Variable>>>,
    /// The environment variable that holds the USER:PASSWORD of `Authorization: Basic`
    pub(super) basic_env: Option<Located<Checked<Variable>>>,
    /// API keys: the name of each header or parameter, and the environment variable that holds it
    #[serde(default)]
    pub(super) api_keys: BTreeMap<String, Located<Checked<Variable>>>,
    /// Cookies: the name of each, and the environment variable that holds it
    #[serde(default)]
    pub(super) cookies: BTreeMap<String, Located<Checked<Variable>>>,
    /// The environment variable that holds the access key
    pub(super) ak_env: Option<Located<Checked<Variable>>>,
    /// The environment variable that holds the secret key
    pub(super) sk_env: Option<Located<Checked<Variable>>>,
    /// The environment variable that holds the token of temporary keys
    pub(super) security_token_env: Option<Located<Checked<Variable>>>,
    /// The region and the service of AWS for which the keys sign (Signature Version 4)
    pub(super) aws: Option<Located<Checked<Scope>>>,
}

/// A key that stands for an option of `run`.
pub(in crate::cli) struct Setting {
    /// The key.
    pub(in crate::cli) key: &'static str,
    /// The option's id.
    pub(in crate::cli) option: &'static str,
    /// The value as the option takes it, where the target has the key.
    pub(in crate::cli) value: Option<Located<String>>,
}

impl TargetTable {
    /// The resources by the keys of `--set`, and where they stand. `dcs.instance_id = "..."`
    /// without quotation marks is a table of its own.
    pub(super) fn resources(&self) -> Vec<(String, &String, usize)> {
        let mut all = Vec::new();
        for (key, Located { value, at }) in &self.resources {
            match value {
                OneOrTable::One(text) => all.push((key.clone(), text, *at)),
                OneOrTable::Table(inner) => {
                    for (rest, Located { value, at }) in inner {
                        all.push((format!("{key}.{rest}"), &value.0, *at));
                    }
                }
            }
        }
        all
    }

    /// The keys that stand for options of `run`, and their values.
    pub(in crate::cli) fn settings(&self) -> [Setting; 15] {
        fn setting<T: ToString>(
            key: &'static str,
            option: &'static str,
            value: Option<&Located<T>>,
        ) -> Setting {
            let value = value.map(|Located { value, at }| Located {
                value: value.to_string(),
                at: *at,
            });
            Setting { key, option, value }
        }
        [
            setting("ca", "ca", self.ca.as_ref()),
            setting("cert", "cert", self.cert.as_ref()),
            setting("key", "key", self.key.as_ref()),
            setting("proxy", "proxy", self.proxy.as_ref()),
            setting("mode", "mode", self.mode.as_ref()),
            setting("max_writes", "max_writes", self.max_writes.as_ref()),
            setting("rate", "rate", self.rate.as_ref()),
            setting("timeout", "timeout", self.timeout.as_ref()),
            setting("budget", "budget", self.budget.as_ref()),
            setting("max_failures", "max_failures", self.max_failures.as_ref()),
            setting("jobs", "threads", self.jobs.as_ref()),
            setting("level", "level", self.level.as_ref()),
            setting(
                "max_response_time",
                "max_response_time",
                self.max_response_time.as_ref(),
            ),
            setting("cases", "cases", self.cases.as_ref()),
            setting("seed", "seed", self.seed.as_ref()),
        ]
    }
}

/// The JSON Schema of `docproof.toml`.
pub(in crate::cli) fn schema() -> Schema {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .with_transform(RecursiveTransform(without_null))
        .into_generator()
        .into_root_schema_for::<File>()
}

/// TOML has no null: a key that may be absent is absent.
fn without_null(schema: &mut Schema) {
    let null = json!("null");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|one| *one != null);
        if let [one] = types.as_slice() {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|one| one.get("type") != Some(&null));
        if let [Value::Object(one)] = any.as_slice() {
            let one = one.clone();
            schema.remove("anyOf");
            for (keyword, value) in one {
                if schema.get(&keyword).is_none() {
                    schema.insert(keyword, value);
                }
            }
        }
    }
}

/// Names under which people put secrets, and the key of `auth` to write instead.
pub(super) const SECRETS: &[(&str, &str)] = &[
    ("token", "token_env"),
    ("x_auth_token", "token_env"),
    ("auth_token", "token_env"),
    ("ak", "ak_env"),
    ("access_key", "ak_env"),
    ("access_key_id", "ak_env"),
    ("sk", "sk_env"),
    ("secret", "sk_env"),
    ("secret_key", "sk_env"),
    ("secret_access_key", "sk_env"),
    ("security_token", "security_token_env"),
    ("password", "basic_env"),
    ("basic", "basic_env"),
    ("user", "basic_env"),
    ("username", "basic_env"),
    ("bearer", "bearer_env"),
    ("bearer_token", "bearer_env"),
    ("access_token", "bearer_env"),
    ("api_key", "api_keys"),
    ("apikey", "api_keys"),
    ("cookie", "cookies"),
    ("client_id", "client_id_env"),
    ("client_secret", "client_secret_env"),
];
