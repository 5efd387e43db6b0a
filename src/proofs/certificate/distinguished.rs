//! Distinguished names, written (RFC 4514) and in certificates, in one form that can be compared (RFC 5280 §7.1). Pure.

use x509_parser::asn1_rs::{Any, FromDer as _};
use x509_parser::prelude::{AttributeTypeAndValue, X509Name};

/// Most attributes of one name.
const MAX_ATTRIBUTES: usize = 40;

/// Attribute types by the names that they are written with (RFC 4514 §3, RFC 4519 §2, RFC 2985 §5.2.1).
const TYPES: [(&str, &str); 19] = [
    ("cn", "2.5.4.3"),
    ("sn", "2.5.4.4"),
    ("serialnumber", "2.5.4.5"),
    ("c", "2.5.4.6"),
    ("l", "2.5.4.7"),
    ("st", "2.5.4.8"),
    ("street", "2.5.4.9"),
    ("o", "2.5.4.10"),
    ("ou", "2.5.4.11"),
    ("title", "2.5.4.12"),
    ("businesscategory", "2.5.4.15"),
    ("postalcode", "2.5.4.17"),
    ("givenname", "2.5.4.42"),
    ("organizationidentifier", "2.5.4.97"),
    ("dc", "0.9.2342.19200300.100.1.25"),
    ("uid", "0.9.2342.19200300.100.1.1"),
    ("emailaddress", "1.2.840.113549.1.9.1"),
    ("jurisdictionc", "1.3.6.1.4.1.311.60.2.1.3"),
    ("jurisdictionst", "1.3.6.1.4.1.311.60.2.1.2"),
];

/// Type, as numbers, and value: in lower case with single spaces, as the matching rules of the usual types compare (RFC 4518 §2).
type Attribute = (String, String);

/// The relative names from the root on; the attributes of one of them are a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName(Vec<Vec<Attribute>>);

impl DistinguishedName {
    /// Reads what RFC 4514 §3 describes: the last relative name of the certificate comes first. An empty name is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut names = vec![Vec::new()];
        let mut rest = text;
        let mut count = 0;
        loop {
            let (attribute, end, after) = attribute(rest)?;
            count += 1;
            names.last_mut()?.push(attribute);
            match end {
                _ if count > MAX_ATTRIBUTES => return None,
                None => break,
                Some('+') => {}
                Some(_) => names.push(Vec::new()),
            }
            rest = after;
        }
        names.reverse();
        Some(Self(sorted(names)))
    }

    /// The name of a subject; one without any attribute is none.
    pub(super) fn of(name: &X509Name<'_>) -> Option<Self> {
        let names = name.iter_rdn().map(|relative| relative.iter().map(of_attribute).collect::<Option<Vec<_>>>());
        let names = names.collect::<Option<Vec<_>>>()?;
        if names.is_empty() { None } else { Some(Self(sorted(names))) }
    }
}

fn sorted(mut names: Vec<Vec<Attribute>>) -> Vec<Vec<Attribute>> {
    for relative in &mut names {
        relative.sort();
    }
    names
}

fn of_attribute(attribute: &AttributeTypeAndValue<'_>) -> Option<Attribute> {
    Some((attribute.attr_type().to_id_string(), folded(&text(attribute.attr_value())?)))
}

/// The text of a directory string (X.520 §6.1) in an encoding that is still used.
fn text(value: &Any<'_>) -> Option<String> {
    match value.tag().0 {
        // UTF8String, NumericString, PrintableString, IA5String.
        12 | 18 | 19 | 22 => String::from_utf8(value.data.to_vec()).ok(),
        // BMPString.
        30 => {
            let units: Vec<u16> = value.data.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16(&units).ok().filter(|_| value.data.len().is_multiple_of(2))
        }
        _ => None,
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// One `type=value`, the separator after it, and what follows that.
fn attribute(text: &str) -> Option<(Attribute, Option<char>, &str)> {
    let (name, rest) = text.split_once('=')?;
    let kind = kind(name.trim())?;
    let rest = rest.trim_start_matches(' ');
    let (value, end, after) = if rest.starts_with('#') { of_octets(rest)? } else { of_text(rest)? };
    if value.is_empty() { None } else { Some(((kind, folded(&value)), end, after)) }
}

fn kind(name: &str) -> Option<String> {
    let known =
        TYPES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, number)| (*number).to_owned());
    // `E` is what OpenSSL and Windows write.
    let known = known.or_else(|| name.eq_ignore_ascii_case("e").then(|| "1.2.840.113549.1.9.1".to_owned()));
    let number = name.strip_prefix("OID.").unwrap_or(name);
    let is_number = number.contains('.') && number.split('.').all(|arc| arc.parse::<u64>().is_ok());
    known.or_else(|| is_number.then(|| number.to_owned()))
}

/// §2.4: the octets of the encoding in hexadecimal.
fn of_octets(written: &str) -> Option<(String, Option<char>, &str)> {
    let end = written.find([',', '+', ';']).unwrap_or(written.len());
    let (octets, after) = written.split_at(end);
    let der = crate::kernel::hex::decode(octets.strip_prefix('#')?.trim_end())?;
    let (left, value) = Any::from_der(&der).ok()?;
    let value = text(&value).filter(|_| left.is_empty())?;
    let mut rest = after.chars();
    let end = rest.next();
    Some((value, end, rest.as_str()))
}

/// §3: characters, some of them after a backslash, by themselves or as two hexadecimal digits of an octet.
fn of_text(written: &str) -> Option<(String, Option<char>, &str)> {
    let mut octets = Vec::new();
    let mut rest = written;
    loop {
        let mut characters = rest.chars();
        let Some(character) = characters.next() else { return Some((String::from_utf8(octets).ok()?, None, "")) };
        match character {
            ',' | ';' | '+' => return Some((String::from_utf8(octets).ok()?, Some(character), characters.as_str())),
            '"' | '<' | '>' | '\0' => return None,
            '\\' => rest = escaped(characters.as_str(), &mut octets)?,
            plain => {
                octets.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
                rest = characters.as_str();
            }
        }
    }
}

fn escaped<'a>(after: &'a str, octets: &mut Vec<u8>) -> Option<&'a str> {
    if let Some(pair) = after.get(..2).filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit())) {
        octets.push(u8::from_str_radix(pair, 16).ok()?);
        return after.get(2..);
    }
    let mut characters = after.chars();
    let special = characters.next().filter(|c| " \"#+,;<>=\\".contains(*c))?;
    octets.extend_from_slice(special.encode_utf8(&mut [0; 4]).as_bytes());
    Some(characters.as_str())
}
