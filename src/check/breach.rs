//! In which way a law between answers is broken: part of a fingerprint. The relation and the law
//! stand in the fact; a field is one that the law names, never a value.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A way of breaking a law.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "breach", rename_all = "kebab-case")]
pub enum Breach {
    /// Two readings of a list have its items in different orders.
    Reordered,
    /// The list without parameters does not begin as the list by pages.
    PlainListDiffers,
    /// A page has more or fewer items than it should.
    CountOfItems,
    /// A page of the right size begins elsewhere than the list.
    NotTheFirstItems,
    /// A page begins with another item of the list than it should.
    BeginsElsewhere,
    /// A page goes on with other items than the list.
    GoesOnElsewhere,
    /// A page has no item.
    NoItem,
    /// A page begins with no item of the list.
    ForeignItem,
    /// A page repeats an item of one before.
    RepeatedItem,
    /// Pages together are not the list.
    PagesDiffer,
    /// There are items beyond the end.
    ItemsBeyondTheEnd,
    /// The total is not the number of items.
    WrongTotal,
    /// The total is another one on a page.
    TotalOfAPage,
    /// The total is another one on the second page.
    TotalOfSecondPage,
    /// An item of the window is left out.
    LeftOut,
    /// An item from outside the window is there.
    FromOutside,
    /// An item is in none, or both, of two windows that part the time.
    NotInOneOfTwo,
    /// A filtered list has an item that does not fit.
    DoesNotFit {
        /// The query parameter.
        parameter: String,
    },
    /// A filtered list leaves out an item that fits.
    FilteredOut {
        /// The query parameter.
        parameter: String,
    },
    /// Of several values of a parameter one alone counts.
    OneAlone {
        /// The query parameter.
        parameter: String,
    },
    /// A search lists an item in which the text does not stand.
    WithoutTheText {
        /// The query parameter.
        parameter: String,
    },
    /// An answer tells another place of a page than was asked for.
    ToldOtherwise {
        /// The query parameter.
        parameter: String,
    },
    /// What says where a new one is leads to nothing.
    LeadsNowhere,
    /// A create that was sent again with its key made something new.
    MadeAgain,
    /// An item comes before one that it should follow.
    OutOfOrder,
    /// A list that is read by markers does not end as documented.
    NoEnd,
    /// Two items have one identity.
    TwiceInAPage,
    /// An item belongs to another owner.
    OtherOwner,
    /// A time is none.
    NoTime,
    /// A later time is before an earlier one.
    TimesReversed,
    /// An answer does not repeat what the request said.
    NotEchoed {
        /// The field of the request.
        field: String,
    },
    /// Two creations have one identity.
    SameIdentity,
    /// What was created does not appear.
    NotInTheList,
    /// What was created is in the list more than once.
    MoreThanOnce,
    /// The list has another value than was asked for.
    NotKept {
        /// The field of the request.
        field: String,
    },
    /// A value that every new item has is another one.
    OtherConstant {
        /// The JSON pointer to it.
        pointer: String,
    },
    /// A documented default is not applied.
    DefaultNotApplied {
        /// The field of the request.
        field: String,
    },
    /// What a create left out is not null, as documented.
    NotNull {
        /// The field.
        field: String,
    },
    /// What one answer alone may show is shown again.
    ShownAgain {
        /// The field.
        field: String,
    },
    /// A key that was sent with one body is taken with another.
    OtherBodyTaken,
    /// A number is not that of the items that it counts.
    WrongCount {
        /// The field.
        field: String,
    },
    /// A number that grows from one thing to the next falls.
    FallsBack,
    /// A number is not what those make that it is computed from.
    WronglyComputed {
        /// The field.
        field: String,
    },
    /// A refused request left something.
    RefusedAndDone,
    /// What was in the list is gone.
    Gone,
    /// The status went back, or to one that excludes the one before.
    StatusWentBack,
    /// A new item has a status that only an old one can have.
    StatusOfAnOldItem,
    /// The progress does not fit the status.
    ProgressDoesNotFit,
    /// The progress went back.
    ProgressWentBack,
    /// What was created is not shown.
    NotShown,
    /// What is shown is not what was sent.
    ShownOtherwise {
        /// The field.
        field: String,
    },
    /// A change is answered with what was there before it.
    ToldAsBefore {
        /// The field.
        field: String,
    },
    /// A change is answered with the id of another.
    NamesAnother,
    /// The entity tag is the same after a change that is shown.
    SameTag,
    /// What was not changed is another.
    ChangedBeside {
        /// The field.
        field: String,
    },
    /// A change of one resource changed another.
    AnotherChanged,
    /// Reading changed something.
    ChangedByReading {
        /// The field.
        field: String,
    },
    /// What was deleted is still shown.
    StillShown,
    /// What was deleted is still in the list.
    StillListed,
    /// What is done once is done again.
    DoneTwice {
        /// The status of its answer.
        status: u16,
    },
    /// A second delete is answered otherwise than documented.
    DeletedTwice {
        /// The status of its answer.
        status: u16,
    },
    /// What was made under one parent is shown under another.
    ShownElsewhere,
    /// A field that tells of a failure has a value where nothing has failed.
    OfAnotherState {
        /// The field.
        field: String,
    },
    /// A request that names the newest copy is answered as if it named none.
    NotConditional,
    /// A page says the contrary of whether another follows.
    ContraryOfEnd,
    /// Two resources have a value that one alone may have.
    TakenTwice {
        /// The field.
        field: String,
    },
    /// What was taken away is there still.
    NotTakenAway {
        /// The field.
        field: String,
    },
    /// What a request says of a field is shown, though it is left aside.
    TakenOver {
        /// The field.
        field: String,
    },
    /// A `PUT` tells by its status that it replaced what it made, or made what it replaced.
    MadeOrReplaced {
        /// The status.
        status: u16,
    },
    /// A new time is far from the clock.
    FarFromTheClock {
        /// The field.
        field: String,
    },
}

