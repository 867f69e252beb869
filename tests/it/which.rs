//! Which Go stays chosen, what a flag changes of it, and what is said where that surprises.

use crate::installs::machine::Machine;
use crate::support::{Home, find, need};

const QUESTION: &str = "Apply these changes? [y/N] ";

/// Each variable that says where a version manager lives, and the folder of its `go` below there.
const MANAGERS: [(&str, &str); 4] =
    [("GOENV_ROOT", "shims"), ("MISE_DATA_DIR", "shims"), ("ASDF_DATA_DIR", "shims"), ("GVM_ROOT", "gos/go1.22/bin")];

/// Puts these folders on PATH, and nothing else than the system's.
fn path(home: &mut Home, folders: &[&str]) {
    let mut all: Vec<String> = folders.iter().map(|folder| home.path(folder).display().to_string()).collect();
    all.push("/usr/bin:/bin".to_owned());
    home.env("PATH", all.join(":"));
}

/// A `go` that is no Go root's.
fn shim(home: &Home, folder: &str) {
    home.file(format!("{folder}/go"), "#!/bin/sh\necho go version go1.21.1 linux/amd64\n");
    home.mode(format!("{folder}/go"), 0o755);
}

fn block(home: &Home, file: &str) -> String {
    String::from_utf8(home.read(file).unwrap_or_default()).expect("text")
}

/// cron, or a shell that has not loaded the manager, does not know where it lives.
#[test]
fn what_was_left_to_a_manager_stays_so_where_none_is_seen() {
    for (variable, folder) in MANAGERS {
        for shell in ["zsh", "bash", "fish", "tcsh"] {
            let mut home = Home::with_go();
            home.file(".profile", "");
            let folder = format!("apps/manager/{folder}");
            shim(&home, &folder);
            home.env(variable, home.path("apps/manager"));
            path(&mut home, &[&folder, "opt/go/bin"]);
            home.run(&["apply", "--shell", shell, "--yes", "--no-verify"]).ok().err_has("go: left to ");
            home.unset(variable);
            home.env("SHELL", format!("/bin/{shell}"));
            home.env("GOROOT", home.path("opt/go"));
            for folders in [&["opt/go/bin"][..], &[], &[&folder, "opt/go/bin"]] {
                path(&mut home, folders);
                let ran = home.run(&["apply", "--shell", shell, "--check"]).ok().err_has("nothing to do");
                ran.err_has("go: left to a version manager\n").err_has("`goenv-setup apply --profile auto`");
                home.run(&["apply", "--shell", shell, "--yes"]).ok().err_has("nothing to do");
                home.run(&["status"]).ok();
                home.run(&["status", "--json"]).ok().out_has("\"manager\": null");
            }
            // A flag says otherwise, and so does a manager that is seen.
            home.fake_go("other", "1.22.10");
            let other = home.path("other");
            let other = other.to_str().expect("text");
            home.run(&["apply", "--shell", shell, "--check", "--goroot", other]).code(1).out_has("other");
            home.run(&["apply", "--shell", shell, "--check", "--profile", "auto"]).code(1).out_has("opt/go");
            home.env(variable, home.path("apps/manager"));
            let ran = home.run(&["apply", "--shell", shell, "--check"]).ok();
            let said = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert!(!said.contains("left to a version manager"), "{variable}\n{ran}");
        }
    }
}

#[test]
fn a_portable_block_is_no_question_of_which_go() {
    let mut home = Home::with_go();
    home.fake_go("apps/two", "1.21.13");
    path(&mut home, &["opt/go/bin", "apps/two/bin"]);
    let quiet = |text: &str| assert!(!text.contains("Which Go") && !text.contains("more than one Go"), "{text}");
    let ran = home.run(&["apply", "--shell", "zsh", "--portable", "--dry-run"]).ok();
    quiet(&String::from_utf8_lossy(&ran.stderr));
    let mut tty = home.tty(&["apply", "--shell", "zsh", "--portable", "--no-verify"]);
    quiet(&tty.sees(QUESTION));
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    for flags in [&[][..], &["--no-goroot", "--no-verify"]] {
        let mut tty = home.tty(&[&["apply", "--shell", "zsh"], flags].concat());
        if !flags.is_empty() {
            quiet(&tty.sees(QUESTION));
            tty.types("n");
        }
        quiet(&tty.end().1);
    }
}

