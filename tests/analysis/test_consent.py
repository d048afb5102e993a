import re

import pytest

from analyzer.analysis.consent import recognise, second_layer
from analyzer.model.vocabulary import Control, ScreenKind

ZH = "请您仔细阅读《用户协议》和《隐私政策》。如您同意，请点击“同意”开始使用我们的服务。"
RETAIN = "进入应用前，您需先同意《用户协议》和《隐私政策》，否则将退出应用。"
EN = "We care about your privacy. Please read our Privacy Policy. If you agree, tap Agree."

TORCH = "Torch and its 214 partners store and access information on your device. See our Privacy Notice."
LEAVE = "如您不同意隐私权政策，将无法体验完整的导航服务。再考虑一下？"


@pytest.mark.parametrize(
    ("texts", "buttons", "kind"),
    [
        (["温馨提示", ZH], ["不同意", "同意"], ScreenKind.CONSENT),
        (["服务协议和隐私政策", ZH], ["暂不同意", "同意并接受"], ScreenKind.CONSENT),
        (["Privacy", EN], ["Decline", "Agree"], ScreenKind.CONSENT),
        (["Privacy", EN], ["Agree"], ScreenKind.CONSENT),
        (["By continuing you accept our Terms of Use and Privacy Policy."], ["Continue"], ScreenKind.CONSENT),
        ([RETAIN], ["仍不同意", "同意并继续"], ScreenKind.RETENTION),
        (["Are you sure?", "Without your consent to the Privacy Policy we cannot go on."], ["Exit", "Agree"],
         ScreenKind.RETENTION),
        (["We and our partners use cookies and data."], ["Manage options", "Accept all"], ScreenKind.CMP_BANNER),
        (["我们更新了隐私政策"], ["我知道了"], ScreenKind.NOTICE),
        (["We need access to your contacts to find your friends."], ["Continue", "Not now"], ScreenKind.RATIONALE),
        (["位置权限用途说明", "为在记事中加入天气，需要获取您的位置。"], ["继续", "暂不"], ScreenKind.RATIONALE),
        (["Before we light up", TORCH], ["Sounds good", "Not now, thanks"], ScreenKind.CONSENT),
        (["Hello", "We use device identifiers. Read the Privacy Policy."], ["Fire it up", "Continue without accepting"],
         ScreenKind.CONSENT),
        (["欢迎", "我们更新了《隐私权政策》，说明了我们如何收集位置。请您充分阅读。"], ["进入应用", "暂不使用"],
         ScreenKind.CONSENT),
        (["欢迎", "请阅读《隐私政策》"], ["开启旅程", "不同意并退出"], ScreenKind.CONSENT),
        (["真的要离开吗?", LEAVE], ["再看看", "仍不同意"], ScreenKind.RETENTION),
        (["Leaving so soon?", "Our Privacy Policy is short."], ["Review again", "Quit anyway"], ScreenKind.RETENTION),
    ],
)  # fmt: skip
def test_a_screen_that_asks_is_recognised(texts, buttons, kind, screens, phrases):
    assert recognise(screens.of(texts, buttons), phrases).kind is kind


@pytest.mark.parametrize(
    ("texts", "buttons"),
    [
        (["Settings", "Privacy"], ["Privacy policy", "Terms of service", "Clear cache", "Log out"]),
        (["Privacy and security", "Send a Do Not Track request", "Cookies"], ["Clear browsing data", "Site settings"]),
        (["Review", "I agree with this review. Privacy is important."], ["Helpful", "Report"]),
        (["设置", "隐私设置", "个性化推荐"], ["隐私政策", "用户协议", "退出登录", "清除缓存"]),
        (["Mia wants to be your friend"], ["Accept", "Decline"]),
        (["新闻：公司修改隐私政策，用户不同意怎么办"], ["分享", "评论"]),
        (["Cart"], ["Continue"]),
        (["A new version is available", "Bug fixes and a faster start."], ["Update", "Not now"]),
        (["Enjoying the app?", "Rate us in the store."], ["Sure", "Not now"]),
        (["Sign in to keep your notes", "They stay with you on every device."], ["Sign in", "Not now"]),
        (["Sign in to sync", "By signing in you agree to our Privacy Policy."], ["Sign in", "Not now"]),
        (["Go premium", "7 days free, cancel anytime."], ["Privacy Policy", "Continue", "Not now"]),
        (["Are you sure?", "Your notes are deleted as our Privacy Policy says."], ["Delete", "Cancel"]),
        (["Quit the app?"], ["Stay", "Quit anyway"]),
        (["发现新版本", "修复已知问题"], ["立即更新", "暂不更新"]),
        (["开启消息通知"], ["去开启", "暂不"]),
    ],
)
def test_an_ordinary_screen_with_such_words_is_no_consent(texts, buttons, screens, phrases):
    assert recognise(screens.of(texts, buttons), phrases).kind is ScreenKind.ORDINARY


