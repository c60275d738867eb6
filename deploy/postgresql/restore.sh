#!/bin/sh
# Build a data directory from the latest base back-up, or from the latest one before a moment, and the archived WAL.
#   restore.sh DATA_DIRECTORY [YYYY-MM-DDTHH:MM:SSZ]
# DATA_DIRECTORY must be absent or empty; start PostgreSQL on it afterwards, then `python -m bot erase-again` (docs/runbook.md).
set -eu
umask 077
backups=${TANGGA_BACKUPS:-/var/backups/tangga-postgresql}
data=$1
moment=${2:-}
if [ -d "$data" ] && [ -n "$(ls -A "$data")" ]; then
    echo "$data tidak kosong" >&2
    exit 2
fi
chosen=
for base in $(find "$backups" -maxdepth 1 -name 'base-*' | sort); do
    stamp=$(basename "$base" | tr -d ':Z-' | sed 's/^base//')
    if [ -z "$moment" ] || [ "$stamp" \< "$(echo "$moment" | tr -d ':Z-')" ]; then
        chosen=$base
    fi
done
if [ -z "$chosen" ]; then
    echo "tidak ada cadangan dasar sebelum ${moment:-sekarang} di $backups" >&2
    exit 2
fi
mkdir -p "$data"
chmod 700 "$data"
cp -a "$chosen/." "$data/"
{
    echo "restore_command = 'cp \"$backups/wal/%f\" \"%p\"'"
    echo "recovery_target_timeline = 'latest'"
    if [ -n "$moment" ]; then
        echo "recovery_target_time = '$(echo "$moment" | sed 's/T/ /; s/Z$/+00/')'"
        echo "recovery_target_action = 'promote'"
    fi
} >>"$data/postgresql.auto.conf"
touch "$data/recovery.signal"
echo "Siap: $data dari $chosen${moment:+ sampai $moment}"
