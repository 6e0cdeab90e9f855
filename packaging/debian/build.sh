#!/bin/sh
# Builds a Debian package from the compiled program:
#   packaging/debian/build.sh PROGRAM [DIRECTORY]
# The package is written to DIRECTORY, by default the current one. Its name is the last line of output.
set -eu

program=$1
output=${2:-.}
source=$(cd "$(dirname "$0")/../.." && pwd)
version=$("$program" --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
chmod 755 "$root"

# put MODE FILE TARGET
put() { install -D -m "$1" "$2" "$root/$3"; }
# make TARGET COMMAND...: its output, compressed if the target says so
make_from() {
  target=$root/$1
  shift
  mkdir -p "$(dirname "$target")"
  case $target in
    *.gz) "$@" | gzip -9n > "$target" ;;
    *) "$@" > "$target" ;;
  esac
}
# All settings of the example are comments: an installed server has the defaults.
config() { sed 's/^\([^#]\)/# \1/' "$source/docs/partyline.toml"; }

put 755 "$program" usr/bin/partyline
put 644 "$source/packaging/partyline.service" usr/lib/systemd/system/partyline.service
make_from etc/partyline.toml config
make_from usr/share/man/man1/partyline.1.gz "$program" man
make_from usr/share/bash-completion/completions/partyline "$program" completions bash
make_from usr/share/zsh/vendor-completions/_partyline "$program" completions zsh
make_from usr/share/fish/vendor_completions.d/partyline.fish "$program" completions fish
put 644 "$source/LICENSE" usr/share/doc/partyline/copyright
make_from usr/share/doc/partyline/changelog.gz cat "$source/CHANGELOG.md"
for file in alert-rules.yml grafana-dashboard.json fail2ban-filter.conf; do
  put 644 "$source/packaging/$file" "usr/share/doc/partyline/examples/$file"
done

mkdir "$root/DEBIAN"
for script in postinst prerm postrm; do
  install -m 755 "$source/packaging/debian/$script" "$root/DEBIAN/$script"
done
echo /etc/partyline.toml > "$root/DEBIAN/conffiles"
cat > "$root/DEBIAN/control" <<CONTROL
Package: partyline
Version: $version
Architecture: $architecture
Maintainer: The Partyline authors <partyline@localhost>
Installed-Size: $(du -k --summarize --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6, libgcc-s1, init-system-helpers (>= 1.64)
Section: net
Priority: optional
Description: chat rooms and logs for telnet, nc, browsers and pipes
 People enter rooms with ssh, telnet, nc, a browser or an IRC client, and
 programs pour lines into the same rooms. Everything is kept, numbered and
 searchable.
CONTROL
(cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) \
  > "$root/DEBIAN/md5sums"

dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" \
  "$output/partyline_${version}_$architecture.deb" >&2
echo "$output/partyline_${version}_$architecture.deb"