@pytest.mark.parametrize(
    "hierarchy", ["", "ERROR: null root", "<hierarchy/>", '<hierarchy><node text=""/></hierarchy>']
)
def test_what_cannot_be_read_is_unreadable_and_never_no_dialog(hierarchy, phrases):
    assert recognise(hierarchy, phrases).kind is ScreenKind.UNREADABLE


def test_controls_come_with_the_place_to_tap(screens, phrases):
    reading = recognise(screens.of(["温馨提示", ZH], ["不同意", "同意"]), phrases)
    accept = reading.control(Control.ACCEPT)
    assert accept is not None
    assert reading.at(*accept.bounds.center) == accept
    assert reading.at(*accept.bounds.center).control is Control.ACCEPT
    assert reading.control(Control.REFUSE).label == "不同意"
    assert reading.mentions_policy


def test_the_state_of_a_checkbox_is_read_before_any_touch(screens, phrases):
    box = screens.node("已阅读并同意隐私政策", row=6, kind="CheckBox", checkable="true", checked="true")
    reading = recognise(screens.of([ZH], ["不同意", "同意"], box), phrases)
    assert reading.control(Control.CHECKBOX).checked is True


def test_a_login_page_with_the_policy_is_a_login_wall(screens, phrases):
    field = screens.node("手机号", row=7, kind="EditText", clickable="true")
    reading = recognise(screens.of(["登录即表示同意《隐私政策》"], ["获取验证码"], field), phrases)
    assert reading.kind is ScreenKind.LOGIN_WALL


@pytest.mark.parametrize(
    "package",
    [
        "com.android.permissioncontroller",  # AOSP from 10 on
        "com.android.packageinstaller",  # AOSP before
        "com.google.android.permissioncontroller",  # Pixel
        "com.google.android.packageinstaller",
        "com.samsung.android.permissioncontroller",  # OneUI
        "com.lbe.security.miui",  # MIUI
        "com.huawei.packageinstaller",  # EMUI 8 and 9
        "com.huawei.permissioncontroller",  # EMUI from 10 on, HarmonyOS
        "com.hihonor.permissioncontroller",  # MagicOS
        "com.coloros.securitypermission",  # ColorOS
        "com.oplus.securitypermission",
        "com.vivo.permissionmanager",  # OriginOS
    ],
)
def test_the_permission_windows_of_systems_and_makers_are_known_by_their_package(package, screens, phrases):
    allow = screens.node("Allow", row=1, kind="Button", package=package, clickable="true",
                         resource_id=f"{package}:id/permission_allow_button")  # fmt: skip
    deny = screens.node("Don\u2019t allow", row=2, kind="Button", package=package, clickable="true",
                        resource_id=f"{package}:id/permission_deny_button")  # fmt: skip
    window = screens.of(["Allow Example to access your contacts?"], [], allow, deny, package=package)
    reading = recognise(window, phrases)
    assert reading.kind is ScreenKind.PERMISSION
    assert [item.control for item in reading.controls] == [Control.ACCEPT, Control.REFUSE]


@pytest.mark.parametrize(("bounds", "text"), [("[0,0][0,0]", "Allow"), ("[0,0][1,1]", "Allow"), ("[0,0][1,1]", "")])
def test_one_view_under_the_name_of_a_permission_controller_makes_a_dialog_no_permission_window(
    screens, phrases, bounds, text
):
    package = "com.android.permissioncontroller"
    spoofed = screens.node(text, row=1, kind="Button", package=package, clickable="true",
                           resource_id=f"{package}:id/permission_allow_button")  # fmt: skip
    spoofed = re.sub(r'bounds="[^"]*"', f'bounds="{bounds}"', spoofed)
    reading = recognise(screens.of([ZH], ["不同意", "同意"], spoofed), phrases)
    assert reading.kind is ScreenKind.CONSENT
    assert reading.control(Control.REFUSE).label == "不同意"


def test_a_view_of_no_size_in_a_permission_window_neither_ends_it_nor_answers(screens, phrases):
    package = "com.android.permissioncontroller"
    deny = screens.node("Don\u2019t allow", row=2, kind="Button", package=package, clickable="true",
                        resource_id=f"{package}:id/permission_deny_button")  # fmt: skip
    none = re.sub(r'bounds="[^"]*"', 'bounds="[0,0][0,0]"', deny.replace("_deny_", "_allow_"))
    other = none.replace(package, "com.example")
    window = screens.of(["Allow Example to access your contacts?"], [], deny, none, other, package=package)
    reading = recognise(window, phrases)
    assert reading.kind is ScreenKind.PERMISSION
    assert [item.control for item in reading.controls] == [Control.REFUSE]


