//! Asks a small program of the system (`ps`, `id`, `getent`) where no file tells.
//!
//! Invariant: it comes back after [`LIMIT`], even if a user database on the network does not answer.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long such a program may take.
const LIMIT: Duration = Duration::from_secs(3);

/// What `program` prints, if it ends well and in time.
pub(super) fn ask(program: &str, args: &[&str]) -> Option<Vec<u8>> {
    #[expect(clippy::disallowed_methods, reason = "facts start small programs of the system, here and nowhere else")]
    let mut command = Command::new(program);
    command.args(args).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut stdout = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if stdout.read_to_end(&mut bytes).is_ok() {
            let _ = send.send(bytes); // nobody waits any more: the time was up
        }
    });
    let bytes = receive.recv_timeout(LIMIT).ok();
    if bytes.is_none() {
        let _ = child.kill(); // it may have ended just now
    }
    let ended_well = child.wait().is_ok_and(|status| status.success());
    bytes.filter(|_| ended_well)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn what_it_prints() {
        assert_eq!(ask("echo", &["a", "b c"]).as_deref(), Some(&b"a b c\n"[..]));
        assert_eq!(ask("/nonexistent/program", &[]), None);
        assert_eq!(ask("sh", &["-c", "echo no; exit 1"]), None);
    }

    #[test]
    fn more_than_a_pipe_holds() {
        let printed = ask("head", &["-c", "300000", "/dev/zero"]).unwrap();
        assert_eq!(printed.len(), 300_000);
    }

    #[test]
    fn the_time_is_limited() {
        let start = Instant::now();
        assert_eq!(ask("sleep", &["60"]), None);
        assert!(start.elapsed() < LIMIT * 5, "took {:?}", start.elapsed());
    }
}
