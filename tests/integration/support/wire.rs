//! Small servers behind other connections than a plain one: TLS with certificates of its own and of
//! its clients, HTTP/2, IPv6, a Unix socket; and a proxy that counts.

use std::convert::Infallible;
use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::UnixTime;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

use super::small::Answer;
use super::{Received, Reply};

/// The header by which a server of TLS tells its answers that the client showed a certificate.
pub const PEER: &str = "x-test-peer";

/// Who issues certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, in PEM.
    pub pem: String,
}

/// A certificate and its key, in PEM.
pub struct Issued {
    pub certificate: String,
    pub key: String,
}

/// Whether clients have to show a certificate.
pub enum Clients<'a> {
    Unasked,
    /// Those that show one of this issuer.
    Must(&'a Authority),
    /// Those may that show none.
    May(&'a Authority),
    /// They have to show one, and anybody's will do.
    Anyones,
}

/// Believes every certificate.
#[derive(Debug)]
struct Believer(Arc<CryptoProvider>);

impl ClientCertVerifier for Believer {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Where a server listens.
pub enum At {
    V4,
    /// Closes a connection that begins without a handshake, and says nothing.
    Quiet,
    V6,
    Unix(PathBuf),
}

/// Which version of HTTP a server speaks, and no other.
#[derive(Clone, Copy, PartialEq)]
pub enum Version {
    One,
    Two,
}

/// A running server; it serves for as long as the test does.
pub struct Wire {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// Issues a certificate to hosts.
    pub fn issue(&self, hosts: &[&str]) -> Issued {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(hosts).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// What a server of TLS on this machine shows and asks for.
    pub fn server(&self, hosts: &[&str], clients: &Clients<'_>, version: Version) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let issued = self.issue(hosts);
        let certificate = CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        let verifier = |authority: &Authority| {
            let mut roots = RootCertStore::empty();
            let root = CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap();
            roots.add(root).unwrap();
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        };
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            Clients::Unasked => builder.with_no_client_auth(),
            Clients::Anyones => {
                builder.with_client_cert_verifier(Arc::new(Believer(Arc::clone(&provider))))
            }
            Clients::Must(authority) => {
                builder.with_client_cert_verifier(verifier(authority).build().unwrap())
            }
            Clients::May(authority) => {
                let verifier = verifier(authority).allow_unauthenticated();
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let mut server = builder.with_single_cert(vec![certificate], key).unwrap();
        server.alpn_protocols = match version {
            Version::One => vec![b"http/1.1".to_vec()],
            Version::Two => vec![b"h2".to_vec()],
        };
        server
    }
}

impl Wire {
    /// Starts a server.
    pub fn start(at: At, tls: Option<ServerConfig>, version: Version, answer: Answer) -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&received);
        let (sender, receiver) = mpsc::channel();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
        let answer: Arc<Answer> = Arc::new(answer);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let is_quiet = matches!(at, At::Quiet);
                let local = match at {
                    At::V4 | At::Quiet => "127.0.0.1:0",
                    At::V6 => "[::1]:0",
                    At::Unix(path) => {
                        let listener = tokio::net::UnixListener::bind(path).unwrap();
                        sender.send("http://localhost".to_owned()).unwrap();
                        loop {
                            let (stream, _) = listener.accept().await.unwrap();
                            let (answer, shared) = (Arc::clone(&answer), Arc::clone(&shared));
                            tokio::spawn(talk(stream, version, false, answer, shared));
                        }
                    }
                };
                let listener = tokio::net::TcpListener::bind(local).await.unwrap();
                let address = listener.local_addr().unwrap();
                sender.send(format!("{scheme}://{address}")).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let (answer, shared) = (Arc::clone(&answer), Arc::clone(&shared));
                    let tls = tls.clone();
                    tokio::spawn(async move {
                        let Some(tls) = tls else {
                            return talk(stream, version, false, answer, shared).await;
                        };
                        let mut first = [0];
                        let begins = stream.peek(&mut first).await;
                        if is_quiet && begins.is_ok() && first != [22] {
                            return;
                        }
                        // Whose handshake fails is not served.
                        if let Ok(stream) = tls.accept(stream).await {
                            let is_known = stream.get_ref().1.peer_certificates().is_some();
                            talk(stream, version, is_known, answer, shared).await;
                        }
                    });
                }
            });
        });
        let url = receiver.recv().unwrap();
        Self { url, received }
    }

    /// Everything that came so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

