use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::server::{
    Call, CallError, Caller, Protocol, ProtocolDescriptor, RpcException, decode_request,
};
use hadoop_proto::Message;
use hadoop_proto::common::{
    CedeActiveRequestProto, CedeActiveResponseProto, GracefulFailoverRequestProto,
    GracefulFailoverResponseProto,
};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Admins, CallFailure, ControllerCalls, Requester};

pub(super) const PROTOCOL: &str = "org.apache.hadoop.ha.ZKFCProtocol";

/// As many as Java has handlers for everything. A graceful failover may take more than a minute;
/// here it never keeps a controller from ceding, which is what another one may be waiting for.
const MAX_GRACEFUL_FAILOVERS: usize = 3;

const DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: PROTOCOL,
    version: 1,
    pb_class: "org.apache.hadoop.ha.protocolPB.ZKFCProtocolPB",
    method_hashes: &[2_345_061_117, 4_096_016_471],
};

/// `ZKFCProtocol`: lets those who may ask reach the controller.
pub struct ZkfcProtocol {
    controller: Arc<dyn ControllerCalls>,
    admins: Arc<Admins>,
    graceful_failovers: Semaphore,
}

impl Protocol for ZkfcProtocol {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move {
            match call.method.as_str() {
                "cedeActive" => {
                    let request = decode_request(call.request)?;
                    self.cede_active(request, &call.caller).await
                }
                "gracefulFailover" => {
                    let GracefulFailoverRequestProto {} = decode_request(call.request)?;
                    self.graceful_failover(&call.caller).await
                }
                _ => Err(CallError::NoSuchMethod),
            }
        }
        .boxed()
    }
}

impl ZkfcProtocol {
    /// Serves a controller.
    pub fn new(controller: Arc<dyn ControllerCalls>, admins: Arc<Admins>) -> Self {
        Self { controller, admins, graceful_failovers: Semaphore::new(MAX_GRACEFUL_FAILOVERS) }
    }

    async fn cede_active(
        &self,
        request: CedeActiveRequestProto,
        caller: &Caller,
    ) -> Result<Bytes, CallError> {
        let requester = self.admit(caller).await?;
        // The field is unsigned, and -1 is sent in it.
        let millis = request.millis_to_cede as i32;
        self.controller.cede_active(millis, requester).await.map_err(thrown)?;
        Ok(CedeActiveResponseProto {}.encode_to_vec().into())
    }

    async fn graceful_failover(&self, caller: &Caller) -> Result<Bytes, CallError> {
        let requester = self.admit(caller).await?;
        // It is never closed, so there is a turn sooner or later.
        let _turn = self.graceful_failovers.acquire().await.ok();
        self.controller.graceful_failover(requester).await.map_err(thrown)?;
        Ok(GracefulFailoverResponseProto {}.encode_to_vec().into())
    }

    async fn admit(&self, caller: &Caller) -> Result<Requester, CallError> {
        let requester = Requester {
            user: caller.user.clone(),
            authentication: self.admins.authentication(),
            address: caller.address.ip().to_canonical(),
        };
        let (admins, asking) = (Arc::clone(&self.admins), requester.clone());
        // Looking up groups blocks. A look-up that breaks admits nobody.
        let verdict = spawn_blocking(move || admins.check(&asking)).await.unwrap_or_else(|_| {
            Err(CallFailure::AccessDenied("the access check failed".to_owned()))
        });
        verdict.map_err(thrown)?;
        Ok(requester)
    }
}

fn thrown(failure: CallFailure) -> CallError {
    RpcException::from(failure).into()
}
