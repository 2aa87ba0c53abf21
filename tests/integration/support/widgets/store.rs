//! The widgets that the server keeps, and what can be done with them; each breach stands where a
//! careless server would have it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Options;
use super::breach::BREACHES;
use super::fields::{PartFields, Size, WidgetFields};
use super::widget::{BUILDING, Part, Widget, changed, rounded, state_of};

/// What a server in a wrong zone takes its clock to be ahead of UTC, in seconds.
const AHEAD: i64 = 2 * 60 * 60;

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Unknown,
    NameTaken,
}

/// Which widgets a list is asked for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub limit: usize,
    pub marker: Option<u64>,
    pub state: Option<String>,
    pub name: Option<String>,
}

/// All widgets.
#[derive(Debug)]
pub(super) struct Store {
    options: Options,
    widgets: Vec<Widget>,
    ids: u64,
}

/// Ids of the widgets that a server is started with.
pub const SEEDED: [&str; 3] = [
    "w-1f83d9abfb41bd6b",
    "w-5be0cd19137e2179",
    "w-428a2f98d728ae22",
];

impl Store {
    pub(super) fn new(options: Options) -> Self {
        let mut store = Self {
            options,
            widgets: Vec::new(),
            ids: 0x9e37_79b9_7f4a_7c15,
        };
        if options.seeded {
            let shapes = [
                ("garden-gate", None),
                ("cellar-door", Some("W.0042")),
                ("attic-hatch", None),
            ];
            for (id, (name, failure)) in SEEDED.into_iter().zip(shapes) {
                let mut widget = store.make(&WidgetFields {
                    name: Some(name.to_owned()),
                    note: Some("of somebody else".to_owned()),
                    labels: Some(vec!["old".to_owned()]),
                    ..WidgetFields::default()
                });
                id.clone_into(&mut widget.id);
                widget.failure = failure;
                widget.created -= 3600;
                widget.updated = widget.created;
                widget.ready = Instant::now();
                widget.is_seeded = true;
                widget.parts.push(Part {
                    id: format!("p-{}", id.trim_start_matches("w-")),
                    title: "frame".to_owned(),
                    weight: 7,
                    created: widget.created,
                });
                store.widgets.push(widget);
            }
        }
        store
    }

    /// Whether the server has a breach.
    pub(super) fn does(&self, name: &str) -> bool {
        debug_assert!(BREACHES.iter().any(|breach| breach.name == name), "{name}");
        self.options.breach == Some(name)
    }

    /// Everything kept of what the server was started with.
    pub(super) fn seeded(&self) -> String {
        let seeded = self.widgets.iter().filter(|widget| widget.is_seeded);
        seeded.map(|widget| format!("{widget:?}\n")).collect()
    }

    /// The widgets that were made since the start and are still there.
    pub(super) fn left(&self) -> Vec<String> {
        let is_left = |widget: &&Widget| !widget.is_seeded && !widget.is_deleted;
        self.widgets
            .iter()
            .filter(is_left)
            .map(|widget| widget.id.clone())
            .collect()
    }

    fn id(&mut self) -> String {
        // A full cycle through 64 bits: nobody guesses the next one, and none comes twice.
        self.ids = self
            .ids
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        format!("{:016x}", self.ids)
    }

    fn make(&mut self, given: &WidgetFields) -> Widget {
        let now = jiff::Timestamp::now().as_second();
        let number = self.widgets.last().map_or(1, |last| last.number + 1);
        let made = Widget {
            number,
            id: format!("w-{}", self.id()),
            name: given.name.clone().unwrap_or_default(),
            note: None,
            serial: 0,
            ratio: None,
            active: true,
            size: Size {
                width: 1,
                least: 0,
                greatest: 0,
            },
            labels: Vec::new(),
            failure: None,
            bytes: 512,
            parts: Vec::new(),
            created: now,
            updated: now,
            ready: Instant::now()
                + if self.options.builds {
                    BUILDING
                } else {
                    Duration::ZERO
                },
            is_deleted: false,
            is_seeded: false,
        };
        changed(made, given)
    }

    fn is_taken(&self, given: &WidgetFields, own: Option<&str>) -> bool {
        self.options.unique
            && self.widgets.iter().any(|widget| {
                !widget.is_deleted
                    && Some(&*widget.id) != own
                    && Some(&widget.name) == given.name.as_ref()
            })
    }

    fn find(&mut self, id: &str) -> Result<&mut Widget, Refusal> {
        let mut all = self.widgets.iter_mut();
        all.find(|widget| widget.id == id && !widget.is_deleted)
            .ok_or(Refusal::Unknown)
    }

