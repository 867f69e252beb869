//! While doctor works: one line for a person, nothing for a pipe, ^C ends it with all that it started; and whoever reads
//! may stop reading.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{append, healthy};
use crate::matrix::screen;
use crate::support::need;

const LINE: &str = "starting shells: ";

#[test]
fn a_line_of_progress_that_leaves_nothing_behind() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    let (status, written) = home.tty(&["doctor", "--shell", "zsh", "--offline", "--color", "never"]).end();
    assert_eq!(status, 0, "{written}");
    for step in ["0 of ", "1 of ", "2 of "] {
        assert!(written.contains(&format!("\r{LINE}{step}")), "{step}: {written:?}");
    }
    let screen = screen(&written);
    assert!(!screen.iter().any(|line| line.contains("starting") || line.contains(" of 4")), "{screen:#?}");
    assert!(screen.iter().any(|line| line.starts_with("nothing is wrong")), "{screen:#?}");
}

#[test]
#[cfg(not(target_os = "macos"))]
fn progress_of_servers_too() {
    use crate::support::server::{Manner, Server};

    if !need("zsh") || !need("openssl") {
        return;
    }
    let home = healthy();
    let servers = [Manner::Good, Manner::Slow(Duration::from_millis(300))].map(Server::start);
    let [good, slow] = servers.each_ref().map(Server::url);
    append(&home, ".zshrc", &format!("export GOPROXY={good},{slow} GOSUMDB=off\n"));
    let (_, written) = home.tty(&["doctor", "--shell", "zsh", "--color", "never"]).end();
    for step in ["0 of 2", "1 of 2", "2 of 2"] {
        assert!(written.contains(&format!("\rasking where modules come from: {step}")), "{step}: {written:?}");
    }
    let screen = screen(&written);
    assert!(!screen.iter().any(|line| line.contains("asking") || line.contains("starting")), "{screen:#?}");
}

#[test]
fn no_progress_without_a_terminal_or_when_told_to_be_quiet() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    let (status, written) = home.tty(&["doctor", "--shell", "zsh", "--offline", "--quiet"]).end();
    assert!(status == 0 && !written.contains("starting"), "{written:?}");
    for json in [&[][..], &["--json"]] {
        let piped = home.run(&[&["doctor", "--shell", "zsh", "--offline"], json].concat()).ok();
        assert!(piped.stderr.is_empty(), "{piped}");
    }
    // The product is a pipe's, the talk a terminal's.
    let (status, written) = home.tty_script(r#""$0" doctor --shell zsh --offline --json >"$TMPDIR/out""#).end();
    assert!(status == 0 && written.contains(LINE) && !written.contains("nothing is wrong"), "{written:?}");
    let out = home.read("../tmp/out").expect("it was written");
    serde_json::from_slice::<Value>(&out).expect("one document and nothing else");
}

#[test]
fn control_c_ends_what_was_started() {
    if !need("zsh") || !need("bash") {
        return;
    }
    for json in ["", "--json"] {
        let home = healthy();
        let before = home.tree();
        append(&home, ".zlogin", "echo $$ >$TMPDIR/pid.part; mv $TMPDIR/pid.part $TMPDIR/pid; sleep 30\n");
        let script = format!(
            r#"trap : INT; "$0" doctor --offline --shell zsh --shell bash {json} >"$TMPDIR/out"; echo "status $?""#
        );
        let mut tty = home.tty_script(&script);
        let deadline = Instant::now() + Duration::from_secs(20);
        while home.read("../tmp/pid").is_none() {
            assert!(Instant::now() < deadline, "zsh did not start");
            sleep(Duration::from_millis(5));
        }
        let pid = String::from_utf8(home.read("../tmp/pid").expect("it is there")).expect("a number");
        let alive = || home.command("kill", &["-0", pid.trim()]).output().expect("kill is here").status.success();
        assert!(alive());
        let pressed = Instant::now();
        tty.control('c');
        let written = tty.sees("status 130\r\n");
        assert!(pressed.elapsed() < Duration::from_secs(5), "it waited for the limit");
        assert!(!alive(), "the shell goes on");
        let screen = screen(&written);
        assert!(screen.iter().any(|line| line == "interrupted"), "{screen:#?}");
        assert!(!screen.iter().any(|line| line.contains("starting")), "{screen:#?}");
        let out = home.read("../tmp/out").expect("it was written");
        if json.is_empty() {
            assert!(out.is_empty());
        } else {
            let one: Value = serde_json::from_slice(&out).expect("one document");
            assert_eq!((one["result"].as_str(), one["exit"].as_i64()), (Some("interrupted"), Some(130)));
        }
        let left: Vec<_> = fs_err::read_dir(home.beside("tmp")).expect("a folder").flatten().collect();
        let left: Vec<_> = left.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        assert!(!left.iter().any(|name| name.starts_with("goenv-setup-")), "left behind: {left:?}");
        fs_err::remove_file(home.path(".zlogin")).expect("it is there");
        let changed = super::healthy::changes(&before, &home.tree());
        assert!(changed.is_empty(), "{}", changed.join("\n"));
    }
}

/// Whoever reads may close early; a full disk is another matter.
#[test]
fn standard_output_that_nobody_reads() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    append(&home, ".zshrc", "export GOROOT=/nonexistent\n");
    for more in ["", "--json", "--patch"] {
        let run = format!(r#""$0" doctor --offline --shell zsh {more}"#);
        for (script, status) in [
            (format!("({run}; echo status $? >&2) | head -1 >/dev/null"), "status 1"),
            (format!("({run}; echo status $? >&2) | true"), "status 1"),
            (format!("{run} >&-; echo status $? >&2"), "status 1"),
            (format!("{run} 2>&- | cat >/dev/null; echo status $? >&2"), "status 0"),
        ] {
            let ran = home.script(&script).err_has(status);
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(!said.contains("panicked") && !said.contains("error:"), "{more}\n{ran}");
        }
        if cfg!(target_os = "linux") {
            home.script(&format!("{run} >/dev/full; echo status $? >&2"))
                .err_has("cannot write to standard output")
                .err_has("status 1");
        }
    }
}
