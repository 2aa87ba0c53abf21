//! The manual backup of a GaussDB instance: what was asked for is echoed, a backup and a task come
//! into being.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::call::Call;
use super::super::operation::MockOperation;
use super::super::rejection::Rejection;
use super::super::reply::Reply;
use super::super::resource::Ids;
use super::Backend;

/// `CreateManualBackup`.
#[derive(Debug)]
pub(super) struct Create {
    status: u16,
    template: Map<String, Value>,
    ids: Ids,
}

impl Create {
    /// Answers from the documented body.
    pub(super) fn new(mocked: &MockOperation, ids: &Ids) -> Self {
        let template = mocked.answer.template.as_ref().and_then(Value::as_object);
        Self {
            status: mocked.answer.status,
            template: template.cloned().unwrap_or_default(),
            ids: ids.clone(),
        }
    }
}

impl Backend for Create {
    fn check(&self, _call: &Call<'_>) -> Option<Rejection> {
        None
    }

    fn answer(&self, call: &Call<'_>) -> Reply {
        let mut body = self.template.clone();
        let echo = |name: &str| call.field(name).cloned().unwrap_or_else(|| Value::from(""));
        let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S+0000");
        let fields = [
            ("id", Value::from(suffixed(&self.ids, "br14"))),
            ("name", echo("name")),
            ("description", echo("description")),
            ("status", Value::from("BUILDING")),
            ("type", Value::from("manual")),
            ("begin_time", Value::from(now.to_string())),
            ("instance_id", echo("instance_id")),
        ];
        let mut backup = match body.get("backup") {
            Some(Value::Object(template)) => template.clone(),
            _ => Map::new(),
        };
        for (name, value) in fields {
            backup.insert(name.to_owned(), value);
        }
        body.insert("backup".to_owned(), Value::Object(backup));
        body.insert("job_id".to_owned(), Value::from(self.ids.uuid()));
        Reply::json(self.status, Value::Object(body))
    }
}

/// A fresh id in the service's form: 32 digits and a suffix for the kind of thing.
fn suffixed(ids: &Ids, suffix: &str) -> String {
    let mut id = ids.uuid().replace('-', "");
    id.push_str(suffix);
    id
}
