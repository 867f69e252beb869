//! Under Apple's system files: at every login, `path_helper` puts the system's folders in front of everything else.
//!
//! The files are laid over the real ones by mounts that only the shells of this test see.

use super::report::{Level, chain_by};
use crate::support::{Home, Ran, need, private_mounts, run_under, say};

/// `/etc/zprofile` of macOS, `/usr/libexec/path_helper` taken from `$APPLE`.
const ZPROFILE: &str = "\
# System-wide profile for interactive zsh(1) login shells.

# Setup user specific overrides for this in ~/.zprofile. See zshbuiltins(1)
# and zshoptions(1) for more details.

if [ -x $APPLE/path_helper ]; then
	eval `$APPLE/path_helper -s`
fi
";

/// `/etc/profile` of macOS.
const PROFILE: &str = "\
# System-wide .profile for sh(1)

if [ -x $APPLE/path_helper ]; then
	eval `$APPLE/path_helper -s`
fi

if [ \"${BASH-no}\" != \"no\" ]; then
	[ -r $APPLE/bashrc ] && . $APPLE/bashrc
fi
";

/// What Apple's program of this name does: `/etc/paths`, then the files of `/etc/paths.d` in the order of the numbers
/// that they start with, then what PATH was, each folder once.
const PATH_HELPER: &str = r#"#!/bin/sh
here=${0%/*}
new=
add() { case ":$new:" in *":$1:"*) ;; *) new=${new:+$new:}$1 ;; esac; }
for list in "$here/paths" $(ls "$here/paths.d" | sort -n | sed "s|^|$here/paths.d/|"); do
  while IFS= read -r line || [ -n "$line" ]; do
    [ -z "$line" ] || add "$line"
  done <"$list"
done
IFS=:
set -f
for folder in $PATH; do add "$folder"; done
printf 'PATH="%s"; export PATH;\n' "$new"
"#;

const UNDER: &str =
    r#"mount --bind "$APPLE/zprofile" "$ZPROFILE" && mount --bind "$APPLE/profile" /etc/profile && exec "$@""#;

#[test]
fn go_stays_before_the_systems_folders_under_path_helper() {
    if cfg!(target_os = "macos") || !(need("zsh") && need("bash") && need("dash")) {
        return; // there, each of the other tests runs under the real ones
    }
    let zprofile = ["/etc/zsh/zprofile", "/etc/zprofile"].into_iter().find(|path| std::path::Path::new(path).exists());
    let mut home = Home::new();
    let (Some(zprofile), Some(private)) = (zprofile, private_mounts(&home)) else {
        crate::support::cannot("a private mount namespace over a zprofile (root, or CAP_SYS_ADMIN)");
        return;
    };
    let apple = home.beside("apple");
    home.file("../apple/zprofile", ZPROFILE)
        .file("../apple/profile", PROFILE)
        .file("../apple/bashrc", "PS1='\\h:\\W \\u\\$ '\n");
    home.file("../apple/paths", "/usr/local/bin\n/System/Cryptexes/App/usr/bin\n/usr/bin\n/bin\n/usr/sbin\n/sbin");
    home.file("../apple/paths.d/100-rvictl", "/Library/Apple/usr/bin\n").file(
        "../apple/paths.d/10-cryptex",
        "/var/run/com.apple.security.cryptexd/codex.system/bootstrap/usr/local/bin\n",
    );
    home.file("../apple/path_helper", PATH_HELPER).mode("../apple/path_helper", 0o755);
    home.env("APPLE", &apple).env("ZPROFILE", zprofile);
    let helped = Ran::of(
        home.command("/bin/sh", &["-c", "eval `$APPLE/path_helper -s`; echo \"$PATH\""])
            .env("PATH", "/x y:/usr/bin:/a"),
    )
    .ok();
    let expected = "/usr/local/bin:/System/Cryptexes/App/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin:\
                    /var/run/com.apple.security.cryptexd/codex.system/bootstrap/usr/local/bin:/Library/Apple/usr/bin:/x y:/a\n";
    assert_eq!(String::from_utf8_lossy(&helped.stdout), expected);

    let root = home.fake_go("sdk/go", "1.22.10");
    let goroot = root.into_os_string().into_string().expect("a plain path");
    let bin = format!("{goroot}/bin");
    for shell in ["zsh", "bash", "dash"] {
        run_under(&home, &format!("-{shell}"), &["apply", "--yes", "--shell", shell, "--goroot", &goroot]).ok();
    }
    let mut shells = 0;
    for (shell, chains) in [
        ("zsh", &[&["-li", "-i", "-li", "-li", "-i"][..], &["-i", "-li", "-i"], &["-li", "-li"]][..]),
        ("bash", &[&["-li", "-i", "-li", "-li", "-i"][..], &["-i", "-li", "-i"], &["-l", "-l"]]),
        ("dash", &[&["-l", "-i", "-li", "-l"][..]]),
    ] {
        for flags in chains {
            let levels = chain_by(&home, &[private, &["sh", "-c", UNDER, "under"]].concat(), shell, flags);
            for (depth, level) in levels.iter().enumerate() {
                assert_pair(level, &bin, &format!("{shell} {flags:?}, shell {depth}"));
            }
            shells += levels.len();
        }
    }
    say(&format!("launch: path_helper: 3 shells, 7 chains, {shells} shells"));
}

#[track_caller]
fn assert_pair(level: &Level, bin: &str, what: &str) {
    let at = |folder: &str| level.path().position(|entry| entry == folder.as_bytes());
    let (ours, system) = (at(bin).expect("Go is on PATH"), at("/usr/bin").expect("the system is on PATH"));
    assert!(ours < system, "Go is behind the system's folders: {what}\n{level:?}");
    assert_eq!(level.path().filter(|entry| *entry == bin.as_bytes()).count(), 1, "{what}\n{level:?}");
    assert_eq!(level.goroot.as_deref(), bin.strip_suffix("/bin").map(str::as_bytes), "{what}\n{level:?}");
    let apple = at("/System/Cryptexes/App/usr/bin");
    assert!(apple.is_some() || what.contains("[\"-i\""), "path_helper did not run: {what}\n{level:?}");
}
