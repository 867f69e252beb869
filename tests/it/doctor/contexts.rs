//! Diseases of the other places where Go is started: launchd, cron, systemd, CI, containers, WSL.

use serde_json::Value;

use super::{Case, Cure, append, doctor, findings, healthy, text};
use crate::installs::machine::Machine;
use crate::support::{Home, need};

/// A property list with these lines in its dictionary.
fn plist(home: &Home, name: &str, lines: &str) {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>\n\
        <key>Label</key><string>me.job</string>\n";
    home.file(format!("Library/LaunchAgents/{name}.plist"), format!("{head}{lines}</dict></plist>\n"));
}

/// The words of a job of launchd.
fn words(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("<string>{word}</string>\n")).collect();
    format!("<key>ProgramArguments</key><array>\n{}</array>\n", words.concat())
}

/// The variables of a job of launchd.
fn variables(variables: &[(&str, &str)]) -> String {
    let one = |(name, value): &(&str, &str)| format!("<key>{name}</key>\n<string>{value}</string>\n");
    let lines: Vec<String> = variables.iter().map(one).collect();
    format!("<key>EnvironmentVariables</key><dict>\n{}</dict>\n", lines.concat())
}

/// The user's crontab: a `crontab` that prints a file of the home.
fn crontab(home: &Home, lines: &str) {
    home.file("crontab.txt", lines);
    home.script("printf '#!/bin/sh\\ncat ~/crontab.txt\\n' >opt/go/bin/crontab; chmod +x opt/go/bin/crontab").ok();
}

/// A tool that Go has installed, which terminals find.
fn tool(home: &Home) {
    home.file("go/bin/mytool", "#!/bin/sh\n").mode("go/bin/mytool", 0o755);
}

fn remove(home: &Home, file: &str) {
    fs_err::remove_file(home.path(file)).expect("it is there");
}

