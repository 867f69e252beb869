//! What can be open while shell text is read, and the words that open and close it.

use super::Scanner;

/// Something that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A plain `{ }`: its commands run as if they stood alone.
    Group,
    /// The `{ }` of a function or behind an operator, or a zsh body; `of_loop` if its end is the loop's.
    Body {
        of_loop: bool,
    },
    /// `( )` as a command.
    Subshell,
    /// `if … fi`; `braced` once zsh's `{ }` was seen in it.
    If {
        braced: bool,
    },
    Loop(Loop),
    /// zsh's `foreach x (…) … end`.
    Foreach,
    /// `case … esac`; true for zsh's `case x { }`.
    Case(Case, bool),
    /// `$( )`, `<( )`, `>( )`.
    Subst,
    /// `" "`.
    Quote,
    /// `${ }`; true if a single quote is an ordinary byte in it.
    Param(bool),
    /// `(( ))` and `$(( ))`, by the number of open parentheses.
    Arith(usize),
    /// `[[ ]]`.
    Cond,
    /// `name=( )`.
    Array,
    /// Any other parentheses within or between words.
    Parens,
}

/// How far a loop was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loop {
    /// `for` and `select`: names and values.
    Header { words: usize },
    /// zsh's `repeat`: how often.
    Count,
    /// The header is complete: `do`, `{` or, in zsh, any command.
    Listed,
    /// `while` and `until`: the condition.
    Condition,
    /// Between `do` and `done`.
    Doing,
    /// zsh: one command is the body.
    Short,
}

/// How far a `case` was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Before `in`.
    Subject,
    /// Before the `)` of a pattern.
    Pattern { begun: bool, led: bool, depth: usize },
    /// Commands, up to `;;`.
    Commands,
}

impl Case {
    pub(super) const PATTERN: Self = Self::Pattern { begun: false, led: false, depth: 0 };
}

impl Frame {
    /// Whether what runs in it is gone afterwards.
    pub(super) const fn is_apart(self) -> bool {
        matches!(self, Self::Subshell | Self::Subst)
    }

    /// Whether a wrong reading of it shifts the meaning of all bytes behind it.
    pub(super) const fn is_lexical(self) -> bool {
        matches!(
            self,
            Self::Subst | Self::Quote | Self::Param(_) | Self::Arith(_) | Self::Cond | Self::Array | Self::Parens
        )
    }
}

/// Where the scanner is within the list of commands of one frame.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the text just read")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    /// Index of the first word of the command under way.
    pub(super) first: usize,
    /// Index of the first command of this list.
    pub(super) list: usize,
    /// Start of the word under way.
    pub(super) word: Option<usize>,
    /// The next word is where a redirection goes.
    pub(super) target: bool,
    /// The command may not run: it stands behind an operator or is a function's body.
    pub(super) linked: bool,
    /// A command must follow, on the next line if need be.
    pub(super) expects: bool,
    /// A compound command has just been closed.
    pub(super) closed: bool,
    /// It was closed by `}`.
    pub(super) after_brace: bool,
    /// Names of a function follow.
    pub(super) naming: bool,
}

pub(super) struct Level {
    pub(super) frame: Frame,
    pub(super) outer: State,
    /// Offset where it was opened.
    pub(super) opened: usize,
}

impl Scanner<'_> {
    /// A word of `for NAME in …`.
    pub(super) fn header_word(&mut self, words: usize, word: &[u8]) {
        match word {
            b"do" if words == 1 => self.do_body(),
            b"{" if words >= 1 => {
                self.set_top(Frame::Loop(Loop::Listed));
                self.open_brace();
            }
            _ => self.set_top(Frame::Loop(Loop::Header { words: words + 1 })),
        }
    }

    /// Acts on a reserved word where a command may begin; false if the word is none.
    pub(super) fn keyword(&mut self, word: &[u8]) -> bool {
        let top = self.top();
        match word {
            b"if" => self.push(Frame::If { braced: false }),
            b"for" | b"select" => self.push(Frame::Loop(Loop::Header { words: 0 })),
            b"repeat" => self.push(Frame::Loop(Loop::Count)),
            b"while" | b"until" => self.push(Frame::Loop(Loop::Condition)),
            b"case" => self.push(Frame::Case(Case::Subject, false)),
            b"[[" => self.push(Frame::Cond),
            b"foreach" => self.push(Frame::Foreach),
            b"end" if top == Some(Frame::Foreach) => self.pop(),
            b"then" | b"else" | b"elif" => match top {
                Some(Frame::If { .. }) => self.next_list(),
                _ => self.lost = true,
            },
            b"fi" => self.close(|frame| matches!(frame, Frame::If { .. })),
            b"do" => self.do_body(),
            b"done" => self.close(|frame| frame == Frame::Loop(Loop::Doing)),
            b"esac" => self.close(|frame| matches!(frame, Frame::Case(Case::Commands, _))),
            b"{" => self.open_brace(),
            b"}" => self.close_brace(),
            b"function" => self.state.naming = true,
            b"!" => {}
            // zsh: `{ … } always { … }`
            b"always" if self.state.after_brace => self.state.linked = true,
            _ => return false,
        }
        true
    }

    fn close(&mut self, is_it: impl Fn(Frame) -> bool) {
        if !self.top().is_some_and(&is_it) {
            self.settle();
        }
        if self.top().is_some_and(is_it) {
            self.pop();
        } else {
            self.lost = true;
        }
    }

    fn do_body(&mut self) {
        match self.top() {
            Some(Frame::Loop(_)) => {
                self.set_top(Frame::Loop(Loop::Doing));
                self.next_list();
            }
            _ => self.lost = true,
        }
    }

    pub(super) fn open_brace(&mut self) {
        match self.top() {
            Some(Frame::Loop(Loop::Header { .. } | Loop::Listed)) => {
                self.push(Frame::Body { of_loop: true });
            }
            Some(Frame::Loop(Loop::Condition)) if self.state.closed => {
                self.push(Frame::Body { of_loop: true });
            }
            Some(Frame::If { .. }) if self.state.closed => {
                self.set_top(Frame::If { braced: true });
                self.push(Frame::Body { of_loop: false });
            }
            _ if self.state.linked => self.push(Frame::Body { of_loop: false }),
            _ => self.push(Frame::Group),
        }
    }

    pub(super) fn close_brace(&mut self) {
        self.settle();
        match self.top() {
            Some(Frame::Group | Frame::Case(Case::Commands, true)) => self.pop(),
            Some(Frame::Body { of_loop }) => {
                self.pop();
                if of_loop {
                    self.pop();
                }
            }
            _ => self.lost = true,
        }
        self.state.after_brace = true;
    }

    /// `name()`, `name ()` or zsh's `()`: the body follows.
    pub(super) fn define_function(&mut self) {
        self.words.truncate(self.state.first);
        self.state.word = None;
        self.state.naming = false;
        self.state.linked = true;
        self.state.expects = true;
        self.state.closed = false;
    }
}
