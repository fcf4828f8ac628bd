//! Extracts the text of PDFs in processes of their own.
//!
//! A damaged PDF may make an extractor overflow its stack, loop for ever or ask for all memory;
//! none of that can be caught inside a process. A worker process serves one file after the other
//! and is killed and replaced when it fails or takes too long.

use super::ReadError;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// The argument that makes the program a worker.
pub const WORKER: &str = "__extract-pdf";

/// A usual letter takes six milliseconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// Memory that a worker may ask for, in bytes.
#[cfg(unix)]
const MEMORY: u64 = 1 << 30;

/// The longest answer of a worker, in bytes: more than any text that is read.
const MAX_ANSWER: u64 = 2 * super::MAX_TEXT;

/// Error codes that a worker answers with.
const CODES: [&str; 4] = ["pdf-damaged", "pdf-password", "no-text", "too-large"];

/// Worker processes, started when they are needed.
#[derive(Debug)]
pub struct Isolated {
    program: PathBuf,
    patience: Duration,
    idle: Mutex<Vec<Worker>>,
}

/// An answer: text, or code and message of an error.
type Answer = Result<String, (String, String)>;

#[derive(Debug)]
struct Worker {
    child: Child,
    requests: BufWriter<ChildStdin>,
    answers: Receiver<io::Result<Answer>>,
}

impl Isolated {
    /// Workers that are this program, run with [`WORKER`].
    ///
    /// # Errors
    /// If the program cannot be found.
    pub fn new() -> io::Result<Self> {
        Ok(Self::with(std::env::current_exe()?, PATIENCE))
    }

    /// Workers that are a program of your choice, with the time that one file may take.
    pub fn with(program: PathBuf, patience: Duration) -> Self {
        Self { program, patience, idle: Mutex::new(Vec::new()) }
    }

    /// Extracts the text of a PDF.
    ///
    /// # Errors
    /// `pdf-damaged`, `pdf-password`, `no-text`, `pdf-timeout`, or `pdf-crash` where the worker
    /// came to its end: the file overflows its stack or its memory.
    pub fn extract(&self, bytes: &[u8]) -> Result<String, ReadError> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let cannot_start =
            |error| ReadError::new("internal", format!("cannot start the PDF worker: {error}"));
        let mut worker = match idle {
            Some(worker) => worker,
            None => Worker::start(&self.program).map_err(cannot_start)?,
        };
        let answer = worker.ask(bytes, self.patience);
        match answer {
            Ok(answer) => {
                if let Ok(mut idle) = self.idle.lock() {
                    idle.push(worker);
                }
                answer.map_err(|(code, message)| {
                    let code = CODES.iter().find(|known| **known == code).unwrap_or(&CODES[0]);
                    ReadError::new(code, message)
                })
            }
            Err(error) => {
                worker.end();
                Err(error)
            }
        }
    }
}

impl Drop for Isolated {
    fn drop(&mut self) {
        if let Ok(idle) = self.idle.get_mut() {
            idle.drain(..).for_each(Worker::end);
        }
    }
}

impl Worker {
    fn start(program: &PathBuf) -> io::Result<Self> {
        let mut command = Command::new(program);
        // Ctrl-C is for this program: a worker finishes the file at hand.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .arg(WORKER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a pipe is missing"));
        };
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            let mut stdout = stdout;
            loop {
                let answer = read_answer(&mut stdout);
                let ended = answer.is_err();
                if sender.send(answer).is_err() || ended {
                    break;
                }
            }
        });
        Ok(Self { child, requests: BufWriter::new(stdin), answers })
    }

    fn ask(&mut self, bytes: &[u8], patience: Duration) -> Result<Answer, ReadError> {
        let crashed = || {
            ReadError::new(
                "pdf-crash",
                "the PDF makes its text extraction fail: damaged or hostile",
            )
        };
        write_frame(&mut self.requests, bytes).map_err(|_| crashed())?;
        match self.answers.recv_timeout(patience) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(crashed()),
            Err(RecvTimeoutError::Timeout) => {
                let seconds = patience.as_secs();
                let message = format!("the PDF's text was not extracted within {seconds} seconds");
                Err(ReadError::new("pdf-timeout", message))
            }
        }
    }

    fn end(mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Serves as a worker: answers each PDF on `input` with its text on `output`, until `input` ends.
///
/// # Errors
/// If a pipe breaks.
pub fn serve(input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    limit_memory();
    while let Some(bytes) = read_frame(input, super::MAX_BYTES)? {
        match super::text(&bytes, None) {
            Ok(text) => {
                output.write_all(&[1])?;
                write_frame(output, text.as_bytes())?;
            }
            Err(error) => {
                output.write_all(&[0])?;
                write_frame(output, error.code.as_bytes())?;
                write_frame(output, error.message.as_bytes())?;
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn limit_memory() {
    // Where the limit cannot be set the file's size still bounds most of it.
    drop(rlimit::setrlimit(rlimit::Resource::AS, MEMORY, MEMORY));
}

#[cfg(not(unix))]
fn limit_memory() {}

fn read_answer(output: &mut ChildStdout) -> io::Result<Answer> {
    let mut kind = [0];
    output.read_exact(&mut kind)?;
    let mut text = || {
        let bytes = read_frame(output, MAX_ANSWER)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        String::from_utf8(bytes).map_err(io::Error::other)
    };
    Ok(if kind[0] == 1 { Ok(text()?) } else { Err((text()?, text()?)) })
}

fn write_frame(output: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

/// The next frame; `None` where the input has ended.
fn read_frame(input: &mut dyn Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u64::from_le_bytes(length);
    if length > limit {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(Some(bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