const AGENT: &str = "Library/LaunchAgents/job.plist";
const UNIT: &str = ".config/systemd/user/job.service";
const CONF: &str = ".config/environment.d/60-mine.conf";

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "L-05",
        name: "a command without its folder",
        make: |home| plist(home, "job", &words(&["go", "run", "."])),
        lines: &[(AGENT, 5)],
        cure: Cure::Advice(|home| {
            let path = format!("{}:/usr/bin:/bin", home.path("opt/go/bin").display());
            plist(home, "job", &[words(&["go", "run", "."]), variables(&[("PATH", &path)])].concat());
        }),
    },
    Case {
        id: "L-05",
        name: "a line of sh that runs an installed tool",
        make: |home| {
            tool(home);
            plist(home, "job", &words(&["/bin/sh", "-c", "cd /tmp &amp;&amp; mytool --watch"]));
        },
        lines: &[(AGENT, 5)],
        cure: Cure::Advice(|home| {
            let path = format!("{}:/usr/bin:/bin", home.path("go/bin").display());
            plist(home, "job", &[words(&["/bin/sh", "-c", "mytool"]), variables(&[("PATH", &path)])].concat());
        }),
    },
    Case {
        id: "L-05",
        name: "a login shell that does not find it",
        make: |home| plist(home, "job", &words(&["/bin/zsh", "-lc", "go run ."])),
        lines: &[(AGENT, 5)],
        cure: Cure::Command,
    },
    Case {
        id: "L-05",
        name: "a tilde that launchd does not expand",
        make: |home| {
            tool(home);
            plist(home, "job", &words(&["~/go/bin/mytool"]));
        },
        lines: &[(AGENT, 5)],
        cure: Cure::Advice(|home| {
            let program = home.path("go/bin/mytool").display().to_string();
            plist(home, "job", &words(&[&program]));
        }),
    },
    Case {
        id: "L-05",
        name: "a Go that is gone",
        make: |home| plist(home, "job", "<key>Program</key>\n<string>/nonexistent/go/bin/go</string>\n"),
        lines: &[(AGENT, 5)],
        cure: Cure::Advice(|home| {
            let program = home.path("opt/go/bin/go").display().to_string();
            plist(home, "job", &format!("<key>Program</key>\n<string>{program}</string>\n"));
        }),
    },
    Case {
        id: "L-06",
        name: "cron's own PATH",
        make: |home| crontab(home, "# mine\n0 4 * * * cd ~/src && go build ./...\nPATH=/nowhere\n"),
        lines: &[],
        cure: Cure::Advice(|home| {
            let path = home.path("opt/go/bin").display().to_string();
            crontab(home, &format!("PATH={path}:/usr/bin:/bin\n0 4 * * * cd ~/src && go build ./...\n"));
        }),
    },
    Case {
        id: "L-06",
        name: "zsh, which has its file",
        make: |home| crontab(home, "SHELL=/bin/zsh\n@daily go clean -cache\n"),
        lines: &[],
        cure: Cure::Command,
    },
    Case {
        id: "L-10",
        name: "distrobox",
        make: |home| {
            home.env("CONTAINER_ID", "box");
            fs_err::remove_dir_all(home.path("opt/go")).expect("it is there");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.fake_go("opt/go", "1.22.10");
            home.file("opt/go/go.env", "GOTOOLCHAIN=auto\n");
        }),
    },
    Case {
        id: "L-11",
        name: "a command without its folder, whatever PATH is",
        make: |home| {
            let path = home.path("opt/go/bin").display().to_string();
            home.file(UNIT, format!("[Service]\nEnvironment=PATH={path}:/usr/bin\nExecStart=-go run .\n"));
        },
        lines: &[(UNIT, 3)],
        cure: Cure::Advice(|home| {
            home.file(UNIT, format!("[Service]\nExecStart=-{} run .\n", home.path("opt/go/bin/go").display()));
        }),
    },
    Case {
        id: "L-11",
        name: "a line of sh, with the manager's PATH",
        make: |home| {
            home.file(UNIT, "[Service]\nExecStart=/bin/sh -c 'exec go run .'\n");
        },
        lines: &[(UNIT, 2)],
        cure: Cure::Advice(|home| {
            home.file(CONF, "PATH=$HOME/opt/go/bin:${PATH}\n");
        }),
    },
    Case {
        id: "L-12",
        name: "a step of GitHub's",
        make: |home| {
            home.env("GITHUB_ACTIONS", "true").env("PATH", "/usr/bin:/bin");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            let path = home.path("opt/go/bin").display().to_string();
            home.env("PATH", format!("{path}:/usr/bin:/bin"));
        }),
    },
    Case {
        id: "L-14",
        name: "a link to go.exe, as it were",
        make: |home| {
            home.env("WSL_DISTRO_NAME", "Debian").dir("win");
            home.script("printf '#!/bin/sh\\necho go version go1.22.10 windows/amd64\\n' >win/go; chmod +x win/go")
                .ok();
            append(home, ".zshrc", "PATH=$HOME/win:$PATH\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| remove(home, "win/go")),
    },
    Case {
        id: "L-25",
        name: "a variable of launchd's",
        make: |home| {
            let go = home.path("opt/go/bin/go").display().to_string();
            plist(home, "job", &[words(&[&go]), variables(&[("PATH", "$HOME/go/bin:/usr/bin")])].concat());
        },
        lines: &[(AGENT, 9)],
        cure: Cure::Advice(|home| remove(home, AGENT)),
    },
    Case {
        id: "L-25",
        name: "a tilde of environment.d's",
        make: |home| {
            home.file(CONF, "# mine\nTOKEN=x\nGOPATH=~/go\n");
        },
        lines: &[(CONF, 3)],
        cure: Cure::Advice(|home| {
            home.file(CONF, "GOPATH=$HOME/go\n");
        }),
    },
    Case {
        id: "L-21",
        name: "of every program that is started later",
        make: |home| plist(home, "job", &words(&["/bin/launchctl", "setenv", "GOROOT", "/nonexistent/go"])),
        lines: &[(AGENT, 5)],
        cure: Cure::Advice(|home| remove(home, AGENT)),
    },
    Case {
        id: "L-22",
        name: "of services",
        make: |home| {
            home.file(CONF, "PATH=$HOME/go/bin\n");
        },
        lines: &[(CONF, 1)],
        cure: Cure::Advice(|home| {
            home.file(CONF, "PATH=$HOME/go/bin:$PATH\n");
        }),
    },
    Case {
        id: "L-23",
        name: "as a shell would have it",
        make: |home| {
            home.file(CONF, "export GOPATH=$HOME/go\n");
        },
        lines: &[(CONF, 1)],
        cure: Cure::Advice(|home| {
            home.file(CONF, "GOPATH=$HOME/go\n");
        }),
    },
    Case {
        id: "L-23",
        name: "a file's name that is a switch",
        make: |home| {
            let go = home.path("opt/go/bin/go").display().to_string();
            plist(home, "job", &[&words(&[&go]), "<key>StandardInPath</key>\n<false/>\n"].concat());
        },
        lines: &[(AGENT, 7)],
        cure: Cure::Advice(|home| remove(home, AGENT)),
    },
    Case {
        id: "L-24",
        name: "a runner in the home",
        make: |home| {
            home.file("actions-runner/.path", "/usr/local/bin:/usr/bin:/bin\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.file("actions-runner/.path", format!("{}:/usr/bin\n", home.path("opt/go/bin").display()));
        }),
    },
];

#[test]
fn jobs_that_are_well_or_not_go_s_are_not_mentioned() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    tool(&home);
    let go = home.path("opt/go/bin").display().to_string();
    let path = variables(&[("PATH", &format!("{go}:/usr/bin:/bin")), ("TOKEN", "s3cret")]);
    // Nothing of Go's.
    plist(&home, "other", &[words(&["~/bin/other", "go"]), variables(&[("PATH", "$HOME/bin:~/x")])].concat());
    plist(&home, "login", &words(&["/bin/zsh", "-lc", "backup go"]));
    plist(&home, "off", &[&words(&["go"]), "<key>Disabled</key><true/>\n"].concat());
    plist(&home, "odd", "<key>ProgramArguments</key><string>go</string>\n");
    home.file("Library/LaunchAgents/torn.plist", "<plist><dict><key>Program").dir("Library/LaunchAgents/x.plist");
    home.file("Library/LaunchAgents/empty.plist", "").file("Library/LaunchAgents/notes.txt", "go");
    home.script("mkfifo Library/LaunchAgents/fifo.plist .config/environment.d 2>/dev/null; true").ok();
    // Go's, and well.
    plist(&home, "path", &[words(&["go", "run"]), path.clone()].concat());
    plist(&home, "interactive", &words(&["/bin/zsh", "-lic", "go run ."]));
    plist(&home, "named", &words(&[&format!("{go}/go"), "run"]));
    plist(&home, "own", &words(&["/bin/sh", "-c", &format!("PATH={go}:$PATH go run .")]));
    plist(&home, "asks", &words(&["/bin/sh", "-c", "command -v go &amp;&amp; go version"]));
    crontab(
        &home,
        &format!(
            "MAILTO=me\n* * * * * echo go; ls ~/go/bin\n@reboot {go}/go version\n@daily . ~/.profile; go x\n\
             @daily bash -lic 'x'\nPATH={go}:/bin\n@daily go version >/dev/null 2>&1\n"
        ),
    );
    home.file(".config/systemd/user/other.service", "[Service]\nExecStart=other go\nEnvironment=PATH=~/x\n");
    home.file(".config/systemd/user/file.service", "[Service]\nEnvironmentFile=%h/env\nExecStart=/bin/sh -c 'go x'\n");
    home.file(
        ".config/systemd/user/well.service",
        format!("[Service]\nEnvironment=\"PATH={go}:/bin\"\nExecStart=/bin/sh -c 'go x'\n"),
    );
    home.file(".config/systemd/user/late.service", "[Service]\nExecStart=/bin/sh -c 'go x'\n");
    home.file(
        ".config/systemd/user/late.service.d/10-go.conf",
        format!("[Service]\nEnvironment=PATH={go}:/usr/bin:/bin\n"),
    );
    let (status, document) = doctor(&home);
    assert_eq!((status, findings(&document)), (0, Vec::<&Value>::new()), "{document:#}");
}

