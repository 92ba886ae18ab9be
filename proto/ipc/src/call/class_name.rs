//! Names of Java exception classes as they travel on the wire. Hadoop clients turn them back
//! into objects by reflection, so they must exist in Hadoop's or the JDK's jars.

/// Another version of a protocol, or of RPC itself.
pub const RPC_VERSION_MISMATCH: &str = "org.apache.hadoop.ipc.RPC$VersionMismatch";
/// Failures of the RPC layer around connections.
pub const IPC_EXCEPTION: &str = "org.apache.hadoop.ipc.IpcException";
/// Packets that break the rules of the RPC layer.
pub const RPC_SERVER_EXCEPTION: &str = "org.apache.hadoop.ipc.RpcServerException";
/// A call of a protocol that is not served here.
pub const RPC_NO_SUCH_PROTOCOL: &str = "org.apache.hadoop.ipc.RpcNoSuchProtocolException";
/// A call of a method the protocol lacks.
pub const RPC_NO_SUCH_METHOD: &str = "org.apache.hadoop.ipc.RpcNoSuchMethodException";
/// A message that is not what its sender says it is.
pub const INVALID_PROTOCOL_BUFFER: &str =
    "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException";
/// A way to authenticate that is not enabled.
pub const ACCESS_CONTROL: &str = "org.apache.hadoop.security.AccessControlException";
/// A user who may not speak the protocol, or act for somebody else.
pub const AUTHORIZATION: &str = "org.apache.hadoop.security.authorize.AuthorizationException";
/// Failures of a SASL negotiation.
pub const SASL: &str = "javax.security.sasl.SaslException";
/// A NameNode that is not well (`HCFE`).
pub const HEALTH_CHECK_FAILED: &str = "org.apache.hadoop.ha.HealthCheckFailedException";
/// A change of the HA state that did not succeed (`SFE`).
pub const SERVICE_FAILED: &str = "org.apache.hadoop.ha.ServiceFailedException";
/// A server that cannot answer yet.
pub const RETRIABLE: &str = "org.apache.hadoop.ipc.RetriableException";
/// A NameNode that does not do this while it is standby.
pub const STANDBY: &str = "org.apache.hadoop.ipc.StandbyException";
/// Nobody listens, as seen by a server that called on.
pub const CONNECT: &str = "java.net.ConnectException";
/// No answer in time, as seen by a server that called on.
pub const SOCKET_TIMEOUT: &str = "java.net.SocketTimeoutException";
/// Any IO failure.
pub const IO: &str = "java.io.IOException";
/// A file that should be there.
pub const FILE_NOT_FOUND: &str = "java.io.FileNotFoundException";
/// A bad argument.
pub const ILLEGAL_ARGUMENT: &str = "java.lang.IllegalArgumentException";
/// A request that does not fit the state.
pub const ILLEGAL_STATE: &str = "java.lang.IllegalStateException";
/// A bug: the handler failed in a way nobody foresaw.
pub const RUNTIME: &str = "java.lang.RuntimeException";
/// A broken invariant.
pub const ASSERTION: &str = "java.lang.AssertionError";
/// A class name that names nothing here.
pub const CLASS_NOT_FOUND: &str = "java.lang.ClassNotFoundException";
