//! `matrix`: each verdict made real in real shells, the three forms, and what a person sees while it works.

mod forms;
mod speed;
mod terminal;

pub(crate) use terminal::screen;

use goenv_setup::probe;
use goenv_setup::shells::{self, LaunchMode, Program};

use crate::support::{Home, Ran, find, matrix, need, real_go, run_under};

fn shells_are_here() -> bool {
    ["zsh", "bash", "dash"].into_iter().all(need)
}

/// A home with a Go, in which zsh and bash find it wherever a startup file can bring it.
fn applied() -> Home {
    let home = Home::with_go();
    home.file(".bashrc", "");
    for shell in ["zsh", "bash"] {
        run_under(&home, shell, &["apply", "--yes", "--no-verify", "--reach", "all", "--shell", shell]).ok();
    }
    home
}

/// Writes lines behind what is in a startup file.
fn append(home: &Home, file: &str, lines: &str) {
    let before = home.read(file).unwrap_or_default();
    home.file(file, [before, lines.into()].concat());
}

/// Every program that is installed, in every launch mode in which it can be started: no more, no less, in one order.
#[test]
fn one_row_for_each_way_of_starting_each_program() {
    if !shells_are_here() {
        return;
    }
    let seen = matrix(&Home::new(), "zsh", &["--all-shells"]);
    let mut expected = Vec::new();
    for shell in shells::ALL {
        // ksh93 may be installed as ksh alone.
        let there = |label| seen.cells.iter().any(|cell| cell.text("program") == label);
        let there = |program: &&Program| probe::which(program.file).is_some() || there(program.label);
        for program in shell.programs().iter().filter(there) {
            for mode in LaunchMode::ALL {
                if let Some(start) = shell.start(program, mode) {
                    expected.push(format!("{} {} {} {}", shell.name(), mode.name(), program.label, start.words));
                }
            }
        }
    }
    let rows = seen.cells.iter().map(|cell| format!("{} {} {}", cell.text("shell"), cell.text("mode"), cell.name));
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    assert!(expected.len() > 20 && seen.status == 1);
}

#[test]
fn which_shells() {
    if !shells_are_here() {
        return;
    }
    let mut home = Home::new();
    home.env("SHELL", "/bin/zsh");
    let programs = |flags: &[&str]| {
        let mut programs: Vec<String> =
            matrix(&home, "zsh", flags).cells.iter().map(|cell| cell.text("program").to_owned()).collect();
        programs.dedup();
        programs
    };
    assert_eq!(programs(&[]), ["zsh"]);
    home.file(".bashrc", "");
    assert_eq!(programs(&[]), ["zsh", "bash"]);
    assert_eq!(programs(&["--shell", "bash"]), ["bash"]);
    assert_eq!(programs(&["--shell", "bash", "--shell", "zsh"]), ["bash", "zsh"]);
    let sh = programs(&["--shell", "dash"]);
    for program in ["sh", "bash as sh", "zsh as sh"] {
        assert!(sh.iter().any(|label| label == program), "{sh:?}");
    }
    let unknown = home.run(&["matrix", "--shell", "nosuch"]).code(3);
    assert!(unknown.stdout.is_empty());
    unknown.err_has("cannot use `--shell nosuch`").err_has("`goenv-setup matrix --shell ");
    for wrong in [&["--shell", "zsh", "--all-shells"][..], &["--json", "--format", "json"], &["--format", "pdf"]] {
        home.run(&[&["matrix"], wrong].concat()).code(2);
    }
}

#[test]
fn ok_and_what_no_file_can_reach() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    let before = home.tree();
    let seen = matrix(&home, "zsh", &["--shell", "zsh", "--shell", "bash", "--shell", "sh"]);
    home.unchanged(&before);
    assert_eq!(seen.status, 0, "{seen}");
    let reached = ["zsh -l -i", "zsh -i", "zsh -l -c", "zsh -c", "bash -l -i", "bash -i", "bash -l -c"];
    for name in reached.iter().chain(&["bash ssh command", "sh -l -i", "sh -l -c", "bash as sh -l -i"]) {
        let cell = seen.cell(name);
        assert_eq!((cell.verdict(), cell.text("reached_by")), ("ok", "file"), "{seen}");
        let values = ["go", "goroot", "gopath", "version"].map(|key| cell.text(key).to_owned());
        let path = |path: &str| home.path(path).display().to_string();
        assert_eq!(values, [path("opt/go/bin/go"), path("opt/go"), path("go"), "go1.22.10".to_owned()], "{name}");
        assert!(cell.json.get("stderr").is_none() && cell.json["why"].is_null());
    }
    for name in ["bash -c", "sh -i", "sh -c", "zsh as sh -c"] {
        let cell = seen.cell(name);
        assert_eq!((cell.verdict(), cell.text("reached_by")), ("not reachable by any file", "inherited"), "{seen}");
        assert!(["go", "goroot", "gopath", "version"].iter().all(|key| cell.json[key].is_null()), "{name}");
    }
    let promised: Vec<&str> =
        seen.cells.iter().filter(|cell| cell.json["promised"] == true).map(|cell| cell.name.as_str()).collect();
    assert_eq!(promised[..7], reached);
}

