//! `backups` and `restore`: what was changed when, and every file of it back.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::planted::STATE;
use crate::support::{Home, Ran, assert_same_tree};

const APPLY: &[&str] = &["apply", "--shell", "zsh", "-y"];
const UNINSTALL: &[&str] = &["uninstall", "-y"];
const RESTORE: &[&str] = &["restore", "-y"];
const PLAIN: &[u8] = b"one\nno newline \xff";

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", PLAIN).mode(".zshrc", 0o640);
    home
}

/// Runs a command with `--json`; gives the document.
#[track_caller]
fn json(home: &Home, args: &[&str], code: i32) -> Value {
    let ran = home.run(&[args, &["--json"]].concat()).code(code);
    let document: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"));
    assert_eq!((&document["schema"], &document["exit"]), (&1.into(), &code.into()), "{ran}");
    assert_eq!(document["command"], args[0], "{ran}");
    document
}

/// The ids that `backups` lists, newest first.
#[track_caller]
fn ids(home: &Home) -> Vec<String> {
    let document = json(home, &["backups"], 0);
    let list = document["backups"].as_array().expect("a list").iter();
    list.map(|one| one["id"].as_str().expect("a word").to_owned()).collect()
}

fn stdout(ran: &Ran) -> String {
    String::from_utf8(ran.stdout.clone()).expect("text")
}

#[test]
fn without_backups_there_is_nothing_to_list_or_restore() {
    let home = home();
    let before = home.tree();
    let ran = home.run(&["backups"]).ok().err_has("there are no backups");
    assert!(ran.stdout.is_empty());
    assert_eq!(json(&home, &["backups"], 0)["backups"], Value::Array(Vec::new()));
    for args in [RESTORE, &["restore"], &["restore", "--dry-run"]] {
        home.run(args)
            .code(3)
            .err_has("cannot restore: there is no backup")
            .err_has("hint: ")
            .err_has("`goenv-setup backups`");
    }
    home.run(&["restore", "-y", "2026"]).code(3).err_has("cannot restore `2026`: there is no such backup");
    let document = json(&home, &["restore", "-y"], 3);
    assert_eq!(document["result"], "refused");
    home.unchanged(&before);
}

#[test]
fn the_list_says_what_was_done_when_and_to_which_files() {
    let home = home();
    home.run(APPLY).ok();
    home.run(UNINSTALL).ok();
    let ran = home.run(&["backups"]).ok().err_has("`goenv-setup restore ID`");
    let table = stdout(&ran);
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 2, "{table}");
    for (row, command) in rows.iter().zip(["uninstall", "apply"]) {
        assert_eq!(row[2..], [command, "done", "~/.zprofile", "~/.zshrc"], "{table}");
        // 2026-11-23T05:50:01Z
        assert!(row[1].len() == 20 && row[1].starts_with("20") && row[1].ends_with('Z'), "{table}");
        assert!(row[0].starts_with(&row[1].replace(['-', ':', 'Z'], "")), "the id begins with the time: {table}");
    }
    let document = json(&home, &["backups"], 0);
    for (one, row) in document["backups"].as_array().expect("a list").iter().zip(&rows) {
        assert_eq!((&one["id"], &one["time"]), (&row[0].into(), &row[1].into()));
        assert_eq!((&one["command"], &one["state"]), (&row[2].into(), &row[3].into()));
        let files = [".zprofile", ".zshrc"].map(|name| home.path(name).display().to_string());
        assert_eq!(one["files"], Value::from(files.to_vec()));
        let folder = home.path(STATE).join("backups").join(row[0]);
        assert_eq!(one["folder"], folder.display().to_string());
        assert!(folder.is_dir());
    }
}