def test_every_button_that_makes_a_permission_window_does_so_in_its_own_package_only(screens, phrases):
    named = [*phrases.permission_allow, *phrases.permission_deny]
    assert len({name.partition(":")[0] for name in named}) == 6
    for name in named:
        package = name.partition(":")[0]
        kinds = {
            owner: recognise(
                screens.of(["是否允许“示例”访问您的联系人？"], [], button(screens, owner, name), package=owner), phrases
            ).kind
            for owner in (package, "com.example")
        }
        assert (kinds[package], kinds["com.example"] is ScreenKind.PERMISSION) == (ScreenKind.PERMISSION, False), name


def button(screens, package, name, row=2):
    return screens.node("允许", row=row, kind="Button", package=package, clickable="true", resource_id=name)


def test_an_apps_own_question_before_the_systems_window_is_no_permission_window(screens, phrases):
    own = screens.of(["是否允许“示例”访问您的联系人？", "用于查找好友"], ["拒绝", "允许"])
    assert recognise(own, phrases).kind is not ScreenKind.PERMISSION


def test_all_photos_are_given_rather_than_some_which_leads_to_another_window(screens, phrases):
    package = "com.google.android.permissioncontroller"
    names = ("permission_allow_selected_button", "permission_allow_all_button", "permission_deny_button")
    buttons = [button(screens, package, f"{package}:id/{name}", row) for row, name in enumerate(names, 1)]
    reading = recognise(screens.of(["Allow Example to access photos?"], [], *buttons, package=package), phrases)
    assert [item.control for item in reading.controls] == [Control.ACCEPT, Control.REFUSE, Control.ACCEPT]
    assert reading.controls[0].bounds.top == 200 + 2 * 150


HUAWEI = "com.huawei.systemmanager"


def huawei(screens, package, *buttons):
    views = [screens.node(text, row=row, kind="Button", package=package, clickable="true", resource_id=name)
             for row, (text, name) in enumerate(buttons, 1)]  # fmt: skip
    return screens.of(["是否允许“示例”访问您的联系人？"], [], *views, package=package)


def test_a_window_of_a_package_that_shows_others_too_asks_for_a_permission_by_its_buttons(screens, phrases):
    buttons = (("禁止", f"{HUAWEI}:id/btn_forbbid"), ("始终允许", f"{HUAWEI}:id/btn_allow"))
    reading = recognise(huawei(screens, HUAWEI, *buttons), phrases)
    assert reading.kind is ScreenKind.PERMISSION
    assert [item.control for item in reading.controls] == [Control.REFUSE, Control.ACCEPT]
    other = recognise(huawei(screens, HUAWEI, ("取消", f"{HUAWEI}:id/no"), ("优化", f"{HUAWEI}:id/go")), phrases)
    assert other.kind is not ScreenKind.PERMISSION
    forged = recognise(huawei(screens, "com.example", *buttons), phrases)
    assert forged.kind is not ScreenKind.PERMISSION, "an app may name its views as it likes"


def test_a_button_made_of_a_container_and_its_text_is_one_control(screens, phrases):
    inner = screens.node("同意", row=5)
    outer = screens.node("", row=5, kind="LinearLayout", clickable="true").replace("/>", f">{inner}</node>")
    reading = recognise(screens.of([ZH], ["不同意"], outer), phrases)
    assert reading.control(Control.ACCEPT).label == "同意"


def test_the_only_button_beside_a_refusal_is_taken_for_acceptance(screens, phrases):
    reading = recognise(screens.of(["Hello", TORCH], ["Light it up", "Not now, thanks"]), phrases)
    accept = reading.control(Control.ACCEPT)
    assert (accept.label, accept.explicit) == ("Light it up", False)


def test_the_way_back_of_a_second_layer_is_no_acceptance(screens, phrases):
    reading = recognise(screens.of(["真的要离开吗?", LEAVE], ["再看看", "仍不同意"]), phrases)
    assert [item.control for item in reading.controls] == [Control.REFUSE]


@pytest.mark.parametrize(
    ("texts", "buttons", "implies"),
    [
        (["By using Quiet Note you agree to our Terms and Privacy Policy."], ["New note"], True),
        (["使用本应用即表示您同意《隐私政策》"], ["写笔记"], True),
        (["By using this you agree to our Privacy Policy."], ["Agree", "Decline"], False),
        (["By using a map you find your way.", "Privacy Policy"], ["New note"], False),
    ],
)
def test_a_line_that_takes_use_for_agreement_is_seen(texts, buttons, implies, screens, phrases):
    assert recognise(screens.of(texts, buttons), phrases).implies_consent is implies


def test_a_dialog_is_a_second_layer_only_upon_a_refusal_and_with_a_word_of_the_policy(screens, phrases):
    asked = recognise(screens.of(["Please go on", "If you disagree we part."], ["Back", "Leave"]), phrases)
    assert asked.kind is ScreenKind.ORDINARY
    assert second_layer(asked, phrases).kind is ScreenKind.RETENTION
    weather = recognise(screens.of(["Weather"], ["Back", "Leave"]), phrases)
    assert second_layer(weather, phrases).kind is ScreenKind.ORDINARY
