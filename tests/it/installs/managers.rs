//! Version managers own GOROOT and the folder of `go`: whatever else is on the machine, and whatever they export, the block
//! leaves both to them, and real shells find the manager's `go` in front.

use serde_json::{Value, json};

use crate::support::{Home, Mode, launch, need, os, say, shell};

/// A manager at work, as its documentation has it.
struct Manager {
    /// What the message calls it.
    name: &'static str,
    /// The folder whose `go` a terminal finds.
    bin: &'static str,
    /// Makes its tree.
    build: fn(&Home),
    /// The user's own lines that load it.
    rc: &'static str,
    /// GOROOT and GOPATH as these lines export them; empty: not at all.
    exports: [&'static str; 2],
}

/// A shim that runs one version, with what the manager sets around it.
fn shim(home: &Home, shims: &str, script: &str) {
    home.file(format!("{shims}/go"), format!("#!/bin/sh\n{script}")).mode(format!("{shims}/go"), 0o755);
}

const MANAGERS: &[Manager] = &[
    Manager {
        name: "gvm",
        bin: ".gvm/gos/go1.22.10/bin",
        build: |home| {
            home.fake_go(".gvm/gos/go1.22.10", "1.22.10");
        },
        rc: "unset GOPATH; export GOROOT=\"$HOME/.gvm/gos/go1.22.10\" GOPATH=\"$HOME/.gvm/pkgsets/go1.22.10/global\"\n\
             export PATH=\"$GOPATH/bin:$GOROOT/bin:$PATH\"\n",
        exports: [".gvm/gos/go1.22.10", ".gvm/pkgsets/go1.22.10/global"],
    },
    // goenv's `init` exports both, and its shim again, unless told not to (libexec/goenv-sh-rehash, goenv-exec).
    Manager {
        name: "goenv",
        bin: ".goenv/shims",
        build: goenv,
        rc: "export PATH=\"$HOME/.goenv/shims:$PATH\" GOROOT=\"$HOME/.goenv/versions/1.22.10\" GOPATH=\"$HOME/go/1.22.10\"\n\
             export PATH=\"$PATH:$GOPATH/bin\"\n",
        exports: [".goenv/versions/1.22.10", "go/1.22.10"],
    },
    Manager {
        name: "goenv",
        bin: ".goenv/shims",
        build: goenv,
        rc: "export PATH=\"$HOME/.goenv/shims:$PATH\" GOENV_DISABLE_GOPATH=1 GOENV_DISABLE_GOROOT=1\n",
        exports: ["", ""],
    },
    Manager {
        name: "asdf",
        bin: ".asdf/shims",
        build: |home| {
            home.fake_go(".asdf/installs/golang/1.22.10/go", "1.22.10");
            shim(
                home,
                ".asdf/shims",
                "at=$HOME/.asdf/installs/golang/1.22.10; : \"${GOROOT:=$at/go}\" \"${GOPATH:=$at/packages}\"; export GOROOT GOPATH\n\
                 exec \"$at/go/bin/go\" \"$@\"\n",
            );
        },
        rc: "export PATH=\"$HOME/.asdf/shims:$PATH\"\n",
        exports: ["", ""],
    },
    Manager {
        name: "mise",
        bin: ".local/share/mise/shims",
        build: |home| {
            home.fake_go(".local/share/mise/installs/go/1.22.10", "1.22.10");
            shim(
                home,
                ".local/share/mise/shims",
                "exec \"$HOME/.local/share/mise/installs/go/1.22.10/bin/go\" \"$@\"\n",
            );
        },
        rc: "export PATH=\"$HOME/.local/share/mise/shims:$PATH\"\n",
        exports: ["", ""],
    },
    Manager {
        name: "g",
        bin: ".g/go/bin",
        build: |home| {
            home.fake_go(".g/versions/1.22.10", "1.22.10");
            home.link(".g/go", "versions/1.22.10");
        },
        rc: "export GOROOT=\"$HOME/.g/go\" PATH=\"$HOME/.g/go/bin:$PATH\"\n",
        exports: [".g/go", ""],
    },
    Manager {
        name: "g",
        bin: ".go/bin",
        build: |home| {
            home.fake_go(".go", "1.22.10");
            home.dir(".go/.versions");
        },
        rc: "export GOROOT=\"$HOME/.go\" GOPATH=\"$HOME/go\"; export PATH=\"$GOPATH/bin:$GOROOT/bin:$PATH\"\n",
        exports: [".go", "go"],
    },
    // As its installer leaves it: links, and what is on PATH is GOPATH's bin.
    Manager {
        name: "g",
        bin: "go/bin",
        build: |home| stefanmaric_g(home, ".go", "go"),
        rc: "export GOROOT=\"$HOME/.go\" GOPATH=\"$HOME/go\"; export PATH=\"$GOPATH/bin:$PATH\"\n",
        exports: [".go", "go"],
    },
];

/// `root` holds links into the version in use, and the bin of GOPATH one to its `go`.
fn stefanmaric_g(home: &Home, root: &str, gopath: &str) {
    home.fake_go(format!("{root}/.versions/1.22.10"), "1.22.10");
    for part in ["bin", "pkg", "VERSION"] {
        home.link(format!("{root}/{part}"), home.path(format!("{root}/.versions/1.22.10/{part}")));
    }
    home.link(format!("{gopath}/bin/go"), home.path(format!("{root}/bin/go")));
}

fn goenv(home: &Home) {
    home.fake_go(".goenv/versions/1.22.10", "1.22.10");
    shim(
        home,
        ".goenv/shims",
        "at=$HOME/.goenv/versions/1.22.10\n\
         [ \"${GOENV_DISABLE_GOROOT-}\" = 1 ] || export GOROOT=\"$at\"\n\
         [ \"${GOENV_DISABLE_GOPATH-}\" = 1 ] || export GOPATH=\"$HOME/go/1.22.10\"\n\
         exec \"$at/bin/go\" \"$@\"\n",
    );
}

#[test]
fn the_block_leaves_go_to_the_manager_and_shells_find_it() {
    if !(need("zsh") && need("bash")) {
        return;
    }
    for manager in MANAGERS {
        holds(manager);
    }
    say(&format!("installs: {} managers at work beside another Go, 2 shells, 3 ways each", MANAGERS.len()));
}

fn holds(manager: &Manager) {
    let Manager { name, bin, build, rc, exports } = manager;
    let mut home = Home::new();
    build(&home);
    // What the rule would take, were the manager not there: on PATH, and in its usual place.
    let rival = home.fake_go(".local/go", "1.20.14").join("bin");
    for file in [".zprofile", ".zshrc", ".bashrc", ".bash_profile"] {
        home.file(file, rc);
    }
    let folders = [home.path(bin), rival.clone(), "/usr/bin".into(), "/bin".into()];
    let path = folders.map(|folder| folder.display().to_string()).join(":");
    home.env("PATH", path);
    for (name, value) in ["GOROOT", "GOPATH"].into_iter().zip(exports) {
        if !value.is_empty() {
            home.env(name, home.path(value));
        }
    }
    for shell in ["zsh", "bash"] {
        let ran = home.run(&["apply", "--shell", shell, "--reach", "login", "--yes"]).ok();
        let said = String::from_utf8_lossy(&ran.stderr);
        let line = format!("note: {name} brings Go: GOROOT and the folder of `go` are left to it");
        assert_eq!(said.lines().filter(|told| told.starts_with(&line)).count(), 1, "{said}");
    }
    for file in [".zshrc", ".zprofile", ".bashrc", ".bash_profile"] {
        let text = String::from_utf8(home.read(file).expect("it is there")).expect("text");
        let (_, block) = text.split_once("# >>> goenv-setup").unwrap_or_else(|| panic!("{file} has no block\n{text}"));
        for word in ["GOROOT", "_go=", ".local/go", "1.22.10"] {
            assert!(!block.contains(word), "{name}: {word} in {file}\n{block}");
        }
        assert!(block.contains("GOPATH=\"$HOME/go\""), "{name}\n{block}");
    }

    // A new terminal: nothing of the manager is inherited, and the other Go is.
    home.unset("GOROOT").unset("GOPATH");
    home.env("PATH", os([rival.as_os_str().as_encoded_bytes(), b":/usr/bin:/bin"].concat()));
    let at = |below: &str| home.path(below).display().to_string();
    for shell_name in ["zsh", "bash"] {
        for mode in [Mode::LoginInteractive, Mode::Interactive, Mode::Login] {
            let what = format!("{name} {shell_name} {mode:?}");
            let seen = launch(&home, shell_name, mode);
            let text = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap_or_default()).expect("text");
            assert_eq!(seen.go, Some(home.path(bin).join("go")), "{what}");
            let [goroot, gopath] = *exports;
            assert_eq!(text(seen.goroot), if goroot.is_empty() { String::new() } else { at(goroot) }, "{what}");
            let gopath = at(if gopath.is_empty() { "go" } else { gopath });
            assert_eq!(text(seen.gopath), gopath, "{what}");
            let path = text(seen.path);
            assert!(path.split(':').any(|entry| entry == format!("{gopath}/bin")), "{what}: {path}");
            let ran = shell(&home, shell_name, &[mode.flags(), &["-c", "go version"]].concat());
            assert!(ran.stdout.ends_with(b"go version go1.22.10 linux/amd64\n"), "{what}\n{ran}");
        }
        // In cron PATH holds nothing of it: the block is what remembers.
        home.run(&["apply", "--shell", shell_name, "--check"]).ok();
    }
    let ran = home.run(&["apply", "--shell", "bash", "--check", "--json"]).ok();
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
    let go = &document["settings"]["go"];
    assert_eq!(json!([go["manager"], go["bin"], go["from"]]), json!([name, null, "block"]));
}

