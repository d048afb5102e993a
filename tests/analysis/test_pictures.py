import io

import pytest
from PIL import Image, ImageDraw

from analyzer.analysis.pictures import read_picture
from analyzer.analysis.screens import Bounds

SCREEN = (1080, 2400)
BUTTON = Bounds(100, 200, 980, 320)


def png(ink, ground, *, size=SCREEN, scale=1.0, outline=None):
    picture = Image.new("RGB", size, "#ffffff")
    brush = ImageDraw.Draw(picture)
    box = tuple(int(side * scale) for side in (BUTTON.left, BUTTON.top, BUTTON.right, BUTTON.bottom))
    brush.rectangle(box, fill=ground, outline=outline, width=3)
    middle = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    brush.text(middle, "Continue without accepting", fill=ink, anchor="mm", font_size=int(44 * scale))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def contrast(data, size=SCREEN, bounds=BUTTON):
    picture = read_picture(data, size)
    return picture and picture.contrast(bounds)


@pytest.mark.parametrize(
    ("ink", "ground", "least", "most"),
    [
        ("#000000", "#ffffff", 17, 21),
        ("#ffffff", "#1a73e8", 3.5, 6),
        ("#cccccc", "#ffffff", 1.2, 2),
        ("#fafafa", "#ffffff", 1, 1.2),
        ("#777777", "#ffffff", 3.5, 5.5),
    ],
)
def test_the_contrast_of_letters_to_their_ground_is_that_of_the_two_colours(ink, ground, least, most):
    assert least <= contrast(png(ink, ground)) <= most


def test_a_picture_that_is_smaller_than_the_screen_is_measured_at_its_scale():
    small = png("#cccccc", "#ffffff", size=(540, 1200), scale=0.5)
    assert 1.2 <= contrast(small) <= 2


def test_a_window_that_ends_above_the_bars_of_the_system_is_measured_all_the_same():
    small = png("#cccccc", "#ffffff", size=(540, 1200), scale=0.5)
    assert 1.2 <= contrast(small, size=(1080, 2268)) <= 2


def test_the_outline_of_a_button_is_no_ink():
    assert contrast(png("#dddddd", "#ffffff", outline="#000000")) < 2


@pytest.mark.parametrize("data", [b"", b"no picture", png("#000000", "#ffffff")[:400]])
def test_what_is_no_whole_picture_is_not_measured(data):
    assert read_picture(data, SCREEN) is None


def test_a_picture_of_another_shape_or_a_place_outside_of_it_is_not_measured():
    assert contrast(png("#000000", "#ffffff", size=(500, 500), scale=0.4)) is None
    assert contrast(png("#000000", "#ffffff"), bounds=Bounds(900, 2300, 1400, 2600)) is None
    assert contrast(png("#000000", "#ffffff"), bounds=Bounds(10, 10, 10, 10)) is None
    assert contrast(png("#000000", "#ffffff"), size=(0, 0)) is None


def test_a_picture_larger_than_any_screen_is_not_opened():
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    assert read_picture(file.getvalue(), SCREEN) is None
