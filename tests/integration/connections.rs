//! Every way to a service: certificates, versions of HTTP, addresses, proxies. What is right is met
//! by silence with one flag more, and what is wrong by one sentence that says so.

use std::path::Path;

use rstest::rstest;

use crate::doors::{list, list_page, refuse};
use crate::support::small::{Answer, CLOSES, Ran, Small, run_page, try_page};
use crate::support::wire::{At, Authority, Clients, PEER, Proxy, Version, Wire};
use crate::support::{Received, docproof};

/// The page of a service that nobody needs a credential for.
fn plain() -> String {
    list_page("Every client lists notes.", "")
}

/// A service that lists notes, for whoever is let in.
fn notes(may: impl Fn(&Received) -> bool + Send + Sync + 'static) -> Answer {
    Box::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        if path != "/v1/notes" {
            refuse(404, "nothing is here")
        } else if request.method != "GET" {
            refuse(405, "not so").with("Allow", "GET")
        } else if may(request) {
            list(request)
        } else {
            refuse(401, "who are you?")
        }
    })
}

fn everybody() -> Answer {
    notes(|_| true)
}

#[track_caller]
fn assert_silent(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
}

#[track_caller]
fn assert_said(ran: &Ran, code: i32, said: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.text);
    for text in said {
        assert!(ran.text.contains(text), "no `{text}` in:\n{}", ran.text);
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// How a service looks at the certificates of its clients.
#[derive(Clone, Copy, PartialEq)]
enum Looks {
    /// It ends the handshake of whoever shows none.
    InTheHandshake,
    /// It answers 401 to whoever shows none.
    AtEachRequest,
    /// It does not look.
    Away,
    /// It ends the handshake of whoever shows none, and takes anybody's.
    AtNoIssuer,
}

/// A folder with the files of a client, and a service that asks for a certificate.
fn mutual(folder: &Path, looks: Looks) -> Wire {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let issued = clients.issue(&["client"]);
    write(folder, "ca.pem", &servers.pem);
    write(folder, "client.pem", &issued.certificate);
    write(folder, "client.key", &issued.key);
    write(
        folder,
        "both.pem",
        &format!("{}{}", issued.certificate, issued.key),
    );
    let stranger = servers.issue(&["client"]);
    write(
        folder,
        "stranger.pem",
        &format!("{}{}", stranger.certificate, stranger.key),
    );
    let asked = match looks {
        Looks::InTheHandshake => Clients::Must(&clients),
        Looks::AtEachRequest | Looks::Away => Clients::May(&clients),
        Looks::AtNoIssuer => Clients::Anyones,
    };
    let tls = servers.server(&["127.0.0.1"], &asked, Version::One);
    let may = move |request: &Received| looks == Looks::Away || request.header(PEER).is_some();
    Wire::start(At::V4, Some(tls), Version::One, notes(may))
}

fn with_certificate() -> String {
    list_page("Every request needs a client certificate.", "")
}

#[rstest]
#[case::handshake(Looks::InTheHandshake, &["--cert", "client.pem", "--key", "client.key"])]
#[case::one_file(Looks::InTheHandshake, &["--cert", "both.pem"])]
#[case::request(Looks::AtEachRequest, &["--cert", "both.pem"])]
fn a_client_certificate_is_shown(#[case] looks: Looks, #[case] flags: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let server = mutual(folder.path(), looks);
    let mut flags = flags.to_vec();
    flags.extend(["--ca", "ca.pem", "--verbose"]);
    let ran = run_page(folder.path(), &with_certificate(), &server.url, &flags, &[]);
    assert_silent(&ran);
    // The trial without one was held, and is no trial of a text that is not there.
    for trial in ["auth::absent", "auth::wrong"] {
        let mut lines = ran.text.lines();
        let held = lines.find(|line| line.contains(trial));
        assert!(
            held.is_some_and(|line| line.starts_with("passed")),
            "{}",
            ran.text
        );
    }
    assert!(!ran.text.contains("auth::cut"), "{}", ran.text);
    // A handshake that ends is a refusal, and no want of a certificate.
    let is_blocked = ran.text.contains("it asks for a client certificate");
    assert!(!is_blocked, "{}", ran.text);
}

#[test]
fn a_service_that_takes_anybodys_certificate_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = mutual(folder.path(), Looks::AtNoIssuer);
    let flags = ["--ca", "ca.pem", "--cert", "both.pem"];
    let ran = run_page(folder.path(), &with_certificate(), &server.url, &flags, &[]);
    assert_eq!(ran.code, 1, "{}", ran.text);
    let said = "a certificate that nobody has issued but its holder: answered 200";
    assert!(ran.text.contains(said), "{}", ran.text);
}

