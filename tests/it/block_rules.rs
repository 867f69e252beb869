//! The block's rules, one by one, in real shells: what it does to PATH, GOROOT and GOPATH in each state that a shell
//! may bring along, under every option that changes how a shell reads its files; that it starts no process; and that
//! it never makes a pair of one Go's command and another's root.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::support::{Home, Mode, Ran, cannot, find, launch, need, quoted, run_under, say, shell};

/// What a shell has before the block, and must have after it. `@G` stands for the folder of our Go, `@R` for its root,
/// `@H` for the home, `@P` for `@H/go/bin`.
pub(crate) struct State {
    pub(crate) before: [Var; 3],
    pub(crate) after: [Var; 3],
}

impl State {
    /// The entries of PATH before the block.
    pub(crate) fn path(&self) -> impl Iterator<Item = &'static str> {
        self.before[0].into_iter().flat_map(|path| path.split(':'))
    }
}

/// A variable; `None`: unset. PATH, GOROOT and GOPATH, in this order.
pub(crate) type Var = Option<&'static str>;

const DEFAULT: Var = Some("@H/go");
const OURS: Var = Some("@R");

/// What happens to a PATH where neither GOROOT nor GOPATH is set.
const PATHS: &[(Var, &str, Var)] = &[
    // nothing is there
    (None, "@G:/usr/bin:/bin:@P", OURS),
    (Some(""), "@G:/usr/bin:/bin:@P", OURS),
    (Some("/usr/bin:/bin"), "@G:/usr/bin:/bin:@P", OURS),
    (Some("/bin"), "@G:/bin:@P", OURS),
    // it leads
    (Some("@G"), "@G:@P", OURS),
    (Some("@G:/usr/bin:/bin"), "@G:/usr/bin:/bin:@P", OURS),
    (Some("@G:/usr/bin:@G"), "@G:/usr/bin:@G:@P", OURS),
    (Some("@G:@G"), "@G:@G:@P", OURS),
    // another folder leads, and goes on leading
    (Some("/x:@G:/usr/bin"), "/x:@G:/usr/bin:@P", None),
    (Some("/x:@G"), "/x:@G:@P", None),
    (Some("/x:@G:@G:/usr/bin"), "/x:@G:@G:/usr/bin:@P", None),
    (Some("/usr/bin2:@G"), "/usr/bin2:@G:@P", None),
    (Some("/opt/usr/bin:/bin:@G"), "/opt/usr/bin:/bin:@G:@P", None),
    (Some("/x:@G:/usr/bin:@G"), "/x:@G:/usr/bin:@G:@P", None),
    // a login put it behind the system's folders
    (Some("/usr/bin:@G"), "@G:/usr/bin:@P", OURS),
    (Some("/usr/local/bin:/usr/bin:/bin:@G:/y"), "@G:/usr/local/bin:/usr/bin:/bin:/y:@P", OURS),
    (Some("/usr/bin:/bin:@P:@G"), "@G:/usr/bin:/bin:@P", OURS),
    (Some("/x:/usr/bin:@G"), "@G:/x:/usr/bin:@P", OURS),
    // names that only look like it
    (Some("@G2:/usr/bin"), "@G:@G2:/usr/bin:@P", OURS),
    (Some("/opt@G:/usr/bin"), "@G:/opt@G:/usr/bin:@P", OURS),
    (Some("@G/x:/usr/bin:@R"), "@G:@G/x:/usr/bin:@R:@P", OURS),
    (Some("@P2:/usr/bin:/opt@P"), "@G:@P2:/usr/bin:/opt@P:@P", OURS),
    // installed tools stay where they are
    (Some("@P:/usr/bin"), "@G:@P:/usr/bin", OURS),
    (Some("@P:@G:/usr/bin"), "@P:@G:/usr/bin", None),
    // an empty entry is the current folder, for those who want it
    (Some("/usr/bin:"), "@G:/usr/bin::@P", OURS),
    (Some("/usr/bin:@G:"), "@G:/usr/bin::@P", OURS),
    (Some(":/usr/bin:@G"), "@G::/usr/bin:@P", OURS),
    (Some("/x::@G:/usr/bin"), "/x::@G:/usr/bin:@P", None),
    (Some("@G:"), "@G::@P", OURS),
    (Some(":"), "@G:::@P", OURS),
    // what a shell might expand or split
    (Some("/a b/*:/usr/bin:/[x]?:~/bin"), "@G:/a b/*:/usr/bin:/[x]?:~/bin:@P", OURS),
    (Some("/*:/usr/bin:@G:/$HOME/`x`"), "@G:/*:/usr/bin:/$HOME/`x`:@P", OURS),
    (Some("/a\tb\\:/u'\"!:@G"), "/a\tb\\:/u'\"!:@G:@P", None),
];

