//! tcsh and csh, the real ones: what the block does in every launch mode, that it can end nobody's startup file with an
//! error, and that every value arrives.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::support::{Home, Ran, assert_same_tree, cannot, find, need, os, say, shell};

const SHELLS: [&str; 2] = ["tcsh", "csh"];

fn all_here() -> bool {
    SHELLS.iter().all(|name| need(name)) && need("bash")
}

/// A word of csh for any bytes.
pub(crate) fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in text {
        match byte {
            b'\n' => out.extend(b"'\\\n'"),
            b'!' => out.extend(b"\\!"),
            b'\'' => out.extend(b"\\'"),
            b'\\' => out.extend(b"\\\\"),
            _ => out.extend([b'\'', *byte, b'\'']),
        }
    }
    if out.is_empty() { b"''".to_vec() } else { out }
}

/// Tells PATH, GOROOT and GOPATH of the environment. It is a program, because csh cannot print every byte.
const TELL: &str = "#!/bin/sh\nprintf '%s\\0' \"${PATH+x$PATH}\" \"${GOROOT+x$GOROOT}\" \"${GOPATH+x$GOPATH}\"\n";

/// A home with a Go in `sdk/go`, the program [`TELL`] beside it, and these startup files.
pub(crate) fn home(name: &[u8], files: &[(&str, &str)]) -> Home {
    let home = Home::named(name);
    home.fake_go("sdk/go", "1.22.10");
    for (file, text) in files {
        home.file(file, text);
    }
    let tell = home.beside("tell");
    fs_err::write(home.beside("tell.sh"), TELL).expect("a new file");
    Ran::of(&home.command("cp", &[home.beside("tell.sh"), tell.clone()])).ok();
    Ran::of(&home.command("chmod", &[OsStr::new("755"), tell.as_os_str()])).ok();
    home
}

pub(crate) fn apply(home: &Home, name: &str, more: &[OsString]) -> Ran {
    let args = ["apply", "--yes", "--no-verify", "--shell", name, "--goroot"].map(OsString::from);
    home.run(&[&args[..], &[home.path("sdk/go").into_os_string()], more].concat())
}

fn apply_reach(home: &Home, name: &str, reach: &str) {
    apply(home, name, &["--reach".into(), reach.into()]).ok();
}

/// Runs a script with no startup file; gives the fields that it told.
#[track_caller]
pub(crate) fn fields(home: &Home, name: &str, script: &[u8]) -> Vec<String> {
    let file = home.beside("script");
    fs_err::write(&file, script).expect("a new file");
    let ran = shell(home, name, &[OsStr::new("-f"), file.as_os_str()]).ok();
    assert!(ran.stderr.is_empty(), "{name} complains\n{ran}");
    let mut fields: Vec<String> = ran.stdout.split(|byte| *byte == 0).map(|f| f.escape_ascii().to_string()).collect();
    fields.pop();
    fields
}

/// Starts a shell in a launch mode, by `argv[0]`, options, and a command line that is typed or an argument; gives the
/// GOROOT that it ended up with.
#[track_caller]
fn goroot(home: &Home, name: &str, (login, typed): (bool, bool)) -> Option<Vec<u8>> {
    let dash = if login { "-" } else { "" };
    let tell = os(quoted(home.beside("tell").as_os_str().as_bytes()));
    let program = find(name).expect("it was asked for");
    let script = if typed { "echo \"$2\" | (exec -a \"$1\" \"$0\")" } else { "exec -a \"$1\" \"$0\" -c \"$2\"" };
    let args = [OsString::from("-c"), script.into(), program.into_os_string(), format!("{dash}{name}").into(), tell];
    let ran = Ran::of(&home.command("bash", &args)).ok();
    let told: Vec<_> = ran.stdout.split(|byte| *byte == 0).collect();
    assert!(told.len() >= 4, "{name} did not come to an end\n{ran}");
    told[told.len() - 3].strip_prefix(b"x").map(<[u8]>::to_vec)
}

const GUARDED: &str = "set a = 1\nif (! $?prompt) exit\nset b = 2\n";

