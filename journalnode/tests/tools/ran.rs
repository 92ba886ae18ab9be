use std::ffi::OsStr;
use std::process::Command;

use serde_json::Value;

use super::support::bare_command;

/// What a tool said, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

/// Runs a tool to its end.
pub fn tool<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    let mut command = bare_command();
    command.args(arguments);
    run(command)
}

pub fn run(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        status: output.status.code().unwrap(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn json_lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The codes of the findings of `verify --json`, notes left out.
    pub fn codes(&self) -> Vec<String> {
        let json = self.json();
        let journals = json["journals"].as_array().unwrap();
        let findings = journals.iter().flat_map(|journal| journal["findings"].as_array().unwrap());
        let severe = findings.filter(|finding| finding["severity"] != "note");
        severe.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    }
}
