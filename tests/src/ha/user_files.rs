use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::hadoop::{Site, write_log4j};

const CORE_SITE: &str = include_str!("../../compat/data/seed/core-site.xml");
const HDFS_SITE: &str = include_str!("../../compat/data/seed/hdfs-site.xml");
/// The file in `/root/.ssh` that `hdfs-site.xml` names.
pub(super) const CONTROLLERS_KEY: &str = "id_rsa";

/// Both site files, with `more` before the end of the second.
pub(super) fn write_conf(conf: &Path, more: &Site) -> Result<()> {
    const END: &str = "</configuration>";
    fs::create_dir_all(conf)?;
    fs::write(conf.join("core-site.xml"), CORE_SITE)?;
    let xml = more.xml();
    let added = xml.split_once("<configuration>\n").map_or("", |(_, rest)| rest);
    let whole = match added.strip_suffix("</configuration>\n") {
        Some("") | None => HDFS_SITE.to_owned(),
        Some(added) => HDFS_SITE.replacen(END, &format!("{added}{END}"), 1),
    };
    fs::write(conf.join("hdfs-site.xml"), whole)?;
    write_log4j(conf)
}

/// The user's lines, and ticks short enough for one machine. The last of `hosts` observes.
pub(super) fn zoo_cfg(hosts: &[&str]) -> String {
    let mut text = String::from(
        "tickTime=200\ninitLimit=50\nsyncLimit=10\nmaxSessionTimeout=60000\n\
         dataDir=/var/hadoop/zookeeper\nadmin.enableServer=false\nclientPort=2181\n",
    );
    for (index, name) in hosts.iter().enumerate() {
        let role = if index + 1 == hosts.len() { ":observer" } else { "" };
        text += &format!("server.{}={name}:2888:3888{role}\n", index + 1);
    }
    text
}
