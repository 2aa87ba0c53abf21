//! Backup records: what the endpoint keeps, how they move through their statuses, and the list of
//! them.

use std::sync::atomic::Ordering;
use std::time::Instant;

use serde_json::{Value, json};

use super::answers::{error, invalid, json_reply, unknown};
use super::creates::time_in;
use super::{CLUSTER, EMPTY, INSTANCE, Reply, SINGLE, State};

/// A backup record.
#[derive(Debug, Clone)]
pub struct Record {
    pub(super) instance: &'static str,
    pub(super) id: String,
    pub(super) remark: String,
    pub(super) format: String,
    pub(super) kind: &'static str,
    pub(super) created: i64,
    pub(super) made: Option<Instant>,
    pub(super) state: &'static str,
}

/// The records that are there from the start, and so many more, the newest first.
pub fn seed(more: i64) -> Vec<Record> {
    let record = |index: i64, instance, kind, format: &str, state| Record {
        instance,
        id: format!("4631832a-14c6-45b0-a0b3-3abd8f591a{index:02}"),
        remark: if kind == "auto" {
            String::new()
        } else {
            format!("seed {index}")
        },
        format: format.to_owned(),
        kind,
        created: 1_557_477_076 - index * 3_600,
        made: None,
        state,
    };
    let mut records = vec![
        record(0, INSTANCE, "manual", "aof", "succeed"),
        record(1, INSTANCE, "auto", "rdb", "failed"),
        record(2, INSTANCE, "manual", "rdb", "expired"),
        record(3, INSTANCE, "auto", "rdb", "succeed"),
        record(4, CLUSTER, "manual", "rdb", "succeed"),
    ];
    records
        .extend((0..more).map(|index| record(100 + index, INSTANCE, "manual", "rdb", "succeed")));
    records
}

pub(super) fn status<'r>(state: &State, record: &'r Record) -> &'r str {
    match record.made.map(|made| made.elapsed().as_millis()) {
        None => record.state,
        Some(_) if state.is("done-at-once") => "succeed",
        Some(0..60) if state.is("status-back") => "waiting",
        Some(60..300) if state.is("status-back") => "backuping",
        Some(300..500) if state.is("status-back") => "waiting",
        Some(0..10) => "waiting",
        Some(10..40) => "backuping",
        Some(_) => "succeed",
    }
}

/// A `yyyyMMddHHmmss` as seconds since 1970.
fn time(state: &State, name: &str, text: &str) -> Option<i64> {
    let fault = (name == "begin_time" && state.is("begin-time-any"))
        || (name == "end_time" && state.is("end-time-day-30-february") && text.contains("0230"));
    let field = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = || {
        let narrow = |value: i16| i8::try_from(value).ok();
        jiff::civil::DateTime::new(
            field(0, 4)?,
            narrow(field(4, 6)?)?,
            narrow(field(6, 8)?)?,
            narrow(field(8, 10)?)?,
            narrow(field(10, 12)?)?,
            narrow(field(12, 14)?)?,
            0,
        )
        .ok()?
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp().as_second())
    };
    let found = if digits { parsed() } else { None };
    found.or_else(|| fault.then_some(0))
}