#[test]
fn no_go_and_any_go() {
    if !shells_are_here() {
        return;
    }
    let mut home = Home::with_go();
    let seen = matrix(&home, "zsh", &["--shell", "zsh", "--shell", "bash"]);
    for name in ["zsh -l -i", "zsh -c", "bash -l -i", "bash ssh command"] {
        assert_eq!(seen.verdict(name), "no go", "{seen}");
    }
    assert_eq!((seen.verdict("bash -c"), seen.status), ("not reachable by any file", 1));
    // No Go is known: whatever is found is right.
    home.env("PATH", "/usr/bin:/bin");
    home.file(".zshenv", "PATH=~/opt/go/bin:$PATH\n");
    let seen = matrix(&home, "zsh", &["--shell", "zsh"]);
    assert!(seen.cells.iter().all(|cell| cell.verdict() == "ok") && seen.status == 0, "{seen}");
}

#[test]
fn another_go_and_a_goroot_that_does_not_fit() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    let other = home.fake_go("other/go", "1.23.4");
    home.link("same", home.path("opt/go"));
    append(&home, ".zshrc", "PATH=~/other/go/bin:$PATH\nunset GOROOT\n");
    append(&home, ".profile", "PATH=~/other/go/bin:$PATH\n");
    append(&home, ".bashrc", "export GOROOT=~/no/such\n");
    append(&home, ".zprofile", "export GOROOT=~/same\n");
    let seen = matrix(&home, "zsh", &["--shell", "zsh", "--shell", "bash"]);
    for name in ["zsh -l -i", "zsh -i"] {
        let cell = seen.cell(name);
        assert_eq!((cell.verdict(), cell.text("version")), ("other go", "go1.23.4"), "{seen}");
    }
    for name in ["zsh -l -c", "zsh -c"] {
        assert_eq!(seen.verdict(name), "ok", "another name of the same root\n{seen}");
    }
    let pair = format!("GOROOT is `{}` of go1.22.10, and go is go1.23.4", home.path("opt/go").display());
    let missing = format!("GOROOT is `{}`, where there is no Go", home.path("no/such").display());
    for (name, why) in
        [("bash -l -i", &pair), ("bash -l -c", &pair), ("bash -i", &missing), ("bash ssh command", &missing)]
    {
        assert_eq!((seen.verdict(name), seen.cell(name).text("why")), ("broken", why.as_str()), "{seen}");
    }
    assert_eq!(seen.status, 1);
    // The same file under another name is that Go.
    append(&home, ".zshrc", &format!("PATH=~/same/bin:${{PATH#{}/bin:}}\n", other.display()));
    assert_eq!(matrix(&home, "zsh", &["--shell", "zsh"]).status, 0);
}

#[test]
fn a_start_that_ends_early_is_broken() {
    if !shells_are_here() {
        return;
    }
    let mut home = applied();
    home.env("SHELL", "/bin/zsh");
    append(&home, ".zshrc", "set -v\ntoken=hunter2xyz\nprint -u2 gone 'wrong\u{1b}[31m'; exit 3\n");
    append(&home, ".bashrc", "set -x\nTOKEN=hunter2xyz\nkill -9 $$\n");
    let seen = matrix(&home, "zsh", &["--shell", "zsh", "--shell", "bash"]);
    assert_eq!(seen.status, 1);
    for name in ["zsh -l -i", "zsh -i"] {
        let cell = seen.cell(name);
        assert_eq!(cell.verdict(), "broken", "{seen}");
        assert_eq!(cell.text("why"), "exit status 3: gone wrong^[[31m", "{seen}");
        assert_eq!(cell.json["stderr"][0], "gone wrong^[[31m", "{}", cell.json);
        assert!(cell.json["go"].is_null() && cell.json["version"].is_null());
    }
    assert_eq!(seen.verdict("zsh -l -c"), "ok", "{seen}");
    assert_eq!(seen.verdict("bash -i"), "broken", "{seen}");
    assert!(!seen.cells.iter().any(|cell| cell.json.to_string().contains("hunter2xyz")), "a line of the user's own");
    home.file(".bashrc", "kill -9 $$\n");
    let seen = matrix(&home, "zsh", &["--shell", "bash"]);
    assert_eq!(seen.cell("bash -i").text("why"), "a signal ended it");
    let table = run_under(&home, "zsh", &["matrix"]).code(1);
    table.out_has("\nbroken: bash -i: a signal ended it\n").err_has("not as it should be: ");
}