#[test]
fn nothing_but_path_and_go_s_variables_is_shown() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    let secret = variables(&[("TOKEN", "s3cret"), ("GOROOT", "/nonexistent"), ("GOPROXY", "https://me:s3cret@x")]);
    plist(&home, "job", &[words(&["go", "run", "--token=s3cret"]), secret].concat());
    crontab(&home, "PASSWORD=s3cret\n@daily curl -u s3cret x | go run s3cret\n");
    home.file(UNIT, "[Service]\nEnvironment=TOKEN=s3cret GOROOT=/nonexistent\nExecStart=go run s3cret\n");
    home.file(CONF, "TOKEN=s3cret\nGOROOT=/nonexistent\n");
    let (_, document) = doctor(&home);
    let ids: Vec<&str> = findings(&document).iter().map(|finding| text(finding, "id")).collect();
    assert_eq!(ids, ["L-05", "L-06", "L-11", "L-21", "L-21", "L-21"], "{document:#}");
    assert!(!document.to_string().contains("s3cret"), "{document:#}");
    let ran = home.run(&["doctor", "--shell", "zsh", "--offline", "-v"]);
    assert!(!format!("{ran}").contains("s3cret"), "{ran}");
}

#[test]
fn what_to_do_is_a_command_that_fits_the_job() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    plist(&home, "job", &words(&["go", "run"]));
    crontab(&home, "@daily go x\n");
    let (_, document) = doctor(&home);
    let advice: Vec<&str> = findings(&document).iter().map(|finding| text(&finding["fix"], "advice")).collect();
    let go = home.path("opt/go/bin").display().to_string();
    let file = "\"$HOME/Library/LaunchAgents/job.plist\"";
    assert_eq!(
        advice,
        [
            format!(
                "`/usr/libexec/PlistBuddy -c 'Add :EnvironmentVariables:PATH string {go}:/usr/bin:/bin:/usr/sbin:/sbin' \
                 {file}`; then `launchctl bootout gui/$(id -u) {file}; launchctl bootstrap gui/$(id -u) {file}`"
            ),
            format!("put a line above it with `crontab -e`: `PATH={go}:/usr/bin:/bin`"),
        ]
    );
}

