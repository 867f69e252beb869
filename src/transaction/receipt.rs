//! What a transaction did, and to what: written and synced before the first rename, so that it is the journal too.
//!
//! A receipt without its `done` mark belongs to a transaction that is still running or that died. Everything that is
//! needed to tell how far it came is here: of each file its checksum before and after, and the name of the temporary
//! file beside it, which holds the new file before its rename and the old one after. A receipt is read with suspicion:
//! whoever can write one must not be able to name a file outside its own folder as a backup.

use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{state, sys};
use crate::facts::{FileState, Meta, snapshot};
use crate::plan::{After as Becomes, Edit};
use crate::text::json_bytes;

/// The version of the form below.
const SCHEMA: u32 = 1;
/// The receipt's name in its backup folder.
pub(super) const FILE: &str = "receipt.json";
/// The mark that says that the transaction is complete.
pub(super) const DONE: &str = "done";
/// The mark that says that nothing of it stands beside the startup files any more.
pub(super) const CLEAN: &str = "clean";
/// The mark that says that it was interrupted, and that recovery did what it could.
pub(super) const RECOVERED: &str = "recovered";
/// How the name of every temporary file beside a target begins. It is hidden and ends in `~`, so that no shell reads
/// it as a startup file (`conf.d/*.fish`).
pub const TEMP_PREFIX: &str = ".goenv-setup-";
/// No honest receipt is longer.
const LONGEST: u64 = 1 << 20;

/// What one transaction did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Version of this form.
    pub schema: u32,
    /// Name of its folder: when it began (UTC), process id, a number. Sorted by name, receipts are in order.
    pub id: String,
    /// When it began: UTC, RFC 3339.
    pub time: String,
    /// The same, in seconds since 1970.
    pub unix_time: u64,
    /// The command that did it: `apply`, `uninstall`.
    pub command: String,
    /// The version of this program.
    pub version: String,
    /// The files, in the order of the renames.
    pub files: Vec<ReceiptFile>,
    /// Whether it was completed: the `done` mark, not a word in the document.
    #[serde(skip)]
    pub done: bool,
    /// Whether nothing of it stands beside the startup files any more: the `clean` mark.
    #[serde(skip)]
    pub clean: bool,
    /// Whether it was interrupted and recovery left a file alone: the `recovered` mark.
    #[serde(skip)]
    pub recovered: bool,
}

/// One file of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptFile {
    /// The name that the shell opens.
    #[serde(with = "json_bytes::path")]
    pub asked: PathBuf,
    /// The file behind it.
    #[serde(with = "json_bytes::path")]
    pub real: PathBuf,
    /// The shell whose block it is, by name.
    pub shell: String,
    /// Whether `--file` named it.
    #[serde(default)]
    pub named: bool,
    /// Name of the temporary file in the same folder.
    pub temp: String,
    /// What it was.
    pub before: Before,
    /// What it became.
    pub after: After,
}

/// What a file was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Before {
    /// There was none.
    Missing {
        /// So many folders above it were missing too, and were created.
        dirs: u8,
    },
    /// A regular file.
    File {
        /// CRC-32 of its content.
        crc32: u32,
        /// Size in bytes.
        size: u64,
        /// Permission bits.
        mode: u32,
        /// Owner.
        uid: u32,
        /// Group.
        gid: u32,
        /// Time of the last change, whole seconds since 1970.
        mtime: i64,
        /// The rest of that time, in nanoseconds.
        mtime_nanos: u32,
        /// Name of the copy beside the receipt.
        backup: String,
    },
}

/// What a file became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum After {
    /// It was removed.
    Gone {
        /// So many folders above it were removed as long as they were empty.
        rmdirs: u8,
    },
    /// A regular file.
    File {
        /// CRC-32 of its content.
        crc32: u32,
        /// Size in bytes.
        size: u64,
    },
}

impl Receipt {
    /// The receipt of a transaction that is about to begin.
    pub(super) fn new(id: &str, command: &str, edits: &[&Edit], now: SystemTime) -> Self {
        let unix_time = seconds(now);
        Self {
            schema: SCHEMA,
            id: id.to_owned(),
            time: Utc::of(unix_time).rfc3339(),
            unix_time,
            command: command.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            files: edits.iter().enumerate().map(|(n, edit)| ReceiptFile::new(id, n, edit)).collect(),
            done: false,
            clean: false,
            recovered: false,
        }
    }

    /// Reads the receipt in a backup folder; `None` if there is none that can be believed.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        state::check(folder).ok()?;
        let file = sys::open(&folder.join(FILE)).ok()?;
        let found = file.metadata().ok()?;
        if !found.is_file() || state::others_write(&found) || found.len() > LONGEST {
            return None;
        }
        let mut receipt: Self = serde_json::from_slice(&sys::read_all(&file).ok()?).ok()?;
        let marked = |name| Some(sys::look(&folder.join(name)).ok()?.is_some_and(|mark| mark.is_file()));
        receipt.done = marked(DONE)?;
        receipt.clean = marked(CLEAN)?;
        receipt.recovered = marked(RECOVERED)?;
        let named = folder.file_name().is_some_and(|name| *name == *receipt.id);
        (receipt.schema == SCHEMA && named && receipt.is_sane()).then_some(receipt)
    }
}

impl Receipt {
    fn is_sane(&self) -> bool {
        let plain = |text: &String| text.len() < 100 && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let words = [&self.id, &self.time, &self.command, &self.version];
        words.into_iter().chain(self.files.iter().map(|file| &file.shell)).all(plain)
            && self.files.iter().enumerate().all(|(n, file)| file.is_sane() && file.temp == temp_name(&self.id, n))
    }

