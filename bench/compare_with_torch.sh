#!/bin/bash
# A benchmark beside python3-torch: build/release/bench/NAME and bench/NAME_torch.py in turns, so that what else the
# machine does meets both. Prints every measurement and, a case, the best of each side and their ratio, by the clock and
# by processor time (which, with one thread, other work disturbs less).
#   bench/compare_with_torch.sh NAME ROUNDS THREADS [option of both sides...]      NAME: decoding, training
# Decoding takes its weights from $CADRECODE_BENCH_MODEL (3 GB), which is made when it is not there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$1 rounds=$2
export OMP_NUM_THREADS=$3 OPENBLAS_NUM_THREADS=$3
set -- --threads "$3" "${@:4}"
ours=(build/release/bench/"$name")
if [ "$name" = decoding ]; then
  folder=${CADRECODE_BENCH_MODEL:-/tmp/cadrecode_bench_model}
  [ -e "$folder/model.safetensors" ] || "${ours[@]}" --save "$folder"
  # From the disk into large pages, as after a download, not in the small ones that writing left.
  dd of="$folder/model.safetensors" oflag=nocache conv=notrunc,fdatasync count=0 status=none
  ours+=(--load "$folder")
fi
for _ in $(seq "$rounds"); do
  "${ours[@]}" "$@"
  /usr/bin/python3 "bench/${name}_torch.py" "$@"
done | tee /dev/stderr | /usr/bin/python3 -c '
import json, sys
best = {}
for row in map(json.loads, sys.stdin):
    for key in ("per_second", "per_processor_second"):
        if key in row:
            sides = best.setdefault((row["case"], key), {})
            sides[row["side"]] = max(sides.get(row["side"], 0), row[key])
for (case, key), sides in best.items():
    print("%s, %s: %.2f, torch %.2f, ratio %.2f"
          % (case, key, sides["cadrecode"], sides["torch"], sides["cadrecode"] / sides["torch"]))'
