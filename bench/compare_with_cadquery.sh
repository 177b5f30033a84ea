#!/bin/bash
# Warm execution of scripts, ours and real CadQuery's, side by side in one run on one core.
#   bench/compare_with_cadquery.sh SCRIPTS.jsonl [how many=60] [runs=9]
# Needs the oracle of ../shared built (CQ_ORACLE_BUILD, CQ_SITE: see its README) and the release preset with benchmarks.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
scripts=$1 count=${2:-60} runs=${3:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$scripts" "$count" "$work" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
step = max(1, len(rows) // int(sys.argv[2]))
for i, row in enumerate(rows[::step][: int(sys.argv[2])]):
    open(f"{sys.argv[3]}/{i:04d}.py", "w").write(row["script"])
PY
core=$(($(nproc) - 1))
for round in 1 2; do  # alternating, so that a busy moment of the machine does not hit one side alone
  taskset -c "$core" "$here/../shared/oracle/oracle.py" --bench "$runs" --tol 0.001 --ang 0.1 "$work"/*.py | tail -n 1 > "$work/theirs$round.json"
  taskset -c "$core" "$here/build/release/bench/script_execution" "$work" "$runs" > "$work/ours$round.json"
done
python3 - "$work" <<'PY'
import json, sys
ours = [json.load(open(f"{sys.argv[1]}/ours{i}.json")) for i in (1, 2)]
theirs = [json.load(open(f"{sys.argv[1]}/theirs{i}.json")) for i in (1, 2)]
best = lambda rows, key, scale=1.0: min(row[key] for row in rows) * scale
print(f"scripts {ours[0]['scripts']}, runs each {ours[0]['runs_each']} twice; median over the scripts of each one's best, ms")
for name, mine, its in (
    ("execute", "median_exec_min_ms", "median_exec_min"),
    ("execute and tessellate (0.001, 0.1)", "median_exec_min_plus_tessellate_min_ms", "median_exec_min_plus_tessellate_min"),
):
    a, b = best(ours, mine), best(theirs, its, 1000.0)
    print(f"{name:38} ours {a:7.2f}   CadQuery {b:7.2f}   ratio {b / a:5.2f}")
PY
