use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN};
use axum::http::{HeaderValue, Response, Uri};

use super::json::to_json;
use super::object_name::{MalformedName, ObjectName};
use super::{Bean, Value, beans};
use crate::http::page::page;
use crate::http::query::Query;
use crate::http::shared::Shared;

/// Without the hyphen in `utf8`, as Java has it.
const JSON: &str = "application/json; charset=utf8";

pub(in crate::http) async fn jmx(State(shared): State<Arc<Shared>>, uri: Uri) -> Response<Body> {
    let query = Query::parse(uri.query());
    let answer = answer(&query, &beans::all(shared).await);
    let mut response = page(JSON, to_json(&answer));
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The status is 200 whatever is wrong: Java sets another one when its answer is on the way.
fn answer(query: &Query, beans: &[Bean]) -> Value {
    let shown = match query.value("get") {
        Some(wanted) => one_attribute(wanted, beans),
        None => by_name(query.value("qry").unwrap_or("*:*"), beans),
    };
    shown.unwrap_or(Value::Record(Vec::new()))
}

fn by_name(pattern: &str, beans: &[Bean]) -> Result<Value, MalformedName> {
    let pattern = ObjectName::parse(pattern)?;
    let matching = beans.iter().filter(|bean| pattern.matches(&bean.name));
    Ok(listed(matching.map(whole).collect()))
}

fn one_attribute(wanted: &str, beans: &[Bean]) -> Result<Value, MalformedName> {
    let Some((pattern, attribute)) = split(wanted) else {
        return Ok(Value::Record(error("query format is not as expected.").into()));
    };
    let pattern = ObjectName::parse(pattern)?;
    let mut shown = Vec::new();
    for bean in beans.iter().filter(|bean| pattern.matches(&bean.name)) {
        let found = bean.attributes.iter().find(|one| one.shown_name() == attribute);
        let mut fields = head(bean);
        match found.filter(|found| found.value != Value::Null) {
            Some(found) => fields.push((attribute.to_owned(), found.value.clone())),
            None => {
                fields.extend(error(&format!("No attribute with name {attribute} was found.")));
                // Java stops at the first bean that lacks it.
                shown.push(Value::Record(fields));
                break;
            }
        }
        shown.push(Value::Record(fields));
    }
    Ok(listed(shown))
}

/// Splits at `::` as Java's `split` does, which forgets empty parts at the end.
fn split(wanted: &str) -> Option<(&str, &str)> {
    let mut parts: Vec<&str> = wanted.split("::").collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    match parts.as_slice() {
        [name, attribute] => Some((name, attribute)),
        _ => None,
    }
}

fn listed(beans: Vec<Value>) -> Value {
    Value::Record(vec![("beans".to_owned(), Value::List(beans))])
}

fn whole(bean: &Bean) -> Value {
    let attributes = bean.attributes.iter().map(|one| (one.shown_name(), one.value.clone()));
    Value::Record(head(bean).into_iter().chain(attributes).collect())
}

fn head(bean: &Bean) -> Vec<(String, Value)> {
    let modeler_type = bean.modeler_type.as_str().into();
    vec![("name".to_owned(), bean.text.as_str().into()), ("modelerType".to_owned(), modeler_type)]
}

fn error(message: &str) -> [(String, Value); 2] {
    [("result".to_owned(), "ERROR".into()), ("message".to_owned(), message.into())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> String {
        let beans = [
            Bean::hadoop("One", None).plain("A", 1_u64).plain("N", Value::Null),
            Bean::hadoop("Two", None).plain("A", 2_u64),
        ];
        to_json(&answer(&Query::parse(Some(query)), &beans)).replace(['\n', ' '], "")
    }

    const ONE: &str = r#"{"name":"Hadoop:service=JournalNode,name=One","modelerType":"One""#;

    #[test]
    fn jn_133_qry_chooses_beans() {
        assert_eq!(
            ask("qry=Hadoop:service=JournalNode,name=One"),
            format!(r#"{{"beans":[{ONE},"A":1,"N":null}}]}}"#)
        );
        assert_eq!(ask("").matches("modelerType").count(), 2);
        assert_eq!(ask("qry=Hadoop:name=Three,*"), r#"{"beans":[]}"#);
        assert_eq!(ask("qry=nonsense"), "{}");
    }

    #[test]
    fn jn_133_get_chooses_an_attribute() {
        let name = "Hadoop:service=JournalNode,name=One";
        assert_eq!(ask(&format!("get={name}::A")), format!(r#"{{"beans":[{ONE},"A":1}}]}}"#));
        for absent in ["B", "N"] {
            let message = format!("Noattributewithname{absent}wasfound.");
            assert_eq!(
                ask(&format!("get={name}::{absent}")),
                format!(r#"{{"beans":[{ONE},"result":"ERROR","message":"{message}"}}]}}"#)
            );
        }
        let unexpected = r#"{"result":"ERROR","message":"queryformatisnotasexpected."}"#;
        assert_eq!(ask(&format!("get={name}")), unexpected);
        assert_eq!(ask(&format!("get={name}::")), unexpected);
        assert_eq!(ask("get=x::A"), "{}");
        assert_eq!(ask("get=*:*::A").matches("\"A\"").count(), 2);
    }
}
