//! Hashes that other programs made: Python's `hashlib`, libxcrypt, the reference implementation of argon2.

use super::*;

const PASSWORD: &str = "three grey herons";

const OF_OTHERS: [&str; 10] = [
    "$2b$06$abcdefghijklmnopqrstuuaAo1r2OnRQaqARE3HXaoaFJKTTIvIdW",
    "$2y$05$CCCCCCCCCCCCCCCCCCCCC.Zcp33NiaStE3NgZfdPVc5bbnJR8mbwm",
    "bcrypt$$2b$06$abcdefghijklmnopqrstuuaAo1r2OnRQaqARE3HXaoaFJKTTIvIdW",
    "$pbkdf2-sha1$i=1000,l=20$MDEyMzQ1Njc4OWFiY2RlZg$GYzXOFAg3HDEd8guvjNOHYidmvM",
    "$pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$/8x/+rYJ+//qhy2k8H7MPOl7w/LVV6a6Vzsf2OJ45xo",
    "$pbkdf2-sha512$i=1000,l=64$MDEyMzQ1Njc4OWFiY2RlZg$59geTNckvI+K4orriz9soil/qVIYma/e5kTsooJTCQnW/rKQ1lTMvNs7ePu1mrX3lo09YO5pyZciZWFTTkyczA",
    "pbkdf2_sha256$1000$saltOfDjango$jGEUJUNXDjV7DNooQv5kR+82fB7WP9Q50bF0CACrWa0=",
    "$pbkdf2-sha512$1000$./v7./v7./v7./v7./v7.w$op80X.6VqaNkBbPnk0yhscHfZVYKmdZETBuQ.g1lm4Xq/rkmfKAuAfewrddwyHDBXlmuWTfS3GUE2Td0dUUsAA",
    "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Wa1l0B0U26EVO3exvTx0H9nrx94qp4grapS2BPIyzS4",
    "scrypt$saltOfDjango$1024$8$1$OIG+z0XtH7RU8JdYU6jILPj2E1MvQFep0MFFGMLt+qk+goT+ie3hulOVU1VPMkKvb+/vA5komhpV5i6s6l3JxA==",
];

#[test]
fn hashes_that_other_programs_made_are_compared() {
    for text in OF_OTHERS {
        let read = ForeignHash::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(read.matches(PASSWORD), "{text}");
        assert!(!read.matches("three grey heron"), "{text}");
        assert!(!read.matches(""), "{text}");
        assert!(!format!("{read:?}").contains('/') && format!("{read:?}").len() < 60, "no salt in a log: {read:?}");
    }
    for text in [
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "argon2$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
    ] {
        let read = ForeignHash::parse(text).unwrap();
        assert!(read.matches("password") && !read.matches("Password"), "{text}");
    }
}

#[test]
fn what_is_kept_reads_back_as_the_same() {
    for text in OF_OTHERS {
        let read = ForeignHash::parse(text).unwrap();
        let kept = ForeignHash::parse(&read.to_string()).unwrap();
        assert_eq!(kept, read, "{text}");
        assert_eq!(kept.to_string(), read.to_string());
    }
}

/// IN-11: nobody brings in a row by which a sign-in costs minutes or gigabytes; and what is no hash is none.
#[test]
fn in_11_what_is_too_expensive_or_no_hash_is_refused() {
    let salt_and_hash = "c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    for parameters in [
        "$argon2id$v=19$m=4194304,t=1,p=1",
        "$argon2id$v=19$m=65536,t=4000,p=1",
        "$pbkdf2-sha256$i=4000000000",
        "$pbkdf2-sha256$i=0",
        "$pbkdf2-sha1$i=1100000",
        "$scrypt$ln=25,r=8,p=1",
        "$scrypt$ln=63,r=4294967295,p=1",
        "$scrypt$ln=16,r=8,p=4000",
        "$scrypt$ln=10,r=0,p=1",
    ] {
        let text = format!("{parameters}${salt_and_hash}");
        assert_eq!(ForeignHash::parse(&text), Err(ForeignHashError::TooExpensive), "{text}");
    }
    let costly = "$2b$31$abcdefghijklmnopqrstuuaAo1r2OnRQaqARE3HXaoaFJKTTIvIdW";
    assert_eq!(ForeignHash::parse(costly), Err(ForeignHashError::TooExpensive));
    for text in [
        "",
        "three grey herons",
        "$",
        "$$$$",
        "{SSHA}MDEyMzQ1Njc4OWFiY2RlZg==",
        "$1$abc$defghijklmnop",
        "$2b$06$short",
        "$2b$xx$abcdefghijklmnopqrstuuaAo1r2OnRQaqARE3HXaoaFJKTTIvIdW",
        "$pbkdf2-md5$i=1000,l=16$MDEy$MDEyMzQ1Njc4OWFiY2RlZg",
        "$pbkdf2-sha256$i=1000,l=64$MDEyMzQ1Njc4OWFiY2RlZg$/8x/+rYJ+//qhy2k8H7MPOl7w/LVV6a6Vzsf2OJ45xo",
        "$pbkdf2-sha256$i=1000$MDEy$AA",
        "$argon2id$v=19$m=256,t=0,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "$argon2id$v=19$m=256,t=2,p=2$c2FsdA$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "$argon2id$v=19$m=256,t=2,p=2,keyid=abc$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "$scrypt$ln=16,r=1,p=1$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "scrypt$salt$1000$8$1$OIG+z0XtH7RU8JdYU6jILA==",
        "$argon2id$v=18$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
    ] {
        assert_eq!(ForeignHash::parse(text), Err(ForeignHashError::Unknown), "{text}");
    }
    let long = format!("$pbkdf2-sha256$i=1000${}$AA", "A".repeat(100_000));
    assert_eq!(ForeignHash::parse(&long), Err(ForeignHashError::Unknown));
}

#[test]
fn the_parts_that_other_exports_have_make_the_same_hash() {
    let of = |prf| ForeignHash::pbkdf2(prf, 1_000, b"0123456789abcdef".to_vec(), vec![0; 32]).unwrap().scheme();
    assert_eq!(of(Prf::Sha256), "pbkdf2-sha256$i=1000,l=32");
    let argon2 = ForeignHash::argon2("id", (256, 2, 1), b"somesalt".to_vec(), vec![0; 32]).unwrap();
    assert_eq!(argon2.scheme(), "argon2id$v=19$m=256,t=2,p=1");
    assert!(ForeignHash::argon2("x", (256, 2, 1), vec![1; 8], vec![0; 32]).is_err());
}
