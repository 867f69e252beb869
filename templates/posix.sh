# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
#: with gvm
_gvm={{gvm}}
#: note Its script is for bash and zsh, and dash may read this file too. It counts as loaded where gvm is a function: the
#: note program of that name, which it puts on PATH, is what a shell inherits that has loaded nothing.
if [ -n "${BASH_VERSION-}${ZSH_VERSION-}" ] && [ -r "$_gvm" ] && [ -s "$_gvm" ] && ! typeset -f gvm >/dev/null; then
#: note It reads variables that are not set, and goes on where a command fails.
  _gvm_set=$-
  set +eu
  . "$_gvm"
  case $_gvm_set in *e*) set -e ;; esac
  case $_gvm_set in *u*) set -u ;; esac
  unset _gvm_set
fi
unset _gvm
#: end
#: with go
_go={{go}}
if [ -x "$_go/go" ] && [ -n "${HOME-}" ]; then
#: without go
if [ -n "${HOME-}" ]; then
#: end
  [ -n "${GOPATH-}" ] || { GOPATH={{gopath}}; export GOPATH; }
#: with front
  case ":${PATH:=/usr/bin:/bin}:" in
    :"$_go":*) ;;
#: note It stays where it stands (nix, direnv, a manager in front), unless a login put it behind the system's folders.
    *:"$_go":*)
      case ":${PATH%%:"$_go":*}:" in *:/usr/bin:*)
        PATH="$PATH:"; PATH="$_go:${PATH%%:"$_go":*}:${PATH#*:"$_go":}"; PATH="${PATH%:}" ;;
      esac ;;
    *) PATH="$_go:$PATH" ;;
  esac
#: without front
  : "${PATH:=/usr/bin:/bin}"
#: end
#: with goroot
#: note GOROOT follows PATH: a changed Go stays a matching pair even in an old tmux, and another's Go is left alone.
  case "$PATH:" in "$_go":*) GOROOT="${_go%/bin}"; export GOROOT ;; esac
#: end
  case ":$PATH:" in *":${GOPATH%%:*}/bin:"*) ;; *) PATH="$PATH:${GOPATH%%:*}/bin" ;; esac
  export PATH
fi
#: with go
unset _go
#: end
