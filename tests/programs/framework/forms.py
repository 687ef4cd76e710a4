"""Forms as a browser would send them: what stands in them, with some fields filled in."""

from __future__ import annotations

import html
import re

from tests.console.conftest import OWN

PAGES = "/programs/framework"


def shown(client, place):
    """What stands in the form of a page."""
    page = client.get(PAGES + place)
    assert page.status_code == 200, page.text
    form = page.text.split('<form class="entry', 1)[1].split("</form>", 1)[0]
    held = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]*? value="([^"]*)"', form))
    held |= dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL))
    for name, inner in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        held[name] = next(iter(re.findall(r'value="([^"]*)" selected', inner)), "")
    for name in re.findall(r'<input type="checkbox" [^>]*name="(\w+)"', form):
        if not re.search(rf'name="{name}" value="1" checked', form):
            held.pop(name, None)
    return {name: html.unescape(value) for name, value in held.items()}


def send(client, place, **typed):
    """Send a form as the page shows it, with some fields filled in."""
    return client.post(PAGES + place, data={**shown(client, place), **typed}, headers=OWN)
