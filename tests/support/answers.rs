//! What the endpoint answers: the three operations as the pages have them, each variation and fault at the place where it belongs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::{CLUSTER, DATABASE, EMPTY, INSTANCE, PROJECT, Received, Reply, SINGLE, State, TOKEN};

/// Legal variations: docproof must find nothing.
pub const VARIATIONS: &[&str] = &[
    "",
    "ext-msg-absent",
    "ext-msg-text",
    "period-null",
    "period-text",
    "error-code-null",
    "error-code-empty",
    "extra-fields",
    "shuffled",
    "empty-list-for-204",
    "manual-201",
    "manual-202",
    "charset",
    "upper-case-type",
    "chunked",
    "close",
    "undashed-ids",
    "slow",
    "no-milliseconds",
    "404-unknown",
    "429-twice",
    "503-once",
    "code-of-9",
    "message-of-1024",
    "busy",
    "unknown-fields-refused",
    "empty-remark-refused",
    "wrong-token-403",
    "501-method",
    "404-method",
    "pretty",
    "escaped",
    "oldest-first",
    "done-at-once",
    "extra-headers",
    "close-after-5",
    "415-type",
    "limit-zero-refused",
    "offset-east",
    "closed-early",
    "list-moves",
    "default-limit-10",
    "beyond-end-204",
];

