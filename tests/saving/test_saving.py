"""A saved game goes on as the one that was saved would have."""

import keras
import numpy as np
import pytest
from helpers.pace import only
from helpers.small import (
    LARGER,
    assert_equal,
    dcgan,
    images,
    mlp,
    semi_supervised,
    weights,
)

import keras_gan
from keras_gan.saving import configs


def moments(gan):
    optimizers = (gan.generator_optimizer, gan.discriminator_optimizer)
    return [np.asarray(v) for optimizer in optimizers for v in optimizer.variables]


RULES = {
    "loss": keras_gan.losses.LeastSquares(label_smoothing=0.1),
    "penalties": [keras_gan.penalties.R1(gamma=0.2, every=2, name="slope")],
    "updates": "alternating",
    "discriminator_steps": 2,
    "latents": "fresh",
}


def own_rules():
    return {
        **RULES,
        "generator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.3),
        "discriminator_optimizer": keras.optimizers.RMSprop(2e-3),
    }


@pytest.mark.parametrize("form", ["keras", "preset"])
@pytest.mark.parametrize("make", only([mlp], [mlp, dcgan, semi_supervised]))
def test_training_goes_on_with_both_optimizers_moments(tmp_path, form, make):
    gan = make(**own_rules())
    shape = gan.generator.output_shape[1:]
    source = images(shape=shape)
    labels = make is semi_supervised
    if labels:  # two classes, and a label of three is missing
        source = (source, np.arange(64) % 3 - 1)
    data = keras_gan.datasets.load(source, 8, labels=labels, seed=1)
    gan.fit(data, epochs=2, verbose=0)
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    else:
        gan.save_to_preset(tmp_path / "preset")
        loaded = keras_gan.models.GAN.from_preset(tmp_path / "preset")
    assert type(loaded) is type(gan)
    assert_equal(weights(gan), weights(loaded))
    assert_equal(moments(gan), moments(loaded))
    assert any(abs(m).max() > 0 for m in moments(gan)[4:])
    assert configs.of_game(loaded) == configs.of_game(gan)
    if form == "keras":  # which keeps the numbers of the optimizers too
        assert loaded.get_compile_config() == gan.get_compile_config()
    for one in (gan, loaded):
        one.fit(data, epochs=1, verbose=0)
    assert_equal(weights(gan), weights(loaded))
    assert_equal(moments(gan), moments(loaded))


def test_a_preset_of_the_networks(tmp_path):
    gan = dcgan()
    gan.fit(images(shape=LARGER), batch_size=16, epochs=2, verbose=0)
    gan.save_to_preset(tmp_path / "preset", state="networks")
    loaded = keras_gan.models.GAN.from_preset(str(tmp_path / "preset"))
    np.testing.assert_array_equal(gan.sample(3, seed=1), loaded.sample(3, seed=1))
    assert int(loaded.step.numpy()) == 0 and moments(loaded)[0] == 0
    # fine-tuning starts from the averaged generator
    assert_equal(loaded.generator.get_weights(), loaded.ema_generator.get_weights())
    assert_equal(gan.discriminator.get_weights(), loaded.discriminator.get_weights())
    loaded.fit(images(shape=LARGER), batch_size=16, verbose=0)


def test_a_preset_is_readable(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    text = (tmp_path / "preset" / "config.json").read_text()
    assert len(text.splitlines()) < 90 and "keras_gan>MLPGenerator" in text
    names = sorted(p.name for p in (tmp_path / "preset").iterdir())
    assert names == ["README.md", "config.json", "metadata.json", "model.weights.h5"]
    assert len(list(tmp_path.iterdir())) == 1  # nothing temporary stays


def test_a_changed_or_truncated_preset_is_refused(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    weights_file = tmp_path / "preset" / "model.weights.h5"
    data = weights_file.read_bytes()
    for damaged in (data[:-1], data[:-1] + bytes([data[-1] ^ 1])):
        weights_file.write_bytes(damaged)
        with pytest.raises(ValueError, match="truncated or changed"):
            keras_gan.models.GAN.from_preset(tmp_path / "preset")
    weights_file.unlink()
    with pytest.raises(ValueError, match="missing"):
        keras_gan.models.GAN.from_preset(tmp_path / "preset")


def test_nothing_is_overwritten(tmp_path):
    gan = mlp()
    gan.save_to_preset(tmp_path / "preset")
    with pytest.raises(FileExistsError, match="exists already"):
        gan.save_to_preset(tmp_path / "preset")


def test_an_uncompiled_game_has_no_preset(tmp_path):
    with pytest.raises(ValueError, match=r"call compile\(\)"):
        mlp(compiled=False).save_to_preset(tmp_path / "preset")
    assert not list(tmp_path.iterdir())


def test_an_unknown_preset_names_the_nearest():
    with pytest.raises(ValueError, match="mlp_digits"):
        keras_gan.models.GAN.from_preset("mlp_digit")


def test_an_uncompiled_game_saves_and_loads(tmp_path):
    gan = mlp(compiled=False)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert not loaded.compiled
    np.testing.assert_array_equal(gan.sample(2, seed=0), loaded.sample(2, seed=0))
