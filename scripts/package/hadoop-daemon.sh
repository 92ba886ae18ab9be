#!/usr/bin/env bash
# Starts and stops journalnode and zkfc-rs as Hadoop's script of this name does its own daemons.
#   hadoop-daemon.sh [--config DIR] start|stop|status journalnode|zkfc [OPTIONS OF THE DAEMON]
#   hadoop-daemon.sh [--config DIR] --daemon start|stop|status journalnode|zkfc
#   hadoop-daemon.sh [--config DIR] reload journalnode
# `reload` has a new process of the installed version go on where the running one stops; no writer notices.
# From the environment, and from hadoop-env.sh of the configuration: HADOOP_CONF_DIR, HADOOP_LOG_DIR,
# HADOOP_PID_DIR, HADOOP_IDENT_STRING, HADOOP_NICENESS, HADOOP_STOP_TIMEOUT. The binaries are looked for in
# HDFS_HA_QUORUM_BIN, beside this script, and in PATH.
# Status: 0 done, 1 not done; of `status` 0 runs, 1 died, 3 does not run.
set -euo pipefail
START_LIMIT_SECONDS=10
# The daemon itself gives up before that.
RELOAD_LIMIT_SECONDS=60
LOG_LINES_SHOWN=20

say_usage() {
  sed -n '2,10s/^# \?//p' "$0" >&2
  exit 1
}

fail() { echo "$1" >&2; exit 1; }

# Whose process it is: ours, other, or gone. Process ids are used again, also for Java's daemons.
whose() {
  if [ -z "$1" ] || [ ! -e "/proc/$1" ]; then echo gone; return; fi
  local program state
  state="$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -c1)" || true
  if [ "$state" = Z ]; then echo gone; return; fi
  # Of another user's process only the name can be read. An upgrade has replaced the file.
  program="$(readlink "/proc/$1/exe" 2>/dev/null || cat "/proc/$1/comm" 2>/dev/null)" || true
  program="${program% (deleted)}"
  if [ "${program##*/}" = "$binary_name" ]; then echo ours; else echo other; fi
}

# A pid file that holds anything but a number names nobody.
recorded_pid() {
  local recorded
  recorded="$(head -c 20 "$pid_file" 2>/dev/null | tr -d '[:space:]')" || true
  if [[ "$recorded" =~ ^[1-9][0-9]*$ ]]; then echo "$recorded"; fi
}

command_of() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | cut -c1-120; }

is_java_daemon() { tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | grep -qx -e "-Dproc_$daemon"; }

find_binary() {
  local folder
  for folder in "${HDFS_HA_QUORUM_BIN:-}" "$(dirname "$(readlink -f "$0")")"; do
    if [ -n "$folder" ] && [ -x "$folder/$binary_name" ]; then echo "$folder/$binary_name"; return; fi
  done
  command -v "$binary_name" || fail "$binary_name is not in PATH: install it, or set HDFS_HA_QUORUM_BIN"
}

lock_pid_file() {
  mkdir -p "$pid_dir"
  exec 9>>"$pid_file.lock"
  flock -n 9 || fail "$daemon is being started or stopped by another $(basename "$0")"
}

log_length() { stat -c %s "$log_file" 2>/dev/null || echo 0; }

start() {
  local pid binary log_begin end
  mkdir -p "$log_dir"
  lock_pid_file
  pid="$(recorded_pid)"
  case "$(whose "$pid")" in
    ours) fail "$daemon running as process $pid. Stop it first." ;;
    other) ! is_java_daemon "$pid" || fail "$daemon of Java running as process $pid. Stop it first." ;;
  esac
  binary="$(find_binary)"
  log_begin="$(log_length)"
  echo "starting $daemon, logging to $log_file"
  # Away from this terminal. The lock stays here.
  HADOOP_CONF_DIR="$conf_dir" nice -n "${HADOOP_NICENESS:-0}" \
    setsid "$binary" "$@" </dev/null >"$out_file" 2>>"$log_file" 9>&- &
  pid=$!
  echo "$pid" >"$pid_file"
  end=$((SECONDS + START_LIMIT_SECONDS))
  while [ $SECONDS -lt $end ]; do
    if ! kill -0 "$pid" 2>/dev/null; then
      wait "$pid" && status=0 || status=$?
      rm -f "$pid_file"
      tail -c "+$((log_begin + 1))" "$log_file" | tail -n "$LOG_LINES_SHOWN" >&2
      fail "$daemon ended with status $status; all of it is in $log_file"
    fi
    # What both daemons say once their ports are bound.
    if tail -c "+$((log_begin + 1))" "$log_file" | grep -q 'serving '; then return 0; fi
    sleep 0.05
  done
  echo "$daemon runs as process $pid, and does not serve yet: see $log_file" >&2
}