/// Single faults: the behaviour, and a part of the fact's name that docproof must report.
pub const FAULTS: &[(&str, &str)] = &[
    (
        "accepts-capital-enum",
        "CopyInstance::request.backup_format::enum",
    ),
    (
        "accepts-any-enum",
        "CopyInstance::request.backup_format::enum",
    ),
    ("refuses-rdb", "CopyInstance::request.backup_format::enum"),
    (
        "accepts-remark-number",
        "CopyInstance::request.remark::type",
    ),
    ("accepts-remark-null", "CopyInstance::request.remark::type"),
    ("copy-201", "CopyInstance::response-200::status"),
    (
        "copy-without-id",
        "CopyInstance::response-200.backup_id::required",
    ),
    (
        "copy-id-number",
        "CopyInstance::response-200.backup_id::type",
    ),
    ("single-accepted", "CopyInstance::path.instance_id"),
    ("cluster-refused", "CopyInstance::path.instance_id"),
    ("name-65", "CreateManualBackup::request.name::maxLength"),
    ("name-3", "CreateManualBackup::request.name::minLength"),
    (
        "name-64-refused",
        "CreateManualBackup::request.name::maxLength",
    ),
    (
        "name-4-refused",
        "CreateManualBackup::request.name::minLength",
    ),
    (
        "name-digit-first",
        "CreateManualBackup::request.name::pattern",
    ),
    ("name-dot", "CreateManualBackup::request.name::pattern"),
    ("name-unicode", "CreateManualBackup::request.name::pattern"),
    (
        "name-optional",
        "CreateManualBackup::request.name::required",
    ),
    (
        "instance-optional",
        "CreateManualBackup::request.instance_id::required",
    ),
    (
        "description-ampersand",
        "CreateManualBackup::request.description::pattern",
    ),
    (
        "description-257",
        "CreateManualBackup::request.description::maxLength",
    ),
    (
        "description-bytes",
        "CreateManualBackup::request.description::maxLength",
    ),
    (
        "description-mandatory",
        "CreateManualBackup::request.description::required",
    ),
    (
        "size-text",
        "ListBackupRecords::response-200.backup_record_response[].size::type",
    ),
    (
        "size-absent",
        "ListBackupRecords::response-200.backup_record_response[].size::required",
    ),
    (
        "status-success",
        "ListBackupRecords::response-200.backup_record_response[].status::enum",
    ),
    (
        "type-scheduled",
        "ListBackupRecords::response-200.backup_record_response[].backup_type::enum",
    ),
    (
        "restore-boolean",
        "ListBackupRecords::response-200.backup_record_response[].is_support_restore::type",
    ),
    (
        "restore-lower-case",
        "ListBackupRecords::response-200.backup_record_response[].is_support_restore::enum",
    ),
    (
        "total-text",
        "ListBackupRecords::response-200.total_num::type",
    ),
    (
        "remark-null",
        "ListBackupRecords::response-200.backup_record_response[].remark::type",
    ),
    ("code-of-10", "error_code::maxLength"),
    ("message-of-1025", "error_msg::maxLength"),
    ("code-absent", "error_code::required"),
    ("code-number", "error_code::type"),
    ("message-empty", "error_msg::required"),
    ("error-422", "response-400::status"),
    ("error-200", "::"),
    ("error-500", "::"),
    ("error-text", "response-400::json"),
    ("204-with-body", "ListBackupRecords::response-204::body"),
    ("empty-has-records", "ListBackupRecords::path.instance_id"),
    (
        "begin-time-any",
        "ListBackupRecords::query.begin_time::format",
    ),
    (
        "end-time-day-30-february",
        "ListBackupRecords::query.end_time::format",
    ),
    (
        "begin-time-refused",
        "ListBackupRecords::query.begin_time::format",
    ),
    (
        "offset-negative",
        "ListBackupRecords::query.offset::minimum",
    ),
    ("limit-letters", "ListBackupRecords::query.limit::type"),
    (
        "limit-mandatory",
        "ListBackupRecords::query.limit::required",
    ),
    (
        "manual-status-done",
        "CreateManualBackup::response-2XX.backup.status::enum",
    ),
    (
        "manual-type-auto",
        "CreateManualBackup::response-2XX.backup.type::enum",
    ),
    (
        "manual-time-rfc3339",
        "CreateManualBackup::response-2XX.backup.begin_time::format",
    ),
    (
        "manual-without-job",
        "CreateManualBackup::response-2XX.job_id::required",
    ),
    ("token-absent", "::auth"),
    ("token-wrong", "::auth"),
    ("token-empty", "::auth"),
    ("delete-accepted", "::method"),
    ("html-type", "contentType"),
    ("no-type", "contentType"),
    ("duplicate-key", "::json"),
    ("byte-order-mark", "::json"),
    ("truncated", "::json"),
    ("trailing-garbage", "::json"),
    ("stack-trace", "::leak"),
    ("sql-error", "::leak"),
    ("token-echoed", "::leak"),
    ("accepts-array", "request::malformed"),
    ("accepts-broken-json", "request::malformed"),
    ("accepts-not-utf-8", "request::malformed"),
    ("unknown-instance-served", "path.instance_id::type"),
    ("empty-body-refused", "CopyInstance::request::malformed"),
    ("limit-ignored", "ListBackupRecords::relation::pagination"),
    ("limit-plus-one", "ListBackupRecords::relation::pagination"),
    ("offset-ignored", "ListBackupRecords::relation::pagination"),
    ("offset-plus-one", "ListBackupRecords::relation::pagination"),
    (
        "offset-minus-one",
        "ListBackupRecords::relation::pagination",
    ),
    (
        "total-of-page",
        "ListBackupRecords::relation::pagination::total",
    ),
    (
        "beyond-end-repeats",
        "ListBackupRecords::relation::pagination::beyond-end",
    ),
    ("order-unstable", "ListBackupRecords::relation::pagination"),
    ("begin-ignored", "ListBackupRecords::relation::time-window"),
    ("end-ignored", "ListBackupRecords::relation::time-window"),
    (
        "begin-hour-late",
        "ListBackupRecords::relation::time-window",
    ),
    (
        "end-exclusive",
        "ListBackupRecords::relation::time-window::end",
    ),
    (
        "begin-after-end-served",
        "ListBackupRecords::relation::time-window::begin-after-end",
    ),
    (
        "default-aof",
        "CopyInstance::relation::created-appears::default",
    ),
    (
        "remark-cut",
        "CopyInstance::relation::created-appears::same",
    ),
    ("format-changed", "CopyInstance::relation::created-appears"),
    ("created-absent", "CopyInstance::relation::created-appears"),
    (
        "new-type-auto",
        "CopyInstance::relation::created-appears::same",
    ),
    (
        "refused-appears",
        "CopyInstance::relation::created-appears::refused",
    ),
    (
        "status-back",
        "CopyInstance::relation::created-appears::status",
    ),
    (
        "progress-over",
        "CopyInstance::relation::created-appears::status",
    ),
    (
        "other-instance",
        "ListBackupRecords::relation::items::owner",
    ),
    (
        "duplicate-ids",
        "ListBackupRecords::relation::items::unique",
    ),
    (
        "updated-before-created",
        "ListBackupRecords::relation::items::not-before",
    ),
    ("echo-name", "CreateManualBackup::relation::echo"),
    ("echo-description", "CreateManualBackup::relation::echo"),
    ("echo-instance", "CreateManualBackup::relation::echo"),
    ("crash-on-emoji", "CopyInstance::request.remark::type"),
    ("crash-on-unknown-field", "property::unspecified"),
    ("crash-on-long-remark", "CopyInstance::request.remark::type"),
    ("crash-on-zero", "ListBackupRecords::query.limit::type"),
    ("crash-on-accent", "CopyInstance::request.remark::type"),
];

