use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::defaults::Defaults;
use super::deprecated::{current_name, replacement};
use super::environment::Environment;
use super::error::ConfError;
use super::property_parser::ParsedProperty;
use super::resource_reader::ResourceReader;
use super::substitute::substitute;
use super::text::java_trim;
use super::warning::Warning;

/// Key and value pairs, each with the place it came from.
///
/// Resources are added in order and the last wins, except over keys an earlier one marked
/// `<final>`. Values set by [`Configuration::set`] (`-D`) win over every resource, final or not,
/// whatever the order. Old names of keys are stored and looked up under their new ones.
///
/// Java: `org.apache.hadoop.conf.Configuration`.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    values: BTreeMap<String, StoredValue>,
    finals: BTreeSet<String>,
    environment: Environment,
    conf_dir: Option<PathBuf>,
    warnings: Vec<Warning>,
}

#[derive(Debug, Clone)]
struct StoredValue {
    raw: String,
    /// Where it came from; the first is what `/conf` shows.
    sources: Vec<String>,
    set_by_caller: bool,
}

/// One key as the `/conf` page of a daemon shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The key.
    pub key: String,
    /// The value with variables replaced; as written where they lead nowhere.
    pub value: String,
    /// Whether a file marked it `<final>`.
    pub is_final: bool,
    /// The file or option that set it.
    pub resource: String,
}

impl Configuration {
    /// A configuration without even the built-in defaults.
    pub fn empty(environment: Environment) -> Configuration {
        Configuration { environment, ..Configuration::default() }
    }

    /// Names the directory in which [`Configuration::add_resource`] and includes are looked for.
    pub fn set_conf_dir(&mut self, directory: &Path) {
        self.conf_dir = Some(directory.to_owned());
    }

    /// The directory the site files came from, if there was one.
    pub fn conf_dir(&self) -> Option<&Path> {
        self.conf_dir.as_deref()
    }

    /// What `${…}` outside the configuration refers to.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(super) fn add_defaults(&mut self, defaults: &Defaults) {
        for (key, value) in defaults.values {
            let property = ParsedProperty {
                key: (*key).to_owned(),
                value: Some((*value).to_owned()),
                is_final: false,
                sources: Vec::new(),
            };
            self.load(property, defaults.resource);
        }
    }

    /// Adds a file of the configuration directory. `false`: there is no such file, which is fine.
    pub fn add_resource(&mut self, name: &str) -> Result<bool, ConfError> {
        match self.conf_dir.as_ref().map(|directory| directory.join(name)) {
            Some(path) => self.add_named(&path, name),
            None => Ok(false),
        }
    }

    /// Adds a file by its path. `false`: there is no such file.
    pub fn add_file(&mut self, path: &Path) -> Result<bool, ConfError> {
        self.add_named(path, &path.display().to_string())
    }

    fn add_named(&mut self, path: &Path, name: &str) -> Result<bool, ConfError> {
        let Some(properties) = ResourceReader::new(self.conf_dir.as_deref()).read(path)? else {
            return Ok(false);
        };
        for property in properties {
            self.load(property, name);
        }
        Ok(true)
    }

    /// Java: `Configuration.loadProperty`. A property without a value still makes its key final.
    fn load(&mut self, property: ParsedProperty, resource: &str) {
        let key = self.current_key(&property.key, resource);
        if java_trim(&key) != key {
            let origin = resource.to_owned();
            self.warnings.push(Warning::Unreachable { key: key.clone(), origin });
        }
        if let Some(raw) = property.value {
            let mut sources = property.sources;
            sources.push(resource.to_owned());
            self.store(&key, raw, sources);
        }
        if property.is_final {
            self.finals.insert(key);
        }
    }

    fn store(&mut self, key: &str, raw: String, sources: Vec<String>) {
        let old = self.values.get(key);
        if self.finals.contains(key) {
            if old.is_some_and(|old| old.raw != raw) {
                let ignored = sources.last().cloned().unwrap_or_default();
                self.warnings.push(Warning::FinalKept { key: key.to_owned(), ignored });
            }
        } else if !old.is_some_and(|old| old.set_by_caller) {
            let value = StoredValue { raw, sources, set_by_caller: false };
            self.values.insert(key.to_owned(), value);
        }
    }

    /// Sets a value over all resources, those marked final and those added later included.
    /// `source` is what `/conf` will show. Java: `Configuration.set`.
    pub fn set(&mut self, key: &str, value: &str, source: &str) {
        let key = self.current_key(java_trim(key), source);
        let sources = vec![source.to_owned()];
        let value = StoredValue { raw: value.to_owned(), sources, set_by_caller: true };
        self.values.insert(key, value);
    }

    fn current_key(&mut self, key: &str, origin: &str) -> String {
        let Some(replacement) = replacement(key) else { return key.to_owned() };
        let known =
            |warning: &Warning| matches!(warning, Warning::Deprecated { key: k, .. } if k == key);
        if !self.warnings.iter().any(known) {
            let (key, origin) = (key.to_owned(), origin.to_owned());
            self.warnings.push(Warning::Deprecated { key, replacement, origin });
        }
        replacement.to_owned()
    }

    /// What the loading found worth telling. Loading itself logs nothing.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// The value as written, without substitution.
    pub fn raw(&self, key: &str) -> Option<&str> {
        self.values.get(current_name(java_trim(key))).map(|value| value.raw.as_str())
    }

    /// The value, untrimmed, with variables replaced; `None` if the key is not set.
    pub fn string(&self, key: &str) -> Result<Option<String>, ConfError> {
        self.raw(key).map(|raw| self.expand(key, raw)).transpose()
    }

    fn expand(&self, key: &str, raw: &str) -> Result<String, ConfError> {
        let lookup = |key: &str| self.raw(key).map(str::to_owned);
        substitute(raw, &self.environment, lookup).map_err(|_too_deep| {
            let (key, value) = (key.to_owned(), raw.to_owned());
            ConfError::SubstitutionTooDeep { origin: self.origin(&key), key, value }
        })
    }

    /// Whether a file marked the key `<final>`.
    pub fn is_final(&self, key: &str) -> bool {
        self.finals.contains(current_name(java_trim(key)))
    }

    /// Where the value of a key came from, for messages: a file's name, `from command line`, ….
    pub fn origin(&self, key: &str) -> String {
        let value = self.values.get(current_name(java_trim(key)));
        value.and_then(|value| value.sources.first()).map_or("nothing", String::as_str).to_owned()
    }

    /// Every key that is set, in order of its name.
    pub fn properties(&self) -> impl Iterator<Item = Property> + '_ {
        self.values.iter().map(|(key, stored)| Property {
            key: key.clone(),
            value: self.expand(key, &stored.raw).unwrap_or_else(|_| stored.raw.clone()),
            is_final: self.finals.contains(key),
            resource: self.origin(key),
        })
    }
}

#[cfg(test)]
#[path = "configuration_tests.rs"]
mod tests;
