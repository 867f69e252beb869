# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
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
#: with rootless
#: note An old terminal may hand down a GOROOT: of another Go, which is no pair with this one, or of one that is gone, with
#: note which no go starts. A pair in front is left alone.
  if [ -n "${GOROOT-}" ]; then
    case "$PATH:" in "$GOROOT/bin":*) ;; "$_go":*) unset GOROOT ;; esac
    [ -d "${GOROOT-/}" ] || unset GOROOT
  fi
#: end
  case ":$PATH:" in *":${GOPATH%%:*}/bin:"*) ;; *) PATH="$PATH:${GOPATH%%:*}/bin" ;; esac
  export PATH
fi
#: with go
unset _go
#: end
