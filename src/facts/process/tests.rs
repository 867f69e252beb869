#![expect(clippy::disallowed_methods, reason = "the real git and real shells are started here")]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::*;

#[test]
fn names_may_hold_anything() {
    assert_eq!(parse_stat(b"12 (zsh) S 11 12 12 34816 12"), Some((11, 12)));
    assert_eq!(parse_stat(b"12 (a) S 99 (b c) R 11 13 12"), Some((11, 13)));
    assert_eq!(parse_stat(b"12 (\n) ) S 11 12 12"), Some((11, 12)));
    for broken in [&b""[..], b"12 zsh S 11", b"12 (zsh)", b"12 (zsh) S", b"12 (zsh) S x y", b"12 (\xff) S -1 2"] {
        assert_eq!(parse_stat(broken), None, "{}", broken.escape_ascii());
    }
    assert_eq!(parse_status(b"Name:\tzsh\nUid:\t1000\t1001\t1002\t1003\n"), Some(1001));
    assert_eq!(parse_status(b"Name:\tUid:\n"), None);
}

#[test]
fn arguments_keep_their_bytes() {
    let argv =
        |bytes: &[u8]| split_cmdline(bytes).iter().map(|word| word.escape_ascii().to_string()).collect::<Vec<_>>();
    assert_eq!(argv(b"-zsh\0"), ["-zsh"]);
    assert_eq!(argv(b"sh\0-c\0a b\nc\0"), ["sh", "-c", r"a b\nc"]);
    assert_eq!(argv(b"a\0\0b\0"), ["a", "", "b"]);
    assert_eq!(argv(b"sh\0-c\0x\0\0"), ["sh", "-c", "x", ""]);
    assert_eq!(argv(b"a title without end"), ["a title without end"]);
    assert!(argv(b"").is_empty());
}

#[test]
fn terminals_are_known_by_name() {
    for (file, stdin) in [
        ("/dev/pts/3", Stdin::Terminal),
        ("/dev/tty1", Stdin::Terminal),
        ("/dev/ttyS0", Stdin::Terminal),
        ("/dev/console", Stdin::Terminal),
        ("/dev/null", Stdin::Other),
        ("pipe:[123]", Stdin::Other),
        ("/home/u/dev/tty", Stdin::Other),
    ] {
        assert_eq!(stdin_of(Path::new(file)), stdin, "{file}");
    }
    assert_eq!(undeleted("/usr/bin/zsh (deleted)".into()), Path::new("/usr/bin/zsh"));
    assert_eq!(undeleted("/usr/bin/zsh".into()), Path::new("/usr/bin/zsh"));
}

#[test]
fn the_groups_of_jobs() {
    let ids = |pid, parent, group| Ids { pid, parent, group, euid: 0 };
    let all = [ids(1, 0, 1), ids(5, 1, 5), ids(6, 5, 6), ids(7, 6, 6), ids(8, 7, 9), ids(10, 1, 10)];
    let mut groups = below(5, &all);
    groups.sort_unstable();
    assert_eq!(groups, [6, 9]);
    assert!(below(10, &all).is_empty());
}

#[test]
fn what_ps_prints() {
    let row = Row::parse(b"  501   1 501  1000 -zsh ").unwrap();
    assert_eq!(row.ids, Ids { pid: 501, parent: 1, group: 501, euid: 1000 });
    assert_eq!(row.args, b"-zsh");
    let row = Row::parse(b"10 9 8 0 /bin/sh -c  echo 1 2").unwrap();
    assert_eq!(from_ps(&row).argv, [&b"/bin/sh"[..], b"-c", b"echo", b"1", b"2"].map(<[u8]>::to_vec));
    for broken in [&b""[..], b"10 9 8", b"PID PPID PGID UID ARGS", b"10 9 8 99999999999 x", b"1 2 3 4"] {
        assert_eq!(Row::parse(broken), None, "{}", broken.escape_ascii());
    }
}

#[test]
fn climbing_ends() {
    let run = |table: &[(u32, u32, u32, u32)]| {
        let table: HashMap<u32, Ids> =
            table.iter().map(|&(pid, parent, group, euid)| (pid, Ids { pid, parent, group, euid })).collect();
        let look = |pid| Some(Process { pid, argv: vec![], exe: None, stdin: Stdin::Unknown, job_control: None });
        let found = climb(9, 1000, |pid| table.get(&pid).copied(), look);
        found.iter().map(|process| (process.pid, process.job_control == Some(true))).collect::<Vec<_>>()
    };
    assert_eq!(run(&[(9, 8, 9, 1000), (8, 1, 8, 1000), (1, 0, 1, 0)]), [(8, true)]);
    assert_eq!(run(&[(9, 8, 8, 1000), (8, 1, 8, 1000), (1, 0, 1, 1000)]), [(8, false), (1, true)]);
    // A cycle, as process ids are used again while we walk.
    assert_eq!(run(&[(9, 8, 9, 1000), (8, 7, 8, 1000), (7, 8, 7, 1000)]), [(8, true), (7, true)]);
    assert_eq!(run(&[(9, 9, 9, 1000)]), []);
    // The caller's shell above `sudo -u`.
    assert_eq!(run(&[(9, 8, 8, 1000), (8, 7, 8, 0), (7, 1, 7, 500)]), []);
    assert_eq!(run(&[(9, 8, 8, 1000)]), []);
    assert_eq!(run(&[]), []);
    let long: Vec<_> = (0..200u32).map(|n| (9 + n, 10 + n, 9, 1000)).collect();
    assert_eq!(run(&long).len(), FAR);
}

/// A shell that started `sleep` and waits, and the process id of that `sleep`. It ends when this is dropped.
struct Running(Child, Option<ChildStdin>, u32);

impl Running {
    fn start(shell: &str, argv0: &str, args: &[&str]) -> Self {
        let mut command = Command::new(shell);
        command.arg0(argv0).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let stdin = child.stdin.take();
        Self(child, stdin, line.trim().parse().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.1 = None;
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.2).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        self.0.wait().unwrap();
    }
}

const SCRIPT: &str = "sleep 60 & echo $!; wait";

#[test]
fn a_real_shell() {
    let running = Running::start("sh", "-odd) sh", &["-c", SCRIPT, "x y", ""]);
    let found = above(running.2);
    assert_eq!(found[0].pid, running.0.id());
    assert_eq!(found[0].job_control, Some(false));
    assert_eq!(found[1].pid, std::process::id());
    assert_eq!(found[2..], ancestors());
    if cfg!(target_os = "linux") {
        assert_eq!(found[0].argv, [b"-odd) sh", &b"-c"[..], SCRIPT.as_bytes(), b"x y", b""].map(<[u8]>::to_vec));
        assert_eq!(found[0].stdin, Stdin::Other);
        let exe = found[0].exe.as_deref().unwrap();
        assert!(exe.is_absolute() && exe.exists(), "{}", exe.display());
    }
}

#[test]
fn a_shell_with_job_control() {
    let running = Running::start("bash", "bash", &["-c", &format!("set -m; {SCRIPT}")]);
    assert_eq!(above(running.2)[0].job_control, Some(true));
}
