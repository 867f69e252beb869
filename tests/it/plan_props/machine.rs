//! What is asked of the program, and on which machine: shells, Go installations, environments.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use goenv_setup::facts::process::{Process, Stdin};
use goenv_setup::facts::{Env, Facts, GoDir, GoFacts, Platform, Remembered, Snapshot, User, is_ours_for_another};
use goenv_setup::plan::Request;
use goenv_setup::shells::{self, Places, Reach, Shell};

use super::text::Choices;

pub(super) const HOME: &str = "/home/zoë";

/// One `apply`: the flags, and what surrounds it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) request: Request,
    platform: Platform,
    env: Env,
    parents: Vec<Process>,
    on_path: Vec<GoDir>,
}

/// Where there is a Go on this machine, and whether the folder above is a whole root.
const GO: &[(&str, bool)] = &[
    ("/usr/local/go/bin", true),
    ("/home/zoë/.local/go/bin", true),
    ("/opt/it's a \"$(go)`\\/bin", true),
    ("/opt/homebrew/opt/go/libexec/bin", true),
    ("/opt/homebrew/Cellar/go/1.22.5/libexec/bin", true),
    ("/usr/bin", false),
    ("/home/zoë/.asdf/shims", false),
    ("/nix/store/0c0mlhxfw2g1mnd4rkpnxyi2l0kcvq1s-go-1.22.5/bin", false),
    ("/srv/goenv/shims", false),
    ("/srv/mise/shims", false),
];

/// Where version managers were told to live.
const FOLDERS: &[(&str, &str)] = &[("GOENV_ROOT", "/srv/goenv"), ("MISE_DATA_DIR", "/srv/mise")];

const GOROOTS: &[&str] = &[
    "/usr/local/go",
    "/home/zoë/.local/go",
    "/opt/it's a \"$(go)`\\",
    "/opt/homebrew/Cellar/go/1.22.5/libexec",
    "/not/there/yet/",
    "/usr",
    "/nix/store/0c0mlhxfw2g1mnd4rkpnxyi2l0kcvq1s-go-1.22.5",
    "~/go",
];

const GOPATHS: &[&[u8]] = &[
    b"/home/zo\xc3\xab/go",
    b"/srv/a b:/srv/it's",
    b"/srv/$(touch x)`y`\\!\"",
    b"/srv/\xff\t\x1b[1m",
    b"/home/zo\xc3\xab",
    b"/usr/local/go",
    b"go",
];

const GOBINS: &[&[u8]] = &[b"/home/zo\xc3\xab/bin", b"", b"/srv/it's \"$(x)`\\!/", b"/srv/\xff\t", b"bin", b"/a:b"];

const FILES: &[&str] = &[".config/shell/go.sh", ".config/shell/golang.sh", "go.sh", ".bashrc", ".zlogin"];

/// One `apply` with any settings.
pub(super) fn a_step(c: &mut Choices) -> Step {
    let shell = shells::ALL[c.below(shells::ALL.len())].name();
    let other = shells::ALL[c.below(shells::ALL.len())].name();
    let mut request = Request::default();
    match c.below(4) {
        0 | 1 => {}
        2 => request.shells.push(shell.to_owned()),
        _ => request.shells.extend([shell.to_owned(), if other == "sh" { "dash" } else { other }.to_owned()]),
    }
    if c.one_in(4) && request.shells.len() < 2 {
        request.files = (0..=c.below(2)).map(|_| Path::new(HOME).join(c.pick(FILES))).collect();
        request.files.dedup();
    }
    if c.one_in(3) {
        request.goroot = Some(c.pick(GOROOTS).into());
    }
    if c.one_in(3) {
        request.gopath = Some(OsStr::from_bytes(c.pick(GOPATHS)).to_owned());
    }
    if c.one_in(4) {
        request.gobin = Some(OsStr::from_bytes(c.pick(GOBINS)).to_owned());
    }
    request.portable = c.pick(&[None, None, None, None, Some(true), Some(true), Some(false)]);
    request.no_goroot = c.one_in(4);
    request.reach = c.pick(&[None, None, Some(Reach::Interactive), Some(Reach::Login), Some(Reach::All)]);
    request.all_shells = request.shells.is_empty() && request.files.is_empty() && c.one_in(4);

    let platform = c.pick(&[Platform::Linux, Platform::MacOs]);
    let env = an_env(c, Path::new("/bin").join(shell));
    let argv: &[&str] = match c.below(4) {
        0 => &[],
        1 => &[shell],
        2 => &["-"],
        _ => &[shell, "-l"],
    };
    let argv: Vec<Vec<u8>> =
        argv.iter().map(|arg| if *arg == "-" { format!("-{shell}").into() } else { (*arg).into() }).collect();
    let process = Process { pid: 2, argv, exe: None, stdin: Stdin::Terminal, job_control: Some(true) };
    let parents = if process.argv.is_empty() { Vec::new() } else { vec![process] };
    Step { request, platform, env, parents, on_path: a_path(c) }
}

