use regex::Regex;

use super::error::{NameError, SecurityError};
use super::replacement::Replacement;

/// One `auth_to_local` rule: `DEFAULT` or `RULE:[n:format](match)s/from/to/g/L`, of which only
/// the part in brackets is required. Java: `KerberosName.Rule`.
#[derive(Debug, Clone)]
pub(super) struct AuthRule {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Default,
    Rewrite(Box<Rewrite>),
}

#[derive(Debug, Clone)]
struct Rewrite {
    components: usize,
    format: String,
    matches: Option<Regex>,
    substitution: Option<Substitution>,
    to_lower_case: bool,
}

#[derive(Debug, Clone)]
struct Substitution {
    from: Regex,
    /// Java finds a mistake in it only when a name gets that far, so files that run may hold one.
    to: Result<Replacement, String>,
    repeat: bool,
}

impl AuthRule {
    /// Reads rules separated by white space, or by nothing.
    pub(super) fn parse_all(text: &str) -> Result<Vec<AuthRule>, SecurityError> {
        let mut rules = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (rule, after) = parse_rule(rest.trim_start())?;
            rules.push(rule);
            rest = after;
        }
        Ok(rules)
    }

    /// What the rule makes of a principal, or `None` if it does not apply. `parts` are the realm,
    /// the service and the host, if there is one. `simple_only`: refuse names with `/` or `@`.
    pub(super) fn apply(
        &self,
        parts: &[&str],
        default_realm: &str,
        simple_only: bool,
    ) -> Result<Option<String>, NameError> {
        let result = match &self.kind {
            Kind::Default => (parts[0] == default_realm).then(|| parts[1].to_owned()),
            Kind::Rewrite(rewrite) if rewrite.components == parts.len() - 1 => {
                rewrite.apply(parts)?
            }
            Kind::Rewrite(_) => None,
        };
        match result {
            Some(name) if simple_only && name.contains(['/', '@']) => {
                Err(NameError::NonSimple { name, rule: self.text.clone() })
            }
            Some(name) if self.lowers_case() => Ok(Some(name.to_lowercase())),
            other => Ok(other),
        }
    }

    fn lowers_case(&self) -> bool {
        matches!(&self.kind, Kind::Rewrite(rewrite) if rewrite.to_lower_case)
    }
}

impl Rewrite {
    fn apply(&self, parts: &[&str]) -> Result<Option<String>, NameError> {
        let base = fill(&self.format, parts)?;
        if self.matches.as_ref().is_some_and(|pattern| !pattern.is_match(&base)) {
            return Ok(None);
        }
        match &self.substitution {
            Some(substitution) => substitution.apply(base).map(Some),
            None => Ok(Some(base)),
        }
    }
}

impl Substitution {
    fn apply(&self, base: String) -> Result<String, NameError> {
        if !self.from.is_match(&base) {
            return Ok(base);
        }
        let to = self.to.as_ref().map_err(|reason| NameError::BadReplacement {
            pattern: self.from.as_str().to_owned(),
            reason: reason.clone(),
        })?;
        Ok(to.apply(&base, &self.from, self.repeat))
    }
}

/// `format` with `$0`, `$1`, `$2` replaced by the parts.
fn fill(format: &str, parts: &[&str]) -> Result<String, NameError> {
    let mut pieces = format.split('$');
    let mut result = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.len() - piece.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (parameter, rest) = piece.split_at(digits);
        let part = parameter.parse::<usize>().ok().and_then(|number| parts.get(number));
        let part = part.ok_or_else(|| NameError::BadFormat {
            format: format.to_owned(),
            parameter: parameter.to_owned(),
            last: parts.len() - 1,
        })?;
        result.push_str(part);
        result.push_str(rest);
    }
    Ok(result)
}

/// The first rule of `text`, and what follows it.
fn parse_rule(text: &str) -> Result<(AuthRule, &str), SecurityError> {
    let bad = |reason: &str| bad_rule(text, reason);
    let (kind, rest) = match text.strip_prefix("DEFAULT") {
        Some(rest) => (Kind::Default, rest),
        None => {
            let body =
                text.strip_prefix("RULE:[").ok_or_else(|| bad("expected DEFAULT or RULE:["))?;
            let (rewrite, rest) = parse_rewrite(body).map_err(|reason| bad(&reason))?;
            (Kind::Rewrite(Box::new(rewrite)), rest)
        }
    };
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let (kind, rest) = match (kind, rest.strip_prefix('L')) {
        (Kind::Rewrite(mut rewrite), Some(after)) => {
            rewrite.to_lower_case = true;
            (Kind::Rewrite(rewrite), after)
        }
        (kind, after) => (kind, after.unwrap_or(rest)),
    };
    let text = text[..text.len() - rest.len()].to_owned();
    Ok((AuthRule { text, kind }, rest))
}

fn bad_rule(rule: &str, reason: &str) -> SecurityError {
    SecurityError::BadRule { rule: rule.to_owned(), reason: reason.to_owned() }
}

/// `n:format](match)s/from/to/g`, after the opening bracket.
fn parse_rewrite(body: &str) -> Result<(Rewrite, &str), String> {
    let (components, rest) = body.split_once(':').ok_or("no ':' after the number of components")?;
    let components = components.parse().map_err(|_| "no number of components after '['")?;
    let (format, rest) = rest.split_once(']').ok_or("no ']' after the format")?;
    let (matches, rest) = match rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        Some((pattern, rest)) => (Some(compile(&format!(r"\A(?:{pattern})\z"))?), rest),
        None => (None, rest),
    };
    let (substitution, rest) = parse_substitution(rest)?;
    let format = format.to_owned();
    Ok((Rewrite { components, format, matches, substitution, to_lower_case: false }, rest))
}

fn parse_substitution(text: &str) -> Result<(Option<Substitution>, &str), String> {
    let mut fields = text.splitn(4, '/');
    let (Some("s"), Some(from), Some(to), Some(rest)) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Ok((None, text));
    };
    let from = compile(from)?;
    let to = Replacement::parse(to, &from);
    let (repeat, rest) = rest.strip_prefix('g').map_or((false, rest), |rest| (true, rest));
    Ok((Some(Substitution { from, to, repeat }), rest))
}

fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| error.to_string())
}
