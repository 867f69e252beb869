//! launchd's jobs: property lists. Source: launchd.plist(5): `Program`, else the first of `ProgramArguments`, is started as
//! it stands; `EnvironmentVariables` are strings in which nothing is expanded; `StandardInPath` is the name of a file.

use std::ffi::OsString;
use std::io::Cursor;
use std::path::Path;

use plist::{Dictionary, Value};

use super::{Given, Ground, files, new_job, variable};
use crate::plan::doctor::jobs::{Job, Starter, is_ours, of_words};
use crate::text::plist_line;

/// Where the user's and the machine's jobs are; Apple's own, in `/System`, have nothing to do with Go.
const FOLDERS: &[&str] = &["/Library/LaunchAgents", "/Library/LaunchDaemons"];

/// How many arrays and dictionaries a file may hold, and so how deep they may be nested. A job has some ten.
const MOST_CONTAINERS: usize = 500;

/// How large a binary file may be, in bytes: in it, a level takes four.
const LARGEST_BINARY: usize = 4 * 1024;

pub(super) fn jobs(ground: &Ground) -> Vec<Job> {
    let own = ground.home().join("Library/LaunchAgents");
    let folders = [own].into_iter().chain(FOLDERS.iter().map(|folder| ground.at(folder)));
    let found = folders.flat_map(|folder| files(&folder, ".plist"));
    found.filter_map(|(path, bytes)| job(ground, &path, &bytes)).collect()
}

fn job(ground: &Ground, file: &Path, bytes: &[u8]) -> Option<Job> {
    let root = read(bytes)?;
    if root.get("Disabled").and_then(Value::as_boolean) == Some(true) {
        return None;
    }
    let text = |value: &Value| value.as_string().map(OsString::from);
    let mut words: Vec<OsString> =
        root.get("ProgramArguments").and_then(Value::as_array).into_iter().flatten().filter_map(text).collect();
    let program = root.get("Program").and_then(text);
    let key = if program.is_some() { "Program" } else { "ProgramArguments" };
    if let Some(program) = program {
        words.splice(..words.len().min(1), [program]);
    }
    let wants = of_words(&words, ground.home(), &|name| ground.is_tool(name));
    let given = root.get("EnvironmentVariables").and_then(Value::as_dictionary);
    let line = |keys: &[&str]| plist_line::of_value(bytes, keys);
    let mut path = Given::default_of(Starter::Launchd);
    let (mut variables, mut ignored) = (Vec::new(), Vec::new());
    for (name, value) in given.into_iter().flatten().filter(|(name, _)| is_ours(name)) {
        let line = line(&["EnvironmentVariables", name]);
        match text(value) {
            Some(value) => {
                if name == "PATH" {
                    path = Given { value: value.clone(), is_set: true };
                }
                variables.push(variable(name, value, Some(file), line, false));
            }
            None => ignored.push((format!("{name} is no string there, and launchd passes over it"), line)),
        }
    }
    let at = line(&[key]);
    for (name, value) in &wants.sets {
        variables.push(variable(name, value.clone(), Some(file), at, true));
    }
    // PATH alone is everybody's.
    let concerns = !wants.is_nothing() || variables.iter().any(|variable| variable.name != "PATH");
    let concerns = concerns || variables.iter().any(|variable| names_go(&variable.value)) || !ignored.is_empty();
    if !concerns {
        return None;
    }
    if root.get("StandardInPath").is_some_and(|value| value.as_string().is_none()) {
        ignored.push((
            "StandardInPath is the name of a file, and no switch: launchd passes over it".to_owned(),
            line(&["StandardInPath"]),
        ));
    }
    let mut job = new_job(Starter::Launchd, Some(file), at, wants, path);
    job.variables = variables;
    job.ignored = ignored;
    Some(job)
}

/// Whether a PATH is meant to lead to Go.
fn names_go(path: &std::ffi::OsStr) -> bool {
    let text = path.to_string_lossy();
    text.split(':').any(|entry| entry.ends_with("/go/bin") || entry.contains("$GO") || entry.contains("${GO"))
}

/// Reads it, in any of the format's forms, if it is a dictionary and nested no deeper than launchd's are.
fn read(bytes: &[u8]) -> Option<Dictionary> {
    // The reader goes down by recursion: nothing may be nested deeper than the stack is.
    let binary = bytes.starts_with(b"bplist");
    let tags = || bytes.windows(5).filter(|window| [&b"<dict"[..], b"<arra"].contains(window)).count();
    if binary && bytes.len() > LARGEST_BINARY || !binary && tags() > MOST_CONTAINERS {
        return None;
    }
    Value::from_reader(Cursor::new(bytes)).ok()?.into_dictionary()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_format() {
        let mut job = Dictionary::new();
        job.insert("Label".into(), "x".into());
        let mut binary = Vec::new();
        Value::Dictionary(job).to_writer_binary(&mut binary).unwrap();
        assert!(binary.starts_with(b"bplist"));
        let xml = b"<?xml version=\"1.0\"?><plist><dict><key>Label</key><string>x</string></dict></plist>";
        for bytes in [&binary[..], xml] {
            assert_eq!(read(bytes).unwrap().get("Label").and_then(Value::as_string), Some("x"));
        }
        for bytes in [&b""[..], b"x", b"<plist><array></array></plist>", b"<plist><dict><key>Label", &binary[..20]] {
            assert_eq!(read(bytes), None);
        }
    }

    /// Deeper than any stack.
    #[test]
    fn what_is_nested_too_deep_is_not_read() {
        let xml = [b"<plist><dict><key>a</key>".to_vec(), b"<array>".repeat(9_000)].concat();
        assert_eq!(read(&xml), None);
        // As deep as is read: each level an array of the next.
        let levels: u16 = 480;
        let count = usize::from(levels);
        let xml = [
            b"<plist><dict><key>a</key>".to_vec(),
            b"<array>".repeat(count),
            b"</array>".repeat(count),
            b"</dict></plist>".to_vec(),
        ];
        assert!(read(&xml.concat()).is_some());
        let binary = |levels: u16| {
            let mut bytes = b"bplist00".to_vec();
            let mut offsets = Vec::new();
            for level in 0..levels {
                offsets.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
                bytes.push(0xa1);
                bytes.extend((level + 1).to_be_bytes());
            }
            offsets.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
            bytes.push(0xa0);
            let table = u64::try_from(bytes.len()).unwrap();
            bytes.extend(offsets);
            bytes.extend([0, 0, 0, 0, 0, 0, 2, 2]);
            bytes.extend(u64::from(levels + 1).to_be_bytes());
            bytes.extend(0_u64.to_be_bytes());
            bytes.extend(table.to_be_bytes());
            bytes
        };
        let deep = binary(800);
        assert!(deep.len() <= LARGEST_BINARY);
        assert!(Value::from_reader(Cursor::new(&deep)).is_ok(), "it is well-formed");
        assert_eq!(read(&deep), None, "no dictionary");
        assert_eq!(read(&binary(5_000)), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken(start in proptest::sample::select(vec!["bplist00", "<plist><dict>", ""]), rest: Vec<u8>) {
            let _ = read(&[start.as_bytes(), &rest].concat());
        }
    }
}
