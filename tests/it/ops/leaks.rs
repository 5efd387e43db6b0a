//! IN-06: at the most talkative setting, with every way of signing in, sending and provisioning used, no log line holds a
//! password, a code, a token, a cookie, a link, an address or a number.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use super::{KEY, chamberlain, json as run};
use crate::notify::servers::{Gateway, MailServer};

/// A process whose whole log is kept.
struct Logged {
    process: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    started: Receiver<String>,
}

impl Logged {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (log, errors) = (Arc::new(Mutex::new(String::new())), process.stderr.take().unwrap());
        let (tell, started) = channel();
        let kept = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                let event: Value = serde_json::from_str(&line).unwrap_or_default();
                if event["message"] == "started" {
                    let _nobody_asks = tell.send(format!("http://{}", event["public"].as_str().unwrap()));
                }
                kept.lock().unwrap().push_str(&line);
                kept.lock().unwrap().push('\n');
            }
        });
        Self { process, log, reader: Some(reader), started }
    }

    /// Where it listens.
    fn address(&self) -> String {
        self.started.recv().expect("it starts")
    }

    /// Ends it and gives everything it has written.
    fn end(mut self) -> String {
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap().success());
        self.process.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}

/// A browser that remembers every secret it meets.
struct Visitor {
    client: reqwest::Client,
    base: String,
    host: String,
    cookies: Vec<(String, String)>,
    secrets: Vec<String>,
    page: String,
}

impl Visitor {
    fn new(base: &str, host: &str) -> Self {
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self {
            client,
            base: base.to_owned(),
            host: host.to_owned(),
            cookies: Vec::new(),
            secrets: Vec::new(),
            page: String::new(),
        }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> u16 {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let origin = format!("http://{}", self.host);
        let request = request.header("host", &self.host).header("cookie", cookies.join("; ")).header("origin", origin);
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.cookies.retain(|(known, _)| known != name);
            if value.len() > 20 {
                self.secrets.push(value.clone());
            }
            self.cookies.push((name.to_owned(), value));
        }
        let status = response.status().as_u16();
        let next = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        self.page = response.text().await.unwrap();
        match next.filter(|to| to.starts_with('/')) {
            Some(next) => Box::pin(self.get(&next)).await,
            None => status,
        }
    }

    async fn get(&mut self, path: &str) -> u16 {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> u16 {
        let hidden = |name: &str| {
            let start = format!("name=\"{name}\" value=\"");
            self.page.split(&start).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
        };
        let mut all: Vec<(&str, String)> =
            ["csrf", "sign_in", "return"].into_iter().filter_map(|name| Some((name, hidden(name)?))).collect();
        self.secrets.extend(hidden("csrf"));
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.send(self.client.post(format!("{}{path}", self.base)).form(&all)).await
    }

    async fn sign_in(&mut self, email: &str, password: &str) {
        self.get("/login").await;
        self.post("/login", &[("email", email), ("password", password)]).await;
    }
}

/// Six digits out of a text that was sent.
fn digits(text: &str) -> String {
    let text = text.replace(", ", "");
    text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).unwrap().to_owned()
}

/// A word of a log line by itself: six digits may be part of a longer number.
fn holds(log: &str, secret: &str) -> bool {
    log.match_indices(secret).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        edge(log[..at].chars().next_back()) && edge(log[at + secret.len()..].chars().next())
    })
}

fn assert_silent(log: &str, secrets: &[String]) {
    let requests = log.matches("\"message\":\"request\"").count();
    assert!(requests >= 8, "the log must be talkative for this to mean anything: {requests}");
    for secret in secrets.iter().filter(|secret| secret.len() >= 6) {
        if holds(log, secret) {
            let line = log.lines().find(|line| holds(line, secret)).unwrap();
            panic!("a log line holds `{secret}`:\n{line}");
        }
    }
}

async fn outbox(client: &reqwest::Client, address: &str) -> Vec<Value> {
    client.get(address).send().await.unwrap().json().await.unwrap()
}

