#!/bin/bash
# Makes the clouds of a data set twice: undisturbed, and with the run killed (SIGKILL) at random times; both must be
# equal to the byte. Copies the programs to a temporary folder.
#   bench/cache_kills.sh FOLDER [kills [seed [longest-seconds-before-a-kill]]]
set -euo pipefail
folder=$(realpath "$1") kills=${2:-20} longest=${4:-10}
RANDOM=${3:-1}
program=$(realpath "$(dirname "$0")/../build/release/src/cli/cadrecode")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for side in calm stormy; do
  cp -r "$folder" "$work/$side"
  rm -rf "$work/$side/point_cloud_cache"
done
"$program" cache "$work/calm" || (($? == 4))

killed=0
while ((killed < kills)); do
  "$program" cache "$work/stormy" >/dev/null 2>&1 &
  run=$!
  sleep "$((RANDOM % longest)).$((RANDOM % 1000))"
  if ! kill -KILL $run 2>/dev/null; then
    echo "the run had ended before it was killed $kills times"
    break
  fi
  wait $run 2>/dev/null || true
  killed=$((killed + 1))
  printf '%d killed, %d clouds\n' $killed "$(find "$work/stormy/point_cloud_cache" -name '*.npy' | wc -l)"
done
"$program" cache "$work/stormy" || (($? == 4))

# The ledger's lock file is no part of the result.
if diff -r -x '*.lock' "$work/calm/point_cloud_cache" "$work/stormy/point_cloud_cache"; then
  echo "equal: $(find "$work/calm/point_cloud_cache" -type f | wc -l) files after $killed kills"
else
  exit 1
fi
