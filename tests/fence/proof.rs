//! What counts as proof that the owner of the port is gone.

use std::time::{Duration, Instant};

use failover::fence::Fencer;
use system_tests::ssh::{Sshd, Victim};

use crate::case::{Case, fence, proof, reason, sshfence, target};

/// Runs the commands as a user without rights over the victim.
const AS_NOBODY: &str = "exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \
    env SSH_CONNECTION=\"$SSH_CONNECTION\" sh -c \"$SSH_ORIGINAL_COMMAND\"";

/// A port that was somebody's a moment ago.
fn free_port() -> u16 {
    Victim::start().unwrap().port()
}

#[tokio::test]
async fn fc_100_an_owner_that_ignores_sigterm_is_killed() {
    let case = Case::new();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let report = fence(&sshd, case.options(), victim.port()).await;
    let said = proof(&report);
    assert!(said.contains(&victim.pid().to_string()) && said.contains("says ss"), "{report}");
    assert_eq!(victim.killed_by().unwrap(), Some(9));
}

#[tokio::test]
async fn fc_100_neighbours_are_left_alone() {
    let case = Case::new();
    let (sshd, victim, mut neighbour) =
        (case.sshd(), Victim::start().unwrap(), Victim::start().unwrap());
    proof(&fence(&sshd, case.options(), victim.port()).await);
    assert!(neighbour.is_alive().unwrap() && neighbour.answers());
}

/// Java believes that it fenced here: it takes "no nc" for "nobody listens".
#[tokio::test]
async fn fc_101_a_user_without_permission_does_not_fence() {
    let case = Case::new();
    let sshd = Sshd::forcing(case.path(), &[&case.key], AS_NOBODY).unwrap();
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, case.options(), victim.port()).await;
    assert!(reason(&report).contains("NameNode's own user"), "{report}");
    assert!(victim.is_alive().unwrap() && victim.answers());
}

#[tokio::test]
async fn fc_102_a_port_that_nobody_owns_is_fenced() {
    let case = Case::new();
    let sshd = case.sshd();
    let report = fence(&sshd, case.options(), free_port()).await;
    assert!(proof(&report).contains("says ss"), "{report}");
}

/// Each probe alone, on a free port and on one whose owner is not to be killed.
async fn the_probe_tells(tools: &[&str], fakes: &str, name: &str) {
    let case = Case::new();
    let bin = case.path().join("bin");
    // fuser is there, and kills nobody: what is left to say is the probe's.
    let script = format!(
        "{fakes} fuser() {{ return 1; }}; export -f fuser; PATH={}; export PATH; \
         eval \"${{SSH_ORIGINAL_COMMAND}}\"",
        bin.display()
    );
    std::fs::create_dir(&bin).unwrap();
    for tool in tools {
        let real = std::path::Path::new("/usr/bin").join(tool);
        assert!(real.exists(), "{tool} is missing: run scripts/prepare");
        std::os::unix::fs::symlink(real, bin.join(tool)).unwrap();
    }
    let sshd = Sshd::forcing(case.path(), &[&case.key], &script).unwrap();
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, case.options(), victim.port()).await;
    assert!(reason(&report).contains(&format!("{name} shows that port")), "{report}");
    assert!(victim.is_alive().unwrap());
    let report = fence(&sshd, case.options(), free_port()).await;
    assert!(proof(&report).contains(&format!("says {name}")), "{report}");
}

#[tokio::test]
async fn fc_102_ss_alone_tells() {
    the_probe_tells(&["ss"], "", "ss").await;
}

#[tokio::test]
async fn fc_102_the_kernels_table_tells_without_ss_and_nc() {
    the_probe_tells(&["sh"], "", "/proc/net/tcp").await;
}

#[tokio::test]
async fn fc_102_bash_tells_without_ss_and_nc() {
    the_probe_tells(&["bash"], "", "bash's /dev/tcp").await;
}

#[tokio::test]
async fn fc_102_nc_alone_tells() {
    the_probe_tells(&["nc"], "", "nc").await;
}

/// `ss` that lists nothing, as behind a filter, is no proof; the next probe is asked.
#[tokio::test]
async fn fc_102_a_probe_that_does_not_see_sshd_is_not_believed() {
    the_probe_tells(&["sh"], "ss() { :; }; export -f ss;", "/proc/net/tcp").await;
}