#[test]
fn the_newest_is_restored_and_that_again() {
    let home = home();
    let plain = home.tree();
    home.run(APPLY).ok();
    let applied = home.tree();
    home.run(RESTORE).ok().err_has("restored").err_has("backup: ");
    assert_same_tree(&plain.clone().without_state(), &home.tree().without_state());
    // A restore is a run like any other, so it can be taken back, and so can that.
    home.run(RESTORE).ok();
    assert_same_tree(&applied.clone().without_state(), &home.tree().without_state());
    home.run(RESTORE).ok();
    assert_same_tree(&plain.without_state(), &home.tree().without_state());
    let commands = json(&home, &["backups"], 0);
    let commands: Vec<_> = commands["backups"].as_array().expect("a list").iter().map(|one| &one["command"]).collect();
    assert_eq!(commands, ["restore", "restore", "restore", "apply"]);
}

#[test]
fn any_one_is_restored_by_its_id_or_the_beginning_of_it() {
    let home = home();
    let plain = home.tree();
    home.run(APPLY).ok();
    home.run(&["apply", "--shell", "zsh", "--gopath", "/srv/gopath", "-y"]).ok();
    let second = home.tree();
    home.run(UNINSTALL).ok();
    let ids = ids(&home);
    assert_eq!(ids.len(), 3);
    // Three runs of one day.
    home.run(&["restore", "-y", &ids[0][..8]]).code(3).err_has("more than one backup begins so");
    home.run(&["restore", "-y", "1999"]).code(3).err_has("there is no such backup");
    home.run(&["restore", "-y", ""]).code(3);
    home.run(&["restore", "-y", "../backups"]).code(3).err_has("there is no such backup");
    assert_same_tree(&plain.clone().without_state(), &home.tree().without_state());

    // The shortest beginning that is no other's.
    let shared = |other: &String| ids[0].bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let unique = ids[1..].iter().map(shared).max().expect("others") + 1;
    home.run(&["restore", "-y", &ids[0][..unique]]).ok().err_has(&ids[0]).err_has("before `uninstall`");
    assert_same_tree(&second.without_state(), &home.tree().without_state());
    home.run(&["restore", "-y", &ids[2]])
        .code(3)
        .err_has("changed since that run")
        .err_has(&format!("`goenv-setup restore {} --force`", ids[2]));
    home.run(&["restore", "-y", "--force", &ids[2]]).ok();
    assert_same_tree(&plain.without_state(), &home.tree().without_state());
}

#[test]
fn what_apply_created_goes_again_with_its_folders() {
    let mut home = Home::with_go();
    let folder = home.path("config/deep/zsh");
    home.env("ZDOTDIR", folder);
    let before = home.tree();
    home.run(APPLY).ok();
    home.run(RESTORE).ok();
    assert_same_tree(&before, &home.tree().without_state());
    assert!(!home.path("config").exists());
    home.run(RESTORE).ok();
    assert!(home.path("config/deep/zsh/.zshrc").exists());
    home.file("config/deep/mine", "");
    home.run(RESTORE).ok();
    assert!(home.path("config/deep/mine").exists() && !home.path("config/deep/zsh").exists());
}

