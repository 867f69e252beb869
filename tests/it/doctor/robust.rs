//! doctor comes through whatever it meets: it ends in time, says what is wrong, changes nothing, and its JSON is one
//! document.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{append, healthy, text};
use crate::support::{Home, Ran, Tree, lacks, need, private_mounts, say, shell};

/// What doctor meets.
struct Trouble {
    /// What it is.
    name: &'static str,
    /// Makes it in a healthy home.
    make: fn(&mut Home),
    /// What runs doctor, a script of `sh`; `$RUN` is doctor with its flags.
    script: &'static str,
    /// The exit status; `None`: other checks may or may not have a word to say.
    exit: Option<i32>,
    /// What is told: a finding.
    finding: Option<&'static str>,
}

/// A trouble in files.
const fn trouble(name: &'static str, finding: Option<&'static str>, make: fn(&mut Home)) -> Trouble {
    let exit = if finding.is_some() { Some(1) } else { None };
    Trouble { name, make, script: "$RUN", exit, finding }
}

/// A trouble of whoever calls; where there is nothing to find, it does not matter at all.
const fn called(name: &'static str, finding: Option<&'static str>, script: &'static str) -> Trouble {
    let exit = if finding.is_some() { 1 } else { 0 };
    Trouble { script, exit: Some(exit), ..trouble(name, finding, |_| {}) }
}

/// Puts another `go` in the place of the one that there is.
fn go(home: &Home, bytes: &[u8]) {
    fs_err::remove_file(home.path("opt/go/bin/go")).expect("it is there");
    home.file("opt/go/bin/go", bytes).mode("opt/go/bin/go", 0o755);
}

/// Root without its power, who may not read everything; whoever runs the tests, if that is not root.
const POWERLESS: &str = "no_power() { if [ \"$(id -u)\" = 0 ]; then setpriv --bounding-set=-all --inh-caps=-all \"$@\"; else \"$@\"; fi; }\n";

