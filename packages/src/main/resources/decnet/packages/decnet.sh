#!/bin/sh
# Runs a command of DECNET from the image that holds it.
images=/usr/lib/decnet

fail() { echo "decnet: $*" >&2; exit 1; }

# secrets of the database, for who may read them
if [ -r /etc/decnet/database.env ]; then
    set -a
    . /etc/decnet/database.env
    set +a
fi

# the first word that names a command; run, supervise and fleet go by the word after it
lookup() { sed -n "s/^$(printf %s "$1" | tr -cd 'a-z:-') //p" "$images/commands"; }
image=
prefix=
command=
for word in "$@"; do
    case "$word" in
        -*) continue ;;
        run | supervise | fleet) [ -n "$prefix" ] || { prefix=$word:; command=$word; image=$(lookup "$word"); continue; } ;;
    esac
    found=$(lookup "$prefix$word")
    [ -n "$command" ] || command=$word
    [ -z "$found" ] || { image=$found; break; }
    [ -z "$prefix" ] || break
done

if [ "$command" = up ] && [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] && systemctl --quiet is-active decnet.target; then
    fail "it runs already, as services; end these first: systemctl stop decnet.target"
fi
program=$images/${image:-bus}/bin/decnet
[ -x "$program" ] || fail "$command needs the package decnet-$image"
exec "$program" "$@"
