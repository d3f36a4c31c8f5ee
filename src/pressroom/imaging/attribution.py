"""Whose picture it is, written into the file: as EXIF, XMP and IPTC, because each program reads another of them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pressroom.imaging.tiff_tags import ARTIST, COPYRIGHT

if TYPE_CHECKING:
    import pyvips

_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">{}</rdf:Description></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
)
_LONGEST = 1000
"""Characters; a block of a JPEG holds no more than 64 KiB."""
_IPTC_UTF8 = b"\x1c\x01\x5a\x00\x03\x1b%G"
_IPTC_LONGEST = {80: 32, 110: 32, 116: 128}
"""Bytes of by-line, credit and copyright notice; IPTC IIM 4.2."""


@dataclass(frozen=True, slots=True)
class Attribution:
    copyright: str = ""
    credit: str = ""
    """Who took it."""

    @classmethod
    def of(cls, copyright: str, credit: str) -> Attribution:
        """Take texts from anywhere: without control characters, which XML forbids, and not endless."""
        clean = ("".join(c for c in text if c.isprintable())[:_LONGEST] for text in (copyright, credit))
        return cls(*clean)

    def __bool__(self) -> bool:
        return bool(self.copyright or self.credit)

    def written_into(self, image: pyvips.Image) -> pyvips.Image:
        """Return the picture with these and no other metadata."""
        import pyvips

        image = image.copy()
        for field in image.get_fields():
            if field.startswith("exif-"):
                image.remove(field)
        blob = pyvips.GValue.blob_type
        image.set_type(blob, "exif-data", self.exif())
        image.set_type(blob, "xmp-data", self.xmp())
        image.set_type(blob, "iptc-data", self.iptc())
        return image

    def exif(self) -> bytes:
        """Return an EXIF block; its text is UTF-8, which all but the oldest programs understand."""
        values = {ARTIST: self.credit, COPYRIGHT: self.copyright}
        entries = [(tag, value.encode() + b"\0") for tag, value in sorted(values.items()) if value]
        at = 8 + 2 + 12 * len(entries) + 4
        directory, texts = struct.pack(">H", len(entries)), b""
        for tag, value in entries:
            directory += struct.pack(">HHI", tag, 2, len(value))
            if len(value) <= 4:
                directory += value.ljust(4, b"\0")
            else:
                directory += struct.pack(">I", at + len(texts))
                texts += value + b"\0" * (len(value) % 2)
        return b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory + b"\0\0\0\0" + texts

    def xmp(self) -> bytes:
        text = ""
        if self.copyright:
            notice = f'<rdf:li xml:lang="x-default">{escape(self.copyright)}</rdf:li>'
            text += f"<dc:rights><rdf:Alt>{notice}</rdf:Alt></dc:rights>"
        if self.credit:
            text += f"<dc:creator><rdf:Seq><rdf:li>{escape(self.credit)}</rdf:li></rdf:Seq></dc:creator>"
            text += f"<photoshop:Credit>{escape(self.credit)}</photoshop:Credit>"
        return _XMP.format(text).encode()

    def iptc(self) -> bytes:
        found = _IPTC_UTF8
        for dataset, value in ((80, self.credit), (110, self.credit), (116, self.copyright)):
            raw = value.encode()[: _IPTC_LONGEST[dataset]].decode("utf-8", "ignore").encode()
            if raw:
                found += struct.pack(">BBBH", 0x1C, 2, dataset, len(raw)) + raw
        block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(found)) + found
        return b"Photoshop 3.0\0" + block + b"\0" * (len(found) % 2)