stop() {
  local pid waited=0
  pid="$(recorded_pid)"
  case "$(whose "$pid")" in
    gone) echo "no $daemon to stop"; rm -f "$pid_file"; return 0 ;;
    other)
      ! is_java_daemon "$pid" || fail "process $pid is the $daemon of Java: stop it with its own script"
      echo "no $daemon to stop: process $pid is another one ($(command_of "$pid"))" >&2
      rm -f "$pid_file"
      return 0 ;;
  esac
  echo "stopping $daemon"
  kill "$pid" || fail "process $pid cannot be stopped by this user"
  while [ "$(whose "$pid")" = ours ]; do
    if [ "$waited" -ge $((${HADOOP_STOP_TIMEOUT:-5} * 20)) ]; then
      echo "$daemon did not stop gracefully after ${HADOOP_STOP_TIMEOUT:-5} seconds: killing with kill -9" >&2
      kill -9 "$pid" || true
      break
    fi
    sleep 0.05
    waited=$((waited + 1))
  done
  for ((waited = 0; waited < 100; waited++)); do
    [ "$(whose "$pid")" = ours ] || { rm -f "$pid_file"; return 0; }
    sleep 0.05
  done
  fail "process $pid does not end: its disk may hang"
}

reload() {
  local pid owner log_begin end said successor
  [ "$daemon" = journalnode ] || fail "$daemon has nothing to hand over: stop and start it"
  lock_pid_file
  pid="$(recorded_pid)"
  [ "$(whose "$pid")" = ours ] || fail "no $daemon to reload"
  log_begin="$(log_length)"
  echo "reloading $daemon"
  kill -USR2 "$pid" || fail "process $pid cannot be told to by this user"
  end=$((SECONDS + RELOAD_LIMIT_SECONDS))
  while [ $SECONDS -lt $end ]; do
    # Before the log is read: what it said last was said before it ended.
    owner="$(whose "$pid")"
    said="$(tail -c "+$((log_begin + 1))" "$log_file")"
    successor="$(sed -nE 's/.*handed over to process ([0-9]+): .*/\1/p' <<<"$said" | tail -n 1)"
    if [ -n "$successor" ]; then
      echo "$successor" >"$pid_file"
      echo "$daemon is running as process $successor"
      return 0
    fi
    if grep 'not handed over' <<<"$said" >&2; then return 1; fi
    [ "$owner" = ours ] || fail "process $pid ended: start $daemon"
    sleep 0.05
  done
  fail "$daemon has not handed over, and process $pid goes on: see $log_file"
}

status() {
  local pid
  pid="$(recorded_pid)"
  case "$(whose "$pid")" in
    ours) echo "$daemon is running as process $pid"; return 0 ;;
    *)
      if [ -e "$pid_file" ]; then echo "$daemon is dead, and left $pid_file"; return 1; fi
      echo "$daemon is not running"
      return 3 ;;
  esac
}

conf_dir=""
while [ $# -gt 0 ]; do
  case "$1" in
    --config) [ $# -ge 2 ] || say_usage; conf_dir="$2"; shift 2 ;;
    --daemon) shift ;;
    # What Hadoop's script took for other daemons.
    --script) [ $# -ge 2 ] || say_usage; shift 2 ;;
    *) break ;;
  esac
done
[ $# -ge 2 ] || say_usage
verb="$1" daemon="$2"
shift 2
case "$daemon" in
  journalnode) binary_name=journalnode ;;
  zkfc) binary_name=zkfc-rs ;;
  *) fail "$daemon is not ours: this script starts journalnode and zkfc" ;;
esac

conf_dir="${conf_dir:-${HADOOP_CONF_DIR:-${HADOOP_HOME:+$HADOOP_HOME/etc/hadoop}}}"
conf_dir="${conf_dir:-/etc/hadoop/conf}"
[ -d "$conf_dir" ] || fail "there is no configuration directory $conf_dir: give --config DIR"
if [ -r "$conf_dir/hadoop-env.sh" ]; then
  # Written for Hadoop's own script, which is not as strict.
  set +eu
  # shellcheck source=/dev/null
  . "$conf_dir/hadoop-env.sh"
  set -eu
fi
ident="${HADOOP_IDENT_STRING:-$(id -un)}"
pid_dir="${HADOOP_PID_DIR:-/tmp}"
log_dir="${HADOOP_LOG_DIR:-${HADOOP_HOME:+$HADOOP_HOME/logs}}"
log_dir="${log_dir:-/var/log/hadoop}"
pid_file="$pid_dir/hadoop-$ident-$daemon.pid"
log_file="$log_dir/hadoop-$ident-$daemon-$(uname -n).log"
out_file="$log_dir/hadoop-$ident-$daemon-$(uname -n).out"

case "$verb" in
  start) start "$@" ;;
  stop) stop ;;
  status) status ;;
  reload) reload ;;
  *) say_usage ;;
esac
