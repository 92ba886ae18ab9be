//! Which keys and which servers let `sshfence` in, and how long it tries.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use system_tests::ssh::{KeyKind, KeyPair, Sshd, Victim};

use crate::case::{Case, fence, options, proof, reason, target};

/// Java 3.4.3 fences with the ECDSA key in PEM format only. JSch 0.1.55 cannot read OpenSSH's own
/// format, and signs for RSA with SHA-1, which sshd refuses since OpenSSH 8.8.
async fn fences_with(kind: KeyKind) {
    let dir = tempfile::tempdir().unwrap();
    let key = KeyPair::generate(dir.path(), "key", kind).unwrap();
    let (sshd, mut victim) = (Sshd::start(dir.path(), &[&key]).unwrap(), Victim::start().unwrap());
    let report = fence(&sshd, options(&[&key]), victim.port()).await;
    assert!(proof(&report).contains("fuser killed"), "{report}");
    assert_eq!(victim.killed_by().unwrap(), Some(9));
    println!("{kind:?}: {} ms", report.attempts[0].took.as_millis());
}

macro_rules! kinds {
    ($($name:ident: $kind:ident,)*) => {$(
        #[tokio::test]
        async fn $name() {
            fences_with(KeyKind::$kind).await;
        }
    )*};
}

kinds! {
    fc_100_an_rsa_key_in_openssh_format_fences: RsaOpenSsh,
    fc_100_an_rsa_key_in_pem_format_fences: RsaPem,
    fc_100_an_ecdsa_key_in_openssh_format_fences: EcdsaOpenSsh,
    fc_100_an_ecdsa_key_in_pem_format_fences: EcdsaPem,
    fc_100_an_ed25519_key_fences: Ed25519,
}

#[tokio::test]
async fn fc_104_the_second_of_several_keys_fences() {
    let case = Case::new();
    let stranger = KeyPair::generate(case.path(), "stranger", KeyKind::Ed25519).unwrap();
    let (sshd, victim) = (case.sshd(), Victim::start().unwrap());
    let report = fence(&sshd, options(&[&stranger, &case.key]), victim.port()).await;
    proof(&report);
}

#[tokio::test]
async fn fc_103_a_key_that_the_target_does_not_know_does_not_fence() {
    let case = Case::new();
    let stranger = KeyPair::generate(case.path(), "stranger", KeyKind::Ed25519).unwrap();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let report = fence(&sshd, options(&[&stranger]), victim.port()).await;
    assert!(reason(&report).contains("Permission denied"), "{report}");
    assert!(victim.is_alive().unwrap());
}

#[tokio::test]
async fn fc_103_what_is_wrong_with_a_key_is_said() {
    let case = Case::new();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let locked =
        KeyPair::with_passphrase(case.path(), "locked", KeyKind::Ed25519, "secret").unwrap();
    let open = KeyPair::generate(case.path(), "open", KeyKind::Ed25519).unwrap();
    std::fs::set_permissions(open.private(), PermissionsExt::from_mode(0o644)).unwrap();
    let absent = KeyPair::at(case.path().join("absent"));
    let junk = KeyPair::at(case.path().join("junk"));
    std::fs::write(junk.private(), "no key").unwrap();
    std::fs::set_permissions(junk.private(), PermissionsExt::from_mode(0o600)).unwrap();
    for (key, said) in [
        (locked, "needs a passphrase"),
        (open, "chmod 600"),
        (absent, "No such file"),
        (junk, "ssh cannot read it"),
    ] {
        let report = fence(&sshd, options(&[&key]), victim.port()).await;
        assert!(reason(&report).contains(said), "{said}: {report}");
    }
    let report = fence(&sshd, options(&[]), victim.port()).await;
    assert!(reason(&report).contains("private-key-files is empty"), "{report}");
    assert!(victim.is_alive().unwrap());
}

#[tokio::test]
async fn fc_104_a_host_that_never_answers_costs_the_connect_timeout() {
    let case = Case::new();
    // The kernel completes the connection, and nobody ever says a word.
    let hole = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let methods = format!("sshfence(:{})", hole.local_addr().unwrap().port());
    let mut options = case.options();
    options.ssh.connect_timeout = Duration::from_millis(300);
    let fencer = failover::fence::Fencer::parse(&methods, options).unwrap();
    let started = Instant::now();
    let report = fencer.fence(&target(1)).await;
    assert!(reason(&report).contains("no login within 300 ms"), "{report}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn fc_104_user_and_port_reach_ssh() {
    let case = Case::new();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let methods = format!("sshfence(no-such-user:{})\nsshfence(root:{0})", sshd.port());
    let fencer = failover::fence::Fencer::parse(&methods, case.options()).unwrap();
    let report = fencer.fence(&target(victim.port())).await;
    assert!(reason(&report).contains("no-such-user"), "{report}");
    assert_eq!(report.fenced_by, Some(format!("sshfence(root:{})", sshd.port())));
    assert_eq!(victim.killed_by().unwrap(), Some(9));
}

#[tokio::test]
async fn fc_103_a_breadcrumb_cannot_run_commands() {
    let case = Case::new();
    let sshd = case.sshd();
    let fencer = crate::case::sshfence(&sshd, case.options());
    for host in ["-oProxyCommand=touch /tmp/x", "127.0.0.1;reboot", "$(reboot)"] {
        let mut evil = target(1);
        evil.node.hostname = host.to_owned();
        let report = fencer.fence(&evil).await;
        assert!(reason(&report).contains("no host name"), "{report}");
    }
}
