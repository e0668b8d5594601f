//! The Merkle tree of RFC 6962: hashes, growth, and proofs.
//!
//! Nothing here knows where hashes are kept. What makes proofs asks for the roots of perfect subtrees; what checks
//! proofs needs nothing but the proof.

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of an entry.
pub fn leaf(entry: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

/// The hash over two subtrees.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// What a tree must remember to grow: the roots of its perfect subtrees, the largest first; one for each bit of its
/// size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// As it was kept by [`Frontier::bytes`]; none when the bytes do not fit the size.
    pub fn read(size: u64, bytes: &[u8]) -> Option<Self> {
        let (roots, rest) = bytes.as_chunks::<32>();
        (rest.is_empty() && roots.len() == size.count_ones() as usize).then(|| Self { size, roots: roots.to_vec() })
    }

    /// The roots one after the other, 32 bytes each.
    pub fn bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf. `grown` is told the level, the position among those of its level, and the root of every perfect
    /// subtree that is now whole, the leaf itself (level 0) first.
    pub fn push(&mut self, leaf: Hash, mut grown: impl FnMut(u32, u64, &Hash)) {
        let at = self.size;
        let mut root = leaf;
        grown(0, at, &root);
        for level in 1..=at.trailing_ones() {
            let Some(left) = self.roots.pop() else { break };
            root = node(&left, &root);
            grown(level, at >> level, &root);
        }
        self.roots.push(root);
        self.size += 1;
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        match roots.next() {
            None => Sha256::digest([]).into(),
            Some(last) => roots.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// The largest power of two below `n`, for `n` of at least 2.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// Gives the roots of perfect subtrees: 2^level leaves from leaf position × 2^level on.
pub trait Subtrees {
    type Error;
    fn perfect(&mut self, level: u32, position: u64) -> Result<Hash, Self::Error>;
}

/// The root over the leaves from `begin` to before `end`, where `begin` is a multiple of a power of two that is no
/// less than their number; so it is for every subtree that proofs are about.
fn subtree<S: Subtrees>(from: &mut S, begin: u64, end: u64) -> Result<Hash, S::Error> {
    let n = end - begin;
    if n.is_power_of_two() {
        let level = n.trailing_zeros();
        return from.perfect(level, begin >> level);
    }
    let k = split(n);
    let left = subtree(from, begin, begin + k)?;
    let right = subtree(from, begin + k, end)?;
    Ok(node(&left, &right))
}

/// The root of the tree of the first `size` leaves.
pub fn root<S: Subtrees>(from: &mut S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(Sha256::digest([]).into()) } else { subtree(from, 0, size) }
}

/// The audit path of a leaf (RFC 6962 2.1.1), from the leaf upwards. `n` is below `size`.
pub fn inclusion<S: Subtrees>(from: &mut S, n: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    let (mut begin, mut end) = (0, size);
    let mut path = Vec::new();
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if n < middle {
            path.push(subtree(from, middle, end)?);
            end = middle;
        } else {
            path.push(subtree(from, begin, middle)?);
            begin = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `first` leaves is how that of `second` began (RFC 6962 2.1.2). `first` is 1 to `second`;
/// nothing needs to be shown when it is `second`.
pub fn consistency<S: Subtrees>(from: &mut S, first: u64, second: u64) -> Result<Vec<Hash>, S::Error> {
    let mut path = Vec::new();
    if first == 0 || first == second {
        return Ok(path);
    }
    let (mut begin, mut end, mut known) = (0, second, true);
    // The part of the first tree below this subtree.
    let mut m = first;
    while m != end - begin {
        let k = split(end - begin);
        if m <= k {
            path.push(subtree(from, begin + k, end)?);
            end = begin + k;
        } else {
            path.push(subtree(from, begin, begin + k)?);
            begin += k;
            m -= k;
            known = false;
        }
    }
    if !known {
        path.push(subtree(from, begin, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether the path leads from the leaf at `n` to the root of the tree of `size` leaves. After RFC 9162 2.1.3.2, which
/// checks the proofs of RFC 6962.
pub fn includes(leaf: &Hash, n: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if n >= size {
        return false;
    }
    let (mut at, mut last) = (n, size - 1);
    let mut hash = *leaf;
    for other in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(other, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the path shows that the tree of `second` leaves began as that of `first`. After RFC 9162 2.1.4.2.
pub fn consistent(first: u64, first_root: &Hash, second: u64, second_root: &Hash, path: &[Hash]) -> bool {
    // Of an empty tree there is nothing to show.
    if first == 0 || first > second {
        return false;
    }
    if first == second {
        return path.is_empty() && first_root == second_root;
    }
    let (mut at, mut last) = (first - 1, second - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    // A first tree that is perfect is not repeated in the proof.
    let mut path = path.iter();
    let begin = if first.is_power_of_two() { Some(first_root) } else { path.next() };
    let Some(begin) = begin else { return false };
    let (mut one, mut two) = (*begin, *begin);
    for other in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            one = node(other, &one);
            two = node(other, &two);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            two = node(&two, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && one == *first_root && two == *second_root
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    /// Leaves in memory, and the definition of the RFC as it stands there.
    struct Leaves(Vec<Hash>);

    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            more => {
                let (left, right) = more.split_at(split(more.len() as u64) as usize);
                node(&defined(left), &defined(right))
            }
        }
    }

    impl Subtrees for Leaves {
        type Error = Infallible;
        fn perfect(&mut self, level: u32, position: u64) -> Result<Hash, Infallible> {
            let begin = (position << level) as usize;
            Ok(defined(&self.0[begin..begin + (1 << level)]))
        }
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("hexadecimal")).collect()
    }

    fn hash(text: &str) -> Hash {
        hex(text).try_into().expect("32 bytes")
    }

    /// The entries, roots and paths that Certificate Transparency publishes with its implementations.
    const ENTRIES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn published() -> Leaves {
        Leaves(ENTRIES.iter().map(|e| leaf(&hex(e))).collect())
    }

    #[test]
    fn the_published_roots() {
        let mut frontier = Frontier::default();
        assert_eq!(
            frontier.root(),
            hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            "the empty tree"
        );
        for (entry, expected) in ENTRIES.iter().zip(ROOTS) {
            frontier.push(leaf(&hex(entry)), |_, _, _| {});
            assert_eq!(frontier.root(), hash(expected), "{} entries", frontier.size());
            let kept = Frontier::read(frontier.size(), &frontier.bytes());
            assert_eq!(kept.as_ref(), Some(&frontier), "what was kept is read back");
        }
        assert_eq!(Frontier::read(3, &[0; 32]), None, "a frontier that does not fit its size");
    }

    #[test]
    fn the_published_paths() {
        let mut leaves = published();
        let path = |all: &[&str]| all.iter().map(|h| hash(h)).collect::<Vec<_>>();
        let expected = [
            (0, 1, path(&[])),
            (
                0,
                8,
                path(&[
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]),
            ),
            (
                5,
                8,
                path(&[
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]),
            ),
            (2, 3, path(&["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"])),
            (
                1,
                5,
                path(&[
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]),
            ),
        ];
        for (n, size, path) in expected {
            assert_eq!(inclusion(&mut leaves, n, size), Ok(path), "entry {n} of {size}");
        }
        let expected = [
            (1, 1, path(&[])),
            (
                1,
                8,
                path(&[
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]),
            ),
            (
                6,
                8,
                path(&[
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]),
            ),
            (
                2,
                5,
                path(&[
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]),
            ),
        ];
        for (first, second, path) in expected {
            assert_eq!(consistency(&mut leaves, first, second), Ok(path), "{first} to {second}");
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_nothing_else_does() {
        let mut leaves = Leaves((0..70_u8).map(|i| leaf(&[i])).collect());
        let roots: Vec<Hash> = (0..=70).map(|size| defined(&leaves.0[..size])).collect();
        for size in 1..=70_u64 {
            assert_eq!(root(&mut leaves, size), Ok(roots[size as usize]));
            for n in 0..size {
                let Ok(path) = inclusion(&mut leaves, n, size);
                let this = leaves.0[n as usize];
                assert!(includes(&this, n, size, &path, &roots[size as usize]), "{n} of {size}");
                for other in (0..=size).filter(|other| *other != n) {
                    assert!(!includes(&this, other, size, &path, &roots[size as usize]), "{n} as {other} of {size}");
                }
                let mut longer = path.clone();
                longer.push(this);
                assert!(!includes(&this, n, size, &longer, &roots[size as usize]));
                if let Some((_, shorter)) = path.split_last() {
                    assert!(!includes(&this, n, size, shorter, &roots[size as usize]));
                }
            }
            for first in 1..=size {
                let Ok(path) = consistency(&mut leaves, first, size);
                let (one, two) = (roots[first as usize], roots[size as usize]);
                assert!(consistent(first, &one, size, &two, &path), "{first} to {size}");
                assert!(!consistent(first, &roots[first as usize - 1], size, &two, &path));
                assert!(!consistent(0, &roots[0], size, &two, &path));
                let mut longer = path.clone();
                longer.push(one);
                assert!(!consistent(first, &one, size, &two, &longer));
                if let Some((_, shorter)) = path.split_last() {
                    assert!(!consistent(first, &one, size, &two, shorter));
                }
            }
        }
    }

    proptest! {
        /// A second implementation, written by others, makes the same trees and takes our proofs.
        #[test]
        fn another_implementation_agrees(size in 1_usize..300, n in any::<prop::sample::Index>(), first in any::<prop::sample::Index>()) {
            let mut theirs = ct_merkle::mem_backed_tree::MemoryBackedTree::<Sha256, Vec<u8>>::new();
            let mut ours = Frontier::default();
            let mut leaves = Leaves(Vec::new());
            let mut halfway = None;
            let first = first.index(size) + 1;
            for i in 0..size {
                let entry = i.to_be_bytes().to_vec();
                leaves.0.push(leaf(&entry));
                ours.push(leaf(&entry), |_, _, _| {});
                theirs.push(entry);
                if i + 1 == first {
                    halfway = Some(theirs.root());
                }
            }
            let (one, other) = (ours.root(), theirs.root());
            prop_assert_eq!(one.as_slice(), other.as_bytes().as_slice());
            let n = n.index(size);
            let Ok(path) = inclusion(&mut leaves, n as u64, size as u64);
            let their_path = theirs.prove_inclusion(n);
            prop_assert_eq!(path.concat(), their_path.as_bytes().to_vec());
            if first < size {
                let Ok(path) = consistency(&mut leaves, first as u64, size as u64);
                let their_path = theirs.prove_consistency(size - first);
                prop_assert_eq!(path.concat(), their_path.as_bytes().to_vec());
                prop_assert!(theirs.root().verify_consistency(&halfway.expect("a root halfway"), &their_path).is_ok());
            }
        }

        #[test]
        fn a_proof_with_any_bit_flipped_is_refused(size in 2_u64..200, n in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>()) {
            let mut leaves = Leaves((0..size).map(|i| leaf(&i.to_be_bytes())).collect());
            let whole = defined(&leaves.0);
            let n = n.index(size as usize) as u64;
            let Ok(mut path) = inclusion(&mut leaves, n, size);
            let bit = bit.index(path.len() * 256);
            path[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            prop_assert!(!includes(&leaves.0[n as usize], n, size, &path, &whole));
        }
    }
}
