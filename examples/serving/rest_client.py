"""REST client of an exported SavedModel: PNG files from TF Serving or from KServe.

python rest_client.py http://127.0.0.1:8501/v1/models/digits --labels 7 7 --seeds 0 1
"""

import argparse
import base64
import json
import urllib.error
import urllib.request


def png_files(url, rows):
    """A PNG file, as bytes, for each of `rows`: `{"seeds": 0, "labels": 7}`."""
    body = json.dumps({"signature_name": "png", "instances": rows}).encode()
    headers = {"Content-Type": "application/json"}  # KServe refuses others
    request = urllib.request.Request(f"{url}:predict", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.load(answer)["predictions"]
    return [base64.b64decode(file["b64"]) for file in found]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--labels", type=int, nargs="+", help="where it has classes")
    arguments = parser.parse_args()
    asked = [{"seeds": seed} for seed in arguments.seeds]
    if arguments.labels:
        pairs = zip(arguments.seeds, arguments.labels, strict=True)
        asked = [{"seeds": seed, "labels": label} for seed, label in pairs]
    try:
        files = png_files(arguments.url, asked)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error}: {error.read().decode()}") from None
    for number, file in enumerate(files):
        with open(f"{number}.png", "wb") as picture:
            picture.write(file)
