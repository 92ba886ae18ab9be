//! `scripts/bench journal`: how fast a JournalNode is, ours beside Java's and beside what the disk
//! alone takes, held against the goals.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use system_tests::bench::journal::{
    Awake, Bench, Extent, Section, circumstances, json, plot, table,
};
use system_tests::process::WorkDir;

const USAGE: &str = "usage: scripts/bench journal [SECTION...] [--quick] [--rounds N] \
                     [--json FILE] [--plot FILE]";

struct Arguments {
    sections: Vec<Section>,
    extent: Extent,
    json: Option<PathBuf>,
    plot: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    WorkDir::run("journal-bench", |root| run(&arguments, root));
    Ok(())
}

fn run(arguments: &Arguments, root: &std::path::Path) -> Result<()> {
    let awake = Awake::keep(&root.join("spinner.log"))?;
    let circumstances = circumstances(root, &awake, &arguments.extent)?;
    let mut bench = Bench::new(arguments.extent, root)?;
    let mut failed = Vec::new();
    for section in &arguments.sections {
        eprintln!("measuring {}", section.name());
        // What the others have measured is not to be lost.
        if let Err(error) = section.measure(&mut bench) {
            eprintln!("{}: {error:#}", section.name());
            failed.push(section.name());
        }
    }
    println!("{}\n", circumstances.join("\n"));
    print!("{}", table(&bench.figures, &arguments.sections));
    if let Some(file) = &arguments.json {
        let value = json(&bench.figures, &arguments.sections, &circumstances);
        std::fs::write(file, serde_json::to_string_pretty(&value)?)
            .with_context(|| format!("write {}", file.display()))?;
    }
    if let Some(file) = &arguments.plot {
        plot(&bench.figures, file)?;
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(" "));
    Ok(())
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let (mut sections, mut extent) = (Vec::new(), Extent::full());
        let (mut json, mut plot) = (None, None);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => extent = Extent::quick(),
                "--rounds" => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    extent.rounds = number.context("--rounds takes a number")?;
                }
                "--json" => json = Some(words.next().context("--json takes a file")?.into()),
                "--plot" => plot = Some(words.next().context("--plot takes a file")?.into()),
                name => match Section::named(name) {
                    Some(section) => sections.push(section),
                    None => {
                        bail!("{USAGE}\nsections: {}", Section::ALL.map(Section::name).join(" "))
                    }
                },
            }
        }
        if sections.is_empty() {
            sections.extend(Section::ALL);
        }
        Ok(Self { sections, extent, json, plot })
    }
}