#[test]
fn every_launch_mode_of_fresh_and_guarded_homes() {
    if !all_here() {
        return;
    }
    // bsd-csh by itself dies of a home with a backtick or a pattern in its name.
    let names: [(&[u8], &[&str]); 3] = [
        (b"home", &SHELLS),
        (b"it's \"$HOME\" !x \\", &SHELLS),
        (b"it's \"$HOME\" `touch canary` !x \\ [a]*?", &["tcsh"]),
    ];
    for (name, shells) in names {
        for shell in shells.iter().copied() {
            for (file, text, hidden) in
                [(".cshrc", "", ""), (".cshrc", GUARDED, ""), (".tcshrc", GUARDED, ".cshrc"), ("", "", "")]
            {
                if file == ".tcshrc" && shell == "csh" {
                    continue;
                }
                for reach in ["interactive", "all"] {
                    let home = home(name, &[]);
                    if !file.is_empty() {
                        home.file(file, text);
                    }
                    let before = home.tree();
                    apply_reach(&home, shell, reach);
                    assert!(hidden.is_empty() || home.read(hidden).is_none(), "{hidden} is created for nothing");
                    assert!(file == ".tcshrc" || home.read(".tcshrc").is_none(), "a .tcshrc would hide .cshrc");
                    for mode in [(true, true), (false, true), (true, false), (false, false)] {
                        let seen = goroot(&home, shell, mode);
                        let reached = mode.1 || reach == "all" || text.is_empty();
                        let expected = reached.then(|| home.path("sdk/go").as_os_str().as_bytes().to_vec());
                        assert_eq!(seen, expected, "{shell} {file} {reach}, login and typed: {mode:?}");
                    }
                    let applied = home.tree();
                    apply(&home, shell, &[]).ok();
                    home.unchanged(&applied);
                    home.run(&["uninstall", "--yes"]).ok();
                    assert_same_tree(&before.without_state(), &home.tree().without_state());
                }
            }
        }
    }
}

/// PATH before and after, and whether GOROOT is ours then. `@G`: the folder of our Go; `@P`: the tools' folder.
pub(crate) const PATHS: &[(Option<&str>, &str, bool)] = &[
    (Some(""), "@G:/usr/bin:/bin:@P", true),
    (Some("/usr/bin:/bin"), "@G:/usr/bin:/bin:@P", true),
    (Some("@G"), "@G:@P", true),
    (Some("@G:@G:/usr/bin"), "@G:@G:/usr/bin:@P", true),
    (Some("/x:@G:/usr/bin"), "/x:@G:/usr/bin:@P", false),
    (Some("/x:@G"), "/x:@G:@P", false),
    (Some("/usr/bin2:/opt/usr/bin:@G"), "/usr/bin2:/opt/usr/bin:@G:@P", false),
    (Some("/usr/bin:@G"), "@G:/usr/bin:@P", true),
    (Some("/x:/usr/bin:/bin:@G:/y"), "@G:/x:/usr/bin:/bin:/y:@P", true),
    (Some("/usr/bin:@P:@G"), "@G:/usr/bin:@P", true),
    (Some("@G2:/opt@G:@G/x"), "@G:@G2:/opt@G:@G/x:@P", true),
    (Some("@P:@G:/usr/bin"), "@P:@G:/usr/bin", false),
    (Some("/a b/*:/[x]?:~/bin:-d:(:!:^a^b"), "@G:/a b/*:/[x]?:~/bin:-d:(:!:^a^b:@P", true),
    (
        Some("/usr/bin:/$HOME/`x`:/u'\"!\\:{a,b}:@G:/l\nf:\u{e4}"),
        "@G:/usr/bin:/$HOME/`x`:/u'\"!\\:{a,b}:/l\nf:\u{e4}:@P",
        true,
    ),
];

/// What users set in their files, one at a time.
const OPTIONS: &[&str] = &[
    "",
    "set noglob",
    "set nonomatch",
    "set noclobber",
    "set backslash_quote",
    "set echo_style = none",
    "set nokanji",
    "set dspmbyte = euc",
    "set ignoreeof",
    "set csubstnonl",
    "unset csubstnonl",
    "set globstar",
    "set symlinks = expand",
    "set rmstar",
    "set edit",
    "set autologout = 0",
    "set printexitvalue",
    "set anyerror",
    "set addsuffix",
    "set parseoctal",
    "set noding",
    "set highlight",
    "set implicitcd",
    "set recexact",
    "set correct = all",
    "set PATH = ( a b )",
    "alias go echo",
    "alias cd 'echo no'",
];

