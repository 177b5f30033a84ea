#!/bin/bash
# Everything behind models/compact, from nothing: programs, tokenizer, clouds, training. Each stage goes on where it was
# stopped, so the same command continues after an interruption.
#   configs/train_compact.sh CADRECODE [FOLDER (compact)] [PROGRAMS (30000)] [STEPS (7600)] [DECAY (6400)]
set -euo pipefail
cadrecode=$1
folder=${2:-compact}
programs=${3:-30000}
steps=${4:-7600}
decay=${5:-6400}
config=$(dirname "${BASH_SOURCE[0]}")/train_config_compact.yaml
paths=(tokenizer="$folder/tokenizer" train_data_path="$folder/data/train" val_data_path="$folder/data/val")

"$cadrecode" synth --count "$programs" --seed 1 -o "$folder/data/train"
"$cadrecode" synth --count 500 --seed 2 -o "$folder/data/val"
[[ -e $folder/tokenizer/tokenizer.json ]] || "$cadrecode" tokenizer train "$folder/data/train" -o "$folder/tokenizer"
"$cadrecode" cache "$folder/data" --splits train val
"$cadrecode" train --config "$config" --resume --set "${paths[@]}" model_save_path="$folder/run" max_steps="$steps"
# The rate falls to nothing from the constant run's end: this is the model that is kept.
from=()
compgen -G "$folder/decayed/checkpoint-*" >/dev/null || from=("$folder/run/checkpoint-$steps")
"$cadrecode" train --config "$config" --resume "${from[@]}" --set "${paths[@]}" model_save_path="$folder/decayed" \
  max_steps=$((steps + decay)) warmup_steps="$steps" lr_scheduler_type=linear eval_steps=250