/// A backup record.
#[derive(Debug, Clone)]
pub struct Record {
    instance: &'static str,
    id: String,
    remark: String,
    format: String,
    kind: &'static str,
    created: i64,
    made: Option<Instant>,
    state: &'static str,
}

/// The records that are there from the start, the newest first.
pub fn seed() -> Vec<Record> {
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
    vec![
        record(0, INSTANCE, "manual", "aof", "succeed"),
        record(1, INSTANCE, "auto", "rdb", "failed"),
        record(2, INSTANCE, "manual", "rdb", "expired"),
        record(3, INSTANCE, "auto", "rdb", "succeed"),
        record(4, CLUSTER, "manual", "rdb", "succeed"),
    ]
}

/// Answers one request.
pub fn answer(state: &State, request: &Received) -> Reply {
    let call = state.calls.fetch_add(1, Ordering::SeqCst);
    if state.is("slow") {
        std::thread::sleep(Duration::from_millis(10));
    }
    let patience = |status| {
        let mut reply = error(state, status, "slow down");
        reply
            .headers
            .push(("Retry-After".to_owned(), "0".to_owned()));
        reply
    };
    let mut reply = match call {
        3 | 7 if state.is("429-twice") => patience(429),
        5 if state.is("503-once") => patience(503),
        _ => route(state, request),
    };
    dress(state, request, call, &mut reply);
    reply
}

fn route(state: &State, request: &Received) -> Reply {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    match request.header("x-auth-token") {
        None if !state.is("token-absent") => return error(state, 401, "no token"),
        Some("") if !state.is("token-empty") => return error(state, 401, "an empty token"),
        Some(token) if !token.is_empty() && token != TOKEN && !state.is("token-wrong") => {
            return error(
                state,
                if state.is("wrong-token-403") {
                    403
                } else {
                    401
                },
                "a wrong token",
            );
        }
        _ => {}
    }
    if state.is("reads-forbidden") && request.method == "GET" {
        return error(state, 403, "not for you");
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["v2", PROJECT, "instances", instance, "backups"]) => {
            copy(state, instance, request)
        }
        ("GET", ["v2", PROJECT, "instances", instance, "backups"]) => list(state, instance, query),
        ("POST", ["v3", PROJECT, "backups"]) => manual(state, request),
        ("DELETE", _) if state.is("delete-accepted") => json_reply(200, &json!({})),
        (_, ["v2" | "v3", PROJECT, ..]) => {
            let status = if state.is("501-method") {
                501
            } else if state.is("404-method") {
                404
            } else {
                405
            };
            error(state, status, "no such method")
        }
        _ => error(state, 404, "no such path"),
    }
}

fn invalid(state: &State, message: &str) -> Reply {
    if state.is("error-422") {
        return error(state, 422, message);
    }
    if state.is("error-500") {
        return error(state, 500, message);
    }
    if state.is("error-200") {
        return error(state, 200, message);
    }
    error(state, 400, message)
}

/// The body as a JSON object, or the refusal.
fn object(state: &State, request: &Received) -> Result<Map<String, Value>, Reply> {
    let body = if state.is("accepts-not-utf-8") {
        String::from_utf8_lossy(&request.body)
            .into_owned()
            .into_bytes()
    } else {
        request.body.clone()
    };
    if !request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"))
    {
        return Err(if state.is("415-type") {
            error(state, 415, "not JSON")
        } else {
            invalid(state, "not JSON")
        });
    }
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Array(items)) if state.is("accepts-array") => Ok(items
            .first()
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()),
        Err(_) if state.is("accepts-broken-json") => Ok(Map::from_iter([
            ("instance_id".to_owned(), json!(DATABASE)),
            ("name".to_owned(), json!("backup")),
        ])),
        _ => Err(invalid(state, "the body is no JSON object")),
    }
}

