//! Request signing as AWS does it (Signature Version 4), by the library of AWS.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode,
};
use aws_sigv4::sign::v4::SigningParams;
use url::Url;

use super::sign::KeyPair;

/// Where a signature counts: a region and a service of AWS, written `REGION/SERVICE`
/// (`eu-central-1/execute-api`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsScope {
    region: String,
    service: String,
}

/// A text that is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not `REGION/SERVICE`, such as `eu-central-1/execute-api`")]
pub struct NotAScope;

impl FromStr for AwsScope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_name = |name: &str| {
            let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !name.is_empty() && name.bytes().all(is_sign)
        };
        let (region, service) = text.split_once('/').ok_or(NotAScope)?;
        if !is_name(region) || !is_name(service) {
            return Err(NotAScope);
        }
        Ok(Self {
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }
}

impl fmt::Display for AwsScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.region, self.service)
    }
}

impl AwsScope {
    /// The scope that the value of a header `Authorization` names.
    pub(super) fn of_header(value: &str) -> Option<Self> {
        let (_, scope) = value.split_once("Credential=")?;
        let mut parts = scope.split(',').next()?.split('/').skip(2);
        format!("{}/{}", parts.next()?, parts.next()?).parse().ok()
    }

    /// The headers that sign a request: the time, the signature, and what belongs to them.
    ///
    /// `url` is the one on the wire, `headers` are those that the signature covers beside `Host`.
    ///
    /// # Errors
    /// What the library says of a request that cannot be signed.
    pub fn sign(
        &self,
        keys: &KeyPair,
        method: &str,
        url: &Url,
        headers: &[(String, String)],
        body: &[u8],
        now: SystemTime,
    ) -> Result<Vec<(String, String)>, String> {
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            // As the service has it: paths as they are, and the hash of the body in a header.
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let identity = Credentials::new(
            &keys.access_key,
            &keys.secret_key,
            keys.security_token.clone(),
            None,
            "docproof",
        )
        .into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(now)
            .settings(settings)
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let headers = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.trim()));
        let request =
            SignableRequest::new(method, url.as_str(), headers, SignableBody::Bytes(body))
                .map_err(|error| error.to_string())?;
        let signed = aws_sigv4::http_request::sign(request, &parameters)
            .map_err(|error| error.to_string())?;
        let (instructions, _) = signed.into_parts();
        let added = instructions.headers();
        Ok(added
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("eu-central-1/execute-api", true)]
    #[case("eu-central-1", false)]
    #[case("/s3", false)]
    #[case("eu-central-1/", false)]
    #[case("eu-central-1/s3/x", false)]
    #[case("eu central/s3", false)]
    fn a_scope_is_a_region_and_a_service(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(text.parse::<AwsScope>().is_ok(), expected);
    }

    #[test]
    fn a_signature_names_its_scope() {
        let scope: AwsScope = "us-east-1/service".parse().unwrap();
        let keys = KeyPair {
            access_key: "AK".to_owned(),
            secret_key: "SK".to_owned(),
            security_token: Some("TEMPORARY".to_owned()),
        };
        let url = Url::parse("http://127.0.0.1:8080/things?b=2&a=1").unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_mins(24_015_636);
        let signed = scope.sign(&keys, "GET", &url, &[], b"", now).unwrap();
        let value = |name: &str| {
            let mut found = signed.iter().filter(|(known, _)| known == name);
            found.next().map_or("", |(_, value)| value.as_str())
        };
        assert_eq!(value("x-amz-date"), "20150830T123600Z");
        assert_eq!(value("x-amz-security-token"), "TEMPORARY");
        let authorization = value("authorization");
        assert!(
            authorization.starts_with(
                "AWS4-HMAC-SHA256 Credential=AK/20150830/us-east-1/service/aws4_request, \
                 SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="
            ),
            "{authorization}"
        );
        assert_eq!(AwsScope::of_header(authorization), Some(scope));
    }
}
