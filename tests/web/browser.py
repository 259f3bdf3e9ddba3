# SPDX-License-Identifier: MIT
"""
browser.py - Chromium, driven: windows of a given width, colour schemes, paper, no script
"""
import base64
import json
import shutil
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

ARGUMENTS = """--headless=new --no-sandbox --disable-gpu --disable-background-networking
    --disable-component-update --disable-sync --no-first-run --disable-dev-shm-usage
    --force-device-scale-factor=1 --hide-scrollbars --window-size=1400,1000""".split()


class Browser:
    def __init__(self):
        options = Options()
        options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
        self.profile = tempfile.mkdtemp(prefix="gridlock-web-")
        for argument in ARGUMENTS + [f"--user-data-dir={self.profile}"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.media()

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    # ------------------------------------------------------------ how it looks at a page

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def window(self, width, height=900):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=False)

    def media(self, scheme="light", media=""):
        self.command("Emulation.setEmulatedMedia", media=media,
                     features=[{"name": "prefers-color-scheme", "value": scheme},
                               {"name": "prefers-reduced-motion", "value": "reduce"}])

    def script(self, enabled):
        self.command("Emulation.setScriptExecutionDisabled", value=not enabled)

    def open(self, url):
        self.driver.get("about:blank")
        self.messages()
        self.requests()
        self.driver.get(url)

    def screenshot(self, path):
        """The whole page."""
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        image = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(image["data"]))

    # ------------------------------------------------------------ what it says

    def messages(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """What was asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def all(self, selector, inside=None):
        return (inside or self.driver).find_elements("css selector", selector)

    def one(self, selector, inside=None):
        return (inside or self.driver).find_element("css selector", selector)

    def key(self, name):
        """To whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(getattr(Keys, name))

    def names(self):
        """Role and name of everything, as a screen reader is told."""
        nodes = self.command("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", ""))
                for node in nodes if not node.get("ignored") and "role" in node]
