#!/usr/bin/env bash
#SBATCH --job-name=abscam
#SBATCH --array=0-63
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=abscam-%A_%a.log

# A shard a task. Usage: sbatch job.sh OUTPUT IMAGES… --model FILE [options of 'abscam explain']
# A few tasks anew, under their own numbers: ABSCAM_SHARD_COUNT=64 sbatch --array=3,17 job.sh OUTPUT …
set -uo pipefail
output=${1:?give a folder for the results, on storage that all nodes see}
shift

# Both engines would take a thread for every core of the node.
cpus=${SLURM_CPUS_PER_TASK:-1}
export OMP_NUM_THREADS=$cpus
srun --cpus-per-task="$cpus" abscam explain "$@" --output "$output" --shard auto --resume
status=$?

case $status in
  0) ;;
  1) echo "some images could not be explained; each is named above" >&2; status=0 ;;
  2) echo "the command is wrong, and would be wrong again" >&2 ;;
  *) # A worker that was killed, could not write (3) or ended by something unforeseen (70) goes on where it stopped. A node that fails, Slurm requeues by itself.
    if [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
      echo "abscam ended with $status; requeueing" >&2
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep infinity
    fi ;;
esac
exit "$status"
