//! What a shell was told on its command line: a login shell, interactive, a command, a script.
//!
//! Only as much of each shell's grammar as tells an option from its value and both from a script's name: which letters
//! take a value, and whether letters can stand together (`-ilc`). From the manuals: bash(1) "OPTIONS", zshoptions(1)
//! and zshmisc(1), dash(1), ksh(1), mksh(1), yash(1), fish(1), tcsh(1) "Argument list processing", `nu --help`,
//! `xonsh --help`, `elvish -help`, `pwsh -help`.

/// What the options of a shell say.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option, given or not")]
pub(super) struct Options {
    /// `-l`, `--login`.
    pub(super) login: bool,
    /// `-i`.
    pub(super) interactive: bool,
    /// `-s`: commands come from standard input, even with arguments.
    pub(super) from_stdin: bool,
    /// `-c` or a script: it ends by itself.
    pub(super) runs: bool,
    /// `-NoExit`: it listens after that.
    pub(super) stays: bool,
}

/// How a shell reads its options. Names are separated by blanks.
#[derive(Clone, Copy, Default)]
struct Grammar {
    /// Letters that take a value.
    valued: &'static str,
    /// Whether a value is always the next word; else it may follow its letter in the same word (`-oemacs`).
    apart: bool,
    /// Long options that take a value in the next word, without dashes.
    long_valued: &'static str,
    /// Long options that may be written with one dash, beside those with a value.
    one_dash: Option<&'static str>,
}

fn grammar(shell: &str) -> Grammar {
    let plain = Grammar { valued: "o", ..Grammar::default() };
    match shell {
        // On macOS and in many distributions `sh` is bash.
        "sh" | "dash" | "ash" | "bash" => Grammar {
            valued: "oO",
            apart: true,
            long_valued: "rcfile init-file",
            one_dash: Some("login norc noprofile noediting posix restricted verbose debugger"),
        },
        "zsh" => Grammar { long_valued: "emulate", ..plain },
        "yash" => Grammar { long_valued: "rcfile profile", ..plain },
        "ksh" | "ksh93" => Grammar { valued: "oAR", ..plain },
        "mksh" | "lksh" => Grammar { valued: "oT", ..plain },
        "tcsh" | "csh" => Grammar::default(),
        "fish" => Grammar {
            valued: "cCpdDof",
            long_valued: "command init-command profile profile-startup debug debug-output debug-stack-frames features",
            ..plain
        },
        "nu" => Grammar {
            valued: "ceImt",
            long_valued: "commands execute config env-config plugin-config plugins include-path table-mode error-style \
                          threads log-level log-target",
            ..plain
        },
        "xonsh" => Grammar { valued: "cD", long_valued: "rc shell-type", ..plain },
        "elvish" => Grammar { long_valued: "rc log db sock", one_dash: Some("norc compileonly"), ..Grammar::default() },
        "pwsh" => Grammar {
            long_valued: "configurationname custompipename executionpolicy ep ex inputformat outputformat settingsfile \
                          windowstyle w workingdirectory wd",
            one_dash: Some(
                "command file f encodedcommand e ec login interactive noexit noe nologo noninteractive noprofile nop sta mta",
            ),
            ..Grammar::default()
        },
        _ => plain,
    }
}

impl Grammar {
    /// Whether the long option `name` takes the next word.
    fn takes_value(&self, name: &str) -> bool {
        self.long_valued.split(' ').any(|valued| valued == name)
    }

    /// The long option that a word is, without its dashes.
    fn long<'a>(&self, word: &'a str) -> Option<&'a str> {
        word.strip_prefix("--").or_else(|| {
            let name = word.strip_prefix('-')?;
            let lower = name.to_lowercase();
            let known = self.one_dash?.split(' ').any(|long| long == lower) || self.takes_value(&lower);
            known.then_some(name)
        })
    }
}

/// Reads the arguments after `argv[0]` of the shell named `shell`.
pub(super) fn parse(shell: &str, args: &[Vec<u8>]) -> Options {
    let grammar = grammar(shell);
    let mut options = Options::default();
    let mut words = args.iter().map(|word| String::from_utf8_lossy(word));
    while let Some(word) = words.next() {
        if matches!(&*word, "--" | "-") {
            options.runs |= words.next().is_some() && !options.from_stdin;
            break;
        }
        if let Some(long) = grammar.long(&word) {
            if options.take_long(long, &grammar) {
                words.next();
            }
            continue;
        }
        let Some(letters) = word.strip_prefix(['-', '+']) else {
            options.runs |= !options.from_stdin; // with `-s` the words are its arguments
            break;
        };
        let on = word.starts_with('-');
        for (at, letter) in letters.char_indices() {
            if on {
                options.take(letter);
            }
            if !grammar.valued.contains(letter) {
                continue;
            }
            let rest = &letters[at + letter.len_utf8()..];
            let glued = !grammar.apart && !rest.is_empty();
            let value = if glued { Some(rest.into()) } else { words.next() };
            if on && letter == 'o' {
                options.take_named(&value.unwrap_or_default());
            }
            if glued {
                break;
            }
        }
    }
    options
}

impl Options {
    fn take(&mut self, letter: char) {
        match letter {
            'c' => self.runs = true,
            'i' => self.interactive = true,
            'l' => self.login = true,
            's' => self.from_stdin = true,
            _ => {}
        }
    }

    /// An option by its name, as in `-o login` of zsh.
    fn take_named(&mut self, name: &str) {
        match name.to_ascii_lowercase().replace(['_', '-'], "").as_str() {
            "login" | "loginshell" => self.login = true,
            "interactive" => self.interactive = true,
            _ => {}
        }
    }

    /// Takes `--long` or `--long=value`; returns whether the next word is its value.
    fn take_long(&mut self, long: &str, grammar: &Grammar) -> bool {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        let name = name.to_lowercase();
        match name.as_str() {
            "login" | "login_shell" | "login-shell" => self.login = true,
            "interactive" => self.interactive = true,
            "command" | "commands" | "cmdline" | "file" | "f" | "encodedcommand" | "e" | "ec" => {
                self.runs = true;
            }
            "noexit" | "noe" => self.stays = true,
            _ => {}
        }
        value.is_none() && grammar.takes_value(&name)
    }
}