    /// The word for lists.
    pub fn state(&self) -> &'static str {
        match (self.done, self.recovered) {
            (true, _) => "done",
            (false, true) => "recovered",
            (false, false) => "interrupted",
        }
    }

    /// Whether there is nothing left to do for it.
    pub fn settled(&self) -> bool {
        self.recovered || (self.done && self.clean)
    }
}

impl Before {
    /// Whether a file with this content is what it was.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        matches!(self, Self::File { crc32, size, .. } if same(*crc32, *size, bytes))
    }

    fn is_size(&self, bytes: u64) -> bool {
        matches!(self, Self::File { size, .. } if *size == bytes && bytes <= snapshot::LARGEST)
    }

    /// What the system said of the file, on top of what it says of another.
    pub(super) fn meta(&self, other: Meta) -> Meta {
        match *self {
            Self::Missing { .. } => other,
            Self::File { mode, uid, gid, mtime, mtime_nanos, .. } => {
                let mtime = i128::from(mtime) * 1_000_000_000 + i128::from(mtime_nanos);
                Meta { mode, uid, gid, mtime, ..other }
            }
        }
    }
}

impl After {
    /// Whether a file with this content is what it became.
    pub fn is(&self, bytes: &[u8]) -> bool {
        matches!(self, Self::File { crc32, size } if same(*crc32, *size, bytes))
    }
}

fn same(crc32: u32, size: u64, bytes: &[u8]) -> bool {
    size == bytes.len() as u64 && crc32 == crc32fast::hash(bytes)
}

/// The content of a file before, from the backup in `folder`, if that is exactly what the receipt says.
pub(super) fn copy(folder: &Path, file: &ReceiptFile) -> Option<Vec<u8>> {
    let Before::File { backup, .. } = &file.before else { return None };
    let copy = sys::open(&folder.join(backup)).ok()?;
    let found = copy.metadata().ok()?;
    // The size is looked at first: what is no copy of ours may be larger than the memory.
    if !found.is_file() || state::others_write(&found) || !file.before.is_size(found.len()) {
        return None;
    }
    sys::read_all(&copy).ok().filter(|bytes| file.before.is(bytes))
}

impl ReceiptFile {
    fn new(id: &str, n: usize, edit: &Edit) -> Self {
        let before = match &edit.target.state {
            FileState::Regular { bytes, meta } => {
                let (mtime, mtime_nanos) = split_time(meta.mtime);
                Before::File {
                    crc32: crc32fast::hash(bytes),
                    size: meta.size,
                    mode: meta.mode,
                    uid: meta.uid,
                    gid: meta.gid,
                    mtime,
                    mtime_nanos,
                    backup: format!("file-{n}"),
                }
            }
            FileState::Missing { dirs } => Before::Missing { dirs: *dirs },
            FileState::Unusable(_) => Before::Missing { dirs: 0 }, // refused before any receipt is written
        };
        let after = match &edit.after {
            Becomes::Gone { rmdirs } => After::Gone { rmdirs: *rmdirs },
            Becomes::Bytes(bytes) => After::File { crc32: crc32fast::hash(bytes), size: bytes.len() as u64 },
        };
        let temp = temp_name(id, n);
        Self {
            asked: edit.target.asked.clone(),
            real: edit.target.real.clone(),
            shell: edit.shell.to_owned(),
            named: edit.named,
            temp,
            before,
            after,
        }
    }

    /// Where the temporary file stands.
    pub fn temp_path(&self) -> PathBuf {
        self.real.with_file_name(&self.temp)
    }

    fn is_sane(&self) -> bool {
        let plain = |path: &Path| {
            path.is_absolute()
                && path.file_name().is_some()
                && path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)))
        };
        let backup = match &self.before {
            Before::Missing { .. } => true,
            Before::File { backup, mtime_nanos, .. } => {
                backup.strip_prefix("file-").is_some_and(|n| n.parse::<u16>().is_ok()) && *mtime_nanos < 1_000_000_000
            }
        };
        // The name that was asked for may be spelled with `..`; only the real one is ever written to.
        self.asked.is_absolute() && plain(&self.real) && backup
    }
}

/// The name of the temporary file beside the file with this number. The id is in it, so that a receipt which names
/// another is not one of ours; the id is a folder's name, so there is no `/` in it.
fn temp_name(id: &str, n: usize) -> String {
    format!("{TEMP_PREFIX}{id}-{n}~")
}

/// Whole seconds since 1970; a clock before that counts as 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Nanoseconds since 1970 as whole seconds and the rest, which is never negative.
pub(super) fn split_time(nanoseconds: i128) -> (i64, u32) {
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap_or_default();
    (seconds, u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap_or_default())
}

/// A moment in the calendar, UTC.
pub(super) struct Utc {
    date: (u64, u64, u64),
    time: (u64, u64, u64),
}

impl Utc {
    /// Seconds since 1970 in the Gregorian calendar, counted in years that begin in March, so that the leap day is
    /// the last one (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    pub(super) fn of(seconds: u64) -> Self {
        let days = seconds / 86_400 + 719_468; // since 0000-03-01
        let (era, day) = (days / 146_097, days % 146_097); // 400 years
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153; // 0 is March
        let day = day - (153 * month + 2) / 5 + 1;
        let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
        let time = seconds % 86_400;
        Self { date: (era * 400 + year, month, day), time: (time / 3600, time / 60 % 60, time % 60) }
    }

    /// `2026-11-23T04:48:53Z`
    pub(super) fn rfc3339(&self) -> String {
        let ((year, month, day), (hour, minute, second)) = (self.date, self.time);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// `20261123T044853Z`, for names.
    pub(super) fn compact(&self) -> String {
        self.rfc3339().replace(['-', ':'], "")
    }
}
