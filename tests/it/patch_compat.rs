//! Our patches through the real tools: GNU `patch -p1` and `git apply` must turn the old files into exactly the new ones.
//!
//! Cases are generated, and always the same ones; `GOENV_SETUP_CASES` raises their number. They travel in patches of 1 to
//! 24 files, as the tool prints them. When a patch fails, each of its cases is tried alone, so that the one to blame is
//! named.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "this test starts real tools and may panic")]

mod cases;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Seek, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cases::{Case, Rng};
use goenv_setup::text::udiff;

/// Relative path and content of every file in a folder.
type Tree = BTreeMap<Vec<u8>, Vec<u8>>;

#[derive(Clone, Copy)]
enum Tool {
    Patch(&'static str),
    GitApply,
}

impl Tool {
    /// The command that a user would run in `dir`, away from the developer's own settings and repositories.
    fn command(self, dir: &Path, home: &Path) -> Command {
        let mut command = match self {
            Self::Patch(program) => {
                let mut command = Command::new(program);
                // --batch: where a user would be asked something, it takes the patch as reversed, which then shows, and
                // never asks the developer's terminal.
                command.args(["-p1", "--fuzz=0", "-s", "--batch", "-d"]);
                command.arg(dir);
                command
            }
            Self::GitApply => {
                let mut command = Command::new("git");
                command.arg("apply").current_dir(dir);
                command
            }
        };
        command
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CEILING_DIRECTORIES", home);
        command
    }
}

/// Whether `program --version` starts with these words.
fn is_there(program: &str, words: &str) -> bool {
    let output = Command::new(program).arg("--version").output();
    output.is_ok_and(|output| output.stdout.starts_with(words.as_bytes()))
}

/// GNU patch by its usual names: macOS has another `patch`, which reads no quoted names.
fn gnu_patch() -> Option<Tool> {
    let mut names = ["patch", "gpatch"].into_iter();
    names.find(|name| is_there(name, "GNU patch")).map(Tool::Patch)
}

fn git_apply() -> Option<Tool> {
    is_there("git", "git version").then_some(Tool::GitApply)
}

/// A temporary folder with a home for the tools, and folders for the files of one patch at a time.
struct Lab {
    root: tempfile::TempDir,
    runs: usize,
}

impl Lab {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self { root, runs: 0 }
    }

    /// Applies the patch of these cases to their old files, and says what differs from their new files.
    fn check(&mut self, tool: Tool, cases: &[&Case]) -> Result<(), String> {
        self.runs += 1;
        let dir = self.root.path().join(format!("run{}", self.runs));
        fs_err::create_dir(&dir).unwrap();
        let mut patch = Vec::new();
        for case in cases {
            patch.extend(udiff::patch(&case.old_side(), &case.new_side()));
            if let Some(bytes) = &case.old {
                let file = dir.join(OsStr::from_bytes(&case.name));
                fs_err::create_dir_all(file.parent().unwrap()).unwrap();
                fs_err::write(file, bytes).unwrap();
            }
        }
        let mut stdin = tempfile::tempfile().unwrap();
        stdin.write_all(&patch).unwrap();
        let output = tool.command(&dir, self.root.path()).stdin(rewound(stdin)).output().unwrap();

        let mut expected = Tree::new();
        for case in cases {
            if let Some(bytes) = &case.new {
                expected.insert(case.name.clone(), bytes.clone());
            }
        }
        let mut found = Tree::new();
        read_tree(&dir, &dir, &mut found);
        fs_err::remove_dir_all(&dir).unwrap();
        // `git apply` warns of trailing blanks; GNU patch, told to be silent, speaks only when it had to decide something.
        let quiet = matches!(tool, Tool::GitApply) || output.stdout.is_empty();
        if output.status.success() && quiet && found == expected {
            return Ok(());
        }
        let wrong: Vec<String> = expected
            .keys()
            .chain(found.keys())
            .filter(|name| expected.get(*name) != found.get(*name))
            .map(|name| name.escape_ascii().to_string())
            .collect();
        Err(format!(
            "{}; wrong files: {wrong:?}\n{}{}",
            output.status,
            output.stdout.escape_ascii(),
            output.stderr.escape_ascii(),
        ))
    }

