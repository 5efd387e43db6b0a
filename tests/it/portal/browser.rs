//! A browser without script: cookies, links, forms filled in by their labels.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt as _;

/// One answer, parsed.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub path: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    /// The heading.
    pub fn heading(&self) -> String {
        let html = self.html();
        html.select(&selector("h1")).map(|h1| h1.text().collect::<String>()).collect()
    }

    pub fn has(&self, wanted: &str) -> bool {
        self.html().select(&selector(wanted)).next().is_some()
    }

    /// An attribute of the first element that is wanted.
    pub fn attribute(&self, wanted: &str, name: &str) -> String {
        let html = self.html();
        let found = html.select(&selector(wanted)).next();
        let found = found.unwrap_or_else(|| panic!("{}: no {wanted}\n{}", self.path, self.text));
        found.value().attr(name).unwrap_or_default().to_owned()
    }

    /// The form that posts to `action`, as it would be sent untouched.
    pub fn form(&self, action: &str) -> Form {
        let html = self.html();
        let wanted = selector(&format!("form[method=post][action='{action}']"));
        let form =
            html.select(&wanted).next().unwrap_or_else(|| panic!("no form {action} on {}:\n{}", self.path, self.text));
        Form::read(action, form)
    }
}

/// A form with what is in it.
#[derive(Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    fn read(action: &str, form: ElementRef<'_>) -> Self {
        let mut fields = Vec::new();
        for control in form.select(&selector("input, select, textarea")) {
            let value = control.value();
            let Some(name) = value.attr("name").filter(|_| value.attr("disabled").is_none()) else { continue };
            let content = match (value.name(), value.attr("type")) {
                ("input", Some("checkbox" | "radio")) if value.attr("checked").is_none() => continue,
                ("input", _) => value.attr("value").unwrap_or_default().to_owned(),
                ("textarea", _) => control.text().collect(),
                _ => {
                    let all: Vec<_> = control.select(&selector("option")).collect();
                    let chosen = all.iter().find(|option| option.value().attr("selected").is_some()).or(all.first());
                    chosen.and_then(|option| option.value().attr("value")).unwrap_or_default().to_owned()
                }
            };
            fields.push((name.to_owned(), content));
        }
        Self { action: action.to_owned(), fields }
    }

    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn tick(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn untick(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, present)| field != name || present != value);
        self
    }

    pub fn body(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

/// A browser in front of the pages.
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), language: "en" }
    }

    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap(), path).await
    }

    /// Sends a form as a browser does from our own page.
    pub async fn submit(&mut self, form: &Form) -> Answer {
        let request = Request::post(&form.action)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.body()));
        self.send(request.unwrap(), &form.action).await
    }

    /// Sends a form and follows the 303.
    pub async fn submit_and_follow(&mut self, form: &Form) -> Answer {
        let answer = self.submit(form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} said {}:\n{}", form.action, answer.status, answer.text);
        let next = answer.location().to_owned();
        self.get(&next).await
    }

    pub async fn send(&mut self, mut request: Request<Body>, path: &str) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.insert(header::HOST, "id.example.eu".parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, self.language.parse().unwrap());
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        let text = String::from_utf8(to_bytes(body, 10_000_000).await.unwrap().to_vec()).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, text, path: path.to_owned() };
        dump(&answer, self.language);
        answer
    }
}

/// Writes the page with its style sheet where somebody wants to look at it (`CHAMBERLAIN_TEST_PAGES=folder`).
fn dump(answer: &Answer, language: &str) {
    let Ok(folder) = std::env::var("CHAMBERLAIN_TEST_PAGES") else { return };
    let sheet = include_str!("../../../templates/static/portal.css");
    let name: String =
        answer.path.split('?').next().unwrap().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let text = answer.text.replace("</head>", &format!("<style>{sheet}</style></head>"));
    std::fs::write(format!("{folder}/{language}{name}.html"), text).unwrap();
}

pub fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}