const TROUBLES: &[Trouble] = &[
    trouble("no Go", Some("P-01"), |home| fs_err::remove_dir_all(home.path("opt")).expect("it is there")),
    trouble("a go that is a folder", Some("P-01"), |home| {
        fs_err::remove_file(home.path("opt/go/bin/go")).expect("it is there");
        home.dir("opt/go/bin/go");
    }),
    trouble("a Go without anything beside", None, |home| {
        fs_err::remove_dir_all(home.path("opt/go/pkg")).expect("it is there");
        fs_err::remove_dir_all(home.path("opt/go/src")).expect("it is there");
        append(home, ".zshrc", "unset GOROOT\n");
    }),
    called("HOME unset", Some("H-01"), "unset HOME; $RUN"),
    called("HOME empty", Some("H-01"), "HOME= $RUN"),
    called("HOME a file", Some("H-01"), "HOME=$HOME/.zshrc $RUN"),
    called("HOME relative", Some("H-01"), "HOME=home $RUN"),
    called("HOME missing", Some("H-01"), "HOME=/nonexistent/home $RUN"),
    called("SHELL unset", None, "unset SHELL; $RUN"),
    called("SHELL empty", None, "SHELL= $RUN"),
    called("SHELL that is not there", None, "SHELL=/nonexistent/zsh $RUN"),
    called("SHELL that is none of ours", None, "SHELL=/usr/bin/nu $RUN"),
    called("SHELL that keeps people out", None, "SHELL=/usr/sbin/nologin $RUN"),
    called("SHELL with odd bytes", None, "SHELL=$(printf '/bin/\\377\\033[31m') $RUN"),
    called("PATH unset", None, "unset PATH; $RUN"),
    called("PATH of odd entries", None, "PATH=:/usr/bin::.:$(printf '\\377'):/bin $RUN"),
    called("TERM unset", None, "unset TERM; $RUN"),
    called("a language that is not there", None, "LANG=xx_YY.UTF-9 LC_ALL=nonsense $RUN"),
    called("standard input closed", None, "$RUN <&-"),
    called("standard error closed", None, "$RUN 2>&-"),
    called("a current folder that is gone", None, "mkdir ~/../gone; cd ~/../gone; rmdir ../gone; $RUN"),
    called("TMPDIR missing, and the block where it was", None, "TMPDIR=/nonexistent/tmp $RUN"),
    called("TMPDIR a file", None, "TMPDIR=$HOME/.zshrc $RUN"),
    called("TMPDIR relative", None, "TMPDIR=tmp $RUN"),
    called("TMPDIR empty", None, "TMPDIR= $RUN"),
    trouble("files that are folders", None, |home| {
        home.dir(".zshenv").dir(".zlogin").dir(".config/go/env").dir(".bashrc");
    }),
    trouble("links in a circle", None, |home| {
        home.link(".zshenv", ".zlogin").link(".zlogin", ".zshenv").link("go.mod", "go.mod");
    }),
    trouble("files that nobody ends", None, |home| {
        home.script("mkfifo ~/go.mod ~/.config-fifo; mkdir -p ~/.config/go; mkfifo ~/.config/go/env ~/.netrc").ok();
    }),
    trouble("bytes that are no text", None, |home| {
        home.file(".zshenv", b"# \xff\xfe\x00\x1b[31m\n:\n").file("go.mod", b"\xff\xfemodule \x00\n");
        home.file(".config/go/env", b"\xff=\xfe\nGOFLAGS=\nGO\x00X=1\n");
    }),
    trouble("a huge startup file", None, |home| {
        let mut text = vec![b'#'; 2 << 20];
        text.push(b'\n');
        text.extend(b"# a line of very many, as nobody has them\n".repeat(50_000));
        text.extend(home.read(".zshrc").expect("it is there"));
        home.file(".zshrc", text);
    }),
    trouble("a PATH of thousands of folders", None, |home| {
        let list: Vec<String> = (0..3000).map(|number| format!("/opt/tools/{number}/bin")).collect();
        append(home, ".zshrc", &format!("PATH=$PATH:{}\n", list.join(":")));
    }),
    trouble("a shell that says a lot", None, |home| append(home, ".zshrc", "repeat 20000 print -- $PATH $PATH\n")),
    trouble("a shell that never stops talking", Some("S-02"), |home| append(home, ".zshrc", "yes\n")),
    trouble("a shell that never stops complaining", Some("S-02"), |home| append(home, ".zshrc", "yes >&2\n")),
    trouble("a shell that hangs and cannot be asked to end", Some("S-02"), |home| {
        append(home, ".zlogin", "trap '' TERM INT HUP QUIT; while true; do sleep 1; done\n");
    }),
    trouble("a shell that kills itself", Some("S-01"), |home| append(home, ".zlogin", "kill -KILL $$\n")),
    trouble("a shell that leaves something running", None, |home| append(home, ".zshrc", "sleep 300 &!\n")),
    trouble("a shell that closes everything", None, |home| append(home, ".zshenv", "exec 0<&- 1>&- 2>&-\n")),
    trouble("a Go that crashes", None, |home| go(home, b"#!/bin/sh\nkill -SEGV $$\n")),
    trouble("a Go that hangs", None, |home| go(home, b"#!/bin/sh\nsleep 600\n")),
    trouble("a Go for another processor", None, |home| {
        let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
        elf.resize(64, 0);
        (elf[16], elf[18]) = (2, 243);
        go(home, &elf);
    }),
    trouble("an empty Go", None, |home| go(home, b"")),
];

/// Far more than doctor needs where a shell hangs to its limit of 10 s.
const LIMIT: Duration = Duration::from_secs(16);

/// Runs doctor on it, as text and as JSON.
fn meets(trouble: &Trouble) {
    let mut home = healthy();
    (trouble.make)(&mut home);
    for json in ["", " --json"] {
        let what = format!("{}{json}", trouble.name);
        let run = format!("\"$0\" doctor --offline --shell zsh{json}");
        let script = format!("{POWERLESS}{}", trouble.script.replace("$RUN", &run));
        let before = home.tree();
        let begin = Instant::now();
        let ran = home.script(&script);
        assert!(begin.elapsed() < LIMIT, "{what}: it took {:?}", begin.elapsed());
        changed_nothing(&what, &before, &home);
        judge(&what, trouble, &ran, !json.is_empty());
    }
}

