//! Which addresses of the internet belong to everyone: only to these does the register send of its own accord.
//!
//! What is not plainly public is refused: private networks, this machine, its neighbours on the link, the clouds' own
//! services, examples, benchmarks, multicast, and whatever is set aside or not given out. The tables follow IANA's
//! registries of special-purpose addresses (RFC 6890 and later). Of IPv6 only what has been given out as global
//! unicast, `2000::/3`, can be public at all, so an IPv4 address in IPv6 clothes (mapped, compatible, translated) is
//! refused without being looked for, with one exception: where a network has no IPv4, every IPv4 host is reached
//! through NAT64, and then it is the IPv4 address inside that is judged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where a request is from, as it is counted: an address, or the network of one of IPv6.
pub fn place(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
    }
}

/// A block of IPv4 addresses: its first address and how many bits all of it share.
type Block4 = ([u8; 4], u32);
/// The same of IPv6.
type Block6 = ([u16; 8], u32);

/// Not public, of IPv4.
const SPECIAL_V4: &[Block4] = &[
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // shared, behind the operator's NAT
    ([127, 0, 0, 0], 8),      // this machine
    ([168, 63, 129, 16], 32), // no IANA block: the host's own service to its guests in one of the great clouds
    ([169, 254, 0, 0], 16),   // link-local; the clouds' metadata, too
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 31, 196, 0], 24),  // AS112
    ([192, 52, 193, 0], 24),  // AMT
    ([192, 88, 99, 0], 24),   // relays of 6to4, and more lately of nobody
    ([192, 168, 0, 0], 16),   // private
    ([192, 175, 48, 0], 24),  // AS112
    ([198, 18, 0, 0], 15),    // benchmarks
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, and broadcast at its end
];

/// Given out as global unicast: all that can be public of IPv6.
const GLOBAL_V6: Block6 = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Not public, of IPv6 within [`GLOBAL_V6`].
const SPECIAL_V6: &[Block6] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // protocol assignments: Teredo, benchmarks, ORCHID and others
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32), // documentation
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4, with an IPv4 address inside
    ([0x2620, 0x004f, 0x8000, 0, 0, 0, 0, 0], 48), // AS112
    ([0x3ffe, 0, 0, 0, 0, 0, 0, 0], 16), // the 6bone, given back
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation
];

