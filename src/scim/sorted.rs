//! Pages of lists that are short enough to be sorted here.

use uuid::Uuid;

use super::cursor::Cursors;
use super::error::ScimError;
use crate::directory::listing::{Key, Position};

/// Rows in order, each with the text that it is sorted by; ties by id.
#[derive(Debug)]
pub struct Sorted<T> {
    rows: Vec<((String, Uuid), T)>,
    descending: bool,
}

/// A page.
#[derive(Debug)]
pub struct Part<T> {
    /// What is on it.
    pub rows: Vec<T>,
    /// Where it ends, unless it is the last.
    pub end: Option<Position>,
}

impl<T> Sorted<T> {
    /// Sorts.
    pub fn new(rows: Vec<(String, T)>, id: impl Fn(&T) -> Uuid, descending: bool) -> Self {
        let mut rows: Vec<_> = rows.into_iter().map(|(text, row)| ((text, id(&row)), row)).collect();
        rows.sort_by(|(one, _), (other, _)| if descending { other.cmp(one) } else { one.cmp(other) });
        Self { rows, descending }
    }

    /// How many there are.
    pub fn total(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(i64::MAX)
    }

    /// The page that is asked for.
    pub fn part(self, cursors: &Cursors<'_>, count: i64) -> Result<Part<T>, ScimError> {
        let begin = cursors.begin()?;
        let skipped = match begin.after.as_deref() {
            None => usize::try_from(begin.offset).unwrap_or(usize::MAX),
            Some([Key::Text(text), Key::Id(id)]) => {
                let after = (text.clone(), *id);
                self.rows.partition_point(|(key, _)| if self.descending { *key >= after } else { *key <= after })
            }
            Some(_) => return Err(ScimError::InvalidCursor),
        };
        let mut left = self.rows.into_iter().skip(skipped);
        let page: Vec<_> = left.by_ref().take(usize::try_from(count).unwrap_or_default()).collect();
        let end = page.last().filter(|_| left.next().is_some());
        let end = end.map(|((text, id), _)| vec![Key::Text(text.clone()), Key::Id(*id)]);
        Ok(Part { rows: page.into_iter().map(|(_, row)| row).collect(), end })
    }
}
