#!/bin/sh
# A verified base back-up beside the archived WAL; what is older than 35 days goes, so that who was erased is gone here too.
# Run it daily as the user postgres (or one with REPLICATION); PGHOST, PGUSER as psql takes them.
set -eu
umask 077
# Debian has pg_verifybackup beside its server only, not where commands are looked for.
command -v pg_verifybackup >/dev/null || PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1):$PATH
backups=${TANGGA_BACKUPS:-/var/backups/tangga-postgresql}
days=${TANGGA_BACKUP_DAYS:-35}
base=$backups/base-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$backups/wal"
rm -rf "$backups"/.base-*
pg_basebackup -D "$backups/.${base##*/}" --checkpoint=fast --wal-method=stream --no-password
pg_verifybackup --quiet "$backups/.${base##*/}"
mv "$backups/.${base##*/}" "$base"
sync "$backups"
find "$backups" -maxdepth 1 -name 'base-*' -mtime "+$((days - 1))" -exec rm -rf {} +
# WAL from before the oldest base back-up serves no restore any more.
oldest=$(find "$backups" -maxdepth 1 -name 'base-*' | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$oldest/backup_label")
pg_archivecleanup "$backups/wal" "$first"
echo "Cadangan: $base"
