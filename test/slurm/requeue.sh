#!/usr/bin/env bash
# Submits docs/operate/scale-out/job.sh as an array of four tasks, kills one task's worker in its midst, and waits until Slurm is through.
# Usage: test/slurm/cluster.sh CLUSTER test/slurm/requeue.sh FOLDER ABSCAM.dll OUTPUT IMAGES… --model FILE …
# FOLDER is made, and keeps the tasks' logs.
set -euo pipefail
job=$(cd "$(dirname "$0")/../../docs/operate/scale-out" && pwd)/job.sh
mkdir -p "$1/bin"
folder=$(cd "$1" && pwd)
abscam=$(realpath "$2")
output=$(realpath -m "$3")
shift 3
victim=1
patience=240

# Users have 'abscam' on their path; this one tells its process besides.
cat >"$folder/bin/abscam" <<WORKER
#!/usr/bin/env bash
echo \$\$ >"$folder/worker-\$SLURM_ARRAY_TASK_ID"
exec dotnet "$abscam" "\$@"
WORKER
chmod +x "$folder/bin/abscam"
export PATH=$folder/bin:$PATH

# Where a test runner has put its own hands into .NET, workers are not to feel them.
unset DOTNET_STARTUP_HOOKS "${!CORECLR_@}"

fail() {
  echo "$1" >&2
  tail -n 30 "$folder"/task-*.log >&2 || true
  exit 1
}

id=$(sbatch --parsable --array=0-3 --cpus-per-task=1 --mem=1G --time=10 --output="$folder/task-%a.log" "$job" "$output" "$@")

# Two batches of four are done, and most are still to come.
rows=8
journal=$output/part-000$victim-of-0004/explain.journal
until [ "$(grep -c ' {"row"' "$journal" 2>/dev/null)" -ge "$rows" ] 2>/dev/null; do
  [ "$SECONDS" -lt "$patience" ] || fail "task $victim has not explained $rows images within $patience s"
  sleep 0.02
done
kill -KILL "$(cat "$folder/worker-$victim")" || fail "task $victim was over before it could be killed"
! grep -q ' {"end"' "$journal" || fail "task $victim had done everything before it was killed"

# Slurm lets a requeued task wait for two minutes; a cluster of one node has nothing to wait for.
while [ -n "$(squeue --noheader --job="$id" 2>/dev/null)" ]; do
  if squeue --noheader --job="${id}_$victim" --format=%r 2>/dev/null | grep -q BeginTime; then
    scontrol update JobId="${id}_$victim" StartTime=now
  fi
  [ "$SECONDS" -lt "$patience" ] || fail "the array is not over within $patience s: $(squeue)"
  sleep 0.2
done