fn an_env(c: &mut Choices, shell: PathBuf) -> Env {
    let mut env = Env { shell: Some(shell), ..Env::default() };
    if c.one_in(6) {
        env.goroot = Some(c.pick(GOROOTS).into());
    }
    if c.one_in(6) {
        env.gopath = Some(OsStr::from_bytes(c.pick(GOPATHS)).to_owned());
    }
    if c.one_in(6) {
        env.gobin = Some(OsStr::from_bytes(c.pick(GOBINS)).to_owned());
    }
    env.go_folders = FOLDERS.iter().filter(|_| c.one_in(2)).map(|(name, folder)| (*name, folder.into())).collect();
    env
}

fn a_path(c: &mut Choices) -> Vec<GoDir> {
    (0..c.below(3)).map(|_| look(Path::new(c.pick(GO).0))).collect()
}

impl Step {
    /// The same shell of the same user in another environment, such as that of cron or of an old terminal.
    pub(super) fn elsewhere(&self, c: &mut Choices) -> Self {
        let shell = self.env.shell.clone().unwrap_or_default();
        Self { env: an_env(c, shell), on_path: a_path(c), ..self.clone() }
    }
}

/// All that could be asked for: to work that out for each case would take a third of the time.
static ASKED: LazyLock<Vec<GoDir>> = LazyLock::new(|| {
    let found = GO.iter().map(|(bin, _)| look(Path::new(bin)));
    found.chain(GOROOTS.iter().map(|root| look(&Path::new(root).join("bin")))).collect()
});

/// The facts of a machine with these files.
pub(super) fn facts(step: &Step, places: Places, files: Vec<Snapshot>, remembered: Vec<Remembered>) -> Facts {
    let user = User {
        euid: 1000,
        name: Some("zoë".to_owned()),
        home: HOME.into(),
        real_home: HOME.into(),
        passwd_shell: None,
        sudo_user: None,
    };
    let go = GoFacts { asked: ASKED.clone(), on_path: step.on_path.clone(), ..GoFacts::default() };
    let (platform, env, parents) = (step.platform, step.env.clone(), step.parents.clone());
    let programs = shells::ALL.iter().flat_map(|shell| shell.programs());
    let programs = programs.map(|program| (program.file, Path::new("/bin").join(program.file))).collect();
    let own = |shell: &&&dyn Shell| {
        let signs = shell.signs(&places);
        let is_sign =
            |file: &Snapshot| !is_ours_for_another(&file.asked, &files, &places) && signs.contains(&file.asked);
        files.iter().any(|file| file.bytes().is_some() && is_sign(file))
    };
    let in_use = shells::ALL.iter().filter(own).map(|shell| shell.name()).collect();
    Facts { platform, user, env, parents, places, files, remembered, go, kshs: Vec::new(), programs, in_use }
}

fn look(bin: &Path) -> GoDir {
    let found = GO.iter().find(|(go, _)| Path::new(go) == bin);
    let root = found.filter(|(_, whole)| *whole).and_then(|_| bin.parent()).map(Path::to_path_buf);
    let version = root.as_ref().map(|_| "go1.22.5".to_owned());
    let real_go = found.map(|_| bin.join("go"));
    GoDir { bin: bin.to_path_buf(), has_go: found.is_some(), real_go, root, version, ..GoDir::default() }
}
