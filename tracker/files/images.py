"""Pictures without what the camera wrote into them: place, time, owner, comments, embedded previews."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from tracker.domain.errors import Unmet

MOST_PIXELS = 64_000_000
"""Eight thousand by eight thousand: some 200 MB while it is worked on."""
QUALITY = 92
FORMATS = {"jpg": "JPEG", "png": "PNG"}
MODES = {
    "JPEG": ("L", "RGB"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
}


def strip(source: Path, target: Path, ending: str) -> None:
    """Write the picture anew, from its points alone: nothing but what is seen comes through.

    It is turned as the camera said, and its colours are those of the web (sRGB), so that both may be left out.
    Raises Unmet(file=…): ``too_many_pixels``, ``damaged``, ``content``.
    """
    form = FORMATS[ending]
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=(form,)) as opened:
                opened.load()
                picture = ImageOps.exif_transpose(_in_web_colours(opened))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Unmet(file="too_many_pixels") from None
    except UnidentifiedImageError:
        raise Unmet(file="content") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Unmet(file="damaged") from None
    if picture.mode not in MODES[form]:
        picture = picture.convert("RGB")
    seen_through = picture.info.get("transparency")
    picture.info = {} if seen_through is None else {"transparency": seen_through}
    if form == "JPEG":
        picture.save(target, form, quality=QUALITY, exif=b"", comment=b"")
    else:
        picture.save(target, form, exif=b"")


def _in_web_colours(picture: Image.Image) -> Image.Image:
    """A profile of colours may name a device or hold what it likes: the points are converted, the profile left out."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            turned = None
        if turned is not None:
            turned.info = {"exif": picture.info["exif"]} if "exif" in picture.info else {}
            return turned
    return picture.convert("RGB") if picture.mode == "CMYK" else picture