pub(super) fn list(state: &State, instance: &str, query: &str) -> Reply {
    let mut begin = i64::MIN;
    let mut end = i64::MAX;
    let mut limit = 1_000_usize;
    let mut offset = 0_usize;
    let mut limited = false;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let number = || -> Option<usize> {
            if name == "offset" && value.starts_with('-') && state.is("offset-negative") {
                return Some(0);
            }
            if name == "limit" && state.is("limit-letters") && value.parse::<usize>().is_err() {
                return Some(10);
            }
            value
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| value.parse().ok())
                .flatten()
        };
        let taken = match name.as_ref() {
            "begin_time" if state.is("begin-time-refused") && value.ends_with("235959") => None,
            "begin_time" => time(state, "begin_time", &value).map(|seconds| begin = seconds),
            "end_time" => time(state, "end_time", &value).map(|seconds| end = seconds),
            "limit" => {
                limited = true;
                number()
                    .filter(|limit| *limit > 0 || !state.is("limit-zero-refused"))
                    .map(|number| limit = number)
            }
            "offset" => number().map(|number| offset = number),
            _ => Some(()),
        };
        if taken.is_none() {
            return invalid(state, "a query parameter is not as documented");
        }
    }
    if state.is("limit-mandatory") && !limited {
        return invalid(state, "limit is missing");
    }
    if state.is("begin-ignored") {
        begin = i64::MIN;
    }
    if state.is("end-ignored") {
        end = i64::MAX;
    }
    if state.is("begin-hour-late") && begin > 0 {
        begin += 1;
    }
    if state.is("end-exclusive") && end < i64::MAX {
        end -= 1;
    }
    if state.is("crash-on-zero") && limited && limit == 0 {
        return error(state, 500, "division by zero");
    }
    if state.is("default-limit-10") && !limited {
        limit = 10;
    }
    if begin > end && !state.is("begin-after-end-served") {
        return invalid(state, "begin after end");
    }
    let instance = match instance {
        INSTANCE | CLUSTER | SINGLE => instance,
        EMPTY if state.is("empty-has-records") => INSTANCE,
        EMPTY => instance,
        _ if state.is("unknown-instance-served") => INSTANCE,
        _ => return unknown(state),
    };
    let mut records = state.records.lock().unwrap();
    if state.is("list-moves") {
        let due = u64::try_from(state.started.elapsed().as_millis() / 300).unwrap_or(0);
        while state.moved.load(Ordering::SeqCst) < due {
            let number = state.moved.fetch_add(1, Ordering::SeqCst);
            let created = jiff::Timestamp::now().as_second();
            records.insert(
                0,
                Record {
                    instance: INSTANCE,
                    id: format!("auto-{number}"),
                    remark: String::new(),
                    format: "rdb".to_owned(),
                    kind: "auto",
                    created,
                    made: None,
                    state: "succeed",
                },
            );
        }
    }
    let mut matching: Vec<&Record> = records
        .iter()
        .filter(|record| {
            record.instance == instance && record.created >= begin && record.created <= end
        })
        .collect();
    if !records.iter().any(|record| record.instance == instance) && !state.is("empty-list-for-204")
    {
        let mut reply = Reply {
            status: 204,
            headers: Vec::new(),
            body: Vec::new(),
            reset: false,
        };
        if state.is("204-with-body") {
            reply.body = b"{}".to_vec();
            reply
                .headers
                .push(("Content-Length".to_owned(), "2".to_owned()));
            reply
                .headers
                .push(("Connection".to_owned(), "close".to_owned()));
        }
        return reply;
    }
    if state.is("oldest-first") {
        matching.reverse();
    }
    let mut total = matching.len();
    if state.is("beyond-end-204") && offset >= total {
        return Reply {
            status: 204,
            headers: Vec::new(),
            body: Vec::new(),
            reset: false,
        };
    }
    if state.is("order-unstable") && state.calls.load(Ordering::SeqCst).is_multiple_of(2) {
        matching.reverse();
    }
    if state.is("duplicate-ids") && matching.len() > 1 {
        matching[1] = matching[0];
    }
    if state.is("limit-ignored") {
        limit = 1_000;
    }
    if state.is("limit-plus-one") && limited {
        limit += 1;
    }
    if state.is("offset-ignored") || (state.is("beyond-end-repeats") && offset >= total) {
        offset = 0;
    }
    if state.is("offset-plus-one") && offset > 0 {
        offset += 1;
    }
    if state.is("offset-minus-one") && offset > 1 {
        offset -= 1;
    }
    let page: Vec<Value> = matching
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|record| render(state, record))
        .collect();
    if state.is("total-of-page") {
        total = page.len();
    }
    let total = if state.is("total-text") {
        json!(total.to_string())
    } else {
        json!(total)
    };
    json_reply(
        200,
        &json!({ "total_num": total, "backup_record_response": page }),
    )
}

fn render(state: &State, record: &Record) -> Value {
    let stamp = |seconds: i64| {
        let text = jiff::Timestamp::from_second(seconds).unwrap().to_string();
        if state.is("no-milliseconds") || state.is("end-exclusive") {
            text
        } else {
            text.replace('Z', ".166Z")
        }
    };
    let nothing = |null: &str, text: &str, filled: &str| {
        if state.is(null) {
            Value::Null
        } else if state.is(text) {
            json!(filled)
        } else {
            json!({})
        }
    };
    let status = status(state, record);
    let code = if status == "failed" {
        json!("dcs.08.0002")
    } else {
        nothing("error-code-null", "error-code-empty", "")
    };
    let mut value = json!({
        "backup_id": record.id,
        "period": nothing("period-null", "period-text", "00:00-01:00"),
        "backup_name": format!("backup_{}", record.created),
        "instance_id": record.instance,
        "size": 880_232,
        "backup_type": if state.is("type-scheduled") && record.kind == "auto" { "scheduled" } else { record.kind },
        "created_at": stamp(record.created),
        "updated_at": stamp(record.created + 74),
        "progress": if status == "succeed" { "100.00" } else { "0.00" },
        "error_code": code,
        "remark": record.remark,
        "status": if state.is("status-success") && status == "succeed" { "success" } else { status },
        "is_support_restore": if state.is("restore-lower-case") { "true" } else { "TRUE" },
        "execution_at": stamp(record.created + 10),
        "backup_format": record.format,
    });
    let form = state
        .words()
        .find_map(|word| word.strip_prefix("record-time="));
    if let Some(form) = form {
        let number = u64::try_from(record.created % 1_000).unwrap();
        for field in ["created_at", "updated_at", "execution_at"] {
            value[field] = time_in(form, number);
        }
    }
    // In every status: on a busy machine the first look may come when the work is done.
    if state.is("progress-over") && record.made.is_some() {
        value["progress"] = json!("140.00");
    }
    if state.is("other-instance") && record.kind == "auto" {
        value["instance_id"] = json!(CLUSTER);
    }
    if state.is("updated-before-created") {
        value["updated_at"] = json!(stamp(record.created - 60));
    }
    if state.is("size-text") {
        value["size"] = json!("880232");
    }
    if state.is("restore-boolean") {
        value["is_support_restore"] = json!(true);
    }
    if state.is("remark-null") {
        value["remark"] = Value::Null;
    }
    if state.is("size-absent") {
        value.as_object_mut().unwrap().shift_remove("size");
    }
    value
}
