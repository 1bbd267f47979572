#!/usr/bin/env bash
# A Slurm cluster of one node on loopback, for as long as a command runs.
# Usage: test/slurm/cluster.sh FOLDER COMMAND [ARGUMENT…]    FOLDER is made, and keeps keys, state and logs.
# Wants slurm-wlm and munge installed, and root. Nothing outside FOLDER is written or configured; no service of the host is used.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
daemons=()

# A daemon that outlives this script would hold its ports: the kernel ends it if the script is killed.
start() {
  local name=$1
  shift
  setpriv --pdeathsig TERM -- "$@" >"$folder/$name.log" 2>&1 &
  daemons=($! "${daemons[@]}")
}

stop() {
  scancel --partition=all --quiet 2>>"$folder/stop.log" || true
  for daemon in "${daemons[@]}"; do
    kill "$daemon" 2>>"$folder/stop.log" || true
    wait "$daemon" || true
  done
}
trap stop EXIT

# Asks until it is so, for half a minute.
until_true() {
  local what=$1
  shift
  for _ in {1..300}; do
    if "$@" >"$folder/until.log" 2>&1; then return; fi
    sleep 0.1
  done
  echo "$what did not happen within 30 s; see $folder" >&2
  tail -n 20 "$folder"/*.log >&2
  exit 1
}

free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 40000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

node_is_idle() { [ "$(sinfo --noheader --format=%T)" = idle ]; }

mkdir -p "$folder/state" "$folder/spool"
(umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
cpus=$(nproc)
cat >"$folder/slurm.conf" <<CONFIGURATION
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
KillWait=5
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
CONFIGURATION
export SLURM_CONF=$folder/slurm.conf

# A job of this cluster may itself run in a job of another one.
unset "${!SLURM_ARRAY@}" "${!SLURM_JOB@}"

start munged munged --foreground --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" --log-file="$folder/munged-own.log" --seed-file="$folder/munged.seed"
until_true "munged's answer" munge --socket="$folder/munge.socket" --no-input
start slurmctld slurmctld -D
until_true "slurmctld's answer" scontrol ping
start slurmd slurmd -D
until_true "an idle node" node_is_idle

"$@"
