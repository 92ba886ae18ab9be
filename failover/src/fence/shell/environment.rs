use std::collections::BTreeMap;
use std::io;

use rustix::io::Errno;

use crate::fence::FenceTarget;

/// The kernel takes no longer argument or variable (`MAX_ARG_STRLEN`).
pub(super) const MAX_STRING_BYTES: usize = 128 << 10;
/// Words in a part of a property's name that stand for a secret.
const SECRET_WORDS: [&str; 4] = ["password", "passwd", "secret", "credential"];

/// What a fencing script finds in its environment beside the controller's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Environment {
    pub(super) variables: BTreeMap<String, String>,
}

impl Environment {
    /// Every property under Hadoop 3.4's name for it (`.` is `_`) and 3.5's (`-` is `_` too), and
    /// the five that name the target.
    pub(super) fn of(target: &FenceTarget, export_secrets: bool) -> Self {
        let exported = |(key, value): &&(String, String)| {
            is_portable(key, value) && (export_secrets || !is_secret(key))
        };
        let properties = || target.properties.iter().filter(exported);
        let mut variables = BTreeMap::new();
        // The older spelling last: it wins where two keys meet in one name.
        for (key, value) in properties() {
            variables.insert(key.replace(['.', '-'], "_"), value.clone());
        }
        for (key, value) in properties() {
            variables.insert(key.replace('.', "_"), value.clone());
        }
        variables.extend(target_variables(target));
        Self { variables }
    }

    /// What a failed start means; a kernel that finds all this too long says so in few words.
    pub(super) fn explain(&self, command: &str, error: &io::Error) -> String {
        if error.raw_os_error() != Some(Errno::TOOBIG.raw_os_error()) {
            return format!("cannot start bash: {error}");
        }
        let mut sizes: Vec<(usize, &str)> = self.sizes().collect();
        sizes.push((command.len(), "the command itself"));
        let total: usize = sizes.iter().map(|(bytes, _)| bytes).sum();
        let (bytes, largest) = sizes.into_iter().max().unwrap_or_default();
        format!(
            "the kernel takes no environment this large: {total} bytes, of which {bytes} are \
             {largest}; no string may have more than {MAX_STRING_BYTES}: shorten that value, or \
             set it only in the site files of those who need it"
        )
    }

    /// The variables that the kernel would not take.
    pub(super) fn too_large(&self) -> Vec<&str> {
        let over = |(bytes, name): (usize, _)| (bytes > MAX_STRING_BYTES).then_some(name);
        self.sizes().filter_map(over).collect()
    }

    /// With the equals sign and the final zero, as the kernel counts.
    fn sizes(&self) -> impl Iterator<Item = (usize, &str)> {
        self.variables.iter().map(|(name, value)| (name.len() + value.len() + 2, name.as_str()))
    }
}

/// Java: `ShellCommandFencer.addTargetInfoAsEnvVars`.
fn target_variables(target: &FenceTarget) -> [(String, String); 5] {
    let node = &target.node;
    [
        ("target_host", node.hostname.clone()),
        ("target_port", node.port.to_string()),
        ("target_address", target.java_address()),
        ("target_nameserviceid", node.id.nameservice.clone()),
        ("target_namenodeid", node.id.namenode.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

fn is_portable(key: &str, value: &str) -> bool {
    !key.is_empty() && !key.contains(['=', '\0']) && !value.contains('\0')
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.split(['.', '-', '_'])
        .any(|part| part == "auth" || SECRET_WORDS.iter().any(|word| part.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ActiveNode, NameNodeId};

    fn target(properties: &[(&str, &str)]) -> FenceTarget {
        let id = NameNodeId::new("ns1", "nn1");
        FenceTarget {
            node: ActiveNode { id, hostname: "nn01".to_owned(), port: 8020, zkfc_port: 8019 },
            address: "10.0.0.1:8020".parse().ok(),
            properties: properties.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
        }
    }

    fn get<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
        environment.variables.get(name).map(String::as_str)
    }

    #[test]
    fn fc_096_properties_are_raw_and_under_both_spellings() {
        let given = target(&[("dfs.namenode.rpc-address", "${host}:8020"), ("plain", "x")]);
        let environment = Environment::of(&given, true);
        assert_eq!(get(&environment, "dfs_namenode_rpc-address"), Some("${host}:8020"));
        assert_eq!(get(&environment, "dfs_namenode_rpc_address"), Some("${host}:8020"));
        assert_eq!(get(&environment, "plain"), Some("x"));
    }

    #[test]
    fn fc_096_the_older_spelling_wins_a_shared_name() {
        let both = target(&[("a.b", "dot"), ("a-b", "dash")]);
        assert_eq!(get(&Environment::of(&both, true), "a_b"), Some("dot"));
    }

    #[test]
    fn fc_097_five_variables_name_the_target() {
        let environment = Environment::of(&target(&[]), true);
        let shown: Vec<String> =
            environment.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            shown,
            [
                "target_address=nn01/10.0.0.1:8020",
                "target_host=nn01",
                "target_namenodeid=nn1",
                "target_nameserviceid=ns1",
                "target_port=8020",
            ]
        );
    }

    #[test]
    fn secrets_are_left_out_on_request_only() {
        let secrets = ["ha.zookeeper.auth", "hadoop.zk.ssl.keystore.password", "x.secret.key"];
        let plain = ["hadoop.security.authentication", "hadoop.security.auth_to_local.mechanism"];
        for key in secrets {
            let name = key.replace('.', "_");
            let given = target(&[(key, "s")]);
            assert_eq!(get(&Environment::of(&given, true), &name), Some("s"));
            assert_eq!(get(&Environment::of(&given, false), &name), None, "{key}");
        }
        let given = target(&[(plain[0], "simple")]);
        assert!(get(&Environment::of(&given, false), "hadoop_security_authentication").is_some());
    }

    #[test]
    fn what_no_environment_can_hold_is_left_out() {
        let given = target(&[("a=b", "x"), ("nul", "a\0b"), ("", "x")]);
        assert_eq!(Environment::of(&given, true).variables.len(), 5);
    }
}
