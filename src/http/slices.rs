//! A large answer is given out piece by piece, as it is taken: who asks and does not read costs a piece of it, and not a copy
//! of the whole.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Bytes;

/// How large a piece is: what the server keeps ready for a connection.
const PIECE: usize = 32 * 1024;

struct Slices(Bytes);

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let left = &mut self.get_mut().0;
        if left.is_empty() {
            return Poll::Ready(None);
        }
        let next = left.len().min(PIECE);
        Poll::Ready(Some(Ok(left.split_to(next))))
    }
}

/// Gives out what is larger than a piece in pieces.
pub async fn in_slices(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| {
        if !matches!(body.size(), BodySize::Sized(size) if size > PIECE as u64) {
            return BoxBody::new(body);
        }
        match body.try_into_bytes() {
            Ok(bytes) => BoxBody::new(Slices(bytes)),
            Err(body) => BoxBody::new(body),
        }
    }))
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[test]
    fn in_pieces_it_is_what_it_was() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 7] {
            let whole: Vec<u8> = (0..size).map(|n| n as u8).collect();
            let slices = Slices(Bytes::from(whole.clone()));
            assert_eq!(slices.size(), BodySize::Sized(size as u64));
            let told = actix_web::rt::System::new().block_on(to_bytes(slices));
            assert_eq!(told.map(|bytes| bytes.to_vec()), Ok(whole));
        }
    }
}
