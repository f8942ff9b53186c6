"""A photo as it came → as it is kept: the picture alone, decoded and encoded anew, upright, small.

Runs in a bounded child (facilities/bounded.py): imports neither Django nor anything slow. Nothing of the file as it
came is kept but its pixels; when and where it was taken come out as data where they are asked for.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.Image import Resampling, Transpose

from assessments.evidence.capture import Capture, captured

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 30_000_000
#: Pillow holds a WebP four times over while it decodes it
MOST_PIXELS_OF_WEBP = 12_000_000
LONGEST, THUMBNAIL = 1600, 320
LARGEST = 400_000  # bytes: so much is aimed at, from the best quality down
QUALITIES = (85, 78, 70, 60, 50)
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
ORIENTATION = 0x0112
WHITE = (255, 255, 255)


class Refused(Exception):
    """The file is not taken; the message is the sentence for the officer."""


TOO_MANY_PIXELS = "照片的像素太多（最多 3000 万像素）。请把手机相机的分辨率调低一些重新拍，或者截图后再传。"
TOO_LARGE_WEBP = "这张 WebP 图片太大（最多 1200 万像素）。请另存为 JPEG 后再传。"
BROKEN = "这张照片不完整或已损坏，打不开。请重新拍一张，或换一个文件。"


@dataclass(frozen=True)
class Picture:
    content: bytes  # JPEG, as is the thumbnail
    thumbnail: bytes
    width: int
    height: int
    capture: Capture | None


def picture_of(content: bytes, keep_capture: bool) -> Picture:
    """Raises Refused."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(content), formats=FORMATS) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _require_pixels(opened)
            capture = captured(opened) if keep_capture else None
            upright = UPRIGHT.get(_orientation(opened))
            small = _small(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused(TOO_MANY_PIXELS) from bomb
    except (Refused, MemoryError):
        raise
    except Exception as broken:  # decoders raise whatever they stumble over
        raise Refused(BROKEN) from broken
    kept = small if upright is None else small.transpose(upright)
    return Picture(_encoded(kept), _thumbnail(kept), kept.width, kept.height, capture)


def _require_pixels(image: Image.Image) -> None:
    """By the header, before anything is decoded."""
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    if image.format == "WEBP" and pixels > MOST_PIXELS_OF_WEBP:
        raise Refused(TOO_LARGE_WEBP)


def _orientation(image: Image.Image) -> int:
    """1 where the file says nothing, or nothing that can be read."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def _small(image: Image.Image) -> Image.Image:
    """At most LONGEST on its long side, opaque, with nothing but pixels. Everything is decoded on the way; a JPEG at
    a fraction of its size, other pictures strip by strip, so that there is never a second copy of the whole."""
    image.draft("RGB", (LONGEST, LONGEST))
    image.load()
    factor = max(1, max(image.size) // (2 * LONGEST))
    size = (-(-image.width // factor), -(-image.height // factor))
    small = Image.new("RGB", size, WHITE)
    for top in range(0, image.height, 64 * factor):
        strip = image.crop((0, top, image.width, min(image.height, top + 64 * factor)))
        small.paste(_opaque(strip).reduce(factor), (0, top // factor))
    small.thumbnail((LONGEST, LONGEST), Resampling.LANCZOS)
    return small


def _opaque(strip: Image.Image) -> Image.Image:
    """What is transparent is white."""
    if strip.mode.startswith(("I", "F")):  # 16 bits and more
        strip = strip.convert("I").point(lambda value: value / 256).convert("L")
    if strip.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in strip.info:
        over = strip.convert("RGBA")
        strip = Image.new("RGB", over.size, WHITE)
        strip.paste(over, mask=over.getchannel("A"))
    return strip.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    written = b""
    for quality in QUALITIES:
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        written = out.getvalue()
        if len(written) <= LARGEST:
            break
    return written


def _thumbnail(image: Image.Image) -> bytes:
    small, out = image.copy(), BytesIO()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Resampling.LANCZOS)
    small.save(out, "JPEG", quality=75)
    return out.getvalue()
