package com.example.compliant;

import android.app.Dialog;
import android.content.Context;
import android.graphics.Color;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;

/** Says what is collected, by whom and why, with two equal buttons. */
final class PrivacyDialog {
    private static final String TEXT = "欢迎使用示例记事。在您同意隐私政策之前，我们不会收集您的任何个人信息。"
        + "您同意后，我们会收集 Android ID，用于向您的设备推送提醒；在您授权位置权限后，我们会收集您的位置，用于在记事中显示当地天气。"
        + "我们不会向第三方提供您的信息。如您不同意，您仍可使用仅浏览模式。";

    private final Dialog dialog;

    PrivacyDialog(Context context, Runnable accepted, Runnable refused) {
        dialog = new Dialog(context);
        LinearLayout content = new LinearLayout(context);
        content.setOrientation(LinearLayout.VERTICAL);
        TextView title = text(context, R.id.privacy_title, "隐私政策");
        title.setTextSize(18);
        content.addView(title);
        ScrollView scroll = new ScrollView(context);
        scroll.addView(text(context, R.id.privacy_text, TEXT));
        content.addView(scroll);
        TextView link = text(context, R.id.privacy_link, "阅读《隐私政策》全文");
        link.setTextColor(Color.parseColor("#1565c0"));
        link.setOnClickListener(clicked -> Policy.show(context));
        content.addView(link);
        LinearLayout buttons = new LinearLayout(context);
        buttons.addView(button(context, R.id.privacy_disagree, "不同意", refused));
        buttons.addView(button(context, R.id.privacy_agree, "同意", accepted));
        content.addView(buttons);
        dialog.setContentView(content);
        dialog.setCancelable(false);
    }

    void show() {
        dialog.show();
    }

    private Button button(Context context, int id, String label, Runnable action) {
        Button button = new Button(context);
        button.setId(id);
        button.setText(label);
        button.setOnClickListener(clicked -> {
            dialog.dismiss();
            action.run();
        });
        return button;
    }

    private static TextView text(Context context, int id, String words) {
        TextView view = new TextView(context);
        view.setId(id);
        view.setText(words);
        return view;
    }
}