/// The files of the system's, which only a machine of its own has.
#[test]
fn jobs_of_the_system_s_files() {
    if !need("zsh") {
        return;
    }
    let Some(machine) = Machine::anywhere() else { return };
    machine.go("~/opt/go", "1.22.10");
    machine.file("~/.zshrc", "PATH=$HOME/opt/go/bin:$PATH\n");
    let me = String::from_utf8(machine.runs("id".as_ref(), &["-un"]).stdout).expect("a name");
    let me = me.trim_end();
    machine.file("/etc/crontab", format!("0 1 * * * somebody go x\n0 2 * * * {me} go y\n"));
    machine.file("/etc/environment.d/10-go.conf", "GOROOT=/nonexistent\n");
    // A file hides that of its name in the system's folder.
    machine.file("/etc/environment.d/20-go.conf", "GOROOT=/nonexistent\n");
    machine.file("~/.config/environment.d/20-go.conf", "# nothing\n");
    let job =
        "<plist version=\"1.0\"><dict><key>ProgramArguments</key><array>\n<string>go</string></array></dict></plist>";
    for folder in ["LaunchAgents", "LaunchDaemons", "Elsewhere"] {
        machine.file(&format!("/Library/{folder}/job.plist"), job);
    }
    let ran = machine.setup(&["doctor", "--shell", "zsh", "--offline", "--json"]);
    let document: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let place = |finding: &&Value| {
        let line = &finding["evidence"][0];
        (text(finding, "id").to_owned(), line["file"].as_str().unwrap_or_default().to_owned(), line["line"].as_u64())
    };
    let found = findings(&document);
    let found: Vec<_> = found.iter().map(place).filter(|(id, ..)| id.starts_with("L-")).collect();
    let wanted = [
        ("L-05", "/Library/LaunchAgents/job.plist", 2),
        ("L-05", "/Library/LaunchDaemons/job.plist", 2),
        ("L-06", "/etc/crontab", 2),
        ("L-21", "/etc/environment.d/10-go.conf", 1),
    ];
    let wanted = wanted.map(|(id, file, line)| (id.to_owned(), file.to_owned(), Some(line)));
    assert_eq!(found, wanted, "{document:#}");
    assert!(document.to_string().contains("sudo launchctl bootout system"), "{document:#}");
}

#[test]
fn a_crontab_that_hangs_is_not_waited_for() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    home.script("printf '#!/bin/sh\\nexec sleep 60\\n' >opt/go/bin/crontab; chmod +x opt/go/bin/crontab").ok();
    let start = std::time::Instant::now();
    let (status, document) = doctor(&home);
    assert_eq!((status, findings(&document).len()), (0, 0), "{document:#}");
    assert!(start.elapsed().as_secs() < 30, "took {:?}", start.elapsed());
}
