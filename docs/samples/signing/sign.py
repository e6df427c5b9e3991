"""Signs a request and prints its URL.

sign.py KEY_FILE ACTION DATA [REF [TIME]]; BASE in the environment says where the server is
"""
import hashlib
import hmac
import os
import secrets
import sys
import time
from urllib.parse import quote_plus


def form(text):
    # As forms are encoded; quote_plus alone would keep ~ and encode *.
    return quote_plus(text, safe="*").replace("~", "%7E")


def sign(key, action, data, ref, when):
    text = "&".join(
        f"{name}={form(value)}"
        for name, value in (("action", action), ("data", data), ("ref", ref), ("time", when))
    )
    sig = hmac.new(key, text.encode("ascii"), hashlib.sha256).hexdigest()
    return f"{text}&sig={sig}"


if __name__ == "__main__":
    key_file, action, data, *more = sys.argv[1:]
    ref = more[0] if more else secrets.token_hex(16)
    when = more[1] if len(more) > 1 else time.strftime("%Y-%m-%dT %H:%M:%SZ", time.gmtime())
    with open(key_file, encoding="ascii") as file:
        key = bytes.fromhex(file.read().strip())
    base = os.environ.get("BASE", "http://127.0.0.1:6080")
    print(f"{base}/cardsecure/cs?{sign(key, action, data, ref, when)}")
