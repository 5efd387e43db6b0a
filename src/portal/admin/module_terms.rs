//! The fields of what a module asks for: its classification and its settings (I26, I27).

use serde_json::{Map, Value};

use super::plain::Section;
use crate::directory::module::error::ModuleError;
use crate::directory::module::settings::{Setting, SettingKind, SettingsSchema};
use crate::directory::module::terms::{Catalogue, Terms};
use crate::portal::form::Errors;
use crate::web::{Choice, Field, Form, Page};

const CLASS: &str = "class-";
const SETTING: &str = "setting-";

/// The sections of a form; none for what the module does not ask for.
pub(super) fn sections(
    page: &Page,
    catalogue: &Catalogue,
    stored: Option<&Terms>,
    (errors, form): (&Errors, Option<&Form>),
) -> Vec<Section> {
    let chosen = |code: &String| stored.is_some_and(|terms| terms.classification.contains(code));
    let class = |class: &crate::directory::module::terms::Class| Field {
        label: class.label(page.locale.tag()).to_owned(),
        ..Field::checkbox(page, &format!("{CLASS}{}", class.code), "module-classification", chosen(&class.code))
    };
    let classes: Vec<Field> = catalogue.classes.iter().map(class).collect();
    let value = |setting: &Setting| stored.and_then(|terms| terms.settings.get(&setting.name));
    let asked = catalogue.settings.iter().flat_map(SettingsSchema::settings);
    let settings: Vec<Field> = asked.flat_map(|setting| fields(page, setting, value(setting))).collect();
    let titled = |title: &str, mut fields: Vec<Field>| {
        errors.fill(&mut fields, form);
        (!fields.is_empty()).then(|| Section { title: Some(page.t(title)), folded: false, fields })
    };
    [titled("module-classification", classes), titled("module-settings", settings)].into_iter().flatten().collect()
}

/// The field of one setting; some of several are as many boxes.
fn fields(page: &Page, setting: &Setting, stored: Option<&Value>) -> Vec<Field> {
    let name = format!("{SETTING}{}", setting.name);
    let text = stored.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default();
    let titled = |field: Field| Field { label: setting.title.clone(), hint: setting.description.clone(), ..field };
    let asked = |field: Field| if setting.required { titled(field) } else { titled(field).optional(page) };
    let line = || Field::text(page, &name, "module-settings").value(text.clone());
    match &setting.kind {
        SettingKind::Boolean => {
            let checked = stored.and_then(Value::as_bool).unwrap_or_default();
            vec![titled(Field::checkbox(page, &name, "module-settings", checked))]
        }
        SettingKind::Text => vec![asked(line())],
        SettingKind::Integer => vec![asked(Field { input_mode: Some("numeric"), narrow: true, ..line() })],
        SettingKind::Number => vec![asked(Field { input_mode: Some("decimal"), narrow: true, ..line() })],
        SettingKind::One(choices) => {
            let none =
                (!setting.required || stored.is_none()).then(|| Choice::new("", page.t("module-setting-none"), &text));
            let choices = choices.iter().map(|choice| Choice::new(choice.as_str(), choice.as_str(), &text));
            vec![asked(Field::select(page, &name, "module-settings", none.into_iter().chain(choices).collect()))]
        }
        SettingKind::Some(choices) => {
            let held = |choice: &String| {
                stored.and_then(Value::as_array).is_some_and(|all| all.contains(&Value::from(choice.as_str())))
            };
            let field = |choice: &String| Field {
                label: format!("{}: {choice}", setting.title),
                ..Field::checkbox(page, &format!("{name}.{choice}"), "module-settings", held(choice))
            };
            choices.iter().map(field).collect()
        }
    }
}

/// What was sent: the codes that are ticked, and each setting in the type that it has. A number that is none is kept as text, so
/// that it is refused by the schema.
pub(super) fn read(form: &Form, catalogue: &Catalogue) -> (Vec<String>, Map<String, Value>) {
    let classes = catalogue.classes.iter().filter(|class| form.has(&format!("{CLASS}{}", class.code)));
    let asked = catalogue.settings.iter().flat_map(SettingsSchema::settings);
    let settings = asked.filter_map(|setting| Some((setting.name.clone(), value(form, setting)?)));
    (classes.map(|class| class.code.clone()).collect(), settings.collect())
}

fn value(form: &Form, setting: &Setting) -> Option<Value> {
    let name = format!("{SETTING}{}", setting.name);
    match &setting.kind {
        SettingKind::Boolean => Some(form.has(&name).into()),
        SettingKind::Text | SettingKind::One(_) => form.given(&name).map(Value::from),
        SettingKind::Integer | SettingKind::Number => {
            let text = form.given(&name)?;
            let number = serde_json::from_str::<serde_json::Number>(text);
            Some(number.map_or_else(|_| Value::from(text), Value::Number))
        }
        SettingKind::Some(choices) => {
            let ticked = choices.iter().filter(|choice| form.has(&format!("{name}.{choice}")));
            Some(ticked.map(|choice| Value::from(choice.as_str())).collect())
        }
    }
}

/// What the form can say about terms that were refused.
pub(super) fn explain(page: &Page, error: &ModuleError, catalogue: &Catalogue) -> Option<Errors> {
    match error {
        ModuleError::UnknownClass(code) => Some(Errors::one("kind", page.t1("module-class-unknown", "code", code))),
        ModuleError::Setting { name, text } => {
            let mut asked = catalogue.settings.iter().flat_map(SettingsSchema::settings);
            let setting = asked.find(|setting| setting.name == *name);
            let title = setting.map_or(name.as_str(), |setting| setting.title.as_str());
            let field = match setting.map(|setting| &setting.kind) {
                Some(SettingKind::Some(choices)) => {
                    format!("{SETTING}{name}.{}", choices.first().map_or("", String::as_str))
                }
                Some(_) => format!("{SETTING}{name}"),
                None => "kind".to_owned(),
            };
            Some(Errors::one(&field, format!("{} {text}", page.t1("module-setting-wrong", "field", title))))
        }
        _ => None,
    }
}
