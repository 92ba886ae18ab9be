use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::error::ConfError;

/// The configuration directory: `--config`, else `HADOOP_CONF_DIR`, else
/// `$HADOOP_HOME/etc/hadoop`, else `/etc/hadoop/conf`. The first two must exist when they are
/// given; the last two count only if they do. The order is that of Hadoop's start scripts.
pub(super) fn conf_dir(
    option: Option<&Path>,
    environment: &Environment,
) -> Result<Option<PathBuf>, ConfError> {
    if let Some(path) = option {
        return existing(path.to_owned(), "--config").map(Some);
    }
    let set = |name| environment.variable(name).filter(|value| !value.is_empty());
    if let Some(path) = set("HADOOP_CONF_DIR") {
        return existing(PathBuf::from(path), "HADOOP_CONF_DIR").map(Some);
    }
    let under_home = set("HADOOP_HOME").map(|home| Path::new(home).join("etc/hadoop"));
    let candidates = [under_home, Some(PathBuf::from("/etc/hadoop/conf"))];
    Ok(candidates.into_iter().flatten().find(|path| path.is_dir()))
}

fn existing(path: PathBuf, origin: &'static str) -> Result<PathBuf, ConfError> {
    match path.is_dir() {
        true => Ok(path),
        false => Err(ConfError::NoSuchDirectory { path, origin }),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn the_option_beats_the_variable_and_the_variable_beats_the_home() {
        let (a, b, home) =
            (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
        let etc = home.path().join("etc/hadoop");
        std::fs::create_dir_all(&etc).unwrap();
        let environment =
            Environment::empty().with_variable("HADOOP_HOME", home.path().to_str().unwrap());
        assert_eq!(conf_dir(None, &environment).unwrap(), Some(etc));
        let environment = environment.with_variable("HADOOP_CONF_DIR", b.path().to_str().unwrap());
        assert_eq!(conf_dir(None, &environment).unwrap(), Some(b.path().to_owned()));
        assert_eq!(conf_dir(Some(a.path()), &environment).unwrap(), Some(a.path().to_owned()));
    }

    #[test]
    fn a_directory_that_was_named_must_exist() {
        let environment = Environment::empty().with_variable("HADOOP_CONF_DIR", "/no/such/dir");
        let error = conf_dir(None, &environment).unwrap_err().to_string();
        assert!(error.contains("/no/such/dir") && error.contains("HADOOP_CONF_DIR"), "{error}");
        assert!(conf_dir(Some(Path::new("/no/such/dir")), &environment).is_err());
    }
}