/// A manager that was removed: the rule decides again where it is asked to.
#[test]
fn a_manager_that_is_gone_gives_way_when_told() {
    let mut home = Home::new();
    goenv(&home);
    home.env("PATH", os([home.path(".goenv/shims").as_os_str().as_encoded_bytes(), b":/usr/bin:/bin"].concat()));
    home.run(&["apply", "--shell", "bash", "--yes", "--no-verify"]).ok();
    home.env("PATH", "/usr/bin:/bin").fake_go(".local/go", "1.20.14");
    home.run(&["apply", "--shell", "bash", "--check"]).ok();
    fs_err::remove_dir_all(home.path(".goenv")).expect("it was there");
    // It may as well have been told to live where this environment does not know of.
    home.run(&["apply", "--shell", "bash", "--check"]).ok().err_has("`goenv-setup apply --profile auto`");
    let anew = home.run(&["apply", "--shell", "bash", "--check", "--profile", "auto"]).code(1);
    anew.err_has("go: ~/.local/go/bin (go1.20.14)");
}

/// What Go itself was told by hand stays, also beside a manager.
#[test]
fn a_gopath_of_the_users_own_is_kept_beside_a_manager() {
    for (list, kept) in
        [("work/go", true), ("go1", true), ("go/1.22.10", false), (".goenv/versions/1.22.10/packages", false)]
    {
        let mut home = Home::new();
        goenv(&home);
        let list = home.path(list);
        home.env("PATH", os([home.path(".goenv/shims").as_os_str().as_encoded_bytes(), b":/usr/bin:/bin"].concat()));
        home.env("GOPATH", &list);
        let ran = home.run(&["apply", "--shell", "bash", "--dry-run", "--json"]).ok();
        let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
        let expected = if kept { json!([list, "environment"]) } else { json!([home.path("go"), "default"]) };
        let gopath = &document["settings"]["gopath"];
        assert_eq!(json!([gopath["value"], gopath["from"]]), expected);
        let told = String::from_utf8_lossy(&ran.stdout).contains("that is left to goenv");
        assert_eq!(told, !kept, "{ran}");
    }
}

