//! A login in a login, as people have it: a terminal starts a login shell, and tmux in it another one in each window.

use std::path::PathBuf;

use super::stage::levels;
use super::{apply, stage};
use crate::support::{Home, Ran, Tty, find, need, say};

/// A shell, and the files that give it a prompt which tells where it stands.
const SHELLS: [(&str, &[(&str, &str)]); 4] = [
    ("zsh", &[(".zshrc", "PROMPT=\"${TMUX:+inside-}ready> \"\n")]),
    ("bash", &[(".profile", "PS1=\"${TMUX:+inside-}ready> \"\n"), (".bashrc", "PS1='nested> '\n")]),
    (
        "fish",
        &[(
            ".config/fish/config.fish",
            "set -g fish_greeting\nfunction fish_prompt\n    set -q TMUX; and echo -n inside-\n    echo -n 'ready> '\nend\n",
        )],
    ),
    ("tcsh", &[(".tcshrc", "set prompt = 'ready> '\nif ($?TMUX) set prompt = 'inside-ready> '\n")]),
];

/// The tmux server of one test, which ends with it.
struct Server<'a> {
    home: &'a Home,
    socket: PathBuf,
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        if self.socket.exists() {
            let socket = self.socket.as_os_str();
            let tmux = find("tmux").expect("it was asked for");
            Ran::of(&self.home.command(tmux, &["-S".as_ref(), socket, "kill-server".as_ref()]));
        }
    }
}

#[test]
fn go_is_in_front_in_every_window_of_tmux() {
    if !need("tmux") {
        return;
    }
    for (shell, files) in SHELLS {
        for reach in ["interactive", "all"] {
            let Some(stage) = stage() else { return };
            for (name, text) in files {
                stage.home.file(name, text);
            }
            apply(&stage, shell, reach);
            let program = find(shell).expect("it was asked for");
            let program = program.to_str().expect("a plain path");
            let conf = format!("set -g default-shell {program}\nset -g status off\nset -g set-titles off\n");
            stage.home.file(".tmux.conf", conf).dir("out");
            let server = Server { home: &stage.home, socket: stage.home.beside("tmux.sock") };
            let step = stage.home.beside("step").display().to_string();
            let tmux = format!("tmux -S {} -f {}", server.socket.display(), stage.home.path(".tmux.conf").display());

            // In each place a login shell, in it one of an interactive kind, in it one that runs a command.
            let mut command = stage.command("bash", &["-c", r#"exec -a "-$0" "$1""#, shell, program]);
            command.env("OUT", stage.home.path("out")).env("STEPS", "i c").env("SHELL", program);
            command
                .env("PROGRAM", program)
                .env("NAME_OF_SHELL", shell)
                .env("CSH", if shell == "tcsh" { "yes" } else { "no" });
            let mut terminal = Tty::start(command);
            terminal.sees("ready>");
            terminal.types(&format!("{step}; {tmux} new-session\r"));
            terminal.sees("inside-ready>");
            terminal.types(&format!(
                "{tmux} new-window -d '{step}; {tmux} wait-for -S told'; {tmux} wait-for told; {step}; exit\r"
            ));
            terminal.sees("[exited]");
            terminal.types("exit\r");
            terminal.end();

            let what = format!("{shell}, --reach {reach}");
            let seen = levels(&stage.home.path("out"));
            assert_eq!(seen.len(), 9, "{what}: outside, a window's command, a window: {seen:#?}");
            for (number, level) in seen.iter().enumerate() {
                let [ours, system] = [stage.bin(), "/usr/bin".into()].map(|folder| level.at(&folder));
                assert!(ours.is_some() && ours < system, "Go is in front: {what}, shell {number}: {level:#?}");
                assert_eq!(level.go, stage.bin().join("go").as_os_str().as_encoded_bytes(), "{what}, shell {number}");
                assert!(stage.was_helped(level), "path_helper ran: {what}, shell {number}");
                let once = level.path.iter().filter(|entry| *entry == stage.bin().as_os_str().as_encoded_bytes());
                assert_eq!(once.count(), 1, "{what}, shell {number}: {level:#?}");
            }
        }
    }
    say("macos: tmux in a terminal: 4 shells × 2 reaches × 9 shells in each other");
}
