//! A server that is killed, stopped or out of reach.

use std::thread::sleep;
use std::time::Instant;

use anyhow::ensure;
use failover::lock::{LockError, SessionEvent};
use system_tests::zookeeper::Gate;

use crate::fixture::{JAVA_NN1, Listened, TIMEOUT, formatted, settings, with_server};

#[test]
fn fc_021_a_server_that_is_back_after_many_timeouts_finds_the_lock_where_it_was() {
    with_server("failover-outage-long", async |mut server| {
        let lock = formatted(&settings(server.address())).await?;
        let mut holder = Listened::open(&lock).await?;
        holder.session.create_lock(JAVA_NN1).await?;
        ensure!(holder.owns_lock().await?);
        server.kill()?;
        holder.expect(SessionEvent::Disconnected).await?;
        // The outage itself: the client gives up after 7/5 of the timeout.
        let asked = Instant::now();
        let answer = holder.session.stat_lock().await;
        ensure!(answer == Err(LockError::ConnectionLoss), "{answer:?}");
        ensure!(asked.elapsed() < TIMEOUT * 3 / 2, "answered after {:?}", asked.elapsed());
        sleep(TIMEOUT * 2);
        server.start()?;
        holder.expect(SessionEvent::Connected).await?;
        ensure!(holder.owns_lock().await?, "the lock changed hands");
        ensure!(holder.session.last_contact() > asked, "contact was not noticed");
        Ok(())
    });
}

#[test]
fn fc_028_a_short_outage_is_told_and_the_watch_survives_it() {
    with_server("failover-outage-short", async |mut server| {
        let lock = formatted(&settings(server.address())).await?;
        let mut holder = Listened::open(&lock).await?;
        let mut waiting = Listened::open(&lock).await?;
        holder.session.create_lock(JAVA_NN1).await?;
        waiting.session.stat_lock().await?;
        server.kill()?;
        server.start()?;
        for session in [&mut holder, &mut waiting] {
            session.expect(SessionEvent::Disconnected).await?;
            session.expect(SessionEvent::Connected).await?;
        }
        ensure!(holder.owns_lock().await?);
        waiting.session.stat_lock().await?;
        holder.session.close().await;
        waiting.expect(SessionEvent::LockDeleted).await
    });
}

#[test]
fn fc_030_a_session_that_the_server_expired_is_over() {
    with_server("failover-outage-expiry", async |server| {
        let gate = Gate::before(server.address())?;
        let lock = formatted(&settings(server.address())).await?;
        let behind = crate::fixture::lock(&settings(gate.address()))?;
        let mut cut_off = Listened::open(&behind).await?;
        let mut waiting = Listened::open(&lock).await?;
        cut_off.session.create_lock(JAVA_NN1).await?;
        waiting.session.stat_lock().await?;
        gate.shut();
        cut_off.expect(SessionEvent::Disconnected).await?;
        let lease_ends = cut_off.session.last_contact() + cut_off.session.timeout();
        waiting.expect(SessionEvent::LockDeleted).await?;
        ensure!(Instant::now() >= lease_ends, "the lock went before the lease");
        ensure!(cut_off.events.try_recv().is_err(), "only the server may say that it is over");
        gate.open();
        cut_off.expect(SessionEvent::Expired).await?;
        let over = cut_off.session.create_lock(JAVA_NN1).await;
        ensure!(over == Err(LockError::SessionExpired), "{over:?}");
        Ok(())
    });
}

#[test]
fn a_short_cut_keeps_session_and_lock() {
    with_server("failover-outage-cut", async |server| {
        let gate = Gate::before(server.address())?;
        let lock = formatted(&settings(gate.address())).await?;
        let mut holder = Listened::open(&lock).await?;
        holder.session.create_lock(JAVA_NN1).await?;
        for _ in 0..3 {
            gate.shut();
            holder.expect(SessionEvent::Disconnected).await?;
            gate.open();
            holder.expect(SessionEvent::Connected).await?;
            ensure!(holder.owns_lock().await?);
        }
        Ok(())
    });
}

#[test]
fn a_server_that_was_stopped_decides_when_it_goes_on() {
    with_server("failover-outage-stopped", async |mut server| {
        let lock = formatted(&settings(server.address())).await?;
        let mut holder = Listened::open(&lock).await?;
        holder.session.create_lock(JAVA_NN1).await?;
        server.pause()?;
        holder.expect(SessionEvent::Disconnected).await?;
        sleep(TIMEOUT * 2);
        ensure!(holder.events.try_recv().is_err(), "nobody can have said that it is over");
        server.resume()?;
        // What is first on its way up, the expiry or the client, is up to the server.
        let told = holder.next().await?;
        match told {
            SessionEvent::Connected => ensure!(holder.owns_lock().await?),
            _ => ensure!(holder.session.stat_lock().await == Err(LockError::SessionExpired)),
        }
        Ok(())
    });
}

#[test]
fn fc_037_closing_while_cut_off_does_not_hang() {
    with_server("failover-outage-close", async |mut server| {
        let lock = formatted(&settings(server.address())).await?;
        let mut holder = Listened::open(&lock).await?;
        holder.session.create_lock(JAVA_NN1).await?;
        server.kill()?;
        holder.expect(SessionEvent::Disconnected).await?;
        let started = Instant::now();
        holder.session.close().await;
        ensure!(started.elapsed().as_secs() < 5, "closed after {:?}", started.elapsed());
        Ok(())
    });
}