fn judge(what: &str, trouble: &Trouble, ran: &Ran, json: bool) {
    let said = [&ran.stdout[..], &ran.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{what}\n{ran}");
    assert!(trouble.exit.map_or(matches!(ran.status, 0 | 1), |exit| ran.status == exit), "{what}\n{ran}");
    if json {
        let document: Value =
            serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{what}: {error}\n{ran}"));
        assert_eq!(document["exit"], ran.status, "{what}\n{ran}");
        let ids: Vec<&str> = super::findings(&document).iter().map(|finding| text(finding, "id")).collect();
        assert!(trouble.finding.is_none_or(|id| ids.contains(&id)), "{what}: {ids:?}\n{ran}");
    } else {
        assert!(trouble.finding.is_none_or(|id| said.contains(&format!(" {id}: "))), "{what}\n{ran}");
        assert!(!said.contains('\u{1b}'), "{what}: raw control characters\n{ran}");
    }
}

/// The home is what it was, to the byte and the time, but for what shells keep for themselves.
#[track_caller]
fn changed_nothing(what: &str, before: &Tree, home: &Home) {
    let changed = super::healthy::changes(before, &home.tree());
    assert!(changed.is_empty(), "{what}: {}", changed.join("\n"));
    let left = fs_err::read_dir(home.beside("tmp")).expect("a folder").flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("goenv-setup-")).collect();
    assert!(left.is_empty(), "{what}: left behind: {left:?}");
}

#[test]
fn whatever_it_meets() {
    if !need("zsh") {
        return;
    }
    let name = |trouble: &Trouble| trouble.name.to_owned();
    let ill = super::secrets::each(TROUBLES, name, meets);
    assert!(ill.is_empty(), "not come through: {}", ill.join("; "));
    say(&format!("doctor: came through {} troubles, as text and as JSON", TROUBLES.len()));
}

#[test]
fn a_shell_that_never_stops_talking_is_ended_soon() {
    if !need("zsh") {
        return;
    }
    for line in ["yes\n", "yes >&2\n"] {
        let home = healthy();
        append(&home, ".zshrc", line);
        let begin = Instant::now();
        home.run(&["doctor", "--offline", "--shell", "zsh"]).code(1).out_has("writes without end in its startup files");
        assert!(begin.elapsed() < Duration::from_secs(5), "it took {:?}", begin.elapsed());
    }
}

/// Files and folders that may not be read, for somebody who is not root.
#[test]
fn what_may_not_be_read() {
    if !need("zsh") || (rustix::process::geteuid().is_root() && !need("setpriv")) {
        return;
    }
    for (file, mode, finding) in [
        (".zshrc", 0o000, Some("F-08")),
        (".zshenv", 0o000, None),
        (".config/go/env", 0o000, None),
        (".config", 0o000, None),
        ("opt/go/bin", 0o000, Some("P-01")),
        ("", 0o000, Some("F-13")),
        ("", 0o600, Some("F-13")),
        // Shells find files in a folder that they cannot list, and so does doctor: that GOPATH is stored.
        ("", 0o300, Some("E-01")),
    ] {
        for json in ["", " --json"] {
            let what = format!("~/{file} with mode {mode:o}{json}");
            let home = healthy();
            home.file(".zshenv", ":\n").file(".config/go/env", "GOPATH=/tmp/go\n");
            let restore = home.path(file).metadata().expect("it is there").permissions();
            home.mode(file, mode);
            let ran = home.script(&format!("{POWERLESS}no_power \"$0\" doctor --offline --shell zsh{json}"));
            fs_err::set_permissions(home.path(file), restore).expect("it is ours");
            let trouble = Trouble { exit: finding.map(|_| 1), ..trouble("", finding, |_| {}) };
            judge(&what, &trouble, &ran, !json.is_empty());
        }
    }
}

