import hypothesis
import pytest
from hypothesis import strategies as st

from keras_gan import models
from keras_gan.core.arguments import ArgumentError
from keras_gan.recipes import photographs, side_for

SMALL = (8, 8, 3)


def said(recipe):
    return {choice.what: choice for choice in recipe.choices}


@hypothesis.given(st.lists(st.integers(1, 5000), min_size=1, max_size=30))
def test_the_side_is_a_power_of_2_that_half_of_the_pictures_have(sides):
    side = side_for(sides)
    assert side in (8, 16, 32, 64)
    if side > 8:
        assert sum(one >= side for one in sides) >= len(sides) / 2
    if side < 64:  # twice as large, more than half of them would be blown up
        assert sum(one >= 2 * side for one in sides) <= len(sides) / 2


def test_pictures_without_a_size_that_can_be_read_get_the_default():
    assert side_for([]) == 64


@pytest.mark.parametrize("few", [20, 40, 99])
def test_few_pictures_are_all_trained_on_and_nothing_is_measured(few):
    recipe = photographs(SMALL, few)
    assert recipe.data["held_out"] is None and recipe.best is None
    assert not recipe.game().evaluation_metrics
    # A step of R3GAN takes two minibatches, so there must be two in an epoch.
    assert 2 * recipe.data["batch_size"] <= few * recipe.data["passes"]
    assert recipe.data["batch_size"] == few // 2 if few < 128 else 64


@pytest.mark.parametrize(
    ("images", "held_out"), [(100, 20), (1000, 200), (3000, 600), (10**6, 600)]
)
def test_a_fifth_is_held_out_and_600_at_most(images, held_out):
    recipe = photographs(SMALL, images)
    assert recipe.data["held_out"] == held_out
    assert recipe.best == "val_kernel_distance"
    trained = images - held_out
    seen = recipe.data["passes"] * trained
    assert seen >= 6400 and (recipe.data["passes"] == 1 or seen < 6400 + trained)


def test_what_is_asked_for_is_done():
    recipe = photographs(SMALL, 1000, held_out=0.1, batch_size=16)
    assert recipe.data["held_out"] == 100 and recipe.data["batch_size"] == 16
    assert said(recipe)["batch size"].why == "as asked"
    logged = [metric.name for metric in recipe.game().evaluation_metrics]
    assert logged == ["kernel_distance", "frechet_distance"]


@pytest.mark.parametrize(
    ("shape", "widths"),
    [
        ((64, 64, 3), (512, 256, 128, 64, 64)),
        ((32, 32, 3), (512, 256, 128, 64)),
        ((28, 28, 1), (512, 256, 128)),  # 7, 14, 28
        ((32, 64, 3), (512, 256, 128, 64)),  # 4 x 8 at the start
        ((8, 8, 3), (512, 256)),
    ],
)
def test_r3gans_networks_begin_at_4_to_7_pixels(shape, widths):
    recipe = photographs(shape, 1000, accelerated=True)
    assert recipe.family == "R3GAN" and recipe.networks["widths"] == widths
    start = min(shape[:2]) >> (len(widths) - 1)
    assert 4 <= start <= 7


def test_r3gans_gamma_goes_with_the_pixels_and_its_p_with_the_pictures():
    rules = [
        photographs((side, side, 3), images, accelerated=True).rules
        for side, images in ((16, 200), (32, 3000), (32, 10**5))
    ]
    gammas = [one["gamma"] for one in rules]
    assert gammas[1][0] / gammas[0][0] == pytest.approx(4.0)
    assert gammas[1][0] / gammas[1][1] == pytest.approx(10.0)
    ends = [one["augmentation"] for one in rules]
    assert ends == sorted(ends, reverse=True) and len(set(ends)) == 3


@pytest.mark.parametrize("classes", [None, [60, 60]])
@pytest.mark.parametrize("accelerated", [False, True])
def test_each_game_is_compiled_and_draws(classes, accelerated):
    facts = {"class_counts": classes, "accelerated": accelerated}
    recipe = photographs((8, 16, 1), 120, **facts)
    game = recipe.game(seed=5)
    assert game.seed == 5 and game.compiled
    assert ("Conditional" in type(game).__name__) is (classes is not None)
    assert ("R3GAN" in type(game).__name__) is accelerated
    assert game.sample(2).shape == (2, 8, 16, 1)


def test_many_pictures_are_not_augmented_on_a_cpu():
    few, many = (photographs(SMALL, n).rules["augmentation"] for n in (1000, 50_000))
    assert few is not None and many is None


def test_classes_are_told_where_there_are_enough_pictures_of_each():
    recipe = photographs(SMALL, 100, class_counts=[50, 50])
    assert recipe.num_classes == 2 and recipe.data["labels"]
    game = recipe.game()
    assert type(game) is models.ConditionalGAN and game.num_classes == 2

    recipe = photographs(SMALL, 100, class_counts=[90, 10])
    assert recipe.num_classes is None and not recipe.data["labels"]
    assert "the smallest has 10 pictures" in said(recipe)["classes"].why
    recipe = photographs(SMALL, 100, class_counts=[90, 10], conditional=True)
    assert recipe.num_classes == 2
    recipe = photographs(SMALL, 100, class_counts=[50, 50], conditional=False)
    assert recipe.num_classes is None
    recipe = photographs(SMALL, 100, class_counts=[100])  # one folder is no class
    assert recipe.num_classes is None and "classes" not in said(recipe)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_images": 19}, "20 pictures at least"),
        ({"minutes": 0}, "minutes is a number above 0"),
        ({"conditional": True}, "one sub-folder for each class. Received: none"),
        ({"conditional": True, "class_counts": [50]}, "Received: one class"),
        ({"batch_size": 1}, "batch_size"),
        ({"held_out": 100}, "held_out=100 of 100 pictures, which is 100"),
        ({"held_out": 0.001}, "which is 0"),
        ({"image_shape": (0, 9, 3)}, "image_shape"),
        ({"image_shape": (8, 8)}, "image_shape=\\(height, width, channels\\)"),
    ],
)
def test_wrong_facts_are_named(arguments, message):
    facts = {"image_shape": SMALL, "num_images": 100, **arguments}
    with pytest.raises((ArgumentError, ValueError), match=message):
        photographs(**facts)
