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
HF_WRITES = re.compile(
    r"/api/(repos/create|validate-yaml|(models|spaces)/[^/]+/[^/]+/(preupload|commit)/.+)"
)
KAGGLE = "/api/v1/models.ModelApiService/"
KAGGLE_BLOBS = "/api/v1/blobs.BlobApiService/"


class HubServer(http.server.ThreadingHTTPServer):
    """Serves folders as repositories of Hugging Face and as models of Kaggle.

    Kaggle's client can be led to http://localhost only; it comes here as to its proxy.

    Attributes:
        repositories: {"user/repo": {revision: folder}}.
        models: {"owner/model/framework/variation": {version: folder}}.
        refusals: {"user/repo" or "owner/model/...": (status, X-Error-Code or None)}.
        commits: what each answer about a file of a repository gives as its commit.
        received: {"user/repo", "spaces/user/repo" or "owner/model/...": {file: bytes}},
            what was sent here.
        created: the repositories and models that were made, as the clients asked.
        damage: None, or a function of the bytes that are sent in their place.
        seen: the requests so far, as (method, path, Authorization or None).
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories, self.models, self.refusals = {}, {}, {}
        self.commits = itertools.repeat(COMMIT)
        self.damage, self.seen = None, []
        self.received, self.created, self.blobs = {}, [], {}

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

    def do_PUT(self):
        self._answer()

    def _answer(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        self.server.seen.append((self.command, path, self.headers.get("Authorization")))
        if self.command == "PUT":
            token = path.removeprefix("/blobs/")
            self.server.blobs[token] += (body,)
            self._send(200, b"", {})
        elif HF_WRITES.fullmatch(path):
            self._take(path, body)
        elif self.command == "POST" and path.startswith(KAGGLE_BLOBS):
            self._kaggle_blob(json.loads(body))
        elif self.command == "POST":
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

    # A repository is made, each file is asked about, and all come as one commit -------

    def _take(self, path, body):
        if "Authorization" not in self.headers:
            return self._refuse(401, None)
        if path.endswith("/create"):
            asked = json.loads(body)
            name = f"{asked.get('organization') or 'user'}/{asked['name']}"
            if asked.get("type") == "space":
                name = f"spaces/{name}"
            if name in self.server.refusals:
                return self._refuse(*self.server.refusals[name])
            self.server.created.append((name, asked))
            self.server.received.setdefault(name, {})
            return self._json({"url": f"{self.server.url}/{name}", "name": name})
        if path.endswith("/validate-yaml"):
            return self._json({"errors": [], "warnings": []})
        _, _, kind, owner, repo, action, *_ = path.split("/")
        name = f"{'spaces/' if kind == 'spaces' else ''}{owner}/{repo}"
        if action == "preupload":
            files = [
                {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False}
                for file in json.loads(body)["files"]
            ]
            return self._json({"files": files})
        for line in map(json.loads, body.decode().splitlines()):
            if line["key"] == "file":
                content = base64.b64decode(line["value"]["content"])
                held = self.server.received[name]
                held[line["value"]["path"]] = content
        url = f"{self.server.url}/{name}/commit/{COMMIT}"
        return self._json({"commitUrl": url, "commitOid": COMMIT, "success": True})

    # Kaggle: each file is a blob, and a model is made of their tokens -----------------

    def _kaggle_blob(self, asked):
        token = str(len(self.server.blobs))
        self.server.blobs[token] = (asked["name"],)
        place = f"http://localhost/blobs/{token}"
        return self._json({"token": token, "createUrl": place})

    def _kaggle_model(self, request, body):
        name = f"{body['ownerSlug']}/{body.get('modelSlug', body.get('slug'))}"
        if request == "GetModel":
            return self._refuse(404, None)
        self.server.created.append((name, body))
        if request == "CreateModelInstance":
            inner = body["body"]
            framework = inner["framework"].removeprefix("MODEL_FRAMEWORK_").lower()
            held = [self.server.blobs[file["token"]] for file in inner["files"]]
            place = f"{name}/{framework}/{inner['instanceSlug']}"
            self.server.received[place] = dict(held)
        return self._json({"id": 1, "url": "", "slug": ""})

    def _json(self, answer):
        headers = {"Content-Type": "application/json"}
        return self._send(200, json.dumps(answer).encode(), headers)

    # Kaggle: a version is asked for, then each file, which lies elsewhere ------------

    def _kaggle(self, request, body):
        if request in ("GetModel", "CreateModel", "CreateModelInstance"):
            return self._kaggle_model(request, body)
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
