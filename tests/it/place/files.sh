#### bz: empty
#### b: Debian's skeleton, the guard by case
# ~/.bashrc: executed by bash(1) for non-login shells.
# If not running interactively, don't do anything
case $- in
    *i*) ;;
      *) return;;
esac
HISTCONTROL=ignoreboth
shopt -s histappend
# set variable identifying the chroot you work in (used in the prompt below)
if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi
case "$TERM" in
    xterm-color|*-256color) color_prompt=yes;;
esac
if [ "$color_prompt" = yes ]; then
    PS1='${debian_chroot:+($debian_chroot)}\[\033[01;32m\]\u\[\033[00m\]\$ '
else
    PS1='${debian_chroot:+($debian_chroot)}\u:\w\$ '
fi
unset color_prompt force_color_prompt
alias alert='notify-send "$(history|tail -n1|sed -e '\''s/^\s*[0-9]\+\s*//;s/[;&|]\s*alert$//'\'')"'
if ! shopt -oq posix; then
  if [ -f /nowhere/bash_completion ]; then
    . /nowhere/bash_completion
  elif [ -f /nowhere/else ]; then
    . /nowhere/else
  fi
fi
#### bz: guard by PS1
[ -z "$PS1" ] && return
alias ll='ls -l'
#### bz: guard by flags
[[ $- != *i* ]] && return
alias ll='ls -l'
#### bz: guard by flags, or
[[ $- == *i* ]] || return 0
x=1
#### bz: guard by if
if [[ $- != *i* ]]; then
  return
fi
x=1
#### bz: guard by case on one line
case $- in *i*) ;; *) return ;; esac
x=1
#### bz: guard by case with led patterns
case $- in
  (*i*) x=1 ;;
  (a|b) return ;;
  (*) return ;;
esac
y=2
#### bz: tmux on a condition
if command -v tmux >/dev/null && [ -n "$NOWHERE" ] && [ -z "$TMUX" ]; then
  exec tmux new-session -A -s main
fi
[ -n "$NOWHERE" ] && exec tmux
#### bz: tmux always
alias t=tmux
§exec tmux
#### bz: zsh always
export A=1
# I like zsh better
§exec zsh -l
echo never
#### bz: startx on a condition
[ "$(tty)" = /dev/tty1 ] && exec startx
x=1
#### bz: exec with a variable for it
§ZDOTDIR=/nowhere exec fish
#### bz: exec that only redirects
exec 3>&1
exec 2>>/dev/null
exec 3<&-
exec {fd}</dev/null
x=1
#### b: exec by command
§command exec zsh
#### bz: nothing below
x=1
§return 0  # nothing below
y=1
#### bz: return in the last line, no newline
x=1
§return∅
#### bz: return after a semicolon
x=1
§y=2; return; z=3
q=4
#### bz: return behind a list that always runs
x=1
§true && false; return
#### bz: return with and
x=1
§return && y=2
#### bz: exit
x=1
§exit 0
installers append here
#### bz: exit in a subshell
(exit 3)
x=$(exit 4)
x=1
#### b: return behind a pipe
true | return 0
x=1
#### bz: return in a pipeline
return 0 | true
x=1
#### bz: return in the background
return 0 &
x=1
#### bz: plain group
x=1
§{ y=1; return; }
z=1
#### bz: plain group over lines
x=1
§{
  y=1
  return
}
z=1
#### bz: group on a condition
[ -n "$NOWHERE" ] && { y=1; return; }
false || { true; }
[ -z "$NOWHERE" ] || {
  return
}
x=1
#### bz: group in a pipeline
{ exit; } | cat
{ return 0; } &
x=1
#### bz: functions with return
mkcd() { mkdir -p "$1" || return; cd "$1"; }
up () {
  [ $# -gt 0 ] || return 1
  return
}
function down {
  return
}
function left() {
  { return; }
}
function right()
{
  exit
}
sub() ( exit 1 )
up x
#### bz: here-documents with return
cat <<EOF >/dev/null
return
exit ' "
EOF
cat <<-'EOF' >/dev/null
	exec zsh $(
	EOF
cat <<A <<"B" >/dev/null; x=1
return
A
`return
B
y=1
#### bz: return after a here-document
x=$(cat <<EOF
' return
EOF
)
§return
#### bz: return on the line of a here-document
x=1
§cat <<EOF >/dev/null; return
text
EOF
y=1
#### bz: here-string is none
cat <<<return >/dev/null
§return
return
#### bz: quotes over lines
x='
return
'
y="
exit
$(echo "
exec zsh
")
"
z=$'it\'s
return'
#### bz: return after a quote over lines
x='a
return
b' y=2
§return
#### bz: return after an array over lines
x=(
  # it's a comment (really
  one
  "two )"  # return
  three
)
§return
y=1
#### bz: return in an array
x=(
  return
)
x+=(exit exec)
y=1
#### bz: continuation
echo \
  return >/dev/null
x=1
#### bz: return behind a continuation
x=1
§y=1 \
  ; return
#### bz: and over lines
[ -n "$NOWHERE" ] &&
  # still waiting

  return
[ -z "$NOWHERE" ] ||
  return
true |
  cat
x=1
#### bz: comments
# return
x=1 # return; exec zsh
echo a#b >/dev/null # don't `
#### bz: hashes that are no comments
f() { echo $# ${#x} ${x#*'#'} ${x##*/} "${x%#}" >/dev/null; }
f
(( x = 16#ff )); echo $((16#ff)) >/dev/null
§return
#### bz: double brackets
if [[ -n $x && ( $x == *[ab]* || $x =~ ^(a|b)+$ ) ]]; then return; fi
[[ $x < a || $x > b ]]
[[ -n $NOWHERE ]] &&
  return
#### b: double brackets over lines
[[ -n $NOWHERE &&
   # comment's quote
   -n $x ]] && return
§return
#### bz: arithmetic
(( x = 1 << 2 ))
y=$(( (x > 1) ? 1 : 2 ))
for (( i = 0; i < 2; i++ )); do
  (( i == 5 )) && return
done
§return
#### bz: loops
for f in a b; do [ -n "$NOWHERE" ] && return; done
for f in ~/.nowhere.d a
do
  continue
done 2>/dev/null
while false; do return; done
until true
do exit
done
x=1
#### bz: loop that returns is a condition too
for f in; do
  return
done
x=1
#### bz: nested
if true; then
  for f in a; do
    case $f in
      b) return ;;
      a) if false; then exec zsh; fi ;;
    esac
  done
fi
§return
if true; then :; fi
#### bz: case of many forms
case x in
  a|b) return;;
  "c)") exit ;;
  [de]) exec zsh ;;
  f*) { return; } ;;
  (x) y=1