#[test]
fn a_profile_that_says_which_go_goes_without_portable() {
    let home = Home::with_go();
    let before = home.tree();
    for profile in ["homebrew", "gvm", "manual"] {
        for flag in ["--portable", "--no-portable"] {
            let words = format!("`--profile {profile}` says which Go, and `{flag}` ");
            home.run(&["apply", "--profile", profile, flag, "--yes"]).code(2).err_has(&words).err_has("hint: ");
            home.run(&["print", "--profile", profile, flag]).code(2).err_has(&words);
        }
    }
    home.run(&["apply", "--profile", "auto", "--portable", "--dry-run", "--shell", "zsh"]).ok().err_has("places");
    home.unchanged(&before);
}

#[test]
fn a_profile_wins_over_a_portable_block() {
    if cfg!(target_os = "macos") || !need("zsh") {
        return; // the same files could not be laid over the system there
    }
    let Some(machine) = Machine::anywhere() else { return };
    let keg = "/opt/homebrew/Cellar/go/1.22.10";
    machine.go(&format!("{keg}/libexec"), "1.22.10").link("/opt/homebrew/opt/go", "../Cellar/go/1.22.10");
    machine.go("/usr/local/go", "1.20.14");
    for (profile, holds) in [
        ("homebrew", "_go='/opt/homebrew/opt/go/libexec/bin'\n"),
        ("manual", "_go='/usr/local/go/bin'\n"),
        ("auto", "_go='/usr/local/go/bin'\n"),
        ("gvm", "_gvm="),
    ] {
        machine.setup(&["apply", "--shell", "zsh", "--yes", "--no-verify", "--portable"]).ok();
        assert!(block(&machine.home, ".zshrc").contains("|| for _go in "));
        machine.setup(&["apply", "--shell", "zsh", "--yes", "--no-verify", "--profile", profile]).ok();
        let text = block(&machine.home, ".zshrc");
        assert!(text.contains(holds) && !text.contains("|| for _go in "), "{profile}\n{text}");
        machine.setup(&["apply", "--shell", "zsh", "--check"]).ok();
    }
}

#[test]
fn auto_chooses_anew_and_keeps_the_reach() {
    let mut home = Home::with_go();
    home.file(".profile", "");
    home.file(".gvm/scripts/gvm", "gvm() { :; }\n");
    let fresh = Home::with_go();
    fresh.file(".profile", "");
    fresh.run(&["apply", "--shell", "bash", "--reach", "login", "--yes", "--no-verify"]).ok();
    for flags in [&["--profile", "gvm"][..], &["--goroot", "/srv/go"], &["--portable"]] {
        let reach = ["--shell", "bash", "--reach", "login"];
        home.run(&[&["apply", "--yes", "--no-verify"][..], flags, &reach].concat()).ok();
        let ran = home.run(&["apply", "--shell", "bash", "--yes", "--no-verify", "--profile", "auto"]).ok();
        ran.err_has("go: ~/opt/go/bin (go1.22.10), from PATH").err_has("reach: login, from block");
        for file in [".profile", ".bashrc"] {
            assert_eq!(block(&home, file), block(&fresh, file), "{flags:?}: {file}");
        }
        home.run(&["apply", "--shell", "bash", "--check"]).ok();
    }
    // Where there are several, it asks as it would on a fresh home.
    home.fake_go("apps/two", "1.21.13");
    path(&mut home, &["opt/go/bin", "apps/two/bin"]);
    let mut tty = home.tty(&["apply", "--shell", "bash", "--profile", "auto", "--no-verify"]);
    tty.sees("apps/two/bin  go1.21.13  (other)");
    tty.types("j\r").sees(QUESTION);
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    assert!(block(&home, ".bashrc").contains("/apps/two/bin\"\n"));
    home.run(&["apply", "--help"]).ok().out_has("chooses anew");
}

