"""Presets that were changed by who can also sign them."""

import hashlib
import json

from keras_gan.saving.hubs import CONFIG, METADATA, WEIGHTS


def sign(preset):
    """Write the sums that the files have now, as who made the preset could."""
    change(
        preset,
        lambda metadata: metadata.update(
            sha256={
                name: hashlib.sha256((preset / name).read_bytes()).hexdigest()
                for name in (CONFIG, WEIGHTS)
            }
        ),
    )


def change(preset, how, name=METADATA):
    """Change one of a preset's JSON files by `how(content)`."""
    content = json.loads((preset / name).read_text())
    how(content)
    (preset / name).write_text(json.dumps(content))
