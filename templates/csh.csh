# Go in every terminal. To take this out again: goenv-setup uninstall
# Reach: {{reach}}
#: note For bsd-csh and tcsh. An error ends the user's file here, so nothing is expanded that may not be set, and each
#: note value stands behind :q, which alone keeps any byte as it is. Past about a hundred folders bsd-csh cuts PATH off.
if ( $?HOME && $?path ) then
#: with go
  set _go = {{go}}
  if ( x${HOME:q} != x && -x ${_go:q}/go && ( $?tcsh || $#path < 100 ) ) then
#: with portable
  set _go = ''
  foreach _go_root ( {{places}} )
    if ( -x ${_go_root:q}/bin/go ) then
      set _go = ${_go_root:q}/bin
      break
    endif
  end
  if ( x${HOME:q} != x && x${_go:q} != x && ( $?tcsh || $#path < 100 ) ) then
#: with manager
  if ( x${HOME:q} != x && ( $?tcsh || $#path < 100 ) ) then
#: end
    if ( ! $?GOPATH ) setenv GOPATH ''
    if ( x${GOPATH:q} == x ) then
      setenv GOPATH {{gopath}}
    endif
#: with gobin
    if ( ! $?GOBIN ) setenv GOBIN ''
    if ( x${GOBIN:q} == x ) then
      setenv GOBIN {{gobin}}
    endif
#: end
    set _go_path = ( $path:q )
    set _go_new = 0
    if ( $#_go_path == 0 ) set _go_path = ( /usr/bin /bin )
    if ( ! $?PATH ) set _go_new = 1
#: with front
    set _go_last = 0
    @ _go_n = 1
    while ( $_go_n <= $#_go_path )
      if ( x$_go_path[$_go_n]:q == x${_go:q} ) break
      if ( x$_go_path[$_go_n]:q == x/usr/bin ) set _go_last = 1
      @ _go_n++
    end
#: with go front
    if ( $_go_n > $#_go_path ) then
#: with portable
#: note The system's own folder stays where it is, and is in no Go root.
    if ( $_go_n > $#_go_path && x${_go:q} != x/usr/bin ) then
#: with front
      set _go_path = ( ${_go:q} $_go_path:q )
      set _go_new = 1
#: note It stays where it stands (nix, direnv, a manager in front), unless a login put it behind the system's folders.
    else if ( $_go_last ) then
      @ _go_last = $_go_n - 1
      @ _go_n++
      set _go_path = ( ${_go:q} $_go_path[-$_go_last]:q $_go_path[$_go_n-]:q )
      set _go_new = 1
    endif
#: end
#: with go goroot
#: note GOROOT follows PATH: a changed Go stays a matching pair even in an old tmux, and another's Go is left alone.
    if ( x$_go_path[1]:q == x${_go:q} ) then
      setenv GOROOT {{goroot}}
    endif
#: with rootless
#: note An old terminal may hand down a GOROOT: of another Go, which is no pair with this one, or of one that is gone, with
#: note which no go starts. A pair in front is left alone.
    if ( $?GOROOT ) then
      if ( x$_go_path[1]:q == x${_go:q} && x${GOROOT:q}/bin != x${_go:q} ) unsetenv GOROOT
    endif
    if ( $?GOROOT ) then
      if ( ! -d ${GOROOT:q}/. ) unsetenv GOROOT
    endif
#: with portable goroot
    if ( x$_go_path[1]:q == x${_go:q} && x${_go:q} != x/usr/bin ) then
      setenv GOROOT ${_go_root:q}
    endif
#: with gobin
    set _go_bin = ${GOBIN:q}
#: note PATH cannot carry a folder with a colon in its name: what stands there already is not added.
    if ( ${GOBIN:q} =~ *:* ) set _go_bin = $_go_path[1]:q
#: without gobin
    set _go_bin = ${GOPATH:q}/bin
    if ( ${GOPATH:q} =~ *:* ) then
#: note Nothing else splits a list at its colons in csh.
      setenv PATH ${GOPATH:q}
      set _go_bin = $path[1]:q/bin
      set _go_new = 1
    endif
#: end
    @ _go_n = 1
    while ( $_go_n <= $#_go_path )
      if ( x$_go_path[$_go_n]:q == x${_go_bin:q} ) break
      @ _go_n++
    end
    if ( $_go_n > $#_go_path ) then
      set _go_path = ( $_go_path:q ${_go_bin:q} )
      set _go_new = 1
    endif
    if ( $_go_new ) set path = ( $_go_path:q )
  endif
endif
#: with go
unset _go
#: with portable
unset _go _go_root
#: end
unset _go_path _go_new _go_last _go_n _go_bin
