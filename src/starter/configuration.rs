//! `docproof.toml` of a new suite: what a run in its folder is of, and the first target. No secret
//! stands in it: the variables of the environment are named.

use std::fmt::Write as _;

use super::{inline, quoted};
use crate::contract::{Location, Operation, SecurityScheme, Service, Suite, carries_credential};

const HEAD: &str = "\
# What `docproof run` takes without arguments, in this folder and below it. Options stand above the environment, and that above this file:
# `docproof targets` shows each value and where it comes from, `docproof targets --schema` what may stand here.
# No secret stands in this file: it names the variables of the environment that hold one.

# The folder of the suite, beside this file.
suite = \".\"
";

const FURTHER: &str = "
# What may be sent: \"read-only\" sends nothing that writes, \"sandbox\" so many writes, \"full\" all of them. On this machine it is \"full\", elsewhere \"read-only\".
# mode = \"sandbox\"
# max_writes = 100

# How fast: requests a second, the most time for one, and for all.
# rate = 10
# timeout = \"10s\"
# budget = \"5m\"

# The way: certificates of issuers that are trusted too, the client's own certificate and its key (PEM, beside this file), a proxy.
# ca = \"ca.pem\"
# cert = \"client.pem\"
# key = \"client.key\"
# proxy = \"http://proxy.example.com:3128\"
";

/// The endpoint of a server on this machine, where nobody names one.
const SOMEWHERE: &str = "http://127.0.0.1:8080";

/// The file's text. Where the endpoint is known, a run without arguments is against it; else it is
/// against the embedded mock, until somebody says so.
pub fn configuration(suite: &Suite, endpoint: Option<&str>) -> String {
    let mut out = HEAD.to_owned();
    let comment = if endpoint.is_some() { "" } else { "# " };
    let _ = write!(
        out,
        "\n# The target of a run that names none by `--target`; without one, the embedded mock is tested.\n{comment}default_target = \"service\"\n"
    );
    let endpoint = quoted(endpoint.unwrap_or(SOMEWHERE));
    let _ = write!(
        out,
        "\n[target.service]\n# Where the service is; the documented paths come after it.\nendpoint = {endpoint}\n"
    );
    credentials(suite, &mut out);
    resources(suite, &mut out);
    headers(suite, &mut out);
    out.push_str(FURTHER);
    out
}

/// What the sources say of the credential, and the variables that give it.
fn credentials(suite: &Suite, out: &mut String) {
    let of_operations = suite
        .operations
        .iter()
        .flat_map(Operation::security_schemes);
    let of_services = suite.services.iter().flat_map(Service::security_schemes);
    let mut schemes: Vec<SecurityScheme> = Vec::new();
    for scheme in of_operations.chain(of_services) {
        if !schemes.contains(&scheme) {
            schemes.push(scheme);
        }
    }
    if schemes.is_empty() {
        out.push_str(
            "\n# The credential, where the service asks for one: `export DOCPROOF_BEARER=...` (or DOCPROOF_TOKEN, DOCPROOF_BASIC,\n# DOCPROOF_API_KEY, DOCPROOF_COOKIE, DOCPROOF_AK with DOCPROOF_SK); or variables of other names:\n# auth = { bearer_env = \"SERVICE_TOKEN\" }\n",
        );
        return;
    }
    for scheme in schemes {
        let _ = writeln!(
            out,
            "\n# The credential: the sources ask for {}.",
            scheme.in_words()
        );
        let (variable, other) = variable(&scheme);
        let _ = match variable {
            Some(variable) => writeln!(
                out,
                "# `export {variable}` gives it; or a variable of another name, or a command that prints it:"
            ),
            None => writeln!(out, "# Beside this file:"),
        };
        let _ = writeln!(out, "# {other}");
    }
}

/// The variable that gives what a scheme carries, and the line that names another.
fn variable(scheme: &SecurityScheme) -> (Option<String>, String) {
    let auth = |key: &str| format!("auth = {{ {key} = \"SERVICE_TOKEN\" }}");
    let named = |key: &str, name: &str| {
        let table = inline([(name, "SERVICE_KEY")]);
        format!("auth = {{ {key} = {table} }}")
    };
    match scheme {
        SecurityScheme::Bearer => (
            Some("DOCPROOF_BEARER=TOKEN".to_owned()),
            format!(
                "{}    # or token_command = [\"PROGRAM\", \"ARGUMENT\"], or token_url with client_id_env and client_secret_env",
                auth("bearer_env")
            ),
        ),
        SecurityScheme::Basic => (
            Some("DOCPROOF_BASIC=USER:PASSWORD".to_owned()),
            "auth = { basic_env = \"SERVICE_USER_AND_PASSWORD\" }".to_owned(),
        ),
        SecurityScheme::Header(name) if name.eq_ignore_ascii_case("x-auth-token") => (
            Some("DOCPROOF_TOKEN=TOKEN".to_owned()),
            format!(
                "{}    # or token_command = [\"PROGRAM\", \"ARGUMENT\"]; or ak_env with sk_env, which sign requests",
                auth("token_env")
            ),
        ),
        SecurityScheme::Http(_) => (Some("DOCPROOF_TOKEN=TOKEN".to_owned()), auth("token_env")),
        SecurityScheme::Header(name) | SecurityScheme::Query(name) => (
            Some(format!("DOCPROOF_API_KEY={name}=VALUE")),
            named("api_keys", name),
        ),
        SecurityScheme::Cookie(name) => (
            Some(format!("DOCPROOF_COOKIE={name}=VALUE")),
            named("cookies", name),
        ),
        SecurityScheme::Certificate => (
            None,
            "cert = \"client.pem\"    # with its key in the same file, or: key = \"client.key\""
                .to_owned(),
        ),
    }
}

/// The resources that no operation creates: they are given.
fn resources(suite: &Suite, out: &mut String) {
    let is_created = |key: &str| {
        let mut own = suite.resources.iter().filter(|own| own.key == key);
        own.any(|own| own.create.is_some())
    };
    let keys = suite.resource_keys();
    let given: Vec<&String> = keys.iter().filter(|key| !is_created(key)).collect();
    if given.is_empty() {
        return;
    }
    out.push_str("\n# What the requests are about, and no operation creates: ids and names that are there.\n");
    let pairs = given.into_iter().map(|key| (key, "..."));
    let _ = writeln!(out, "# resources = {}", inline(pairs));
}

/// The headers that the sources want with requests, beside the credential.
fn headers(suite: &Suite, out: &mut String) {
    let mut names: Vec<&str> = Vec::new();
    for operation in &suite.operations {
        for header in operation.parameters_in(Location::Header) {
            let is_known = names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&header.name));
            let is_own = ["content-type", "accept", "content-length", "host"]
                .iter()
                .any(|own| header.name.eq_ignore_ascii_case(own));
            if !is_known && !is_own && !carries_credential(&header.name) {
                names.push(&header.name);
            }
        }
    }
    out.push_str("\n# Headers that every request carries, such as the version of the API.\n");
    let example = ["X-Api-Version"];
    let shown = if names.is_empty() {
        &example[..]
    } else {
        &names[..]
    };
    let _ = writeln!(
        out,
        "# headers = {}",
        inline(shown.iter().map(|name| (*name, "...")))
    );
}
