use std::collections::BTreeMap;
use std::time::Duration;

use crate::security::output_of;

/// Longest wait for a directory service to name the user of this process.
const USER_LOOKUP_LIMIT: Duration = Duration::from_secs(10);

/// What `${…}` may refer to outside the configuration: environment variables (`${env.X}`) and
/// what Java calls system properties (`user.name`, `user.home`, `java.io.tmpdir`, `hadoop.*`).
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    properties: BTreeMap<String, String>,
}

/// The properties that Hadoop's start scripts derive from environment variables
/// (`hadoop-functions.sh`, `hadoop_finalize_hadoop_opts`).
const SCRIPT_PROPERTIES: [(&str, &str); 7] = [
    ("hadoop.home.dir", "HADOOP_HOME"),
    ("hadoop.log.dir", "HADOOP_LOG_DIR"),
    ("hadoop.log.file", "HADOOP_LOGFILE"),
    ("hadoop.id.str", "HADOOP_IDENT_STRING"),
    ("hadoop.root.logger", "HADOOP_ROOT_LOGGER"),
    ("hadoop.policy.file", "HADOOP_POLICYFILE"),
    ("hadoop.security.logger", "HADOOP_SECURITY_LOGGER"),
];

impl Environment {
    /// Nothing at all: for tests.
    pub fn empty() -> Environment {
        Environment::default()
    }

    /// The environment of this process. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Environment {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let user = passwd_entry(&passwd, rustix::process::geteuid().as_raw());
        let mut environment = Environment { variables, properties: BTreeMap::new() };
        environment.fill_properties(user);
        environment
    }

    fn fill_properties(&mut self, user: Option<(String, String)>) {
        let (name, home) = user.unzip();
        let name = name.or_else(name_of_directory_user).or_else(|| self.owned("USER"));
        let home = home.or_else(|| self.owned("HOME"));
        let directory =
            std::env::current_dir().ok().and_then(|dir| dir.into_os_string().into_string().ok());
        let known = [("user.name", name), ("user.home", home), ("user.dir", directory)];
        for (property, value) in known {
            self.properties.extend(value.map(|value| (property.to_owned(), value)));
        }
        for (property, value) in [
            ("java.io.tmpdir", "/tmp"),
            ("file.separator", "/"),
            ("path.separator", ":"),
            ("os.name", "Linux"),
        ] {
            self.properties.insert(property.to_owned(), value.to_owned());
        }
        for (property, variable) in SCRIPT_PROPERTIES {
            self.properties.extend(self.owned(variable).map(|value| (property.to_owned(), value)));
        }
    }

    /// The same with one more environment variable.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Environment {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same with one more property.
    #[must_use]
    pub fn with_property(mut self, name: &str, value: &str) -> Environment {
        self.properties.insert(name.to_owned(), value.to_owned());
        self
    }

    /// An environment variable.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// A property, by Java's name for it.
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }

    fn owned(&self, variable: &str) -> Option<String> {
        self.variable(variable).map(str::to_owned)
    }
}

/// Name and home directory of the user with this id, from the text of `/etc/passwd`.
fn passwd_entry(passwd: &str, uid: u32) -> Option<(String, String)> {
    passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let (name, id, home) = (fields.first()?, fields.get(2)?, fields.get(5)?);
        (id.parse() == Ok(uid)).then(|| ((*name).to_owned(), (*home).to_owned()))
    })
}

/// A user that only a directory service knows is in no file; `id` asks the name service switch.
fn name_of_directory_user() -> Option<String> {
    let name = output_of("id", &["-un"], USER_LOOKUP_LIMIT)?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_id() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\nbroken\nhdfs:x:993:990::/var/lib/hdfs:/bin/sh\n";
        assert_eq!(
            passwd_entry(passwd, 993),
            Some(("hdfs".to_owned(), "/var/lib/hdfs".to_owned()))
        );
        assert_eq!(passwd_entry(passwd, 7), None);
    }

    #[test]
    fn the_process_has_the_properties_that_hadoop_files_refer_to() {
        let environment = Environment::of_process();
        assert!(environment.property("user.name").is_some_and(|name| !name.is_empty()));
        assert_eq!(environment.property("java.io.tmpdir"), Some("/tmp"));
    }
}
