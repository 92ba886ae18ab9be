use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};

use super::error::ConfError;
use super::text::java_trim;

/// One `<property>`, in the order of the file. No value: the property only carries `is_final`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParsedProperty {
    pub(super) key: String,
    pub(super) value: Option<String>,
    pub(super) is_final: bool,
    /// `<source>` elements, oldest first; the file itself is not among them.
    pub(super) sources: Vec<String>,
}

/// Reads what an `xi:include` names. `None`: there is no such thing, which `xi:fallback` mends.
pub(super) trait Includes {
    fn include(&mut self, href: &str) -> Result<Option<Vec<ParsedProperty>>, ConfError>;
}

/// Elements nested deeper than Hadoop's files ever are: the XML tree would cost memory for nothing.
const MAX_NODES: u32 = 1_000_000;

/// Reads a configuration file. Elements are taken by local name, wherever they stand; stray text
/// and comments between them are passed over, as Java's event reader does.
/// Java: `Configuration.Parser`.
pub(super) fn parse_properties(
    text: &str,
    path: &Path,
    includes: &mut dyn Includes,
) -> Result<Vec<ParsedProperty>, ConfError> {
    if text.contains("<!DOCTYPE") && text.contains("<!ENTITY") {
        return Err(ConfError::EntitiesRefused { path: path.to_owned() });
    }
    let options =
        ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|e| malformed(path, &e))?;
    let mut parser = PropertyParser::new(path, includes);
    walk(document.root_element(), &mut parser)?;
    Ok(parser.found)
}

/// Opens and closes every node in document order. Not recursive: a file may nest deeper than the
/// stack is.
fn walk(root: Node<'_, '_>, parser: &mut PropertyParser<'_>) -> Result<(), ConfError> {
    let mut node = root;
    loop {
        parser.open(node)?;
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            parser.close(node)?;
            if node == root {
                return Ok(());
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return Ok(()) };
            node = parent;
        }
    }
}

fn malformed(path: &Path, error: &roxmltree::Error) -> ConfError {
    let at = error.pos();
    let (path, problem) = (path.to_owned(), error.to_string());
    ConfError::Malformed { path, line: at.row, column: at.col, problem }
}

/// Java's parser state, kept the same so that odd files mean the same: a `<value>` outside its
/// place, a name given twice, elements within a value.
struct PropertyParser<'a> {
    path: &'a Path,
    includes: &'a mut dyn Includes,
    in_token: bool,
    token: String,
    name: Option<String>,
    value: Option<String>,
    is_final: bool,
    sources: Vec<String>,
    href: String,
    fallback_allowed: bool,
    fallback_entered: bool,
    found: Vec<ParsedProperty>,
}

impl<'a> PropertyParser<'a> {
    fn new(path: &'a Path, includes: &'a mut dyn Includes) -> Self {
        PropertyParser {
            path,
            includes,
            in_token: false,
            token: String::new(),
            name: None,
            value: None,
            is_final: false,
            sources: Vec::new(),
            href: String::new(),
            fallback_allowed: false,
            fallback_entered: false,
            found: Vec::new(),
        }
    }

    fn open(&mut self, node: Node<'_, '_>) -> Result<(), ConfError> {
        if node.is_text() && self.in_token {
            self.token.push_str(node.text().unwrap_or_default());
        }
        if !node.is_element() {
            return Ok(());
        }
        match node.tag_name().name() {
            "property" => self.open_property(node),
            "name" | "value" | "final" | "source" | "tag" => {
                self.in_token = true;
                self.token.clear();
            }
            "include" => self.open_include(node)?,
            "fallback" => self.fallback_entered = true,
            _ => {}
        }
        Ok(())
    }

    fn open_property(&mut self, node: Node<'_, '_>) {
        (self.name, self.value, self.is_final) = (None, None, false);
        self.sources.clear();
        for attribute in node.attributes() {
            let text = attribute.value();
            match attribute.name() {
                "name" => self.name = Some(text.to_owned()),
                "value" => self.value = Some(text.to_owned()),
                "final" => self.is_final = text == "true",
                "source" => self.sources.push(text.to_owned()),
                _ => {}
            }
        }
    }

    fn open_include(&mut self, node: Node<'_, '_>) -> Result<(), ConfError> {
        let Some(href) = node.attributes().find(|attribute| attribute.name() == "href") else {
            return Ok(());
        };
        self.href = href.value().to_owned();
        match self.includes.include(&self.href)? {
            Some(properties) => self.found.extend(properties),
            None => self.fallback_allowed = true,
        }
        Ok(())
    }

    fn close(&mut self, node: Node<'_, '_>) -> Result<(), ConfError> {
        if !node.is_element() {
            return Ok(());
        }
        match node.tag_name().name() {
            "name" if !self.token.is_empty() => self.name = Some(java_trim(&self.token).to_owned()),
            "value" if !self.token.is_empty() => self.value = Some(self.token.clone()),
            "final" => self.is_final = self.token == "true",
            "source" => self.sources.push(self.token.clone()),
            "include" => return self.close_include(),
            "property" => self.close_property(),
            _ => {}
        }
        Ok(())
    }

    fn close_include(&mut self) -> Result<(), ConfError> {
        if self.fallback_allowed && !self.fallback_entered {
            let (path, href) = (self.path.to_owned(), self.href.clone());
            return Err(ConfError::IncludeMissing { path, href });
        }
        (self.fallback_allowed, self.fallback_entered) = (false, false);
        Ok(())
    }

    fn close_property(&mut self) {
        // A fallback counts only where its include found nothing.
        if self.fallback_entered && !self.fallback_allowed {
            return;
        }
        if let Some(key) = self.name.clone() {
            let (value, sources) = (self.value.clone(), self.sources.clone());
            self.found.push(ParsedProperty { key, value, is_final: self.is_final, sources });
        }
    }
}

#[cfg(test)]
#[path = "property_parser_tests.rs"]
mod tests;
