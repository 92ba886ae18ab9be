use anyhow::Result;

/// Windows this close to each other are alike.
const AGREEMENT: f64 = 1.05;

/// Lets everybody have a turn in every round, each time in the opposite order: nobody always comes
/// after the same neighbour.
pub fn turns<T>(
    rounds: usize,
    all: &mut [T],
    mut turn: impl FnMut(usize, &mut T) -> Result<()>,
) -> Result<()> {
    for round in 0..rounds {
        match round % 2 {
            0 => all.iter_mut().try_for_each(|one| turn(round, one))?,
            _ => all.iter_mut().rev().try_for_each(|one| turn(round, one))?,
        }
    }
    Ok(())
}

/// Repeats a window until two in a row agree, at most this often: Java's compiler works for seconds.
pub fn warm_up(windows: usize, mut window: impl FnMut() -> Result<f64>) -> Result<()> {
    let mut before = f64::NAN;
    for _ in 0..windows {
        let now = window()?;
        if now <= before * AGREEMENT && before <= now * AGREEMENT {
            break;
        }
        before = now;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_round_goes_backwards() {
        let mut order = Vec::new();
        turns(2, &mut ['a', 'b', 'c'], |_, who| {
            order.push(*who);
            Ok(())
        })
        .unwrap();
        assert_eq!(order, ['a', 'b', 'c', 'c', 'b', 'a']);
    }

    #[test]
    fn warming_up_ends_with_two_windows_that_agree() {
        let mut times = [9.0, 5.0, 3.0, 2.95, 7.0].into_iter();
        warm_up(9, || Ok(times.next().unwrap())).unwrap();
        assert_eq!(times.next(), Some(7.0));
    }

    #[test]
    fn warming_up_has_an_end_even_if_none_agree() {
        let mut windows = 0;
        warm_up(3, || {
            windows += 1;
            Ok(f64::from(1 << windows))
        })
        .unwrap();
        assert_eq!(windows, 3);
    }
}
