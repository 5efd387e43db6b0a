use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::distinguished::DistinguishedName;
use super::*;

fn same(one: &str, other: &str) -> bool {
    let (one, other) = (DistinguishedName::parse(one), DistinguishedName::parse(other));
    one.is_some() && one == other
}

/// RFC 4514 §4: its examples, and other ways to write the same names.
#[test]
fn names_that_are_written_differently_are_the_same() {
    for (one, other) in [
        ("UID=jsmith,DC=example,DC=net", "uid=JSmith, dc=example ; DC=net"),
        ("OU=Sales+CN=J.  Smith,DC=example,DC=net", "CN=J. Smith+OU=sales,DC=example,DC=net"),
        ("CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net", "CN=James \\22Jim\\22 Smith\\2C III,DC=example,DC=net"),
        ("CN=Before\\0dAfter,DC=example", "CN=Before After,DC=example"),
        ("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#0c024869"),
        ("CN=Lu\\C4\\8Di\\C4\\87", "CN=Lučić"),
        ("2.5.4.97=PSDDE-BAFIN-123456", "organizationIdentifier=psdde-bafin-123456"),
        ("E=a@bank.example", "emailAddress=#160e614062616e6b2e6578616d706c65"),
    ] {
        let odd = one.contains("#0402");
        assert_eq!(same(one, other), !odd, "{one} {other}");
    }
    for (one, other) in [("CN=a,O=b", "O=b,CN=a"), ("CN=a,O=b", "CN=a+O=b"), ("CN=a", "CN=a,CN=a"), ("CN=ab", "CN=a b")]
    {
        assert!(!same(one, other), "{one} {other}");
    }
}

/// What is no name is none, and nothing panics.
#[test]
fn odd_names_are_none() {
    let long = ["CN=a"; 41].join(",");
    for odd in [
        "",
        "a",
        "=",
        "CN=",
        "CN",
        "=a",
        "CN=a,",
        ",CN=a",
        "CN=a,,O=b",
        "CN=a+",
        "X=a",
        "CN=#",
        "CN=#0",
        "CN=#zz",
        "CN=#0c",
        "CN=#0c0561",
        "CN=a\\",
        "CN=a\\x",
        "CN=a\\f",
        "CN=\\ff",
        "CN=\"a\"",
        "CN=a<b",
        "CN=a\0",
        "1.2.x=a",
        "é=a",
        "CN=\\é",
        &long,
    ] {
        assert!(DistinguishedName::parse(odd).is_none(), "{odd:?}");
    }
}

#[test]
fn a_registered_name_is_one_name_of_its_kind() {
    let name = |kind: &str, text: &str| CertificateName::of(kind, text.to_owned()).unwrap().check().is_ok();
    for (kind, good) in [
        ("subject_dn", "CN=imas"),
        ("san_dns", "imas.bank-a.example"),
        ("san_uri", "urn:bank-a:imas"),
        ("san_ip", "2001:db8::7"),
        ("san_email", "imas@bank-a.example"),
    ] {
        assert!(name(kind, good), "{kind} {good}");
        assert!(!name(kind, "") && !name(kind, &"a.".repeat(600)), "{kind}");
    }
    for (kind, odd) in [
        ("subject_dn", "imas"),
        ("san_dns", "*.bank-a.example"),
        ("san_dns", "a..b"),
        ("san_uri", "imas"),
        ("san_ip", "192.0.2.0/24"),
        ("san_email", "bank-a.example"),
        ("san_email", "@bank-a.example"),
    ] {
        assert!(!name(kind, odd), "{kind} {odd}");
    }
    assert!(CertificateName::of("subject", String::new()).is_none());
}

/// RFC 9440 §A: the certificate of its example, and what is none.
#[test]
fn what_is_no_certificate_is_refused() {
    let der = STANDARD.decode(EXAMPLE).unwrap();
    let read = ClientCertificate::read(der.clone(), Vec::new()).unwrap();
    let name = |text: &str| read.is_named(&CertificateName::SubjectDn(text.to_owned()));
    assert!(name("CN=BC") && !name("CN=Let's Authenticate Intermediate CA,O=Let's Authenticate"));
    for cut in 0..der.len() {
        assert!(ClientCertificate::read(der[..cut].to_vec(), Vec::new()).is_err(), "{cut}");
    }
    for odd in [[der.as_slice(), &[0]].concat(), vec![0x30; LONGEST + 1], b"-----BEGIN".to_vec()] {
        assert!(ClientCertificate::read(odd, Vec::new()).is_err());
    }
    assert!(ClientCertificate::read(der.clone(), vec![der.clone(); MAX_CHAIN + 1]).is_err());
    // Whatever one octet is changed to, nothing panics.
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 0x55;
        if let Ok(read) = ClientCertificate::read(changed, Vec::new()) {
            let _named = read.is_named(&CertificateName::SanDns("x".to_owned()));
            let _key = read.is_one_of([json!({"kty": "EC"}).as_object().unwrap().clone()].iter());
        }
    }
}

/// RFC 9440 §A.1.
const EXAMPLE: &str = "MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=";
