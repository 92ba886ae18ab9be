use std::io::ErrorKind;
use std::ops::Range;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::slow_link::QUEUE;
use super::{Lab, SlowLink};

/// What is wrong with a link without being broken, by the packet filters of the hosts: the kernel on
/// which this is developed has no netem, and these are in every one.
impl Lab {
    /// Loses that share of the packets that a host sends to others and others to it, by chance.
    pub fn lose_share(&self, name: &str, percent: u32) -> Result<()> {
        let share = format!("{:.2}", f64::from(percent) / 100.0);
        let chance = ["-m", "statistic", "--mode", "random", "--probability", &share];
        self.drop_both_ways(name, &chance)
    }

    /// Loses whatever goes between a host and others to or from one of these TCP ports.
    pub fn lose_ports(&self, name: &str, ports: &[u16]) -> Result<()> {
        let ports = ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        self.drop_both_ways(name, &["-p", "tcp", "-m", "multiport", "--ports", &ports])
    }

    /// Lets everything that a host sends wait, each packet for a time in that range. It lasts until
    /// `unfilter` and the end of what is returned.
    pub fn delay(&self, name: &str, delay_ms: Range<u64>, seed: u64) -> Result<SlowLink> {
        let host = self.host(name)?;
        let link = SlowLink::of(host, delay_ms, seed)?;
        let queue = QUEUE.to_string();
        let rule = ["-t", "mangle", "-A", "POSTROUTING", "-o", "eth0", "-j", "NFQUEUE"];
        let rule = [&rule[..], &["--queue-num", &queue, "--queue-bypass"]].concat();
        iptables(&host.namespace, &rule)?;
        Ok(link)
    }

    /// Takes away what the other functions here have set, on all hosts.
    pub fn unfilter(&self) -> Result<()> {
        for host in self.hosts() {
            iptables(&host.namespace, &["-F"])?;
            iptables(&host.namespace, &["-t", "mangle", "-F"])?;
        }
        Ok(())
    }

    /// Where packets arrive, and not where they leave: a sender must not learn of it.
    fn drop_both_ways(&self, name: &str, which: &[&str]) -> Result<()> {
        let host = self.host(name)?;
        for receiver in self.hosts() {
            let mut rule = vec!["-A", "INPUT", "-i", "eth0"];
            if receiver.name() != name {
                rule.extend(["-s", &host.address]);
            }
            rule.extend(which);
            rule.extend(["-j", "DROP"]);
            iptables(&receiver.namespace, &rule)?;
        }
        Ok(())
    }
}

fn iptables(namespace: &str, args: &[&str]) -> Result<()> {
    let command = [&["netns", "exec", namespace, "iptables", "-w"], args].concat();
    let output = match Command::new("ip").args(&command).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("ip is not installed: apt-get install iproute2")
        }
        output => output.context("run ip")?,
    };
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("iptables {}: {why}; is it installed? apt-get install iptables", args.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
    use std::time::{Duration, Instant};

    use super::*;

    /// Fewer than a socket's buffer holds.
    const PACKETS: usize = 200;
    const PORT: u16 = 4000;

    /// Who is where in what is received, of so many packets from `a` to `b`; and how long it took.
    fn received(lab: &Lab) -> Result<(Vec<u32>, Duration)> {
        let (a, b) = (lab.host("a")?, lab.host("b")?);
        let receiver = b.inside(|| Ok(UdpSocket::bind(("0.0.0.0", PORT))?))?;
        receiver.set_read_timeout(Some(Duration::from_millis(600)))?;
        let begun = Instant::now();
        let to = b.address.clone();
        a.inside(move || {
            let sender = UdpSocket::bind(("0.0.0.0", 0))?;
            for number in 0..u32::try_from(PACKETS)? {
                sender.send_to(&number.to_be_bytes(), (to.as_str(), PORT))?;
            }
            Ok(())
        })?;
        let (mut numbers, mut first) = (Vec::new(), None);
        let mut bytes = [0; 4];
        while numbers.len() < PACKETS && receiver.recv(&mut bytes).is_ok() {
            first.get_or_insert_with(|| begun.elapsed());
            numbers.push(u32::from_be_bytes(bytes));
        }
        Ok((numbers, first.unwrap_or_default()))
    }

    fn with_two_hosts(test: impl FnOnce(&Lab) -> Result<()>) {
        let folder = tempfile::tempdir().unwrap();
        let lab = Lab::create(folder.path(), &["a", "b"]).unwrap();
        // A burst to a neighbour that is not known yet is cut short.
        let port = lab.host("b").unwrap().inside(|| Ok(TcpListener::bind(("0.0.0.0", PORT))?));
        let (_port, to) = (port.unwrap(), lab.host("b").unwrap().address.clone());
        let call = move || Ok(TcpStream::connect((to.as_str(), PORT))?);
        lab.host("a").unwrap().inside(call).unwrap();
        test(&lab).unwrap();
    }

    #[test]
    fn a_share_of_the_packets_is_lost_in_each_direction_until_the_filters_go() {
        with_two_hosts(|lab| {
            for name in ["a", "b"] {
                lab.lose_share(name, 30)?;
                let arrived = received(lab)?.0.len();
                assert!((PACKETS / 2..PACKETS * 9 / 10).contains(&arrived), "{arrived}");
                lab.unfilter()?;
                assert_eq!(received(lab)?.0.len(), PACKETS);
            }
            Ok(())
        });
    }

    #[test]
    fn a_delayed_packet_is_late_and_overtaken_and_none_is_lost() {
        with_two_hosts(|lab| {
            let link = lab.delay("a", 50..150, 1)?;
            let (numbers, first) = received(lab)?;
            assert!(first >= Duration::from_millis(50), "{first:?}");
            assert_eq!(numbers.len(), PACKETS);
            assert!(!numbers.is_sorted(), "none was overtaken");
            lab.unfilter()?;
            drop(link);
            let (numbers, first) = received(lab)?;
            assert!(numbers.len() == PACKETS && numbers.is_sorted());
            assert!(first < Duration::from_millis(50), "{first:?}");
            Ok(())
        });
    }

    #[test]
    fn ports_that_are_lost_take_no_others_with_them() {
        with_two_hosts(|lab| {
            let b = lab.host("b")?;
            let listen = |port| b.inside(move || Ok(TcpListener::bind(("0.0.0.0", port))?));
            let _listeners = (listen(2181)?, listen(8485)?);
            lab.lose_ports("a", &[2181])?;
            let reaches = |port: u16| {
                let to =
                    (b.address.as_str(), port).to_socket_addrs()?.next().context("no address")?;
                let limit = Duration::from_millis(300);
                lab.host("a")?.inside(move || Ok(TcpStream::connect_timeout(&to, limit).is_ok()))
            };
            assert!(!reaches(2181)? && reaches(8485)?);
            lab.unfilter()?;
            assert!(reaches(2181)?);
            Ok(())
        });
    }
}
