//! Where the index must not be.

use super::support::{ConfigDir, run_to_the_end};

#[test]
fn inside_an_edits_directory_java_would_take_it_for_a_journal() {
    let config = ConfigDir::new(&[]);
    let inside = config.edits().join("index");
    let mut command = config.command();
    command.arg("-D").arg(format!("dfs.journalnode.index.dir={}", inside.display()));
    let ended = run_to_the_end(command);
    assert_eq!(ended.status, Some(255), "{}", ended.log);
    for text in ["dfs.journalnode.index.dir", "inside an edits directory", "put it beside"] {
        assert!(ended.log.contains(text), "no {text:?} in:\n{}", ended.log);
    }
    assert!(!config.edits().exists());
}
