use std::ops::Range;
use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use plotters::prelude::*;

use super::latency::sizes;
use super::{Figures, Who};

const SIZE_PIXELS: (u32, u32) = (820, 480);
const CURVES: [(Who, &str, RGBColor); 3] = [
    (Who::Java, "Java 3.4.3", RGBColor(200, 80, 40)),
    (Who::Ours, "journalnode", RGBColor(30, 110, 180)),
    (Who::Floor, "write + fdatasync alone", RGBColor(120, 120, 120)),
];
/// Beyond the outermost values.
const MARGIN: f64 = 1.3;

/// Draws the median round trip against the size of a batch, both axes by their logarithm, as SVG.
pub fn plot(figures: &Figures, file: &Path) -> Result<()> {
    let curves = CURVES.map(|(who, name, color)| (points(figures, who), name, color));
    let all: Vec<_> = curves.iter().flat_map(|(points, ..)| points.iter().copied()).collect();
    ensure!(!all.is_empty(), "nothing to draw: the section latency was not measured");
    let (x, y) = (range(all.iter().map(|point| point.0)), range(all.iter().map(|point| point.1)));
    draw(&curves, x, y, file).map_err(|error| anyhow!("draw {}: {error}", file.display()))
}

/// A curve's points, its name and its colour.
type Curve = (Vec<(f64, f64)>, &'static str, RGBColor);

fn points(figures: &Figures, who: Who) -> Vec<(f64, f64)> {
    let point = |(bytes, key)| (bytes as f64, figures.series(key, who).median());
    sizes().map(point).filter(|(_, time)| time.is_finite()).collect()
}

fn range(values: impl Iterator<Item = f64> + Clone) -> Range<f64> {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(0.0, f64::max);
    least / MARGIN..most * MARGIN
}

fn draw(
    curves: &[Curve],
    x: Range<f64>,
    y: Range<f64>,
    file: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::new(file, SIZE_PIXELS).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption("journal(): median round trip by size of the batch", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("bytes of a batch")
        .y_desc("µs")
        .x_label_formatter(&|bytes| bytes_label(*bytes))
        .y_label_formatter(&|micros| micros_label(*micros))
        .light_line_style(BLACK.mix(0.05))
        .draw()?;
    for (points, name, color) in curves {
        let line = ShapeStyle::from(color).stroke_width(2);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), line).point_size(4))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], line));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.3))
        .draw()?;
    Ok(area.present()?)
}

/// Of 1, 2 and 5 and their tenfolds: those in between leave no room.
fn micros_label(micros: f64) -> String {
    let text = format!("{micros:.0}");
    if text.starts_with(['1', '2', '5']) { text } else { String::new() }
}

fn bytes_label(bytes: f64) -> String {
    match bytes {
        mega if mega >= 1e6 => format!("{} MB", mega / 1e6),
        kilo if kilo >= 1e3 => format!("{} KB", kilo / 1e3),
        few => format!("{few} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_for_each_that_was_measured() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plot.svg");
        let mut figures = Figures::default();
        for (bytes, key) in sizes() {
            figures.add(key, Who::Java, 200.0 + bytes as f64 / 100.0);
            figures.add(key, Who::Ours, 100.0 + bytes as f64 / 100.0);
        }
        plot(&figures, &file).unwrap();
        let svg = std::fs::read_to_string(&file).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("journalnode") && svg.contains("1 MB"));
    }

    #[test]
    fn labels_leave_each_other_room() {
        let shown = [100.0, 200.0, 300.0, 500.0, 900.0, 1000.0].map(micros_label);
        assert_eq!(shown, ["100", "200", "", "500", "", "1000"]);
    }

    #[test]
    fn nothing_measured_is_nothing_to_draw() {
        let file = Path::new("/nonexistent/plot.svg");
        assert!(plot(&Figures::default(), file).unwrap_err().to_string().contains("latency"));
    }
}
