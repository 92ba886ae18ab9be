use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::warn;

/// Takes as many file descriptors as the system lets this process have, which is what Java's
/// virtual machine does too. The usual soft limit of 1024 is soon held by clients.
pub fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if limit != raised
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        warn!("cannot raise the limit of open files above {:?}: {error}", limit.current);
    }
}
