"""What the Python clients share: one line per check, and a browser without JavaScript, as small as it can be (see forms.mjs)."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

FAILED = []


def checks(client):
    """A decorator that runs a check of this client at once and reports it in one line."""

    def check(name):
        def run(body):
            with checking(client, name):
                body()

        return run

    return check


@contextmanager
def checking(client, name):
    """A check of this client, reported in one line; what follows is done in any case."""
    try:
        yield
        print(f"ok    {client}: {name}", flush=True)
    except Exception as error:  # the report is the purpose
        FAILED.append(name)
        print(f"FAIL  {client}: {name}: {type(error).__name__}: {error}", flush=True)


def drive(main):
    """Calls `main` with the demo of the first argument; ends with 1 if a check failed."""
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
    sys.exit(1 if FAILED else 0)


def by_script(demo, script, **settings):
    """Runs a script of this folder that asks the console for something, as the docs show it; its JSON document."""
    program = Path(os.environ.get("CHAMBERLAIN", "target/debug/chamberlain")).resolve()
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    environment = {**os.environ, "CHAMBERLAIN__DATABASE__URL": f"sqlite:{demo['dir']}/chamberlain.db", "PATH": path, **settings}
    command = [Path(__file__).parent.parent / script]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


class Forms(HTMLParser):
    """The forms of a page: action, fields by name, and the names of the fields by element id."""

    def __init__(self, html):
        super().__init__()
        self.forms = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append({"action": attrs.get("action"), "fields": {}, "ids": {}})
        elif tag in ("input", "button") and self.forms:
            form = self.forms[-1]
            form["ids"][attrs.get("id")] = attrs.get("name")
            pressed = tag == "input" and attrs.get("type") not in ("submit", "checkbox", "radio")
            if pressed and attrs.get("name"):
                form["fields"][attrs["name"]] = attrs.get("value") or ""

    def with_control(self, control):
        return next(form for form in self.forms if control in form["ids"])


class Browser:
    """Follows redirects until `stop_at` and sends forms."""

    def __init__(self, stop_at):
        self.stop_at = stop_at
        self.http = httpx.Client(trust_env=False, timeout=30)

    def go(self, method, url, **kwargs):
        for _ in range(15):
            if url.split("?")[0] == self.stop_at:
                return url, ""
            answer = self.http.request(method, url, **kwargs)
            if "location" not in answer.headers:
                return url, answer.text
            method, url, kwargs = "GET", urljoin(url, answer.headers["location"]), {}
        raise RuntimeError("too many redirects")

    def form(self, page, control, values):
        url, html = page
        form = Forms(html).with_control(control)
        fields = dict(form["fields"])
        for element, value in values.items():
            fields[form["ids"][element]] = value
        return urljoin(url, form["action"] or url), fields

    def submit(self, page, control, values):
        url, _ = page
        action, fields = self.form(page, control, values)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        headers = {"origin": origin, "sec-fetch-site": "same-origin"}
        return self.go("POST", action, data=fields, headers=headers)

    def sign_in(self, demo, person, url):
        page = self.go("GET", url)
        seen = len(messages(demo, person["phone"]))
        page = self.submit(page, "login-continue", {"login-email": person["email"], "login-password": person["password"]})
        code = wait_for_code(demo, person["phone"], seen)
        return self.submit(page, "login-code-continue", {"login-code": code})[0]


def messages(demo, to):
    found = httpx.get(demo["outbox"], trust_env=False).json()
    return sorted((one for one in found if one["to"] == to), key=lambda one: str(one["at"]))


def wait_for_code(demo, to, seen):
    for _ in range(150):
        found = messages(demo, to)
        if len(found) > seen:
            return "".join(re.search(r"\b(\d{3})[ -]?(\d{3})\b", found[-1]["text"]).groups())
        time.sleep(0.1)
    raise RuntimeError("no code arrived")