    /// Makes a widget.
    pub(super) fn create(&mut self, given: &WidgetFields) -> Result<Value, Refusal> {
        if self.is_taken(given, None) {
            return Err(Refusal::NameTaken);
        }
        let mut widget = self.make(given);
        if self.does("create-rounds-serial") {
            widget.serial = rounded(widget.serial);
        }
        if self.does("create-flips-active") {
            widget.active = !widget.active;
        }
        if self.does("create-loses-nested") {
            (widget.size.least, widget.size.greatest) = (0, 0);
        }
        let mut own = self.widgets.iter().rev().filter(|other| !other.is_seeded);
        if self.does("ids-repeat")
            && let Some(before) = own.next()
            // Every second one has the id of the one before.
            && own.count() % 2 == 0
        {
            widget.id.clone_from(&before.id);
        }
        let answer = self.shown(&widget);
        if self.does("create-forgets-note") {
            widget.note = None;
        }
        self.widgets.push(widget);
        Ok(answer)
    }

    /// What becomes of a create that was refused.
    pub(super) fn refused_create(&mut self, given: &WidgetFields) {
        if self.does("refused-create-stays") {
            let mut widget = self.make(given);
            if widget.name.is_empty() {
                "unnamed".clone_into(&mut widget.name);
            }
            self.widgets.push(widget);
        }
    }

    /// What becomes of a change that was refused.
    pub(super) fn refused_change(&mut self, id: &str, given: &WidgetFields) {
        if self.does("refused-change-stays")
            && let Ok(widget) = self.find(id)
        {
            *widget = changed(widget.clone(), given);
        }
    }

    /// Shows one widget.
    pub(super) fn show(&mut self, id: &str) -> Result<Value, Refusal> {
        let shows_deleted = self.does("deleted-is-shown");
        let all = self.widgets.iter();
        let mut known =
            all.filter(|widget| widget.id == id && (shows_deleted || !widget.is_deleted));
        let widget = known.next().cloned().ok_or(Refusal::Unknown)?;
        if self.does("create-is-not-shown") && !widget.is_seeded {
            return Err(Refusal::Unknown);
        }
        if self.does("show-changes")
            && let Ok(kept) = self.find(id)
        {
            kept.active = !kept.active;
        }
        Ok(self.shown(&widget))
    }

    /// Replaces a widget.
    pub(super) fn replace(&mut self, id: &str, given: &WidgetFields) -> Result<Value, Refusal> {
        let keeps = self.does("put-keeps-the-rest");
        self.update(id, given, !keeps)
    }

    /// Changes a widget in part.
    pub(super) fn change(&mut self, id: &str, given: &WidgetFields) -> Result<Value, Refusal> {
        let before = self.find(id)?.clone();
        let answer = self.update(id, given, self.does("patch-replaces"))?;
        if self.does("patch-changes-another-widget") {
            for widget in &mut self.widgets {
                let name = widget.name.clone();
                *widget = Widget {
                    name,
                    ..changed(widget.clone(), given)
                };
            }
        }
        if self.does("patch-is-not-kept") {
            *self.find(id)? = before;
        }
        Ok(answer)
    }

    fn update(&mut self, id: &str, given: &WidgetFields, resets: bool) -> Result<Value, Refusal> {
        self.find(id)?;
        if self.is_taken(given, Some(id)) {
            return Err(Refusal::NameTaken);
        }
        let widget = self.find(id)?;
        if resets {
            (widget.note, widget.ratio) = (None, None);
            (widget.serial, widget.active) = (0, true);
            widget.labels.clear();
        }
        *widget = changed(widget.clone(), given);
        widget.updated = jiff::Timestamp::now().as_second();
        let widget = widget.clone();
        Ok(self.shown(&widget))
    }

    /// Deletes a widget.
    pub(super) fn delete(&mut self, id: &str) -> Result<(), Refusal> {
        if self.does("delete-does-nothing") {
            return self.find(id).map(|_| ());
        }
        let mut deleted = self.widgets.iter().filter(|widget| widget.is_deleted);
        if self.does("delete-again-is-204") && deleted.any(|widget| widget.id == id) {
            return Ok(());
        }
        self.find(id)?.is_deleted = true;
        Ok(())
    }

