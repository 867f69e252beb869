//! How a shell is started, and which of these ways a plan promises.

/// How a shell is started: what decides which startup files it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaunchMode {
    /// `-l -i`, or `argv[0]` with a dash: a macOS terminal, tmux, ssh, a console.
    LoginInteractive,
    /// `-i`: a Linux terminal.
    Interactive,
    /// `-l -c`: a login shell that runs one command.
    Login,
    /// `-c`, a script, cron: neither.
    Command,
    /// `-c` under sshd; bash treats it apart.
    SshCommand,
}

impl LaunchMode {
    /// Every launch mode.
    pub const ALL: [Self; 5] =
        [Self::LoginInteractive, Self::Interactive, Self::Login, Self::Command, Self::SshCommand];

    /// The name for messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoginInteractive => "login-interactive",
            Self::Interactive => "interactive",
            Self::Login => "login",
            Self::Command => "command",
            Self::SshCommand => "ssh-command",
        }
    }

    /// The launch mode that is called so.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The words behind the shell's name that most shells are started with so.
    pub const fn words(self) -> &'static str {
        match self {
            Self::LoginInteractive => "-l -i",
            Self::Interactive => "-i",
            Self::Login => "-l -c",
            Self::Command => "-c",
            Self::SshCommand => "ssh command",
        }
    }

    /// The narrowest reach that promises it.
    pub const fn reach(self) -> Reach {
        match self {
            Self::LoginInteractive | Self::Interactive => Reach::Interactive,
            Self::Login => Reach::Login,
            Self::Command | Self::SshCommand => Reach::All,
        }
    }
}

/// Which launch modes a plan promises; each reach includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Every terminal.
    #[default]
    Interactive,
    /// Login shells that run a command, too.
    Login,
    /// Everything that a startup file can reach.
    All,
}

impl Reach {
    /// Every reach, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Interactive, Self::Login, Self::All];

    /// The name for the command line, messages, JSON and the block.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Login => "login",
            Self::All => "all",
        }
    }

    /// The reach that is called so.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.name() == name)
    }
}

/// A program that is a shell, and the name under which it is one: bash called `sh` is another shell than bash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// What it is called in tables: `bash as sh`.
    pub label: &'static str,
    /// The name of the executable file.
    pub file: &'static str,
    /// Its `argv[0]`, without the dash of a login shell.
    pub argv0: &'static str,
}

impl Program {
    /// A program under its own name.
    pub const fn named(name: &'static str) -> Self {
        Self { label: name, file: name, argv0: name }
    }
}

/// How to start a program in a launch mode and have it run one command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Whether `argv[0]` begins with a dash: how login(1), sshd and terminals mark a login shell.
    pub dash: bool,
    /// The arguments before the command line.
    pub args: &'static [&'static str],
    /// Whether the command line is given on standard input, as if it was typed, instead of as the last argument: csh
    /// takes no shell that has a `-c` for an interactive one, whatever else it is told.
    pub typed: bool,
    /// Variables that belong to this way of starting.
    pub env: &'static [(&'static str, &'static str)],
    /// The words behind the shell's name in tables.
    pub words: &'static str,
}

impl Start {
    /// A start by options alone.
    pub const fn with(mode: LaunchMode, args: &'static [&'static str]) -> Self {
        Self { dash: false, args, typed: false, env: &[], words: mode.words() }
    }

    /// The way of most shells.
    pub const fn usual(mode: LaunchMode) -> Option<Self> {
        Some(match mode {
            LaunchMode::LoginInteractive => Self::with(mode, &["-l", "-i", "-c"]),
            LaunchMode::Interactive => Self::with(mode, &["-i", "-c"]),
            LaunchMode::Login => Self::with(mode, &["-l", "-c"]),
            LaunchMode::Command => Self::with(mode, &["-c"]),
            LaunchMode::SshCommand => return None,
        })
    }
}