/// What happens to the two variables.
const VARIABLES: &[([Var; 3], [Var; 3])] = &[
    // GOPATH only fills a gap, and the first folder of a list brings the tools
    ([Some("/b"), None, Some("/gp")], [Some("@G:/b:/gp/bin"), OURS, Some("/gp")]),
    ([Some("/b"), None, Some("/gp:/gq")], [Some("@G:/b:/gp/bin"), OURS, Some("/gp:/gq")]),
    ([Some("/b:/gp/bin"), None, Some("/gp:/gq")], [Some("@G:/b:/gp/bin"), OURS, Some("/gp:/gq")]),
    ([Some("/b"), None, Some("")], [Some("@G:/b:@P"), OURS, DEFAULT]),
    ([Some("/b"), None, Some("/g *p/[x]")], [Some("@G:/b:/g *p/[x]/bin"), OURS, Some("/g *p/[x]")]),
    // GOROOT follows PATH
    ([Some("/b"), Some("/tmp"), None], [Some("@G:/b:@P"), OURS, DEFAULT]),
    ([Some("/b"), Some("/stale"), None], [Some("@G:/b:@P"), OURS, DEFAULT]),
    ([Some("/b"), Some(""), None], [Some("@G:/b:@P"), OURS, DEFAULT]),
    ([Some("/b"), OURS, None], [Some("@G:/b:@P"), OURS, DEFAULT]),
    ([Some("/x:@G"), Some("/tmp"), None], [Some("/x:@G:@P"), Some("/tmp"), DEFAULT]),
    ([Some("/x:@G"), Some("/stale"), None], [Some("/x:@G:@P"), Some("/stale"), DEFAULT]),
    ([Some("/x:@G"), OURS, None], [Some("/x:@G:@P"), OURS, DEFAULT]),
];

pub(crate) fn states() -> Vec<State> {
    let paths = PATHS
        .iter()
        .map(|(before, after, goroot)| State { before: [*before, None, None], after: [Some(after), *goroot, DEFAULT] });
    paths.chain(VARIABLES.iter().map(|(before, after)| State { before: *before, after: *after })).collect()
}

/// A text with its places filled in.
pub(crate) fn filled(home: &Home, text: &str) -> Vec<u8> {
    let home = home.path("").into_os_string().into_string().expect("a name in UTF-8");
    let text = text.replace("@G", "@R/bin").replace("@P", "@H/go/bin").replace("@R", "@H/sdk/go");
    text.replace("@H", &home).into_bytes()
}

