use std::collections::BTreeMap;

use super::input::Reply;
use crate::engine::RequestNo;

/// The callers that wait for an answer, by number.
#[derive(Default)]
pub(super) struct Requests {
    last: u64,
    waiting: BTreeMap<RequestNo, Reply>,
}

impl Requests {
    pub(super) fn add(&mut self, reply: Reply) -> RequestNo {
        self.last += 1;
        let request = RequestNo(self.last);
        self.waiting.insert(request, reply);
        request
    }

    pub(super) fn take(&mut self, request: RequestNo) -> Option<Reply> {
        self.waiting.remove(&request)
    }
}