#[test]
fn a_start_that_does_not_end_is_timed_out() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    // Only one launch mode: serial as they are, two would take twice the limit.
    append(&home, ".bashrc", "case $- in *i*) sleep 15;; esac\n");
    // Each shell with job control gives what it waits for a process group of its own.
    let job = |name: &str| format!("[ -e ~/{name} ] || sh -c 'echo $$ >~/{name}; exec sleep 100'\n");
    home.file(".kshrc", job("ksh")).file(".mkshrc", job("mksh"));
    let seen = matrix(&home, "zsh", &["--shell", "bash", "--shell", "zsh", "--shell", "ksh93", "--shell", "mksh"]);
    for name in ["ksh", "mksh"].iter().filter(|name| home.read(name).is_some()) {
        let pid = String::from_utf8(home.read(name).expect("it is there")).expect("a number");
        let state = home.command("ps", &["-o", "stat=", "-p", pid.trim()]).output().expect("ps is here").stdout;
        // One that nobody has buried yet has ended, too.
        assert!(state.trim_ascii().is_empty() || state.trim_ascii().starts_with(b"Z"), "{name} goes on");
    }
    let cell = seen.cell("bash -i");
    assert_eq!((cell.verdict(), seen.status), ("timed out", 1), "{seen}");
    assert!((10_000..15_000).contains(&cell.ms()), "{} ms", cell.ms());
    let others = seen.cells.iter().filter(|cell| cell.name.starts_with("bash") || cell.name.starts_with("zsh"));
    let others = others.filter(|cell| cell.name != "bash -i" && cell.name != "bash -c");
    assert!(others.into_iter().all(|cell| cell.verdict() == "ok"), "{seen}");
}

/// A `go` without a `VERSION` file is asked, once. It may be a link to a program that has another `go` beside it.
#[test]
fn a_wrapper_is_asked_for_its_version() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    home.fake_go("tools", "1.23.4");
    let script = "#!/bin/sh\necho \"$* $GOTOOLCHAIN $GOPROXY<$GOFLAGS><$GOROOT> $(ls -A | wc -l) $PWD $HOME\" >>~/asked\n\
                  echo 'go version go1.24rc1 linux/amd64'\n";
    program(&home, "tools/bin/shims", script);
    home.link("bin/go", "../tools/bin/shims");
    append(&home, ".zshenv", "PATH=~/bin:$PATH\nunset GOROOT\nexport GOFLAGS=-mod=mod\n");
    append(&home, ".zprofile", "unset GOROOT\n");
    let seen = matrix(&home, "zsh", &["--shell", "zsh"]);
    for name in ["zsh -c", "zsh -i"] {
        let cell = seen.cell(name);
        assert_eq!((cell.verdict(), cell.text("version")), ("other go", "go1.24rc1"), "{seen}");
    }
    let asked = String::from_utf8(home.read("asked").expect("it was asked")).expect("text");
    let words: Vec<&str> = asked.split_whitespace().collect();
    assert_eq!(words[..4], ["version", "local", "off<><>", "0"], "{asked}");
    assert_ne!(words[4], home.path("").display().to_string(), "not in the home");
    assert_eq!((words[5].into(), words.len()), (home.path("").display().to_string(), 6), "once: {asked}");
}

/// A real one counts what it does, and must not do so in the home.
#[test]
fn asking_a_real_go_leaves_the_home_as_it_is() {
    let Some(root) = real_go().pop().filter(|_| shells_are_here()) else { return };
    let home = Home::with_go();
    program(&home, "bin/go", &format!("#!/bin/sh\nexec '{}/bin/go' \"$@\"\n", root.display()));
    home.file(".zshenv", "PATH=~/bin:$PATH\nexport GOROOT=~/no/such\n");
    let before = home.tree();
    let seen = matrix(&home, "zsh", &["--shell", "zsh"]);
    home.unchanged(&before);
    let release = root.file_name().expect("it has a name").to_string_lossy().into_owned();
    assert_eq!(seen.cell("zsh -c").text("version"), release, "{seen}");
}

/// Writes a program. By `cp`: one that this process has just had open for writing cannot be started.
fn program(home: &Home, path: &str, script: &str) {
    home.file(format!("{path}.new"), script);
    let copy = format!("cp {path}.new {path} && rm {path}.new");
    Ran::of(&home.command(find("sh").expect("every system has it"), &["-c", &copy])).ok();
    home.mode(path, 0o755);
}
