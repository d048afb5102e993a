"""Consent dialogs in several wordings and makes, as Java source of a launcher activity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The texts of one dialog."""

    title: str
    message: str
    accept: str
    refuse: str
    policy: str
    box: str


WORDINGS = (
    Wording("隐私政策提示", "欢迎使用本应用。请您仔细阅读《用户协议》和《隐私政策》，点击“同意”即表示您已阅读并同意全部条款。", "同意", "不同意", "《隐私政策》", "我已阅读并同意《隐私政策》"),
    Wording("温馨提示", "我们非常重视您的个人信息和隐私保护。请充分理解《用户服务协议》与《隐私政策》的各条款。如您同意，请点击“同意并继续”开始接受我们的服务。", "同意并继续", "拒绝", "查看《隐私政策》", "已阅读并同意《用户协议》和《隐私政策》"),
    Wording("个人信息保护指引", "为向您提供服务，我们需要收集您的设备信息。详情请阅读《个人信息保护指引》和《隐私协议》。您是否同意？", "我同意", "暂不同意", "《隐私协议》", "我已阅读《隐私协议》"),
    Wording("服务协议和隐私政策", "请你务必审慎阅读、充分理解“服务协议”和“隐私政策”各条款。你可阅读《服务协议》和《隐私政策》了解详细信息。如你同意，请点击“接受”。", "接受", "暂不使用", "《隐私政策》", "阅读并同意《隐私政策》"),
    Wording("Privacy notice", "We care about your privacy. Please read our Privacy Policy and Terms of Service. By tapping Agree you accept our Privacy Policy.", "Agree", "Decline", "Privacy Policy", "I have read and agree to the Privacy Policy"),
    Wording("Before you start", "We need your consent to collect device information. Please read our Privacy Policy. Do you agree?", "I agree", "No thanks", "Read our Privacy Policy", "I agree to the Privacy Policy"),
    Wording("Your privacy", "We process personal data as described in our Privacy Policy and Terms of Use. If you agree, tap Accept and continue.", "Accept and continue", "Reject", "Privacy Policy", "I accept the Privacy Policy"),
)  # fmt: skip

ALERT = """
        new android.app.AlertDialog.Builder(this).setTitle("{title}").setMessage("{message}"){link}.setCancelable(false)
            .setPositiveButton("{accept}", (dialog, which) -> agreed())
            .setNegativeButton("{refuse}", (dialog, which) -> refused()).show();
"""
LINK = ".setView(link())"
OWN_VIEW = """
        android.widget.LinearLayout page = new android.widget.LinearLayout(this);
        page.setOrientation(android.widget.LinearLayout.VERTICAL);
        page.addView(label("{title}"));
        page.addView(label("{message}"));
        page.addView(link());{box}
        android.widget.Button yes = new android.widget.Button(this);
        yes.setText("{accept}");
        yes.setOnClickListener(view -> {{ {guard}setContentView(label("home")); agreed(); }});
        android.widget.Button no = new android.widget.Button(this);
        no.setText("{refuse}");
        no.setOnClickListener(view -> {{ setContentView(label("home")); refused(); }});
        page.addView({first});
        page.addView({second});
        setContentView(page);
"""
BOX = """
        android.widget.CheckBox box = new android.widget.CheckBox(this);
        box.setText("{box}");
        page.addView(box);"""
GUARD = "if (!box.isChecked()) { return; } "
NONE = """
        setContentView(label("Welcome"));
"""


def dialog(style: str, words: Wording, *, link: bool, box: bool, swapped: bool) -> str:
    """Give the Java statements that show the dialog: `alert`, `view` or `none`."""
    parts = {"title": words.title, "message": words.message, "accept": words.accept, "refuse": words.refuse}
    if style == "none":
        return NONE
    if style == "alert":
        return ALERT.format(link=LINK if link else "", **parts)
    first, second = ("no", "yes") if swapped else ("yes", "no")
    ticked = BOX.format(box=words.box) if box else ""
    return OWN_VIEW.format(box=ticked, guard=GUARD if box else "", first=first, second=second, **parts)
