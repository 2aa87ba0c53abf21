//! Everything from outside: the program as it is run, the mock over HTTP, and derivation as a
//! whole. One crate, so that it is linked once and tests that wait run beside those that work.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_collect,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; the names are our own"
)]

mod support;
mod taken;

mod anybody;
mod as_users_write;
mod as_written;
mod aws;
mod base_path;
mod basis;
mod beside;
mod between_lines;
mod blueprint;
mod bodies;
mod border;
mod boxes;
mod branches;
mod by_the_letter;
mod calls_alone;
mod causes;
mod cells;
mod cli;
mod commands;
mod connections;
mod cookies;
mod correct;
mod credentials;
mod derive;
mod dialects;
mod documentation;
mod documents;
mod doors;
mod endpoints;
mod errors_of_all;
mod export;
mod field;
mod files;
mod first_run;
mod fixtures;
mod footing;
mod forms;
mod found;
mod grants;
mod hand_written;
mod help;
mod hostile;
mod houses;
mod html;
mod http;
mod json_parameters;
mod keys;
mod kinds;
mod known_findings_and_replay;
mod lead_sentences;
mod left_over;
mod library;
mod lifecycle;
mod lists;
mod lost;
mod made_up;
mod merge;
mod mock;
mod more;
mod named_elsewhere;
mod newcomers;
mod no_ids;
mod odd;
mod odd_words;
mod of_documents;
mod of_frameworks;
mod of_styles;
mod of_two;
mod one_finding;
mod one_sentence;
mod openapi;
mod ordinary;
mod other_pages;
mod own_mock;
mod pages;
mod placed;
mod presence;
mod printed;
mod promised;
mod public_api;
mod put_anew;
mod put_there;
mod queries;
mod quoted;
mod real_pages;
mod references;
mod renderings;
mod replaced;
mod reports;
mod reviewed;
mod said_otherwise;
mod sandbox;
mod secrecy;
mod selftest;
mod settings;
mod states;
mod store;
mod taken_twice;
mod together;
mod tolerance;
mod tools;
mod totals;
mod unasked;
mod verbs;
mod walk_through;
mod wanted;
mod whole_and_parts;
mod wholes;
mod widgets;
mod wordings;
mod words;
mod written;
mod zoo;
