use hadoop_proto::common::UserInformationProto;
use thiserror::Error;

/// Why a connection context is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum ContextError {
    /// A daemon without proxy users lets nobody act for somebody else.
    #[error("User: {real} is not allowed to impersonate {effective}")]
    Impersonation { real: String, effective: String },
    /// Java fails on an empty name and closes without a reply.
    #[error("empty user name")]
    EmptyUser,
}

/// The user of a connection: who SASL proved it is, else who it claims to be.
///
/// Source: `ProtoUtil.getUgi`, `Connection.processConnectionContext`, `ProxyUsers.authorize`.
pub(super) fn connection_user(
    authenticated: Option<&str>,
    claim: Option<UserInformationProto>,
) -> Result<Option<String>, ContextError> {
    let UserInformationProto { effective_user, real_user } = claim.unwrap_or_default();
    let Some(effective) = effective_user else {
        return Ok(authenticated.map(str::to_owned));
    };
    if effective.is_empty() || real_user.as_deref() == Some("") {
        return Err(ContextError::EmptyUser);
    }
    match (authenticated, real_user) {
        (Some(user), _) if user == effective => Ok(Some(effective)),
        (Some(user), _) => Err(ContextError::Impersonation { real: user.to_owned(), effective }),
        // Java makes a proxy user of any real user, one equal to the effective user too.
        (None, Some(real)) => Err(ContextError::Impersonation { real, effective }),
        (None, None) => Ok(Some(effective)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(effective: Option<&str>, real: Option<&str>) -> Option<UserInformationProto> {
        Some(UserInformationProto {
            effective_user: effective.map(Into::into),
            real_user: real.map(Into::into),
        })
    }

    #[test]
    fn simple_client_is_who_it_claims_or_nobody() {
        // JN-017
        assert_eq!(connection_user(None, None), Ok(None));
        assert_eq!(connection_user(None, claim(None, Some("root"))), Ok(None));
        assert_eq!(connection_user(None, claim(Some("hdfs"), None)), Ok(Some("hdfs".into())));
    }

    #[test]
    fn simple_client_may_not_impersonate() {
        // JN-018
        for real in ["root", "hdfs"] {
            let error = connection_user(None, claim(Some("hdfs"), Some(real))).unwrap_err();
            let text = format!("User: {real} is not allowed to impersonate hdfs");
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn authenticated_client_is_its_principal() {
        let user = Some("nn/a@R");
        assert_eq!(connection_user(user, None), Ok(Some("nn/a@R".into())));
        assert_eq!(connection_user(user, claim(user, None)), Ok(Some("nn/a@R".into())));
        assert!(connection_user(user, claim(Some("hdfs"), None)).is_err());
    }

    #[test]
    fn empty_names_are_no_names() {
        assert_eq!(connection_user(None, claim(Some(""), None)), Err(ContextError::EmptyUser));
    }
}
