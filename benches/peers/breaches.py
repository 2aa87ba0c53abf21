"""The breaches of the shop's document that `shop.py` can be started with, by number."""

BREACHES = {
    1: "a create answers 200 instead of 201",
    2: "a create refuses the longest name",
    3: "a create takes a name that is too long",
    4: "a create takes an empty name",
    5: "a create takes a colour that is not listed",
    6: "a create refuses a listed colour",
    7: "a create takes a price below the minimum",
    8: "a create takes a price above the maximum",
    9: "a create without a name answers 500",
    10: "an answer leaves out a required field",
    11: "an answer shows a colour that is not listed",
    12: "an answer shows a time that is none",
    13: "an answer shows a price as text",
    14: "a list takes a limit above the maximum",
    15: "a list shows more than its limit",
    16: "a list ignores its colour filter",
    17: "a deleted item can still be read",
    18: "a change is answered and not kept",
    19: "a read needs no credential",
    20: "an unknown item answers 500",
}
