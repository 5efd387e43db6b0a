//! Whose `X-Forwarded-For` is believed.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::kernel::network::Network;

/// Networks of the reverse proxies in front of us. Empty: the socket's peer is the client.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<Network>);

/// Why an address is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// A trusted proxy sent a header that cannot be read.
    #[error("`X-Forwarded-For` cannot be read")]
    Header,
}

impl TrustedProxies {
    /// From networks.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether an address is that of a proxy of ours.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(peer))
    }

    /// The client behind `peer`: the last address of `X-Forwarded-For` that is not a trusted proxy itself. The header of
    /// anybody else is ignored; one of a trusted proxy that cannot be read is an error, never a guess.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Result<IpAddr, ProxyError> {
        let trusted = |ip: IpAddr| self.trusts(ip);
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
}
