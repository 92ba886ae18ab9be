use std::fs;

use crate::conf::Environment;

/// The realm of principals that name none: `default_realm` of the file `KRB5_CONFIG` names, else
/// of `/etc/krb5.conf`. Included files and DNS are not asked.
pub fn default_realm(environment: &Environment) -> Option<String> {
    let paths = environment.variable("KRB5_CONFIG").unwrap_or("/etc/krb5.conf");
    let texts = paths.split(':').filter_map(|path| fs::read_to_string(path).ok());
    texts.filter_map(|text| realm_in(&text)).next()
}

fn realm_in(text: &str) -> Option<String> {
    let mut in_libdefaults = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            in_libdefaults = line == "[libdefaults]";
        } else if in_libdefaults
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "default_realm"
        {
            return Some(value.trim().to_owned()).filter(|realm| !realm.is_empty());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_realm_is_read_from_its_section_only() {
        let text =
            "[realms]\n default_realm = NO\n[libdefaults]\n # c\n\tdefault_realm = EX.COM \n";
        assert_eq!(realm_in(text).as_deref(), Some("EX.COM"));
        assert_eq!(realm_in("default_realm = NO\n"), None);
        let nowhere = Environment::empty().with_variable("KRB5_CONFIG", "/no/such/krb5.conf");
        assert_eq!(default_realm(&nowhere), None);
    }
}
