//! What only a mount can do to a file: in a mount namespace of the test's own.
//!
//! The home is looked at from within the namespace: outside, the mounts are not there.

#![cfg(target_os = "linux")]

use super::one_error;
use crate::support::{Home, Ran, lacks};

/// Runs a script of `sh` as root of a mount namespace; `None` where the system allows no namespaces.
#[track_caller]
pub(crate) fn in_namespace(home: &Home, script: &str) -> Option<Ran> {
    let leaders: [&[&str]; 2] = [&["unshare", "-m"], &["unshare", "-r", "-m"]];
    let works = |leader: &&&[&str]| Ran::of(&home.command(leader[0], &[&leader[1..], &["true"]].concat())).status == 0;
    let Some(leader) = leaders.iter().find(works) else {
        lacks("a mount namespace (`unshare -m`)");
        return None;
    };
    // The listing of the home: names, inodes, modes, content, and times but those of folders, in which a temporary file
    // may have stood.
    let list = r#"list() {
        cd "$HOME"; find . -type d -printf '%p %i %m\n' -o -printf '%p %i %m %T@ %y %l\n' -type f -exec cksum {} \; | sort
    }"#;
    let program = env!("CARGO_BIN_EXE_goenv-setup");
    let script = format!("{list}\n{script}");
    let args = [&leader[1..], &["/bin/sh", "-euc", &script, program]].concat();
    Some(Ran::of(&home.command(leader[0], &args)))
}

/// The same for a script that sets a stage, on which `apply` must then fail with `code` and touch nothing.
#[track_caller]
fn fails(home: &Home, stage: &str, code: i32, said: &[&str]) {
    let script = format!(
        r#"{stage}
        before=$(list); code=0
        "$0" apply --shell zsh -y >&2 || code=$?
        [ "$before" = "$(list)" ] || {{ echo "$before"; echo became; list; }}
        exit "$code""#
    );
    let Some(ran) = in_namespace(home, &script) else { return };
    let ran = ran.code(code);
    assert!(ran.stdout.is_empty(), "the home was touched\n{ran}");
    one_error(&ran, said);
}

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zprofile", "export A=1\n").file(".zshrc", "one\n");
    home
}

#[test]
fn a_file_that_is_mounted_over_the_name() {
    let stage = r#"echo other >"$TMPDIR/zshrc"; mount --bind "$TMPDIR/zshrc" "$HOME/.zshrc""#;
    fails(&home(), stage, 3, &["cannot change `~/.zshrc`: ", "mount point", "`goenv-setup apply --file FILE`"]);
}

#[test]
fn a_file_system_that_is_mounted_read_only() {
    let home = home();
    home.dir("zsh");
    let stage = r#"
        mount -t tmpfs tmpfs "$HOME/zsh"; echo one >"$HOME/zsh/.zshrc"; echo two >"$HOME/zsh/.zprofile"
        mount -o remount,bind,ro "$HOME/zsh"; export ZDOTDIR="$HOME/zsh""#;
    let script = format!(
        r#"{stage}
        before=$(list); code=0
        "$0" apply --shell zsh -y || code=$?
        [ "$before" = "$(list)" ] || echo touched
        exit "$code""#
    );
    let Some(ran) = in_namespace(&home, &script) else { return };
    let ran = ran.code(3);
    assert!(ran.stdout.is_empty(), "{ran}");
    for file in [".zprofile", ".zshrc"] {
        let error = format!("error: cannot change `~/zsh/{file}`: its file system is mounted read-only\nhint: ");
        assert!(String::from_utf8_lossy(&ran.stderr).contains(&error), "{ran}");
    }
}

#[test]
fn a_disk_that_is_full_puts_everything_back() {
    // 64 KiB; the state folder is elsewhere, so that the backup fits and the second new file does not.
    let big = "# a line of the user's own, so that the new file does not fit\n".repeat(300);
    let stage = format!(
        r#"
        mkdir "$TMPDIR/state"; export XDG_STATE_HOME="$TMPDIR/state"
        cp -a "$HOME/opt" "$TMPDIR/opt"; export PATH="$TMPDIR/opt/go/bin:/usr/bin:/bin"
        mount -t tmpfs -o size=64k tmpfs "$HOME"
        printf 'export A=1\n' >"$HOME/.zprofile"; cat >"$HOME/.zshrc" <<'END'
{big}END
        cat /dev/zero >"$HOME/full" 2>/dev/null || :
        [ "$(find "$HOME/full" -size +0)" ]; truncate -s -8192 "$HOME/full""#
    );
    let home = home();
    fails(&home, &stage, 4, &["could not write", ".zshrc`: no space left", "every file is as it was", "`df -h "]);
    let left: Vec<_> = fs_err::read_dir(home.path("../tmp/state")).into_iter().flatten().flatten().collect();
    assert!(left.is_empty(), "a state folder of a run that changed nothing: {left:?}");
}

#[test]
fn a_disk_that_is_full_before_the_backup() {
    let stage = r#"
        cp -a "$HOME/opt" "$TMPDIR/opt"; export PATH="$TMPDIR/opt/go/bin:/usr/bin:/bin"
        mount -t tmpfs -o size=64k tmpfs "$HOME"; echo one >"$HOME/.zshrc"
        cat /dev/zero >"$HOME/full" 2>/dev/null || :"#;
    fails(&home(), stage, 4, &["could not ", "no space left", "every file is as it was", "`df -h "]);
}

#[test]
fn folders_that_were_made_go_again_when_the_disk_is_full() {
    let stage = r#"
        mkdir "$TMPDIR/state"; export XDG_STATE_HOME="$TMPDIR/state" ZDOTDIR="$HOME/new/zsh"
        cp -a "$HOME/opt" "$TMPDIR/opt"; export PATH="$TMPDIR/opt/go/bin:/usr/bin:/bin"
        mount -t tmpfs -o size=64k tmpfs "$HOME"
        cat /dev/zero >"$HOME/full" 2>/dev/null || :"#;
    fails(&home(), stage, 4, &["could not write", "new/zsh/.zprofile`: no space left", "every file is as it was"]);
}
