"""Half precision: both optimizers scale their loss, and the numbers stay finite."""

import keras
import numpy as np
import pytest
from helpers.pace import only
from helpers.small import LARGER, dcgan, images


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def policy(request):
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy("float32")


PENALTIES = ["r1", "r2", "gradient_penalty", "dragan"]


@pytest.mark.parametrize("penalty", only(["gradient_penalty"], PENALTIES))
def test_a_game_in_half_precision(policy, penalty, tmp_path):
    gan = dcgan(normalization="layer", penalties=[penalty])
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert scaled == (policy == "mixed_float16")
    before = [v.numpy() for v in gan.generator.trainable_variables]
    history = gan.fit(images(shape=LARGER), batch_size=16, epochs=3, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    after = [v.numpy() for v in gan.generator.trainable_variables]
    assert all(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(v.dtype == np.float32 for v in after)
    assert gan.sample(2, seed=0).dtype == np.float32
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(gan.sample(2, 0), loaded.sample(2, 0))
