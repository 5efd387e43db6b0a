//! The parser of filters (RFC 7644 §3.4.2.2, figure 1). Limits hold before anything recurses (SC-16, SC-17, SC-18).

use serde_json::Value;

use super::attribute::AttributePath;
use super::filter::{Filter, Operator};
use super::tolerated::Tolerated;
use crate::directory::client::activity::model::Habit;

/// Why a text is not a filter. What is said is safe to show: it never repeats more than one word of the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(pub String);

fn refuse<T>(why: impl Into<String>) -> Result<T, FilterError> {
    Err(FilterError(why.into()))
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    /// `.sub` directly behind `]`.
    Sub(String),
    Word(String),
    Text(String),
}

/// Reads a filter as tolerantly as we read any.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    read(text, &Tolerated::default())
}

/// Reads the filter of a request.
pub fn read(text: &str, tolerated: &Tolerated) -> Result<Filter, FilterError> {
    let limits = tolerated.limits();
    if text.len() > limits.filter_bytes {
        return refuse(format!("the filter is longer than {} bytes", limits.filter_bytes));
    }
    let tokens = tokens(text, limits.filter_depth)?;
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), terms: 0, tolerated };
    let filter = parser.or(0)?;
    match parser.tokens.next() {
        None => Ok(filter),
        Some(_) => refuse("something follows the end of the filter"),
    }
}

/// Splits the text and checks its nesting, so that what follows may recurse.
fn tokens(text: &str, deepest: usize) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            ' ' | '\t' => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '[' => (Token::OpenBracket, 1),
            ']' => (Token::CloseBracket, 1),
            '"' => text_token(rest)?,
            '.' if tokens.last() == Some(&Token::CloseBracket) => {
                let word = word(rest.get(1..).unwrap_or_default());
                (Token::Sub(word.to_owned()), word.len() + 1)
            }
            _ => {
                let word = word(rest);
                (Token::Word(word.to_owned()), word.len())
            }
        };
        match token {
            Token::Open | Token::OpenBracket => depth += 1,
            Token::Close | Token::CloseBracket => depth = depth.saturating_sub(1),
            Token::Sub(_) | Token::Word(_) | Token::Text(_) => {}
        }
        if depth > deepest {
            return refuse(format!("the filter is nested deeper than {deepest}"));
        }
        if length == 0 {
            return refuse("the filter holds a character that does not belong there");
        }
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(tokens)
}

fn word(text: &str) -> &str {
    let end = text.find([' ', '\t', '(', ')', '[', ']', '"']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// A JSON string (RFC 7159 §7), and how many bytes it takes.
fn text_token(text: &str) -> Result<(Token, usize), FilterError> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                let literal = text.get(..=at).unwrap_or_default();
                return match serde_json::from_str::<String>(literal) {
                    Ok(value) => Ok((Token::Text(value), at + 1)),
                    Err(_) => refuse("a text in the filter is not a JSON string"),
                };
            }
            _ => {}
        }
    }
    refuse("a text in the filter is not closed")
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    terms: usize,
    tolerated: &'a Tolerated,
}

impl Parser<'_> {
    fn or(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut left = self.and(depth)?;
        while self.keyword("or") {
            left = Filter::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut left = self.term(depth)?;
        while self.keyword("and") {
            left = Filter::And(Box::new(left), Box::new(self.term(depth)?));
        }
        Ok(left)
    }

    fn term(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let deepest = self.tolerated.limits().filter_depth;
        if depth > deepest {
            return refuse(format!("the filter is nested deeper than {deepest}"));
        }
        match self.tokens.next() {
            Some(Token::Open) => self.group(depth),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("not") && self.tokens.peek() == Some(&Token::Open) => {
                self.tokens.next();
                Ok(Filter::Not(Box::new(self.group(depth)?)))
            }
            Some(Token::Word(word)) => self.comparison(&word, depth),
            Some(_) => refuse("an attribute name was expected"),
            None => refuse("the filter ends where an attribute name was expected"),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let inner = self.or(depth + 1)?;
        self.expect(&Token::Close, "`)`")?;
        Ok(inner)
    }

    fn comparison(&mut self, word: &str, depth: usize) -> Result<Filter, FilterError> {
        self.terms += 1;
        let most = self.tolerated.limits().filter_terms;
        if self.terms > most {
            return refuse(format!("the filter has more than {most} terms"));
        }
        let Some(path) = AttributePath::parse(word).filter(|path| !path.name.is_empty()) else {
            return refuse("an attribute name was expected");
        };
        if self.tokens.peek() != Some(&Token::OpenBracket) {
            return self.operation(path);
        }
        self.tokens.next();
        let inner = self.or(depth + 1)?;
        self.expect(&Token::CloseBracket, "`]`")?;
        let Some(Token::Sub(sub)) = self.tokens.next_if(|token| matches!(token, Token::Sub(_))) else {
            return Ok(Filter::ValuePath(path, Box::new(inner)));
        };
        if !self.tolerated.passes(Habit::FilteredPath) {
            return refuse("a filter in brackets ends with `]`; put the second condition into it");
        }
        match AttributePath::parse(&sub) {
            Some(sub) if sub.uri.is_none() && sub.sub.is_none() => {
                let same = self.operation(sub)?;
                Ok(Filter::ValuePath(path, Box::new(Filter::And(Box::new(inner), Box::new(same)))))
            }
            _ => refuse("a sub-attribute was expected behind `]`"),
        }
    }

    fn operation(&mut self, path: AttributePath) -> Result<Filter, FilterError> {
        let Some(Token::Word(word)) = self.tokens.next() else { return refuse("an operator was expected") };
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let Some(operator) = Operator::ALL.into_iter().find(|operator| word.eq_ignore_ascii_case(operator.as_str()))
        else {
            return refuse("the operator is none of eq, ne, co, sw, ew, gt, ge, lt, le, pr");
        };
        let value = match self.tokens.next() {
            Some(Token::Text(text)) => Value::String(text),
            Some(Token::Word(word)) => literal(&word)?,
            _ => return refuse("a value was expected behind the operator"),
        };
        let is_flag = |text: &str| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
        if FLAGS.iter().any(|flag| is_named(&path, flag))
            && value.as_str().is_some_and(is_flag)
            && !self.tolerated.passes(Habit::BooleanText)
        {
            return refuse("true and false stand without quotes");
        }
        Ok(Filter::Compare(path, operator, value))
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        self.tokens.next_if(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(keyword))).is_some()
    }

    fn expect(&mut self, wanted: &Token, name: &str) -> Result<(), FilterError> {
        match self.tokens.next_if_eq(wanted) {
            Some(_) => Ok(()),
            None => refuse(format!("{name} was expected")),
        }
    }
}

/// The attributes that are true or false, whether they stand by themselves or behind another (RFC 7643 §4.1, §2.4).
const FLAGS: [&str; 2] = ["active", "primary"];

fn is_named(path: &AttributePath, name: &str) -> bool {
    path.sub.as_ref().unwrap_or(&path.name).eq_ignore_ascii_case(name)
}

/// `true`, `false`, `null` in any case (Entra ID sends `True`), or a JSON number.
fn literal(word: &str) -> Result<Value, FilterError> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        "null" => Ok(Value::Null),
        _ => match serde_json::from_str::<serde_json::Number>(word) {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => refuse("a value must be a text in quotes, a number, true, false or null"),
        },
    }
}
