use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, PRAGMA};
use axum::http::{HeaderValue, Response, StatusCode};

use super::html::escape;

/// Longest text of an error that is sent, in bytes: some hold what the client sent.
const MAX_MESSAGE_BYTES: usize = 8 << 10;

/// An answer that is an error, in the shape of Jetty's: clients and people find the text in
/// the title and in the body, never in the reason phrase.
pub(super) struct ErrorPage<'a> {
    pub(super) status: StatusCode,
    /// What went wrong; the status' own phrase where Java says nothing more.
    pub(super) message: &'a str,
    /// The path that was asked for.
    pub(super) path: &'a str,
    /// Jetty's name of what answered.
    pub(super) servlet: &'a str,
}

impl ErrorPage<'_> {
    pub(super) fn html(&self) -> String {
        let status = self.status.as_u16();
        let message = escape(cut(self.message));
        let (path, servlet) = (escape(cut(self.path)), escape(self.servlet));
        format!(
            "<html>\n<head>\n\
             <meta http-equiv=\"Content-Type\" content=\"text/html;charset=ISO-8859-1\"/>\n\
             <title>Error {status} {message}</title>\n</head>\n\
             <body><h2>HTTP ERROR {status} {message}</h2>\n<table>\n\
             <tr><th>URI:</th><td>{path}</td></tr>\n\
             <tr><th>STATUS:</th><td>{status}</td></tr>\n\
             <tr><th>MESSAGE:</th><td>{message}</td></tr>\n\
             <tr><th>SERVLET:</th><td>{servlet}</td></tr>\n\
             </table>\n\n</body>\n</html>\n"
        )
    }

    pub(super) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(latin1(&self.html())));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        headers
            .insert(CACHE_CONTROL, HeaderValue::from_static("must-revalidate,no-cache,no-store"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html;charset=iso-8859-1"));
        if self.status.is_server_error() {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_MESSAGE_BYTES)]
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_125_the_page_is_byte_for_byte_as_long_as_jettys() {
        let page = ErrorPage {
            status: StatusCode::NOT_FOUND,
            message: "No edit log found starting at txid 99999999",
            path: "/getJournal",
            servlet: "getJournal",
        };
        assert_eq!(page.html().len(), 478);
        assert!(
            page.html().contains("<title>Error 404 No edit log found starting at txid 99999999<")
        );
    }

    #[test]
    fn what_the_client_sent_is_escaped_and_cut() {
        let long = format!("<b>{}", "é".repeat(MAX_MESSAGE_BYTES));
        let page = ErrorPage {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: &long,
            path: "/<i>",
            servlet: "x",
        };
        let html = page.html();
        assert!(!html.contains("<b>") && !html.contains("<i>"));
        assert!(html.len() < 5 * MAX_MESSAGE_BYTES);
        assert_eq!(latin1("é€"), [0xe9, b'?']);
    }
}
