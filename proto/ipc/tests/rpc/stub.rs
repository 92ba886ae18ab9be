//! A protocol whose methods misbehave on request.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use hadoop_ipc::{
    call::class_name,
    server::{Call, CallError, Protocol, ProtocolDescriptor, RpcException, decode_request},
};
use hadoop_proto::common::GetProtocolVersionsRequestProto;
use tokio::sync::Semaphore;

pub const NAME: &str = "org.example.Stub";
pub const PB_CLASS: &str = "org.example.StubPB";

static DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: NAME,
    version: 1,
    pb_class: PB_CLASS,
    method_hashes: &[7, 3000000000],
};

/// `slow` waits for a permit of `gate`; `calls` is every call seen.
pub struct Stub {
    pub gate: Semaphore,
    pub entered: Semaphore,
    pub calls: Mutex<Vec<Call>>,
}

impl Stub {
    pub fn new() -> Arc<Self> {
        let calls = Mutex::default();
        Arc::new(Self { gate: Semaphore::new(0), entered: Semaphore::new(0), calls })
    }

    async fn answer(&self, call: Call) -> Result<Bytes, CallError> {
        self.calls.lock().unwrap().push(call.clone());
        match call.method.as_str() {
            "echo" => Ok(call.request),
            "empty" => Ok(Bytes::new()),
            "big" => Ok(Bytes::from(vec![1; 4 << 20])),
            "fail" => Err(RpcException::new(class_name::IO, "disk on fire").into()),
            "panic" => panic!("a bug"),
            "strict" => decode_request::<GetProtocolVersionsRequestProto>(call.request)
                .map(|request| request.protocol.into()),
            "slow" => {
                self.entered.add_permits(1);
                self.gate.acquire().await.unwrap().forget();
                Ok(call.request)
            }
            _ => Err(CallError::NoSuchMethod),
        }
    }
}

impl Protocol for Stub {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move { self.answer(call).await }.boxed()
    }
}
