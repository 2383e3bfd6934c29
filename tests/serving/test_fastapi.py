"""The FastAPI example, in this process: its pictures, and what it refuses."""

import concurrent.futures
import io

import fastapi_app
import numpy as np
import pytest
from fastapi.testclient import TestClient
from helpers.families import make_gan
from PIL import Image

from keras_gan import models
from keras_gan.metrics.features import mnist_classifier
from keras_gan.pixels import image_grid, to_uint8


@pytest.fixture(scope="module")
def gan():
    return models.GAN.from_preset("conditional_mnist")


@pytest.fixture(scope="module")
def client(gan):
    with TestClient(fastapi_app.create_app(gan)) as client:
        yield client


def picture(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(answer.content)))


def test_a_picture_is_that_of_sample(gan, client):
    drawn = gan.sample(fastapi_app.BATCH, seed=3, condition=7)
    found = picture(client.get("/images/7.png?seed=3"))
    np.testing.assert_array_equal(found, to_uint8(drawn)[0, ..., 0])
    found = picture(client.get("/images/7.png?seed=3&count=4"))
    np.testing.assert_array_equal(found, image_grid(drawn[:4])[..., 0])


def test_sevens_are_sevens(client):
    """Of 32 seeds, as the package's classifier of MNIST reads them."""
    pictures = [picture(client.get(f"/images/7.png?seed={s}")) for s in range(32)]
    images = np.stack(pictures)[..., None].astype(np.float32) / 127.5 - 1
    said = mnist_classifier("probabilities").of(images).argmax(axis=1)
    # 0.99 by its card: 4 wrong of 32 would be 6 standard errors off
    assert (said != 7).sum() < 4


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/images/10.png", 404, "No class is called '10'"),
        ("/images/-1.png", 404, "No class is called '-1'"),
        ("/images/seven.png", 404, "No class is called 'seven'"),
        ("/images/7.png?seed=-1", 422, "greater than or equal to 0"),
        ("/images/7.png?seed=2147483648", 422, "less than 2147483648"),
        ("/images/7.png?count=0", 422, "greater than or equal to 1"),
        ("/images/7.png?count=17", 422, "less than or equal to 16"),
    ],
)
def test_what_there_is_not_is_refused_with_the_reason(client, path, status, words):
    answer = client.get(path)
    assert answer.status_code == status and words in answer.text


def test_who_asks_at_the_same_time_gets_his_own(client):
    paths = [f"/images/{k}.png?seed={k}" for k in range(10)]
    alone = [picture(client.get(path)) for path in paths]
    with concurrent.futures.ThreadPoolExecutor(5) as threads:
        together = list(threads.map(client.get, paths * 2))
    for answer, expected in zip(together, alone * 2, strict=True):
        np.testing.assert_array_equal(picture(answer), expected)
    assert abs(alone[0].astype(int) - alone[1]).max() > 50


def test_classes_are_asked_for_by_their_names():
    gan = make_gan(models.ConditionalGAN, shape=(4, 4, 1))
    gan.class_names = [f"a {k}" for k in range(gan.num_classes)]
    with TestClient(fastapi_app.create_app(gan)) as client:
        assert client.get("/classes").json() == gan.class_names
        found = picture(client.get("/images/a 1.png?seed=2"))
        drawn = gan.sample(fastapi_app.BATCH, seed=2, condition=1)
        np.testing.assert_array_equal(found, to_uint8(drawn)[0, ..., 0])
        assert client.get("/images/1.png").status_code == 404


def test_the_warm_up_makes_the_graph(monkeypatch):
    """Before the first answer; and answers draw batches of one size."""
    gan, drawn = make_gan(models.ConditionalGAN, shape=(4, 4, 1)), []
    sample = gan.sample
    monkeypatch.setattr(
        gan, "sample", lambda n, **given: (drawn.append(n), sample(n, **given))[1]
    )
    with TestClient(fastapi_app.create_app(gan)) as client:
        assert drawn == [fastapi_app.BATCH]
        picture(client.get("/images/1.png?count=3"))
    assert drawn == 2 * [fastapi_app.BATCH]
