'use strict';

const REFRESH_MS = 5000;
const INFO = 'Hadoop:service=JournalNode,name=JournalNodeInfo';
const JOURNALS = 'Hadoop:service=JournalNode,name=Journal-*';

const byId = (id) => document.getElementById(id);
const time = (ms) => (ms > 0 ? new Date(ms).toLocaleString() : 'never');

async function beans(pattern) {
  const answer = await fetch('/jmx?qry=' + encodeURIComponent(pattern));
  if (!answer.ok) throw new Error('status ' + answer.status);
  return (await answer.json()).beans;
}

function cell(row, text, isNumber) {
  const cell = row.insertCell();
  cell.textContent = text;
  if (isNumber) cell.className = 'number';
}

function stateOf(bean) {
  if (bean.OutOfService) return 'out of service';
  if (bean.FailedSegments > 0) return bean.FailedSegments + ' failed segments';
  return bean.LastPromisedEpoch < 0 ? 'not formatted' : 'in service';
}

function showJournal(table, bean) {
  const row = table.insertRow();
  cell(row, bean.modelerType.replace(/^Journal-/, ''));
  cell(row, bean.LastWrittenTxId, true);
  cell(row, bean.CurrentLagTxns, true);
  cell(row, time(bean.LastJournalTimestamp));
  cell(row, bean.LastPromisedEpoch, true);
  cell(row, bean.LastWriterEpoch, true);
  cell(row, stateOf(bean));
  if (bean.OutOfService || bean.FailedSegments > 0) row.className = 'trouble';
}

function showNode(info) {
  byId('host').textContent = info.HostAndPort;
  byId('version').textContent = info.Version;
  byId('started').textContent = time(info.JNStartedTimeInMillis);
  byId('clusters').textContent = info.ClusterIds.join(', ');
}

async function refresh() {
  try {
    const [infos, journals] = await Promise.all([beans(INFO), beans(JOURNALS)]);
    infos.forEach(showNode);
    const table = byId('journals');
    table.replaceChildren();
    journals.forEach((bean) => showJournal(table, bean));
    byId('state').textContent = 'As of ' + new Date().toLocaleTimeString();
  } catch (error) {
    byId('state').textContent = 'No answer: ' + error.message;
  }
  setTimeout(refresh, REFRESH_MS);
}

refresh();
