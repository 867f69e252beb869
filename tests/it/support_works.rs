//! The tests of the test environment: what every other test leans on.

use std::os::unix::ffi::OsStrExt;
use std::panic::catch_unwind;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{
    Home, Kind, Mode, Ran, SESSION_LEADERS, Tty, assert_same_tree, find, go_roots, launch, missing, need, real_go,
    shell,
};

#[test]
fn a_home_is_what_was_written_into_it() {
    let home = Home::new();
    home.dir("empty").file("a/b", b"\xff\r\n").mode("a/b", 0o600).link("c", "nowhere");
    assert_eq!(home.read("a/b").as_deref(), Some(&b"\xff\r\n"[..]));
    assert_eq!(home.read("a/z"), None);
    let tree = home.tree();
    let names: Vec<_> = tree.0.keys().map(|path| path.to_str().expect("plain names")).collect();
    assert_eq!(names, ["", "a", "a/b", "c", "empty"]);
    assert_eq!(tree.0[Path::new("c")].kind, Kind::Link("nowhere".into()));
    assert_eq!(
        (&tree.0[Path::new("a/b")].kind, tree.0[Path::new("a/b")].mode),
        (&Kind::File(b"\xff\r\n".into()), 0o600)
    );
}

#[test]
fn every_kind_of_difference_is_named() {
    let home = Home::new();
    home.dir("dir").file("bytes", "one\ntwo\n").file("gone", "").file("mode", "").link("link", "old").file("kind", "");
    let before = home.tree();
    assert_same_tree(&before, &home.tree());
    home.unchanged(&before);

    home.file("bytes", b"one\n2\xff\n").mode("mode", 0o600).file("new", "").file("link-2", "");
    for name in ["gone", "link", "kind"] {
        fs_err::remove_file(home.path(name)).expect("it is there");
    }
    home.link("link", "new").dir("kind").mode("kind", 0o755);
    assert_eq!(
        before.differences(&home.tree()),
        [
            r"~ `bytes`: 8 bytes became 7; line 2: `two\n` became `2\xff\n`",
            r"- `gone`: file is gone",
            r"~ `kind`: file became folder",
            r"~ `kind`: mode 0644 became 0755",
            r"~ `link`: link to `old` became link to `new`",
            r"~ `mode`: mode 0644 became 0600",
            r"+ `link-2`: file with mode 0644 is new",
            r"+ `new`: file with mode 0644 is new",
        ]
    );
    let failed = catch_unwind(|| assert_same_tree(&before, &home.tree())).expect_err("they differ");
    assert!(failed.downcast_ref::<String>().expect("a message").contains("- `gone`: file is gone"));
}

#[test]
fn a_file_that_is_written_again_is_not_unchanged() {
    let home = Home::new();
    home.file("same", "bytes");
    let before = home.tree();
    home.file("other", "bytes");
    fs_err::rename(home.path("other"), home.path("same")).expect("both are there");
    assert_same_tree(&before, &home.tree());
    let names = ["~ the folder itself: has another inode or time", "~ `same`: has another inode or time"];
    assert_eq!(before.touched(&home.tree()), names);
    catch_unwind(|| home.unchanged(&before)).expect_err("it was touched");
}

#[test]
fn the_state_folder_can_be_left_out() {
    let state = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" };
    let home = Home::new();
    let before = home.tree();
    home.file(format!("{state}/goenv-setup/backup"), "");
    assert!(!before.differences(&home.tree()).is_empty());
    assert_same_tree(&before.clone().without_state(), &home.tree().without_state());
    home.file(format!("{state}/other"), "");
    assert_eq!(before.differences(&home.tree().without_state()).len(), 3, "two folders and the other's file");
}

#[test]
fn programs_get_this_environment_and_no_other() {
    let mut home = Home::named(b"we ird $x'y");
    home.env("GOROOT", "/opt/go").unset("TERM");
    let path = home.path("");
    assert_eq!(path.file_name().map(OsStrExt::as_bytes), Some(&b"we ird $x'y"[..]));
    let ran = Ran::of(&home.command("/usr/bin/env", &[] as &[&str])).ok();
    let text = String::from_utf8(ran.stdout).expect("plain values");
    let mut names: Vec<_> = text.lines().filter_map(|line| line.split('=').next()).collect();
    names.sort_unstable();
    // macOS adds the last one to every process.
    names.retain(|name| *name != "__CF_USER_TEXT_ENCODING");
    assert_eq!(names, ["GOROOT", "HOME", "LANG", "PATH", "TMPDIR"]);
    let inside = Ran::of(&home.command("/bin/sh", &["-c", "cd && pwd -P && cat"])).ok();
    assert_eq!(inside.stdout.strip_suffix(b"\n"), Some(path.as_os_str().as_bytes()));
}