/// The file that gets the whole block, and the ways to start a shell that reads no other file.
const SHELLS: [(&str, &str, &[&[&str]]); 3] = [
    (
        "zsh",
        ".zshrc",
        &[
            &["-f"],
            &["-f", "-eu"],
            &["-f", "-o", "ksharrays"],
            &["-f", "-o", "shwordsplit"],
            &["-f", "-o", "rcquotes"],
            &["-f", "-o", "nounset"],
            &["-f", "-o", "errexit"],
            &["-f", "-o", "globsubst"],
            &["-f", "-o", "noclobber", "-o", "noglob", "-o", "extendedglob", "-o", "magicequalsubst"],
            &["-f", "-o", "ksharrays", "-o", "shwordsplit", "-o", "rcquotes", "-o", "globsubst", "-eu"],
            &["--emulate", "sh", "-f"],
            &["--emulate", "ksh", "-f"],
        ],
    ),
    (
        "bash",
        ".bashrc",
        &[
            &["--norc"],
            &["-u"],
            &["-e"],
            &["-eu"],
            &["-k"],
            &["-C"],
            &["-f"],
            &["--posix"],
            &["--posix", "-eukCf"],
            &["-O", "extglob", "-O", "nullglob", "-O", "failglob", "-O", "nocasematch"],
        ],
    ),
    ("dash", ".profile", &[&[], &["-e"], &["-u"], &["-euCf"]]),
];

/// A home with our block for all three shells and the default GOPATH.
fn home_with_blocks(name: &[u8]) -> Home {
    let home = Home::named(name);
    let root = home.fake_go("sdk/go", "1.22.10");
    apply_all(&home, &root);
    home
}

fn apply_all(home: &Home, root: &Path) {
    let args = ["apply", "--yes", "--shell", "zsh", "--shell", "bash", "--shell", "dash", "--goroot"].map(OsStr::new);
    run_under(home, "zsh", &[&args[..], &[root.as_os_str()]].concat()).ok();
}

#[test]
fn each_state_under_each_option() {
    let states = states();
    let mut read = 0;
    for folder in [&b"home"[..], b"[h]* o?me $x !!"] {
        if !(need("bash") && need("dash") && need("zsh")) {
            return;
        }
        let home = home_with_blocks(folder);
        for (shell, file, options) in SHELLS {
            for options in options {
                for times in [1, 2] {
                    read += states.len();
                    every_state(&home, shell, options, file, times, &states);
                }
            }
        }
    }
    say(&format!(
        "block rules: {} states × 26 shells and option sets × 2 homes × once and twice = {read}",
        states.len()
    ));
}

fn every_state(home: &Home, name: &str, options: &[&str], file: &str, times: usize, states: &[State]) {
    each_state(home, name, options, "", file, times, states);
}

/// Reads the file in each state, in a shell that has read no other, and has run `first`.
pub(crate) fn each_state(
    home: &Home,
    name: &str,
    options: &[&str],
    first: &str,
    file: &str,
    times: usize,
    states: &[State],
) {
    let filled = |text: &str| filled(home, text);
    let mut script = first.as_bytes().to_vec();
    for state in states {
        script.push(b'(');
        for (variable, value) in ["PATH", "GOROOT", "GOPATH"].iter().zip(state.before) {
            let line = match value {
                Some(value) => [variable.as_bytes(), b"=", &quoted(OsStr::from_bytes(&filled(value)))].concat(),
                None => format!("unset {variable}").into_bytes(),
            };
            script.extend([&line[..], b"; "].concat());
        }
        for _ in 0..times {
            script.extend([b". ", &quoted(home.path(file).as_os_str())[..], b"; "].concat());
        }
        // Not every shell has a printf of its own.
        script.extend_from_slice(if matches!(name, "mksh" | "lksh" | "yash") { b"/usr/bin/" } else { b"" });
        script.extend_from_slice(
            b"printf '%s\\0' \"${PATH+x$PATH}\" \"${GOROOT+x$GOROOT}\" \"${GOPATH+x$GOPATH}\" \"${_go-}\")\n",
        );
    }
    let states_file = home.beside("states");
    fs_err::write(&states_file, script).expect("a new file");
    let args: Vec<_> = options.iter().map(OsStr::new).chain([states_file.as_os_str()]).collect();
    let ran = shell(home, name, &args).ok();
    assert!(ran.stderr.is_empty(), "{name} {options:?} complains\n{ran}");
    let fields: Vec<_> = ran.stdout.split(|byte| *byte == 0).collect();
    assert_eq!(fields.len(), states.len() * 4 + 1, "{name} {options:?} did not come to an end in each state\n{ran}");
    for (state, answer) in states.iter().zip(fields.chunks(4)) {
        for (value, expected) in answer.iter().zip(state.after) {
            let expected = expected.map(filled);
            assert_eq!(
                value.strip_prefix(b"x").map(|value| value.escape_ascii().to_string()),
                expected.map(|value| value.escape_ascii().to_string()),
                "{name} {options:?}, read {times} times, from {:?}",
                state.before
            );
        }
        assert!(answer[3].is_empty(), "{name} {options:?}: `_go` is left behind");
    }
}