esac
case x in x) ;; esac
§return
#### bz: case in a substitution
x=$(case a in a) echo ')';; (b) echo "(";; esac)
§return
#### bz: backticks
x=`echo "it's" | sed 's/\`//'`
§return
#### bz: substitutions in quotes
x="$(echo "$(echo ")")")" y="${x:-"}"}" z="${x%'}'}"
§return
#### bz: process substitution
while read -r l; do [ -n "$l" ] || return; done < <(echo a)
§return
#### bz: negation
! true
§! return
#### bz: SDKMAN
x=1

§#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!
export SDKMAN_DIR="$HOME/.sdkman"
[[ -s "$HOME/.sdkman/bin/sdkman-init.sh" ]] && source "$HOME/.sdkman/bin/sdkman-init.sh"
#### bz: SDKMAN within an if
if true; then
  #THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!
  export SDKMAN_DIR="$HOME/.sdkman"
fi
#### bz: SDKMAN behind conda
# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
__conda_setup="$('/nowhere/conda' 'shell.bash' 'hook' 2> /dev/null)"
if [ $? -eq 0 ]; then
    eval "$__conda_setup"
else
    if [ -f "/nowhere/conda.sh" ]; then
        . "/nowhere/conda.sh"
    else
        export PATH="/nowhere/bin:$PATH"
    fi
fi
unset __conda_setup
# <<< conda initialize <<<
§#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!
export SDKMAN_DIR="$HOME/.sdkman"
#### bz: nvm
export NVM_DIR="$HOME/.nvm"
[ -s "$NVM_DIR/nvm.sh" ] && \. "$NVM_DIR/nvm.sh"  # This loads nvm
[ -s "$NVM_DIR/bash_completion" ] && \. "$NVM_DIR/bash_completion"
#### bz: RVM
x=1
§# Add RVM to PATH for scripting. Make sure this is the last PATH variable change.
export PATH="$PATH:$HOME/.rvm/bin"
#### bz: a paragraph that must stay last
x=1

