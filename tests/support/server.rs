//! A server in a process of its own, asked over real connections.

use super::Imr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

/// A server that ends with the test.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answered {
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

impl Imr {
    /// Serves the index at a free port.
    pub(crate) fn serve(&self, more: &[&str]) -> Served {
        let mut command = self.command();
        command.args(["serve", "--addr", "127.0.0.1:0"]).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/');
        let address = address.parse().unwrap_or_else(|_| panic!("no address: {line}"));
        Served { child, address }
    }
}

impl Served {
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// Asks with a whole request as typed; `None` if the connection ends without an answer.
    pub(crate) fn raw(&self, request: &[u8]) -> Option<Answered> {
        let mut stream = self.connect();
        // The server may answer and close before everything is sent.
        drop(stream.write_all(request));
        let mut bytes = Vec::new();
        drop(stream.read_to_end(&mut bytes));
        parse(&bytes)
    }

    /// Asks with further lines in the head.
    #[track_caller]
    pub(crate) fn ask(&self, method: &str, target: &str, lines: &str) -> Answered {
        let host = self.address;
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n"
        );
        self.raw(request.as_bytes()).expect("an answer")
    }

    #[track_caller]
    pub(crate) fn get(&self, target: &str) -> Answered {
        self.ask("GET", target, "")
    }

    /// Asks for JSON that must be there.
    #[track_caller]
    pub(crate) fn json(&self, target: &str) -> serde_json::Value {
        let answer = self.get(target);
        assert_eq!(answer.status, 200, "{target} {answer:?}");
        answer.json()
    }

    /// Resident memory in bytes, where the system tells.
    pub(crate) fn memory(&self) -> Option<u64> {
        let figures = self.get("/metrics").body;
        let line =
            figures.lines().find(|line| line.starts_with("process_resident_memory_bytes"))?;
        line.rsplit_once(' ')?.1.parse().ok()
    }

    /// Asks it to end as a system does; the exit code and what it said.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let stopped = std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(stopped.success());
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn parse(bytes: &[u8]) -> Option<Answered> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { unchunked(body) } else { body.to_owned() };
    Some(Answered { status, head: head.to_owned(), body })
}

/// A body that came in chunks.
fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let Ok(length) = usize::from_str_radix(length.trim(), 16) else { break };
        let Some(chunk) = rest.get(..length) else { break };
        whole.push_str(chunk);
        body = rest[length..].trim_start_matches("\r\n");
    }
    whole
}
