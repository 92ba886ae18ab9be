#!/bin/sh
# What `hdfs` of Hadoop's release archive does, as far as it is needed here; and like its
# hadoop-daemon.sh: hdfs --daemon start|stop|status namenode|datanode|zkfc|journalnode.
# Runs on the host `client`, or where bin/HOST calls it.
here=$(cd "$(dirname "$0")/.." && pwd)
[ -n "${QUICKSTART_HOST:-}" ] || exec "$here/bin/client" "$0" "$@"
files="$here/$QUICKSTART_HOST"

fail() { echo "hdfs: $*" >&2; exit 1; }

daemon() {
  pid=$(cat "$files/$2.pid" 2>/dev/null)
  kill -0 "${pid:-none}" 2>/dev/null && runs=yes || runs=no
  case "$1 $runs" in
    "start no")
      setsid "$0" "$2" </dev/null >>"$files/$2.log" 2>&1 &
      echo $! >"$files/$2.pid"
      echo "$2 of $QUICKSTART_HOST: process $!, log $files/$2.log" ;;
    "stop yes") kill "$pid" ;;
    "start yes") fail "$2 of $QUICKSTART_HOST runs already (process $pid)" ;;
    "status yes") echo "$2 of $QUICKSTART_HOST runs (process $pid)" ;;
    *) fail "$2 of $QUICKSTART_HOST does not run" ;;
  esac
}

tool() {
  class=$1
  shift
  # Tools print their answer, and warnings alone beside it.
  exec @JAVA_TOOL@ "$class" "$@"
}

command=${1:-}
[ $# -eq 0 ] || shift
case "$command" in
  --daemon) [ $# -eq 2 ] || fail "--daemon start|stop|status NAME"; daemon "$@" ;;
  dfs) tool org.apache.hadoop.fs.FsShell "$@" ;;
  dfsadmin) tool org.apache.hadoop.hdfs.tools.DFSAdmin "$@" ;;
  haadmin) tool org.apache.hadoop.hdfs.tools.DFSHAAdmin "$@" ;;
  fsck) tool org.apache.hadoop.hdfs.tools.DFSck "$@" ;;
  namenode) exec @JAVA@ org.apache.hadoop.hdfs.server.namenode.NameNode "$@" ;;
  datanode) exec @JAVA@ org.apache.hadoop.hdfs.server.datanode.DataNode "$@" ;;
  zkfc) exec "$here/bin/zkfc-rs" "$@" ;;
  journalnode) exec "$here/bin/journalnode" "$@" ;;
  *) fail "the commands are dfs, dfsadmin, haadmin, fsck, namenode, datanode, zkfc, journalnode" ;;
esac
