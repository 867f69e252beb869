# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
begin
#: with go goroot
  set -l root {{goroot}}
  set -l bin $root/bin
#: end
  set -l bin {{go}}
#: with go
  if test -x "$bin/go"; and test -n "$HOME"
#: with manager
  if test -n "$HOME"
#: with portable
  for root in {{places}}
    test -n "$HOME"; and test -x "$root/bin/go"; or continue
    set -l bin $root/bin
#: end
    test -n "$GOPATH"; or set -gx GOPATH {{gopath}}
#: with gobin
    test -n "$GOBIN"; or set -gx GOBIN {{gobin}}
#: end
#: note fish takes an empty PATH for the current folder.
    contains -- "$PATH" '' .; and set -gx PATH /usr/bin /bin
#: with go front
    if not contains -- $bin $PATH
#: with portable
#: note The system's own folder stays where it is, and is in no Go root.
    if not contains -- $bin $PATH /usr/bin
#: with front
      set -gx PATH $bin $PATH
    else if not contains -- $bin $PATH[1]
#: note It stays where it stands (nix, direnv, a manager in front), unless a login put it behind the system's folders.
#: note No command substitution: it costs a thread. The variable of a for is local to the block around it.
      set -l before
      set -l after $PATH
      for dir in $PATH
        set -e after[1]
        contains -- $bin $dir; and break
        set before $before $dir
      end
      contains -- /usr/bin $before; and set -gx PATH $bin $before $after
    end
#: end
#: with go goroot
#: note GOROOT follows PATH: a changed Go stays a matching pair even in an old tmux, and another's Go is left alone.
    contains -- $bin $PATH[1]; and set -gx GOROOT $root
#: with rootless
#: note An old terminal may hand down a GOROOT: of another Go, which is no pair with this one, or of one that is gone, with
#: note which no go starts. A pair in front is left alone.
    if test -n "$GOROOT"
      contains -- $bin $PATH[1]; and test "$bin" != "$GOROOT/bin"; and set -eg GOROOT
      test -d "$GOROOT"; or set -eg GOROOT
    end
#: with portable goroot
    test "$root" != /usr; and contains -- $bin $PATH[1]; and set -gx GOROOT $root
#: with gobin
#: note A folder with a colon in its name would be two, and never be found again.
    contains -- $GOBIN $PATH; or string match -q -- '*:*' $GOBIN; or set -gx PATH $PATH $GOBIN
#: without gobin
#: note A list, also where somebody has set GOPATH with --unpath.
    set -l --path gopath $GOPATH
    contains -- $gopath[1]/bin $PATH; or set -gx PATH $PATH $gopath[1]/bin
#: with portable
    break
#: end
  end
end
