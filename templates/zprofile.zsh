# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
#: with go
_go={{go}}
if [ -x "$_go/go" ] && [ -n "${HOME-}" ]; then
#: with manager
if [ -n "${HOME-}" ]; then
#: with portable
_go={{first}}
[ -x "$_go/bin/go" ] || for _go in {{others}}; do [ -x "$_go/bin/go" ] && break; _go=; done
if [ "${HOME:+$_go}" ]; then
#: end
  [ -n "${GOPATH-}" ] || { GOPATH={{gopath}}; export GOPATH; }
#: with gobin
  [ -n "${GOBIN-}" ] || { GOBIN={{gobin}}; export GOBIN; }
#: with go goroot
#: note PATH comes later, in .zshrc. Until then another Go may lead it (zsh -lc in a nix shell): ours would not match it.
#: note But a GOROOT that is no folder breaks even its version command, so anything is better.
  case "${PATH-}:" in
    "$_go":*) GOROOT="${_go%/bin}"; export GOROOT ;;
    *) [ -d "${GOROOT-}" ] || { [ -z "${GOROOT-}" ] && whence -p go >/dev/null; } || { GOROOT="${_go%/bin}"; export GOROOT; } ;;
  esac
#: with rootless
#: note As in .zshrc; where another folder leads PATH so far, only what keeps every go from starting goes.
  if [ -n "${GOROOT-}" ]; then
    case "${PATH-}:" in "$GOROOT/bin":*) ;; "$_go":*) unset GOROOT ;; esac
    [ -d "${GOROOT-/}" ] || unset GOROOT
  fi
#: with portable goroot
  case "$_go:${PATH-}:" in
    /usr:*) ;;
    "$_go:$_go/bin":*) export GOROOT="$_go" ;;
    *) [ -d "${GOROOT-}" ] || { [ -z "${GOROOT-}" ] && whence -p go >/dev/null; } || export GOROOT="$_go" ;;
  esac
#: end
fi
#: with go
unset _go
#: with portable
unset _go
#: end
