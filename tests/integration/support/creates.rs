//! The two operations that create something.

use std::sync::atomic::Ordering;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::answers::{error, invalid, json_reply, object, unknown};
use super::records::{Record, status};
use super::{CLUSTER, DATABASE, EMPTY, INSTANCE, Received, Reply, SINGLE, State};

pub(super) fn copy(state: &State, instance: &str, request: &Received) -> Reply {
    if state.is("copies-crash") {
        return error(state, 500, "crashed");
    }
    if state.is("copies-refused") {
        let mut reply = invalid(state, "not now");
        if object(state, request).is_err() && !request.body.is_empty() {
            "text/html".clone_into(&mut reply.headers[0].1);
        }
        return reply;
    }
    let owner = match instance {
        INSTANCE => INSTANCE,
        CLUSTER if state.is("cluster-forbidden") => return error(state, 403, "not for you"),
        CLUSTER if !state.is("cluster-refused") => CLUSTER,
        SINGLE if state.is("single-accepted") => SINGLE,
        EMPTY | SINGLE | CLUSTER => return invalid(state, "the instance cannot be backed up"),
        _ if state.is("unknown-instance-served") => INSTANCE,
        _ => return unknown(state),
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

pub(super) fn manual(state: &State, request: &Received) -> Reply {
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
    for word in state.words() {
        match word {
            "echo-name" => answer["backup"]["name"] = json!(name.to_lowercase() + "-"),
            "echo-description" => answer["backup"]["description"] = json!(""),
            "echo-instance" => {
                answer["backup"]["instance_id"] = json!("fd26e3bf26e5467587eec857e4f66ef0in14")
            }
            _ => {}
        }
    }
    let form = state
        .words()
        .find_map(|word| word.strip_prefix("manual-time="));
    if let Some(form) = form {
        answer["backup"]["begin_time"] = time_in(form, number);
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

/// A time in a form that no page documents; another one in each answer.
pub(super) fn time_in(form: &str, number: u64) -> Value {
    let seconds = 1_700_000_000 + i64::try_from(number).unwrap() * 1_234_567;
    let zoned = jiff::Timestamp::from_second(seconds)
        .unwrap()
        .to_zoned(jiff::tz::TimeZone::UTC);
    let text = |pattern: &str| json!(zoned.strftime(pattern).to_string());
    match form {
        "rfc1123" => text("%a, %d %b %Y %H:%M:%S GMT"),
        "months" => text("%-d %B %Y %-I:%M:%S %p"),
        "epoch" => json!(seconds.to_string()),
        "number" if number.is_multiple_of(3) => {
            json!(format!("{seconds}.25").parse::<f64>().unwrap())
        }
        "number" => json!(seconds),
        "fraction" if number.is_multiple_of(3) => text("%Y-%m-%d %H:%M:%S"),
        "fraction" => json!(format!(
            "{}.{}",
            zoned.strftime("%Y-%m-%d %H:%M:%S"),
            number * 37
        )),
        "id" => json!(format!("{:x}-{number:04x}", seconds * 7_654_321)),
        _ => panic!("no form `{form}`"),
    }
}
