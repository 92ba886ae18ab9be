use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, Uri};
use tracing::info;

use super::html::escape;
use super::page::{HTML, page};
use super::query::Query;
use super::shared::Shared;
use crate::logging::{LevelName, LogLevels};

/// `hadoop daemonlog` prints the lines that start with this, without their tags.
const MARKER: &str = "<!-- OUTPUT -->";
const FORMS: &str = "<br /><hr /><h3>Get / Set</h3>\n\
    <form>Class Name: <input type='text' size='50' name='log' />\n\
    <input type='submit' value='Get Log Level' /></form>\n\
    <form>Class Name: <input type='text' size='50' name='log' />\n\
    Level: <input type='text' name='level' />\n\
    <input type='submit' value='Set Log Level' /></form>\n";

/// `/logLevel`: shows and changes levels of the log (`LogLevel.Servlet`).
pub(super) async fn log_level(State(shared): State<Arc<Shared>>, uri: Uri) -> Response<Body> {
    page(HTML, answer(&Query::parse(uri.query()), &shared.site.logging))
}

fn answer(query: &Query, levels: &LogLevels) -> String {
    let mut out = "<html>\n<title>Log Level</title>\n<body>\n<h1>Log Level</h1>\n".to_owned();
    if let Some(logger) = query.trimmed("log") {
        out.push_str("<br /><hr /><h3>Results</h3>\n");
        for line in results(logger, query.trimmed("level"), levels) {
            out.push_str(&format!("{MARKER}{line}<br />\n"));
        }
    }
    out.push_str(FORMS);
    out.push_str("</body></html>\n");
    out
}

fn results(logger: &str, level: Option<&str>, levels: &LogLevels) -> Vec<String> {
    let mut lines = vec![
        format!("Submitted Class Name: <b>{}</b>", escape(logger)),
        "Log Class: <b>tracing</b>".to_owned(),
    ];
    if let Some(level) = level {
        let shown = escape(level);
        lines.push(format!("Submitted Level: <b>{shown}</b>"));
        lines.push(match LevelName::parse(level).map(|level| levels.set(logger, level)) {
            None => format!("Bad Level : <b>{shown}</b>"),
            Some(Err(error)) => format!("Not set: {}", escape(&error.to_string())),
            Some(Ok(())) => {
                info!("level of {logger:?} set to {level:?}");
                format!("Setting Level to {shown} ...")
            }
        });
    }
    lines.push(format!("Effective Level: <b>{}</b>", levels.effective(logger)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `hadoop daemonlog` prints.
    fn output(query: &str, levels: &LogLevels) -> Vec<String> {
        let tags = regex::Regex::new("<[^>]*>").unwrap();
        let page = answer(&Query::parse(Some(query)), levels);
        let lines = page.lines().filter(|line| line.starts_with(MARKER));
        lines.map(|line| tags.replace_all(line, "").into_owned()).collect()
    }

    #[test]
    fn jn_131_daemonlog_sees_what_it_set() {
        let levels = LogLevels::default();
        assert_eq!(output("", &levels), [""; 0]);
        assert_eq!(
            output("log=org.apache.hadoop.ipc.Server&level=debug", &levels),
            [
                "Submitted Class Name: org.apache.hadoop.ipc.Server",
                "Log Class: tracing",
                "Submitted Level: debug",
                "Setting Level to debug ...",
                "Effective Level: DEBUG",
            ]
        );
        let again = output("log=org.apache.hadoop.ipc.Server", &levels);
        assert_eq!(again.last().unwrap(), "Effective Level: DEBUG");
    }

    #[test]
    fn bad_levels_and_markup_change_nothing() {
        let levels = LogLevels::default();
        let lines = output("log=x&level=%3Cb%3Eloud", &levels);
        assert!(lines.contains(&"Bad Level : &lt;b&gt;loud".to_owned()));
        assert_eq!(lines.last().unwrap(), "Effective Level: INFO");
        assert!(!answer(&Query::parse(Some("log=%3Cscript%3E")), &levels).contains("<script>"));
    }
}
