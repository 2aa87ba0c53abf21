//! The mock: an endpoint made from the contract. It validates requests, generates answers, keeps
//! the state of what has a backend, and can be made to deviate. It knows `contract` and `generate`,
//! never `check` or `harness`: the suite and the mock are two independent readings of one contract.
//!
//! Authentication is by `X-Auth-Token`, or, with [`MockOptions::keys`], by a signature, which is
//! verified by a reading of the signing rules that is independent of the client's. With
//! [`MockOptions::token`], exactly that token is accepted. Without either, the first non-empty
//! token that is seen is accepted from then on, and requests without a token are served until one
//! has been seen.

mod answer;
mod app;
mod auth;
mod backend;
mod call;
mod fault;
mod layer;
mod new_ids;
mod operation;
mod pages;
mod rejection;
mod repeats;
mod reply;
mod resource;
mod route;
mod server;
mod signature;
mod sorting;
mod tags;
mod uri;
mod validate;
mod variation;
mod wire;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use crate::contract::Suite;

pub use fault::{Fault, FaultKind, faults};
pub use signature::MockKeys;
pub use variation::{Variation, variations};

/// How a mock is started.
#[derive(Debug, Clone)]
pub struct MockOptions {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The only token that is accepted; without, the first one that is seen.
    pub token: Option<String>,
    /// The keys whose signatures are accepted.
    pub keys: Option<MockKeys>,
    /// How long something that is being done stays in each of its statuses.
    pub step: Duration,
    /// How many threads serve.
    pub workers: usize,
    /// The fault that is committed.
    pub fault: Option<Fault>,
    /// The legal variation that is answered in.
    pub variation: Option<Variation>,
}

impl Default for MockOptions {
    fn default() -> Self {
        Self {
            port: 0,
            token: None,
            keys: None,
            step: Duration::from_millis(40),
            workers: std::thread::available_parallelism().map_or(2, |count| count.get().min(4)),
            fault: None,
            variation: None,
        }
    }
}

/// Why a mock cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// Something else listens on the port.
    #[error("port {0} is in use")]
    PortInUse(u16),
    /// The port cannot be listened on.
    #[error("cannot listen on port {port}: {source}")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The threads that serve cannot be started.
    #[error("cannot start the mock: {0}")]
    Start(std::io::Error),
}

/// A running mock. Dropping it stops it and waits until it has stopped.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    token: Option<String>,
    resources: resource::Resources,
    server: server::Server,
}

impl Mock {
    /// Starts a mock of a suite on the loopback interface. It accepts connections when this
    /// returns.
    pub fn start(suite: Arc<Suite>, options: MockOptions) -> Result<Self, MockError> {
        let port = options.port;
        let listen = |source: std::io::Error| {
            if source.kind() == std::io::ErrorKind::AddrInUse {
                MockError::PortInUse(port)
            } else {
                MockError::Listen { port, source }
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let resources = resource::Resources::new(&suite);
        let mut layers: Vec<Box<dyn layer::Layer>> = Vec::new();
        if let Some(fault) = &options.fault {
            let layer = fault::FaultLayer::new(fault.clone(), resources.clone());
            layers.push(Box::new(layer));
        }
        if let Some(variation) = &options.variation {
            let layer = variation::VariationLayer::new(variation.clone(), &suite);
            layers.push(Box::new(layer));
        }
        let app = app::App::new(&suite, &resources, &options, layers);
        let server =
            server::Server::start(listener, app, options.workers).map_err(MockError::Start)?;
        Ok(Self {
            address,
            token: options.token,
            resources,
            server,
        })
    }

    /// The address as a URL without a path: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The token that is accepted, where one was given.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The mock's own resources: what `--set` takes, as keys and values.
    pub fn resources(&self) -> Vec<(String, String)> {
        self.resources.pairs()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        self.server.join();
    }
}
