//! The HTML report in a browser: it renders, filters, is used by keyboard, and runs nothing that an
//! endpoint sends.

#![cfg_attr(
    not(chromium),
    allow(
        dead_code,
        unused_imports,
        reason = "without a Chromium nothing is looked at"
    )
)]

use crate::support;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Endpoint;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long the browser has for anything.
const PATIENCE: Duration = Duration::from_mins(1);

/// A page in a headless Chromium, spoken to by the `DevTools` protocol.
struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    next: u64,
    /// What the console said, and what the policy of the page forbade.
    complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    fn open(page: &Path) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new(option_env!("CHROMIUM").unwrap_or("chromium"))
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--remote-debugging-port=0",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let address = BufReader::new(child.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("DevTools listening on ")
                    .map(str::to_owned)
            })
            .unwrap();
        let host = address
            .trim_start_matches("ws://")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(address.as_str(), stream).unwrap();
        let mut browser = Self {
            child,
            socket,
            session: String::new(),
            next: 0,
            complaints: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached = browser.call(
            "Target.attachToTarget",
            &json!({ "targetId": target["targetId"], "flatten": true }),
        );
        attached["sessionId"]
            .as_str()
            .unwrap()
            .clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser.go(page, "");
        browser
    }

    /// Goes to a page and waits until it is there.
    fn go(&mut self, page: &Path, hash: &str) {
        self.call("Page.navigate", &json!({ "url": "about:blank" }));
        self.call(
            "Page.navigate",
            &json!({ "url": format!("file://{}{hash}", page.display()) }),
        );
        self.until("document.readyState === 'complete' && location.protocol === 'file:'");
    }

    /// Waits until an expression holds.
    fn until(&mut self, expression: &str) {
        let started = Instant::now();
        while self.eval(expression) != Value::Bool(true) {
            assert!(started.elapsed() < PATIENCE, "never: {expression}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let mut request = json!({ "id": self.next, "method": method, "params": parameters });
        if !self.session.is_empty() {
            request["sessionId"] = json!(self.session);
        }
        self.socket
            .send(Message::text(request.to_string()))
            .unwrap();
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else {
                continue;
            };
            let message: Value = serde_json::from_str(&text).unwrap();
            match message["method"].as_str() {
                Some("Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded") => {
                    self.complaints.push(message["params"].to_string());
                }
                _ if message["id"] == self.next => {
                    assert!(message["error"].is_null(), "{message}");
                    return message["result"].clone();
                }
                _ => {}
            }
        }
    }

    /// The value of an expression.
    fn eval(&mut self, expression: &str) -> Value {
        self.call(
            "Runtime.evaluate",
            &json!({ "expression": expression, "returnByValue": true }),
        )["result"]["value"]
            .clone()
    }

    fn number(&mut self, expression: &str) -> u64 {
        self.eval(expression).as_u64().unwrap()
    }

    /// Presses a key.
    fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            key if key.len() == 1 => key,
            _ => "",
        };
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => 0,
        };
        let kind = if text.is_empty() {
            "rawKeyDown"
        } else {
            "keyDown"
        };
        let event =
            json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", &event);
        self.call(
            "Input.dispatchKeyEvent",
            &json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code }),
        );
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is gone already, or it goes now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const SHOWN: &str = "document.querySelectorAll('.finding:not([hidden])').length";
const FACTS: &str = "document.querySelectorAll('.cell:not([hidden])').length";

#[test]
#[cfg_attr(
    not(chromium),
    ignore = "no Chromium in the path: set CHROMIUM to one, and build again"
)]
fn the_page_renders_filters_and_runs_no_script_of_an_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("hostile");
    let more = ["--cases", "2", "--report", "html=r.html"];
    assert_eq!(support::run(folder.path(), &endpoint, more).code, 1);
    let page = folder.path().join("r.html");
    let mut browser = Browser::open(&page);

    // It renders, from a file, in any width, and takes nothing from elsewhere.
    let title = browser.eval("document.title");
    assert!(title.as_str().unwrap().ends_with(" findings"), "{title}");
    let (findings, facts) = (browser.number(SHOWN), browser.number(FACTS));
    assert!(
        findings > 5 && facts > 100,
        "{findings} findings, {facts} facts"
    );
    assert_eq!(browser.number("document.scripts.length"), 1);
    assert_eq!(
        browser.number("performance.getEntriesByType('resource').length"),
        0
    );
    for (width, scheme) in [
        (1280, "light"),
        (1280, "dark"),
        (360, "light"),
        (360, "dark"),
    ] {
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false }),
        );
        browser.call(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        );
        browser.eval("for (const fold of document.querySelectorAll('details')) fold.open = true");
        let wide = browser.number("document.documentElement.scrollWidth");
        assert!(wide <= width, "{wide} of {width} columns");
        let back = browser.eval("getComputedStyle(document.body).backgroundColor");
        assert_eq!(back == "rgb(255, 255, 255)", scheme == "light", "{back}");
    }

    // The filter, by keyboard: it narrows, is told in the address, and is gone with Escape.
    browser.go(&page, "");
    browser.press("/");
    for key in ["e", "n", "u", "m"] {
        browser.press(key);
    }
    let narrowed = browser.number(SHOWN);
    assert!(
        narrowed > 0 && narrowed < findings,
        "{narrowed} of {findings}"
    );
    assert!(browser.number(FACTS) < facts);
    assert_eq!(browser.eval("location.hash"), "#q=enum");
    browser.press("Escape");
    assert_eq!(browser.number(SHOWN), findings);
    browser.go(&page, "#q=type&state=contradicted");
    let contradicted = browser.number(FACTS);
    assert!(
        contradicted > 0 && contradicted < facts,
        "{contradicted} of {facts}"
    );
    assert_eq!(
        browser
            .number("document.querySelectorAll('.cell:not([hidden]):not(.contradicted)').length"),
        0
    );

    // Findings, cells and their evidence, by keyboard.
    browser.go(&page, "");
    browser.press("j");
    browser.press("j");
    assert_eq!(
        browser.eval("document.activeElement.parentElement.id"),
        "finding-2"
    );
    browser.press("k");
    assert_eq!(
        browser.eval("document.activeElement.parentElement.id"),
        "finding-1"
    );
    browser.eval("document.querySelector('.cell').focus()");
    browser.press("ArrowDown");
    assert_eq!(browser.eval("document.activeElement.classList.contains('cell') && document.activeElement !== document.querySelector('.cell')"), true);
    browser.press("Enter");
    assert_eq!(browser.eval("document.querySelector('dialog').open && document.querySelector('dialog code').textContent.length > 0"), true);
    browser.press("Escape");
    browser.until("!document.querySelector('dialog').open && document.activeElement.classList.contains('cell')");

    // A place in the page opens what it is folded in.
    browser.go(&page, "#fact-20");
    browser.until("document.getElementById('fact-20').closest('details').open");

    // Whatever was done: nothing of the endpoint's ran, and the console has nothing to say.
    let title = browser.eval("document.title");
    assert!(title.as_str().unwrap().ends_with(" findings"), "{title}");
    assert_eq!(browser.complaints, Vec::<String>::new());
}
