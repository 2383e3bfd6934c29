"""A stand-in for two model hubs, which speaks their file layouts on this machine."""

import base64
import contextlib
import hashlib
import http.server
import itertools
import json
import pathlib
import re
import threading
import urllib.parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HF_FILE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")
KAGGLE = "/api/v1/models.ModelApiService/"


class HubServer(http.server.ThreadingHTTPServer):
    """Serves folders as repositories of Hugging Face and as models of Kaggle.

    Kaggle's client can be led to http://localhost only; it comes here as to its proxy.

    Attributes:
        repositories: {"user/repo": {revision: folder}}.
        models: {"owner/model/framework/variation": {version: folder}}.
        refusals: {"user/repo" or "owner/model/...": (status, X-Error-Code or None)}.
        commits: what each answer about a file of a repository gives as its commit.
        damage: None, or a function of the bytes that are sent in their place.
        seen: the requests so far, as (method, path, Authorization or None).
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories, self.models, self.refusals = {}, {}, {}
        self.commits = itertools.repeat(COMMIT)
        self.damage, self.seen = None, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def fetched(self):
        """The names of the files whose contents were asked for."""
        gets = [path for method, path, _ in self.seen if method == "GET"]
        return [path for path in gets if not path.startswith("/api/")]


@contextlib.contextmanager
def running():
    with HubServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self._answer()

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        self.server.seen.append((self.command, path, self.headers.get("Authorization")))
        if self.command == "POST":
            self._kaggle(path.removeprefix(KAGGLE), json.loads(body))
        elif path.startswith("/contents/"):
            self._contents(pathlib.Path(path.removeprefix("/contents")))
        else:
            raw = urllib.parse.urlsplit(self.path).path
            self._hugging_face(HF_FILE.fullmatch(raw))

    # Hugging Face: HEAD says which commit and content, large files lie elsewhere ------

    def _hugging_face(self, asked):
        if asked is None:
            return self._refuse(404, None)
        repo, revision = asked["repo"], urllib.parse.unquote(asked["revision"])
        if repo in self.server.refusals:
            return self._refuse(*self.server.refusals[repo])
        if repo not in self.server.repositories:
            return self._refuse(401, "RepoNotFound")
        if revision not in self.server.repositories[repo]:
            return self._refuse(404, "RevisionNotFound")
        path = pathlib.Path(self.server.repositories[repo][revision]) / asked["file"]
        if not path.is_file():
            return self._refuse(404, "EntryNotFound")
        content = path.read_bytes()
        headers = {"X-Repo-Commit": next(self.server.commits)}
        if path.suffix == ".h5":
            headers["X-Linked-ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
            headers["X-Linked-Size"] = str(len(content))
            elsewhere = self.server.url.replace("127.0.0.1", "localhost")
            headers["Location"] = f"{elsewhere}/contents{path}"
            return self._send(302, b"", headers)
        headers["ETag"] = f'"{hashlib.sha1(content).hexdigest()}"'
        return self._send(200, content, headers)

    # Kaggle: a version is asked for, then each file, which lies elsewhere ------------

    def _kaggle(self, request, body):
        framework = body["framework"].removeprefix("MODEL_FRAMEWORK_").lower()
        parts = (body["ownerSlug"], body["modelSlug"], framework, body["instanceSlug"])
        name = "/".join(parts)
        if name in self.server.refusals:
            return self._refuse(*self.server.refusals[name])
        versions = self.server.models.get(name, {})
        if request == "GetModelInstance" and versions:
            answer = json.dumps({"versionNumber": max(versions)}).encode()
            return self._send(200, answer, {"Content-Type": "application/json"})
        folder = versions.get(body.get("versionNumber"))
        if request == "DownloadModelInstanceVersion" and folder is not None:
            path = pathlib.Path(folder) / body["path"]
            if path.is_file():
                place = f"http://localhost/contents{path}"
                return self._send(302, b"", {"Location": place})
        return self._refuse(404, None)

    # ---------------------------------------------------------------------------------

    def _contents(self, path):
        content = path.read_bytes()
        checksum = base64.b64encode(hashlib.md5(content).digest()).decode()
        self._send(200, content, {"x-goog-hash": f"md5={checksum}"})

    def _refuse(self, status, code):
        self._send(status, b"", {"X-Error-Code": code} if code else {})

    def _send(self, status, content, headers):
        if self.server.damage and status == 200 and self.command == "GET":
            content = self.server.damage(content)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
