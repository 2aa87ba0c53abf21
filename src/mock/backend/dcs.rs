//! Backups of DCS instances, kept in memory: creating moves a record through its statuses, listing
//! pages and filters.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::contract::{Facet, FieldPath, Location, Operation, Place, Schema};
use crate::generate::sample;

use super::super::call::Call;
use super::super::operation::MockOperation;
use super::super::rejection::{Cause, Rejection};
use super::super::reply::Reply;
use super::super::resource::{CLUSTER, EMPTY, Ids, MASTER_STANDBY, Resources, SINGLE_NODE};
use super::Backend;

/// How many records an instance keeps: the oldest go first, so that a long run does not grow.
const MOST_RECORDS: usize = 2000;

/// The format of a backup when the request names none.
const DEFAULT_FORMAT: &str = "rdb";

/// What the backups that exist from the start look like, the newest first: type, format, status,
/// bytes, remark, and how many minutes before the start they were made.
const SEEDS: [(&str, &str, &str, i64, &str, i64); 6] = [
    ("manual", "aof", "succeed", 880_232, "001", 61),
    ("auto", "rdb", "succeed", 1_048_576, "", 24 * 60 + 7),
    (
        "manual",
        "rdb",
        "failed",
        0,
        "before upgrade",
        2 * 24 * 60 + 31,
    ),
    ("auto", "rdb", "succeed", 913_408, "", 3 * 24 * 60 + 7),
    (
        "manual",
        "rdb",
        "expired",
        4_294_967_296,
        "quarterly",
        95 * 24 * 60,
    ),
    ("auto", "aof", "deleted", 512, "", 120 * 24 * 60 + 7),
];

/// How many of the seeds the cluster has.
const CLUSTER_SEEDS: usize = 2;

/// The instances of the service by id.
#[derive(Debug)]
pub(super) struct Instances {
    by_id: HashMap<String, Instance>,
    step: Duration,
    ids: Ids,
}

#[derive(Debug)]
struct Instance {
    can_back_up: bool,
    /// The newest first; the order of creation, so that equal times keep theirs.
    records: Mutex<VecDeque<Record>>,
}

/// A backup. What changes with time is worked out when it is listed.
#[derive(Debug, Clone)]
struct Record {
    id: String,
    kind: &'static str,
    format: String,
    remark: String,
    size: i64,
    created: Timestamp,
    /// The creation time as the filters write it.
    created_key: String,
    progress: Progress,
}

#[derive(Debug, Clone, Copy)]
enum Progress {
    /// Its status does not change any more.
    Settled(&'static str),
    /// It was started.
    Started(Instant),
}

impl Instances {
    /// The four kinds of instances, with what they have from the start.
    pub(super) fn new(resources: &Resources, step: Duration, ids: Ids) -> Self {
        // Whole seconds: what a filter says of an item at the very second of its bound can then be
        // told.
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        let kinds = [
            (MASTER_STANDBY, SEEDS.len(), true),
            (CLUSTER, CLUSTER_SEEDS, true),
            // It is stopped, so that nothing can be added and it stays empty.
            (EMPTY, 0, false),
            (SINGLE_NODE, 0, false),
        ];
        let by_id = kinds
            .into_iter()
            .filter_map(|(key, seeds, can_back_up)| {
                let records = SEEDS
                    .iter()
                    .take(seeds)
                    .map(|(kind, format, status, size, remark, minutes)| {
                        let age = Duration::from_secs(minutes.unsigned_abs() * 60);
                        let created = now.checked_sub(age).unwrap_or(now);
                        Record {
                            id: ids.uuid(),
                            kind,
                            format: (*format).to_owned(),
                            remark: (*remark).to_owned(),
                            size: *size,
                            created,
                            created_key: filter_time(created),
                            progress: Progress::Settled(status),
                        }
                    })
                    .collect();
                let instance = Instance {
                    can_back_up,
                    records: Mutex::new(records),
                };
                Some((resources.id(key)?.to_owned(), instance))
            })
            .collect();
        Self { by_id, step, ids }
    }

