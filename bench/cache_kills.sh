#!/bin/bash
# Makes the clouds of a data set twice: undisturbed, and with the run killed (SIGKILL) at random times; both must be
# equal to the byte. Copies the programs to a temporary folder.
#   bench/cache_kills.sh FOLDER [kills [seed [longest-seconds-before-a-kill]]]
set -euo pipefail
source "$(dirname "$0")/kills.sh"
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
killed=$(storm "$kills" "$longest" "$program" cache "$work/stormy")
echo "$killed killed, $(find "$work/stormy/point_cloud_cache" -name '*.npy' | wc -l) clouds"
"$program" cache "$work/stormy" || (($? == 4))

# The ledger's lock file is no part of the result.
if diff -r -x '*.lock' "$work/calm/point_cloud_cache" "$work/stormy/point_cloud_cache"; then
  echo "equal: $(find "$work/calm/point_cloud_cache" -type f | wc -l) files after $killed kills"
else
  exit 1
fi
