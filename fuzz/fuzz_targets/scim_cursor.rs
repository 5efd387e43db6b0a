#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    chamberlain_fuzz::scim_cursor(octets);
});
