//! The main job with the real fish: its own file in `conf.d`, every launch mode, every state that a shell may bring
//! along, any bytes as a value, and every byte back.

mod values;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use goenv_setup::shells::{self, Holds, Reach, Values};

use crate::block_rules::{STARTS, filled, states};
use crate::support::{Home, Kind, Mode, Ran, Tree, assert_same_tree, cannot, find, need, os, run_under, say, shell};

pub(crate) const OWN: &str = "fish/conf.d/goenv-setup.fish";

/// What a fish has exported, and which `go` it finds.
#[derive(Debug)]
struct Seen {
    env: Vec<(Vec<u8>, Vec<u8>)>,
    go: PathBuf,
}

impl Seen {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.env.iter().find(|(own, _)| own == name.as_bytes()).map(|(_, value)| &value[..])
    }
}

/// Starts fish so and asks it; `inner` are the flags of fishes nested in it, the outermost first.
#[track_caller]
fn launch(home: &Home, flags: &[&str], inner: &[&[&str]]) -> Seen {
    let mut script = OsString::from("/usr/bin/printf 'go=%s\\0' (command -v go); /usr/bin/env -0");
    let program = find("fish").expect("it was asked for");
    for flags in inner.iter().rev() {
        let quoted = script.to_str().expect("ours").replace('\\', "\\\\").replace('\'', "\\'");
        script = format!("{} {} -c '{quoted}'", program.display(), flags.join(" ")).into();
    }
    let args: Vec<&OsStr> = flags.iter().map(OsStr::new).chain([OsStr::new("-c"), &script]).collect();
    let ran = shell(home, "fish", &args).ok();
    let start = ran.stdout.windows(3).position(|window| window == b"go=").unwrap_or_else(|| panic!("{ran}"));
    let mut fields = ran.stdout[start..].split(|byte| *byte == 0);
    let go = fields.next().and_then(|field| field.strip_prefix(b"go=")).expect("it was found there");
    let env = fields.filter_map(|field| {
        let at = field.iter().position(|byte| *byte == b'=')?;
        Some((field[..at].to_vec(), field[at + 1..].to_vec()))
    });
    Seen { go: PathBuf::from(OsString::from_vec(go.to_vec())), env: env.collect() }
}

