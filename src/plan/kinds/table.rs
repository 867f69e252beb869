//! The table of kinds: every way in which Go gets installed, as data.
//!
//! The order is the order of preference between places. A place counts only where the kind's mark exists.

use super::{Kind, Policy};

use Policy::{Environment, Instead, Manager, Never, Rather, SameAs, Stays};

const CI: Policy = Environment("it belongs to the tool cache of a CI runner");
const CONDA: Policy = Environment("it belongs to a conda environment, which has to be activated");
const PYTHON: Policy = Environment("it lies in a Python package and goes with its environment");
const VENV: Policy = Environment("it belongs to a project's virtual environment");
const PROJECT: Policy = Environment("it belongs to a project's environment, which has to be activated");
const PIXI: Policy = Environment("it belongs to a pixi environment");
const NIX_STORE: Policy = Never("it lies in the Nix store, and its name changes with every update");
const GUIX_STORE: Policy = Never("it lies in the Guix store, and its name changes with every update");
const WINDOWS: Policy = Never("it is a Windows folder, whose Go builds for Windows");
const TOOLCHAIN: Policy = Never("it is a toolchain that `go` downloaded into its module cache");

/// Every kind.
pub const KINDS: &[Kind] = &[
    // go.dev's package for macOS; it also writes a file for path_helper.
    Kind { marks: &["/etc/paths.d/go"], places: &["/usr/local/go/bin"], ..Kind::new("macos-package") },
    Kind { places: &["/usr/local/go/bin"], portable: &["/usr/local/go"], ..Kind::new("official") },
    Kind {
        places: &[
            "/opt/homebrew/opt/go/libexec/bin",
            "/usr/local/opt/go/libexec/bin",
            "/home/linuxbrew/.linuxbrew/opt/go/libexec/bin",
            "~/.linuxbrew/opt/go/libexec/bin",
        ],
        portable: &[
            "/opt/homebrew/opt/go/libexec",
            "/usr/local/opt/go/libexec",
            "/home/linuxbrew/.linuxbrew/opt/go/libexec",
        ],
        more: &[
            "/opt/homebrew/Cellar/go/*/libexec/bin",
            "/usr/local/Cellar/go/*/libexec/bin",
            "/home/linuxbrew/.linuxbrew/Cellar/go/*/libexec/bin",
        ],
        shapes: &[
            ("**/Cellar/go/*/bin", Instead("**/opt/go/libexec/bin")),
            ("**/Cellar/go/*/libexec/bin", Instead("**/opt/go/libexec/bin")),
        ],
        ..Kind::new("homebrew")
    },
    Kind {
        places: &["/opt/local/lib/go/bin"],
        portable: &["/opt/local/lib/go"],
        shapes: &[("/opt/local/bin", Stays)],
        ..Kind::new("macports")
    },
    Kind {
        places: &["/opt/go/bin", "~/.local/go/bin", "~/.local/opt/go/bin", "/opt/go#*/bin", "/usr/local/go#*/bin"],
        portable: &["/opt/go", "~/.local/go", "~/.local/opt/go"],
        shapes: &[
            // Some keep a link to the version, and `go env GOROOT` tells where it leads.
            ("/opt/go#*/bin", Rather("/opt/go/bin")),
            ("/usr/local/go#*/bin", Rather("/usr/local/go/bin")),
            ("~/.local/go#*/bin", Rather("~/.local/go/bin")),
            ("~/.local/opt/go#*/bin", Rather("~/.local/opt/go/bin")),
            // webi does, too.
            ("~/.local/opt/go-v*/bin", Rather("~/.local/opt/go/bin")),
            ("~/.local/opt/go-bin-v*/bin", Rather("~/.local/opt/go/bin")),
        ],
        ..Kind::new("tarball")
    },
    // Also GOPATH's default place: it counts only if a Go was unpacked there.
    Kind { marks: &["~/go/VERSION", "~/go/pkg/tool"], places: &["~/go/bin"], ..Kind::new("home-tarball") },
    // The distributions put `go` on PATH themselves, so their folders come late.
    Kind { marks: &["/etc/arch-release"], places: &["/usr/lib/go/bin"], ..Kind::new("arch") },
    Kind { marks: &["/etc/alpine-release"], places: &["/usr/lib/go/bin"], ..Kind::new("alpine") },
    Kind { places: &["/usr/lib/golang/bin"], portable: &["/usr/lib/golang"], ..Kind::new("fedora") },
    Kind {
        places: &["/usr/lib64/go/#*/bin", "/usr/lib/go/#*/bin"],
        shapes: &[
            // The alternatives system keeps a link in /usr/bin.
            ("/usr/lib64/go/#*/bin", Rather("/usr/bin")),
            ("/usr/lib/go/#*/bin", Rather("/usr/bin")),
        ],
        ..Kind::new("opensuse")
    },
    Kind { places: &["/usr/lib/go/bin"], portable: &["/usr/lib/go"], ..Kind::new("distribution") },
    // Its /usr/lib/go, the place above, is a link to one of these.
    Kind {
        marks: &["/etc/debian_version"],
        places: &["/usr/lib/go-*/bin"],
        shapes: &[("/usr/lib/go-*/bin", Rather("/usr/lib/go/bin"))],
        ..Kind::new("debian")
    },
    // GCC's own `go`: it has no Go root, and `/usr` is none.
    Kind { leads_to: &["go-#", "go-##", "*-go-#", "*-go-##", "go.gcc"], ..Kind::new("gccgo") },
    Kind {
        places: &["/snap/go/current/bin"],
        portable: &["/snap/go/current"],
        shapes: &[
            ("/snap/bin", SameAs("/snap/go/current/bin")),
            ("/snap/go/*/bin", Instead("/snap/go/current/bin")),
            // Fedora and Arch keep snaps there; `/snap` is a link to it.
            ("/var/lib/snapd/snap/bin", SameAs("/snap/go/current/bin")),
            ("/var/lib/snapd/snap/go/*/bin", Instead("/snap/go/current/bin")),
        ],
        ..Kind::new("snap")
    },
    Kind {
        places: &[
            "~/.nix-profile/bin",
            "~/.local/state/nix/profile/bin",
            "$NIX_USER_PROFILE/bin",
            "/run/current-system/sw/bin",
            "/nix/var/nix/profiles/default/bin",
        ],
        shapes: &[
            ("/nix/store/**", NIX_STORE),
            // A generation goes when older ones are collected.
            ("**/profile-#*-link/bin", Instead("**/profile/bin")),
            ("**/nix/profiles/default-#*-link/bin", Instead("**/nix/profiles/default/bin")),
            ("/nix/var/nix/profiles/system-#*-link/sw/bin", Instead("/run/current-system/sw/bin")),
            ("**/.devbox/**", PROJECT),
            ("**/.devenv/**", PROJECT),
            ("**/.flox/**", PROJECT),
        ],
        ..Kind::new("nix")
    },
    Kind {
        places: &["~/.guix-profile/bin", "~/.guix-home/profile/bin", "/run/current-system/profile/bin"],
        shapes: &[("/gnu/store/**", GUIX_STORE), ("**/guix-profile-#*-link/bin", Instead("**/guix-profile/bin"))],
        ..Kind::new("guix")
    },
    // A versioned formula is installed for a project that needs it, a Go of golang.org/dl likewise.
    Kind {
        places: &[
            "/opt/homebrew/opt/go@*/libexec/bin",
            "/usr/local/opt/go@*/libexec/bin",
            "/home/linuxbrew/.linuxbrew/opt/go@*/libexec/bin",
        ],
        more: &[
            "/opt/homebrew/Cellar/go@*/*/libexec/bin",
            "/usr/local/Cellar/go@*/*/libexec/bin",
            "/home/linuxbrew/.linuxbrew/Cellar/go@*/*/libexec/bin",
        ],
        shapes: &[
            ("**/Cellar/go@*/*/bin", Instead("**/opt/go@*/libexec/bin")),
            ("**/Cellar/go@*/*/libexec/bin", Instead("**/opt/go@*/libexec/bin")),
            ("**/opt/go@*/bin", Stays),
        ],
        ..Kind::new("homebrew-versioned")
    },
    Kind { places: &["~/sdk/go*/bin"], ..Kind::new("sdk") },
    Kind { places: &["~/go/sdk/go*/bin"], ..Kind::new("goland") },
    // Version managers come last: one that is not on PATH is not at work.
    Kind {
        policy: Manager("gvm"),
        places: &["$GVM_ROOT/gos/*/bin", "~/.gvm/gos/*/bin"],
        shapes: &[
            ("$GVM_ROOT/**", Manager("gvm")),
            ("**/.gvm/*/**", Manager("gvm")),
            ("**/gvm/gos/**", Manager("gvm")),
        ],
        ..Kind::new("gvm")
    },
    Kind {
        policy: Manager("goenv"),
        places: &["$GOENV_ROOT/versions/*/bin", "~/.goenv/versions/*/bin"],
        shapes: &[
            ("$GOENV_ROOT/**", Manager("goenv")),
            ("**/.goenv/*/**", Manager("goenv")),
            ("**/goenv/versions/**", Manager("goenv")),
            ("**/goenv/shims/**", Manager("goenv")),
        ],
        ..Kind::new("goenv")
    },
    Kind {
        policy: Manager("asdf"),
        places: &[
            "$ASDF_DATA_DIR/installs/golang/*/go/bin",
            "$ASDF_DIR/installs/golang/*/go/bin",
            "~/.asdf/installs/golang/*/go/bin",
            "~/.local/share/asdf/installs/golang/*/go/bin",
        ],
        shapes: &[
            ("$ASDF_DATA_DIR/**", Manager("asdf")),
            ("$ASDF_DIR/**", Manager("asdf")),
            ("**/.asdf/installs/**", Manager("asdf")),
            ("**/.asdf/shims/**", Manager("asdf")),
            ("**/asdf/installs/**", Manager("asdf")),
            ("**/asdf/shims/**", Manager("asdf")),
        ],
        ..Kind::new("asdf")
    },
    Kind {
        policy: Manager("mise"),
        places: &["$MISE_DATA_DIR/installs/go/*/bin", "~/.local/share/mise/installs/go/*/bin"],
        shapes: &[
            ("$MISE_DATA_DIR/**", Manager("mise")),
            ("**/mise/installs/**", Manager("mise")),
            ("**/mise/shims/**", Manager("mise")),
        ],
        ..Kind::new("mise")
    },
    Kind {
        policy: Manager("g"),
        places: &["~/.g/go/bin", "~/.g/versions/*/bin"],
        shapes: &[("**/.g/go/**", Manager("g")), ("**/.g/versions/**", Manager("g"))],
        ..Kind::new("voidint-g")
    },
    Kind {
        policy: Manager("g"),
        // Its Go root is what GOROOT says, `~/.go` if it was not told; what is on PATH is a link in GOPATH's bin.
        marks: &["~/.go/.versions", "$GOROOT/.versions"],
        places: &[
            "~/go/bin",
            "$GOPATH/bin",
            "~/.go/bin",
            "$GOROOT/bin",
            "~/.go/.versions/*/bin",
            "$GOROOT/.versions/*/bin",
        ],
        shapes: &[("**/.go/.versions/**", Manager("g"))],
        ..Kind::new("stefanmaric-g")
    },
    Kind {
        policy: Manager("gobrew"),
        places: &["~/.gobrew/current/bin", "~/.gobrew/versions/*/go/bin", "$GOBREW_ROOT/.gobrew/versions/*/go/bin"],
        shapes: &[("**/.gobrew/*/**", Manager("gobrew"))],
        ..Kind::new("gobrew")
    },
    Kind {
        policy: Manager("goup"),
        places: &["~/.go/current/bin", "~/.go/#*/bin", "~/.go/go#*/bin"],
        shapes: &[
            ("**/.go/current/**", Manager("goup")),
            ("**/.go/#*/**", Manager("goup")),
            ("**/.go/go#*/**", Manager("goup")),
        ],
        ..Kind::new("goup")
    },
    Kind {
        policy: Manager("gimme"),
        places: &["~/.gimme/versions/*/bin", "$GIMME_VERSION_PREFIX/*/bin"],
        shapes: &[("**/.gimme/versions/**", Manager("gimme"))],
        ..Kind::new("gimme")
    },
    Kind {
        policy: Manager("proto"),
        places: &["~/.proto/tools/go/*/bin", "$PROTO_HOME/tools/go/*/bin"],
        shapes: &[("**/.proto/shims/**", Manager("proto")), ("**/.proto/tools/**", Manager("proto"))],
        ..Kind::new("proto")
    },
    Kind {
        policy: CI,
        more: &[
            "$RUNNER_TOOL_CACHE/go/*/*/bin",
            "$AGENT_TOOLSDIRECTORY/go/*/*/bin",
            "/opt/hostedtoolcache/go/*/*/bin",
            "~/hostedtoolcache/go/*/*/bin",
        ],
        shapes: &[("**/hostedtoolcache/**", CI), ("**/_tool/go/**", CI), ("$RUNNER_TOOL_CACHE/go/**", CI)],
        ..Kind::new("ci-tool-cache")
    },
    Kind {
        policy: CONDA,
        more: &[
            "$CONDA_PREFIX/bin",
            "$CONDA_PREFIX/go/bin",
            "~/miniconda3/bin",
            "~/anaconda3/bin",
            "~/miniforge3/bin",
            "/opt/conda/bin",
        ],
        shapes: &[
            ("$CONDA_PREFIX/**", CONDA),
            ("**/anaconda*/**", CONDA),
            ("**/miniconda*/**", CONDA),
            ("**/miniforge*/**", CONDA),
            ("**/mambaforge*/**", CONDA),
            ("**/micromamba*/**", CONDA),
            ("**/.micromamba/**", CONDA),
            ("**/mamba/envs/**", CONDA),
            ("**/conda/**", CONDA),
            ("**/conda#/**", CONDA),
            ("**/.conda/**", CONDA),
        ],
        ..Kind::new("conda")
    },
    Kind {
        policy: PYTHON,
        more: &[
            "$VIRTUAL_ENV/lib/*/site-packages/go/bin",
            "~/.local/lib/*/site-packages/go/bin",
            "/usr/local/lib/*/dist-packages/go/bin",
        ],
        shapes: &[
            ("**/site-packages/**", PYTHON),
            ("**/dist-packages/**", PYTHON),
            ("**/.venv/**", VENV),
            ("$VIRTUAL_ENV/**", VENV),
            ("**/.pixi/**", PIXI),
        ],
        ..Kind::new("python")
    },
    Kind {
        policy: TOOLCHAIN,
        more: &[
            "$GOMODCACHE/golang.org/toolchain@*/bin",
            "$GOPATH/pkg/mod/golang.org/toolchain@*/bin",
            "~/go/pkg/mod/golang.org/toolchain@*/bin",
        ],
        shapes: &[("**/toolchain@*/**", TOOLCHAIN)],
        ..Kind::new("toolchain-cache")
    },
    Kind {
        policy: WINDOWS,
        program: "go.exe",
        more: &["/mnt/&/Program Files/Go/bin", "/mnt/&/Go/bin"],
        shapes: &[("/mnt/&/**", WINDOWS)],
        ..Kind::new("windows")
    },
];
