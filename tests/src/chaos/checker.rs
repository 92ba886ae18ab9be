use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Answer, Applied, Operation, Replica, Violation, Writing};

/// Holds what the clients were told and what the JournalNodes have against what was promised.
/// It only looks at what it is given: no process, no file.
#[derive(Debug)]
pub struct Checker;

impl Checker {
    /// Every acknowledged operation is among the names that the file system lists.
    pub fn listing(history: &[Operation], held: &HashSet<String>) -> Vec<Violation> {
        let acknowledged = history.iter().filter(|op| op.answer == Answer::Acknowledged);
        let lost = acknowledged.filter(|op| !held.contains(&op.name));
        lost.map(|op| Violation::Vanished { name: op.name.clone() }).collect()
    }

    /// Every acknowledged operation is in the log, and none is there twice.
    pub fn log(history: &[Operation], applied: &Applied) -> Vec<Violation> {
        let acknowledged = history.iter().filter(|op| op.answer == Answer::Acknowledged);
        let lost = acknowledged.filter(|op| applied.txids(op).is_empty());
        let lost = lost.map(|op| Violation::NotLogged { name: op.name.clone() });
        Self::twice(history, applied).into_iter().chain(lost).collect()
    }

    /// No operation is in the log twice, or was tried again though it had been done. The log may be
    /// what a purge has left.
    pub fn twice(history: &[Operation], applied: &Applied) -> Vec<Violation> {
        let mut found = Vec::new();
        for operation in history {
            let (name, txids) = (operation.name.clone(), applied.txids(operation));
            match (operation.answer, txids) {
                (_, [_, _, ..]) => found.push(Violation::LoggedTwice { name, txids: txids.into() }),
                (Answer::DoneBefore, _) => found.push(Violation::RefusedAsDone { name }),
                _ => {}
            }
        }
        found
    }

    /// All replicas have the same segments, without a gap from the first to the last transaction
    /// that any of them has, and every byte of them is the same.
    pub fn replicas(replicas: &[Replica]) -> Vec<Violation> {
        let Some((one, others)) = replicas.split_first() else { return Vec::new() };
        let ends = replicas.iter().flat_map(|replica| &replica.segments);
        let (first, last) = ends.fold((u64::MAX, 0), |(first, last), segment| {
            (first.min(segment.0), last.max(segment.1))
        });
        let mut found = Vec::new();
        for txid in first..=last {
            found.extend(
                replicas
                    .iter()
                    .filter(|it| !it.transactions.contains_key(&txid))
                    .map(|it| Violation::Missing { txid, node: it.node.clone() }),
            );
            found.extend(others.iter().filter(|it| differ(one, it, txid)).map(|it| {
                Violation::Differs { txid, one: one.node.clone(), other: it.node.clone() }
            }));
        }
        let uneven = others.iter().filter(|it| it.segments != one.segments);
        found.extend(
            uneven.map(|it| Violation::Segments { one: one.node.clone(), other: it.node.clone() }),
        );
        found
    }

    /// No epoch has two writers, no JournalNode lets an older one write after a newer one, and
    /// no older one is ahead of a newer one anywhere.
    pub fn writers(nodes: &[(String, Vec<Writing>)]) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut owners: BTreeMap<u64, (&str, &str)> = BTreeMap::new();
        let mut begun: BTreeSet<(u64, u64)> = BTreeSet::new();
        for (node, writings) in nodes {
            let mut current = 0;
            for writing in writings {
                match writing {
                    Writing::Segment { first } => drop(begun.insert((*first, current))),
                    Writing::Epoch { epoch, host } => {
                        found.extend(went_back(node, *epoch, current));
                        let owner = *owners.entry(*epoch).or_insert((host, node));
                        found.extend(shared(*epoch, owner, (host, node)));
                        current = *epoch;
                    }
                }
            }
        }
        found.extend(old_writers_ahead(&begun));
        found
    }

    /// The writer of every segment is known, or nothing was shown of them.
    pub fn written(replicas: &[Replica], nodes: &[(String, Vec<Writing>)]) -> Vec<Violation> {
        let mut known = BTreeSet::new();
        for (_, writings) in nodes {
            let mut has_writer = false;
            for writing in writings {
                match writing {
                    Writing::Epoch { .. } => has_writer = true,
                    Writing::Segment { first } if has_writer => drop(known.insert(*first)),
                    Writing::Segment { .. } => {}
                }
            }
        }
        let segments = replicas.iter().flat_map(|replica| &replica.segments);
        let firsts: BTreeSet<u64> = segments.map(|(first, _)| *first).collect();
        firsts.difference(&known).map(|first| Violation::NoWriter { first: *first }).collect()
    }
}

fn differ(one: &Replica, other: &Replica, txid: u64) -> bool {
    let pair = one.transactions.get(&txid).zip(other.transactions.get(&txid));
    pair.is_some_and(|(one, other)| one != other)
}

fn went_back(node: &str, epoch: u64, newer: u64) -> Option<Violation> {
    (epoch <= newer).then(|| Violation::EpochWentBack { node: node.to_owned(), epoch, newer })
}

fn shared(epoch: u64, one: (&str, &str), other: (&str, &str)) -> Option<Violation> {
    (one.0 != other.0).then(|| Violation::SharedEpoch {
        epoch,
        one: one.0.to_owned(),
        one_node: one.1.to_owned(),
        other: other.0.to_owned(),
        other_node: other.1.to_owned(),
    })
}

/// `begun` is in the order of transactions.
fn old_writers_ahead(begun: &BTreeSet<(u64, u64)>) -> Vec<Violation> {
    let mut found = Vec::new();
    let (mut newer_first, mut newer) = (0, 0);
    for (first, epoch) in begun.iter().copied() {
        if epoch < newer && first > newer_first {
            found.push(Violation::OldWriterAhead { epoch, first, newer, newer_first });
        } else if epoch >= newer {
            (newer_first, newer) = (first, epoch);
        }
    }
    found
}
