"""Places and contacts."""

from typing import Any

from bot import limits
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.registry import method
from bot.sandbox.methods.sending import deliver
from bot.sandbox.stage import Call

Json = dict[str, Any]


@method("sendLocation")
def send_location(call: Call) -> Json:
    """A point on the map (Bot API, sendLocation)."""
    location = _point(call)
    accuracy = call.args.real("horizontal_accuracy")
    if accuracy is not None:
        if not 0 <= accuracy <= limits.LOCATION_ACCURACY_METRES:
            raise ApiError(400, "Bad Request: GEO_POINT_INVALID")
        location["horizontal_accuracy"] = accuracy
    if call.args.has("live_period"):
        period = call.args.number("live_period")
        if not limits.LIVE_PERIOD_MIN_SECONDS <= period <= limits.LIVE_PERIOD_MAX_SECONDS:
            raise bad_request("wrong live location period specified")
        location["live_period"] = period
    return deliver(call, {"location": location})


@method("sendVenue")
def send_venue(call: Call) -> Json:
    """A place with a name and an address (Bot API, sendVenue)."""
    location = _point(call)
    venue = {"location": location, "title": _required(call, "title"), "address": _required(call, "address")}
    return deliver(call, {"venue": venue, "location": location})


@method("sendContact")
def send_contact(call: Call) -> Json:
    """A phone contact (Bot API, sendContact)."""
    contact = {
        "phone_number": _required(call, "phone_number"),
        "first_name": _required(call, "first_name"),
    }
    if call.args.has("last_name"):
        contact["last_name"] = call.args.text("last_name")
    return deliver(call, {"contact": contact})


def _required(call: Call, name: str) -> str:
    value = call.args.text(name).strip()
    if not value:
        raise bad_request(f'parameter "{name}" is required')
    return value


def _point(call: Call) -> Json:
    latitude, longitude = call.args.real("latitude"), call.args.real("longitude")
    if latitude is None:
        raise bad_request("latitude is empty")
    if longitude is None:
        raise bad_request("longitude is empty")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ApiError(400, "Bad Request: GEO_POINT_INVALID")
    return {"latitude": latitude, "longitude": longitude}
