# For scripts that kill a run at random times, to see that it ends as if it had been left alone. Sourced.

# storm KILLS LONGEST COMMAND...: runs the command and kills it (SIGKILL) after a random time below LONGEST seconds, KILLS
# times or until it once ends before; prints how often it was killed. Random numbers are those of RANDOM.
storm() {
  local kills=$1 longest=$2 killed=0 run
  shift 2
  while ((killed < kills)); do
    "$@" >/dev/null 2>&1 &
    run=$!
    sleep "$((RANDOM % longest)).$((RANDOM % 1000))"
    if ! kill -KILL $run 2>/dev/null; then
      echo "the run had ended before it was killed $kills times" >&2
      break
    fi
    wait $run 2>/dev/null || true
    killed=$((killed + 1))
  done
  echo $killed
}
