use bytes::Bytes;

use super::Connection;
use crate::{
    call::{CallId, RequestHeader, ResponseTo},
    frame::FrameError,
    server::{Action, IncomingCall},
};

impl Connection {
    /// The next packet, and whether it came wrapped.
    pub(super) fn next_packet(&mut self) -> Result<Option<(Bytes, bool)>, FrameError> {
        if let Some(unwrapper) = &mut self.unwrapper
            && let Some(packet) = unwrapper.next_packet()?
        {
            return Ok(Some((packet, true)));
        }
        Ok(self.packets.next_frame()?.map(|packet| (packet, false)))
    }

    pub(super) fn accept_packet(&mut self, mut packet: Bytes, wrapped: bool) {
        let header = match RequestHeader::split(&mut packet) {
            Ok(header) => header,
            Err(reason) => {
                let to = ResponseTo::connection(CallId::CONNECTION);
                return self.fail_decoding(&to, "RpcRequestHeaderProto", &reason);
            }
        };
        if let Err(error) = header.check() {
            return self.break_rules(&header, error.to_string());
        }
        if self.unwrapper.is_some() && !wrapped && header.call_id != CallId::SASL {
            // Java would take it, and with it anything injected into a protected connection.
            return self.break_rules(&header, "Packet is not wrapped");
        }
        match header.call_id {
            CallId(0..) => self.accept_call(&header, packet),
            CallId::CONTEXT => self.accept_context(&header, packet),
            CallId::SASL => self.accept_sasl(&header, packet, wrapped),
            CallId::PING => {}
            CallId(other) => {
                self.break_rules(&header, format!("Unknown out of band call #{other}"));
            }
        }
    }

    fn accept_call(&mut self, header: &RequestHeader, body: Bytes) {
        let Some(caller) = self.caller.clone() else {
            return self.break_rules(header, "Connection context not established");
        };
        match header.check_kind() {
            Err(error) => self.break_rules(header, error.to_string()),
            Ok(()) => {
                let to = ResponseTo::call(header);
                self.actions.push_back(Action::Dispatch(IncomingCall { to, body, caller }));
            }
        }
    }
}
