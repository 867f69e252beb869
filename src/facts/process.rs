//! The processes that started us: from the parent up to the first one.
//!
//! Linux tells through `/proc`; where there is none (macOS), one call of `ps` does. Processes of other users are left
//! out: above `sudo -u`, the shell is not this user's.

use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use super::ask::ask;

/// How far up we look.
const FAR: usize = 64;

/// What a process reads as its standard input, as far as it can be told from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// A terminal.
    Terminal,
    /// A pipe, a file, a socket, `/dev/null`.
    Other,
    /// It cannot be told.
    Unknown,
}

/// One ancestor of this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its process id.
    pub pid: u32,
    /// Its arguments as bytes, `argv[0]` first; may be empty where the system does not tell.
    ///
    /// Where `ps` told them, they were joined by blanks and are split at blanks.
    pub argv: Vec<Vec<u8>>,
    /// The file that it runs, where the system tells.
    pub exe: Option<PathBuf>,
    /// What it reads.
    pub stdin: Stdin,
    /// Whether it started the next process down in a process group of its own, as a shell with job control does.
    pub job_control: Option<bool>,
}

/// The ancestors of this process that belong to its user, the parent first: at most 64, up to process 1.
pub fn ancestors() -> Vec<Process> {
    above(std::process::id())
}

fn above(me: u32) -> Vec<Process> {
    let euid = rustix::process::geteuid().as_raw();
    let proc = Path::new("/proc");
    if Ids::read(proc, me).is_some() {
        return climb(me, euid, |pid| Ids::read(proc, pid), |pid| from_proc(proc, pid));
    }
    let rows = ps();
    let row = |pid| rows.iter().find(|row| row.ids.pid == pid);
    climb(me, euid, |pid| row(pid).map(|row| row.ids), |pid| row(pid).map(from_ps))
}

fn ps() -> Vec<Row> {
    let rows = ask("/bin/ps", &["-axww", "-o", "pid=,ppid=,pgid=,uid=,args="]).unwrap_or_default();
    rows.split(|b| *b == b'\n').filter_map(Row::parse).collect()
}

/// The process groups of what a process has started, and of what that has: those of the jobs of a shell.
pub fn groups_below(pid: u32) -> Vec<u32> {
    let proc = Path::new("/proc");
    let all: Vec<Ids> = if Ids::read(proc, std::process::id()).is_some() {
        let names = fs_err::read_dir(proc).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| Ids::read(proc, name.to_str()?.parse().ok()?)).collect()
    } else {
        ps().into_iter().map(|row| row.ids).collect()
    };
    below(pid, &all)
}

fn below(pid: u32, all: &[Ids]) -> Vec<u32> {
    let mut parents = vec![pid];
    let mut groups = Vec::new();
    while let Some(parent) = parents.pop() {
        for child in all.iter().filter(|child| child.parent == parent && child.pid != parent) {
            parents.push(child.pid);
            if !groups.contains(&child.group) {
                groups.push(child.group);
            }
        }
    }
    groups
}

/// Who a process is to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ids {
    pid: u32,
    parent: u32,
    group: u32,
    /// The effective user.
    euid: u32,
}

/// Walks up from the process `me`; `look` describes one process, without its job control.
fn climb(me: u32, euid: u32, ids: impl Fn(u32) -> Option<Ids>, look: impl Fn(u32) -> Option<Process>) -> Vec<Process> {
    let mut found = Vec::new();
    let mut seen = vec![me];
    let mut below = ids(me);
    while let Some(child) = below {
        // Process 1 is a shell in many a container.
        if child.parent == 0 || seen.contains(&child.parent) || seen.len() > FAR {
            break;
        }
        seen.push(child.parent);
        below = ids(child.parent);
        if let Some(parent) = below.filter(|parent| parent.euid == euid)
            && let Some(process) = look(parent.pid)
        {
            found.push(Process { job_control: Some(child.group != parent.group), ..process });
        }
    }
    found
}

impl Ids {
    /// Reads `/proc/PID/stat` and `status`, see proc(5).
    fn read(proc: &Path, pid: u32) -> Option<Self> {
        let folder = proc.join(pid.to_string());
        let (parent, group) = parse_stat(&fs_err::read(folder.join("stat")).ok()?)?;
        let euid = parse_status(&fs_err::read(folder.join("status")).ok()?)?;
        Some(Self { pid, parent, group, euid })
    }
}

/// Parent and process group. The name in parentheses may hold anything, parentheses and line ends too.
fn parse_stat(stat: &[u8]) -> Option<(u32, u32)> {
    let end = stat.iter().rposition(|b| *b == b')')?;
    let rest = std::str::from_utf8(&stat[end + 1..]).ok()?;
    let mut fields = rest.split_ascii_whitespace().skip(1); // the state
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// The effective user: the second number of `Uid:`.
fn parse_status(status: &[u8]) -> Option<u32> {
    let line = status.split(|b| *b == b'\n').find_map(|line| line.strip_prefix(b"Uid:"))?;
    std::str::from_utf8(line).ok()?.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn from_proc(proc: &Path, pid: u32) -> Option<Process> {
    let folder = proc.join(pid.to_string());
    let cmdline = fs_err::read(folder.join("cmdline")).ok()?;
    let exe = fs_err::read_link(folder.join("exe")).ok().map(undeleted);
    let stdin = fs_err::read_link(folder.join("fd/0")).map_or(Stdin::Unknown, |file| stdin_of(&file));
    Some(Process { pid, argv: split_cmdline(&cmdline), exe, stdin, job_control: None })
}

/// Each argument ends with a NUL; a kernel thread has none.
fn split_cmdline(cmdline: &[u8]) -> Vec<Vec<u8>> {
    if cmdline.is_empty() {
        return Vec::new();
    }
    cmdline.strip_suffix(&[0]).unwrap_or(cmdline).split(|b| *b == 0).map(<[u8]>::to_vec).collect()
}

/// The kernel marks a program whose file was replaced while it runs, by an upgrade say.
fn undeleted(exe: PathBuf) -> PathBuf {
    match exe.as_os_str().as_bytes().strip_suffix(b" (deleted)") {
        Some(name) => std::ffi::OsString::from_vec(name.to_vec()).into(),
        None => exe,
    }
}

fn stdin_of(file: &Path) -> Stdin {
    let name = file.as_os_str().as_bytes();
    let is_terminal = name.starts_with(b"/dev/pts/") || name.starts_with(b"/dev/tty") || name == b"/dev/console";
    if is_terminal { Stdin::Terminal } else { Stdin::Other }
}

/// One line of `ps -o pid=,ppid=,pgid=,uid=,args=`.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    ids: Ids,
    args: Vec<u8>,
}

impl Row {
    fn parse(line: &[u8]) -> Option<Self> {
        let mut rest = line;
        let mut number = || {
            let text = rest.trim_ascii_start();
            let (digits, after) = text.split_at(text.iter().position(|b| !b.is_ascii_digit())?);
            rest = after;
            std::str::from_utf8(digits).ok()?.parse().ok()
        };
        let (pid, parent, group, euid) = (number()?, number()?, number()?, number()?);
        Some(Self { ids: Ids { pid, parent, group, euid }, args: rest.trim_ascii().to_vec() })
    }
}

fn from_ps(row: &Row) -> Process {
    let words = row.args.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let argv = words.map(<[u8]>::to_vec).collect();
    Process { pid: row.ids.pid, argv, exe: None, stdin: Stdin::Unknown, job_control: None }
}

#[cfg(test)]
mod tests;