#[test]
fn the_only_go_of_an_environment_is_told_once() {
    for (root, why) in [("miniconda3", "conda environment"), ("src/x/.venv", "virtual environment")] {
        let mut home = Home::new();
        shim(&home, &format!("{root}/bin"));
        path(&mut home, &[&format!("{root}/bin")]);
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        if said.contains("from well-known place") {
            continue; // this machine has a Go of its own
        }
        let bin = format!("{root}/bin`");
        let lines: Vec<&str> = said.lines().filter(|line| line.contains(&bin)).collect();
        assert!(lines.len() == 1 && lines[0].starts_with("warning: there is no other Go"), "{ran}");
        assert!(lines[0].contains("is used, although it belongs to ") && lines[0].contains(why), "{ran}");
        assert!(!said.contains("passed over"), "{ran}");
        // Where there is another, it is that one that is passed over.
        home.fake_go("opt/go", "1.22.10");
        path(&mut home, &[&format!("{root}/bin"), "opt/go/bin"]);
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
        ran.err_has("is passed over: it belongs to ").err_has("go: ~/opt/go/bin");
    }
}

/// What is said of the manager is what its user sees.
#[test]
fn a_manager_in_front_of_a_portable_block() {
    for (name, file, line) in [
        ("zsh", ".zshrc", "export PATH=\"$HOME/.goenv/shims:$PATH\"\n"),
        ("bash", ".bashrc", "export PATH=\"$HOME/.goenv/shims:$PATH\"\n"),
        ("fish", ".config/fish/config.fish", "set -gx PATH $HOME/.goenv/shims $PATH\n"),
    ] {
        if !need(name) {
            continue;
        }
        for above in [true, false] {
            let mut home = Home::new();
            home.fake_go(".local/go", "1.22.10");
            shim(&home, ".goenv/shims");
            home.file(file, if above { line } else { "" });
            path(&mut home, &[".goenv/shims"]);
            let goroot = home.path(".local/go");
            let goroot = goroot.to_str().expect("text");
            let portable = ["apply", "--shell", name, "--portable", "--goroot", goroot, "--no-verify", "--yes"];
            let ran = home.run(&portable).ok();
            let words =
                "of goenv is in front on PATH here: where a startup file loads goenv above the portable block, ";
            ran.err_has(words).err_has("`goenv-setup apply --no-portable`");
            if !above {
                let block = block(&home, file);
                home.file(file, format!("{block}{line}"));
            }
            path(&mut home, &[]);
            let ran =
                crate::support::Ran::of(&home.command(find(name).expect("it is here"), &["-i", "-c", "go version"]));
            let shims = !above || name == "fish";
            ran.out_has(if shims { "go1.21.1 " } else { "go1.22.10 " });
            let quiet = home.run(&["apply", "--shell", name, "--check"]);
            assert!(!String::from_utf8_lossy(&quiet.stderr).contains("goenv is in front"), "{quiet}");
            path(&mut home, &[".goenv/shims"]);
            home.run(&["apply", "--shell", name, "--no-portable", "--dry-run"]).ok().err_has("go: left to goenv");
        }
    }
}