/// The last message to somebody; the worker takes a moment.
async fn last(client: &reqwest::Client, address: &str, to: &str, seen: usize) -> String {
    loop {
        let all = outbox(client, address).await;
        let own: Vec<_> = all.iter().filter(|sent| sent["to"] == to).collect();
        if own.len() > seen {
            return own.last().unwrap()["text"].as_str().unwrap().to_owned();
        }
        tokio::task::yield_now().await;
    }
}

/// IN-06, AU-26: signing in, a wrong password, a forgotten one, tokens, SCIM, by the demo with every line logged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_06_no_log_line_holds_a_secret_or_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = chamberlain(folder.path());
    command.env_remove("CHAMBERLAIN__DATABASE__URL").env("CHAMBERLAIN__LOG__FILTER", "trace");
    let data = folder.path().join("demo");
    let mut demo = Logged::start(command.args(["demo", "--json", "--port", "0", "--data-dir"]).arg(&data));
    let printed: Value = {
        let mut text = String::new();
        let mut lines = BufReader::new(demo.process.stdout.take().unwrap()).lines();
        loop {
            text.push_str(&lines.next().unwrap().unwrap());
            if let Ok(document) = serde_json::from_str(&text) {
                break document;
            }
        }
    };
    let base = demo.address();
    let account = printed["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|account| account["email"] == "nina.petit@bank-a.example")
        .unwrap();
    let (email, password, phone) =
        (account["email"].as_str().unwrap(), account["password"].as_str().unwrap(), account["phone"].as_str().unwrap());
    let issuer = printed["issuer"].as_str().unwrap();
    let mut nina = Visitor::new(&base, issuer.trim_start_matches("http://"));
    let mail = printed["outbox"].as_str().unwrap().to_owned();
    let client = nina.client.clone();
    let mut secrets: Vec<String> = [email, password, phone, "a wrong password canary"].map(str::to_owned).to_vec();
    let mails = outbox(&client, &mail).await.iter().filter(|sent| sent["to"] == email).count();
    nina.sign_in(email, "a wrong password canary").await;
    nina.sign_in(email, password).await;
    let code = digits(&last(&client, &mail, phone, 0).await);
    nina.post("/login/otp", &[("code", &code)]).await;
    assert_eq!(nina.get("/profile").await, 200);
    nina.get("/recover").await;
    nina.post("/recover", &[("email", email)]).await;
    let text = last(&client, &mail, email, mails).await;
    let link = text.split_whitespace().find_map(|word| word.strip_prefix(issuer)).unwrap().to_owned();
    nina.get(&link).await;
    nina.post("/nowhere?code=canary-query-secret", &[("password", "canary-form-secret")]).await;
    secrets.extend([
        code,
        link.rsplit('/').next().unwrap().to_owned(),
        "canary-query-secret".to_owned(),
        "canary-form-secret".to_owned(),
    ]);
    let service = &printed["service_clients"][0];
    let (id, secret) = (service["client_id"].as_str().unwrap(), service["client_secret"].as_str().unwrap());
    let token: Value = client
        .post(format!("{issuer}/oauth2/token"))
        .basic_auth(id, Some(secret))
        .form(&[("grant_type", "client_credentials"), ("scope", "scim")])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let scim =
        async |request: reqwest::RequestBuilder| request.bearer_auth(&token).send().await.unwrap().status().as_u16();
    let person = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "canary.person@bank-a.example",
        "name": { "givenName": "Canary", "familyName": "Vogel" }, "password": "canary-scim-password",
        "emails": [{ "value": "canary.person@bank-a.example" }], "phoneNumbers": [{ "value": "+33140009999" }] });
    let users = format!("{issuer}/scim/v2/Users");
    assert!(
        scim(client.post(&users).header("content-type", "application/scim+json").body(person.to_string())).await < 500
    );
    assert!(
        scim(client.get(format!("{users}?filter=userName%20eq%20%22canary.person%40bank-a.example%22"))).await < 500
    );
    assert!(
        scim(
            client
                .post(&users)
                .header("content-type", "application/scim+json")
                .body("{\"userName\": canary-json-secret")
        )
        .await
            < 500
    );
    secrets.extend([token, secret.to_owned(), "canary.person@bank-a.example".to_owned(), "+33140009999".to_owned()]);
    secrets.extend(["canary-scim-password".to_owned(), "canary-json-secret".to_owned(), "Vogel".to_owned()]);
    secrets.append(&mut nina.secrets);
    assert_silent(&demo.end(), &secrets);
}

