"""A security key made of software, as tests hold it in their hands instead of a browser."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, cose

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class Authenticator:
    """One credential. `verifies`: it checks its person's finger; `counts`: how often it signed."""

    def __init__(self, *, verifies: bool = True, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.counts = counts
        self.count = 0

    def make(self, options: dict[str, Any], origin: str) -> str:
        """What a browser answers to the options of a new passkey."""
        numbers = self.key.public_key().public_numbers()
        key = {
            cose.COSEKey.KTY: cose.COSEKTY.EC2,
            cose.COSEKey.ALG: -7,
            cose.COSEKey.CRV: cose.COSECRV.P256,
            cose.COSEKey.X: numbers.x.to_bytes(32),
            cose.COSEKey.Y: numbers.y.to_bytes(32),
        }
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        data += cbor2.dumps({int(name): value for name, value in key.items()})
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], origin)
        return self._answer(client, attestationObject=statement)

    def sign(self, options: dict[str, Any], origin: str) -> str:
        """What a browser answers to the options of a sign-in."""
        self.count += int(self.counts)
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", options["challenge"], origin)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, authenticatorData=data, signature=signed)

    def _data(self, site: str, flags: int = 0) -> bytes:
        flags |= self.flags
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, client: bytes, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential_id)
        parts = {"clientDataJSON": client, **response}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {part: bytes_to_base64url(value) for part, value in parts.items()},
            }
        )

    @staticmethod
    def _client(kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()
