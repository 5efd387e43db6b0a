//! The HTTP client that `openidconnect` uses: reqwest, wrapped by hand because the crate's own
//! `reqwest` feature is tied to an older release of it.

use std::{future::Future, pin::Pin, time::Duration};

use openidconnect::{HttpClientError, HttpRequest, HttpResponse};

/// An HTTP client for discovery, the token endpoint.
#[derive(Clone)]
pub(crate) struct HttpClient(reqwest::Client);

impl HttpClient {
    /// A client that follows no redirects (a provider has no reason to send us elsewhere) and gives
    /// up after ten seconds.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        // An error only says that a provider is installed already, which is what we want.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build()
            .map(Self)
    }

    async fn send(
        client: reqwest::Client,
        request: HttpRequest,
    ) -> Result<HttpResponse, HttpClientError<reqwest::Error>> {
        let answer = client.execute(request.try_into().map_err(Box::new)?).await.map_err(Box::new)?;
        let mut response = http_response(answer.status(), answer.headers())?;
        *response.body_mut() = answer.bytes().await.map_err(Box::new)?.to_vec();
        Ok(response)
    }
}

fn http_response(
    status: reqwest::StatusCode,
    headers: &reqwest::header::HeaderMap,
) -> Result<HttpResponse, HttpClientError<reqwest::Error>> {
    let mut builder = axum::http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    builder.body(Vec::new()).map_err(HttpClientError::Http)
}

impl<'c> openidconnect::AsyncHttpClient<'c> for HttpClient {
    type Error = HttpClientError<reqwest::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Self::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(Self::send(self.0.clone(), request))
    }
}
