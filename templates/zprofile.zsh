# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
#: with go
_go={{go}}
if [ -x "$_go/go" ] && [ -n "${HOME-}" ]; then
#: with manager
if [ -n "${HOME-}" ]; then
#: with portable
for _go in {{places}}; do
  [ -x "${HOME:+$_go/bin/go}" ] || continue
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
    "$_go:$_go/bin":*) GOROOT=$_go; export GOROOT ;;
    *) [ -d "${GOROOT-}" ] || { [ -z "${GOROOT-}" ] && whence -p go >/dev/null; } || { GOROOT=$_go; export GOROOT; } ;;
  esac
#: with portable
  break
done
unset _go
#: without portable
fi
#: with go
unset _go
#: end
