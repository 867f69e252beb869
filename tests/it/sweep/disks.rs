//! Real disks that are full, real limits that cut writes short, real mounts that are read-only.

use super::cases::Shot;
use super::long;
use crate::errors::mounts::in_namespace;
use crate::support::{Home, Ran, assert_same_tree, need, say};

/// A home whose Go is beside it, and whose files are larger than what one page holds.
fn home() -> Home {
    home_with(500)
}

fn home_with(lines: usize) -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "# a line of the user's own, and many of them\n".repeat(lines)).mode(".zshrc", 0o640);
    home
}

/// `full OPTIONS COMMAND…` runs goenv-setup on a file system of this size, which holds the home and the state folder,
/// and says the exit code. Whatever failed must have changed nothing, and whatever was done must be done wholly.
const FULL: &str = r#"
    cp -a "$HOME/opt" "$HOME/.zshrc" "$TMPDIR"; export PATH="$TMPDIR/opt/go/bin:/usr/bin:/bin"
    files() { list | grep -v '\./\.local'; }
    full() {
        options=$1; shift
        mount -t tmpfs -o "size=1m,$inodes" tmpfs "$HOME"
        cp -p "$TMPDIR/.zshrc" "$HOME"
        [ "$1" = apply ] || "$0" apply --shell zsh -y >"$TMPDIR/log" 2>&1
        mount -o "remount,$options" "$HOME" 2>/dev/null || { umount "$HOME"; return; }
        before=$(files); code=0
        "$0" "$@" -y >"$TMPDIR/log" 2>&1 || code=$?
        case $code in
        4) [ "$before" = "$(files)" ] || { echo "$options: torn"; echo "$before"; echo became; files; cat "$TMPDIR/log"; }
           [ "$1" != apply ] || ! [ -e "$HOME/.local" ] || { echo "$options: the state folder stays"; }
           grep -q '^error: .*no space left on device' "$TMPDIR/log" || { echo "$options: no reason"; cat "$TMPDIR/log"; } ;;
        0) cd "$HOME"
           ls -A | grep '^\.goenv' && { echo "$options: a stray"; ls -lA; cat "$TMPDIR/log"; }
           case $1 in
           apply) tail -n 1 .zshrc .zprofile | grep -c '<<< goenv-setup <<<' | grep -qx 2 ;;
           *) cmp -s .zshrc "$TMPDIR/.zshrc" && ! [ -e .zprofile ] ;;
           esac || { echo "$options: not done"; ls -lA; cat "$TMPDIR/log"; } ;;
        *) echo "$options: odd"; cat "$TMPDIR/log" ;;
        esac
        cd /; umount "$HOME"; echo "code $code"
    }
    inodes=nr_inodes=100
"#;

/// What came of many runs of `full`: how many failed, and how many were done.
#[track_caller]
fn count(script: &str) -> Option<(usize, usize)> {
    let ran = in_namespace(&home(), &format!("{FULL}{script}"))?.ok();
    let text = String::from_utf8_lossy(&ran.stdout);
    let [failed, done] = ["code 4", "code 0"].map(|code| text.lines().filter(|line| *line == code).count());
    assert!(failed + done == text.lines().count(), "{ran}");
    Some((failed, done))
}