/// Answers the requests of one connection.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    version: Version,
    is_known: bool,
    answer: Arc<Answer>,
    shared: Arc<Mutex<Vec<Received>>>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (answer, shared) = (Arc::clone(&answer), Arc::clone(&shared));
        async move {
            let received = received(request, is_known).await;
            shared.lock().unwrap().push(received.clone());
            Ok::<_, Infallible>(response(answer(&received)))
        }
    });
    let stream = TokioIo::new(stream);
    // A client that goes away ends its connection, nothing else.
    let _ = match version {
        Version::One => {
            let server = hyper::server::conn::http1::Builder::new();
            server.serve_connection(stream, service).await
        }
        Version::Two => {
            let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            server.serve_connection(stream, service).await
        }
    };
}

async fn received(request: hyper::Request<Incoming>, is_known: bool) -> Received {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query();
    let mut headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    if is_known {
        headers.push((PEER.to_owned(), "shown".to_owned()));
    }
    let body = body.collect().await;
    Received {
        method: parts.method.to_string(),
        target: target.map_or_else(String::new, ToString::to_string),
        headers,
        body: body.map_or_else(|_| Vec::new(), |body| body.to_bytes().to_vec()),
    }
}

fn response(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(Bytes::from(reply.body))).unwrap()
}

/// A proxy that passes on what it gets, and keeps what it was asked for: the first line of each
/// request, and the credential that was shown to it.
pub struct Proxy {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a proxy; one that knows a credential asks everybody for it.
    pub fn start(credential: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let asked = Arc::clone(&shared);
                std::thread::spawn(move || pass(stream, credential, &asked));
            }
        });
        Self { url, asked }
    }

    /// What it was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Passes one request on, and what comes back; of a tunnel everything.
fn pass(
    mut stream: TcpStream,
    credential: Option<&str>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let Some(request) = super::read(&mut reader)? else {
        return Ok(());
    };
    let line = format!("{} {}", request.method, request.target);
    asked.lock().unwrap().push(line);
    if credential.is_some() && request.header("proxy-authorization") != credential {
        let refusal = "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"way\"\r\n\
                       Content-Length: 0\r\nConnection: close\r\n\r\n";
        return stream.write_all(refusal.as_bytes());
    }
    if request.method == "CONNECT" {
        let mut other = TcpStream::connect(&request.target)?;
        stream.write_all(b"HTTP/1.1 200 Open\r\n\r\n")?;
        let (mut back, mut forth) = (other.try_clone()?, stream.try_clone()?);
        let copying = std::thread::spawn(move || {
            let _ = std::io::copy(&mut back, &mut forth);
            let _ = forth.shutdown(Shutdown::Both);
        });
        let _ = std::io::copy(&mut reader, &mut other);
        let _ = other.shutdown(Shutdown::Both);
        let _ = copying.join();
        return Ok(());
    }
    let rest = request.target.trim_start_matches("http://");
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut other = TcpStream::connect(host)?;
    let mut head = format!("{} {path} HTTP/1.1\r\n", request.method);
    for (name, value) in &request.headers {
        if name != "connection" && !name.starts_with("proxy-") {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str("connection: close\r\n");
    other.write_all(format!("{head}\r\n").as_bytes())?;
    other.write_all(&request.body)?;
    let mut answer = Vec::new();
    other.read_to_end(&mut answer)?;
    stream.write_all(&answer)
}
