//! The beans of this process, collected anew for each request.

mod http_server;
mod java_lang;
mod journal;
mod journal_node_info;
mod metrics_system;
mod rpc_activity;
mod rpc_detailed_activity;
mod runtime;

use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::Bean;
use crate::http::shared::Shared;
use crate::metrics::{MachineStatistics, ProcessStatistics};

/// All beans. Reads `/proc` and looks at the file systems of the journals, so it runs where
/// waiting is allowed.
pub(in crate::http) async fn all(shared: Arc<Shared>) -> Vec<Bean> {
    spawn_blocking(move || collect(&shared)).await.unwrap_or_default()
}

fn collect(shared: &Shared) -> Vec<Bean> {
    let (machine, process) = (MachineStatistics::now(), ProcessStatistics::now());
    let host = machine.hostname.as_str();
    let rpc = shared.site.rpc.snapshot();
    let port = shared.site.rpc_address.port();
    let journals = shared.site.node.loaded();
    let mut beans = vec![
        journal_node_info::bean(&shared.site),
        rpc_activity::bean(shared, &rpc, host),
        rpc_detailed_activity::bean(port, &rpc, host),
        runtime::jvm_metrics(&machine, &process),
        runtime::ugi_metrics(host),
        http_server::bean(shared, host),
    ];
    beans.extend(journals.iter().map(|journal| journal::bean(journal, host)));
    beans.push(metrics_system::stats(beans.len() - 1, host));
    beans.push(metrics_system::control());
    beans.extend(java_lang::beans(&shared.site, &machine, &process));
    beans
}
