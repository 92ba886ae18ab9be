use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Finding, JournalReport, Severity};
use crate::types::TxId;
use hadoop_ipc::tools::ToolExit;

/// The exit status that these reports ask for.
pub(super) fn exit(reports: &[JournalReport]) -> ToolExit {
    let worst = reports.iter().flat_map(|report| &report.findings).map(|f| f.severity).max();
    match worst {
        None | Some(Severity::Note) => ToolExit::Clean,
        Some(Severity::Attention | Severity::Damage) => ToolExit::Found,
        Some(Severity::Unreadable) => ToolExit::Failed,
    }
}

/// The reports for people.
pub(super) fn print(out: &mut impl Write, reports: &[JournalReport]) -> io::Result<()> {
    for report in reports {
        head(out, report)?;
        report.findings.iter().try_for_each(|finding| line(out, finding))?;
        writeln!(out)?;
    }
    let count = |severity| {
        let all = reports.iter().flat_map(|report| &report.findings);
        all.filter(|finding| finding.severity == severity).count()
    };
    let verdict = match exit(reports) {
        ToolExit::Clean => "clean",
        ToolExit::Found => "not clean",
        ToolExit::Failed => "not all of it could be read",
    };
    let (damage, attention) = (count(Severity::Damage), count(Severity::Attention));
    let (unreadable, notes) = (count(Severity::Unreadable), count(Severity::Note));
    writeln!(
        out,
        "{verdict}: {damage} damage, {attention} attention, {unreadable} unreadable, {notes} notes"
    )
}

fn head(out: &mut impl Write, report: &JournalReport) -> io::Result<()> {
    let facts = &report.facts;
    let none = || "none".to_owned();
    let text = |txid: Option<TxId>| txid.map_or_else(none, |txid| txid.to_string());
    writeln!(out, "{}", report.directory.display())?;
    writeln!(
        out,
        "  {} segments, {} operations, transactions {} to {}, committed {}",
        facts.segments.len(),
        operations(report),
        text(facts.first()),
        text(facts.last()),
        text(facts.committed),
    )?;
    let layout = facts.layout_version.map_or_else(none, |version| version.to_string());
    let (promised, writer) = (facts.promised_epoch, facts.writer_epoch);
    writeln!(out, "  promised epoch {promised}, writer epoch {writer}, layout version {layout}")
}

fn line(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let Finding { path, problem, severity } = finding;
    let path = if path.is_empty() { "." } else { path };
    writeln!(out, "  {severity}: {path}: {problem} [{}]", problem.code())?;
    writeln!(out, "      to do: {}", problem.advice())
}

fn operations(report: &JournalReport) -> u64 {
    report.facts.segments.iter().map(|segment| segment.operations).sum()
}

/// The reports for scripts.
pub(super) fn to_json(reports: &[JournalReport]) -> Value {
    let journals: Vec<Value> = reports.iter().map(journal_json).collect();
    json!({ "clean": exit(reports) == ToolExit::Clean, "journals": journals })
}

fn journal_json(report: &JournalReport) -> Value {
    let facts = &report.facts;
    let txid = |txid: Option<TxId>| txid.map(|txid| txid.0);
    let findings: Vec<Value> = report.findings.iter().map(finding_json).collect();
    json!({
        "directory": report.directory.display().to_string(),
        "in_use_by": report.holder,
        "layout_version": facts.layout_version.map(|version| version.0),
        "promised_epoch": facts.promised_epoch.0,
        "writer_epoch": facts.writer_epoch.0,
        "committed_txid": txid(facts.committed),
        "first_txid": txid(facts.first()),
        "last_txid": txid(facts.last()),
        "segments": facts.segments.len(),
        "operations": operations(report),
        "findings": findings,
    })
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "severity": finding.severity.to_string(),
        "code": finding.problem.code(),
        "path": finding.path,
        "text": finding.problem.to_string(),
        "to_do": finding.problem.advice(),
    })
}