fn copy(state: &State, instance: &str, request: &Received) -> Reply {
    let owner = match instance {
        INSTANCE => INSTANCE,
        CLUSTER if !state.is("cluster-refused") => CLUSTER,
        SINGLE if state.is("single-accepted") => SINGLE,
        EMPTY | SINGLE | CLUSTER => return invalid(state, "the instance cannot be backed up"),
        _ if state.is("unknown-instance-served") => INSTANCE,
        _ => {
            return error(
                state,
                if state.is("404-unknown") { 404 } else { 400 },
                "no such instance",
            );
        }
    };
    // One edition shows the request without a body.
    let body = match object(state, request) {
        _ if request.body.is_empty() && !state.is("empty-body-refused") => Map::new(),
        Ok(body) => body,
        Err(reply) => return reply,
    };
    if state.is("unknown-fields-refused")
        && body
            .keys()
            .any(|key| key != "remark" && key != "backup_format")
    {
        return invalid(state, "an unknown field");
    }
    let remark = match body.get("remark") {
        None => String::new(),
        Some(Value::String(text)) if text.is_empty() && state.is("empty-remark-refused") => {
            return invalid(state, "an empty remark");
        }
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if state.is("accepts-remark-number") => number.to_string(),
        Some(Value::Null) if state.is("accepts-remark-null") => String::new(),
        Some(_) => return invalid(state, "remark is no text"),
    };
    let format = match body.get("backup_format") {
        None if state.is("default-aof") => "aof".to_owned(),
        None => "rdb".to_owned(),
        Some(Value::String(text)) if text == "aof" && state.is("format-changed") => {
            "rdb".to_owned()
        }
        Some(Value::String(text)) if text == "rdb" && state.is("refuses-rdb") => {
            return invalid(state, "no rdb today");
        }
        Some(Value::String(text)) if text == "aof" || text == "rdb" => text.clone(),
        Some(Value::String(text))
            if state.is("accepts-capital-enum") && (text == "AOF" || text == "RDB") =>
        {
            text.to_lowercase()
        }
        Some(Value::String(_)) if state.is("accepts-any-enum") => "rdb".to_owned(),
        Some(_) => {
            if state.is("refused-appears") {
                let mut records = state.records.lock().unwrap();
                let mut ghost = records[0].clone();
                ghost.id = format!("ghost-{}", records.len());
                ghost.remark = remark;
                records.insert(0, ghost);
            }
            return invalid(state, "backup_format is neither aof nor rdb");
        }
    };
    if state.is("crash-on-unknown-field")
        && body
            .keys()
            .any(|key| key != "remark" && key != "backup_format")
        || state.is("crash-on-emoji") && remark.chars().any(|c| u32::from(c) > 0xFFFF)
        || state.is("crash-on-long-remark") && remark.chars().count() > 190
        || state.is("crash-on-accent") && !remark.is_ascii()
    {
        return error(state, 500, "crashed");
    }
    let remark = if state.is("remark-cut") {
        remark.chars().take(12).collect()
    } else {
        remark
    };
    let mut records = state.records.lock().unwrap();
    if state.is("busy")
        && records.iter().any(|record| {
            record.instance == owner && status(state, record) != "succeed" && record.made.is_some()
        })
    {
        return error(state, 400, "another backup is running");
    }
    let id = format!("548ceeff-2cbb-47ab-9a1c-{:012x}", records.len());
    let id = if state.is("undashed-ids") {
        id.replace('-', "")
    } else {
        id
    };
    let created = jiff::Timestamp::now().as_second();
    if state.is("created-absent") {
        return json_reply(200, &json!({ "backup_id": id }));
    }
    let kind = if state.is("new-type-auto") {
        "auto"
    } else {
        "manual"
    };
    records.insert(
        0,
        Record {
            instance: owner,
            id: id.clone(),
            remark,
            format,
            kind,
            created,
            made: Some(Instant::now()),
            state: "",
        },
    );
    let mut answer = json!({ "backup_id": id });
    if state.is("copy-without-id") {
        answer = json!({});
    }
    if state.is("copy-id-number") {
        answer = json!({ "backup_id": 12 });
    }
    json_reply(if state.is("copy-201") { 201 } else { 200 }, &answer)
}

fn status<'r>(state: &State, record: &'r Record) -> &'r str {
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