#[test]
fn a_service_that_does_not_look_at_certificates_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = mutual(folder.path(), Looks::Away);
    let flags = ["--ca", "ca.pem", "--cert", "both.pem"];
    let ran = run_page(folder.path(), &with_certificate(), &server.url, &flags, &[]);
    assert_eq!(ran.code, 1, "{}", ran.text);
    // One cause is one finding, which names the trial of no credential too.
    assert!(ran.text.contains("ListNotes::auth"), "{}", ran.text);
    // The line that shows it again trusts whom the run trusted.
    let again: Vec<&str> = ran
        .text
        .lines()
        .filter(|line| line.contains("curl -sS"))
        .collect();
    assert!(!again.is_empty(), "{}", ran.text);
    for line in again {
        assert!(line.contains(" --cacert 'ca.pem'"), "{line}");
    }
}

#[rstest]
#[case::none_in_the_handshake(Looks::InTheHandshake, &["--ca", "ca.pem"], 3, &["asks for a client certificate", "--cert"])]
#[case::none_at_the_request(Looks::AtEachRequest, &["--ca", "ca.pem"], 3, &["answers 401", "no credential was sent", "asks for a client certificate", "--cert FILE"])]
#[case::of_another_issuer(Looks::InTheHandshake, &["--ca", "ca.pem", "--cert", "stranger.pem"], 3, &["issuer of the client certificate", "--cert"])]
#[case::unknown_issuer(Looks::InTheHandshake, &["--cert", "both.pem"], 3, &["issuer that this machine does not trust", "--ca FILE"])]
#[case::unreadable(Looks::InTheHandshake, &["--ca", "ca.pem", "--cert", "nowhere.pem"], 2, &["--cert nowhere.pem", "cannot read it"])]
#[case::folder(Looks::InTheHandshake, &["--ca", "."], 2, &["--ca .", "cannot read it"])]
#[case::key_for_certificate(Looks::InTheHandshake, &["--ca", "ca.pem", "--cert", "client.key"], 2, &["there is no certificate in it"])]
#[case::certificate_for_key(Looks::InTheHandshake, &["--ca", "ca.pem", "--cert", "client.pem", "--key", "client.pem"], 2, &["there is no private key in it"])]
#[case::certificate_without_key(Looks::InTheHandshake, &["--ca", "ca.pem", "--cert", "client.pem"], 2, &["there is no private key in it", "--key FILE"])]
#[case::key_without_certificate(Looks::InTheHandshake, &["--ca", "ca.pem", "--key", "client.key"], 2, &["--cert"])]
#[case::key_of_another(Looks::InTheHandshake, &["--ca", "ca.pem", "--cert", "client.pem", "--key", "stranger.pem"], 2, &["does not belong to the certificate"])]
#[case::key_for_issuer(Looks::InTheHandshake, &["--ca", "client.key"], 2, &["--ca client.key", "there is no certificate in it"])]
#[case::page_for_issuer(Looks::InTheHandshake, &["--ca", "page.md"], 2, &["--ca page.md", "there is no certificate in it"])]
#[case::garbage_in_certificate(Looks::InTheHandshake, &["--ca", "garbage.pem"], 2, &["--ca garbage.pem", "certificate"])]
fn what_is_wrong_with_a_certificate_is_said(
    #[case] looks: Looks,
    #[case] flags: &[&str],
    #[case] code: i32,
    #[case] said: &[&str],
) {
    let folder = tempfile::tempdir().unwrap();
    let server = mutual(folder.path(), looks);
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    write(folder.path(), "garbage.pem", garbage);
    let ran = run_page(folder.path(), &with_certificate(), &server.url, flags, &[]);
    assert_said(&ran, code, said);
}

/// A service of TLS that everybody is served by.
fn encrypted(folder: &Path, hosts: &[&str], at: At, version: Version) -> Wire {
    let servers = Authority::new("servers");
    write(folder, "ca.pem", &servers.pem);
    let tls = servers.server(hosts, &Clients::Unasked, version);
    Wire::start(at, Some(tls), version, everybody())
}

