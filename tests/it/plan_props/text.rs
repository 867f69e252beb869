//! Startup files as people have them, and nastier ones.

/// A row of numbers to choose by; where it ends, the first choice is taken.
pub(super) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(super) fn new(row: &'a [u8]) -> Self {
        Self(row.iter())
    }

    /// A number below `end`, at most 256.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::from(*self.0.next().unwrap_or(&0)) % end
    }

    /// True for one in so many; never true where the row has ended.
    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Lines of real startup files, whole constructs, and what moves the block away from the end.
const LINES: &[&[u8]] = &[
    b"alias ll='ls -alF'\n",
    b"export EDITOR=vim\n",
    b"\n",
    b"# ~/.profile: executed by the command interpreter for login shells.\n",
    b"export PATH=$PATH:/usr/local/go/bin\n",
    b"export GOPATH=$HOME/go GOROOT=/usr/lib/go\n",
    b"PATH=\"$HOME/bin:$PATH\"\nexport PATH\n",
    b"case $- in\n    *i*) ;;\n      *) return;;\nesac\n",
    b"[ -z \"$PS1\" ] && return\n",
    b"if [ -f ~/.bash_aliases ]; then\n    . ~/.bash_aliases\nfi\n",
    b"return\n",
    b"exit 0\n",
    b"exec zsh\n",
    b"[ -z \"$TMUX\" ] && exec tmux\n",
    b"#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!\nexport SDKMAN_DIR=\"$HOME/.sdkman\"\n",
    b"# >>> conda initialize >>>\neval \"$(conda shell.zsh hook)\"\n# <<< conda initialize <<<\n",
    b"cat <<EOF\nreturn\n# not a comment\nEOF\n",
    b"cat <<'NEVER CLOSED'\nexec zsh\n",
    b"echo 'a quote that stays open\n",
    b"alias gs='git status' \\\n",
    b"f() {\n  return 1\n}\n",
    b"plugins=(\n  git\n  golang # \xe2\x9c\xa8\n)\nsource $ZSH/oh-my-zsh.sh\n",
    b"PROMPT=$'\\e[1m%~\x1b[0m '\n",
    b"eval \"$(starship init zsh)\"\n",
    b"# vim: set ft=sh:\n",
];

/// What no text file has, and some startup files do.
const BYTES: &[&[u8]] = &[
    b"export A=1\r\n",
    b"\r\n",
    b"\r",
    b"export B=\xff\xfe\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"a\0b\n\0\n",
    b"one\rtwo\rthree\n",
    b"\n\n\n",
    b" \t \n",
];

/// Lines that look like ours and are not.
const LOOK_ALIKES: &[&[u8]] = &[
    b"echo '# >>> goenv-setup >>> v1 sum=00000000'\n",
    b"echo '# <<< goenv-setup <<<'\n",
    b"## >>> goenv-setup >>> v1 sum=00000000\n## <<< goenv-setup <<<\n",
    b"# # >>> goenv-setup >>> v1 sum=00000000 noeol\n# # <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>>> v1\n",
    b"# <<< goenv-setup <<<<\n",
    b"# <<< goenv-setup <<< was here\n",
    b"#>>> goenv-setup >>> v1 sum=00000000\n",
    b"# >>> goenv setup >>> v1 sum=00000000\n# <<< goenv setup <<<\n",
    b"# >>> goenv-setup >> v1 sum=00000000\n# << goenv-setup <<<\n",
    b"# >>> conda initialize >>>\n# <<< conda initialize <<<\n",
    b"# >>> juliaup initialize >>>\n# !! Contents within this block are managed by juliaup !!\n# <<< juliaup initialize <<<\n",
    b"# To take this out again: goenv-setup uninstall\n_go='/usr/local/go/bin'\n",
    b": # >>> goenv-setup >>> v1 sum=00000000\n: # <<< goenv-setup <<<\n",
    b"a # >>> goenv-setup >>> v1 sum=00000000 new=9\n",
    b"# >>> goenv-setup\n# goenv-setup <<<\n",
    b"\xef\xbb\xbf# >>> goenv-setup >>> v1 sum=00000000\n",
];

/// Lines that are markers of ours, but do not make a block.
const DAMAGE: &[&[u8]] = &[
    b"# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>> v1 sum=00000000\n",
    b"# >>> goenv-setup >>> v1 sum=00000000\n# >>> goenv-setup >>> v1 sum=00000000\n# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>>\nmine\n# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>> v1 sum=zzzzzzzz\nmine\n# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>> v2 sum=00000000\nmine\n# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>> v1 sum=00000000 later=1\nmine\n# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>> v1 sum=00000000 new=999\nmine\n# <<< goenv-setup <<<\r\n",
];

/// A file without a fence: any bytes, though mostly lines of real files.
pub(super) fn file(c: &mut Choices) -> Vec<u8> {
    let mut file = Vec::new();
    for _ in 0..c.below(6) {
        match c.below(6) {
            0..4 => file.extend_from_slice(c.pick(LINES)),
            4 => file.extend_from_slice(c.pick(BYTES)),
            _ => file.extend_from_slice(c.pick(LOOK_ALIKES)),
        }
    }
    let file = if c.one_in(8) { to_crlf(&file) } else { file };
    cut(c, file)
}

/// A file of nothing but lines that look like ours.
pub(super) fn look_alikes(c: &mut Choices) -> Vec<u8> {
    let lines: Vec<u8> = (0..c.below(5)).flat_map(|_| c.pick(LOOK_ALIKES).to_vec()).collect();
    let lines = if c.one_in(8) { to_crlf(&lines) } else { lines };
    cut(c, lines)
}

/// A text file with LF alone, as `git` converts it.
pub(super) fn plain(c: &mut Choices) -> Vec<u8> {
    let lines = (0..c.below(6)).flat_map(|_| c.pick(LINES).to_vec()).collect();
    cut(c, lines)
}

/// Puts lines into the file that make its fence a damaged or a newer one.
pub(super) fn damage(c: &mut Choices, file: &mut Vec<u8>) {
    if !file.is_empty() && !file.ends_with(b"\n") {
        file.push(b'\n');
    }
    let lines = c.pick(DAMAGE);
    if c.one_in(2) {
        file.extend_from_slice(lines);
    } else {
        file.splice(..0, lines.iter().copied());
    }
}

/// `git` converting a file to CRLF.
pub(super) fn to_crlf(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len() + file.len() / 16);
    for (at, byte) in file.iter().enumerate() {
        if *byte == b'\n' && (at == 0 || file[at - 1] != b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

/// Leaves out the final newline of one in four.
fn cut(c: &mut Choices, mut file: Vec<u8>) -> Vec<u8> {
    if c.one_in(4) && file.ends_with(b"\n") {
        file.pop();
    }
    file
}
