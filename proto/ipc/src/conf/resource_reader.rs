use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::ConfError;
use super::limits::{MAX_FILE_BYTES, MAX_INCLUDE_DEPTH, MAX_INCLUDES};
use super::property_parser::{Includes, ParsedProperty, parse_properties};

/// Reads one site file and all it includes.
///
/// An include is looked for as Java does, in the configuration directory (Java: the class path),
/// then beside the site file; and last beside the file that includes it, so that a tree of
/// includes may live in a sub-directory. URLs other than `file:` are never fetched: they count
/// as missing. Java: `Configuration.Parser.handleInclude`.
pub(super) struct ResourceReader<'a> {
    conf_dir: Option<&'a Path>,
    /// Files being read, outermost first.
    open: Vec<PathBuf>,
    included: usize,
}

impl<'a> ResourceReader<'a> {
    pub(super) fn new(conf_dir: Option<&'a Path>) -> ResourceReader<'a> {
        ResourceReader { conf_dir, open: Vec::new(), included: 0 }
    }

    /// The properties of `path` and its includes. `None`: there is no such file.
    pub(super) fn read(&mut self, path: &Path) -> Result<Option<Vec<ParsedProperty>>, ConfError> {
        let Some(text) = read_text(path)? else { return Ok(None) };
        self.open.push(path.to_owned());
        let properties = parse_properties(&text, path, self);
        self.open.pop();
        properties.map(Some)
    }

    fn locate(&self, href: &str) -> Option<PathBuf> {
        let href =
            href.strip_prefix("file://").or_else(|| href.strip_prefix("file:")).unwrap_or(href);
        if href.contains("://") {
            return None;
        }
        let beside = |file: Option<&PathBuf>| Some(file?.parent()?.join(href));
        let candidates = [
            self.conf_dir.map(|dir| dir.join(href)),
            beside(self.open.first()),
            beside(self.open.last()),
        ];
        candidates.into_iter().flatten().find(|path| path.is_file())
    }

    fn is_open(&self, path: &Path) -> bool {
        let same = |open: &PathBuf| open.canonicalize().ok() == path.canonicalize().ok();
        self.open.iter().any(same)
    }
}

impl Includes for ResourceReader<'_> {
    fn include(&mut self, href: &str) -> Result<Option<Vec<ParsedProperty>>, ConfError> {
        let path = self.open.last().cloned().unwrap_or_default();
        self.included += 1;
        if self.included > MAX_INCLUDES || self.open.len() > MAX_INCLUDE_DEPTH {
            return Err(ConfError::TooManyIncludes { path });
        }
        match self.locate(href) {
            Some(target) if self.is_open(&target) => {
                Err(ConfError::IncludeLoop { path, href: href.to_owned() })
            }
            Some(target) => self.read(&target),
            None => Ok(None),
        }
    }
}

fn read_text(path: &Path) -> Result<Option<String>, ConfError> {
    let unreadable = |source| ConfError::Unreadable { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unreadable(e)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(ConfError::TooLarge { path: path.to_owned() });
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let offset = e.utf8_error().valid_up_to();
        ConfError::NotUtf8 { path: path.to_owned(), offset }
    })?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const XI: &str = "xmlns:xi='http://www.w3.org/2001/XInclude'";

    fn write(dir: &TempDir, name: &str, body: &str) -> PathBuf {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("<configuration {XI}>{body}</configuration>")).unwrap();
        path
    }

    fn keys(found: Option<Vec<ParsedProperty>>) -> Vec<String> {
        found.unwrap().into_iter().map(|property| property.key).collect()
    }

    /// JN-141.
    #[test]
    fn includes_are_found_beside_the_file_that_asks() {
        let dir = TempDir::new().unwrap();
        let site = write(&dir, "core-site.xml", "<xi:include href='sub/a.xml'/>");
        write(&dir, "sub/a.xml", "<xi:include href='b.xml'/><property name='a' value='1'/>");
        write(&dir, "sub/b.xml", "<property name='b' value='1'/>");
        assert_eq!(keys(ResourceReader::new(None).read(&site).unwrap()), ["b", "a"]);
    }

    #[test]
    fn the_configuration_directory_comes_first_and_file_urls_work() {
        let (conf, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        write(&conf, "x.xml", "<property name='from-conf' value='1'/>");
        let absolute = write(&other, "y.xml", "<property name='by-url' value='1'/>");
        write(&other, "x.xml", "<property name='beside' value='1'/>");
        let body =
            format!("<xi:include href='x.xml'/><xi:include href='file://{}'/>", absolute.display());
        let site = write(&other, "site.xml", &body);
        let found = ResourceReader::new(Some(conf.path())).read(&site).unwrap();
        assert_eq!(keys(found), ["from-conf", "by-url"]);
    }

    #[test]
    fn an_include_loop_is_refused() {
        let dir = TempDir::new().unwrap();
        let site = write(&dir, "a.xml", "<xi:include href='b.xml'/>");
        write(&dir, "b.xml", "<xi:include href='./a.xml'/>");
        let error = ResourceReader::new(None).read(&site).unwrap_err();
        assert!(matches!(error, ConfError::IncludeLoop { .. }), "{error}");
    }

    #[test]
    fn includes_are_counted_and_never_fetched_from_the_network() {
        let dir = TempDir::new().unwrap();
        let many = "<xi:include href='x.xml'/>".repeat(MAX_INCLUDES + 1);
        write(&dir, "x.xml", "");
        let site = write(&dir, "many.xml", &many);
        assert!(matches!(
            ResourceReader::new(None).read(&site),
            Err(ConfError::TooManyIncludes { .. })
        ));
        let remote = "<xi:include href='http://127.0.0.1:1/x.xml'><xi:fallback/></xi:include>";
        let site = write(&dir, "remote.xml", remote);
        assert!(keys(ResourceReader::new(None).read(&site).unwrap()).is_empty());
    }

    #[test]
    fn a_file_that_is_not_text_says_where() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("gbk.xml");
        fs::write(&path, b"<configuration>\xd6\xd0</configuration>").unwrap();
        let error = ResourceReader::new(None).read(&path).unwrap_err();
        assert!(matches!(error, ConfError::NotUtf8 { offset: 15, .. }), "{error}");
        assert!(ResourceReader::new(None).read(&dir.path().join("absent.xml")).unwrap().is_none());
    }
}