    /// The failures among these cases, each with the case that is to blame.
    fn failures(&mut self, tool: Tool, cases: &[&Case]) -> Vec<String> {
        let Err(together) = self.check(tool, cases) else {
            return Vec::new();
        };
        let alone: Vec<String> = cases
            .iter()
            .filter_map(|case| Some((case, self.check(tool, &[case]).err()?)))
            .map(|(case, why)| format!("{case}: {why}"))
            .collect();
        if alone.is_empty() {
            let names: Vec<String> = cases.iter().map(|case| format!("  {case}")).collect();
            return vec![format!("each alone is right, together: {together}\n{}", names.join("\n"))];
        }
        alone
    }
}

fn rewound(mut file: File) -> Stdio {
    file.rewind().unwrap();
    file.into()
}

/// Reads every file below `dir`, so that `.orig` and `.rej` files are seen too.
fn read_tree(root: &Path, dir: &Path, tree: &mut Tree) {
    for entry in fs_err::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if fs_err::symlink_metadata(&path).unwrap().is_dir() {
            read_tree(root, &path, tree);
        } else {
            let name: PathBuf = path.strip_prefix(root).unwrap().into();
            tree.insert(name.into_os_string().into_vec(), fs_err::read(&path).unwrap());
        }
    }
}

/// Says something that the test harness does not swallow.
fn say(line: &str) {
    let line = format!("{line}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Whether the file system takes names that are no UTF-8. Apple's does not: there these cases cannot exist.
fn takes_any_name() -> bool {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join(OsStr::from_bytes(b"\xff")), b"").is_ok()
}

#[test]
fn patch_and_git_apply_give_exactly_the_new_files() {
    let all = env::var_os("GOENV_SETUP_TEST_ALL").is_some_and(|value| value == "1");
    let wanted = env::var("GOENV_SETUP_CASES").ok();
    let count = wanted.map_or(1_000, |count| count.parse().unwrap());
    let any_name = takes_any_name();
    if !any_name {
        say("patch_compat: this file system takes UTF-8 names only, so names have no other bytes");
    }
    let mut rng = Rng::new(1);
    let cases: Vec<Case> = (0..count).map(|number| Case::new(number, any_name, &mut rng)).collect();
    let mut patches: Vec<Vec<&Case>> = Vec::new();
    let mut rest = cases.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at((1 + rng.below(24)).min(rest.len()));
        patches.push(in_one_patch(now));
        rest = later;
    }

    let mut report = vec![format!("patch_compat: {count} cases")];
    let mut failures = Vec::new();
    for (name, tool) in [("patch", gnu_patch()), ("git apply", git_apply())] {
        let Some(tool) = tool else {
            assert!(!all, "`{name}` is missing, and GOENV_SETUP_TEST_ALL=1");
            report.push(format!("`{name}` is MISSING and was not tried"));
            continue;
        };
        let mut lab = Lab::new();
        let failed: Vec<String> = patches
            .iter()
            .flat_map(|cases| lab.failures(tool, cases))
            .map(|failure| format!("{name}: {failure}"))
            .collect();
        report.push(format!("{} with {name}", count - failed.len().min(count)));
        failures.extend(failed);
    }
    say(&report.join(", "));
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The order in which these cases can stand in one patch: an empty file that comes or goes must be the last, and there
/// can be several of them.
fn in_one_patch(cases: &[Case]) -> Vec<&Case> {
    let mut ordered: Vec<&Case> = cases.iter().collect();
    ordered.sort_by_key(|case| case.is_bare());
    ordered
}