#[test]
fn each_state_under_each_option() {
    if !all_here() {
        return;
    }
    let mut count = 0;
    for name in [&b"home"[..], b"[h]* o?me $x !!"] {
        let home = home(name, &[(".cshrc", "")]);
        apply_reach(&home, "tcsh", "interactive");
        let path = home.path("").into_os_string().into_string().expect("a name in UTF-8");
        let filled = |text: &str| {
            let text = text.replace("@G", "@H/sdk/go/bin").replace("@P", "@H/go/bin");
            text.replace("@H", &path)
        };
        let rc = quoted(home.path(".cshrc").as_os_str().as_bytes());
        let tell = quoted(home.beside("tell").as_os_str().as_bytes());
        // bsd-csh by itself dies of a home whose name is a pattern.
        let shells = if name.contains(&b'*') { &SHELLS[..1] } else { &SHELLS[..] };
        for shell in shells.iter().copied() {
            for option in OPTIONS {
                let mut script = Vec::new();
                let mut expected = Vec::new();
                for (before, after, ours) in PATHS {
                    let before = filled(before.expect("each is set"));
                    script.extend([b"setenv PATH ", &quoted(before.as_bytes())[..], b"\n"].concat());
                    script.extend(b"unsetenv GOPATH\nunsetenv GOROOT\n");
                    script.extend([option.as_bytes(), b"\n"].concat());
                    for _ in 0..2 {
                        script.extend([b"source ", &rc[..], b"\n"].concat());
                    }
                    script.extend([&tell[..], b"\nunset PATH GOPATH\n"].concat());
                    let root = if *ours { filled("x@H/sdk/go") } else { String::new() };
                    for field in [filled(&format!("x{after}")), root, filled("x@H/go")] {
                        expected.push(field.as_bytes().escape_ascii().to_string());
                    }
                    count += 1;
                }
                assert_eq!(fields(&home, shell, &script), expected, "{shell}, {option}");
            }
        }
    }
    say(&format!("csh: {count} states, each read twice"));
}

#[test]
fn what_is_unset_ends_nothing() {
    if !all_here() {
        return;
    }
    let mut home = home(b"home", &[(".cshrc", "")]);
    apply_reach(&home, "csh", "interactive");
    let [rc, tell] = [home.path(".cshrc"), home.beside("tell")].map(|path| path.display().to_string());
    let bin = home.path("sdk/go/bin").display().to_string();
    for shell in SHELLS {
        let after = |prepare: &str| {
            let script =
                format!("{prepare}\nsource {rc}\nsource {rc}\n{tell}\necho alive $?_go $?_go_path $?_go_n $?_go_bin\n");
            let fields = fields(&home, shell, script.as_bytes());
            // What stands behind the last field is cut off with it: ask again.
            let file = home.beside("script");
            let ran = crate::support::shell(&home, shell, &[OsStr::new("-f"), file.as_os_str()]).ok();
            ran.out_has("alive 0 0 0 0\n");
            fields
        };
        for nothing in ["unsetenv HOME", "setenv HOME ''", "unset path"] {
            let fields = after(&format!("setenv PATH /x:/usr/bin\n{nothing}"));
            assert_eq!(fields[1..], ["", ""], "{shell} {nothing}");
        }
        assert_eq!(
            after("unsetenv PATH; set path = ( /bin )")[0],
            format!("x{bin}:/bin:{}", home.path("go/bin").display())
        );
        let lists = after("setenv PATH /b; setenv GOPATH /gp:/gq");
        assert_eq!(
            lists,
            [format!("x{bin}:/b:/gp/bin"), format!("x{}", home.path("sdk/go").display()), "x/gp:/gq".into()]
        );
        assert_eq!(after("setenv PATH /b; setenv GOPATH '/g *p/[x]'")[2], "x/g *p/[x]");
        assert_eq!(after("setenv PATH /b; setenv GOROOT /stale")[1], format!("x{}", home.path("sdk/go").display()));
        let other = after(&format!("setenv PATH /x:{bin}; setenv GOROOT /nix"));
        assert_eq!(other[1], "x/nix", "{shell}: another's Go leads");
    }
    // bsd-csh would cut it off, and ends the file at a word of that length.
    let long =
        format!("/usr/bin:/bin:{}", vec!["/a/folder/with/quite/a/long/name/that/makes/it/eighty/bytes"; 200].join(":"));
    home.env("PATH", &long);
    for (shell, kept) in [("tcsh", false), ("csh", true)] {
        let seen = fields(&home, shell, format!("source {rc}\n{tell}\n").as_bytes()).swap_remove(0);
        let expected =
            if kept { format!("x{long}") } else { format!("x{bin}:{long}:{}", home.path("go/bin").display()) };
        assert_eq!(seen, expected, "{shell}");
    }
    home.env("PATH", "/usr/bin:/bin");
    fs_err::remove_file(home.path("sdk/go/bin/go")).expect("it is there");
    for shell in SHELLS {
        let script = format!("setenv PATH /x\nsource {rc}\n{tell}\n");
        assert_eq!(fields(&home, shell, script.as_bytes()), ["x/x", "", ""], "{shell}: there is no Go");
    }
}