    /// The instance that a request names.
    fn named(&self, call: &Call<'_>) -> Option<&Instance> {
        self.by_id.get(call.text(Location::Path, "instance_id")?)
    }
}

impl Instance {
    /// The records; a panic elsewhere leaves them usable.
    fn records(&self) -> MutexGuard<'_, VecDeque<Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `CopyInstance`.
#[derive(Debug)]
pub(super) struct Create {
    instances: Arc<Instances>,
    status: u16,
    template: Map<String, Value>,
}

impl Create {
    /// Answers from the documented body.
    pub(super) fn new(instances: Arc<Instances>, mocked: &MockOperation) -> Self {
        let template = mocked.answer.template.as_ref().and_then(Value::as_object);
        Self {
            instances,
            status: mocked.answer.status,
            template: template.cloned().unwrap_or_default(),
        }
    }
}

impl Backend for Create {
    fn check(&self, call: &Call<'_>) -> Option<Rejection> {
        self.instances
            .named(call)
            .is_some_and(|instance| !instance.can_back_up)
            .then(|| {
                let field = FieldPath::name("instance_id");
                Rejection::new(Place::Path, field, Cause::Unsuitable)
            })
    }

    fn answer(&self, call: &Call<'_>) -> Reply {
        let text = |name: &str, default: &str| {
            call.field(name)
                .map_or_else(|| default.to_owned(), super::super::resource::text_of)
        };
        let id = self.instances.ids.uuid();
        if let Some(instance) = self.instances.named(call) {
            let mut record = Record {
                id: id.clone(),
                kind: "manual",
                format: text("backup_format", DEFAULT_FORMAT),
                remark: text("remark", ""),
                size: 880_232,
                created: Timestamp::now(),
                created_key: String::new(),
                progress: Progress::Started(Instant::now()),
            };
            let mut records = instance.records();
            // The clock may have been set back: the order of the list is that of creation all the
            // same.
            if let Some(newest) = records.front() {
                record.created = record.created.max(newest.created);
            }
            record.created_key = filter_time(record.created);
            records.push_front(record);
            records.truncate(MOST_RECORDS);
        }
        let mut body = self.template.clone();
        body.insert("backup_id".to_owned(), Value::from(id));
        Reply::json(self.status, Value::Object(body))
    }
}

/// `ListBackupRecords`.
#[derive(Debug)]
pub(super) struct List {
    instances: Arc<Instances>,
    status: u16,
    empty_status: Option<u16>,
    body: Map<String, Value>,
    /// A record with every documented field.
    record: Map<String, Value>,
    /// What stands for a period, or an error code, that there is not.
    nothing: Value,
}

impl List {
    /// Answers from the documented body.
    pub(super) fn new(
        instances: Arc<Instances>,
        operation: &Operation,
        mocked: &MockOperation,
    ) -> Self {
        let answer = &mocked.answer;
        let body = answer.template.as_ref().and_then(Value::as_object);
        let schema = answer.schema.as_deref();
        let record = schema.and_then(|schema| {
            let node = schema.node("/backup_record_response/0")?;
            sample(schema, node, 0).as_object().cloned()
        });
        Self {
            instances,
            status: answer.status,
            empty_status: operation.response(204).and(answer.empty_status),
            body: body.cloned().unwrap_or_default(),
            nothing: nothing(schema, answer.template.as_ref()),
            record: record.unwrap_or_default(),
        }
    }

