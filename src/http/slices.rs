//! A large answer is given out piece by piece, as it is taken: who asks and does not read costs a piece of it, and not a copy
//! of the whole.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

use crate::limits::OnItsWay;

/// How large a piece is: what the server keeps ready for a connection.
const PIECE: usize = 32 * 1024;

/// The content of a large answer, on its way to a client.
pub struct Slices {
    left: Bytes,
    _on_its_way: Option<OnItsWay>,
}

impl Slices {
    pub fn new(whole: Bytes, on_its_way: Option<OnItsWay>) -> Self {
        Self { left: whole, _on_its_way: on_its_way }
    }
}

/// Whether an answer is larger than a piece, or nobody knows how large it is.
pub fn is_large(body: &impl MessageBody) -> bool {
    match body.size() {
        BodySize::Sized(size) => size > PIECE as u64,
        BodySize::Stream => true,
        BodySize::None => false,
    }
}

/// What is sent as it is read, on its way to a client.
pub struct Held<B> {
    body: B,
    _on_its_way: Option<OnItsWay>,
}

impl<B> Held<B> {
    pub fn new(body: B, on_its_way: Option<OnItsWay>) -> Self {
        Self { body, _on_its_way: on_its_way }
    }
}

impl<B: MessageBody + Unpin> MessageBody for Held<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, c: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(c)
    }
}

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.left.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let left = &mut self.get_mut().left;
        if left.is_empty() {
            return Poll::Ready(None);
        }
        let next = left.len().min(PIECE);
        Poll::Ready(Some(Ok(left.split_to(next))))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[test]
    fn in_pieces_it_is_what_it_was() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 7] {
            let whole: Vec<u8> = (0..size).map(|n| n as u8).collect();
            let slices = Slices::new(Bytes::from(whole.clone()), None);
            assert_eq!(slices.size(), BodySize::Sized(size as u64));
            let told = actix_web::rt::System::new().block_on(to_bytes(slices));
            assert_eq!(told.map(|bytes| bytes.to_vec()), Ok(whole));
        }
    }
}
