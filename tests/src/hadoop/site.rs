use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Properties of one Hadoop `*-site.xml`.
#[derive(Debug, Clone, Default)]
pub struct Site {
    properties: BTreeMap<String, String>,
}

impl Site {
    /// No properties.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a property, replacing what it was.
    pub fn set(&mut self, name: impl Into<String>, value: impl ToString) -> &mut Self {
        self.properties.insert(name.into(), value.to_string());
        self
    }

    /// Removes a property.
    pub fn unset(&mut self, name: &str) -> &mut Self {
        self.properties.remove(name);
        self
    }

    /// Adds all of `other`, which wins where both name a property.
    pub fn extend(&mut self, other: &Site) -> &mut Self {
        self.properties.extend(other.properties.clone());
        self
    }

    /// The file as Hadoop reads it.
    pub fn xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\"?>\n<configuration>\n");
        for (name, value) in &self.properties {
            let (name, value) = (escape(name), escape(value));
            let _ =
                writeln!(xml, "  <property><name>{name}</name><value>{value}</value></property>");
        }
        xml.push_str("</configuration>\n");
        xml
    }

    /// Writes `core-site.xml` and `hdfs-site.xml` into `conf_dir`, both with all properties:
    /// Hadoop does not care which file names a key.
    pub fn write(&self, conf_dir: &Path) -> Result<()> {
        fs::create_dir_all(conf_dir).with_context(|| format!("create {}", conf_dir.display()))?;
        for file in ["core-site.xml", "hdfs-site.xml"] {
            fs::write(conf_dir.join(file), self.xml())?;
        }
        write_log4j(conf_dir)
    }
}

/// Logs to standard error at INFO, which the harness sends to the process's log file.
pub fn write_log4j(conf_dir: &Path) -> Result<()> {
    let text = "log4j.rootLogger=INFO,console\n\
        log4j.appender.console=org.apache.log4j.ConsoleAppender\n\
        log4j.appender.console.target=System.err\n\
        log4j.appender.console.layout=org.apache.log4j.PatternLayout\n\
        log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n\n\
        log4j.logger.org.apache.hadoop.util.NativeCodeLoader=ERROR\n\
        log4j.logger.org.apache.hadoop.hdfs.server.namenode.FSNamesystem.audit=WARN\n";
    Ok(fs::write(conf_dir.join("log4j.properties"), text)?)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped() {
        let mut site = Site::new();
        site.set("a", "1 < 2 & 3");
        assert!(site.xml().contains("<value>1 &lt; 2 &amp; 3</value>"));
    }
}