fn list(state: &State, instance: &str, query: &str) -> Reply {
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
        _ => {
            return error(
                state,
                if state.is("404-unknown") { 404 } else { 400 },
                "no such instance",
            );
        }
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
    if state.is("progress-over") && status != "succeed" {
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

fn manual(state: &State, request: &Received) -> Reply {
    let body = match object(state, request) {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let Some(name) = text("name")
        .or_else(|| (state.is("name-optional") && !body.contains_key("name")).then_some("made-up"))
    else {
        return invalid(state, "name is missing or no text");
    };
    let Some(instance) = text("instance_id").or_else(|| {
        (state.is("instance-optional") && !body.contains_key("instance_id")).then_some(DATABASE)
    }) else {
        return invalid(state, "instance_id is missing or no text");
    };
    if instance != DATABASE {
        return error(state, 404, "no such instance");
    }
    let length = name.chars().count();
    let least = if state.is("name-3") {
        3
    } else if state.is("name-4-refused") {
        5
    } else {
        4
    };
    let most = if state.is("name-65") {
        65
    } else if state.is("name-64-refused") {
        63
    } else {
        64
    };
    let first = name.chars().next().is_some_and(|c| {
        c.is_ascii_alphabetic()
            || (state.is("name-digit-first") && c.is_ascii_digit())
            || (state.is("name-unicode") && c.is_alphabetic())
    });
    let rest = name.chars().all(|c| {
        c.is_ascii_alphanumeric()
            || c == '-'
            || c == '_'
            || (state.is("name-dot") && c == '.')
            || (state.is("name-unicode") && c.is_alphanumeric())
    });
    if length < least || length > most || !first || !rest {
        return invalid(state, "name is not as documented");
    }
    match body.get("description") {
        None if state.is("description-mandatory") => {
            return invalid(state, "description is missing");
        }
        None => {}
        Some(Value::String(text)) => {
            let length = if state.is("description-bytes") {
                text.len()
            } else {
                text.chars().count()
            };
            let most = if state.is("description-257") {
                257
            } else {
                256
            };
            let bad = text.chars().any(|c| {
                ">!<\"&'=".contains(c) && !(c == '&' && state.is("description-ampersand"))
            });
            if length > most || bad {
                return invalid(state, "description is not as documented");
            }
        }
        Some(_) => return invalid(state, "description is no text"),
    }
    let time = if state.is("manual-time-rfc3339") {
        "2022-05-09T18:02:31Z"
    } else if state.is("offset-east") {
        "2022-05-09T18:02:31-0330"
    } else {
        "2022-05-09T18:02:31+0800"
    };
    let number = state.made.fetch_add(1, Ordering::Relaxed);
    let mut answer = json!({
        "backup": {
            "id": format!("e76112bfb2074871bf54{number:012x}br14"),
            "name": name,
            "description": text("description").unwrap_or_default(),
            "status": if state.is("manual-status-done") { "DONE" } else { "BUILDING" },
            "type": if state.is("manual-type-auto") { "auto" } else { "manual" },
            "begin_time": time,
            "instance_id": instance,
        },
        "job_id": format!("e4733090-b2c8-4ea7-a33a-{number:012x}"),
    });
    match state.behaviour.as_str() {
        "echo-name" => answer["backup"]["name"] = json!(name.to_lowercase() + "-"),
        "echo-description" => answer["backup"]["description"] = json!(""),
        "echo-instance" => {
            answer["backup"]["instance_id"] = json!("fd26e3bf26e5467587eec857e4f66ef0in14")
        }
        _ => {}
    }
    if state.is("manual-without-job") {
        answer.as_object_mut().unwrap().shift_remove("job_id");
    }
    json_reply(
        if state.is("manual-201") {
            201
        } else if state.is("manual-202") {
            202
        } else {
            200
        },
        &answer,
    )
}

fn error(state: &State, status: u16, message: &str) -> Reply {
    let code = if state.is("code-of-9") {
        "DCS.40012"
    } else if state.is("code-of-10") {
        "DCS.400123"
    } else {
        "DCS.4001"
    };
    let message = match state.behaviour.as_str() {
        "message-of-1024" => "é".repeat(1024),
        "message-of-1025" => "é".repeat(1025),
        "message-empty" => String::new(),
        "stack-trace" => {
            "java.lang.NullPointerException at com.example.Backup.run(Backup.java:12)".to_owned()
        }
        "sql-error" => "You have an error in your SQL syntax near 'x'".to_owned(),
        "token-echoed" => format!("the token {TOKEN} may not do this"),
        _ => message.to_owned(),
    };
    let mut body = json!({ "error_code": code, "error_msg": message, "error_ext_msg": null });
    match state.behaviour.as_str() {
        "ext-msg-absent" => drop(body.as_object_mut().unwrap().shift_remove("error_ext_msg")),
        "ext-msg-text" => body["error_ext_msg"] = json!("more"),
        "code-absent" => drop(body.as_object_mut().unwrap().shift_remove("error_code")),
        "code-number" => body["error_code"] = json!(4001),
        _ => {}
    }
    let mut reply = json_reply(status, &body);
    if state.is("error-text") {
        reply.body = b"Bad Request".to_vec();
    }
    reply
}

/// What no report may take for anything but text.
pub const HOSTILE: &str = "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">\u{0}\u{1b}[31m\u{b}\u{ffff}]]>\n::error::pwned\r\n````\n| a | ${{ x }} {{ 7*7 }} {% x %}";

/// Puts hostile text into every text of an answer, and a hostile name into every object.
fn poison(value: &mut Value) {
    match value {
        Value::String(text) => HOSTILE.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(poison),
        Value::Object(map) => {
            map.values_mut().for_each(poison);
            map.insert(HOSTILE.to_owned(), json!(1));
        }
        _ => {}
    }
}

fn json_reply(status: u16, value: &Value) -> Reply {
    Reply {
        status,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: value.to_string().into_bytes(),
        reset: false,
    }
}

/// What concerns every answer: order and notation of JSON, headers, framing.
fn dress(state: &State, request: &Received, call: u64, reply: &mut Reply) {
    if reply.status == 204 {
        return;
    }
    if let Ok(mut value) = serde_json::from_slice::<Value>(&reply.body) {
        if state.is("extra-fields") {
            add_fields(&mut value);
        }
        if state.is("hostile") {
            poison(&mut value);
        }
        if state.is("shuffled") {
            shuffle(&mut value);
        }
        reply.body = if state.is("pretty") {
            serde_json::to_vec_pretty(&value).unwrap()
        } else {
            value.to_string().into_bytes()
        };
        if state.is("escaped") {
            let text: String = value
                .to_string()
                .chars()
                .map(|c| {
                    if c.is_ascii() {
                        c.to_string()
                    } else {
                        escape(c)
                    }
                })
                .collect();
            reply.body = text.into_bytes();
        }
    }
    if state.is("hostile") {
        reply.headers.push((
            "X-Hostile".to_owned(),
            "<script>document.title='pwned'</script>".to_owned(),
        ));
    }
    let is_success = reply.status < 300;
    match state.behaviour.as_str() {
        "duplicate-key" if is_success => {
            reply.body = replace_start(&reply.body, b"{\"twice\":1,\"twice\":2,")
        }
        "byte-order-mark" if is_success => reply.body.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        "truncated" if is_success => drop(reply.body.pop()),
        "trailing-garbage" if is_success => reply.body.extend_from_slice(b" garbage"),
        _ => {}
    }
    let kind = match state.behaviour.as_str() {
        "charset" => Some("application/json; charset=UTF-8"),
        "upper-case-type" => Some("Application/JSON;charset=utf-8"),
        "html-type" => Some("text/html"),
        _ => None,
    };
    if let Some(kind) = kind {
        kind.clone_into(&mut reply.headers[0].1);
    }
    if state.is("no-type") {
        reply.headers.remove(0);
    }
    if state.is("extra-headers") {
        reply
            .headers
            .push(("X-Request-Id".to_owned(), format!("{call}")));
        reply
            .headers
            .push(("Server".to_owned(), "api-gateway".to_owned()));
    }
    if state.is("close") || (state.is("close-after-5") && call % 5 == 4) {
        reply
            .headers
            .push(("Connection".to_owned(), "close".to_owned()));
    }
    if state.is("closed-early") && request.method == "GET" && call % 7 == 3 {
        reply
            .headers
            .push(("Connection".to_owned(), "close".to_owned()));
    }
    if state.is("chunked") {
        reply
            .headers
            .push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
        let mut framed = format!("{:x}\r\n", reply.body.len()).into_bytes();
        framed.extend_from_slice(&reply.body);
        framed.extend_from_slice(b"\r\n0\r\n\r\n");
        reply.body = framed;
    } else {
        reply
            .headers
            .push(("Content-Length".to_owned(), reply.body.len().to_string()));
    }
}

fn replace_start(body: &[u8], start: &[u8]) -> Vec<u8> {
    [start, body.get(1..).unwrap_or_default()].concat()
}

fn escape(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units)
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

fn add_fields(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut()
                .filter(|value| value.as_object().is_none_or(|inner| !inner.is_empty()))
                .for_each(add_fields);
            map.insert("undocumented".to_owned(), json!({ "a": [1, null] }));
        }
        Value::Array(items) => items.iter_mut().for_each(add_fields),
        _ => {}
    }
}

fn shuffle(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(shuffle);
            *map = std::mem::take(map).into_iter().rev().collect();
        }
        Value::Array(items) => items.iter_mut().for_each(shuffle),
        _ => {}
    }
}
