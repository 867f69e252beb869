//! Following the system calls of the program, and meddling with one of them.
//!
//! Only the program itself is followed, not the shells that it starts, so that the calls come in the same order and
//! number each time. A call is known by its name and how often that name came before: that is how strace counts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use regex::Regex;

use crate::support::{Home, Ran, cannot, need};

/// Every system call that may change a file, and those that wait for the disk or for a lock. Which of them exist
/// depends on the processor.
const CALLS: &str = "?open,?openat,?openat2,?creat,?write,?writev,?pwrite64,?pwritev,?pwritev2,?sendfile,\
    ?copy_file_range,?splice,?truncate,?ftruncate,?fallocate,?chmod,?fchmod,?fchmodat,?fchmodat2,?chown,?fchown,\
    ?lchown,?fchownat,?setxattr,?lsetxattr,?fsetxattr,?setxattrat,?removexattr,?lremovexattr,?fremovexattr,\
    ?removexattrat,?rename,?renameat,?renameat2,?link,?linkat,?symlink,?symlinkat,?unlink,?unlinkat,?mkdir,?mkdirat,\
    ?rmdir,?mknod,?mknodat,?utime,?utimes,?futimesat,?utimensat,?fsync,?fdatasync,?sync,?syncfs,?sync_file_range,\
    ?flock";

/// One system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    /// How often this name came so far, this time included.
    pub(super) nth: usize,
    /// As strace prints them.
    pub(super) args: String,
    /// The files that it names or has open, in the order of the arguments.
    pub(super) paths: Vec<PathBuf>,
    /// Whether it ended without an error.
    pub(super) worked: bool,
}

impl Call {
    /// Whether it can change something in `folder`, or make such a change durable, or guard it.
    pub(super) fn changes(&self, folder: &Path) -> bool {
        let reads = self.name.starts_with("open") && !self.opens_to_write();
        !reads && self.paths.iter().any(|path| path.starts_with(folder))
    }

    pub(super) fn opens_to_write(&self) -> bool {
        ["O_CREAT", "O_TRUNC", "O_WRONLY", "O_RDWR"].iter().any(|flag| self.args.contains(flag))
    }

    /// For messages.
    pub(super) fn word(&self) -> String {
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let paths: Vec<_> = self.paths.iter().map(name).collect();
        format!("{} {} ({})", self.name, self.nth, paths.join(", "))
    }
}

/// Whether programs can be followed here. Where not, the caller leaves its test out, and the run says so.
pub(super) fn able() -> bool {
    if !need("strace") {
        return false;
    }
    let home = Home::new();
    let follows = Ran::of(&home.command("strace", &["-o", "log", "true"])).status == 0;
    if !follows {
        cannot("the right to follow programs (strace)");
    }
    follows
}

/// Runs goenv-setup and gives all of its calls that may change a file anywhere.
pub(super) fn follow(home: &Home, args: &[String], meddle: &[String]) -> (Ran, Vec<Call>) {
    let log = home.beside("strace");
    let ran = Ran::of(&command(home, &log, CALLS, args, meddle));
    let text = fs_err::read_to_string(&log).expect("strace wrote its log, and paths are plain here");
    (ran, parse(&text))
}

/// Runs goenv-setup and does something to one call, as strace's `inject` has it: `signal=KILL`, `error=EIO`. A signal is
/// there when the call begins; SIGKILL keeps it from happening.
pub(super) fn meddle(home: &Home, args: &[String], call: &Call, how: &str, also: &[String]) -> Ran {
    let injected = format!("{}:{how}:when={}", call.name, call.nth);
    // strace meddles only with calls that it prints.
    let names = also.iter().map(|fault| fault.split(':').next().expect("a name")).chain([&*call.name]);
    let names = names.collect::<Vec<_>>().join(",");
    Ran::of(&command(home, Path::new("/dev/null"), &names, args, &[also, &[injected]].concat()))
}

fn command(home: &Home, log: &Path, calls: &str, args: &[String], meddle: &[String]) -> std::process::Command {
    let mut strace: Vec<String> = ["-qq", "-y", "-s", "0", "-e", "signal=none"].map(String::from).into();
    strace.extend(["-o".into(), log.to_str().expect("a plain path").into(), "-e".into(), format!("trace={calls}")]);
    strace.extend(meddle.iter().flat_map(|fault| ["-e".into(), format!("inject={fault}")]));
    strace.push(env!("CARGO_BIN_EXE_goenv-setup").into());
    strace.extend(args.iter().cloned());
    home.command("strace", &strace)
}

/// Reads what `strace -y` wrote about one process.
pub(super) fn parse(log: &str) -> Vec<Call> {
    static LINE: OnceLock<Regex> = OnceLock::new();
    static PATH: OnceLock<Regex> = OnceLock::new();
    let line_form = LINE.get_or_init(|| Regex::new(r"^([a-z0-9_]+)\((.*)\) += (.*)$").expect("a pattern"));
    // An open file (`3</a/b>`, but not the `AT_FDCWD</a>` in front of every path) or a path in quotes.
    let path_form = PATH.get_or_init(|| Regex::new(r#"\b[0-9]+<(/[^>]*)>|"(/[^"]*)""#).expect("a pattern"));
    let mut count = HashMap::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let Some(found) = line_form.captures(line) else { continue };
        let (name, args) = (found[1].to_owned(), found[2].to_owned());
        let nth = count.entry(name.clone()).and_modify(|n| *n += 1).or_insert(1);
        let path = |found: regex::Captures| {
            let path = found.get(1).or_else(|| found.get(2)).expect("one of the two");
            PathBuf::from(path.as_str())
        };
        let paths = path_form.captures_iter(&args).map(path).collect();
        calls.push(Call { name, nth: *nth, args, paths, worked: !found[3].starts_with('-') });
    }
    calls
}
