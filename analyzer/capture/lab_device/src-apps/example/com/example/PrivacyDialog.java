package com.example;

import android.app.AlertDialog;
import android.app.Dialog;
import android.content.Context;
import android.graphics.Color;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;

/** Asks for consent, in the way that most apps do. */
final class PrivacyDialog {
    private static final String TEXT = "感谢您使用示例天气！我们非常重视您的个人信息和隐私保护。在您使用本应用之前，请仔细阅读隐私政策。"
        + "为向您提供天气服务，我们会在您同意后收集位置信息、设备信息和通讯录。您点击“同意”即表示您已阅读并同意上述内容。";

    private final Dialog dialog;

    PrivacyDialog(Context context, Runnable accepted, Runnable refused) {
        dialog = new Dialog(context);
        LinearLayout content = new LinearLayout(context);
        content.setOrientation(LinearLayout.VERTICAL);
        TextView title = text(context, R.id.privacy_title, "个人信息保护提示");
        title.setTextSize(18);
        content.addView(title);
        ScrollView scroll = new ScrollView(context);
        scroll.addView(text(context, R.id.privacy_text, TEXT));
        content.addView(scroll);
        TextView link = text(context, R.id.privacy_link, "查看完整版《隐私政策》和《用户协议》");
        link.setTextColor(Color.parseColor("#1565c0"));
        link.setOnClickListener(clicked -> policy(context));
        content.addView(link);
        LinearLayout buttons = new LinearLayout(context);
        buttons.addView(button(context, R.id.privacy_disagree, "不同意", refused));
        Button agree = button(context, R.id.privacy_agree, "同意", accepted);
        agree.setBackgroundColor(Color.parseColor("#1e88e5"));
        agree.setTextColor(Color.WHITE);
        buttons.addView(agree);
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

    private static void policy(Context context) {
        new AlertDialog.Builder(context).setTitle("隐私政策").setMessage("我们收集：位置信息、设备信息、通讯录。详情见 https://api.weather.example/policy")
            .setPositiveButton("返回", null).show();
    }
}
