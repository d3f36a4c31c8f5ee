"""What the functions' packages are made of: sets of libraries, each with its lock, and what of them is left out."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatch

PYTHON = "3.12"
ARCHITECTURE = "arm64"
PLATFORMS = ("manylinux2014_aarch64", "manylinux_2_28_aarch64")
"""What the wheels are chosen for, as pip calls it; Lambda's Python 3.12 runs on Amazon Linux 2023 (glibc 2.34).
docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, 2026-11-20"""
LARGEST_UNZIPPED_BYTES = 262_144_000
"""Of a function with its layers; docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, 2026-11-20"""


class Package(StrEnum):
    """A package that a function runs from, over the layer that all of them share."""

    THIN = "thin"
    """Our own code alone."""
    HTTP = "http"
    """The HTTP API and the pages."""
    MEDIA = "media"
    """Steps: pictures, sound, pages of shops, letters."""


LAYER = "base"
"""The layer with what every function loads."""

_UNUSED_OF_POWERTOOLS = ("batch", "data_classes", "feature_flags", "idempotency", "kafka", "parser", "streaming")

LEFT_OUT = (
    # Not needed to run.
    *("*/tests/*", "*.pyi", "*.pxd", "*.h", "*.a", "*.c", "*.cpp", "*/__pycache__/*", "bin/*"),
    *("*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED", "*.dist-info/direct_url.json"),
    *("lxml/objectify.*", "PIL/_avif.*", "pillow.libs/libavif-*"),
    *("PIL/_imagingft.*", "pillow.libs/libfreetype-*", "pillow.libs/libharfbuzz-*", "pillow.libs/libbrotli*"),
    # Of setuptools, pkg_resources is asked for, which stands by itself.
    *("setuptools/*", "_distutils_hack/*", "distutils-precedence.pth"),
    # Of scipy, sound needs signal, ndimage and what they import.
    *(f"scipy/{part}/*" for part in ("cluster", "datasets", "differentiate", "fftpack", "io", "misc", "odr")),
    # Of Powertools, functions use logs, metrics and traces.
    *("aws_lambda_powertools/event_handler/*", "lxml/isoschematron/*"),
    *(f"aws_lambda_powertools/utilities/{part}/*" for part in _UNUSED_OF_POWERTOOLS),
    # Descriptions of some 400 services of AWS; those that are called stay (SERVICES).
    *("botocore/data/*/*", "boto3/data/*/*", "boto3/examples/*", "botocore/docs/*"),
)
"""Patterns of paths in a package. A function has 250 MB, and scipy, numpy and botocore alone would be 200."""

SERVICES = (
    *("dynamodb", "events", "lambda", "logs", "polly", "rekognition", "s3", "secretsmanager", "ses", "sesv2"),
    *("sns", "sqs", "ssm", "stepfunctions", "sts", "xray"),
)
"""Whose descriptions stay in botocore."""


def is_left_out(path: str) -> bool:
    """Say whether a file of a library, by its path within the package, is left out."""
    parts = path.split("/")
    if path.startswith("botocore/data/") and len(parts) > 3 and parts[2] in SERVICES:
        return False
    return any(fnmatch(path, pattern) for pattern in LEFT_OUT)


_NOWHERE = (
    *("contracts/*", "testing/*", "samples/*.jpg", "entrypoints/cli/*", "generators/reading_text/*.npz"),
    *("*__pycache__/*", "*.pyc"),
)
_SERVED = ("entrypoints/api/*", "entrypoints/pages/*")

OWN_CODE_LEFT_OUT = {
    Package.THIN: ("fonts/*.[ot]tf", *_SERVED, *_NOWHERE),
    Package.HTTP: ("fonts/*.[ot]tf", *_NOWHERE),
    Package.MEDIA: (*_SERVED, *_NOWHERE),
}
"""Of `pressroom` itself."""
