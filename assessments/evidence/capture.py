"""When and where a photo was taken, as its camera wrote it (EXIF). A claim, kept with the officer's consent only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from PIL import Image

CHINA = timezone(timedelta(hours=8))  # a camera's clock that names no zone
DETAILS, PLACE = 0x8769, 0x8825  # the two tables of EXIF
TAKEN, TAKEN_ZONE = 0x9003, 0x9011
STEP = Decimal("0.000001")  # degrees: a tenth of a metre


@dataclass(frozen=True)
class Capture:
    taken_at: datetime | None = None
    latitude: Decimal | None = None  # degrees, north and east positive
    longitude: Decimal | None = None


def captured(image: Image.Image) -> Capture:
    """Whatever cannot be read is left out."""
    try:
        exif = image.getexif()
        details, place = exif.get_ifd(DETAILS), exif.get_ifd(PLACE)
    except Exception:  # tables from hostile hands break in every way
        return Capture()
    latitude = _degrees(place.get(2), place.get(1), "S", 90)
    longitude = _degrees(place.get(4), place.get(3), "W", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    return Capture(_moment(details.get(TAKEN), details.get(TAKEN_ZONE)), latitude, longitude)


def claimed(taken_at: str, latitude: str, longitude: str) -> Capture:
    """What an officer's device read before it made the photo smaller: 2026-10-09T10:00:00, degrees as decimals."""
    try:
        moment = datetime.fromisoformat(taken_at)
    except ValueError:
        moment = None
    place = (_within(latitude, 90), _within(longitude, 180))
    if None in place:
        place = (None, None)
    return Capture(moment.replace(tzinfo=moment.tzinfo or CHINA) if moment else None, *place)


def _within(text: str, most: int) -> Decimal | None:
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", text):
        return None
    degrees = Decimal(text).quantize(STEP)
    return degrees if abs(degrees) <= most else None


def _moment(taken: Any, zone: Any) -> datetime | None:
    text = str(taken).strip("\0 ")
    for pattern, said in (("%Y:%m:%d %H:%M:%S%z", f"{text}{str(zone).strip(chr(0))}"), ("%Y:%m:%d %H:%M:%S", text)):
        try:
            moment = datetime.strptime(said, pattern)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return None


def _degrees(parts: Any, side: Any, negative: str, most: int) -> Decimal | None:
    """(22, 16, 12.5) and N → 22.270139."""
    try:
        whole, minutes, seconds = (Decimal(str(float(part))) for part in parts)
        degrees = (whole + minutes / 60 + seconds / 3600).quantize(STEP)
    except Exception:  # a fraction by nought, a table of texts, two parts, infinity
        return None
    if not 0 <= degrees <= most:
        return None
    return -degrees if str(side).startswith(negative) else degrees
