//! Diseases of what starts the user's shell, other than a terminal.

use super::{Case, Cure, append, doctor, findings, healthy, replace, text};
use crate::support::{Home, need};

/// Puts a line above all that `.zshrc` holds.
fn above(home: &Home, line: &str) {
    let text = [line.as_bytes(), b"\n", &home.read(".zshrc").expect("it is there")].concat();
    home.file(".zshrc", text);
}

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "L-03",
        name: "an error at the end",
        make: |home| append(home, ".zshrc", "[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && exit 3\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && exit 3\n", "")),
    },
    Case {
        id: "L-03",
        name: "a guard that ends the shell above the block",
        make: |home| above(home, "if [[ -n $VSCODE_RESOLVING_ENVIRONMENT ]]; then\n  exit\nfi"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "  exit\n", "  :\n")),
    },
    Case {
        id: "L-03",
        name: "another program takes the place of the shell",
        make: |home| above(home, "[[ -n $TMUX ]] || exec /bin/cat"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "[[ -n $TMUX ]]", "[[ ! -t 0 || -n $TMUX ]]")),
    },
    Case {
        id: "L-03",
        name: "too slow",
        make: |home| above(home, "[[ -n $TMUX ]] || sleep 60"),
        lines: &[],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "[[ -n $TMUX ]] || sleep 60\n", "")),
    },
    Case {
        id: "L-16",
        name: "a guard above the block",
        make: |home| above(home, "[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && return"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && return\n", "")),
    },
    Case {
        id: "L-17",
        name: "what is said to an editor only",
        make: |home| {
            home.fake_go("sdk/go1.21.0", "1.21.0");
            append(home, ".zshrc", "[[ -z $TERM_PROGRAM$TMUX ]] && PATH=$HOME/sdk/go1.21.0/bin:$PATH\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            replace(home, ".zshrc", "[[ -z $TERM_PROGRAM$TMUX ]] && PATH=$HOME/sdk/go1.21.0/bin:$PATH\n", "");
        }),
    },
    Case {
        id: "L-18",
        name: "Emacs",
        make: |home| above(home, "if [[ -n $INSIDE_EMACS ]]; then\n  return\nfi"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "if [[ -n $INSIDE_EMACS ]]; then\n  return\nfi\n", "")),
    },
    Case {
        id: "P-03",
        name: "keys of those who come over ssh",
        make: |home| {
            home.file(".ssh/authorized_keys", "# mine\nssh-ed25519 AAAA me@there\n");
        },
        lines: &[],
        cure: Cure::Command,
    },
];

#[test]
fn an_exec_of_tmux_costs_an_editor_its_environment_and_leaves_nothing_running() {
    if !need("zsh") || !need("tmux") || !need("ps") {
        return;
    }
    let home = healthy();
    above(&home, "[[ -z $TMUX ]] && { tmux new-session -d -s left 'sleep 987'; exec tmux attach; }");
    let (status, document) = doctor(&home);
    let found = findings(&document);
    assert_eq!((status, found.len()), (1, 1), "{document:#}");
    assert_eq!(text(found[0], "id"), "L-03", "{document:#}");
    assert!(text(found[0], "what").contains("exit status 1"), "{document:#}");
    home.script("ps -A -o args= | grep -c '[s]leep 987' || :").ok().out_has("0");
}

#[test]
fn banners_of_startup_files_are_harmless() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    append(&home, ".zshrc", "echo welcome; echo '{}' >&2\n");
    let (status, document) = doctor(&home);
    assert_eq!((status, findings(&document).len()), (0, 0), "{document:#}");
}

#[test]
fn what_an_editor_gets_is_told_and_timed() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    home.dir(".emacs.d").dir(".config/zed");
    let (_, document) = doctor(&home);
    let editors = document["editors"].as_array().expect("a list");
    let editor = |name: &str| {
        let found = editors.iter().find(|editor| editor["editor"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {document:#}"))
    };
    for (name, words) in
        [("VS Code", "VS Code (zsh -i -l -c)"), ("Zed", "Zed (zsh -l -i -c)"), ("Emacs", "Emacs (zsh -l -i -c)")]
    {
        let editor = editor(name);
        assert_eq!((&editor["words"], &editor["told"]), (&words.into(), &true.into()), "{editor:#}");
        assert_eq!(editor["go"], home.path("opt/go/bin/go").display().to_string());
        assert_eq!(editor["limit_ms"], 10_000);
        assert!(editor["ms"].as_u64().is_some_and(|ms| ms < 10_000), "{editor:#}");
    }
    assert_eq!(editors.iter().any(|editor| editor["editor"] == "JetBrains IDEs"), cfg!(target_os = "macos"));
    home.run(&["doctor", "--shell", "zsh", "--offline"]).ok().out_has("VS Code (zsh -i -l -c)");
}

#[test]
fn the_same_start_is_not_made_twice() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    home.dir(".emacs.d").dir(".config/zed");
    append(&home, ".zshrc", "[[ -n $TMUX ]] || echo ${VSCODE_RESOLVING_ENVIRONMENT-none} >>~/starts\n");
    doctor(&home);
    let mut starts: Vec<String> =
        String::from_utf8(home.read("starts").expect("starts")).expect("text").lines().map(str::to_owned).collect();
    starts.sort();
    let jetbrains: &[&str] = if cfg!(target_os = "macos") { &["none"] } else { &[] };
    assert_eq!(starts, [&["1", "none"], jetbrains].concat());
}

#[test]
fn whoever_breaks_off_while_an_editor_waits_is_heard() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    above(&home, "[[ -n $TMUX ]] || { : >~/begun; sleep 60; }");
    // A shell lets what it starts behind its back ignore ^C, but not this.
    let script = "\"$0\" doctor --shell zsh --offline --json & while [ ! -e begun ]; do sleep 0.1; done; sleep 2
        kill -TERM $!; wait $!";
    let begin = std::time::Instant::now();
    let ran = home.script(script);
    assert_eq!(ran.status, 130, "{ran:?}");
    let document: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("a document");
    assert_eq!(document["result"], "interrupted");
    assert!(begin.elapsed().as_secs() < 9, "{:?}", begin.elapsed());
}
