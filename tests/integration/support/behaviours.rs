//! The behaviours of the endpoint, each a word: legal variations, and faults with the fact that
//! each breaks.

/// Legal variations, in groups that one endpoint can show at once: docproof must find nothing.
pub const VARIATIONS: &[&[&str]] = &[
    &[],
    &["long-list", "ext-msg-absent", "pretty"],
    &[
        "ext-msg-text",
        "period-null",
        "error-code-null",
        "shuffled",
        "chunked",
        "extra-headers",
    ],
    &[
        "period-text",
        "error-code-empty",
        "extra-fields",
        "manual-201",
        "charset",
        "close",
        "415-type",
    ],
    &[
        "empty-list-for-204",
        "manual-202",
        "upper-case-type",
        "undashed-ids",
        "404-unknown",
        "accepts-not-utf-8",
        "code-of-9",
    ],
    &[
        "slow",
        "no-milliseconds",
        "message-of-1024",
        "wrong-token-403",
        "501-method",
        "escaped",
    ],
    &[
        "429-twice",
        "oldest-first",
        "done-at-once",
        "limit-zero-refused",
        "offset-east",
        "default-limit-10",
        "closed-early",
    ],
    &[
        "503-once",
        "unknown-fields-refused",
        "empty-remark-refused",
        "404-method",
        "close-after-5",
    ],
    &["busy", "beyond-end-204"],
    &["list-moves", "closes-on-size"],
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
    ("dies-of-size", "CopyInstance::request::size"),
    ("crash-on-accent", "CopyInstance::request.remark::type"),
];