/// NAT64's well-known prefix: the last 32 bits are an IPv4 address.
const NAT64: Block6 = ([0x0064, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// May anyone on the internet have this address, and nobody nearer?
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) if within_v6(v6, NAT64) => {
            let [.., a, b, c, d] = v6.octets();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        IpAddr::V6(v6) => within_v6(v6, GLOBAL_V6) && !SPECIAL_V6.iter().any(|block| within_v6(v6, *block)),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !SPECIAL_V4.iter().any(|(first, shared)| (bits ^ u32::from_be_bytes(*first)) >> (32 - shared) == 0)
}

fn within_v6(address: Ipv6Addr, (first, shared): Block6) -> bool {
    (address.to_bits() ^ Ipv6Addr::from(first).to_bits()) >> (128 - shared) == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap_or_else(|_| panic!("{text} is no address")))
    }

    /// First and last of each block of IANA's registry for IPv4, and its neighbours where they are public.
    #[test]
    fn ipv4() {
        for (block, inside, outside) in [
            ("0.0.0.0/8", ["0.0.0.0", "0.255.255.255"], vec!["1.0.0.0"]),
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], vec!["9.255.255.255", "11.0.0.0"]),
            ("100.64.0.0/10", ["100.64.0.0", "100.127.255.255"], vec!["100.63.255.255", "100.128.0.0"]),
            ("127.0.0.0/8", ["127.0.0.0", "127.255.255.255"], vec!["126.255.255.255", "128.0.0.0"]),
            ("168.63.129.16/32", ["168.63.129.16"; 2], vec!["168.63.129.15", "168.63.129.17"]),
            ("169.254.0.0/16", ["169.254.0.0", "169.254.255.255"], vec!["169.253.255.255", "169.255.0.0"]),
            ("169.254.169.254", ["169.254.169.254"; 2], vec![]),
            ("172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], vec!["172.15.255.255", "172.32.0.0"]),
            ("192.0.0.0/24", ["192.0.0.0", "192.0.0.255"], vec!["191.255.255.255", "192.0.1.0"]),
            ("192.0.2.0/24", ["192.0.2.0", "192.0.2.255"], vec!["192.0.1.255", "192.0.3.0"]),
            ("192.31.196.0/24", ["192.31.196.0", "192.31.196.255"], vec!["192.31.195.255", "192.31.197.0"]),
            ("192.52.193.0/24", ["192.52.193.0", "192.52.193.255"], vec!["192.52.192.255", "192.52.194.0"]),
            ("192.88.99.0/24", ["192.88.99.0", "192.88.99.255"], vec!["192.88.98.255", "192.88.100.0"]),
            ("192.168.0.0/16", ["192.168.0.0", "192.168.255.255"], vec!["192.167.255.255", "192.169.0.0"]),
            ("192.175.48.0/24", ["192.175.48.0", "192.175.48.255"], vec!["192.175.47.255", "192.175.49.0"]),
            ("198.18.0.0/15", ["198.18.0.0", "198.19.255.255"], vec!["198.17.255.255", "198.20.0.0"]),
            ("198.51.100.0/24", ["198.51.100.0", "198.51.100.255"], vec!["198.51.99.255", "198.51.101.0"]),
            ("203.0.113.0/24", ["203.0.113.0", "203.0.113.255"], vec!["203.0.112.255", "203.0.114.0"]),
            ("224.0.0.0/4", ["224.0.0.0", "239.255.255.255"], vec!["223.255.255.255"]),
            ("240.0.0.0/4", ["240.0.0.0", "255.255.255.255"], vec![]),
        ] {
            assert!(inside.iter().all(|a| !public(a)), "{block} is not public");
            assert!(outside.iter().all(|a| public(a)), "{outside:?} beside {block} are public");
        }
        assert!(["8.8.8.8", "1.1.1.1", "192.36.148.17", "130.237.0.1"].iter().all(|a| public(a)));
    }

    #[test]
    fn ipv6() {
        for special in [
            "::",
            "::1",
            // IPv4 in IPv6 clothes: mapped, compatible, translated; public inside or not.
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:8.8.8.8",
            "::ffff:0:127.0.0.1",
            "::127.0.0.1",
            "::8.8.8.8",
            // NAT64: the well-known prefix with what is not public inside, and the prefix for local use.
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.1.2.3",
            "64:ff9b::169.254.169.254",
            "64:ff9b::192.168.0.1",
            "64:ff9b::0.0.0.0",
            "64:ff9b::255.255.255.255",
            "64:ff9b:0:0:1::8.8.8.8",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
            "100::",
            "100::1",
            "100:0:0:1::",
            // Teredo, benchmarks, AMT, ORCHID, DRIP.
            "2001::1",
            "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:1::1",
            "2001:2::",
            "2001:3::1",
            "2001:4:112::1",
            "2001:10::1",
            "2001:20::1",
            "2001:30::1",
            "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            // 6to4: private, this machine, and public inside.
            "2002:0a00:0001::1",
            "2002:7f00:0001::1",
            "2002:c0a8:0001::1",
            "2002:808:808::1",
            "2620:4f:8000::1",
            "3ffe::1",
            "3fff::",
            "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
            "4000::",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fe80::1",
            "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fec0::1",
            "ff02::1",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ] {
            assert!(!public(special), "{special} is not public");
        }
        for address in [
            "2001:200::1",
            "2001:db7:ffff::1",
            "2001:db9::1",
            "2001:6b0::1",
            "2003::1",
            "2606:4700:4700::1111",
            "2620:4f:7fff::1",
            "2a00:1450:400f:80d::200e",
            "3ffd::1",
            "3fff:1000::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(public(address), "{address} is public");
        }
    }

    proptest! {
        /// No IPv4 address that is not public becomes so in other clothes.
        #[test]
        fn clothes_make_nobody_public(bits in any::<u32>(), rest in any::<u64>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let [a, b] = [(bits >> 16) as u16, bits as u16];
            prop_assert!(!is_public(IpAddr::V6(v4.to_ipv6_mapped())));
            let compatible = Ipv6Addr::new(0, 0, 0, 0, 0, 0, a, b);
            prop_assert!(!is_public(IpAddr::V6(compatible)));
            let nat64 = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b);
            prop_assert_eq!(is_public(IpAddr::V6(nat64)), is_public(IpAddr::V4(v4)));
            let [c, d, e, f] = [(rest >> 48) as u16, (rest >> 32) as u16, (rest >> 16) as u16, rest as u16];
            prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::new(0x2002, a, b, c, d, e, f, 0))));
            prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::new(0x2001, 0, c, d, e, f, a, b))));
            prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 1, c, d, e, a, b))));
        }

        /// What the standard library knows to be special, we know too.
        #[test]
        fn the_standard_library_agrees(bits in any::<u32>(), wide in any::<u128>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast()
                || v4.is_documentation() || v4.is_multicast() || v4.is_unspecified();
            prop_assert!(!(special && is_public(IpAddr::V4(v4))));
            let v6 = Ipv6Addr::from_bits(wide);
            let special = v6.is_loopback() || v6.is_multicast() || v6.is_unicast_link_local() || v6.is_unique_local()
                || v6.is_unspecified();
            prop_assert!(!(special && is_public(IpAddr::V6(v6))));
        }
    }
}
