#!/usr/bin/env bash
# A Slurm of its own on this machine: munged, slurmctld and one slurmd a port, on 127.0.0.1. Says "ready", then does what it is told
# on standard input ("kill NODE", "start NODE", each answered by "done"), and ends everything when that ends.
# Arguments: a folder whose path is short enough for a socket, the controller's port, the nodes' ports.
set -u
folder=$1 controller=$2
shift 2
host=$(hostname -s)
export SLURM_CONF=$folder/slurm.conf
declare -A port=() process=()
for number in "$@"; do port[node$((${#port[@]} + 1))]=$number; done

# waits for a command to succeed, half a minute at most
until_it() {
    for _ in {1..300}; do
        "$@" && return
        sleep 0.1
    done
    echo "in vain: $*"
    exit 1
}

is_ready() { [[ $(sinfo --noheader --format='%T %D' 2>/dev/null) == "idle ${#port[@]}" ]]; }

is_empty() { [[ -z $(squeue --noheader) ]]; }

configure() {
    mkdir -p "$folder"/{munge,state,spool,log}
    head -c 1024 /dev/urandom >"$folder/munge/key"
    chmod 400 "$folder/munge/key"
    cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/controller.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/log/controller
SlurmdLogFile=$folder/log/%n
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
SlurmdTimeout=2
MessageTimeout=5
KillWait=5
ReturnToService=2
MpiDefault=none
CONF
    for node in "${!port[@]}"; do echo "NodeName=$node NodeHostname=$host NodeAddr=127.0.0.1 Port=${port[$node]} CPUs=1 RealMemory=8000" >>"$SLURM_CONF"; done
    echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
}

start() {
    slurmd -D -c -N "$1" >/dev/null 2>&1 &
    process[$1]=$!
}

# as a machine that loses its power: the daemon, and the sessions of the jobs with all that is in them
kill_node() {
    kill -KILL "${process[$1]}"
    local script session
    for script in $(pgrep -f "$folder/spool/$1/job"); do
        session=$(ps -o sid= -p "$script" | tr -d ' ')
        if [[ -n $session ]]; then pkill -KILL -s "$session"; fi
    done
    wait "${process[$1]}" 2>/dev/null
}

end() {
    scancel --state=PENDING --me
    scancel --me
    (until_it is_empty)
    for node in "${!process[@]}"; do kill_node "$node"; done
    kill -KILL "${munged:-}" "${slurmctld:-}"
    wait
} 2>/dev/null

configure
trap end EXIT
munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" --num-threads=1 >/dev/null 2>&1 &
munged=$!
until_it test -S "$folder/munge/socket"
slurmctld -D -c >/dev/null 2>&1 &
slurmctld=$!
for node in "${!port[@]}"; do start "$node"; done
until_it is_ready
echo ready
while read -r verb node; do
    case $verb in
        kill) kill_node "$node" ;;
        start) start "$node" ;;
    esac
    echo done
done