impl Breach {
    /// The field that is told, sent or changed wrongly, as the law names it: a path, or a pointer.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::NotEchoed { field }
            | Self::NotKept { field }
            | Self::DefaultNotApplied { field }
            | Self::ShownOtherwise { field }
            | Self::ToldAsBefore { field }
            | Self::NotNull { field }
            | Self::ShownAgain { field }
            | Self::WrongCount { field }
            | Self::WronglyComputed { field }
            | Self::ChangedBeside { field }
            | Self::ChangedByReading { field }
            | Self::OfAnotherState { field }
            | Self::TakenTwice { field }
            | Self::NotTakenAway { field }
            | Self::TakenOver { field }
            | Self::FarFromTheClock { field }
            | Self::OtherConstant { pointer: field } => Some(field),
            _ => None,
        }
    }

    /// The same without what it stands in.
    pub fn field_name(&self) -> Option<&str> {
        self.field()?.rsplit(['.', '/']).next()
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Reordered => "two readings have different orders",
            Self::PlainListDiffers => "the list without parameters differs from the list by pages",
            Self::CountOfItems => "another number of items",
            Self::NotTheFirstItems => "not the first items of the list",
            Self::BeginsElsewhere => "begins with another item",
            Self::GoesOnElsewhere => "goes on with other items than the list",
            Self::NoItem => "no item",
            Self::ForeignItem => "begins with no item of the list",
            Self::RepeatedItem => "repeats an item of a page before",
            Self::PagesDiffer => "the pages together are not the list",
            Self::ItemsBeyondTheEnd => "items beyond the end",
            Self::WrongTotal => "the total is not the number of items",
            Self::TotalOfAPage => "the total is another one on a page",
            Self::TotalOfSecondPage => "the total is another one on the second page",
            Self::LeftOut => "an item of the window is left out",
            Self::FromOutside => "an item from outside the window",
            Self::NotInOneOfTwo => "an item is not in one of two windows",
            Self::DoesNotFit { parameter } => {
                return write!(formatter, "an item does not fit `{parameter}`");
            }
            Self::FilteredOut { parameter } => {
                return write!(formatter, "an item that fits `{parameter}` is left out");
            }
            Self::OneAlone { parameter } => {
                return write!(
                    formatter,
                    "one of several values of `{parameter}` alone counts"
                );
            }
            Self::OutOfOrder => "an item comes before one that it should follow",
            Self::NoEnd => "the pages do not end",
            Self::TwiceInAPage => "two items have one identity",
            Self::OtherOwner => "an item of another owner",
            Self::NoTime => "no date and time",
            Self::TimesReversed => "the later time is before the earlier one",
            Self::NotEchoed { field } => {
                return write!(formatter, "the answer does not repeat `{field}`");
            }
            Self::SameIdentity => "two creations have one identity",
            Self::WithoutTheText { parameter } => {
                return write!(formatter, "`{parameter}` lists what does not have the text");
            }
            Self::ToldOtherwise { parameter } => {
                return write!(formatter, "the answer tells another `{parameter}`");
            }
            Self::LeadsNowhere => "the `Location` of what was created leads nowhere",
            Self::MadeAgain => "a create that was sent again with its key made something new",
            Self::NotInTheList => "what was created is not in the list",
            Self::MoreThanOnce => "what was created is in the list more than once",
            Self::NotKept { field } => {
                return write!(formatter, "the list has another `{field}` than was sent");
            }
            Self::OtherConstant { pointer } => {
                return write!(formatter, "`{pointer}` has another value");
            }
            Self::DefaultNotApplied { field } => {
                return write!(formatter, "the default of `{field}` is not applied");
            }
            Self::NotNull { field } => {
                return write!(formatter, "`{field}` was left out, and is not null");
            }
            Self::ShownAgain { field } => {
                return write!(formatter, "`{field}` is shown again");
            }
            Self::OtherBodyTaken => "a key of one body is taken with another",
            Self::WrongCount { field } => {
                return write!(formatter, "`{field}` is not the number of items");
            }
            Self::FallsBack => "a number that grows falls",
            Self::WronglyComputed { field } => {
                return write!(formatter, "`{field}` is not what it is computed from");
            }
            Self::RefusedAndDone => "a refused request was carried out",
            Self::Gone => "what was in the list is gone",
            Self::StatusWentBack => "the status went back",
            Self::StatusOfAnOldItem => "a new item has the status of an old one",
            Self::ProgressDoesNotFit => "the progress does not fit the status",
            Self::ProgressWentBack => "the progress went back",
            Self::NotShown => "what was created is not shown",
            Self::ShownOtherwise { field } => {
                return write!(formatter, "`{field}` is shown otherwise than it was sent");
            }
            Self::ToldAsBefore { field } => {
                return write!(formatter, "the change answers with the old `{field}`");
            }
            Self::ChangedBeside { field } => {
                return write!(formatter, "`{field}` was not in the change, and is another");
            }
            Self::NamesAnother => "a change is answered with the id of another",
            Self::SameTag => "the entity tag is the same after a change",
            Self::AnotherChanged => "another resource was changed",
            Self::ChangedByReading { field } => {
                return write!(formatter, "reading changed `{field}`");
            }
            Self::StillShown => "what was deleted is still shown",
            Self::StillListed => "what was deleted is still in the list",
            Self::DoneTwice { status } => {
                return write!(formatter, "the same once more is answered {status}");
            }
            Self::DeletedTwice { status } => {
                return write!(formatter, "a second delete is answered {status}");
            }
            Self::OfAnotherState { field } => {
                return write!(
                    formatter,
                    "`{field}` tells of a failure where there is none"
                );
            }
            Self::ShownElsewhere => "what belongs to one parent is shown under another",
            Self::NotConditional => "a request that names a copy is answered as if it named none",
            Self::ContraryOfEnd => "a page says the contrary of whether another follows",
            Self::TakenTwice { field } => {
                return write!(formatter, "two have the same `{field}`");
            }
            Self::NotTakenAway { field } => {
                return write!(formatter, "null does not take `{field}` away");
            }
            Self::TakenOver { field } => {
                return write!(formatter, "`{field}` is taken from the request");
            }
            Self::MadeOrReplaced { status } => {
                return write!(
                    formatter,
                    "the status {status} says the contrary of what was done"
                );
            }
            Self::FarFromTheClock { field } => {
                return write!(formatter, "the new `{field}` is far from the clock");
            }
        })
    }
}