on_both! {
    /// IN-06: the ways out: a real mail server, a gateway, a mail that is refused, on either database.
    async fn in_06_no_log_line_holds_what_was_sent_or_to_whom(world: World) {
        let (mail, mut gateway) = (MailServer::start().await, Gateway::start().await);
        let mut mails = mail.mails;
        gateway.statuses.lock().unwrap().push_back(500);
        let folder = tempfile::tempdir().unwrap();
        let configured = |command: &mut Command| {
            command.env("CHAMBERLAIN__DATABASE__URL", &world.options.url).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
            command.env("CHAMBERLAIN__MAIL__DRIVER", "smtp").env("CHAMBERLAIN__MAIL__URL", &mail.url);
            for channel in ["SMS", "VOICE"] {
                command.env(format!("CHAMBERLAIN__{channel}__DRIVER"), "http").env(format!("CHAMBERLAIN__{channel}__URL"), &gateway.url);
                command.env(format!("CHAMBERLAIN__{channel}__SIGNING_KEY"), "canary-signing-key");
                command.env(format!("CHAMBERLAIN__{channel}__AUTHORIZATION"), "Bearer canary-gateway-token");
            }
            command.env("CHAMBERLAIN__LOG__FILTER", "trace");
        };
        let (email, phone) = ("canary.admin@institution.example", "+4969100777");
        let mut bootstrap = chamberlain(folder.path());
        configured(&mut bootstrap);
        let (status, made) = run(bootstrap.args(["bootstrap", "admin", "--email", email, "--phone", phone, "--given-name", "Olga", "--family-name", "Kanarienvogel"]));
        assert_eq!(status, 0, "{made}");
        let link = made["activation_link"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
        let mut serve = chamberlain(folder.path());
        configured(&mut serve);
        let server = Logged::start(serve.arg("serve"));
        let mut olga = Visitor::new(&server.address(), "localhost:8080");
        olga.get(&link).await;
        olga.post(&format!("{link}/code"), &[]).await;
        let first = gateway.posted.recv().await.unwrap();
        let code = digits(first.json()["text"].as_str().unwrap());
        olga.post(&link, &[("code", &code), ("password", "three canary herons fly")]).await;
        olga.sign_in(email, "three canary herons fly").await;
        let mut posted = gateway.posted.recv().await.unwrap();
        while posted.header("idempotency-key") == first.header("idempotency-key") {
            posted = gateway.posted.recv().await.unwrap();
        }
        let second = digits(posted.json()["text"].as_str().unwrap());
        olga.post("/login/otp", &[("code", &second)]).await;
        assert_eq!(olga.get("/profile").await, 200);
        mail.script.lock().unwrap().push_back("550 5.1.1 <canary.admin@institution.example> is unknown here");
        olga.get("/recover").await;
        olga.post("/recover", &[("email", email)]).await;
        assert!(mails.recv().await.is_some(), "the mail about the password");
        let mut secrets = olga.secrets;
        secrets.extend([email, phone, &code, &second, "three canary herons fly", "canary-signing-key", "canary-gateway-token", "Kanarienvogel"].map(str::to_owned));
        secrets.push(link.rsplit('/').next().unwrap().to_owned());
        assert_silent(&server.end(), &secrets);
    }
}