#[test]
fn a_disk_that_is_full_at_any_page_and_any_inode() {
    let (mut failed, mut done) = (0, 0);
    for command in ["apply --shell zsh", "uninstall", "restore"] {
        // The file alone takes six pages, and after `apply` its copy as many. What is there does not fit: no remount.
        let pages = format!(r#"for n in $(seq 4 32); do full "size=$((n * 4))k" {command}; done"#);
        let inodes = format!(r#"for n in $(seq 2 28); do full "nr_inodes=$n" {command}; done"#);
        for script in [pages, inodes] {
            let Some((with_error, without)) = count(&script) else { return };
            assert!(with_error >= 3 && without >= 3, "{command}: {with_error} failed, {without} were done");
            failed += with_error;
            done += without;
        }
    }
    say(&format!("full disks: {} sizes, {failed} ended with 4 and {done} with 0, 0 lost", failed + done));
}

#[test]
fn a_write_that_is_cut_short_is_told_and_taken_back() {
    if !need("prlimit") {
        return;
    }
    let (mut failed, mut done) = (0, 0);
    for (earlier, args) in [(None, "apply --shell zsh"), (Some("apply"), "uninstall"), (Some("apply"), "restore")] {
        for limit in (0..2400).step_by(if long() { 40 } else { 200 }).chain([22_000, 22_500, 23_000, 24_000]) {
            // With the signal that a limit sends ignored, as a parent may have it, and without: neither kills.
            for trap in ["trap '' XFSZ;", ""] {
                let home = home_with(if limit < 10_000 { 5 } else { 500 });
                let original = Shot::of(&home);
                if earlier.is_some() {
                    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
                }
                let old = Shot::of(&home);
                // The limit is one for files; what the program says goes through a pipe.
                let script = format!(
                    r#"{trap} {{ code=0; prlimit --core=0 --fsize={limit} "$0" {args} -y || code=$?; echo "code $code"; }} 2>&1 | cat"#
                );
                let ran = home.script(&script).ok();
                let said = String::from_utf8_lossy(&ran.stdout);
                let now = Shot::of(&home);
                match said.lines().last() {
                    Some("code 0") => done += 1,
                    Some("code 4") => {
                        assert_eq!(old.differences(&now), Vec::<String>::new(), "limit {limit}\n{ran}");
                        assert!(said.contains("error: could not ") && said.contains("file too large"), "{ran}");
                        failed += 1;
                    }
                    _ => panic!("limit {limit}\n{ran}"),
                }
                home.run(&[args.split(' ').collect::<Vec<_>>(), vec!["-y"]].concat()).ok();
                assert_eq!(Shot::of(&home).strays(), Vec::<&std::path::PathBuf>::new(), "limit {limit}\n{ran}");
                home.run(&["uninstall", "-y"]).ok();
                assert_eq!(original.differences(&Shot::of(&home)), Vec::<String>::new(), "limit {limit}\n{ran}");
            }
        }
    }
    say(&format!("short writes: {} limits, {failed} ended with 4, {done} with 0, 0 lost", failed + done));
    assert!(failed > 40 && done >= 6);
}

/// Runs a script that makes a file system read-only and then runs goenv-setup.
#[track_caller]
fn read_only(home: &Home, script: &str, code: i32) -> Option<Ran> {
    let script = format!(
        r#"cp -a "$HOME/opt" "$TMPDIR"; export PATH="$TMPDIR/opt/go/bin:/usr/bin:/bin"
        {script}
        before=$(list); code=0
        "$0" "$@" >&2 || code=$?
        [ "$before" = "$(list)" ] || echo touched
        exit "$code""#
    );
    let ran = in_namespace(home, &script)?.code(code);
    assert!(ran.stdout.is_empty(), "{ran}");
    Some(ran.err_has("error: ").err_has("read-only").err_has("hint: "))
}

#[test]
fn a_mount_that_is_read_only_changes_nothing() {
    for args in ["apply --shell zsh -y", "uninstall -y", "restore -y"] {
        let home = home();
        home.run(&["apply", "--shell", "zsh", "-y"]).ok();
        home.file(".zprofile", "mine\n");
        if args.starts_with("apply") {
            home.run(&["uninstall", "-y"]).ok();
        }
        let before = home.tree();
        // All of the home; then only the state folder.
        let whole = format!(r#"mount --bind "$HOME" "$HOME"; mount -o remount,bind,ro "$HOME"; set -- {args}"#);
        if read_only(&home, &whole, 3).is_none() {
            return;
        }
        let state = format!(
            r#"state="$HOME/.local/state/goenv-setup"; mount --bind "$state" "$state"; mount -o remount,bind,ro "$state"; set -- {args}"#
        );
        if !args.starts_with("restore") {
            read_only(&home, &state, 4);
        }
        assert_same_tree(&before, &home.tree());
    }
}
