"""Web service that draws with a game itself, by FastAPI: `pip install fastapi uvicorn`.

GAME=conditional_mnist uvicorn --factory fastapi_app:of_environment --host 127.0.0.1

`GET /images/7.png?seed=3&count=4` answers with a picture of four sevens.
"""

import contextlib
import os
import threading
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Response

import keras_gan

BATCH = 16  # as many are drawn each time, and as many shown as were asked for


def create_app(gan):
    """The service of a game with classes."""
    names = gan.class_names or [str(label) for label in range(gan.num_classes)]
    turn = threading.Lock()  # FastAPI answers in threads, and a game draws in one

    def draw(label, seed):
        with turn:
            return gan.sample(BATCH, seed=seed, condition=label)

    @contextlib.asynccontextmanager
    async def warm_up(app):
        draw(0, seed=0)  # the first draw makes the graph
        yield

    app = FastAPI(title="Samples by class", lifespan=warm_up)

    @app.get("/classes")
    def classes():
        return names

    @app.get("/images/{name}.png", response_class=Response)
    def image(
        name: str,
        seed: Annotated[int, Query(ge=0, lt=2**31)] = 0,
        count: Annotated[int, Query(ge=1, le=BATCH)] = 1,
    ):
        if name not in names:
            raise HTTPException(404, f"No class is called {name!r}, but {names} are.")
        images = draw(names.index(name), seed)[:count]
        picture = keras_gan.pixels.png_bytes(images if count > 1 else images[0])
        return Response(picture, media_type="image/png")

    return app


def of_environment():
    """The service of the preset, run or folder that the variable GAME names."""
    name = os.environ.get("GAME", "conditional_mnist")
    return create_app(keras_gan.models.GAN.from_preset(name))
