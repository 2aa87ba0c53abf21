"""A small shop with twenty breaches of its own document, each behind its number.

`python shop.py PORT [NUMBER...]` serves `/openapi.json`, as FastAPI makes it, and breaks what the
numbers of `breaches.py` name; without a number the server is correct. The document never changes.
"""

import json
import sys
from datetime import datetime, timezone
from enum import Enum
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID, uuid4

import uvicorn
from fastapi import Body, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

TOKEN = "peers-secret"
ON: set[int] = set()


class Colour(str, Enum):
    red = "red"
    green = "green"
    blue = "blue"


class NewItem(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=20)
    colour: Colour
    price: int = Field(ge=1, le=1000)
    note: str | None = Field(default=None, max_length=40)


class ItemChange(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(default=None, min_length=1, max_length=20)
    price: int | None = Field(default=None, ge=1, le=1000)


class Item(BaseModel):
    id: UUID
    name: str = Field(min_length=1, max_length=20)
    colour: Colour
    price: int = Field(ge=1, le=1000)
    note: str | None = Field(default=None, max_length=40)
    created_at: datetime


class ItemList(BaseModel):
    items: list[Item]
    total: int = Field(ge=0)


class Problem(BaseModel):
    detail: str


bearer = HTTPBearer(auto_error=False)
items: dict[str, dict] = {}


def known(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
    """Lets nobody in without the token."""
    if given is None or given.credentials != TOKEN:
        raise HTTPException(401, "who are you?", {"WWW-Authenticate": "Bearer"})


def known_reader(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """Lets nobody read without the token, but for breach 19."""
    if 19 not in ON:
        known(given)


app = FastAPI(title="Shop", version="1.0.0")
UNKNOWN = {404: {"model": Problem, "description": "There is no such item."}}
NOBODY = {401: {"model": Problem, "description": "The credential is missing or wrong."}}


def shown(item: dict) -> dict:
    """The item as answers show it."""
    answer = dict(item)
    if 10 in ON:
        del answer["created_at"]
    if 11 in ON:
        answer["colour"] = "mauve"
    if 12 in ON:
        answer["created_at"] = "yesterday"
    if 13 in ON:
        answer["price"] = str(answer["price"])
    return answer


def found(item_id: UUID) -> dict:
    """The item of this id, or 404."""
    if str(item_id) in items:
        return items[str(item_id)]
    if 20 in ON:
        raise RuntimeError("no such item")
    raise HTTPException(404, "there is no such item")


def problem(where: str) -> HTTPException:
    """A refusal in the form of FastAPI's own."""
    error = {"loc": ["body", where], "msg": "is not allowed", "type": "value_error"}
    return HTTPException(422, [error])


@app.post(
    "/items", status_code=201, response_model=Item, responses=NOBODY, dependencies=[Depends(known)]
)
def create_item(item: NewItem) -> Response:
    if 2 in ON and len(item.name) == 20:
        raise problem("name")
    if 6 in ON and item.colour == Colour.blue:
        raise problem("colour")
    kept = item.model_dump(mode="json")
    kept["id"] = str(uuid4())
    kept["created_at"] = datetime.now(timezone.utc).isoformat()
    items[kept["id"]] = kept
    return JSONResponse(shown(kept), 200 if 1 in ON else 201)


@app.get(
    "/items", response_model=ItemList, responses=NOBODY, dependencies=[Depends(known_reader)]
)
def list_items(
    limit: Annotated[int, Query(ge=1, le=50, description="The largest number of items shown.")] = 10,
    offset: Annotated[int, Query(ge=0, description="The number of items left out.")] = 0,
    colour: Annotated[Colour | None, Query(description="Shows items of this colour only.")] = None,
) -> Response:
    chosen = [i for i in items.values() if colour is None or 16 in ON or i["colour"] == colour]
    end = None if 15 in ON else offset + limit
    return JSONResponse({"items": [shown(i) for i in chosen[offset:end]], "total": len(chosen)})


@app.get(
    "/items/{item_id}",
    response_model=Item,
    responses={**NOBODY, **UNKNOWN},
    dependencies=[Depends(known_reader)],
)
def read_item(item_id: UUID) -> Response:
    return JSONResponse(shown(found(item_id)))


@app.patch(
    "/items/{item_id}",
    response_model=Item,
    responses={**NOBODY, **UNKNOWN},
    dependencies=[Depends(known)],
)
def change_item(item_id: UUID, change: Annotated[ItemChange, Body()]) -> Response:
    item = found(item_id)
    changed = {**item, **change.model_dump(mode="json", exclude_none=True)}
    if 18 not in ON:
        items[str(item_id)] = changed
    return JSONResponse(shown(changed))


@app.delete(
    "/items/{item_id}",
    status_code=204,
    responses={**NOBODY, **UNKNOWN},
    dependencies=[Depends(known)],
)
def delete_item(item_id: UUID) -> Response:
    found(item_id)
    if 17 not in ON:
        del items[str(item_id)]
    return Response(status_code=204)


@app.middleware("http")
async def looser(request: Request, go_on):
    """Turns what the document forbids and a breach allows into something that is allowed."""
    if request.method == "POST" and request.url.path == "/items":
        try:
            body = json.loads(await request.body())
        except ValueError:
            body = None
        known_token = request.headers.get("authorization") == f"Bearer {TOKEN}"
        if isinstance(body, dict) and known_token:
            if 9 in ON and "name" not in body:
                return JSONResponse({"detail": "KeyError"}, 500)
            body = loosened(body)
            request._body = json.dumps(body).encode()
    if 14 in ON and request.method == "GET" and request.url.path == "/items":
        pairs = [
            (k, "50" if k == "limit" and v.isdigit() and int(v) > 50 else v)
            for k, v in request.query_params.multi_items()
        ]
        request.scope["query_string"] = urlencode(pairs).encode()
    return await go_on(request)


def loosened(body: dict) -> dict:
    """The body with what a breach takes replaced by what is allowed."""
    name, colour, price = body.get("name"), body.get("colour"), body.get("price")
    if 3 in ON and isinstance(name, str) and len(name) > 20:
        body["name"] = name[:20]
    if 4 in ON and name == "":
        body["name"] = "x"
    if 5 in ON and isinstance(colour, str) and colour not in ("red", "green", "blue"):
        body["colour"] = "red"
    if isinstance(price, int) and not isinstance(price, bool):
        if 7 in ON and price < 1:
            body["price"] = 1
        if 8 in ON and price > 1000:
            body["price"] = 1000
    return body


if __name__ == "__main__":
    ON.update(int(number) for number in sys.argv[2:])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical")
