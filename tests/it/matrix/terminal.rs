//! While it works: one line for a person, nothing for a pipe, and ^C ends it with all that it started.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{append, applied, shells_are_here};

const LINE: &str = "starting shells: ";

/// What stands on a terminal of one endless width after all this was written to it.
pub(crate) fn screen(written: &str) -> Vec<String> {
    let mut lines = vec![Vec::new()];
    let mut column = 0;
    for char in written.chars() {
        let line = lines.last_mut().expect("there is one");
        match char {
            '\r' => column = 0,
            '\n' => lines.push(Vec::new()),
            _ => {
                line.resize(line.len().max(column + 1), ' ');
                line[column] = char;
                column += 1;
            }
        }
    }
    lines.into_iter().map(|line| line.into_iter().collect::<String>().trim_end().to_owned()).collect()
}

#[test]
fn a_line_of_progress_that_leaves_nothing_behind() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    let (status, written) = home.tty(&["matrix", "--shell", "zsh", "--color", "never"]).end();
    assert_eq!(status, 0, "{written}");
    for step in ["0 of 4", "1 of 4", "4 of 4"] {
        assert!(written.contains(&format!("\r{LINE}{step}")), "{step}: {written:?}");
    }
    let screen = screen(&written);
    assert!(!screen.iter().any(|line| line.contains("starting") || line.contains("of 4")), "{screen:#?}");
    let head = screen.iter().position(|line| line.starts_with("start  ")).expect("a table");
    assert!(screen[head + 1].starts_with("zsh -l -i  ok "), "{screen:#?}");
}

#[test]
fn no_progress_without_a_terminal_or_when_told_to_be_quiet() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    let (status, written) = home.tty(&["matrix", "--shell", "zsh", "--quiet"]).end();
    assert_eq!(status, 0);
    assert!(!written.contains("starting"), "{written:?}");
    let piped = home.run(&["matrix", "--shell", "zsh"]).ok();
    assert!(!String::from_utf8_lossy(&piped.stderr).contains("starting"), "{piped}");
    // The product is a pipe's, the talk a terminal's.
    let (status, written) = home.tty_script(r#""$0" matrix --shell zsh >"$TMPDIR/out""#).end();
    assert_eq!(status, 0);
    assert!(written.contains(LINE) && !written.contains("zsh -l -i"), "{written:?}");
    let out = home.read("../tmp/out").expect("it was written");
    assert!(!String::from_utf8_lossy(&out).contains("starting"));
}

#[test]
fn control_c_ends_what_was_started() {
    if !shells_are_here() {
        return;
    }
    for json in ["", "--json"] {
        let home = applied();
        append(&home, ".zshrc", "echo $$ >~/pid.part; mv ~/pid.part ~/pid; sleep 30\n");
        let script =
            format!(r#"trap : INT; "$0" matrix --shell zsh --shell bash {json} >"$TMPDIR/out"; echo "status $?""#);
        let mut tty = home.tty_script(&script);
        let deadline = Instant::now() + Duration::from_secs(20);
        while home.read("pid").is_none() {
            assert!(Instant::now() < deadline, "zsh did not start");
            sleep(Duration::from_millis(5));
        }
        let pid = String::from_utf8(home.read("pid").expect("it is there")).expect("a number");
        let alive = || home.command("kill", &["-0", pid.trim()]).output().expect("kill is here").status.success();
        assert!(alive());
        let pressed = Instant::now();
        tty.control('c');
        let written = tty.sees("status 130\r\n");
        assert!(pressed.elapsed() < Duration::from_secs(8), "it waited for the limit");
        assert!(!alive(), "the shell goes on");
        let screen = screen(&written);
        assert!(screen.iter().any(|line| line == "interrupted"), "{screen:#?}");
        assert!(!screen.iter().any(|line| line.contains("starting")), "{screen:#?}");
        let out = String::from_utf8(home.read("../tmp/out").expect("it was written")).expect("text");
        if json.is_empty() {
            assert_eq!(out, "");
        } else {
            let one: serde_json::Value = serde_json::from_str(&out).expect("one document");
            assert_eq!((one["result"].as_str(), one["exit"].as_i64()), (Some("interrupted"), Some(130)));
        }
        let left = fs_err::read_dir(home.beside("tmp")).expect("a folder").flatten().map(|entry| entry.file_name());
        let left: Vec<_> = left.filter(|name| Path::new(name) != Path::new("out")).collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}
