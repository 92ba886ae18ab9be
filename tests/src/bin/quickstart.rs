//! `scripts/quickstart`: three journalnodes under real NameNodes, one of them killed and back.

use anyhow::{Context, Result, bail};
use system_tests::process::cache_dir;
use system_tests::quickstart::{Kept, Tour};

fn main() -> Result<()> {
    let folder = cache_dir()?.join("quickstart");
    let kept = Kept::at(&folder);
    let mode = std::env::args().nth(1);
    for name in kept.stop()? {
        println!("==> stopped {name} of an earlier run");
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("clear the folder of an earlier run")?;
    }
    match mode.as_deref() {
        None | Some("--keep") => {}
        Some("--stop") => return Ok(()),
        Some(other) => bail!("{other}: the options are --keep and --stop"),
    }
    std::fs::create_dir_all(&folder)?;

    let mut tour = Tour::start(&folder)?;
    tour.show()?;
    tour.print_places()?;
    if mode.is_some() {
        tour.keep()?;
        println!("\nEverything is left running; `scripts/quickstart --stop` ends it.");
    } else {
        drop(tour);
        std::fs::remove_dir_all(&folder)?;
        println!("\nStopped and cleaned up; `scripts/quickstart --keep` leaves it running.");
    }
    Ok(())
}
