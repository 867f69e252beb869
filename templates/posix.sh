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
#: with manager
if [ -n "${HOME-}" ]; then
#: with portable
#: note Go roots, until one holds Go: the roots are shorter to read for the shell than their folders. Everything a shell
#: note reads costs it time, so there are fewer quotes and commands here than in the block that names one folder; and the
#: note words of a list that is not gone over cost it less, so that the first stands by itself.
_go={{first}}
[ -x "$_go/bin/go" ] || for _go in {{others}}; do [ -x "$_go/bin/go" ] && break; _go=; done
if [ "${HOME:+$_go}" ]; then
  GOPATH=${GOPATH:-{{gopath}}}
#: without portable
  [ -n "${GOPATH-}" ] || { GOPATH={{gopath}}; export GOPATH; }
#: with gobin
  [ -n "${GOBIN-}" ] || { GOBIN={{gobin}}; export GOBIN; }
#: with go front
  case ":${PATH:=/usr/bin:/bin}:" in
    :"$_go":*) ;;
#: note It stays where it stands (nix, direnv, a manager in front), unless a login put it behind the system's folders.
    *:"$_go":*)
      case ":${PATH%%:"$_go":*}:" in *:/usr/bin:*)
        PATH="$PATH:"; PATH="$_go:${PATH%%:"$_go":*}:${PATH#*:"$_go":}"; PATH="${PATH%:}" ;;
      esac ;;
    *) PATH="$_go:$PATH" ;;
  esac
#: with portable
#: note The same; the system's own folder stays where it is, and is in no Go root.
  case $_go:${PATH:=/usr/bin:/bin}: in
    /usr:* | "$_go:$_go/bin":*) ;;
    *:"$_go/bin":*)
      case ":${PATH%%:"$_go/bin":*}:" in *:/usr/bin:*)
        PATH="$PATH:"; PATH="$_go/bin:${PATH%%:"$_go/bin":*}:${PATH#*:"$_go/bin":}"; PATH="${PATH%:}" ;;
      esac ;;
    *) PATH="$_go/bin:$PATH" ;;
  esac
#: without front
  : "${PATH:=/usr/bin:/bin}"
#: end
#: with go goroot
#: note GOROOT follows PATH: a changed Go stays a matching pair even in an old tmux, and another's Go is left alone.
  case "$PATH:" in "$_go":*) GOROOT="${_go%/bin}"; export GOROOT ;; esac
#: with rootless
#: note An old terminal may hand down a GOROOT: of another Go, which is no pair with this one, or of one that is gone, with
#: note which no go starts. A pair in front is left alone.
  if [ -n "${GOROOT-}" ]; then
    case "$PATH:" in "$GOROOT/bin":*) ;; "$_go":*) unset GOROOT ;; esac
    [ -d "${GOROOT-/}" ] || unset GOROOT
  fi
#: with portable goroot
  case $PATH: in /usr/bin:*) ;; "$_go/bin":*) GOROOT=$_go; export GOROOT ;; esac
#: with gobin
  case ":$PATH:" in *":$GOBIN:"*) ;; *) PATH="$PATH:$GOBIN" ;; esac
#: without gobin
  case ":$PATH:" in *":${GOPATH%%:*}/bin:"*) ;; *) PATH="$PATH:${GOPATH%%:*}/bin" ;; esac
#: with portable
  export PATH GOPATH
fi
unset _go
#: without portable
  export PATH
fi
#: with go
unset _go
#: end
