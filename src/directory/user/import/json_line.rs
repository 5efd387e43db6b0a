//! One person as one JSON object on a line (<https://jsonlines.org/>).

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::row::{Cells, Column, Fault};

/// The cells of an object, whose members are the columns; `null` is what is not there.
pub(super) fn read(line: &str) -> Result<Cells, Fault> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let read = deserializer.deserialize_map(Members).map_err(|_| Fault::Json)?;
    deserializer.end().map_err(|_| Fault::Json)?;
    read
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Result<Cells, Fault>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut cells, mut seen, mut fault) = (Cells::default(), [false; Column::ALL.len()], None);
        while let Some(name) = map.next_key::<String>()? {
            let value: Member = map.next_value()?;
            let Some(column) = Column::ALL.into_iter().find(|column| column.name() == name) else {
                fault.get_or_insert_with(|| Fault::Member(shown(&name)));
                continue;
            };
            let is_twice = seen.get_mut(column as usize).is_some_and(|seen| std::mem::replace(seen, true));
            match value {
                _ if is_twice => drop(fault.get_or_insert(Fault::MemberTwice(column.name()))),
                Member::Text(text) => cells.set(column, text),
                Member::Switch(on) if column == Column::Active => cells.set(column, on.to_string()),
                Member::Nothing => {}
                Member::Switch(_) | Member::Other => drop(fault.get_or_insert(Fault::NoText(column.name()))),
            }
        }
        Ok(fault.map_or(Ok(cells), Err))
    }
}

/// As much of a name as can be told.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The value of a member.
enum Member {
    Nothing,
    Text(String),
    Switch(bool),
    Other,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Value)
    }
}

struct Value;

impl<'de> Visitor<'de> for Value {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        Ok(Member::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Member, E> {
        Ok(Member::Text(text))
    }

    fn visit_bool<E>(self, on: bool) -> Result<Member, E> {
        Ok(Member::Switch(on))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Member, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_a_row_and_everything_else_is_refused_with_a_word() {
        let cells = read(r#" {"email":"a@x.example","active":false,"phone":null,"given_name":"\u0041nn"} "#).unwrap();
        assert_eq!(cells.get(Column::Email), Some("a@x.example"));
        assert_eq!(cells.get(Column::Active), Some("false"));
        assert_eq!(cells.get(Column::GivenName), Some("Ann"));
        assert_eq!(cells.get(Column::Phone), None);
        for (line, fault) in [
            ("", Fault::Json),
            ("[]", Fault::Json),
            ("{\"email\":\"a\"} {}", Fault::Json),
            ("{\"email\":\"\\ud800\"}", Fault::Json),
            ("{\"email\":1e999}", Fault::Json),
            ("{\"password\":\"x\"}", Fault::Member("password".to_owned())),
            ("{\"Email\":\"x\"}", Fault::Member("Email".to_owned())),
            ("{\"company_id\":4711}", Fault::NoText("company_id")),
            ("{\"phone\":[{\"value\":\"x\"}]}", Fault::NoText("phone")),
            ("{\"email\":true}", Fault::NoText("email")),
            ("{\"email\":null,\"email\":\"a\"}", Fault::MemberTwice("email")),
        ] {
            assert_eq!(read(line).unwrap_err(), fault, "{line}");
        }
        // IN-11: no depth is one too many.
        let deep = format!("{{\"phone\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
        assert!(read(&deep).is_err());
    }
}
