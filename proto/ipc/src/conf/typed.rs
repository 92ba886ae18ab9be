use std::time::Duration;

use super::configuration::Configuration;
use super::error::ConfError;
use super::host_port::HostPort;
use super::number::{
    parse_boolean, parse_duration, parse_float, parse_int, parse_long, parse_long_bytes,
};
use super::text::{java_trim, trimmed_strings};
use super::time_unit::TimeUnit;

/// Typed reading. A key without a value is [`ConfError::Missing`] unless it has a built-in
/// default; the `_or` forms take the default with them, as Java's getters do.
impl Configuration {
    /// The value trimmed; `None` if the key is not set. It may be empty.
    pub fn trimmed(&self, key: &str) -> Result<Option<String>, ConfError> {
        Ok(self.string(key)?.map(|value| java_trim(&value).to_owned()))
    }

    /// The value trimmed, of a key the caller cannot do without.
    pub fn required(&self, key: &str) -> Result<String, ConfError> {
        self.trimmed(key)?.ok_or_else(|| ConfError::Missing { key: key.to_owned() })
    }

    /// A 32-bit integer; `0x` hex allowed, no wrapping.
    pub fn int(&self, key: &str) -> Result<i32, ConfError> {
        self.parsed(key, "a whole number from -2147483648 to 2147483647", parse_int)
    }

    /// As [`Configuration::int`].
    pub fn int_or(&self, key: &str, default: i32) -> Result<i32, ConfError> {
        self.unless_unset(key, default, Self::int)
    }

    /// A 64-bit integer; `0x` hex allowed, no wrapping.
    pub fn long(&self, key: &str) -> Result<i64, ConfError> {
        self.parsed(key, "a whole number of at most 64 bits", parse_long)
    }

    /// As [`Configuration::long`].
    pub fn long_or(&self, key: &str, default: i64) -> Result<i64, ConfError> {
        self.unless_unset(key, default, Self::long)
    }

    /// A number of bytes, with an optional k, m, g, t, p or e (powers of 1024).
    pub fn long_bytes(&self, key: &str) -> Result<i64, ConfError> {
        let form = "a whole number of bytes, with k, m, g, t, p or e for powers of 1024";
        self.parsed(key, form, parse_long_bytes)
    }

    /// As [`Configuration::long_bytes`].
    pub fn long_bytes_or(&self, key: &str, default: i64) -> Result<i64, ConfError> {
        self.unless_unset(key, default, Self::long_bytes)
    }

    /// A decimal fraction.
    pub fn float(&self, key: &str) -> Result<f64, ConfError> {
        self.parsed(key, "a decimal number", parse_float)
    }

    /// `true` or `false` in any case. Anything else, and no value, is `default`: Java's rule.
    pub fn boolean_or(&self, key: &str, default: bool) -> Result<bool, ConfError> {
        let value = self.trimmed(key)?.filter(|value| !value.is_empty());
        let Some(value) = value else { return Ok(default) };
        Ok(parse_boolean(&value).unwrap_or_else(|| {
            let origin = self.origin(key);
            tracing::warn!(
                "{key} = {value:?}, set by {origin}, is neither true nor false: taken as {default}"
            );
            default
        }))
    }

    /// As [`Configuration::boolean_or`], with the built-in default of the key, else `false`.
    pub fn boolean(&self, key: &str) -> Result<bool, ConfError> {
        let default = super::defaults::value(key).and_then(parse_boolean).unwrap_or(false);
        self.boolean_or(key, default)
    }

    /// A duration: a whole number with ns, us, ms, s, m, h or d; without one it counts
    /// `default_unit`. Negative durations are refused: see [`Configuration::duration_in`].
    pub fn duration(&self, key: &str, default_unit: TimeUnit) -> Result<Duration, ConfError> {
        let read = |text: &str| {
            let nanos = parse_duration(text, default_unit, TimeUnit::Nanoseconds)?;
            let millis = parse_duration(text, default_unit, TimeUnit::Milliseconds)?;
            // Nanoseconds end after 292 years; beyond that milliseconds are exact enough.
            match u64::try_from(nanos).ok()? {
                nanos if nanos < i64::MAX as u64 => Some(Duration::from_nanos(nanos)),
                _ => Some(Duration::from_millis(u64::try_from(millis).ok()?)),
            }
        };
        self.parsed(key, "a duration such as 500ms, 30s or 5m, not negative", read)
    }

    /// As [`Configuration::duration`].
    pub fn duration_or(
        &self,
        key: &str,
        default_unit: TimeUnit,
        default: Duration,
    ) -> Result<Duration, ConfError> {
        self.unless_unset(key, default, |conf, key| conf.duration(key, default_unit))
    }

    /// A duration as a count of `unit`, which is also its unit if it names none; may be negative.
    pub fn duration_in(&self, key: &str, unit: TimeUnit) -> Result<i64, ConfError> {
        self.parsed(key, "a duration such as 500ms, 30s or 5m", |text| {
            parse_duration(text, unit, unit)
        })
    }

    /// A comma-separated list: trimmed, without empty items or duplicates; empty if not set.
    pub fn strings(&self, key: &str) -> Result<Vec<String>, ConfError> {
        Ok(self.string(key)?.map(|value| trimmed_strings(&value)).unwrap_or_default())
    }

    /// An address, not resolved. Without a port it has `default_port`.
    pub fn socket_address(&self, key: &str, default_port: u16) -> Result<HostPort, ConfError> {
        self.parse_address(key, default_port, &self.required(key)?)
    }

    /// As [`Configuration::socket_address`]; `None` if the key is not set or empty.
    pub fn optional_address(
        &self,
        key: &str,
        default_port: u16,
    ) -> Result<Option<HostPort>, ConfError> {
        let text = self.trimmed(key)?.filter(|text| !text.is_empty());
        text.map(|text| self.parse_address(key, default_port, &text)).transpose()
    }

    /// Where to listen: the address of `address_key` with its host replaced by the value of
    /// `bind_host_key`, if that is set. Java: `Configuration.getSocketAddr` of four arguments.
    pub fn bind_address(
        &self,
        bind_host_key: &str,
        address_key: &str,
        default_port: u16,
    ) -> Result<HostPort, ConfError> {
        let address = self.socket_address(address_key, default_port)?;
        let bind = self.optional_address(bind_host_key, address.port)?;
        Ok(bind.unwrap_or(address))
    }

    fn parse_address(
        &self,
        key: &str,
        default_port: u16,
        text: &str,
    ) -> Result<HostPort, ConfError> {
        HostPort::parse(text, default_port)
            .map_err(|error| self.bad_value(key, text, &format!("host:port ({})", error.reason)))
    }

    fn unless_unset<T>(
        &self,
        key: &str,
        default: T,
        read: impl Fn(&Self, &str) -> Result<T, ConfError>,
    ) -> Result<T, ConfError> {
        if self.raw(key).is_some() { read(self, key) } else { Ok(default) }
    }

    fn parsed<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfError> {
        let value = self.string(key)?.ok_or_else(|| ConfError::Missing { key: key.to_owned() })?;
        parse(&value).ok_or_else(|| self.bad_value(key, &value, expected))
    }

    fn bad_value(&self, key: &str, value: &str, expected: &str) -> ConfError {
        ConfError::BadValue {
            key: key.to_owned(),
            value: value.to_owned(),
            origin: self.origin(key),
            expected: expected.to_owned(),
        }
    }
}

#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