fn here() -> bool {
    need("fish") && need("bash") && need("dash")
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

fn has(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The tree without what fish itself writes when it starts.
fn without_fishs_own(mut tree: Tree) -> Tree {
    tree.0.retain(|path, entry| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let made = name.starts_with(b"fish_variables") || name == b"fish_history";
        !(made && matches!(entry.kind, Kind::File(_))
            || path.starts_with(".local/share/fish")
            || path.starts_with(".cache"))
    });
    tree
}

#[test]
fn every_launch_mode_finds_go_in_every_home() {
    if !here() {
        return;
    }
    let names: [&[u8]; 4] = [b"home", b"a b  c", b"it's \"$HOME\" (touch canary) \\ {a,b} * ~ # ;", b"caf\xe9 \xff"];
    for (number, name) in names.iter().enumerate().filter(|(_, name)| !cfg!(target_os = "macos") || name.is_ascii()) {
        for (xdg, existing) in [(None, false), (Some("my config"), true)] {
            let mut home = Home::named(name);
            let root = if number % 2 == 0 {
                home.fake_go("sdk/go", "1.22.10")
            } else {
                home.fake_go("../opt/go", "1.22.10");
                home.beside("opt").join("go")
            };
            let config = home.path(xdg.unwrap_or(".config"));
            if xdg.is_some() {
                home.env("XDG_CONFIG_HOME", &config);
            }
            if existing {
                home.file("my config/fish/config.fish", "set -gx EDITOR vi\n")
                    .file("my config/fish/conf.d/x.fish", "set -gx X x\n");
            }
            in_one_home(&mut home, &root, &config);
        }
    }
}

fn in_one_home(home: &mut Home, root: &Path, config: &Path) {
    let own = config.join(OWN);
    let args = ["apply", "--yes", "--no-verify", "--shell", "fish", "--goroot"].map(OsStr::new);
    let args = [&args[..], &[root.as_os_str()]].concat();
    let before = home.tree();
    run_under(home, "fish", &args).ok();
    let applied = home.tree();
    run_under(home, "fish", &["apply", "--yes"]).ok().err_has("nothing to do");
    run_under(home, "bash", &["apply", "--yes", "--shell", "fish"]).ok().err_has("nothing to do");
    run_under(home, "fish", &["status"]).ok();
    home.unchanged(&applied);
    run_under(home, "fish", &["uninstall", "--yes"]).ok();
    assert_same_tree(&before.clone().without_state(), &home.tree().without_state());

    // This time with the proof, after which fish has left things of its own.
    let args: Vec<_> = args.into_iter().filter(|arg| *arg != "--no-verify").collect();
    run_under(home, "fish", &args)
        .ok()
        .err_has("proven in the real shell: fish -l -i, fish -i, fish -l -c, fish -c find go");
    let (bin, gopath) = (root.join("bin"), home.path("go"));
    let all: &[&str] = &[];
    for mode in Mode::ALL {
        for inner in [vec![], vec![&["-i"][..], &["-l", "-i"], all, &["-l"]]] {
            let seen = launch(home, mode.flags(), &inner);
            assert_eq!(seen.go, bin.join("go"), "{mode:?} {inner:?}");
            assert_eq!(seen.get("GOROOT"), Some(&bytes(root)[..]), "{mode:?} {inner:?}");
            assert_eq!(seen.get("GOPATH"), Some(&bytes(&gopath)[..]), "{mode:?} {inner:?}");
            // At login Debian's fish adds the system's folders that are not there yet, behind everything.
            let path = [&bytes(&bin)[..], b":/usr/bin:/bin:", &bytes(&gopath), b"/bin"].concat();
            let seen_path = seen.get("PATH").unwrap_or_default();
            let rest = seen_path.strip_prefix(&path[..]);
            let login = mode.flags().contains(&"-l") || !inner.is_empty();
            let as_planned = rest.is_some_and(|rest| rest.is_empty() || login && rest.starts_with(b":/"));
            let twice = rest.is_some_and(|rest| [&bin, &gopath].iter().any(|own| has(rest, &bytes(own))));
            assert!(as_planned && !twice, "{mode:?} {inner:?}: {}", seen_path.escape_ascii());
            for name in ["root", "bin", "gopath", "dir", "before", "after"] {
                assert_eq!(seen.get(name), None, "left behind");
            }
        }
    }
    run_under(home, "fish", &["status"]).ok();
    run_under(home, "fish", &["uninstall", "--yes"]).ok();
    assert!(!own.exists());
    let back = without_fishs_own(home.tree().without_state());
    for (path, entry) in &before.clone().without_state().0 {
        assert_eq!(back.0.get(path).map(|now| &now.kind), Some(&entry.kind), "{}", path.display());
    }
}

/// Dotfiles travel, and `$HOME` stays `$HOME`: the file of one home serves in another, whatever that is called.
#[test]
fn the_file_serves_in_a_home_of_any_name() {
    if !here() {
        return;
    }
    let home = Home::new();
    let root = home.fake_go("sdk/go", "1.22.10");
    let args = ["apply", "--yes", "--no-verify", "--shell", "fish", "--goroot"].map(OsStr::new);
    run_under(&home, "fish", &[&args[..], &[root.as_os_str()]].concat()).ok();
    let file = home.read(Path::new(".config").join(OWN)).expect("it was written");
    for name in [&b"a\nb"[..], b"$x `touch canary` (touch canary) \"'\\", b" -n \t"] {
        let other = Home::named(name);
        let root = other.fake_go("sdk/go", "1.22.10");
        other.file(Path::new(".config").join(OWN), &file);
        for mode in Mode::ALL {
            let seen = launch(&other, mode.flags(), &[]);
            assert_eq!(seen.get("GOROOT"), Some(&bytes(&root)[..]), "{mode:?}");
            assert_eq!(seen.get("GOPATH"), Some(&bytes(&other.path("go"))[..]), "{mode:?}");
            let path = [&bytes(&root)[..], b"/bin:/usr/bin:/bin:", &bytes(&other.path("go/bin"))].concat();
            assert!(seen.get("PATH").is_some_and(|seen| seen.starts_with(&path)), "{mode:?}: {seen:?}");
        }
        assert!(!other.path("canary").exists());
    }
}

#[test]
fn each_state_is_left_as_the_rules_say() {
    if !here() {
        return;
    }
    for name in [&b"home"[..], b"[h]* o?me $x !!"] {
        let home = Home::named(name);
        let root = home.fake_go("sdk/go", "1.22.10");
        let args = ["apply", "--yes", "--no-verify", "--shell", "fish", "--goroot"].map(OsStr::new);
        run_under(&home, "fish", &[&args[..], &[root.as_os_str()]].concat()).ok();
        let own = home.path(".config").join(OWN);
        // fish writes an empty entry of PATH as `.`, whoever sets it, and has a default of its own where there is none.
        let dotted = |path: Vec<u8>| {
            let entries = path.split(|byte| *byte == b':').map(|entry| if entry.is_empty() { b"." } else { entry });
            entries.collect::<Vec<_>>().join(&b':')
        };
        let default = run_with(&home, [None, None, None], "true", &own)[0].clone().expect("fish sets it");
        for state in states() {
            for script in ["source $f", "source $f; source $f"] {
                let before = state.before.map(|value| value.map(|value| filled(&home, value)));
                let after = run_with(&home, before.clone(), script, &own);
                let mut expected = state.after.map(|value| value.map(|value| filled(&home, value)));
                expected[0] = expected[0].take().map(&dotted);
                if before[0].is_none() {
                    expected[0] = Some([&filled(&home, "@G:")[..], &default, &filled(&home, ":@P")].concat());
                }
                let shown = |values: &[Option<Vec<u8>>; 3]| {
                    values.clone().map(|value| value.map(|v| v.escape_ascii().to_string()))
                };
                assert_eq!(shown(&after), shown(&expected), "{script} from {:?}", state.before);
            }
        }
    }
    say(&format!("fish: {} states × 2 homes × once and twice", states().len()));
}

/// What a fish that reads no file has exported after a script, in which `$f` is our file: PATH, GOROOT, GOPATH.
#[track_caller]
pub(crate) fn run_with(home: &Home, before: [Option<Vec<u8>>; 3], script: &str, file: &Path) -> [Option<Vec<u8>>; 3] {
    let names = ["PATH", "GOROOT", "GOPATH"];
    let script =
        format!("set -l f $argv[1]; {script}; set -q bin root gopath dir before after; and exit 9; /usr/bin/env -0");
    let program = find("fish").expect("it was asked for");
    let args = [OsStr::new("--no-config"), OsStr::new("-c"), OsStr::new(&script), file.as_os_str()];
    let mut command = home.command(program, &args);
    for (name, value) in names.iter().zip(before) {
        match value {
            Some(value) => command.env(name, os(value)),
            None => command.env_remove(name),
        };
    }
    let ran = Ran::of(&command).ok();
    assert!(ran.stderr.is_empty(), "{ran}");
    names.map(|name| {
        let mut fields = ran.stdout.split(|byte| *byte == 0);
        fields.find_map(|field| field.strip_prefix(format!("{name}=").as_bytes())).map(<[u8]>::to_vec)
    })
}

#[test]
fn without_a_home_or_without_the_go_nothing_happens() {
    if !here() {
        return;
    }
    let mut home = Home::new();
    home.fake_go("../opt/go", "1.22.10");
    let root = home.beside("opt").join("go");
    // Where HOME is unset fish asks the user database: what it keeps there must be ours too.
    for (name, folder) in [("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".data"), ("XDG_CACHE_HOME", ".cache")] {
        let folder = home.path(folder);
        home.env(name, folder);
    }
    let args = ["apply", "--yes", "--no-verify", "--shell", "fish", "--gopath", "/gp", "--goroot"].map(OsStr::new);
    run_under(&home, "fish", &[&args[..], &[root.as_os_str()]].concat()).ok();
    let own = home.path(".config").join(OWN);
    let start = [Some(b"/x:/usr/bin".to_vec()), None, None];
    let nothing = |home: &Home, what: &str| {
        assert_eq!(run_with(home, start.clone(), "source $f; source $f", &own), start, "{what}");
    };
    for prepare in ["set -e HOME", "set -gx HOME ''"] {
        let after = run_with(&home, start.clone(), &format!("{prepare}; source $f; source $f"), &own);
        assert_eq!(after, start, "{prepare}");
    }
    // fish itself asks the user database.
    let whole = home.path("");
    for home_variable in [None, Some("")] {
        match home_variable {
            Some(value) => home.env("HOME", value),
            None => home.unset("HOME"),
        };
        let seen = run_with(&home, start.clone(), "source $f; source $f", &own);
        assert_eq!(seen[2], Some(b"/gp".to_vec()), "HOME is {home_variable:?}");
    }
    home.env("HOME", whole);
    fs_err::remove_file(root.join("bin/go")).expect("it is there");
    nothing(&home, "there is no Go");
    fs_err::write(root.join("bin/go"), "half a download").expect("a new file");
    nothing(&home, "it cannot be run");
}

/// Where a version manager brings Go, the block sets GOPATH; where the system does, PATH needs no folder more.
#[test]
fn blocks_without_a_folder_in_front() {
    if !here() {
        return;
    }
    let home = Home::new();
    let file = home.path("block.fish");
    let fish = shells::by_name("fish").expect("it is supported");
    for (go, path) in [(None, "/b:@P"), (Some("/usr/bin"), "/b:@P"), (Some("/bin"), "/b:@P"), (Some("@G"), "@G:/b:@P")]
    {
        home.fake_go("sdk/go", "1.22.10");
        let go = go.map(|go| PathBuf::from(os(filled(&home, go))));
        let there = go.as_ref().is_none_or(|go| go.join("go").exists());
        let values = Values {
            go,
            places: Vec::new(),
            goroot: false,
            gopath: os(filled(&home, "@H/go")),
            gobin: None,
            reach: Reach::All,
            loads: None,
        };
        let body = fish.body(&values, Holds::All, &home.path(""));
        let carried = fish.carried(&body, &home.path(""));
        assert_eq!((carried.go, carried.goroot, carried.reach), (values.go, false, Reach::All));
        fs_err::write(&file, body).expect("a new file");
        let seen = run_with(&home, [Some(b"/b".to_vec()), None, None], "source $f; source $f", &file);
        let expected = if there { [Some(path), None, Some("@H/go")] } else { [Some("/b"), None, None] };
        assert_eq!(seen, expected.map(|value| value.map(|value| filled(&home, value))), "{:?}", carried.gopath);
    }
}

/// What only a fish can do to the variables.
#[test]
fn variables_of_every_kind() {
    if !here() {
        return;
    }
    let home = Home::new();
    let root = home.fake_go("sdk/go", "1.22.10");
    let args = ["apply", "--yes", "--no-verify", "--shell", "fish", "--goroot"].map(OsStr::new);
    run_under(&home, "fish", &[&args[..], &[root.as_os_str()]].concat()).ok();
    let own = home.path(".config").join(OWN);
    let start = [Some(b"/usr/bin:/bin".to_vec()), None, None];
    for (before, path, gopath) in [
        ("set -gx --unpath GOPATH /a:/b", "@G:/usr/bin:/bin:/a/bin", "/a:/b"),
        ("set -gx GOPATH /a /b", "@G:/usr/bin:/bin:/a/bin", "/a:/b"),
        ("set -gx GOPATH /a:/b", "@G:/usr/bin:/bin:/a/bin", "/a:/b"),
        ("set -gx GOPATH", "@G:/usr/bin:/bin:@P", "@H/go"),
        ("set -gx PATH", "@G:/usr/bin:/bin:@P", "@H/go"),
        ("set -g dir x; set -g bin y; set -g before /usr/bin; set -g after z; set -gx PATH /q @G", "/q:@G:@P", "@H/go"),
        ("set -e HOME; set -gx HOME @H", "@G:/usr/bin:/bin:@P", "@H/go"),
    ] {
        let before = String::from_utf8(filled(&home, before)).expect("plain");
        let check = "test \"$dir$bin$before$after\" = ''; or test $dir$bin$before$after = xy/usr/binz; or exit 8; set -e dir bin before after";
        let seen = run_with(&home, start.clone(), &format!("{before}; source $f; source $f; {check}"), &own);
        assert_eq!(seen[0], Some(filled(&home, path)), "{before}");
        assert_eq!(seen[2], Some(filled(&home, gopath)), "{before}");
    }
}

#[test]
fn the_block_starts_no_process() {
    if cfg!(target_os = "macos") || !(here() && need("strace")) {
        return; // strace is Linux's
    }
    let home = Home::new();
    let root = home.fake_go("sdk/go", "1.22.10");
    let args = ["apply", "--yes", "--no-verify", "--shell", "fish", "--goroot"].map(OsStr::new);
    run_under(&home, "fish", &[&args[..], &[root.as_os_str()]].concat()).ok();
    let own = home.path(".config").join(OWN);
    let starts = |script: &str, path: &str| {
        let (trace, fish) = (home.beside("trace"), find("fish").expect("it was asked for"));
        let args = ["-f", "-e", "trace=process", "-o"].map(OsStr::new);
        let rest = [
            trace.as_os_str(),
            fish.as_os_str(),
            OsStr::new("--no-config"),
            OsStr::new("-c"),
            OsStr::new(script),
            own.as_os_str(),
        ];
        let mut command = home.command(find("strace").expect("it was asked for"), &[&args[..], &rest].concat());
        command.env("PATH", os(filled(&home, path)));
        let ran = Ran::of(&command);
        let text = fs_err::read_to_string(trace).unwrap_or_default();
        if !text.contains("execve(") {
            return None; // not allowed here
        }
        ran.ok();
        Some(text.lines().filter(|line| STARTS.iter().any(|call| line.contains(call))).count())
    };
    for path in ["/usr/bin", "@G:/usr/bin", "/x:@G:/usr/bin", "/usr/bin:/bin:@G:@P"] {
        let Some(without) = starts("not set -q GOPATH", path) else {
            cannot("permission to trace processes with strace");
            return;
        };
        assert_eq!(starts("source $argv[1]; set -q GOPATH", path), Some(without), "{path}");
    }
}

/// fish reads whatever is called `*.fish` in `conf.d`: a file that waits there for its rename must not be.
#[test]
fn a_file_on_its_way_is_not_read() {
    if cfg!(target_os = "macos") || !(here() && need("strace")) {
        return; // strace is Linux's
    }
    let home = Home::with_go();
    let trace = home.beside("trace");
    let script =
        format!("strace -f -e trace=file -o '{}' \"$0\" apply --yes --no-verify --shell fish", trace.display());
    let ran = home.script(&script);
    let text = fs_err::read_to_string(trace).unwrap_or_default();
    if !text.contains("execve(") {
        cannot("permission to trace processes with strace");
        return;
    }
    ran.ok();
    let created: Vec<&str> = text.lines().filter(|line| line.contains("conf.d/") && line.contains("O_CREAT")).collect();
    assert!(!created.is_empty(), "{text}");
    assert!(created.iter().all(|line| !line.contains(".fish\"")), "{created:#?}");
}

#[test]
fn a_dry_run_a_print_and_another_file() {
    if !here() || !need("patch") {
        return;
    }
    let home = Home::with_go();
    home.file("dot/config.fish", "set -gx GOPATH ~/mine\n# set -gx GOROOT /x\nset -l GOROOT /y")
        .link(".config/fish/config.fish", home.path("dot/config.fish"));
    let before = home.tree();
    let dry =
        run_under(&home, "fish", &["apply", "--dry-run"]).ok().out_has("+++ b/.config/fish/conf.d/goenv-setup.fish\n");
    dry.err_has("line 1 of `~/.config/fish/config.fish` sets GOPATH; it is yours");
    home.unchanged(&before);
    let print = run_under(&home, "bash", &["print", "--shell", "fish"]).ok().out_has("set -gx GOPATH \"$HOME/go\"\n");
    home.unchanged(&before);
    let printed = String::from_utf8(print.stdout).expect("plain");
    let seen =
        run_with(&home, [Some(b"/usr/bin".to_vec()), None, None], &format!("{printed}\n{printed}"), Path::new("/"));
    let expected = ["@H/opt/go/bin:/usr/bin:@P", "@H/opt/go", "@H/go"].map(|value| Some(filled(&home, value)));
    assert_eq!(seen, expected);

    // Into a file of the user's, behind a link, without a final line end.
    run_under(&home, "fish", &["apply", "--yes", "--file", "dot/config.fish"])
        .ok()
        .err_has("line 1 of `~/dot/config.fish`");
    let text = String::from_utf8(home.read("dot/config.fish").expect("it is there")).expect("plain");
    assert!(
        text.starts_with("set -gx GOPATH ~/mine\n# set -gx GOROOT /x\nset -l GOROOT /y\n\n# >>> goenv-setup >>>"),
        "{text}"
    );
    let seen = launch(&home, &[], &[]);
    assert_eq!(seen.get("GOPATH"), Some(&filled(&home, "@H/mine")[..]), "GOPATH only fills a gap");
    assert_eq!(seen.go, home.path("opt/go/bin/go"));
    run_under(&home, "fish", &["apply", "--yes"]).ok().err_has("nothing to do");
    run_under(&home, "fish", &["uninstall", "--yes"]).ok();
    let back = without_fishs_own(home.tree().without_state());
    assert_eq!(back.0[Path::new("dot/config.fish")].kind, before.0[Path::new("dot/config.fish")].kind);
    assert_eq!(
        back.0[Path::new(".config/fish/config.fish")].kind,
        before.0[Path::new(".config/fish/config.fish")].kind
    );
}

#[test]
fn a_file_that_the_block_would_not_be_read_in_is_refused() {
    if !here() {
        return;
    }
    let home = Home::with_go();
    let config = ".config/fish/config.fish";
    let apply = ["apply", "--yes", "--shell", "fish", "--file", config];
    // A backslash at the end would join whatever comes next to its line: the blank line is for that.
    home.file(config, "echo a \\");
    run_under(&home, "fish", &apply).ok();
    let text = home.read(config).expect("it is there");
    // Somebody puts all of it into an `if` without an end: fish does not parse it now, and no worse without the block.
    home.file(config, [b"if true\n", &text[..]].concat());
    run_under(&home, "fish", &["uninstall", "--yes"]).ok();
    assert_eq!(home.read(config).as_deref(), Some(&b"if true\necho a \\"[..]));
    run_under(&home, "fish", &apply).ok().err_has("does not parse as it is");
    run_under(&home, "fish", &["uninstall", "--yes"]).ok();
    // Somebody makes the block the rest of a command: without it the file would not parse.
    home.file(config, "");
    run_under(&home, "fish", &apply).ok();
    let text = home.read(config).expect("it is there");
    home.file(config, [b"true &&\n", &text[..]].concat());
    let before = home.tree();
    run_under(&home, "fish", &["uninstall", "--yes"])
        .code(3)
        .err_has("fish could not read it any more (fish: Expected a command");
    home.unchanged(&before);
}