/// The `bin` of a Go root, or the `go` in it, is taken for that root; a folder of that name that holds none is not.
#[test]
fn who_names_the_bin_of_a_root_means_the_root() {
    let home = Home::new();
    let root = home.fake_go("apps/go", "1.22.10").display().to_string();
    for below in ["bin", "bin/", "bin/go"] {
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &format!("{root}/{below}")]).ok();
        let ran = ran.err_has("go: ~/apps/go/bin (go1.22.10), from flag").err_has("GOROOT: ~/apps/go\n");
        let words = format!(
            "/apps/go/{}` holds no Go, missing: bin/go, VERSION, pkg/tool; it lies in `{root}`",
            below.trim_end_matches('/')
        );
        ran.err_has(&words);
    }
    home.dir("apps/none/bin");
    let none = home.path("apps/none/bin").display().to_string();
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &none]).ok();
    ran.err_has(&format!("`{none}` holds no Go, missing: bin/go, VERSION, pkg/tool; the block does nothing until"));
    // A wrapper of the user's own leads to no root: his home is none.
    shim(&home, "bin");
    let own = home.path("bin").display().to_string();
    home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &own]).ok().err_has("the block does nothing until");
}

/// A `go` that leads to a root without VERSION leads to a root all the same: the folder above it is not exported.
#[test]
fn a_link_to_a_go_that_was_built_from_a_checkout() {
    let home = Home::new();
    let root = home.fake_go("src/go", "1.22.10");
    fs_err::remove_file(root.join("VERSION")).expect("it was there");
    home.link("bin/go", root.join("bin/go"));
    let top = home.path("").display().to_string();
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &top]).ok();
    ran.err_has("GOROOT: not exported").err_has("go: ~/bin, from flag");
}

/// A manager's folder without Go in it brings none.
#[test]
fn a_managers_folder_that_holds_no_go_is_told() {
    let home = Home::new();
    home.fake_go(".gvm/gos/go1.22.10", "1.22.10");
    for (root, missing) in [(".gvm/gos/go1.99", true), (".gvm", true), (".gvm/gos/go1.22.10", false)] {
        let root = home.path(root).display().to_string();
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &root]).ok();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        let words = format!("warning: `{root}` holds no Go, missing: bin/go, VERSION, pkg/tool\n");
        assert_eq!(said.contains(&words), missing, "{ran}");
        assert!(said.contains("belongs to gvm, which does not bring Go into this terminal"), "{ran}");
    }
}

/// golang.org/dl puts its wrappers into the bin of GOPATH, and some link one of them, or the `go` of a root elsewhere, as
/// `go`: that makes no Go root of `~/go`.
#[test]
fn a_go_in_the_bin_of_gopath_is_no_root() {
    for elsewhere in [false, true] {
        let mut home = Home::new();
        if elsewhere {
            home.link("go/bin/go", home.fake_go("sdk/go1.22.10", "1.22.10").join("bin/go"));
        } else {
            shim(&home, "go/bin");
        }
        path(&mut home, &["go/bin"]);
        let ran = home.run(&["apply", "--shell", "zsh", "--yes", "--no-verify"]).ok();
        let ran = ran.err_has("go: ~/go/bin").err_has("GOPATH: ~/go, from default").err_has("GOROOT: not exported");
        assert!(!String::from_utf8_lossy(&ran.stderr).contains("where Go itself is"), "{ran}");
        home.run(&["apply", "--shell", "zsh", "--check"]).ok();
        home.run(&["apply", "--shell", "zsh", "--check", "--no-goroot", "--profile", "auto"]).ok();
        let ran = home.run(&["installs"]).ok();
        assert!(!String::from_utf8_lossy(&ran.stdout).contains("home-tarball"), "{ran}");
    }
}

/// `go clean -modcache` takes it away, whatever leads to it.
#[test]
fn no_link_makes_a_cached_toolchain_stay() {
    let mut home = Home::with_go();
    let toolchain = "go/pkg/mod/golang.org/toolchain@v0.0.1-go1.30.0.linux-amd64";
    let root = home.fake_go(toolchain, "1.30.0");
    home.link("bin/go", root.join("bin/go")).link(".local/go", &root);
    path(&mut home, &["bin", "opt/go/bin"]);
    home.env("GOROOT", home.path(".local/go"));
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    ran.err_has("go: ~/opt/go/bin (go1.22.10), from PATH")
        .err_has("is passed over: it is a toolchain that `go` downloaded");
    let asked = home.path(".local/go").display().to_string();
    home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &asked]).code(3).err_has("it is a toolchain that");
    home.run(&["installs"]).ok().out_has("never chosen: it is a toolchain that `go` downloaded");
}

