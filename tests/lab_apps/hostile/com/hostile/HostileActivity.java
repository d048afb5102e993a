package com.hostile;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.LinearLayout;
import android.widget.TextView;

/** Screens that nobody should have to look at. */
public class HostileActivity extends Activity {
    static final String[] TEXTS = {
        "\u001b[2J\u001b[31mred\u001b]8;;http://evil.example\u0007link", "\u202egnp.evil\u202c\u2066x\u2069", "[bold]bold[/bold] [/] [red",
        "<script>alert(1)</script><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "\tx", "\rx",
        "a\u0000b", "\ud800", "\udc00\ud800", "\uffff\ufffe", "\u0085\u2028\u2029\u009b31m", "]]>&#0;&lt;", "{{7*7}}{% raw %}", "\u0300".repeat(5000),
    };

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        switch (HostileApplication.mode()) {
            case "texts": texts(); break;
            case "wide": wide(20_000); break;
            case "nested": nested(500); break;
            case "dialogs": dialogs(); break;
            case "changing": changing(0); break;
            case "service": startService(new Intent(this, CrashingService.class)); consent("privacy"); break;
            case "hang_on_tap": consent("hang"); break;
            default: consent("privacy"); break;
        }
    }

    private void texts() {
        LinearLayout all = new LinearLayout(this);
        for (String text : TEXTS) {
            TextView view = new TextView(this);
            view.setText(text);
            view.setContentDescription(text);
            all.addView(view);
        }
        setContentView(all);
        StringBuilder message = new StringBuilder("隐私政策 请阅读并同意隐私政策 ");
        for (String text : TEXTS) {
            message.append(text);
        }
        new AlertDialog.Builder(this).setTitle("隐私政策 \u001b[31m[bold]<script>alert(2)</script>").setMessage(message)
            .setPositiveButton("同意", (dialog, which) -> Trouble.read(this)).setNegativeButton("不同意", null).setCancelable(false).show();
    }

    private void wide(int count) {
        LinearLayout all = new LinearLayout(this);
        for (int i = 0; i < count; i++) {
            TextView view = new TextView(this);
            view.setText("隐私政策 " + i);
            all.addView(view);
        }
        setContentView(all);
    }

    private void nested(int depth) {
        LinearLayout outer = new LinearLayout(this);
        setContentView(outer);
        for (int i = 0; i < depth; i++) {
            LinearLayout inner = new LinearLayout(this);
            outer.addView(inner);
            outer = inner;
        }
        TextView view = new TextView(this);
        view.setText("deep");
        outer.addView(view);
    }

    private void dialogs() {
        new AlertDialog.Builder(this).setTitle("隐私政策").setMessage("请阅读并同意隐私政策")
            .setPositiveButton("同意", (dialog, which) -> dialogs()).setNegativeButton("不同意", (dialog, which) -> dialogs())
            .setCancelable(false).show();
    }

    private void changing(int number) {
        TextView view = new TextView(this);
        view.setText("隐私政策 " + number + " " + "长".repeat(20_000));
        setContentView(view);
        new Handler(Looper.getMainLooper()).postDelayed(() -> changing(number + 1), 20);
    }

    private void consent(String what) {
        new AlertDialog.Builder(this).setTitle("隐私政策").setMessage("请阅读并同意隐私政策")
            .setPositiveButton("同意", (dialog, which) -> {
                if (what.equals("hang")) {
                    Trouble.sleep(20_000);
                }
            }).setNegativeButton("不同意", null).setCancelable(false).show();
    }
}
