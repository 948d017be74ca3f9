#!/bin/sh
# Makes equal native libraries of all images one file: the kernel shares the memory of a file, not of equal files.
set -e
first=/usr/lib/decnet/bus
for image in /usr/lib/decnet/*; do
    [ "$image" != "$first" ] && [ -d "$image/lib/server" ] || continue
    for library in "$image"/lib/*.so "$image"/lib/server/*.so; do
        original=$first${library#"$image"}
        if [ -f "$library" ] && [ -f "$original" ] && ! [ "$library" -ef "$original" ] && cmp -s "$library" "$original"; then
            ln -f "$original" "$library.decnet-new"
            mv -f "$library.decnet-new" "$library"
        fi
    done
done
