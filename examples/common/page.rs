//! The page around every example's content: header, navigation, footer, one style sheet, no script.

use std::fmt::Write as _;

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

const STYLE: &str = include_str!("style.css");

/// The policy is as strict as the page is plain: nothing but our own inline style.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http: https:; frame-ancestors 'none'; base-uri 'none'";

/// How one application presents itself.
#[derive(Clone, Debug)]
pub(crate) struct Brand {
    /// Short name, for example `IMAS`.
    pub name: &'static str,
    /// What the short name stands for.
    pub long_name: &'static str,
    /// Shown beside the name, for example `Pre-Production`; empty for production.
    pub environment: &'static str,
    /// Any CSS colour.
    pub colour: &'static str,
}

/// One page of an application.
pub(crate) struct Page<'a> {
    /// Whose page.
    pub brand: &'a Brand,
    /// Title and only heading of the first level.
    pub title: &'a str,
    /// Name of the person who is signed in.
    pub person: Option<&'a str>,
    /// Navigation: address and words.
    pub links: &'a [(&'a str, &'a str)],
    /// Which of these addresses the page belongs to; empty for none.
    pub here: &'a str,
    /// The content, escaped already.
    pub body: String,
}

impl Page<'_> {
    /// The whole answer.
    pub(crate) fn respond(self, status: StatusCode) -> Response {
        let headers = [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        (status, headers, Html(self.html())).into_response()
    }

    fn html(&self) -> String {
        let Brand { name, long_name, environment, colour } = self.brand;
        let badge =
            if environment.is_empty() { String::new() } else { format!("<span class=badge>{environment}</span>") };
        let mut links = String::new();
        for (href, text) in self.links {
            let current = if *href == self.here { " aria-current=true" } else { "" };
            let _ = write!(links, "<li><a href=\"{href}\"{current}>{text}</a></li>");
        }
        let person = self.person.map_or(String::new(), |person| {
            format!(
                "<p class=person><span id=person>{}</span> <a class=out href=\"/logout\">Sign out</a></p>",
                escape(person)
            )
        });
        let navigation = if links.is_empty() { links } else { format!("<nav aria-label=Main><ul>{links}</ul></nav>") };
        let (title, body, version) = (escape(self.title), &self.body, env!("CARGO_PKG_VERSION"));
        format!(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} - {name}</title>\
             <meta name=viewport content=\"width=device-width,initial-scale=1\"><style>:root{{--brand:{colour}}}{STYLE}</style></head>\
             <body><a class=skip href=\"#main\">Skip to main content</a>\
             <header><p class=brand><a href=\"/\">{name}</a> {badge}<span class=long>{long_name}</span></p>{person}</header>\
             {navigation}<main id=main><h1>{title}</h1>{body}</main>\
             <footer>Version {version} · Example application of Chamberlain · <a href=\"/terms\">Terms and conditions</a></footer></body></html>"
        )
    }
}

/// What was just done, for the top of a page; empty when nothing was.
pub(crate) fn notice(done: Option<&str>, text: &str) -> String {
    if done.is_some() { format!("<p class=done role=status>{text}</p>") } else { String::new() }
}

/// `text` made safe for element content and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
