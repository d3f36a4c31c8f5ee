"""Seals a text with a key (AES-256-GCM), bound to the name it is stored under. Pure."""

from __future__ import annotations

import base64
import binascii
import os

NONCE_BYTES = 12
"""For GCM a random one may be used for 2**32 texts under one key; <NIST SP 800-38D, 8.3>, 2026-11-20."""


class Broken(Exception):
    """What is sealed was sealed with another key, under another name, or changed since."""


def seal(key: bytes, name: str, text: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), name.encode())).decode()


def unseal(key: bytes, name: str, sealed: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], name.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise Broken from error
