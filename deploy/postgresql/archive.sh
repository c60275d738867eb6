#!/bin/sh
# archive_command: keep one WAL segment, durably, or fail so that PostgreSQL keeps it and asks again.
# $1: the segment's path, $2: its name; TANGGA_BACKUPS: where back-ups lie, on another disk or machine.
set -eu
umask 077
wal=${TANGGA_BACKUPS:-/var/backups/tangga-postgresql}/wal
mkdir -p "$wal"
if [ -f "$wal/$2" ]; then
    # Asked again after a crash: fine if it is the same segment, an alarm if it is not.
    exec cmp -s "$1" "$wal/$2"
fi
cp "$1" "$wal/.$2.$$"
sync "$wal/.$2.$$"
mv "$wal/.$2.$$" "$wal/$2"
sync "$wal"