/// Runs doctor in a mount namespace of its own, after a script that sets the stage.
fn in_namespace(home: &Home, stage: &str, json: &str) -> Option<Ran> {
    let Some(way) = private_mounts(home) else {
        lacks("a mount namespace (`unshare -m`)");
        return None;
    };
    let script = format!("set -e\n{stage}\nset +e\n\"$0\" doctor --offline{json}");
    let args = [&way[1..], &["/bin/sh", "-c", &script, env!("CARGO_BIN_EXE_goenv-setup")]].concat();
    Some(Ran::of(&home.command(way[0], &args)))
}

#[test]
fn a_home_that_cannot_be_written() {
    if !need("zsh") || cfg!(target_os = "macos") {
        return;
    }
    let stage = r#"mount --bind "$HOME" "$HOME"; mount -o remount,bind,ro "$HOME""#;
    for json in ["", " --json"] {
        let home = healthy();
        let Some(ran) = in_namespace(&home, stage, json) else { return };
        judge("a read-only home", &trouble("", Some("F-08"), |_| {}), &ran, !json.is_empty());
        // Go works there all the same.
        assert!(!String::from_utf8_lossy(&ran.stdout).contains("error P-02"), "{ran}");
    }
}

#[test]
fn no_shell_but_sh() {
    if !need("zsh") || cfg!(target_os = "macos") {
        return;
    }
    // What may not be executed is not there.
    let stage = r#"
        for shell in zsh bash fish tcsh csh bsd-csh ksh ksh93 mksh lksh yash busybox; do
          for folder in /bin /usr/bin /usr/local/bin; do
            file=$(readlink -f "$folder/$shell" 2>/dev/null) || continue
            [ ! -f "$file" ] || [ "$file" = "$(readlink -f /bin/sh)" ] || mount --bind /dev/null "$file"
          done
        done"#;
    for json in ["", " --json"] {
        let mut home = Home::with_go();
        home.env("SHELL", "/bin/sh").file("opt/go/go.env", "GOTOOLCHAIN=auto\n");
        let Some(ran) = in_namespace(&home, stage, json) else { return };
        judge("no shell but sh", &Trouble { exit: None, ..trouble("", None, |_| {}) }, &ran, !json.is_empty());
        assert!(!String::from_utf8_lossy(&ran.stdout).contains("zsh"), "{ran}");
    }
}

/// Shells by themselves leave nothing new either: what differs after a start differs after doctor.
#[test]
fn doctor_leaves_what_shells_leave() {
    if !(need("zsh") && need("bash") && need("fish") && need("tcsh") && need("ksh93") && need("mksh") && need("yash")) {
        return;
    }
    let mut home = Home::with_go();
    for (name, folder) in
        [("XDG_CACHE_HOME", "xdg/cache"), ("XDG_STATE_HOME", "xdg/state"), ("XDG_RUNTIME_DIR", "xdg/run")]
    {
        let path = home.dir(folder).path(folder);
        home.env(name, path);
    }
    home.file(".zshrc", "HISTFILE=~/.zsh_history\n").file(".bashrc", ":\n");
    // Its first start makes fish's own folders.
    shell(&home, "fish", &["-i", "-c", "true"]);
    let before = home.tree();
    for args in [&["doctor", "--offline", "--all-shells"][..], &["doctor", "--offline", "--all-shells", "--json"]] {
        let ran = home.run(args);
        assert!(matches!(ran.status, 0 | 1), "{ran}");
        let after = home.tree();
        changed_nothing("all shells", &before, &home);
        let differs = before.differences(&after);
        let own = |line: &String| {
            [".bash_history", ".zsh_history", "fish", ".sh_history"].iter().any(|own| line.contains(own))
        };
        assert!(differs.iter().all(own), "{}", differs.join("\n"));
    }
    home.run(&["doctor", "--offline", "--patch"]);
    changed_nothing("a patch", &before, &home);
}