#[test]
fn programs_lead_a_session_without_a_terminal() {
    let home = Home::new();
    let script = r"echo $(ps -o pgid= -p $$) $$; (: </dev/tty) 2>/dev/null || echo none";
    for leader in SESSION_LEADERS.iter().filter(|leader| find(leader[0]).is_some()) {
        let ran = Ran::led_by(leader, &home.command("/bin/sh", &["-c", script])).ok();
        let said = String::from_utf8(ran.stdout).expect("numbers");
        let words: Vec<_> = said.split_whitespace().collect();
        assert!(matches!(words[..], [group, pid, "none"] if group == pid), "{leader:?}: {words:?}");
    }
}

#[test]
fn what_a_program_leaves_behind_does_not_hold_up_the_test() {
    let home = Home::new();
    let start = Instant::now();
    let ran = Ran::of(&home.command("/bin/sh", &["-c", "sleep 60 & echo $!"])).ok();
    assert!(start.elapsed() < Duration::from_secs(15));
    let pid = String::from_utf8(ran.stdout).expect("a number");
    // A killed process takes a moment to die, and stays in the table as a zombie until its new parent looks after it.
    let gone = || {
        let alive = Ran::of(&home.command("/bin/ps", &["-o", "stat=", "-p", pid.trim()]));
        alive.stdout.is_empty() || alive.stdout.starts_with(b"Z")
    };
    while !gone() {
        assert!(start.elapsed() < Duration::from_secs(30), "{pid} is still alive");
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn expectations_fail_with_everything_that_was_said() {
    let home = Home::new();
    let ran = || Ran::of(&home.command("/bin/sh", &["-c", "echo out; echo err >&2; exit 3"]));
    ran().code(3).out_has("out").err_has("err");
    assert_eq!(Ran::of(&home.command("/bin/sh", &["-c", "kill -TERM $$"])).status, 143);
    let failures: [fn(Ran) -> Ran; 4] = [Ran::ok, |r| r.code(2), |r| r.out_has("err"), |r| r.err_has("out")];
    for failure in failures {
        let said = catch_unwind(|| failure(ran())).expect_err("it is not so");
        let said = said.downcast_ref::<String>().expect("a message");
        assert!(
            ["--- stdout\nout\n", "--- stderr\nerr\n", "status: 3", "exit 3"].iter().all(|p| said.contains(p)),
            "{said}"
        );
    }
}

#[test]
fn the_program_runs_and_touches_nothing_to_say_its_version() {
    let home = Home::new();
    let before = home.tree();
    home.run(&["--version"]).ok();
    home.unchanged(&before);
    assert_eq!(home.tty(&["--version"]).end().0, 0);
}

#[test]
fn a_fake_go_answers_like_one() {
    let mut home = Home::new();
    let root = home.fake_go("sdk/go", "1.22.10");
    assert_eq!(root, home.path("sdk/go"));
    let go = root.join("bin/go");
    Ran::of(&home.command(&go, &["version"])).ok().out_has("go version go1.22.10 linux/amd64\n");
    let own = Ran::of(&home.command(&go, &["env", "GOROOT"])).ok();
    assert_eq!(own.stdout.strip_suffix(b"\n"), Some(root.as_os_str().as_bytes()));
    home.env("GOROOT", "/x").env("GOPATH", "/y");
    let set = Ran::of(&home.command(&go, &["env", "GOROOT", "GOPATH", "GOVERSION"])).ok();
    assert_eq!(set.stdout, b"/x\n/y\ngo1.22.10\n");
}

/// The file in the home that only this way of starting reads first.
#[test]
fn shells_read_the_startup_files_of_their_mode() {
    let mark = |name: &str| format!("echo noise; GOPATH=\"${{GOPATH-}}:{name}\"\n");
    let files = [".zshenv", ".zprofile", ".zshrc", ".zlogin", ".bash_profile", ".bashrc", ".profile"];
    let home = Home::new();
    for file in files {
        home.file(file, mark(file));
    }
    for (name, expected) in [
        ("zsh", [":.zshenv:.zprofile:.zshrc:.zlogin", ":.zshenv:.zshrc", ":.zshenv:.zprofile:.zlogin", ":.zshenv"]),
        ("bash", [":.bash_profile", ":.bashrc", ":.bash_profile", ""]),
        ("dash", [":.profile", "", ":.profile", ""]),
    ] {
        if !need(name) {
            continue;
        }
        for (mode, expected) in Mode::ALL.into_iter().zip(expected) {
            let seen = launch(&home, name, mode);
            let expected = Some(expected.as_bytes()).filter(|text| !text.is_empty());
            assert_eq!(seen.gopath.as_deref(), expected, "{name} {mode:?}");
        }
    }
}

#[test]
fn a_shell_tells_what_it_sees_to_the_byte() {
    let mut home = Home::new();
    let root = home.fake_go("go", "1.22.10");
    let bin = root.join("bin");
    home.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    home.file(".zshenv", "GOROOT=; GOPATH=$'\\xff\\n'\n");
    if need("zsh") {
        let seen = launch(&home, "zsh", Mode::Command);
        assert_eq!(seen.go, Some(bin.join("go")));
        assert_eq!(seen.goroot.as_deref(), Some(&b""[..]), "set, but empty");
        assert_eq!(seen.gopath.as_deref(), Some(&b"\xff\n"[..]));
        assert!(seen.path.expect("it is set").starts_with(bin.as_os_str().as_bytes()));
        shell(&home, "zsh", &["-c", "exit 7"]).code(7);
    }
    home.env("PATH", "/nowhere");
    if need("dash") {
        let seen = launch(&home, "dash", Mode::Command);
        assert_eq!((seen.goroot, seen.gopath, seen.go), (None, None, None));
    }
    home.file(".zshenv", "exit 0\n");
    if need("zsh") {
        catch_unwind(|| launch(&home, "zsh", Mode::Command)).expect_err("it never got there");
    }
}

#[test]
fn a_terminal_asks_and_is_answered() {
    let home = Home::new();
    let ask =
        || Tty::start(home.command("/bin/sh", &["-c", "[ -t 0 ] && printf 'sure? '; read a; echo \"got $a\"; exit 3"]));
    let mut tty = ask();
    assert_eq!(tty.sees("sure? "), "");
    tty.types("yes\r");
    assert_eq!(tty.end(), (3, "got yes\r\n".into()));
    let mut tty = ask();
    tty.sees("sure? ");
    tty.control('c');
    assert_eq!(tty.end().0, 130);
}

#[test]
fn a_missing_tool_fails_where_everything_is_wanted() {
    let failed = catch_unwind(|| missing("it", true)).expect_err("everything is wanted");
    assert!(failed.downcast_ref::<String>().expect("a message").contains("this is missing: it;"));
    assert_eq!(find("goenv-setup-no-such-tool"), None);
}

#[test]
fn real_go_releases_run_from_where_they_lie() {
    let home = Home::new();
    for name in ["go1.9.7", "go1.22.10", "go1.22.9"] {
        home.fake_go(name, &name[2..]);
    }
    home.dir("go1.5").dir(".new.x").file("go2", "");
    let names = go_roots(&home.path("")).into_iter().map(|root| root.file_name().map(ToOwned::to_owned));
    assert_eq!(names.flatten().collect::<Vec<_>>(), ["go1.9.7", "go1.22.9", "go1.22.10"]);
    let home = Home::new();
    home.no_telemetry();
    let before = home.tree();
    for root in real_go() {
        let version = root.file_name().and_then(|name| name.to_str()).expect("go1.X.Y").to_owned();
        let ran =
            Ran::of(home.command(root.join("bin/go"), &["env", "GOVERSION", "GOROOT"]).env("GOTOOLCHAIN", "local"))
                .ok();
        assert_eq!(String::from_utf8_lossy(&ran.stdout), format!("{version}\n{}\n", root.display()));
    }
    assert_same_tree(&before, &home.tree());
}