#[test]
fn what_uninstall_removed_comes_back_with_its_mode() {
    let home = Home::with_go();
    home.run(APPLY).ok();
    home.mode(".zshrc", 0o600).mode(".zprofile", 0o751);
    let before = home.tree();
    home.run(UNINSTALL).ok();
    assert!(home.read(".zshrc").is_none() && home.read(".zprofile").is_none());
    home.script(r#"umask 077; exec "$0" restore -y"#).ok();
    assert_same_tree(&before.without_state(), &home.tree().without_state());
}

#[test]
fn a_dry_run_shows_the_way_back_and_writes_nothing() {
    let home = home();
    let plain = home.tree();
    home.run(APPLY).ok();
    let before = home.tree();
    let ran = home.run(&["restore", "--dry-run"]).ok().err_has("dry run: nothing was written");
    home.unchanged(&before);
    assert!(stdout_holds(&ran, b"--- a/.zshrc") && stdout_holds(&ran, b"-# >>> goenv-setup >>>"), "{ran}");
    // It is a patch that does what restore would do.
    fs_err::write(home.beside("tmp").join("back.patch"), &ran.stdout).expect("a new file");
    Ran::of(&home.command("/bin/sh", &["-c", r#"patch -s -p1 <"$TMPDIR/back.patch""#])).ok();
    assert_same_tree(&plain.without_state(), &home.tree().without_state());
}

fn stdout_holds(ran: &Ran, text: &[u8]) -> bool {
    ran.stdout.windows(text.len()).any(|window| window == text)
}

#[test]
fn without_a_terminal_or_a_yes_nothing_is_restored() {
    let home = home();
    home.run(APPLY).ok();
    let before = home.tree();
    let ran = home.run(&["restore"]).code(2).err_has("`goenv-setup restore --yes`");
    assert!(stdout_holds(&ran, b"-# >>> goenv-setup >>>"), "the diff is shown all the same\n{ran}");
    home.unchanged(&before);
}

#[test]
fn the_question_is_asked_and_the_answer_counts() {
    let home = home();
    let plain = home.tree();
    home.run(APPLY).ok();
    let before = home.tree();
    for (keys, code) in [("n", 1), ("\x03", 130)] {
        let mut tty = home.tty(&["restore"]);
        let screen = tty.sees("Apply these changes? [y/N] ");
        assert!(screen.contains("-# >>> goenv-setup >>>"), "{screen}");
        tty.types(keys);
        let (status, screen) = tty.end();
        assert_eq!(status, code, "{screen}");
        home.unchanged(&before);
    }
    let mut tty = home.tty(&["restore"]);
    tty.sees("Apply these changes? [y/N] ");
    tty.types("y");
    let (status, screen) = tty.end();
    assert!(status == 0 && screen.contains("restored"), "{screen}");
    assert_same_tree(&plain.without_state(), &home.tree().without_state());
}

#[test]
fn what_was_saved_since_is_not_lost() {
    let home = home();
    home.run(APPLY).ok();
    let saved = [home.read(".zshrc").expect("it is there"), b"my new line\n".to_vec()].concat();
    home.file(".zshrc", &saved);
    let before = home.tree();
    for args in [RESTORE, &["restore"], &["restore", "--dry-run"]] {
        let ran = home.run(args).code(3).err_has("cannot restore `~/.zshrc`: changed since that run");
        assert!(stdout_holds(&ran, b"-my new line"), "what would be lost is not shown\n{ran}");
        ran.err_has("`goenv-setup restore --force`");
        home.unchanged(&before);
    }
    let document = json(&home, RESTORE, 3);
    assert!(document["refused"][0]["message"].as_str().is_some_and(|text| text.contains("changed since")));
    home.unchanged(&before);

    home.run(&["restore", "-y", "--force"]).ok();
    assert_eq!(home.read(".zshrc").as_deref(), Some(PLAIN));
    // Today's content is in the newest backup.
    home.run(RESTORE).ok();
    assert_eq!(home.read(".zshrc"), Some(saved));
}

#[test]
fn a_created_file_that_holds_something_since_is_not_removed() {
    let home = Home::with_go();
    home.run(APPLY).ok();
    let saved = [home.read(".zshrc").expect("it is there"), b"mine\n".to_vec()].concat();
    home.file(".zshrc", &saved);
    let before = home.tree();
    home.run(RESTORE).code(3).err_has("changed since that run");
    home.unchanged(&before);
    home.run(&["restore", "-y", "--force"]).ok();
    assert!(home.read(".zshrc").is_none());
    home.run(RESTORE).ok();
    assert_eq!(home.read(".zshrc"), Some(saved));
}

#[test]
fn a_file_that_is_already_so_is_not_touched() {
    let home = home();
    let plain = home.tree();
    home.run(APPLY).ok();
    let apply = ids(&home).remove(0);
    home.run(UNINSTALL).ok();
    let before = home.tree();
    home.run(&["restore", "-y", &apply]).ok().err_has("nothing to do");
    home.unchanged(&before);
    assert_eq!(json(&home, &["restore", "-y", &apply], 0)["result"], "nothing to do");
    assert_same_tree(&plain.without_state(), &home.tree().without_state());
}

#[test]
fn the_backup_of_a_link_is_of_the_real_file() {
    let home = Home::with_go();
    home.file("dots/zshrc", "real\n").mode("dots/zshrc", 0o600).link(".zshrc", "dots/zshrc");
    let before = home.tree();
    home.run(APPLY).ok();
    let folder = home.path(STATE).join("backups").join(ids(&home).remove(0));
    let receipt: Value =
        serde_json::from_slice(&fs_err::read(folder.join("receipt.json")).expect("a receipt")).expect("JSON");
    let file = &receipt["files"][1];
    assert_eq!(file["real"], home.path("dots/zshrc").display().to_string());
    let copy = folder.join(file["before"]["backup"].as_str().expect("a name"));
    assert!(!copy.is_symlink());
    assert_eq!(fs_err::read(copy).expect("a copy"), b"real\n");
    home.run(RESTORE).ok();
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn the_document_says_what_is_restored() {
    let home = home();
    home.run(APPLY).ok();
    let id = ids(&home).remove(0);
    let document = json(&home, &["restore", "--dry-run"], 0);
    assert_eq!((&document["result"], &document["restored"]), (&"dry run".into(), &id.clone().into()));
    let document = json(&home, RESTORE, 0);
    assert_eq!((&document["result"], &document["restored"]), (&"done".into(), &id.into()));
    assert_eq!(document["changed_since"], Value::Array(Vec::new()));
    let actions: Vec<_> = document["edits"].as_array().expect("a list").iter().map(|edit| &edit["action"]).collect();
    assert_eq!(actions, ["delete", "restore"]);
    assert!(document["backup"].as_str().is_some_and(|backup| std::path::Path::new(backup).is_dir()), "{document}");
}

#[test]
fn the_newest_twenty_are_kept_and_their_names_never_meet() {
    let home = home();
    let mut seen = HashSet::new();
    let mut newest = Vec::new();
    for run in 0..24 {
        home.run(if run % 2 == 0 { APPLY } else { UNINSTALL }).ok();
        let now = ids(&home);
        assert_eq!(now.len(), (run + 1).min(20), "after {} runs", run + 1);
        assert!(seen.insert(now[0].clone()), "an id came twice: {}", now[0]);
        newest.insert(0, now[0].clone());
        assert_eq!(now, newest[..now.len()], "the newest, in order");
    }
    // A run that fails takes nothing away, nor does one that has nothing to do.
    let before = ids(&home);
    home.run(UNINSTALL).ok();
    home.mode(".zshrc", 0o444);
    home.run(APPLY).code(3);
    home.mode(".zshrc", 0o640);
    assert_eq!(ids(&home), before);
    // The oldest that is left can still be restored.
    home.run(&["restore", "-y", "--force", &before[19]]).ok();
    assert_eq!(ids(&home).len(), 20);
}

#[test]
fn nobody_else_can_read_a_backup() {
    let home = home();
    home.script(r#"umask 000; exec "$0" apply --shell zsh -y"#).ok();
    home.script(r#"umask 000; exec "$0" uninstall -y"#).ok();
    let mut count = 0;
    for (path, entry) in home.tree().0.into_iter().filter(|(path, _)| path.starts_with(STATE)) {
        let is_dir = home.path(&path).is_dir();
        assert_eq!(entry.mode, if is_dir { 0o700 } else { 0o600 }, "{}", path.display());
        count += 1;
    }
    assert!(count > 10, "only {count} files and folders");
    // A folder that somebody opened for reading is closed again.
    fs_err::set_permissions(home.path(STATE), std::fs::Permissions::from_mode(0o755)).expect("ours");
    home.run(APPLY).ok();
    assert_eq!(fs_err::metadata(home.path(STATE)).expect("there").permissions().mode() & 0o7777, 0o700);
}
