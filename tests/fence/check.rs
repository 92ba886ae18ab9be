//! The dry run finds what would go wrong, and harms nobody.

use failover::fence::{CheckResult, CheckState, Fencer};
use system_tests::ssh::{KeyKind, KeyPair, Sshd, Victim};

use crate::case::{Case, options, sshfence, target};

#[track_caller]
fn row<'a>(rows: &'a [CheckResult], subject: &str) -> &'a CheckResult {
    let found = rows.iter().find(|row| row.subject.contains(subject));
    found.unwrap_or_else(|| panic!("no row about {subject}: {rows:#?}"))
}

#[tokio::test]
async fn a_target_in_order_is_good_throughout_and_unharmed() {
    let case = Case::new();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let rows = sshfence(&sshd, case.options()).check(&target(victim.port())).await;
    assert!(rows.iter().all(|row| row.state == CheckState::Good), "{rows:#?}");
    assert!(row(&rows, "permission").found.contains(&victim.pid().to_string()), "{rows:#?}");
    assert_eq!(row(&rows, "key").found, "ssh-ed25519");
    assert!(victim.is_alive().unwrap() && victim.answers());
}

#[tokio::test]
async fn a_user_without_permission_is_found_beforehand() {
    let case = Case::new();
    let script = "exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \
        sh -c \"$SSH_ORIGINAL_COMMAND\"";
    let sshd = Sshd::forcing(case.path(), &[&case.key], script).unwrap();
    let victim = Victim::start().unwrap();
    let rows = sshfence(&sshd, case.options()).check(&target(victim.port())).await;
    let permission = row(&rows, "permission");
    assert_eq!(permission.state, CheckState::Bad, "{rows:#?}");
    assert!(permission.remedy.as_ref().unwrap().contains("sshfence(USER)"), "{rows:#?}");
}

#[tokio::test]
async fn keys_login_and_tools_that_lack_are_found_beforehand() {
    let case = Case::new();
    let locked =
        KeyPair::with_passphrase(case.path(), "locked", KeyKind::Ed25519, "secret").unwrap();
    let sshd = Sshd::with_only(case.path(), &[&case.key], &["ss"]).unwrap();
    let victim = Victim::start().unwrap();

    let rows = sshfence(&sshd, options(&[&locked, &case.key])).check(&target(victim.port())).await;
    assert_eq!(row(&rows, "locked").state, CheckState::Bad, "{rows:#?}");
    assert_eq!(row(&rows, "login").state, CheckState::Good, "{rows:#?}");
    assert_eq!(row(&rows, "fuser").state, CheckState::Doubtful, "{rows:#?}");
    assert_eq!(row(&rows, "permission").state, CheckState::Good, "{rows:#?}");

    let rows = sshfence(&sshd, options(&[&locked])).check(&target(victim.port())).await;
    assert_eq!(row(&rows, "login").state, CheckState::Bad, "{rows:#?}");
    assert!(victim.answers());
}

#[tokio::test]
async fn a_run_directory_without_room_for_the_socket_is_found_beforehand() {
    let case = Case::new();
    let sshd = case.sshd();
    let mut options = case.options();
    options.ssh.run_dir = case.path().join("missing");
    let fencer = sshfence(&sshd, options.clone());
    let rows = fencer.check(&target(1)).await;
    let found = row(&rows, "run directory");
    assert_eq!(found.state, CheckState::Bad, "{rows:#?}");
    assert!(found.found.contains("dfs.ha.zkfc.rs.run-dir"), "{rows:#?}");
    assert!(rows.iter().all(|row| row.subject != "login"), "{rows:#?}");
    assert!(fencer.obstacles()[0].contains("sshfence will always fail"));

    std::fs::create_dir(&options.ssh.run_dir).unwrap();
    assert!(fencer.obstacles().is_empty());
    let scripts = Fencer::parse("shell(true)", options).unwrap();
    assert!(scripts.obstacles().is_empty(), "a script needs no such directory");
}

#[tokio::test]
async fn nobody_on_the_port_leaves_permission_open() {
    let case = Case::new();
    let sshd = case.sshd();
    let port = Victim::start().unwrap().port();
    let rows = sshfence(&sshd, case.options()).check(&target(port)).await;
    assert_eq!(row(&rows, "permission").state, CheckState::Doubtful, "{rows:#?}");
}

#[tokio::test]
async fn shell_commands_are_read_and_not_run() {
    let dir = tempfile::tempdir().unwrap();
    let marker = dir.path().join("ran");
    let methods = format!(
        "shell(touch {})\nshell(if)\nshell(a,b)\nshell(/no/such/script x)",
        marker.display()
    );
    let fencer = Fencer::parse(&methods, Default::default()).unwrap();
    let rows = fencer.check(&target(1)).await;
    let states: Vec<CheckState> = rows.iter().map(|row| row.state).collect();
    use CheckState::{Bad, Good};
    assert_eq!(states, [Good, Bad, Bad, Good, Bad], "{rows:#?}");
    assert!(!marker.exists());
}
