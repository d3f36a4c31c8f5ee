"""Pictures with metadata, written by the libraries that others use; and the blocks themselves, byte by byte."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" {attributes}>{elements}</rdf:Description>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def xmp(elements: str = "", attributes: str = "") -> bytes:
    return XMP.format(elements=elements, attributes=attributes).encode()


def alternatives(name: str, text: str) -> str:
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></{name}>'


def listed(name: str, *entries: str, kind: str = "Bag") -> str:
    return f"<{name}><rdf:{kind}>{''.join(f'<rdf:li>{entry}</rdf:li>' for entry in entries)}</rdf:{kind}></{name}>"


def iptc(*records: tuple[int, int, bytes]) -> bytes:
    return b"".join(struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in records)


def exif(
    top: dict[int, Any] | None = None, inner: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    block = Image.Exif()
    block.update(top or {})
    if inner:
        block.get_ifd(0x8769).update(inner)
    if gps:
        block.get_ifd(0x8825).update(gps)
    return block.tobytes()


def windows(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")


def picture(kind: str, **how: Any) -> bytes:
    """Return a small picture of a kind that Pillow writes; `exif` and `xmp` are blocks."""
    stream = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal")).save(stream, **how)
        return stream.getvalue()
    if kind == "PNG" and "xmp" in how:
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", how.pop("xmp").decode(), zip=how.pop("zip", False))
        how["pnginfo"] = text
    if kind == "TIFF" and "xmp" in how:
        how["tiffinfo"] = {700: how.pop("xmp")}
    Image.new("RGB", (64, 48), "teal").save(stream, kind, **how)
    return stream.getvalue()


def with_iptc(jpeg: bytes, block: bytes) -> bytes:
    """Put IPTC records into a JPEG as Photoshop does, behind another of its resources."""
    resources = b"".join(
        b"8BIM" + struct.pack(">HH", number, 0) + struct.pack(">I", len(value)) + value + b"\0" * (len(value) % 2)
        for number, value in ((0x03ED, b"\0\x48\0"), (0x0404, block))
    )
    segment = b"Photoshop 3.0\0" + resources
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]
