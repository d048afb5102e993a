import io

from PIL import Image, ImageDraw

from analyzer.analysis.consent import recognise
from analyzer.analysis.designs import NOT_MEASURED, measure
from analyzer.analysis.pictures import read_picture

ASK = "We value your privacy. Please read our Privacy Policy. If you agree, tap Agree."


def dialog(screens, buttons, refusal="[100,500][980,620]"):
    lines = [screens.node(label, row=row, kind="Button", clickable="true") for row, label in enumerate(buttons[:1], 1)]
    lines += [screens.node(label, row=2, kind="Button", clickable="true", bounds=refusal) for label in buttons[1:]]
    return screens.of([ASK], [], *lines)


def picture(ink):
    shown = Image.new("RGB", (1080, 2400), "#ffffff")
    brush = ImageDraw.Draw(shown)
    brush.text((540, 410), "Agree", fill="#000000", anchor="mm", font_size=44)
    brush.text((540, 560), "Decline", fill=ink, anchor="mm", font_size=44)
    file = io.BytesIO()
    shown.save(file, "PNG")
    return read_picture(file.getvalue(), (1080, 2400))


def test_both_answers_are_measured(screens, phrases):
    found = measure(recognise(dialog(screens, ["Agree", "Decline"]), phrases), lambda: picture("#d0d0d0"))
    assert (found.both, found.refusal_area) == (True, 1.0)
    assert found.accept_contrast > 15
    assert found.refusal_contrast < 2


def test_a_smaller_refusal_is_a_share_of_the_other_answer(screens, phrases):
    reading = recognise(dialog(screens, ["Agree", "Decline"], "[100,500][320,560]"), phrases)
    assert measure(reading, lambda: None).refusal_area == 0.125


def test_without_a_picture_only_the_areas_are_known(screens, phrases):
    found = measure(recognise(dialog(screens, ["Agree", "Decline"]), phrases), lambda: None)
    assert (found.both, found.accept_contrast, found.refusal_contrast) == (True, None, None)


def test_a_screen_with_one_answer_or_none_is_not_measured(screens, phrases):
    def never():
        raise AssertionError("the picture was asked for")

    for shown in (dialog(screens, ["Agree"]), screens.of(["Home"], ["Go", "Cancel"]), ""):
        assert measure(recognise(shown, phrases), never) is NOT_MEASURED