/// A download that broke off leaves `go` without the compiler.
#[test]
fn a_root_without_its_tools_is_told() {
    let mut home = Home::new();
    let root = home.fake_go("apps/go", "1.22.10");
    path(&mut home, &["apps/go/bin"]);
    let words = "is no whole Go, missing: pkg/tool; it can build nothing";
    for args in [&["apply", "--shell", "zsh", "--dry-run"][..], &["installs"]] {
        let ran = home.run(args).ok();
        assert!(!String::from_utf8_lossy(&ran.stderr).contains("no whole Go"), "{ran}");
    }
    fs_err::remove_dir_all(root.join("pkg")).expect("it was there");
    let root = root.display().to_string();
    for args in
        [&["apply", "--shell", "zsh", "--dry-run"][..], &["installs"], &["apply", "--dry-run", "--goroot", &root]]
    {
        let ran = home.run(args).ok().err_has(words);
        assert_eq!(String::from_utf8_lossy(&ran.stderr).matches("no whole Go").count(), 1, "{ran}");
    }
}

/// What `go env GOROOT` says of a Nix profile: the hint names what may be kept.
#[test]
fn a_store_path_is_refused_with_the_name_of_its_profile() {
    if cfg!(target_os = "macos") {
        return; // the same files could not be laid over the system there
    }
    let Some(machine) = Machine::anywhere() else { return };
    let root = "/nix/store/abc-go-1.22.10/share/go";
    machine.go(root, "1.22.10").link("/nix/store/abc-go-1.22.10/bin/go", "../share/go/bin/go");
    machine.link("/nix/store/xyz-profile/bin", "/nix/store/abc-go-1.22.10/bin");
    machine.link("~/.nix-profile", "/nix/store/xyz-profile");
    let ran = machine.setup(&["apply", "--shell", "zsh", "--dry-run", "--goroot", root]).code(3);
    ran.err_has("hint: use `goenv-setup apply --goroot \"$HOME/.nix-profile\"`");
    let profile = machine.home.path(".nix-profile").display().to_string();
    let ran = machine.setup(&["apply", "--shell", "zsh", "--dry-run", "--goroot", &profile]).ok();
    ran.err_has("go: ~/.nix-profile/bin (go1.22.10), from flag").err_has("GOROOT: not exported");
}

/// `apt install golang-go` may come later: GOROOT would be no pair with what it brings.
#[test]
fn the_systems_folder_is_never_goroot() {
    if cfg!(target_os = "macos") || !need("bash") {
        return; // the same files could not be laid over the system there
    }
    let Some(machine) = Machine::anywhere() else { return };
    for go in [None, Some("#!/bin/sh\necho go version go1.19.8 linux/amd64\n")] {
        if let Some(go) = go {
            machine.program("/usr/bin/go", go);
        } else {
            machine.file("/usr/bin/go", "");
        }
        for how in [&["--goroot", "/usr"][..], &["--goroot", "/usr/"], &["--goroot", "/usr", "--portable"]] {
            let args = ["apply", "--shell", "bash", "--yes", "--no-verify"];
            machine.setup(&[&args[..], how].concat()).ok();
            machine.program("/usr/bin/go", go.unwrap_or("#!/bin/sh\n"));
            assert_eq!(machine.shell("bash", &["-i"])[2], "", "{how:?}");
            if go.is_none() {
                machine.file("/usr/bin/go", "");
                machine.home.mode("../files/usr/bin/go", 0o644);
            }
        }
        // It comes last in any case.
        assert!(block(&machine.home, ".bashrc").contains(" /snap/go/current /usr; do "));
    }
}
