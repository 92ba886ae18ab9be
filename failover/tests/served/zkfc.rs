use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use failover::namenode::{CallOptions, FaultKind};
use failover::rpc::{
    Admins, CallFailure, ControllerCalls, PeerController, Requester, ZkfcProtocol, server_options,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::client::{Client, ClientError, ClientOptions};
use hadoop_ipc::conf::{Configuration, Environment};
use hadoop_ipc::security::NoGroups;
use hadoop_ipc::server::Server;
use hadoop_proto::common::{
    GetProtocolSignatureRequestProto, GetProtocolSignatureResponseProto,
    GracefulFailoverRequestProto, GracefulFailoverResponseProto,
};
use tokio::sync::Semaphore;

use super::patience::soon;
use super::scripted::target;

const LIMIT: Duration = Duration::from_secs(10);

/// A controller that does as it is told.
struct Controller {
    asked: Mutex<Vec<(Option<i32>, Requester)>>,
    outcome: Mutex<Result<(), CallFailure>>,
    /// Graceful failovers take one each to end.
    may_end: Semaphore,
}

impl ControllerCalls for Controller {
    fn cede_active(
        &self,
        millis: i32,
        requester: Requester,
    ) -> BoxFuture<'_, Result<(), CallFailure>> {
        self.asked.lock().unwrap().push((Some(millis), requester));
        async { self.outcome.lock().unwrap().clone() }.boxed()
    }

    fn graceful_failover(&self, requester: Requester) -> BoxFuture<'_, Result<(), CallFailure>> {
        self.asked.lock().unwrap().push((None, requester));
        async {
            self.may_end.acquire().await.unwrap().forget();
            self.outcome.lock().unwrap().clone()
        }
        .boxed()
    }
}

struct Served {
    address: SocketAddr,
    controller: Arc<Controller>,
}

async fn serve() -> Served {
    let conf = Configuration::empty(Environment::empty());
    let admins = Admins::from_conf(&conf, "hdfs", Arc::new(NoGroups)).unwrap();
    let controller = Arc::new(Controller {
        asked: Mutex::default(),
        outcome: Mutex::new(Ok(())),
        may_end: Semaphore::new(0),
    });
    let protocol = ZkfcProtocol::new(controller.clone(), Arc::new(admins));
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = server_options(&conf, None).unwrap();
    let server = Server::bind(loopback, options, vec![Arc::new(protocol)]).await.unwrap();
    let address = server.local_addr();
    tokio::spawn(server.serve(std::future::pending()));
    Served { address, controller }
}

fn peer(served: &Served, user: &str) -> PeerController {
    PeerController::new(target(served.address), &CallOptions::new(Some(user.to_owned())))
}

#[tokio::test]
async fn fc_071_minus_one_arrives_as_minus_one() {
    let served = serve().await;
    for millis in [10_000, 0, -1, i32::MIN] {
        soon(peer(&served, "hdfs").cede_active(millis, LIMIT)).await.unwrap();
    }
    let asked = served.controller.asked.lock().unwrap();
    let millis: Vec<_> = asked.iter().map(|(millis, _)| millis.unwrap()).collect();
    assert_eq!(millis, [10_000, 0, -1, i32::MIN]);
    assert_eq!(asked[0].1.to_string(), "hdfs (auth:SIMPLE) at 127.0.0.1");
}

#[tokio::test]
async fn fc_068_others_are_refused_before_the_controller_hears_of_it() {
    let served = serve().await;
    let eve = peer(&served, "eve");
    for refused in [eve.cede_active(1, LIMIT).await, eve.graceful_failover(LIMIT).await] {
        let fault = refused.unwrap_err();
        assert_eq!(fault.kind, FaultKind::AccessDenied);
        let text = "AccessControlException: Disallowed RPC access from eve (auth:SIMPLE) at \
                    127.0.0.1. Not listed in dfs.cluster.administrators";
        assert_eq!(fault.message, text);
    }
    assert!(served.controller.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn fc_089_failures_arrive_with_class_and_text() {
    let served = serve().await;
    served.controller.may_end.add_permits(1);
    let failure = CallFailure::ServiceFailed("nn1 is not healthy".to_owned());
    *served.controller.outcome.lock().unwrap() = Err(failure);
    let fault = soon(peer(&served, "hdfs").graceful_failover(LIMIT)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::ServiceFailed);
    assert_eq!(fault.message, "ServiceFailedException: nn1 is not healthy");
    let failure = CallFailure::PeerRefused("nn2:8019: refused".to_owned());
    *served.controller.outcome.lock().unwrap() = Err(failure);
    let fault = soon(peer(&served, "hdfs").cede_active(1, LIMIT)).await.unwrap_err();
    assert_eq!(fault.message, "ConnectException: nn2:8019: refused");
}

#[tokio::test]
async fn fc_089_unknown_methods_and_versions_are_refused_as_by_hadoop() {
    let served = serve().await;
    let thrown = |version, method: &'static str| {
        let name = "org.apache.hadoop.ha.ZKFCProtocol";
        let options = ClientOptions::new(name, version, Some("hdfs".to_owned()));
        let client = Client::new(target(served.address), options);
        async move {
            let request = GracefulFailoverRequestProto {};
            let answer: Result<GracefulFailoverResponseProto, _> =
                client.call(method, &request).await;
            let Err(ClientError::Remote(remote)) = answer else { panic!("{answer:?}") };
            remote.exception.simple_name().to_owned()
        }
    };
    assert_eq!(soon(thrown(1, "abdicate")).await, "RpcNoSuchMethodException");
    assert_eq!(soon(thrown(2, "gracefulFailover")).await, "VersionMismatch");
}

#[tokio::test]
async fn fc_089_the_protocol_is_listed() {
    let served = serve().await;
    let options = ClientOptions::new("org.apache.hadoop.ipc.ProtocolMetaInfoPB", 1, None);
    let client = Client::new(target(served.address), options);
    let request = GetProtocolSignatureRequestProto {
        protocol: "org.apache.hadoop.ha.protocolPB.ZKFCProtocolPB".to_owned(),
        rpc_kind: "RPC_PROTOCOL_BUFFER".to_owned(),
    };
    let answer: GetProtocolSignatureResponseProto =
        soon(client.call("getProtocolSignature", &request)).await.unwrap();
    assert_eq!(answer.protocol_signature[0].methods, [2_345_061_117, 4_096_016_471]);
}

#[tokio::test]
async fn graceful_failovers_never_keep_a_controller_from_ceding() {
    let served = serve().await;
    let peers: Vec<_> = (0..5).map(|_| peer(&served, "hdfs")).collect();
    let waiting =
        futures_util::future::join_all(peers.iter().map(|peer| peer.graceful_failover(LIMIT)));
    let ceding = async {
        while served.controller.asked.lock().unwrap().len() < 3 {
            tokio::task::yield_now().await;
        }
        peer(&served, "hdfs").cede_active(1, LIMIT).await.unwrap();
        // The others wait their turn.
        let asked = served.controller.asked.lock().unwrap().len();
        served.controller.may_end.add_permits(5);
        asked
    };
    let (ended, asked) = soon(async { tokio::join!(waiting, ceding) }).await;
    assert_eq!(asked, 4);
    assert!(ended.iter().all(Result::is_ok));
}
