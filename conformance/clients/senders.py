"""The ways out of `chamberlain serve`: PyPI aiosmtpd as the mail server (with a password), and a gateway that checks signatures.

A first administrator follows the link, gets a code by SMS, chooses a password, signs in, is called for another code, forgets the password.
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from email import message_from_bytes, policy
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from lib.forms import FAILED, checks

CHAMBERLAIN = os.environ.get("CHAMBERLAIN", "target/debug/chamberlain")
ADDRESS, PHONE, PASSWORD = "olga@institution.example", "+4969100777", "three grey herons fly"
KEY, TOKEN, MAIL_PASSWORD = secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(24)

check = checks("senders")


class Mailbox:
    """What aiosmtpd hands over; a first mail is put off once, as busy servers do."""

    def __init__(self):
        self.mails = queue.Queue()
        self.put_off = True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.put_off:
            self.put_off = False
            return "451 4.3.0 later, please"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.put((envelope.rcpt_tos, session.auth_data, mail))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"portal" and data.password == MAIL_PASSWORD.encode()
    return AuthResult(success=right, auth_data=data.login.decode() if right else None)


class Gateway(BaseHTTPRequestHandler):
    """Takes what is signed and fresh; answers 503 to the first request although it has taken it."""

    posted = queue.Queue()
    stumbles = [503]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        timestamp = self.headers["x-chamberlain-timestamp"]
        wanted = hmac.new(KEY.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        signed = hmac.compare_digest(self.headers["x-chamberlain-signature"], f"sha256={wanted}")
        fresh = abs(time.time() - int(timestamp)) < 60
        known = self.headers["authorization"] == f"Bearer {TOKEN}"
        status = 401 if not (signed and fresh and known) else Gateway.stumbles.pop() if Gateway.stumbles else 202
        Gateway.posted.put((status, self.headers["idempotency-key"], self.path, json.loads(body)))
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Fields(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self, html):
        super().__init__()
        self.hidden = {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found.get("value", "")


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    mail_port = free.getsockname()[1]
mailbox = Mailbox()
mail_server = Controller(
    mailbox, hostname="127.0.0.1", port=mail_port, authenticator=authenticate, auth_required=True, auth_require_tls=False
)
mail_server.start()
gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
folder = tempfile.TemporaryDirectory(prefix="chamberlain-senders-")
environment = {
    "PATH": os.environ["PATH"],
    "CHAMBERLAIN__PUBLIC_URL": "http://localhost:8080",
    "CHAMBERLAIN__DATABASE__URL": f"sqlite:{folder.name}/portal.db",
    "CHAMBERLAIN__KEYS__ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    "CHAMBERLAIN__HTTP__LISTEN": "127.0.0.1:0",
    "CHAMBERLAIN__HTTP__MANAGEMENT_LISTEN": "127.0.0.1:0",
    "CHAMBERLAIN__MAIL__DRIVER": "smtp",
    "CHAMBERLAIN__MAIL__URL": f"smtp://127.0.0.1:{mail_port}",
    "CHAMBERLAIN__MAIL__USER": "portal",
    "CHAMBERLAIN__MAIL__PASSWORD": MAIL_PASSWORD,
    "CHAMBERLAIN__MAIL__FROM": "Identity Portal <no-reply@id.example.eu>",
}
for way in ("SMS", "VOICE"):
    environment |= {
        f"CHAMBERLAIN__{way}__DRIVER": "http",
        f"CHAMBERLAIN__{way}__URL": f"http://127.0.0.1:{gateway.server_port}/{way.lower()}",
        f"CHAMBERLAIN__{way}__SIGNING_KEY": KEY,
        f"CHAMBERLAIN__{way}__AUTHORIZATION": f"Bearer {TOKEN}",
    }
made = subprocess.run(
    [CHAMBERLAIN, "bootstrap", "admin", "--email", ADDRESS, "--phone", PHONE, "--given-name", "Olga", "--family-name", "Meyer", "--json"],
    env=environment, capture_output=True, check=True,
)
link = urlsplit(json.loads(made.stdout)["activation_link"]).path
server = subprocess.Popen([CHAMBERLAIN, "serve"], env=environment, stderr=subprocess.PIPE, text=True)
for line in server.stderr:
    if '"started"' in line:
        base = "http://" + json.loads(line)["public"]
        break
threading.Thread(target=server.stderr.read, daemon=True).start()
browser = httpx.Client(base_url=base, headers={"host": "localhost:8080"}, follow_redirects=False)


def show(answer):
    while answer.is_redirect:
        answer = browser.get(answer.headers["location"])
    return answer


def post(page, path, **fields):
    origin = {"origin": "http://localhost:8080"}
    return show(browser.post(path, data=Fields(page.text).hidden | fields, headers=origin))


def taken():
    """The next message that the gateway took, and every attempt at it."""
    attempts = [Gateway.posted.get(timeout=60)]
    while attempts[-1][0] != 202:
        attempts.append(Gateway.posted.get(timeout=60))
    return attempts


def code_in(text):
    return re.search(r"\d{6}", text.replace(", ", ""))[0]


def mail_to_olga():
    recipients, user, mail = mailbox.mails.get(timeout=60)
    assert recipients == [ADDRESS] and user == "portal", (recipients, user)
    assert mail["to"] == ADDRESS and mail["from"] == "Identity Portal <no-reply@id.example.eu>", mail
    assert len(mail.get_all("message-id")) == 1 and mail.get_content_type() == "text/plain"
    return mail


page = show(browser.get(link))


@check("a code by SMS is signed, authorised, and repeated with the same key after a 503")
def _():
    global page
    page = post(page, f"{link}/code")
    attempts = taken()
    assert [attempt[0] for attempt in attempts] == [503, 202], attempts
    assert len({(key, json.dumps(body)) for _, key, _, body in attempts}) == 1, "one key, one body"
    _, _, path, body = attempts[-1]
    assert path == "/sms" and body["to"] == PHONE and body["text"].endswith(f"@localhost #{code_in(body['text'])}"), body
    page = post(page, link, code=code_in(body["text"]), password=PASSWORD)
    assert page.url.path == "/login", page.url


@check("the invitation arrives although the server put it off")
def _():
    assert mail_to_olga()["subject"] == "Activate your Identity Portal account"


@check("a call is asked for with a language, and with a key to be pressed first")
def _():
    global page
    page = post(page, "/login", email=ADDRESS, password=PASSWORD)
    assert taken()[-1][2] == "/sms"
    time.sleep(31)  # the one thing here that is real time: half a minute between two codes
    page = post(page, "/login/otp/resend", channel="voice")
    _, _, path, body = taken()[-1]
    assert path == "/voice" and body["language"] == "en" and body["wait_for_key"] is True, body
    spoken = ", ".join(code_in(body["text"]))
    assert body["text"].count(spoken) == 2, body
    page = post(page, "/login/otp", code=code_in(body["text"]))
    assert page.url.path == "/" and page.status_code == 200, page.url


@check("a forgotten password is answered by a mail with one link")
def _():
    fresh = show(browser.get("/recover"))
    assert "link is on its way" in post(fresh, "/recover", email=ADDRESS).text
    text = mail_to_olga().get_content()
    assert len(re.findall(r"http://localhost:8080/recover/[\w-]{43}\b", text)) == 1, text


server.terminate()
server.wait(timeout=30)
gateway.shutdown()
mail_server.stop()
folder.cleanup()
sys.exit(1 if FAILED else 0)
