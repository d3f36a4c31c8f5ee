"""Posts on the fake LinkedIn: what it takes, what people then read, and what it shows to whom."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from tests.fakes.linkedin_auth import check_author, check_reader
from tests.fakes.linkedin_images import read_json
from tests.fakes.linkedin_problems import duplicate, refused, wrong_input
from tests.fakes.linkedin_state import Member, Post, State, Token
from tests.fakes.messages import Answer, Request, json_answer

TEXT_LIMIT = 3_000
REPEAT_SECONDS = 24 * 60 * 60
FIELDS = {
    "author",
    "commentary",
    "visibility",
    "distribution",
    "content",
    "lifecycleState",
    "isReshareDisabledByAuthor",
    "contentLandingPage",
    "reshareContext",
}
REQUIRED = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
_TEMPLATE = re.compile(r"\{hashtag\|\\?([#＃])\|((?:\\.|[^{}|\\])*)\}")
_HASHTAG = re.compile(r"#\w+")
_MENTION = re.compile(r"@\[((?:\\.|[^\]\\])*)\]\(urn:li:(?:person|organization):[\w-]+\)")
_RESERVED = "|{}@[]()<>#*_~"


def read_little(commentary: str) -> str:
    """What people read. As at LinkedIn, all that follows a reserved character out of place is silently lost."""
    text, place = "", 0
    while place < len(commentary):
        sign = commentary[place]
        if sign == "\\" and commentary[place + 1 : place + 2] in (*_RESERVED, "\\"):
            text, place = text + commentary[place + 1], place + 2
            continue
        if sign not in (*_RESERVED, "\\"):
            text, place = text + sign, place + 1
            continue
        for pattern in (_TEMPLATE, _HASHTAG, _MENTION):
            if found := pattern.match(commentary, place):
                shown = "".join(found.groups()) if found.groups() else found[0]
                text, place = text + re.sub(r"\\(.)", r"\1", shown), found.end()
                break
        else:
            return text
    return text


def create(request: Request, member: Member, token: Token, state: State, now: float, *, refuse_repeats: bool) -> Answer:
    document = read_json(request, FIELDS, REQUIRED)
    author = check_author(document["author"], member, token, "posts.CREATE")
    content = document.get("content") or {}
    _check(document, content)
    _check_content(content, author, state)
    text = read_little(document["commentary"])
    length = len(text.encode("utf-16-le")) // 2
    if length > TEXT_LIMIT:
        said = f"ShareCommentary text length ({length} characters) exceeded the maximum allowed (3000 characters)"
        raise wrong_input(said, "FIELD_ARRAY_SIZE_TOO_HIGH", "Size of array cannot be higher than the maxLength")
    if not text.strip() and not content:
        raise wrong_input("Post has neither commentary nor content", "MISSING_FIELD", "ERROR", 422)
    for post in state.posts if refuse_repeats else ():
        if post.author == author and post.text == text and post.created_at > now - REPEAT_SECONDS:
            raise duplicate(post.urn)
    urn = f"urn:li:share:{state.new_number()}"
    state.posts.append(Post(urn, author, document["commentary"], text, content, now, request.number))
    return Answer(201, headers={"x-restli-id": urn, "location": f"/posts/{urn}"})


def _check(document: dict[str, Any], content: Any) -> None:
    distribution = document["distribution"]
    wanted = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}
    if distribution != wanted:
        raise wrong_input("/distribution :: is not as expected", "INVALID_VALUE_FOR_FIELD", "ERROR", 422)
    if document["visibility"] not in ("PUBLIC", "CONNECTIONS", "LOGGED_IN"):
        raise wrong_input("/visibility :: is not an enum symbol", "INVALID_VALUE_FOR_FIELD", "ERROR", 422)
    if document["lifecycleState"] != "PUBLISHED" or not isinstance(document["commentary"], str):
        raise wrong_input("/lifecycleState or /commentary :: is wrong", "INVALID_VALUE_FOR_FIELD", "ERROR", 422)
    if not isinstance(content, dict) or len(content) > 1 or content.keys() - {"media", "multiImage", "article"}:
        raise wrong_input("/content :: union type must have one member", "INVALID_VALUE_FOR_FIELD", "ERROR", 422)


def _check_content(content: dict[str, Any], author: str, state: State) -> None:
    if "article" in content:
        article = content["article"]
        if not {"source", "title"} <= article.keys() or not article["source"].startswith(("http://", "https://")):
            raise wrong_input("/content/article/title :: field is required", "MISSING_FIELD", "ERROR", 422)
    images = content["multiImage"].get("images", []) if "multiImage" in content else [content.get("media", {})]
    if "multiImage" in content and not 2 <= len(images) <= 20:
        raise wrong_input("/content/multiImage/images :: 2 to 20 images", "INVALID_VALUE_FOR_FIELD", "ERROR", 422)
    for named in images if content.keys() & {"media", "multiImage"} else ():
        image = next((image for image in state.images if image.urn == named.get("id")), None)
        if named.keys() - {"id", "altText", "title"} or image is None or image.owner != author:
            raise wrong_input("Image is not owned by the author", "INVALID_CONTENT_OWNERSHIP", "ERROR")
        if image.status != "AVAILABLE" or image.looks_left:
            raise wrong_input("Image is not yet available", "MEDIA_ASSET_PROCESSING", "ERROR", 422)


def show_one(request: Request, member: Member, token: Token, visible: list[Post]) -> Answer:
    urn = unquote(request.path.rpartition("/")[2])
    post = next((post for post in visible if post.urn == urn), None)
    if post is None:
        raise refused(404, "NOT_FOUND", "Post not found")
    check_reader(post.author, member, token, "r_organization_social", "posts.GET")
    return json_answer(200, post.as_shown())


def find(request: Request, member: Member, token: Token, visible: list[Post]) -> Answer:
    """`GET /rest/posts?q=author`: the last changed first."""
    query = request.query
    if query.get("q") != "author" or request.headers.get("x-restli-method", "").upper() != "FINDER":
        raise refused(400, "ILLEGAL_ARGUMENT", "No finder of that name, or X-RestLi-Method is not FINDER")
    check_reader(query.get("author", ""), member, token, "r_organization_social", "posts.FINDER-author")
    start, count = int(query.get("start", 0)), int(query.get("count", 10))
    if not 1 <= count <= 100 or query.get("sortBy", "LAST_MODIFIED") not in ("LAST_MODIFIED", "CREATED"):
        raise refused(400, "ILLEGAL_ARGUMENT", "count is 1 to 100")
    own = [post.as_shown() for post in reversed(visible) if post.author == query["author"]]
    paging = {"start": start, "count": count, "links": []}
    return json_answer(200, {"paging": paging, "elements": own[start : start + count]})


def statistics(request: Request, member: Member, token: Token, visible: list[Post]) -> Answer:
    organization = request.query.get("organizationalEntity", "")
    check_reader(organization, member, token, "rw_organization_admin", "organizationalEntityShareStatistics.FINDER")
    listed = re.fullmatch(r"List\((.*)\)", request.query.get("shares", ""))
    if request.query.get("q") != "organizationalEntity" or listed is None:
        raise refused(400, "ILLEGAL_ARGUMENT", "Array parameter 'shares' value is invalid")
    counts = {"likeCount": 4, "commentCount": 2, "shareCount": 1, "impressionCount": 120, "clickCount": 9}
    elements = [
        {"organizationalEntity": organization, "share": post.urn, "totalShareStatistics": counts}
        for post in visible
        if post.urn in listed[1].split(",") and post.author == organization
    ]
    return json_answer(200, {"paging": {"start": 0, "count": 10, "links": []}, "elements": elements})
