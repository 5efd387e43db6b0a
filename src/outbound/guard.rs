//! To which addresses a call may go. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::kernel::network::Network;

/// The port of https: the only one outside the networks of the operator.
const HTTPS: u16 = 443;

/// Why no call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Cannot be read, or names nobody.
    #[error("the address cannot be read")]
    Unreadable,
    /// Not https; plain http is for networks that the operator allows.
    #[error("only https is called")]
    Scheme,
    /// Another port than 443; others are for networks that the operator allows.
    #[error("only port 443 is called")]
    Port,
    /// An address of our own network, or of none.
    #[error("the address is not a public one")]
    Address,
}

/// The rule.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Vec<Network>,
}

impl Guard {
    /// Public addresses, and these networks.
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// Judges an address as written. What a name leads to is judged once it is known.
    pub fn check(&self, url: &Url) -> Result<(), Refused> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Unreadable);
        }
        let literal = match url.host() {
            None => return Err(Refused::Unreadable),
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        };
        if let Some(ip) = literal {
            self.reach(ip)?;
        }
        // A name may lead into an allowed network: where it does not, `reached` refuses scheme and port.
        match url.scheme() {
            "https" => {}
            "http" if literal.is_none_or(|ip| self.is_allowed(ip)) && !self.allowed.is_empty() => {}
            _ => return Err(Refused::Scheme),
        }
        match (url.port_or_known_default(), literal) {
            (Some(HTTPS), _) => Ok(()),
            (_, Some(ip)) if self.is_allowed(ip) => Ok(()),
            (_, None) if !self.allowed.is_empty() => Ok(()),
            _ => Err(Refused::Port),
        }
    }

    /// Judges an address that a name leads to; outside the allowed networks it is called by https on its port alone.
    pub fn reached(&self, ip: IpAddr, plain: bool) -> Result<(), Refused> {
        if plain && !self.is_allowed(ip) { Err(Refused::Scheme) } else { self.reach(ip) }
    }

    fn reach(&self, ip: IpAddr) -> Result<(), Refused> {
        if self.is_allowed(ip) || is_public(ip) { Ok(()) } else { Err(Refused::Address) }
    }

    fn is_allowed(&self, ip: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(ip))
    }
}

/// Whether an address is one of the public Internet (RFC 6890 and its registries). IPv4 in any dress of IPv6 is not: nobody
/// who is to be called is written like that.
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Global unicast is 2000::/3; in it: protocol assignments with Teredo (2001::/23), documentation, 6to4.
    (a & 0xe000) == 0x2000
        && !(a == 0x2001 && b < 0x0200)
        && !(a == 0x2001 && b == 0x0db8)
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(guard: &Guard, url: &str) -> Result<(), Refused> {
        guard.check(&Url::parse(url).unwrap())
    }

    /// OA-21, IN-07: addresses of our own network in every dress.
    #[test]
    fn oa_21_no_address_of_our_own_network_is_called() {
        let guard = Guard::default();
        assert_eq!(checked(&guard, "https://app.example/bcl"), Ok(()));
        assert_eq!(checked(&guard, "https://93.184.216.34/bcl"), Ok(()));
        assert_eq!(checked(&guard, "https://[2606:2800:220:1::1]/bcl"), Ok(()));
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "203.0.113.5",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[::7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[2001:db8::1]",
        ] {
            assert_eq!(checked(&guard, &format!("https://{host}/bcl")), Err(Refused::Address), "{host}");
        }
    }

    /// IN-07: https on its own port; anything else only where the operator allows the network.
    #[test]
    fn in_07_other_schemes_and_ports_are_for_allowed_networks() {
        let guard = Guard::default();
        assert_eq!(checked(&guard, "http://app.example/bcl"), Err(Refused::Scheme));
        assert_eq!(checked(&guard, "ftp://app.example/bcl"), Err(Refused::Scheme));
        assert_eq!(checked(&guard, "https://app.example:8443/bcl"), Err(Refused::Port));
        assert_eq!(checked(&guard, "https://app.example@10.0.0.1/"), Err(Refused::Unreadable));
        let guard = Guard::new(vec!["10.1.0.0/16".parse().unwrap()]);
        assert_eq!(checked(&guard, "http://10.1.2.3:8080/bcl"), Ok(()));
        assert_eq!(checked(&guard, "http://10.2.2.3:8080/bcl"), Err(Refused::Address));
        assert_eq!(checked(&guard, "https://93.184.216.34:8443/"), Err(Refused::Port));
        assert_eq!(guard.reached("10.1.2.3".parse().unwrap(), true), Ok(()));
        assert_eq!(guard.reached("93.184.216.34".parse().unwrap(), true), Err(Refused::Scheme));
        assert_eq!(guard.reached("10.2.2.3".parse().unwrap(), false), Err(Refused::Address));
    }
}