#[rstest]
#[case::chosen(&["--http2", "--ca", "ca.pem"])]
#[case::unverified(&["--http2", "--insecure"])]
#[case::known(&["--http2-prior-knowledge", "--ca", "ca.pem"])]
fn http2_is_spoken_over_tls(#[case] flags: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let server = encrypted(folder.path(), &["127.0.0.1"], At::V4, Version::Two);
    assert_silent(&run_page(folder.path(), &plain(), &server.url, flags, &[]));
    assert!(server.received().len() > 10);
}

#[test]
fn http2_is_spoken_from_the_first_byte() {
    let folder = tempfile::tempdir().unwrap();
    let server = Wire::start(At::V4, None, Version::Two, everybody());
    let flags = ["--http2-prior-knowledge"];
    assert_silent(&run_page(folder.path(), &plain(), &server.url, &flags, &[]));
    assert!(server.received().len() > 10);
}

#[rstest]
#[case::chosen_by_nobody(Version::One, true, &["--http2", "--ca", "ca.pem"], None)]
#[case::offered_without_tls(Version::One, false, &["--http2"], None)]
#[case::only_two_over_tls(Version::Two, true, &["--ca", "ca.pem"], Some("--http2"))]
#[case::only_two(Version::Two, false, &[], Some("--http2-prior-knowledge"))]
#[case::only_one(Version::One, false, &["--http2-prior-knowledge"], Some("--http2-prior-knowledge"))]
#[case::only_one_over_tls(Version::One, true, &["--http2-prior-knowledge", "--ca", "ca.pem"], Some("--http2-prior-knowledge"))]
fn the_version_of_http_is_agreed_upon_or_named(
    #[case] version: Version,
    #[case] is_encrypted: bool,
    #[case] flags: &[&str],
    #[case] said: Option<&str>,
) {
    let folder = tempfile::tempdir().unwrap();
    let server = if is_encrypted {
        encrypted(folder.path(), &["127.0.0.1"], At::V4, version)
    } else {
        Wire::start(At::V4, None, version, everybody())
    };
    let ran = run_page(folder.path(), &plain(), &server.url, flags, &[]);
    match said {
        None => assert_silent(&ran),
        Some(said) => assert_said(&ran, 3, &[said]),
    }
}

#[rstest]
#[case::plain(false, &[])]
#[case::encrypted(true, &["--ca", "ca.pem"])]
fn an_address_of_ipv6_is_connected_to(#[case] is_encrypted: bool, #[case] flags: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let server = if is_encrypted {
        encrypted(folder.path(), &["::1"], At::V6, Version::One)
    } else {
        Wire::start(At::V6, None, Version::One, everybody())
    };
    assert!(server.url.contains("://[::1]:"), "{}", server.url);
    assert_silent(&run_page(folder.path(), &plain(), &server.url, flags, &[]));
}

#[test]
fn a_unix_socket_is_connected_to() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let server = Wire::start(At::Unix(socket), None, Version::One, everybody());
    let flags = ["--unix-socket", "socket"];
    assert_silent(&run_page(folder.path(), &plain(), &server.url, &flags, &[]));
    let ran = run_page(
        tempfile::tempdir().unwrap().path(),
        &plain(),
        &server.url,
        &flags,
        &[],
    );
    assert_said(&ran, 3, &["socket"]);
    // Without an endpoint nothing would be sent to it.
    for flags in [flags.as_slice(), &["--insecure"], &["--http2"]] {
        let told = docproof(folder.path(), [&["run", "page.md"], flags].concat());
        assert_eq!(told.code, 2, "{}", told.text());
        let is_told = told.text().contains("needs `--endpoint`");
        assert!(is_told, "{}", told.text());
    }
}

#[rstest]
#[case::plain(false, &[])]
#[case::encrypted(true, &["--ca", "ca.pem"])]
fn a_proxy_is_gone_by_where_one_is_given_alone(#[case] is_encrypted: bool, #[case] flags: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let server = if is_encrypted {
        encrypted(folder.path(), &["127.0.0.1"], At::V4, Version::One)
    } else {
        Wire::start(At::V4, None, Version::One, everybody())
    };
    let proxy = Proxy::start(None);
    let mut variables = Vec::new();
    for name in [
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "all_proxy",
    ] {
        variables.push((name, proxy.url.as_str()));
    }
    let ran = run_page(folder.path(), &plain(), &server.url, flags, &variables);
    assert_silent(&ran);
    assert_eq!(proxy.asked(), Vec::<String>::new(), "{}", ran.text);
    let again = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem").display().to_string();
    let mut flags = vec!["--proxy", &proxy.url];
    if is_encrypted {
        flags.extend(["--ca", &ca]);
    }
    let before = server.received().len();
    assert_silent(&run_page(again.path(), &plain(), &server.url, &flags, &[]));
    let asked = proxy.asked();
    let sent = server.received().len() - before;
    assert!(
        !asked.is_empty() && (is_encrypted || asked.len() == sent),
        "{asked:?}"
    );
    let word = if is_encrypted {
        "CONNECT "
    } else {
        "GET http://"
    };
    assert!(asked.iter().any(|line| line.starts_with(word)), "{asked:?}");
}

