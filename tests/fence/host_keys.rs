//! `accept`, `accept-new` and `strict` against a host key that is new, known or changed.

use failover::fence::{FenceOptions, KnownHosts};
use system_tests::ssh::Victim;

use crate::case::{Case, fence, proof, reason};

fn with(case: &Case, known_hosts: KnownHosts) -> FenceOptions {
    let mut options = case.options();
    options.ssh.known_hosts = known_hosts;
    options
}

#[tokio::test]
async fn fc_105_accept_takes_any_host_key() {
    let case = Case::new();
    let mut sshd = case.sshd();
    for _ in 0..2 {
        let victim = Victim::start().unwrap();
        proof(&fence(&sshd, with(&case, KnownHosts::Accept), victim.port()).await);
        sshd.restart_with_new_host_keys().unwrap();
    }
}

#[tokio::test]
async fn accept_new_remembers_and_refuses_a_change() {
    let case = Case::new();
    let mut sshd = case.sshd();
    let file = case.path().join("known hosts");
    let options = with(&case, KnownHosts::AcceptNew(Some(file.clone())));
    let victim = Victim::start().unwrap();
    proof(&fence(&sshd, options.clone(), victim.port()).await);
    assert!(std::fs::read_to_string(&file).unwrap().contains("ssh-ed25519"));

    sshd.restart_with_new_host_keys().unwrap();
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, options, victim.port()).await;
    assert!(reason(&report).contains("Host key verification failed"), "{report}");
    assert!(victim.is_alive().unwrap());
}

#[tokio::test]
async fn strict_wants_the_key_beforehand() {
    let case = Case::new();
    let mut sshd = case.sshd();
    let file = case.path().join("known_hosts");
    let options = with(&case, KnownHosts::Strict(Some(file.clone())));
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, options.clone(), victim.port()).await;
    assert!(reason(&report).contains("Host key verification failed"), "{report}");

    std::fs::write(&file, sshd.known_hosts_line().unwrap()).unwrap();
    sshd.restart_with_new_host_keys().unwrap();
    let report = fence(&sshd, options.clone(), victim.port()).await;
    assert!(reason(&report).contains("Host key verification failed"), "{report}");
    assert!(victim.is_alive().unwrap());

    std::fs::write(&file, sshd.known_hosts_line().unwrap()).unwrap();
    proof(&fence(&sshd, options, victim.port()).await);
}
