#!/bin/bash
# Scores predictions twice: undisturbed, and with the run killed (SIGKILL) at random times; reports, rows and files must
# be equal to the byte.
#   bench/bench_kills.sh TRUTH PREDICTIONS [references [kills [seed [longest-seconds-before-a-kill]]]]
set -euo pipefail
source "$(dirname "$0")/kills.sh"
truth=$(realpath "$1") predictions=$(realpath "$2") references=${3:-40} kills=${4:-20} longest=${6:-5}
RANDOM=${5:-1}
program=$(realpath "$(dirname "$0")/../build/release/src/cli/cadrecode")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/calm" "$work/stormy"

# The report holds the command: the same on both sides, in different folders.
line=("$program" bench --data-path "$truth" --predictions "$predictions" --num-samples "$references" --seed 1
  --profile cad-recode --metric-points 1000 --timeout 120 --no-times -o out)
cd "$work/calm"
"${line[@]}" || (($? == 4))
cd "$work/stormy"
killed=$(storm "$kills" "$longest" "${line[@]}")
echo "$killed killed, $(wc -l <out/rows.jsonl) rows"
"${line[@]}" || (($? == 4))

# rows.jsonl keeps the order in which rows were made; the reports are in order of ids.
cd "$work"
if diff -r -x '*.lock' -x rows.jsonl calm/out stormy/out && diff <(sort calm/out/rows.jsonl) <(sort -u stormy/out/rows.jsonl); then
  echo "equal: $(find calm/out -type f | wc -l) files after $killed kills"
else
  exit 1
fi
