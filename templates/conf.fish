# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
begin
#: with goroot
  set -l root {{goroot}}
  set -l bin $root/bin
#: end
  set -l bin {{go}}
#: with go
  if test -x "$bin/go"; and test -n "$HOME"
#: without go
  if test -n "$HOME"
#: end
    test -n "$GOPATH"; or set -gx GOPATH {{gopath}}
#: note fish takes an empty PATH for the current folder.
    contains -- "$PATH" '' .; and set -gx PATH /usr/bin /bin
#: with front
    if not contains -- $bin $PATH
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
#: with goroot
#: note GOROOT follows PATH: a changed Go stays a matching pair even in an old tmux, and another's Go is left alone.
    contains -- $bin $PATH[1]; and set -gx GOROOT $root
#: with rootless
#: note An old terminal may hand down a GOROOT: of another Go, which is no pair with this one, or of one that is gone, with
#: note which no go starts. A pair in front is left alone.
    if test -n "$GOROOT"
      contains -- $bin $PATH[1]; and test "$bin" != "$GOROOT/bin"; and set -eg GOROOT
      test -d "$GOROOT"; or set -eg GOROOT
    end
#: end
#: note A list, also where somebody has set GOPATH with --unpath.
    set -l --path gopath $GOPATH
    contains -- $gopath[1]/bin $PATH; or set -gx PATH $PATH $gopath[1]/bin
  end
end
