//! Whose `X-Forwarded-For` is believed.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;

/// Networks of the reverse proxies in front of us. Empty: the socket's peer is the client.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<Network>);

/// A network in CIDR notation (RFC 4632 §3.1), or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// Why an address is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// Not an address or a network.
    #[error("is not an IP address or a network like 10.0.0.0/8")]
    Network,
    /// A trusted proxy sent a header that cannot be read.
    #[error("`X-Forwarded-For` cannot be read")]
    Header,
}

impl FromStr for Network {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let (address, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| ProxyError::Network)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), str::parse).map_err(|_| ProxyError::Network)?;
        if prefix > longest { Err(ProxyError::Network) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    fn contains(self, ip: IpAddr) -> bool {
        match (self.address, ip.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                same_prefix(u128::from(network.to_bits()) << 96, u128::from(ip.to_bits()) << 96, self.prefix)
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => same_prefix(network.to_bits(), ip.to_bits(), self.prefix),
            _ => false,
        }
    }
}

fn same_prefix(left: u128, right: u128, prefix: u32) -> bool {
    prefix == 0 || (left ^ right).checked_shr(128 - prefix).unwrap_or(0) == 0
}

impl TrustedProxies {
    /// From networks.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// The client behind `peer`: the last address of `X-Forwarded-For` that is not a trusted proxy itself. The header of
    /// anybody else is ignored; one of a trusted proxy that cannot be read is an error, never a guess.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Result<IpAddr, ProxyError> {
        let trusted = |ip: IpAddr| self.0.iter().any(|network| network.contains(ip));
        if !trusted(peer) {
            return Ok(peer);
        }
        let mut client = peer;
        for value in headers.get_all("x-forwarded-for").iter().rev() {
            let value = value.to_str().map_err(|_| ProxyError::Header)?;
            for hop in value.rsplit(',') {
                client = hop.trim().parse().map_err(|_| ProxyError::Header)?;
                if !trusted(client) {
                    return Ok(client);
                }
            }
        }
        Ok(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", value.parse().unwrap());
        headers
    }

    #[test]
    fn only_a_trusted_proxy_may_name_the_client() {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]);
        let (proxy, stranger) = ("10.1.2.3".parse().unwrap(), "203.0.113.9".parse().unwrap());
        let client = "198.51.100.7".parse().unwrap();
        assert_eq!(proxies.client(proxy, &headers("1.1.1.1, 198.51.100.7, 10.9.9.9")), Ok(client));
        assert_eq!(proxies.client(stranger, &headers("198.51.100.7")), Ok(stranger));
        assert_eq!(proxies.client(proxy, &headers("unknown")), Err(ProxyError::Header));
        assert_eq!(proxies.client(proxy, &HeaderMap::new()), Ok(proxy));
    }

    #[test]
    fn networks_are_read_strictly() {
        assert!("10.0.0.0/33".parse::<Network>().is_err());
        assert!("example.org".parse::<Network>().is_err());
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("8.8.8.8".parse().unwrap()));
        assert!(!"2001:db8::/32".parse::<Network>().unwrap().contains("2001:db9::1".parse().unwrap()));
    }
}
