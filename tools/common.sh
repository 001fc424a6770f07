# Sourced by the commands of this folder: where things are, and how the package is installed for them.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
WORK=$ROOT/.build          # everything the commands build; ignored by git and by R CMD build
LIB=$WORK/library
mkdir -p "$LIB"
JOBS=${JOBS:-$(n=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ "$n" -gt 2 ] && n=2; echo "$n")}
export R_LIBS="$LIB${R_LIBS:+:$R_LIBS}"
export LC_ALL=${LC_ALL:-C.UTF-8} LANGUAGE=en

have() { command -v "$1" >/dev/null 2>&1; }

# The compiler, for the core's tests and for R. With a cache what R CMD check compiles has been compiled by the
# install stage; whoever has a Makevars keeps it.
if have ccache; then
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  if [ -z "${R_MAKEVARS_USER:-}" ] && ! ls ~/.R/Makevars* >/dev/null 2>&1; then
    export R_MAKEVARS_USER=$WORK/Makevars
    printf 'CXX%s = ccache g++\n' "" 14 17 >"$R_MAKEVARS_USER"
  fi
  CXX="ccache ${CXX:-g++}"
else
  CXX=${CXX:-g++}
fi

install_package() {
  MAKEFLAGS="-j$JOBS" R CMD INSTALL --no-test-load "$@" -l "$LIB" . >"$WORK/install.log" 2>&1 ||
    { tail -40 "$WORK/install.log"; return 1; }
}