    fn render(&self, record: &Record, instance_id: &str, now: Instant) -> Value {
        let step = self.instances.step;
        let (status, percent, changed) = match record.progress {
            Progress::Settled(status) => {
                let percent = if status == "failed" { 37 } else { 100 };
                (status, percent, Duration::from_millis(74_380))
            }
            Progress::Started(started) => {
                let elapsed = now.saturating_duration_since(started);
                if elapsed < step {
                    ("waiting", 0, Duration::ZERO)
                } else if elapsed < step * 2 {
                    let part =
                        elapsed.saturating_sub(step).as_micros() * 100 / step.as_micros().max(1);
                    ("backuping", part.min(99), step)
                } else {
                    ("succeed", 100, step * 2)
                }
            }
        };
        let updated = record
            .created
            .checked_add(changed)
            .unwrap_or(record.created);
        let executed = record
            .created
            .checked_add(changed / 2)
            .unwrap_or(record.created);
        let restorable = if status == "succeed" { "TRUE" } else { "FALSE" };
        let error = match status {
            "failed" => Value::from("dcs.08.0002"),
            _ => self.nothing.clone(),
        };
        let name = record.created.strftime("backup_%Y%m%d%H%M%S");
        let mut map = self.record.clone();
        let fields = [
            ("period", self.nothing.clone()),
            ("backup_type", Value::from(record.kind)),
            ("created_at", time(record.created)),
            ("remark", Value::from(record.remark.as_str())),
            ("is_support_restore", Value::from(restorable)),
            ("backup_id", Value::from(record.id.as_str())),
            ("backup_name", Value::from(name.to_string())),
            ("instance_id", Value::from(instance_id)),
            ("size", Value::from(record.size)),
            ("updated_at", time(updated)),
            ("progress", Value::from(format!("{percent}.00"))),
            ("error_code", error),
            ("status", Value::from(status)),
            ("execution_at", time(executed)),
            ("backup_format", Value::from(record.format.as_str())),
        ];
        for (name, value) in fields {
            map.insert(name.to_owned(), value);
        }
        Value::Object(map)
    }
}

impl Backend for List {
    fn check(&self, call: &Call<'_>) -> Option<Rejection> {
        let text = |name| call.text(Location::Query, name);
        if let (Some(begin), Some(end)) = (text("begin_time"), text("end_time"))
            && begin > end
        {
            return Some(Rejection::new(
                Place::Query,
                FieldPath::name("begin_time"),
                Cause::Order,
            ));
        }
        ["limit", "offset"]
            .into_iter()
            .find(|name| call.number(name).is_some_and(|number| number < 0))
            .map(|name| {
                let cause = Cause::Rule(Facet::Minimum);
                Rejection::new(Place::Query, FieldPath::name(name), cause)
            })
    }

    fn answer(&self, call: &Call<'_>) -> Reply {
        let count = |name: &str, default: usize| {
            call.number(name)
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(default)
        };
        let (offset, limit) = (count("offset", 0), count("limit", usize::MAX));
        let begin = call.text(Location::Query, "begin_time");
        let end = call.text(Location::Query, "end_time");
        let mut total = 0_usize;
        let mut page = Vec::new();
        if let Some(instance) = self.instances.named(call) {
            let records = instance.records();
            if records.is_empty()
                && let Some(status) = self.empty_status
            {
                return Reply::empty(status);
            }
            for record in records.iter() {
                let key = record.created_key.as_str();
                if begin.is_some_and(|begin| key < begin) || end.is_some_and(|end| key > end) {
                    continue;
                }
                if total >= offset && page.len() < limit {
                    page.push(record.clone());
                }
                total += 1;
            }
        }
        // Written out of the lock: creating does not wait for a long list.
        let instance_id = call.text(Location::Path, "instance_id").unwrap_or_default();
        let now = Instant::now();
        let page: Vec<Value> = page
            .iter()
            .map(|record| self.render(record, instance_id, now))
            .collect();
        let mut body = self.body.clone();
        body.insert("total_num".to_owned(), Value::from(total));
        body.insert("backup_record_response".to_owned(), Value::Array(page));
        Reply::json(self.status, Value::Object(body))
    }
}

/// A time as records show it.
fn time(time: Timestamp) -> Value {
    Value::from(time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A time as the filters of the list write it: texts of one length, so that they compare as the
/// times do.
fn filter_time(time: Timestamp) -> String {
    time.strftime("%Y%m%d%H%M%S").to_string()
}

/// The value for a period or an error code that there is not: the documented example shows an empty
/// object; null or an empty text where the schema does not go along with that.
fn nothing(schema: Option<&Schema>, template: Option<&Value>) -> Value {
    let (Some(schema), Some(template)) = (schema, template) else {
        return Value::Null;
    };
    [Value::Object(Map::new()), Value::Null, Value::from("")]
        .into_iter()
        .find(|candidate| {
            let mut body = template.clone();
            for name in ["period", "error_code"] {
                if let Some(slot) = body.pointer_mut(&format!("/backup_record_response/0/{name}")) {
                    *slot = candidate.clone();
                }
            }
            schema.is_valid(&body)
        })
        .unwrap_or(Value::Null)
}