§# Plugins
# zsh-syntax-highlighting must be sourced last
# (see its manual)
[ -f ~/.nowhere ] && . ~/.nowhere
#### bz: Amazon Q
# Amazon Q pre block. Keep at the top of this file.
[[ -f "$HOME/nowhere" ]] && builtin source "$HOME/nowhere"
x=1
§# Amazon Q post block. Keep at the bottom of this file.
[[ -f "$HOME/nowhere" ]] && builtin source "$HOME/nowhere"
#### bz: must stay last, but nothing does
# must be last
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
a=1
#### z: oh-my-zsh
# If you come from bash you might have to change your $PATH.
export ZSH="$HOME/.oh-my-zsh"
ZSH_THEME="robbyrussell"
plugins=(
  git
  golang # go's
)
[[ -r $ZSH/oh-my-zsh.sh ]] && source $ZSH/oh-my-zsh.sh
# User configuration
#### z: instant prompt
# Enable Powerlevel10k instant prompt. Should stay close to the top of ~/.zshrc.
# confirmations, etc.) must go above this block; everything else may go below.
if [[ -r "${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh" ]]; then
  source "${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh"
fi
# To customize prompt, run `p10k configure` or edit ~/.p10k.zsh.
[[ ! -f ~/.p10k.zsh ]] || source ~/.p10k.zsh
#### z: braces of zsh
if [[ -n $NOWHERE ]] { return } elif (( 0 )) { return } else { x=1 }
for f (a b) { [[ -n $NOWHERE ]] && return }
for f (a b) x=$f
for f in a b; { x=$f }
while (( 0 )) { return }
repeat 2 x=1
repeat 2 { x=1 }
foreach f (a b)
  [[ -n $NOWHERE ]] && return
end
case x { (a) return ;; (x|y)*) x=1 ;| z) exit ;; }
() { return }
() {
  local x=1
  return
} a b
function { return }
f() { return }
{ x=1 } always { x=2 }
x=1
#### z: return behind braces of zsh
if [[ -z $NOWHERE ]] { x=1 }
() { return } a
for f (*(N) a(N)) x=$f
for f (
  a # it's
  b
) x=$f
§{ return }
#### z: a quote that is none
x="${x:-it's}"
§return
#### z: flags and globs
setopt extended_glob
x=( *(N) **/*(#q.N) ${(s.:.)PATH} ${(f)"$(echo a)"} )
[[ $x == (#i)a* ]] && return
print -l ${x:#a*} $#x ${+x} ${${x}:h} =(echo a) > /dev/null
echo a >! /dev/null
echo a &> /dev/null &|
§return
#### b: quotes in quotes
x="${x#*'"'}${x:+'it'}"
§return
#### b: extended globs and coarse bash
shopt -s extglob nullglob
x=(!(a|b) @(c) "${x[@]}")
x[0]=1 declare -A m=([a]=1 ["b )"]='it')
case $x in @(a|b)) return ;; esac
§return
#### b: select, time, trap
trap 'return' USR1
time true
f() if true; then return; fi
g() for x in a; do return; done
g
§return
#### b: completion functions
_go() {
  local cur=${COMP_WORDS[COMP_CWORD]}
  case "$cur" in
    -*) COMPREPLY=($(compgen -W '-a -b' -- "$cur")); return ;;
  esac
  COMPREPLY=( $( compgen -f -- "$cur" ) ) # it's
}
complete -F _go go
bind '"\e[A": history-search-backward' 2>/dev/null
#### bz: ssh-agent
SSH_ENV=$HOME/.ssh/environment
function start_agent {
     (umask 066; echo a > "${SSH_ENV}x") 2>/dev/null || return
}
if [ -f "${SSH_ENV}" ]; then
     . "${SSH_ENV}" > /dev/null
     ps -ef | grep ${SSH_AGENT_PID} | grep ssh-agent$ > /dev/null || {
         start_agent;
     }
else
     start_agent;
fi
#### bz: aliases and prompts full of quotes
alias a='echo "it'\''s"' b="echo \"\`date\`\" '"
PS1='\[\e]0;\u\w\a\]'"$(printf '%s' ')')"'$ '
alias ..='cd ..' -- -='cd -' 2>/dev/null
e="\\" s='\'
§return
#### bz: return as an argument or a name
echo return exit exec zsh >/dev/null
alias q=exit
returns=1 exit_code=2
type return >/dev/null
#### bz: shebang and last
#!/bin/bash
§# This must stay last
x=1
#### bz: comment without a newline
x=1
# the end∅
#### bz: unset function, long line
unset -f nothing 2>/dev/null
x="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
§return