#[test]
fn every_value_arrives_or_is_refused() {
    if !all_here() {
        return;
    }
    let mut home = home(b"home", &[]);
    let tell = quoted(home.beside("tell").as_os_str().as_bytes());
    let values = crate::quoting::values::all();
    let (mut files, mut expected, mut refused) = (Vec::new(), Vec::new(), 0);
    for (number, value) in values.iter().enumerate() {
        let gopath = [b"/nonexistent/", &value[..]].concat();
        let file = home.path(format!("files/{number}.csh"));
        home.dir("files");
        home.env("XDG_STATE_HOME", home.beside("state").join(number.to_string()));
        let settings = ["--gopath".into(), os(gopath.clone()), "--file".into(), file.clone().into_os_string()];
        if gopath.len() > 2000 {
            apply(&home, "csh", &settings).code(3).err_has("of this length");
            refused += 1;
            continue;
        }
        apply(&home, SHELLS[number % 2], &settings).ok();
        let first = fs_err::read(&file).expect("it was written");
        home.run(&["apply", "-q", "--yes", "--no-verify", "--shell", SHELLS[number % 2]]).ok();
        assert_eq!(fs_err::read(&file).expect("it is there"), first, "read back: {}", value.escape_ascii());
        files.push(file);
        expected.push([b"x", &gopath[..]].concat().escape_ascii().to_string());
    }
    assert!(files.len() >= 300 && refused == 1, "{} values, {refused} refused", files.len());
    for locale in ["C.UTF-8", "C"] {
        home.env("LANG", locale);
        for shell in SHELLS {
            let mut script = Vec::new();
            for file in &files {
                script.extend(b"setenv PATH /usr/bin:/bin\nunsetenv GOPATH\nsource ");
                script.extend([&quoted(file.as_os_str().as_bytes())[..], b"\n", &tell, b"\n"].concat());
            }
            let fields = fields(&home, shell, &script);
            assert_eq!(fields.len(), 3 * expected.len(), "{shell}, {locale}");
            for (seen, expected) in fields.chunks(3).zip(&expected) {
                assert_eq!(&seen[2], expected, "{shell}, {locale}");
                let tools = &expected[1..];
                assert!(seen[0].ends_with(&format!(":{tools}/bin")), "{shell}, {locale}: {}", seen[0]);
            }
        }
    }
    let canary = fs_err::read_dir(home.path("")).expect("it is there").flatten();
    assert!(!canary.into_iter().any(|entry| entry.file_name().as_bytes().starts_with(b"canary")), "a value was run");
    say(&format!("csh: {} values × 2 shells × 2 locales", files.len()));
}

#[test]
fn the_block_starts_no_process() {
    if cfg!(target_os = "macos") || !(need("strace") && all_here()) {
        return; // strace is Linux's
    }
    let home = home(b"home", &[(".cshrc", "")]);
    let starts = |name: &str| {
        let trace = home.beside("trace");
        let program = find(name).expect("it was asked for");
        let mut args: Vec<OsString> = ["-f", "-e", "trace=process", "-o"].map(OsString::from).to_vec();
        args.extend([trace.clone().into_os_string(), program.into_os_string(), "-c".into(), "exit 0".into()]);
        Ran::of(&home.command(find("strace").expect("it was asked for"), &args));
        let text = fs_err::read_to_string(Path::new(&trace)).unwrap_or_default();
        let calls = ["clone(", "clone3(", "fork(", "vfork(", "execve("];
        let count = text.lines().filter(|line| calls.iter().any(|call| line.contains(call))).count();
        (count > 0).then_some(count)
    };
    let without = SHELLS.map(starts);
    apply_reach(&home, "tcsh", "all");
    let with = SHELLS.map(starts);
    if without.contains(&None) {
        cannot("permission to trace processes with strace");
        return;
    }
    assert_eq!(with, without);
}