#[test]
fn without_a_home_or_without_the_go_nothing_happens() {
    if !(need("bash") && need("dash") && need("zsh")) {
        return;
    }
    let home = home_with_blocks(b"home");
    let tell = r#"printf '%s\0' "${PATH+x$PATH}" "${GOROOT+x$GOROOT}" "${GOPATH+x$GOPATH}""#;
    let nothing = |what: &str, prepare: &str| {
        for (name, file, options) in SHELLS {
            for options in options {
                for file in [Some(file), Some(".zprofile").filter(|_| name == "zsh")].into_iter().flatten() {
                    for path in ["PATH=/x:/usr/bin", "unset PATH"] {
                        let script =
                            format!("f='{}'; {path}; {prepare}\n. \"$f\"\n. \"$f\"\n{tell}", home.path(file).display());
                        let ran = shell(&home, name, &[options, &["-c", &script][..]].concat()).ok();
                        let expected: &[u8] = if path.starts_with("PATH") { b"x/x:/usr/bin\0\0\0" } else { b"\0\0\0" };
                        assert!(
                            ran.stdout == expected && ran.stderr.is_empty(),
                            "{what}: {name} {options:?} {file}\n{ran}"
                        );
                    }
                }
            }
        }
    };
    // A Go that is there also without HOME, and one that is not.
    home.fake_go("../opt/go", "1.22.10");
    for root in [home.beside("opt").join("go"), home.path("sdk/go")] {
        apply_all(&home, &root);
        nothing("HOME is unset", "unset HOME");
        nothing("HOME is empty", "HOME=");
    }
    fs_err::remove_file(home.path("sdk/go/bin/go")).expect("it is there");
    nothing("there is no Go", ":");
    home.file("sdk/go/bin/go", "half a download");
    nothing("it cannot be run", ":");
}

#[test]
fn a_readonly_path_is_an_error_message_and_no_more() {
    if !(need("bash") && need("dash") && need("zsh")) {
        return;
    }
    for (name, file) in [("zsh", ".zshrc"), ("bash", ".bashrc")] {
        let home = Home::new();
        let root = home.fake_go("sdk/go", "1.22.10");
        home.file(file, "readonly PATH\n");
        let args = ["apply", "--yes", "--shell", name, "--goroot"].map(OsStr::new);
        run_under(&home, name, &[&args[..], &[root.as_os_str()]].concat()).code(1).err_has("finds no go");
        let ran = shell(&home, name, &["-i", "-c", "echo \"alive with $PATH\""]).ok();
        ran.out_has("alive with /usr/bin:/bin\n").err_has("PATH");
    }
}

/// What starts a process or another program.
pub(crate) const STARTS: [&str; 7] = ["clone(", "clone3(", "fork(", "vfork(", "execve(", "execveat(", "posix_spawn("];

