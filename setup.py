"""Packaging: the library, its command line, and the zoo as `keras_gan.zoo`."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(
    r'^__version__ = "(.+)"$', (HERE / "keras_gan/__init__.py").read_text("utf-8"), re.M
)[1]
REQUIRES = [
    # tested ranges; all lower bounds at once by .ci/oldest
    "tensorflow>=2.18.1,<2.22",
    "keras>=3.10,<3.16",
    "numpy>=2.0",
    "h5py>=3.11",
    "scipy>=1.13",
    "scikit-learn>=1.5",
    "joblib>=1.4",  # what scikit-learn spreads its work with; here runs
    "pillow>=11",
    "tensorboard>=2.18",  # TensorFlow no longer brings it for the Keras callback
    "tensorflow-datasets>=4.9.9,<5",
    "tensorflow-metadata<1.18",  # 1.21 cannot be imported beside TensorFlow 2.18, 2.19
    "importlib_resources>=6",  # imported by tensorflow-datasets, not declared there
    "matplotlib>=3.9",
    "typer>=0.16",
    "rich>=13",
]
HUB = [  # tested: 1.0.0, 1.33.0, 2.4.0; 1.0.0, 1.0.2
    "huggingface_hub>=1.0,<3",
    "kagglehub>=1.0,<2",
]
ONNX = [  # tested: 1.23.2, 1.32.0, 1.17.0
    "onnx>=1.17",
    "onnxruntime>=1.20",
    "tf2onnx>=1.17",
]
LITERT = ["ai-edge-litert>=2.0"]  # tested: 2.3.0; TensorFlow itself converts
DEV = [
    *HUB,
    *ONNX,
    *LITERT,
    "distributed>=2024.8",  # Dask; it, Optuna and KerasTuner play the docs' examples
    "optuna>=4",
    "keras-tuner>=1.4",
    "fastapi>=0.165",  # an example of docs/serving.md; httpx2 is its TestClient's
    "httpx2>=2",
    "hypothesis>=6.100",
    "import-linter>=2.1",
    "oxfmt==0.74.0",  # formats and lints the scripts of pages; no Node.js
    "oxlint==1.89.0",
    "pre-commit>=4",
    "pytest>=8.3",
    "pytest-xdist>=3.6",
    "playwright>=1.49",  # tested: 1.65.2; drives the Chromium of the system
    "ruff==0.17.5",
    "tensorflow-serving-api>=2.18",  # whose messages the tests read
]
REFERENCE = [  # what tests/metrics/test_reference.py compares with
    "prdc==0.2",
    "torch==2.13.*",
    "torchmetrics==1.9.*",
]

setup(
    name="keras_gan",
    version=VERSION,
    description="Generative adversarial networks as Keras 3 models on TensorFlow",
    long_description=(HERE / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=[
        *find_packages(include=["keras_gan*"]),
        "keras_gan.zoo",
    ],
    package_dir={"keras_gan.zoo": "zoo"},
    package_data={
        "keras_gan": ["py.typed"],
        "keras_gan.explore": ["web/*", "vendor/*/*"],
        "keras_gan.zoo": ["*.md", "*.json", "*/*"],
    },
    install_requires=REQUIRES,
    extras_require={
        "dev": DEV,
        "hub": HUB,
        "onnx": ONNX,
        "litert": LITERT,
        "bench": ["torch==2.13.*"],
        "reference": REFERENCE,
    },
    entry_points={"console_scripts": ["keras-gan=keras_gan.cli.main:run"]},
    classifiers=[
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
)