/// A line that once exported GOROOT for another Go makes no manager leave.
#[test]
fn a_goroot_of_another_go_gives_way_to_the_manager_in_front() {
    let mut home = Home::new();
    goenv(&home);
    let other = home.fake_go(".local/go", "1.20.14");
    home.env("GOROOT", &other);
    let [shims, bin] = [home.path(".goenv/shims"), other.join("bin")].map(|folder| folder.display().to_string());
    home.env("PATH", format!("{shims}:{bin}:/usr/bin:/bin"));
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    let ran = ran
        .err_has("go: left to goenv")
        .err_has("warning: GOROOT is `")
        .err_has("but goenv brings `go`: it does not count");
    assert!(!String::from_utf8_lossy(&ran.stdout).contains("GOROOT="), "{ran}");
    // Where that Go is in front, its GOROOT fits.
    home.env("PATH", format!("{bin}:{shims}:/usr/bin:/bin"));
    home.run(&["apply", "--shell", "zsh", "--dry-run"])
        .ok()
        .err_has("go: ~/.local/go/bin (go1.20.14), from environment");
}

/// A shim is a link to the manager's own program, wherever that was installed to.
#[test]
fn a_shim_that_leads_out_of_the_managers_folder() {
    let mut home = Home::new();
    home.fake_go(".local/share/mise/installs/go/1.22.10", "1.22.10");
    let program = "miniconda3/bin/mise";
    home.file(program, "#!/bin/sh\n").mode(program, 0o755);
    home.link(".local/share/mise/shims/go", home.path(program));
    home.env("PATH", format!("{}:/usr/bin:/bin", home.path(".local/share/mise/shims").display()));
    let ran = home.run(&["installs", "--json"]).ok();
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
    let mut rows = document["installs"].as_array().expect("a list").iter();
    let row = rows.find(|row| row["chosen"] == true).expect("one is chosen");
    assert_eq!(row["kind"], "mise", "{row:#}");
}

/// Told where to live, as it is told: by GOROOT and GOPATH.
#[test]
fn stefanmaric_g_elsewhere() {
    let mut home = Home::new();
    stefanmaric_g(&home, "lib/go", "code");
    home.fake_go(".local/go", "1.20.14");
    let [root, gopath] = ["lib/go", "code"].map(|folder| home.path(folder));
    home.env("GOROOT", root).env("GOPATH", gopath);
    home.env("PATH", os([home.path("code/bin").as_os_str().as_encoded_bytes(), b":/usr/bin:/bin"].concat()));
    let ran =
        home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok().err_has("note: g brings Go: GOROOT and the folder");
    assert!(!String::from_utf8_lossy(&ran.stdout).contains("_go="), "{ran}");
    let ran = home.run(&["installs", "--json"]).ok();
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
    let mut rows = document["installs"].as_array().expect("a list").iter();
    let row = rows.find(|row| row["chosen"] == true).expect("one is chosen");
    assert_eq!((&row["kind"], &row["version"]), (&json!("stefanmaric-g"), &json!("go1.22.10")), "{row:#}");
    assert!(row["why"].as_str().expect("text").ends_with("its folder and GOROOT are left to g"), "{row:#}");
}