/// A port of this machine on which nobody listens.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[rstest]
#[case::plain(false)]
#[case::encrypted(true)]
fn what_is_wrong_with_a_proxy_is_said_and_who_asks_it_by_nobody(#[case] is_encrypted: bool) {
    const SECRET: &str = "s3cret%2Fof-the-way";
    let folder = tempfile::tempdir().unwrap();
    let server = if is_encrypted {
        encrypted(folder.path(), &["127.0.0.1"], At::V4, Version::One)
    } else {
        Wire::start(At::V4, None, Version::One, everybody())
    };
    // `ann:s3cret/of-the-way`
    let proxy = Proxy::start(Some("Basic YW5uOnMzY3JldC9vZi10aGUtd2F5"));
    let of = |user: &str| proxy.url.replace("://", &format!("://{user}"));
    let dead = format!("http://ann:{SECRET}@{}", nobody());
    for (given, code, said) in [
        (of(""), 3, "the proxy asks for a credential"),
        (of("ann:wrong-word@"), 3, "the proxy asks for a credential"),
        (of(&format!("ann:{SECRET}@")), 0, "OK"),
        (dead, 3, "by the proxy `http://127.0.0.1:"),
        (
            "socks9://127.0.0.1:1".to_owned(),
            2,
            "`--proxy` takes a URL",
        ),
    ] {
        let again = tempfile::tempdir().unwrap();
        let mut flags = vec!["--proxy", &given, "--report", "html=report.html"];
        let ca = folder.path().join("ca.pem").display().to_string();
        if is_encrypted {
            flags.extend(["--ca", &ca]);
        }
        let ran = run_page(again.path(), &plain(), &server.url, &flags, &[]);
        assert_said(&ran, code, &[said]);
        let html = std::fs::read_to_string(again.path().join("report.html"));
        let all = format!("{}{}{}", ran.text, ran.report, html.unwrap_or_default());
        for secret in [SECRET, "s3cret/of-the-way", "YW5uOnMzY3JldC9v"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
    }
}

#[rstest]
#[case::https_to_http(true, At::V4)]
#[case::http_to_https(false, At::V4)]
#[case::http_to_silent_https(false, At::Quiet)]
fn the_scheme_of_another_is_named(#[case] is_encrypted: bool, #[case] at: At) {
    let folder = tempfile::tempdir().unwrap();
    let (server, said) = if is_encrypted {
        let server = Wire::start(at, None, Version::One, everybody());
        (server, "is it `http://` instead of `https://`?")
    } else {
        let server = encrypted(folder.path(), &["127.0.0.1"], at, Version::One);
        (server, "is it `https://` instead of `http://`?")
    };
    let (scheme, address) = server.url.split_once("://").unwrap();
    let other = if scheme == "http" { "https" } else { "http" };
    let url = format!("{other}://{address}");
    let ran = run_page(folder.path(), &plain(), &url, &[], &[]);
    assert_said(&ran, 3, &[said]);
}

#[test]
fn what_a_server_of_tls_says_to_plain_requests_is_understood() {
    let server = Small::start(Box::new(|_| {
        let mut reply = refuse(400, "");
        reply.body =
            b"<h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port".to_vec();
        reply
    }));
    let folder = tempfile::tempdir().unwrap();
    let ran = run_page(folder.path(), &plain(), &server.url, &[], &[]);
    assert_said(&ran, 3, &["is it `https://` instead of `http://`?"]);
}

/// A server may close a connection after any answer (RFC 9112, section 9.5).
#[test]
fn a_server_that_closes_each_connection_after_its_answer_is_taken_as_it_is() {
    let answer = everybody();
    let answer: Answer = Box::new(move |request| answer(request).with(CLOSES, "yes"));
    assert_silent(&try_page(&plain(), &[], answer));
}
