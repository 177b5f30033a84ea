#!/bin/bash
# How the sandbox holds out. Needs the program built (./run build); prints one line of JSON a measurement.
#   bench/sandbox_endurance.sh batch [items=5000]      one script in twenty is hostile: none lost, none repeated?
#   bench/sandbox_endurance.sh memory [items=100000]   resident memory of the parent along a stream of scripts
#   bench/sandbox_endurance.sh workers SCRIPTS.jsonl [rounds=5]   one worker and two, alternating: best wall time of each, and the
#                                                      processor time a script, which does not depend on what else runs
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
program=${CADRECODE:-$here/build/release/src/cli/cadrecode}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# JSONL of scripts. Hostile ones, where wanted: endless loop, memory bomb, recursion, flood of output, import.
scripts() {  # scripts <items> <hostile: 0|1>
  awk -v items="$1" -v hostile="$2" 'BEGIN {
    split("while True:\\n    pass|x = [1]\\nwhile True:\\n    x = x + x|def f():\\n    return f()\\nf()|while True:\\n    print(1)|import os", bad, "|")
    for (i = 0; i < items; ++i) {
      script = sprintf("import cadquery as cq\\nr = cq.Workplane().box(%d, 2, 3).union(cq.Workplane().circle(%d / 3).extrude(5))", i % 90 + 1, i % 7 + 1)
      if (!hostile) script = sprintf("import cadquery as cq\\nr = cq.Workplane().box(%d, 2, %d)", i % 90 + 1, i % 7 + 1)
      if (hostile && i % 20 == 13) script = bad[int(i / 20) % 5 + 1]
      printf "{\"id\": \"s%d\", \"script\": \"%s\"}\n", i, script
    }
  }'
}

case ${1:-} in
  batch)
    items=${2:-5000}
    scripts "$items" 1 >"$scratch/in.jsonl"
    start=$(date +%s.%N)
    "$program" exec "$scratch/in.jsonl" --jsonl --timeout 1 --memory 1G >"$scratch/out.jsonl" 2>"$scratch/log" || true
    seconds=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
    awk -v items="$items" -v seconds="$seconds" '
      { id = $0; sub(/^\{"id":"s/, "", id); sub(/".*/, "", id); if (id != NR - 1) ++misplaced; ++seen[id] }
      match($0, /"status":"[a-z_]*"/) { ++status[substr($0, RSTART + 10, RLENGTH - 11)] }
      END {
        for (i = 0; i < items; ++i) if (!(i in seen)) ++lost; else if (seen[i] > 1) ++repeated
        printf "{\"items\": %d, \"seconds\": %s, \"lost\": %d, \"repeated\": %d, \"misplaced\": %d", items, seconds, lost, repeated, misplaced
        for (name in status) printf ", \"%s\": %d", name, status[name]
        print "}"
        exit lost + repeated + misplaced > 0
      }' "$scratch/out.jsonl"
    ;;
  memory)
    items=${2:-100000}
    mkfifo "$scratch/in"
    "$program" exec - --jsonl --no-mesh --no-times <"$scratch/in" >"$scratch/out.jsonl" 2>"$scratch/log" &
    process=$!
    scripts "$items" 0 >"$scratch/in" &
    # Resident kilobytes of the parent against items done, once a second; then the slope of a straight line after the
    # first tenth of the run.
    while kill -0 "$process" 2>/dev/null; do
      resident=$(awk '/^VmRSS/ {print $2}' "/proc/$process/status" 2>/dev/null || true)
      [[ -n $resident ]] && echo "$(wc -l <"$scratch/out.jsonl") $resident"
      sleep 1
    done >"$scratch/memory"
    wait "$process"
    awk -v items="$items" '
      $1 >= items / 10 && $1 < items { ++n; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2; last = $2; if (n == 1) first = $2 }
      END {
        slope = n > 1 ? (n * xy - x * y) / (n * xx - x * x) : 0
        printf "{\"items\": %d, \"samples\": %d, \"first_kib\": %d, \"last_kib\": %d, \"slope_bytes_per_item\": %.2f}\n", items, n, first, last, slope * 1024
      }' "$scratch/memory"
    ;;
  workers)
    scripts=$2 rounds=${3:-5} items=$(wc -l <"$2") TIMEFORMAT='%R %U %S'
    for ((round = 0; round < rounds; ++round)); do
      for jobs in 1 2; do
        { time "$program" exec "$scripts" --jsonl --jobs "$jobs" >"$scratch/out.jsonl" 2>"$scratch/log"; } 2>"$scratch/time"
        echo "$jobs $(tail -n 1 "$scratch/time") $(cut -d ' ' -f 1 /proc/loadavg)"
      done
    done | awk -v items="$items" '
      { if (!($1 in wall) || $2 < wall[$1]) wall[$1] = $2; if (!($1 in cpu) || $3 + $4 < cpu[$1]) cpu[$1] = $3 + $4; if ($5 > load) load = $5 }
      END {
        printf "{\"items\": %d, \"wall_seconds\": [%.2f, %.2f], \"wall_ratio\": %.2f, ", items, wall[1], wall[2], wall[1] / wall[2]
        printf "\"cpu_ms_per_item\": [%.2f, %.2f], \"cpu_ratio\": %.2f, \"largest_load\": %.1f}\n", 1000 * cpu[1] / items, 1000 * cpu[2] / items, 2 * cpu[1] / cpu[2], load
      }'
    ;;
  *)
    sed -n '2,6p' "$0" >&2
    exit 2
    ;;
esac
