use super::Series;

/// What a figure must not exceed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// So much more in the last quarter than in the second.
    Growth(f64),
    /// So much in the last quarter.
    InTheEnd(f64),
}

impl Bound {
    /// What is too much, if it is.
    pub fn exceeded_by(self, series: &Series) -> Option<String> {
        match self {
            Self::Growth(most) if series.growth() > most => {
                Some(format!("grew by {:.0}, and {most:.0} is the most", series.growth()))
            }
            Self::InTheEnd(most) if series.in_the_end() > most => {
                Some(format!("is {:.0} in the end, and {most:.0} is the most", series.in_the_end()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rising() -> Series {
        let mut series = Series::default();
        (0..40u32).for_each(|second| series.add(second.into(), second.into()));
        series
    }

    #[test]
    fn growth_beyond_its_bound_is_found_and_growth_within_it_is_not() {
        assert_eq!(rising().growth(), 20.0);
        assert!(Bound::Growth(19.0).exceeded_by(&rising()).is_some());
        assert_eq!(Bound::Growth(20.0).exceeded_by(&rising()), None);
    }

    #[test]
    fn only_the_end_counts_for_what_comes_and_goes() {
        assert!(Bound::InTheEnd(34.0).exceeded_by(&rising()).is_some());
        assert_eq!(Bound::InTheEnd(35.0).exceeded_by(&rising()), None);
        let mut falling = Series::default();
        (0..40u32).for_each(|second| falling.add(second.into(), (40 - second).into()));
        assert_eq!(Bound::InTheEnd(6.0).exceeded_by(&falling), None);
    }
}
