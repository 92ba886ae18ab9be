use std::ffi::OsString;

use hadoop_ipc::conf::GenericOptions;

/// Puts a tool's own options before those of Hadoop, which may come in any order: the first two
/// arguments, the program and the tool, stay.
pub(in crate::tools) fn own_first(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments = arguments.into_iter();
    let mut own: Vec<OsString> = arguments.by_ref().take(2).collect();
    let mut generic = Vec::new();
    while let Some(argument) = arguments.next() {
        match is_generic(&argument) {
            Generic::No => own.push(argument),
            Generic::Whole => generic.push(argument),
            Generic::WantsValue => {
                generic.push(argument);
                generic.extend(arguments.next());
            }
        }
    }
    if !generic.is_empty() {
        own.push("--".into());
    }
    own.extend(generic);
    own
}

enum Generic {
    No,
    Whole,
    WantsValue,
}

/// Hadoop's own rules say which it is.
fn is_generic(argument: &OsString) -> Generic {
    let Some(text) = argument.to_str().filter(|text| *text != "--") else { return Generic::No };
    match GenericOptions::parse([text.to_owned()]) {
        Ok(options) if options.remaining.is_empty() => Generic::Whole,
        Ok(_) => Generic::No,
        Err(_) => Generic::WantsValue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hadoops_options_go_last_wherever_they_were() {
        let sorted = |arguments: &[&str]| {
            let arguments = ["journalnode", "tail"].iter().chain(arguments);
            let sorted = own_first(arguments.map(OsString::from));
            sorted.iter().skip(2).map(|a| a.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let mixed = ["--config", "d", "--json", "-D", "a=b", "--node", "n:1", "-Dc=d", "-conf=f"];
        let expected = ["--json", "--node", "n:1", "--", "--config", "d", "-D", "a=b", "-Dc=d"];
        assert_eq!(sorted(&mixed)[..9], expected);
        assert_eq!(sorted(&["--json"]), ["--json"]);
        assert_eq!(sorted(&["-D"]), ["--", "-D"]);
        assert!(own_first([OsString::from("journalnode")]).len() == 1);
    }
}
