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
mod follows;
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

/// A mock. Dropping it stops it and waits until it has stopped.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    token: Option<String>,
    resources: resource::Resources,
    stage: Stage,
}

/// How far a mock is.
#[derive(Debug)]
enum Stage {
    /// Connections wait in the socket until it serves.
    Listens(Box<Waiting>),
    /// It serves.
    Serves(server::Server),
}

/// What a mock serves when it is told to.
#[derive(Debug)]
struct Waiting {
    listener: TcpListener,
    suite: Arc<Suite>,
    options: MockOptions,
}

impl Waiting {
    fn serve(&self, resources: &resource::Resources) -> Result<server::Server, std::io::Error> {
        let options = &self.options;
        let mut layers: Vec<Box<dyn layer::Layer>> = Vec::new();
        if let Some(fault) = &options.fault {
            let layer = fault::FaultLayer::new(fault.clone(), resources.clone());
            layers.push(Box::new(layer));
        }
        if let Some(variation) = &options.variation {
            let layer = variation::VariationLayer::new(variation.clone(), &self.suite);
            layers.push(Box::new(layer));
        }
        let app = app::App::new(&self.suite, resources, options, layers);
        server::Server::start(self.listener.try_clone()?, app, options.workers)
    }
}

impl Mock {
    /// Starts a mock of a suite on the loopback interface. It accepts connections when this
    /// returns.
    pub fn start(suite: Arc<Suite>, options: MockOptions) -> Result<Self, MockError> {
        let mut mock = Self::listen(suite, options)?;
        mock.serve()?;
        Ok(mock)
    }

    /// A mock that listens on the loopback interface, and answers nothing until it is told to: who
    /// only plans needs its address and its resources alone.
    pub fn listen(suite: Arc<Suite>, options: MockOptions) -> Result<Self, MockError> {
        let port = options.port;
        let listen = |source: std::io::Error| {
            if source.kind() == std::io::ErrorKind::AddrInUse {
                MockError::PortInUse(port)
            } else {
                MockError::Listen { port, source }
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        Ok(Self {
            address: listener.local_addr().map_err(listen)?,
            token: options.token.clone(),
            resources: resource::Resources::new(&suite),
            stage: Stage::Listens(Box::new(Waiting {
                listener,
                suite,
                options,
            })),
        })
    }

    /// Answers requests from now on.
    pub fn serve(&mut self) -> Result<(), MockError> {
        if let Stage::Listens(waiting) = &self.stage {
            let server = waiting.serve(&self.resources).map_err(MockError::Start)?;
            self.stage = Stage::Serves(server);
        }
        Ok(())
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
        if let Stage::Serves(server) = &mut self.stage {
            server.join();
        }
    }
}