    /// Lists widgets.
    pub(super) fn list(&mut self, wanted: &Wanted) -> Value {
        let lists_deleted = self.does("deleted-is-listed");
        let is_listed = |widget: &&Widget| {
            (lists_deleted || !widget.is_deleted)
                && (widget.is_seeded || !self.does("create-is-not-listed"))
        };
        let all: Vec<&Widget> = self.widgets.iter().rev().filter(is_listed).collect();
        let has_filter = wanted.state.is_some() || wanted.name.is_some();
        let mut fitting = all.clone();
        if !self.does("filter-is-ignored") {
            fitting.retain(|widget| self.fits(widget, wanted));
        }
        if self.does("filter-misses-some") && has_filter && fitting.len() > 1 {
            fitting.pop();
        }
        let oldest_first = self.does("oldest-first");
        if oldest_first {
            fitting.reverse();
        }
        let begins = |widget: &&&Widget| match wanted.marker {
            Some(last) if self.does("pages-overlap") => widget.number <= last,
            Some(last) if oldest_first => widget.number > last,
            Some(last) => widget.number < last,
            None => true,
        };
        let skipped = usize::from(self.does("pages-skip") && wanted.marker.is_some());
        let mut rest = fitting.iter().filter(begins).skip(skipped);
        let page: Vec<&Widget> = rest.by_ref().take(wanted.limit).copied().collect();
        let last = page.last().map(|widget| widget.number);
        let next = if self.does("marker-never-ends") {
            last.or(wanted.marker)
        } else {
            rest.next().and(last)
        };
        let total = if self.does("total-of-the-page") {
            page.len()
        } else if self.does("total-ignores-filter") {
            all.len()
        } else {
            fitting.len()
        };
        let items: Vec<Value> = page.iter().map(|widget| self.listed(widget)).collect();
        let numbers: Vec<u64> = page.iter().map(|widget| widget.number).collect();
        if self.does("list-changes") {
            let mut all = self.widgets.iter_mut();
            all.by_ref()
                .filter(|widget| numbers.contains(&widget.number))
                .for_each(|widget| {
                    widget.note = Some("has been listed".to_owned());
                });
        }
        json!({
            "widgets": items,
            "total": total,
            "next_marker": next.map(|number| format!("m{number}")),
        })
    }

    fn fits(&self, widget: &Widget, wanted: &Wanted) -> bool {
        let has_name = wanted.name.as_ref().is_none_or(|name| {
            widget.name == *name || self.does("filter-by-prefix") && widget.name.starts_with(name)
        });
        has_name
            && wanted
                .state
                .as_ref()
                .is_none_or(|state| state_of(widget) == state)
    }

    /// Adds a part to a widget.
    pub(super) fn add_part(&mut self, id: &str, given: &PartFields) -> Result<Value, Refusal> {
        self.find(id)?;
        let part = Part {
            id: format!("p-{}", self.id()),
            title: given.title.clone().unwrap_or_default(),
            weight: given.weight.unwrap_or_default(),
            created: jiff::Timestamp::now().as_second(),
        };
        let answer = self.part(id, &part);
        self.find(id)?.parts.push(part);
        Ok(answer)
    }

    /// Lists the parts of a widget.
    pub(super) fn parts(
        &mut self,
        id: &str,
        limit: usize,
        offset: usize,
    ) -> Result<Value, Refusal> {
        let number = self.find(id)?.number;
        let is_shown = |widget: &&Widget| {
            widget.number == number || self.does("parts-of-all") && !widget.is_deleted
        };
        let all: Vec<Value> = self
            .widgets
            .iter()
            .filter(is_shown)
            .flat_map(|widget| widget.parts.iter().map(|part| self.part(&widget.id, part)))
            .collect();
        let page: Vec<&Value> = all.iter().skip(offset).take(limit).collect();
        Ok(json!({ "parts": page, "total": all.len() }))
    }

    fn part(&self, widget: &str, part: &Part) -> Value {
        json!({
            "id": part.id,
            "widget_id": widget,
            "title": part.title,
            "weight": part.weight,
            "created_at": self.time(part.created),
        })
    }

    fn time(&self, seconds: i64) -> String {
        let ahead = if self.does("created-at-in-local-time") {
            AHEAD
        } else {
            0
        };
        let time = jiff::Timestamp::from_second(seconds + ahead).unwrap();
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn listed(&self, widget: &Widget) -> Value {
        let mut shown = self.shown(widget);
        if self.does("list-shows-otherwise") {
            shown["note"] = Value::Null;
        }
        shown
    }

    /// A widget as it is answered.
    fn shown(&self, widget: &Widget) -> Value {
        let state = state_of(widget);
        let failure = match widget.failure {
            None if self.does("error-code-on-ready") && state == "ready" => Some("W.0007"),
            failure => failure,
        };
        let parts = i64::try_from(widget.parts.len()).unwrap();
        json!({
            "id": widget.id,
            "name": widget.name,
            "note": widget.note,
            "serial": widget.serial,
            "ratio": widget.ratio,
            "active": widget.active,
            "size": {
                "width": widget.size.width,
                "depth": { "min": widget.size.least, "max": widget.size.greatest },
            },
            "labels": widget.labels,
            "state": state,
            "error_code": failure,
            "bytes": if self.does("negative-size") { -1 } else { widget.bytes },
            "part_count": if self.does("negative-count") { parts - 1 } else { parts },
            "created_at": self.time(widget.created),
            "updated_at": self.time(widget.updated),
        })
    }
}