#[tokio::test]
async fn fc_103_without_any_probe_nothing_is_fenced() {
    let case = Case::new();
    let script = "fuser() { return 1; }; PATH=/nowhere; eval \"$SSH_ORIGINAL_COMMAND\"";
    let sshd = Sshd::forcing(case.path(), &[&case.key], script).unwrap();
    let report = fence(&sshd, case.options(), free_port()).await;
    let why = reason(&report);
    for tool in ["ss: not there", "/proc/net/tcp: not there", "/dev/tcp", "nc: ", "iproute2"] {
        assert!(why.contains(tool), "{tool}: {report}");
    }
}

#[tokio::test]
async fn fc_103_a_fuser_that_claims_success_needs_a_free_port_too() {
    let case = Case::new();
    let script = "fuser() { echo 1; }; PATH=/nowhere; eval \"$SSH_ORIGINAL_COMMAND\"";
    let sshd = Sshd::forcing(case.path(), &[&case.key], script).unwrap();
    let report = fence(&sshd, case.options(), free_port()).await;
    assert!(reason(&report).contains("nothing on the target can tell"), "{report}");
}

/// Java does not fence here.
#[tokio::test]
async fn without_fuser_the_owner_is_found_by_ss() {
    let case = Case::new();
    let sshd = Sshd::with_only(case.path(), &[&case.key], &["ss"]).unwrap();
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, case.options(), victim.port()).await;
    assert!(proof(&report).contains("which ss showed"), "{report}");
    assert_eq!(victim.killed_by().unwrap(), Some(9));
    proof(&fence(&sshd, case.options(), free_port()).await);
}

#[tokio::test]
async fn without_fuser_and_ss_the_owner_is_found_by_lsof() {
    let case = Case::new();
    let sshd = Sshd::with_only(case.path(), &[&case.key], &["lsof"]).unwrap();
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, case.options(), victim.port()).await;
    assert!(proof(&report).contains("which lsof showed"), "{report}");
    assert_eq!(victim.killed_by().unwrap(), Some(9));
}

#[tokio::test]
async fn fc_103_without_fuser_ss_and_lsof_a_port_in_use_is_not_fenced() {
    let case = Case::new();
    let sshd = Sshd::with_only(case.path(), &[&case.key], &[]).unwrap();
    let mut victim = Victim::start().unwrap();
    let report = fence(&sshd, case.options(), victim.port()).await;
    assert!(reason(&report).contains("install psmisc"), "{report}");
    assert!(victim.is_alive().unwrap());
}

#[tokio::test]
async fn fc_103_other_ends_of_fuser_do_not_fence() {
    let case = Case::new();
    for (end, said) in
        [("exit 126", "126"), ("exit 255", "255"), ("kill -KILL $$", "signal"), ("exit 3", "3")]
    {
        let dir = tempfile::tempdir().unwrap();
        let script = format!(
            "case \"$SSH_ORIGINAL_COMMAND\" in *fuser*) {end};; esac; \
             exec sh -c \"$SSH_ORIGINAL_COMMAND\""
        );
        let sshd = Sshd::forcing(dir.path(), &[&case.key], &script).unwrap();
        let report = fence(&sshd, case.options(), free_port()).await;
        assert!(reason(&report).contains(said), "{end}: {report}");
    }
}

#[tokio::test]
async fn fc_103_a_command_that_hangs_costs_the_deadline() {
    let case = Case::new();
    // It ends when the folder of this test goes.
    let script = format!("while [ -e {} ]; do sleep 0.1; done", case.path().display());
    let sshd = Sshd::forcing(case.path(), &[&case.key], &script).unwrap();
    let mut options = case.options();
    options.ssh.command_deadline = Duration::from_millis(300);
    let started = Instant::now();
    let report = fence(&sshd, options, free_port()).await;
    assert!(reason(&report).contains("did not end within 300 ms"), "{report}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn fc_092_the_first_success_ends_the_list() {
    let case = Case::new();
    let (sshd, victim) = (case.sshd(), Victim::start().unwrap());
    let marker = case.path().join("ran");
    let methods =
        format!("shell(false)\nsshfence(:{})\nshell(touch {})", sshd.port(), marker.display());
    let report =
        Fencer::parse(&methods, case.options()).unwrap().fence(&target(victim.port())).await;
    assert_eq!(report.attempts.len(), 2, "{report}");
    assert_eq!(report.fenced_by, Some(format!("sshfence(:{})", sshd.port())));
    assert!(!marker.exists());
}

#[tokio::test]
async fn fc_092_all_failing_is_not_fenced() {
    let case = Case::new();
    let (sshd, victim) = (Sshd::start(case.path(), &[]).unwrap(), Victim::start().unwrap());
    let report = sshfence(&sshd, case.options()).fence(&target(victim.port())).await;
    assert_eq!(report.fenced_by, None);
    assert!(victim.answers());
}