#[test]
fn the_block_starts_no_process() {
    if cfg!(target_os = "macos") || !(need("strace") && need("bash") && need("dash") && need("zsh")) {
        return; // strace is Linux's
    }
    let mut home = home_with_blocks(b"home");
    let mut traced = 0;
    for (name, flags) in [("zsh", "-i"), ("zsh", "-li"), ("bash", "-i"), ("bash", "-l"), ("dash", "-l")] {
        let mut starts = |home: &Home| {
            let trace = home.beside("trace");
            let program = find(name).expect("it was asked for");
            let args = [
                OsStr::new("-f"),
                OsStr::new("-e"),
                OsStr::new("trace=process"),
                OsStr::new("-o"),
                trace.as_os_str(),
                program.as_os_str(),
                OsStr::new(flags),
                OsStr::new("-c"),
                OsStr::new(": ${GOPATH-none}; [ \"${GOPATH-none}\" != \"$NOT\" ]"),
            ];
            let ran = Ran::of(&home.command(find("strace").expect("it was asked for"), &args));
            let text = fs_err::read_to_string(trace).unwrap_or_default();
            if !text.contains("execve(") {
                return None; // not allowed here
            }
            ran.ok();
            traced += 1;
            Some(text.lines().filter(|line| STARTS.iter().any(|call| line.contains(call))).count())
        };
        let ours = home.path("go").into_os_string();
        home.env("NOT", "none");
        let with = starts(&home);
        let files = [".zshrc", ".zprofile", ".bashrc", ".profile"];
        for file in files {
            fs_err::rename(home.path(file), home.path(format!("away{file}"))).expect("it is there");
        }
        home.env("NOT", ours);
        let without = starts(&home);
        for file in files {
            fs_err::rename(home.path(format!("away{file}")), home.path(file)).expect("it is there");
        }
        if with.is_none() || without.is_none() {
            cannot("permission to trace processes with strace");
            return;
        }
        assert_eq!(with, without, "processes that {name} {flags} starts with and without the block");
    }
    say(&format!("block rules: no process more in {traced} traces"));
}

/// `.zprofile` holds no PATH: `zsh -lc` finds whatever Go is there, and must not tell it that it is ours.
#[test]
fn a_login_file_never_makes_a_pair_of_two_gos() {
    if !(need("zsh") && need("bash") && need("dash")) {
        return;
    }
    let mut home = home_with_blocks(b"home");
    let ours = home.path("sdk/go");
    let other = home.fake_go("other", "1.27.3");
    home.dir("empty").dir("old root");
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    let [empty, other_bin, our_bin] = [home.path("empty"), other.join("bin"), ours.join("bin")]
        .map(|path| path.into_os_string().into_string().expect("plain"));
    let old = home.path("old root");
    let stale = home.path("gone");
    for (path, goroot, expected) in [
        // no Go at all
        (vec![&empty], None, Some(&ours)),
        (vec![&empty], Some(&stale), Some(&ours)),
        (vec![&empty], Some(&old), Some(&old)),
        // another leads, or is found somewhere
        (vec![&other_bin, &empty], None, None),
        (vec![&empty, &other_bin], None, None),
        (vec![&other_bin, &our_bin], None, None),
        (vec![&other_bin, &our_bin], Some(&other), Some(&other)),
        // ours leads
        (vec![&our_bin, &other_bin], None, Some(&ours)),
        (vec![&our_bin, &other_bin], Some(&other), Some(&ours)),
        (vec![&our_bin], Some(&stale), Some(&ours)),
    ] {
        let path = path.iter().map(|entry| entry.as_str()).collect::<Vec<_>>().join(":");
        home.env("PATH", &path);
        match goroot {
            Some(root) => home.env("GOROOT", root),
            None => home.unset("GOROOT"),
        };
        let seen = launch(&home, "zsh", Mode::Login);
        assert_eq!(seen.goroot, expected.map(|root| bytes(root)), "PATH={path}, GOROOT={goroot:?}");
        assert_eq!(seen.gopath, Some(bytes(&home.path("go"))), "PATH={path}");
        assert_eq!(seen.path, Some(path.into_bytes()), "a login file of zsh leaves PATH alone");
    }
}
